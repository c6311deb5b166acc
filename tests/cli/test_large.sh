#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# Files that are long: more than 4 GiB, and hours in the memory of a minute.
# Takes 5 GB of the temporary folder for half a minute; inputs are sparse.

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

# silence FILE FRAMES BYTES: a mono WAV of so many bytes a sample, all holes
silence()
{
  local n=$(($2 * $3))
  {
    printf RIFF
    le $((n + 36)) 4
    printf 'WAVEfmt '
    le 16 4
    le 1 2
    le 1 2
    le 48000 4
    le $((48000 * $3)) 4
    le "$3" 2
    le $((8 * $3)) 2
    printf data
    le $n 4
  } >"$1"
  truncate -s $((44 + n)) "$1"
}

# peak FILE COMMAND...: run, and keep the largest resident memory in kB
peak()
{
  local file=$1
  shift
  python3 -c 'import resource, subprocess, sys
code = subprocess.run(sys.argv[2:]).returncode
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)' "$file" "$@"
}

# Memory
make_sound hall.wav float 48000 1 384000 decay 1
silence minute.wav $((48000 * 60)) 3
silence hours.wav $((48000 * 7200)) 3
run peak minute.kb "$faltung" convolve minute.wav hall.wav -o /dev/null --format wav
ok 'a minute through 8 s' ended_with 0
run peak hours.kb "$faltung" convolve hours.wav hall.wav -o /dev/null --format wav
ok 'two hours through 8 s' ended_with 0
echo "# a minute: $(cat minute.kb) kB, two hours: $(cat hours.kb) kB"
ok 'two hours take the memory of a minute' \
  test "$(cat hours.kb)" -lt $(($(cat minute.kb) + 1024))
rm hours.wav minute.wav

# More than 4 GiB: 16 bits become 64
free=$(df --output=avail -k . | tail -n 1)
if [ "$free" -lt 6000000 ]; then
  skip 'more than 4 GiB' "only $free kB are free"
  plan
  exit
fi
n=540000000
make_sound short.wav pcm16 48000 1 1000 noise 2
make_sound ir.wav float 48000 1 100 decay 3
silence long.wav $n 2
tail -c 2000 short.wav | dd of=long.wav bs=2 seek=$((22 + n - 1000)) conv=notrunc status=none
run "$faltung" convolve long.wav ir.wav --subtype double -o large.wav
ok 'an output of more than 4 GiB' both ended_with 0 -- \
  test "$(stat -c %s large.wav)" -gt 4300000000
ok 'is RF64 by itself' test "$(head -c 4 large.wav)" = RF64
ok 'with all its frames' eval '"$faltung" info large.wav | grep -qw "$((n + 99)) frames"'
make_sound delta.wav float 48000 1 1 delta 1
run "$faltung" convolve large.wav delta.wav --start $(((n - 48000) / 48000)) -o end.wav
"$faltung" convolve -q short.wav ir.wav --subtype double -o end-alone.wav
ok 'and its very end is read back' both ended_with 0 -- \
  "$sounds" check -120 end.wav -47000 1 end-alone.wav delta.wav
ok 'others read it, too' eval \
  '! command -v sox >/dev/null || [ "$(sox --i -s large.wav)" = $((n + 99)) ]'
plan
