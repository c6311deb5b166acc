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

make_sound wide.wav double 48000 2 20000 noise 11
for t in 1 2; do
  run "$faltung" convolve --precision double -t $t wide.wav ir4.wav -o wide$t.wav
  ok "files of doubles go through double precision unrounded ($t threads)" \
    "$sounds" check -290 wide$t.wav 0 1 wide.wav ir4.wav
done
ok 'with the same bytes, too' cmp wide1.wav wide2.wav
run "$faltung" convolve --precision double --normalize peak=0 wide.wav delta.wav -o peak.wav
run "$faltung" convolve --precision double --normalize peak=-20 peak.wav delta.wav -o tenth.wav
ok 'and so do gains' "$sounds" check -290 tenth.wav 0 0.1 peak.wav delta.wav
run "$faltung" convolve --precision double --subtype pcm32 wide.wav ir4.wav -o wide32.wav
ok '32 bits are rounded once' "$sounds" check -170 wide32.wav 0 1 wide.wav ir4.wav
run "$faltung" convolve --precision double --subtype pcm24 --no-dither wide.wav delta.wav -o wide24.wav
ok '24 bits are rounded once: 1 LSB at most' "$sounds" check -128 wide24.wav 0 1 wide.wav delta.wav
make_sound big.aiff aiff64 48000 2 5000 noise 12
run "$faltung" convolve --precision double big.aiff delta.wav -o big.wav
ok 'the other order of bytes as well' both ended_with 0 -- "$sounds" same -290 big.aiff big.wav
"$faltung" convolve -q --precision double wide.wav ir4.wav -o - | cmp - wide1.wav
status=$?
ok 'and pipes' ended_with 0

# Levels
run "$faltung" convolve --gain -6.0206 mono.wav ir1.wav -o gain.wav
ok '--gain scales' "$sounds" check -120 gain.wav 0 0.5 mono.wav ir1.wav
run "$faltung" convolve --wet -200 --dry 0 mono.wav ir1.wav -o dry.wav
ok '--dry brings the recording itself, in place' \
  "$sounds" check -120 dry.wav 0 1 mono.wav delta.wav
run "$faltung" convolve mono.wav delta.wav --predelay 10 -o predelay.wav
ok '--predelay is silence before the response' \
  "$sounds" check -126 predelay.wav -480 1 mono.wav delta.wav

# Channels of the recording
for c in 1 2 3 4; do
  "$sounds" pick one-$c.wav four.wav $c
done
"$sounds" pick swapped.wav four.wav 3 1
"$sounds" pick mean.wav four.wav 1,2,3,4
"$sounds" pick mean24.wav four.wav 2,4
run "$faltung" convolve --channels 3 four.wav ir1.wav -o picked.wav
ok '--channels takes one' "$sounds" check -126 picked.wav 0 1 one-3.wav ir1.wav
run "$faltung" convolve --channels 3,1 four.wav ir4.wav -o picked2.wav
ok '--channels takes several, in that order' \
  "$sounds" check -126 picked2.wav 0 1 swapped.wav ir4.wav
run "$faltung" convolve --mono four.wav ir2.wav -o picked3.wav
ok '--mono takes the mean' "$sounds" check -126 picked3.wav 0 1 mean.wav ir2.wav
run "$faltung" convolve --mono --channels 2,4 four.wav ir1.wav -o picked4.wav
ok 'and that of some of them' "$sounds" check -126 picked4.wav 0 1 mean24.wav ir1.wav
run "$faltung" convolve --mono mono.wav ir1.wav -o picked5.wav
ok 'which of one is itself' cmp picked5.wav mono-ir1.wav
"$faltung" convolve -q --channels 3,1 --precision double - ir4.wav -o - <four.wav >picked6.wav
ok 'through pipes, in double precision' "$sounds" check -150 picked6.wav 0 1 swapped.wav ir4.wav
run "$faltung" convolve --channels 5 four.wav ir1.wav -o x.wav
ok 'a channel that is not there is refused' both failed_with 1 'no channel 5' -- no_file x.wav
for list in 0 1, ,1 a 1-2 65 ''; do
  run "$faltung" convolve --channels "$list" four.wav ir1.wav -o x.wav
  ok "usage: --channels '$list'" both failed_with 2 '--channels' -- no_file x.wav
done

# The tail: noise, then 3000 frames of a decay of 7 nepers (61 dB), so that
# -40 dB of it come after some 1970 of them
frames()
{
  "$faltung" info --json "$1" | grep -o '"frames":[0-9]*' | cut -d: -f2
}
run "$faltung" convolve delta.wav ir1.wav --tail-threshold -300 -o uncut.wav
"$faltung" convolve -q delta.wav ir1.wav -o untouched.wav
ok '--tail-threshold far below cuts nothing' "$sounds" same -300 untouched.wav uncut.wav
run "$faltung" convolve delta.wav ir1.wav --tail-threshold -60 -o cut.wav
n=$(frames cut.wav)
ok 'the tail ends with the last frame that reaches the level' both \
  test "$n" -gt 1500 -a "$n" -lt 2000 -- "$sounds" last -60 cut.wav uncut.wav
run "$faltung" convolve stereo.wav ir4.wav --tail-threshold 100 -o body.wav
ok 'the recording itself is never cut' test "$(frames body.wav)" = 20000
for t in 1 3; do
  run "$faltung" convolve stereo.wav ir4.wav --tail-threshold -50 -t $t -o cut$t.wav
done
ok 'of several channels all have to stay below' "$sounds" last -50 cut1.wav stereo-ir4.wav
ok 'whatever the threads' cmp cut1.wav cut3.wav
"$faltung" convolve -q - ir4.wav --tail-threshold -50 -o - <stereo.wav >cut-pipe.wav
ok 'a pipe is cut at the same frame' "$sounds" same -300 cut1.wav cut-pipe.wav
run "$faltung" convolve mono.wav ir1.wav --mode same --tail-threshold -50 -o x.wav
ok 'without a tail it makes no sense' both failed_with 2 '--tail-threshold' -- no_file x.wav
run "$faltung" convolve delta.wav ir1.wav --normalize peak=0 --tail-threshold -40 -o level.wav
run "$faltung" convolve delta.wav ir1.wav --normalize peak=0 -o level-all.wav
ok 'the level is that of the file' "$sounds" last -40 level.wav level-all.wav

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
