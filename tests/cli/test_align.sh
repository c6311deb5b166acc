#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# faltung align: what is written, to the bit or to a fraction, and what is told.

. "$(dirname "$0")/tap.sh"

make_sound a.wav float 48000 1 96000 noise 1
make_sound other.wav float 48000 1 96000 noise 2
make_sound delta.wav float 48000 1 1 delta 0
"$faltung" convolve -q a.wav delta.wav --predelay 10 -o b.wav
"$faltung" convolve -q a.wav delta.wav --gain -20 --predelay 250 -o far.wav

printed()
{
  grep -qF -- "$1" stdout
}

run "$faltung" align a.wav b.wav far.wav -o synced
ok 'align makes its folder, and writes the others' both ended_with 0 -- test -e synced/far.wav
run "$faltung" delay a.wav synced/b.wav synced/far.wav
ok 'aligned files start together' eval '[ "$(grep -c "by 0.000000 ms" stdout)" -eq 2 ]'
ok 'what is late is cut' eval '"$faltung" info synced/b.wav | grep -q "96000 frames"'
run "$faltung" align b.wav a.wav -o synced
ok 'what is early begins with silence' \
  eval '"$faltung" info synced/a.wav | grep -q "96480 frames"'
run "$faltung" align a.wav b.wav -o synced
ok 'align keeps an existing file' failed_with 1 'synced/b.wav'
run "$faltung" align a.wav b.wav -o .
ok 'align never writes onto an input' ended_with 1
run "$faltung" align --list --json a.wav b.wav
ok 'align --list tells only' both ended_with 0 -- \
  grep -qE '"delay_samples":4(80\.0|79\.9999999)' stdout
run "$faltung" align a.wav other.wav -o synced
ok 'what does not match is not written' both ended_with 3 -- no_file synced/other.wav
run "$faltung" align a.wav b.wav -o a.wav
ok 'a file is no folder' failed_with 1 'a.wav'
run "$faltung" align a.wav b.wav
ok 'align needs a folder' ended_with 2

mkdir second
cp b.wav second/b.wav
run "$faltung" align a.wav b.wav second/b.wav -o doubles
ok 'two files of one name are refused' both \
  failed_with 1 'second/b.wav: another file' -- test ! -e doubles
run bash -c "'$faltung' align a.wav - -o synced <b.wav"
ok 'standard input is refused' failed_with 2 'standard input'
cp b.wav -- -b.wav
run "$faltung" align a.wav -o dashes -- -b.wav
ok 'a name may begin with a dash' test -e dashes/-b.wav

# Samples are copied to the bit, in every format that this is possible in
for subtype in pcm16 pcm24 float flac; do
  name=late-$subtype.wav
  [ $subtype = flac ] && name=late.flac
  make_sound "$name" $subtype 48000 2 96000 noise 1
  "$faltung" convolve -q "$name" delta.wav --start 0.05 -o ref-"$name"
  run "$faltung" align ref-"$name" "$name" -o synced
  ok "$subtype: whole samples are copied to the bit" both ended_with 0 -- \
    "$sounds" check -400 synced/"$name" 2400 1 "$name" delta.wav
done

# Half a sample late: one of 96 kHz
make_sound wide.wav float 96000 1 300000 noise 5
"$sounds" mix wide1.wav 1 wide.wav 1001 1 0
"$faltung" ir resample --rate 48000 wide.wav -o half0.wav
"$faltung" ir resample --rate 48000 wide1.wav -o half1.wav
run "$faltung" align half0.wav half1.wav -o synced
run "$faltung" delay half0.wav synced/half1.wav
ok 'whole samples leave half of one' printed '(0.500 samples'
run "$faltung" align --fractional half0.wav half1.wav -o synced --force
run "$faltung" delay half0.wav synced/half1.wav
ok '--fractional leaves nothing' printed '(0.000 samples'

# A clock that is 208 ppm slow: resampled, and called by the old rate
make_sound long.wav float 48000 1 480000 noise 6
"$faltung" ir resample --rate 48010 long.wav -o slow.wav
rate=$(LC_ALL=C grep -obUaP '\x8a\xbb\x00\x00' slow.wav | head -n 1 | cut -d: -f1)
printf '\x80' | dd of=slow.wav bs=1 seek="$rate" conv=notrunc 2>/dev/null
run "$faltung" align long.wav slow.wav -o synced
ok 'drift that is left is said' said 'drifts by'
run "$faltung" align --drift long.wav slow.wav -o synced --force
run "$faltung" delay long.wav synced/slow.wav
ok '--drift takes it out' printed '(0.000 samples'
ok '… to the last ppm' grep -q 'drift [+-]0\.000 ppm' stdout

run "$faltung" align --edl --fps 24 a.wav far.wav
ok '--edl is a CMX 3600 list' both ended_with 0 -- \
  grep -q '^002  AX       A     C        00:00:00:06 00:00:02:06 01:00:00:00 01:00:02:00$' stdout
ok '… with the exact delay' printed 'DELAY +0.250000000 S'
run "$faltung" align --edl --fps 0 a.wav far.wav
ok 'no frames a second are a mistake' ended_with 2

cp far.wav 'f&r "2".wav'
run "$faltung" align --ardour a.wav 'f&r "2".wav'
ok '--ardour is a session in XML' both ended_with 0 -- \
  python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse("stdout")'
ok '… where the earliest file is at its start' \
  printed 'length="a635040000@a0" opaque="1"'
ok '… and the others are later, to the frame' \
  printed 'length="a564480000@a70560000"'
run "$faltung" align --ardour a.wav half0.wav late-pcm16.wav
ok 'what does not match is said' both ended_with 3 -- said 'does not match'
"$faltung" ir resample --rate 44100 a.wav -o a44.wav
run "$faltung" align --ardour a.wav a44.wav
ok 'a session has one rate' both failed_with 1 'a44.wav: runs at 44100 Hz' -- \
  test ! -s stdout
bad=$(printf 'b\001.wav')
cp b.wav "$bad"
run "$faltung" align --ardour a.wav "$bad"
ok 'a name that XML cannot hold is refused' failed_with 1 'a session cannot hold'
run "$faltung" align --ardour --edl a.wav b.wav
ok 'one list at a time' ended_with 2
plan
