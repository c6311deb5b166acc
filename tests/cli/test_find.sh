#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# faltung find: places, scores, forms of output, refusals.

. "$(dirname "$0")/tap.sh"

# A second of noise, heard twice: as it is, and softer and turned round
make_sound clip.wav float 48000 1 48000 noise 1
make_sound other.wav float 48000 1 400000 noise 2
make_sound short.wav float 48000 1 10 noise 3
make_sound silent.wav float 48000 1 4800 silence 1
"$sounds" mix long.wav 1 clip.wav 24000 1 0 clip.wav 120000 -0.1 0 other.wav 0 0.02 0
"$sounds" mix right.wav 2 clip.wav 24000 0.5 1 other.wav 0 0.02 0
"$faltung" ir resample --rate 44100 clip.wav -o clip44.wav

printed()
{
  grep -qF -- "$1" stdout
}

run "$faltung" find clip.wav long.wav
ok 'each place is told' both ended_with 0 -- test "$(wc -l <stdout)" -eq 2
ok '… in seconds and samples' printed 'long.wav: at 0.500000'
ok '… with polarity' eval 'sed -n 2p stdout | grep -q "at 2.50000.*polarity inverted"'
run "$faltung" find --json clip.wav long.wav
for member in clip file sample_rate threshold hits seconds samples score \
  polarity channel false_alarms; do
  ok "--json has $member" printed "\"$member\":"
done
run "$faltung" find --json --threshold 0.5 clip.wav long.wav
ok '… no false_alarms where a score is given' both printed '"channel":' -- \
  eval '! grep -q false_alarms stdout'
run "$faltung" find --csv clip.wav long.wav
ok '--csv is a table' both \
  printed 'file,seconds,samples,score,polarity,channel' -- \
  grep -q '^"long.wav",2.50000.*,inverted,1$' stdout
run "$faltung" find --max-hits 1 clip.wav long.wav
ok '--max-hits keeps the best' both printed 'at 0.500' -- \
  test "$(wc -l <stdout)" -eq 1
run "$faltung" find clip.wav other.wav
ok 'nothing found ends with 3' both ended_with 3 -- \
  printed 'other.wav: nothing is found'
run "$faltung" find clip.wav other.wav long.wav
ok 'found in one of several files is found' ended_with 0
run "$faltung" find --threshold 0.99999 clip.wav long.wav
ok '--threshold is a least score' both ended_with 3 -- printed 'above 1.0000'
run "$faltung" find --threshold 0.9 --false-alarms 1 clip.wav long.wav
ok '… and replaces --false-alarms' test "$(wc -l <stdout)" -eq 2
run "$faltung" find clip44.wav long.wav
ok 'a clip of another rate is found' both ended_with 0 -- printed 'at 0.5000'
run "$faltung" find clip.wav right.wav
ok 'all channels are searched' printed 'channel 2'
run "$faltung" find --channel 1 clip.wav right.wav
ok '… or one' ended_with 3
run "$faltung" find --channel 3 clip.wav right.wav
ok 'a channel that is not there is named' failed_with 1 'there is no channel 3'
run bash -c "'$faltung' find clip.wav - <long.wav"
ok 'a pipe is searched' both ended_with 0 -- printed 'at 0.500'
run "$faltung" find clip.wav short.wav
ok 'a file shorter than the clip has none' ended_with 3
run "$faltung" find short.wav long.wav
ok 'a clip may be too short' failed_with 1 'short.wav: is too short'
run "$faltung" find silent.wav long.wav
ok 'a silent clip is refused' failed_with 1 'silent.wav: is silent'
run "$faltung" find missing.wav long.wav
ok 'a missing clip is named' failed_with 1 'missing.wav'
run "$faltung" find clip.wav long.wav missing.wav
ok 'a missing file is named' failed_with 1 'missing.wav'
run "$faltung" find clip.wav
ok 'one file is too few' ended_with 2
for wrong in '--threshold 2' '--false-alarms 0' '--max-hits -1' '--json --csv'; do
  # shellcheck disable=SC2086
  run "$faltung" find $wrong clip.wav long.wav
  ok "$wrong is a mistake" ended_with 2
done
run bash -c "'$faltung' find clip.wav long.wav >/dev/full"
ok 'output that cannot be written is a failure' failed_with 1 'standard output'
plan
