//! Making a position smaller always works at a fair price, and never at other people's expense.

use crate::{mock::*, Error};
use bulwark_primitives::{MarketStatus, Price, PriceError, Side, Usd, PRICE_SCALE};
use bulwark_traits::{FillError, OrderMargin};
use frame_support::assert_ok;

/// Alice long 10 at 100 with 100 USD, Bob short, Carol rich; then the mark in tenths of a USD.
fn alice_long_at(tenths: u128) {
    fund(ALICE, 100);
    fund(BOB, 10_000);
    fund(CAROL, 10_000);
    trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
    Prices::set_result(INDEX, Ok(tenth(tenths)));
}

fn tenth(tenths: u128) -> Price {
    Price(tenths * PRICE_SCALE / 10)
}

/// Alice sells to Carol, who pays any price.
fn sell(thousandths: u128, tenths: u128) -> Result<(), FillError> {
    try_trade(CAROL, ALICE, Side::Ask, milli(thousandths), tenth(tenths))
}

fn unfair() -> Result<(), FillError> {
    Err(FillError::Taker(Error::<Test>::UnfairReduction.into()))
}

#[test]
fn reduction_should_pass_when_the_account_stays_above_maintenance() {
    new_test_ext().execute_with(|| {
        alice_long_at(1_000);
        // 5 USD below mark on all of it costs 50 of 100.
        assert_ok!(sell(10_000, 950));
        assert_eq!(state(ALICE), (Usd::dollars(50), 0, Usd::ZERO));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn reduction_should_be_refused_when_a_healthy_account_would_end_below_zero() {
    new_test_ext().execute_with(|| {
        // Equity 30, requirement 27.9: healthy, but worth less than what 5 % cost.
        alice_long_at(930);
        assert!(!Margin::account_health(&sub(ALICE))
            .unwrap()
            .is_liquidatable());
        assert_eq!(sell(10_000, 899), unfair());
        assert_ok!(sell(10_000, 900));
        assert_eq!(state(ALICE).0, Usd::ZERO);
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn reduction_should_cost_at_most_the_own_share_when_under_maintenance() {
    new_test_ext().execute_with(|| {
        // Equity 25, requirement 27.75.
        alice_long_at(925);
        assert!(Margin::account_health(&sub(ALICE))
            .unwrap()
            .is_liquidatable());
        // Half of the position may cost half of the equity: 2.5 USD a unit.
        assert_eq!(sell(5_000, 899), unfair());
        assert_ok!(sell(5_000, 900));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn reduction_should_pass_only_at_mark_or_better_when_bankrupt() {
    new_test_ext().execute_with(|| {
        alice_long_at(850);
        assert!(Margin::account_health(&sub(ALICE)).unwrap().is_bankrupt());
        assert_eq!(sell(5_000, 849), unfair());
        assert_ok!(sell(5_000, 850));
        assert_ok!(sell(5_000, 900));
        assert_eq!(state(ALICE), (Usd::dollars(-25), 0, Usd::ZERO));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn reduction_should_be_refused_on_the_maker_side_too() {
    new_test_ext().execute_with(|| {
        alice_long_at(850);
        assert_eq!(
            try_trade(ALICE, CAROL, Side::Bid, milli(5_000), tenth(800)),
            Err(FillError::Maker(Error::<Test>::UnfairReduction.into()))
        );
        assert_ok!(try_trade(ALICE, CAROL, Side::Bid, milli(5_000), tenth(850)));
    });
}

#[test]
fn reduction_should_work_when_the_price_has_any_error_or_the_market_is_reduce_only() {
    new_test_ext().execute_with(|| {
        alice_long_at(1_000);
        Guard::set(MARKET, MarketStatus::ReduceOnly);
        for error in [
            PriceError::TooFewFeeds,
            PriceError::Stale,
            PriceError::Deviating,
            PriceError::Uncertain,
            PriceError::Halted,
            PriceError::Recovering,
        ] {
            Prices::set_result(INDEX, Err(error));
            // Bob is short: both sides get smaller.
            assert_ok!(try_trade(BOB, ALICE, Side::Ask, milli(1_000), tenth(990)));
        }
        assert_eq!(state(ALICE).1, units(4));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn reduction_should_work_at_mark_when_another_price_the_account_needs_is_missing() {
    new_test_ext().execute_with(|| {
        alice_long_at(1_000);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            10 * COIN_UNIT
        ));
        Prices::set_result(COIN, Err(PriceError::Stale));
        assert_ok!(sell(1_000, 1_000));
        // Off mark too: what is left without the coin is enough.
        assert_ok!(sell(1_000, 990));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn reduction_should_be_refused_when_it_would_leave_a_debt_and_nobody_knows_the_price() {
    new_test_ext().execute_with(|| {
        alice_long_at(1_000);
        for error in [
            PriceError::TooFewFeeds,
            PriceError::Stale,
            PriceError::Uncertain,
        ] {
            Prices::set_result(INDEX, Err(error));
            // Alice's 100 dollars are gone at 90: what she sells below, the fund would pay for.
            for tenths in [850, 899] {
                assert_eq!(
                    try_trade(BOB, ALICE, Side::Ask, milli(5_000), tenth(tenths)),
                    unfair()
                );
            }
        }
        assert_ok!(try_trade(BOB, ALICE, Side::Ask, milli(5_000), tenth(910)));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn maker_who_cannot_help_a_missing_price_should_keep_his_order_when_a_reduction_meets_it() {
    new_test_ext().execute_with(|| {
        alice_long_at(1_000);
        let fill = fill_of(CAROL, ALICE, Side::Ask, milli(1_000), tenth(1_000));
        assert_ok!(Margin::open_order(&fill.maker, &fill.maker_exposure));
        Prices::set_result(INDEX, Err(PriceError::Stale));
        // Carol would open: that needs a price, and is no reason to cancel her.
        assert!(matches!(Margin::settle(&fill), Err(FillError::Taker(_))));
        assert_ok!(Margin::do_try_state());
    });
}
