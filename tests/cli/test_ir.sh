#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# faltung ir measures and shapes impulse responses.

. "$(dirname "$0")/tap.sh"

make_sound mono.wav float 48000 1 24000 decay 1
make_sound stereo.wav float 48000 2 24000 decay 2
make_sound four.wav float 48000 4 5000 noise 3
make_sound delta.wav float 48000 1 100 delta 0
make_sound silence.wav float 48000 1 4800 silence 0
make_sound nan.wav float 48000 1 4800 nan 0
make_sound pcm.wav pcm16 44100 1 4410 decay 4

has()
{
  "$faltung" info --level "$1" | grep -qF -- "$2"
}

# What is measured
run "$faltung" ir info mono.wav stereo.wav
ok 'info prints each octave of each channel' both \
  ended_with 0 -- eval '[ "$(grep -c "1000 Hz" stdout)" -eq 3 ]'
run "$faltung" ir info --json mono.wav
ok 'info --json is one line that reads as JSON' both \
  ended_with 0 -- eval '[ "$(wc -l <stdout)" -eq 1 ] &&
    grep -q "\"t30\":{\"seconds\":" stdout'
# 48000 frames that decay by 7 nepers, 60.8 dB: 60 dB in 0.987 s; 80 ms of that
# hold 1 - exp(-1.12) of the energy, 50 ms 1 - exp(-0.7)
figure()
{
  sed 's/.*"band_hz":null,//; s/{"band_hz".*//' stdout | sed "s/.*\"$1\"://" |
    grep -o -- '-\?[0-9][0-9.]*' | head -n 1
}
near()
{
  awk "BEGIN { d = $1 - ($2); exit !(d < $3 && d > -($3)) }"
}
make_sound second.wav float 48000 1 48000 decay 5
run "$faltung" ir info --json second.wav
while read -r name wanted bound; do
  ok "info: $name of a decay that is known is $wanted" near "$(figure "$name")" "$wanted" "$bound"
done <<'END'
edt 0.987 0.05
t20 0.987 0.02
t30 0.987 0.01
c50_db 0.06 0.3
c80_db 3.15 0.3
d50 0.503 0.02
END
run "$faltung" ir info silence.wav
ok 'silence is said to be silence' both \
  ended_with 0 -- grep -q silence stdout
run "$faltung" ir info --json silence.wav
ok 'silence has null for levels' both \
  ended_with 0 -- grep -q '"peak_dbfs":null' stdout
run "$faltung" ir info nan.wav
ok 'a response that is not finite is refused' failed_with 1 'nan.wav: '
run "$faltung" ir info missing.wav mono.wav
ok 'a missing file does not stop the others' both \
  failed_with 1 missing.wav -- grep -q '^mono.wav' stdout

# What is made
run "$faltung" ir reverse mono.wav -o back.wav
run "$faltung" ir reverse back.wav -o forth.wav
ok 'two turns are none' "$sounds" same -200 mono.wav forth.wav
run "$faltung" ir trim --start 0.1 --length 0.2 mono.wav -o trimmed.wav
ok 'trim leaves the length that is asked for' has trimmed.wav '9600 frames'
run "$faltung" ir trim --start 9 mono.wav -o nothing.wav
ok 'trimming all of it is refused' both \
  failed_with 1 'mono.wav: nothing is left' -- no_file nothing.wav
run "$faltung" ir trim --onset delta.wav -o onset.wav
ok 'the onset of a delta is where it is' both \
  ended_with 0 -- "$sounds" same -120 delta.wav onset.wav
run "$faltung" ir fade --in 0.01 --out 0.1 mono.wav -o faded.wav
ok 'fade keeps the length' both ended_with 0 -- has faded.wav '24000 frames'
run "$faltung" ir normalize --gain -6 mono.wav -o normal.wav
ok 'normalize brings the peak to the level that is asked for' \
  has normal.wav 'peak -6.00 dBFS'
run "$faltung" ir normalize --to loudness mono.wav -o even.wav
"$faltung" ir info even.wav >even.txt
ok 'normalize --to loudness keeps that of what goes in' \
  grep -q 'gain in loudness -\?0.00 dB' even.txt
run "$faltung" ir resample --rate 96000 mono.wav -o high.wav
ok 'resample gives the rate' has high.wav '96000 Hz, 48000 frames'
run "$faltung" ir stretch --ratio 1.5 mono.wav -o long.wav
ok 'stretch gives the length' has long.wav '48000 Hz, 36000 frames'
run "$faltung" ir decay --ratio 0.5 mono.wav -o short.wav
ok 'decay keeps the length of what dies away sooner' \
  has short.wav '24000 frames'
run "$faltung" ir minphase mono.wav -o early.wav
ok 'minphase keeps the length' both ended_with 0 -- has early.wav '24000 frames'
run "$faltung" ir fade --out 0.01 pcm.wav -o pcm-faded.wav
ok 'the format of the file stays' has pcm-faded.wav 'wav pcm16'
run "$faltung" ir reverse pcm.wav --subtype float -o pcm.flac
ok 'a subtype that the container lacks is refused' both \
  ended_with 1 -- no_file pcm.flac

# Files and channels
run "$faltung" ir unpack four.wav -o part.wav
ok 'unpack names the channels of true stereo' \
  eval '[ -e part-LL.wav ] && [ -e part-LR.wav ] && [ -e part-RL.wav ] &&
    [ -e part-RR.wav ]'
run "$faltung" ir pack part-{LL,LR,RL,RR}.wav -o again.wav
ok 'pack brings them together again' "$sounds" same -200 four.wav again.wav
run "$faltung" ir pack mono.wav pcm.wav -o mixed.wav
ok 'pack refuses different rates' both \
  failed_with 1 'pcm.wav: 44100 Hz' -- no_file mixed.wav
: >out-R.wav
run "$faltung" ir unpack stereo.wav -o out.wav
ok 'unpack writes all files or none' both \
  failed_with 1 out-R.wav -- no_file out-L.wav

# Manners
run "$faltung" ir reverse mono.wav -o mono.wav
ok 'the output may not be the input' failed_with 1 mono.wav
run "$faltung" ir reverse mono.wav -o back.wav
ok 'an existing file is kept' failed_with 1 back.wav
run "$faltung" ir reverse --force stereo.wav -o back.wav
ok '--force replaces it' both ended_with 0 -- has back.wav '2 channels'
run "$faltung" ir reverse mono.wav
ok 'without an output the command line makes no sense' failed_with 2 'no output'
run "$faltung" ir stretch --ratio -1 mono.wav -o never.wav
ok 'numbers out of range make no sense' both \
  failed_with 2 'out of range' -- no_file never.wav
run "$faltung" ir normalize --to nowhere mono.wav -o never.wav
ok 'unknown levels make no sense' failed_with 2 nowhere
run "$faltung" ir
ok 'no verb makes no sense' failed_with 2 'no verb'
run "$faltung" ir sing
ok 'an unknown verb makes no sense' failed_with 2 sing
for verb in info trim fade normalize resample stretch decay reverse minphase \
  pack unpack; do
  run "$faltung" ir "$verb" --help
  ok "$verb --help has an example" both \
    ended_with 0 -- grep -q "^  faltung ir $verb" stdout
done

plan
