//! What the chain exists for: an account under maintenance is closed by the block itself.

use crate::{bitcoins_long, one_bitcoin_long};
use bulwark_primitives::{Side, SubAccount, Usd, PRICE_SCALE};
use bulwark_runtime::{Runtime, RuntimeEvent};
use bulwark_testing::{account, bob, charlie, dave, eve, price, quantity, usd, BTC, BTC_USD};
use bulwark_traits::{LossFund, MarketGuard};

fn liquidated(event: &RuntimeEvent) -> bool {
    matches!(
        event,
        RuntimeEvent::Liquidation(pallet_liquidation::Event::Liquidated { .. })
    )
}

#[test]
fn block_should_close_the_account_when_the_snapshot_puts_it_under_maintenance() {
    let mut chain = one_bitcoin_long(8_000);
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(5_000), price(95_000))
        .expect("dave bids");
    // Equity 3,500 at 95,500 is over the maintenance margin of 2,865; 2,500 at 94,500 is under 2,835.
    chain.price(BTC, 95_500);
    assert_eq!(
        chain.until(3, liquidated),
        None,
        "healthy accounts are left alone"
    );
    chain.price(BTC, 94_500);
    // The feed is in block N, the snapshot and the closing in block N + 1.
    assert_eq!(chain.until(3, liquidated), Some(2));
    let health = chain.health(&bob()).expect("the price is clean");
    assert!(!health.is_liquidatable(), "{health:?}");
    assert!(!health.is_bankrupt());
}

#[test]
fn nobody_should_pay_when_the_book_absorbs_the_closing_of_a_bankrupt_account() {
    let mut chain = one_bitcoin_long(8_000);
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(5_000), price(95_000))
        .expect("dave bids");
    chain.blocks(1);
    let fund = chain.read(<bulwark_runtime::Insurance as LossFund>::balance);
    // A gap: the best bid Dave has left is under Bob's bankruptcy price of 92,000.
    chain
        .submit(
            &dave(),
            pallet_order_book::Call::cancel_all {
                sub_account: 0,
                market: Some(BTC_USD),
            },
        )
        .expect("dave flees");
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(5_000), price(95_000))
        .expect("dave bids");
    chain.price(BTC, 91_000);
    chain.until(4, liquidated).expect("closed");
    let after = chain.read(<bulwark_runtime::Insurance as LossFund>::balance);
    let health = chain.health(&bob()).expect("the price is clean");
    assert!(!health.is_bankrupt(), "{health:?}");
    // Dave's stale bid at 95,000 saved the fund: nobody pays for a loss that the book absorbed.
    assert!(after >= fund, "{after:?} < {fund:?}");
}

#[test]
fn account_should_stay_due_and_be_closed_later_when_the_book_is_empty() {
    // Due under about 96,950; the band around the 5-minute mean still reaches down to 95,000.
    let mut chain = one_bitcoin_long(6_000);
    chain.price(BTC, 96_500);
    assert_eq!(chain.until(4, liquidated), None, "nobody bids");
    let bob_account = SubAccount::new(account(&bob()), 0);
    assert!(chain.read(|| pallet_liquidation::Pallet::<Runtime>::is_due(&bob_account)));
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(5_000), price(96_400))
        .expect("dave bids");
    chain
        .until(3, liquidated)
        .expect("closed as soon as somebody bids");
}

#[test]
fn fund_should_pay_the_whole_loss_and_no_one_else_when_the_price_gaps_through_bankruptcy() {
    let mut chain = one_bitcoin_long(6_000);
    let flat = eve();
    chain.deposit(&flat, usd(10_000)).expect("eve deposits");
    // From 100,000 to 93,500 in one block: Bob's bankruptcy price of 94,040 is already behind.
    chain.price(BTC, 93_500);
    chain.blocks(2);
    assert!(chain.health(&bob()).expect("priced").is_bankrupt());
    let flat_before = chain.health(&flat).expect("flat").equity;
    let fund_before = chain.read(<bulwark_runtime::Insurance as LossFund>::balance);
    // The band keeps new bids above 94,700 or so until the mean has followed.
    let band = chain.read(|| <bulwark_runtime::CircuitBreaker as MarketGuard>::band(BTC_USD));
    let lowest = band.expect("there is a mean").0 .0 / PRICE_SCALE;
    // Before others have to be closed for him, which is after half a minute.
    let bid = (lowest..lowest + 100)
        .step_by(10)
        .find(|at| {
            chain
                .order(&dave(), BTC_USD, Side::Bid, quantity(1_000), price(*at))
                .is_ok()
        })
        .expect("somewhere inside the band");
    chain.until(5, liquidated).expect("closed");
    let health = chain.health(&bob()).expect("priced");
    assert!(
        !health.is_bankrupt() && health.notional.is_zero(),
        "bid {bid}: {health:?}"
    );
    let fund_after = chain.read(<bulwark_runtime::Insurance as LossFund>::balance);
    // Bob's 6,000 less 40 of fees were worth closing at 94,040; below, the fund pays, above, it
    // does not have to.
    let missing = (94_040 - i64::try_from(bid).expect("a price")).max(0);
    let fees = fund_after.checked_sub(fund_before).expect("fits");
    assert!(
        fees >= usd(-missing),
        "the fund paid {fees:?} where {missing} dollars were missing"
    );
    assert_eq!(chain.health(&flat).expect("flat").equity, flat_before);
}

#[test]
fn flat_and_healthy_accounts_should_lose_nothing_when_others_are_liquidated() {
    let mut chain = one_bitcoin_long(6_000);
    let flat = eve();
    chain.deposit(&flat, usd(10_000)).expect("eve deposits");
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(5_000), price(96_400))
        .expect("dave bids");
    let before = chain.health(&flat).expect("flat").equity;
    let charlie_before = chain.health(&charlie()).expect("short").equity;
    chain.price(BTC, 96_500);
    chain.until(4, liquidated).expect("closed");
    assert_eq!(chain.health(&flat).expect("flat").equity, before);
    let charlie_after = chain.health(&charlie()).expect("short").equity;
    assert!(charlie_after > charlie_before, "the short earned");
    assert!(before > Usd::ZERO);
}

#[test]
fn large_position_should_be_closed_in_slices_when_it_is_over_a_hundred_thousand_dollars() {
    let mut chain = bitcoins_long(5_000, 30_000);
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(9_000), price(96_000))
        .expect("dave bids");
    chain.price(BTC, 96_000);
    chain.until(4, liquidated).expect("first slice");
    let after_one = chain.health(&bob()).expect("priced");
    assert!(after_one.is_liquidatable(), "one fifth is not enough");
    chain.blocks(4);
    let restored = chain.health(&bob()).expect("priced");
    assert!(!restored.is_liquidatable());
    assert!(
        !restored.notional.is_zero(),
        "closed just as much as needed"
    );
}

#[test]
fn nothing_should_be_liquidated_when_the_feeders_are_silent() {
    let mut chain = one_bitcoin_long(8_000);
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(5_000), price(95_000))
        .expect("dave bids");
    chain.price(BTC, 94_500);
    chain.feeding(false);
    // The age limit is 60 s: 40 blocks later there is no price at all, and still no liquidation.
    assert_eq!(chain.until(40, liquidated), None);
    assert_eq!(chain.health(&bob()), None, "no price, no health");
}
