#!/usr/bin/env bash
# Vite, TypeScript and Bootstrap, for tests only: pages of somebody else with our package. The versions are in
# tests/vite/package-lock.json. npm is there since scripts/setup/peer.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/lib/common.sh
. "$here/../lib/common.sh"

folder="$tools/vite"
stamp=$(cksum <"$root/tests/vite/package-lock.json" | cut -d ' ' -f 1)

[ ! -e "$folder/$stamp" ] || exit 0
command -v npm >/dev/null || fail "the tests need npm on PATH, to fetch Vite. Please install it."
say "fetching Vite, TypeScript and Bootstrap (50 MB)"
rm -rf "$folder"
mkdir -p "$folder"
cp "$root"/tests/vite/package*.json "$folder"
# Not `npm ci`: registries differ in which programs for other machines they have, which it takes for a fault of the list.
(cd "$folder" && npm install --silent --no-audit --no-fund --ignore-scripts --no-save >/dev/null) || fail "npm could not fetch Vite"
[ -s "$folder/node_modules/vite/bin/vite.js" ] || fail "the package vite has no program"
touch "$folder/$stamp"
