#!/usr/bin/env python3
"""Golden vectors of margin offsets and of correlation matrices, in exact fractions.

    python3 tools/golden/offset.py > risk-math/src/tests/golden/offset.csv

Lines `offset`: number n of positions, n times (1 for a long or 0 for a short, quantity with 18 decimals, mark
with 18 decimals, rate and share in units of a rate), correlations below the diagonal row by row with 9
decimals, and the exact offset in base units of USD, rounded down.

Lines `matrix`: number n of assets, correlations below the diagonal, and 1 when the matrix is positive
semi-definite or 0 when it has an eigenvalue under -10^-5. Whether it is is decided by elimination in exact
fractions, of matrices that are far from the boundary.
"""

import random
from fractions import Fraction as F


def gram(rng, n, rank):
    """A correlation matrix of some rank: rows of unit length times themselves, 9 decimals."""
    rows = []
    for _ in range(n):
        row = [rng.gauss(0, 1) + 1.0 for _ in range(rank)]
        length = sum(v * v for v in row) ** 0.5
        rows.append([v / length for v in row])
    return [[round(sum(a * b for a, b in zip(rows[i], rows[j])) * 10**9) for j in range(i)]
            for i in range(n)]


def entry(below, i, j):
    return below[max(i, j)][min(i, j)]


def offset(positions, below):
    longs = [i for i, p in enumerate(positions) if p[0]]
    shorts = [i for i, p in enumerate(positions) if not p[0]]
    if not longs or not shorts:
        return 0
    # USD in base units.
    margin = [F(q, 10**18) * F(m, 10**18) * F(r, 10**9) * F(s, 10**9) * 10**6 for _, q, m, r, s in positions]
    total = F(0)
    for i in longs:
        for j in shorts:
            rho = F(max(0, entry(below, i, j)), 10**9)
            total += rho * min(margin[i] / len(shorts), margin[j] / len(longs))
    return total.numerator // total.denominator


def semidefinite(below, shift):
    """Whether the matrix plus `shift` on its diagonal has positive pivots only."""
    n = len(below)
    a = [[F(entry(below, i, j), 10**9) if i != j else 1 + shift for j in range(n)] for i in range(n)]
    for k in range(n):
        if a[k][k] <= 0:
            return False
        for i in range(k + 1, n):
            f = a[i][k] / a[k][k]
            for j in range(k + 1, n):
                a[i][j] -= f * a[k][j]
    return True


def flat(below):
    return [v for row in below for v in row]


def main():
    rng = random.Random(90817)
    for case in range(160):
        n = rng.randint(2, 9)
        positions = []
        for _ in range(n):
            mark = int(10 ** rng.uniform(15, 23.5))
            usd = 10 ** rng.uniform(0, 8)
            quantity = max(1, int(usd / mark * 10**36))
            positions.append((rng.randint(0, 1), quantity, mark, rng.randint(5 * 10**6, 10**9),
                              rng.randint(0, 6 * 10**8)))
        below = gram(rng, n, rng.randint(1, 6))
        fields = ["offset", n]
        for position in positions:
            fields.extend(position)
        fields.extend(flat(below))
        print(",".join(map(str, [*fields, offset(positions, below)])))
    made = {0: 0, 1: 0}
    while min(made.values()) < 30:
        n = rng.randint(2, 7)
        below = gram(rng, n, n + 1)
        if rng.random() < 0.7:
            for row in below:
                for j in range(len(row)):
                    row[j] = max(-10**9, min(10**9, row[j] + rng.randint(-6 * 10**8, 6 * 10**8)))
        good, bad = semidefinite(below, F(0)), not semidefinite(below, F(1, 10**5))
        if good == bad or made[int(good)] >= 30:
            continue
        made[int(good)] += 1
        print(",".join(map(str, ["matrix", n, *flat(below), int(good)])))


if __name__ == "__main__":
    main()
