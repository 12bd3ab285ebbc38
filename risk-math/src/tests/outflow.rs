//! Limits on outflow.

use crate::{outflow::*, MathError};
use bulwark_primitives::{Moment, Rate};
use proptest::prelude::*;

const HOUR: Moment = 3_600_000;

#[test]
fn limit_should_be_the_floor_when_the_pot_is_small() {
    let limit = |pot| outflow_limit(pot, 0, 1_000_000, Rate::percent(1), Rate::basis_points(10));
    assert_eq!(limit(0), Ok(1_000));
    assert_eq!(limit(100_000), Ok(1_000));
    assert_eq!(limit(100_100), Ok(1_001));
    assert_eq!(limit(u128::MAX), Ok(u128::MAX / 100));
}

#[test]
fn limit_should_not_change_when_something_leaves() {
    let limit = |pot, net| outflow_limit(pot, net, 0, Rate::percent(10), Rate::ZERO);
    assert_eq!(limit(1_000, 0), limit(900, 100));
    // What came in before is in the pot already.
    assert_eq!(limit(1_000, -500), limit(1_000, 0));
    assert_eq!(limit(u128::MAX, 1), Err(MathError::Overflow));
}

#[test]
fn count_should_stop_at_nothing_when_more_comes_back_than_left() {
    assert_eq!(toward_nothing(5, 7), Ok(0));
    assert_eq!(toward_nothing(-5, 7), Ok(0));
    assert_eq!(toward_nothing(-5, 2), Ok(-3));
    assert_eq!(toward_nothing(i128::MIN, 0), Ok(i128::MIN));
    assert_eq!(toward_nothing(i128::MAX, 1), Ok(i128::MAX - 1));
    assert_eq!(returned(10, 1, 0), Err(MathError::DivisionByZero));
}

proptest! {
    /// However withdrawals are spread, a window lets no more out than the limit and what time gave back.
    #[test]
    fn outflow_should_stay_within_limit_and_time_when_spread_at_random(
        steps in prop::collection::vec((0..600_000u64, 0..2_000u128), 1..60),
    ) {
        let (mut pot, mut net, mut out, mut time) = (100_000u128, 0i128, 0u128, 0u64);
        let start = pot;
        for (pause, wanted) in steps {
            time += pause;
            let limit = outflow_limit(pot, net, 0, Rate::percent(1), Rate::ZERO).unwrap();
            net = toward_nothing(net, returned(limit, pause, HOUR).unwrap()).unwrap();
            let limit = outflow_limit(pot, net, 0, Rate::percent(1), Rate::ZERO).unwrap();
            let amount = wanted.min(limit - net.unsigned_abs());
            net += amount as i128;
            pot -= amount;
            out += amount;
        }
        let most = start / 100;
        prop_assert!(out <= most + most * u128::from(time) / u128::from(HOUR));
    }
}
