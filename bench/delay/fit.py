#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
"""Fit the confidence of core/delay_confidence.c to results that score.py --keep wrote, tuning pairs only.

Logistic regression on logarithms of the evidence; no weight is negative, so that more evidence never means less
confidence. A match counts as right within a millisecond. Prints the constants.
"""

import json
import sys

import numpy as np
from scipy import optimize

from score import is_wrong, reliability

PENALTY = 0.002


def transform(evidence):
    """As in core/delay_confidence.c."""
    x = np.log(np.maximum(np.asarray(evidence), 1.0))
    x[:, 1:] = np.minimum(x[:, 1:], 3.0)
    return x


def main():
    rows = [json.loads(line) for path in sys.argv[1:] for line in open(path)]
    right = np.array([r["pair"]["match"] and not is_wrong(r["pair"], r["found"]) for r in rows])
    x = transform([r["found"]["features"] for r in rows])

    def loss(w):
        s = x @ w[:-1] + w[-1]
        return np.mean(np.logaddexp(0.0, np.where(right, -s, s))) + PENALTY * np.mean(w[:-1] ** 2)

    n = x.shape[1]
    best = optimize.minimize(loss, np.r_[np.ones(n), -10.0], method="L-BFGS-B", bounds=[(0, None)] * n + [(None, None)])
    confidence = 1.0 / (1.0 + np.exp(-(x @ best.x[:-1] + best.x[-1])))
    print("weights:", ", ".join(f"{w:.4f}" for w in best.x[:-1]), " offset:", f"{best.x[-1]:.4f}")
    reliability(confidence, right.astype(float))
    matches = np.array([r["pair"]["match"] for r in rows])
    for level in (0.3, 0.5, 0.7):
        print(f"at {level}: unrelated called a match {np.mean(confidence[~matches] >= level):.4f}, "
              f"right ones called no match {np.mean(confidence[right] < level):.4f}")


if __name__ == "__main__":
    main()
