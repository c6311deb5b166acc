#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""How often `faltung find` finds what is there, and what is not.

Clips and recordings have no file, drum kit or family of samples in common.
Prints the false alarms, hits of unrelated clips, against their stated rate; and
of clips that were put into the recordings below other sound, how many are
found. With --long, prints time and memory for long recordings instead, against
the same scores by scipy.signal.oaconvolve for the short one. Needs python3-numpy,
python3-scipy, python3-soundfile and ffmpeg, and the packages of
bench/delay/material.py.
"""

import argparse
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import soundfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "delay"))
import material  # noqa: E402

RATE = 16000
KINDS = ("speech", "music", "drums", "noise")
RATES = (10.0, 1.0, 0.1, 0.01)  # An hour
LENGTHS = (0.5, 1.0, 2.0, 5.0)  # Seconds, or as long as the file
SAME = 0.95  # A score that always counts: not a matter of chance

# How clips are put in: level against what is there in dB, sign, codec
PLANTS = {
    "+30 dB": (30.0, 1.0, False),
    "+10 dB, inverted": (10.0, -1.0, False),
    "+10 dB, MP3": (10.0, 1.0, True),
    "0 dB": (0.0, 1.0, False),
    "-6 dB": (-6.0, 1.0, False),
    "-10 dB": (-10.0, 1.0, False),
}


def family(path, kind):
    """What files have in common that are recordings of one thing."""
    name = pathlib.Path(path)
    if kind == "drums":
        return name.parent.name
    if kind == "music":
        return name.stem.split("_")[0]
    return "".join(c for c in name.stem.lower() if not c.isdigit())


def halves(kind):
    """All recordings of a kind, in two halves without a common family."""
    both = ([], [])
    for held_out in (False, True):
        for entry in material.list_recordings(held_out)[kind]:
            digest = hashlib.sha256(family(entry[0], kind).encode()).digest()
            both[digest[1] % 2].append(entry)
    return both


def long_recording(rng, kind, entries, seconds):
    if kind == "noise":
        return material.coloured_noise(rng, int(seconds * RATE), 1.0)
    pieces, n = [], 0
    for i in rng.permutation(len(entries)):
        x = material.read(entries[i][0], RATE)
        pieces += [x, np.zeros(int(rng.uniform(0.0, 0.4) * RATE))]
        n += pieces[-1].size + x.size
        if n >= seconds * RATE:
            break
    x = np.concatenate(pieces)
    x = 0.05 * x / x.std()
    return x + 5e-6 * rng.standard_normal(x.size)


def draw_clip(rng, kind, entries):
    seconds = rng.choice(LENGTHS)
    if kind == "noise":
        return material.coloured_noise(rng, int(seconds * RATE), 1.0)
    while True:
        path, duration = entries[rng.integers(len(entries))]
        if duration < min(seconds, 1.0):
            continue
        x = material.read(path, RATE)
        n = min(x.size, int(seconds * RATE))
        start = rng.integers(x.size - n + 1)
        clip = x[start : start + n]
        if clip.std() > 0.01 * x.std():
            return 0.05 * clip / clip.std()


def plant(rng, recording, clip, folder):
    """Return the recording with the clip in it, and where it is."""
    x = recording.copy()
    room = x.size // len(PLANTS)
    places = {}
    for i, name in enumerate(PLANTS):
        level_db, sign, is_coded = PLANTS[name]
        at = i * room + rng.integers(room - 2 * clip.size)
        there = x[at : at + clip.size]
        gain = (there.std() + 1e-4) / clip.std() * 10.0 ** (level_db / 20.0)
        there += sign * gain * clip
        if is_coded:
            x[at - RATE // 4 : at + clip.size + RATE // 4] = through_mp3(
                x[at - RATE // 4 : at + clip.size + RATE // 4], folder
            )
        places[name] = at
    return x, places


def through_mp3(x, folder):
    soundfile.write(folder / "in.wav", x, RATE, subtype="FLOAT")
    for source, target in (("in.wav", "x.mp3"), ("x.mp3", "out.wav")):
        subprocess.run(
            ["ffmpeg", "-loglevel", "error", "-y", "-i", folder / source]
            + (["-b:a", "32k"] if target == "x.mp3" else [])
            + [folder / target],
            check=True,
        )
    y = np.zeros(x.size)
    z = soundfile.read(folder / "out.wav")[0][: x.size]
    y[: z.size] = z
    return y


def find(program, folder, clip, recording, rate):
    soundfile.write(folder / "clip.wav", clip, RATE, subtype="FLOAT")
    if recording is not None:
        peak = max(1.0, np.abs(recording).max())
        soundfile.write(folder / "long.wav", recording / peak, RATE, subtype="FLOAT")
    done = subprocess.run(
        [program, "find", "--json", "--false-alarms", str(rate), folder / "clip.wav",
         folder / "long.wav"],
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode not in (0, 3):
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def count_false_alarms(rng, arguments, kind, folder):
    """Print the hits of unrelated clips against what was said."""
    hits, hours, same = [], 0.0, 0
    for half in range(2):
        entries = halves(kind) if kind != "noise" else ((), ())
        recording = long_recording(rng, kind, entries[half], arguments.seconds)
        for number in range(arguments.clips):
            clip = draw_clip(rng, kind, entries[1 - half])
            once = recording if number == 0 else None
            found = find(arguments.program, folder, clip, once, RATES[0])["hits"]
            same += sum(h["score"] >= SAME for h in found)
            hits += [h["false_alarms"] for h in found if h["score"] < SAME]
            hours += recording.size / RATE / 3600.0
    row = []
    for rate in RATES:
        n = sum(h <= rate for h in hits)
        row.append(f"{n:5d} {n / (rate * hours):6.2f}")
    print(f"{kind:8s} {hours:6.1f} h " + " |".join(row) + f" | {same:3d}", flush=True)


def count_found(rng, arguments, kind, folder):
    """Print the share of clips that are found where they were put."""
    found = dict.fromkeys(PLANTS, 0)
    extra = 0
    entries = halves(kind) if kind != "noise" else ((), ())
    recording = long_recording(rng, kind, entries[0], arguments.seconds)
    n = arguments.clips // 2
    for _ in range(n):
        clip = draw_clip(rng, kind, entries[1])
        x, places = plant(rng, recording, clip, folder)
        hits = find(arguments.program, folder, clip, x, RATES[-1])["hits"]
        near = set()
        for name, at in places.items():
            mine = [i for i, h in enumerate(hits) if abs(h["samples"] - at) < 0.001 * RATE]
            right = [
                i for i in mine
                if name == "+10 dB, MP3" or (hits[i]["polarity"] == "inverted") == (PLANTS[name][1] < 0)
            ]  # fmt: skip
            found[name] += bool(right)
            near.update(mine)
        extra += len(hits) - len(near)
    print(f"{kind:8s} " + " ".join(f"{f / n:9.2f}" for f in found.values()) + f" {extra:6d}", flush=True)


# The score of every place, and the highest: as one would write it
SCRIPT = """
import sys
import numpy, soundfile
from scipy import signal
clip = soundfile.read(sys.argv[1], dtype="float32")[0].astype(float)
x = soundfile.read(sys.argv[2], dtype="float32")[0].astype(float)
n = clip.size
clip -= clip.mean()
r = signal.oaconvolve(x, clip[::-1], "valid")
level = numpy.cumsum(numpy.r_[0.0, x])
energy = numpy.cumsum(numpy.r_[0.0, x * x])
power = energy[n:] - energy[:-n] - (level[n:] - level[:-n]) ** 2 / n
score = r / numpy.sqrt(numpy.maximum(power, 1e-12) * (clip**2).sum())
print(numpy.argmax(abs(score)))
"""


# A process's memory is at least that of the one that starts it: a small one
STARTER = """
import os, sys, time
start = time.monotonic()
null = os.open(os.devnull, os.O_WRONLY)
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ,
                      file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
_, status, usage = os.wait4(pid, 0)
print(time.monotonic() - start, usage.ru_maxrss / 1024.0)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def measure(command):
    """Run; return seconds by the clock and the most memory in MB."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", STARTER, *command],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [float(field) for field in done.stdout.split()]


def show_long(program, folder):
    """Noise of 48 kHz in 16 bits, with a clip of 3 s in it."""
    rate = 48000
    rng = np.random.default_rng(1)
    clip = 0.1 * rng.standard_normal(3 * rate)
    noise = 0.1 * rng.standard_normal(600 * rate)
    noise[rate : rate + clip.size] += clip
    soundfile.write(folder / "clip.wav", clip, rate, subtype="PCM_16")
    soundfile.write(folder / "10.wav", noise, rate, subtype="PCM_16")
    with soundfile.SoundFile(
        folder / "360.w64", "w", rate, 1, "PCM_16", format="W64"
    ) as file:
        for _ in range(36):
            file.write(noise)
    for name, command in (
        ("scipy, 10 min", [sys.executable, "-c", SCRIPT]),
        ("faltung, 10 min", [program, "find"]),
        ("faltung, 6 h", [program, "find"]),
    ):
        target = folder / ("360.w64" if "6 h" in name else "10.wav")
        runs = [
            measure([*command, folder / "clip.wav", target])
            for _ in range(1 if "6 h" in name else 3)
        ]
        seconds, megabytes = np.median(runs, axis=0)
        print(f"{name:16s} {seconds:8.2f} s {megabytes:8.0f} MB", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="the built faltung")
    parser.add_argument("--clips", type=int, default=50, help="a kind and recording")
    parser.add_argument("--seconds", type=float, default=600.0, help="of a recording")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--long", action="store_true", help="only time and memory")
    arguments = parser.parse_args()
    kinds = arguments.kinds.split(",")
    with tempfile.TemporaryDirectory(prefix="faltung-find-") as name:
        folder = pathlib.Path(name)
        if arguments.long:
            show_long(arguments.program, folder)
            return
        print("False alarms, and their number over what was said, at a stated rate an hour of")
        print("kind   searched " + " |".join(f"{r:12g}" for r in RATES) + " | 0.95")
        for kind in kinds:
            rng = np.random.default_rng([arguments.seed, KINDS.index(kind)])
            count_false_alarms(rng, arguments, kind, folder)
        print("\nFound at 0.01 an hour, of clips below other sound of their kind (level against it)")
        print("kind     " + " ".join(f"{p[:9]:>9s}" for p in PLANTS) + "  other")
        for kind in kinds:
            rng = np.random.default_rng([arguments.seed, KINDS.index(kind), 1])
            count_found(rng, arguments, kind, folder)


if __name__ == "__main__":
    main()
