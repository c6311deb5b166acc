# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""Pairs of recordings with a known delay, family by family.

A family makes one pair out of a random generator and a library: the two signals as [frames, channels],
their rates, and what is true of them. Truth: content at time t of a is at t + delay + drift * t of b.
"""

import os
import subprocess
import tempfile
from dataclasses import dataclass, field

import numpy as np
import soundfile
from scipy import fft, signal

from material import RATE, coloured_noise, resample

PAD = 2.0  # seconds of material before and after what is cut out


@dataclass
class Pair:
    a: np.ndarray
    b: np.ndarray
    delay: float = 0.0  # seconds, positive: b is late
    drift: float = 0.0  # parts of one
    inverted: bool = False
    match: bool = True
    rate_a: int = RATE
    rate_b: int = RATE
    subtype: str = "PCM_16"
    notes: dict = field(default_factory=dict)


def shift(x, frames):
    """Delay by a fraction of a frame: ideal, by phases, over padded material."""
    n = 2 * fft.next_fast_len(x.size // 2 + 2048)
    turn = np.exp(-2j * np.pi * np.arange(n // 2 + 1) * frames / n)
    turn[-1] = turn[-1].real
    return fft.irfft(fft.rfft(x, n) * turn, n)[: x.size]


def cut(x, rng, seconds_a, seconds_b, delay):
    """Cut a and b out of x so that b is late by `delay` seconds (negative: early)."""
    whole = int(np.floor(delay * RATE))
    late = shift(x, delay * RATE - whole)
    n_a, n_b = int(seconds_a * RATE), int(seconds_b * RATE)
    start_b = max(0, -whole)
    start_a = start_b + whole
    spare = x.size - max(start_a + n_a, start_b + n_b)
    offset = int(rng.integers(0, max(1, spare)))
    # Content at x[t] is at t - start_b in b's cut and at t - start_a in a's: late by start_a - start_b
    return x[offset + start_a :][:n_a], late[offset + start_b :][:n_b]


def add_noise(rng, x, snr_db, exponent=None):
    exponent = rng.choice([0.0, 0.0, 1.0, 1.5]) if exponent is None else exponent
    noise = coloured_noise(rng, x.size, exponent)
    return x + noise * (x.std() / noise.std() * 10.0 ** (-snr_db / 20.0))


def draw_delay(rng, limit=2.0):
    return float(rng.uniform(-limit, limit))


def plain(rng, library, seconds=10.0, limit=2.0, kind=None, seconds_b=None):
    """A pair that differs in nothing but its delay."""
    seconds_b = seconds if seconds_b is None else seconds_b
    x, names, kind = library.draw(rng, max(seconds, seconds_b) + 2 * limit + PAD, kind)
    delay = draw_delay(rng, limit)
    a, b = cut(x, rng, seconds, seconds_b, delay)
    return Pair(a, b, delay, notes={"kind": kind, "names": names})


def clean(rng, library):
    pair = plain(rng, library)
    pair.subtype = rng.choice(["PCM_16", "PCM_24", "FLOAT"])
    return pair


def snr(low, high):
    def make(rng, library):
        pair = plain(rng, library)
        level = rng.uniform(low, high)
        pair.notes["snr_db"] = level
        if rng.random() < 0.5:  # as much noise in both
            pair.a = add_noise(rng, pair.a, level)
        pair.b = add_noise(rng, pair.b, level)
        return pair

    return make


def polarity(rng, library):
    pair = plain(rng, library)
    pair.inverted = True
    pair.b = -add_noise(rng, pair.b, rng.uniform(10, 40))
    return pair


def eq_linear(rng, library):
    pair = plain(rng, library)
    edges = np.sort(np.exp(rng.uniform(np.log(60), np.log(16000), 6)))
    gains = 10.0 ** (rng.uniform(-18, 9, 8) / 20.0)
    taps = signal.firwin2(1025, np.r_[0, edges, RATE / 2], gains, fs=RATE)
    pair.b = signal.fftconvolve(pair.b, taps)[512 : 512 + pair.b.size]
    return pair


def biquad(rng, x):
    """A peak or shelf of an equaliser (Bristow-Johnson's cookbook)."""
    w = 2 * np.pi * np.exp(rng.uniform(np.log(80), np.log(12000))) / RATE
    gain = 10.0 ** (rng.uniform(-15, 12) / 40.0)
    alpha = np.sin(w) / (2 * rng.uniform(0.5, 2.0))
    numerator = [1 + alpha * gain, -2 * np.cos(w), 1 - alpha * gain]
    denominator = [1 + alpha / gain, -2 * np.cos(w), 1 - alpha / gain]
    return signal.lfilter(numerator, denominator, x)


def eq_minimum(rng, library):
    pair = plain(rng, library)
    for _ in range(rng.integers(2, 5)):
        pair.b = biquad(rng, pair.b)
    if rng.random() < 0.5:
        kind = rng.choice(["highpass", "lowpass"])
        edge = rng.uniform(80, 300) if kind == "highpass" else rng.uniform(2500, 9000)
        pair.b = signal.sosfilt(signal.butter(2, edge, kind, fs=RATE, output="sos"), pair.b)
    return pair


def reverberate(rng, x, seconds, ratio_db):
    """A direct sound, then exponentially decaying noise that loses its treble."""
    n = int(seconds * RATE)
    t = np.arange(n) / RATE
    tail = rng.standard_normal(n) * 10.0 ** (-3.0 * t / seconds)
    tail[: int(rng.uniform(0.001, 0.008) * RATE)] = 0.0
    tail = signal.lfilter([1 - 0.5], [1, -0.5], tail)
    tail *= 10.0 ** (-ratio_db / 20.0) / np.sqrt((tail**2).sum())
    tail[0] += 1.0
    return signal.fftconvolve(x, tail)[: x.size]


def reverb(rng, library):
    pair = plain(rng, library)
    pair.b = reverberate(rng, pair.b, rng.uniform(0.2, 1.8), rng.uniform(-3, 10))
    return pair


def clipping(rng, library):
    pair = plain(rng, library)
    limit = np.quantile(np.abs(pair.b), rng.uniform(0.6, 0.97)) + 1e-6
    pair.b = np.clip(pair.b, -limit, limit) * (0.5 / limit)
    return pair


def apply_drift(x, ppm, pad=64):
    """Return y(t * (1 + ppm)) = x(t): windowed-sinc interpolation, 64 taps."""
    n = int(x.size * (1 + ppm * 1e-6))
    at = np.arange(n) / (1 + ppm * 1e-6)
    whole = np.floor(at).astype(int)
    rest = at - whole
    y = np.zeros(n)
    padded = np.concatenate([np.zeros(pad), x, np.zeros(pad + 2)])
    for k in range(-31, 33):
        u = k - rest
        y += padded[whole + pad + k] * np.sinc(u) * np.cos(np.pi * u / 66.0) ** 2
    return y


def drifting(rng, library, seconds=None):
    seconds = rng.uniform(8, 30) if seconds is None else seconds
    x, names, kind = library.draw(rng, seconds + 6)
    ppm = float(rng.uniform(-200, 200))
    y = apply_drift(x, ppm)
    delay = draw_delay(rng)
    # x[t] is at t * (1 + d) of y; a starts at s of x, b at p of y
    s = 2.0 + rng.uniform(0, 1)
    p = s * (1 + ppm * 1e-6) - delay
    s_f, p_f = round(s * RATE), round(p * RATE)
    n = int(seconds * RATE)
    a, b = x[s_f:][:n], y[p_f:][:n]
    true = s_f / RATE * (1 + ppm * 1e-6) - p_f / RATE
    return Pair(a, b, true, ppm * 1e-6, notes={"kind": kind, "names": names})


def drift(rng, library):
    pair = drifting(rng, library)
    if rng.random() < 0.5:
        pair.b = add_noise(rng, pair.b, rng.uniform(5, 30))
    return pair


def lengths(rng, library):
    pair = plain(rng, library, seconds=rng.uniform(12, 20), seconds_b=rng.uniform(1.5, 5), limit=1.0)
    return pair if rng.random() < 0.5 else swap(pair)


def swap(pair):
    pair.a, pair.b = pair.b, pair.a
    pair.rate_a, pair.rate_b = pair.rate_b, pair.rate_a
    pair.delay, pair.drift = -pair.delay / (1 + pair.drift), -pair.drift / (1 + pair.drift)
    return pair


def overlap(rng, library):
    seconds = 10.0
    share = rng.uniform(0.1, 0.9)
    x, names, kind = library.draw(rng, seconds * 2 + PAD)
    delay = seconds * (1 - share) * rng.choice([-1, 1])
    delay += rng.uniform(0, 1) / RATE
    a, b = cut(x, rng, seconds, seconds, delay)
    b = add_noise(rng, b, rng.uniform(10, 40)) if rng.random() < 0.5 else b
    return Pair(a, b, delay, notes={"kind": kind, "names": names, "share": share})


CODECS = [("mp3", ["-c:a", "libmp3lame", "-b:a", "64k"]), ("ogg", ["-c:a", "libvorbis", "-b:a", "64k"]),
          ("opus", ["-c:a", "libopus", "-b:a", "32k"]), ("m4a", ["-c:a", "aac", "-b:a", "64k"]),
          ("wav", ["-ar", "8000", "-c:a", "pcm_mulaw"]), ("wav", ["-ar", "8000", "-c:a", "gsm_ms"]),
          ("wav", ["-c:a", "adpcm_ima_wav"])]


def codec(rng, library):
    pair = plain(rng, library)
    ending, options = CODECS[rng.integers(len(CODECS))]
    quiet = ["ffmpeg", "-v", "error", "-y", "-i"]
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, n) for n in ("in.wav", "coded." + ending, "out.wav")]
        soundfile.write(names[0], pair.b, RATE, "PCM_16")
        for source, target, more in ((names[0], names[1], options), (names[1], names[2], ["-ar", str(RATE)])):
            if subprocess.run(quiet + [source] + more + [target], capture_output=True).returncode:
                return pair
        pair.b, _ = soundfile.read(names[2])
    pair.notes["codec"] = options
    return pair


def rates(rng, library):
    pair = plain(rng, library)
    pair.rate_b = int(rng.choice([44100, 32000, 22050, 16000, 8000, 96000]))
    pair.b = resample(pair.b, RATE, pair.rate_b)
    return pair if rng.random() < 0.5 else swap(pair)


def hum_like(rng, n, mains):
    t = np.arange(n) / RATE
    return sum(rng.uniform(0.2, 1.0) / h * np.sin(2 * np.pi * (mains * h * t + rng.random())) for h in range(1, 9))


def hum(rng, library):
    pair = plain(rng, library)
    mains = rng.choice([50.0, 60.0])
    level = 10.0 ** (rng.uniform(-10, 10) / 20.0)
    for name in ("a", "b"):
        x = getattr(pair, name)
        noise = hum_like(rng, x.size, mains)
        setattr(pair, name, x + noise * (level * x.std() / noise.std()))
    return pair


def one_channel(rng, library):
    pair = plain(rng, library)
    used = pair.notes["names"]
    for name in ("a", "b"):
        x = getattr(pair, name)
        other, names, _ = library.draw(rng, x.size / RATE + 0.01, rng.choice(["noise", "music", "drums"]), used)
        used += names
        other = other[: x.size] * (x.std() / (other.std() + 1e-9)) * 10.0 ** (rng.uniform(-20, 0) / 20.0)
        setattr(pair, name, np.stack([x, other] if rng.random() < 0.5 else [other, x], 1))
    return pair


def opposite_channels(rng, library):
    pair = plain(rng, library)
    pair.b = add_noise(rng, pair.b, rng.uniform(10, 40))
    pair.b = np.stack([pair.b, -pair.b], 1)
    pair.notes["any_polarity"] = True
    return pair if rng.random() < 0.5 else swap(pair)


def periodic(rng, library):
    seconds = rng.uniform(0.4, 2.0)
    x, names, kind = library.draw(rng, seconds, rng.choice(["music", "drums"]))
    x = np.tile(x, int(8.0 / seconds))
    delay = float(rng.uniform(-0.45, 0.45) * seconds)
    silence = np.zeros(RATE)
    b = shift(np.concatenate([silence, x, silence]), delay * RATE)[RATE // 2 :]
    a = np.concatenate([silence, x, silence])[RATE // 2 :]
    a, b = add_noise(rng, a, 50), add_noise(rng, b, rng.uniform(20, 50))
    return Pair(a, b, delay, notes={"kind": kind, "names": names})


def gaps(rng, library):
    pair = plain(rng, library)
    for _ in range(rng.integers(2, 6)):
        start = rng.integers(0, pair.b.size)
        pair.b[start : start + int(rng.uniform(0.2, 1.2) * RATE)] = 0.0
    return pair


def dropped(rng, library):
    """Frames are missing after two thirds; the first part's delay counts."""
    pair = plain(rng, library, limit=0.5)
    at = int(rng.uniform(0.6, 0.75) * pair.b.size)
    lost = int(rng.uniform(0.005, 0.5) * RATE)
    pair.b = np.concatenate([pair.b[:at], pair.b[at + lost :]])
    return pair


def level(rng, library):
    pair = plain(rng, library)
    pair.b = pair.b * 10.0 ** (rng.uniform(-50, -20) / 20.0)
    pair.subtype = "PCM_24"
    return pair


def combination(rng, library):
    pair = drifting(rng, library, 12.0) if rng.random() < 0.4 else plain(rng, library)
    if rng.random() < 0.5:
        pair.b = reverberate(rng, pair.b, rng.uniform(0.2, 0.8), rng.uniform(0, 10))
    if rng.random() < 0.5:
        pair.b = biquad(rng, biquad(rng, pair.b))
    if rng.random() < 0.5:
        pair.b, pair.inverted = -pair.b, True
    if rng.random() < 0.7:
        pair.b = add_noise(rng, pair.b, rng.uniform(0, 30))
    if rng.random() < 0.3:
        noise = hum_like(rng, pair.a.size, 50.0)
        pair.a = pair.a + noise * (pair.a.std() / noise.std())
    if rng.random() < 0.3:
        pair.b = np.clip(pair.b, -3 * pair.b.std(), 3 * pair.b.std())
    return pair


def unrelated(rng, library):
    kinds = [None, None] if rng.random() < 0.5 else [rng.choice(["speech", "music", "drums"])] * 2
    seconds = [rng.uniform(3, 14) for _ in range(2)]
    a, names, kind = library.draw(rng, seconds[0], kinds[0])
    b, others, _ = library.draw(rng, seconds[1], kinds[1], names)
    if rng.random() < 0.25:  # the same mains hum in both
        a = a + hum_like(rng, a.size, 50.0) * a.std()
        b = b + hum_like(rng, b.size, 50.0) * b.std()
    return Pair(a, b, match=False, notes={"kind": kind, "names": names + others})


FAMILIES = {
    "clean": clean, "snr +40..+10": snr(10, 40), "snr +10..0": snr(0, 10), "snr 0..-10": snr(-10, 0),
    "snr -10..-20": snr(-20, -10), "polarity": polarity, "eq linear phase": eq_linear,
    "eq minimum phase": eq_minimum, "reverb": reverb, "clipping": clipping, "drift": drift, "lengths": lengths,
    "overlap": overlap, "codec": codec, "rates": rates, "hum": hum, "one channel": one_channel,
    "opposite channels": opposite_channels, "periodic": periodic, "gaps": gaps, "dropped frames": dropped,
    "level": level, "combination": combination, "unrelated": unrelated,
}
