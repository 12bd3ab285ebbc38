#!/usr/bin/env python3
"""Golden vectors of the volatility model, from its formulas in decimal arithmetic of 60 digits.

Independent of the Rust code: nothing is shared but the published constants and the table of the week.
Prints CSV; the test that reads it says what each line is.

    python3 tools/golden/volatility.py > risk-math/src/tests/golden/volatility.csv
"""

import csv
import random
from datetime import datetime, timezone
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal as D, getcontext
from pathlib import Path

getcontext().prec = 60

TABLE = Path(__file__).parents[2] / "risk-math/src/tests/golden/hour-of-week.csv"
SHAPE = [D(row["factor"]) for row in csv.DictReader(TABLE.open())]
FINE = D(10) ** 12
RATE = D(10) ** 9
PRICE = 10**18

GAINS = [D("0.5"), D("0.028468058846"), D("0.000160437865")]
WEIGHTS = [D("1.888"), D("0.381"), D("0.569")]
CAP = D("0.30")
FLOOR = D("0.5")
K_MIN, K_MAX = D("0.6"), D("1.8")


def number(value):
    """Plain digits, never an exponent."""
    return format(value.quantize(D("1e-20")), "f")


def whole(value, rounding):
    return int(value.to_integral_value(rounding=rounding))


def raw_move(means, hour):
    shape = D(1) if hour is None else SHAPE[hour]
    return shape * sum(w * e for w, e in zip(WEIGHTS, means))


def move(means, mean_move, hour):
    return max(raw_move(means, hour), FLOOR * mean_move)


def update(state, high, low, close, hour):
    """State and result in units of one; the exact values after one step."""
    *means, mean_move, k = state
    high, low, close = D(high), D(low), D(close)
    margin_move = k * move(means, mean_move, hour)
    sides = ((close - low) / close > margin_move) + ((high - close) / close > margin_move)
    x = min((max(high, close) - min(low, close)) / close, CAP)
    z = x / SHAPE[hour]
    means = [e + a * (z - e) for e, a in zip(means, GAINS)]
    mean_move += GAINS[2] * (raw_move(means, (hour + 1) % 168) - mean_move)
    k *= (D("0.02") * (D(sides) / 2 - D("0.005"))).exp()
    return [*means, mean_move, min(max(k, K_MIN), K_MAX)], sides


def print_hours():
    moments = [
        (1970, 1, 1, 0), (1970, 1, 4, 23), (1970, 1, 5, 0), (2000, 2, 29, 12), (2020, 3, 12, 10),
        (2021, 5, 19, 12), (2024, 2, 29, 23), (2024, 12, 29, 23), (2024, 12, 30, 0),
        (2025, 10, 10, 21), (2026, 7, 5, 6), (2100, 1, 1, 7),
    ]
    for i, moment in enumerate(moments):
        at = datetime(*moment, tzinfo=timezone.utc)
        # Within the hour the answer is the same.
        millis = int(at.timestamp()) * 1000 + (i * 327_273) % 3_600_000
        print(f"hour,{millis},{at.weekday() * 24 + at.hour}")


def states(rng):
    """Quiet, normal and stormy states in whole units, and ends of the multiplier."""
    yield [10**10] * 3 + [28 * 10**9, 99 * 10**10]
    yield [0, 0, 0, 0, 99 * 10**10]
    yield [1, 1, 1, 1, 6 * 10**11]
    yield [426_400_000_000] * 3 + [1_700_000_000_000, 18 * 10**11]
    yield [2 * 10**8, 3 * 10**8, 9 * 10**9, 6 * 10**10, 6 * 10**11]
    for _ in range(31):
        level = 10 ** rng.uniform(8.5, 11)
        means = [int(level * 10 ** rng.uniform(-0.7, 0.7)) for _ in range(3)]
        yield [*means, int(level * rng.uniform(1, 5)), rng.randint(6 * 10**11, 18 * 10**11)]


def hours(rng):
    """Prices of one hour: (high, low, close before), 18 decimals."""
    yield 101 * PRICE, 99 * PRICE, 100 * PRICE
    yield 100 * PRICE, 100 * PRICE, 100 * PRICE
    yield 3_076_500_000_000_000_000, 100_000_000_000_000, 3_064_700_000_000_000_000
    yield 140 * PRICE, 60 * PRICE, 100 * PRICE
    yield 120 * PRICE, 105 * PRICE, 100 * PRICE
    while True:
        close = int(10 ** rng.uniform(13, 23))
        down, up = (min(rng.lognormvariate(-4.5, 1.3), 0.9) for _ in range(2))
        if rng.random() < 0.2:
            down = -min(down, up) / 2
        yield int(close * (1 + up)), int(close * (1 - down)), close


def print_updates(rng):
    prices = hours(rng)
    seen = set()
    for state in states(rng):
        high, low, close = next(prices)
        hour = rng.randrange(168)
        exact, sides = update([D(v) / FINE for v in state], high, low, close, hour)
        seen.add(sides)
        inputs = ",".join(map(str, [*state, high, low, close, hour]))
        print(f"update,{inputs},{','.join(number(v * FINE) for v in exact)}")
    assert seen == {0, 1, 2}, "each step of the tracker is among the cases"


def print_forecasts(rng):
    for state in states(rng):
        *means, mean_move, k = [D(v) / FINE for v in state]
        hour = rng.randrange(168)
        expected = move(means, mean_move, hour)
        level = k * move(means, mean_move, None)
        exact = [number(v * RATE) for v in (expected, k, k * expected, level)]
        print(f"forecast,{','.join(map(str, state))},{hour},{','.join(exact)}")


def print_slow(rng):
    fixed = [(40_000_000, 100_000_000), (40_000_000, 20_000_000), (40_000_000, 41_000_000),
             (1_000_000, 0), (1_000_000, 50_000_000), (0, 0), (0, 30_000_000),
             (20_000_001, 20_000_000), (99_999_999, 200_000_000)]
    for _ in range(15):
        fixed.append((rng.randrange(10**6, 3 * 10**8), rng.randrange(10**6, 3 * 10**8)))
    for slow, level in fixed:
        if level >= slow:
            # The rise is never more than a tenth.
            exact = min(D(level), whole(D(slow) * D("1.1"), ROUND_FLOOR))
        else:
            # What is left after an hour is rounded up.
            exact = whole(D(slow) - (D(slow) - D(level)) * GAINS[1], ROUND_CEILING)
        print(f"slow,{slow},{level},{max(int(exact), 10**6)}")


def print_fractions(rng):
    one = 10**9
    cases = [(20_000_000, 15_000_000, 0), (20_000_000, 45_000_001, 0), (50_000_000, 0, 50_000_000),
             (20_000_000, 900_000_000, 100_000_000), (20_000_000, 900_000_000, 100_000_001),
             (0, 0, 0), (one, one, one), (30_000_000, 30_000_001, 3)]
    for _ in range(12):
        cases.append((rng.randrange(10**7, 10**8), rng.randrange(10**6, 10**9),
                      rng.randrange(0, 2 * 10**8)))
    for base, moved, add_on in cases:
        whole_sum = max(base, moved) + add_on
        initial = min(one, whole_sum)
        maintenance = min(one, whole(D("0.6") * whole_sum, ROUND_CEILING))
        print(f"fraction,{base},{moved},{add_on},{initial},{maintenance}")


def main():
    rng = random.Random(168)
    print_hours()
    print_updates(rng)
    print_forecasts(rng)
    print_slow(rng)
    print_fractions(rng)


if __name__ == "__main__":
    main()
