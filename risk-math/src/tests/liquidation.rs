use super::{accounts::*, *};
use crate::*;
use proptest::prelude::*;

/// `units` at a mark of 100 USD with 10 % and 6 %, and a fee of 3 %.
fn closing(units: i128, equity: i64) -> Closing {
    let notional = 100 * units.abs() as i64;
    Closing {
        size: size(units),
        mark: price(100),
        initial_rate: Rate::percent(10),
        maintenance_rate: Rate::percent(6),
        fee_rate: Rate::percent(3),
        health: Health {
            equity: Usd::dollars(equity),
            initial_equity: Usd::dollars(equity),
            initial_margin: Usd::dollars(notional / 10),
            maintenance_margin: Usd::dollars(notional * 6 / 100),
            notional: Usd::dollars(notional),
        },
    }
}

fn cents(cents: u128) -> Price {
    Price(cents * PRICE_SCALE / 100)
}

#[test]
fn worst_price_should_start_half_a_margin_away_and_return_as_equity_goes() {
    // 100 units: MM 600, u = 6.
    for (equity, long, short) in [
        (700, 10_000, 10_000),
        (600, 10_000, 10_000),
        (540, 9_640, 10_360),
        (480, 9_580, 10_420),
        (450, 9_550, 10_450),
        (300, 9_700, 10_300),
        (100, 9_900, 10_100),
        (0, 9_400, 10_600),
        (-1_000, 9_400, 10_600),
    ] {
        assert_eq!(
            worst_price(&closing(100, equity)),
            Ok(cents(long)),
            "long {equity}"
        );
        assert_eq!(
            worst_price(&closing(-100, equity)),
            Ok(cents(short)),
            "short {equity}"
        );
    }
}

#[test]
fn worst_price_should_leave_room_for_a_spread_when_the_account_is_just_under() {
    // One base unit under: 1/2 of 6 USD, and less than a millionth more.
    let mut c = closing(100, 600);
    c.health.equity = Usd(c.health.equity.0 - 1);
    let under = 3 * PRICE_SCALE + 6 * PRICE_SCALE / 600_000_000;
    assert_eq!(worst_price(&c), Ok(Price(100 * PRICE_SCALE - under)));
}

#[test]
fn bankruptcy_price_should_leave_nothing_and_owe_nothing() {
    for (equity, long, short) in [
        (600, 9_400, 10_600),
        (300, 9_700, 10_300),
        (0, 10_000, 10_000),
        (-150, 10_150, 9_850),
        (-1_000, 11_000, 9_000),
    ] {
        assert_eq!(bankruptcy_price(&closing(100, equity)), Ok(cents(long)));
        assert_eq!(bankruptcy_price(&closing(-100, equity)), Ok(cents(short)));
    }
    // A short cannot buy back below zero.
    let lost = closing(-100, -10_001);
    assert_eq!(bankruptcy_price(&lost), Err(MathError::Overflow));
}

#[test]
fn quantity_should_be_just_enough_for_initial_margin_when_that_is_more() {
    // (1,000 - 300) / (10 - 3) = 100: all of it. With 650: 50.
    assert_eq!(quantity_to_restore(&closing(100, 300)), Ok(quantity(100)));
    assert_eq!(quantity_to_restore(&closing(100, 650)), Ok(quantity(50)));
    assert_eq!(quantity_to_restore(&closing(-100, 650)), Ok(quantity(50)));
    assert_eq!(
        quantity_to_restore(&closing(100, 1_000)),
        Ok(Quantity::ZERO)
    );
}

#[test]
fn quantity_should_be_just_enough_for_recovery_when_initial_margin_is_less() {
    let mut c = closing(100, 510);
    c.initial_rate = Rate::percent(7);
    c.health.initial_margin = Usd::dollars(700);
    // (720 - 510) / (7.2 - 3) = 50 against (700 - 510) / (7 - 3) = 47.5.
    assert_eq!(quantity_to_restore(&c), Ok(quantity(50)));
}

#[test]
fn quantity_should_be_the_whole_position_when_the_fee_eats_what_closing_frees() {
    let mut c = closing(100, 590);
    c.fee_rate = Rate::percent(10);
    assert_eq!(quantity_to_restore(&c), Ok(quantity(100)));
    c.fee_rate = Rate::percent(50);
    assert_eq!(quantity_to_restore(&c), Ok(quantity(100)));
}

#[test]
fn quantity_should_be_the_whole_position_when_the_account_is_bankrupt() {
    assert_eq!(quantity_to_restore(&closing(100, 0)), Ok(quantity(100)));
    assert_eq!(quantity_to_restore(&closing(-100, -5)), Ok(quantity(100)));
    assert_eq!(quantity_to_restore(&closing(0, -5)), Ok(Quantity::ZERO));
}

#[test]
fn fee_should_round_up_and_ignore_the_sign() {
    assert_eq!(fee(Usd(101), Rate::percent(1)), Ok(Usd(2)));
    assert_eq!(fee(Usd(-101), Rate::percent(1)), Ok(Usd(2)));
    assert_eq!(fee(Usd::ZERO, Rate::percent(1)), Ok(Usd::ZERO));
}

#[test]
fn fee_room_should_be_what_is_left_above_the_bankruptcy_price() {
    // x = 1/2: 3 USD a unit. 10 units at 98 leave 30 - 20.
    let room = |units, equity, paid| {
        fee_room(&closing(units, equity), quantity(10), Usd::dollars(paid)).unwrap()
    };
    assert_eq!(room(100, 300, 980), Usd::dollars(10));
    assert_eq!(room(-100, 300, 1_020), Usd::dollars(10));
    assert_eq!(room(100, 300, 1_000), Usd::dollars(30));
    assert_eq!(room(100, 300, 960), Usd::ZERO);
    assert_eq!(room(100, 0, 1_000), Usd::ZERO);
    assert_eq!(room(100, -50, 1_000), Usd::ZERO);
}

/// Each line: mark, maintenance rate, maintenance margin, equity; then the exact discount of the worst
/// price rounded down, the distance of the bankruptcy price from the mark, and what rounding may take off
/// both (`tools/golden/closing.py`).
const GOLDEN: &str = include_str!("golden/closing.csv");

#[test]
fn prices_should_be_those_of_the_exact_formulas() {
    let mut lines = 0;
    for line in GOLDEN.lines() {
        let fields: Vec<i128> = line
            .split(',')
            .map(|field| field.parse().unwrap())
            .collect();
        let [mark, rate, margin, equity, discount, share, slack] = fields[..] else {
            panic!("seven fields: {line}");
        };
        for units in [1, -1] {
            let mut c = closing(units, 0);
            c.mark = Price(mark as u128);
            c.maintenance_rate = Rate(rate as u64);
            c.health.maintenance_margin = Usd(margin);
            c.health.equity = Usd(equity);
            let away = |price: Price| (mark - price.0 as i128) * units;
            let worst = away(worst_price(&c).unwrap());
            assert!(
                (discount - slack..=discount).contains(&worst),
                "{line}: {worst}"
            );
            let Ok(price) = bankruptcy_price(&c) else {
                assert!(units < 0 && equity < 0 && share > mark, "{line}");
                continue;
            };
            // Beyond the mark for a bankrupt account; rounded in its favour, from a unit's margin that is
            // rounded down.
            let sign = if equity < 0 { -1 } else { 1 };
            let distance = away(price) * sign;
            assert!(
                (share - slack..=share).contains(&distance),
                "{line}: {distance}"
            );
        }
        lines += 1;
    }
    assert_eq!(lines, 133);
}

/// An account under maintenance, the index of one of its positions, and a fee of at most half of
/// that market's maintenance margin.
fn any_closing() -> impl Strategy<Value = (Account, Closing)> {
    (any_account(), 0usize..6, -500i128..1_000, 0u64..=500).prop_map(|(account, i, x, fee)| {
        let margin = account.health().maintenance_margin.0;
        // Equity from minus half of maintenance margin to just under it.
        let slack = margin / 1_000 * (x - 1_000);
        let account = account.with_slack(slack);
        let p = account.positions[i % account.positions.len()];
        let closing = Closing {
            size: p.size,
            mark: p.mark,
            initial_rate: p.initial_margin,
            maintenance_rate: p.maintenance_margin,
            fee_rate: Rate(p.maintenance_margin.0 / 1_000 * fee),
            health: account.health(),
        };
        (account, closing)
    })
}

/// What closing `quantity` for `notional` and paying `fee` leaves of the account.
fn close(account: &Account, c: &Closing, quantity: Quantity, notional: Usd, fee: Usd) -> Account {
    let mut after = account.clone();
    let p = after
        .positions
        .iter_mut()
        .find(|p| p.size == c.size && p.mark == c.mark)
        .unwrap();
    let (delta, cost) = if c.size.is_short() {
        (quantity.long().unwrap(), notional)
    } else {
        (quantity.short().unwrap(), notional.checked_neg().unwrap())
    };
    let t = apply_trade(p.size, p.entry_notional, delta, cost).unwrap();
    (p.size, p.entry_notional) = (t.size, t.entry_notional);
    after.balance = Usd(after.balance.0 + t.realised.0 - fee.0);
    after
}

/// Rounded against the account, as a fill may be.
fn filled(c: &Closing, price: Price, quantity: Quantity) -> Usd {
    let rounding = if c.size.is_short() {
        Rounding::Up
    } else {
        Rounding::Down
    };
    notional(price, quantity, rounding).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn worst_price_should_stay_between_the_mark_and_the_bankruptcy_price(
        (account, c) in any_closing(), part in 1u128..=1_000,
    ) {
        let worst = worst_price(&c).unwrap();
        let mark = c.mark;
        if c.size.is_short() {
            prop_assert!(worst >= mark);
        } else {
            prop_assert!(worst <= mark && !worst.is_zero());
        }
        if c.health.equity > Usd::ZERO {
            // Closing any part there leaves at least the same health ratio (invariant 6), up to
            // the rounding of the fill and of health.
            let quantity = Quantity((c.size.quantity().0 / 1_000 * part).max(1));
            let after = close(&account, &c, quantity, filled(&c, worst, quantity), Usd::ZERO).health();
            let before = c.health;
            let kept = big(after.equity.0 + 6) * big(before.maintenance_margin.0);
            prop_assert!(kept >= big(before.equity.0) * big(after.maintenance_margin.0 - 6));
        }
    }

    #[test]
    fn worst_price_should_be_monotone_in_equity_on_each_side_of_three_quarters_of_maintenance(
        (_, c) in any_closing(), a in 0i128..=1_000, b in 0i128..=1_000,
    ) {
        let margin = c.health.maintenance_margin.0;
        let distance = |thousandths: i128| {
            let mut c = c;
            c.health.equity = Usd(margin * thousandths / 1_000);
            worst_price(&c).unwrap().0.abs_diff(c.mark.0)
        };
        let (low, high) = (a.min(b), a.max(b));
        if margin * low / 1_000 * 4 >= margin * 3 {
            prop_assert!(distance(low) >= distance(high), "further as equity falls");
        } else if margin * low >= 1_000 && high <= 749 {
            prop_assert!(distance(low) <= distance(high), "back as equity goes to zero");
        }
        // Below zero it is always the furthest.
        prop_assert!(distance(-high - 1) >= distance(low));
        prop_assert_eq!(distance(-low - 1), distance(-high - 1));
    }

    #[test]
    fn closing_at_the_bankruptcy_price_should_keep_the_ratio_and_clear_a_debt(
        (account, c) in any_closing(), part in 1u128..=1_000,
    ) {
        let Ok(price) = bankruptcy_price(&c) else {
            // Only a short that owes more than its position is worth.
            prop_assert!(c.size.is_short() && c.health.is_bankrupt());
            return Ok(());
        };
        let quantity = Quantity((c.size.quantity().0 / 1_000 * part).max(1));
        let after = close(&account, &c, quantity, filled(&c, price, quantity), Usd::ZERO).health();
        let before = c.health;
        // In the favour of the account, up to the rounding of the fill, of health and of one unit
        // of price in the margin of a whole unit.
        let slop = 6 + (quantity.0 / 10u128.pow(29)) as i128;
        let kept = big(after.equity.0 + slop) * big(before.maintenance_margin.0);
        let margin = if before.is_bankrupt() {
            after.maintenance_margin.0 + slop
        } else {
            after.maintenance_margin.0 - slop
        };
        prop_assert!(kept >= big(before.equity.0) * big(margin), "{before:?} {after:?}");
        let mark = c.mark;
        prop_assert_eq!(
            price == mark || (price > mark) == (c.size.is_short() != before.is_bankrupt()),
            true
        );
        if !before.is_bankrupt() {
            let worst = worst_price(&c).unwrap();
            prop_assert!(worst.0.abs_diff(mark.0) <= price.0.abs_diff(mark.0) || before.equity.is_zero());
        }
    }

    #[test]
    fn fee_should_not_lower_the_health_ratio_when_it_stays_within_its_room(
        (account, c) in any_closing(), part in 1u128..=1_000, at in 0u128..=100,
    ) {
        if c.health.is_bankrupt() || c.health.equity.is_zero() {
            prop_assert_eq!(fee_room(&c, c.size.quantity(), Usd::ZERO), Ok(Usd::ZERO));
            return Ok(());
        }
        let worst = worst_price(&c).unwrap();
        let step = worst.0.abs_diff(c.mark.0) / 100 * at;
        let price = if c.size.is_short() { worst.0 - step } else { worst.0 + step };
        let quantity = Quantity((c.size.quantity().0 / 1_000 * part).max(1));
        let paid = filled(&c, Price(price), quantity);
        let charged = fee(paid, c.fee_rate).unwrap().min(fee_room(&c, quantity, paid).unwrap());
        prop_assert!(charged >= Usd::ZERO);
        let after = close(&account, &c, quantity, paid, charged).health();
        let kept = big(after.equity.0 + 6) * big(c.health.maintenance_margin.0);
        prop_assert!(kept >= big(c.health.equity.0) * big(after.maintenance_margin.0 - 6));
        prop_assert!(after.equity.0 >= -6, "a solvent account stays solvent");
    }

    #[test]
    fn quantity_should_restore_the_account_and_less_should_not((account, c) in any_closing()) {
        let target = |h: &Health| {
            fraction(h.maintenance_margin, RECOVERY, Rounding::Up).unwrap().max(h.initial_margin).0
        };
        let after = |quantity: Quantity| {
            let paid = filled(&c, c.mark, quantity);
            let fee = fee(paid, c.fee_rate).unwrap();
            let health = close(&account, &c, quantity, paid, fee).health();
            health.equity.0 - target(&health)
        };
        let quantity = quantity_to_restore(&c).unwrap();
        let whole = c.size.quantity();
        prop_assert!(quantity <= whole);
        // Health rounds each leg, and margin per unit is rounded to 10^-18 USD.
        let slop = 8 + (whole.0 / 10u128.pow(29)) as i128;
        if quantity < whole {
            prop_assert!(after(quantity) >= -slop, "enough: {}", after(quantity));
        }
        // The quantity that frees a few base units less must miss the target.
        let unit = |rate: Rate| c.mark.0 / 1_000_000_000 * u128::from(rate.0);
        let freed = (unit(c.maintenance_rate) * 6 / 5).min(unit(c.initial_rate));
        let net = (freed - unit(c.fee_rate)).max(1);
        let less = quantity.0.checked_sub((4 * slop as u128) * 10u128.pow(30) / net);
        if let Some(less) = less.filter(|less| *less > 0) {
            prop_assert!(after(Quantity(less)) < 0, "minimal: {}", after(Quantity(less)));
        }
    }

    #[test]
    fn target_should_be_reachable_when_equity_covers_the_fee_of_closing_everything(
        position in any_position(), x in 0i128..1_000, fee_part in 0u64..=500,
    ) {
        let account = Account { balance: Usd::ZERO, collateral: vec![], positions: vec![position] };
        let margin = account.health().maintenance_margin.0;
        let account = account.with_slack(-(margin / 1_000 * x) - 1);
        let c = Closing {
            size: position.size,
            mark: position.mark,
            initial_rate: position.initial_margin,
            maintenance_rate: position.maintenance_margin,
            fee_rate: Rate(position.maintenance_margin.0 / 1_000 * fee_part),
            health: account.health(),
        };
        let whole = c.size.quantity();
        let paid = filled(&c, c.mark, whole);
        if c.health.equity < fee(paid, c.fee_rate).unwrap() {
            return Ok(());
        }
        let quantity = quantity_to_restore(&c).unwrap();
        let paid = filled(&c, c.mark, quantity);
        let after = close(&account, &c, quantity, paid, fee(paid, c.fee_rate).unwrap()).health();
        let slop = 8 + (whole.0 / 10u128.pow(29)) as i128;
        prop_assert!(after.equity.0 + slop >= after.initial_margin.0);
        prop_assert!(after.equity.0 * 5 + 5 * slop >= after.maintenance_margin.0 * 6);
    }
}
