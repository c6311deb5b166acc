#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""Score what Debian has for delays over pairs that generate.py wrote, and us, in one run.

Ours is delay_estimate. The peers are what one would write with scipy: the peak of the
cross-correlation, or of GCC-PHAT, of the mean of the channels at the higher of both rates,
refined by a parabola; and Praat's Cross-correlate, refined by a sinc. They report a delay for
every pair. Polarity is the sign of the peak. Drift and "no match" are ours alone.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time

import numpy as np
import soundfile
from material import resample
from scipy import fft
from score import estimate, is_wrong

PRAAT = """
form Pairs
  sentence List
  sentence Table
endform
list = Read Strings from raw text file: list$
n = Get number of strings
for i to n / 2
  selectObject: list
  a$ = Get string: 2 * i - 1
  b$ = Get string: 2 * i
  a = Read from file: a$
  ra = Get sampling frequency
  b = Read from file: b$
  rb = Get sampling frequency
  if ra < rb
    selectObject: a
    c = Resample: rb, 50
    removeObject: a
    a = c
  elsif rb < ra
    selectObject: b
    c = Resample: ra, 50
    removeObject: b
    b = c
  endif
  selectObject: a
  ma = Convert to mono
  selectObject: b
  mb = Convert to mono
  selectObject: ma, mb
  r = Cross-correlate: "peak 0.99", "zero"
  top = Get maximum: 0, 0, "sinc70"
  bottom = Get minimum: 0, 0, "sinc70"
  if top >= -bottom
    lag = Get time of maximum: 0, 0, "sinc70"
    sign$ = "normal"
  else
    lag = Get time of minimum: 0, 0, "sinc70"
    sign$ = "inverted"
  endif
  appendFileLine: table$, fixed$ (lag, 12), " ", sign$
  removeObject: a, b, ma, mb, r
endfor
"""


def read_pair(pair):
    signals, rates = [], []
    for name in "ab":
        x, rate = soundfile.read(pair[name], always_2d=True)
        signals.append(x.mean(axis=1))
        rates.append(rate)
    rate = max(rates)
    return [resample(x, r, rate) for x, r in zip(signals, rates)], rate


def correlate(pair, is_phat):
    (a, b), rate = read_pair(pair)
    n = fft.next_fast_len(a.size + b.size, real=True)
    g = np.conj(fft.rfft(a, n)) * fft.rfft(b, n)
    if is_phat:
        g /= np.abs(g) + 1e-12 * np.abs(g).max()
    r = fft.irfft(g, n)
    k = int(np.argmax(np.abs(r)))
    before, at, behind = np.abs(r[[k - 1, k, (k + 1) % n]])
    bend = before - 2.0 * at + behind
    top = k + (0.5 * (before - behind) / bend if bend else 0.0)
    lag = top - n if k > b.size else top
    return {"delay_s": lag / rate, "rate": rate, "inverted": bool(r[k] < 0.0)}


def run_praat(pairs):
    rates = [max(soundfile.info(p[n]).samplerate for n in "ab") for p in pairs]
    with tempfile.TemporaryDirectory() as folder:
        script, names, table = (os.path.join(folder, n) for n in ("p.praat", "list", "table"))
        with open(script, "w") as file:
            file.write(PRAAT)
        with open(names, "w") as file:
            file.writelines(os.path.abspath(p[n]) + "\n" for p in pairs for n in "ab")
        subprocess.run(["praat", "--run", script, names, table], check=True)
        with open(table) as file:
            rows = [line.split() for line in file]
    assert len(rows) == len(pairs)
    return [
        {"delay_s": float(lag), "rate": rate, "inverted": sign == "inverted"}
        for (lag, sign), rate in zip(rows, rates)
    ]


def print_row(name, pairs, found, seconds):
    true = [(p, f) for p, f in zip(pairs, found) if p["match"]]
    loud = [(p, f) for p, f in true if p["notes"].get("snr_db", 0.0) > -10.0]
    right = [(p, f) for p, f in true if not is_wrong(p, f)]
    clean = [abs(f["delay_s"] - p["delay_s"]) * f["rate"] for p, f in right if p["family"] == "clean"]
    flips = [p["inverted"] != f["inverted"] for p, f in right if "any_polarity" not in p["notes"]]
    drifts = [abs(f["drift_ppm"] - p["drift_ppm"]) for p, f in right if p["drift_ppm"] and "drift_ppm" in f]
    none = [f for p, f in zip(pairs, found) if not p["match"]]
    false = sum(not f.get("no_match", False) for f in none)
    print(
        f"{name:18} {100 * sum(is_wrong(p, f) for p, f in loud) / len(loud):7.1f} % "
        f"{np.median(clean) if clean else np.nan:9.1e} {100 * sum(flips) / max(1, len(flips)):8.1f} % "
        + (f"{np.median(drifts):9.3f}" if drifts else f"{'-':>9}")
        + f" {100 * false / max(1, len(none)):8.1f} % {1000 * seconds / len(pairs):8.0f} ms",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--program", default="build/bench/delay/delay_estimate")
    options = parser.parse_args()
    with open(os.path.join(options.folder, "pairs.jsonl")) as listing:
        pairs = [json.loads(line) for line in listing]
    n_true = sum(p["match"] for p in pairs)
    print(f"{n_true} pairs with a match, of which those above -10 dB count; {len(pairs) - n_true} unrelated")
    print(f"{'':18} {'> 1 ms':>9} {'clean':>9} {'polarity':>10} {'drift':>9} {'unrelated':>10} {'time':>11}")
    print(f"{'':18} {'wrong':>9} {'samples':>9} {'wrong':>10} {'ppm':>9} {'matched':>10} {'a pair':>11}")
    for name, run in (
        ("faltung", lambda: estimate(options.program, pairs)),
        ("cross-correlation", lambda: [correlate(p, False) for p in pairs]),
        ("GCC-PHAT", lambda: [correlate(p, True) for p in pairs]),
        ("Praat", lambda: run_praat(pairs)),
    ):
        start = time.monotonic()
        found = run()
        print_row(name, pairs, found, time.monotonic() - start)


if __name__ == "__main__":
    main()
