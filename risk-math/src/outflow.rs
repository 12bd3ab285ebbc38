//! How much of an asset may leave within an hour and within a day.
//!
//! Each window counts what has left, less what came in. The count goes back to nothing in a straight line, the
//! whole limit in one window, so what has been taken can be taken again a window later, and what came in
//! is forgotten as fast [dYdX]. Between two moments no more can leave on balance than the limit and what
//! time gave back of it.
//!
//! A pot of 200 million and a limit of 1 %: 2 million may leave, an hour later again.
//! ```
//! # use bulwark_primitives::*; use bulwark_risk_math::outflow::*;
//! let (pot, cap) = (200_000_000, 0);
//! let limit = outflow_limit(pot, 0, cap, Rate::percent(1), Rate::ZERO).unwrap();
//! assert_eq!(limit, 2_000_000);
//! let half_an_hour = returned(limit, 1_800_000, 3_600_000).unwrap();
//! assert_eq!(toward_nothing(2_000_000, half_an_hour).unwrap(), 1_000_000);
//! ```

use crate::{
    math::{add, mul_div},
    value::RATE_ONE,
    MathError, Rounding,
};
use bulwark_primitives::{Moment, Rate};

/// Most of an asset that may have left within a window: `share` of what the pot held before it left, and
/// at least `floor` of the asset's deposit cap. `net` is what the window counts as having left, below zero when
/// more came in. Base units, rounded down, in favour of who stays.
///
/// What leaves moves from `pot` to `net`, so it does not change the limit that it is held to.
///
/// # Errors
/// `Overflow` when pot and outflow together do not fit.
pub fn outflow_limit(
    pot: u128,
    net: i128,
    cap: u128,
    share: Rate,
    floor: Rate,
) -> Result<u128, MathError> {
    let before = add(pot, net.max(0).unsigned_abs())?;
    let part = |whole, rate: Rate| mul_div(whole, u128::from(rate.0), RATE_ONE, Rounding::Down);
    Ok(part(before, share)?.max(part(cap, floor)?))
}

/// What a window forgets in `elapsed` of a count that would take one `period` to go by `whole`:
/// `whole * elapsed / period`, at most all of it. Base units, rounded down, in favour of who stays.
///
/// # Errors
/// `DivisionByZero` when `period` is zero.
pub fn returned(whole: u128, elapsed: Moment, period: Moment) -> Result<u128, MathError> {
    mul_div(
        whole,
        u128::from(elapsed.min(period)),
        u128::from(period),
        Rounding::Down,
    )
}

/// A count moved toward nothing by so much, and never past it.
///
/// # Errors
/// None for any count: its size never grows. The type is that of the other formulas.
pub fn toward_nothing(net: i128, returned: u128) -> Result<i128, MathError> {
    // Whatever is returned beyond the count is forgotten: nothing is where it ends.
    let left = net.unsigned_abs().saturating_sub(returned);
    let moved = if net < 0 {
        0i128.checked_sub_unsigned(left)
    } else {
        0i128.checked_add_unsigned(left)
    };
    moved.ok_or(MathError::Overflow)
}
