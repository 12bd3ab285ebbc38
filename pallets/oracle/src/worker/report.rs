//! What the node can read back of the worker's doings: the source of its metrics.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use super::{stored, SourceError, SubmitError, Venue};
use alloc::{collections::BTreeMap, vec::Vec};
use bulwark_primitives::Moment;
use codec::{Decode, Encode};

/// Where the worker keeps its [`Report`], in persistent offchain storage.
pub const REPORT_KEY: &[u8] = b"bulwark/feeder/report";

/// Longest report that is read. With every venue, every error and every outcome it takes a quarter.
const MAX_REPORT: usize = 4_096;

/// How a round ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Outcome {
    /// A feed was handed to the transaction pool.
    #[codec(index = 0)]
    Submitted,
    /// No value moved enough, and the last feed is young enough.
    #[codec(index = 1)]
    Unchanged,
    /// No source had a price.
    #[codec(index = 2)]
    NothingToFeed,
    /// The node holds no feeder's key.
    #[codec(index = 3)]
    NoKey,
    /// The node holds a key, but not one of an admitted feeder.
    #[codec(index = 4)]
    NotAdmitted,
    /// Another round was still running.
    #[codec(index = 5)]
    Locked,
    /// The node was given no sources.
    #[codec(index = 6)]
    NoSources,
    /// The sources are damaged.
    #[codec(index = 7)]
    BadSources,
    /// See [`SubmitError::TooMany`].
    #[codec(index = 8)]
    TooMany,
    /// See [`SubmitError::NotSigned`].
    #[codec(index = 9)]
    NotSigned,
    /// See [`SubmitError::Refused`].
    #[codec(index = 10)]
    Refused,
}

impl Outcome {
    /// For log lines and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Unchanged => "unchanged",
            Self::NothingToFeed => "nothing_to_feed",
            Self::NoKey => "no_key",
            Self::NotAdmitted => "not_admitted",
            Self::Locked => "locked",
            Self::NoSources => "no_sources",
            Self::BadSources => "bad_sources",
            Self::TooMany => SubmitError::TooMany.as_str(),
            Self::NotSigned => SubmitError::NotSigned.as_str(),
            Self::Refused => SubmitError::Refused.as_str(),
        }
    }

    /// Feeds are for the operator, and what hinders them, once each; that nothing is due is not.
    pub(super) const fn level(self, is_repeated: bool) -> log::Level {
        match self {
            Self::Submitted => log::Level::Info,
            Self::Unchanged | Self::Locked => log::Level::Debug,
            Self::NothingToFeed
            | Self::NoKey
            | Self::NotAdmitted
            | Self::NoSources
            | Self::BadSources
                if is_repeated =>
            {
                log::Level::Debug
            }
            Self::NothingToFeed
            | Self::NoKey
            | Self::NotAdmitted
            | Self::NoSources
            | Self::BadSources
            | Self::TooMany
            | Self::NotSigned
            | Self::Refused => log::Level::Warn,
        }
    }

    /// Whether there was a feed that did not get into the pool.
    const fn is_rejection(self) -> bool {
        match self {
            Self::TooMany | Self::NotSigned | Self::Refused => true,
            Self::Submitted
            | Self::Unchanged
            | Self::NothingToFeed
            | Self::NoKey
            | Self::NotAdmitted
            | Self::Locked
            | Self::NoSources
            | Self::BadSources => false,
        }
    }

    /// Whether the node may feed, as far as this outcome tells.
    const fn has_key(self) -> bool {
        match self {
            Self::NoKey | Self::NotAdmitted => false,
            Self::Submitted
            | Self::Unchanged
            | Self::NothingToFeed
            | Self::Locked
            | Self::NoSources
            | Self::BadSources
            | Self::TooMany
            | Self::NotSigned
            | Self::Refused => true,
        }
    }
}

impl From<SubmitError> for Outcome {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::TooMany => Self::TooMany,
            SubmitError::NotSigned => Self::NotSigned,
            SubmitError::Refused => Self::Refused,
        }
    }
}

/// What a venue has given so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct VenueReport {
    /// Its sources of listed assets in the last round.
    pub sources: u32,
    /// Those of them whose quote could be used.
    pub up: u32,
    /// When its newest usable quote was true, milliseconds since the Unix epoch.
    pub quote_at: Option<Moment>,
    /// Quotes that could not be had or used.
    pub errors: BTreeMap<SourceError, u64>,
}

/// What the worker has done since its node's database was created.
///
/// Counters and times, all keys of its maps enums: it has a largest size.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Report {
    /// Rounds by how they ended.
    pub rounds: BTreeMap<Outcome, u64>,
    /// How the last one ended that did not find the lock taken.
    pub last_outcome: Option<Outcome>,
    /// When a feed was last handed to the pool, milliseconds since the Unix epoch.
    pub last_submission: Option<Moment>,
    /// The venues that have ever been asked.
    pub venues: BTreeMap<Venue, VenueReport>,
}

impl Report {
    /// Reads what the worker stored. `None` when that is damaged or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        stored::decode(bytes, MAX_REPORT)
    }

    /// What the worker stores.
    pub fn to_bytes(&self) -> Vec<u8> {
        stored::encode(self)
    }

    /// Feeds handed to the transaction pool.
    pub fn submissions(&self) -> u64 {
        self.rounds
            .get(&Outcome::Submitted)
            .copied()
            .unwrap_or_default()
    }

    /// Feeds that could not be signed or that the pool refused.
    pub fn rejections(&self) -> u64 {
        // Saturation: a counter that ever reaches 2^64 should stay there. So everywhere here.
        self.rounds
            .iter()
            .filter(|(outcome, _)| outcome.is_rejection())
            .fold(0, |sum: u64, (_, count)| sum.saturating_add(*count))
    }

    /// Whether the node held the key of an admitted feeder in the last round.
    pub fn has_key(&self) -> bool {
        self.last_outcome.is_some_and(Outcome::has_key)
    }

    /// Counts the end of a round.
    pub(super) fn ended(&mut self, outcome: Outcome) {
        let count = self.rounds.entry(outcome).or_default();
        *count = count.saturating_add(1);
        // A round that found the lock taken learnt nothing: the other one will tell.
        if outcome != Outcome::Locked {
            self.last_outcome = Some(outcome);
        }
    }

    /// Notes what each of the sources that were asked gave: when its quote was true, or why there is
    /// none that can be used.
    pub(super) fn asked(
        &mut self,
        quotes: impl Iterator<Item = (Venue, Result<Moment, SourceError>)>,
    ) {
        for venue in self.venues.values_mut() {
            venue.sources = 0;
            venue.up = 0;
        }
        for (venue, quote) in quotes {
            let venue = self.venues.entry(venue).or_default();
            venue.sources = venue.sources.saturating_add(1);
            match quote {
                Ok(at) => {
                    venue.up = venue.up.saturating_add(1);
                    venue.quote_at = venue.quote_at.max(Some(at));
                }
                Err(error) => {
                    let count = venue.errors.entry(error).or_default();
                    *count = count.saturating_add(1);
                }
            }
        }
    }
}

/// The report as it is stored, or an empty one.
pub(super) fn load() -> Report {
    stored::load(REPORT_KEY, MAX_REPORT).unwrap_or_default()
}

/// Changes the stored report. A run that finds the lock taken counts that while the other one works, so
/// this is atomic.
pub(super) fn update(change: impl Fn(&mut Report)) {
    if !stored::update(REPORT_KEY, MAX_REPORT, change) {
        log::debug!(target: super::LOG_TARGET, "event=report_contended");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    const OUTCOMES: [Outcome; 11] = [
        Outcome::Submitted,
        Outcome::Unchanged,
        Outcome::NothingToFeed,
        Outcome::NoKey,
        Outcome::NotAdmitted,
        Outcome::Locked,
        Outcome::NoSources,
        Outcome::BadSources,
        Outcome::TooMany,
        Outcome::NotSigned,
        Outcome::Refused,
    ];

    const ERRORS: [SourceError; 12] = [
        SourceError::Unreachable,
        SourceError::Timeout,
        SourceError::RateLimited,
        SourceError::Status,
        SourceError::TooLarge,
        SourceError::NotJson,
        SourceError::Shape,
        SourceError::Symbol,
        SourceError::Price,
        SourceError::Venue,
        SourceError::Stale,
        SourceError::Outlier,
    ];

    fn largest() -> Report {
        let venue = VenueReport {
            sources: u32::MAX,
            up: u32::MAX,
            quote_at: Some(u64::MAX),
            errors: ERRORS.into_iter().map(|error| (error, u64::MAX)).collect(),
        };
        Report {
            rounds: OUTCOMES
                .into_iter()
                .map(|outcome| (outcome, u64::MAX))
                .collect(),
            last_outcome: Some(Outcome::Refused),
            last_submission: Some(u64::MAX),
            venues: Venue::ALL
                .into_iter()
                .map(|name| (name, venue.clone()))
                .collect(),
        }
    }

    #[test]
    fn report_should_be_read_back_when_it_is_as_large_as_it_gets() {
        let bytes = largest().to_bytes();
        assert!(bytes.len() < MAX_REPORT / 4, "{}", bytes.len());
        assert_eq!(Report::from_bytes(&bytes), Some(largest()));
    }

    #[test]
    fn report_should_be_refused_when_it_is_damaged() {
        let bytes = largest().to_bytes();
        let (short, _) = bytes.split_at(bytes.len().saturating_sub(1));
        assert_eq!(Report::from_bytes(short), None);
        assert_eq!(Report::from_bytes(&[&bytes[..], b"?"].concat()), None);
        assert_eq!(Report::from_bytes(b""), None);
        let mut other_version = bytes.clone();
        if let Some(version) = other_version.first_mut() {
            *version = 2;
        }
        assert_eq!(Report::from_bytes(&other_version), None);
        assert_eq!(Report::from_bytes(&vec![0; 1_000_000]), None);
    }

    #[test]
    fn counters_should_stay_at_the_end_when_they_reach_it() {
        let mut report = largest();
        report.ended(Outcome::Submitted);
        report.asked([(Venue::Okx, Err(SourceError::Stale))].into_iter());
        assert_eq!(report.submissions(), u64::MAX);
        assert_eq!(report.rejections(), u64::MAX);
        let okx = report.venues.get(&Venue::Okx).unwrap();
        assert_eq!((okx.sources, okx.up), (1, 0));
        assert_eq!(okx.errors.get(&SourceError::Stale), Some(&u64::MAX));
        let bybit = report.venues.get(&Venue::Bybit).unwrap();
        assert_eq!((bybit.sources, bybit.up), (0, 0), "no longer asked");
    }

    proptest! {
        #[test]
        fn report_should_never_panic_when_storage_holds_anything(
            bytes in prop::collection::vec(any::<u8>(), 0..300),
            place in 0usize..900,
            byte in any::<u8>(),
        ) {
            let _ = Report::from_bytes(&bytes);
            let _ = Report::from_bytes(&[&[1], &bytes[..]].concat());
            let mut damaged = largest().to_bytes();
            if let Some(at) = damaged.get_mut(place) {
                *at = byte;
            }
            let _ = Report::from_bytes(&damaged);
        }
    }
}
