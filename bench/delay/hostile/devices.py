# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""What devices do to a sound: clocks, levels, bits, codecs, channels, and frames that they lose."""

import functools
import io
import os
import subprocess
import tempfile

import numpy as np
import soundfile
from scipy import signal

from material import RATE, SOUND, at_times, convolve, programme, room, shift
from pair import Pair, hiss, scene


def fraction(rng):
    return scene(rng, subtype="FLOAT")


def whole_frames(rng):
    return scene(rng, whole=True, subtype=rng.choice(["PCM_16", "PCM_24", "FLOAT"]))


def inverted(rng):
    pair = hiss(rng, scene(rng), rng.uniform(5.0, 40.0), "b")
    pair.inverted = bool(rng.random() < 0.7)
    if pair.inverted:
        pair.b = -pair.b
    return pair


def equaliser(rng, zero_phase):
    """Shelves, peaks and gentle band limits: less than 0.2 ms of delay where the sound is."""
    def way(x):
        for _ in range(rng.integers(2, 6)):
            f, gain, q = 200.0 * 2.0 ** rng.uniform(0.0, 6.0), rng.uniform(-15.0, 15.0), rng.uniform(0.3, 3.0)
            amp, w = 10.0 ** (gain / 40.0), 2.0 * np.pi * f / RATE
            alpha = np.sin(w) / (2.0 * q)
            up = [1.0 + alpha * amp, -2.0 * np.cos(w), 1.0 - alpha * amp]
            down = [1.0 + alpha / amp, -2.0 * np.cos(w), 1.0 - alpha / amp]
            x = (signal.filtfilt if zero_phase else signal.lfilter)(up, down, x)
        return x
    return scene(rng, way_b=way)


def clipped(rng):
    pair = scene(rng)
    for side in rng.choice(["a", "b", "ab"]):
        x = getattr(pair, side)
        limit = np.quantile(np.abs(x), rng.uniform(0.6, 0.98)) + 1e-5
        setattr(pair, side, np.clip(x, -limit, limit) if rng.random() < 0.5 else limit * np.tanh(x / limit))
    return pair


def follow(x, attack_s, release_s):
    """A level that rises and falls at different speeds, by blocks of 1 ms."""
    block = RATE // 1000
    peaks = np.abs(x[:x.size - x.size % block]).reshape(-1, block).max(1)
    level, out = 0.0, np.empty(peaks.size)
    up, down = np.exp(-1e-3 / attack_s), np.exp(-1e-3 / release_s)
    for i, p in enumerate(peaks):
        c = up if p > level else down
        level = c * level + (1.0 - c) * p
        out[i] = level
    return np.interp(np.arange(x.size), (np.arange(out.size) + 0.5) * block, out)


def levelled(rng):
    """Automatic gain, compressor or gate on one side or both."""
    pair = hiss(rng, scene(rng), rng.uniform(20.0, 40.0), "ab")
    for side in rng.choice(["a", "b", "ab"]):
        x = getattr(pair, side)
        level = follow(x, rng.uniform(0.001, 0.02), rng.uniform(0.05, 1.0)) + 1e-4
        if rng.random() < 0.4:
            y = x * (level > np.quantile(level, rng.uniform(0.3, 0.7)))
        else:
            y = x * level ** -rng.uniform(0.5, 0.95)
        setattr(pair, side, y * (0.1 / y.std()))
    return pair


def few_bits(rng):
    """Coarse steps of several kinds, sometimes with the zero far from where it belongs."""
    pair, kind = scene(rng), rng.choice(["PCM_U8", "ULAW", "ALAW", "IMA_ADPCM", "MS_ADPCM", "PCM_16"])
    for side in "ab":
        x = getattr(pair, side)
        x = x * (0.5 / np.abs(x).max())
        if kind == "PCM_16":
            x = x * rng.uniform(3.0, 20.0) / 16384.0  # A few steps high
        elif rng.random() < 0.5:
            x = 0.3 * x + rng.uniform(-0.4, 0.4)
        with io.BytesIO() as stored:
            soundfile.write(stored, x, RATE, kind, format="WAV")
            stored.seek(0)
            setattr(pair, side, soundfile.read(stored)[0][:x.size])
    pair.notes, pair.subtype = {"kind": kind}, "FLOAT"
    return pair


def drifting(rng, hard=False, seconds=(8.0, 40.0)):
    ppm = rng.uniform(-200.0, 200.0) if hard or rng.random() < 0.8 else 0.0
    seconds = rng.uniform(*seconds)
    lead = rng.uniform(0.0, 0.4 * seconds) * rng.choice([-1.0, 1.0])
    world = programme(rng, seconds + abs(lead) + 0.2)
    world = signal.sosfiltfilt(signal.cheby2(10, 60.0, 20000.0, fs=RATE, output="sos"), world)
    h, far = room(rng, rng.uniform(0.5, 3.0), rng.uniform(0.2, 0.8)) if hard else (np.ones(1), 0.0)
    n = int(seconds * RATE)
    start_a, start_b = max(0.0, -lead), max(0.0, lead)
    a = shift(world, -start_a, n)
    # b hears the world's time start_b + k / (RATE * (1 + drift)) in its frame k,
    # so that time t of a is at (t + start_a - start_b) * (1 + drift) of b
    drift = ppm * 1e-6
    b = at_times(convolve(world, h), (start_b * RATE + np.arange(n) / (1.0 + drift)))
    late = start_a - start_b + far / SOUND
    pair = Pair(a, b, late * (1.0 + drift), drift, notes={"ppm": ppm})
    return hiss(rng, pair, rng.uniform(5.0, 20.0)) if hard else pair


def long_show(rng):
    """Minutes from two cameras whose clocks differ, far from each other in the hall and partly at other times."""
    pair = drifting(rng, True, (120.0, 300.0))
    return hiss(rng, pair, rng.uniform(0.0, 15.0), "b")


def overlap(rng):
    return hiss(rng, scene(rng, seconds=(8.0, 30.0), common=(0.1, 0.5)), rng.uniform(20.0, 40.0), "b")


CODECS = [("libmp3lame", "mp3", "32k", 22050), ("libmp3lame", "mp3", "48k", 44100), ("libopus", "ogg", "8k", 48000),
          ("libopus", "ogg", "16k", 48000), ("libgsm", "gsm", None, 8000), ("aac", "m4a", "24k", 44100),
          ("libspeex", "ogg", "8k", 16000), ("libvorbis", "ogg", "32k", 22050), ("g722", "wav", None, 16000),
          ("wmav2", "asf", "32k", 44100), ("ac3", "ac3", "64k", 48000)]


def through_codec(x, codec, kind, bitrate, rate):
    """Encode and decode; back at RATE, with whatever delay the codec adds."""
    with tempfile.TemporaryDirectory() as folder:
        source, coded, back = (os.path.join(folder, name) for name in ("s.wav", "c." + kind, "b.wav"))
        soundfile.write(source, 0.7 * x / np.abs(x).max(), RATE, "PCM_16")
        quiet = ["ffmpeg", "-nostdin", "-y", "-loglevel", "error", "-i"]
        rates = ["-ar", str(rate), "-c:a", codec] + (["-b:a", bitrate] if bitrate else [])
        subprocess.run(quiet + [source] + rates + [coded], check=True)
        subprocess.run(quiet + [coded, "-ar", str(RATE), "-c:a", "pcm_f32le", back], check=True)
        return soundfile.read(back)[0]


@functools.lru_cache(maxsize=None)
def codec_delay(*codec):
    """How late a codec makes its sound: by a chirp's plain cross-correlation."""
    t = np.arange(4 * RATE) / RATE
    x = signal.chirp(t, 200.0, 4.0, 3200.0) * (t > 1.0) * (t < 3.0)
    x = x * np.interp(t, [1.0, 1.2, 2.8, 3.0], [0.0, 1.0, 1.0, 0.0])
    y = through_codec(x, *codec)
    r = signal.fftconvolve(y, x[::-1])
    peak = int(np.argmax(np.abs(r)))
    l, m, h = np.abs(r[peak - 1:peak + 2])
    return (peak - (x.size - 1) + 0.5 * (l - h) / (l - 2.0 * m + h)) / RATE


def coded(rng):
    codec = CODECS[rng.integers(len(CODECS))]
    pair = scene(rng)
    pair.b = through_codec(pair.b, *codec)
    pair.delay += codec_delay(*codec)
    pair.notes = {"codec": codec}
    return pair


def rates(rng):
    choice = [8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 192000]
    return scene(rng, seconds=(3.0, 8.0), rate_a=int(rng.choice(choice)), rate_b=int(rng.choice(choice)))


def one_channel(rng):
    """The common sound in one channel of several, other sound in the others; or L = -R."""
    pair = scene(rng)
    n = len(pair.a)

    def other():
        return programme(rng, n / RATE + 0.1)[:n]
    kind = rng.integers(4)
    if kind == 0:
        pair.a = np.stack([other(), pair.a], 1)
        pair.b = np.stack([pair.b, other()], 1)
    elif kind == 1:
        pair.b = np.stack([pair.b, -pair.b], 1)
        pair.notes = {"any_polarity": True}
    elif kind == 2:
        many = [other() for _ in range(6)]
        many[rng.integers(6)] = pair.a
        pair.a = np.stack(many, 1)
    else:
        middle = other() * 10.0 ** (rng.uniform(-12.0, 0.0) / 20.0)
        pair.b = np.stack([middle + pair.b, middle - pair.b], 1)
        pair.notes = {"any_polarity": True}
    return pair


def holes(rng):
    """Dropouts: silence where sound should be, the clock goes on."""
    pair = scene(rng)
    for side in rng.choice(["a", "b", "ab"]):
        x = getattr(pair, side).copy()
        for _ in range(rng.integers(3, 40)):
            at = rng.integers(len(x))
            x[at:at + int(rng.uniform(0.01, 0.3) * RATE)] = 0.0
        setattr(pair, side, x)
    return pair


def dropped(rng):
    """Frames lost once, after at least 60 % of what is common; the first part counts."""
    pair = scene(rng, seconds=(10.0, 30.0), common=(0.9, 1.0))
    at, lost = int(len(pair.b) * rng.uniform(0.65, 0.85)), int(rng.uniform(0.005, 1.0) * RATE)
    pair.b = np.concatenate((pair.b[:at], pair.b[at + lost:])) if rng.random() < 0.6 else \
        np.concatenate((pair.b[:at], np.zeros(lost), pair.b[at:]))
    pair.notes = {"at_s": at / RATE, "lost_s": lost / RATE}
    return pair


def silent_start(rng):
    pair = scene(rng)
    for side, sign in (("a", -1.0), ("b", 1.0)):
        quiet = int(rng.uniform(0.0, 60.0) * RATE) * int(rng.random() < 0.7)
        setattr(pair, side, np.concatenate((np.zeros(quiet), getattr(pair, side))))
        pair.delay += sign * quiet / RATE
    return pair


def same_file(rng):
    x = programme(rng, rng.uniform(0.5, 20.0))
    return Pair(x, x.copy(), 0.0, subtype=rng.choice(["PCM_16", "FLOAT"]))


def everything(rng):
    """A phone in the audience against the desk: room, noise, drift, clipping, another rate."""
    pair = drifting(rng, True, (15.0, 40.0))
    limit = np.quantile(np.abs(pair.b), 0.97)
    pair.b = np.clip(pair.b, -limit, limit)
    if rng.random() < 0.5:
        pair.b, pair.inverted = -pair.b, True
    pair.rate_b, pair.subtype = int(rng.choice([16000, 32000, 44100])), "PCM_16"
    return pair


DEVICES = {
    "fraction": fraction,
    "whole frames": whole_frames,
    "inverted": inverted,
    "eq, zero phase": lambda rng: equaliser(rng, True),
    "eq, minimum phase": lambda rng: equaliser(rng, False),
    "clipped": clipped,
    "levelled": levelled,
    "few bits": few_bits,
    "drift": drifting,
    "drift, hard": lambda rng: drifting(rng, True),
    "drift, short": lambda rng: drifting(rng, False, (1.5, 5.0)),
    "long show": long_show,
    "overlap": overlap,
    "codec": coded,
    "rates": rates,
    "one channel": one_channel,
    "holes": holes,
    "dropped": dropped,
    "silent start": silent_start,
    "same file": same_file,
    "everything": everything,
}
