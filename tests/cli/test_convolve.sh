#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# faltung convolve gives what the sum in double precision gives.

. "$(dirname "$0")/tap.sh"

make_sound mono.wav float 48000 1 20000 noise 1
make_sound stereo.wav float 48000 2 20000 noise 2
make_sound four.wav float 48000 4 5000 noise 3
make_sound ir1.wav float 48000 1 3001 decay 4
make_sound ir2.wav float 48000 2 3001 decay 5
make_sound ir4.wav float 48000 4 3001 decay 6
make_sound ir8.wav float 48000 8 301 decay 7
make_sound delta.wav float 48000 1 1 delta 0
make_sound delta44.wav float 44100 1 1 delta 0

for pair in 'mono ir1' 'mono ir2' 'mono ir4' 'stereo ir1' 'stereo ir2' \
  'stereo ir4' 'four ir1' 'four ir4' 'four ir8' 'stereo ir8' 'mono delta'; do
  read -r in ir <<<"$pair"
  run "$faltung" convolve "$in.wav" "$ir.wav" -o "$in-$ir.wav"
  ok "$in through $ir is the sum, tail included" both \
    ended_with 0 -- "$sounds" check -126 "$in-$ir.wav" 0 1 "$in.wav" "$ir.wav"
done

cp ir1.wav x-L.wav
cp ir1.wav x-R.wav
run "$faltung" convolve mono.wav x-L.wav -o alone.wav
ok 'of a pair the file that is named is taken, and that is said' both said 'x-R.wav' -- \
  cmp alone.wav mono-ir1.wav

run "$faltung" convolve stereo.wav ir4.wav --ir-order LL,RL,LR,RR -o order.wav
ok 'the other order of true stereo is another result' \
  eval '! cmp -s order.wav stereo-ir4.wav'

run "$faltung" convolve mono.wav --ir ir1.wav --ir ir2.wav -o chain.wav
ok 'two responses stand one behind the other' both \
  ended_with 0 -- "$sounds" check -125 chain.wav 0 1 mono.wav ir1.wav ir2.wav

for n in 2 3; do
  for pair in 'stereo ir1' 'stereo ir4' 'mono ir2' 'four ir8'; do
    read -r in ir <<<"$pair"
    run "$faltung" convolve -t $n "$in.wav" "$ir.wav" -o "threads-$in-$ir-$n.wav"
    ok "$n threads give the same bytes ($in, $ir)" \
      cmp "$in-$ir.wav" "threads-$in-$ir-$n.wav"
  done
done

# Matrices
mkdir -p texts
cp ir4.wav 'texts/a b.wav'
cat >texts/true.txt <<'END'
# true stereo, by hand
route 1 1 "a b.wav" 1
route 1 2 "a b.wav" 2   # left to right
route 2 1 "a b.wav" 3
route 2 2 "a b.wav" 4
END
run "$faltung" convolve stereo.wav --matrix texts/true.txt -o matrix.wav
ok '--matrix lays routes' cmp stereo-ir4.wav matrix.wav
cat >jc.conf <<'END'
/cd texts
/convolver/new 2 2 256 204800
/impulse/read 1 1 0.5 0 0 0 1 "a b.wav"
/impulse/read 2 1 0.5 0 0 0 3 "a b.wav"
/impulse/read 1 2 0.5 0 0 0 2 "a b.wav"
/impulse/read 2 2 0.5 0 0 0 4 "a b.wav"
END
run "$faltung" convolve stereo.wav --matrix jc.conf -o jc.wav
ok "jconvolver's lines are understood" \
  "$sounds" check -126 jc.wav 0 0.5 stereo.wav ir4.wav
echo 'route 1 1 delta.wav 1 -6.0206 10' >delay.txt
run "$faltung" convolve mono.wav --matrix delay.txt -o delayed.wav
ok 'a route has a gain and a delay' \
  "$sounds" check -110 delayed.wav -480 0.5 mono.wav delta.wav
while IFS= read -r line; do
  printf 'route 1 1 delta.wav\n%s\n' "$line" >bad.txt
  run "$faltung" convolve mono.wav --matrix bad.txt -o x.wav
  ok "a bad line is named: $line" both failed_with 1 'bad.txt, line 2' -- no_file x.wav
done <<'END'
route 1
route 2 1 delta.wav
route 1 1 delta.wav 2
route 1 0 delta.wav
route 1 1.5 delta.wav
route 1 1 delta.wav nan
/impulse/read 1 1 1 0 0 0 delta.wav
/impulse/dirac 1 1 1 0
/convolver/new 2 2 256 1000
END
run "$faltung" convolve mono.wav --matrix missing.txt -o x.wav
ok 'a matrix that is not there' both failed_with 1 'missing.txt' -- no_file x.wav

for t in 1 2; do
  run "$faltung" convolve --precision double -t $t stereo.wav ir4.wav -o exact$t.wav
  ok "--precision double is the sum, rounded once ($t threads)" \
    "$sounds" check -150 exact$t.wav 0 1 stereo.wav ir4.wav
done
ok 'with the same bytes' cmp exact1.wav exact2.wav

# Levels
run "$faltung" convolve --gain -6.0206 mono.wav ir1.wav -o gain.wav
ok '--gain scales' "$sounds" check -120 gain.wav 0 0.5 mono.wav ir1.wav
run "$faltung" convolve --wet -200 --dry 0 mono.wav ir1.wav -o dry.wav
ok '--dry brings the recording itself, in place' \
  "$sounds" check -120 dry.wav 0 1 mono.wav delta.wav
run "$faltung" convolve mono.wav delta.wav --predelay 10 -o predelay.wav
ok '--predelay is silence before the response' \
  "$sounds" check -126 predelay.wav -480 1 mono.wav delta.wav

# Time
run "$faltung" convolve --mode same mono.wav ir1.wav -o same.wav
ok '--mode same begins in the middle of the response' \
  "$sounds" check -126 same.wav 1500 1 mono.wav ir1.wav
ok '--mode same is as long as the recording' \
  eval '"$faltung" info same.wav | grep -qw "20000 frames"'
run "$faltung" convolve --mode valid mono.wav ir1.wav -o valid.wav
ok '--mode valid is where the response lies within' \
  "$sounds" check -126 valid.wav 3000 1 mono.wav ir1.wav
ok '--mode valid has n - m + 1 frames' \
  eval '"$faltung" info valid.wav | grep -qw "17000 frames"'
run "$faltung" convolve --start 0.1 --duration 0.05 mono.wav delta.wav -o part.wav
ok '--start and --duration take a part of the recording' both \
  "$sounds" check -126 part.wav 4800 1 mono.wav delta.wav -- \
  eval '"$faltung" info part.wav | grep -qw "2400 frames"'
run "$faltung" convolve --predelay 20 mono.wav delta.wav -o late.wav
run "$faltung" convolve --align mono.wav late.wav -o /dev/null
ok '--align takes any response' ended_with 0

# Formats: what comes in goes out
for subtype in pcm16 pcm24 pcm32 u8 float double; do
  make_sound "in-$subtype.wav" $subtype 44100 2 3000 noise 8
  run "$faltung" convolve -q "in-$subtype.wav" delta44.wav -o "out-$subtype.wav"
  ok "the subtype of a WAV is kept: $subtype" eval \
    '[ "$("$faltung" info in-$subtype.wav | cut -d: -f2)" = "$("$faltung" info out-$subtype.wav | cut -d: -f2)" ]'
done
for format in flac aiff au caf w64 wavex; do
  extension=${format/wavex/wav}
  make_sound "in-$format.$extension" $format 44100 2 3000 noise 9
  run "$faltung" convolve -q --no-dither "in-$format.$extension" delta44.wav -o "out-$format.$extension"
  ok "$format stays $format" eval \
    '[ "$("$faltung" info in-$format.$extension | cut -d: -f2)" = "$("$faltung" info out-$format.$extension | cut -d: -f2)" ]'
  bound=-130 # 24 bits: the rounding of the transforms is seen now and then
  [ $format != w64 ] || bound=-126
  [ $format != aiff ] || bound=-300 # 16 bits: it is not
  ok "$format: a recording through a delta is what it was" \
    "$sounds" same $bound "in-$format.$extension" "out-$format.$extension"
done
run "$faltung" convolve mono.wav ir1.wav -o mono.ogg
ok 'a name that ends in .ogg is Ogg Vorbis' eval '"$faltung" info mono.ogg | grep -q "ogg vorbis"'
run "$faltung" convolve mono.wav ir1.wav -o odd.xyz
ok 'an extension that nobody knows is refused' failed_with 1 "'.xyz'"
run "$faltung" convolve mono.wav ir1.wav --format flac --subtype float -o odd.flac
ok 'a subtype that the format cannot hold is refused' failed_with 1 'flac cannot hold'

# Dither
run "$faltung" convolve --subtype pcm16 stereo.wav ir2.wav -o dither.wav
run "$faltung" convolve --subtype pcm16 --no-dither stereo.wav ir2.wav -o plain.wav
ok '16 bits are dithered' eval '! cmp -s dither.wav plain.wav'
ok 'with dither the error is that of 1.5 LSB of noise at most' \
  "$sounds" check -59 dither.wav 0 1 stereo.wav ir2.wav
run "$faltung" convolve --subtype pcm16 stereo.wav ir2.wav -t 2 -o dither2.wav
ok 'dither is a function of the frame, not of chance' cmp dither.wav dither2.wav
make_sound silence.wav pcm16 48000 1 5000 silence 0
run "$faltung" convolve silence.wav ir1.wav -o silent.wav
ok 'digital silence stays silent' eval \
  '"$faltung" info --level --json silent.wav | grep -q "\"peak_dbfs\":null"'

# Rates
make_sound ir44.wav float 44100 1 2000 decay 10
run "$faltung" convolve mono.wav ir44.wav -o rate.wav
ok 'a response at another rate is resampled, and that is said' both \
  ended_with 0 -- said 'resampled from 44100 to 48000 Hz'
plan
