#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# Whatever goes wrong: one line, the right exit status, nothing left behind, and
# every file that was there as it was. The faults are real ones.

. "$(dirname "$0")/tap.sh"

make_sound in.wav pcm16 48000 2 100000 noise 1
make_sound ir.wav float 48000 2 4000 decay 2
make_sound mono.wav float 48000 1 4000 decay 2
make_sound loud.wav pcm16 48000 1 20000 noise 3
cp in.wav in.orig
cp ir.wav ir.orig

# Output onto input
ln in.wav hard.wav
ln -s in.wav soft.wav
ln -s . here
for out in in.wav ./in.wav "$PWD/in.wav" hard.wav soft.wav here/in.wav; do
  run "$faltung" convolve --force in.wav ir.wav -o "$out"
  ok "output onto the input is refused: ${out##*/} of ${out%/*}" both \
    failed_with 1 'would overwrite the input' -- cmp in.wav in.orig
done
run "$faltung" convolve --force in.wav ir.wav -o ir.wav
ok 'output onto the response is refused' both \
  failed_with 1 'would overwrite the input' -- cmp ir.wav ir.orig
ok 'the links are still links' test -L soft.wav

# Existing output
echo precious >there.wav
run "$faltung" convolve in.wav ir.wav -o there.wav
ok 'an existing output is not overwritten' both \
  failed_with 1 'exists already' -- grep -q precious there.wav
run "$faltung" convolve --force in.wav missing.wav -o there.wav
ok 'a run that fails leaves the existing output alone, --force or not' both \
  failed_with 1 'missing.wav' -- grep -q precious there.wav
chmod 640 there.wav
run "$faltung" convolve --force in.wav ir.wav -o there.wav
ok '--force replaces it' both ended_with 0 -- "$sounds" check -59 there.wav 0 1 in.wav ir.wav
ok 'and keeps its permissions' test "$(stat -c %a there.wav)" = 640
ln -s target.wav link.wav
cp there.wav target.wav
run "$faltung" convolve --force loud.wav ir.wav -o link.wav
ok 'an output that is a link is replaced where it leads to' both \
  test -L link.wav -- eval '! cmp -s target.wav there.wav'
ln -s nowhere.wav dangling.wav
run "$faltung" convolve in.wav ir.wav -o dangling.wav
ok 'a link that leads nowhere is refused' both \
  failed_with 1 'leads nowhere' -- no_file nowhere.wav
run "$faltung" convolve in.wav ir.wav -o .
ok 'a folder gets a file of the same name, unless that is the input' both \
  failed_with 1 'would overwrite the input' -- cmp in.wav in.orig
run "$faltung" convolve in.wav ir.wav -o no/such/folder.wav
ok 'an output in a folder that is not there is refused' failed_with 1 'No such file'

# Full disk
if mkdir small && mount -t tmpfs -o size=200k tmpfs small 2>/dev/null; then
  trap 'umount "$folder/small"; finish' EXIT
  for format in wav flac aiff; do
    run "$faltung" convolve in.wav ir.wav -o small/out.$format
    ok "a full disk: message, and nothing left ($format)" both \
      failed_with 1 'No space left' -- no_file small/out.$format
  done
  echo precious >small/old.wav
  run "$faltung" convolve --force in.wav ir.wav -o small/old.wav
  ok 'a full disk leaves the old file alone' both \
    failed_with 1 'No space left' -- grep -q precious small/old.wav
  ok 'and no temporary' no_trace small
  mkdir several
  cp in.wav several/1.wav
  cp in.wav several/2.wav
  run "$faltung" convolve several --ir ir.wav -o small/several/
  ok 'a full disk in a list: every file is said, and nothing left' both \
    ended_with 1 -- eval '[ "$(grep -c "No space left" stderr)" = 2 ] &&
      [ -z "$(find small/several -type f)" ]'
  # The page that is missing is the very last one
  run "$faltung" convolve in.wav ir.wav -o whole.wav
  n=$(stat -c %s whole.wav)
  pages=$(((n + 4095) / 4096))
  mount -o remount,size=$(((pages - 1) * 4))k small
  rm -rf small/*
  run "$faltung" convolve in.wav ir.wav -o small/out.wav
  ok 'the last page missing: message, and nothing left' both \
    failed_with 1 'No space left' -- no_file small/out.wav
else
  skip 'a full disk' 'cannot mount a tmpfs'
fi
for size in 1 100 400; do
  (
    ulimit -f $size
    run "$faltung" convolve in.wav ir.wav -o limited.wav
    echo $status >limit.status
  )
  status=$(cat limit.status)
  ok "ulimit -f $size: message, and nothing left" both \
    failed_with 1 'too large' -- no_file limited.wav
done
run "$faltung" convolve in.wav ir.wav -o /dev/full
ok '/dev/full: message' failed_with 1 'No space left'
run "$faltung" convolve in.wav ir.wav -o /dev/null
ok '/dev/null takes it' ended_with 0

# What the system says only at the end, by strace: leaks are not looked for then
injected()
{
  ASAN_OPTIONS=detect_leaks=0 run strace -qq -f -o trace -e trace="${1%%:*}" \
    -e inject="$1" "${@:2}"
}
if strace -qq -o trace true 2>/dev/null; then
  mkdir list
  cp in.wav list/1.wav
  cp in.wav list/2.wav
  echo precious >old.wav
  for fault in fsync:error=EIO rename:error=EIO pwrite64:error=ENOSPC; do
    injected $fault "$faltung" convolve --force --tail-threshold -200 in.wav ir.wav -o old.wav
    ok "$fault: message, and the old file is as it was" both \
      failed_with 1 'old.wav' -- eval 'grep -q precious old.wav && no_trace'
  done
  for fault in fsync:error=EIO renameat2:error=EIO; do
    injected $fault "$faltung" convolve in.wav ir.wav -o new.wav
    ok "$fault: message, and nothing left" both failed_with 1 'new.wav' -- no_file new.wav
  done
  for fault in syncfs:error=EIO renameat2:error=EIO; do
    injected $fault "$faltung" convolve list --ir ir.wav -o listed/ --json
    ok "$fault in a list: each is said to have failed, and nothing left" both \
      ended_with 1 -- eval '[ "$(grep -c "\"failed\"" stdout)" = 2 ] &&
        [ -z "$(find listed -type f)" ]'
  done
else
  skip 'what the system says at the end' 'there is no strace'
fi

# Standard streams
"$faltung" info in.wav >/dev/full 2>stderr
status=$?
ok 'standard output full: message' failed_with 1 'standard output'
"$faltung" convolve in.wav ir.wav -o - 2>stderr | head -c 100 >/dev/null
status=${PIPESTATUS[0]}
ok 'a reader that has gone: one line' failed_with 1 'Broken pipe'
"$faltung" info in.wav >&- 2>stderr
status=$?
ok 'standard output closed: message' failed_with 1 'standard output'
"$faltung" convolve in.wav ir.wav -o - >&- 2>stderr
status=$?
ok 'standard output closed: no sound either' failed_with 1 'standard output'
"$faltung" convolve - ir.wav -o closed.wav <&- 2>stderr
status=$?
ok 'standard input closed: message' both failed_with 1 'standard input' -- no_file closed.wav
"$faltung" convolve in.wav ir.wav -o closed.wav <&- >&- 2>&-
status=$?
ok 'all three closed: the file is right' both \
  ended_with 0 -- "$sounds" check -59 closed.wav 0 1 in.wav ir.wav
"$faltung" convolve in.wav missing.wav -o closed2.wav 2>&-
status=$?
ok 'a message that cannot be said is not written elsewhere' both ended_with 1 -- no_file closed2.wav

# Names
cp in.wav -- '-in.wav'
run "$faltung" convolve -o ./-out.wav -- -in.wav ir.wav
ok 'names that begin with a dash, after --' ended_with 0
run "$faltung" convolve $'a\nb\x1b[31m\xff%s%n.wav' ir.wav -o x.wav
ok 'odd bytes of a name are printed escaped' failed_with 1 'a\x0Ab\x1B[31m\xFF%s%n.wav'
cp in.wav $'n\nl\xff.wav'
run "$faltung" convolve $'n\nl\xff.wav' ir.wav -o $'o\nl\xfe%d.wav' --json
ok 'odd names work' both ended_with 0 -- test -s $'o\nl\xfe%d.wav'
ok 'and are escaped in JSON' grep -qF 'xFE%d.wav' stdout
long=$(printf '%0250d' 0).wav
run "$faltung" convolve in.wav ir.wav -o "$long"
ok 'a name of 254 bytes works' ended_with 0

# Input that is none
mkfifo fifo.wav
for file in fifo.wav /dev/zero . missing.wav empty.wav; do
  : >empty.wav
  run timeout 10 "$faltung" convolve "$file" ir.wav -o x.wav
  ok "$file is refused as a recording" both failed_with 1 "$file" -- no_file x.wav
  run timeout 10 "$faltung" convolve in.wav "$file" -o x.wav
  ok "$file is refused as a response" both failed_with 1 "$file" -- no_file x.wav
done
make_sound none.wav pcm16 48000 1 0 noise 1
run "$faltung" convolve none.wav mono.wav -o x.wav
ok 'a recording without a frame is refused' both failed_with 1 'none.wav' -- no_file x.wav
make_sound three.wav float 48000 3 100 decay 4
run "$faltung" convolve in.wav three.wav -o x.wav
ok 'channels that fit no rule are refused' both failed_with 1 'three.wav' -- no_file x.wav

# What is not finite, and what clips
make_sound nan.wav float 48000 1 1000 nan 5
run "$faltung" convolve nan.wav ir.wav -o clean.wav
ok 'what is not finite becomes 0, and is counted' both ended_with 0 -- said '2 samples were not finite'
ok 'and the output is finite' eval '"$faltung" info -l clean.wav | grep -q "0 not finite"'
run "$faltung" convolve --strict nan.wav mono.wav -o x.wav
ok '--strict refuses it' both failed_with 1 '2 samples are not finite' -- no_file x.wav
make_sound nanir.wav float 48000 1 1000 nan 6
run "$faltung" convolve in.wav nanir.wav -o x.wav
ok 'a response that is not finite is refused' both failed_with 1 'nanir.wav' -- no_file x.wav
run "$faltung" convolve --gain 40 loud.wav ir.wav -o clipped.wav
ok 'clipping is counted and said' both ended_with 0 -- said 'samples clipped'
run "$faltung" convolve --fail-on-clip --gain 40 loud.wav mono.wav -o x.wav
ok '--fail-on-clip refuses it' both failed_with 1 'would clip' -- no_file x.wav
run "$faltung" convolve --gain 40 --subtype float loud.wav ir.wav -o hot.wav
ok 'floating point does not clip' both ended_with 0 -- eval '! grep -q clipped stderr'

# Memory
make_sound long.wav float 48000 1 2000000 decay 7
for kb in 30000 60000; do
  (
    ulimit -v $kb
    run "$faltung" convolve in.wav long.wav -o big.wav
    echo $status >limit.status
  )
  status=$(cat limit.status)
  ok "with $kb kB of memory: message, and nothing left" both \
    eval 'test $status -ne 0 && test -s stderr' -- no_file big.wav
done

# Usage
run "$faltung"
ok 'no command is usage' failed_with 2 'no command'
run "$faltung" frobnicate
ok 'an unknown command is usage' failed_with 2 "'frobnicate'"
for line in '' 'in.wav' 'in.wav ir.wav' 'in.wav ir.wav x.wav -o y.wav' '--bogus' \
  'in.wav ir.wav -o' 'in.wav ir.wav -o x.wav --gain loud' 'in.wav ir.wav -o x.wav --gain nan' \
  'in.wav ir.wav -o x.wav --mode half' 'in.wav ir.wav -o x.wav --threads -1' \
  'in.wav ir.wav -o x.wav --start -1' 'in.wav ir.wav -o - --json'; do
  run "$faltung" convolve $line
  ok "usage: convolve $line" both failed_with 2 'faltung convolve --help' -- no_file x.wav
done
for command in '' convolve info; do
  run "$faltung" $command --help
  ok "help is there: $command" both ended_with 0 -- grep -q '^Example' stdout
done
run "$faltung" --version
ok 'the version is said' both ended_with 0 -- grep -q '^faltung [0-9]' stdout
ok 'the inputs are what they were' both cmp in.wav in.orig -- cmp ir.wav ir.orig
ok 'nothing is left behind' no_trace
plan
