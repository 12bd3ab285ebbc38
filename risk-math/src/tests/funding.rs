use super::*;
use crate::{funding::*, MathError};
use proptest::prelude::*;

const MINUTE_RATE: FundingRate = FundingRate(100_000);

#[test]
fn premium_should_be_zero_when_a_side_is_not_deep_enough() {
    assert_eq!(premium(None, None, price(100)), Ok(FundingRate::ZERO));
    assert_eq!(
        premium(None, Some(price(99)), price(100)),
        Ok(FundingRate(-10_000_000))
    );
    assert_eq!(
        premium(Some(price(99)), None, price(100)),
        Ok(FundingRate::ZERO)
    );
    assert_eq!(
        premium(None, None, Price::ZERO),
        Err(MathError::DivisionByZero)
    );
}

#[test]
fn trimmed_mean_should_forget_outliers() {
    let mut minutes = vec![MINUTE_RATE; 60];
    for minute in minutes.iter_mut().take(15) {
        *minute = FundingRate(i64::MAX / 60);
    }
    assert_eq!(
        trimmed_mean(&minutes),
        Ok(MINUTE_RATE),
        "a quarter of the hour buys nothing"
    );
    minutes[15] = FundingRate(i64::MAX / 60);
    assert!(trimmed_mean(&minutes).unwrap() > MINUTE_RATE);
    assert_eq!(trimmed_mean(&[]), Ok(FundingRate::ZERO));
    assert_eq!(
        trimmed_mean(&[FundingRate(-3), FundingRate(-4)]),
        Ok(FundingRate(-4))
    );
}

#[test]
fn rate_should_be_clamped_on_both_sides() {
    let rate = |premium| {
        hourly_rate(
            FundingRate(premium),
            Rate::ZERO,
            Rate::percent(5),
            Rate::percent(3),
        )
        .unwrap()
    };
    assert_eq!(rate(i64::MAX / 2), FundingRate(15_000_000));
    assert_eq!(rate(i64::MIN / 2), FundingRate(-15_000_000));
    assert_eq!(rate(-9), FundingRate(-2), "toward minus infinity");
    let inverted = hourly_rate(
        FundingRate::ZERO,
        Rate::ZERO,
        Rate::percent(3),
        Rate::percent(5),
    );
    assert_eq!(inverted, Err(MathError::Overflow));
}

#[test]
fn accrual_should_be_a_part_of_the_hour() {
    // 0.01 % an hour of 60,000 USD are 6 USD, in two seconds a third of a cent.
    let rate = FundingRate(100_000);
    assert_eq!(
        accrual(rate, price(60_000), HOUR),
        Ok(6 * PRICE_SCALE as i128)
    );
    assert_eq!(
        accrual(rate, price(60_000), 2_000),
        Ok(3_333_333_333_333_333)
    );
    assert_eq!(
        accrual(FundingRate(-100_000), price(60_000), 2_000),
        Ok(-3_333_333_333_333_334)
    );
}

#[test]
fn dust_should_become_whole_when_enough_has_gathered() {
    let one = 10u128.pow(30);
    assert_eq!(gather(one - 1, 0), Ok((one - 1, Usd::ZERO)));
    assert_eq!(gather(one - 1, 1), Ok((0, Usd(1))));
    assert_eq!(gather(one - 1, one - 1), Ok((one - 2, Usd(1))));
}

proptest! {
    /// Invariant 3 for funding: what everybody pays is the rounding and nothing else.
    #[test]
    fn payments_should_sum_to_their_dust_when_sizes_cancel(
        sizes in prop::collection::vec(-10i128.pow(28)..10i128.pow(28), 1..6), moved in -10i128.pow(26)..10i128.pow(26),
    ) {
        let mut sizes = sizes;
        sizes.push(-sizes.iter().sum::<i128>());
        let (mut paid, mut dust) = (0i128, 0u128);
        for size in sizes {
            let payment = payment(Size(size), moved).unwrap();
            let exact = big(size) * big(moved);
            prop_assert_eq!(big(payment.paid.0) * big(10u128.pow(30)) - exact, big(payment.dust));
            prop_assert!(payment.dust < 10u128.pow(30));
            paid += payment.paid.0;
            dust += payment.dust;
        }
        prop_assert_eq!(big(paid) * big(10u128.pow(30)), big(dust));
    }
}
