#!/usr/bin/env python3
"""Golden vectors of margin and funding, from their formulas in exact fractions.

Independent of the Rust code: nothing is shared but the published formulas. Amounts are integers in the
units of the chain: USD 6 decimals, prices, quantities and sizes 18, rates 9. Each rounded result is
checked against the exact one here: requirements never below it, credits never above.
Prints CSV; the test that reads it says what each line is.

    python3 tools/golden/margin.py > risk-math/src/tests/golden/margin.csv
"""

import random
from fractions import Fraction as F
from math import ceil, floor

USD, FINE, RATE = 10**6, 10**18, 10**9
ONE = FINE * FINE // USD  # price times quantity per Usd
MAINTENANCE = F(6, 10)
SHARE = {"A": F(1), "B": F(1, 2), "C": F(0), "I": F(0)}


def line(*fields):
    print(",".join(str(field) for field in fields))


def add_on(notional, tiers):
    """N * r_n - d_n in the tier that N is in, in Usd."""
    rate, offset = F(0), F(0)
    for start, add in tiers:
        if add > rate * RATE and notional > start:
            offset += start * (F(add, RATE) - rate)
            rate = F(add, RATE)
    return max(F(0), notional * rate - offset)


def tiers(rng, around):
    start, rate, found = 0, 0, []
    for _ in range(rng.randint(0, 4)):
        start += int(around * rng.uniform(0.1, 1.5)) + 1
        rate += rng.randrange(0, 40_000_000)
        found.append((start, rate))
    return found + [(0, 0)] * (4 - len(found))


def flat(pairs):
    return [value for pair in pairs for value in pair]


def print_add_ons(rng):
    fixed = [[(1_000_000 * USD, 10**7), (5_000_000 * USD, 2 * 10**7), (0, 0), (0, 0)]]
    cases = [(n, fixed[0]) for n in (0, 1, 10**12 - 1, 10**12, 10**12 + 1, 10**12 + 100, 5 * 10**12,
                                     5 * 10**12 + 1, 8 * 10**12, 10**20)]
    for _ in range(30):
        notional = int(10 ** rng.uniform(6, 15))
        cases.append((notional, tiers(rng, notional)))
    for notional, steps in cases:
        exact = add_on(notional, steps)
        initial = ceil(exact)
        maintenance = ceil(MAINTENANCE * initial)
        assert initial >= exact and maintenance >= MAINTENANCE * exact
        line("addon", notional, *flat(steps), initial, maintenance)


def print_crowds(rng):
    for _ in range(25):
        base = rng.randrange(10**7, 10**9)
        lower, upper = sorted(rng.randrange(1, 10**25) for _ in range(2))
        open_interest = rng.randrange(0, upper * 11 // 10)
        share = min(max(F(open_interest - lower, upper - lower), 0), 1)
        exact = base + (RATE - base) * share
        assert ceil(exact) >= exact
        line("crowd", base, open_interest, lower, upper, ceil(exact))
    for _ in range(20):
        factor = rng.randrange(0, RATE + 1)
        start, total = rng.randrange(1, 10**20), rng.randrange(1, 10**20)
        exact = factor * min(F(1), F(start, total))
        line("factor", factor, start, total, floor(exact))


def print_premiums(rng):
    for _ in range(25):
        index = int(10 ** rng.uniform(12, 24))
        bid, ask = (int(index * rng.uniform(0.97, 1.03)) if rng.random() < 0.9 else None for _ in "ba")
        above = max(0, bid - index) if bid is not None else 0
        below = max(0, index - ask) if ask is not None else 0
        exact = F((above - below) * RATE, index)
        line("premium", "" if bid is None else bid, "" if ask is None else ask, index, floor(exact))
    for _ in range(15):
        values = [int(rng.gauss(0, 10**6)) for _ in range(rng.randint(0, 60))]
        cut = len(values) // 4
        kept = sorted(values)[cut:len(values) - cut]
        exact = F(sum(kept), len(kept)) if kept else 0
        line("mean", floor(exact), *values)


def print_rates(rng):
    for _ in range(25):
        premium = int(rng.gauss(0, 10**8))
        interest = rng.randrange(0, 10**6)
        maintenance = rng.randrange(10**6, 10**8)
        initial = maintenance + rng.randrange(0, 10**8)
        most = 6 * (initial - maintenance)
        exact = F(min(max(premium + interest, -most), most), 8)
        line("rate", premium, interest, initial, maintenance, floor(exact))
    for _ in range(25):
        rate = int(rng.gauss(0, 10**7))
        price = int(10 ** rng.uniform(12, 24))
        elapsed = rng.choice([2_000, 4_000, 60_000, 3_600_000])
        exact = F(rate, RATE) * price * F(elapsed, 3_600_000)
        line("accrual", rate, price, elapsed, floor(exact))
    for _ in range(30):
        size = int(rng.choice([-1, 1]) * 10 ** rng.uniform(10, 28))
        moved = int(rng.choice([-1, 1]) * 10 ** rng.uniform(6, 22))
        exact = F(size * moved, ONE)
        paid = ceil(exact)
        assert paid >= exact
        line("payment", size, moved, paid, paid * ONE - size * moved)


def any_position(rng):
    mark = int(10 ** rng.uniform(14, 23))
    worth = 10 ** rng.uniform(8, 13)
    size = int(rng.choice([-1, 1]) * worth * ONE / mark)
    value = F(size * mark, ONE)
    maintenance = rng.randrange(10**6, 2 * 10**8)
    position = {
        "size": size,
        "entry": int(value * F(rng.randint(80, 120), 100)),
        "mark": mark,
        "low": int(mark * F(rng.randint(90, 100), 100)),
        "high": int(mark * F(rng.randint(100, 110), 100)),
        "initial": min(RATE, maintenance * rng.randint(10, 30) // 10),
        "maintenance": maintenance,
        "tiers": tiers(rng, abs(value)),
        "tier": rng.choice("ABCI"),
        "funding": int(mark * rng.uniform(-0.01, 0.01)),
        "orders": [0, 0, 0, 0],
    }
    if rng.random() < 0.5:
        bids, asks = (int(abs(size) * rng.uniform(0, 3)) for _ in "ba")
        position["orders"] = [
            bids, ceil(F(bids * mark, ONE) * F(rng.randint(95, 102), 100)),
            asks, floor(F(asks * mark, ONE) * F(rng.randint(98, 105), 100)),
        ]
    return position


def fields(p):
    return [p["size"], p["entry"], p["mark"], p["low"], p["high"], p["initial"], p["maintenance"],
            *flat(p["tiers"]), p["tier"], p["funding"], *p["orders"]]


def exact_maintenance(p):
    worth = F(abs(p["size"]) * p["mark"], ONE)
    return worth * F(p["maintenance"], RATE) + MAINTENANCE * add_on(worth, p["tiers"])


def maintenance_of(p):
    """Per unit rounded up to 18 decimals, then up to a Usd; the add-on of the notional rounded up."""
    per_unit = ceil(F(p["mark"] * p["maintenance"], RATE))
    worth = ceil(F(abs(p["size"]) * p["mark"], ONE))
    return ceil(F(abs(p["size"]) * per_unit, ONE)) + ceil(MAINTENANCE * ceil(add_on(worth, p["tiers"])))


def initial_of(p):
    bids, bid_notional, asks, ask_notional = p["orders"]
    exposure = max(abs(p["size"]), abs(p["size"] + bids), abs(p["size"] - asks))
    worth = ceil(F(exposure * p["high"], ONE))
    per_unit = ceil(F(p["high"] * p["initial"], RATE))
    margin = ceil(F(exposure * per_unit, ONE)) + ceil(add_on(worth, p["tiers"]))
    margin = max(min(margin, worth), maintenance_of(p))
    overpaid = max(0, bid_notional - floor(F(bids * p["low"], ONE)))
    undersold = max(0, ceil(F(asks * p["high"], ONE)) - ask_notional)
    return margin + overpaid + undersold


def print_healths(rng):
    for _ in range(60):
        balance = int(rng.choice([-1, 1]) * 10 ** rng.uniform(6, 13))
        positions = [any_position(rng) for _ in range(rng.randint(0, 2))]
        collateral = []
        for _ in range(rng.randint(0, 1)):
            price = int(10 ** rng.uniform(15, 23))
            decimals = rng.choice([6, 8, 10, 12, 18])
            amount = int(10 ** rng.uniform(9, 12) * ONE / price) // 10 ** (18 - decimals)
            initial, maintenance = sorted(rng.randrange(0, RATE + 1) for _ in range(2))
            low = int(price * F(rng.randint(90, 100), 100))
            collateral.append((amount, decimals, price, low, initial, maintenance))
        equity = initial_equity = balance
        exact_equity, margin, exact_margin, initial_margin, notional = F(balance), 0, F(0), 0, 0
        for amount, decimals, price, low, initial, maintenance in collateral:
            quantity = amount * 10 ** (18 - decimals)
            equity += floor(F(quantity * floor(F(price * maintenance, RATE)), ONE))
            initial_equity += floor(F(quantity * floor(F(low * initial, RATE)), ONE))
            exact_equity += F(quantity * price * maintenance, ONE * RATE)
        for p in positions:
            paid = ceil(F(p["size"] * p["funding"], ONE))
            equity += floor(F(p["size"] * p["mark"], ONE)) - p["entry"] - paid
            worse = p["high"] if p["size"] < 0 else p["low"]
            profit = floor(F(p["size"] * worse, ONE)) - p["entry"]
            if profit > 0:
                profit = floor(profit * SHARE[p["tier"]])
            initial_equity += profit - paid
            exact_equity += F(p["size"] * (p["mark"] - p["funding"]), ONE) - p["entry"]
            margin += maintenance_of(p)
            exact_margin += exact_maintenance(p)
            initial_margin += initial_of(p)
            notional += ceil(F(abs(p["size"]) * p["mark"], ONE))
        requirement = max(initial_margin, ceil(F(notional, 10)))
        assert equity <= exact_equity and margin >= exact_margin and initial_margin >= margin
        line("health", balance, len(collateral), len(positions), *flat(collateral),
             *[field for p in positions for field in fields(p)],
             equity, initial_equity, initial_margin, margin, notional, requirement)


def slack_at(p, slack, mark):
    """Exact slack of an account with this position when only the mark moves."""
    moved = {**p, "mark": mark}
    profit = F(p["size"], ONE) * (mark - p["mark"])
    return slack + profit - exact_maintenance(moved) + exact_maintenance(p)


def print_levels(rng):
    found = 0
    while found < 40:
        p = any_position(rng)
        p["orders"] = [0, 0, 0, 0]
        p["mark"] = p["low"] = p["high"] = p["mark"]
        worth = abs(p["size"]) * p["mark"] // ONE
        slack = int(worth * rng.uniform(-0.3, 0.6))
        short = p["size"] < 0
        # Falls with the mark for a long, rises for a short; bisected to a fraction of a price unit.
        good, bad = (F(0), F(p["mark"] * 50)) if short else (F(p["mark"] * 50), F(0))
        if slack_at(p, slack, good) < 0 or slack_at(p, slack, bad) >= 0:
            continue
        for _ in range(140):
            middle = (good + bad) / 2
            if slack_at(p, slack, middle) >= 0:
                good = middle
            else:
                bad = middle
        level = floor(good) if short else ceil(good)
        line("level", slack, *fields(p), level)
        found += 1


def main():
    rng = random.Random(30)
    print_add_ons(rng)
    print_crowds(rng)
    print_premiums(rng)
    print_rates(rng)
    print_healths(rng)
    print_levels(rng)


if __name__ == "__main__":
    main()
