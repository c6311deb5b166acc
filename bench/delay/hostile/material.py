# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""Recordings of Debian packages that the estimator was not tuned on, and what happens to sound on its way."""

import functools
import hashlib
import subprocess
from fractions import Fraction

import numpy as np
import soundfile
from scipy import fft, signal

RATE = 48000
SOUND = 343.0  # m/s
PACKAGES = {
    "actors": ["fillets-ng-data-nl"],
    "telephone": ["asterisk-core-sounds-fr-wav", "asterisk-core-sounds-ru-wav"],
    "letters": ["klettres-data"],
    "music": ["wesnoth-1.16-music", "hyperrogue-music", "colobot-common-sounds", "asterisk-moh-opsound-wav"],
    "effects": ["lomiri-sounds", "oxygen-sounds", "sound-theme-freedesktop", "lmms-common"],
    "keys": ["bucklespring-data"],
}
ENDINGS = (".wav", ".ogg", ".oga", ".flac")


@functools.lru_cache(maxsize=None)
def recordings(kind):
    """Paths and durations, in order; of equal recordings, which some packages have, the first."""
    entries, known = [], set()
    for package in PACKAGES[kind]:
        listing = subprocess.run(["dpkg", "-L", package], capture_output=True, text=True)
        for path in sorted(p for p in listing.stdout.splitlines() if p.lower().endswith(ENDINGS)):
            try:
                info = soundfile.info(path)
            except RuntimeError:
                continue
            if info.duration < (20.0 if kind == "music" else 0.15):
                continue
            with open(path, "rb") as file:
                content = hashlib.sha256(file.read()).digest()
            if content not in known:
                known.add(content)
                entries.append((path, info.duration))
    return entries


def resample(x, source, target):
    """Change the rate; the first samples stay aligned."""
    if source == target:
        return x
    ratio = Fraction(int(target), int(source))
    return signal.resample_poly(x, ratio.numerator, ratio.denominator, window=("kaiser", 14.0))


def excerpt(path, start_s=0.0, seconds=None):
    """One channel at RATE, root mean square 0.1."""
    rate = soundfile.info(path).samplerate
    x, _ = soundfile.read(path, start=int(start_s * rate), frames=-1 if seconds is None else int(seconds * rate),
                          dtype="float64", always_2d=True)
    x = resample(x[:, 0], rate, RATE)
    return x * (0.1 / (x.std() + 1e-9))


def noise(rng, n, exponent=0.0):
    """Gaussian noise whose power falls with f ** exponent, root mean square 0.1."""
    x = rng.standard_normal(n)
    if exponent:
        size = fft.next_fast_len(n + 1000, real=True)
        f = np.maximum(fft.rfftfreq(size, 1.0 / RATE), 20.0)
        x = fft.irfft(fft.rfft(x, size) * f ** (-exponent / 2.0), size)[:n]
    return x * (0.1 / (x.std() + 1e-12))


def programme(rng, seconds, kind=None, avoid=(), used=None, part=None):
    """
    Material of one kind, recording after recording, for so many seconds.

    `used` collects the paths, those in `avoid` are left out; of parts 0 and 1 each has half of the recordings.
    """
    kind = kind or rng.choice(["actors", "actors", "telephone", "letters", "music", "music",
                               "effects", "keys", "noise"])
    n = int(np.ceil(seconds * RATE))
    used = used if used is not None else []
    if kind == "noise":
        return noise(rng, n, rng.choice([0.0, 1.0, 2.0]))
    if kind == "music":
        choice = [e for e in recordings(kind) if e[0] not in avoid and e[1] > min(seconds, 60.0) + 4.0]
        path, duration = choice[rng.integers(len(choice))]
        used.append(path)
        long = min(seconds + 0.1, duration - 2.0)
        x = excerpt(path, rng.uniform(1.0, duration - long - 0.5), long)
        if power(x) < 1e-4 or np.abs(x).max() > 5.0:  # Hardly any sound there
            return programme(rng, seconds, kind, avoid, used)
        if x.size < n:
            x = np.concatenate((x, programme(rng, (n - x.size) / RATE + 1.0, kind, used, used)))
        return x[:n]
    pieces, have = [], 0
    choice = [e for i, e in enumerate(recordings(kind)) if e[0] not in avoid and part in (None, i % 2)]
    order = rng.permutation(len(choice))
    for i in order:
        x = excerpt(choice[i][0])
        used.append(choice[i][0])
        gap = np.zeros(int(rng.uniform(0.02, 0.5) * RATE))
        pieces += [x, gap]
        have += x.size + gap.size
        if have >= n:
            break
    return np.resize(np.concatenate(pieces), n)


def shift(x, seconds, n, start=0):
    """n frames, from `start` on, of x made later; exact for what is below half the rate."""
    delay = seconds * RATE
    whole = int(np.floor(delay))
    size = fft.next_fast_len(x.size + 4096, real=True)
    turned = fft.rfft(x, size) * np.exp(-2j * np.pi * fft.rfftfreq(size) * (delay - whole))
    if size % 2 == 0:
        turned[-1] = turned[-1].real
    y = fft.irfft(turned, size)
    at = np.arange(start, start + n) - whole
    inside = (at >= 0) & (at < x.size)
    return np.where(inside, y[np.clip(at, 0, size - 1)], 0.0)


@functools.lru_cache(maxsize=None)
def sinc_table(half=32, n_phases=2048):
    u = np.arange(n_phases + 1)[:, None] / n_phases - np.arange(1 - half, half + 1)[None, :]
    return np.sinc(u) * np.i0(10.0 * np.sqrt(np.maximum(0.0, 1.0 - (u / half) ** 2))) / np.i0(10.0)


def at_times(x, times):
    """x at any times in frames; needs content below 0.42 of the rate."""
    table = sinc_table()
    half, n_phases = table.shape[1] // 2, table.shape[0] - 1
    padded = np.concatenate((np.zeros(half), x, np.zeros(2 * half)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half)
    out = np.zeros(times.size)
    for first in range(0, times.size, 1 << 15):
        t = times[first:first + (1 << 15)]
        whole = np.floor(t).astype(np.int64)
        phase = (t - whole) * n_phases
        low = phase.astype(np.int64)
        rest = phase - low
        rows = windows[np.clip(whole + 1, 0, len(windows) - 1)]
        near, far = (rows * table[low]).sum(1), (rows * table[low + 1]).sum(1)
        out[first:first + t.size] = np.where((whole >= 0) & (whole < x.size), near + rest * (far - near), 0.0)
    return out


def power(x):
    """Mean square of what is not silent."""
    frames = x[:x.size - x.size % 480].reshape(-1, 480) if x.size >= 480 else x[None, :]
    p = (frames ** 2).mean(1)
    return p[p > p.max() * 1e-4].mean() if p.max() > 0.0 else 1e-12


def add(x, other, snr_db):
    """x with `other` added, so many dB below."""
    return x + other[:x.size] * np.sqrt(power(x) / (power(other[:x.size]) + 1e-30) * 10.0 ** (-snr_db / 10.0))


def room(rng, distance, reverberation_s, size=None):
    """
    A shoebox room's response, by image sources with a diffuse tail, and the distance of its microphone.

    The direct sound comes after distance / SOUND, at a level of 1.
    """
    n = int((reverberation_s * 0.8 + 0.1 + distance / SOUND) * RATE)
    box = size if size is not None else rng.uniform([4.0, 3.0, 2.4], [12.0, 9.0, 5.0])
    box = np.maximum(box, distance / np.sqrt(3.0) + 1.0)
    for _ in range(1000):
        source = rng.uniform(0.3, box - 0.3)
        way = rng.standard_normal(3)
        mic = source + distance * way / np.linalg.norm(way)
        if (mic > 0.2).all() and (mic < box - 0.2).all():
            break
    mic = np.clip(mic, 0.2, box - 0.2)
    distance = np.linalg.norm(mic - source)
    volume, area = box.prod(), 2.0 * (box[0] * box[1] + box[1] * box[2] + box[0] * box[2])
    reflection = np.sqrt(max(0.1, 1.0 - min(0.9, 0.161 * volume / (area * reverberation_s))))
    early = min(0.06 + distance / SOUND, n / RATE)
    h = np.zeros(n + 64)
    reach = np.ceil(early * SOUND / (2.0 * box)).astype(int)
    grid = np.stack(np.meshgrid(*[np.arange(-r, r + 1) for r in reach], indexing="ij"), -1).reshape(-1, 3)
    for p in np.ndindex(2, 2, 2):
        p = np.array(p)
        image = (1 - 2 * p) * source + 2 * grid * box
        r = np.linalg.norm(image - mic, axis=1)
        bounces = np.abs(grid - p).sum(1) + np.abs(grid).sum(1)
        for d, b in zip(r, bounces):
            if d < early * SOUND:
                at = d / SOUND * RATE
                k = np.arange(int(at) - 15, int(at) + 17)
                u = k - at
                tap = np.sinc(u) * np.cos(np.pi * u / 34.0) ** 2
                good = k >= 0
                h[k[good]] += tap[good] * reflection ** b / d
    t = np.arange(h.size) / RATE
    late = rng.standard_normal(h.size) * 10.0 ** (-3.0 * t / reverberation_s) * (t > early)
    # Diffuse field against direct sound: 16 pi r^2 / A
    absorption = 0.161 * volume / reverberation_s
    energy = 16.0 * np.pi / absorption * 10.0 ** (-6.0 * early / reverberation_s) * 0.5
    late *= np.sqrt(energy / ((late ** 2).sum() + 1e-12))
    return (h + late) * distance, distance


def convolve(x, h):
    return signal.oaconvolve(x, h)[:x.size]
