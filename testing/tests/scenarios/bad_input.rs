//! Bad input gets a named error and changes nothing.

use crate::one_bitcoin_long;
use bulwark_primitives::{MarketId, Price, Quantity, Side, SubAccount, TimeInForce};
use bulwark_runtime::{Runtime, RuntimeCall};
use bulwark_testing::{
    account, bob, charlie, price, quantity, Chain, Failure, Outcome, BTC, BTC_USD, USDX,
};
use polkadot_sdk::{
    pallet_oracle, pallet_utility,
    sp_runtime::{
        transaction_validity::{InvalidTransaction, TransactionValidityError},
        DispatchError, ModuleError,
    },
};

/// Name of the error an extrinsic failed with.
pub fn name(outcome: Outcome) -> String {
    match outcome {
        Err(Failure::Dispatch(DispatchError::Module(ModuleError { message, .. }))) => {
            message.unwrap_or("no message").into()
        }
        Err(Failure::Dispatch(other)) => format!("{other:?}"),
        Err(Failure::Invalid(invalid)) => format!("{invalid:?}"),
        Ok(()) => "it worked".into(),
    }
}

fn order(
    market: MarketId,
    quantity: Quantity,
    price: Price,
    expires_at: Option<u32>,
) -> pallet_order_book::Call<Runtime> {
    pallet_order_book::Call::place_order {
        sub_account: 0,
        market,
        side: Side::Bid,
        quantity,
        price,
        time_in_force: TimeInForce::GoodTillCancelled,
        reduce_only: false,
        expires_at,
    }
}

/// Runs a call that has to fail and compares the risk state before and after it.
fn refused(chain: &mut Chain, call: impl Into<RuntimeCall>, error: &str) {
    let before = chain.risk_state();
    assert_eq!(name(chain.submit(&bob(), call)), error);
    assert_eq!(chain.risk_state(), before, "{error} changed something");
}

#[test]
fn margin_calls_should_be_refused_by_name_when_their_input_is_bad() {
    use pallet_margin::Call;
    let mut chain = one_bitcoin_long(20_000);
    let deposit = |asset, amount| Call::<Runtime>::deposit {
        sub_account: 0,
        asset,
        amount,
    };
    let withdraw = |asset, amount| Call::<Runtime>::withdraw {
        sub_account: 0,
        asset,
        amount,
    };
    refused(&mut chain, deposit(77, 1_000_000), "UnknownAsset");
    refused(&mut chain, deposit(USDX, 0), "ZeroAmount");
    refused(&mut chain, deposit(USDX, 1), "BelowMinimumDeposit");
    refused(&mut chain, withdraw(USDX, 0), "ZeroAmount");
    refused(&mut chain, withdraw(77, 1), "UnknownAsset");
    refused(
        &mut chain,
        withdraw(USDX, 1_000_000_000_000),
        "InsufficientBalance",
    );
    refused(&mut chain, withdraw(USDX, u128::MAX), "InsufficientBalance");
    refused(
        &mut chain,
        withdraw(USDX, 18_000_000_000),
        "InsufficientMargin",
    );
}

#[test]
fn order_calls_should_be_refused_by_name_when_their_input_is_bad() {
    let mut chain = one_bitcoin_long(20_000);
    let number = chain.number();
    let at = price(99_000);
    refused(
        &mut chain,
        order(MarketId(9), quantity(1), at, None),
        "UnknownMarket",
    );
    refused(
        &mut chain,
        order(BTC_USD, quantity(1), Price(at.0 + 1), None),
        "OffTick",
    );
    refused(
        &mut chain,
        order(BTC_USD, Quantity(quantity(1).0 + 1), at, None),
        "OffLot",
    );
    refused(
        &mut chain,
        order(BTC_USD, Quantity(0), at, None),
        "ZeroQuantity",
    );
    refused(
        &mut chain,
        order(BTC_USD, quantity(1), at, Some(number)),
        "Expired",
    );
    refused(
        &mut chain,
        order(BTC_USD, quantity(100_000), at, None),
        "InsufficientMargin",
    );
    let cancel = |order_id| pallet_order_book::Call::<Runtime>::cancel_order {
        sub_account: 0,
        market: BTC_USD,
        order_id,
    };
    refused(&mut chain, cancel(999), "UnknownOrder");
    chain
        .order(&charlie(), BTC_USD, Side::Ask, quantity(10), price(101_000))
        .expect("charlie offers");
    let foreign = chain.read(|| {
        bulwark_runtime::OrderBook::orders_of(&SubAccount::new(account(&charlie()), 0))[0].order_id
    });
    refused(&mut chain, cancel(foreign), "NotYourOrder");
}

#[test]
fn liquidating_a_healthy_account_should_be_refused_by_name() {
    let mut chain = one_bitcoin_long(20_000);
    let call = pallet_liquidation::Call::liquidate {
        account: SubAccount::new(account(&charlie()), 0),
    };
    refused(&mut chain, call, "NotLiquidatable");
}

#[test]
fn second_feed_of_a_block_should_be_refused_by_name() {
    let mut chain = Chain::development();
    let feed = pallet_oracle::Call::feed_values {
        values: vec![(BTC, price(100_000))].try_into().expect("one value"),
    };
    // The driver's own feed came first in this block.
    let outcome = chain.submit(&bulwark_testing::alice(), feed);
    assert_eq!(name(outcome), "AlreadyFeeded");
}

#[test]
fn feed_should_never_enter_a_block_when_it_is_foreign_or_unsound() {
    let mut chain = Chain::development();
    chain.feeding(false);
    let feed = |values: Vec<(u32, Price)>| pallet_oracle::Call::<Runtime>::feed_values {
        values: values.try_into().expect("few values"),
    };
    let good = (BTC, price(100_000));
    let refused = |outcome: Outcome, reason: InvalidTransaction| {
        let expected = TransactionValidityError::Invalid(reason);
        assert_eq!(outcome, Err(Failure::Invalid(expected)));
    };
    refused(
        chain.submit(&bob(), feed(vec![good])),
        InvalidTransaction::BadSigner,
    );
    let feeder = bulwark_testing::alice();
    for unsound in [
        vec![],
        vec![good, good],
        vec![good, (77, price(1))],
        vec![(USDX, price(1))],
        vec![(BTC, Price(0))],
        vec![(BTC, Price(1))],
        vec![(BTC, Price(u128::MAX))],
    ] {
        refused(
            chain.submit(&feeder, feed(unsound.clone())),
            InvalidTransaction::Call,
        );
        // Nor does it get in as a part of something else.
        let nested = pallet_utility::Call::batch_all {
            calls: vec![feed(unsound).into()],
        };
        let outcome = chain.submit(&feeder, nested);
        assert_eq!(name(outcome), "CallFiltered");
    }
    chain.submit(&feeder, feed(vec![good])).expect("sound");
}

#[test]
fn replayed_extrinsic_should_not_enter_a_second_block() {
    let mut chain = Chain::development();
    let call = pallet_margin::Call::deposit {
        sub_account: 0,
        asset: USDX,
        amount: 5_000_000,
    };
    let extrinsic = chain.sign(&bob(), call);
    chain.submit_raw(extrinsic.clone()).expect("once");
    assert!(matches!(
        chain.submit_raw(extrinsic),
        Err(Failure::Invalid(_))
    ));
}
