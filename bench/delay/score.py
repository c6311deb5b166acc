#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""Score an estimator over pairs that generate.py wrote; one table, family by family."""

import argparse
import json
import os
import subprocess

import numpy as np

TOLERANCE_S = 1e-3


def estimate(program, pairs):
    text = "".join(f"{p['a']}\n{p['b']}\n" for p in pairs)
    run = subprocess.run([program], input=text, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def is_wrong(pair, found):
    return abs(found["delay_s"] - pair["delay_s"]) > TOLERANCE_S  # At the start


def table(pairs, found):
    print(f"{'family':22} {'pairs':>5} {'wrong':>6} {'missed':>6} {'false':>6} {'polarity':>8} "
          f"{'median error, samples':>22} {'drift, ppm':>10}")
    families = list(dict.fromkeys(p["family"] for p in pairs))
    for family in families:
        rows = [(p, f) for p, f in zip(pairs, found) if p["family"] == family]
        wrong = [is_wrong(p, f) for p, f in rows if p["match"]]
        missed = [f["no_match"] for p, f in rows if p["match"]]
        false = [not f["no_match"] for p, f in rows if not p["match"]]
        right = [(p, f) for p, f in rows if p["match"] and not is_wrong(p, f)]
        errors = [abs(f["delay_s"] - p["delay_s"]) * f["rate"] for p, f in right]
        flips = [p["inverted"] != f["inverted"] for p, f in right if "any_polarity" not in p["notes"]]
        drifts = [abs(f["drift_ppm"] - p["drift_ppm"]) for p, f in right if p["drift_ppm"]]
        print(f"{family:22} {len(rows):5} {sum(wrong):6} {sum(missed):6} {sum(false):6} {sum(flips):8} "
              f"{np.median(errors) if errors else np.nan:22.2e} {np.median(drifts) if drifts else np.nan:10.3f}")


def summary(pairs, found):
    rows = list(zip(pairs, found))
    true = [(p, f) for p, f in rows if p["match"]]
    loud = [(p, f) for p, f in true if p["notes"].get("snr_db", 0) > -10]
    none = [(p, f) for p, f in rows if not p["match"]]
    # Below -10 dB, "no match" is a right answer
    wrong = sum(is_wrong(p, f) and not (f["no_match"] and p["notes"].get("snr_db", 0) <= -10) for p, f in true)
    print(f"\nwrong by more than 1 ms: {wrong} of {len(true)} ({100 * wrong / max(1, len(true)):.2f} %)")
    missed = sum(f["no_match"] for _, f in loud)
    print(f"related, called no match: {missed} of {len(loud)} ({100 * missed / max(1, len(loud)):.2f} %)")
    false = sum(not f["no_match"] for _, f in none)
    print(f"unrelated, called a match: {false} of {len(none)} ({100 * false / max(1, len(none)):.2f} %)")
    right = [p["match"] and not is_wrong(p, f) for p, f in rows]
    reliability(np.array([f["confidence"] for f in found]), np.array(right, float))
    print(f"processor time a pair: median {np.median([f['cpu_s'] for f in found]):.3f} s")


def reliability(confidence, right):
    print("\nconfidence   pairs   mean   right")
    error = 0.0
    for low in np.arange(0.0, 1.0, 0.1):
        inside = (confidence >= low) & ((confidence < low + 0.1) | ((low > 0.85) & (confidence <= 1.0)))
        if inside.any():
            mean, share = confidence[inside].mean(), right[inside].mean()
            error += inside.mean() * abs(mean - share)
            print(f"{low:.1f} … {low + 0.1:.1f} {inside.sum():7} {mean:7.3f} {share:6.3f}")
    sure = confidence > 0.99
    print(f"expected calibration error: {error:.4f}")
    print(f"above 0.99: {int((1 - right[sure]).sum())} wrong of {sure.sum()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="+")
    parser.add_argument("--program", default="build/bench/delay/delay_estimate")
    parser.add_argument("--keep", help="write pairs and results to this file")
    parser.add_argument("--failures", action="store_true", help="list what went wrong")
    options = parser.parse_args()

    pairs = []
    for folder in options.folder:
        with open(os.path.join(folder, "pairs.jsonl")) as listing:
            pairs += [json.loads(line) for line in listing]
    found = estimate(options.program, pairs)
    table(pairs, found)
    summary(pairs, found)
    if options.failures:
        for p, f in zip(pairs, found):
            wrong = p["match"] and is_wrong(p, f)
            if wrong or f["no_match"] == p["match"]:
                print(p["family"], os.path.basename(p["a"]), p["notes"], f"true {p['delay_s']:.6f}",
                      f"found {f['delay_s']:.6f}", [round(x, 3) for x in f["features"]], f["candidates"])
    if options.keep:
        with open(options.keep, "w") as kept:
            for p, f in zip(pairs, found):
                print(json.dumps({"pair": p, "found": f}), file=kept)


if __name__ == "__main__":
    main()
