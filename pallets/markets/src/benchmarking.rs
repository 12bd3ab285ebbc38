//! Benchmarks of `pallet_markets`, each with full lists.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use super::*;
use bulwark_primitives::{
    FundingParams, MarginTier, Price, Quantity, Rate, Tier, Usd, PRICE_SCALE, SIZE_SCALE,
};
use bulwark_traits::{MarginMoves, MoveObserver};
use frame_benchmarking::v2::*;

fn market_params() -> MarketParams {
    MarketParams {
        index_asset: 2,
        tier: Tier::A,
        tick_size: Price(PRICE_SCALE / 10),
        lot_size: Quantity(SIZE_SCALE / 1_000),
        min_order: Quantity(SIZE_SCALE / 1_000),
        initial_margin: Rate::percent(5),
        maintenance_margin: Rate::percent(3),
        maker_fee: Rate::basis_points(2),
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
    }
}

fn collateral_params() -> CollateralParams {
    CollateralParams {
        tier: Tier::B,
        decimals: 8,
        initial_factor: Rate::percent(80),
        maintenance_factor: Rate::percent(87),
        deposit_cap: 1_000_000_000_000_000,
        min_deposit: 1_000,
        scale_start: 1_000_000_000_000_000,
    }
}

/// Every number that may change, by a little.
fn moved(params: MarketParams, by: u32) -> MarketParams {
    let less = |quantity: Quantity| Quantity(quantity.0 - u128::from(by) * SIZE_SCALE);
    MarketParams {
        min_order: Quantity(u128::from(1 + by) * SIZE_SCALE / 1_000),
        initial_margin: Rate(params.initial_margin.0 - u64::from(by) * 1_000_000),
        maintenance_margin: Rate(params.maintenance_margin.0 + u64::from(by) * 1_000_000),
        maker_fee: Rate(params.maker_fee.0 + u64::from(by) * 10_000),
        taker_fee: Rate(params.taker_fee.0 + u64::from(by) * 10_000),
        liquidation_fee: Rate(params.liquidation_fee.0 + u64::from(by) * 10_000),
        max_open_interest: less(params.max_open_interest),
        price_band: Rate(params.price_band.0 + u64::from(by) * 1_000_000),
        lower_open_interest: less(params.lower_open_interest),
        funding: FundingParams {
            interest: Rate(params.funding.interest.0 + u64::from(by) * 10_000),
            impact_notional: Usd(params.funding.impact_notional.0 + i128::from(by) * 1_000_000),
        },
        ..params
    }
}

/// Some blocks, in which what ramps has moved.
fn pass<T: Config>() {
    let now = frame_system::Pallet::<T>::block_number();
    frame_system::Pallet::<T>::set_block_number(now + 1_000u32.into());
}

#[benchmarks]
mod benchmarks {
    use super::*;

    fn fill_markets<T: Config>(count: u32) {
        let first = MarketIds::<T>::get().len() as u32;
        for id in first..count {
            <Pallet<T> as MarketRegistry>::set_market(MarketId(1_000_000 + id), market_params());
        }
    }

    #[benchmark]
    fn list_market() -> Result<(), BenchmarkError> {
        let origin =
            T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        fill_markets::<T>(T::MaxMarkets::get() - 1);
        let market = MarketId(900_000);
        let symbol = Symbol::truncate_from(b"ABCDEFGHIJKL-USD".to_vec());

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, market, symbol, market_params());

        assert_eq!(Pallet::<T>::market_at(market, 0), Some(market_params()));
        Ok(())
    }

    /// Every number moves, from where an earlier change of every number has brought it.
    #[benchmark]
    fn set_market() -> Result<(), BenchmarkError> {
        let origin =
            T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let market = MarketId(900_000);
        <Pallet<T> as MarketRegistry>::set_market(market, market_params());
        Pallet::<T>::change_market(market, &moved(market_params(), 1))?;
        pass::<T>();
        let params = moved(market_params(), 2);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, market, params);

        assert_eq!(Pallet::<T>::market_at(market, u32::MAX), Some(params));
        Ok(())
    }

    /// The last asset that there is room for.
    #[benchmark]
    fn set_collateral() -> Result<(), BenchmarkError> {
        let origin =
            T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let first = CollateralIds::<T>::get().len() as u32;
        for id in first..T::MaxCollaterals::get() - 1 {
            <Pallet<T> as MarketRegistry>::set_collateral(1_000_000 + id, collateral_params());
        }
        let asset = 900_000;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, asset, collateral_params());

        let stored = Pallet::<T>::collateral_at(asset, u32::MAX);
        assert_eq!(stored, Some(collateral_params()));
        Ok(())
    }

    #[benchmark]
    fn set_schedule() -> Result<(), BenchmarkError> {
        let origin =
            T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let schedule = Schedule {
            wait: 30_000,
            period: 60_000,
        };
        // The one in force has held for long enough.
        frame_system::Pallet::<T>::set_block_number(1_000_000u32.into());

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, schedule);

        assert_eq!(RampSchedule::<T>::get(), schedule);
        Ok(())
    }

    /// Markets on one asset, each with a change under way.
    #[benchmark]
    fn moves_changed(m: Linear<0, 64>) -> Result<(), BenchmarkError> {
        let asset = 900_000;
        for id in 0..m.min(T::MaxMarkets::get()) {
            let market = MarketId(1_000_000 + id);
            let params = MarketParams {
                index_asset: asset,
                ..market_params()
            };
            <Pallet<T> as MarketRegistry>::set_market(market, params);
            Pallet::<T>::change_market(market, &moved(params, 1))?;
        }
        pass::<T>();
        let moves = MarginMoves {
            initial: Rate::percent(7),
            maintenance: Rate::percent(6),
        };

        #[block]
        {
            <Pallet<T> as MoveObserver>::moves_changed(asset, moves);
        }

        if m > 0 {
            let record = Markets::<T>::get(MarketId(1_000_000)).unwrap();
            assert_eq!(record.moves.initial, moves.initial);
        }
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
