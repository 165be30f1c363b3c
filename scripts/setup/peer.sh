#!/usr/bin/env bash
# Converse.js, for tests only: another client that our messages must make sense to, and whose must make sense to us.
# It comes from npm as its makers published it, and never into what we ship.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/lib/common.sh
. "$here/../lib/common.sh"

version=14.0.0
folder="$tools/converse"

[ ! -e "$folder/$version" ] || exit 0
if ! command -v npm >/dev/null && command -v apt-get >/dev/null && can_be_root; then
    say "installing npm, which fetches another client for the tests (some minutes)"
    as_root apt-get -qq update || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y npm \
        </dev/null >"$tools/npm.log" 2>&1 || tail -n 10 "$tools/npm.log" >&2
fi
command -v npm >/dev/null || fail "the tests need npm on PATH, to fetch Converse.js $version. Please install it."

say "fetching Converse.js $version (9 MB)"
rm -rf "$folder"
mkdir -p "$folder"
(cd "$folder" && npm pack --silent "converse.js@$version" >/dev/null)
# Without what only helps to debug it.
tar -xzf "$folder"/*.tgz -C "$folder" --strip-components=1 --exclude='*.map' package/dist package/LICENSE
rm -f "$folder"/*.tgz
[ -s "$folder/dist/converse.min.js" ] || fail "the package converse.js $version has no dist/converse.min.js"
touch "$folder/$version"
