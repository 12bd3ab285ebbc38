//! Why a source gave no quote that can be used.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use codec::{Decode, Encode};

/// What is wrong with a source, from the connection to the price in its answer.
///
/// A label of log lines and metrics, so there is nothing in it that a venue could choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum SourceError {
    /// No connection (or no valid certificate), or it broke.
    #[codec(index = 0)]
    Unreachable,
    /// Not within the deadline.
    #[codec(index = 1)]
    Timeout,
    /// The venue wants to be asked less often: status 429, or Binance's 418.
    #[codec(index = 2)]
    RateLimited,
    /// Another status than 200.
    #[codec(index = 3)]
    Status,
    /// The body is longer than any ticker.
    #[codec(index = 4)]
    TooLarge,
    /// Not JSON: an HTML page, a body that was cut off, nothing.
    #[codec(index = 5)]
    NotJson,
    /// JSON, but not in the venue's shape.
    #[codec(index = 6)]
    Shape,
    /// About another symbol.
    #[codec(index = 7)]
    Symbol,
    /// Not a positive number that fits a price.
    #[codec(index = 8)]
    Price,
    /// The venue answered with an error of its own.
    #[codec(index = 9)]
    Venue,
    /// The answer says that it is too old.
    #[codec(index = 10)]
    Stale,
    /// Too far from what the other sources say.
    #[codec(index = 11)]
    Outlier,
}

impl SourceError {
    /// For log lines and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::RateLimited => "rate_limited",
            Self::Status => "status",
            Self::TooLarge => "too_large",
            Self::NotJson => "not_json",
            Self::Shape => "wrong_shape",
            Self::Symbol => "wrong_symbol",
            Self::Price => "bad_price",
            Self::Venue => "venue_error",
            Self::Stale => "stale",
            Self::Outlier => "outlier",
        }
    }
}
