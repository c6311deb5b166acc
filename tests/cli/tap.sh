# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# What the tests of the program share: TAP, a folder of their own, and words for
# what is expected. Called as: script.sh FALTUNG SOUNDS

set -u
faltung=$(realpath "$1")
sounds=$(realpath "$2")
folder=$(mktemp -d)
cd "$folder" || exit 1
count=0
status=0

finish()
{
  cd / && rm -rf "$folder"
}
trap finish EXIT

# Run something, keep its exit status, output and messages
run()
{
  "$@" >stdout 2>stderr </dev/null
  status=$?
}

# ok SENTENCE COMMAND...: one test
ok()
{
  local sentence=$1
  shift
  count=$((count + 1))
  if "$@" >>log 2>&1; then
    echo "ok $count - $sentence"
  else
    echo "not ok $count - $sentence"
    echo "# $* (status $status)"
    sed 's/^/# /' stderr log 2>/dev/null | tail -n 6
  fi
  : >log
}

skip()
{
  count=$((count + 1))
  echo "ok $count - $1 # SKIP $2"
}

plan()
{
  echo "1..$count"
}

# What can be expected after run
ended_with()
{
  [ "$status" -eq "$1" ]
}

# One line of message that holds some words, and the status
failed_with()
{
  [ "$status" -eq "$1" ] && [ "$(wc -l <stderr)" -eq 1 ] && grep -qF -- "$2" stderr
}

said()
{
  grep -qF -- "$1" stderr
}

# Nothing is left of a temporary, here or in a folder
no_trace()
{
  ! ls -A "${1:-.}" | grep -q '^\.faltung-'
}

no_file()
{
  [ ! -e "$1" ] && no_trace "$(dirname "$1")"
}

# both COMMAND... -- COMMAND...: two expectations
both()
{
  local first=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    first+=("$1")
    shift
  done
  shift
  "${first[@]}" && "$@"
}

make_sound()
{
  "$sounds" make "$@" || echo "Bail out! cannot make $1"
}
