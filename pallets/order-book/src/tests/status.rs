use crate::{mock::*, CancelReason, Error, Orders};
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
fn makers_should_help_when_the_market_is_reduce_only_for_a_backlog() {
    run(|| {
        Guard::set_backlog(MARKET);
        // Nobody takes or waits to take new risk...
        for order in [bid(1, 5, 1_000), bid(1, 5, 1_000).ioc()] {
            assert_noop!(order.place(), Error::<Test>::ReduceOnlyWouldIncrease);
        }
        // ...but a bid may rest, for liquidations and for those who reduce.
        assert_ok!(bid(1, 5, 1_000).post_only().place());
        assert_ok!(bid(2, 5, 999).post_only().place());
        assert!(!OrderBook::orders_of(&account(1))[0].reduce_only);
        assert_eq!(levels(Side::Bid), vec![(1_000, 5), (999, 5)]);
        set_size(9, 4);
        assert_ok!(ask(9, 3, 1_000).ioc().place());
        assert_eq!((size(1), size(9)), (3, 1));
        // It takes no liquidity: an ask that it would meet stays where it is.
        set_size(8, 5);
        assert_ok!(ask(8, 5, 1_010).place());
        assert_noop!(
            bid(1, 5, 1_010).post_only().place(),
            Error::<Test>::WouldTake
        );
        Guard::set(MARKET, MarketStatus::ReduceOnly);
        assert_noop!(
            bid(3, 5, 999).post_only().place(),
            Error::<Test>::ReduceOnlyWouldIncrease
        );
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
        // Nobody behind what cannot fill: it stays, and the rest would cross it.
        let reason = CancelReason::Refused(Error::<Test>::NoReducingMaker.into());
        assert_eq!(cancels(), vec![(2, 7, reason)]);
        assert_eq!(levels(Side::Ask), vec![(1_000, 3), (1_001, 5)]);
        assert_eq!(levels(Side::Bid), vec![]);
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

/// Two openers at 1,000 and 1,001, and 9 short; the market turns reduce-only.
fn openers_before_a_short() {
    assert_ok!(ask(1, 5, 1_000).place());
    assert_ok!(ask(2, 5, 1_001).place());
    set_size(9, -9);
    Guard::set(MARKET, MarketStatus::ReduceOnly);
    events();
}

#[test]
fn opener_should_keep_its_place_when_the_taker_would_fill_nobody() {
    run(|| {
        openers_before_a_short();
        for order in [bid(9, 9, 1_001), bid(9, 9, 1_000), bid(9, 9, 1_001).ioc()] {
            assert_noop!(order.place(), Error::<Test>::NoReducingMaker);
        }
        assert_noop!(bid(9, 9, 1_001).fok().place(), Error::<Test>::WouldNotFill);
        // Exits wait below them and are found by those of the other side.
        assert_ok!(bid(9, 9, 999).place());
        set_size(3, 4);
        assert_ok!(ask(3, 4, 999).place());
        assert_eq!((size(3), size(9)), (0, -5));
        Guard::set(MARKET, MarketStatus::Active);
        assert_ok!(bid(4, 10, 1_001).place());
        assert_eq!((size(1), size(2), size(4)), (-5, -5, 10));
    });
}

#[test]
fn opener_should_be_cancelled_when_it_stood_before_a_maker_who_reduces() {
    run(|| {
        set_size(3, 2);
        openers_before_a_short();
        assert_ok!(ask(3, 2, 1_001).place());
        events();
        assert_ok!(bid(9, 2, 1_001).place());
        assert_eq!((size(3), size(9)), (0, -7));
        assert_eq!(
            cancels(),
            vec![
                (0, 5, CancelReason::ReduceOnly),
                (1, 5, CancelReason::ReduceOnly)
            ]
        );
    });
}

#[test]
fn opener_should_keep_its_place_behind_the_last_fill() {
    run(|| {
        set_size(3, 2);
        set_size(4, 1);
        assert_ok!(ask(3, 2, 999).place());
        openers_before_a_short();
        assert_ok!(ask(4, 1, 1_000).place());
        events();
        // The fill of 3 is no reason to clear 1, that of 4 is; nobody is behind 2.
        assert_ok!(bid(9, 9, 1_001).place());
        assert_eq!((size(3), size(4), size(9)), (0, 0, -6));
        let reason = CancelReason::Refused(Error::<Test>::NoReducingMaker.into());
        assert_eq!(
            cancels(),
            vec![(1, 5, CancelReason::ReduceOnly), (4, 6, reason)]
        );
        assert_eq!(levels(Side::Ask), vec![(1_001, 5)]);
    });
}

#[test]
fn exit_should_get_through_when_openers_are_more_than_one_call_takes_out() {
    run(|| {
        MaxRemovals::set(4);
        for id in 0..10 {
            assert_ok!(ask(id % 2 + 1, 1, 1_000).place());
        }
        set_size(3, 2);
        assert_ok!(ask(3, 2, 1_000).place());
        set_size(9, -2);
        Guard::set(MARKET, MarketStatus::ReduceOnly);
        for left in [7, 3] {
            assert_ok!(bid(9, 2, 1_000).place());
            assert_eq!(Orders::<Test>::iter().count(), left);
        }
        assert_ok!(bid(9, 2, 1_000).place());
        assert_eq!((size(3), size(9)), (0, 0));
    });
}

#[test]
fn reduce_only_maker_with_nothing_to_reduce_should_be_cancelled_when_it_is_met() {
    run(|| {
        set_size(1, 5);
        assert_ok!(ask(1, 5, 1_000).reduce_only().place());
        set_size(1, 0);
        set_size(9, -9);
        Guard::set(MARKET, MarketStatus::ReduceOnly);
        events();
        // By its own terms it cannot fill in any status.
        assert_ok!(bid(9, 9, 1_000).place());
        assert_eq!(cancels(), vec![(0, 5, CancelReason::ReduceOnly)]);
        assert_eq!(levels(Side::Bid), vec![(1_000, 9)]);
    });
}
