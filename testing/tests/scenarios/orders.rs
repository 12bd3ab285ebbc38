//! What the book does by itself in a block of the real runtime.

use crate::one_bitcoin_long;
use bulwark_primitives::{SelfTrade, Side, StopCondition, SubAccount, TimeInForce};
use bulwark_runtime::{OrderBook, Runtime, RuntimeEvent};
use bulwark_testing::{
    account, bob, charlie, dave, eve, price, quantity, usd, Chain, BTC, BTC_USD, USDX,
};
use pallet_order_book::{Call, CancelReason, Event, NewStop, OrderTerms};

fn stop(side: Side, trigger: u128, at: u128, rests: bool) -> NewStop {
    NewStop {
        market: BTC_USD,
        condition: StopCondition::AtOrBelow,
        trigger: price(trigger),
        side,
        quantity: quantity(1_000),
        price: price(at),
        rests,
        reduce_only: !rests,
        client_id: None,
    }
}

fn place_stop(stop: NewStop) -> Call<Runtime> {
    Call::place_stop {
        sub_account: 0,
        stop,
    }
}

fn terms(good_till: Option<u64>) -> OrderTerms<u32> {
    OrderTerms {
        market: BTC_USD,
        side: Side::Bid,
        quantity: quantity(100),
        price: price(99_000),
        time_in_force: TimeInForce::GoodTillCancelled,
        reduce_only: false,
        expires_at: None,
        good_till,
        client_id: Some(7),
        self_trade: SelfTrade::CancelOldest,
    }
}

fn triggered(event: &RuntimeEvent) -> bool {
    matches!(
        event,
        RuntimeEvent::OrderBook(Event::StopTriggered { result: Ok(_), .. })
    )
}

fn cancelled(reason: CancelReason) -> impl Fn(&RuntimeEvent) -> bool {
    move |event| {
        matches!(event, RuntimeEvent::OrderBook(Event::OrderCancelled { reason: found, .. })
            if *found == reason)
    }
}

fn now(chain: &mut Chain) -> u64 {
    chain.read(polkadot_sdk::pallet_timestamp::Now::<Runtime>::get)
}

#[test]
fn stop_loss_should_close_the_position_in_the_block_that_sees_the_price() {
    let mut chain = one_bitcoin_long(20_000);
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(5_000), price(96_000))
        .expect("dave bids");
    chain
        .submit(&bob(), place_stop(stop(Side::Ask, 97_000, 90_000, false)))
        .expect("bob's stop waits");
    chain.price(BTC, 97_100);
    assert_eq!(chain.until(3, triggered), None);
    chain.price(BTC, 96_900);
    // The feed is in block N, the snapshot and the stop in block N + 1.
    assert_eq!(chain.until(3, triggered), Some(2));
    let health = chain.health(&bob()).expect("the price is clean");
    assert!(health.notional.is_zero(), "{health:?}");
    // 4,000 lost, and the fee.
    assert!(
        health.equity > usd(15_900) && health.equity <= usd(16_000),
        "{health:?}"
    );
}

#[test]
fn stops_should_come_after_liquidations_when_one_block_has_both() {
    let mut chain = one_bitcoin_long(8_000);
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(5_000), price(95_000))
        .expect("dave bids");
    chain.deposit(&eve(), usd(50_000)).expect("eve deposits");
    chain
        .submit(&eve(), place_stop(stop(Side::Ask, 95_000, 99_000, true)))
        .expect("eve's stop waits");
    chain.price(BTC, 94_500);
    assert_eq!(chain.until(3, triggered), Some(2));
    let liquidated = chain.events().iter().position(|event| {
        matches!(
            event,
            RuntimeEvent::Liquidation(pallet_liquidation::Event::Liquidated { .. })
        )
    });
    let triggered = chain.events().iter().position(triggered);
    assert!(liquidated.is_some() && liquidated < triggered);
}

#[test]
fn order_should_be_swept_when_its_moment_has_come_though_no_block_was_made_then() {
    let mut chain = one_bitcoin_long(20_000);
    let till = now(&mut chain) + 20_000;
    chain
        .submit(
            &charlie(),
            Call::submit_order {
                sub_account: 0,
                order: terms(Some(till)),
            },
        )
        .expect("charlie bids");
    assert_eq!(chain.until(3, cancelled(CancelReason::Expired)), None);
    // The slots of the moment pass without a block.
    chain.skip_slots(50);
    assert_eq!(chain.until(1, cancelled(CancelReason::Expired)), Some(1));
}

#[test]
fn orders_should_be_cancelled_when_a_heartbeat_is_missed() {
    let mut chain = one_bitcoin_long(20_000);
    let beat = || Call::heartbeat {
        sub_account: 0,
        blocks: 4,
        stops: true,
    };
    chain.submit(&charlie(), beat()).expect("set");
    chain
        .order(&charlie(), BTC_USD, Side::Bid, quantity(100), price(99_000))
        .expect("charlie bids");
    chain.submit(&charlie(), beat()).expect("renewed");
    let missed = cancelled(CancelReason::HeartbeatMissed);
    assert_eq!(chain.until(6, missed), Some(4));
}

#[test]
fn transfer_and_order_should_fund_another_sub_account() {
    let mut chain = one_bitcoin_long(20_000);
    let call = |amount| Call::<Runtime>::transfer_and_submit {
        from_sub: 0,
        sub_account: 3,
        asset: USDX,
        amount,
        order: terms(None),
    };
    // Enough to be in the account, not enough for the margin of the order: neither happens.
    chain
        .submit(&charlie(), call(100_000_000))
        .expect_err("495 USD of margin are needed");
    let funded = SubAccount::new(account(&charlie()), 3);
    assert!(chain.read(|| OrderBook::orders_of(&funded)).is_empty());
    chain
        .submit(&charlie(), call(1_000_000_000))
        .expect("charlie bids from his fourth sub-account");
    let order = chain.read(|| OrderBook::order_by_client_id(&funded, 7));
    assert_eq!(order.map(|order| order.quantity), Some(quantity(100)));
    chain.blocks(1);
}

#[test]
fn post_only_orders_and_cancellations_should_reserve_a_fraction_of_what_a_taker_does() {
    use bulwark_runtime::RuntimeCall;
    use pallet_order_book::BookAction;
    use polkadot_sdk::frame_support::dispatch::GetDispatchInfo;
    let reserved = |call: Call<Runtime>| {
        RuntimeCall::from(call)
            .get_dispatch_info()
            .call_weight
            .ref_time()
    };
    let order = |time_in_force| Call::submit_order {
        sub_account: 0,
        order: OrderTerms {
            time_in_force,
            ..terms(None)
        },
    };
    let taker = reserved(order(TimeInForce::GoodTillCancelled));
    let quote = reserved(order(TimeInForce::PostOnly));
    let cancel = reserved(Call::cancel_order {
        sub_account: 0,
        market: BTC_USD,
        order_id: 0,
    });
    assert!(quote.saturating_mul(10) < taker, "{quote} of {taker}");
    assert!(cancel.saturating_mul(100) < taker, "{cancel} of {taker}");
    // A whole ladder reserves about as much as one order that may take.
    let ladder = |time_in_force| {
        let action = BookAction::Submit(OrderTerms {
            time_in_force,
            ..terms(None)
        });
        reserved(Call::batch {
            sub_account: 0,
            actions: vec![action; 64],
            atomic: false,
        })
    };
    let (quotes, takers) = (
        ladder(TimeInForce::PostOnly),
        ladder(TimeInForce::GoodTillCancelled),
    );
    println!("reserved: taker {taker}, quote {quote}, cancel {cancel}, 64 quotes {quotes}, 64 takers {takers}");
    assert!(quotes < takers);
}
