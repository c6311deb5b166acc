#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# What a file says beside its sound is kept; levels are brought to what is asked.

. "$(dirname "$0")/tap.sh"

# Bytes of a number, the last first
le()
{
  local n=$1 i
  for ((i = 0; i < $2; ++i)); do
    printf "\\x$(printf %02x $((n & 255)))"
    n=$((n >> 8))
  done
}

zeros()
{
  head -c "$1" /dev/zero
}

# chunk NAME FILE: a chunk with its head
chunk()
{
  printf '%s' "$1"
  le "$(stat -c %s "$2")" 4
  cat "$2"
  [ $(($(stat -c %s "$2") % 2)) = 0 ] || printf '\0'
}

make_sound ir.wav float 48000 1 2001 decay 1
make_sound delta.wav float 48000 1 1 delta 1
make_sound plain.wav pcm24 48000 2 20000 noise 2

# A field recording: bext with a time reference of 2^32 + 1000, and more
{ printf 'A field recording'; zeros 321; le 1000 4; le 1 4; zeros 256; } >bext
printf '<BWFXML><NOTE>odd</NOTE></BWFXML>' >iXML
{ le 1 4; le 1 4; le 9600 4; printf data; zeros 8; le 9600 4; } >cue
{ zeros 28; le 1 4; le 0 4; zeros 8; le 5000 4; le 15000 4; zeros 8; } >smpl
{ printf INFOINAM; le 6 4; printf 'Title\0'; } >list
{
  head -c 36 plain.wav
  chunk bext bext
  chunk JUNK iXML
  tail -c +37 plain.wav
  chunk iXML iXML
  chunk 'cue ' cue
  chunk smpl smpl
  chunk LIST list
} >body
{ printf RIFF; le $(($(stat -c %s body) - 8)) 4; tail -c +9 body; } >in.wav

# has FILE NAME HEX: the chunk holds these bytes somewhere
has()
{
  LC_ALL=C grep -qaP -- "$2" "$1"
}

run "$faltung" convolve in.wav ir.wav -o out.wav
ok 'a field recording is convolved' both ended_with 0 -- "$sounds" check -120 out.wav 0 1 plain.wav ir.wav
ok 'bext is kept, with its time reference' has out.wav 'bext.{4}A field recording\x00{321}\xe8\x03\x00\x00\x01\x00\x00\x00'
ok 'iXML is kept, odd length and all' has out.wav 'iXML\x21\x00\x00\x00<BWFXML><NOTE>odd</NOTE></BWFXML>\x00'
ok 'cue points are kept' has out.wav 'cue \x1c\x00{3}\x01\x00{3}\x01\x00{3}\x80\x25\x00\x00data'
ok 'loops are kept' has out.wav '\x88\x13\x00\x00\x98\x3a\x00\x00'
ok 'LIST is kept' has out.wav 'LIST.{4}INFOINAM\x06\x00{3}Title'
ok 'padding is not' eval '! has out.wav JUNK'
ok 'others read the file' eval '"$faltung" info -l out.wav | grep -qw "22000 frames"'

run "$faltung" convolve in.wav ir.wav -o later.wav --start 0.1
ok 'starting later moves the time reference' has later.wav 'bext.{4}A field recording\x00{321}\xa8\x16\x00\x00\x01\x00\x00\x00'
ok 'and the cue points' has later.wav 'cue \x1c\x00{3}\x01\x00{3}\x01\x00{3}\xc0\x12\x00\x00data'
ok 'and the loops' has later.wav '\xc8\x00\x00\x00\xd8\x27\x00\x00'
ok 'iXML, whose times are text, is left out then' eval '! has later.wav iXML'
run "$faltung" convolve in.wav ir.wav -o same.wav --mode same
ok '--mode same moves it as well' has same.wav 'A field recording\x00{321}\xd0\x07\x00\x00\x01\x00\x00\x00'
run "$faltung" convolve in.wav ir.wav -o tags.flac
ok 'a title goes into FLAC' has tags.flac '(?i)title=Title'
run "$faltung" convolve tags.flac ir.wav -o tags2.flac
ok 'and from FLAC to FLAC' has tags2.flac '(?i)title=Title'
"$faltung" convolve -q in.wav ir.wav -o - >piped.wav
ok 'a pipe gets the same' cmp out.wav piped.wav

"$faltung" convolve -q plain.wav delta.wav --start 0.1 -o cut.wav
run "$faltung" align cut.wav in.wav -o aligned
ok 'align keeps bext, and moves its time reference' both ended_with 0 -- \
  has aligned/in.wav 'A field recording\x00{321}\xa8\x16\x00\x00\x01\x00\x00\x00'
ok '… and cue points' has aligned/in.wav 'cue \x1c\x00{3}\x01\x00{3}\x01\x00{3}\xc0\x12\x00\x00data'

# Levels
level()
{
  "$faltung" info -l --json "$1" | grep -o "\"$2\":[-0-9.e]*" | cut -d: -f2
}
# near VALUE WANTED: within 0.01
near()
{
  awk "BEGIN { d = $1 - ($2); exit !(d < 0.01 && d > -0.01) }"
}
run "$faltung" convolve plain.wav ir.wav --normalize peak=-3 -o peak.wav
ok '--normalize peak' near "$(level peak.wav peak_dbfs)" -3
run "$faltung" convolve plain.wav ir.wav --normalize rms -o rms.wav
ok '--normalize rms, -20 dBFS by default' near "$(level rms.wav rms_dbfs)" -20
run "$faltung" convolve plain.wav ir.wav --normalize peak -o - --subtype float
cp stdout peak2.wav
ok 'into a pipe' near "$(level peak2.wav peak_dbfs)" -1
run "$faltung" convolve plain.wav ir.wav --normalize lufs=-30 -o lufs.wav
if grep -q 'without libebur128' stderr; then
  skip '--normalize lufs' 'built without libebur128'
else
  run "$faltung" convolve lufs.wav delta.wav --normalize lufs=-30 -o lufs2.wav
  ok '--normalize lufs: normalised again it is the same' \
    near "$(level lufs.wav rms_dbfs)" "$(level lufs2.wav rms_dbfs)"
fi
make_sound silence.wav pcm16 48000 1 5000 silence 0
run "$faltung" convolve silence.wav ir.wav --normalize rms -o silent.wav
ok 'silence stays silent, and that is said' both ended_with 0 -- said 'is silent'
run "$faltung" convolve - ir.wav --normalize peak -o x.wav
ok 'standard input has one pass only' both failed_with 2 'two passes' -- no_file x.wav
for value in loud peak= peak=x rms=nan; do
  run "$faltung" convolve plain.wav ir.wav --normalize $value -o x.wav
  ok "usage: --normalize $value" both failed_with 2 "not '$value'" -- no_file x.wav
done
run "$faltung" convolve --gain 12 ir.wav delta.wav -o louder.wav
run "$faltung" convolve plain.wav ir.wav --match-level -o match1.wav --subtype float
run "$faltung" convolve plain.wav louder.wav --match-level -o match2.wav --subtype float
ok '--match-level: how loud the response is makes no difference' \
  "$sounds" same -100 match1.wav match2.wav
plan
