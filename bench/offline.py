#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""Faltung's convolve against its peers, interleaved, in one run.

    bench/offline.py [--rounds N] [--work abcdef] [--hours H] [--folder DIR] BUILD

builds what it needs in the meson folder BUILD (which should be a release build),
and prints a table of these works:

    a  10 min of stereo, 48 kHz, 24 bit, through 3 s of stereo
    b  2 h of mono, 24 bit, through 8 s; and 1 min of the same, for its memory
    c  60 s of stereo through 0.1 s
    d  1000 files of 2 s, mono, 16 kHz, 16 bit, through one response of 0.5 s
    e  10 min of stereo through 2 x 2 responses of 6 s
    f  fidelity: the error of every format, against double precision

Every program is run once in each round, one after the other; what it makes is
new, and what others have written is on the disk before it starts. The table has
the least wall time and the least CPU time of the rounds, the largest resident
memory, the ratios of the wall times to the peers', and those that are aimed at.
Faltung brings its outputs to the disk before it ends, as no peer does; `-> null`
is the same work without that and without writing. fconvolver is jconvolver's (in
vector mode); copy is libsndfile reading the file and writing it, `copy, synced`
with fsync() at the end. scipy is oaconvolve in single precision on soundfile's
arrays. Needs python3 with numpy, scipy and soundfile; peers that are not
installed are left out.
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
    """A workload: files, the command of each program, and what it makes."""

    def __init__(self, name, text, goals):
        self.name = name
        self.text = text
        self.goals = goals  # {(program, peer): ratio}
        self.programs = {}
        self.outputs = []

    def add(self, name, *command, output=None):
        self.programs[name] = [str(c) for c in command]
        if output:
            self.outputs.append(output)

    def clean(self):
        """Remove what was made, and wait for the disk."""
        for path in self.outputs:
            if os.path.isdir(path):
                shutil.rmtree(path)
                os.makedirs(path)
            elif os.path.exists(path):
                os.remove(path)
        os.sync()


def add_file(p, tools, letter, text, minutes, channels, ir_s, ir_channels, ffmpeg, goals):
    """One long file through one response, by all who can."""
    fal = [tools.faltung, "convolve", "-q"]
    x, h, y = p(letter + ".wav"), p(letter + "-ir.wav"), p(letter + "-out")
    noise(x, 60 * minutes, 48000, channels, "PCM_24", 1)
    noise(h, ir_s, 48000, ir_channels, "FLOAT", 2, decay=True)
    routes = (
        [(1, 1, 1), (1, 2, 2), (2, 1, 3), (2, 2, 4)]
        if ir_channels == 4
        else [(c, c, c) for c in range(1, channels + 1)]
    )
    configure(p(letter + ".conf"), channels, channels, routes, h, int(ir_s * 48000))
    w = Work(letter, text, goals)
    for n in 1, 2:
        w.add(f"faltung {n}", *fal, "-t", n, x, h, "-o", f"{y}{n}.wav", output=f"{y}{n}.wav")
    w.add("2, -> null", *fal, "-t", 2, x, h, "--format", "wav", "-o", "/dev/null")
    w.add("fconvolver", "fconvolver", "-V", p(letter + ".conf"), x, y + "f.wav", output=y + "f.wav")
    if ffmpeg:
        w.add(
            "ffmpeg", "ffmpeg", "-v", "error", "-y", "-i", x, "-i", h,
            "-lavfi", "afir", "-c:a", "pcm_s24le", y + "m.wav", output=y + "m.wav",
        )
    w.add("copy", tools.copy, x, y + "c.wav", output=y + "c.wav")
    w.add("copy, synced", tools.copy, x, y + "c.wav", "sync", output=y + "c.wav")
    return w, x, h, y


def prepare(folder, tools, letter, hours):
    """Make the sounds of a work, and say who does what."""
    p = lambda name: os.path.join(folder, name)
    fal = [tools.faltung, "convolve", "-q"]
    peer = "fconvolver"
    if letter == "a":
        goals = {("faltung 1", peer): 0.6, ("faltung 2", peer): 0.45, ("faltung 2", "ffmpeg"): 0.4}
        return add_file(p, tools, "a", "10 min stereo x 3 s", 10, 2, 3.0, 2, True, goals)[0]
    if letter == "b":
        goals = {("faltung 2", peer): 0.45}
        w, _, h, y = add_file(p, tools, "b", f"{hours} h mono x 8 s", 60 * hours, 1, 8.0, 1, False, goals)
        short = p("b-minute.wav")
        noise(short, 60, 48000, 1, "PCM_24", 1)
        w.add("2, 1 min", *fal, "-t", 2, short, h, "-o", y + "s.wav", output=y + "s.wav")
        return w
    if letter == "c":
        goals = {("faltung 1", peer): 0.9, ("faltung 2", peer): 0.9}
        w, x, h, y = add_file(p, tools, "c", "60 s stereo x 0.1 s", 1, 2, 0.1, 2, True, goals)
        w.add("scipy", sys.executable, "-c", SCIPY_C, h, x, y + "p.wav", output=y + "p.wav")
        return w
    if letter == "e":
        goals = {("faltung 1", peer): 0.45, ("faltung 2", peer): 0.3}
        return add_file(p, tools, "e", "10 min stereo x 2x2 of 6 s", 10, 2, 6.0, 4, False, goals)[0]
    for name in ("d", "d-scipy"):
        os.makedirs(p(name))
    noise(p("d/0000.wav"), 2, 16000, 1, "PCM_16", 1)
    for i in range(1, 1000):
        shutil.copy(p("d/0000.wav"), p(f"d/{i:04}.wav"))
    noise(p("d-ir.wav"), 0.5, 16000, 1, "FLOAT", 2, decay=True)
    w = Work("d", "1000 files of 2 s x 0.5 s", {("faltung 1", "scipy"): 0.25, ("faltung 2", "scipy"): 0.25})
    for n in 1, 2:
        out = p(f"d-faltung{n}/")
        os.makedirs(out)
        w.add(f"faltung {n}", *fal, "--jobs", n, p("d"), "--ir", p("d-ir.wav"), "-o", out, output=out)
    w.add("scipy", sys.executable, "-c", SCIPY_D, p("d-ir.wav"), p("d"), p("d-scipy"), output=p("d-scipy"))
    return w


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


def show(w, results):
    """Print the part of the table that is one work's."""
    best = {n: [min(c) for c in list(zip(*r))[:2]] for n, r in results.items()}
    peers = [n for n in ("fconvolver", "ffmpeg", "scipy") if n in best]
    print(f"\n{w.name}: {w.text}")
    print(f"{'':14}{'wall s':>8}{'CPU s':>8}{'MB':>6}" + "".join(f"{'/ ' + n:>20}" for n in peers))
    for name, (wall, cpu) in best.items():
        line = f"{name:14}{wall:8.2f}{cpu:8.2f}{max(r[2] for r in results[name]):6.0f}"
        for n in peers:
            ratio = wall / best[n][0]
            goal = w.goals.get((name, n))
            note = f" ({'<=' if ratio <= goal else 'over'} {goal:.2f})" if goal else " " * 10
            line += f"{ratio:10.2f}{note:10}"
        print(line.rstrip(), flush=True)


FORMATS = [  # name of the file, arguments, full LSB or 0 for floating point
    ("float.wav", "--subtype float", 0),
    ("double.wav", "--subtype double --precision double", 0),
    ("float-exact.wav", "--subtype float --precision double", 0),
    ("pcm32.wav", "--subtype pcm32 --precision double", 2**-31),
    ("pcm24.wav", "--subtype pcm24 --no-dither", 2**-23),
    ("pcm24-exact.wav", "--subtype pcm24 --no-dither --precision double", 2**-23),
    ("pcm24-dither.wav", "--subtype pcm24", 2**-23),
    ("pcm16-dither.wav", "--subtype pcm16", 2**-15),
    ("pcm24.flac", "--subtype pcm24 --no-dither", 2**-23),
    ("pcm24.aiff", "--subtype pcm24 --no-dither", 2**-23),
    ("float.caf", "--subtype float", 0),
    ("float.w64", "--subtype float", 0),
]


def fidelity(folder, tools):
    """Print the error of every format, against FFTs in double precision."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    import numpy as np
    import soundfile
    from scipy.signal import fftconvolve

    p = lambda name: os.path.join(folder, name)
    noise(p("x.wav"), 10, 48000, 2, "DOUBLE", 1)
    noise(p("h.wav"), 3, 48000, 2, "FLOAT", 2, decay=True)
    x, h = (soundfile.read(p(n))[0] for n in ("x.wav", "h.wav"))
    wanted = fftconvolve(x, h, axes=0)
    rms = np.sqrt(np.mean(wanted**2))
    print("\nf: the error, 10 s of stereo in double precision through 3 s of stereo")
    print(f"{'':18}{'RMS dB':>8}{'largest':>16}")
    for name, arguments, lsb in FORMATS:
        subprocess.run(
            [tools.faltung, "convolve", "-q", *arguments.split(), p("x.wav"), p("h.wav"), "-o", p(name)],
            check=True,
        )
        error = soundfile.read(p(name))[0] - wanted
        most = np.max(np.abs(error))
        largest = f"{most / lsb:.2f} LSB" if lsb else f"{20 * np.log10(most / rms):.1f} dB"
        level = 20 * np.log10(np.sqrt(np.mean(error**2)) / rms)
        print(f"{name:18}{level:8.1f}{largest:>16}   {arguments}", flush=True)
    os._exit(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="of each work; b has two at most")
    parser.add_argument("--work", default="abcdef")
    parser.add_argument("--hours", type=float, default=2)
    parser.add_argument("--folder", help="where to put the files (7 GB for b)")
    parser.add_argument("build", type=os.path.abspath)
    tools = parser.parse_args()
    subprocess.run(["ninja", "-C", tools.build, "--quiet", "offline/faltung", "bench/copy"], check=True)
    tools.faltung = os.path.join(tools.build, "offline", "faltung")
    tools.copy = os.path.join(tools.build, "bench", "copy")

    for letter in tools.work:
        with tempfile.TemporaryDirectory(dir=tools.folder) as folder:
            if letter == "f":
                fidelity(folder, tools)
                continue
            w = prepare(folder, tools, letter, tools.hours)
            programs = {n: c for n, c in w.programs.items() if shutil.which(c[0])}
            results = {n: [] for n in programs}
            for _ in range(min(tools.rounds, 2) if letter == "b" else tools.rounds):
                for name, command in programs.items():
                    w.clean()
                    results[name].append(run(command))
            show(w, results)


def use_python_with_numpy():
    """A Python of one's own may come first in PATH, without the modules."""
    debian = "/usr/bin/python3"
    has_numpy = [sys.executable, "-c", "import numpy, scipy, soundfile"]
    if subprocess.run(has_numpy, stderr=subprocess.DEVNULL).returncode and sys.executable != debian:
        os.execv(debian, [debian, *sys.argv])


if __name__ == "__main__":
    use_python_with_numpy()
    main()
