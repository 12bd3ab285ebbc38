//! Feeds before liquidations before everything a user can pay for.

use crate::one_bitcoin_long;
use bulwark_primitives::SubAccount;
use bulwark_runtime::lanes::{FEED_PRIORITY, LIQUIDATION_PRIORITY, MAX_USER_PRIORITY};
use bulwark_testing::{account, alice, bob, price, Chain, BTC};

fn feed() -> bulwark_runtime::RuntimeCall {
    let values = vec![(BTC, price(100_000))].try_into().expect("one value");
    bulwark_runtime::RuntimeCall::Oracle(
        polkadot_sdk::pallet_oracle::Call::feed_values { values },
    )
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
fn feed_of_a_stranger_should_stay_in_the_user_lane() {
    let mut chain = Chain::development();
    let fed = chain.sign(&bob(), feed());
    assert!(chain.validate(fed).expect("the pool knows no membership").priority <= MAX_USER_PRIORITY);
}

#[test]
fn free_liquidation_should_be_in_its_lane_when_due_and_refused_when_healthy() {
    let mut chain = one_bitcoin_long(8_000);
    let who = SubAccount::new(account(&bob()), 0);
    let call = pallet_liquidation::Call::liquidate { account: who };
    let healthy = chain.authorized(call.clone());
    assert!(chain.validate(healthy).is_err(), "the pool refuses to liquidate a healthy account");
    chain.price(BTC, 94_500);
    chain.blocks(2);
    let due = chain.authorized(call);
    assert_eq!(chain.validate(due).expect("valid").priority, LIQUIDATION_PRIORITY);
}
