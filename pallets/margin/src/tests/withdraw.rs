//! Collateral goes out, and what has to stay.

use crate::{mock::*, Accounts, Error, Event, TotalDeposited};
use bulwark_primitives::{PriceError, Side, Usd};
use bulwark_traits::OrderMargin;
use frame_support::{assert_noop, assert_ok, storage::with_storage_layer};
use sp_runtime::DispatchResult;

fn withdraw(asset: u32, amount: u128) -> DispatchResult {
    with_storage_layer(|| Margin::withdraw(RuntimeOrigin::signed(ALICE), 0, asset, amount))
}

#[test]
fn withdraw_should_give_everything_back_when_the_account_is_flat() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            COIN_UNIT
        ));
        // No position: no price is needed.
        Prices::set_result(COIN, Err(PriceError::Stale));
        assert_ok!(withdraw(SETTLEMENT, 100_000_000));
        assert_ok!(withdraw(COIN, COIN_UNIT));
        assert!(!Accounts::<Test>::contains_key(sub(ALICE)));
        assert!(!TotalDeposited::<Test>::contains_key(COIN));
        assert_eq!(Assets::balance(SETTLEMENT, ALICE), WEALTH);
        assert_eq!(Assets::balance(COIN, ALICE), WEALTH);
        System::assert_last_event(
            Event::Withdrawn {
                account: sub(ALICE),
                asset: COIN,
                amount: COIN_UNIT,
            }
            .into(),
        );
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn withdraw_should_fail_when_the_account_has_less() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 1);
        fund(BOB, 100);
        assert_noop!(withdraw(SETTLEMENT, 0), Error::<Test>::ZeroAmount);
        assert_noop!(
            withdraw(SETTLEMENT, 1_000_001),
            Error::<Test>::InsufficientBalance
        );
        assert_noop!(
            withdraw(SETTLEMENT, u128::MAX),
            Error::<Test>::InsufficientBalance
        );
        assert_noop!(withdraw(COIN, 1), Error::<Test>::InsufficientBalance);
        assert_noop!(withdraw(JUNK, 1), Error::<Test>::UnknownAsset);
    });
}

#[test]
fn withdraw_should_leave_a_tenth_of_the_notional_when_there_is_a_position() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 200);
        fund(BOB, 200);
        // 10 units at 100: initial margin 50, a tenth of the notional 100.
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        assert_noop!(
            withdraw(SETTLEMENT, 100_000_001),
            Error::<Test>::InsufficientMargin
        );
        assert_ok!(withdraw(SETTLEMENT, 100_000_000));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn withdraw_should_leave_initial_margin_when_resting_orders_need_more() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 200);
        let order = exposure(Side::Bid, milli(20_000), usd(100));
        assert_ok!(Margin::open_order(&sub(ALICE), &order));
        assert_noop!(
            withdraw(SETTLEMENT, 100_000_001),
            Error::<Test>::InsufficientMargin
        );
        Prices::set_result(INDEX, Err(PriceError::Uncertain));
        assert_noop!(withdraw(SETTLEMENT, 1), Error::<Test>::PriceUncertain);
        Margin::close_order(&sub(ALICE), &order);
        assert_ok!(withdraw(SETTLEMENT, 200_000_000));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn withdraw_should_fail_with_the_reason_when_a_price_is_not_clean() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 1_000);
        fund(BOB, 1_000);
        trade(BOB, ALICE, Side::Bid, milli(1_000), usd(100));
        for (reason, error) in [
            (PriceError::TooFewFeeds, Error::<Test>::PriceTooFewFeeds),
            (PriceError::Stale, Error::PriceStale),
            (PriceError::Deviating, Error::PriceDeviating),
            (PriceError::Uncertain, Error::PriceUncertain),
            (PriceError::Halted, Error::PriceHalted),
            (PriceError::Recovering, Error::PriceRecovering),
        ] {
            Prices::set_result(INDEX, Err(reason));
            assert_noop!(withdraw(SETTLEMENT, 1), error);
        }
    });
}

#[test]
fn withdraw_should_count_nothing_for_collateral_without_a_price() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 150);
        fund(BOB, 1_000);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            100 * COIN_UNIT
        ));
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        Prices::set_result(COIN, Err(PriceError::Stale));
        assert_noop!(
            withdraw(SETTLEMENT, 50_000_001),
            Error::<Test>::InsufficientMargin
        );
        // What counts nothing may leave.
        assert_ok!(withdraw(COIN, 100 * COIN_UNIT));
        assert_ok!(withdraw(SETTLEMENT, 50_000_000));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn withdraw_should_fail_when_the_settlement_balance_is_a_debt() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 10);
        fund(BOB, 1_000);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            100 * COIN_UNIT
        ));
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        Prices::set(INDEX, 95);
        trade(BOB, ALICE, Side::Ask, milli(10_000), usd(95));
        assert_eq!(state(ALICE), (Usd::dollars(-40), 0, Usd::ZERO));
        assert_noop!(withdraw(COIN, 1_000), Error::<Test>::SettlementDebt);
        fund(ALICE, 40);
        assert_ok!(withdraw(COIN, 100 * COIN_UNIT));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn withdraw_should_fail_when_the_account_is_under_maintenance() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        fund(BOB, 1_000);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        Prices::set(INDEX, 92);
        assert!(Margin::account_health(&sub(ALICE))
            .unwrap()
            .is_liquidatable());
        assert_noop!(withdraw(SETTLEMENT, 1), Error::<Test>::InsufficientMargin);
    });
}
