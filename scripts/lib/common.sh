# shellcheck shell=bash
# Sourced by every script here: the repository's root, and how we speak to the person at the terminal.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tools="$root/.tools"
# What was built for this project comes before what else the machine has.
PATH="$tools/bin:$PATH"
mkdir -p "$tools"

say() { printf '  %s\n' "$*" >&2; }
heading() { printf '\n== %s\n' "$*" >&2; }
fail() {
    printf '\nStopped: %s\n' "$*" >&2
    exit 1
}

# Polls a condition instead of sleeping and hoping: wait_until SECONDS COMMAND...
wait_until() {
    local tries=$(($1 * 20))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.05
    done
}

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
# A zombie is gone: whoever started it may be slow to collect it.
process_lives() { kill -0 "$1" 2>/dev/null && ! grep -qs '^State:.Z' "/proc/$1/status"; }
process_gone() { ! process_lives "$1"; }

# Commands with root's rights, for apt only. Fails when there is no way to get them without asking for a password.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}
can_be_root() { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }
