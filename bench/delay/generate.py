#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""Write pairs of recordings with known delays: DIR/pairs.jsonl and WAV files."""

import argparse
import json
import os

import numpy as np
import soundfile

from families import FAMILIES
from material import Library


def write(path, x, rate, subtype):
    x = np.atleast_2d(x.T).T
    if subtype == "FLOAT":
        soundfile.write(path, x, rate, "FLOAT")
        return
    peak = np.abs(x).max()
    soundfile.write(path, x * min(1.0, 0.99 / (peak + 1e-12)), rate, subtype)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20, help="pairs a family")
    parser.add_argument("--unrelated", type=int, help="unrelated pairs (default: three times the count)")
    parser.add_argument("--held-out", action="store_true", help="from recordings never tuned on")
    parser.add_argument("--family", action="append", help="only this one")
    options = parser.parse_args()

    library = Library(options.held_out)
    os.makedirs(options.folder, exist_ok=True)
    with open(os.path.join(options.folder, "pairs.jsonl"), "w") as listing:
        for f, (family, make) in enumerate(FAMILIES.items()):
            if options.family and family not in options.family:
                continue
            count = options.count
            if family == "unrelated":
                count = options.unrelated or 3 * count
            for i in range(count):
                rng = np.random.default_rng([options.seed, options.held_out, f, i])
                pair = make(rng, library)
                stem = os.path.join(options.folder, f"{family.replace(' ', '_')}-{i:03}")
                write(stem + "-a.wav", pair.a, pair.rate_a, pair.subtype)
                write(stem + "-b.wav", pair.b, pair.rate_b, pair.subtype)
                print(json.dumps({
                    "family": family, "a": stem + "-a.wav", "b": stem + "-b.wav", "delay_s": pair.delay,
                    "drift_ppm": pair.drift * 1e6, "inverted": bool(pair.inverted), "match": pair.match,
                    "notes": {k: v for k, v in pair.notes.items() if k != "names"}}, default=str), file=listing)


if __name__ == "__main__":
    main()
