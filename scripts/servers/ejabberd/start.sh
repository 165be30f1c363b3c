# shellcheck shell=bash disable=SC2154  # sourced: $root, $tools and the instance are set by whoever sources it
# Sourced by scripts/server: writes an instance's files and starts ejabberd in the background.
# Without a node name there is no Erlang distribution: no epmd, no cookie, no further port.

ejabberd_root="$tools/packages/ejabberd/root"
ejabberd_beams="$tools/packages/ejabberd/our-modules"

ejabberd_environment() {
    ROOTDIR="$ejabberd_root/usr/lib/erlang"
    BINDIR=$(echo "$ROOTDIR"/erts-*/bin)
    export ROOTDIR BINDIR EMU=beam PROGNAME=erl HOME="$dir"
    LD_LIBRARY_PATH=$(library_path "$ejabberd_root")
    export LD_LIBRARY_PATH
    ejabberd_lib=$(find "$ejabberd_root/usr/lib" -name ejabberd.beam -print -quit)
    ejabberd_lib=${ejabberd_lib%/ebin/*}
    xmpp_headers=$(find "$ejabberd_root/usr/lib" -name xmpp.hrl -print -quit)
    xmpp_headers=${xmpp_headers%/*}
}

# Our modules are compiled against the headers of this very ejabberd, whose records differ from version to version.
compile_modules() {
    local source name fresh
    for source in "$root"/scripts/servers/ejabberd/*.erl; do
        name=$(basename "$source" .erl)
        [ "$ejabberd_beams/$name.beam" -nt "$source" ] && continue
        mkdir -p "$ejabberd_beams"
        fresh=$(mktemp -d "$ejabberd_beams/new.XXXXXX")
        # erlc would start an Erlang from the folder it was packaged for; so it is told which one to start.
        ERLC_EMULATOR="$BINDIR/erlexec" "$BINDIR/erlc" \
            -I "$ejabberd_lib/include" -I "$xmpp_headers" -pa "$ejabberd_lib/ebin" \
            -o "$fresh" "$source" || fail "$source does not compile"
        # Two instances may start at the same time: put it in place in one step.
        mv "$fresh/$name.beam" "$ejabberd_beams/$name.beam"
        rmdir "$fresh"
    done
}

ejabberd_files() {
    mkdir -p "$dir/log" "$dir/db" "$dir/upload"
    fill_in "${config:-$root/scripts/servers/ejabberd/ejabberd.yml.in}" >"$dir/ejabberd.yml"
    # Nothing here may ask a name server; waxwing_peer tells where the peer is.
    echo '{resolv_conf, ""}. {lookup, [file]}. {host, {127,0,0,1}, ["localhost"]}.' >"$dir/inetrc"
}

ejabberd_start() {
    (
        ejabberd_environment
        compile_modules
        ejabberd_files
        export ERL_INETRC="$dir/inetrc" ERL_CRASH_DUMP_SECONDS=0
        export EJABBERD_CONFIG_PATH="$dir/ejabberd.yml" EJABBERD_LOG_PATH="$dir/log/ejabberd.log"
        cd "$dir"
        # Its own session, so that a Ctrl-C meant for the script does not reach the server before the script does.
        # The schedulers need not spin: tests run many things on few cores.
        setsid "$BINDIR/erlexec" -noinput +sbwt none +sbwtdcpu none +sbwtdio none \
            -pa "$ejabberd_lib/ebin" -pa "$ejabberd_beams" \
            -mnesia dir "\"$dir/db\"" -s waxwing_peer -s ejabberd -s waxwing_seed \
            </dev/null >"$dir/log/console.log" 2>&1 &
        echo $! >"$dir/pid"
    )
}
