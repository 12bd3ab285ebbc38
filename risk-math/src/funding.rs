//! Funding: what longs pay shorts, or the other way round, to hold a perpetual near its index.
//!
//! 1. Each block samples the [`premium`]: how far the book is from the index for an order that
//!    moves it.
//! 2. The samples of a minute are averaged, and at the end of an hour the [`trimmed_mean`] of its
//!    minutes gives the [`hourly_rate`] of the next one.
//! 3. Each block [`accrual`] adds `rate * index price * time` to the market's *funding index*, USD
//!    per unit, 18 decimals, signed: longs pay when it rises.
//! 4. A position pays `size * (index now - index at its last settlement)` when it is next touched:
//!    [`payment`].
//!
//! All positions of a market use the same index, and sizes sum to zero; so payments sum to zero but
//! for their rounding, which is always against the account and counted exactly.

use crate::{
    math::{mul_div_rem, signed_add, signed_sub, sub, to_signed},
    mul_div, signed_mul_div,
    value::{RATE_ONE, VALUE_SCALE},
    MathError, Rounding,
};
use alloc::vec::Vec;
use bulwark_primitives::{FundingRate, Moment, Price, Rate, Size, Usd};

/// Milliseconds of an hour, for which a rate holds.
pub const HOUR: Moment = 3_600_000;
/// Rates are quoted for so many hours, and paid in as many parts.
pub const PERIOD_HOURS: u128 = 8;
/// How many times `initial - maintenance margin` funding may cost in [`PERIOD_HOURS`]. Source: dYdX.
pub const CLAMP: u128 = 6;
/// A mean leaves out one in so many minutes on either side.
const TRIM: usize = 4;

/// How far the book is from the index: `(max(0, impact bid - index) - max(0, index - impact ask)) /
/// index`, rounded toward minus infinity; a side that is not deep enough says nothing. Source: dYdX.
///
/// Impact prices are the mean prices at which a market order of the impact notional would sell
/// and buy. A premium that does not fit is the largest there is: the rate is clamped anyway.
///
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::funding::premium;
/// let usd = |n| Price(n * PRICE_SCALE);
/// assert_eq!(premium(Some(usd(101)), Some(usd(102)), usd(100)), Ok(FundingRate(10_000_000)));
/// assert_eq!(premium(Some(usd(97)), Some(usd(98)), usd(100)), Ok(FundingRate(-20_000_000)));
/// assert_eq!(premium(Some(usd(99)), Some(usd(101)), usd(100)), Ok(FundingRate(0)));
/// ```
///
/// # Errors
/// `DivisionByZero` for an index of zero, `Overflow` for prices that no market has.
pub fn premium(
    bid: Option<Price>,
    ask: Option<Price>,
    index: Price,
) -> Result<FundingRate, MathError> {
    let above = bid.map_or(0, |bid| bid.0.saturating_sub(index.0));
    let below = ask.map_or(0, |ask| index.0.saturating_sub(ask.0));
    let distance = signed_sub(to_signed(above)?, to_signed(below)?)?;
    let exact = signed_mul_div(distance, RATE_ONE, index.0, Rounding::Down)?;
    Ok(FundingRate(i64::try_from(exact).unwrap_or(
        if exact.is_negative() {
            i64::MIN
        } else {
            i64::MAX
        },
    )))
}

/// Mean of `values` without the lowest and the highest quarter (each rounded down to whole values);
/// rounded toward minus infinity. Zero when there are none.
///
/// # Errors
/// None in practice: a mean of values fits. Complexity: O(n log n).
pub fn trimmed_mean(values: &[FundingRate]) -> Result<FundingRate, MathError> {
    let mut sorted: Vec<i64> = values.iter().map(|value| value.0).collect();
    sorted.sort_unstable();
    let cut = sorted.len().checked_div(TRIM).unwrap_or(0);
    let kept = sorted.len().saturating_sub(cut.saturating_mul(2));
    let mut sum = 0i128;
    for value in sorted.iter().skip(cut).take(kept) {
        sum = signed_add(sum, i128::from(*value))?;
    }
    mean(sum, kept)
}

/// `sum / count`, rounded toward minus infinity; zero when there is nothing.
///
/// # Errors
/// `Overflow` when it is no rate.
pub fn mean(sum: i128, count: usize) -> Result<FundingRate, MathError> {
    if count == 0 {
        return Ok(FundingRate(0));
    }
    let count = u128::try_from(count).map_err(|_| MathError::Overflow)?;
    rate(signed_mul_div(sum, 1, count, Rounding::Down)?)
}

/// Rate of an hour: `clamp(premium + interest, -6 * (initial - maintenance), 6 * (initial -
/// maintenance)) / 8`, toward minus infinity. `premium` and `interest` are for eight hours.
///
/// A premium of 0.07 % and 0.01 % of interest cost 0.01 % an hour:
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::funding::hourly_rate;
/// let rate = hourly_rate(FundingRate(700_000), Rate::basis_points(1), Rate::percent(5), Rate::percent(3));
/// assert_eq!(rate, Ok(FundingRate(100_000)));
/// let rate = hourly_rate(FundingRate(900_000_000), Rate::basis_points(1), Rate::percent(5), Rate::percent(3));
/// assert_eq!(rate, Ok(FundingRate(15_000_000)), "12 % in eight hours at the most");
/// ```
///
/// # Errors
/// `Overflow` when `maintenance` is above `initial` or a rate does not fit.
pub fn hourly_rate(
    premium: FundingRate,
    interest: Rate,
    initial: Rate,
    maintenance: Rate,
) -> Result<FundingRate, MathError> {
    let room = sub(u128::from(initial.0), u128::from(maintenance.0))?;
    let most = to_signed(room.checked_mul(CLAMP).ok_or(MathError::Overflow)?)?;
    let wanted = signed_add(i128::from(premium.0), i128::from(interest.0))?;
    let least = most.checked_neg().ok_or(MathError::Overflow)?;
    let clamped = wanted.clamp(least, most);
    rate(signed_mul_div(clamped, 1, PERIOD_HOURS, Rounding::Down)?)
}

/// What the funding index of a market gains in `elapsed` milliseconds: `rate * index price * elapsed
/// / 1 h`, USD per unit with 18 decimals. Rounded toward minus infinity, which favours nobody: both
/// sides of the market use the same index.
///
/// # Errors
/// `Overflow` when it does not fit.
pub fn accrual(rate: FundingRate, index: Price, elapsed: Moment) -> Result<i128, MathError> {
    let scale = RATE_ONE
        .checked_mul(u128::from(HOUR))
        .ok_or(MathError::Overflow)?;
    let per_price = signed_mul_div(i128::from(rate.0), u128::from(elapsed), 1, Rounding::Down)?;
    signed_mul_div(per_price, index.0, scale, Rounding::Down)
}

/// What a position pays (negative: gets) when the funding index has moved by `moved`, and what of it
/// is rounding.
///
/// `paid = size * moved`, rounded up: against the account. `dust` is the rest, `paid - size * moved`
/// in units of 10^-36 USD, below one `Usd`. So summed over all positions of a market, whose sizes
/// cancel, `sum of paid = sum of dust`, exactly: the fund gets it and never adds to it.
///
/// Long 2 units, the index rose by 1.5 millionths of a USD:
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::funding::payment;
/// let moved = 1_500_000_000_000;
/// let long = payment(Size(2 * SIZE_SCALE as i128), moved).unwrap();
/// assert_eq!((long.paid, long.dust), (Usd(3), 0));
/// let short = payment(Size(-(SIZE_SCALE as i128)), moved).unwrap();
/// assert_eq!((short.paid, short.dust), (Usd(-1), 500_000_000_000_000_000_000_000_000_000));
/// ```
///
/// # Errors
/// `Overflow` when it does not fit.
pub fn payment(size: Size, moved: i128) -> Result<Payment, MathError> {
    let (whole, rest) = mul_div_rem(size.0.unsigned_abs(), moved.unsigned_abs(), VALUE_SCALE)?;
    let whole = to_signed(whole)?;
    if size.is_short() != moved.is_negative() {
        // Received, or nothing: what is short of a whole unit stays behind.
        let paid = whole.checked_neg().ok_or(MathError::Overflow)?;
        return Ok(Payment {
            paid: Usd(paid),
            dust: rest,
        });
    }
    let (paid, dust) = if rest == 0 {
        (whole, 0)
    } else {
        (signed_add(whole, 1)?, sub(VALUE_SCALE, rest)?)
    };
    Ok(Payment {
        paid: Usd(paid),
        dust,
    })
}

/// A funding payment with its rounding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// What the account pays; negative when it gets something.
    pub paid: Usd,
    /// What of that is rounding, 10^-36 USD, below 10^30.
    pub dust: u128,
}

/// Adds dust to what has gathered: the new rest below one `Usd`, and what has become whole.
///
/// # Errors
/// `Overflow` when they do not fit, which two rests do.
pub fn gather(rest: u128, dust: u128) -> Result<(u128, Usd), MathError> {
    let sum = crate::math::add(rest, dust)?;
    let whole = mul_div(sum, 1, VALUE_SCALE, Rounding::Down)?;
    let rest = sum.checked_rem(VALUE_SCALE).ok_or(MathError::Overflow)?;
    Ok((rest, to_signed(whole).map(Usd)?))
}

fn rate(value: i128) -> Result<FundingRate, MathError> {
    i64::try_from(value)
        .map(FundingRate)
        .map_err(|_| MathError::Overflow)
}
