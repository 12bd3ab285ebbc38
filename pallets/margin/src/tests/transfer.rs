//! Between sub-accounts of one owner.

use crate::{mock::*, Accounts, Error, Event};
use bulwark_primitives::{Side, SubAccount, Usd};
use frame_support::{assert_noop, assert_ok, storage::with_storage_layer};
use sp_runtime::DispatchResult;

fn transfer(from: u16, to: u16, asset: u32, amount: u128) -> DispatchResult {
    with_storage_layer(|| Margin::transfer(RuntimeOrigin::signed(ALICE), from, to, asset, amount))
}

#[test]
fn transfer_should_move_ledger_entries_and_no_tokens_when_the_source_is_flat() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            COIN_UNIT
        ));
        let pot = Margin::pot_account(SETTLEMENT);
        let before = Assets::balance(SETTLEMENT, pot);
        assert_ok!(transfer(0, 3, SETTLEMENT, 100_000_000));
        assert_ok!(transfer(0, 3, COIN, COIN_UNIT));
        let three = Accounts::<Test>::get(SubAccount::new(ALICE, 3));
        assert_eq!(three.balance, Usd::dollars(100));
        assert_eq!(three.collateral_of(COIN), COIN_UNIT);
        assert!(!Accounts::<Test>::contains_key(sub(ALICE)));
        assert_eq!(Assets::balance(SETTLEMENT, pot), before);
        System::assert_last_event(
            Event::Transferred {
                from: sub(ALICE),
                to: 3,
                asset: COIN,
                amount: COIN_UNIT,
            }
            .into(),
        );
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn transfer_should_hold_the_source_to_the_rules_of_a_withdrawal() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 200);
        fund(BOB, 200);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        assert_noop!(
            transfer(0, 1, SETTLEMENT, 100_000_001),
            Error::<Test>::InsufficientMargin
        );
        assert_ok!(transfer(0, 1, SETTLEMENT, 100_000_000));
        assert_noop!(
            transfer(0, 1, COIN, 1_000),
            Error::<Test>::InsufficientBalance
        );
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn transfer_should_fail_when_it_goes_nowhere_or_is_dust() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        assert_noop!(transfer(0, 0, SETTLEMENT, 1), Error::<Test>::SameAccount);
        assert_noop!(transfer(0, 1, SETTLEMENT, 0), Error::<Test>::ZeroAmount);
        assert_noop!(transfer(0, 1, JUNK, 1), Error::<Test>::UnknownAsset);
        assert_noop!(
            transfer(0, 1, SETTLEMENT, 999_999),
            Error::<Test>::BelowMinimumDeposit
        );
        assert_ok!(transfer(0, 1, SETTLEMENT, 1_000_000));
        // An account that exists may receive anything.
        assert_ok!(transfer(0, 1, SETTLEMENT, 1));
        assert_ok!(Margin::do_try_state());
    });
}
