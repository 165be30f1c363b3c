#!/usr/bin/env bash
# Each gate is one function here. A gate called by its name runs alone: scripts/steps.sh format lints
#
#   scripts/steps.sh all      what `make test` does
#   scripts/steps.sh quick    what `make check` does
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/lib/common.sh
. "$here/lib/common.sh"
# shellcheck source=scripts/lib/browser.sh
. "$here/lib/browser.sh"
cd "$root"

# What a first visit may cost, in bytes of brotli. Raise it only in a commit that says why.
first_load_limit=455000
# The same for <waxwing-chat>: its launcher, and what an opened one loads besides.
launcher_limit=8000
widget_limit=330000

wasm=wasm32-unknown-unknown
target=${CARGO_TARGET_DIR:-$root/target}

setup_tools() { "$here/setup/tools.sh"; }
setup_servers() { "$here/setup/servers.sh"; }
setup_browser() { "$here/setup/browser.sh"; }
setup_peer() { "$here/setup/peer.sh"; }
setup_vite() { "$here/setup/vite.sh"; }
setup_webservers() { "$here/setup/webservers.sh"; }

format() { cargo fmt --all --check; }
lints() { cargo clippy --workspace --all-targets -- -D warnings; }
lints_wasm() { cargo clippy --target "$wasm" --lib --bins --test 'web*' -- -D warnings; }
lints_e2e() { cargo clippy --test e2e --bench page --features e2e -- -D warnings; }
native_tests() { cargo test --workspace; }
# The simulator for as long as WAXWING_SECONDS or WAXWING_STEPS say, and from another seed each time.
soak() { WAXWING_FIRST=${WAXWING_FIRST:-$(date +%s)} cargo test --profile soak --test simulator -- --nocapture; }

# In headless Chromium. The runner reads webdriver.json from the current folder, so a wrapper gives it one.
browser_tests() {
    CHROMEDRIVER=$(find_driver) CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER="$here/wasm-test-runner" \
        cargo test --target "$wasm" --test 'web*'
}

# Where this machine keeps crates is nobody's business, and makes the same source a different page: rustc adds these
# flags to those of .cargo/config.toml.
#
# The standard library is built together with the page, so that a panic is nothing but a trap there: without the texts and
# places of panics and all that writes them out, the page is 19 KB of brotli smaller. boot.js tells the user of a trap.
# rustc calls both unstable and does them only if told so; the version of Rust is pinned.
#
# trunk takes NO_COLOR for a flag with a value, and stops when it is set to 1.
page() {
    env -u NO_COLOR RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort CARGO_UNSTABLE_BUILD_STD_FEATURES= \
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src=crates -Zunstable-options -Cpanic=immediate-abort" \
        trunk build --release
}
host() { cargo build --release -p waxwing-host; }
# So that web servers need not, and the tests that serve the page need not each time.
compress() { "$target/release/waxwing-host" compress --dir dist; }
size() {
    local measure="$target/release/waxwing-host size --dir dist"
    $measure --limit "$first_load_limit"
    $measure --limit "$launcher_limit" --only widget.js
    # shellcheck disable=SC2046 # No name has a space.
    $measure --limit "$widget_limit" $(cd dist && printf -- '--only %s ' widget-*[0-9a-f].{js,css,wasm})
}
package() { "$here/npm"; }

# What end-to-end tests and benchmarks are told; see scripts/README.md.
with_real_servers() {
    env WAXWING_DIST="$root/dist" WAXWING_HOST="$target/release/waxwing-host" WAXWING_SERVER="$here/server" \
        WAXWING_E2E_DIR="$target/e2e" WAXWING_CONVERSE="$tools/converse" \
        WAXWING_VITE="$tools/vite" WAXWING_NPM="$root/dist-npm" CHROMIUM="$(find_browser)" CHROMEDRIVER="$(find_driver)" "$@"
}
e2e() { with_real_servers cargo test --test e2e --features e2e; }
bench() { with_real_servers cargo bench --features e2e; }

quick="format lints native_tests"
all="setup_tools setup_servers setup_browser setup_peer setup_webservers setup_vite format lints lints_wasm native_tests browser_tests page host compress size package lints_e2e e2e"

# Runs steps in order, each with a heading and its time; the first that fails ends it.
run_steps() {
    local step started summary=""
    for step in "$@"; do
        heading "$step"
        started=$SECONDS
        # Not in a condition, so that `set -e` holds inside the step, too.
        "$step"
        summary+=$(printf '\n%6d s  %s' $((SECONDS - started)) "$step")
    done
    printf '\nDone.%s\n%6d s  in all\n' "$summary" "$SECONDS"
}

case ${1:-} in
    all) set -- $all ;;
    quick) set -- $quick ;;
    "" | *[!a-z0-9_]*) fail "name the steps: $all, or quick, all, bench, soak" ;;
esac
trap 'status=$?; [ "$status" -eq 0 ] || printf "\nFailed (%s).\n" "$status" >&2' EXIT
run_steps "$@"
