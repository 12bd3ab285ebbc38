//! A market comes back from a pause by an auction.

use crate::one_bitcoin_long;
use bulwark_primitives::{MarketStatus, Side, SubAccount, TimeInForce};
use bulwark_runtime::{CircuitBreaker, OrderBook, Runtime, RuntimeEvent};
use bulwark_testing::{account, bob, charlie, dave, price, quantity, Chain, Failure, BTC, BTC_USD};
use bulwark_traits::MarketGuard;
use pallet_order_book::Event;

fn status(chain: &mut Chain) -> MarketStatus {
    chain.read(|| CircuitBreaker::status(BTC_USD))
}

fn halted(event: &RuntimeEvent) -> bool {
    use pallet_circuit_breaker::Event::MarketHalted;
    matches!(event, RuntimeEvent::CircuitBreaker(MarketHalted { .. }))
}

fn resumed(event: &RuntimeEvent) -> bool {
    use pallet_circuit_breaker::Event::MarketResumed;
    matches!(event, RuntimeEvent::CircuitBreaker(MarketResumed { .. }))
}

/// Prices and quantities of the last block's fills.
fn fills(chain: &Chain) -> Vec<(bulwark_primitives::Price, bulwark_primitives::Quantity)> {
    let fill = |event: &RuntimeEvent| match event {
        RuntimeEvent::OrderBook(Event::Filled {
            price, quantity, ..
        }) => Some((*price, *quantity)),
        _ => None,
    };
    chain.events().iter().filter_map(fill).collect()
}

/// A market that is paused because its price has left the band upwards.
fn paused() -> Chain {
    let mut chain = one_bitcoin_long(50_000);
    chain.price(BTC, 106_000);
    chain.until(30, halted).expect("the market pauses");
    assert_eq!(status(&mut chain), MarketStatus::Paused);
    chain
}

#[test]
fn market_should_reopen_at_one_price_when_orders_crossed_in_the_pause() {
    let mut chain = paused();
    // The band follows the price slowly.
    chain.blocks(100);
    let mut order = |who, side, lots, at| {
        chain
            .order(&who, BTC_USD, side, quantity(lots), price(at))
            .expect("the market collects orders");
        assert_eq!(fills(&chain), vec![]);
    };
    order(dave(), Side::Bid, 300, 106_600);
    order(charlie(), Side::Bid, 400, 106_500);
    order(bob(), Side::Ask, 600, 105_500);
    let auction = chain
        .read(|| OrderBook::auction(BTC_USD))
        .expect("it comes");
    assert_eq!(auction.quantity, quantity(600));
    assert!(!auction.uncrossing);
    chain.until(200, resumed).expect("the market reopens");
    assert_eq!(status(&mut chain), MarketStatus::Active);
    // The reference is the price of the block, 106,000, and all between the limits trade as much.
    assert_eq!(
        fills(&chain),
        vec![
            (price(106_000), quantity(300)),
            (price(106_000), quantity(300))
        ]
    );
    assert_eq!(
        chain.read(|| OrderBook::depth(BTC_USD, Side::Bid, 9)),
        vec![(price(106_500), quantity(100))]
    );
    chain
        .order(&bob(), BTC_USD, Side::Ask, quantity(100), price(106_500))
        .expect("it is a market again");
    assert_eq!(fills(&chain), vec![(price(106_500), quantity(100))]);
}

#[test]
fn nothing_should_fill_and_cancelling_should_work_when_a_market_collects() {
    let mut chain = paused();
    chain.blocks(100);
    let call = |time_in_force| pallet_order_book::Call::place_order {
        sub_account: 0,
        market: BTC_USD,
        side: Side::Bid,
        quantity: quantity(100),
        price: price(106_000),
        time_in_force,
        reduce_only: false,
        expires_at: None,
    };
    let cannot_rest = pallet_order_book::Error::<Runtime>::CannotRest.into();
    assert_eq!(
        chain.submit(&dave(), call(TimeInForce::ImmediateOrCancel)),
        Err(Failure::Dispatch(cannot_rest))
    );
    chain
        .submit(&dave(), call(TimeInForce::PostOnly))
        .expect("it rests");
    chain
        .order(&bob(), BTC_USD, Side::Ask, quantity(100), price(105_000))
        .expect("it rests");
    let dave_ = SubAccount::new(account(&dave()), 0);
    assert_eq!(chain.read(|| OrderBook::orders_of(&dave_).len()), 1);
    chain
        .submit(
            &dave(),
            pallet_order_book::Call::cancel_all {
                sub_account: 0,
                market: None,
            },
        )
        .expect("cancelling always works");
    chain.until(200, resumed).expect("the market reopens");
    assert_eq!(fills(&chain), vec![]);
    assert_eq!(
        chain.read(|| OrderBook::best_ask(BTC_USD)),
        Some(price(105_000))
    );
}
