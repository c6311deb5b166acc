#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""Write a second set of pairs, hostile and of other recordings: DIR/pairs.jsonl and WAV files, for ../score.py."""

import argparse
import json
import os
import zlib

import numpy as np
import soundfile

from devices import DEVICES
from material import RATE, resample
from unrelated import UNRELATED
from world import WORLD


def write(path, x, rate, subtype):
    x = resample(x, RATE, rate)
    if subtype == "FLOAT":
        soundfile.write(path, x, rate, subtype)
    else:
        soundfile.write(path, x * min(1.0, 0.99 / (np.abs(x).max() + 1e-12)), rate, subtype)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=30, help="pairs a family")
    parser.add_argument("--family", action="append", help="only this one")
    options = parser.parse_args()

    os.makedirs(options.folder, exist_ok=True)
    with open(os.path.join(options.folder, "pairs.jsonl"), "w") as listing:
        for family, make in {**WORLD, **DEVICES, **UNRELATED}.items():
            if options.family and family not in options.family:
                continue
            for i in range(options.count):
                rng = np.random.default_rng([options.seed, zlib.crc32(family.encode()), i])
                pair = make(rng)
                stem = os.path.join(options.folder, f"{family.replace(' ', '_').replace(',', '')}-{i:03}")
                write(stem + "-a.wav", pair.a, pair.rate_a, pair.subtype)
                write(stem + "-b.wav", pair.b, pair.rate_b, pair.subtype)
                print(json.dumps({
                    "family": family, "a": stem + "-a.wav", "b": stem + "-b.wav", "delay_s": pair.delay,
                    "drift_ppm": pair.drift * 1e6, "inverted": pair.inverted, "match": pair.match,
                    "notes": pair.notes}), file=listing, flush=True)


if __name__ == "__main__":
    main()
