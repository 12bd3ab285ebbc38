use crate::{mock::*, CancelReason, Error, Event};
use bulwark_primitives::{MarketStatus, OrderId, Price, Quantity, Side};
use bulwark_traits::mock::{market_params, Guard, Registry};
use frame_support::{
    assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo, weights::Weight,
};

fn amend_raw(
    owner: u64,
    id: OrderId,
    quantity: Quantity,
    price: Price,
    post_only: bool,
) -> DispatchResultWithPostInfo {
    let origin = RuntimeOrigin::signed(owner);
    OrderBook::amend_order(origin, 0, MARKET, id, quantity, price, post_only)
        .map_err(|e| e.error.into())
}

fn amend(owner: u64, id: OrderId, lots: u64, tick: u32) -> DispatchResultWithPostInfo {
    amend_raw(
        owner,
        id,
        quantity(MARKET, lots),
        price(MARKET, tick),
        false,
    )
}

#[test]
fn order_should_keep_its_place_when_it_becomes_smaller() {
    run(|| {
        for owner in 1..=3 {
            assert_ok!(ask(owner, 5, 1_000).place());
        }
        events();
        let done = amend(2, 1, 2, 1_000).unwrap();
        assert_eq!(done.actual_weight, Some(Weight::from_parts(6, 0)));
        assert_eq!(
            events(),
            vec![Event::OrderReduced {
                market: MARKET,
                order_id: 1,
                account: account(2),
                quantity: quantity(MARKET, 2),
            }]
        );
        assert_eq!(levels(Side::Ask), vec![(1_000, 12)]);
        assert_eq!(
            Open::get((account(2), MARKET)).ask_quantity,
            quantity(MARKET, 2)
        );
        assert_ok!(bid(9, 8, 1_000).place());
        assert_eq!(
            fills(),
            vec![(0, 9, 1_000, 5), (1, 9, 1_000, 2), (2, 9, 1_000, 1)]
        );
    });
}

#[test]
fn order_should_go_to_the_end_when_it_becomes_larger() {
    run(|| {
        for owner in 1..=2 {
            assert_ok!(ask(owner, 5, 1_000).place());
        }
        events();
        let done = amend(1, 0, 6, 1_000).unwrap();
        assert_eq!(done.actual_weight, Some(Weight::from_parts(3 + 1, 0)));
        assert_eq!(cancels(), vec![(0, 5, CancelReason::Amended)]);
        assert_ok!(bid(9, 8, 1_000).place());
        assert_eq!(fills(), vec![(1, 9, 1_000, 5), (2, 9, 1_000, 3)]);
    });
}

#[test]
fn order_should_move_with_its_terms_when_its_price_changes() {
    run(|| {
        set_size(1, 5);
        assert_ok!(ask(1, 5, 1_000).reduce_only().expires_at(9).place());
        assert_ok!(amend(1, 0, 3, 1_002));
        let order = OrderBook::orders_of(&account(1)).pop().unwrap();
        assert_eq!((order.order_id, order.price), (1, price(MARKET, 1_002)));
        assert_eq!(order.quantity, quantity(MARKET, 3));
        assert_eq!((order.reduce_only, order.expires_at), (true, Some(9)));
        assert_eq!(levels(Side::Ask), vec![(1_002, 3)]);
        // It may take, unless it is told not to.
        assert_ok!(bid(2, 2, 1_001).place());
        let (quantity, price) = (quantity(MARKET, 3), price(MARKET, 1_001));
        assert_noop!(
            amend_raw(1, 1, quantity, price, true),
            Error::<Test>::WouldTake
        );
        assert_ok!(amend_raw(1, 1, quantity, price, false));
        assert_eq!((size(1), size(2)), (3, 2));
        assert_eq!(levels(Side::Ask), vec![(1_001, 1)]);
    });
}

#[test]
fn margin_of_the_old_order_should_be_free_for_the_new_one() {
    run(|| {
        for tick in 1..=64 {
            assert_ok!(bid(1, 1, tick).place());
        }
        // There is no room for another order, but this is the same one.
        assert_ok!(amend(1, 10, 2, 70));
        assert_eq!(
            Open::get((account(1), MARKET)).bid_quantity,
            quantity(MARKET, 65)
        );
    });
}

#[test]
fn order_should_become_smaller_in_every_status() {
    run(|| {
        use MarketStatus::*;
        assert_ok!(ask(1, 9, 1_000).place());
        let statuses = [Active, PostOnly, ReduceOnly, Paused, Settling, Closed];
        for (status, lots) in statuses.into_iter().zip((1..=8).rev()) {
            Guard::set(MARKET, status);
            assert_ok!(amend(1, 0, lots, 1_000));
        }
        assert_noop!(amend(1, 0, 1, 1_001), Error::<Test>::MarketHalted);
    });
}

#[test]
fn order_should_rest_as_before_when_it_cannot_be_placed_anew() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).expires_at(2).place());
        let off_lot = Quantity(quantity(MARKET, 6).0 + 1);
        let off_tick = Price(price(MARKET, 1_000).0 + 1);
        let six = quantity(MARKET, 6);
        assert_noop!(
            amend_raw(1, 0, off_lot, price(MARKET, 1_000), false),
            Error::<Test>::OffLot
        );
        assert_noop!(
            amend_raw(1, 0, six, off_tick, false),
            Error::<Test>::OffTick
        );
        assert_noop!(amend(1, 0, 0, 1_000), Error::<Test>::ZeroQuantity);
        assert_noop!(amend(1, 0, 5, 1_000), Error::<Test>::NothingToAmend);
        assert_noop!(amend(2, 0, 4, 1_000), Error::<Test>::NotYourOrder);
        assert_noop!(amend(1, 7, 4, 1_000), Error::<Test>::UnknownOrder);
        RefusedOrders::insert(account(1), true);
        assert_noop!(amend(1, 0, 6, 1_000), NO_ORDER);
        RefusedOrders::remove(account(1));
        Guard::set_band(MARKET, 95, 105);
        assert_noop!(amend(1, 0, 5, 1_100), Error::<Test>::OutsideBand);
        System::set_block_number(2);
        assert_noop!(amend(1, 0, 6, 1_000), Error::<Test>::Expired);
    });
}

#[test]
fn order_should_not_fall_below_the_minimum_unless_it_reduces() {
    run(|| {
        let mut params = market_params();
        params.min_order = quantity(MARKET, 4);
        Registry::insert_market(MARKET, params);
        assert_ok!(bid(1, 9, 1_000).place());
        assert_noop!(amend(1, 0, 3, 1_000), Error::<Test>::BelowMinimumOrder);
        assert_ok!(amend(1, 0, 4, 1_000));
        set_size(2, 9);
        assert_ok!(ask(2, 9, 1_001).reduce_only().place());
        assert_ok!(amend(2, 1, 1, 1_001));
    });
}
