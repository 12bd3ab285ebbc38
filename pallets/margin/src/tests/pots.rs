//! The tokens behind the ledger.

use crate::{mock::*, Error, TotalDeposited};
use bulwark_primitives::Usd;
use bulwark_traits::Custody;
use frame_support::{assert_noop, assert_ok};

fn units_of_fund() -> u128 {
    FUND.0 as u128
}

#[test]
fn genesis_should_back_the_fund_with_tokens() {
    new_test_ext().execute_with(|| {
        let pot = Margin::pot_account(SETTLEMENT);
        assert_eq!(Assets::balance(SETTLEMENT, pot), units_of_fund());
        assert_eq!(TotalDeposited::<Test>::get(SETTLEMENT), units_of_fund());
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn genesis_should_mint_nothing_when_the_tokens_are_there() {
    new_test_ext().execute_with(|| {
        assert_ok!(Margin::book_fund(FUND));
        let pot = Margin::pot_account(SETTLEMENT);
        assert_eq!(Assets::balance(SETTLEMENT, pot), units_of_fund());
        assert_ok!(Margin::book_fund(Usd::ZERO));
        assert_noop!(
            Margin::book_fund(Usd(-1)),
            Error::<Test>::ArithmeticOverflow
        );
    });
}

#[test]
fn collect_should_move_tokens_into_the_pot_when_the_wallet_has_them() {
    new_test_ext().execute_with(|| {
        assert_ok!(Margin::collect(&ALICE, Usd::dollars(3)));
        Fund::set(Usd(FUND.0 + 3_000_000));
        assert_eq!(Assets::balance(SETTLEMENT, ALICE), WEALTH - 3_000_000);
        assert_noop!(
            Margin::collect(&ALICE, Usd::ZERO),
            Error::<Test>::ZeroAmount
        );
        assert_noop!(
            Margin::collect(&ALICE, Usd(-1)),
            Error::<Test>::ArithmeticOverflow
        );
        assert!(Margin::collect(&77, Usd(1)).is_err());
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn ledger_should_not_change_when_somebody_sends_tokens_to_a_pot() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 10);
        let pot = Margin::pot_account(SETTLEMENT);
        assert_ok!(Assets::transfer(
            RuntimeOrigin::signed(BOB),
            SETTLEMENT,
            pot,
            5
        ));
        assert_ok!(Margin::do_try_state());
        assert_ok!(Margin::withdraw(
            RuntimeOrigin::signed(ALICE),
            0,
            SETTLEMENT,
            10_000_000
        ));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn release_should_never_burn_a_rest_when_the_asset_has_a_minimum() {
    new_test_ext().execute_with(|| {
        // The coin's minimum is 10 base units and it does not keep accounts alive by itself.
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            1_000
        ));
        let withdraw = |amount| {
            frame_support::storage::with_storage_layer(|| {
                Margin::withdraw(RuntimeOrigin::signed(ALICE), 0, COIN, amount)
            })
        };
        let supply = Assets::total_supply(COIN);
        assert!(withdraw(995).is_err());
        assert_ok!(withdraw(990));
        assert_ok!(withdraw(10));
        assert_eq!(Assets::total_supply(COIN), supply);
        assert_ok!(Margin::do_try_state());
    });
}
