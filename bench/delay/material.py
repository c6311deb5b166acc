# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""Recordings of Debian packages, and noise; those for tuning and for judging are apart."""

import functools
import hashlib
import subprocess
from fractions import Fraction

import numpy as np
import soundfile
from scipy import fft, signal

PACKAGES = {
    "speech": ["asterisk-core-sounds-en-wav", "pocketsphinx-testdata", "alsa-utils"],
    "music": ["sonic-pi-samples", "supercollider-common"],
    "drums": ["hydrogen-drumkits"],
}
ENDINGS = (".wav", ".flac", ".aif", ".aiff")
RATE = 48000


def is_held_out(path):
    """Half of the recordings, by a hash of the name without its number."""
    name = path.rsplit("/", 1)[-1].lower()
    stem = "".join(c for c in name if not c.isdigit())
    return hashlib.sha256(stem.encode()).digest()[0] % 2 == 1


def list_recordings(held_out):
    found = {}
    for kind, packages in PACKAGES.items():
        paths = []
        for package in packages:
            listing = subprocess.run(["dpkg", "-L", package], capture_output=True, text=True)
            paths += [p for p in listing.stdout.splitlines() if p.lower().endswith(ENDINGS)]
        entries = []
        for path in sorted(paths):
            try:
                info = soundfile.info(path)
            except RuntimeError:
                continue
            if info.duration >= 0.3 and is_held_out(path) == held_out:
                entries.append((path, info.duration))
        found[kind] = entries
    return found


def resample(x, source, target):
    if source == target:
        return x
    ratio = Fraction(int(target), int(source))
    return signal.resample_poly(x, ratio.numerator, ratio.denominator, window=("kaiser", 12.0))


@functools.lru_cache(maxsize=200)
def read(path, rate=RATE):
    """One channel at a rate, peak 0.5."""
    x, source = soundfile.read(path, dtype="float64", always_2d=True)
    x = resample(x[:, 0], source, rate)
    x = x - x.mean()
    return x * (0.5 / (np.abs(x).max() + 1e-12))


def coloured_noise(rng, n, exponent):
    x = rng.standard_normal(n)
    if exponent:
        size = fft.next_fast_len(n, real=True)
        spectrum = fft.rfft(x, size)
        f = np.arange(spectrum.size) * (n / size) + 1.0
        x = fft.irfft(spectrum * f ** (-exponent / 2.0), size)[:n]
    return x * (0.1 / x.std())


class Library:
    """Draws programme material; a draw tells which recordings it used."""

    def __init__(self, held_out):
        self.recordings = list_recordings(held_out)

    def draw(self, rng, seconds, kind=None, avoid=()):
        """Return (samples, names, kind): recordings one after the other, or noise."""
        if kind is None:
            kind = rng.choice(["speech", "speech", "music", "music", "drums", "noise"])
        n = int(seconds * RATE)
        if kind in ("noise", "white"):
            exponent = 0.0 if kind == "white" else rng.choice([0.0, 1.0, 2.0])
            return coloured_noise(rng, n, exponent), (), kind
        choice = [e for e in self.recordings[kind] if e[0] not in avoid]
        long = [e for e in choice if e[1] >= 2.0]
        if kind != "speech" or rng.random() < 0.5:
            choice = long
        pieces, names, have = [], [], 0
        room = coloured_noise(rng, n, 1.0) * 10.0 ** (rng.uniform(-60, -30) / 20.0)
        while have < n:
            path, _ = choice[rng.integers(len(choice))]
            if path in names and len(names) < len(choice):
                continue
            x = read(path)
            gap = np.zeros(int(rng.uniform(0.0, 0.4) * RATE))
            pieces += [x, gap]
            names.append(path)
            have += x.size + gap.size
        x = np.concatenate(pieces)[:n]
        return x + room * x.std(), tuple(names), kind
