use crate::{mock::*, CancelReason, Error};
use bulwark_primitives::{MarketStatus, Side};
use bulwark_traits::{mock::Guard, LiquidationVenue};
use frame_support::{assert_noop, assert_ok};

#[test]
fn order_should_be_refused_when_the_market_takes_none() {
    run(|| {
        for status in [
            MarketStatus::Paused,
            MarketStatus::Settling,
            MarketStatus::Closed,
        ] {
            Guard::set(MARKET, status);
            assert_noop!(bid(1, 1, 1_000).place(), Error::<Test>::MarketHalted);
        }
    });
}

#[test]
fn order_should_only_rest_when_the_market_is_post_only() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).place());
        Guard::set(MARKET, MarketStatus::PostOnly);
        assert_noop!(bid(2, 5, 1_000).place(), Error::<Test>::WouldTake);
        assert_noop!(bid(2, 5, 1_001).ioc().place(), Error::<Test>::WouldTake);
        assert_ok!(bid(2, 5, 999).place());
        assert_eq!(
            (levels(Side::Bid), levels(Side::Ask)),
            (vec![(999, 5)], vec![(1_000, 5)])
        );
    });
}

#[test]
fn dead_order_should_not_stand_in_the_way_when_the_market_is_post_only() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).expires_at(2).place());
        System::set_block_number(2);
        Guard::set(MARKET, MarketStatus::PostOnly);
        assert_ok!(bid(2, 5, 1_000).place());
        assert_eq!(
            (levels(Side::Bid), levels(Side::Ask)),
            (vec![(1_000, 5)], vec![])
        );
    });
}

#[test]
fn orders_should_only_reduce_when_the_market_is_reduce_only() {
    run(|| {
        Guard::set(MARKET, MarketStatus::ReduceOnly);
        assert_noop!(
            bid(1, 5, 1_000).place(),
            Error::<Test>::ReduceOnlyWouldIncrease
        );
        set_size(1, -3);
        assert_ok!(bid(1, 5, 1_000).place());
        assert_eq!(levels(Side::Bid), vec![(1_000, 3)]);
        assert!(OrderBook::orders_of(&account(1))[0].reduce_only);
        set_size(2, 10);
        assert_ok!(ask(2, 8, 1_000).place());
        assert_eq!((size(1), size(2)), (0, 7));
        assert_eq!(levels(Side::Ask), vec![(1_000, 5)]);
    });
}

#[test]
fn maker_should_be_cut_to_its_position_when_the_market_has_turned_reduce_only() {
    run(|| {
        set_size(1, 2);
        set_size(9, -9);
        assert_ok!(ask(1, 5, 1_000).place());
        assert_ok!(ask(2, 5, 1_001).place());
        Guard::set(MARKET, MarketStatus::ReduceOnly);
        events();
        assert_ok!(bid(9, 9, 1_001).place());
        assert_eq!((size(1), size(2), size(9)), (0, 0, -7));
        assert_eq!(
            cancels(),
            vec![
                (0, 3, CancelReason::ReduceOnly),
                (1, 5, CancelReason::ReduceOnly)
            ]
        );
        assert_eq!(levels(Side::Bid), vec![(1_001, 7)]);
    });
}

#[test]
fn maker_should_be_cancelled_when_the_band_has_left_it_behind() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).place());
        assert_ok!(ask(2, 5, 1_100).place());
        Guard::set_band(MARKET, 105, 115);
        events();
        assert_ok!(bid(9, 5, 1_100).place());
        assert_eq!(cancels(), vec![(0, 5, CancelReason::OutsideBand)]);
        assert_eq!((size(1), size(2), size(9)), (0, -5, 5));
    });
}

#[test]
fn liquidation_should_trade_outside_the_band_when_its_own_bound_allows_it() {
    run(|| {
        assert_ok!(bid(1, 5, 1_000).place());
        set_size(9, 5);
        Guard::set_band(MARKET, 105, 115);
        let (quantity, worst) = (quantity(MARKET, 5), price(MARKET, 990));
        <OrderBook as LiquidationVenue<u64>>::close(
            &account(9),
            MARKET,
            Side::Ask,
            quantity,
            worst,
            9,
        );
        assert_eq!(size(9), 0);
    });
}
