#!/usr/bin/env bash
# make run: a real server with people on it, the release page, and how to log in. Ctrl-C ends all of it.
#
#   SERVER=ejabberd|prosody   which server                     (ejabberd)
#   PORT=8080                 where the page is served
#   SERVER_PORT=15280         the server's base port
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/lib/common.sh
. "$here/lib/common.sh"
cd "$root"

server=${SERVER:-ejabberd}
port=${PORT:-8080}
base_port=${SERVER_PORT:-15280}
dir="$root/.run/$server"
target=${CARGO_TARGET_DIR:-$root/target}

case $server in
    ejabberd) domain=a.localhost upload="http://a.localhost:$base_port" service="ws://127.0.0.1:$base_port/ws" ;;
    prosody) domain=b.localhost upload="http://upload.b.localhost:$base_port" service="ws://127.0.0.1:$base_port/xmpp-websocket" ;;
    *) fail "SERVER is ejabberd or prosody, not $server" ;;
esac
! port_answers "$port" || fail "port $port is in use; choose another: make run PORT=8081"

host_pid=""
clean_up() {
    trap '' INT TERM
    [ -z "$host_pid" ] || kill "$host_pid" 2>/dev/null || true
    [ ! -f "$dir/instance" ] || "$here/server" stop --dir "$dir"
    say "stopped. What was said is kept in .run/$server; remove that folder to begin anew."
}

heading "Tools"
"$here/setup/tools.sh"
"$here/setup/servers.sh" "$server"

heading "Server"
trap 'exit 130' INT TERM
trap clean_up EXIT
# The people and their history are made once; later runs find what was said since.
if [ -e "$dir/seeded" ]; then
    "$here/server" start "$server" --dir "$dir" --base-port "$base_port" --owner $$
else
    "$here/server" start "$server" --dir "$dir" --base-port "$base_port" --owner $$ --fresh --seed "$here/seed/demo.seed"
    touch "$dir/seeded"
fi
say "$server answers at $service"

heading "Page"
say "the first build takes some minutes, later ones seconds"
"$here/steps.sh" host page
printf '{ "domain": "%s", "service": "%s" }\n' "$domain" "$service" >"$dir/config.json"

heading "Ready"
"$target/release/waxwing-host" serve --dir dist --port "$port" --config "$dir/config.json" \
    --connect "${service%/*}" --upload "$upload" --owner $$ &
host_pid=$!
wait_until 20 port_answers "$port" || fail "the page is not served"
cat <<WELCOME

  Open  http://127.0.0.1:$port  in two windows, the second a private one, and log in as

      romeo@$domain      password  secret
      juliet@$domain     password  secret      (mercutio@$domain is there, too)

  Press Ctrl-C to stop.

WELCOME
wait "$host_pid"
