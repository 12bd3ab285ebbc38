//! Feeds before liquidations before everything a user can pay for.

use crate::bitcoins_long;
use bulwark_primitives::{Side, SubAccount};
use bulwark_runtime::lanes::{FEED_PRIORITY, LIQUIDATION_PRIORITY, MAX_USER_PRIORITY};
use bulwark_testing::{account, alice, bob, dave, price, quantity, Chain, BTC, BTC_USD};
use polkadot_sdk::sp_runtime::transaction_validity::InvalidTransaction;

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
fn feed_of_a_stranger_should_die_in_the_pool() {
    let mut chain = Chain::development();
    let fed = chain.sign(&bob(), feed());
    assert_eq!(
        chain.validate(fed),
        Err(InvalidTransaction::BadSigner.into())
    );
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
