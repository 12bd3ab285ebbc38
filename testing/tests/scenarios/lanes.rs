//! Feeds before liquidations before everything a user can pay for.

use crate::bitcoins_long;
use bulwark_primitives::{Side, SubAccount};
use bulwark_runtime::{
    lanes::{FEED_PRIORITY, LIQUIDATION_PRIORITY, MAX_USER_PRIORITY},
    Executive, Runtime,
};
use bulwark_testing::{account, alice, bob, dave, price, quantity, Chain, BTC, BTC_USD};
use polkadot_sdk::{
    frame_support::dispatch::DispatchClass, frame_system,
    sp_runtime::transaction_validity::InvalidTransaction,
};

fn feed() -> bulwark_runtime::RuntimeCall {
    let values = vec![(BTC, price(100_000))].try_into().expect("one value");
    bulwark_runtime::RuntimeCall::Oracle(polkadot_sdk::pallet_oracle::Call::feed_values { values })
}

#[test]
fn no_tip_should_outrank_a_liquidation_or_a_feed() {
    let mut chain = Chain::development();
    let remark = polkadot_sdk::frame_system::Call::remark { remark: vec![] };
    let generous = chain.sign_with_tip(&bob(), remark, 1_000_000_000_000_000_000);
    let bribed = chain.validate(generous).expect("valid").priority;
    assert!(bribed <= MAX_USER_PRIORITY);
    assert!(bribed < LIQUIDATION_PRIORITY);
    let fed = chain.sign(&alice(), feed());
    assert_eq!(chain.validate(fed).expect("valid").priority, FEED_PRIORITY);
}

#[test]
fn feed_of_a_stranger_should_not_enter_the_pool() {
    let mut chain = Chain::development();
    let fed = chain.sign(&bob(), feed());
    assert_eq!(
        chain.validate(fed),
        Err(InvalidTransaction::BadSigner.into())
    );
}

#[test]
fn feed_should_enter_a_block_when_user_transactions_have_filled_it() {
    let mut chain = Chain::development();
    let remark = chain.sign(&bob(), frame_system::Call::remark { remark: vec![] });
    let fed = chain.sign(&alice(), feed());
    let (user, feeder) = chain.read(|| {
        let normal = <Runtime as frame_system::Config>::BlockWeights::get()
            .get(DispatchClass::Normal)
            .max_total
            .expect("user transactions have a limit");
        frame_system::Pallet::<Runtime>::register_extra_weight_unchecked(
            normal,
            DispatchClass::Normal,
        );
        (
            Executive::apply_extrinsic(remark),
            Executive::apply_extrinsic(fed),
        )
    });
    assert_eq!(user, Err(InvalidTransaction::ExhaustsResources.into()));
    assert_eq!(feeder, Ok(Ok(())));
}

#[test]
fn free_liquidation_should_be_in_its_lane_when_due_and_refused_when_healthy() {
    // Large enough to be closed in slices, so that it is still due after a block's own closing.
    let mut chain = bitcoins_long(5_000, 30_000);
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(9_000), price(96_000))
        .expect("dave bids");
    let who = SubAccount::new(account(&bob()), 0);
    let call = pallet_liquidation::Call::liquidate { account: who };
    let healthy = chain.authorized(call.clone());
    assert!(
        chain.validate(healthy).is_err(),
        "the pool refuses to liquidate a healthy account"
    );
    chain.price(BTC, 96_000);
    chain.blocks(2);
    let due = chain.authorized(call);
    assert_eq!(
        chain.validate(due).expect("valid").priority,
        LIQUIDATION_PRIORITY
    );
}
