//! Running mean of a price, and the band around it.

use crate::{price_with_rate, MathError, Rounding};
use bulwark_primitives::{Moment, Price, Rate};
use primitive_types::U256;

/// The mean after `sample` has held for `elapsed`: `(sample * dt + mean * (T - dt)) / T` with
/// `T = window` and `dt = min(elapsed, T)`, to the nearest unit (halves up: nobody is favoured).
///
/// A first-order low-pass filter: one number of state, no history. A sample that has held for a
/// whole window replaces the mean.
///
/// Mean 100 USD, 130 USD for one of five minutes: 106 USD.
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// let usd = |dollars| Price(dollars * PRICE_SCALE);
/// assert_eq!(mean_update(usd(100), usd(130), 60_000, 300_000), Ok(usd(106)));
/// ```
///
/// # Errors
/// `DivisionByZero` when `window` is zero. The mean lies between its two inputs, so it fits.
pub fn mean_update(
    mean: Price,
    sample: Price,
    elapsed: Moment,
    window: Moment,
) -> Result<Price, MathError> {
    if window == 0 {
        return Err(MathError::DivisionByZero);
    }
    let new = elapsed.min(window);
    let old = window.abs_diff(new);
    let weighted = |price: Price, weight: Moment| U256::from(price.0).checked_mul(weight.into());
    let doubled = weighted(sample, new)
        .zip(weighted(mean, old))
        .and_then(|(new, old)| new.checked_add(old))
        .and_then(|sum| sum.checked_mul(2u8.into()))
        .and_then(|sum| sum.checked_add(window.into()))
        .ok_or(MathError::Overflow)?;
    let divisor = U256::from(window)
        .checked_mul(2u8.into())
        .ok_or(MathError::Overflow)?;
    let (quotient, _) = doubled.div_mod(divisor);
    u128::try_from(quotient)
        .map(Price)
        .map_err(|_| MathError::Overflow)
}

/// The lowest and the highest price within `band` of `reference`: `reference * (1 -+ band)`.
///
/// Both round toward the reference, so the band is never wider than governed. A band of 100 % or
/// more has no lower end: zero.
///
/// # Errors
/// `Overflow` when the upper end does not fit.
pub fn bounds(reference: Price, band: Rate) -> Result<(Price, Price), MathError> {
    let low = if band >= Rate::ONE {
        Price::ZERO
    } else {
        price_with_rate(reference, band, false, Rounding::Up)?
    };
    let high = price_with_rate(reference, band, true, Rounding::Down)?;
    Ok((low, high))
}
