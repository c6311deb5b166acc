# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""Pairs that have nothing in common but what tempts an estimator: a voice, a kit, a tempo, a pitch, the mains."""

import functools
import os
import subprocess
import tempfile

import numpy as np
from scipy import signal

from devices import follow
from material import RATE, add, convolve, excerpt, noise, programme, recordings, room
from pair import Pair


def apart(a, b, **notes):
    return Pair(a, b, match=False, notes=notes)


def long(rng):
    return rng.uniform(3.0, 15.0)


def two(rng, kind):
    used = []
    return programme(rng, long(rng), kind, used, used), programme(rng, long(rng), kind, used, used)


def same_voice(rng):
    return apart(*two(rng, rng.choice(["actors", "telephone", "letters"])))


def two_pieces(rng):
    return apart(*two(rng, "music"))


def two_effects(rng):
    """Alarms and clicks of desktops against a synthesiser's samples or spoken letters."""
    return apart(programme(rng, long(rng), "effects"), programme(rng, long(rng), rng.choice(["letters", "keys"])))


def two_noises(rng):
    exponent = rng.choice([-1.0, 0.0, 1.0, 2.0])
    return apart(*(noise(rng, int(10.0 ** rng.uniform(-1.0, 1.6) * RATE), exponent) for _ in range(2)))


def coloured_alike(rng):
    """Noise through the same resonances: the same room tone, machine or wind."""
    poles = rng.uniform(60.0, 4000.0, 4)

    def tone():
        x = noise(rng, int(long(rng) * RATE), 1.0)
        return sum(signal.lfilter(*signal.iirpeak(f, rng.uniform(10.0, 40.0), fs=RATE), x) for f in poles) + 0.05 * x
    return apart(tone(), tone())


def tones(rng):
    """The same pitches, sustained; no delay can be right."""
    pitches = 110.0 * 2.0 ** (rng.integers(0, 40, rng.integers(1, 5)) / 12.0)

    def chord():
        t = np.arange(int(long(rng) * RATE)) / RATE
        x = sum(np.sin(2.0 * np.pi * f * k * t + rng.uniform(0.0, 6.28)) / k for f in pitches for k in range(1, 6))
        return add(x * 0.05, noise(rng, t.size), rng.uniform(30.0, 70.0))
    return apart(chord(), chord())


def shared_hum(rng):
    """Different recordings on the same mains: the harmonics are locked."""
    f = rng.choice([50.0, 60.0]) * (1.0 + rng.uniform(-1e-3, 1e-3))
    phases, strengths = rng.uniform(0.0, 6.28, 25), rng.uniform(0.0, 1.0, 25)
    a, b = two(rng, rng.choice(["actors", "music", "telephone", "noise"]))
    level = rng.uniform(-15.0, 25.0)

    def mains(x):
        t = np.arange(x.size) / RATE + rng.uniform(0.0, 9.0)
        partials = enumerate(zip(strengths, phases), 1)
        return add(x, sum(s * np.sin(2.0 * np.pi * f * k * t + p * k) for k, (s, p) in partials), level)
    return apart(mains(a), mains(b), hum_db=-level)


def drum_machine(rng):
    """Other patterns at the same tempo out of the very same samples."""
    kind = rng.choice(["effects", "keys"])
    kit = [excerpt(path) for path, d in recordings(kind) if d < 0.6]
    kit = [kit[i] for i in rng.choice(len(kit), rng.integers(3, 6), replace=False)]
    step = int(rng.uniform(0.1, 0.2) * RATE)
    seconds = rng.uniform(5.0, 15.0)

    def song():
        n = int(seconds * RATE)
        x = np.zeros(n + RATE)
        bar = rng.random((len(kit), 16)) < 0.3
        for i, at in enumerate(range(0, n, step)):
            if i % 16 == 0:
                bar = np.where(rng.random(bar.shape) < 0.3, rng.random(bar.shape) < 0.3, bar)
            for sample, hits in zip(kit, bar):
                if hits[i % 16]:
                    x[at:at + sample.size] += sample * rng.uniform(0.5, 1.0)
        return x[:n]
    return apart(song(), song())


def keyboards(rng):
    """Two people type on one keyboard, each with other keys."""
    return apart(programme(rng, long(rng), "keys", part=0), programme(rng, long(rng), "keys", part=1))


def hard_cuts(rng):
    """Edited without fades: silence that begins and ends anywhere in the sound."""
    pair = apart(*two(rng, rng.choice(["actors", "music", "letters", "noise"])))
    for x in (pair.a, pair.b):
        for _ in range(rng.integers(1, 6)):
            at = rng.integers(x.size)
            x[at:at + int(rng.uniform(0.2, 3.0) * RATE)] = 0.0
    return pair


def synthesised(rng):
    """The same synthetic voice says other sentences."""
    words = ("river mountain yellow seven quickly because never table under light copper engine question answer winter "
             "music garden silver letter paper window orange bridge doctor market simple future silent thunder").split()
    voice, speed = rng.choice(["en-us", "de", "fr+f3", "en-gb"]), str(rng.integers(140, 200))
    order = rng.permutation(words)

    def say(part):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "s.wav")
            subprocess.run(["espeak-ng", "-v", voice, "-s", speed, "-w", path, " ".join(part)], check=True)
            return excerpt(path)
    return apart(say(order[:14]), say(order[14:]))


@functools.lru_cache(maxsize=None)
def played(song):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "s.wav")
        subprocess.run(["fluidsynth", "-niq", "-r", "44100", "-R", "0", "-C", "0", "-F", out,
                        "/usr/share/sounds/sf2/TimGM6mb.sf2", f"/usr/share/planetblupi/music/music{song:03}.mid"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return excerpt(out, 2.0, 40.0)


def same_song_other_take(rng):
    """One score, played by the same instruments, at another speed."""
    x = played(int(rng.choice([1, 4, 7])))
    x = x[rng.integers(x.size // 2):][:12 * RATE]
    n = int(x.size * (1.0 + rng.choice([-1.0, 1.0]) * rng.uniform(0.01, 0.06)))
    return apart(x, np.interp(np.linspace(0.0, x.size - 1, n), np.arange(x.size), x))


def backwards(rng):
    x = programme(rng, long(rng), rng.choice(["actors", "music", "letters"]))
    return apart(x, x[::-1].copy())


def stretched(rng):
    """Played 2 to 8 % faster: not the drift of a clock."""
    x = programme(rng, long(rng), rng.choice(["actors", "music", "noise"]))
    n = int(x.size / rng.uniform(1.02, 1.08))
    return apart(x, np.interp(np.linspace(0.0, x.size - 1, n), np.arange(x.size), x))


def clip_not_in_long(rng):
    used, kind = [], rng.choice(["actors", "music", "telephone"])
    b = programme(rng, rng.uniform(60.0, 180.0), kind, used, used)
    return apart(programme(rng, rng.uniform(0.5, 3.0), kind, used, used), b)


def long_apart(rng):
    used, kind = [], rng.choice(["actors", "music", "telephone", "noise"])
    return apart(*(programme(rng, rng.uniform(100.0, 240.0), kind, used, used) for _ in range(2)))


def tiny_apart(rng):
    used, kind = [], rng.choice(["actors", "music", "letters", "effects", "noise"])
    return apart(*(programme(rng, 10.0 ** rng.uniform(-1.5, 0.0), kind, used, used) for _ in range(2)))


def telephone_apart(rng):
    band = signal.butter(6, [300.0, 3400.0], "band", fs=RATE, output="sos")
    pair = apart(*(signal.sosfilt(band, x) for x in two(rng, rng.choice(["actors", "music"]))))
    pair.rate_a = pair.rate_b = 8000
    pair.subtype = rng.choice(["ALAW", "PCM_U8", "PCM_16"])
    return pair


def same_chain(rng):
    """Unrelated sound through one room, one gate and one codec of noise."""
    h, _ = room(rng, rng.uniform(1.0, 4.0), rng.uniform(0.3, 1.5))

    def chain(x):
        y = convolve(x, h)
        return y / (follow(y, 0.005, 0.2) + 0.01) + 0.02
    a, b = two(rng, rng.choice(["actors", "music"]))
    return apart(chain(a), chain(b))


def clicks_at_one_tempo(rng):
    """A metronome each, at one tempo, with other clicks."""
    period = int(rng.uniform(0.3, 0.8) * RATE)
    paths = [p for p, d in recordings("keys")]

    def ticking():
        click, n = excerpt(paths[rng.integers(len(paths))]), int(long(rng) * RATE)
        x = np.zeros(n + click.size)
        for at in range(rng.integers(period), n, period):
            x[at:at + click.size] += click
        return add(x[:n], noise(rng, n), rng.uniform(20.0, 50.0))
    return apart(ticking(), ticking())


def silence_and_sound(rng):
    x = programme(rng, long(rng))
    other = rng.choice(["zero", "constant", "steps"])
    n = int(long(rng) * RATE)
    y = {"zero": np.zeros(n), "constant": np.full(n, 0.1), "steps": rng.integers(-1, 2, n) / 32768.0}[other]
    pair = apart(x, y) if rng.random() < 0.7 else apart(y, np.roll(y, 7) if other != "steps" else noise(rng, n) * 1e-4)
    pair.subtype = "PCM_16"
    return pair


UNRELATED = {
    "same voice": same_voice,
    "two pieces": two_pieces,
    "two effects": two_effects,
    "two noises": two_noises,
    "coloured alike": coloured_alike,
    "tones": tones,
    "shared hum": shared_hum,
    "drum machine": drum_machine,
    "keyboards": keyboards,
    "hard cuts": hard_cuts,
    "synthesised": synthesised,
    "other take": same_song_other_take,
    "backwards": backwards,
    "stretched": stretched,
    "clip not in long": clip_not_in_long,
    "long apart": long_apart,
    "tiny apart": tiny_apart,
    "telephone apart": telephone_apart,
    "same chain": same_chain,
    "clicks at one tempo": clicks_at_one_tempo,
    "silence": silence_and_sound,
}
