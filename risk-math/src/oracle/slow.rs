//! The slow price: what a price has to hold against before initial margin believes it.

use super::{MAX_HOLD, ONE};
use crate::{mul_div, MathError, Rounding};
use bulwark_primitives::{Moment, Price};

/// Fastest growth of the slow price: 0.03 % a second, here per millisecond with 18 decimals.
const GROWTH_PER_MILLI: u128 = 300_000_000_000;

/// Fastest growth of the delayed price: 6 % an hour, 18 decimals.
const HOURLY_GROWTH: u128 = 60_000_000_000_000_000;

/// The slow price after `sample`, `elapsed` milliseconds after the input before it.
///
/// It goes toward the sample by a factor of at most `1 + g`, where
/// `g = 0.03 %/s * min(elapsed, MAX_HOLD) * (near / far)^2` and `near / far <= 1` is the ratio of slow and
/// delayed price: the farther it is from the price of a day ago, the slower it moves. Source:
/// Mango v4, `stable_price.rs`.
///
/// `g` and the step round down: slower is the careful direction, because initial margin takes the
/// worse of both. Against exact arithmetic a step is short by at most `3e-18` of the price and one
/// unit; the error of many adds up to the number of steps times that.
///
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::oracle::*;
/// let usd = |dollars| Price(dollars * PRICE_SCALE);
/// // 2 s: 0.06 %.
/// let slow = slow_step(usd(100), usd(150), usd(100), 2_000).unwrap();
/// assert_eq!(slow, Price(100_060_000_000_000_000_000));
/// ```
///
/// # Errors
/// `DivisionByZero` when slow and delayed price are both zero; `Overflow` beyond
/// [`MAX_PRICE`](super::MAX_PRICE).
pub fn slow_step(
    slow: Price,
    sample: Price,
    delayed: Price,
    elapsed: Moment,
) -> Result<Price, MathError> {
    let (near, far) = (slow.min(delayed), slow.max(delayed));
    let ratio = mul_div(near.0, ONE, far.0, Rounding::Down)?;
    let damping = mul_div(ratio, ratio, ONE, Rounding::Down)?;
    let free = u128::from(elapsed.min(MAX_HOLD))
        .checked_mul(GROWTH_PER_MILLI)
        .ok_or(MathError::Overflow)?;
    toward(slow, sample, mul_div(free, damping, ONE, Rounding::Down)?)
}

/// The next hourly delayed price: the hour's mean, within 6 % of the hour before.
///
/// Twenty-four of them, read a day late, are what damps the slow price.
///
/// # Errors
/// `Overflow` beyond [`MAX_PRICE`](super::MAX_PRICE).
pub fn delayed_step(previous: Price, mean: Price) -> Result<Price, MathError> {
    toward(previous, mean, HOURLY_GROWTH)
}

/// `to`, but within a factor of `1 + growth` of `from`; rounded toward `from`.
fn toward(from: Price, to: Price, growth: u128) -> Result<Price, MathError> {
    let factor = ONE.checked_add(growth).ok_or(MathError::Overflow)?;
    let low = mul_div(from.0, ONE, factor, Rounding::Up)?;
    let high = mul_div(from.0, factor, ONE, Rounding::Down)?;
    Ok(to.max(Price(low)).min(Price(high)))
}
