//! What the book does by itself in every block: cancel what is over, run auctions, trigger stops.
//!
//! It runs in `on_poll`, after the `on_initialize` of all pallets and before the first transaction
//! of a user: after prices, brakes and liquidation, before people. Its budget is `PollWeight`, and what
//! liquidation and inherents have left of the block when that is less. Half of it at most is for what is over,
//! auctions have the rest and what that leaves, and stops what those leave: a market in an auction triggers
//! none, and an auction is over in a few blocks. What does not fit is due in the next block: the queues are
//! storage, sorted by when they are due, and an entry leaves only with what it stands for.

use crate::{
    batch::MAX_CANCELS,
    types::{CancelReason, StopKey},
    BlockExpiries, Config, Deadlines, Desks, Orders, Pallet, Stops, SubAccountOf, TimeExpiries,
    WeightInfo,
};
use alloc::vec::Vec;
use bulwark_primitives::{MarketId, MarketStatus, OrderId, Side, StopCondition};
use bulwark_traits::{MarketGuard, MarketRegistry};
use frame_support::{
    storage::with_storage_layer,
    traits::{Get, Time},
    weights::{Weight, WeightMeter},
};
use sp_runtime::{DispatchError, DispatchResult};

/// Most entries of one queue that one block looks at.
const MAX_SWEEP: usize = 512;

/// How often `each` fits, at most [`MAX_SWEEP`] times.
fn affordable(meter: &WeightMeter, each: Weight) -> usize {
    meter
        .remaining()
        .checked_div_per_component(&each)
        .and_then(|times| usize::try_from(times).ok())
        .map_or(0, |times| times.min(MAX_SWEEP))
}

pub(crate) fn defect(what: &str, error: &DispatchError) {
    log::error!(target: "runtime::order-book", "{what} not swept: {error:?}");
}

impl<T: Config> Pallet<T> {
    /// The book's step of the block.
    pub(crate) fn poll(meter: &mut WeightMeter) {
        let limit = T::PollWeight::get().min(meter.remaining());
        let mut within = WeightMeter::with_limit(limit);
        let markets = T::Registry::market_ids();
        let count = u32::try_from(markets.len()).unwrap_or(u32::MAX);
        if within
            .try_consume(T::WeightInfo::poll_markets(count))
            .is_err()
        {
            return;
        }
        Self::note_due(&markets);
        // At most half, and one stop always has room.
        let left = within.remaining();
        let share = left
            .saturating_div(2)
            .min(left.saturating_sub(Self::worst_trigger()));
        let mut half = WeightMeter::with_limit(share);
        Self::sweep_deadlines(&mut half);
        Self::sweep_expired(&mut half);
        Self::sweep_closed(&markets, &mut half);
        within.consume(half.consumed());
        Self::run_auctions(&markets, &mut within);
        Self::trigger_stops(&markets, &mut within);
        meter.consume(within.consumed());
    }

    /// The least budget that lets every kind of work go on, whatever the others have to do.
    pub(crate) fn least_poll() -> Weight {
        let order = T::WeightInfo::sweep_order();
        let deadline = T::WeightInfo::sweep_deadline()
            .saturating_add(T::WeightInfo::cancel_all(1))
            .saturating_add(T::WeightInfo::cancel_stops(T::MaxStopsPerAccount::get()));
        let markets = u32::try_from(T::Registry::market_ids().len()).unwrap_or(u32::MAX);
        let over = order.max(deadline);
        let single = Self::worst_trigger().max(T::WeightInfo::auction_fill());
        over.saturating_add(over.max(single))
            .saturating_add(T::WeightInfo::poll_markets(markets))
    }

    /// Cancels orders that are no longer valid, the first to expire first.
    fn sweep_expired(meter: &mut WeightMeter) {
        let each = T::WeightInfo::sweep_order();
        let block = u64::from(Self::now()).to_be_bytes();
        let due: Vec<_> = BlockExpiries::<T>::iter_keys()
            .take(affordable(meter, each))
            .take_while(|(at, _)| *at <= block)
            .collect();
        for (at, entry) in due {
            meter.consume(each);
            if !Self::expire(entry) {
                BlockExpiries::<T>::remove(at, entry);
            }
        }
        let moment = T::Clock::now().to_be_bytes();
        let due: Vec<_> = TimeExpiries::<T>::iter_keys()
            .take(affordable(meter, each))
            .take_while(|(at, _)| *at <= moment)
            .collect();
        for (at, entry) in due {
            meter.consume(each);
            if !Self::expire(entry) {
                TimeExpiries::<T>::remove(at, entry);
            }
        }
    }

    /// Cancels an order that has expired; `false` when that is not possible, so that it does not stop
    /// those behind it.
    pub(crate) fn expire((market, id): (MarketId, OrderId)) -> bool {
        let done = with_storage_layer(|| {
            let order = Orders::<T>::get(market, id).ok_or(DispatchError::CannotLookup)?;
            let grid = Self::grid(market)?;
            Self::cancel(market, &grid, id, &order, CancelReason::Expired)?;
            if !order.filled && !order.forced {
                Self::note_unfilled(&order.account);
            }
            Ok::<(), DispatchError>(())
        });
        done.inspect_err(|error| defect("order", error)).is_ok()
    }

    /// Cancels the orders of accounts that did not renew their heartbeat.
    fn sweep_deadlines(meter: &mut WeightMeter) {
        let each = T::WeightInfo::sweep_deadline();
        let now = Self::now().to_be_bytes();
        let due: Vec<_> = Deadlines::<T>::iter_keys()
            .take(affordable(meter, each))
            .take_while(|(at, _)| *at <= now)
            .collect();
        for (at, account) in due {
            if meter.try_consume(each).is_err() {
                return;
            }
            if let Err(error) = with_storage_layer(|| Self::cancel_missed(&account, meter)) {
                defect("heartbeat", &error);
                Deadlines::<T>::remove(at, &account);
            }
        }
    }

    /// Cancels what an account has resting because it did not renew, as far as the budget goes. With
    /// something left it stays due, and what it places meanwhile is cancelled as well.
    pub(crate) fn cancel_missed(
        account: &SubAccountOf<T>,
        meter: &mut WeightMeter,
    ) -> DispatchResult {
        let room = affordable(meter, T::WeightInfo::cancel_all(1));
        let limit = u32::try_from(room).unwrap_or(MAX_CANCELS).min(MAX_CANCELS);
        let reason = CancelReason::HeartbeatMissed;
        let cancelled = Self::cancel_orders_of(account, None, limit, reason)?;
        meter.consume(T::WeightInfo::cancel_all(cancelled));
        let desk = Desks::<T>::get(account);
        if desk.orders > 0 {
            return Ok(());
        }
        if desk.deadline.is_some_and(|deadline| deadline.stops) {
            if meter
                .try_consume(T::WeightInfo::cancel_stops(desk.stops))
                .is_err()
            {
                return Ok(());
            }
            Self::cancel_stops_of(account, None)?;
        }
        Self::end_heartbeat(account)
    }

    /// Cancels what rests and waits in markets that will take no orders any more.
    fn sweep_closed(markets: &[MarketId], meter: &mut WeightMeter) {
        for market in markets {
            if !is_over(T::Guard::status(*market)) {
                continue;
            }
            for side in [Side::Bid, Side::Ask] {
                while let Some(tick) = Self::best(*market, side) {
                    if meter.try_consume(T::WeightInfo::sweep_order()).is_err() {
                        return;
                    }
                    let reason = CancelReason::MarketClosed;
                    let done =
                        with_storage_layer(|| Self::cancel_head(*market, side, tick, reason));
                    if let Err(error) = done {
                        defect("market", &error);
                        return;
                    }
                }
            }
            Self::sweep_closed_stops(*market, meter);
        }
    }

    /// Cancels the oldest order of a level.
    pub(crate) fn cancel_head(
        market: MarketId,
        side: Side,
        tick: crate::Tick,
        reason: CancelReason,
    ) -> DispatchResult {
        let (id, order) = Self::head(market, side, tick)?;
        Self::cancel(market, &Self::grid(market)?, id, &order, reason)
    }

    fn sweep_closed_stops(market: MarketId, meter: &mut WeightMeter) {
        let each = T::WeightInfo::cancel_stop();
        for condition in [StopCondition::AtOrBelow, StopCondition::AtOrAbove] {
            let keys: Vec<_> = Stops::<T>::iter_key_prefix((market, condition))
                .take(affordable(meter, each))
                .collect();
            for (rank, id) in keys {
                meter.consume(each);
                let key = StopKey {
                    market,
                    condition,
                    rank,
                    id,
                };
                if let Err(error) = with_storage_layer(|| Self::drop_stop(&key)) {
                    defect("stop", &error);
                }
            }
        }
    }
}

/// Whether a market in this status will never take an order again.
const fn is_over(status: MarketStatus) -> bool {
    match status {
        MarketStatus::Settling | MarketStatus::Closed => true,
        MarketStatus::Active
        | MarketStatus::PostOnly
        | MarketStatus::ReduceOnly
        | MarketStatus::Paused => false,
    }
}
