#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors

"""What the demo needs to do to sounds, with nothing but Python itself.

sounds.py info WAV                 print "CHANNELS RATE FRAMES"
sounds.py late WAV RATE FRAMES     make a response that delays by FRAMES
sounds.py noise IN WAV DB          copy with noise, DB below the signal
sounds.py compare A B              print how far A and B differ, in dB
"""

import array
import math
import os
import random
import struct
import sys


def read(path):
    """Return (rate, channels, interleaved samples) of a WAV file."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        sys.exit(f"{path}: not a WAV file")
    at, form = 12, None
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(
            data[at + 4 : at + 8], "little"
        )
        body = data[at + 8 : at + 8 + size]
        if name == b"fmt ":
            form = body
        elif name == b"data":
            break
        at += 8 + size + size % 2
    else:
        sys.exit(f"{path}: no data in it")
    code, channels, rate, _, _, bits = struct.unpack("<HHIIHH", form[:16])
    if code == 0xFFFE:
        code = struct.unpack("<H", form[24:26])[0]
    return rate, channels, decode(path, body, code, bits)


def decode(path, body, code, bits):
    """Return samples, full scale 1.0, from a WAV file's bytes."""
    body = body[: len(body) - len(body) % (bits // 8)]
    if (code, bits) == (3, 32):
        return array.array("f", body)
    if (code, bits) == (3, 64):
        return array.array("d", body)
    if code != 1 or bits not in (16, 24, 32):
        sys.exit(f"{path}: neither 16, 24 or 32 bit nor float")
    if bits == 24:
        wide = bytearray(len(body) // 3 * 4)
        for byte in range(3):
            wide[byte + 1 :: 4] = body[byte::3]
        body, bits = bytes(wide), 32
    scale = 2.0 ** (1 - bits)
    return [x * scale for x in array.array("h" if bits == 16 else "i", body)]


def write(path, rate, channels, samples):
    """Write a WAV file of 32-bit float."""
    body = array.array("f", samples).tobytes()
    form = struct.pack(
        "<HHIIHHH", 3, channels, rate, rate * channels * 4, channels * 4, 32, 0
    )
    chunks = b"fmt " + struct.pack("<I", len(form)) + form
    chunks += b"fact" + struct.pack("<II", 4, len(samples) // channels)
    chunks += b"data" + struct.pack("<I", len(body))
    with open(path, "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 4 + len(chunks) + len(body)))
        file.write(b"WAVE" + chunks + body)


def info(path):
    """Print what a shell wants to know of a file."""
    rate, channels, samples = read(path)
    print(channels, rate, len(samples) // channels)


def late(path, rate, frames):
    """Write a response that is a delay: a sinc under a Kaiser window."""
    frames, half, beta = float(frames), 64, 10.0

    def bessel(x):
        return sum((x / 2) ** (2 * k) / math.factorial(k) ** 2 for k in range(40))

    taps = []
    for t in range(int(frames) + half + 1):
        x = t - frames
        if abs(x) < half:
            sinc = math.sin(math.pi * x) / (math.pi * x) if x else 1.0
            window = bessel(beta * math.sqrt(1 - (x / half) ** 2)) / bessel(beta)
            taps.append(sinc * window)
        else:
            taps.append(0.0)
    write(path, int(rate), 1, taps)


def noise(source, path, snr_db):
    """Copy a file, with white noise that much below its mean power."""
    rate, channels, samples = read(source)
    power = sum(x * x for x in samples) / len(samples)
    sigma = math.sqrt(power * 10.0 ** (-float(snr_db) / 10.0))
    gauss = random.Random(1).gauss
    write(path, rate, channels, [x + gauss(0.0, sigma) for x in samples])


def compare(a_path, b_path):
    """Print the power of a - b relative to a's, in dB."""
    rate, channels, a = read(a_path)
    if (rate, channels) != read(b_path)[:2]:
        sys.exit(f"{a_path} and {b_path} differ in rate or channels")
    b = read(b_path)[2]
    n = max(len(a), len(b))
    a = list(a) + [0.0] * (n - len(a))
    b = list(b) + [0.0] * (n - len(b))
    error = sum((x - y) ** 2 for x, y in zip(a, b))
    power = sum(x * x for x in a)
    print(f"{10 * math.log10(max(error, 1e-30) / power):.1f}" if power else "nan")


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"info": info, "late": late, "noise": noise, "compare": compare}[command](
        *arguments
    )
