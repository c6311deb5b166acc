# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# What scripts/test, scripts/demo and .ci/run share: telling what happens,
# installing Debian packages, building. Sourced, never run; the sourcing script
# has gone to the root of the tree and says open_log first.

# What compiling needs
build_packages='gcc libc6-dev meson ninja-build pkg-config lv2-dev
  libsndfile1-dev libfftw3-dev libsoxr-dev libpopt-dev libjansson-dev
  libebur128-dev libexpat1-dev'

# What the default tests need on top; no DAW, no sound server
test_packages='libcmocka-dev liblilv-dev lilv-utils sordi python3'

# Tell which step begins
say()
{
  printf '\n== %s\n' "$*"
}

# Tell a detail of the step
note()
{
  printf '   %s\n' "$*"
}

die()
{
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Keep what commands print in FOLDER/commands.log
open_log()
{
  mkdir -p "$1"
  log=$PWD/$1/commands.log
  : >"$log"
}

# Run a command with its output in the log; on failure show the end of it
quietly()
{
  if ! "$@" >>"$log" 2>&1; then
    tail -n 30 "$log" >&2
    die "'$*' failed; all of its output is in $log"
  fi
}

as_root()
{
  if [ "$(id -u)" -eq 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  elif command -v sudo >/dev/null; then
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  else
    die "needs root (or sudo) once, to run: $*"
  fi
}

# Print those of the named packages (NAME, or NAME:ARCHITECTURE) that are not
# installed
missing_packages()
{
  for package; do
    case $package in
    *:*) architecture=${package#*:} ;;
    *) architecture=$(dpkg --print-architecture) ;;
    esac
    dpkg-query -W -f='${Architecture} ${db:Status-Status}\n' "$package" \
      2>/dev/null | grep -qxE "($architecture|all) installed" ||
      printf '%s\n' "$package"
  done
}

# Install what is missing of the named packages, without recommended extras
install_packages()
{
  missing=$(missing_packages "$@" | tr '\n' ' ')
  if [ -z "$missing" ]; then
    note 'Everything needed is installed already.'
    return
  fi
  command -v apt-get >/dev/null ||
    die "this is not a Debian system; install what corresponds to: $missing"
  note "Missing: $missing"
  quietly as_root apt-get -q -o DPkg::Lock::Timeout=300 update
  # shellcheck disable=SC2086
  quietly as_root apt-get -q -y -o DPkg::Lock::Timeout=300 \
    --no-install-recommends install $missing
  note 'Installed.'
}

# Configure and build: build_in FOLDER [MESON OPTION...]
build_in()
{
  folder=$1
  shift
  if [ -f "$folder/build.ninja" ]; then
    quietly meson setup --reconfigure "$folder" "$@"
  else
    quietly meson setup "$folder" "$@"
  fi
  quietly ninja -C "$folder"
}
