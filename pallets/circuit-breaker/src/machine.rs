//! The status machine as it runs: every block, and for the other pallets.

use crate::{
    types::{pause, tighten, Tightened, BACKLOG_HOLD, PRICE_WAIT},
    Collected, Config, Event, Pallet, Reference, References, Settings, Standing, StatusRecord,
    Statuses, Timing,
};
use bulwark_primitives::{
    Incident, MarketId, MarketParams, MarketStatus, Moment, Price, PriceError, StatusReason,
};
use bulwark_risk_math::bounds;
use bulwark_traits::{AuctionGuard, MarketGuard, MarketRegistry, PriceSource, Reopening};
use frame_support::traits::Time;

impl<T: Config> Pallet<T> {
    /// One block for every market. Returns how many there are.
    pub(crate) fn run_markets(now: Moment) -> u32 {
        let timing = Settings::<T>::get();
        let mut count = 0u32;
        for market in T::Registry::market_ids() {
            count = count.saturating_add(1);
            if let Some(params) = T::Registry::market(market) {
                Self::run_market(market, &params, now, &timing);
            }
        }
        count
    }

    fn run_market(market: MarketId, params: &MarketParams, now: Moment, timing: &Timing) {
        let price = T::Prices::price(params.index_asset);
        let mut record = Statuses::<T>::get(market);
        if let Some(ended) = record
            .clone()
            .filter(|record| record.standing().has_ended(now))
        {
            record = ended.at(now);
            // Only a pause for the price starts the reference again: so that the move that paused
            // the market does not pause it again at once. A backlog says nothing of the price.
            if ended.reason == StatusReason::PriceBand {
                Self::open_auction(market, record.as_ref(), now);
                Self::restart_reference(market, price, now);
                return;
            }
            Self::resume(market, record.as_ref());
        }
        // Without a clean price nothing is known: the reference keeps, and so does the time outside.
        let Ok(price) = price else { return };
        let Some(reference) = References::<T>::get(market) else {
            References::<T>::insert(market, Reference::new(price, now));
            return;
        };
        match reference.next(price, now, params.price_band, timing) {
            Ok((next, trips)) => {
                References::<T>::insert(market, next);
                if trips {
                    Self::trip(market, record.as_ref(), now, timing);
                }
            }
            Err(_) => Self::report(market, Incident::MathFailure),
        }
    }

    /// Lets the book of a market that collected orders be uncrossed; `left` is what follows that.
    pub(crate) fn open_auction(market: MarketId, left: Option<&StatusRecord>, now: Moment) {
        Statuses::<T>::insert(market, StatusRecord::auction(left, now));
        Self::deposit_event(Event::AuctionOpened { market });
    }

    /// Ends a timed status; `left` is what follows it.
    fn resume(market: MarketId, left: Option<&StatusRecord>) {
        match left {
            Some(record) => Statuses::<T>::insert(market, record),
            None => Statuses::<T>::remove(market),
        }
        Self::deposit_event(Event::MarketResumed {
            market,
            status: left.map_or(MarketStatus::Active, |record| record.status),
        });
    }

    pub(crate) fn restart_reference(
        market: MarketId,
        price: Result<Price, PriceError>,
        now: Moment,
    ) {
        match price {
            Ok(price) => References::<T>::insert(market, Reference::new(price, now)),
            Err(_) => References::<T>::mutate_extant(market, |reference| {
                *reference = reference.expired();
            }),
        }
    }

    fn trip(market: MarketId, record: Option<&StatusRecord>, now: Moment, timing: &Timing) {
        if let Some(paused) = pause(record, now, timing) {
            Statuses::<T>::insert(market, &paused);
            Collected::<T>::insert(market, ());
            Self::deposit_event(Event::MarketHalted {
                market,
                status: paused.status,
                reason: paused.reason,
                until: paused.until,
            });
        }
    }

    /// Puts `status` on a market if that takes anything away, and tells what came of it.
    pub(crate) fn halt(
        market: MarketId,
        status: MarketStatus,
        reason: StatusReason,
        until: Option<Moment>,
    ) -> Tightened {
        let halt = Standing {
            status,
            reason,
            since: T::Clock::now(),
            until,
        };
        let tightened = tighten(Statuses::<T>::get(market).as_ref(), halt);
        match &tightened {
            Tightened::Now(record) => {
                Statuses::<T>::insert(market, record);
                Self::deposit_event(Event::MarketHalted {
                    market,
                    status,
                    reason,
                    until,
                });
            }
            Tightened::Later(record) => {
                Statuses::<T>::insert(market, record);
                Self::deposit_event(Event::HaltQueued {
                    market,
                    status,
                    reason,
                });
            }
            // Told in every block of what goes on: no event for each.
            Tightened::Renewed(record) => Statuses::<T>::insert(market, record),
            Tightened::Same | Tightened::Looser => {}
        }
        tightened
    }
}

impl<T: Config> MarketGuard for Pallet<T> {
    fn status(market: MarketId) -> MarketStatus {
        if !T::Registry::exists(market) {
            return MarketStatus::Closed;
        }
        Statuses::<T>::get(market).map_or(MarketStatus::Active, |record| record.status)
    }

    fn order_status(market: MarketId) -> MarketStatus {
        match T::Registry::market(market) {
            Some(params) => Self::order_status_of(market, &params),
            None => MarketStatus::Closed,
        }
    }

    fn order_status_of(market: MarketId, _params: &MarketParams) -> MarketStatus {
        let record = Statuses::<T>::get(market);
        let status = record
            .as_ref()
            .map_or(MarketStatus::Active, |record| record.status);
        if status != MarketStatus::Paused || Self::reopening(market).is_none() {
            return status;
        }
        let then = record.and_then(|record| record.after(T::Clock::now()));
        match then.map_or(MarketStatus::Active, |record| record.status) {
            // In an auction nobody takes.
            MarketStatus::PostOnly => MarketStatus::Active,
            then => then,
        }
    }

    fn band(market: MarketId) -> Option<(Price, Price)> {
        Self::band_of(market, &T::Registry::market(market)?)
    }

    fn band_of(market: MarketId, params: &MarketParams) -> Option<(Price, Price)> {
        let mean = References::<T>::get(market)?.mean;
        // A band that cannot be computed is none at all: only the reference itself is inside.
        Some(bounds(mean, params.price_band).unwrap_or((mean, mean)))
    }

    fn admits_makers(market: MarketId) -> bool {
        if !T::Registry::exists(market) {
            return false;
        }
        // Orders of an auction are judged by what follows it.
        let record = Statuses::<T>::get(market).and_then(|record| {
            if Self::reopening(market).is_some() {
                record.after(T::Clock::now())
            } else {
                Some(record)
            }
        });
        record.is_none_or(|record| record.status.allows_makers(record.reason))
    }

    fn report(market: MarketId, incident: Incident) {
        if T::Registry::market(market).is_none() {
            return;
        }
        let (reason, until) = match incident {
            // Gone by itself when it is not reported any more.
            Incident::LiquidationBacklog => (
                StatusReason::Backlog,
                Some(T::Clock::now().saturating_add(BACKLOG_HOLD)),
            ),
            // Somebody has to look at what happened.
            Incident::UncoveredLoss | Incident::MathFailure => (StatusReason::Incident, None),
        };
        match Self::halt(market, MarketStatus::ReduceOnly, reason, until) {
            Tightened::Now(_) | Tightened::Later(_) => {
                Self::deposit_event(Event::IncidentReported { market, incident });
            }
            // Told again of what is already answered: no event for every block of it.
            Tightened::Renewed(_) | Tightened::Same | Tightened::Looser => {}
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_status(market: MarketId, status: MarketStatus) {
        if status == MarketStatus::Active {
            Statuses::<T>::remove(market);
        } else {
            let standing = Standing {
                status,
                reason: StatusReason::Governance,
                since: T::Clock::now(),
                until: None,
            };
            Statuses::<T>::insert(market, StatusRecord::from(standing));
        }
    }
}

impl<T: Config> AuctionGuard for Pallet<T> {
    fn reopening(market: MarketId) -> Option<Reopening> {
        let record = Statuses::<T>::get(market)?;
        match (record.status, record.reason) {
            (MarketStatus::Paused, StatusReason::PriceBand) => Some(Reopening::Collecting),
            (_, StatusReason::Auction) => {
                let waited = T::Clock::now().saturating_sub(record.since) >= PRICE_WAIT;
                let params = T::Registry::market(market)?;
                if waited || T::Prices::price(params.index_asset).is_ok() {
                    Some(Reopening::Uncrossing)
                } else {
                    Some(Reopening::Collecting)
                }
            }
            (
                _,
                StatusReason::Normal
                | StatusReason::PriceBand
                | StatusReason::Governance
                | StatusReason::Incident
                | StatusReason::Backlog,
            ) => None,
        }
    }

    fn reference(market: MarketId) -> Option<Price> {
        References::<T>::get(market).map(|reference| reference.mean)
    }

    fn reopened(market: MarketId) {
        let record = Statuses::<T>::get(market).filter(|record| record.standing().is_auction());
        let Some(record) = record else { return };
        Collected::<T>::remove(market);
        Self::resume(market, record.after(T::Clock::now()).as_ref());
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_reopening(market: MarketId, reopening: Reopening) {
        let mut record = StatusRecord::auction(None, T::Clock::now());
        if reopening == Reopening::Collecting {
            record.reason = StatusReason::PriceBand;
            record.until = Some(Moment::MAX);
        }
        Collected::<T>::insert(market, ());
        Statuses::<T>::insert(market, record);
    }
}
