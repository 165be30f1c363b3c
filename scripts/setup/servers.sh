#!/usr/bin/env bash
# Fetches ejabberd and Prosody as Debian or Ubuntu package them and unpacks them below .tools/servers.
# Nothing is installed: no service starts, no user is made, root is not needed, and what the system has stays as it is.
#
#   scripts/setup/servers.sh [ejabberd] [prosody]      both, when none is named
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../lib/common.sh"

apt_dir="$tools/apt"

# apt with lists and a cache of our own, and an empty list of installed packages: so it works without root, never acts
# on stale lists, and always names the whole set of packages a server needs.
our_apt() {
    apt-get -qq \
        -o Dir::State::lists="$apt_dir/lists" \
        -o Dir::State::status="$apt_dir/status" \
        -o Dir::Cache="$apt_dir/cache" \
        -o APT::Sandbox::User="$(id -un)" \
        -o APT::Install-Recommends=false \
        -o Debug::NoLocking=1 \
        "$@"
}

refresh_lists() {
    mkdir -p "$apt_dir/lists/partial" "$apt_dir/cache/archives/partial"
    : >"$apt_dir/status"
    say "reading the package lists (some 10 MB, a few seconds)"
    our_apt update >"$apt_dir/update.log" 2>&1 || say "some package lists could not be read; see .tools/apt/update.log"
}

# The packages to unpack for a server: all it needs, less what the system has already. Erlang and Lua are always
# taken along, so that a server runs with the versions it was packaged for.
packages_of() {
    our_apt install -s "$1" | awk '$1 == "Inst" { print $2 }' | sort -u >"$apt_dir/$1.all"
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' | awk '$1 == "installed" { print $2 }' | sort -u >"$apt_dir/installed"
    {
        comm -23 "$apt_dir/$1.all" "$apt_dir/installed"
        grep -E '^(erlang|lua|ejabberd|prosody)' "$apt_dir/$1.all"
    } | sort -u | grep -vE -- '-perl$|^(usrmerge|perl-|ucf$|debconf)'
}

unpack() {
    local server=$1 target="$tools/servers/$1" partial="$tools/servers/$1.partial"
    local -a packages
    [ -e "$target/complete" ] && return
    [ -d "$apt_dir/lists/partial" ] && [ -n "${lists_are_fresh:-}" ] || refresh_lists
    lists_are_fresh=yes
    mapfile -t packages < <(packages_of "$server")
    [ "${#packages[@]}" -gt 0 ] || fail "apt-get knows no package $server; on Ubuntu, enable the 'universe' repository"
    say "fetching $server (${#packages[@]} packages)"
    rm -rf "$partial"
    mkdir -p "$partial/debs" "$partial/root"
    (cd "$partial/debs" && our_apt download "${packages[@]}") || fail "the packages of $server could not be fetched"
    local deb
    for deb in "$partial"/debs/*.deb; do dpkg -x "$deb" "$partial/root"; done
    rm -rf "$partial/debs" "$target"
    mv "$partial" "$target"
    touch "$target/complete"
    say "$server is ready in .tools/servers/$server"
}

if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
    fail "this takes ejabberd and Prosody from Debian's or Ubuntu's packages, and apt-get is not here.
  On another system, run either server yourself with a WebSocket and point public/config.json at it."
fi
mkdir -p "$apt_dir"
[ $# -gt 0 ] || set -- ejabberd prosody
for server in "$@"; do unpack "$server"; done
