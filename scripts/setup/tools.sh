#!/usr/bin/env bash
# What a release page is built with: the wasm target and the standard library's source, wasm-bindgen, trunk and wasm-opt.
# Programs of the right version on PATH are used; what is missing goes to .tools and leaves the system alone.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source=scripts/lib/packages.sh
. "$here/../lib/packages.sh"

trunk_version=0.21.14
# The same as in Cargo.lock, or the two refuse to work together.
wasm_bindgen_version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print }' "$root/Cargo.lock")

has_version() { [ "$("$1" --version 2>/dev/null | awk '{ print $2 }')" = "$2" ]; }

# Runs a long build with its output in a file, and says every 20 seconds that it goes on.
with_progress() {
    local label=$1 log="$tools/$1.log" started=$SECONDS job
    shift
    "$@" </dev/null >"$log" 2>&1 &
    job=$!
    # shellcheck disable=SC2064  # this very job
    trap "kill $job 2>/dev/null; exit 130" INT TERM
    while process_lives "$job"; do
        wait_until 20 process_gone "$job" ||
            say "$label: $((SECONDS - started)) s, $(grep -c ' Compiling ' "$log" || true) packages compiled"
    done
    trap - INT TERM
    wait "$job"
}

wasm_target() {
    [ -d "$(cd "$root" && rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ] && return
    command -v rustup >/dev/null ||
        fail "Rust has no wasm32-unknown-unknown target here, and rustup is not there to add it.
  Install Rust by rustup (rustup.rs), or your distribution's package of that target."
    say "adding Rust's wasm target (some 25 MB)"
    (cd "$root" && rustup target add wasm32-unknown-unknown)
}

# The source of the standard library, which is built together with the page.
library_source() {
    [ -d "$(cd "$root" && rustc --print sysroot)/lib/rustlib/src/rust/library/std" ] && return
    command -v rustup >/dev/null ||
        fail "The source of Rust's standard library is not here, and rustup is not there to add it.
  Install Rust by rustup (rustup.rs), or your distribution's package of that source."
    say "adding the source of Rust's standard library (some 4 MB)"
    (cd "$root" && rustup component add rust-src)
}

# Built without optimisation: that halves the time, and the tool itself has little to compute.
build_from_source() {
    local crate=$1 version=$2
    (
        cd "$root"
        export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off
        export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_DEBUG=0
        # A build of its own that survives an interruption. A lock file may name a version that a mirror lacks.
        cargo install --root "$tools" --target-dir "$tools/build" --locked "$crate@$version" ||
            cargo install --root "$tools" --target-dir "$tools/build" "$crate@$version"
    )
}

# rust_tool PROGRAM CRATE VERSION USUALLY
rust_tool() {
    local program=$1 crate=$2 version=$3 usually=$4
    has_version "$program" "$version" && return
    if command -v cargo-binstall >/dev/null; then
        say "fetching $crate $version by cargo binstall"
        cargo binstall --no-confirm --disable-strategies compile --root "$tools" "$crate@$version" \
            </dev/null >"$tools/$program.log" 2>&1 || true
        has_version "$program" "$version" && return
        say "cargo binstall has no ready program; see .tools/$program.log"
    fi
    say "building $crate $version, once; this usually takes $usually on two cores"
    with_progress "$program" build_from_source "$crate" "$version" || {
        tail -n 20 "$tools/$program.log" >&2
        fail "$crate could not be built; the whole log is in .tools/$program.log"
    }
    has_version "$program" "$version" || fail "$program is still not version $version"
}

# The program from PATH or, unpacked, from its package; called by way of scripts/wasm-opt, which says why.
wasm_opt() {
    type -ap wasm-opt | grep -qvxF "$tools/bin/wasm-opt" || unpack binaryen binaryen
    printf '#!/bin/sh\nexec "%s" "$@"\n' "$root/scripts/wasm-opt" >"$tools/bin/wasm-opt"
    chmod +x "$tools/bin/wasm-opt"
}

command -v cargo >/dev/null || fail "Rust is not here. Install it by rustup (rustup.rs) and try again."
command -v cc >/dev/null || fail "a C compiler is needed to link Rust programs; on Debian and Ubuntu: apt-get install build-essential"
mkdir -p "$tools/bin"
wasm_target
library_source
rust_tool wasm-bindgen wasm-bindgen-cli "$wasm_bindgen_version" "2 to 3 minutes"
rust_tool trunk trunk "$trunk_version" "3 to 4 minutes"
wasm_opt
rm -rf "$tools/build"
