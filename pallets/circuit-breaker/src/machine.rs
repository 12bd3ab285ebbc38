//! The status machine as it runs: every block, and for the other pallets.

use crate::{
    types::{pause, tighten, Tightened},
    Config, Event, Pallet, Reference, References, Settings, Standing, StatusRecord, Statuses,
    Timing,
};
use bulwark_primitives::{
    Incident, MarketId, MarketParams, MarketStatus, Moment, Price, PriceError, StatusReason,
};
use bulwark_risk_math::bounds;
use bulwark_traits::{MarketGuard, MarketRegistry, PriceSource};
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
        let record = Statuses::<T>::get(market);
        let ended = record
            .as_ref()
            .filter(|record| record.until.is_some_and(|until| until <= now));
        if let Some(record) = ended {
            Self::reopen(market, record.then, price, now);
            return;
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

    /// Ends a timed status. The reference starts again from the current price, so that the move
    /// that paused the market does not pause it again at once.
    fn reopen(
        market: MarketId,
        then: Option<Standing>,
        price: Result<Price, PriceError>,
        now: Moment,
    ) {
        match then {
            Some(standing) => Statuses::<T>::insert(market, StatusRecord::from(standing)),
            None => Statuses::<T>::remove(market),
        }
        Self::restart_reference(market, price, now);
        Self::deposit_event(Event::MarketResumed {
            market,
            status: then.map_or(MarketStatus::Active, |standing| standing.status),
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
            Statuses::<T>::insert(market, paused);
            Self::deposit_event(Event::MarketHalted {
                market,
                status: paused.status,
                reason: paused.reason,
                until: paused.until,
            });
        }
    }

    /// Puts `status` on a market if that takes anything away, and tells what came of it.
    pub(crate) fn halt(market: MarketId, status: MarketStatus, reason: StatusReason) -> Tightened {
        let halt = Standing {
            status,
            reason,
            since: T::Clock::now(),
        };
        let tightened = tighten(Statuses::<T>::get(market).as_ref(), halt);
        match tightened {
            Tightened::Now(record) => {
                Statuses::<T>::insert(market, record);
                Self::deposit_event(Event::MarketHalted {
                    market,
                    status,
                    reason,
                    until: None,
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
            Tightened::Same | Tightened::Looser => {}
        }
        tightened
    }
}

impl<T: Config> MarketGuard for Pallet<T> {
    fn status(market: MarketId) -> MarketStatus {
        if T::Registry::market(market).is_none() {
            return MarketStatus::Closed;
        }
        Statuses::<T>::get(market).map_or(MarketStatus::Active, |record| record.status)
    }

    fn band(market: MarketId) -> Option<(Price, Price)> {
        let params = T::Registry::market(market)?;
        let mean = References::<T>::get(market)?.mean;
        // A band that cannot be computed is none at all: only the reference itself is inside.
        Some(bounds(mean, params.price_band).unwrap_or((mean, mean)))
    }

    fn report(market: MarketId, incident: Incident) {
        if T::Registry::market(market).is_none() {
            return;
        }
        match Self::halt(market, MarketStatus::ReduceOnly, StatusReason::Incident) {
            Tightened::Now(_) | Tightened::Later(_) => {
                Self::deposit_event(Event::IncidentReported { market, incident });
            }
            // Told again of what is already answered: no event for every block of it.
            Tightened::Same | Tightened::Looser => {}
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
            };
            Statuses::<T>::insert(market, StatusRecord::from(standing));
        }
    }
}
