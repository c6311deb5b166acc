#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# faltung delay and correlate: the sign in words, results, refusals.

. "$(dirname "$0")/tap.sh"

make_sound a.wav float 48000 1 96000 noise 1
make_sound other.wav float 48000 1 96000 noise 2
make_sound stereo.wav pcm16 48000 2 96000 noise 3
make_sound delta.wav float 48000 1 1 delta 0
"$faltung" convolve -q a.wav delta.wav --predelay 10 -o b.wav
"$faltung" convolve -q a.wav delta.wav --gain -20 --predelay 250 -o far.wav

printed()
{
  grep -qF -- "$1" stdout
}

run "$faltung" delay a.wav b.wav
ok 'a positive delay is late' both ended_with 0 -- \
  printed 'b.wav is late by 10.000000 ms (480.000 samples at 48 kHz)'
run "$faltung" delay b.wav a.wav
ok 'a negative delay is early' both ended_with 0 -- \
  printed 'a.wav is early by 10.000000 ms (480.000 samples at 48 kHz)'
run "$faltung" delay a.wav b.wav far.wav
ok 'several files are compared with the first' both \
  printed 'b.wav is late by 10.000000' -- printed 'far.wav is late by 250.000000'

run "$faltung" delay --json a.wav b.wav
for member in delay_seconds delay_samples sample_rate drift_ppm polarity \
  confidence no_match; do
  ok "--json has $member" printed "\"$member\":"
done
ok 'polarity is a word' printed '"polarity":"normal"'
ok 'no_match is a boolean' printed '"no_match":false'

run "$faltung" delay a.wav other.wav
ok 'unrelated files end with 3, and the reason' both ended_with 3 -- \
  printed 'do not match: '
run "$faltung" delay --json a.wav other.wav
ok '… in JSON too' both ended_with 3 -- printed '"no_match":true'

run "$faltung" delay --max 0.1 a.wav far.wav
ok '--max leaves out what is later' ended_with 3
run "$faltung" delay --min 0.1 a.wav far.wav
ok '--min keeps what is later' both ended_with 0 -- printed 'late by 250.0'
run "$faltung" delay --window 0.5:1.5 a.wav far.wav
ok '--window counts from the start of the file' both ended_with 0 -- \
  printed 'late by 250.0'
run "$faltung" delay --candidates 3 a.wav b.wav
ok '--candidates tells them' printed 'candidate 1: +10.0'
for method in auto xcorr phat phat-beta=0.7 scot roth ml; do
  run "$faltung" delay --method "$method" a.wav b.wav
  ok "--method $method" both ended_with 0 -- printed 'late by 10.00'
done
run bash -c "'$faltung' delay - b.wav <a.wav"
ok 'a pipe is read' printed 'late by 10.000000 ms'
run "$faltung" delay stereo.wav b.wav --channel-a 3
ok 'a channel that is not there is named' failed_with 1 'there is no channel 3'
run "$faltung" delay missing.wav b.wav
ok 'a missing file is named' failed_with 1 'missing.wav'
run "$faltung" delay a.wav
ok 'one file is too few' ended_with 2
run "$faltung" delay --method magic a.wav b.wav
ok 'an unknown method is a mistake' failed_with 2 'magic'
run "$faltung" delay --window 3:2 a.wav b.wav
ok 'a window that ends before it starts is a mistake' failed_with 2 '3:2'

run "$faltung" correlate a.wav b.wav -n --min 0.009 --max 0.011 -o r.csv
ok 'correlate writes a table' both ended_with 0 -- \
  eval 'sort -t, -g -k3 r.csv | tail -n 1 | grep -q "^480,0.010000000,"'
run "$faltung" correlate a.wav b.wav -o r.wav
ok 'correlate writes a WAV, and says where lag 0 is' both said 'lag -95999' -- \
  eval '"$faltung" info r.wav | grep -q "192479 frames"'
run "$faltung" correlate a.wav b.wav -o r.wav
ok 'an existing file is kept' failed_with 1 'r.wav'
run "$faltung" correlate a.wav b.wav -o a.wav --force
ok 'an input is never the output' ended_with 1
run "$faltung" correlate a.wav b.wav --mode some -o s.wav
ok 'an unknown mode is a mistake' both ended_with 2 -- no_file s.wav
plan
