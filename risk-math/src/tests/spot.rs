//! Collateral that is sold in a pool.

use crate::*;
use bulwark_primitives::{Price, Rate, SpotPool, Usd, PRICE_SCALE};
use proptest::prelude::*;

const COIN: u128 = 100_000_000;

/// So many coins and dollars, with a fee of 0.3 %.
fn pool(coins: u128, dollars: u128) -> SpotPool {
    SpotPool {
        base: coins * COIN,
        quote: dollars * 1_000_000,
        fee: Rate::basis_points(30),
    }
}

/// So many coins at 10 USD, of which 87 % count: the fund pays 9.35.
fn holding(coins: u128) -> SpotHolding {
    SpotHolding {
        held: coins * COIN,
        decimals: 8,
        price: Price(10 * PRICE_SCALE),
        maintenance_factor: Rate::percent(87),
    }
}

fn worth(amount: u128, percent: u32) -> Usd {
    collateral_value(amount, 8, holding(1).price, Rate::percent(percent)).unwrap()
}

#[test]
fn pool_should_take_what_the_debt_needs_when_it_is_deep() {
    let deep = pool(1_000_000, 10_000_000);
    let sale = pool_sale(&deep, &holding(10), Usd::dollars(50), Usd::dollars(1_000));
    let sale = sale.unwrap().unwrap();
    // 5 coins and the fee.
    assert_eq!(sale.amount, 501_507_022);
    assert!(paid_by(&deep, sale.amount).unwrap() >= 50_000_000);
    assert!(paid_by(&deep, sale.amount - 1).unwrap() <= 50_000_000);
    // The fund would have paid 9.35 for each of them.
    assert_eq!(sale.least.0, 46_890_906 + 2);
}

#[test]
fn pool_should_take_nothing_when_the_fund_pays_more() {
    // 9.30 a coin, and less after the fee.
    let cheap = pool(1_000_000, 9_300_000);
    let ask = |purse| pool_sale(&cheap, &holding(10), Usd::dollars(90), Usd::dollars(purse));
    assert_eq!(ask(1_000), Ok(None));
    // Without a fund they count 8.70.
    let sale = ask(0).unwrap().unwrap();
    assert!(sale.amount > 970 * COIN / 100 && sale.amount < 972 * COIN / 100);
    assert_eq!(
        sale.least,
        sale_cost(sale.amount, 8, holding(1).price, Rate::percent(87)).unwrap()
    );
    // It pays for the rest when the fund has a part of the money.
    let sale = ask(45).unwrap().unwrap();
    assert!(sale.amount > 485 * COIN / 100 && sale.amount < 486 * COIN / 100);
    // Not for what nobody has counted.
    let cheaper = pool(1_000_000, 8_700_000);
    let sale = pool_sale(&cheaper, &holding(10), Usd::dollars(90), Usd::ZERO);
    assert_eq!(sale, Ok(None));
}

#[test]
fn pool_should_take_the_part_for_which_it_pays_more_when_it_is_shallow() {
    // sqrt(100 * 0.997 * 1000 / 9.35) - 100 = 3.26 coins after the fee.
    let shallow = pool(100, 1_000);
    let room = pool_room(&shallow, 8, holding(1).price, Rate::basis_points(9_350)).unwrap();
    assert_eq!(room, 327_211_149);
    let ask = |purse| {
        pool_sale(
            &shallow,
            &holding(20),
            Usd::dollars(150),
            Usd::dollars(purse),
        )
    };
    assert_eq!(ask(1_000).unwrap().unwrap().amount, room);
    // Down to what counted, when there is no fund.
    let lower = pool_room(&shallow, 8, holding(1).price, Rate::percent(87)).unwrap();
    assert_eq!(ask(0).unwrap().unwrap().amount, lower);
    assert!(lower > 2 * room);
}

#[test]
fn nothing_should_be_sold_when_there_is_no_pool_or_no_price() {
    let debt = Usd::dollars(50);
    for empty in [pool(0, 1_000), pool(100, 0)] {
        let sale = pool_sale(&empty, &holding(10), debt, Usd::ZERO);
        assert!(!matches!(sale, Ok(Some(_))), "{sale:?}");
    }
    let worthless = SpotHolding {
        price: Price::ZERO,
        ..holding(10)
    };
    let sale = pool_sale(&pool(100, 1_000), &worthless, debt, Usd::ZERO);
    assert_eq!(sale, Err(MathError::DivisionByZero));
    // A pool that keeps everything pays for nothing.
    let greedy = SpotPool {
        fee: Rate::ONE,
        ..pool(100, 1_000)
    };
    let sale = pool_sale(&greedy, &holding(10), debt, Usd::ZERO);
    assert!(!matches!(sale, Ok(Some(_))), "{sale:?}");
}

#[test]
fn amount_for_should_be_none_when_the_pool_has_less() {
    let small = pool(100, 1_000);
    assert_eq!(amount_for(&small, 1_000_000_000), Ok(None));
    assert_eq!(amount_for(&small, u128::MAX), Ok(None));
    assert!(amount_for(&small, 999_999_999).unwrap().is_some());
    assert_eq!(amount_for(&small, 0), Ok(Some(1)));
}

prop_compose! {
    fn any_pool()(base in 1u128..1_000_000_000_000_000, quote in 1u128..1_000_000_000_000_000, points in 0u32..1_000)
        -> SpotPool
    {
        SpotPool { base, quote, fee: Rate::basis_points(points) }
    }
}

proptest! {
    /// Two units are what the roundings take.
    #[test]
    fn room_should_end_where_the_next_part_brings_less(
        pool in any_pool(),
        points in 5_000u32..=10_000,
    ) {
        let (price, factor) = (Price(10 * PRICE_SCALE), Rate::basis_points(points));
        let room = pool_room(&pool, 8, price, factor).unwrap();
        let value = |amount| collateral_value(amount, 8, price, factor).unwrap().0;
        let brings = |amount| paid_by(&pool, amount).unwrap() as i128;
        prop_assert!(brings(room) + 2 >= value(room));
        // Each part of it brings its worth as well.
        let half = room / 2;
        prop_assert!(brings(room) - brings(half) + 2 >= value(room - half));
        for more in [COIN / 100, pool.base / 100 + 1, pool.base] {
            prop_assert!(brings(room + more) - brings(room) <= value(more) + 2);
        }
    }

    #[test]
    fn amount_for_should_be_the_least_that_brings_it(pool in any_pool(), wanted in 0u128..1_000_000_000_000) {
        if let Some(amount) = amount_for(&pool, wanted).unwrap() {
            prop_assert!(paid_by(&pool, amount).unwrap() >= wanted);
            if amount > 1 {
                prop_assert!(paid_by(&pool, amount - 1).unwrap() <= wanted);
            }
        } else {
            prop_assert!(wanted >= pool.quote);
        }
    }

    /// Whatever a pool looks like, the account gets no less than the fund would pay while that has the
    /// money, and its collateral never brings less than it counted.
    #[test]
    fn account_should_not_be_worse_off_when_a_pool_is_used(
        pool in any_pool(),
        held in 1u128..1_000_000_000_000,
        debt in 1i128..200_000_000_000,
        purse in 0i128..200_000_000_000,
    ) {
        let holding = SpotHolding { held, ..holding(1) };
        let (price, takeover) = (holding.price, takeover_factor(holding.maintenance_factor));
        let alone = to_sell(held, 8, price, takeover, Usd(debt)).unwrap();
        let Some(sale) = pool_sale(&pool, &holding, Usd(debt), Usd(purse)).unwrap() else {
            return Ok(());
        };
        let brings = Usd(paid_by(&pool, sale.amount).unwrap() as i128);
        prop_assert!(sale.amount <= held && brings >= sale.least);
        prop_assert!(brings > worth(sale.amount, 87));
        let rest = Usd((debt - brings.0).max(0));
        let (more, asked) = to_sell(held - sale.amount, 8, price, takeover, rest).unwrap();
        // Whatever the order, the fund's money is used before the pool goes lower.
        if asked.0 <= purse {
            prop_assert!(sale.least >= sale_cost(sale.amount, 8, price, holding.maintenance_factor).unwrap());
        }
        if alone.1 .0 <= purse {
            // The fund could have done it alone: the debt that is left is not larger, nor is what was given for it.
            prop_assert!(sale.least >= sale_cost(sale.amount, 8, price, takeover).unwrap());
            let left = rest.0 - asked.0;
            prop_assert!(left <= debt - alone.1 .0 + 2);
            prop_assert!(sale.amount + more <= alone.0 + 30);
        }
        // It is not sold for more than the debt, but for what rounding adds.
        let per_unit = brings.0 / sale.amount as i128 + 2;
        prop_assert!(brings.0 <= debt + per_unit);
    }

    #[test]
    fn nothing_should_panic_at_any_size(
        base in any::<u128>(), quote in any::<u128>(), fee in any::<u64>(), held in any::<u128>(),
        decimals in any::<u8>(), price in any::<u128>(), factor in any::<u64>(), debt in any::<i128>(), purse in any::<i128>(),
    ) {
        let pool = SpotPool { base, quote, fee: Rate(fee) };
        let holding = SpotHolding { held, decimals, price: Price(price), maintenance_factor: Rate(factor) };
        if let Ok(Some(sale)) = pool_sale(&pool, &holding, Usd(debt), Usd(purse)) {
            prop_assert!(sale.amount > 0 && sale.amount <= held);
        }
        let _ = (amount_for(&pool, held), paid_by(&pool, held));
    }
}
