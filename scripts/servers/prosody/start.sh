# shellcheck shell=bash disable=SC2154  # sourced: $root, $tools and the instance are set by whoever sources it
# Sourced by scripts/server: writes an instance's files and starts Prosody in the background.

prosody_root="$tools/packages/prosody/root"

prosody_files() {
    mkdir -p "$dir/log" "$dir/data"
    fill_in "${config:-$root/scripts/servers/prosody/prosody.cfg.lua.in}" >"$dir/prosody.cfg.lua"
    # The packaged launcher names the folders it was installed to; ours were only unpacked.
    sed -e "s|^CFG_SOURCEDIR=.*|CFG_SOURCEDIR='$prosody_root/usr/lib/prosody';|" \
        -e "s|^CFG_PLUGINDIR=.*|CFG_PLUGINDIR='$prosody_root/usr/lib/prosody/modules/';|" \
        -e "s|^CFG_CONFIGDIR=.*|CFG_CONFIGDIR='$dir';|" \
        -e "s|^CFG_DATADIR=.*|CFG_DATADIR='$dir/data';|" \
        "$prosody_root/usr/bin/prosody" >"$dir/prosody"
}

prosody_start() {
    (
        prosody_files
        # The launcher's first line says which Lua the package was made for: "#!/usr/bin/env lua5.4".
        lua=$(sed -n '1s|.*[ /]||p' "$dir/prosody")
        version=${lua#lua}
        LUA_PATH="$prosody_root/usr/share/lua/$version/?.lua;$prosody_root/usr/share/lua/$version/?/init.lua;;"
        LUA_CPATH=""
        for folder in "$prosody_root"/usr/lib/*/lua/"$version"; do LUA_CPATH="$folder/?.so;$LUA_CPATH"; done
        LUA_CPATH="$LUA_CPATH;"
        LD_LIBRARY_PATH=$(library_path "$prosody_root")
        export LUA_PATH LUA_CPATH LD_LIBRARY_PATH
        cd "$dir"
        # Its own session, so that a Ctrl-C meant for the script does not reach the server before the script does.
        setsid "$prosody_root/usr/bin/$lua" "$dir/prosody" -F --config "$dir/prosody.cfg.lua" \
            </dev/null >"$dir/log/console.log" 2>&1 &
        echo $! >"$dir/pid"
    )
}
