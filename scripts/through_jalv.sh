#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# Run a recording through a plugin of ours in jalv, without a sound card:
# through_jalv.sh BUILD PLUGIN IR.wav IN.wav OUT.wav
#
# A JACK server of its own, which ends with this script, runs as fast as it can.
# The impulse response is loaded as a host loads a session: from a saved state.

set -eu
build=$1 plugin=$2 ir=$3 in=$4 out=$5
tail_s=${TAIL_S:-15}

folder=$(mktemp -d)
export JACK_DEFAULT_SERVER="faltung-$$"
server='' host=''
finish()
{
  # The host first: it says good-bye to the server
  for process in $host $server; do
    kill "$process" 2>/dev/null || :
    wait "$process" || :
  done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

# Wait up to 30 seconds for the ports of a client, a process of ours
await()
{
  for _ in $(seq 150); do
    if jack_lsp 2>/dev/null | grep -q "^$1:"; then
      return 0
    fi
    kill -0 "$2" 2>/dev/null || break
    sleep 0.2
  done
  echo "${0##*/}: $1 does not start" >&2
  exit 1
}

python3 - "$plugin" "$ir" >"$folder/state.ttl" <<'END'
import pathlib, sys
plugin, ir = sys.argv[1:]
print(f"""\
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix pset: <http://lv2plug.in/ns/ext/presets#> .
@prefix state: <http://lv2plug.in/ns/ext/state#> .

<> a pset:Preset ;
    lv2:appliesTo <{plugin}> ;
    lv2:port [ lv2:symbol "dry" ; pset:value -90.0 ] ,
        [ lv2:symbol "wet" ; pset:value 0.0 ] ,
        [ lv2:symbol "match" ; pset:value 0.0 ] ;
    state:state [ <urn:faltung:ir> <{pathlib.Path(ir).resolve().as_uri()}> ] .""")
END

rate=$(python3 "$(dirname "$0")/sounds.py" info "$in" | cut -d ' ' -f 2)
jackd -n "$JACK_DEFAULT_SERVER" -r -d dummy -r "$rate" -p 1024 &
server=$!
await system "$server"
jalv -i -x -n faltung -l "$folder" "$plugin" </dev/null &
host=$!
await faltung "$host"
sleep 2 # What the controls change in the response is made by the worker
"$build/tests/jack/jack_through" faltung "$in" "$out" "$tail_s"
