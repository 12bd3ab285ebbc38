//! Values that move from block to block.

use crate::{math::sub, mul_div, MathError, Rounding};

/// The value of a ramp after `elapsed` of `period` blocks: `from + (to - from) * elapsed / period`,
/// and `to` from the end on. A ramp without a period is over at once.
///
/// # Rounding
/// As told: what is required rounds up, what is granted down. Two ramps of the same blocks and
/// rounding never cross, because rounding keeps the order of what it rounds.
///
/// A third of the way from 3 to 4, in the two directions:
/// ```
/// # use bulwark_risk_math::{ramp, Rounding};
/// assert_eq!(ramp(300, 400, 1, 3, Rounding::Up), Ok(334));
/// assert_eq!(ramp(400, 300, 1, 3, Rounding::Up), Ok(367));
/// assert_eq!(ramp(300, 400, 1, 3, Rounding::Down), Ok(333));
/// ```
///
/// # Errors
/// None in practice: the result lies between the two.
pub fn ramp(
    from: u128,
    to: u128,
    elapsed: u32,
    period: u32,
    rounding: Rounding,
) -> Result<u128, MathError> {
    if elapsed >= period {
        return Ok(to);
    }
    let (elapsed, period) = (u128::from(elapsed), u128::from(period));
    if to >= from {
        let way = mul_div(sub(to, from)?, elapsed, period, rounding)?;
        from.checked_add(way).ok_or(MathError::Overflow)
    } else {
        let way = mul_div(sub(from, to)?, elapsed, period, rounding.reversed())?;
        sub(from, way)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ramp_should_stay_between_its_ends_when_numbers_are_extreme() {
        for (from, to) in [(0, u128::MAX), (u128::MAX, 0), (7, 7), (0, 1), (1, 0)] {
            let mut last = from;
            for elapsed in [0, 1, 2, u32::MAX / 2, u32::MAX - 1, u32::MAX] {
                for rounding in [Rounding::Down, Rounding::Up] {
                    let value = ramp(from, to, elapsed, u32::MAX, rounding).unwrap();
                    assert!(value >= from.min(to) && value <= from.max(to));
                }
                let value = ramp(from, to, elapsed, u32::MAX, Rounding::Up).unwrap();
                assert!(if to >= from {
                    value >= last
                } else {
                    value <= last
                });
                last = value;
            }
            assert_eq!(last, to);
            assert_eq!(ramp(from, to, 0, u32::MAX, Rounding::Up), Ok(from));
            assert_eq!(ramp(from, to, 0, 0, Rounding::Up), Ok(to));
        }
    }
}
