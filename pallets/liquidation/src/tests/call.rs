//! `liquidate`.

use crate::{mock::*, Call, Error, Event};
use bulwark_primitives::{PriceError, Side, Usd};
use bulwark_traits::mock::{Fund, Prices, INDEX, MARKET};
use bulwark_traits::LossFund;
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{GetDispatchInfo, Pays},
    traits::Authorize,
};
use frame_system::RawOrigin;
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
    DispatchError,
};

fn signed(n: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(n)
}

fn authorized() -> RuntimeOrigin {
    RawOrigin::Authorized.into()
}

fn validity(account: &Account) -> Result<u64, TransactionValidityError> {
    let call: RuntimeCall = Call::liquidate {
        account: account.clone(),
    }
    .into();
    let validity = call.authorize(TransactionSource::External).unwrap();
    validity.map(|(valid, _)| {
        assert_eq!(valid.provides.len(), 1);
        assert_eq!(valid.longevity, crate::pallet::LONGEVITY);
        assert!(valid.propagate && valid.requires.is_empty());
        valid.priority
    })
}

fn under() -> Account {
    let account = open(1, 1_000, MARKET, 100_000);
    set_cents(INDEX, 9_250);
    account
}

#[test]
fn signer_should_get_half_of_the_fee_and_the_call_for_free() {
    new_test_ext().execute_with(|| {
        let account = under();
        Book::rest(MARKET, Side::Bid, 925, 10_000_000);
        let info = Call::<Runtime>::liquidate {
            account: account.clone(),
        }
        .get_dispatch_info();
        let post = Liquidation::liquidate(signed(9), account.clone()).unwrap();
        assert_eq!(post.pays_fee, Pays::No);
        assert!(post.actual_weight.unwrap().ref_time() < info.call_weight.ref_time());
        let fee = 57_433 * 925;
        assert_eq!(Ledger::balance(&acc(9)), Usd(fee / 2));
        assert_eq!(Fund::balance(), Usd(fee - fee / 2));
        assert!(!Liquidation::is_due(&account));
        check();
    });
}

#[test]
fn free_transaction_should_close_without_a_reward() {
    new_test_ext().execute_with(|| {
        let account = under();
        Book::rest(MARKET, Side::Bid, 925, 10_000_000);
        assert_eq!(validity(&account), Ok(1_000));
        assert_ok!(Liquidation::liquidate(authorized(), account.clone()));
        assert_eq!(Fund::balance(), Usd(57_433 * 925));
        assert!(validity(&account).is_err());
        check();
    });
}

#[test]
fn healthy_account_should_be_refused() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        assert_noop!(
            Liquidation::liquidate(signed(9), account.clone()),
            Error::<Runtime>::NotLiquidatable
        );
        assert_eq!(validity(&account), Err(InvalidTransaction::Call.into()));
    });
}

#[test]
fn unknown_account_should_be_refused() {
    new_test_ext().execute_with(|| {
        assert_noop!(
            Liquidation::liquidate(signed(9), acc(5)),
            Error::<Runtime>::UnknownAccount
        );
        assert_eq!(validity(&acc(5)), Err(InvalidTransaction::Call.into()));
    });
}

#[test]
fn account_should_be_refused_when_its_price_is_an_error() {
    new_test_ext().execute_with(|| {
        let account = under();
        Prices::set_result(INDEX, Err(PriceError::Stale));
        assert_noop!(
            Liquidation::liquidate(signed(9), account.clone()),
            Error::<Runtime>::PriceUnavailable
        );
        assert!(validity(&account).is_err());
    });
}

#[test]
fn account_should_be_closed_around_the_median_when_feeders_disagree() {
    new_test_ext().execute_with(|| {
        let account = under();
        Prices::set_uncertain(INDEX, 92);
        // Too far from the median, then good enough.
        Book::rest(MARKET, Side::Bid, 800, 10_000_000);
        Book::rest(MARKET, Side::Bid, 920, 50_000);
        assert_eq!(validity(&account), Ok(1_000));
        assert_ok!(Liquidation::liquidate(signed(9), account.clone()));
        assert_eq!(Ledger::size(&account, MARKET), milli(50_000));
        check();
    });
}

#[test]
fn account_should_be_refused_when_it_was_closed_in_this_block() {
    new_test_ext().execute_with(|| {
        let account = open(1, 100_000, MARKET, 10_000_000);
        Book::rest(MARKET, Side::Bid, 920, 100_000_000);
        set_cents(INDEX, 9_200);
        next_block();
        assert!(is_under(&account));
        assert_noop!(
            Liquidation::liquidate(signed(9), account.clone()),
            Error::<Runtime>::AlreadyClosed
        );
        assert_eq!(validity(&account), Err(InvalidTransaction::Stale.into()));
        System::set_block_number(System::block_number() + 1);
        assert_eq!(validity(&account), Ok(1_000));
        assert_ok!(Liquidation::liquidate(signed(9), account));
    });
}

#[test]
fn call_should_cost_and_park_when_nothing_can_be_closed() {
    new_test_ext().execute_with(|| {
        let account = under();
        assert_eq!(validity(&account), Ok(1_000));
        let post = Liquidation::liquidate(signed(9), account.clone()).unwrap();
        assert_eq!(post.pays_fee, Pays::Yes);
        assert!(is_parked(&account));
        // A free one would come back in every block.
        assert_eq!(validity(&account), Err(InvalidTransaction::Stale.into()));
        // Whoever pays may try again.
        Book::rest(MARKET, Side::Bid, 925, 10_000_000);
        let post = Liquidation::liquidate(signed(9), account.clone()).unwrap();
        assert_eq!(post.pays_fee, Pays::No);
        check();
    });
}

#[test]
fn root_and_unsigned_should_be_refused() {
    new_test_ext().execute_with(|| {
        let account = under();
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                Liquidation::liquidate(origin, account.clone()),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn events_should_tell_when_the_account_became_due() {
    new_test_ext().execute_with(|| {
        let account = under();
        next_block();
        next_block();
        events();
        Book::rest(MARKET, Side::Bid, 925, 10_000_000);
        assert_ok!(Liquidation::liquidate(signed(9), account));
        let seen = events().into_iter().find_map(|event| match event {
            Event::Liquidated {
                due_since,
                liquidator,
                ..
            } => Some((due_since, liquidator)),
            _ => None,
        });
        assert_eq!(seen, Some((2, Some(9))));
    });
}
