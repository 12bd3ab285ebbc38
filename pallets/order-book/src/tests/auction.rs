use crate::{
    mock::*, Auctions, CancelReason, Error, Event, ForcedOrders, LastTrade, Orders, Pallet,
};
use bulwark_primitives::{FillKind, MarketStatus, Quantity, Side};
use bulwark_traits::{mock::Guard, AuctionGuard, LiquidationVenue, MarketGuard, Reopening};
use frame_support::{
    assert_noop, assert_ok,
    traits::Hooks,
    weights::{Weight, WeightMeter},
};
use proptest::prelude::*;

fn collect() {
    Guard::set_reopening(MARKET, Reopening::Collecting, MarketStatus::Active);
}

fn uncross(then: MarketStatus) {
    Guard::set_reopening(MARKET, Reopening::Uncrossing, then);
    poll(2);
}

/// Fills since the last call as (maker's order, taker's order, tick, lots).
fn auctioned() -> Vec<(u64, u64, u128, u128)> {
    let params = bulwark_traits::mock::market_params();
    events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Filled {
                maker_order,
                taker_order,
                price,
                quantity,
                ..
            } => Some((
                maker_order,
                taker_order.unwrap(),
                price.0 / params.tick_size.0,
                quantity.0 / params.lot_size.0,
            )),
            _ => None,
        })
        .collect()
}

fn open() -> bool {
    Guard::status(MARKET).allows_fills() && Auctions::<Test>::iter().count() == 0
}

#[test]
fn orders_should_rest_and_may_cross_when_a_market_collects() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).place());
        collect();
        assert_ok!(bid(2, 3, 1_010).place());
        assert_ok!(bid(3, 3, 1_005).post_only().place());
        assert_noop!(bid(2, 3, 1_010).ioc().place(), Error::<Test>::CannotRest);
        assert_noop!(bid(2, 3, 1_010).fok().place(), Error::<Test>::CannotRest);
        assert_eq!((size(1), size(2)), (0, 0));
        assert_eq!(levels(Side::Bid), vec![(1_010, 3), (1_005, 3)]);
        // And nothing happens to them as long as it does.
        poll(2);
        assert_eq!(levels(Side::Ask), vec![(1_000, 5)]);
        assert_ok!(OrderBook::cancel_order(
            RuntimeOrigin::signed(3),
            0,
            MARKET,
            2
        ));
        assert_eq!(levels(Side::Bid), vec![(1_010, 3)]);
    });
}

#[test]
fn no_order_should_be_taken_while_the_book_is_being_uncrossed() {
    run(|| {
        Guard::set_reopening(MARKET, Reopening::Uncrossing, MarketStatus::Active);
        assert_noop!(bid(2, 3, 1_010).place(), Error::<Test>::MarketHalted);
    });
}

#[test]
fn market_should_open_at_one_price_by_price_and_then_time() {
    run(|| {
        // The reference is 105 USD, above all at which the most trades.
        Guard::set_band(MARKET, 95, 115);
        collect();
        assert_ok!(bid(1, 4, 1_005).place());
        assert_ok!(bid(2, 4, 1_010).place());
        assert_ok!(bid(3, 4, 1_005).place());
        assert_ok!(ask(4, 10, 1_000).place());
        assert_ok!(ask(5, 9, 1_006).place());
        let auction = OrderBook::auction(MARKET).unwrap();
        assert!(!auction.uncrossing);
        assert_eq!(auction.price, Some(price(MARKET, 1_005)));
        assert_eq!(auction.quantity, quantity(MARKET, 10));
        events();
        uncross(MarketStatus::Active);
        assert_eq!(
            auctioned(),
            vec![(1, 3, 1_005, 4), (0, 3, 1_005, 4), (2, 3, 1_005, 2)]
        );
        assert_eq!([1, 2, 3, 4, 5].map(size), [4, 4, 2, -10, 0]);
        assert_eq!(levels(Side::Bid), vec![(1_005, 2)]);
        assert_eq!(levels(Side::Ask), vec![(1_006, 9)]);
        assert_eq!(LastTrade::<Test>::get(MARKET), Some(price(MARKET, 1_005)));
        assert!(open());
        assert_eq!(OrderBook::auction(MARKET), None);
        // The market goes on as any other.
        assert_ok!(ask(4, 2, 1_005).ioc().place());
        assert_eq!(size(3), 4);
    });
}

#[test]
fn market_should_open_at_once_when_nothing_crosses() {
    run(|| {
        collect();
        assert_ok!(bid(1, 4, 990).place());
        uncross(MarketStatus::ReduceOnly);
        assert_eq!(Guard::status(MARKET), MarketStatus::ReduceOnly);
        assert_eq!(levels(Side::Bid), vec![(990, 4)]);
    });
}

#[test]
fn order_should_be_cancelled_when_margin_refuses_its_fill_and_the_rest_priced_again() {
    run(|| {
        collect();
        assert_ok!(bid(1, 4, 1_010).place());
        assert_ok!(bid(2, 4, 1_002).place());
        assert_ok!(ask(3, 4, 1_000).place());
        RefusedFills::insert(account(1), true);
        events();
        uncross(MarketStatus::Active);
        assert_eq!([1, 2, 3].map(size), [0, 4, -4]);
        assert!(open());
        assert_eq!(levels(Side::Bid), vec![]);
    });
    run(|| {
        collect();
        assert_ok!(ask(3, 4, 1_000).place());
        assert_ok!(bid(1, 4, 1_010).place());
        RefusedFills::insert(account(1), true);
        events();
        uncross(MarketStatus::Active);
        assert_eq!(cancels(), vec![(1, 4, CancelReason::Refused(NO_FILL))]);
        assert_eq!(levels(Side::Ask), vec![(1_000, 4)]);
        // What it had open is given back.
        assert_eq!(Open::get((account(1), MARKET)).bid_quantity.0, 0);
    });
}

#[test]
fn dead_and_own_orders_should_be_taken_out_of_an_auction() {
    run(|| {
        collect();
        assert_ok!(bid(1, 4, 1_010).expires_at(2).place());
        assert_ok!(bid(2, 4, 1_008).place());
        assert_ok!(ask(2, 3, 1_000).place());
        events();
        System::set_block_number(2);
        Guard::set_reopening(MARKET, Reopening::Uncrossing, MarketStatus::Active);
        poll(2);
        assert_eq!(
            cancels(),
            vec![
                (0, 4, CancelReason::Expired),
                (1, 4, CancelReason::SelfTrade)
            ]
        );
        assert_eq!([1, 2].map(size), [0, 0]);
        assert!(open());
    });
}

#[test]
fn order_should_be_cut_to_the_position_when_it_may_only_reduce() {
    run(|| {
        set_size(1, 3);
        set_size(2, -9);
        collect();
        assert_ok!(ask(1, 3, 1_000).reduce_only().place());
        set_size(1, 2);
        assert_ok!(bid(2, 9, 1_000).place());
        events();
        uncross(MarketStatus::Active);
        assert_eq!((size(1), size(2)), (0, -7));
        assert_eq!(levels(Side::Ask), vec![]);
        assert_eq!(levels(Side::Bid), vec![(1_000, 7)]);
    });
}

#[test]
fn only_reducers_should_fill_when_the_market_reopens_reduce_only() {
    run(|| {
        collect();
        assert_ok!(ask(1, 3, 1_000).place());
        set_size(2, -2);
        set_size(3, 2);
        assert_ok!(ask(3, 2, 1_001).place());
        assert_ok!(bid(2, 9, 1_002).place());
        uncross(MarketStatus::ReduceOnly);
        assert_eq!([1, 2, 3].map(size), [0, 0, 0]);
        assert!(Guard::status(MARKET) == MarketStatus::ReduceOnly);
    });
}

#[test]
fn orders_that_cross_outside_the_band_should_be_cancelled() {
    run(|| {
        Guard::set_band(MARKET, 100, 120);
        collect();
        assert_ok!(ask(1, 3, 1_150).place());
        assert_ok!(bid(2, 3, 1_190).place());
        // The band has moved away from both.
        Guard::set_band(MARKET, 90, 110);
        events();
        uncross(MarketStatus::Active);
        assert_eq!(cancels(), vec![(1, 3, CancelReason::OutsideBand)]);
        assert_eq!(levels(Side::Ask), vec![(1_150, 3)]);
    });
    run(|| {
        collect();
        assert_ok!(ask(1, 3, 850).place());
        assert_ok!(bid(2, 3, 870).place());
        Guard::set_band(MARKET, 90, 110);
        events();
        uncross(MarketStatus::Active);
        assert_eq!(cancels(), vec![(0, 3, CancelReason::OutsideBand)]);
        assert_eq!(levels(Side::Bid), vec![(870, 3)]);
    });
}

/// A block whose budget is `units` of what the auction's steps weigh.
fn short_block(block: u64, units: u64) {
    System::set_block_number(block);
    let mut meter = WeightMeter::with_limit(Weight::from_parts(units, u64::MAX));
    Pallet::<Test>::on_poll(block, &mut meter);
    check_invariants();
}

#[test]
fn auction_should_go_on_in_the_next_block_when_the_budget_ends() {
    run(|| {
        collect();
        for owner in 1..=20 {
            assert_ok!(bid(owner, 1, 1_000 + owner as u32).place());
            assert_ok!(ask(100 + owner, 1, 1_000 - owner as u32).place());
        }
        Guard::set_reopening(MARKET, Reopening::Uncrossing, MarketStatus::Active);
        events();
        let mut blocks = 0;
        while Guard::reopening(MARKET).is_some() {
            blocks += 1;
            assert!(blocks < 40, "it ends");
            short_block(blocks + 1, 2_100);
            if !open() {
                assert_noop!(bid(50, 1, 900).place(), Error::<Test>::MarketHalted);
            }
        }
        assert!(blocks > 10, "{blocks} blocks");
        let fills = auctioned();
        assert_eq!(fills.len(), 20);
        assert!(fills.iter().all(|fill| fill.2 == fills[0].2), "one price");
        assert!(open());
    });
}

#[test]
fn cancelled_order_should_not_fill_when_the_auction_takes_several_blocks() {
    run(|| {
        collect();
        for owner in 1..=4 {
            assert_ok!(bid(owner, 1, 1_000).place());
            assert_ok!(ask(100 + owner, 1, 1_000).place());
        }
        Guard::set_reopening(MARKET, Reopening::Uncrossing, MarketStatus::Active);
        short_block(2, 2_100);
        let unfilled = Orders::<Test>::iter_prefix(MARKET).map(|(id, _)| id).max();
        let order = Orders::<Test>::get(MARKET, unfilled.unwrap()).unwrap();
        let owner = order.account.owner;
        assert_ok!(OrderBook::cancel_all(RuntimeOrigin::signed(owner), 0, None));
        poll(3);
        assert_eq!(size(owner), 0);
        assert_eq!(levels(order.side), vec![]);
        assert!(open());
    });
}

fn join(owner: u64, side: Side, lots: u64, worst: u32) -> Quantity {
    <OrderBook as LiquidationVenue<u64>>::join_auction(
        &account(owner),
        MARKET,
        side,
        quantity(MARKET, lots),
        price(MARKET, worst),
    )
}

#[test]
fn liquidation_should_take_part_like_any_other_order() {
    run(|| {
        set_size(9, 5);
        // Margin would accept nothing of this account.
        RefusedOrders::insert(account(9), true);
        assert_eq!(join(9, Side::Ask, 9, 980), Quantity::ZERO, "no auction");
        collect();
        assert_ok!(bid(1, 3, 1_000).place());
        assert_ok!(ask(2, 9, 990).place());
        assert_eq!(join(9, Side::Ask, 9, 980), Quantity::ZERO, "not yet");
        Guard::set_reopening(MARKET, Reopening::Uncrossing, MarketStatus::Active);
        assert_eq!(join(9, Side::Ask, 9, 980), quantity(MARKET, 5));
        assert_eq!(join(9, Side::Ask, 1, 900), Quantity::ZERO, "one at a time");
        assert_eq!(
            join(8, Side::Ask, 1, 900),
            Quantity::ZERO,
            "nothing to close"
        );
        events();
        poll(1);
        let kinds: Vec<_> = events()
            .into_iter()
            .filter_map(|event| match event {
                Event::Filled { kind, taker, .. } => Some((kind, taker.owner)),
                _ => None,
            })
            .collect();
        assert_eq!(kinds, vec![(FillKind::Liquidation, 9)]);
        assert_eq!([1, 2, 9].map(size), [3, 0, 2]);
        let lot = quantity(MARKET, 1).0 as i128;
        let filled = ForcedFilled::take();
        assert_eq!(filled.len(), 1, "its fee is taken of what filled");
        let (owner, before, after, quantity, notional) = filled[0];
        assert_eq!((owner, before, after), (9, 5 * lot, 2 * lot));
        assert_eq!(quantity.0 as i128, 3 * lot);
        assert!(notional > bulwark_primitives::Usd::ZERO);
        // The rest of it does not stay.
        assert_eq!(levels(Side::Ask), vec![(990, 9)]);
        assert_eq!(ForcedOrders::<Test>::iter().count(), 0);
        assert!(open());
    });
}

#[test]
fn liquidations_should_fill_each_other_when_they_cross() {
    run(|| {
        set_size(8, -5);
        set_size(9, 5);
        Guard::set_reopening(MARKET, Reopening::Uncrossing, MarketStatus::Active);
        assert_eq!(join(8, Side::Bid, 5, 1_020), quantity(MARKET, 5));
        assert_eq!(join(9, Side::Ask, 5, 980), quantity(MARKET, 5));
        poll(1);
        assert_eq!([8, 9].map(size), [0, 0]);
        let owners: Vec<_> = ForcedFilled::take()
            .into_iter()
            .map(|fill| fill.0)
            .collect();
        assert_eq!(owners, vec![8, 9]);
        assert!(open());
    });
}

#[test]
fn order_of_liquidation_should_not_fill_when_the_auction_goes_on_in_the_next_block() {
    run(|| {
        set_size(9, 5);
        collect();
        assert_ok!(bid(1, 3, 1_000).place());
        Guard::set_reopening(MARKET, Reopening::Uncrossing, MarketStatus::Active);
        assert_eq!(join(9, Side::Ask, 5, 980), quantity(MARKET, 5));
        let (_, _, id) = ForcedOrders::<Test>::iter().next().unwrap();
        let amended = OrderBook::amend_order(
            RuntimeOrigin::signed(9),
            0,
            MARKET,
            id,
            quantity(MARKET, 1),
            price(MARKET, 980),
            false,
        );
        let refused = amended.map_err(|failed| failed.error);
        assert_eq!(refused, Err(Error::<Test>::NotYourOrder.into()));
        // No room in this block.
        short_block(1, 0);
        assert_eq!(levels(Side::Ask), vec![(980, 5)]);
        events();
        poll(2);
        assert!(events().iter().any(|event| matches!(
            event,
            Event::OrderCancelled { order_id, reason: CancelReason::Expired, .. } if *order_id == id
        )));
        assert_eq!([1, 9].map(size), [0, 5]);
        assert_eq!(levels(Side::Bid), vec![(1_000, 3)]);
        assert!(open());
        check_invariants();
    });
}

#[test]
fn liquidation_should_join_anew_when_the_auction_goes_on_and_its_order_was_cancelled() {
    run(|| {
        set_size(9, 5);
        collect();
        assert_ok!(bid(1, 3, 1_000).place());
        Guard::set_reopening(MARKET, Reopening::Uncrossing, MarketStatus::Active);
        assert_eq!(join(9, Side::Ask, 5, 980), quantity(MARKET, 5));
        short_block(1, 0);
        System::set_block_number(2);
        // As an attempt does first.
        assert_eq!(
            <OrderBook as LiquidationVenue<u64>>::cancel_orders(&account(9), 16),
            1
        );
        assert_eq!(join(9, Side::Ask, 4, 990), quantity(MARKET, 4));
        poll(2);
        assert_eq!([1, 9].map(size), [3, 2]);
        assert_eq!(levels(Side::Ask), vec![]);
        assert!(open());
        check_invariants();
    });
}

/// Orders of one auction: side, lots, tick, each of another owner.
fn orders() -> impl Strategy<Value = Vec<(Side, u64, u32)>> {
    let side = prop_oneof![Just(Side::Bid), Just(Side::Ask)];
    prop::collection::vec((side, 1..9u64, 980..1_020u32), 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Against sums over the list of orders: as much as can trade at the best price, by price and then
    /// time, nobody worse than his limit, as much bought as sold.
    #[test]
    fn auction_should_be_what_a_list_of_its_orders_says(
        orders in orders(),
        budget in 1_100..9_000u64,
    ) {
        new_test_ext().execute_with(|| {
            Guard::set_band(MARKET, 90, 110);
            collect();
            for (owner, (side, lots, tick)) in orders.iter().enumerate() {
                let new = match side {
                    Side::Bid => bid(owner as u64, *lots, *tick),
                    Side::Ask => ask(owner as u64, *lots, *tick),
                };
                assert_ok!(new.place());
            }
            let at = |tick: u32| {
                let sum = |side: Side, fits: &dyn Fn(u32) -> bool| -> u64 {
                    let of = |order: &&(Side, u64, u32)| order.0 == side && fits(order.2);
                    orders.iter().filter(of).map(|order| order.1).sum()
                };
                (sum(Side::Bid, &|t| t >= tick), sum(Side::Ask, &|t| t <= tick))
            };
            let most = (900..=1_100u32).map(|tick| { let (d, s) = at(tick); d.min(s) }).max().unwrap();
            Guard::set_reopening(MARKET, Reopening::Uncrossing, MarketStatus::Active);
            events();
            let mut block = 2;
            while Guard::reopening(MARKET).is_some() {
                short_block(block, budget);
                block += 1;
                assert!(block < 200);
            }
            let fills = auctioned();
            let traded: u128 = fills.iter().map(|fill| fill.3).sum();
            assert_eq!(traded, u128::from(most), "the most that can trade");
            if let Some((_, _, tick, _)) = fills.first().copied() {
                let (demand, supply) = at(tick as u32);
                assert_eq!(demand.min(supply), most);
                assert!(fills.iter().all(|fill| fill.2 == tick), "one price");
                let mut filled = vec![0u64; orders.len()];
                for (maker, taker, _, lots) in &fills {
                    filled[*maker as usize] += *lots as u64;
                    filled[*taker as usize] += *lots as u64;
                }
                for (id, (side, lots, limit)) in orders.iter().enumerate() {
                    let accepts = match side {
                        Side::Bid => u128::from(*limit) >= tick,
                        Side::Ask => u128::from(*limit) <= tick,
                    };
                    assert!(filled[id] == 0 || accepts, "worse than its limit");
                    let sign = if *side == Side::Bid { 1 } else { -1 };
                    assert_eq!(size(id as u64), sign * i128::from(filled[id]));
                    let left = Orders::<Test>::get(MARKET, id as u64).map_or(0, |o| o.remaining);
                    assert_eq!(filled[id] + left, *lots);
                    // Nobody filled before one who was first.
                    for (other, (their_side, _, their)) in orders.iter().enumerate() {
                        let better = match side {
                            Side::Bid => limit > their,
                            Side::Ask => limit < their,
                        } || (limit == their && id < other);
                        let first = side == their_side && better;
                        assert!(!first || filled[other] == 0 || left == 0, "out of turn");
                    }
                }
            }
            check_invariants();
            assert!(open());
        });
    }
}
