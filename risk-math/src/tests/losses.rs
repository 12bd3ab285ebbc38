//! Who gives up how much.

use crate::*;
use bulwark_primitives::{Size, Usd, PRICE_SCALE, SIZE_SCALE};
use proptest::prelude::*;

const UNIT: i128 = SIZE_SCALE as i128;

#[test]
fn entry_key_should_be_higher_when_more_was_won() {
    let usd = Usd::dollars;
    // A long bought at 90 has won more than one bought at 100, a short sold at 110 more than at 100.
    assert!(entry_key(Size(UNIT), usd(90)) > entry_key(Size(UNIT), usd(100)));
    assert!(entry_key(Size(-UNIT), usd(-110)) > entry_key(Size(-UNIT), usd(-100)));
    assert_eq!(
        entry_key(Size(2 * UNIT), usd(200)),
        -(100 * PRICE_SCALE as i128)
    );
    assert_eq!(entry_key(Size(-UNIT), usd(-100)), 100 * PRICE_SCALE as i128);
    // More than free is the most there is to win.
    assert!(entry_key(Size(UNIT), usd(-5)) > entry_key(Size(UNIT), usd(1)));
    assert_eq!(entry_key(Size::ZERO, usd(5)), 0);
    assert_eq!(entry_key(Size(1), Usd(i128::MAX)), -i128::MAX);
}

#[test]
fn score_should_be_profit_times_leverage_when_there_is_profit() {
    let usd = Usd::dollars;
    // 20 % on 1,000, 1,200 now, 300 of equity: 0.2 * 4.
    assert_eq!(
        score(usd(200), usd(1_000), usd(1_200), usd(300)),
        800_000_000
    );
    // Leverage never lifts a loss, and no profit is never before a profit.
    assert_eq!(
        score(usd(-200), usd(-1_000), usd(1_200), usd(1)),
        -200_000_000
    );
    assert_eq!(score(usd(0), usd(1_000), usd(1_000), usd(1)), 0);
    assert!(score(Usd(2), usd(1), usd(1), usd(1)) > 0);
    // Without equity it saturates and does not fail.
    assert_eq!(score(Usd::MAX, Usd(0), Usd::MAX, Usd(-5)), i128::MAX);
}

#[test]
fn can_give_should_be_nothing_when_nothing_was_won_or_nothing_can_be_spared() {
    assert_eq!(can_give(Usd(5), Usd(3)), Usd(3));
    assert_eq!(can_give(Usd(3), Usd(5)), Usd(3));
    assert_eq!(can_give(Usd(-3), Usd(5)), Usd::ZERO);
    assert_eq!(can_give(Usd(3), Usd(-5)), Usd::ZERO);
}

#[test]
fn haircut_should_be_an_error_when_an_amount_is_negative() {
    assert_eq!(haircut(Usd(-1), Usd(1), Usd(2)), Err(MathError::Overflow));
    assert_eq!(haircut(Usd(1), Usd(-1), Usd(2)), Err(MathError::Overflow));
    assert_eq!(haircut(Usd(1), Usd(1), Usd(-2)), Err(MathError::Overflow));
    assert_eq!(haircut(Usd(7), Usd(0), Usd(0)), Ok(Usd(7)));
}

proptest! {
    /// Whatever all can give together covers what is missing, if they give their shares in turn.
    #[test]
    fn shares_should_sum_to_what_is_missing_when_all_can_give_it(
        can in prop::collection::vec(0i128..1_000_000_000_000, 1..20),
        part in 0u32..=1_000,
    ) {
        let all: i128 = can.iter().sum();
        let missing = all * i128::from(part) / 1_000;
        let mut left = missing;
        for his in &can {
            let share = haircut(Usd(missing), Usd(*his), Usd(all)).unwrap().0;
            // Rounded up by less than one, and never more than he can.
            prop_assert!(share <= *his);
            prop_assert!(share * all >= missing * his);
            prop_assert!(all == 0 || (share - 1) * all < missing * his || share == 0);
            left -= share.min(left);
        }
        prop_assert_eq!(left, 0);
    }

    #[test]
    fn nothing_should_fail_at_any_size(
        size in any::<i128>(), entry in any::<i128>(), profit in any::<i128>(), equity in any::<i128>()
    ) {
        let _ = entry_key(Size(size), Usd(entry));
        let rank = score(Usd(profit), Usd(entry), Usd(size), Usd(equity));
        prop_assert_eq!(rank < 0, profit < 0 && rank != 0);
    }
}
