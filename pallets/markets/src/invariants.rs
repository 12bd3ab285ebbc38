//! Invariants 8, 11 and 12.

use crate::{
    correlations, validate, CollateralIds, Collaterals, Config, CorrelationMatrix, MarketIds,
    Markets, MarketsByIndex, Pallet, RampSchedule, SettlementAsset, Symbols,
};
use alloc::{collections::BTreeSet, vec::Vec};
use bulwark_primitives::{AssetId, MarketId, Rate};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks invariants 8, 11 and 12, now and at the end of every change.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let markets = MarketIds::<T>::get();
        ensure!(
            Markets::<T>::iter_keys().count() == markets.len()
                && Symbols::<T>::iter_keys().count() == markets.len(),
            "8: the list of markets is not the set of markets"
        );
        ensure!(
            markets.windows(2).all(|pair| pair.first() < pair.last()),
            "8: the list of markets is out of order"
        );
        validate::schedule(&RampSchedule::<T>::get())
            .map_err(|_| "11: the schedule of changes is out of bounds")?;
        let matrix = CorrelationMatrix::<T>::get();
        for correlations in [matrix.at(Self::now()), matrix.to] {
            correlations::validate(&correlations)
                .map_err(|_| "11: the correlation matrix is out of bounds")?;
        }
        let mut by_index: Vec<(AssetId, MarketId)> = Vec::new();
        for market in markets {
            by_index.push((Self::try_state_of_market(market)?, market));
        }
        let stored: BTreeSet<_> = MarketsByIndex::<T>::iter()
            .flat_map(|(asset, ids)| ids.into_iter().map(move |id| (asset, id)))
            .collect();
        ensure!(
            stored == by_index.into_iter().collect(),
            "8: the markets on an asset are not those with it as index"
        );
        Self::try_state_of_collaterals()
    }

    /// Checks a market and returns its index asset.
    fn try_state_of_market(market: MarketId) -> Result<AssetId, TryRuntimeError> {
        let record = Markets::<T>::get(market).ok_or("8: a listed market has no parameters")?;
        let now = Self::now();
        for params in [record.governed.at(now), record.governed.to] {
            validate::market(&params).map_err(|_| "11: a market parameter is out of bounds")?;
        }
        for params in [record.at(now), record.at(u32::MAX)] {
            ensure!(
                params.initial_margin >= params.maintenance_margin,
                "12: initial margin is below maintenance margin"
            );
            ensure!(
                params.initial_margin <= Rate::ONE,
                "11: initial margin is above all of the notional"
            );
        }
        let symbol = Symbols::<T>::get(market).ok_or("8: a listed market has no symbol")?;
        validate::symbol(&symbol).map_err(|_| "11: a symbol is invalid")?;
        Ok(record.governed.to.index_asset)
    }

    fn try_state_of_collaterals() -> Result<(), TryRuntimeError> {
        let assets = CollateralIds::<T>::get();
        let settlement = SettlementAsset::<T>::get();
        ensure!(
            Collaterals::<T>::iter_keys().count() == assets.len(),
            "8: the list of collateral is not the set of collateral"
        );
        ensure!(
            assets.windows(2).all(|pair| pair.first() < pair.last()),
            "8: the list of collateral is out of order"
        );
        ensure!(
            assets.is_empty() || assets.contains(&settlement),
            "11: the settlement asset is not registered"
        );
        for asset in assets {
            let record = Collaterals::<T>::get(asset).ok_or("8: an asset has no parameters")?;
            for params in [record.at(Self::now()), record.to] {
                validate::collateral(&params, asset == settlement)
                    .map_err(|_| "11: a collateral parameter is out of bounds")?;
                ensure!(
                    params.initial_factor <= params.maintenance_factor,
                    "12: collateral counts more for initial margin than for maintenance"
                );
            }
        }
        Ok(())
    }
}
