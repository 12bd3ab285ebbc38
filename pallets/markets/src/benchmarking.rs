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

        assert_eq!(Markets::<T>::get(market), Some(market_params()));
        Ok(())
    }

    #[benchmark]
    fn set_market() -> Result<(), BenchmarkError> {
        let origin =
            T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let market = MarketId(900_000);
        <Pallet<T> as MarketRegistry>::set_market(market, market_params());
        let mut params = market_params();
        params.taker_fee = Rate::basis_points(7);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, market, params);

        assert_eq!(Markets::<T>::get(market), Some(params));
        Ok(())
    }

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

        assert_eq!(Collaterals::<T>::get(asset), Some(collateral_params()));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
