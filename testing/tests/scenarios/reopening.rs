//! A market comes back from a pause by an auction.

use crate::one_bitcoin_long;
use bulwark_primitives::{FillKind, MarketStatus, Quantity, Side, SubAccount, TimeInForce, Usd};
use bulwark_runtime::{CircuitBreaker, OrderBook, Runtime, RuntimeEvent};
use bulwark_testing::{account, bob, charlie, dave, price, quantity, Chain, Failure, BTC, BTC_USD};
use bulwark_traits::MarketGuard;
use pallet_liquidation::Event as Liquidated;
use pallet_order_book::{CancelReason, Event};

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

/// Bob is under maintenance and above two thirds of it, nobody bids, and the market pauses: his equity is
/// 2,400 of the 2,820 dollars that 94,000 ask for.
fn paused_over_a_due_account() -> Chain {
    let mut chain = one_bitcoin_long(8_440);
    chain.price(BTC, 94_000);
    chain.until(30, halted).expect("the market pauses");
    let health = chain.health(&bob()).expect("priced");
    assert!(health.is_liquidatable());
    assert!(health.equity.0 * 3 > health.maintenance_margin.0 * 2);
    chain.blocks(100);
    chain
}

/// Accounts and quantities that joined an auction in the last block.
fn joined(chain: &Chain) -> Vec<(SubAccount<bulwark_runtime::AccountId>, Quantity)> {
    let join = |event: &RuntimeEvent| match event {
        RuntimeEvent::Liquidation(Liquidated::JoinedAuction {
            account, quantity, ..
        }) => Some((account.clone(), *quantity)),
        _ => None,
    };
    chain.events().iter().filter_map(join).collect()
}

#[test]
fn due_account_should_be_closed_at_the_price_of_all_when_its_market_reopens() {
    let mut chain = paused_over_a_due_account();
    let bob_ = SubAccount::new(account(&bob()), 0);
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(2_000), price(93_900))
        .expect("the market collects orders");
    chain
        .order(&charlie(), BTC_USD, Side::Ask, quantity(200), price(93_500))
        .expect("the market collects orders");
    chain
        .until(200, |event| {
            matches!(
                event,
                RuntimeEvent::Liquidation(Liquidated::JoinedAuction { .. })
            )
        })
        .expect("he takes part");
    // In the block in which the market reopens, and not before.
    assert!(chain.events().iter().any(resumed));
    let joins = joined(&chain);
    assert_eq!(joins.len(), 1);
    let (who, closed) = joins[0].clone();
    assert_eq!(who, bob_);
    assert!(closed > Quantity::ZERO && closed < quantity(1_000));
    let all = fills(&chain);
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|(at, _)| *at == price(93_900)), "{all:?}");
    let liquidation = chain.events().iter().find_map(|event| match event {
        RuntimeEvent::OrderBook(Event::Filled {
            kind: FillKind::Liquidation,
            taker,
            maker,
            quantity,
            ..
        }) => Some((taker.clone(), maker.clone(), *quantity)),
        _ => None,
    });
    let dave_ = SubAccount::new(account(&dave()), 0);
    assert_eq!(liquidation, Some((bob_.clone(), dave_, closed)));
    let told = chain.events().iter().find_map(|event| match event {
        RuntimeEvent::Liquidation(Liquidated::Liquidated {
            account,
            quantity,
            fee,
            reward,
            ..
        }) => Some((account.clone(), *quantity, *fee, *reward)),
        _ => None,
    });
    let (account, quantity, fee, reward) = told.expect("it is told of as any other closing");
    assert_eq!((account, quantity), (bob_.clone(), closed));
    // Half of it is the author's.
    assert!(
        fee > Usd::ZERO && reward.0 == fee.0 / 2,
        "{fee:?} {reward:?}"
    );
    assert_eq!(status(&mut chain), MarketStatus::Active);
    assert!(!chain.health(&bob()).expect("priced").is_liquidatable());
    assert!(!chain.read(|| pallet_liquidation::Pallet::<Runtime>::is_due(&bob_)));
    assert_eq!(chain.read(|| OrderBook::orders_of(&bob_).len()), 0);
}

#[test]
fn order_of_a_due_account_should_not_stay_when_the_auction_has_nobody_for_it() {
    let mut chain = paused_over_a_due_account();
    let bob_ = SubAccount::new(account(&bob()), 0);
    chain.until(200, resumed).expect("the market reopens");
    assert_eq!(joined(&chain).len(), 1);
    assert_eq!(fills(&chain), vec![]);
    let cancelled = chain.events().iter().any(|event| {
        matches!(
            event,
            RuntimeEvent::OrderBook(Event::OrderCancelled {
                reason: CancelReason::Liquidation,
                account,
                ..
            }) if *account == bob_
        )
    });
    assert!(cancelled);
    assert_eq!(chain.read(|| OrderBook::orders_of(&bob_).len()), 0);
    assert_eq!(chain.read(|| OrderBook::best_ask(BTC_USD)), None);
    assert!(chain.health(&bob()).expect("priced").is_liquidatable());
    // He has waited for longer than others are spared.
    chain
        .until(3, |event| {
            matches!(
                event,
                RuntimeEvent::Liquidation(Liquidated::Deleveraged { .. })
            )
        })
        .expect("closed as any other in an open market");
    assert!(!chain.health(&bob()).expect("priced").is_liquidatable());
}
