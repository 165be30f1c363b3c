#!/bin/sh
# Builds the gallery (examples/gallery.rs) into a folder: gallery.sh [folder] [cargo options, such as --release]
set -eu
cd "$(dirname "$0")/../.."
out=${1:-target/gallery}
[ $# -gt 0 ] && shift
profile=debug
case "$*" in *--release*) profile=release ;; esac
cargo build --quiet --example gallery --target wasm32-unknown-unknown "$@"
mkdir -p "$out"
wasm-bindgen --target web --no-typescript --out-dir "$out" \
  "${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/$profile/examples/gallery.wasm"
cp -R public/icons public/boot.js public/clock.js public/manifest.webmanifest public/emoji.txt "$out"
# The one style sheet of the page, as the hook in Trunk.toml makes it.
(cd style && cat tokens.css base.css login.css shell.css list.css chat.css message.css files.css parts.css text.css rooms.css account.css) > "$out/waxwing.css"
sed -e 's/<link data-trunk rel="css" href="[^"]*">/<link rel="stylesheet" href="waxwing.css">/' -e '/data-trunk/d' -e '/data-wasm-opt-params/d' \
  -e 's|</head>|<script type="module" src="boot.js" data-js="gallery.js" data-wasm="gallery_bg.wasm"></script></head>|' \
  index.html > "$out/index.html"
