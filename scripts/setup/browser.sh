#!/usr/bin/env bash
# Chromium and its driver, for tests only. They are large and need many libraries, so they are installed, not unpacked.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source=scripts/lib/browser.sh
. "$here/../lib/browser.sh"

have_both() { [ -n "$(find_browser)" ] && [ -n "$(find_driver)" ]; }

have_both && exit 0
if command -v apt-get >/dev/null && can_be_root; then
    say "installing Chromium and its driver (some 100 MB, about a minute)"
    as_root apt-get -qq update || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y chromium chromium-driver \
        </dev/null >"$tools/chromium.log" 2>&1 || {
        tail -n 10 "$tools/chromium.log" >&2
        fail "apt-get could not install them; the whole log is in .tools/chromium.log"
    }
fi
have_both || fail "the tests need Chromium and a chromedriver of the same version on PATH. Please install them:
  Debian:  apt-get install chromium chromium-driver
  Ubuntu:  snap install chromium (it brings chromium.chromedriver)
  else:    any Chrome or Chromium with its chromedriver; or set CHROMIUM and CHROMEDRIVER to their paths"
