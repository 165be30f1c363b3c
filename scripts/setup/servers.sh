#!/usr/bin/env bash
# Unpacks the XMPP servers below .tools/packages, as Debian or Ubuntu package them; a few seconds.
#
#   scripts/setup/servers.sh [ejabberd] [prosody]      both, when none is named
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source=scripts/lib/packages.sh
. "$here/../lib/packages.sh"

[ $# -gt 0 ] || set -- ejabberd prosody
for server in "$@"; do
    case $server in
        ejabberd) unpack ejabberd 'ejabberd|erlang' ;;
        prosody) unpack prosody 'prosody|lua' ;;
        *) fail "no such server: $server" ;;
    esac
done
