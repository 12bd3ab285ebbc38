#!/usr/bin/env python3
"""Golden vectors of the prices of a closing, from their formulas in exact fractions.

Independent of the Rust code: nothing is shared but the published formulas. Amounts are integers in the
units of the chain: USD 6 decimals, prices and sizes 18, rates 9. Prices are given exactly, rounded as the
formula says from the exact fraction; `slack` is what a rounding of the inputs of the last division may
cost on top.
Prints CSV; the test that reads it says what each line is.

    python3 tools/golden/closing.py > risk-math/src/tests/golden/closing.csv
"""

import random
from fractions import Fraction as F
from math import ceil, floor

USD, FINE, RATE = 10**6, 10**18, 10**9
START = F(1, 2)


def worst_discount(unit, x):
    """What a unit may be sold at under the mark, of `unit` USD of maintenance margin."""
    if x >= 1:
        return F(0)
    if x <= 0:
        return unit
    return unit * min(START + 1 - x, x)


def cases(rng):
    for x in (F(11, 10), F(1), F(999_999, 10**6), F(9, 10), F(3, 4), F(2, 3), F(1, 2), F(1, 10), F(1, 10**6),
              F(0), F(-1, 10**6), F(-1, 4), F(-2)):
        yield 60_000 * FINE, 30_000_000, 9_000 * USD, int(x * 9_000 * USD)
    for _ in range(120):
        mark = int(10 ** rng.uniform(12, 24))
        rate = rng.randrange(1_000_000, 300_000_000)
        margin = int(10 ** rng.uniform(4, 15))
        yield mark, rate, margin, int(margin * rng.uniform(-1.5, 1.2))


def main():
    rng = random.Random(7)
    for mark, rate, margin, equity in cases(rng):
        unit, x = F(mark * rate, RATE), F(equity, margin)
        discount = worst_discount(unit, x)
        # The unit's margin and the start of the slide round down before the last division.
        slack = ceil(unit / margin) + 2
        # Down in favour of the account; for a bankrupt one the vault pays beyond the mark, rounded up.
        share = floor(unit * x) if x >= 0 else ceil(unit * x * -1)
        print(",".join(map(str, [mark, rate, margin, equity, floor(discount), share, slack])))


if __name__ == "__main__":
    main()
