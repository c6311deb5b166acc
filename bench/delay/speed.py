#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""Time and memory of `faltung delay` against correlating in Python, in one run.

    bench/delay/speed.py [--rounds N] [--hours H] [--folder DIR] BUILD

BUILD is a meson folder (of a release build). Pairs of 10 s, 1 h and H hours of
noise, mono, 48 kHz, 16 bit, the second one late by 0.25 s and with noise of its
own 10 dB below; whole processes, start-up included, one after the other in each
round. The peer reads both files with soundfile and takes the top of
scipy.signal.correlate, in single precision; the H hours are ours alone, as the
peer's memory would not do. The least wall time, the least CPU time and the
largest resident memory of the rounds; ratios are of wall times. What both found
is printed, too. Needs python3 with numpy, scipy and soundfile.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

PEER = """
import sys, numpy as np, soundfile as sf
from scipy.signal import correlate
a, rate = sf.read(sys.argv[1], dtype="float32")
b, rate = sf.read(sys.argv[2], dtype="float32")
r = correlate(b, a, method="fft")
print((int(np.argmax(np.abs(r))) - (len(a) - 1)) / rate)
"""

RATE = 48000
LATE = RATE // 4


def make_pair(folder, seconds):
    """Write a pair in a process of its own, whose memory is nobody's else."""
    paths = [os.path.join(folder, f"{seconds}-{name}.wav") for name in "ab"]
    child = os.fork()
    if child:
        if os.waitpid(child, 0)[1]:
            sys.exit(f"{folder}: a pair cannot be made")
        return paths
    try:
        write_pair(paths, seconds)
    except Exception as error:  # This process must not clear up what is not its own
        print(error, file=sys.stderr)
        os._exit(1)
    os._exit(0)


def write_pair(paths, seconds):
    import numpy
    import soundfile

    rng = numpy.random.default_rng(seconds)
    last = numpy.zeros(LATE, numpy.float32)
    with soundfile.SoundFile(paths[0], "w", RATE, 1, "PCM_16") as a, \
            soundfile.SoundFile(paths[1], "w", RATE, 1, "PCM_16") as b:
        for _ in range(seconds):
            x = 0.1 * rng.standard_normal(RATE, numpy.float32)
            late = numpy.concatenate([last, x[:-LATE]])
            last = x[-LATE:]
            a.write(x)
            b.write(late + 0.1 * 10 ** -0.5 * rng.standard_normal(RATE, numpy.float32))


def run(command):
    """Wall seconds, CPU seconds, MB and what is printed."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        if status:
            sys.exit(f"{command[0]}: status {status}")
        out.seek(0)
        text = out.read().decode()
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text


def best(runs):
    return [min(r[0] for r in runs), min(r[1] for r in runs), max(r[2] for r in runs)]


def compare(build, folder, seconds, rounds, with_peer):
    pair = make_pair(folder, seconds)
    ours = [os.path.join(build, "offline/faltung"), "delay", "--json", *pair]
    peer = [sys.executable, "-c", PEER, *pair]
    runs = {"faltung": [], "scipy": []}
    for _ in range(rounds):
        runs["faltung"].append(run(ours))
        if with_peer:
            runs["scipy"].append(run(peer))

    found = json.loads(runs["faltung"][0][3])["delay_seconds"]
    figures = best(runs["faltung"])
    print(f"{seconds:6} s  faltung {figures[0]:8.2f} {figures[1]:8.2f} {figures[2]:7.0f}"
          f"   {found:.9f} s", flush=True)
    if with_peer:
        theirs = best(runs["scipy"])
        print(f"          scipy   {theirs[0]:8.2f} {theirs[1]:8.2f} {theirs[2]:7.0f}"
              f"   {float(runs['scipy'][0][3]):.9f} s   ratio {figures[0] / theirs[0]:.3f}",
              flush=True)
    for path in pair:
        os.unlink(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--hours", type=int, default=6)
    parser.add_argument("--folder", help="where to put the files (4 GB for 6 h)")
    parser.add_argument("build")
    args = parser.parse_args()

    subprocess.run(["ninja", "-C", args.build, "offline/faltung"], check=True,
                   stdout=subprocess.DEVNULL)
    folder = tempfile.mkdtemp(dir=args.folder)
    try:
        print("                     wall s    CPU s      MB   found")
        compare(args.build, folder, 10, 3 * args.rounds, True)
        compare(args.build, folder, 3600, min(args.rounds, 2), True)
        if args.hours:
            compare(args.build, folder, 3600 * args.hours, 1, False)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
