#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""RMS error over the Cramér-Rao bound, for white noise and for speech in white noise.

The bound is that of Knapp and Carter (1976), 1 / (2 T integral of (2 pi f)^2 C / (1 - C) df), with the coherence C that
follows from the long-term spectrum of the clean signal and the noise, which is independent and as strong in both.
"""

import argparse
import os
import tempfile

import numpy as np
import soundfile
from scipy import signal

from families import cut
from material import RATE, Library
from score import estimate

SECONDS = 10.0


def bound(clean, noise_power, overlap):
    """Standard deviation in seconds; the spectra are two-sided densities."""
    f, power = signal.welch(clean, RATE, nperseg=8192, return_onesided=False)
    s = power[: f.size // 2]
    f = f[: f.size // 2]
    n = noise_power / RATE
    ratio = s**2 / ((s + n) ** 2 - s**2)
    information = 2 * overlap * ((2 * np.pi * f) ** 2 * ratio).sum() * (f[1] - f[0])
    return 1 / np.sqrt(information)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default="build/bench/delay/delay_estimate")
    parser.add_argument("--count", type=int, default=50, help="pairs an SNR")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    library = Library(held_out=True)
    print(f"{'signal':8} {'SNR, dB':>8} {'RMSE / bound':>12} {'median / bound':>14} {'wrong':>6}")
    for kind in ("white", "speech"):
        for snr_db in (40, 20, 10, 0, -5):
            with tempfile.TemporaryDirectory() as folder:
                pairs, bounds = [], []
                for i in range(options.count):
                    rng = np.random.default_rng([options.seed, i, snr_db + 100, kind == "white"])
                    x, _, _ = library.draw(rng, SECONDS + 4, kind)
                    delay = rng.uniform(-0.5, 0.5)
                    a, b = cut(x, rng, SECONDS, SECONDS, delay)
                    power = a.var() * 10 ** (-snr_db / 10)
                    bounds.append(bound(a, power, SECONDS - abs(delay)))
                    paths = [os.path.join(folder, f"{i}{side}.wav") for side in "ab"]
                    for path, y in zip(paths, (a, b)):
                        soundfile.write(path, y + rng.standard_normal(y.size) * np.sqrt(power), RATE, "FLOAT")
                    pairs.append({"a": paths[0], "b": paths[1], "delay_s": delay})
                found = estimate(options.program, pairs)
            ratios = np.array([(f["delay_s"] - p["delay_s"]) / s for f, p, s in zip(found, pairs, bounds)])
            errors = np.array([abs(f["delay_s"] - p["delay_s"]) for f, p in zip(found, pairs)])
            print(f"{kind:8} {snr_db:8} {np.sqrt((ratios**2).mean()):12.3f} {np.median(np.abs(ratios)) / 0.6745:14.3f} "
                  f"{(errors > 1e-3).sum():6}", flush=True)


if __name__ == "__main__":
    main()
