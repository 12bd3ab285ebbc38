//! From raw feeds to the one price of a block.

use crate::{Config, Event, OracleAsset, Pallet, Quorum, RawFeeds, Snapshot, Snapshots};
use alloc::vec::Vec;
use bulwark_primitives::{Moment, PriceError, Rate};
use bulwark_risk_math::{aggregate, Quote};

/// Aggregates `feeds`, the last value of each admitted feeder, at `now`.
///
/// Zero prices count as not fed. With a quorum of fresh feeds the price is their median (mean of
/// the two middle ones, rounded down) unless they disagree beyond the asset's tolerance. Without
/// one it is an error: `Stale` when everything is too old, `TooFewFeeds` otherwise. Feeds that
/// disagree still have a median, which the snapshot keeps apart from its price.
pub(crate) fn take(
    asset: &OracleAsset,
    feeds: impl Iterator<Item = Quote>,
    now: Moment,
    quorum: &Quorum,
) -> Snapshot {
    let mut quotes: Vec<Quote> = feeds.filter(|quote| !quote.price.is_zero()).collect();
    let known = !quotes.is_empty();
    // The age of a value "from the future" is zero: the timestamp is the chain's, never the
    // feeder's, and may lie a part of a slot after the slot's start.
    quotes.retain(|quote| now.saturating_sub(quote.at) <= quorum.max_age);
    let feeds = u32::try_from(quotes.len()).unwrap_or(u32::MAX);
    let error = |error| Snapshot {
        price: Err(error),
        median: None,
        spread: Rate::ZERO,
        feeds,
        at: now,
    };
    if known && quotes.is_empty() {
        return error(PriceError::Stale);
    }
    if feeds < quorum.min_feeders {
        return error(PriceError::TooFewFeeds);
    }
    let Some(aggregate) = aggregate(&mut quotes) else {
        return error(PriceError::TooFewFeeds);
    };
    let price = if aggregate.spread > asset.tolerance() {
        Err(PriceError::Uncertain)
    } else {
        Ok(aggregate.median)
    };
    Snapshot {
        price,
        median: Some(aggregate.median),
        spread: aggregate.spread,
        feeds,
        at: now,
    }
}

impl<T: Config> Pallet<T> {
    /// Replaces the snapshot of every asset. Returns how many feeders and assets there were.
    pub(crate) fn take_snapshots(now: Moment) -> (u32, u32) {
        let feeders = crate::Feeders::<T>::get();
        let assets = crate::Assets::<T>::get();
        let quorum = crate::Settings::<T>::get();
        for entry in &assets {
            let feeds = feeders
                .iter()
                .filter_map(|feeder| T::Feeds::value(feeder, entry.asset));
            let snapshot = take(entry, feeds, now, &quorum);
            let answer = |snapshot: Snapshot| (snapshot.price, snapshot.median);
            let previous = Snapshots::<T>::get(entry.asset).map(answer);
            Snapshots::<T>::insert(entry.asset, snapshot);
            if previous != Some(answer(snapshot)) {
                Self::deposit_event(Event::SnapshotTaken {
                    asset: entry.asset,
                    snapshot,
                });
            }
        }
        let count = |len| u32::try_from(len).unwrap_or(u32::MAX);
        (count(feeders.len()), count(assets.len()))
    }
}
