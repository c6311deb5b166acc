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
ok 'iXML without times stays as it was' has later.wav 'iXML\x21\x00\x00\x00<BWFXML><NOTE>odd</NOTE></BWFXML>\x00'

# with_ixml TEXT FILE: the plain recording with this iXML; printf's escapes
with_ixml()
{
  printf "$1" >text
  { cat plain.wav; chunk iXML text; } >body
  { printf RIFF; le $(($(stat -c %s body) - 8)) 4; tail -c +9 body; } >"$2"
}
low='<BWF_TIME_REFERENCE_LOW>'
high='<BWF_TIME_REFERENCE_HIGH>'
with_ixml "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<BWFXML><!-- ${low}7 -->
<BEXT>${low}4294966296</${low#<}${high}1</${high#<}</BEXT><NOTE>Fl\xc3\xbcgel &amp; ${low}</NOTE></BWFXML>\0\0" broken.wav
with_ixml "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<BWFXML><!-- ${low}7 -->
<BEXT>${low}4294966296</${low#<} ${high}1</${high#<}</BEXT><NOTE>Fl\xc3\xbcgel &amp; 1</NOTE>
<SPEED><TIMESTAMP_SAMPLE_RATE>96000</TIMESTAMP_SAMPLE_RATE>
<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>0</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>
<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>500</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO></SPEED>
<SYNC_POINT_LIST><SYNC_POINT><SYNC_POINT_TYPE>RELATIVE</SYNC_POINT_TYPE><SYNC_POINT_LOW>9600</SYNC_POINT_LOW>
<SYNC_POINT_HIGH>0</SYNC_POINT_HIGH></SYNC_POINT><SYNC_POINT><SYNC_POINT_TYPE>ABSOLUTE</SYNC_POINT_TYPE>
<SYNC_POINT_LOW>9600</SYNC_POINT_LOW></SYNC_POINT></SYNC_POINT_LIST></BWFXML>\0\0" timed.wav
sed -z -e 's/4294966296</3800</; s/HIGH>1</HIGH>2</; s/>500</>10100</; s/>9600</>4800</' text >wanted
run "$faltung" convolve timed.wav delta.wav -o moved.wav --start 0.1
LC_ALL=C grep -aobF '<?xml' moved.wav | cut -d: -f1 >place
tail -c +$(($(cat place) + 1)) moved.wav | head -c "$(stat -c %s wanted)" >found
ok 'the times in iXML move: carried over, at their own rate, relative ones back, and nothing else' \
  cmp wanted found
run "$faltung" convolve timed.wav delta.wav -o still.wav
ok 'they stay where the start does' eval 'LC_ALL=C grep -qaF "LOW>4294966296<" still.wav'
run "$faltung" convolve broken.wav delta.wav -o dropped.wav --start 0.1
ok 'iXML that cannot be read is left out then' both ended_with 0 -- eval '! has dropped.wav iXML'
with_ixml "<!DOCTYPE x [<!ENTITY a 'b'>]><BWFXML>&a;</BWFXML>" typed.wav
run "$faltung" convolve typed.wav delta.wav -o dropped2.wav --start 0.1
ok 'and so is one with a document type' both ended_with 0 -- eval '! has dropped2.wav iXML'
with_ixml "<BWFXML>${low}4294967295</${low#<}</BWFXML>" full.wav
run "$faltung" convolve full.wav delta.wav -o dropped3.wav --start 0.1
ok 'and one without room for the new time' both ended_with 0 -- eval '! has dropped3.wav iXML'
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
