#!/usr/bin/env python3
"""Golden vectors of the probability of liquidation, in decimal arithmetic of 60 digits.

The normal distribution is the series of the error function, not the approximation of the Rust code.

    python3 tools/golden/probability.py > risk-math/src/tests/golden/probability.csv

Each line: slack in base units, horizon in milliseconds, number n of exposures, n times (notional in base
units, volatility in units of a rate), correlations below the diagonal row by row, and the exact probability
in units of a rate, to the nearest.
"""

import random
from decimal import Decimal as D, getcontext

getcontext().prec = 60
PI = D("3.14159265358979323846264338327950288419716939937510582097494")
HOUR = 3_600_000


def erf(x):
    term, total, n = x, x, 0
    while abs(term) > D("1e-55"):
        n += 1
        term *= -x * x / n
        total += term / (2 * n + 1)
    return 2 / PI.sqrt() * total


def matrix(rng, n):
    """A correlation matrix: rows of unit length times themselves, 9 decimals."""
    rows = []
    for _ in range(n):
        row = [rng.gauss(0, 1) for _ in range(n)]
        length = sum(v * v for v in row) ** 0.5
        rows.append([v / length for v in row])
    return [[round(sum(a * b for a, b in zip(rows[i], rows[j])) * 10**9) for j in range(i)]
            for i in range(n)]


def main():
    rng = random.Random(26217)
    for case in range(90):
        n = 1 if case < 30 else rng.randint(2, 8)
        exposures = [(int(rng.choice([-1, 1]) * 10 ** rng.uniform(7, 16)), rng.randint(10**5, 10**8))
                     for _ in range(n)]
        below = matrix(rng, n)
        variance = sum((D(a) * v / 10**9) ** 2 for a, v in exposures)
        for i in range(n):
            for j in range(i):
                (a, v), (b, w) = exposures[i], exposures[j]
                variance += 2 * D(a) * v * b * w * below[i][j] / D(10) ** 27
        horizon = rng.choice([HOUR, 24 * HOUR, rng.randint(1, 10 * 24 * HOUR)])
        deviation = (variance * horizon / HOUR).sqrt()
        distance = D(case) / 5 if case < 30 else D(rng.uniform(0, 5))
        slack = max(1, int(deviation * distance))
        exact = 1 - erf(D(slack) / deviation / D(2).sqrt())
        fields = [slack, horizon, n]
        for exposure in exposures:
            fields.extend(exposure)
        for line in below:
            fields.extend(line)
        print(",".join(map(str, [*fields, round(exact * 10**9)])))


if __name__ == "__main__":
    main()
