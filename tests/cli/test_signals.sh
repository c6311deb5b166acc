#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# A signal in the middle: no temporary, no output, and death by that signal.

. "$(dirname "$0")/tap.sh"

make_sound ir.wav float 48000 2 48000 decay 1
make_sound piece.wav pcm24 48000 2 48000 noise 2

# A recording that never ends: the program is always in the middle of it
endless()
{
  head -c 40 piece.wav
  printf '\xff\xff\xff\xff'
  while tail -c +45 piece.wav; do
    sleep 0.01
  done 2>/dev/null
}

# start OUTPUT: run in the background until the temporary has grown
start()
{
  endless | env --default-signal=HUP,INT,TERM "$faltung" convolve - ir.wav -o "$@" 2>stderr &
  pid=$!
  for ((i = 0; i < 500; ++i)); do
    size=$(stat -c %s .faltung-* 2>/dev/null | head -n 1)
    [ "${size:-0}" -lt 1000 ] || return
    sleep 0.02
  done
}

for signal in INT TERM HUP; do
  # A shell starts background jobs with INT ignored, unless it has job control
  set -m
  start out.wav
  kill -$signal $pid
  wait $pid
  status=$?
  set +m
  ok "SIG$signal: dies by it" ended_with $((128 + $(kill -l $signal)))
  ok "SIG$signal: nothing is left" no_file out.wav
done

echo precious >old.wav
set -m
start old.wav --force
kill -TERM $pid
wait $pid
set +m
ok 'SIGTERM: the old file is as it was' both grep -q precious old.wav -- no_trace

set -m
start killed.wav
kill -KILL $pid
wait $pid
set +m
ok 'SIGKILL: no output, at most a temporary' test ! -e killed.wav
rm -f .faltung-*

# nohup: a signal that is ignored stays ignored
(
  trap '' HUP
  head -c 2000000 /dev/zero | (sleep 0.5; cat piece.wav) |
    "$faltung" convolve - ir.wav -o nohup.wav 2>stderr &
  sleep 0.2
  kill -HUP $!
  wait $!
  echo $? >nohup.status
)
status=$(cat nohup.status)
ok 'SIGHUP under nohup: goes on' both ended_with 0 -- test -s nohup.wav
plan
