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
run "$faltung" delay --min 0 --max 0 a.wav b.wav
ok '--min 0 --max 0 wants no delay at all' ended_with 3
run "$faltung" delay --min 0 --max 0 a.wav a.wav
ok '… and gets it' both ended_with 0 -- printed 'late by 0.000000 ms'
run "$faltung" delay --json --min 100 a.wav b.wav
ok 'bounds that no delay fits are the reason' both ended_with 3 -- \
  printed 'no delay within the bounds'
for bound in '--min nan' '--max nan' '--min inf' '--max -inf' '--min 1e300'; do
  run "$faltung" delay $bound a.wav b.wav
  ok "$bound is a mistake" both ended_with 2 -- said 'no delay is from'
done
run "$faltung" delay --max inf a.wav b.wav
ok '--max inf is no bound' printed 'late by 10.000000 ms'
run "$faltung" delay --low 24000 a.wav b.wav
ok 'a band above half the rate is refused' failed_with 1 'no frequencies from'
run "$faltung" delay --channel-a 0 a.wav b.wav
ok 'channel 0 is a mistake' both ended_with 2 -- said 'count from 1'
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
run bash -c "'$faltung' delay a.wav b.wav - <a.wav"
ok '… but not of three files' failed_with 2 'standard input'
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

# A recorder that lost half a second, in the middle of ten
make_sound long.wav float 48000 1 480000 noise 5
make_sound hiss.wav float 48000 1 470000 noise 6
"$faltung" convolve -q long.wav delta.wav --duration 4 -o first.wav
"$faltung" convolve -q long.wav delta.wav --start 4.5 -o last.wav
"$sounds" mix lost.wav 1 first.wav 4800 1 0 last.wav 196800 1 0 hiss.wav 0 0.01 0
run "$faltung" delay --pieces --track curve.csv long.wav lost.wav
ok '--pieces tells the delay before …' both ended_with 0 -- \
  grep -qE 'from 0\.125 to (3\.[789]|4\.0).* late by (100\.000|99\.999)' stdout
ok '… and after what is lost' \
  grep -qE 'from 4\.[3456].* early by (400\.000|399\.999)' stdout
ok '--track writes a curve' both \
  grep -q '^time_seconds,delay_seconds,score,polarity$' curve.csv -- \
  grep -qE '^2\.000000,0\.(1000|0999)[0-9]*,[0-9.]*,normal$' curve.csv
ok '… with holes in it' grep -q '^4\.2[0-9]*,,,$' curve.csv
run "$faltung" delay --track curve.csv long.wav lost.wav
ok '--track keeps an existing file' failed_with 1 'curve.csv'
run "$faltung" delay --track long.wav --force long.wav lost.wav
ok '--track never writes onto an input' failed_with 1 'would overwrite the input'
run "$faltung" delay --track - long.wav lost.wav
ok '--track - writes nothing else to the pipe' eval '! grep -q late stdout'
run "$faltung" delay --track /dev/full long.wav lost.wav
ok '--track says when it cannot be written' ended_with 1
run "$faltung" delay --track x.csv a.wav b.wav far.wav
ok '--track is of two files' both ended_with 2 -- no_file x.csv
run "$faltung" delay --pieces --json long.wav lost.wav
ok '--json has pieces' printed '"pieces":[{"start_seconds":0.125,'
run "$faltung" delay --pieces --reach 0.05 long.wav lost.wav
ok '--reach bounds what is followed' eval '[ "$(grep -c from stdout)" -eq 1 ]'

# The same samples at a rate of half a percent more: the delay runs away
make_sound slow.wav float 48000 1 192000 noise 10
make_sound fast.wav float 48240 1 192000 noise 10
run "$faltung" delay slow.wav fast.wav
ok 'a delay that moves is no match …' ended_with 3
run "$faltung" delay --track moves.csv slow.wav fast.wav
ok '… but a curve' both ended_with 0 -- printed 'the delay moves'
run "$faltung" delay --track none.csv slow.wav hiss.wav
ok '… which other files have not' both ended_with 3 -- \
  printed 'no delay stands out'

# All with all
run "$faltung" delay --all-pairs a.wav b.wav far.wav
ok '--all-pairs: all against the first that they hang together with' both \
  ended_with 0 -- printed 'far.wav is late by 250.000000 ms against a.wav'
run "$faltung" delay --all-pairs a.wav b.wav other.wav
ok '… and what matches none' both ended_with 3 -- \
  printed 'other.wav keeps the time, since it matches none of those before'
run "$faltung" delay --all-pairs --json a.wav b.wav far.wav
for member in files against drift_ppm pairs residual_seconds outlier; do
  ok "… its --json has $member" printed "\"$member\":"
done
# Two sounds in each: of a and far, another one is louder
make_sound song.wav float 48000 1 96000 noise 7
"$sounds" mix w.wav 1 a.wav 0 1 0
"$sounds" mix x.wav 1 a.wav 1000 1 0 song.wav 0 2 0
"$sounds" mix y.wav 1 a.wav 2000 1 0 song.wav 48000 2 0
"$sounds" mix z.wav 1 a.wav 3000 1 0
run "$faltung" delay --all-pairs w.wav x.wav y.wav z.wav
ok '… and contradictions are named' both \
  printed 'x.wav and y.wav contradict the others' -- \
  grep -qE 'y.wav is late by 41\.66[67][0-9]* ms against w.wav' stdout

run "$faltung" correlate a.wav b.wav -n --min 0.009 --max 0.011 -o r.csv
ok 'correlate writes a table' both ended_with 0 -- \
  eval 'sort -t, -g -k3 r.csv | tail -n 1 | grep -q "^480,0.010000000,"'
run "$faltung" correlate a.wav b.wav -o r.wav
ok 'correlate writes a WAV, and says where lag 0 is' both said 'lag -95999' -- \
  eval '"$faltung" info r.wav | grep -q "192479 frames"'
# Of 1000 and 3000 frames: -999 … 2999, 3000 lags from -500, and 0 … 2000
make_sound short.wav float 48000 1 1000 noise 8
make_sound longer.wav float 48000 1 3000 noise 9
for mode in full:3999:-999 same:3000:-500 valid:2001:0; do
  IFS=: read -r mode n first <<<"$mode"
  run "$faltung" correlate --mode "$mode" short.wav longer.wav -o "$mode.csv"
  ok "--mode $mode has its lags" eval \
    '[ "$(wc -l <$mode.csv)" -eq $((n + 1)) ] && sed -n 2p $mode.csv | grep -q "^$first,"'
done
run "$faltung" correlate -n a.wav a.wav --min 0 --max 0 -o one.csv
ok '--normalise: equal sounds give 1' \
  awk -F, '$1 == 0 { d = $3 - 1; exit !(d < 1e-5 && d > -1e-5) }' one.csv
run "$faltung" correlate a.wav b.wav -o r.wav
ok 'an existing file is kept' failed_with 1 'r.wav'
run "$faltung" correlate a.wav b.wav -o a.wav --force
ok 'an input is never the output' ended_with 1
run "$faltung" correlate a.wav b.wav --mode some -o s.wav
ok 'an unknown mode is a mistake' both ended_with 2 -- no_file s.wav
plan
