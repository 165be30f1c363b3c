#!/usr/bin/env bash
# The web servers that docs/hosting is about, for tests only. They are unpacked below .tools/packages and never installed, so
# none of them starts by itself.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source=scripts/lib/packages.sh
. "$here/../lib/packages.sh"

unpack nginx-light 'nginx'
unpack libnginx-mod-http-brotli-static 'libnginx|libbrotli'
unpack apache2-bin 'apache2|libapr'
unpack caddy 'caddy'

# What the documentation says is checked with curl, at servers whose certificates openssl makes.
missing=""
for program in curl openssl; do command -v "$program" >/dev/null || missing="$missing $program"; done
[ -n "$missing" ] || exit 0
if command -v apt-get >/dev/null && can_be_root; then
    as_root apt-get -qq update || true
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y $missing \
        </dev/null >"$tools/curl.log" 2>&1 || tail -n 10 "$tools/curl.log" >&2
fi
for program in $missing; do command -v "$program" >/dev/null || fail "the tests need $program on PATH. Please install it."; done
