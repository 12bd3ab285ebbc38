use crate::{mock::*, Error, Event, NextOrderId, Orders, Pallet};
use bulwark_primitives::{MarketId, Price, Quantity, Side, TimeInForce, PRICE_SCALE, SIZE_SCALE};
use bulwark_traits::mock::{market_params, Guard, Registry};
use frame_support::{assert_noop, assert_ok, weights::Weight};

fn place(market: MarketId, quantity: Quantity, price: Price) -> sp_runtime::DispatchResult {
    let gtc = TimeInForce::GoodTillCancelled;
    OrderBook::place_order(
        RuntimeOrigin::signed(1),
        0,
        market,
        Side::Bid,
        quantity,
        price,
        gtc,
        false,
        None,
    )
    .map(|_| ())
    .map_err(|e| e.error)
}

#[test]
fn order_should_rest_when_nothing_crosses() {
    run(|| {
        assert_ok!(bid(1, 5, 1_000).expires_at(9).place());
        let account = account(1);
        let (price, quantity) = (price(MARKET, 1_000), quantity(MARKET, 5));
        assert_eq!(
            events(),
            vec![
                Event::OrderPlaced {
                    market: MARKET,
                    order_id: 0,
                    account: account.clone(),
                    side: Side::Bid,
                    price,
                    quantity,
                    time_in_force: TimeInForce::GoodTillCancelled,
                    reduce_only: false,
                    expires_at: Some(9),
                    good_till: None,
                    client_id: None,
                },
                Event::OrderRested {
                    market: MARKET,
                    order_id: 0,
                    account: account.clone(),
                    side: Side::Bid,
                    price,
                    quantity,
                },
            ]
        );
        let open = Open::get((account, MARKET));
        assert_eq!(open.bid_quantity, quantity);
        // 0.005 at 100 USD.
        assert_eq!(open.bid_notional.0, 500_000);
        assert_eq!(levels(Side::Bid), vec![(1_000, 5)]);
    });
}

#[test]
fn order_should_be_refused_when_it_is_off_the_grid() {
    run(|| {
        let (one, hundred) = (Quantity(SIZE_SCALE), Price(100 * PRICE_SCALE));
        let params = market_params();
        let err = |quantity, price, error: Error<Test>| {
            assert_noop!(place(MARKET, quantity, price), error);
        };
        err(one, Price(hundred.0 + 1), Error::OffTick);
        err(one, Price(0), Error::TickOutOfRange);
        err(one, Price(params.tick_size.0 << 24), Error::TickOutOfRange);
        err(
            one,
            Price(u128::MAX / params.tick_size.0 * params.tick_size.0),
            Error::TickOutOfRange,
        );
        err(Quantity(one.0 + 1), hundred, Error::OffLot);
        err(Quantity(0), hundred, Error::ZeroQuantity);
        err(
            Quantity(params.lot_size.0 << 64),
            hundred,
            Error::QuantityOutOfRange,
        );
        assert_noop!(
            place(MarketId(9), one, hundred),
            Error::<Test>::UnknownMarket
        );
        let last = Price(params.tick_size.0 * ((1 << 24) - 1));
        assert_ok!(place(MARKET, one, last));
    });
}

#[test]
fn order_should_be_refused_when_it_is_below_the_minimum() {
    run(|| {
        let mut params = market_params();
        params.min_order = Quantity(params.lot_size.0 * 10);
        Registry::insert_market(MARKET, params);
        assert_noop!(bid(1, 9, 1_000).place(), Error::<Test>::BelowMinimumOrder);
        assert_ok!(bid(1, 10, 1_000).place());
    });
}

#[test]
fn small_order_should_be_accepted_when_it_closes_a_small_position() {
    run(|| {
        let mut params = market_params();
        params.min_order = Quantity(params.lot_size.0 * 10);
        Registry::insert_market(MARKET, params);
        set_size(1, 4);
        assert_noop!(
            ask(1, 3, 1_000).reduce_only().place(),
            Error::<Test>::BelowMinimumOrder
        );
        assert_noop!(ask(1, 4, 1_000).place(), Error::<Test>::BelowMinimumOrder);
        assert_ok!(ask(1, 4, 1_000).reduce_only().place());
    });
}

#[test]
fn order_should_be_refused_when_it_has_expired() {
    run(|| {
        System::set_block_number(5);
        assert_noop!(
            bid(1, 1, 1_000).expires_at(5).place(),
            Error::<Test>::Expired
        );
        assert_ok!(bid(1, 1, 1_000).expires_at(6).place());
    });
}

#[test]
fn order_should_be_refused_when_it_is_outside_the_band() {
    run(|| {
        Guard::set_band(MARKET, 95, 105);
        assert_noop!(bid(1, 1, 949).place(), Error::<Test>::OutsideBand);
        assert_noop!(bid(1, 1, 1_051).place(), Error::<Test>::OutsideBand);
        assert_ok!(bid(1, 1, 950).place());
        assert_ok!(ask(1, 1, 1_050).place());
    });
}

#[test]
fn order_should_rest_outside_the_band_when_it_is_post_only_and_on_its_own_side() {
    run(|| {
        Guard::set_band(MARKET, 95, 105);
        assert_ok!(bid(1, 1, 949).post_only().place());
        assert_ok!(ask(1, 1, 1_051).post_only().place());
        let crossing = [bid(1, 1, 1_051).post_only(), ask(1, 1, 949).post_only()];
        for order in crossing {
            assert_noop!(order.place(), Error::<Test>::OutsideBand);
        }
        // Nobody sells to it: whoever would is refused at that price.
        assert_noop!(ask(2, 1, 949).ioc().place(), Error::<Test>::OutsideBand);
        assert_eq!(levels(Side::Bid), vec![(949, 1)]);
        assert_eq!(levels(Side::Ask), vec![(1_051, 1)]);
    });
}

#[test]
fn call_should_fail_when_margin_refuses_and_nothing_filled() {
    run(|| {
        RefusedOrders::insert(account(1), true);
        assert_noop!(bid(1, 1, 1_000).place(), NO_ORDER);
        assert_eq!(NextOrderId::<Test>::get(MARKET), 0);
    });
}

#[test]
fn call_should_fail_when_the_account_has_too_many_orders() {
    run(|| {
        for tick in 1..=64 {
            assert_ok!(bid(1, 1, tick).place());
        }
        assert_noop!(bid(1, 1, 70).place(), Error::<Test>::TooManyOrders);
        assert_ok!(OrderBook::cancel_order(
            RuntimeOrigin::signed(1),
            0,
            MARKET,
            17
        ));
        assert_ok!(bid(1, 1, 70).place());
        assert_eq!(Orders::<Test>::iter().count(), 64);
    });
}

#[test]
fn sub_accounts_should_have_orders_of_their_own() {
    run(|| {
        for index in [0, 7] {
            assert_ok!(OrderBook::place_order(
                RuntimeOrigin::signed(1),
                index,
                MARKET,
                Side::Bid,
                quantity(MARKET, 1),
                price(MARKET, 10),
                TimeInForce::GoodTillCancelled,
                false,
                None,
            ));
        }
        assert_eq!(OrderBook::orders_of(&account(1)).len(), 1);
        let call = OrderBook::cancel_order(RuntimeOrigin::signed(1), 7, MARKET, 0);
        assert_eq!(call, Err(Error::<Test>::NotYourOrder.into()));
    });
}

#[test]
fn weight_should_be_that_of_the_orders_met_when_the_call_is_done() {
    run(|| {
        let rested = bid(1, 1, 1_000).place().unwrap();
        assert_eq!(rested.actual_weight, Some(Weight::from_parts(1, 0)));
        assert_ok!(bid(2, 1, 1_001).place());
        let filled = ask(3, 5, 1_000).place().unwrap();
        assert_eq!(filled.actual_weight, Some(Weight::from_parts(2, 2)));
        Pallet::<Test>::do_try_state().unwrap();
    });
}

#[test]
fn weight_should_be_that_of_the_orders_met_when_the_call_fails() {
    run(|| {
        for owner in 1..=3 {
            assert_ok!(ask(owner, 1, 1_000).place());
        }
        RefusedFills::insert(account(1), true);
        let weight = |new: New| new.place_weighed().unwrap_err().post_info.actual_weight;
        assert_eq!(
            weight(bid(9, 9, 1_000).fok()),
            Some(Weight::from_parts(2, 1_002))
        );
        assert_eq!(weight(bid(9, 0, 1_000)), Some(Weight::from_parts(1, 0)));
    });
}
