#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors

"""Sessions in Ardour: made, saved, moved, loaded by a new process, exported.

Arguments: the folder of the bundle's folder, the tool, ardour7-lua. The export
must equal what the tool makes of the same files.
"""

import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import wav
from ardour_session import RATE, Ardour, move, put_audio

N_DRY = 2 * RATE
N_OUT = 3 * RATE
BOUND_DB = -110.0  # Single precision, and transforms of other sizes

# Wet in dB: slopes, a jump, rests; 25 frames are two of Ardour's ticks
LINE = [
    (0, -30.0),
    (RATE // 4, -30.0),
    (RATE, 0.0),
    (3 * RATE // 2, -20.0),
    (3 * RATE // 2 + 25, -6.0),
    (2 * RATE, -6.0),
    (5 * RATE // 2, 6.0),
    (N_OUT, 6.0),
]

# A line is read once in a cycle of at most 1024 frames; the plugin takes a new
# target each quarter of a ramp, and is there after a ramp of 30 ms
LATEST = 1024 + int(0.0375 * RATE) + 2


class Case:
    """A folder with a home for Ardour, a dry signal, and what is expected."""

    def __init__(self, folder, bundles, tool, program):
        self.folder = folder
        self.tool = tool
        self.bundles = folder / "bundles"
        shutil.copytree(bundles, self.bundles, symlinks=True)
        self.ardour = Ardour(program, folder / "home", self.bundles)
        noise = random.Random(1)
        self.dry = [
            [noise.uniform(-0.1, 0.1) for _ in range(N_DRY)] for _ in range(2)
        ]

    def session(self, preset, settings=""):
        """Make a session, with the bare response at full level."""
        session = self.folder / "session"
        levels = 'set("Dry", -90) set("Wet", 0) set("Match level", 0)\n'
        self.ardour.create(session, preset, levels + settings)
        put_audio(session, self.dry)
        return session

    def export(self, session):
        return self.ardour.export(session, N_OUT)

    def ir(self, file):
        return self.bundles / "faltung.lv2" / "ir" / file

    def expected(self, file):
        wav.write(self.folder / "dry.wav", self.dry, RATE)
        subprocess.run(
            [
                self.tool, "convolve", "--quiet", self.folder / "dry.wav",
                self.ir(file), "-o", self.folder / "wet.wav",
            ],
            check=True,
        )  # fmt: skip
        wet = wav.read(self.folder / "wet.wav")
        return [(w + [0.0] * N_OUT)[:N_OUT] for w in wet]


def moved(case, preset, file):
    expected = case.expected(file)
    session = case.session(preset)
    place = case.folder / "moved"
    move(session, place)
    case.ir(file).unlink()
    return wav.difference_db(case.export(place), expected, N_OUT)


def a_moved_session_brings_its_plate_along_when_the_file_is_gone(case):
    return moved(case, "Plate", "plate.wav")


def a_moved_session_brings_its_hall_along_when_the_file_is_gone(case):
    return moved(case, "Concert Hall", "concert-hall.wav")


def a_session_saved_without_its_file_finds_it_when_it_is_back(case):
    expected = case.expected("plate.wav")
    session = case.session("Plate")
    file = case.ir("plate.wav")
    file.rename(case.folder / "away.wav")
    case.ardour.save_again(session)
    (case.folder / "away.wav").rename(file)
    return wav.difference_db(case.export(session), expected, N_OUT)


def line_db(t):
    for (t0, db0), (t1, db1) in zip(LINE, LINE[1:]):
        if t <= t1:
            return db0 + (db1 - db0) * max(t - t0, 0) / (t1 - t0)
    return LINE[-1][1]


def an_automation_line_of_wet_is_saved_and_followed(case):
    """Between its extremes of the last moments, at each sample.

    Returns what lies outside of that, RMS, against what was expected.
    """
    points = ", ".join(f"{{{t}, {db}}}" for t, db in LINE)
    session = case.session("Plate", f'draw("Wet", {{{points}}})')
    exported = case.export(session)
    wet = case.expected("plate.wav")

    outside, energy = 0.0, 0.0
    for t in range(N_OUT):
        ends = [line_db(t), line_db(max(t - LATEST, 0))]
        ends += [db for u, db in LINE if t - LATEST < u < t]
        low, high = 10 ** (min(ends) / 20), 10 ** (max(ends) / 20)
        for c in range(2):
            near, far = sorted((low * wet[c][t], high * wet[c][t]))
            outside += max(near - exported[c][t], exported[c][t] - far, 0) ** 2
            energy += far**2
    return wav.ratio_db(outside, energy)


def main():
    bundles, tool, program = sys.argv[1:4]
    tests = [
        a_moved_session_brings_its_plate_along_when_the_file_is_gone,
        a_moved_session_brings_its_hall_along_when_the_file_is_gone,
        a_session_saved_without_its_file_finds_it_when_it_is_back,
        an_automation_line_of_wet_is_saved_and_followed,
    ]
    if not shutil.which(program):
        print("1..0 # SKIP no Ardour here")
        return
    print(f"1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        name = test.__name__.replace("_", " ")
        with tempfile.TemporaryDirectory(prefix="faltung-ardour-") as folder:
            db = test(
                Case(
                    pathlib.Path(folder),
                    pathlib.Path(bundles).resolve(),
                    tool,
                    program,
                )
            )
        print(f"# against the tool {db:.1f} dB")
        good = db <= BOUND_DB  # Which a NaN is not
        print(f"{'ok' if good else 'not ok'} {number} - {name}")


if __name__ == "__main__":
    main()
