//! Prices end when feeders do.

use crate::one_bitcoin_long;
use bulwark_primitives::{Price, PriceError, PRICE_SCALE};
use bulwark_runtime::PriceOracle;
use bulwark_testing::{bob, usd, Chain, BTC, USDX};
use bulwark_traits::PriceSource;

#[test]
fn snapshot_should_follow_the_feed_a_block_later() {
    let mut chain = Chain::development();
    chain.price(BTC, 90_000);
    chain.blocks(1);
    assert_eq!(
        chain.read(|| PriceOracle::price(BTC)),
        Ok(Price(100_000 * PRICE_SCALE))
    );
    chain.blocks(1);
    assert_eq!(
        chain.read(|| PriceOracle::price(BTC)),
        Ok(Price(90_000 * PRICE_SCALE))
    );
}

#[test]
fn price_should_be_an_error_and_never_the_old_one_when_blocks_stop_for_too_long() {
    let mut chain = Chain::development();
    chain.feeding(false);
    chain.skip_slots(40);
    chain.blocks(1);
    assert!(matches!(
        chain.read(|| PriceOracle::price(BTC)),
        Err(PriceError::Stale | PriceError::TooFewFeeds)
    ));
}

#[test]
fn withdrawal_should_wait_and_deposit_should_work_when_there_is_no_price() {
    let mut chain = one_bitcoin_long(20_000);
    chain.feeding(false);
    chain.skip_slots(40);
    let withdraw = pallet_margin::Call::withdraw {
        sub_account: 0,
        asset: USDX,
        amount: 1_000_000,
    };
    assert!(chain.submit(&bob(), withdraw.clone()).is_err());
    chain
        .deposit(&bob(), usd(100))
        .expect("help is always welcome");
    chain.feeding(true);
    chain.blocks(2);
    chain.submit(&bob(), withdraw).expect("the price is back");
}
