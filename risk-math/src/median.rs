//! One price out of many feeds.

use crate::{math::sub, mul_div, value::RATE_ONE, Rounding};
use bulwark_primitives::{Moment, Price, Rate};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What one feeder says.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Quote {
    /// The price.
    pub price: Price,
    /// When it was said.
    pub at: Moment,
}

/// What the feeders say together.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Aggregate {
    /// The middle price; the mean of the two middle ones, rounded down, when there is an even
    /// number of them. Never zero.
    pub median: Price,
    /// `(third quartile - first quartile) / median`, rounded up: how far the feeders disagree. The
    /// largest rate when it does not fit.
    pub spread: Rate,
    /// How many quotes there were.
    pub count: u32,
    /// The oldest of them.
    pub oldest: Moment,
}

/// Median, spread, number and age of `quotes`, which are left sorted by price.
///
/// Fewer than half of the feeders, wherever they put their quotes, cannot move the median out of
/// the range of the others. The quartiles are the values `(n - 1) / 4` places from each end: up to
/// four feeds that is the full range, from five on one outlier at each end is ignored, and so on.
///
/// `None` when there is no quote or the median is zero: zero is not a price.
///
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// let mut quotes = [101, 99, 100, 500, 102].map(|usd| Quote { price: Price(usd * PRICE_SCALE), at: 7 });
/// let aggregate = aggregate(&mut quotes).unwrap();
/// assert_eq!(aggregate.median, Price(101 * PRICE_SCALE));
/// assert_eq!(aggregate.spread, Rate(19_801_981)); // (102 - 100) / 101, up
/// ```
pub fn aggregate(quotes: &mut [Quote]) -> Option<Aggregate> {
    quotes.sort_unstable_by_key(|quote| quote.price);
    let last = quotes.len().checked_sub(1)?;
    let at = |index: usize| quotes.get(index).map(|quote| quote.price);

    let (low, high) = (at(last / 2)?, at(quotes.len() / 2)?);
    let half = sub(high.0, low.0).ok()? / 2;
    let median = low.0.checked_add(half).filter(|median| *median > 0)?;

    let trimmed = last / 4;
    let (first, third) = (at(trimmed)?, at(last.checked_sub(trimmed)?)?);
    let range = sub(third.0, first.0).ok()?;
    // A spread that does not fit is beyond every tolerance, and so is the largest rate.
    let spread = mul_div(range, RATE_ONE, median, Rounding::Up)
        .ok()
        .and_then(|spread| u64::try_from(spread).ok())
        .unwrap_or(u64::MAX);

    Some(Aggregate {
        median: Price(median),
        spread: Rate(spread),
        count: u32::try_from(quotes.len()).ok()?,
        oldest: quotes.iter().map(|quote| quote.at).min()?,
    })
}
