//! Stops: orders that wait outside the book until the mark price of a block triggers them.
//!
//! The keys of [`Stops`] are in the order in which stops are triggered: by market and condition, then
//! the trigger nearest to the price, then the oldest. Storage is a sorted map, so the first key of a
//! market and condition says whether any is due, and what is triggered is read and nothing else,
//! however many wait. It takes one item a stop and, unlike the book, nothing asks for sums by tick, so
//! levels and a bitmap would only be more to write. Keys made of a user's price are no way to make the
//! trie deep: there are four bytes of it.
//!
//! A waiting stop holds no margin. It takes one of its account's places, is placed like any order when
//! it is triggered, and then is gone, whatever came of that.

use crate::{
    amend::ensure_large_enough,
    matching::Tally,
    place::TermsOf,
    types::{Grid, StopKey, StopOrder},
    Config, DueStops, Error, Event, NewStop, NextStopId, OrderTerms, Pallet, StopId, StopInfo,
    Stops, StopsOf, SubAccountOf, Tick, WeightInfo,
};
use alloc::vec::Vec;
use bulwark_primitives::{MarketId, Price, SelfTrade, Side, StopCondition, TimeInForce};
use bulwark_traits::{MarketGuard, MarketRegistry, PriceSource};
use frame_support::{
    ensure,
    storage::with_storage_layer,
    traits::Get,
    weights::{Weight, WeightMeter},
};
use sp_runtime::{DispatchError, DispatchResult};

/// Most stops of one market and condition that one block triggers.
pub const MAX_TRIGGERS: usize = 64;
/// Most resting orders that the order of a triggered stop fills, and most that it takes out: less than
/// an order of a transaction may, so that more stops fit into a block.
pub const STOP_FILLS: u32 = 16;
/// Both conditions.
const CONDITIONS: [StopCondition; 2] = [StopCondition::AtOrBelow, StopCondition::AtOrAbove];

impl<T: Config> Pallet<T> {
    /// Lets a stop wait and returns its id.
    ///
    /// # Errors
    /// See `place_stop`. The caller undoes what was done until then.
    pub(crate) fn do_place_stop(
        account: &SubAccountOf<T>,
        stop: NewStop,
    ) -> Result<StopId, DispatchError> {
        let market = stop.market;
        let params = T::Registry::market(market).ok_or(Error::<T>::UnknownMarket)?;
        let grid = Grid::new(&params);
        let trigger = grid.ticks::<T>(stop.trigger)?;
        let limit = grid.ticks::<T>(stop.price)?;
        let lots = grid.lots::<T>(stop.quantity)?;
        ensure!(lots > 0, Error::<T>::ZeroQuantity);
        ensure_large_enough::<T>(&params, stop.quantity, stop.reduce_only)?;
        let rank = StopKey::rank(stop.condition, trigger);
        ensure!(
            DueStops::<T>::get((market, stop.condition)).is_none_or(|last| rank > last),
            Error::<T>::StopsDue
        );
        Self::on_desk(account, |desk| {
            ensure!(
                desk.stops < T::MaxStopsPerAccount::get(),
                Error::<T>::TooManyStops
            );
            Self::ensure_place(account, desk, stop.reduce_only, None)?;
            desk.stops = desk.stops.saturating_add(1);
            Ok(())
        })?;
        let id = NextStopId::<T>::get();
        NextStopId::<T>::put(id.checked_add(1).ok_or(Error::<T>::ArithmeticOverflow)?);
        let key = StopKey::new(market, stop.condition, trigger, id);
        StopsOf::<T>::try_append(account, key).map_err(|()| Error::<T>::TooManyStops)?;
        let waiting = StopOrder {
            account: account.clone(),
            side: stop.side,
            lots,
            limit,
            rests: stop.rests,
            reduce_only: stop.reduce_only,
            client_id: stop.client_id,
        };
        Stops::<T>::insert((market, stop.condition), (key.rank, key.id), waiting);
        Self::deposit_event(Event::StopPlaced {
            stop_id: id,
            account: account.clone(),
            stop,
        });
        Ok(id)
    }

    /// Cancels a waiting stop of an account.
    ///
    /// # Errors
    /// `UnknownStop`, also for one of another account.
    pub(crate) fn do_cancel_stop(account: &SubAccountOf<T>, id: StopId) -> DispatchResult {
        let key = StopsOf::<T>::get(account)
            .into_iter()
            .find(|key| key.stop_id() == id)
            .ok_or(Error::<T>::UnknownStop)?;
        Self::drop_stop(&key)
    }

    /// Cancels the waiting stops of an account, in one market or in all. Returns how many.
    pub(crate) fn cancel_stops_of(
        account: &SubAccountOf<T>,
        market: Option<MarketId>,
    ) -> Result<u32, DispatchError> {
        let mut cancelled: u32 = 0;
        for key in StopsOf::<T>::get(account) {
            if market.is_some_and(|only| only != key.market) {
                continue;
            }
            Self::drop_stop(&key)?;
            cancelled = cancelled.saturating_add(1);
        }
        Ok(cancelled)
    }

    /// Cancels a waiting stop.
    pub(crate) fn drop_stop(key: &StopKey) -> DispatchResult {
        let stop = Self::take_stop(key)?;
        Self::deposit_event(Event::StopCancelled {
            market: key.market,
            stop_id: key.stop_id(),
            account: stop.account,
        });
        Ok(())
    }

    /// Takes a stop out of storage.
    fn take_stop(key: &StopKey) -> Result<StopOrder<T::AccountId>, DispatchError> {
        let stop = Stops::<T>::take((key.market, key.condition), (key.rank, key.id))
            .ok_or(Error::<T>::Corrupt)?;
        StopsOf::<T>::try_mutate_exists(&stop.account, |stored| {
            let keys = stored.as_mut().ok_or(Error::<T>::Corrupt)?;
            let at = keys.iter().position(|listed| listed == key);
            keys.remove(at.ok_or(Error::<T>::Corrupt)?);
            if keys.is_empty() {
                *stored = None;
            }
            Ok::<(), DispatchError>(())
        })?;
        Self::on_desk(&stop.account, |desk| {
            desk.stops = desk.stops.checked_sub(1).ok_or(Error::<T>::Corrupt)?;
            Ok(())
        })?;
        Ok(stop)
    }

    /// What the orders of a triggered stop have met before they begin, so that one stop has at most
    /// [`STOP_FILLS`] fills and as many removals.
    fn first_met() -> Tally {
        Tally {
            fills: T::MaxFills::get().saturating_sub(STOP_FILLS),
            removed: T::MaxRemovals::get().saturating_sub(STOP_FILLS),
            ..Default::default()
        }
    }

    /// Most that triggering one stop can use.
    pub(crate) fn worst_trigger() -> Weight {
        let (fills, removals) = (T::MaxFills::get(), T::MaxRemovals::get());
        let most = T::WeightInfo::place_order_fill(fills.min(STOP_FILLS), removals.min(STOP_FILLS));
        T::WeightInfo::trigger_stop()
            .saturating_add(T::WeightInfo::order_terms())
            .saturating_add(T::WeightInfo::place_order_rest().max(most))
    }

    /// Notes how far the stops of each market are due at the prices of this block. They stay due, wherever
    /// the price goes, until all of them are triggered.
    pub(crate) fn note_due(markets: &[MarketId]) {
        for market in markets {
            let Some((grid, mark)) = Self::trigger_price(*market) else {
                continue;
            };
            for condition in CONDITIONS {
                let key = (*market, condition);
                let first = Stops::<T>::iter_key_prefix(key).next();
                let last = last_due(&grid, condition, mark);
                if let (Some((rank, _)), Some(last)) = (first, last) {
                    if rank <= last {
                        let before = DueStops::<T>::get(key).unwrap_or(last);
                        DueStops::<T>::insert(key, before.max(last));
                    }
                }
            }
        }
    }

    /// The grid and the mark price of a market in which stops can be triggered now: it fills orders and
    /// its price is clean.
    fn trigger_price(market: MarketId) -> Option<(Grid, Price)> {
        if !T::Guard::status(market).allows_fills() {
            return None;
        }
        let params = T::Registry::market(market)?;
        let mark = T::Prices::price(params.index_asset).ok()?;
        Some((Grid::new(&params), mark))
    }

    /// Triggers the stops that are due in these markets, until the budget ends. What is left stays due;
    /// the first market is another one in each block.
    pub(crate) fn trigger_stops(markets: &[MarketId], meter: &mut WeightMeter) {
        let count = u32::try_from(markets.len()).unwrap_or(u32::MAX);
        let first = Self::now().checked_rem(count).unwrap_or(0);
        let first = usize::try_from(first).unwrap_or(0);
        for market in markets.iter().cycle().skip(first).take(markets.len()) {
            if !Self::trigger_market(*market, meter) {
                return;
            }
        }
    }

    /// Triggers the due stops of one market; `false` when the budget has ended.
    fn trigger_market(market: MarketId, meter: &mut WeightMeter) -> bool {
        let Some((grid, mark)) = Self::trigger_price(market) else {
            return true;
        };
        for condition in CONDITIONS {
            let Some(last) = DueStops::<T>::get((market, condition)) else {
                continue;
            };
            let due: Vec<_> = Stops::<T>::iter_key_prefix((market, condition))
                .take(MAX_TRIGGERS)
                .take_while(|(rank, _)| *rank <= last)
                .collect();
            let all = due.len() < MAX_TRIGGERS;
            for (rank, id) in due {
                let key = StopKey {
                    market,
                    condition,
                    rank,
                    id,
                };
                if !Self::trigger(&key, mark, &grid, meter) {
                    return false;
                }
            }
            if all {
                DueStops::<T>::remove((market, condition));
            }
        }
        true
    }

    /// Triggers one stop; `false` when the budget does not suffice.
    fn trigger(key: &StopKey, mark: Price, grid: &Grid, meter: &mut WeightMeter) -> bool {
        if !meter.can_consume(Self::worst_trigger()) {
            return false;
        }
        let first = Self::first_met();
        let mut met = first;
        let done = with_storage_layer(|| Self::fire(key, mark, grid, &mut met));
        if let Err(error) = done {
            // A contradiction in storage. The stop stays; the others go on.
            log::error!(target: "runtime::order-book", "stop {key:?} not triggered: {error:?}");
        }
        meter.consume(
            T::WeightInfo::trigger_stop()
                .saturating_add(T::WeightInfo::order_terms())
                .saturating_add(met.since(&first).weight::<T>()),
        );
        true
    }

    /// Turns a stop into an order of its account and tells what came of it.
    pub(crate) fn fire(key: &StopKey, mark: Price, grid: &Grid, met: &mut Tally) -> DispatchResult {
        let stop = Self::take_stop(key)?;
        let result = with_storage_layer(|| {
            let terms = Self::triggered_terms(key, &stop, grid)?;
            Self::place(&stop.account, terms, met)
        });
        Self::deposit_event(Event::StopTriggered {
            market: key.market,
            stop_id: key.stop_id(),
            account: stop.account,
            mark,
            result,
        });
        Ok(())
    }

    /// The order that a stop becomes. A worst price that the band has left behind is taken to the
    /// band's edge, which is better for the owner: the market has moved, or there were no stop.
    fn triggered_terms(
        key: &StopKey,
        stop: &StopOrder<T::AccountId>,
        grid: &Grid,
    ) -> Result<TermsOf<T>, DispatchError> {
        let edge = T::Guard::band(key.market).and_then(|(low, high)| match stop.side {
            Side::Bid => grid.bound(Side::Bid, high),
            Side::Ask => grid.bound(Side::Ask, low),
        });
        let limit = match (stop.side, edge) {
            (_, None) => stop.limit,
            (Side::Bid, Some(edge)) => stop.limit.min(edge),
            (Side::Ask, Some(edge)) => stop.limit.max(edge),
        };
        Ok(OrderTerms {
            market: key.market,
            side: stop.side,
            quantity: grid.quantity::<T>(stop.lots.into())?,
            price: grid.price::<T>(limit)?,
            time_in_force: if stop.rests {
                TimeInForce::GoodTillCancelled
            } else {
                TimeInForce::ImmediateOrCancel
            },
            reduce_only: stop.reduce_only,
            expires_at: None,
            good_till: None,
            client_id: stop.client_id,
            self_trade: SelfTrade::default(),
        })
    }

    /// The waiting stops of an account, oldest first.
    pub fn stops_of(account: &SubAccountOf<T>) -> Vec<StopInfo> {
        StopsOf::<T>::get(account)
            .into_iter()
            .filter_map(|key| {
                let stop = Stops::<T>::get((key.market, key.condition), (key.rank, key.id))?;
                let grid = Self::grid(key.market).ok()?;
                Some(StopInfo {
                    id: key.stop_id(),
                    stop: NewStop {
                        market: key.market,
                        condition: key.condition,
                        trigger: grid.price::<T>(key.trigger()).ok()?,
                        side: stop.side,
                        quantity: grid.quantity::<T>(stop.lots.into()).ok()?,
                        price: grid.price::<T>(stop.limit).ok()?,
                        rests: stop.rests,
                        reduce_only: stop.reduce_only,
                        client_id: stop.client_id,
                    },
                })
            })
            .collect()
    }
}

/// The last rank that is due at a mark price; `None` when none can be.
fn last_due(grid: &Grid, condition: StopCondition, mark: Price) -> Option<[u8; 4]> {
    let (below, inexact) = grid.ticks_around(mark)?;
    let tick = match condition {
        // A trigger is due when it is not below the mark: its tick is not below the next one up.
        StopCondition::AtOrBelow => Tick::try_from(below.checked_add(inexact.into())?).ok()?,
        StopCondition::AtOrAbove => Tick::try_from(below).unwrap_or(Tick::MAX),
    };
    Some(StopKey::rank(condition, tick))
}
