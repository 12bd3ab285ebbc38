#!/usr/bin/env python3
"""Golden vectors of interest: curve, index, debts, shares and the books of the pool, in exact fractions.

Independent of the Rust code: nothing is shared but the published constants.
Prints CSV; the test that reads it says what each line is.

    python3 tools/golden/interest.py > risk-math/src/tests/golden/interest.csv
"""

import random
from fractions import Fraction as F

RATE = 10**9
FINE = 10**12
INDEX = 10**18
USD = 10**6
YEAR = 365 * 24 * 3600 * 1000
DAY = 24 * 3600 * 1000

DEFAULT = dict(kink=F(8, 10), r0=F(2, 100), r1=F(10, 100), r2=F(150, 100), reserve=F(15, 100),
               daily=F(5, 100), low=F(1, 2), high=F(2))


def floor(x):
    return x.numerator // x.denominator


def ceil(x):
    return -floor(-x)


def params(rng):
    """Parameters in whole units of a rate, as they are stored."""
    if rng.random() < 0.4:
        return DEFAULT
    r = lambda low, high: F(rng.randint(int(low * RATE), int(high * RATE)), RATE)
    r0 = r(0, 0.1)
    r1 = r(float(r0) + 1e-9, 1)
    return dict(kink=r(0.01, 0.99), r0=r0, r1=r1, r2=r(float(r1) + 1e-9, 5), reserve=r(0, 0.5),
                daily=r(0, 0.2), low=r(0.25, 1), high=r(1, 4))


def stored(p):
    return [int(p[key] * RATE) for key in ("kink", "r0", "r1", "r2", "reserve", "daily", "low", "high")]


def unscaled(use, p):
    if use <= p["kink"]:
        return p["r0"] + (p["r1"] - p["r0"]) * use / p["kink"]
    return p["r1"] + (p["r2"] - p["r1"]) * (use - p["kink"]) / (1 - p["kink"])


def row(kind, *fields):
    print(",".join(map(str, [kind, *fields])))


def print_curve(rng):
    """Parameters, use, scaling; the exact rate in units of a rate, floor and ceiling."""
    for i in range(70):
        p = DEFAULT if i < 11 else params(rng)
        use = F(i, 10) if i < 11 else F(rng.randint(0, RATE), RATE)
        scaling = F(1) if i < 11 else F(rng.randint(FINE // 4, 4 * FINE), FINE)
        exact = unscaled(use, p) * scaling * RATE
        row("curve", *stored(p), int(use * RATE), int(scaling * FINE), floor(exact), ceil(exact))


def print_debts(rng):
    """Debt, index then, index now; the scaled debt and the debt now, both up."""
    cases = [(1, INDEX, INDEX), (1, INDEX, INDEX + 1), (100 * USD, INDEX, INDEX * 103 // 100),
             (0, INDEX, 2 * INDEX), (3, 3 * INDEX, 3 * INDEX)]
    for _ in range(45):
        start = int(INDEX * 10 ** rng.uniform(0, 4))
        cases.append((int(10 ** rng.uniform(0, 20)), start, start + int(start * 10 ** rng.uniform(-12, 1))))
    for debt, start, now in cases:
        # 18 decimals of USD for 6 of the debt.
        scaled = ceil(F(debt * 10**12 * INDEX, start))
        # While the index stands, a debt does.
        later = debt if now == start else ceil(F(scaled * now, 10**30))
        row("debt", debt, start, now, scaled, later)


def print_shares(rng):
    """Supplied, shares; in: amount, shares for it; out: shares, amount for them."""
    for i in range(50):
        supplied = int(10 ** rng.uniform(6, 19))
        shares = supplied * 10**6 if i == 0 else int(supplied * 10**6 / rng.uniform(1, 30))
        amount = int(10 ** rng.uniform(6, 18))
        bought = F(amount * shares, supplied)
        out = rng.randint(1, shares)
        row("share", supplied, shares, amount, floor(bought), out, floor(F(out * supplied, shares)))


def print_scalings(rng):
    """Parameters, scaling, use, elapsed; the exact scaling in units of it, floor and ceiling."""
    for i in range(40):
        p = params(rng)
        low, high = int(p["low"] * FINE), int(p["high"] * FINE)
        scaling = F(rng.randint(low, high), FINE)
        use = rng.choice([F(0), F(1), p["kink"], F(rng.randint(0, RATE), RATE)])
        elapsed = rng.choice([2_000, 60_000, DAY, rng.randint(0, 20 * DAY)])
        pull = (use - p["kink"]) / (1 - p["kink"]) if use > p["kink"] else (use - p["kink"]) / p["kink"]
        exact = scaling * (1 + p["daily"] * pull * F(elapsed, DAY))
        exact = min(max(exact, p["low"]), p["high"]) * FINE
        row("scale", *stored(p), int(scaling * FINE), int(use * RATE), elapsed, floor(exact), ceil(exact))


def print_steps(rng):
    """A whole step. The rounded rate and index are the inputs of what follows, as they are stored."""
    for i in range(60):
        p = params(rng)
        supplied = 0 if i % 10 == 9 else int(10 ** rng.uniform(6, 17))
        shares = int(supplied * 10**6 / rng.uniform(1, 3))
        index = int(INDEX * rng.uniform(1, 20))
        scaled = 0 if i % 10 == 8 else int(10**12 * 10 ** rng.uniform(5, 17))
        unsettled, reserve = rng.randint(0, 10**12), rng.randint(0, 10**12)
        scaling = F(rng.randint(int(p["low"] * FINE), int(p["high"] * FINE)), FINE)
        rest, supplier_rest = rng.randrange(10**30), rng.randrange(10**18)
        elapsed = rng.choice([2_000, 4_000, 60_000, rng.randint(1, YEAR)])

        borrowed = ceil(F(scaled * index, 10**30))
        if borrowed == 0:
            use = F(0)
        elif borrowed >= supplied:
            use = F(1)
        else:
            use = F(ceil(F(borrowed * RATE, supplied)), RATE)
        # The rise above the first rate of the slope is rounded before it is scaled.
        base = p["r0"] if use <= p["kink"] else p["r1"]
        rise = F(ceil((unscaled(use, p) - base) * RATE), RATE)
        rate = ceil((base + rise) * scaling * RATE)
        growth = ceil(F(index * rate * elapsed, RATE * YEAR))
        interest, rest_after = divmod(scaled * growth + rest, 10**30)
        part = floor((1 - p["reserve"]) * 10**18)
        if shares == 0:
            part = 0
        elif borrowed > supplied:
            part = floor(F(part * supplied, borrowed))
        to_suppliers, supplier_rest_after = divmod(interest * part + supplier_rest, 10**18)
        row("step", *stored(p), supplied, shares, reserve, unsettled, index, int(scaling * FINE), rest,
            supplier_rest, scaled, elapsed,
            rate, index + growth, interest, to_suppliers, rest_after, supplier_rest_after,
            supplied + to_suppliers, reserve + interest - to_suppliers, unsettled + interest)


def main():
    rng = random.Random(80)
    print_curve(rng)
    print_debts(rng)
    print_shares(rng)
    print_scalings(rng)
    print_steps(rng)


if __name__ == "__main__":
    main()
