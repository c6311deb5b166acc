#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""How loud the factory set and guitarix's responses sound with matched levels.

    bench/levels.py [--signals FOLDER] [--kinds KIND,KIND...] BUILD

makes signals and prints how far responses are apart with each: the 21 of the
factory, and the 91 of Debian's guitarix (a hall, 20 amplifiers' cabinets, 70 of
"bands"). Their levels with pink noise, and the gains that match them, are those
of the plugin in the meson folder BUILD (bench_levels tells them). With a
signal, the same in both inputs, the level is the K-weighted energy (ITU-R
BS.1770-4) of all that comes out, by the spectra of signal and response; to hear
that from the plugin too, give bench_levels the signals that stay in FOLDER.
Their kinds are

    held       sonic-pi's guitar samples: each a chord or a few notes
    sequence   the same, one after another
    recorded   real guitars: 30 s of each track of Frets on Fire's songs, and
               the phrases of lmms
    rendered   strummed chords, arpeggios and a riff, in four keys, 36 s, on each
               guitar of three General MIDI sets and of freepats
    speech     flite's and espeak-ng's voices, and people's: those of fillets-ng,
               Asterisk's prompts, and readers from pocketsphinx

A line is a signal, or the mean of a kind: percent of pairs of responses whose
levels are within 3 dB of each other; what that is at most with any gains that
keep pink noise within half a decibel (pairs that pink noise exactly matched
leaves within 4 dB); percent of responses within 3 dB of the median. It takes
some minutes. What is needed from Debian:

    fluidsynth fluid-soundfont-gm timgm6mb-soundfont musescore-general-soundfont
    asterisk-core-sounds-en-wav pocketsphinx-testdata
    timidity freepats sonic-pi-samples lmms-common fretsonfire-songs-muldjord
    fretsonfire-songs-sectoid flite espeak-ng fillets-ng-data fillets-ng-data-nl
    guitarix-common python3-numpy python3-scipy python3-soundfile
"""

import argparse
import glob
import os
import subprocess
import sys
import tempfile

import numpy as np
import soundfile
from scipy.signal import resample_poly

RATE = 48000
FFT_SIZE = 1 << 22  # Longer than any signal and response together
SECONDS = 30.0
PINK_DB = 0.5  # How far pink noise may be off

FONTS = {
    "fluid": "/usr/share/sounds/sf2/FluidR3_GM.sf2",
    "timgm": "/usr/share/sounds/sf2/TimGM6mb.sf2",
    "muse": "/usr/share/sounds/sf3/MuseScore_General.sf3",
}
GUITARS = {
    "nylon": 24,
    "steel": 25,
    "jazz": 26,
    "clean": 27,
    "muted": 28,
    "overdriven": 29,
    "distorted": 30,
}

# MuseScore's set has these from Fluid's
SAME = (("clean", "muse"), ("muted", "muse"))

# Open chords, lowest string first (MIDI),
CHORDS = {
    "C": (48, 52, 55, 60, 64),
    "D": (50, 57, 62, 66),
    "E": (40, 47, 52, 56, 59, 64),
    "F": (41, 48, 53, 57, 60, 65),
    "G": (43, 47, 50, 55, 59, 67),
    "A": (45, 52, 57, 61, 64),
    "Em": (40, 47, 52, 55, 59, 64),
    "Am": (45, 52, 57, 60, 64),
    "Bm": (47, 54, 59, 62, 66),
    "F#m": (42, 49, 54, 57, 61, 66),
}
PROGRESSIONS = ("C G Am F", "G D Em C", "D A Bm G", "A E F#m D")
RIFF = (0, 0, 12, 0, 10, 0, 7, 5, 3, 5, 7, 0, 10, 12, 15, 12)
ROOTS = (40, 45, 43, 50)


BEAT = 0.375  # s


def strums(start, names):
    """Yield (start, length, note, velocity): down and up, string after string"""
    for bar, name in enumerate(names):
        for stroke, eighth in enumerate((0, 2, 3, 5, 6, 7)):
            strings = CHORDS[name][::-1][:4] if eighth % 2 else CHORDS[name]
            at = start + (bar * 4 + eighth / 2) * BEAT
            for s, note in enumerate(strings):
                yield at + 0.012 * s, BEAT * 0.9, note, 95 - 5 * (stroke % 3)


def arpeggios(start, names):
    for bar, name in enumerate(names):
        for eighth, string in enumerate((0, -3, -2, -1, -2, -3, 1, -1)):
            at = start + (bar * 4 + eighth / 2) * BEAT
            yield at, BEAT * 2, CHORDS[name][string], 85


def riff(start):
    """A line over each root, a fifth on each strong beat"""
    for bar, root in enumerate(ROOTS):
        for eighth, step in enumerate(RIFF):
            at = start + (bar * 8 + eighth / 2) * BEAT
            for note in (root + step, root + step + 7)[: 2 - (eighth % 4 > 0)]:
                yield at, BEAT * 0.5, note, 100


def music():
    bars = [progression.split() for progression in PROGRESSIONS]
    yield from strums(0, bars[0] + bars[2])
    yield from arpeggios(32 * BEAT, bars[1] + bars[3])
    yield from riff(64 * BEAT)


def number(n):
    """A MIDI file's number of variable length"""
    octets = [n & 127]
    while n > 127:
        n >>= 7
        octets.insert(0, 128 | n & 127)
    return bytes(octets)


def midi(path, program, notes):
    """Write notes as a MIDI file; 960 ticks are a second"""
    events = [(0, bytes((0xC0, program)))]
    for at, length, note, velocity in notes:
        events.append((round(960 * at), bytes((0x90, note, velocity))))
        events.append((round(960 * (at + length)), bytes((0x80, note, 0))))
    track = b""
    last = 0
    for tick, message in sorted(events):
        track += number(tick - last) + message
        last = tick
    track += b"\0\xff\x2f\0"
    with open(path, "wb") as f:
        f.write(b"MThd\0\0\0\6\0\0\0\1" + (480).to_bytes(2, "big"))
        f.write(b"MTrk" + len(track).to_bytes(4, "big") + track)


def write(path, pieces, rate):
    """Write pieces one after another, each as loud as the others"""
    pieces = [x / np.sqrt(np.mean(x**2)) for x in pieces]
    x = np.concatenate(pieces)
    soundfile.write(path, x / np.max(np.abs(x)), rate, subtype="FLOAT")


def read(path, start=0.0):
    """The left channel of at most SECONDS from `start`, and its rate"""
    with soundfile.SoundFile(path) as f:
        f.seek(min(f.frames, int(start * f.samplerate)))
        x = f.read(int(SECONDS * f.samplerate), always_2d=True)
        return x[:, 0], f.samplerate


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[0]}: {done.stderr}")


def rendered(folder):
    for guitar, program in GUITARS.items():
        score = os.path.join(folder, guitar + ".mid")
        midi(score, program, music())
        path = os.path.join(folder, f"rendered-{guitar}-")
        for font, samples in FONTS.items():
            if (guitar, font) not in SAME:
                run("fluidsynth", "-niq", "-R0", "-C0", "-g0.2", f"-r{RATE}",
                    "-Twav", "-Ofloat", "-F", f"{path}{font}.wav", samples, score)
        run("timidity", "-c", "/etc/timidity/freepats.cfg", "-EFreverb=0",
            "-EFchorus=0", "-EFdelay=0", f"-s{RATE}", "-OwS2", "--output-24bit",
            "-o", f"{path}freepats.wav", score)


def held(folder):
    pieces = []
    for path in sorted(glob.glob("/usr/share/sonic-pi/samples/guit_*.flac")):
        x, rate = read(path)
        name = os.path.basename(path)[5:-5]
        write(os.path.join(folder, f"held-{name}.wav"), [x], rate)
        pieces.append(x)
    write(os.path.join(folder, "sequence-of-held.wav"), pieces, rate)


def recorded(folder):
    songs = "/usr/share/games/fretsonfire/data/songs/*/*/guitar.ogg"
    for path in sorted(glob.glob(songs)):
        name = os.path.basename(os.path.dirname(path)).lower().replace(" ", "_")
        x, rate = read(path, 60.0)
        write(os.path.join(folder, f"recorded-{name}.wav"), [x], rate)
    phrases = sorted(glob.glob("/usr/share/lmms/samples/latin/latin_guitar*"))
    x, rates = zip(*(read(path) for path in phrases))
    write(os.path.join(folder, "recorded-latin.wav"), x, rates[0])


def speech(folder):
    text = ("The north wind and the sun were disputing which was the stronger, "
            "when a traveller came along wrapped in a warm cloak. They agreed "
            "that the one who first succeeded in making the traveller take his "
            "cloak off should be considered stronger than the other.")
    for voice in ("awb", "rms", "slt"):
        made = os.path.join(folder, f"speech-{voice}.wav")
        run("flite", "-voice", voice, "-t", text, "-o", made)
    for voice in ("en-gb+m3", "en-us+f2"):
        made = os.path.join(folder, f"speech-espeak-{voice[-2:]}.wav")
        run("espeak-ng", "-v", voice, "-w", made, text)
    for fish in "mv":
        lines = f"/usr/share/games/fillets-ng/sound/*/nl/*-{fish}-*.ogg"
        x, rates = zip(*(read(path) for path in sorted(glob.glob(lines))[:10]))
        made = os.path.join(folder, f"speech-fillets-{fish}.wav")
        write(made, x, rates[0])
    for name, files in (
        ("asterisk-en", "asterisk/sounds/en_US_f_Allison/*.wav"),
        ("pocketsphinx", "pocketsphinx/test/data/librivox/*.wav"),
    ):
        paths = sorted(glob.glob(f"/usr/share/{files}"))[:10]
        x, rates = zip(*(read(path) for path in paths))
        write(os.path.join(folder, f"speech-{name}.wav"), x, rates[0])


def responses(build):
    guitarix = "/usr/share/gx_head/sounds"
    return [
        path
        for pattern in (
            os.path.join(build, "plugin/bundle/faltung.lv2/ir/*.wav"),
            f"{guitarix}/*.wav",
            f"{guitarix}/amps/*.wav",
            f"{guitarix}/bands/*.wav",
        )
        for path in sorted(glob.glob(pattern))
    ]


def plugin_levels(build):
    """What the plugin says: gains and levels with pink noise, dB"""
    bundle = os.path.join(os.path.abspath(build), "plugin/bundle/faltung.lv2/")
    bench = os.path.join(build, "bench/bench_levels")
    done = subprocess.run(
        [bench, "--", *responses(build)],
        env=dict(os.environ, FALTUNG_BUNDLE=bundle),
        stdout=subprocess.PIPE, text=True, check=True,
    )
    rows = done.stdout.splitlines()[1:-1]
    return np.array([[float(x) for x in row.split()[-2:]] for row in rows]).T


def spectrum(path, n_channels):
    """Spectra at RATE; those of a response give the gain that its file has"""
    x, rate = soundfile.read(path, always_2d=True)
    common = np.gcd(rate, RATE)
    x = resample_poly(x[:, :n_channels], RATE // common, rate // common)
    if len(x) > FFT_SIZE * 3 // 4:
        sys.exit(f"{path}: too long")
    return np.fft.rfft(x, FFT_SIZE, axis=0).T * (rate / RATE)


def k_weights():
    """K-weighting of powers at each bin"""
    z = np.exp(-2j * np.pi * np.arange(FFT_SIZE // 2 + 1) / FFT_SIZE)
    b = (1.53512485958697, -2.69169618940638, 1.19839281085285), (1, -2, 1)
    a = (
        (1, -1.69065929318241, 0.73248077421585),
        (1, -1.99004745483398, 0.99007225036621),
    )
    h = [np.polynomial.polynomial.polyval(z, p) for p in b + a]
    return np.abs(h[0] * h[1] / (h[2] * h[3])) ** 2


def shares(path, weights):
    """How much of a signal's weighted energy is at each bin"""
    energies = np.abs(spectrum(path, 1)[0]) ** 2 * weights
    return (energies / energies.sum()).astype(np.float32)


def gains(path):
    """Power that a response gives to what comes in both inputs, at each bin"""
    h = spectrum(path, 4)
    if len(h) == 4:
        h = h[:2] + h[2:]  # LL LR RL RR
    return np.mean(np.abs(h) ** 2, axis=0).astype(np.float32)


def measure(build, signals, matched_db):
    """Levels in dB, [responses][signals]"""
    weights = k_weights()
    inputs = np.array([shares(path, weights) for path in signals])
    files_db = [10 * np.log10(inputs @ gains(path)) for path in responses(build)]
    return np.array(files_db) + matched_db[:, None]


def close(levels, pink):
    """Percent of pairs within 3 dB, and at most; percent near the median"""
    a, b = np.triu_indices(len(levels), 1)
    exact = levels - pink
    return (
        100 * np.mean(np.abs(levels[a] - levels[b]) <= 3),
        100 * np.mean(np.abs(exact[a] - exact[b]) <= 3 + 2 * PINK_DB),
        100 * np.mean(np.abs(levels - np.median(levels)) <= 3),
    )


def line(name, figures):
    print(f"{name:40} {figures[0]:6.1f} {figures[1]:7.1f} {figures[2]:7.1f}")


def main():
    kinds = {
        "held": held, "sequence": held, "recorded": recorded,
        "rendered": rendered, "speech": speech,
    }
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--signals", metavar="FOLDER")
    parser.add_argument("--kinds", default=",".join(kinds))
    parser.add_argument("build")
    args = parser.parse_args()
    wanted = args.kinds.split(",")

    with tempfile.TemporaryDirectory() as scratch:
        folder = args.signals or scratch
        os.makedirs(folder, exist_ok=True)
        for make in {kinds[kind] for kind in wanted}:
            make(folder)
        run("ninja", "-C", args.build, "bench/bench_levels", "all")
        signals = [
            path
            for kind in wanted
            for path in sorted(glob.glob(os.path.join(folder, f"{kind}-*.wav")))
        ]
        gains_db, pink = plugin_levels(args.build)
        levels = measure(args.build, signals, gains_db)

    print(f"pink noise: {pink.min():+.2f} to {pink.max():+.2f} dB")
    print(f"{'signal':40} {'pairs':>6} {'at most':>7} {'median':>7}   ({len(levels)} responses)")
    names = [os.path.basename(path)[:-4] for path in signals]
    figures = [close(levels[:, s], pink) for s in range(len(names))]
    for name, pair in zip(names, figures):
        line(name, pair)
    for group in [(kind,) for kind in wanted] + [("recorded", "rendered")]:
        of_group = [f for n, f in zip(names, figures) if n.startswith(group)]
        if of_group:
            title = f"{' and '.join(group)}, mean of {len(of_group)}"
            line(title, np.mean(of_group, axis=0))


if __name__ == "__main__":
    main()
