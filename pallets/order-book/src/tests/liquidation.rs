use crate::{mock::*, CancelReason, Event, LastTrade, Lots, Tick};
use bulwark_primitives::{FillKind, MarketId, MarketStatus, Price, Quantity, Side};
use bulwark_traits::{mock::Guard, Execution, LiquidationVenue};
use frame_support::assert_ok;

fn close(owner: u64, side: Side, lots: Lots, worst: Tick, max_fills: u32) -> Execution {
    let (quantity, worst) = (quantity(MARKET, lots), price(MARKET, worst));
    <OrderBook as LiquidationVenue<u64>>::close(
        &account(owner),
        MARKET,
        side,
        quantity,
        worst,
        max_fills,
    )
}

#[test]
fn closing_should_sweep_down_to_the_worst_price() {
    run(|| {
        for tick in [1_000, 999, 998] {
            assert_ok!(bid(1, 2, tick).place());
        }
        set_size(9, 10);
        // A liquidation is not asked for margin.
        RefusedFills::insert(account(9), true);
        events();
        let execution = close(9, Side::Ask, 10, 999, 10);
        assert_eq!(execution.quantity, quantity(MARKET, 4));
        // 0.002 at 100 and 0.002 at 99.9.
        assert_eq!(execution.notional.0, 399_800);
        assert_eq!(execution.fills, 2);
        let seen = events();
        assert!(matches!(
            seen[0],
            Event::Filled {
                taker_order: None,
                kind: FillKind::Liquidation,
                ..
            }
        ));
        assert_eq!(seen.len(), 2);
        assert_eq!(levels(Side::Bid), vec![(998, 2)]);
        assert_eq!(levels(Side::Ask), vec![]);
        assert_eq!(size(9), 6);
        assert_eq!(LastTrade::<Test>::get(MARKET), Some(price(MARKET, 999)));
    });
}

#[test]
fn bound_should_round_against_the_fill_when_worst_is_between_ticks() {
    run(|| {
        assert_ok!(bid(1, 2, 1_000).place());
        assert_ok!(ask(2, 2, 1_001).place());
        set_size(8, 5);
        set_size(9, -5);
        let venue = |owner, side, worst| {
            <OrderBook as LiquidationVenue<u64>>::close(
                &account(owner),
                MARKET,
                side,
                Quantity(quantity(MARKET, 1).0 + 1),
                worst,
                5,
            )
            .quantity
        };
        let (low, high) = (price(MARKET, 1_000), price(MARKET, 1_001));
        assert_eq!(venue(8, Side::Ask, Price(low.0 + 1)), Quantity(0));
        assert_eq!(venue(9, Side::Bid, Price(high.0 - 1)), Quantity(0));
        // Parts of a lot are left.
        assert_eq!(venue(8, Side::Ask, low), quantity(MARKET, 1));
        assert_eq!(venue(9, Side::Bid, high), quantity(MARKET, 1));
        assert_eq!(venue(8, Side::Ask, Price(u128::MAX)), Quantity(0));
        assert_eq!(venue(8, Side::Ask, Price(0)), quantity(MARKET, 1));
        assert_eq!(venue(9, Side::Bid, Price(u128::MAX)), quantity(MARKET, 1));
    });
}

#[test]
fn closing_should_not_count_dead_makers_as_fills() {
    run(|| {
        assert_ok!(bid(1, 2, 1_000).expires_at(2).place());
        assert_ok!(bid(9, 2, 1_000).place());
        for owner in 2..=5 {
            assert_ok!(bid(owner, 2, 1_000).place());
        }
        RefusedFills::insert(account(2), true);
        System::set_block_number(2);
        set_size(9, 10);
        events();
        let execution = close(9, Side::Ask, 10, 1, 2);
        assert_eq!((execution.fills, execution.removed), (2, 3));
        assert_eq!(execution.quantity, quantity(MARKET, 4));
        assert_eq!(
            cancels(),
            vec![
                (0, 2, CancelReason::Expired),
                (1, 2, CancelReason::SelfTrade),
                (2, 2, CancelReason::Refused(NO_FILL))
            ]
        );
        assert_eq!(levels(Side::Bid), vec![(1_000, 2)]);
    });
}

#[test]
fn closing_should_reach_live_makers_when_dead_ones_are_many() {
    run(|| {
        MaxRemovals::set(40);
        for id in 0..100 {
            assert_ok!(bid(id / 50 + 1, 1, 1_000).expires_at(2).place());
        }
        assert_ok!(bid(3, 5, 999).place());
        System::set_block_number(2);
        set_size(9, 5);
        let most = <OrderBook as LiquidationVenue<u64>>::max_removals;
        assert_eq!([0, 1, 16, 32, 99].map(most), [0, 2, 20, 40, 40]);
        // What was cleared stays cleared, so each attempt comes nearer.
        for (max_fills, removed, fills) in [(32, 40, 0), (32, 40, 0), (1, 2, 0), (32, 18, 1)] {
            let execution = close(9, Side::Ask, 5, 1, max_fills);
            assert_eq!((execution.removed, execution.fills), (removed, fills));
        }
        assert_eq!(size(9), 0);
    });
}

#[test]
fn taker_should_be_told_of_once_when_a_closing_fills() {
    run(|| {
        for owner in 1..=3 {
            assert_ok!(bid(owner, 2, 1_000).place());
        }
        set_size(9, 10);
        close(9, Side::Ask, 10, 1, 10);
        assert_eq!(Told::get(account(9)), 1);
        assert_eq!(Told::get(account(2)), 1);
        // Without a fill there is nothing to tell.
        close(9, Side::Ask, 4, 1, 10);
        assert_eq!(Told::get(account(9)), 1);
    });
}

#[test]
fn closing_should_never_turn_the_position() {
    run(|| {
        assert_ok!(bid(1, 20, 1_000).place());
        set_size(9, 3);
        assert_eq!(close(9, Side::Ask, 10, 1, 10).quantity, quantity(MARKET, 3));
        assert_eq!(size(9), 0);
        assert_eq!(close(9, Side::Ask, 10, 1, 10), Execution::default());
    });
}

#[test]
fn closing_should_work_in_the_statuses_that_allow_it() {
    run(|| {
        use MarketStatus::*;
        set_size(9, 100);
        for (status, allowed) in [
            (Active, true),
            (PostOnly, true),
            (ReduceOnly, true),
            (Paused, false),
            (Settling, false),
            (Closed, false),
        ] {
            Guard::set(MARKET, Active);
            assert_ok!(bid(1, 1, 1_000).place());
            Guard::set(MARKET, status);
            let filled = close(9, Side::Ask, 1, 1, 10).quantity;
            assert_eq!(!filled.is_zero(), allowed, "{status:?}");
        }
        let venue = <OrderBook as LiquidationVenue<u64>>::close(
            &account(9),
            MarketId(77),
            Side::Ask,
            Quantity(1),
            Price(1),
            1,
        );
        assert_eq!(venue, Execution::default());
    });
}

#[test]
fn orders_should_be_cancelled_up_to_the_limit() {
    run(|| {
        for tick in 1..=5 {
            assert_ok!(bid(1, 1, tick).place());
            assert_ok!(bid(1, 1, tick).on(FINE).place());
        }
        events();
        let cancel =
            |limit| <OrderBook as LiquidationVenue<u64>>::cancel_orders(&account(1), limit);
        assert_eq!(cancel(3), 3);
        assert!(cancels()
            .iter()
            .all(|cancel| cancel.2 == CancelReason::Liquidation));
        assert_eq!(OrderBook::orders_of(&account(1)).len(), 7);
        assert_eq!(cancel(64), 7);
        assert_eq!(cancel(64), 0);
        for market in [MARKET, FINE] {
            assert_eq!(Open::get((account(1), market)), Default::default());
        }
    });
}
