# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""What the world does to a sound: noise, rooms, distance, repetitions and other sounds."""

import numpy as np
from scipy import signal

from material import RATE, SOUND, add, convolve, noise, programme, room, shift
from pair import Pair, hiss, scene


def noisy(rng, low, high, sides):
    snr_db = rng.uniform(low, high)
    pair = hiss(rng, scene(rng, seconds=(6.0, 15.0)), snr_db, sides)
    pair.notes = {"snr_db": snr_db if len(sides) == 1 or snr_db > 0.0 else snr_db - 3.0}
    return pair


def babble(rng):
    """Other people talk next to one of the microphones."""
    pair, snr_db = scene(rng), rng.uniform(-6.0, 15.0)
    for side in rng.choice(["a", "b", "ab"]):
        x = getattr(pair, side)
        crowd = sum(programme(rng, len(x) / RATE + 0.1, "actors") for _ in range(4))
        setattr(pair, side, add(x, crowd, snr_db))
    pair.notes = {"snr_db": snr_db}
    return pair


def telephone_band(rng):
    band = signal.butter(2, [rng.uniform(100.0, 400.0), rng.uniform(2500.0, 4000.0)], "band", fs=RATE, output="sos")
    return hiss(rng, scene(rng, way_b=lambda x: signal.sosfiltfilt(band, x)), rng.uniform(10.0, 40.0), "b")


def one_room(rng):
    """A line signal against a microphone in a room: the direct sound is the delay."""
    distance, length = rng.uniform(0.5, 6.0), rng.uniform(0.2, 2.0)
    h, distance = room(rng, distance, length)
    pair = hiss(rng, scene(rng, way_b=lambda x: convolve(x, h)), rng.uniform(20.0, 50.0), "b")
    pair.delay += distance / SOUND
    pair.notes = {"distance": distance, "reverberation_s": length}
    if rng.random() < 0.5:
        pair.a, pair.b, pair.delay = pair.b, pair.a, -pair.delay
    return pair


def two_rooms(rng):
    """Two microphones at different places of one room, or behind a door."""
    length = rng.uniform(0.2, 1.5)
    box = rng.uniform([5.0, 4.0, 2.5], [12.0, 9.0, 5.0])
    h_a, far_a = room(rng, rng.uniform(0.3, 3.0), length, box)
    h_b, far_b = room(rng, rng.uniform(0.5, 5.0), length, box if rng.random() < 0.5 else None)
    pair = hiss(rng, scene(rng, lambda x: convolve(x, h_a), lambda x: convolve(x, h_b)), rng.uniform(15.0, 50.0))
    pair.delay += (far_b - far_a) / SOUND
    pair.notes = {"distances": [far_a, far_b], "reverberation_s": length}
    return pair


def thirty_metres(rng):
    """Outdoors: the far microphone gets wind, less treble and a wall's echo."""
    far = rng.uniform(15.0, 45.0)
    h = np.zeros(int(0.3 * RATE))
    h[0] = 1.0
    for _ in range(rng.integers(1, 4)):
        h[int(rng.uniform(0.005, 0.25) * RATE)] += rng.uniform(-0.5, 0.5)
    air = signal.butter(1, rng.uniform(6000.0, 12000.0), fs=RATE)
    pair = scene(rng, way_b=lambda x: convolve(signal.lfilter(*air, x), h), seconds=(8.0, 25.0))
    snr_db = rng.uniform(0.0, 20.0)
    pair = hiss(rng, hiss(rng, pair, snr_db + 10.0, "a"), snr_db, "b", 1.0)
    n = len(pair.b)
    gusts = np.interp(np.arange(n), np.linspace(0, n, 12), rng.uniform(-1.0, 1.0, 12))
    wind = noise(rng, n, 3.0) * np.maximum(0.0, gusts)
    pair.b = add(pair.b, wind, rng.uniform(-15.0, 5.0))
    pair.b = shift(pair.b, far / SOUND, n)
    pair.delay += far / SOUND
    return pair


def hum(rng):
    """Mains hum with its harmonics, stronger than the sound, at a phase of its own in each file."""
    pair, f, level = scene(rng), rng.choice([50.0, 60.0]), rng.uniform(-20.0, 5.0)
    for side in "ab":
        x = getattr(pair, side)
        t = np.arange(len(x)) / RATE + rng.uniform(0.0, 1.0)
        y = sum(np.sin(2.0 * np.pi * f * k * t) / k ** rng.uniform(0.5, 1.5) for k in range(1, 20))
        setattr(pair, side, add(x, y, level))
    pair.notes = {"hum_db": -level}
    return pair


def voice_over_loop(rng):
    """A bar repeated exactly under a voice that is weaker."""
    bar, level = rng.uniform(0.4, 2.0), rng.uniform(-15.0, 0.0)
    under = np.resize(programme(rng, bar, rng.choice(["music", "effects", "keys"])), int(25.0 * RATE))

    def way(x):
        return add(x, under, level)
    return scene(rng, way, way, kind="actors", seconds=(6.0, 9.0), notes={"loop_db": -level, "bar_s": bar})


def pure_loop(rng):
    """Only a bar, again and again: any delay that claims to be sure is a lie, except by luck."""
    bar = programme(rng, rng.uniform(0.2, 1.5), rng.choice(["music", "effects", "keys"]))
    world = np.resize(bar, int(30.0 * RATE))
    start_a, start_b, n = rng.uniform(0.0, 10.0), rng.uniform(0.0, 10.0), int(rng.uniform(6.0, 15.0) * RATE)
    pair = Pair(shift(world, -start_a, n), shift(world, -start_b, n), start_a - start_b)
    pair.notes = {"snr_db": -99.0, "period_s": bar.size / RATE}
    return hiss(rng, pair, rng.uniform(30.0, 60.0))


def speakers(rng):
    """Music from the loudspeakers at both, and at each a different person who talks."""
    pair, level = scene(rng, kind="music", seconds=(8.0, 20.0)), rng.uniform(-10.0, 10.0)
    used = []
    for side in rng.choice(["a", "b", "ab"]):
        x = getattr(pair, side)
        setattr(pair, side, add(x, programme(rng, len(x) / RATE + 0.1, "actors", used, used), level))
    pair.notes = {"snr_db": level}
    return pair


def slapback(rng):
    """One echo nearly as strong as the sound."""
    h = np.zeros(int(0.5 * RATE))
    h[0] = 1.0
    h[int(rng.uniform(0.02, 0.49) * RATE)] = rng.choice([-1.0, 1.0]) * 10.0 ** (rng.uniform(-9.0, -2.0) / 20.0)
    return scene(rng, way_b=lambda x: convolve(x, h))


def handled(rng):
    """Bumps and clicks much louder than the sound."""
    pair = scene(rng)
    for side in "ab":
        x = getattr(pair, side).copy()
        for _ in range(rng.integers(1, 12)):
            at, n = rng.integers(len(x)), int(rng.uniform(0.001, 0.2) * RATE)
            bump = rng.standard_normal(n) if rng.random() < 0.5 else np.sin(np.arange(n) * rng.uniform(0.002, 0.05))
            bump *= np.exp(-np.arange(n) / (0.2 * n)) * rng.uniform(1.0, 5.0)
            x[at:at + n] += bump[:len(x) - at]
        setattr(pair, side, x)
    return pair


def clip_in_long(rng):
    """A second or a few in minutes."""
    long, short = rng.uniform(60.0, 240.0), rng.uniform(1.0, 4.0)
    x = programme(rng, long, rng.choice(["actors", "telephone", "letters", "music", "noise"]))
    at = rng.uniform(0.5, long - short - 0.5)
    clip = shift(x, -at, int(short * RATE))
    if clip.std() < 0.02:
        return clip_in_long(rng)
    pair = hiss(rng, Pair(clip, x, at), rng.uniform(10.0, 40.0), "a")
    if rng.random() < 0.5:
        pair.a, pair.b, pair.delay = pair.b, pair.a, -at
    return pair


def tiny(rng):
    """10 ms to half a second, of something that is not silent and not only a tone."""
    seconds = 10.0 ** rng.uniform(-2.0, np.log10(0.5))
    n = int(seconds * RATE)
    for _ in range(50):
        x = programme(rng, 3.0)
        starts = [k for k in range(0, x.size - 2 * n, n) if min(x[k:k + n].std(), x[k + n // 2:k + n].std()) > 0.05]
        if starts:
            break
    at = starts[rng.integers(len(starts))] / RATE
    apart = rng.uniform(-0.4, 0.4) * seconds
    pair = Pair(shift(x, -at, n), shift(x, -(at + apart), n), -apart, notes={"seconds": seconds})
    return hiss(rng, pair, rng.uniform(20.0, 50.0))


WORLD = {
    "noise in one": lambda rng: noisy(rng, -10.0, 40.0, "b"),
    "noise in both": lambda rng: noisy(rng, -5.0, 40.0, "ab"),
    "buried": lambda rng: noisy(rng, -20.0, -10.0, "b"),
    "babble": babble,
    "telephone band": telephone_band,
    "one room": one_room,
    "two rooms": two_rooms,
    "30 m": thirty_metres,
    "clip in long": clip_in_long,
    "hum": hum,
    "voice over loop": voice_over_loop,
    "pure loop": pure_loop,
    "tiny": tiny,
    "speakers": speakers,
    "slapback": slapback,
    "handled": handled,
}
