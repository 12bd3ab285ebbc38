//! [`PriceSource`]: the snapshots as every other pallet sees them.

use crate::{Config, Pallet, Snapshots};
use bulwark_primitives::{Action, AssetId, Price, PriceError, PRICE_SCALE};
use bulwark_traits::PriceSource;
use frame_support::traits::Get;

#[cfg(feature = "runtime-benchmarks")]
use {
    crate::{Assets, OracleAsset, Snapshot},
    bulwark_primitives::{Rate, Tier},
    frame_support::traits::Time,
};

impl<T: Config> PriceSource for Pallet<T> {
    fn price(asset: AssetId) -> Result<Price, PriceError> {
        // The settlement asset is the unit of account, so its price is one by definition.
        if asset == T::Settlement::get() {
            return Ok(Price(PRICE_SCALE));
        }
        Snapshots::<T>::get(asset).map_or(Err(PriceError::Halted), |snapshot| snapshot.price)
    }

    fn price_for(asset: AssetId, action: Action) -> Result<Price, PriceError> {
        Self::price(asset).or_else(|error| {
            Snapshots::<T>::get(asset)
                .filter(|_| error.tolerated_by(action))
                .and_then(|snapshot| snapshot.median)
                .ok_or(error)
        })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_price(asset: AssetId, price: Price) {
        if asset == T::Settlement::get() {
            return;
        }
        Assets::<T>::mutate(|assets| {
            if let Err(place) = assets.binary_search_by_key(&asset, |entry| entry.asset) {
                let entry = OracleAsset {
                    asset,
                    tier: Tier::A,
                };
                let _ = assets.try_insert(place, entry);
            }
        });
        Snapshots::<T>::insert(
            asset,
            Snapshot {
                price: Ok(price),
                median: Some(price),
                spread: Rate::ZERO,
                feeds: 1,
                at: T::Clock::now(),
            },
        );
    }
}
