//! The list of assets.

use crate::{
    history, Assets, Config, Error, Feeders, Hours, OracleAsset, Pallet, RawFeeds, Tracks,
};
use bulwark_primitives::AssetId;
use bulwark_traits::AssetUse;
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_add_asset(entry: OracleAsset) -> DispatchResult {
        ensure!(
            entry.asset != T::Settlement::get(),
            Error::<T>::SettlementAsset
        );
        ensure!(entry.is_valid(), Error::<T>::AssetOutOfBounds);
        Assets::<T>::try_mutate(|assets| {
            let Err(place) = assets.binary_search_by_key(&entry.asset, |other| other.asset) else {
                return Err(Error::<T>::AssetExists.into());
            };
            assets
                .try_insert(place, entry)
                .map_err(|_| Error::<T>::TooManyAssets)?;
            Self::start_moves(&entry)
        })
    }

    pub(crate) fn do_set_asset(entry: OracleAsset) -> DispatchResult {
        ensure!(entry.is_valid(), Error::<T>::AssetOutOfBounds);
        Assets::<T>::try_mutate(|assets| {
            let place = assets
                .iter_mut()
                .find(|other| other.asset == entry.asset)
                .ok_or(Error::<T>::UnknownAsset)?;
            let retiered = place.tier != entry.tier;
            *place = entry;
            if retiered {
                Self::restart_moves(&entry)?;
            }
            Ok(())
        })
    }

    /// Takes an asset off the list with everything known of it.
    pub(crate) fn do_remove_asset(asset: AssetId) -> DispatchResult {
        Assets::<T>::try_mutate(|assets| {
            let place = assets
                .binary_search_by_key(&asset, |entry| entry.asset)
                .map_err(|_| Error::<T>::UnknownAsset)?;
            ensure!(!T::AssetUse::is_used(asset), Error::<T>::AssetInUse);
            assets.remove(place);
            Ok::<(), Error<T>>(())
        })?;
        Tracks::<T>::remove(asset);
        Hours::<T>::remove(asset);
        history::clear::<T>(asset);
        for hot_key in Feeders::<T>::get() {
            T::Feeds::forget(&hot_key, &[asset]);
        }
        Ok(())
    }
}
