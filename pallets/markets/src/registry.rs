//! The registry as the other pallets see it.

#[cfg(feature = "runtime-benchmarks")]
use crate::{CollateralIds, Collaterals, Governed, MarketRecord, Symbol, Symbols};
use crate::{Config, MarketIds, Markets, MarketsByIndex, Pallet, SettlementAsset};
use alloc::vec::Vec;
use bulwark_primitives::{AssetId, CollateralParams, MarketId, MarketParams};
use bulwark_traits::{Correlations, MarginMoves, MarketRegistry, MoveObserver};

impl<T: Config> MarketRegistry for Pallet<T> {
    fn market(market: MarketId) -> Option<MarketParams> {
        Self::market_at(market, Self::now())
    }

    fn markets() -> impl Fn(MarketId) -> Option<MarketParams> {
        let now = Self::now();
        move |market| Self::market_at(market, now)
    }

    fn exists(market: MarketId) -> bool {
        Markets::<T>::contains_key(market)
    }

    fn market_ids() -> Vec<MarketId> {
        MarketIds::<T>::get().into_inner()
    }

    fn collateral(asset: AssetId) -> Option<CollateralParams> {
        Self::collateral_at(asset, Self::now())
    }

    fn collaterals() -> impl Fn(AssetId) -> Option<CollateralParams> {
        let now = Self::now();
        move |asset| Self::collateral_at(asset, now)
    }

    fn settlement_asset() -> AssetId {
        SettlementAsset::<T>::get()
    }

    fn correlations() -> Correlations {
        Self::correlations_at(Self::now())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_market(market: MarketId, params: MarketParams) {
        MarketIds::<T>::mutate(|ids| {
            if let Err(position) = ids.binary_search(&market) {
                ids.force_insert_keep_left(position, market).ok();
            }
        });
        if let Some(old) = Markets::<T>::get(market) {
            MarketsByIndex::<T>::mutate(old.governed.to.index_asset, |ids| {
                ids.retain(|id| *id != market);
            });
        }
        MarketsByIndex::<T>::mutate(params.index_asset, |ids| {
            if let Err(position) = ids.binary_search(&market) {
                ids.force_insert_keep_left(position, market).ok();
            }
        });
        Symbols::<T>::insert(market, Symbol::truncate_from(b"BENCH".to_vec()));
        Markets::<T>::insert(market, MarketRecord::settled(params));
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_collateral(asset: AssetId, params: CollateralParams) {
        CollateralIds::<T>::mutate(|ids| {
            if let Err(position) = ids.binary_search(&asset) {
                ids.force_insert_keep_left(position, asset).ok();
            }
        });
        Collaterals::<T>::insert(asset, Governed::settled(params));
    }
}

impl<T: Config> MoveObserver for Pallet<T> {
    /// The markets on the asset take the moves in. Weight:
    /// [`moves_changed`](crate::WeightInfo::moves_changed) of as many markets as are on it.
    fn moves_changed(asset: AssetId, moves: MarginMoves) {
        let now = Self::now();
        for market in MarketsByIndex::<T>::get(asset) {
            Markets::<T>::mutate(market, |record| {
                if let Some(record) = record {
                    record.tell(moves, now);
                }
            });
        }
    }
}
