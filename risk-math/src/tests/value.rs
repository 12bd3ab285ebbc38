use super::*;
use crate::*;
use proptest::prelude::*;

#[test]
fn notional_should_round_as_told_when_there_are_parts_of_a_base_unit() {
    // 1.5 base units of USD.
    let (price, quantity) = (Price(1_500_000_000_000), quantity(1));
    assert_eq!(notional(price, quantity, Rounding::Down), Ok(Usd(1)));
    assert_eq!(notional(price, quantity, Rounding::Up), Ok(Usd(2)));
    let short = Size(-(SIZE_SCALE as i128));
    assert_eq!(signed_notional(price, short, Rounding::Down), Ok(Usd(-2)));
    assert_eq!(signed_notional(price, short, Rounding::Up), Ok(Usd(-1)));
}

#[test]
fn collateral_value_should_be_the_same_when_only_the_decimals_differ() {
    let (index, factor) = (price(2_000), Rate::percent(90));
    for decimals in [0u8, 6, 8, 12, 18, 20] {
        let amount = 3 * 10u128.pow(u32::from(decimals));
        assert_eq!(
            collateral_value(amount, decimals, index, factor),
            Ok(Usd::dollars(5_400)),
            "{decimals} decimals"
        );
    }
}

#[test]
fn scale_collateral_should_drop_digits_when_there_are_more_than_eighteen() {
    assert_eq!(scale_collateral(199, 20), Ok(Quantity(1)));
    assert_eq!(scale_collateral(u128::MAX, 57), Ok(Quantity(0)));
    assert_eq!(scale_collateral(u128::MAX, 255), Ok(Quantity(0)));
    assert_eq!(scale_collateral(1, 0), Ok(Quantity(SIZE_SCALE)));
    assert_eq!(scale_collateral(u128::MAX, 17), Err(MathError::Overflow));
}

#[test]
fn fraction_should_round_toward_the_named_infinity_when_the_amount_is_negative() {
    assert_eq!(
        fraction(Usd(-5), Rate::percent(50), Rounding::Down),
        Ok(Usd(-3))
    );
    assert_eq!(
        fraction(Usd(-5), Rate::percent(50), Rounding::Up),
        Ok(Usd(-2))
    );
    assert_eq!(
        fraction(Usd(5), Rate::percent(50), Rounding::Down),
        Ok(Usd(2))
    );
}

#[test]
fn price_with_rate_should_fail_when_more_than_everything_is_taken_off() {
    let all = price_with_rate(price(7), Rate::ONE, false, Rounding::Up);
    assert_eq!(all, Ok(Price::ZERO));
    let more = price_with_rate(price(7), Rate::percent(101), false, Rounding::Up);
    assert_eq!(more, Err(MathError::Overflow));
    let twice = price_with_rate(price(7), Rate::ONE, true, Rounding::Up);
    assert_eq!(twice, Ok(price(14)));
}

#[test]
fn multiples_should_fail_when_the_step_is_nothing() {
    let step = Quantity::ZERO;
    assert_eq!(
        floor_to_multiple(quantity(1), step),
        Err(MathError::DivisionByZero)
    );
    assert_eq!(
        ceil_to_multiple(quantity(1), step),
        Err(MathError::DivisionByZero)
    );
    assert_eq!(
        ceil_to_multiple(Quantity::MAX, Quantity(2)),
        Err(MathError::Overflow)
    );
}

proptest! {
    #[test]
    fn multiples_should_enclose_the_quantity(q in any::<u64>(), step in 1u64..) {
        let (q, step) = (Quantity(q.into()), Quantity(step.into()));
        let (low, high) = (floor_to_multiple(q, step).unwrap(), ceil_to_multiple(q, step).unwrap());
        prop_assert!(low <= q && q <= high);
        prop_assert_eq!(low.0 % step.0, 0);
        prop_assert_eq!(high.0 - low.0, if low == q { 0 } else { step.0 });
    }

    #[test]
    fn notionals_should_differ_by_at_most_one_unit_when_rounded_both_ways(
        p in 0u128..10u128.pow(27), q in 0u128..10u128.pow(27),
    ) {
        let down = notional(Price(p), Quantity(q), Rounding::Down).unwrap().0;
        let up = notional(Price(p), Quantity(q), Rounding::Up).unwrap().0;
        prop_assert!(down <= up && up <= down + 1);
        let signed = signed_notional(Price(p), Size(-(q as i128)), Rounding::Down).unwrap().0;
        prop_assert_eq!(signed, -up);
    }
}
