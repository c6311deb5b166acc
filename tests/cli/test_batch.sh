#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# Many files: folders, manifests, shards, and runs that are taken up again.

. "$(dirname "$0")/tap.sh"

mkdir -p in/deep/er in/.hidden
make_sound ir.wav float 16000 1 800 decay 1
make_sound other.wav float 16000 1 800 decay 2
for i in 1 2 3 4 5 6 7; do
  make_sound in/$i.wav pcm16 16000 1 4000 noise $i
done
make_sound in/deep/a.flac flac 16000 1 4000 noise 8
make_sound in/deep/er/b.wav float 16000 2 4000 noise 9
make_sound in/.hidden/c.wav float 16000 2 4000 noise 9
echo text >in/notes.txt

run "$faltung" convolve in --ir ir.wav -o out/
ok 'a folder is mirrored' both ended_with 0 -- \
  test "$(cd out && find . -type f | sort | tr '\n' ' ')" = \
  './1.wav ./2.wav ./3.wav ./4.wav ./5.wav ./6.wav ./7.wav ./deep/a.flac ./deep/er/b.wav '
ok 'and each file is what it is alone' eval '
  for f in 1.wav deep/a.flac deep/er/b.wav; do
    "$faltung" convolve -q in/$f ir.wav -o alone.${f##*.} --force &&
      cmp alone.${f##*.} out/$f || exit 1
  done'
run "$faltung" convolve in --ir ir.wav -o out/
ok 'again without --force: each fails, and is as it was' both \
  ended_with 1 -- said '9 of 9 files failed'
rm out/3.wav
run "$faltung" convolve in --ir ir.wav -o out/ --resume --json
ok '--resume does what is missing' both ended_with 0 -- eval '
  test "$(grep -c "\"status\":\"skipped\"" stdout)" = 8 &&
  test "$(grep -c "\"status\":\"done\"" stdout)" = 1 && test -s out/3.wav'
run "$faltung" convolve in --ir ir.wav -o in/inner/
run "$faltung" convolve in --ir ir.wav -o in/inner/ --resume
ok 'an output folder within the input is not an input' both ended_with 0 -- \
  test ! -e in/inner/inner
rm -r in/inner
for jobs in 1 2 5; do
  run "$faltung" convolve in --ir ir.wav -o jobs$jobs/ --jobs $jobs
  ok "$jobs jobs give the same files" diff -r out jobs$jobs
done
run "$faltung" convolve in/1.wav in/2.wav --ir ir.wav -o several/
ok 'several files go into a folder' both ended_with 0 -- cmp several/2.wav out/2.wav
run "$faltung" convolve in/deep in/deep --ir ir.wav -o twice/
ok 'two recordings with one output are refused' both \
  failed_with 1 'is the output of two' -- test ! -e twice
echo broken >in/bad.wav
run "$faltung" convolve in --ir ir.wav -o partly/
ok 'one bad file: exit 1, and the others are there' both ended_with 1 -- \
  test "$(find partly -type f | wc -l)" = 9
ok 'the bad one is named' said 'in/bad.wav'
rm in/bad.wav

run "$faltung" convolve in --ir ir.wav -o flac/ --format flac
ok '--format gives the extension' both ended_with 0 -- test -s flac/1.flac -a ! -e flac/1.wav

# Shards
for i in 1 2 3; do
  run "$faltung" convolve in --ir ir.wav -o shards/ --shard $i/3
done
ok 'shards leave nothing out, and do nothing twice' both ended_with 0 -- diff -r out shards
for i in 10 12 14; do
  SLURM_ARRAY_TASK_ID=$i SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_STEP=2 \
    SLURM_ARRAY_TASK_COUNT=3 run "$faltung" convolve in --ir ir.wav -o slurm/
done
ok 'the shard is taken from a Slurm array' both ended_with 0 -- diff -r out slurm
for shard in 0/3 4/3 1 x/3 1/; do
  run "$faltung" convolve in --ir ir.wav -o x/ --shard $shard
  ok "--shard $shard is usage" failed_with 2 --shard
done

# Manifests
printf 'in/1.wav\tir.wav\t1.wav\nin/2.wav\tother.wav\tsub/2.wav\t-6.0206\n' >list.tsv
run "$faltung" convolve --manifest list.tsv -o tsv
ok 'a manifest of tab-separated values' both ended_with 0 -- cmp tsv/1.wav out/1.wav
ok 'with a gain' "$sounds" check -59 tsv/sub/2.wav 0 0.5 in/2.wav other.wav
printf 'output\tinput\tir\tir\n1.wav\tin/1.wav\tir.wav\tother.wav\n' >names.tsv
run "$faltung" convolve --manifest names.tsv -o names
ok 'a line of names, and a chain of responses' "$sounds" check -50 names/1.wav 0 1 in/1.wav ir.wav other.wav
printf '%s\n' '{"input":"in/1.wav"}' '' \
  '{"input":"in/2.wav","ir":["other.wav"],"output":"sub/2.wav","gain":-6.0206}' >list.jsonl
run "$faltung" convolve --manifest list.jsonl --ir ir.wav -o jsonl
ok 'a manifest of JSON Lines' diff -r tsv jsonl
run "$faltung" convolve --manifest - --ir ir.wav -o stdin <list.jsonl
"$faltung" convolve -q --manifest - --ir ir.wav -o stdin <list.jsonl
ok 'a manifest through a pipe' diff -r tsv stdin
while IFS= read -r line; do
  printf 'in/1.wav\tir.wav\tx1.wav\n%b\n' "$line" >bad.tsv
  run "$faltung" convolve --manifest bad.tsv -o x
  ok "a bad line is named, and nothing is done: $line" both \
    failed_with 1 'bad.tsv, line 2' -- test ! -e x
done <<'END'
in/1.wav\tir.wav\ty.wav\tloud
in/1.wav\tir.wav\ty.wav\t0\tmore
\tir.wav\ty.wav
in/1.wav
{"input":"in/1.wav","ir":3}
{"input":"in/1.wav","if":"ir.wav"}
{"input":"in/1.wav"
END
run "$faltung" convolve --manifest list.tsv in/1.wav -o x
ok 'a manifest and files are usage' failed_with 2 'manifest'

# Choice
run "$faltung" convolve in --ir ir.wav --ir other.wav --choose 7 -o choice/ --json
ok 'a choice of responses takes one for each file' both ended_with 0 -- eval '
  ! grep -q "\"ir\":\[\"[^\"]*\",\"" stdout &&
  grep -q "\"ir\":\[\"ir.wav\"\]" stdout && grep -q "\"ir\":\[\"other.wav\"\]" stdout'
for i in 1 2; do
  run "$faltung" convolve in --ir ir.wav --ir other.wav --choose 7 -o choice2/ --shard $i/2
done
ok 'the same one whatever the shards' diff -r choice choice2
run "$faltung" convolve in --ir ir.wav --ir other.wav --choose 8 -o choice3/
ok 'another one with another seed' eval '! diff -rq choice choice3'

# Killed in the middle, and taken up again
for i in $(seq 300); do
  printf 'in/%d.wav\tir.wav\t%03d.wav\n' $((i % 7 + 1)) "$i"
done >many.tsv
"$faltung" convolve --manifest many.tsv -o whole || echo "Bail out!"
for delay in 0.05 0.1 0.2; do
  timeout -s KILL $delay "$faltung" convolve --manifest many.tsv -o killed --resume 2>/dev/null
done
ok 'what a killed run leaves is whole' eval '
  for f in killed/*.wav; do [ ! -e "$f" ] || cmp "$f" whole/${f##*/} || exit 1; done'
run "$faltung" convolve --manifest many.tsv -o killed --resume
rm -f killed/.faltung-*
ok 'and taken up again it is all there' both ended_with 0 -- diff -r whole killed
for i in 1 2 3; do
  "$faltung" convolve -q --manifest many.tsv -o together --resume --jobs 1 2>>together.err &
  together[i]=$!
done
status=0
for i in 1 2 3; do
  wait ${together[i]} || status=$?
done
ok 'three runs over one list at once do not hinder each other' both \
  ended_with 0 -- diff -r whole together
timeout -s TERM 0.1 "$faltung" convolve --manifest many.tsv -o ended
ok 'SIGTERM in the middle leaves no temporary' no_trace ended
if command -v parallel >/dev/null && parallel --version 2>/dev/null | grep -q 'GNU parallel'; then
  parallel --will-cite -j 4 "$faltung" convolve -q in/{} ir.wav -o parallel/{} \
    ::: 1.wav 2.wav 3.wav 4.wav 5.wav 2>/dev/null
  mkdir -p parallel
  parallel --will-cite -j 4 "$faltung" convolve -q in/{} ir.wav -o parallel/{} \
    ::: 1.wav 2.wav 3.wav 4.wav 5.wav
  status=$?
  ok 'GNU parallel' both ended_with 0 -- eval \
    'for f in parallel/*; do cmp $f out/${f##*/} || exit 1; done'
else
  skip 'GNU parallel' 'it is not installed'
fi
plan
