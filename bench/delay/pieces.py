#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""How well `faltung delay --pieces` finds where and how a delay jumps.

Recordings of half a minute from which frames are dropped, or into which silence
is put, at known times. A piece is right if it is told once, with its delay to
1 ms, over most of its time; its ends, where the delay jumps, if they are told to
a quarter of a second of what is heard. A pair is right if all of its pieces are,
and no other is told.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import numpy as np
import soundfile
from families import RATE, add_noise, cut, reverberate
from material import Library
from scipy import interpolate

SECONDS = 30.0
RIGHT_S = 0.001
END_S = 0.25
LEAST_S = 1.5  # Between jumps

FAMILIES = {
    "no jump": {"jumps": 0},
    "no jump, drift": {"jumps": 0, "drift": True},
    "no jump, 10 dB": {"jumps": 0, "snr_db": 10.0},
    "one drop": {"jumps": 1},
    "short drops": {"jumps": 3, "least_s": 0.003, "most_s": 0.02},
    "several drops": {"jumps": 4},
    "silence put in": {"jumps": 2, "inserts": True},
    "drops and drift": {"jumps": 3, "drift": True},
    "drops, 10 dB": {"jumps": 3, "snr_db": 10.0},
    "drops, reverberant": {"jumps": 3, "room": True},
    "long drop": {"jumps": 1, "least_s": 0.5, "most_s": 3.0},
}


def jump_times(rng, n):
    while True:
        times = np.sort(rng.uniform(2.0, SECONDS - 4.0, n))
        if n < 2 or np.diff(times).min() > LEAST_S:
            return times


def make(rng, library, jumps, drift=False, snr_db=None, inserts=False, room=False,
         least_s=0.02, most_s=0.3):  # fmt: skip
    """Return a, b and the pieces: (start, end) in a's time, delay at a time of a."""
    kind = rng.choice(["speech", "speech", "music", "drums", "noise"])
    x, _, _ = library.draw(rng, SECONDS + 8.0, kind)
    delay = float(rng.uniform(-1.0, 1.0))
    a, b = cut(x, rng, SECONDS, SECONDS, delay)
    slope = float(rng.uniform(-1e-4, 1e-4)) if drift else 0.0
    if drift:
        # b[u] was x(u); now what was at u is at u * (1 + slope)
        t = np.arange(b.size) / (1.0 + slope)
        b = interpolate.CubicSpline(np.arange(b.size), b)(np.minimum(t, b.size - 1))
    if room:
        b = reverberate(rng, b, rng.uniform(0.2, 0.6), rng.uniform(0.0, 8.0))

    # In b, from its end on, so that earlier times stay as they are
    times = jump_times(rng, jumps)
    sizes = [int(rng.uniform(least_s, most_s) * RATE) for _ in times]
    pieces, lag, start = [], delay, max(0.0, -delay)
    parts, at = [], 0
    for time, size in zip(times, sizes):
        cut_at = int((time + delay + slope * time) * RATE)  # In b as it was
        if cut_at < RATE or cut_at > b.size - RATE:
            continue
        heard = (cut_at / RATE - delay) / (1.0 + slope)  # In a
        pieces.append((start, heard, lag))
        parts.append(b[at:cut_at])
        if inserts and rng.random() < 0.7:
            parts.append(np.zeros(size))
            lag += size / RATE
            at, start = cut_at, heard
        else:
            lag -= size / RATE
            at = cut_at + size
            start = (at / RATE - delay) / (1.0 + slope)
    parts.append(b[at:])
    end = min(SECONDS, (b.size / RATE - delay) / (1.0 + slope))
    pieces.append((start, end, lag))
    b = np.concatenate(parts)
    if snr_db is not None:
        b = add_noise(rng, b, snr_db)
    return a, b, [(s, e, d, slope) for s, e, d in pieces]


def is_heard(a, start, end):
    """Whether there is sound in a, no more than 40 dB below the whole."""
    part = a[int(max(0.0, start) * RATE) : int(end * RATE)]
    return part.size > 0 and part.std() > 0.01 * a.std()


def judge(a, truth, told):
    """Return how many pieces are right, how many of their ends, and others told."""
    right, ends, used = 0, 0, set()
    for number, (start, end, delay, slope) in enumerate(truth):
        best, most = None, (end - start) / 2.0
        for i, piece in enumerate(told):
            middle = (piece["start_seconds"] + piece["end_seconds"]) / 2.0
            common = min(piece["end_seconds"], end) - max(piece["start_seconds"], start)
            if abs(piece["delay_seconds"] - delay - slope * middle) < RIGHT_S and common > most:
                best, most = i, common
        if best is None:
            continue
        right += 1
        used.add(best)
        first, last = told[best]["start_seconds"], told[best]["end_seconds"]
        if number:
            near = start - END_S < first
            ends += near and (first - END_S < start or not is_heard(a, start, first - END_S))
        if number + 1 < len(truth):
            near = last < end + END_S
            ends += near and (end < last + END_S or not is_heard(a, last + END_S, end))
    return right, ends, len(told) - len(used)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="the built faltung")
    parser.add_argument("--count", type=int, default=20, help="pairs a family")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tuning", action="store_true", help="recordings for tuning")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    library = Library(not arguments.tuning)
    totals = np.zeros(7, int)
    print(f"{'family':20s} pairs right | pieces right |  ends right | others")
    with tempfile.TemporaryDirectory(prefix="faltung-pieces-") as name:
        folder = pathlib.Path(name)
        for number, (family, options) in enumerate(FAMILIES.items()):
            row = np.zeros(7, int)
            for i in range(arguments.count):
                rng = np.random.default_rng([arguments.seed, number, i])
                a, b, truth = make(rng, library, **options)
                for n, x in (("a.wav", a), ("b.wav", b)):
                    soundfile.write(folder / n, 0.7 * x / np.abs(x).max(), RATE, subtype="PCM_24")
                done = subprocess.run(
                    [arguments.program, "delay", "--pieces", "--json", folder / "a.wav", folder / "b.wav"],
                    capture_output=True, text=True,
                )  # fmt: skip
                told = json.loads(done.stdout).get("pieces", []) if done.stdout else []
                right, ends, others = judge(a, truth, told)
                row += (1, right == len(truth) and not others, len(truth), right, 2 * len(truth) - 2, ends, others)
                if arguments.verbose and (right < len(truth) or others):
                    print(f"  {family} {i}: true", [tuple(round(v, 4) for v in p) for p in truth])
                    for p in told:
                        print("    told", {k: round(v, 4) if isinstance(v, float) else v for k, v in p.items()})
            totals += row
            print(f"{family:20s} {row[0]:5d} {row[1]:5d} | {row[2]:6d} {row[3]:5d} | {row[4]:5d} {row[5]:5d} | {row[6]:6d}", flush=True)
    print(f"{'all':20s} {totals[0]:5d} {totals[1]:5d} | {totals[2]:6d} {totals[3]:5d} | {totals[4]:5d} {totals[5]:5d} | {totals[6]:6d}")


if __name__ == "__main__":
    main()
