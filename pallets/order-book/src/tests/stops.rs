//! Stops and take profits.

use crate::{
    mock::*, CancelReason, Desks, Error, Event, NewStop, Pallet, StopId, Stops, StopsOf, Tick,
};
use bulwark_primitives::{
    MarketStatus, OrderId, Price, PriceError, Side, StopCondition, PRICE_SCALE,
};
use bulwark_traits::mock::{market_params, Guard, Prices, INDEX};
use frame_support::{
    assert_noop, assert_ok,
    traits::Hooks,
    weights::{Weight, WeightMeter},
};
use sp_runtime::{DispatchError, DispatchResult};

/// A stop in ticks and lots of [`MARKET`].
#[derive(Clone, Copy)]
pub struct Waiting {
    owner: u64,
    condition: StopCondition,
    trigger: Tick,
    side: Side,
    lots: u64,
    limit: Tick,
    rests: bool,
    reduce_only: bool,
}

impl Waiting {
    pub fn place(self) -> DispatchResult {
        OrderBook::place_stop(RuntimeOrigin::signed(self.owner), 0, self.stop())
    }

    fn stop(self) -> NewStop {
        NewStop {
            market: MARKET,
            condition: self.condition,
            trigger: price(MARKET, self.trigger),
            side: self.side,
            quantity: quantity(MARKET, self.lots),
            price: price(MARKET, self.limit),
            rests: self.rests,
            reduce_only: self.reduce_only,
            client_id: None,
        }
    }

    fn limit(self, limit: Tick) -> Self {
        Self { limit, ..self }
    }

    fn rests(self) -> Self {
        Self {
            rests: true,
            ..self
        }
    }

    fn reduce_only(self) -> Self {
        Self {
            reduce_only: true,
            ..self
        }
    }
}

/// Sells at any price when the mark falls to `trigger`.
pub fn sell_below(owner: u64, lots: u64, trigger: Tick) -> Waiting {
    Waiting {
        owner,
        condition: StopCondition::AtOrBelow,
        trigger,
        side: Side::Ask,
        lots,
        limit: 1,
        rests: false,
        reduce_only: false,
    }
}

/// Buys up to tick 2,000 when the mark rises to `trigger`.
fn buy_above(owner: u64, lots: u64, trigger: Tick) -> Waiting {
    Waiting {
        condition: StopCondition::AtOrAbove,
        side: Side::Bid,
        limit: 2_000,
        ..sell_below(owner, lots, trigger)
    }
}

/// Sets the mark price in ticks of [`MARKET`] and runs the step of the next block.
fn mark(tick: u128) {
    Prices::set_result(INDEX, Ok(Price(market_params().tick_size.0 * tick)));
    poll(System::block_number() + 1);
}

/// The stops triggered since the last call, with what came of them.
fn triggered() -> Vec<(StopId, Result<OrderId, DispatchError>)> {
    events()
        .into_iter()
        .filter_map(|event| match event {
            Event::StopTriggered {
                stop_id, result, ..
            } => Some((stop_id, result)),
            _ => None,
        })
        .collect()
}

#[test]
fn stop_should_wait_until_the_mark_price_is_at_its_trigger() {
    run(|| {
        assert_ok!(bid(2, 9, 900).place());
        assert_ok!(sell_below(1, 5, 950).place());
        // It holds no margin.
        assert_eq!(Open::get((account(1), MARKET)), Default::default());
        mark(951);
        assert_eq!(triggered(), vec![]);
        // Between two ticks is above the lower one.
        Prices::set_result(INDEX, Ok(Price(market_params().tick_size.0 * 950 + 1)));
        poll(9);
        assert_eq!(triggered(), vec![]);
        mark(950);
        assert_eq!(triggered(), vec![(0, Ok(1))]);
        assert_eq!((size(1), size(2)), (-5, 5));
        assert_eq!(Stops::<Test>::iter().count(), 0);
        assert_eq!(StopsOf::<Test>::iter().count(), 0);
        mark(900);
        assert_eq!(triggered(), vec![]);
    });
}

#[test]
fn stop_above_should_be_triggered_when_the_mark_price_rises_to_it() {
    run(|| {
        assert_ok!(ask(2, 9, 1_100).place());
        assert_ok!(buy_above(1, 5, 1_050).place());
        Prices::set_result(INDEX, Ok(Price(market_params().tick_size.0 * 1_050 - 1)));
        poll(2);
        assert_eq!(triggered(), vec![]);
        mark(1_050);
        assert_eq!(triggered(), vec![(0, Ok(1))]);
        assert_eq!(size(1), 5);
    });
}

#[test]
fn stops_should_be_triggered_nearest_first_and_then_oldest_first() {
    run(|| {
        for (owner, trigger) in [(1, 940), (2, 950), (3, 950), (4, 930)] {
            assert_ok!(sell_below(owner, 1, trigger).rests().limit(940).place());
        }
        events();
        mark(940);
        let ids: Vec<StopId> = triggered().iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, vec![1, 2, 0]);
        // And so they stand in the book.
        let makers: Vec<u64> = OrderBook::depth(MARKET, Side::Ask, 9)
            .iter()
            .map(|(_, lots)| (lots.0 / market_params().lot_size.0) as u64)
            .collect();
        assert_eq!(makers, vec![3]);
        assert_eq!(Stops::<Test>::iter().count(), 1);
    });
}

#[test]
fn stop_should_be_gone_with_the_reason_when_its_order_is_refused() {
    run(|| {
        assert_ok!(sell_below(1, 5, 950).reduce_only().place());
        RefusedOrders::insert(account(2), true);
        assert_ok!(sell_below(2, 5, 950).rests().place());
        mark(950);
        assert_eq!(
            triggered(),
            vec![
                (0, Err(Error::<Test>::ReduceOnlyWouldIncrease.into())),
                (1, Err(NO_ORDER))
            ]
        );
        assert_eq!(Stops::<Test>::iter().count(), 0);
    });
}

#[test]
fn reduce_only_stop_should_close_no_more_than_the_position() {
    run(|| {
        assert_ok!(bid(2, 9, 900).place());
        set_size(1, 3);
        assert_ok!(sell_below(1, 5, 950).reduce_only().place());
        mark(950);
        assert_eq!((size(1), size(2)), (0, 3));
    });
}

#[test]
fn stop_should_wait_on_when_the_market_fills_nothing_or_has_no_clean_price() {
    run(|| {
        assert_ok!(sell_below(1, 5, 950).rests().place());
        for status in [MarketStatus::Paused, MarketStatus::PostOnly] {
            Guard::set(MARKET, status);
            mark(900);
            assert_eq!(triggered(), vec![]);
        }
        Guard::set(MARKET, MarketStatus::Active);
        Prices::set_result(INDEX, Err(PriceError::Stale));
        poll(9);
        Prices::set_unclean(INDEX, PriceError::Uncertain, Price(PRICE_SCALE));
        poll(10);
        assert_eq!(triggered(), vec![]);
        mark(900);
        assert_eq!(triggered(), vec![(0, Ok(0))]);
    });
}

#[test]
fn worst_price_should_be_taken_to_the_band_when_that_has_left_it_behind() {
    run(|| {
        assert_ok!(bid(2, 5, 900).place());
        Guard::set_band(MARKET, 85, 95);
        assert_ok!(sell_below(1, 5, 950).place());
        assert_ok!(buy_above(3, 5, 800).rests().place());
        assert_ok!(buy_above(4, 5, 800).rests().limit(840).place());
        mark(950);
        assert_eq!(
            triggered(),
            vec![
                (0, Ok(1)),
                (1, Ok(2)),
                // Not better for its owner than his limit.
                (2, Err(Error::<Test>::OutsideBand.into()))
            ]
        );
        assert_eq!(size(1), -5);
        assert_eq!(levels(Side::Bid), vec![(950, 5)]);
    });
}

#[test]
fn stops_should_be_triggered_in_the_next_block_when_the_budget_ends() {
    run(|| {
        for owner in 1..=5 {
            assert_ok!(sell_below(owner, 1, 950).rests().place());
        }
        events();
        // A stop weighs 1,101 when nothing is met, and 1,102 may be needed for it.
        Prices::set_result(INDEX, Ok(Price(market_params().tick_size.0 * 900)));
        let step = |limit, block| {
            System::set_block_number(block);
            let proof = u64::MAX;
            OrderBook::on_poll(
                block,
                &mut WeightMeter::with_limit(Weight::from_parts(limit, proof)),
            );
            Pallet::<Test>::do_try_state().unwrap();
            triggered().len()
        };
        assert_eq!(step(1 + 2_203, 2), 2);
        // They are due wherever the price goes, and nobody comes among them.
        Prices::set(INDEX, 100);
        assert_noop!(sell_below(9, 1, 901).place(), Error::<Test>::StopsDue);
        assert_ok!(sell_below(9, 1, 899).place());
        assert_eq!(step(1 + 1_101, 3), 0);
        assert_eq!(step(1 + 2_203, 4), 2);
        assert_eq!(step(1 + 9_999, 5), 1);
        assert_eq!(step(1 + 9_999, 6), 0);
        assert_ok!(sell_below(9, 1, 901).place());
        assert_eq!(Stops::<Test>::iter().count(), 2);
    });
}

#[test]
fn stop_should_be_refused_when_it_breaks_a_bound() {
    run(|| {
        let place = |change: fn(&mut NewStop)| {
            let mut stop = sell_below(1, 5, 950).stop();
            change(&mut stop);
            OrderBook::place_stop(RuntimeOrigin::signed(1), 0, stop)
        };
        let refused = |change: fn(&mut NewStop), error: Error<Test>| {
            assert_noop!(place(change), error);
        };
        refused(|stop| stop.trigger.0 += 1, Error::OffTick);
        refused(|stop| stop.price.0 += 1, Error::OffTick);
        refused(|stop| stop.price.0 = 0, Error::TickOutOfRange);
        refused(|stop| stop.quantity.0 += 1, Error::OffLot);
        refused(|stop| stop.quantity.0 = 0, Error::ZeroQuantity);
        refused(|stop| stop.market.0 = 9, Error::UnknownMarket);
        for _ in 0..4 {
            assert_ok!(sell_below(1, 5, 950).place());
        }
        refused(|_| {}, Error::TooManyStops);
        Equities::insert(account(2), 9);
        assert_noop!(sell_below(2, 5, 950).place(), Error::<Test>::TooManyOrders);
        assert_ok!(sell_below(2, 5, 950).reduce_only().place());
    });
}

#[test]
fn stop_should_be_gone_when_its_owner_cancels_it() {
    run(|| {
        for trigger in [950, 940, 930] {
            assert_ok!(sell_below(1, 5, trigger).place());
        }
        let cancel = |owner, id| OrderBook::cancel_stop(RuntimeOrigin::signed(owner), 0, id);
        assert_noop!(cancel(2, 1), Error::<Test>::UnknownStop);
        assert_ok!(cancel(1, 1));
        assert_noop!(cancel(1, 1), Error::<Test>::UnknownStop);
        let left: Vec<StopId> = OrderBook::stops_of(&account(1))
            .iter()
            .map(|stop| stop.id)
            .collect();
        assert_eq!(left, vec![0, 2]);
        assert_eq!(
            OrderBook::stops_of(&account(1))[1].stop,
            sell_below(1, 5, 930).stop()
        );
        let all = |market| OrderBook::cancel_all_stops(RuntimeOrigin::signed(1), 0, market);
        assert_eq!(
            all(Some(FINE)).unwrap().actual_weight.unwrap().proof_size(),
            0
        );
        assert_eq!(all(None).unwrap().actual_weight.unwrap().proof_size(), 2);
        assert_eq!(Desks::<Test>::iter().count(), 0);
    });
}

#[test]
fn order_of_a_stop_should_die_with_an_event_when_nothing_is_there_to_fill() {
    run(|| {
        assert_ok!(sell_below(1, 5, 950).place());
        events();
        mark(950);
        assert_eq!(cancels(), vec![(0, 5, CancelReason::ImmediateOrCancel)]);
    });
}
