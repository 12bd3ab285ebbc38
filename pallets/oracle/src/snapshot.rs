//! From raw feeds to the one price of a block.

use crate::{
    history, Config, Event, GuardSettings, Guards, OracleAsset, Pallet, Quorum, RawFeeds, Snapshot,
    Track, Tracks, WeightInfo,
};
use alloc::vec::Vec;
use bulwark_primitives::{AssetId, Moment, Price, PriceError, Rate};
use bulwark_risk_math::{
    aggregate, bounds,
    oracle::{is_price, outside},
    Aggregate, Quote,
};
use frame_support::weights::Weight;

/// What a feeder did in this block, over all assets that have a quorum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// It has no fresh value for one of them.
    pub missed: bool,
    /// Its value for one of them is far from the others.
    pub outside: bool,
}

/// The feeds of one asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The fresh value of each feeder, in their order.
    pub fresh: Vec<Option<Quote>>,
    /// What they say together, or why they say nothing.
    pub answer: Result<Aggregate, PriceError>,
}

impl Reading {
    /// Reads the last value of each active feeder at `now`.
    ///
    /// What cannot be a price (zero, or out of its range) counts as not fed. With a quorum of fresh
    /// feeds there is a median (mean of the two middle ones, rounded down). Without one it is an
    /// error: `Stale` when everything is too old, `TooFewFeeds` otherwise.
    pub(crate) fn new(
        values: impl Iterator<Item = Option<Quote>>,
        now: Moment,
        quorum: &Quorum,
    ) -> Self {
        let mut known = false;
        let fresh: Vec<Option<Quote>> = values
            .map(|value| {
                let quote = value.filter(|quote| is_price(quote.price))?;
                known = true;
                // The age of a value "from the future" is zero: the timestamp is the chain's, never
                // the feeder's, and may lie a part of a slot after the slot's start.
                (now.saturating_sub(quote.at) <= quorum.max_age).then_some(quote)
            })
            .collect();
        let mut quotes: Vec<Quote> = fresh.iter().flatten().copied().collect();
        let answer = if known && quotes.is_empty() {
            Err(PriceError::Stale)
        } else {
            aggregate(&mut quotes)
                .filter(|aggregate| aggregate.count >= quorum.min_feeders)
                .ok_or(PriceError::TooFewFeeds)
        };
        Self { fresh, answer }
    }

    /// How many fresh feeds there are.
    fn feeds(&self) -> u32 {
        u32::try_from(self.fresh.iter().flatten().count()).unwrap_or(u32::MAX)
    }

    /// Adds to `marks` what each feeder did for this asset.
    fn mark(&self, asset: &OracleAsset, marks: &mut [Mark]) {
        // Nobody is blamed for an asset without a quorum: it may be the asset's fault.
        let Ok(aggregate) = &self.answer else { return };
        let floor = asset.floor();
        for (mark, value) in marks.iter_mut().zip(&self.fresh) {
            match value {
                None => mark.missed = true,
                Some(quote) => {
                    mark.outside |= outside(quote.price, aggregate.median, aggregate.spread, floor);
                }
            }
        }
    }

    /// The snapshot without a judgement of its median.
    fn snapshot(&self, price: Result<Price, PriceError>, now: Moment) -> Snapshot {
        let aggregate = self.answer.as_ref().ok();
        Snapshot {
            price,
            median: aggregate.map(|aggregate| aggregate.median),
            bounded: None,
            spread: aggregate.map_or(Rate::ZERO, |aggregate| aggregate.spread),
            feeds: self.feeds(),
            age: aggregate.map_or(0, |aggregate| now.saturating_sub(aggregate.oldest)),
            at: now,
        }
    }
}

/// What a hook run found to do, for its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Work {
    /// Active feeders.
    pub feeders: u32,
    /// Listed assets.
    pub assets: u32,
    /// Whether an hour of an asset ended.
    pub hour: bool,
    /// Whether a round ended.
    pub round: bool,
}

impl Work {
    /// What it costs.
    pub(crate) fn weight<W: WeightInfo>(&self) -> Weight {
        let assets = if self.hour {
            W::on_initialize_hours(self.assets)
        } else {
            W::on_initialize(self.assets)
        };
        // Saturation: there are at most `MaxFeeders * MaxAssets`.
        let feeds = W::read_feeds(self.feeders.saturating_mul(self.assets));
        let round = if self.round {
            W::close_round(self.feeders)
        } else {
            Weight::zero()
        };
        assets.saturating_add(feeds).saturating_add(round)
    }
}

impl<T: Config> Pallet<T> {
    /// Replaces the snapshot of every asset and scores the feeders.
    pub(crate) fn take_snapshots(now: Moment) -> Work {
        let feeders = crate::Feeders::<T>::get();
        let assets = crate::Assets::<T>::get();
        let quorum = crate::Settings::<T>::get();
        let guards = GuardSettings::<T>::get();
        let mut marks = alloc::vec![Mark::default(); feeders.len()];
        let mut hour = false;
        for entry in &assets {
            let reading = Self::read_asset(&feeders, entry, now, &quorum, &mut marks);
            hour |= Self::run_asset(entry, &reading, now, &guards);
        }
        let round = Self::run_round(&feeders, &marks, now, &quorum);
        let count = |len| u32::try_from(len).unwrap_or(u32::MAX);
        Work {
            feeders: count(feeders.len()),
            assets: count(assets.len()),
            hour,
            round,
        }
    }

    /// What the feeders say of an asset, and what it says of them. One read for each feeder.
    pub(crate) fn read_asset(
        feeders: &[T::AccountId],
        entry: &OracleAsset,
        now: Moment,
        quorum: &Quorum,
        marks: &mut [Mark],
    ) -> Reading {
        let quorum = Quorum {
            max_age: entry.max_age.unwrap_or(quorum.max_age),
            ..*quorum
        };
        let values = feeders
            .iter()
            .map(|feeder| T::Feeds::value(feeder, entry.asset));
        let reading = Reading::new(values, now, &quorum);
        reading.mark(entry, marks);
        reading
    }

    /// One block for one asset. Returns whether an hour ended.
    fn run_asset(asset: &OracleAsset, reading: &Reading, now: Moment, guards: &Guards) -> bool {
        let mut track = Tracks::<T>::get(asset.asset);
        let previous = track.snapshot;
        let before = previous.map_or(now, |snapshot| snapshot.at);
        let quorum = reading.answer.is_ok();
        track.continuity = track
            .continuity
            .next(quorum, now, before, &guards.gap_rule());
        let (snapshot, due) = match &reading.answer {
            Ok(aggregate) => {
                let price = judge(aggregate, asset, &track, now, guards);
                match Self::move_means(track.means, aggregate.median, now, asset, guards) {
                    Ok((means, due)) => {
                        let snapshot = Snapshot {
                            bounded: bounded(price, aggregate.median, asset, &track),
                            ..reading.snapshot(price, now)
                        };
                        track.means = Some(means);
                        (snapshot, due)
                    }
                    // Out of reach: every price is in the range in which nothing overflows.
                    Err(error) => {
                        log::error!(target: "runtime::price-oracle", "asset {}: {error}", asset.asset);
                        let halted = Snapshot {
                            median: None,
                            ..reading.snapshot(Err(PriceError::Halted), now)
                        };
                        (halted, false)
                    }
                }
            }
            Err(error) => (reading.snapshot(Err(*error), now), false),
        };
        history::record::<T>(asset.asset, &mut track, &snapshot);
        track.snapshot = Some(snapshot);
        Tracks::<T>::insert(asset.asset, track);
        let answer = |snapshot: Snapshot| (snapshot.price, snapshot.median);
        if previous.map(answer) != Some(answer(snapshot)) {
            Self::deposit_event(Event::SnapshotTaken {
                asset: asset.asset,
                snapshot,
            });
        }
        due
    }

    /// Whether a feed is one that may be in a block: not empty, at most one value for each listed
    /// asset, and each a price. `O(n log n)`.
    ///
    /// What is not is refused before it is executed, so that the raw values of a feeder are never
    /// more than there are assets.
    pub fn is_sound_feed(values: &[(AssetId, Price)]) -> bool {
        let assets = crate::Assets::<T>::get();
        let mut keys: Vec<_> = values.iter().map(|(asset, _)| *asset).collect();
        keys.sort_unstable();
        let unique = keys.iter().zip(keys.iter().skip(1)).all(|(a, b)| a < b);
        let listed = keys.iter().all(|asset| {
            assets
                .binary_search_by_key(asset, |entry| entry.asset)
                .is_ok()
        });
        !values.is_empty() && unique && listed && values.iter().all(|(_, price)| is_price(*price))
    }
}

/// The median as a price, or what is wrong with it; what stops most is named first.
fn judge(
    aggregate: &Aggregate,
    asset: &OracleAsset,
    track: &Track,
    now: Moment,
    guards: &Guards,
) -> Result<Price, PriceError> {
    let median = aggregate.median;
    let suspect = track
        .means
        .is_some_and(|means| means.suspects(median, now, asset, guards));
    if track.continuity.is_recovering() {
        Err(PriceError::Recovering)
    } else if suspect {
        Err(PriceError::Deviating)
    } else if aggregate.spread > asset.tolerance() {
        Err(PriceError::Uncertain)
    } else {
        Ok(median)
    }
}

/// What liquidation may use of a median that was judged by the means before it.
///
/// A price beyond its limit may be a lie; that the price has moved as far as the limit would be
/// believed without a question. So whoever can make a price gains nothing by making a wilder one, and
/// a crash that is true does not have to wait for the mean before the first accounts are closed.
fn bounded(
    price: Result<Price, PriceError>,
    median: Price,
    asset: &OracleAsset,
    track: &Track,
) -> Option<Price> {
    match price {
        Ok(_) | Err(PriceError::Uncertain) => Some(median),
        Err(PriceError::Deviating) => {
            let mean = track.means.as_ref()?.short;
            let (low, high) = bounds(mean, asset.move_limit()).ok()?;
            Some(median.max(low).min(high))
        }
        Err(
            PriceError::TooFewFeeds
            | PriceError::Stale
            | PriceError::Halted
            | PriceError::Recovering,
        ) => None,
    }
}
