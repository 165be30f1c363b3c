# shellcheck shell=bash
# Sourced: which browser and driver the tests use. CHROMIUM and CHROMEDRIVER, when set, decide.

find_browser() { first_program "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; }
find_driver() { first_program "${CHROMEDRIVER:-}" chromedriver chromium.chromedriver; }

first_program() {
    local name
    for name in "$@"; do
        [ -z "$name" ] || ! command -v "$name" || return 0
    done
}
