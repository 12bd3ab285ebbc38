//! Time-weighted means.

use super::{MAX_HOLD, ONE};
use crate::{band::bounds, mul_div, value::RATE_ONE, MathError, Rounding};
use bulwark_primitives::{Moment, Price, Rate};
use primitive_types::U256;

/// `e^(-elapsed / window)` with 18 decimals: how much of an exponential mean is left after a time.
///
/// The weights of two steps multiply to the weight of both together, so it does not matter how
/// the time is cut into blocks; the linear weight `1 - elapsed / window` would favour few long ones.
///
/// Computed as `1 / e^x` from the series of `e^x`, `x <= 1`, each term rounded down; the result is
/// at most 5e-17 above the exact value and never below it by more than 1e-18.
///
/// ```
/// # use bulwark_risk_math::oracle::*;
/// assert_eq!(decay(0, 300_000), Ok(ONE));
/// assert_eq!(decay(30_000, 300_000).unwrap() / 1_000_000_000, 904_837_418); // e^-0.1
/// ```
///
/// # Errors
/// `Overflow` when `elapsed` is longer than `window`, `DivisionByZero` when `window` is zero.
/// Complexity: at most 20 terms.
pub fn decay(elapsed: Moment, window: Moment) -> Result<u128, MathError> {
    if elapsed > window {
        return Err(MathError::Overflow);
    }
    let x = mul_div(elapsed.into(), ONE, window.into(), Rounding::Down)?;
    let (mut sum, mut term) = (ONE, ONE);
    // 1 / 21! is under 10^-18.
    for k in 1..=20u128 {
        let divisor = ONE.checked_mul(k).ok_or(MathError::Overflow)?;
        term = mul_div(term, x, divisor, Rounding::Down)?;
        if term == 0 {
            break;
        }
        sum = sum.checked_add(term).ok_or(MathError::Overflow)?;
    }
    mul_div(ONE, ONE, sum, Rounding::Down)
}

/// The time-weighted mean after `sample`, `elapsed` milliseconds after the input before it.
///
/// `mean' = w * mean + (1 - w) * clamp(sample, mean * (1 -+ limit))` with
/// `w = e^(-min(elapsed, MAX_HOLD) / window)`, to the nearest unit (halves up: nobody is favoured).
/// One number of state, no history. An input moves the mean by at most
/// `limit * mean * (1 - w)`, and so by less than `limit`, whatever it is [Drift clamps likewise].
///
/// When a whole window has passed without an input, nothing of the mean is of that window any more:
/// it starts again from the sample. The oracle's grace after an outage covers that.
///
/// Against an exact computation of the same series the error stays under `1e-13` of the mean plus
/// 1,000 units (10^-15 USD), for ever: what one update adds, the following ones forget.
///
/// Mean 100 USD, then 130 USD for 30 s of 5 min, clamped to 110 USD: 100 + 10 * (1 - e^-0.1).
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::oracle::*;
/// let usd = |dollars| Price(dollars * PRICE_SCALE);
/// let mean = twap(usd(100), usd(130), 30_000, 300_000, Rate::percent(10)).unwrap();
/// assert_eq!(mean.0 / 1_000_000_000_000, 100_951_625);
/// ```
///
/// # Errors
/// `Overflow` when the clamp does not fit, which it does up to [`MAX_PRICE`](super::MAX_PRICE).
pub fn twap(
    mean: Price,
    sample: Price,
    elapsed: Moment,
    window: Moment,
    limit: Rate,
) -> Result<Price, MathError> {
    if elapsed >= window {
        return Ok(sample);
    }
    let kept = decay(elapsed.min(MAX_HOLD), window)?;
    let (low, high) = bounds(mean, limit)?;
    blend(mean, sample.max(low).min(high), kept)
}

/// `kept * old + (1 - kept) * new`, to the nearest unit, halves up.
fn blend(old: Price, new: Price, kept: u128) -> Result<Price, MathError> {
    let taken = ONE.checked_sub(kept).ok_or(MathError::Overflow)?;
    let weighted = |price: Price, weight: u128| U256::from(price.0).checked_mul(weight.into());
    let sum = weighted(old, kept)
        .zip(weighted(new, taken))
        .and_then(|(old, new)| old.checked_add(new))
        .and_then(|sum| sum.checked_add((ONE / 2).into()))
        .ok_or(MathError::Overflow)?;
    let (quotient, _) = sum.div_mod(ONE.into());
    u128::try_from(quotient)
        .map(Price)
        .map_err(|_| MathError::Overflow)
}

/// Whether `price` is farther from `reference` than `limit` of the reference: exact, no rounding.
///
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::oracle::*;
/// let usd = |dollars| Price(dollars * PRICE_SCALE);
/// assert!(!deviates(usd(90), usd(100), Rate::percent(10)));
/// assert!(deviates(usd(89), usd(100), Rate::percent(10)));
/// ```
pub fn deviates(price: Price, reference: Price, limit: Rate) -> bool {
    // Products of a u128 and a u64: 192 bits at the most.
    let wide = |a: u128, b: u128| U256::from(a).checked_mul(b.into());
    wide(price.0.abs_diff(reference.0), RATE_ONE) > wide(reference.0, limit.0.into())
}
