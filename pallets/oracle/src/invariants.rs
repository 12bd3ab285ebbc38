//! This pallet's share of the numbered invariants.

use crate::{
    AccountIdOf, Assets, Config, CurrentRound, Feeders, GuardSettings, History, HoldReason,
    HotKeys, Hours, Means, Pallet, Registrations, ScoreSettings, Settings, Snapshot, Tracks,
};
use bulwark_primitives::{AssetId, FeederStatus, PriceError, Seat};
use bulwark_risk_math::oracle::{is_price, Continuity};
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
        Self::try_registrations()?;
        Self::try_assets()?;
        Self::try_snapshots()?;
        Self::try_tracks()?;
        Self::try_moves()?;
        ensure!(
            Settings::<T>::get().is_valid(T::MaxFeeders::get()),
            "11: quorum outside its bounds"
        );
        ensure!(
            GuardSettings::<T>::get().is_valid(),
            "11: guards outside their bounds"
        );
        ensure!(
            ScoreSettings::<T>::get().is_valid(),
            "11: scoring outside its bounds"
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
        ensure!(
            CurrentRound::<T>::get().tallies.len() == feeders.len(),
            "8: not one tally for each feeder"
        );
        Ok(())
    }

    fn try_registrations() -> Result<(), TryRuntimeError> {
        let feeders = Feeders::<T>::get();
        let (mut registered, mut active, mut open) = (0usize, 0usize, 0u32);
        for (who, registration) in Registrations::<T>::iter() {
            let who: AccountIdOf<T> = who;
            registered = registered.saturating_add(1);
            ensure!(
                HotKeys::<T>::get(&registration.hot_key).as_ref() == Some(&who),
                "8: a hot key does not know its feeder"
            );
            ensure!(
                T::Currency::balance_on_hold(&HoldReason::FeederBond.into(), &who)
                    == registration.bond,
                "8: bond not held"
            );
            let seated = feeders.binary_search(&registration.hot_key).is_ok();
            match registration.status {
                FeederStatus::Active(seat) => {
                    ensure!(seated, "8: an active feeder is not among the feeders");
                    active = active.saturating_add(1);
                    open = open.saturating_add((seat == Seat::Open).into());
                }
                FeederStatus::Candidate
                | FeederStatus::Suspended { .. }
                | FeederStatus::Barred
                | FeederStatus::Leaving { .. } => {
                    ensure!(!seated, "8: a feeder without a seat is among the feeders");
                }
            }
        }
        ensure!(active == feeders.len(), "8: a feeder is not registered");
        ensure!(
            HotKeys::<T>::iter_keys().count() == registered,
            "8: a hot key of nobody"
        );
        ensure!(
            open <= T::OpenSeats::get(),
            "11: more open seats than there are"
        );
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
        ensure!(
            assets.iter().all(crate::OracleAsset::is_valid),
            "11: rules of an asset outside their bounds"
        );
        Ok(())
    }

    fn try_snapshots() -> Result<(), TryRuntimeError> {
        for (asset, track) in Tracks::<T>::iter() {
            let Some(snapshot) = track.snapshot else {
                continue;
            };
            ensure!(
                snapshot.price.map_or(true, is_price) && snapshot.median.is_none_or(is_price),
                "8: snapshot with a price out of range"
            );
            ensure!(
                median_fits(&snapshot) && bounded_fits(&snapshot),
                "8: the median of a snapshot is not what its price says"
            );
            ensure!(
                History::<T>::get(asset, track.next.wrapping_sub(1)) == Some(snapshot),
                "8: the last snapshot of the history is not that of the block"
            );
            ensure!(
                matches!(track.continuity, Continuity::Recovering(_))
                    == (snapshot.price == Err(PriceError::Recovering)),
                "8: a price recovers without an outage, or the other way round"
            );
        }
        Ok(())
    }

    fn try_tracks() -> Result<(), TryRuntimeError> {
        for (asset, track) in Tracks::<T>::iter() {
            ensure!(
                is_listed::<T>(asset),
                "8: price and means of an asset that is not listed"
            );
            ensure!(
                track.means.as_ref().is_none_or(means_fit),
                "8: means that fit no price"
            );
            ensure!(
                track.means.is_some() || track.continuity == Continuity::Never,
                "8: a quorum without means"
            );
            let delays = Hours::<T>::get(asset).delays;
            ensure!(
                delays.is_empty() == track.means.is_none() && delays.iter().copied().all(is_price),
                "8: delayed prices that fit no price"
            );
        }
        Ok(())
    }

    fn try_moves() -> Result<(), TryRuntimeError> {
        let mut count = 0usize;
        for (asset, hours) in Hours::<T>::iter() {
            count = count.saturating_add(1);
            ensure!(
                is_listed::<T>(asset),
                "8: hours of an asset that is not listed"
            );
            let state = hours
                .moves
                .ok_or("8: a listed asset without an expected move")?;
            ensure!(state.fits(), "11: expected move outside its bounds");
        }
        ensure!(
            count == Assets::<T>::decode_len().unwrap_or_default(),
            "8: a listed asset without an expected move"
        );
        Ok(())
    }
}

fn is_listed<T: Config>(asset: AssetId) -> bool {
    Assets::<T>::get()
        .binary_search_by_key(&asset, |entry| entry.asset)
        .is_ok()
}

/// Whether means and hour are prices and in order.
fn means_fit(means: &Means) -> bool {
    let hour = &means.hour;
    let inside = |price| hour.low <= price && price <= hour.high;
    [means.short, means.long, means.slow, means.delayed, hour.low]
        .into_iter()
        .all(is_price)
        && is_price(hour.high)
        && inside(hour.open)
        && inside(hour.close)
}

/// Whether a snapshot has a median exactly when a quorum of fresh feeds stands behind it.
fn median_fits(snapshot: &Snapshot) -> bool {
    match (snapshot.price, snapshot.median) {
        (Ok(price), median) => median == Some(price),
        (Err(PriceError::Uncertain | PriceError::Deviating | PriceError::Recovering), median) => {
            median.is_some()
        }
        (Err(PriceError::TooFewFeeds | PriceError::Stale | PriceError::Halted), median) => {
            median.is_none()
        }
    }
}

/// Whether a snapshot has something for liquidation exactly when that tolerates its error.
fn bounded_fits(snapshot: &Snapshot) -> bool {
    match snapshot.price {
        Ok(_) | Err(PriceError::Uncertain) => snapshot.bounded == snapshot.median,
        Err(PriceError::Deviating) => snapshot.bounded.is_some_and(is_price),
        Err(
            PriceError::TooFewFeeds
            | PriceError::Stale
            | PriceError::Halted
            | PriceError::Recovering,
        ) => snapshot.bounded.is_none(),
    }
}
