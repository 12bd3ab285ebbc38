//! Collateral comes in.

use crate::{mock::*, Accounts, Error, Event, TotalDeposited};
use bulwark_primitives::{MarketStatus, PriceError, SubAccount, Usd};
use frame_support::{assert_noop, assert_ok};

#[test]
fn deposit_should_credit_the_balance_when_it_is_the_settlement_asset() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        assert_eq!(state(ALICE).0, Usd::dollars(100));
        assert_eq!(Assets::balance(SETTLEMENT, ALICE), WEALTH - 100_000_000);
        assert_eq!(Observer::touched(), 1);
        System::assert_last_event(
            Event::Deposited {
                account: sub(ALICE),
                asset: SETTLEMENT,
                amount: 100_000_000,
            }
            .into(),
        );
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn deposit_should_add_up_when_it_is_other_collateral_in_any_sub_account() {
    new_test_ext().execute_with(|| {
        for amount in [5 * COIN_UNIT, 2_000] {
            assert_ok!(Margin::deposit(
                RuntimeOrigin::signed(ALICE),
                7,
                COIN,
                amount
            ));
        }
        let account = Accounts::<Test>::get(SubAccount::new(ALICE, 7));
        assert_eq!(account.collateral_of(COIN), 5 * COIN_UNIT + 2_000);
        assert_eq!(account.balance, Usd::ZERO);
        assert_eq!(TotalDeposited::<Test>::get(COIN), 5 * COIN_UNIT + 2_000);
        assert!(!Accounts::<Test>::contains_key(sub(ALICE)));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn deposit_should_work_when_everything_is_halted() {
    new_test_ext().execute_with(|| {
        Guard::set(MARKET, MarketStatus::Closed);
        Prices::set_result(COIN, Err(PriceError::Halted));
        Prices::set_result(INDEX, Err(PriceError::Stale));
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            2_000
        ));
        fund(ALICE, 1);
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn deposit_should_fail_when_asset_or_amount_is_not_accepted() {
    new_test_ext().execute_with(|| {
        let deposit =
            |asset, amount| Margin::deposit(RuntimeOrigin::signed(ALICE), 0, asset, amount);
        assert_noop!(deposit(JUNK, 1_000_000), Error::<Test>::UnknownAsset);
        assert_noop!(deposit(COIN, 0), Error::<Test>::ZeroAmount);
        assert_noop!(deposit(COIN, 999), Error::<Test>::BelowMinimumDeposit);
        assert!(deposit(COIN, WEALTH + 1).is_err());
        assert!(Margin::deposit(RuntimeOrigin::root(), 0, COIN, 1_000).is_err());
    });
}

#[test]
fn deposit_should_fail_when_the_cap_is_reached() {
    new_test_ext().execute_with(|| {
        let cap = coin_params().deposit_cap;
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            cap - 1_000
        ));
        let bob = |amount| {
            frame_support::storage::with_storage_layer(|| {
                Margin::deposit(RuntimeOrigin::signed(BOB), 0, COIN, amount)
            })
        };
        assert_noop!(bob(1_001), Error::<Test>::DepositCapExceeded);
        assert_ok!(bob(1_000));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn deposit_should_fail_when_the_account_holds_too_many_assets() {
    new_test_ext().execute_with(|| {
        let mut params = coin_params();
        params.min_deposit = 1;
        Registry::insert_collateral(JUNK, params);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            1_000
        ));
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            JUNK,
            1_000
        ));
        let account = Accounts::<Test>::get(sub(ALICE));
        let mut full = account.clone();
        assert!(matches!(
            full.set_collateral(77, 1),
            Err(Error::TooManyCollaterals)
        ));
        assert_eq!(full, account);
        assert_ok!(Margin::do_try_state());
    });
}
