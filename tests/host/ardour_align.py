#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors

"""Sessions of `faltung align --ardour` in Ardour: loaded, saved, exported.

Arguments: the tool, ardour7-lua. The export must equal the sum of the files,
each at its place.
"""

import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import wav
from ardour_session import RATE, Ardour

N = 3 * RATE
BOUND_DB = -120.0  # Sums in single precision; a sample's shift gives +3 dB

# Of three recordings of one sound: what each misses of its start
MISSED = {'re&f "1".wav': 4321, "b.wav": 0, "c: <2>.wav": 12345}


def make_recordings(folder):
    noise = random.Random(1)
    sound = [[noise.uniform(-0.2, 0.2) for _ in range(N)] for _ in range(2)]
    paths = []
    for name, missed in MISSED.items():
        paths.append(folder / name)
        wav.write(paths[-1], [channel[missed:] for channel in sound], RATE)
    return sound, paths


def expected(sound):
    """What is heard of all: each from its start on."""
    total = [[0.0] * N for _ in sound]
    for missed in MISSED.values():
        for c, channel in enumerate(sound):
            for t in range(missed, N):
                total[c][t] += channel[t]
    return total


def session_of(case):
    folder, tool, _ = case
    sound, paths = make_recordings(folder)
    session = folder / "session"
    session.mkdir()
    done = subprocess.run(
        [tool, "align", "--ardour", *paths], stdout=subprocess.PIPE, check=True
    )
    (session / "test.ardour").write_bytes(done.stdout)
    return sound, session


def a_session_plays_each_file_at_its_place(case):
    sound, session = session_of(case)
    exported = case[2].export(session, N)
    return wav.difference_db(exported, expected(sound), N)


def a_session_that_ardour_has_saved_does_too(case):
    sound, session = session_of(case)
    case[2].save_again(session)
    exported = case[2].export(session, N)
    return wav.difference_db(exported, expected(sound), N)


def main():
    tool, program = sys.argv[1:3]
    tests = [
        a_session_plays_each_file_at_its_place,
        a_session_that_ardour_has_saved_does_too,
    ]
    if not shutil.which(program):
        print("1..0 # SKIP no Ardour here")
        return
    print(f"1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        name = test.__name__.replace("_", " ")
        with tempfile.TemporaryDirectory(prefix="faltung-ardour-") as temporary:
            folder = pathlib.Path(temporary)
            ardour = Ardour(program, folder / "home", folder / "no plugins")
            db = test((folder, tool, ardour))
        print(f"# against the files {db:.1f} dB")
        good = db <= BOUND_DB  # Which a NaN is not
        print(f"{'ok' if good else 'not ok'} {number} - {name}")


if __name__ == "__main__":
    main()
