#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# Sound through pipes: the same as through files, or a word why not.

. "$(dirname "$0")/tap.sh"

make_sound ir.wav float 48000 2 3000 decay 1
for subtype in u8 pcm16 pcm24 pcm32 float double wavex; do
  make_sound in-$subtype.wav $subtype 48000 2 30001 noise 2
  "$faltung" convolve -q in-$subtype.wav ir.wav -o file.wav --force
  cat in-$subtype.wav | "$faltung" convolve -q - ir.wav -o - >piped.wav
  ok "a pipe at both ends is the same file: $subtype" cmp file.wav piped.wav
done
{
  for n in 1 44 3 1001 7 20000; do
    head -c $n
    sleep 0.02
  done
  cat
} <in-pcm16.wav | "$faltung" convolve -q - ir.wav -o - >drops.wav
"$faltung" convolve -q in-pcm16.wav ir.wav -o file16.wav
ok 'the same bytes, dither and all, in whatever sizes a pipe brings them' cmp file16.wav drops.wav
"$faltung" convolve -q - ir.wav -o stdin.wav <in-pcm24.wav
"$faltung" convolve -q in-pcm24.wav ir.wav -o file.wav --force
ok 'a file as standard input is the same as its name' cmp file.wav stdin.wav
make_sound in.au au 48000 2 30001 noise 2
cat in.au | "$faltung" convolve -q - ir.wav -o from-au.wav
ok 'AU comes through a pipe' "$sounds" same -300 file.wav from-au.wav
make_sound in.flac flac 48000 2 30001 noise 2
"$faltung" convolve -q - ir.wav -o from-flac.wav <in.flac
ok 'FLAC comes through a redirection' "$sounds" same -300 file.wav from-flac.wav
cat in.flac | "$faltung" convolve - ir.wav -o x.wav 2>stderr
status=${PIPESTATUS[1]}
ok 'FLAC through a pipe is refused' both failed_with 1 'only WAV and AU' -- no_file x.wav
run "$faltung" convolve in-pcm16.wav ir.wav --format flac -o -
ok 'FLAC into a pipe is refused' failed_with 1 'only linear WAV'

# Writers that do not know the length
{
  head -c 4 in-pcm16.wav
  printf '\xff\xff\xff\xff'
  head -c 40 in-pcm16.wav | tail -c +9
  printf '\xff\xff\xff\xff'
  tail -c +45 in-pcm16.wav
} >endless.wav
"$faltung" convolve -q in-pcm16.wav ir.wav -o known.wav
cat endless.wav | "$faltung" convolve -q - ir.wav -o unknown.wav
ok 'a head without a length: up to the end' "$sounds" same -80 known.wav unknown.wav
cat endless.wav | "$faltung" convolve -q - ir.wav -o - | "$faltung" info -l - >text
ok 'and out again' grep -qw '33000 frames' text
cat endless.wav | "$faltung" convolve - ir.wav --mode same -o x.wav 2>stderr
status=$?
ok '--mode same needs a length' both failed_with 1 '--mode' -- no_file x.wav

head -c 50000 in-pcm16.wav >cut.wav
cat cut.wav | "$faltung" convolve - ir.wav -o x.wav 2>stderr
status=$?
ok 'a pipe that ends before its promise: message' both failed_with 1 'ends after' -- no_file x.wav
head -c 30 in-pcm16.wav | "$faltung" convolve - ir.wav -o x.wav 2>stderr
status=$?
ok 'a pipe that ends in its head: message' both failed_with 1 'before the first sample' -- no_file x.wav
: | "$faltung" convolve - ir.wav -o x.wav 2>stderr
status=$?
ok 'an empty pipe: message' both failed_with 1 'standard input' -- no_file x.wav
head -c 100000 /dev/urandom | "$faltung" convolve - ir.wav -o x.wav 2>stderr
status=$?
ok 'noise instead of a head: message' both failed_with 1 'only WAV and AU' -- no_file x.wav

mkfifo fifo
"$faltung" convolve -q in-pcm24.wav ir.wav -o fifo &
cat fifo >from-fifo.wav
wait $!
ok 'a FIFO as output is written like a pipe' cmp file.wav from-fifo.wav

# A recording that becomes another while it is read: the reader of the output
# holds the program in the middle
make_sound changing.wav pcm16 48000 2 2000000 noise 4
cp changing.wav original.wav
during()
{
  "$faltung" convolve -q changing.wav ir.wav -o fifo 2>stderr &
  {
    head -c 200000
    "$@"
    cat
  } <fifo >changed.out
  wait $!
  status=$?
}
during truncate -s 2000000 changing.wav
ok 'a recording that shrinks: message' failed_with 1 'ends after'
cp original.wav changing.wav
during eval 'cat in-pcm16.wav >>changing.wav'
"$faltung" convolve -q original.wav ir.wav -o - >unchanged.out
ok 'a recording that grows: as long as it was at first' both ended_with 0 -- cmp unchanged.out changed.out
plan
