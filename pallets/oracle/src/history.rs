//! The ring of the last snapshots of each asset.

use crate::{Config, History, Pallet, Snapshot, Track, Tracks, HISTORY};
use alloc::vec::Vec;
use bulwark_primitives::AssetId;

/// Writes a snapshot over the oldest one. One item, whatever the ring holds.
pub(crate) fn record<T: Config>(asset: AssetId, track: &mut Track, snapshot: &Snapshot) {
    History::<T>::insert(asset, track.next, snapshot);
    // The ring has as many positions as a `u8`.
    track.next = track.next.wrapping_add(1);
}

/// Forgets the ring of an asset.
pub(crate) fn clear<T: Config>(asset: AssetId) {
    let _ = History::<T>::clear_prefix(asset, HISTORY, None);
}

impl<T: Config> Pallet<T> {
    /// The last snapshots, newest first, at most `limit` of [`HISTORY`].
    pub(crate) fn last_snapshots(asset: AssetId, limit: u32) -> Vec<Snapshot> {
        let mut place = Tracks::<T>::get(asset).next;
        let mut snapshots = Vec::new();
        for _ in 0..limit.min(HISTORY) {
            place = place.wrapping_sub(1);
            let Some(snapshot) = History::<T>::get(asset, place) else {
                break;
            };
            snapshots.push(snapshot);
        }
        snapshots
    }
}
