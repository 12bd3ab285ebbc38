//! This pallet's share of the numbered invariants.

use crate::{
    AccountIdOf, Assets, Config, Feeders, HoldReason, Pallet, Registrations, Settings, Snapshot,
    Snapshots,
};
use bulwark_primitives::PriceError;
use frame_support::{
    ensure,
    traits::{fungible::InspectHold, Get},
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks invariants 8 (aggregates equal what they are made of) and 11 (parameters inside
    /// their bounds).
    ///
    /// # Errors
    /// The message names the invariant that does not hold.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::try_feeders()?;
        Self::try_assets()?;
        ensure!(
            Settings::<T>::get().is_valid(T::MaxFeeders::get()),
            "11: quorum outside its bounds"
        );
        Ok(())
    }

    fn try_feeders() -> Result<(), TryRuntimeError> {
        let feeders = Feeders::<T>::get();
        ensure!(
            feeders
                .iter()
                .zip(feeders.iter().skip(1))
                .all(|(a, b)| a < b),
            "8: feeders not sorted or not unique"
        );
        let mut admitted = 0usize;
        for (who, registration) in Registrations::<T>::iter() {
            let who: AccountIdOf<T> = who;
            ensure!(
                registration.admitted == feeders.binary_search(&who).is_ok(),
                "8: registrations and feeders disagree"
            );
            ensure!(
                T::Currency::balance_on_hold(&HoldReason::FeederBond.into(), &who)
                    >= registration.bond,
                "8: bond not held"
            );
            if registration.admitted {
                admitted = admitted.saturating_add(1);
            }
        }
        ensure!(admitted == feeders.len(), "8: a feeder is not registered");
        Ok(())
    }

    fn try_assets() -> Result<(), TryRuntimeError> {
        let assets = Assets::<T>::get();
        ensure!(
            assets
                .iter()
                .zip(assets.iter().skip(1))
                .all(|(a, b)| a.asset < b.asset),
            "8: assets not sorted or not unique"
        );
        ensure!(
            assets
                .iter()
                .all(|entry| entry.asset != T::Settlement::get()),
            "11: the settlement asset has feeds"
        );
        for (asset, snapshot) in Snapshots::<T>::iter() {
            ensure!(
                assets
                    .binary_search_by_key(&asset, |entry| entry.asset)
                    .is_ok(),
                "8: snapshot of an asset that is not listed"
            );
            ensure!(
                snapshot.price.map_or(true, |price| !price.is_zero()),
                "8: snapshot with a price of zero"
            );
            ensure!(
                median_fits(&snapshot),
                "8: the median of a snapshot is not what its price says"
            );
        }
        Ok(())
    }
}

/// Whether a snapshot has a median exactly when a quorum of fresh feeds stands behind it.
fn median_fits(snapshot: &Snapshot) -> bool {
    match (snapshot.price, snapshot.median) {
        (Ok(price), median) => median == Some(price),
        (Err(PriceError::Uncertain | PriceError::Deviating), median) => {
            median.is_some_and(|median| !median.is_zero())
        }
        (Err(PriceError::TooFewFeeds | PriceError::Stale | PriceError::Halted), median) => {
            median.is_none()
        }
    }
}
