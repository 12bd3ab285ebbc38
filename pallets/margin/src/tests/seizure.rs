//! Collateral that the insurance fund takes over and sells.

use crate::{mock::*, seizure::SALE_BLOCKS, Accounts, Error, Event, SeizedSince};
use bulwark_primitives::{PriceError, Usd};
use bulwark_traits::{LiquidationLedger, LossFund};
use frame_support::{assert_noop, assert_ok};

pub(super) fn vault() -> u128 {
    Accounts::<Test>::get(Margin::vault()).collateral_of(COIN)
}

pub(super) fn coins(who: u64) -> u128 {
    Accounts::<Test>::get(sub(who)).collateral_of(COIN)
}

/// A flat account with so many dollars of debt and coins at 10 USD, which are put at `price` then.
pub(super) fn indebted(dollars: i64, count: u128, price: u128) {
    indebted_by(Usd::dollars(dollars), count, price);
}

pub(super) fn indebted_by(debt: Usd, count: u128, price: u128) {
    assert_ok!(Margin::deposit(
        RuntimeOrigin::signed(ALICE),
        0,
        COIN,
        count * COIN_UNIT
    ));
    let mut account = Accounts::<Test>::get(sub(ALICE));
    account.balance = Usd(-debt.0);
    Margin::store(&sub(ALICE), account);
    // What it lost somebody has.
    Accounts::<Test>::mutate(sub(BOB), |account| {
        account.balance = debt;
    });
    for who in [ALICE, BOB] {
        <Watcher as bulwark_traits::AccountObserver<u64>>::account_changed(&sub(who));
    }
    Prices::set(COIN, price);
}

pub(super) fn absorb() -> Result<(Usd, Usd), sp_runtime::DispatchError> {
    Margin::absorb(&sub(ALICE), &mut |asked| Fund::draw(MARKET, asked))
        .map(|absorbed| (absorbed.shortfall, absorbed.paid))
}

#[test]
fn collateral_should_be_taken_over_only_as_needed_before_anybody_pays() {
    new_test_ext().execute_with(|| {
        // 90 owed; 10 coins count 87 and fetch 93.50.
        indebted(90, 10, 10);
        assert!(Margin::health(&sub(ALICE)).unwrap().is_bankrupt());
        assert_eq!(absorb(), Ok((Usd::ZERO, Usd::ZERO)));
        assert_eq!(state(ALICE).0, Usd::ZERO);
        // 90 / 9.35.
        assert_eq!(vault(), 962_566_845);
        assert_eq!(coins(ALICE), 10 * COIN_UNIT - 962_566_845);
        assert_eq!(Fund::balance(), Usd(FUND.0 - 90_000_000));
        assert_ok!(Margin::do_try_state());
        check_told();
    });
}

#[test]
fn fund_should_pay_only_what_is_missing_when_all_collateral_is_gone() {
    new_test_ext().execute_with(|| {
        indebted(200, 10, 10);
        let missing = Usd(200_000_000 - 93_500_000);
        assert_eq!(absorb(), Ok((missing, missing)));
        assert_eq!((coins(ALICE), vault()), (0, 10 * COIN_UNIT));
        assert!(!Accounts::<Test>::contains_key(sub(ALICE)));
        assert_eq!(Fund::balance(), Usd(FUND.0 - 200_000_000));
        assert_ok!(Margin::do_try_state());
        check_told();
    });
}

#[test]
fn as_much_should_be_taken_over_as_the_fund_can_pay() {
    new_test_ext().execute_with(|| {
        indebted(90, 10, 10);
        let rest = Usd::dollars(45);
        let kept = Fund::draw(MARKET, Usd(FUND.0 - rest.0));
        // What the mock has paid is with somebody.
        Accounts::<Test>::mutate(sub(BOB), |account| {
            account.balance = Usd(account.balance.0 + kept.0);
        });
        <Watcher as bulwark_traits::AccountObserver<u64>>::account_changed(&sub(BOB));
        assert_eq!(absorb(), Ok((Usd::ZERO, Usd::ZERO)));
        // Half of the debt is gone, and more than half of the coins is left: nothing is missing now.
        assert_eq!(state(ALICE).0, Usd::dollars(-45));
        assert_eq!(vault(), 481_283_423);
        assert!(!Margin::health(&sub(ALICE)).unwrap().is_liquidatable());
        assert_eq!(Fund::balance(), Usd::ZERO);
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn nothing_should_be_taken_over_when_the_account_is_worth_its_debt() {
    new_test_ext().execute_with(|| {
        indebted(80, 10, 10);
        assert_eq!(absorb(), Ok((Usd::ZERO, Usd::ZERO)));
        assert_eq!((coins(ALICE), vault()), (10 * COIN_UNIT, 0));
    });
}

#[test]
fn buyer_should_pay_less_the_longer_it_is_for_sale() {
    new_test_ext().execute_with(|| {
        indebted(200, 10, 10);
        assert_ok!(absorb());
        fund(CAROL, 1_000);
        let buy =
            |amount, most| Margin::buy_seized(RuntimeOrigin::signed(CAROL), 0, COIN, amount, most);
        let had = Fund::balance();
        assert_noop!(buy(COIN_UNIT, Usd::dollars(10)), Error::<Test>::CostsMore);
        assert_ok!(buy(COIN_UNIT, Usd(10_000_002)));
        System::assert_last_event(
            Event::SeizedSold {
                account: sub(CAROL),
                asset: COIN,
                amount: COIN_UNIT,
                cost: Usd(10_000_002),
            }
            .into(),
        );
        assert_eq!(Fund::balance(), Usd(had.0 + 10_000_002));
        System::set_block_number(1 + u64::from(SALE_BLOCKS) / 2);
        assert_eq!(
            Margin::seized_cost(COIN, COIN_UNIT).unwrap(),
            Usd(9_675_002)
        );
        System::set_block_number(1 + 3 * u64::from(SALE_BLOCKS));
        assert_eq!(
            Margin::seized_cost(COIN, COIN_UNIT).unwrap(),
            Usd(9_350_002)
        );
        assert_ok!(buy(9 * COIN_UNIT, Usd::dollars(100)));
        assert_eq!((coins(CAROL), vault()), (10 * COIN_UNIT, 0));
        assert!(!SeizedSince::<Test>::contains_key(COIN));
        // The fund has not lost by it.
        assert!(Fund::balance().0 >= had.0 + 93_500_000);
        assert_ok!(Margin::do_try_state());
        check_told();
    });
}

#[test]
fn buying_should_fail_and_change_nothing_when_something_is_wrong() {
    new_test_ext().execute_with(|| {
        let buy = |asset, amount| {
            Margin::buy_seized(RuntimeOrigin::signed(CAROL), 0, asset, amount, Usd::MAX)
        };
        assert_noop!(buy(COIN, COIN_UNIT), Error::<Test>::NotForSale);
        indebted(200, 10, 10);
        assert_ok!(absorb());
        fund(CAROL, 50);
        assert_noop!(buy(COIN, 0), Error::<Test>::ZeroAmount);
        assert_noop!(buy(JUNK, 1), Error::<Test>::UnknownAsset);
        assert_noop!(buy(COIN, 1), Error::<Test>::BelowMinimumDeposit);
        assert_noop!(buy(COIN, 11 * COIN_UNIT), Error::<Test>::NotForSale);
        assert_noop!(
            buy(COIN, 10 * COIN_UNIT),
            Error::<Test>::InsufficientBalance
        );
        Prices::set_result(COIN, Err(PriceError::Stale));
        assert_noop!(buy(COIN, COIN_UNIT), Error::<Test>::PriceStale);
    });
}
