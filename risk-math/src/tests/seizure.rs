//! Collateral that is taken over and sold.

use crate::*;
use bulwark_primitives::{Price, Rate, Usd, PRICE_SCALE};
use proptest::prelude::*;

#[test]
fn sale_should_start_at_the_oracle_price_and_end_at_what_was_paid() {
    let factor = Rate::percent(90);
    assert_eq!(takeover_factor(factor), Rate::percent(95));
    assert_eq!(sale_factor(factor, 0, 100), Ok(Rate::ONE));
    assert_eq!(sale_factor(factor, 50, 100), Ok(Rate(975_000_000)));
    for elapsed in [100, 101, u32::MAX] {
        assert_eq!(sale_factor(factor, elapsed, 100), Ok(Rate::percent(95)));
    }
    assert_eq!(sale_factor(factor, 1, 0), Err(MathError::DivisionByZero));
}

#[test]
fn bought_should_be_a_part_when_a_part_was_paid() {
    assert_eq!(bought(10, Usd(5), Usd(10)), Ok(5));
    assert_eq!(bought(10, Usd(1), Usd(3)), Ok(4));
    assert_eq!(bought(10, Usd(4), Usd(3)), Ok(10));
    assert_eq!(bought(10, Usd(-1), Usd(0)), Err(MathError::DivisionByZero));
}

proptest! {
    #[test]
    fn to_sell_should_cover_the_debt_and_no_more_when_there_is_enough(
        held in 0u128..1_000_000_000_000,
        cents in 1u128..10_000_000,
        points in 5_000u32..=10_000,
        debt in 0i128..1_000_000_000_000,
    ) {
        let price = Price(cents * PRICE_SCALE / 100);
        let factor = Rate::basis_points(points);
        let (amount, worth) = to_sell(held, 8, price, factor, Usd(debt)).unwrap();
        prop_assert!(amount <= held && worth.0 <= debt && worth.0 >= 0);
        let all = collateral_value(held, 8, price, factor).unwrap();
        if all.0 > debt {
            // One unit of the asset may be worth more than one of USD; less is missing than two.
            prop_assert!(debt - worth.0 <= 2);
            if amount > 0 {
                let less = collateral_value(amount - 1, 8, price, factor).unwrap();
                prop_assert!(less.0 < debt + 2);
            }
        } else {
            prop_assert_eq!((amount, worth), (held, all));
        }
        // Whoever buys it back at once pays at least that.
        prop_assert!(sale_cost(amount, 8, price, factor).unwrap() >= worth);
    }
}
