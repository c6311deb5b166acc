#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""Faltung's convolve against its peers, interleaved, in one run.

    bench/offline.py [--rounds N] [--work abcde] [--folder DIR] FALTUNG COPY

Workloads (b's two hours are scaled by --hours):

    a  10 min of stereo, 48 kHz, 24 bit, through 3 s of stereo
    b  2 h of mono, 24 bit, through 8 s
    c  60 s of stereo through 0.1 s
    d  1000 files of 2 s, mono, 16 kHz, 16 bit, through one response of 0.5 s
    e  10 min of stereo through 2 x 2 responses of 6 s

Every program is run once in each round, one after the other; the table has the
least wall time and the least CPU time of the rounds, the largest resident
memory, and the ratios to the peer. fconvolver is jconvolver's (vector mode);
copy is libsndfile reading the file and writing it. scipy is oaconvolve in
single precision on soundfile's arrays.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

SCIPY_D = """
import sys, glob, numpy as np, soundfile as sf
from scipy.signal import oaconvolve
h, rate = sf.read(sys.argv[1], dtype="float32")
for name in sorted(glob.glob(sys.argv[2] + "/*.wav")):
    x, rate = sf.read(name, dtype="float32")
    y = oaconvolve(x, h)
    sf.write(sys.argv[3] + "/" + name.rsplit("/", 1)[1], y, rate, subtype="PCM_16")
"""

SCIPY_C = """
import sys, soundfile as sf
from scipy.signal import oaconvolve
h, rate = sf.read(sys.argv[1], dtype="float32")
x, rate = sf.read(sys.argv[2], dtype="float32")
sf.write(sys.argv[3], oaconvolve(x, h, axes=0), rate, subtype="PCM_24")
"""


def noise(path, seconds, rate, channels, subtype, seed, decay=False):
    """Write noise in pieces; a decaying one is a response.

    In a process of its own: the memory of this one counts as its children's.
    """
    child = os.fork()
    if child:
        if os.waitpid(child, 0)[1]:
            sys.exit(f"{path}: cannot be made")
        return
    import numpy as np
    import soundfile

    rng = np.random.default_rng(seed)
    n = int(seconds * rate)
    with soundfile.SoundFile(path, "w", rate, channels, subtype) as f:
        for start in range(0, n, rate):
            k = min(rate, n - start)
            x = rng.standard_normal((k, channels)).astype(np.float32)
            if decay:
                t = (start + np.arange(k)) / n
                x *= (0.02 * np.exp(-6.9 * t))[:, None].astype(np.float32)
            else:
                x *= 0.05
            f.write(x)
    os._exit(0)


def configure(path, n_in, n_out, routes, response, length):
    """Write a configuration for fconvolver."""
    with open(path, "w") as f:
        f.write(f"/convolver/new {n_in} {n_out} 8192 {length + 8192}\n")
        for i, o, c in routes:
            f.write(f"/impulse/read {i} {o} 1 0 0 0 {c} {response}\n")


class Work:
    """A workload: files, and the command of each program."""

    def __init__(self, name, text):
        self.name = name
        self.text = text
        self.programs = {}

    def add(self, name, *command):
        self.programs[name] = [str(c) for c in command]


def prepare(folder, tools, letters, hours):
    """Make the sounds, and say who does what."""
    p = lambda name: os.path.join(folder, name)
    fal = [tools.faltung, "convolve", "-q", "--force"]
    works = []

    def file_work(letter, text, minutes, channels, ir_s, ir_channels, ffmpeg):
        x, h, y = p(letter + ".wav"), p(letter + "-ir.wav"), p(letter + "-out")
        noise(x, 60 * minutes, 48000, channels, "PCM_24", 1)
        noise(h, ir_s, 48000, ir_channels, "FLOAT", 2, decay=True)
        routes = (
            [(1, 1, 1), (1, 2, 2), (2, 1, 3), (2, 2, 4)]
            if ir_channels == 4
            else [(c, c, c) for c in range(1, channels + 1)]
        )
        configure(p(letter + ".conf"), channels, channels, routes, h, int(ir_s * 48000))
        w = Work(letter, text)
        w.add("faltung 1", *fal, "-t", 1, x, h, "-o", y + "1.wav")
        w.add("faltung 2", *fal, "-t", 2, x, h, "-o", y + "2.wav")
        w.add("fconvolver", "fconvolver", "-V", p(letter + ".conf"), x, y + "f.wav")
        if ffmpeg:
            w.add(
                "ffmpeg", "ffmpeg", "-v", "error", "-y", "-i", x, "-i", h,
                "-lavfi", "afir", "-c:a", "pcm_s24le", y + "m.wav",
            )
        w.add("copy", tools.copy, x, y + "c.wav")
        works.append(w)
        return w, x, h, y

    if "a" in letters:
        file_work("a", "10 min stereo x 3 s", 10, 2, 3.0, 2, True)
    if "b" in letters:
        w, _, h, y = file_work("b", f"{hours} h mono x 8 s", 60 * hours, 1, 8.0, 1, False)
        short = p("b-minute.wav")
        noise(short, 60, 48000, 1, "PCM_24", 1)
        w.add("faltung, 1 min", *fal, "-t", 2, short, h, "-o", y + "s.wav")
    if "c" in letters:
        w, x, h, y = file_work("c", "60 s stereo x 0.1 s", 1, 2, 0.1, 2, True)
        w.add("scipy", sys.executable, "-c", SCIPY_C, h, x, y + "p.wav")
    if "d" in letters:
        for name in ("d", "d-faltung", "d-scipy"):
            os.makedirs(p(name), exist_ok=True)
        noise(p("d/0000.wav"), 2, 16000, 1, "PCM_16", 1)
        for i in range(1, 1000):
            shutil.copy(p("d/0000.wav"), p(f"d/{i:04}.wav"))
        noise(p("d-ir.wav"), 0.5, 16000, 1, "FLOAT", 2, decay=True)
        w = Work("d", "1000 files of 2 s x 0.5 s")
        # Overwriting costs as much for both
        w.add("faltung 1", *fal, "--jobs", 1, p("d"), "--ir", p("d-ir.wav"), "-o", p("d-faltung/"))
        w.add("faltung 2", *fal, "--jobs", 2, p("d"), "--ir", p("d-ir.wav"), "-o", p("d-faltung/"))
        w.add("scipy", sys.executable, "-c", SCIPY_D, p("d-ir.wav"), p("d"), p("d-scipy"))
        works.append(w)
    if "e" in letters:
        file_work("e", "10 min stereo x 2x2 of 6 s", 10, 2, 6.0, 4, False)
    return works


def run(command):
    """Run once; wall seconds, CPU seconds, largest resident set in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    wall = time.perf_counter() - start
    if status:
        sys.exit(f"{command}: {message.decode(errors='replace')}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", default="abcde")
    parser.add_argument("--hours", type=float, default=2)
    parser.add_argument("--folder", help="where to put the files (several GB for b)")
    parser.add_argument("faltung", type=os.path.abspath)
    parser.add_argument("copy", type=os.path.abspath)
    args = parser.parse_args()

    folder = tempfile.mkdtemp(dir=args.folder)
    try:
        for letter in args.work:
            for w in prepare(folder, args, letter, args.hours):
                programs = {
                    n: c for n, c in w.programs.items() if shutil.which(c[0])
                }
                results = {n: [] for n in programs}
                for _ in range(args.rounds):
                    for name, command in programs.items():
                        results[name].append(run(command))
                best = {n: [min(c) for c in list(zip(*r))[:2]] for n, r in results.items()}
                print(f"\n{w.name}: {w.text}, {args.rounds} rounds")
                peers = [n for n in ("fconvolver", "ffmpeg", "scipy") if n in best]
                print(f"{'':16}{'wall s':>8}{'CPU s':>8}{'MB':>7}  "
                      + "".join(f"{'/ ' + n:>14}" for n in peers))
                for name, (wall, cpu) in best.items():
                    memory = max(r[2] for r in results[name])
                    ratios = "".join(f"{wall / best[n][0]:14.2f}" for n in peers)
                    print(f"{name:16}{wall:8.2f}{cpu:8.2f}{memory:7.0f}  {ratios}", flush=True)
            for name in os.listdir(folder):
                path = os.path.join(folder, name)
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
