#!/usr/bin/env python3
"""Fits the weights of `compare` again.

    ISNAD_FIT=features.tsv cargo test -p isnad-trace --test corpus claims
    crates/trace/labels/fit.py features.tsv [--all]

A logistic model over half 0 of the labels, so that half 1 judges it; with --all over both, as the shipped ones are. Weights are held near the earlier ones, so that a feature which few pairs have
keeps what was known of it, and what speaks for a join never counts against it. Needs numpy and scipy.
"""

import csv
import sys

import numpy as np
from scipy.optimize import minimize

#: The weights of the fit before, and what a new feature begins with.
EARLIER = [3.60, 0.19, 1.03, 0.67, 0.62, -0.68, -0.50, 0.31, -0.12, 0.49, -3.23, 0.00, 0.69, 0.10, 0.00, 0.27, -1.50, -1.22]
EARLIER += [1.00, -1.00, 2.04, 0.65, -1.42, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00]
BIAS = -0.78
FOR = {0, 1, 2, 3, 4, 7, 9, 12, 13, 15, 18, 20, 23, 27, 28}
AGAINST = {5, 6, 8, 10, 11, 14, 16, 17, 19, 22, 29, 30}
#: Forbid a join by themselves.
ALONE = {24, 25, 26}
#: What a pair of each set counts. Those of articles are many, and some are wrong.
COUNTS = {"pairs": 1.0, "joined": 1.0, "articles": 0.05}
#: How strongly weights are held near the earlier ones.
HELD = 4.0
#: Two claims that do not both lead their articles must be more alike than the labels ask, of which few are such.
IN_PASSING = 0.8


def bounds(feature):
    if feature in ALONE:
        return 0, 0
    return (0 if feature in FOR else None), (0 if feature in AGAINST else None)


def fit(x, same, count):
    spread = np.maximum(x.std(0), 0.05)
    earlier = np.array(EARLIER)

    def loss(p):
        odds = x @ p[:-1] + p[-1]
        away = (p[:-1] - earlier) * spread
        wrong = count * (1 / (1 + np.exp(-odds)) - same)
        total = (count * np.logaddexp(0, np.where(same == 1, -odds, odds))).sum() + HELD * (away * away).sum()
        return total, np.r_[x.T @ wrong + 2 * HELD * away * spread, wrong.sum()]

    limits = [bounds(j) for j in range(x.shape[1])] + [(None, None)]
    return minimize(loss, np.r_[earlier, BIAS], jac=True, bounds=limits, method="L-BFGS-B").x


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        head, *rows = csv.reader(file, delimiter="\t")
    names = head[3:]
    sets = np.array([r[0] for r in rows])
    half = np.array([int(r[1]) for r in rows])
    same = np.array([int(r[2]) for r in rows])
    x = np.array([[float(v) for v in r[3:]] for r in rows])
    count = np.array([COUNTS[s] for s in sets])
    on = half == 0 if "--all" not in sys.argv else half >= 0
    p = fit(x[on], same[on], count[on])
    for name, weight in zip(names, p):
        print(f"{weight:6.2f}  {name}")
    odds = x @ p[:-1] + p[-1]
    for one in COUNTS:
        for part in (0, 1):
            here = (sets == one) & (half == part)
            hit = ((odds >= 0) & (same == 1) & here).sum()
            off = ((odds >= 0) != (same == 1))[here].sum()
            print(f"{one}, half {part}: {here.sum()} pairs, F1 {2 * hit / (2 * hit + off):.3f}")
    p[names.index("both lead their articles")] += IN_PASSING
    p[-1] -= IN_PASSING
    print("WEIGHTS", ", ".join(f"{w + 0.0:.2f}" for w in p[:-1]))
    print("BIAS", f"{p[-1]:.2f}")


if __name__ == "__main__":
    main()
