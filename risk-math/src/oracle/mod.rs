//! What the price oracle computes beside the median: means, the slow price, what an outage does to
//! a price, and the score of a feeder.
//!
//! | module | formulas |
//! |---|---|
//! | [`means`] | time-weighted mean with clamped input, deviation from a reference |
//! | [`slow`] | the slow price and its delayed anchor |
//! | [`continuity`] | gaps and the grace after them |
//! | [`score`] | rounds missed and spent away from the others |
//!
//! All of it goes by time and not by the number of blocks.

pub mod continuity;
pub mod means;
pub mod score;
pub mod slow;

pub use continuity::{Continuity, GapRule};
pub use means::{decay, deviates, twap};
pub use score::{outside, Offence, Record, Thresholds};
pub use slow::{delayed_step, slow_step};

use bulwark_primitives::{Moment, Price};

/// The smallest price that is one: 10^-12 USD. Under it steps of a fraction of the price are lost to
/// rounding.
pub const MIN_PRICE: Price = Price(1_000_000);

/// The largest price that is one: 10^12 USD. Under it nothing here overflows.
pub const MAX_PRICE: Price = Price(1_000_000_000_000_000_000_000_000_000_000);

/// The longest time one input stands for, in milliseconds. What passes beyond it belongs to nobody:
/// the first price after an outage must not count for the whole of it.
pub const MAX_HOLD: Moment = 30_000;

/// One, as a weight or growth with 18 decimals.
pub const ONE: u128 = 1_000_000_000_000_000_000;

/// Whether a price can be one: between [`MIN_PRICE`] and [`MAX_PRICE`].
pub const fn is_price(price: Price) -> bool {
    price.0 >= MIN_PRICE.0 && price.0 <= MAX_PRICE.0
}
