//! Worst cases of the calls and of the hook.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use super::*;
use alloc::vec::Vec;
use bulwark_primitives::{
    FundingParams, MarginTier, MarketId, MarketParams, MarketStatus, Moment, Price, Quantity, Rate,
    StatusReason, Tier, Usd, PRICE_SCALE, SIZE_SCALE,
};
use bulwark_traits::{MarketGuard, MarketRegistry, PriceSource};
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get, Time};

/// Registers market `index` with an index asset of its own, away from the settlement asset, at
/// 100 USD.
fn market<T: Config>(index: u32) -> MarketId {
    let (market, asset) = (MarketId(1_000 + index), 1_000 + index);
    T::Registry::set_market(
        market,
        MarketParams {
            index_asset: asset,
            tier: Tier::A,
            tick_size: Price(PRICE_SCALE / 10),
            lot_size: Quantity(SIZE_SCALE / 1_000),
            min_order: Quantity(SIZE_SCALE / 1_000),
            initial_margin: Rate::percent(5),
            maintenance_margin: Rate::percent(3),
            maker_fee: Rate::ZERO,
            taker_fee: Rate::basis_points(5),
            liquidation_fee: Rate::percent(1),
            max_open_interest: Quantity(1_000_000 * SIZE_SCALE),
            price_band: Rate::percent(5),
            margin_tiers: [MarginTier::UNUSED; 4],
            lower_open_interest: Quantity(1_000_000 * SIZE_SCALE),
            funding: FundingParams {
                interest: Rate::basis_points(1),
                impact_notional: Usd::dollars(10_000),
            },
        },
    );
    T::Prices::set_price(asset, Price(100 * PRICE_SCALE));
    market
}

/// `count` markets at 100 USD: those of the genesis block first, then new ones.
fn markets<T: Config>(count: u32) -> Vec<MarketId> {
    let mut markets = T::Registry::market_ids();
    for market in &markets {
        let index = T::Registry::market(*market).unwrap().index_asset;
        T::Prices::set_price(index, Price(100 * PRICE_SCALE));
    }
    let present = markets.len() as u32;
    markets.extend((present..count).map(market::<T>));
    markets.truncate(count as usize);
    markets
}

/// A halt by governance.
const fn halt(status: MarketStatus) -> Standing {
    Standing {
        status,
        reason: StatusReason::Governance,
        since: 0,
        until: None,
    }
}

/// A pause until `pause`, a backlog until `backlog` and a halt after that: a record with one of
/// each kind.
fn crowded(pause: Moment, backlog: Moment) -> StatusRecord {
    let paused = Standing {
        status: MarketStatus::Paused,
        reason: StatusReason::PriceBand,
        since: 0,
        until: Some(pause),
    };
    let behind = Standing {
        status: MarketStatus::ReduceOnly,
        reason: StatusReason::Backlog,
        since: 0,
        until: Some(backlog),
    };
    let mut record = StatusRecord::from(paused);
    record.then.try_push(behind).unwrap();
    record.then.try_push(halt(MarketStatus::PostOnly)).unwrap();
    record
}

#[benchmarks]
mod benchmarks {
    use super::*;

    // A pause and a backlog that run, and a halt between them: the longest way through the machine.
    #[benchmark]
    fn halt_market() {
        let market = market::<T>(0);
        let now = T::Clock::now();
        Statuses::<T>::insert(market, crowded(now + MIN_PAUSE, now + MAX_PAUSE));
        let origin = T::HaltOrigin::try_successful_origin().unwrap();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, market, MarketStatus::ReduceOnly);

        let record = Statuses::<T>::get(market).unwrap();
        assert_eq!(record.status, MarketStatus::Paused);
        assert_eq!(record.then[0].status, MarketStatus::ReduceOnly);
        assert_eq!(record.then[0].until, None);
    }

    #[benchmark]
    fn resume_market() {
        let market = market::<T>(0);
        let now = T::Clock::now();
        Statuses::<T>::insert(market, crowded(now + MIN_PAUSE, now + MAX_PAUSE));
        let origin = T::AdminOrigin::try_successful_origin().unwrap();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, market);

        assert_eq!(Pallet::<T>::status(market), MarketStatus::Active);
    }

    #[benchmark]
    fn set_timing() {
        let timing = Timing {
            pause_millis: MAX_PAUSE,
            ..Timing::default()
        };
        let origin = T::AdminOrigin::try_successful_origin().unwrap();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, timing);

        assert_eq!(Settings::<T>::get(), timing);
    }

    // In every market a backlog ends and the price trips in the same block: status, band, mean and
    // reference are all written, with two events.
    #[benchmark]
    fn on_initialize(m: Linear<0, { T::MaxMarkets::get() }>) {
        let now = 100 * MAX_WINDOW;
        let markets = markets::<T>(m);
        for market in &markets {
            let ended = Standing {
                status: MarketStatus::ReduceOnly,
                reason: StatusReason::Backlog,
                since: 0,
                until: Some(now),
            };
            let mut record = StatusRecord::from(ended);
            record.then.try_push(halt(MarketStatus::PostOnly)).unwrap();
            Statuses::<T>::insert(market, record);
            References::<T>::insert(
                market,
                Reference {
                    mean: Price(200 * PRICE_SCALE),
                    updated: now - Timing::default().persistence_millis,
                    outside_since: Some(now - Timing::default().persistence_millis),
                },
            );
        }

        #[block]
        {
            Pallet::<T>::run_markets(now);
        }

        for market in &markets {
            let record = Statuses::<T>::get(market).unwrap();
            assert_eq!(record.status, MarketStatus::Paused);
            assert_eq!(record.then.len(), 1);
        }
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
