# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors

"""Float WAV files, planar in memory, with nothing but Python."""

import array
import math
import struct


def write(path, channels, rate):
    """Write [n_channels][n_frames] as 32-bit float."""
    n_channels = len(channels)
    frames = array.array("f", bytes(4 * n_channels * len(channels[0])))
    for c, samples in enumerate(channels):
        frames[c::n_channels] = array.array("f", samples)
    data = frames.tobytes()
    fmt = struct.pack(
        "<HHIIHH", 3, n_channels, rate, 4 * n_channels * rate, 4 * n_channels,
        32,
    )  # fmt: skip
    with open(path, "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVE")
        file.write(b"fmt " + struct.pack("<I", len(fmt)) + fmt)
        file.write(b"data" + struct.pack("<I", len(data)) + data)


def read(path):
    """Return [n_channels][n_frames] of a 32-bit float file."""
    with open(path, "rb") as file:
        content = file.read()
    at, n_channels, data = 12, 0, b""
    while at + 8 <= len(content):
        name, size = content[at : at + 4], *struct.unpack_from(
            "<I", content, at + 4
        )
        if name == b"fmt ":
            _, n_channels = struct.unpack_from("<HH", content, at + 8)
            (bits,) = struct.unpack_from("<H", content, at + 22)
            assert bits == 32, f"{path}: {bits} bits"
        elif name == b"data":
            data = content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    frames = array.array("f", data[: len(data) // 4 * 4])
    return [list(frames[c::n_channels]) for c in range(n_channels)]


def ratio_db(energy, reference):
    """Return a ratio of energies in dB; nothing is -400 dB."""
    return 10.0 * math.log10(max(energy, 1e-40 * reference) / reference)


def difference_db(channels, expected, n_frames):
    """Return the RMS of the difference over that of what was expected."""
    error, energy = 0.0, 0.0
    for a, b in zip(channels, expected):
        assert len(a) >= n_frames
        for t in range(min(n_frames, len(b))):
            error += (a[t] - b[t]) ** 2
            energy += b[t] ** 2
    return ratio_db(error, energy)
