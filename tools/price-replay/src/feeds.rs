//! Which file each venue quotes from.

use crate::{Asset, Recording, Venue};
use serde::Serialize;
use std::{collections::BTreeMap, path::PathBuf, str::FromStr, sync::Arc};

/// What a venue answers in a gap: while its file has no bar, and after the last one.
///
/// A file does not say why a bar is missing. Either nobody traded, or the exchange was down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gaps {
    /// Nobody traded: the last price stands, as it does on the real venues. Where the answer carries a
    /// time (Coinbase, OKX, Bybit) that time is the end of the last bar, so the quote turns stale.
    /// Binance and Kraken tell no time, here as there. (Bybit proper stamps its answers as it sends
    /// them; here its stamp ages like the others', so that all three can be seen to be refused.)
    #[default]
    Last,
    /// The exchange was down: it answers that it is unavailable, each in its own words.
    Error,
}

impl FromStr for Gaps {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "last" => Ok(Self::Last),
            "error" => Ok(Self::Error),
            other => Err(format!("`{other}` is neither `last` nor `error`")),
        }
    }
}

/// Which recording each venue quotes for each asset.
#[derive(Clone, Debug, Default)]
pub struct Feeds {
    pub(crate) recordings: BTreeMap<(Asset, Venue), Arc<Recording>>,
    pub(crate) gaps: Gaps,
}

impl Feeds {
    /// Every venue that has no recording for `asset` yet quotes it from `recording`.
    #[must_use]
    pub fn everywhere(mut self, asset: Asset, recording: Recording) -> Self {
        let recording = Arc::new(recording);
        for venue in Venue::ALL {
            self.recordings
                .entry((asset.clone(), venue))
                .or_insert_with(|| recording.clone());
        }
        self
    }

    /// `venue` quotes `asset` from `recording`.
    #[must_use]
    pub fn at(mut self, venue: Venue, asset: Asset, recording: Recording) -> Self {
        self.recordings.insert((asset, venue), Arc::new(recording));
        self
    }

    /// What the venues answer in gaps.
    #[must_use]
    pub const fn with_gaps(mut self, gaps: Gaps) -> Self {
        self.gaps = gaps;
        self
    }

    /// Reads the files of `specs`. One with a venue wins over one without.
    ///
    /// # Errors
    /// The first thing wrong in a file.
    pub fn read(specs: &[DataSpec]) -> Result<Self, crate::DataError> {
        let mut feeds = Self::default();
        for spec in specs {
            if let Some(venue) = spec.venue {
                feeds = feeds.at(venue, spec.asset.clone(), Recording::from_csv(&spec.file)?);
            }
        }
        for spec in specs.iter().filter(|spec| spec.venue.is_none()) {
            feeds = feeds.everywhere(spec.asset.clone(), Recording::from_csv(&spec.file)?);
        }
        Ok(feeds)
    }

    /// The time that all recordings cover, milliseconds since the epoch.
    pub(crate) fn common_range(&self) -> Option<(u64, u64)> {
        let from = self.recordings.values().map(|r| r.start()).max()?;
        let to = self.recordings.values().map(|r| r.end()).min()?;
        (from < to).then_some((from, to))
    }

    /// The time that any recording covers, milliseconds since the epoch.
    pub(crate) fn whole_range(&self) -> Option<(u64, u64)> {
        let from = self.recordings.values().map(|r| r.start()).min()?;
        let to = self.recordings.values().map(|r| r.end()).max()?;
        Some((from, to))
    }
}

/// `[VENUE=]FILE[:ASSET]`, as on the command line. Without a venue: all. Without an asset: BTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSpec {
    /// Who quotes it; `None` is everybody.
    pub venue: Option<Venue>,
    /// Where the bars are.
    pub file: PathBuf,
    /// What they are of.
    pub asset: Asset,
}

impl FromStr for DataSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (venue, rest) = match text.split_once('=') {
            Some((venue, rest)) if !venue.contains(['/', '.']) => (Some(venue.parse()?), rest),
            _ => (None, text),
        };
        let (file, asset) = match rest.rsplit_once(':') {
            Some((file, asset)) if !asset.contains(['/', '.']) => (file, asset.parse()?),
            _ => (rest, Asset::btc()),
        };
        if file.is_empty() {
            return Err(format!(
                "`{text}` names no file; write [VENUE=]FILE[:ASSET]"
            ));
        }
        Ok(Self {
            venue,
            file: file.into(),
            asset,
        })
    }
}
