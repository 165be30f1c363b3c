# shellcheck shell=bash disable=SC2154  # sourced: $root, $tools and the instance are set by whoever sources it
# Sourced: takes programs from Debian's or Ubuntu's packages without installing them. No service starts, no user is
# made, root is not needed, and what the system has stays as it is.

apt_dir="$tools/apt"

# apt with lists and a cache of our own, and an empty list of installed packages: so it works without root, never acts
# on stale lists, and always names the whole set of packages a program needs.
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
    [ -z "${lists_are_fresh:-}" ] || return 0
    mkdir -p "$apt_dir/lists/partial" "$apt_dir/cache/archives/partial"
    : >"$apt_dir/status"
    say "reading the package lists (some 10 MB, a few seconds)"
    our_apt update >"$apt_dir/update.log" 2>&1 || say "some package lists could not be read; see .tools/apt/update.log"
    lists_are_fresh=yes
}

# The packages to unpack: all that PACKAGE needs, less what the system has already. What matches OWN is always taken
# along, so that it runs with the versions it was packaged for.
packages_of() {
    local package=$1 own=$2
    our_apt install -s "$package" 2>/dev/null | awk '$1 == "Inst" { print $2 }' | sort -u >"$apt_dir/$package.all"
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' | awk '$1 == "installed" { print $2 }' | sort -u >"$apt_dir/installed"
    {
        comm -23 "$apt_dir/$package.all" "$apt_dir/installed"
        grep -E "^($own)" "$apt_dir/$package.all"
    } | sort -u | grep -vE -- '-perl$|^(usrmerge|perl-|ucf$|debconf)'
}

# unpack PACKAGE OWN: leaves its files below .tools/packages/PACKAGE/root.
unpack() {
    local package=$1 own=$2 target="$tools/packages/$1" partial="$tools/packages/$1.partial" deb
    local -a packages
    [ ! -e "$target/complete" ] || return 0
    command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
        fail "$package is taken from Debian's or Ubuntu's packages, and apt-get is not here; see scripts/README.md"
    refresh_lists
    mapfile -t packages < <(packages_of "$package" "$own")
    [ "${#packages[@]}" -gt 0 ] || fail "apt-get knows no package $package; on Ubuntu, enable the 'universe' repository"
    say "fetching $package (${#packages[@]} packages)"
    rm -rf "$partial"
    mkdir -p "$partial/debs" "$partial/root"
    (cd "$partial/debs" && our_apt download "${packages[@]}") || fail "the packages of $package could not be fetched"
    for deb in "$partial"/debs/*.deb; do dpkg -x "$deb" "$partial/root"; done
    rm -rf "$partial/debs" "$target"
    mv "$partial" "$target"
    touch "$target/complete"
    say "$package is ready in .tools/packages/$package"
}

# Where unpacked packages keep the shared libraries that this machine does not have.
library_path() {
    local path="" folder
    for folder in "$1"/usr/lib/*-linux-gnu* "$1"/lib/*-linux-gnu*; do
        [ -d "$folder" ] && path="$path${path:+:}$folder"
    done
    echo "$path"
}
