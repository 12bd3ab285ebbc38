//! [`PriceSource`]: the snapshots as every other pallet sees them.

use crate::{Config, Pallet, Tracks};
use bulwark_primitives::{Action, AssetId, Price, PriceError, PRICE_SCALE};
use bulwark_traits::PriceSource;
use frame_support::traits::Get;

#[cfg(feature = "runtime-benchmarks")]
use {
    crate::{Assets, Means, OracleAsset, Snapshot},
    bulwark_primitives::{Rate, Tier},
    bulwark_risk_math::oracle::Continuity,
    frame_support::traits::Time,
};

/// The price of an asset without a snapshot. The settlement asset never has one: it is the unit of account,
/// so its price is one by definition.
fn without_snapshot<T: Config>(asset: AssetId) -> Result<Price, PriceError> {
    if asset == T::Settlement::get() {
        Ok(Price(PRICE_SCALE))
    } else {
        Err(PriceError::Halted)
    }
}

impl<T: Config> PriceSource for Pallet<T> {
    fn price(asset: AssetId) -> Result<Price, PriceError> {
        match Tracks::<T>::get(asset).snapshot {
            Some(snapshot) => snapshot.price,
            None => without_snapshot::<T>(asset),
        }
    }

    fn price_for(asset: AssetId, action: Action) -> Result<Price, PriceError> {
        let Some(snapshot) = Tracks::<T>::get(asset).snapshot else {
            return without_snapshot::<T>(asset);
        };
        snapshot.price.or_else(|error| {
            let tolerated = match action {
                Action::Liquidate => snapshot.bounded,
                Action::Open
                | Action::Withdraw
                | Action::Reduce
                | Action::Deposit
                | Action::Cancel => snapshot.median,
            };
            tolerated
                .filter(|_| error.tolerated_by(action))
                .ok_or(error)
        })
    }

    fn range(asset: AssetId) -> Result<(Price, Price), PriceError> {
        Self::price_and_range(asset).map(|(_, range)| range)
    }

    fn price_and_range(asset: AssetId) -> Result<(Price, (Price, Price)), PriceError> {
        let track = Tracks::<T>::get(asset);
        let Some(snapshot) = track.snapshot else {
            return without_snapshot::<T>(asset).map(|price| (price, (price, price)));
        };
        let price = snapshot.price?;
        let slow = track.means.map_or(price, |means| means.slow);
        Ok((price, (price.min(slow), price.max(slow))))
    }

    fn range_for(asset: AssetId, action: Action) -> Result<(Price, Price), PriceError> {
        Self::range(asset).or_else(|_| {
            let usable = Self::price_for(asset, action)?;
            let track = Tracks::<T>::get(asset);
            let told = track.snapshot.and_then(|snapshot| snapshot.median);
            let slow = track.means.map(|means| means.slow);
            let others = [told.unwrap_or(usable), slow.unwrap_or(usable)];
            Ok(others.iter().fold((usable, usable), |(low, high), price| {
                (low.min(*price), high.max(*price))
            }))
        })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_price(asset: AssetId, price: Price) {
        if asset == T::Settlement::get() {
            return;
        }
        Assets::<T>::mutate(|assets| {
            if let Err(place) = assets.binary_search_by_key(&asset, |entry| entry.asset) {
                let entry = OracleAsset::new(asset, Tier::A);
                let _ = assets.try_insert(place, entry);
                let _ = Self::start_moves(&entry);
            }
        });
        let now = T::Clock::now();
        Tracks::<T>::mutate(asset, |track| {
            track.continuity = Continuity::Held;
            track.means = Some(Means::new(price, now));
            track.snapshot = Some(Snapshot {
                price: Ok(price),
                median: Some(price),
                bounded: Some(price),
                spread: Rate::ZERO,
                feeds: 1,
                age: 0,
                at: now,
            });
        });
    }
}
