#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]
//! Benchmarks. Every order is alone on its tick, and the ticks are in different words of all layers
//! of the bitmap but the top one, so that each order costs a level and a way through the bitmap.
//! The lists of the accounts' orders are as long as they get, and whoever fills, rests or cancels has
//! as many positions and collateral assets as an account can have.

mod setup;

use super::*;
use crate::{
    auction::{Range, Search, Step},
    desk::PAGE_LEN,
    fees::{FeeTier, MAX_TIERS},
    matching::{MarginCheck, Tally},
    workload::Workload,
};
use alloc::vec::Vec;
use bulwark_primitives::{
    AssetId, FundingParams, MarginTier, MarketId, MarketParams, MarketStatus, OrderId, Price,
    Quantity, Rate, SelfTrade, Side, StopCondition, SubAccount, Tier, TimeInForce, Usd,
    PRICE_SCALE, SIZE_SCALE,
};
use bulwark_traits::{
    AuctionGuard, LiquidationVenue, MarketGuard, MarketRegistry, OrderMargin, PriceSource,
    Reopening, TraderAccount,
};
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{EnsureOrigin, Get, Time},
    weights::{Weight, WeightMeter},
    BoundedVec,
};
use frame_system::{pallet_prelude::OriginFor, RawOrigin};
use sp_runtime::DispatchError;

pub(crate) use setup::rest;
use setup::*;

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn place_order_rest() {
        setup::<T>();
        deepen::<T>();
        // In a word of the bitmap of its own in each layer below the top one.
        let tick = MARK + APART;
        asks::<T>(20, tick + APART);
        let taker = holder::<T>("taker", 0, 1);

        #[extrinsic_call]
        place_order(
            RawOrigin::Signed(taker.owner.clone()),
            taker.index,
            MARKET,
            Side::Bid,
            quantity(LOTS),
            price(tick),
            TimeInForce::GoodTillCancelled,
            false,
            Some(1_000u32.into()),
        );

        assert_eq!(Pallet::<T>::best_bid(MARKET), Some(price(tick)));
    }

    // The same of an account that holds its collateral and, with the order, one position.
    #[benchmark]
    fn place_order_light() {
        setup::<T>();
        deepen::<T>();
        let tick = MARK + APART;
        asks::<T>(20, tick + APART);
        let owner = trader::<T>("light", 0, 1);

        #[extrinsic_call]
        place_order(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            MARKET,
            Side::Bid,
            quantity(LOTS),
            price(tick),
            TimeInForce::GoodTillCancelled,
            false,
            Some(1_000u32.into()),
        );

        assert_eq!(Pallet::<T>::best_bid(MARKET), Some(price(tick)));
    }

    // In one market and without terms: what markets and terms add has weights of its own.
    #[benchmark]
    fn batch_place(n: Linear<1, MAX_BATCH>) {
        let owner = quoter::<T>(n);
        let actions = (0..n).map(|i| BookAction::Place(exit::<T>(i))).collect();

        #[extrinsic_call]
        batch(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            actions,
            false,
        );

        assert_eq!(Desks::<T>::get(&owner).orders, PAGE_LEN);
    }

    // Each from words of the bitmap of its own into others.
    #[benchmark]
    fn batch_replace(n: Linear<1, MAX_BATCH>) {
        let owner = quoter::<T>(n);
        let first = NextOrderId::<T>::get(MARKET);
        for i in 0..n {
            Pallet::<T>::place(&owner, exit::<T>(i).into(), &mut Tally::default()).unwrap();
        }
        forget_places::<T>(&owner);

        #[extrinsic_call]
        batch(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            moves::<T>(first, n, MAX_BATCH),
            false,
        );

        assert_eq!(Desks::<T>::get(&owner).orders, PAGE_LEN);
        assert_eq!(Pallet::<T>::best_ask(MARKET), Some(price(rung(MAX_BATCH))));
    }

    // By their names.
    #[benchmark]
    fn batch_cancel(n: Linear<1, MAX_BATCH>) {
        let owner = quoter::<T>(n);
        for i in 0..n {
            place::<T>(&owner, Side::Ask, LOTS, rung(i));
        }
        let actions = (0..n)
            .map(|i| BookAction::CancelByClientId {
                client_id: rung(i).into(),
            })
            .collect();

        #[extrinsic_call]
        batch(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            actions,
            false,
        );

        assert_eq!(Pallet::<T>::best_ask(MARKET), None);
    }

    // Orders with all terms that move: nothing else that a row is made of does more. Stops have weights of
    // their own.
    #[benchmark]
    fn batch_undone(n: Linear<1, MAX_BATCH>) {
        let owner = quoter::<T>(n);
        let first = NextOrderId::<T>::get(MARKET);
        for i in 0..n {
            let order = OrderTerms {
                reduce_only: true,
                ..terms::<T>(Side::Ask, LOTS, rung(i), i.into())
            };
            Pallet::<T>::place(&owner, order, &mut Tally::default()).unwrap();
        }
        let actions = moves::<T>(first, n, MAX_BATCH);
        let mut met = Tally {
            margin: MarginCheck::Later { owed: false },
            places: Some(Pallet::<T>::places_for(&owner, n)),
            ..Default::default()
        };
        let mut work = Workload::of(&actions);
        let mut results = Vec::new();

        #[block]
        {
            let undone = frame_support::storage::with_storage_layer(|| {
                results =
                    Pallet::<T>::run_each(&owner, &actions, false, &mut met, &mut work).unwrap();
                Err::<(), DispatchError>(Error::<T>::Corrupt.into())
            });
            assert!(undone.is_err());
        }

        assert!(results.iter().all(Result::is_ok));
        assert_eq!(Pallet::<T>::best_ask(MARKET), Some(price(rung(0))));
    }

    #[benchmark]
    fn batch_markets(m: Linear<1, MARKETS>) {
        let owner = spread::<T>();
        let other = trader::<T>("other", 0, PAGE_LEN);
        let markets = (0..m).map(|n| MarketId(MARKET.0 + n));
        for market in markets.clone() {
            place_in::<T>(&other, market, Side::Ask, LOTS, rung(1));
        }
        let actions = markets
            .map(|market| BookAction::Place(quote::<T>(market, Side::Bid, MARK)))
            .collect();

        #[extrinsic_call]
        batch(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            actions,
            false,
        );

        assert_eq!(Desks::<T>::get(&owner).orders, PAGE_LEN - MARKETS + m);
    }

    #[benchmark]
    fn batch_take(n: Linear<1, MARKETS>) {
        let owner = spread::<T>();
        let markets = (0..n).map(|n| MarketId(MARKET.0 + n));
        for (i, market) in markets.clone().enumerate() {
            let maker = trader::<T>("maker", i as u32, 1);
            T::Margin::fill_up(&maker, market);
            place_in::<T>(&maker, market, Side::Ask, LOTS, rung(1));
        }
        let actions = markets
            .clone()
            .map(|market| {
                BookAction::Place(NewOrder {
                    time_in_force: TimeInForce::GoodTillCancelled,
                    ..quote::<T>(market, Side::Bid, rung(1))
                })
            })
            .collect();

        #[extrinsic_call]
        batch(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            actions,
            false,
        );

        for market in markets {
            assert_eq!(LastTrade::<T>::get(market), Some(price(rung(1))));
        }
    }

    #[benchmark]
    fn check_margin(n: Linear<1, MAX_BATCH>) {
        setup::<T>();
        let owner = holder::<T>("owner", 0, 1);
        place::<T>(&owner, Side::Bid, LOTS, MARK);

        #[block]
        {
            for _ in 0..n {
                T::Margin::check_orders(&owner).unwrap();
            }
        }

        assert!(Orders::<T>::iter().count() > 0);
    }

    #[benchmark]
    fn check_margin_light(n: Linear<1, MAX_BATCH>) {
        setup::<T>();
        let owner = trader::<T>("light", 0, 1);
        place::<T>(&owner, Side::Bid, LOTS, MARK);

        #[block]
        {
            for _ in 0..n {
                T::Margin::check_orders(&owner).unwrap();
            }
        }

        assert!(Orders::<T>::iter().count() > 0);
    }

    #[benchmark]
    fn free_action() {
        setup::<T>();
        let owner = holder::<T>("owner", 0, 1);
        FeeSchedule::<T>::put(Schedule::default());
        Desks::<T>::mutate(&owner, |desk| desk.unfilled = 0);
        let origin: OriginFor<T> = RawOrigin::Signed(owner.owner.clone()).into();

        let is_free;
        #[block]
        {
            is_free = Pallet::<T>::is_free(&origin, owner.index, 1);
            Pallet::<T>::note_free(&owner, 1);
        }

        assert!(is_free && Pallet::<T>::has_counted(&owner));
    }

    #[benchmark]
    fn free_action_counted() {
        setup::<T>();
        let owner = holder::<T>("owner", 0, 1);
        FeeSchedule::<T>::put(Schedule::default());
        Desks::<T>::mutate(&owner, |desk| desk.unfilled = 0);
        Pallet::<T>::note_free(&owner, 1);
        let origin: OriginFor<T> = RawOrigin::Signed(owner.owner.clone()).into();

        let is_free;
        #[block]
        {
            is_free = Pallet::<T>::is_free(&origin, owner.index, 1);
            Pallet::<T>::note_free(&owner, 1);
        }

        assert!(is_free);
    }

    // A bid and an ask that take each other off, with others behind them far away in the bitmap.
    #[benchmark]
    fn auction_level() {
        setup::<T>();
        T::Auctions::set_reopening(MARKET, Reopening::Collecting);
        let other = trader::<T>("other", 0, 4);
        for i in 0..2 {
            place::<T>(&other, Side::Ask, LOTS, MARK + i * APART);
            place::<T>(&other, Side::Bid, LOTS, MARK + (3 - i) * APART);
        }
        let depth = crate::auction::uncross::stored::<T>(MARKET);
        let range = Range {
            low: 1,
            high: MARK + 4 * APART,
            reference: MARK,
        };
        let mut search = Search::new(range, &depth);

        let step;
        #[block]
        {
            step = search.step(&depth);
            Auctions::<T>::insert(MARKET, Auction::Searching(search));
        }

        assert_eq!(step, Step::On);
    }

    // Each order is alone on its tick and all of it fills.
    #[benchmark]
    fn auction_fill() {
        setup::<T>();
        let bidder = holder::<T>("bidder", 0, 1);
        let asker = holder::<T>("asker", 0, 1);
        T::Auctions::set_reopening(MARKET, Reopening::Collecting);
        place::<T>(&asker, Side::Ask, LOTS, MARK);
        place::<T>(&bidder, Side::Bid, LOTS, MARK);
        let call = Pallet::<T>::call_of(MARKET).unwrap();

        let filled;
        #[block]
        {
            filled = Pallet::<T>::fill_next(&call, MARK);
            Auctions::<T>::insert(MARKET, Auction::Filling(MARK));
        }

        assert_eq!(filled, Ok(true));
        assert_eq!(Orders::<T>::iter().count(), 0);
        assert_eq!(LastTrade::<T>::get(MARKET), Some(price(MARK)));
    }

    // From one fill on, so that the base has the end of a sweep in it. A sweep ends with the last
    // removal it may do, so that one is not among those before the fills.
    #[benchmark]
    fn place_order_fill(
        f: Linear<1, { T::MaxFills::get() }>,
        r: Linear<0, { T::MaxRemovals::get() - 1 }>,
    ) {
        setup::<T>();
        deepen::<T>();
        let limit = asks::<T>(f, dead_asks::<T>(r, MARK));
        let taker = holder::<T>("taker", 0, 1);

        #[extrinsic_call]
        place_order(
            RawOrigin::Signed(taker.owner.clone()),
            taker.index,
            MARKET,
            Side::Bid,
            quantity(LOTS * Lots::from(f) + 1),
            price(limit),
            TimeInForce::GoodTillCancelled,
            false,
            Some(1_000u32.into()),
        );

        // All makers are gone and the rest is in the book.
        assert_eq!(Pallet::<T>::best_ask(MARKET), None);
        assert_eq!(
            Pallet::<T>::depth(MARKET, Side::Bid, 1),
            [(price(limit), quantity(1))]
        );
    }

    #[benchmark]
    fn cancel_order() {
        setup::<T>();
        deepen::<T>();
        let owner = holder::<T>("owner", 0, 1);
        place::<T>(&owner, Side::Ask, LOTS, MARK);
        let id = NextOrderId::<T>::get(MARKET) - 1;

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            MARKET,
            id,
        );

        assert!(!Orders::<T>::contains_key(MARKET, id));
    }

    #[benchmark]
    fn cancel_all(n: Linear<0, MAX_CANCELS>) {
        setup::<T>();
        deepen::<T>();
        let owner = holder::<T>("owner", 0, PAGE_LEN);
        for i in 0..n {
            // Two share a word of the second layer: there are not more.
            place::<T>(&owner, Side::Ask, LOTS, MARK + i * (APART / 2));
        }

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.owner.clone()), owner.index, None);

        assert_eq!(AccountOrders::<T>::iter_prefix(&owner).count(), 0);
    }

    #[benchmark]
    fn amend_order() {
        setup::<T>();
        deepen::<T>();
        let owner = holder::<T>("owner", 0, 1);
        place::<T>(&owner, Side::Ask, LOTS, MARK);
        let id = NextOrderId::<T>::get(MARKET) - 1;

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            MARKET,
            id,
            quantity(LOTS - 1),
            price(MARK),
            false,
        );

        let order = Orders::<T>::get(MARKET, id).unwrap();
        assert_eq!(order.remaining, LOTS - 1);
    }

    // The actions have weights of their own; here each ends at its first read.
    #[benchmark]
    fn batch(n: Linear<0, MAX_BATCH>) {
        setup::<T>();
        let owner = trader::<T>("owner", 0, 1);
        let actions: Vec<_> = (0..n)
            .map(|i| BookAction::Cancel {
                market: MARKET,
                order_id: OrderId::from(i),
            })
            .collect();
        let results = (0..n)
            .map(|_| Err(Error::<T>::UnknownOrder.into()))
            .collect();

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            actions,
            false,
        );

        let account = owner;
        frame_system::Pallet::<T>::assert_last_event(
            Event::<T>::BatchDone { account, results }.into(),
        );
    }

    // What `submit_order` does more than `place_order`, and that order's way through the book is another
    // weight: indexing the terms of a resting order, and the look-up of its name.
    #[benchmark]
    fn order_terms() {
        setup::<T>();
        let owner = trader::<T>("owner", 0, 1);
        place::<T>(&owner, Side::Bid, LOTS, MARK);
        let order = Orders::<T>::get(MARKET, 0).unwrap();
        Pallet::<T>::unindex_terms(MARKET, 0, &order);

        #[block]
        {
            Pallet::<T>::ensure_unnamed(&owner, order.client_id).unwrap();
            Pallet::<T>::index_terms(MARKET, 0, &order);
        }

        assert!(ClientIds::<T>::contains_key(&owner, u128::from(MARK)));
    }

    #[benchmark]
    fn unfilled_fee() {
        setup::<T>();
        let owner = holder::<T>("owner", 0, 1);

        #[block]
        {
            assert!(Pallet::<T>::collect_unfilled(&owner));
        }

        assert_eq!(Desks::<T>::get(&owner).unfilled, 0);
    }

    #[benchmark]
    fn cancel_by_client_id() {
        setup::<T>();
        deepen::<T>();
        let owner = holder::<T>("owner", 0, 1);
        place::<T>(&owner, Side::Ask, LOTS, MARK);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            MARK.into(),
        );

        assert_eq!(Pallet::<T>::best_ask(MARKET), None);
    }

    #[benchmark]
    fn place_stop() {
        setup::<T>();
        let owner = holder::<T>("owner", 0, 1);
        stops::<T>(&owner, 1);
        forget_places::<T>(&owner);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            stop(MARK - 1),
        );

        assert_eq!(Desks::<T>::get(&owner).stops, T::MaxStopsPerAccount::get());
    }

    #[benchmark]
    fn cancel_stop() {
        setup::<T>();
        let owner = trader::<T>("owner", 0, 1);
        stops::<T>(&owner, 0);
        let last = NextStopId::<T>::get() - 1;

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.owner.clone()), owner.index, last);

        assert_eq!(
            Desks::<T>::get(&owner).stops,
            T::MaxStopsPerAccount::get() - 1
        );
    }

    #[benchmark]
    fn cancel_stops(n: Linear<0, { T::MaxStopsPerAccount::get() }>) {
        setup::<T>();
        let owner = trader::<T>("owner", 0, 1);
        stops::<T>(&owner, T::MaxStopsPerAccount::get() - n);

        #[extrinsic_call]
        cancel_all_stops(RawOrigin::Signed(owner.owner.clone()), owner.index, None);

        assert_eq!(Desks::<T>::get(&owner).stops, 0);
    }

    #[benchmark]
    fn heartbeat() {
        setup::<T>();
        let owner = holder::<T>("owner", 0, PAGE_LEN);
        Pallet::<T>::do_heartbeat(&owner, 10, true).unwrap();
        forget_places::<T>(&owner);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            20,
            true,
        );

        assert!(Desks::<T>::get(&owner).deadline.is_some());
    }

    #[benchmark]
    fn set_schedule() -> Result<(), BenchmarkError> {
        let origin =
            T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, dear_schedule());

        assert_eq!(FeeSchedule::<T>::get(), dear_schedule());
        Ok(())
    }

    #[benchmark]
    fn transfer() {
        setup::<T>();
        let from = holder::<T>("owner", 0, 1);
        let to = SubAccount::new(from.owner.clone(), 1);
        T::Margin::endow(&to, Usd::dollars(1_000_000_000));
        T::Margin::fill_up(&to, MARKET);
        let asset = T::Registry::settlement_asset();

        #[block]
        {
            T::Trader::transfer(&from, 1, asset, 1_000_000).unwrap();
        }
    }

    // Each market has a price, and a waiting stop of each condition that is not due.
    #[benchmark]
    fn poll_markets(m: Linear<1, 64>) {
        setup::<T>();
        let owner = trader::<T>("owner", 0, PAGE_LEN);
        let markets: Vec<_> = (1..=m).map(MarketId).collect();
        for market in &markets {
            T::Registry::set_market(*market, params());
            T::Guard::set_status(*market, MarketStatus::Active);
            StopsOf::<T>::remove(&owner);
            Desks::<T>::remove(&owner);
            let waiting = NewStop {
                market: *market,
                ..stop(1)
            };
            Pallet::<T>::do_place_stop(&owner, waiting).unwrap();
        }

        let mut meter = WeightMeter::new();
        #[block]
        {
            let _ = T::Registry::market_ids();
            Pallet::<T>::note_due(&markets);
            Pallet::<T>::trigger_stops(&markets, &mut meter);
        }

        assert_eq!(meter.consumed(), Weight::zero());
    }

    #[benchmark]
    fn sweep_order() {
        setup::<T>();
        deepen::<T>();
        let owner = holder::<T>("owner", 0, 1);
        place::<T>(&owner, Side::Ask, LOTS, MARK);
        let id = NextOrderId::<T>::get(MARKET) - 1;
        frame_system::Pallet::<T>::set_block_number(1_000u32.into());
        // Only this one: the others expire as well.
        let order = Orders::<T>::get(MARKET, id).unwrap();

        #[block]
        {
            let _ = BlockExpiries::<T>::iter_keys().next();
            assert!(Pallet::<T>::expire((MARKET, id)));
        }

        assert!(!Orders::<T>::contains_key(MARKET, id));
        assert!(!ClientIds::<T>::contains_key(
            &owner,
            order.client_id.unwrap()
        ));
    }

    #[benchmark]
    fn sweep_deadline() {
        setup::<T>();
        let owner = trader::<T>("owner", 0, PAGE_LEN);
        Desks::<T>::mutate(&owner, |desk| desk.places = 1);
        Pallet::<T>::do_heartbeat(&owner, 10, false).unwrap();
        frame_system::Pallet::<T>::set_block_number(1_000u32.into());

        let mut meter = WeightMeter::new();
        #[block]
        {
            let _ = Deadlines::<T>::iter_keys().next();
            Pallet::<T>::cancel_missed(&owner, &mut meter).unwrap();
        }

        assert_eq!(Deadlines::<T>::iter().count(), 0);
    }

    // Its order is refused at once, because it has the name of another.
    #[benchmark]
    fn trigger_stop() {
        setup::<T>();
        let owner = trader::<T>("owner", 0, 1);
        let mut order = terms::<T>(Side::Bid, LOTS, MARK, 1);
        order.good_till = None;
        Pallet::<T>::place(&owner, order, &mut Tally::default()).unwrap();
        stops::<T>(&owner, 1);
        Pallet::<T>::do_place_stop(&owner, stop(MARK)).unwrap();
        let key = *StopsOf::<T>::get(&owner).last().unwrap();
        let grid = Pallet::<T>::grid(MARKET).unwrap();

        #[block]
        {
            Pallet::<T>::fire(&key, price(MARK), &grid, &mut Tally::default()).unwrap();
        }

        assert_eq!(
            Desks::<T>::get(&owner).stops,
            T::MaxStopsPerAccount::get() - 1
        );
    }

    #[benchmark]
    fn close(f: Linear<1, { T::MaxFills::get() }>, r: Linear<0, { T::MaxRemovals::get() - 1 }>) {
        setup::<T>();
        // A short position, opened against a maker who is not met again, and larger than what is there
        // to buy.
        let closed = holder::<T>("closed", 0, PAGE_LEN);
        let lots = LOTS * Lots::from(f) + 1;
        let opener = trader::<T>("opener", 0, 1);
        place::<T>(&opener, Side::Bid, lots, MARK);
        place::<T>(&closed, Side::Ask, lots, MARK);
        deepen::<T>();
        let limit = asks::<T>(f, dead_asks::<T>(r, MARK));

        let execution;
        #[block]
        {
            execution = <Pallet<T> as LiquidationVenue<T::AccountId>>::close(
                &closed,
                MARKET,
                Side::Bid,
                quantity(lots),
                price(limit),
                T::MaxFills::get(),
            );
        }

        assert_eq!((execution.fills, execution.removed), (f, r));
        assert_eq!(execution.quantity, quantity(LOTS * Lots::from(f)));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::benchmark_ext(), crate::mock::Test);
}
