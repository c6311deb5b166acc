# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""A pair of recordings, and what two recorders get of one sound."""

from dataclasses import dataclass, field

import numpy as np

from material import RATE, add, noise, programme, shift


@dataclass
class Pair:
    a: np.ndarray  # [n] or [n][n_channels], at RATE
    b: np.ndarray
    delay: float = 0.0  # At the start of a, in seconds
    drift: float = 0.0
    inverted: bool = False
    match: bool = True
    notes: dict = field(default_factory=dict)
    rate_a: int = RATE  # Of the file
    rate_b: int = RATE
    subtype: str = "PCM_24"


def nothing(x):
    return x


def scene(rng, way_a=nothing, way_b=nothing, *, kind=None, seconds=(4.0, 15.0), common=(0.5, 1.0), whole=False, **more):
    """What two recorders get that start at different times."""
    seconds = rng.uniform(*seconds)
    apart = seconds * (1.0 - rng.uniform(*common))
    start_a, start_b = (1.0, 1.0 + apart) if rng.random() < 0.5 else (1.0 + apart, 1.0)
    start_a += rng.uniform(0.0, 0.5)
    if whole:
        start_a, start_b = np.round(start_a * RATE) / RATE, np.round(start_b * RATE) / RATE
    world = programme(rng, seconds + apart + 1.6, kind)
    n = int(seconds * RATE)
    return Pair(shift(way_a(world), -start_a, n), shift(way_b(world), -start_b, n), start_a - start_b, **more)


def hiss(rng, pair, snr_db, sides="ab", exponent=None):
    for side in sides:
        colour = rng.choice([-1.0, 0.0, 1.0, 2.0]) if exponent is None else exponent
        x = getattr(pair, side)
        setattr(pair, side, add(x, noise(rng, len(x), colour), snr_db))
    return pair
