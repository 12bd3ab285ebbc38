//! From moves to margin fractions.

use crate::{
    math::{add, sub},
    mul_div,
    value::RATE_ONE,
    MathError, Rounding,
};
use bulwark_primitives::Rate;

/// Maintenance margin as a share of what initial margin would be at the slow move.
pub const MAINTENANCE_SHARE: Rate = Rate::percent(60);

/// The slow move does not fall under this: a rise by a tenth of nothing would never end. A tenth of
/// the lowest base fraction is far below what any margin notices.
pub const MIN_SLOW_MOVE: Rate = Rate::basis_points(10);

/// How far the slow move rises in an hour, as a share of itself.
const RISE: u128 = 100_000_000;
/// `1 - 2^(-1/24)` with 12 decimals: the share of the distance by which it falls in an hour.
const FALL: u128 = 28_468_058_846;
const FALL_SCALE: u128 = 1_000_000_000_000;

/// `m_slow` an hour later: upward it follows `level` by at most 10 % of itself, downward with a
/// half-life of 24 hours, and never below [`MIN_SLOW_MOVE`].
///
/// So a jump of volatility stops new risk at once and reaches maintenance as a ramp, and calm comes
/// back slowly. A new asset starts at its `level`.
///
/// # Rounding
/// The rise down, so that it is never more than 10 %; the fall down, so that less is forgotten.
///
/// From 4 %, with a level of 10 % and of 2 %:
/// ```
/// # use bulwark_primitives::Rate; use bulwark_risk_math::volatility::slow_move;
/// let slow = Rate::percent(4);
/// assert_eq!(slow_move(slow, Rate::percent(10)), Ok(Rate::basis_points(440)));
/// assert_eq!(slow_move(slow, Rate::percent(2)), Ok(Rate(39_430_639)));
/// ```
///
/// # Errors
/// None in practice: the result lies between the two, or is [`MIN_SLOW_MOVE`].
pub fn slow_move(slow: Rate, level: Rate) -> Result<Rate, MathError> {
    let (from, to) = (u128::from(slow.0), u128::from(level.0));
    let next = if to >= from {
        let rise = mul_div(from, RISE, RATE_ONE, Rounding::Down)?;
        add(from, rise)?.min(to)
    } else {
        let fall = mul_div(sub(from, to)?, FALL, FALL_SCALE, Rounding::Down)?;
        sub(from, fall)?
    };
    rate(next).map(|next| next.max(MIN_SLOW_MOVE))
}

/// Initial margin: `IMF = min(1, max(base, margin_move) + add_on)`.
///
/// `margin_move` is `k * m`, which rises at once and falls freely; `add_on` grows with the position
/// and the open interest. Exact: its terms are rounded up already.
///
/// # Errors
/// `Overflow` when the sum does not fit.
pub fn initial_margin_fraction(
    base: Rate,
    margin_move: Rate,
    add_on: Rate,
) -> Result<Rate, MathError> {
    let sum = base.max(margin_move).checked_add(add_on);
    sum.map(|sum| sum.min(Rate::ONE)).ok_or(MathError::Overflow)
}

/// Maintenance margin: `MMF = min(1, 0.6 * (max(base, slow_move) + add_on))`, rounded up.
///
/// `add_on` is that of the position alone: open interest never liquidates anybody.
///
/// After a storm `slow_move` may still be above `margin_move / 0.6`. A market then asks for at least
/// its maintenance margin initially, too: the caller takes the larger of the two (invariant 12).
///
/// # Errors
/// `Overflow` when the sum does not fit.
pub fn maintenance_margin_fraction(
    base: Rate,
    slow_move: Rate,
    add_on: Rate,
) -> Result<Rate, MathError> {
    let sum = base.max(slow_move).checked_add(add_on);
    let sum = u128::from(sum.ok_or(MathError::Overflow)?.0);
    let share = u128::from(MAINTENANCE_SHARE.0);
    let fraction = rate(mul_div(sum, share, RATE_ONE, Rounding::Up)?)?;
    Ok(fraction.min(Rate::ONE))
}

fn rate(value: u128) -> Result<Rate, MathError> {
    u64::try_from(value)
        .map(Rate)
        .map_err(|_| MathError::Overflow)
}
