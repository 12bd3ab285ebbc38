//! Putting tokens in.

use super::*;
use crate::{Books, Error, Event, Suppliers};
use frame_support::assert_noop;

#[test]
fn supply_should_give_shares_and_move_tokens() {
    new_test_ext().execute_with(|| {
        supply(ALICE, 1_000);
        assert_eq!(Suppliers::<Test>::get(ALICE), shares(1_000));
        assert_eq!(wallet(ALICE), Usd::dollars(999_000));
        System::assert_last_event(
            Event::Supplied {
                who: ALICE,
                amount: Usd::dollars(1_000),
                shares: shares(1_000),
            }
            .into(),
        );
        supply(BOB, 500);
        assert_eq!(Books::<Test>::get().shares, shares(1_500));
        assert_eq!(Lending::supplier(BOB), (shares(500), Usd::dollars(500)));
        check();
    });
}

#[test]
fn supply_should_give_fewer_shares_when_interest_was_earned() {
    new_test_ext().execute_with(|| {
        supply(ALICE, 1_000);
        borrow(CAROL, Usd::dollars(800));
        minutes(600);
        supply(BOB, 1_000);
        let (alice, bob) = (Lending::supplier(ALICE), Lending::supplier(BOB));
        assert!(bob.0 < alice.0);
        assert!(alice.1 > Usd::dollars(1_000));
        // What he has is what he gave, less than two base units apart, rounded down.
        assert!((999_999_999..=1_000_000_000).contains(&bob.1 .0), "{bob:?}");
        check();
    });
}

#[test]
fn supply_should_fail_when_it_is_nothing_or_too_little_or_not_there() {
    new_test_ext().execute_with(|| {
        for (amount, error) in [
            (Usd::ZERO, Error::<Test>::ZeroAmount),
            (Usd(-5), Error::<Test>::ZeroAmount),
            (Usd(999_999), Error::<Test>::BelowMinimumHolding),
            (Usd::MAX, Error::<Test>::ArithmeticOverflow),
        ] {
            assert_noop!(Lending::supply(RuntimeOrigin::signed(ALICE), amount), error);
        }
        assert!(Lending::supply(RuntimeOrigin::signed(CAROL), Usd::dollars(5)).is_err());
        check();
    });
}

#[test]
fn supply_should_work_when_everything_is_halted() {
    new_test_ext().execute_with(|| {
        Guard::set(MARKET, bulwark_primitives::MarketStatus::Paused);
        block(2 * SECOND);
        supply(ALICE, 10);
        check();
    });
}
