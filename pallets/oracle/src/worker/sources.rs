//! Which exchanges a feeder asks: the format of the sources file.
//!
//! ```json
//! {
//!   "sources": [
//!     { "venue": "binance", "asset": 2, "symbol": "BTCUSDT",
//!       "url": "https://api.binance.com/api/v3/ticker/price?symbol=BTCUSDT" },
//!     { "venue": "coinbase", "asset": 2, "symbol": "BTC-USD",
//!       "url": "https://api.exchange.coinbase.com/products/BTC-USD/ticker" },
//!     { "venue": "kraken", "asset": 2, "symbol": "XXBTZUSD",
//!       "url": "https://api.kraken.com/0/public/Ticker?pair=XBTUSD" },
//!     { "venue": "okx", "asset": 2, "symbol": "BTC-USDT",
//!       "url": "https://www.okx.com/api/v5/market/ticker?instId=BTC-USDT" },
//!     { "venue": "bybit", "asset": 2, "symbol": "BTCUSDT",
//!       "url": "https://api.bybit.com/v5/market/tickers?category=spot&symbol=BTCUSDT" }
//!   ]
//! }
//! ```
//!
//! `venue` says how the answer is read, `asset` whose price it is, `symbol` what the answer must
//! be about (for Kraken the key of the result), `url` where to ask with a plain GET. At most
//! [`MAX_SOURCES`]. Every URL, and every symbol of a venue for an asset, is there once: the same
//! source twice would count twice in the median. Coinbase does not say what its answer is about, so
//! its URL has to name the symbol.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use bulwark_primitives::AssetId;
use codec::{Decode, Encode};
use core::fmt;
use serde::{
    de::{Error, Unexpected, Visitor},
    Deserialize, Deserializer,
};

/// Most sources of one feeder.
pub const MAX_SOURCES: usize = 64;

/// Longest URL, in bytes.
pub const MAX_URL: usize = 512;

/// Longest symbol, in bytes.
pub const MAX_SYMBOL: usize = 32;

/// Whose public ticker a source is. The shapes are in [`super::tickers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Venue {
    /// `GET /api/v3/ticker/price?symbol=BTCUSDT`
    #[codec(index = 0)]
    Binance,
    /// `GET /products/BTC-USD/ticker` of the Exchange API
    #[codec(index = 1)]
    Coinbase,
    /// `GET /0/public/Ticker?pair=XBTUSD`
    #[codec(index = 2)]
    Kraken,
    /// `GET /api/v5/market/ticker?instId=BTC-USDT`
    #[codec(index = 3)]
    Okx,
    /// `GET /v5/market/tickers?category=spot&symbol=BTCUSDT`
    #[codec(index = 4)]
    Bybit,
}

impl Venue {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Binance,
        Self::Coinbase,
        Self::Kraken,
        Self::Okx,
        Self::Bybit,
    ];

    /// The name in the sources file and in log lines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Binance => "binance",
            Self::Coinbase => "coinbase",
            Self::Kraken => "kraken",
            Self::Okx => "okx",
            Self::Bybit => "bybit",
        }
    }

    /// Whether its answer says what it is about.
    const fn names_the_symbol(self) -> bool {
        match self {
            Self::Binance | Self::Kraken | Self::Okx | Self::Bybit => true,
            Self::Coinbase => false,
        }
    }
}

/// One place to ask for the price of one asset.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// How to read the answer.
    pub venue: Venue,
    /// Whose price it is.
    pub asset: AssetId,
    /// What the answer must be about.
    #[serde(deserialize_with = "symbol")]
    pub symbol: String,
    /// Where to ask.
    #[serde(deserialize_with = "url")]
    pub url: String,
}

/// The parsed sources file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    sources: Vec<Source>,
}

impl Sources {
    /// The sources in the order of the file. At least one, at most [`MAX_SOURCES`].
    pub fn iter(&self) -> impl Iterator<Item = &Source> + Clone {
        self.sources.iter()
    }
}

/// What is wrong with a sources file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcesError {
    /// In which line, counted from one.
    pub line: u32,
    /// In words.
    pub reason: String,
}

impl fmt::Display for SourcesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl core::error::Error for SourcesError {}

/// Reads a sources file.
///
/// # Errors
/// When it is not JSON, has an unknown venue, an unknown or missing field, a bad value, a source twice,
/// no source or more than [`MAX_SOURCES`]. The reason names what is wrong.
pub fn parse_sources(bytes: &[u8]) -> Result<Sources, SourcesError> {
    let sources: Sources = serde_json::from_slice(bytes).map_err(|error| SourcesError {
        line: u32::try_from(error.line()).unwrap_or(u32::MAX).max(1),
        reason: error.to_string(),
    })?;
    if sources.sources.is_empty() {
        return Err(SourcesError {
            line: 1,
            reason: "no sources".into(),
        });
    }
    if sources.sources.len() > MAX_SOURCES {
        return Err(SourcesError {
            line: line_at(bytes, bytes.len()),
            reason: alloc::format!("more than {MAX_SOURCES} sources"),
        });
    }
    for (index, source) in sources.iter().enumerate() {
        let mut earlier = sources.iter().take(index);
        if earlier.clone().any(|other| other.url == source.url) {
            return Err(SourcesError {
                line: line_of(bytes, &source.url, 1),
                reason: alloc::format!("{} is there twice", source.url),
            });
        }
        let is_same = |other: &Source| {
            (other.venue, other.asset, &other.symbol)
                == (source.venue, source.asset, &source.symbol)
        };
        let name = source.venue.as_str();
        if earlier.any(is_same) {
            return Err(SourcesError {
                line: line_of(bytes, &source.url, 0),
                reason: alloc::format!(
                    "{name} {} is there twice for asset {}",
                    source.symbol,
                    source.asset
                ),
            });
        }
        if !source.venue.names_the_symbol() && !source.url.contains(&source.symbol) {
            return Err(SourcesError {
                line: line_of(bytes, &source.url, 0),
                reason: alloc::format!("the URL of a {name} source must name {}", source.symbol),
            });
        }
    }
    Ok(sources)
}

/// The line of the byte at `end`, counted from one.
fn line_at(bytes: &[u8], end: usize) -> u32 {
    let breaks = bytes
        .iter()
        .take(end)
        .filter(|byte| **byte == b'\n')
        .count();
    u32::try_from(breaks).unwrap_or(u32::MAX).saturating_add(1)
}

/// The line in which `text` is after `earlier` times before. A URL written with JSON escapes is not
/// found: then the last line is named.
fn line_of(bytes: &[u8], text: &str, earlier: usize) -> u32 {
    let at = bytes
        .windows(text.len().max(1))
        .enumerate()
        .filter(|(_, window)| *window == text.as_bytes())
        .nth(earlier)
        .map_or(bytes.len(), |(at, _)| at);
    line_at(bytes, at)
}

fn is_symbol(text: &str) -> bool {
    (1..=MAX_SYMBOL).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_/.".contains(&byte))
}

fn is_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    text.len() <= MAX_URL
        && rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic()))
}

fn symbol<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    deserializer.deserialize_str(Checked {
        expected: "a symbol of 1 to 32 letters, digits, '-', '_', '/' or '.'",
        is_valid: is_symbol,
    })
}

fn url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    deserializer.deserialize_str(Checked {
        expected: "a URL of at most 512 bytes that starts with http:// or https://",
        is_valid: is_url,
    })
}

/// Reads a string and checks it on the spot, so that the error has the line of the string.
struct Checked {
    expected: &'static str,
    is_valid: fn(&str) -> bool,
}

impl Visitor<'_> for Checked {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        if (self.is_valid)(text) {
            Ok(text.into())
        } else {
            Err(E::invalid_value(Unexpected::Str(text), &self))
        }
    }
}
