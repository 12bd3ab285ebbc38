//! The rate of a loan from the use of the pool.

use crate::{
    math::{add, sub},
    mul_div,
    value::RATE_ONE,
    volatility::{FineRate, FINE_SCALE},
    MathError, Rounding,
};
use bulwark_primitives::{Moment, Rate, Usd};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A year of 365 days, in milliseconds: rates are per year.
pub const YEAR: Moment = 31_536_000_000;
/// A day, in milliseconds: the scaling moves by a share a day.
pub const DAY: Moment = 86_400_000;

/// Parameters of the curve. Rates are per year.
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
pub struct InterestParams {
    /// Use at which the curve bends, and toward which it is scaled.
    pub kink: Rate,
    /// Rate when nothing is borrowed.
    pub rate_at_zero: Rate,
    /// Rate at the kink.
    pub rate_at_kink: Rate,
    /// Rate when everything is borrowed.
    pub rate_at_full: Rate,
    /// Part of the interest that goes to the insurance fund.
    pub reserve_share: Rate,
    /// How far the scaling moves in a day at no use (down) or full use (up), as a share of itself.
    pub daily_adjustment: Rate,
    /// The scaling is not below this.
    pub min_scaling: Rate,
    /// The scaling is not above this.
    pub max_scaling: Rate,
}

impl Default for InterestParams {
    /// 2 % / 10 % / 150 % a year at 0 / 80 / 100 % use, 15 % of it to the fund; the curve doubles or
    /// halves at most, by at most 5 % a day.
    fn default() -> Self {
        Self {
            kink: Rate::percent(80),
            rate_at_zero: Rate::percent(2),
            rate_at_kink: Rate::percent(10),
            rate_at_full: Rate::percent(150),
            reserve_share: Rate::percent(15),
            daily_adjustment: Rate::percent(5),
            min_scaling: Rate::percent(50),
            max_scaling: Rate::percent(200),
        }
    }
}

impl InterestParams {
    /// Highest rate at no use.
    pub const MAX_RATE_AT_ZERO: Rate = Rate::percent(10);
    /// Highest rate at the kink.
    pub const MAX_RATE_AT_KINK: Rate = Rate::percent(100);
    /// Highest rate at full use.
    pub const MAX_RATE_AT_FULL: Rate = Rate::percent(500);
    /// Highest part of the fund.
    pub const MAX_RESERVE_SHARE: Rate = Rate::percent(50);
    /// Fastest scaling.
    pub const MAX_DAILY_ADJUSTMENT: Rate = Rate::percent(20);
    /// Lowest scaling.
    pub const LEAST_SCALING: Rate = Rate::percent(25);
    /// Highest scaling.
    pub const MOST_SCALING: Rate = Rate::percent(400);

    /// Whether the curve is one: kink within 1 .. 99 %, rates that do not fall with the use, everything
    /// inside the bounds of this type, 100 % among the scalings. Bounds of the rates and of the kink are
    /// those of Interlay and Aave. With them no step of at most a year overflows below 10^19 USD.
    pub fn is_valid(&self) -> bool {
        let kink = Rate::percent(1) <= self.kink && self.kink <= Rate::percent(99);
        let rates = self.rate_at_zero <= Self::MAX_RATE_AT_ZERO
            && self.rate_at_zero <= self.rate_at_kink
            && self.rate_at_kink <= Self::MAX_RATE_AT_KINK
            && self.rate_at_kink <= self.rate_at_full
            && self.rate_at_full <= Self::MAX_RATE_AT_FULL;
        let scaling = Self::LEAST_SCALING <= self.min_scaling
            && self.min_scaling <= Rate::ONE
            && Rate::ONE <= self.max_scaling
            && self.max_scaling <= Self::MOST_SCALING;
        kink && rates
            && scaling
            && self.reserve_share <= Self::MAX_RESERVE_SHARE
            && self.daily_adjustment <= Self::MAX_DAILY_ADJUSTMENT
    }

    /// Whether no parameter is farther from `before` than it may go at once: 5 points the kink, the share of
    /// the fund and the daily adjustment, 2 / 5 / 50 points the rates at no use, at the kink and at full use,
    /// 25 points the ends of the scaling.
    pub fn is_step_from(&self, before: &Self) -> bool {
        let near = |a: Rate, b: Rate, percent: u32| a.0.abs_diff(b.0) <= Rate::percent(percent).0;
        near(self.kink, before.kink, 5)
            && near(self.rate_at_zero, before.rate_at_zero, 2)
            && near(self.rate_at_kink, before.rate_at_kink, 5)
            && near(self.rate_at_full, before.rate_at_full, 50)
            && near(self.reserve_share, before.reserve_share, 5)
            && near(self.daily_adjustment, before.daily_adjustment, 5)
            && near(self.min_scaling, before.min_scaling, 25)
            && near(self.max_scaling, before.max_scaling, 25)
    }
}

/// Use of the pool: borrowed over supplied, rounded up, at most 100 %. Whatever is borrowed of nothing
/// is full use.
///
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::interest::*;
/// assert_eq!(utilisation(Usd::dollars(60), Usd::dollars(80)), Ok(Rate::percent(75)));
/// assert_eq!(utilisation(Usd::dollars(90), Usd::dollars(80)), Ok(Rate::ONE));
/// assert_eq!(utilisation(Usd::ZERO, Usd::ZERO), Ok(Rate::ZERO));
/// ```
///
/// # Errors
/// `Overflow` when an amount is negative.
pub fn utilisation(borrowed: Usd, supplied: Usd) -> Result<Rate, MathError> {
    let borrowed = u128::try_from(borrowed.0).map_err(|_| MathError::Overflow)?;
    let supplied = u128::try_from(supplied.0).map_err(|_| MathError::Overflow)?;
    if borrowed == 0 {
        return Ok(Rate::ZERO);
    }
    if borrowed >= supplied {
        return Ok(Rate::ONE);
    }
    rate(mul_div(borrowed, RATE_ONE, supplied, Rounding::Up)?)
}

/// What a loan costs a year at this use, rounded up.
///
/// `scaling * (r0 + (r1 - r0) * U / K)` up to the kink `K`, and
/// `scaling * (r1 + (r2 - r1) * (U - K) / (1 - K))` above it. Source: Aave's interest strategy, with
/// Mango's factor on the whole.
///
/// At 90 % use, half way from 10 to 150 %:
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::{interest::*, volatility::FineRate};
/// let rate = borrow_rate(Rate::percent(90), FineRate::ONE, &InterestParams::default());
/// assert_eq!(rate, Ok(Rate::percent(80)));
/// ```
///
/// # Errors
/// `Overflow` when the use is above 100 % or the parameters are not valid.
pub fn borrow_rate(
    utilisation: Rate,
    scaling: FineRate,
    params: &InterestParams,
) -> Result<Rate, MathError> {
    let values = [
        params.rate_at_zero,
        params.rate_at_kink,
        params.rate_at_full,
    ];
    let unscaled = two_slopes(utilisation, params.kink, values)?;
    rate(mul_div(unscaled, scaling.into(), FINE_SCALE, Rounding::Up)?)
}

/// A curve with one bend at a use of 0 .. 100 %: straight from the first value to the second at the kink, and
/// on to the third; 9 decimals, rounded up.
///
/// # Errors
/// `Overflow` when the use is above 100 % or the values fall, `DivisionByZero` for a kink of 0.
pub(crate) fn two_slopes(
    utilisation: Rate,
    kink: Rate,
    [at_zero, at_kink, at_full]: [Rate; 3],
) -> Result<u128, MathError> {
    let (low, high, part, whole) = if utilisation <= kink {
        (at_zero, at_kink, utilisation.0.into(), kink.0.into())
    } else {
        let above = sub(utilisation.0.into(), kink.0.into())?;
        let rest = sub(RATE_ONE, kink.0.into())?;
        (at_kink, at_full, above, rest)
    };
    if part > whole {
        return Err(MathError::Overflow);
    }
    let rise = mul_div(sub(high.0.into(), low.0.into())?, part, whole, Rounding::Up)?;
    add(low.0.into(), rise)
}

/// What a supplier earns a year when a loan costs `borrow_rate`, rounded down: `rate * U * (1 - reserve)`.
///
/// # Errors
/// `Overflow` when the reserve is more than 100 %.
pub fn supply_rate(
    borrow_rate: Rate,
    utilisation: Rate,
    params: &InterestParams,
) -> Result<Rate, MathError> {
    let earned = mul_div(
        borrow_rate.0.into(),
        utilisation.0.into(),
        RATE_ONE,
        Rounding::Down,
    )?;
    let kept = sub(RATE_ONE, params.reserve_share.0.into())?;
    rate(mul_div(earned, kept, RATE_ONE, Rounding::Down)?)
}

/// The scaling after `elapsed` milliseconds at this use.
///
/// `scaling * (1 + a * e * elapsed / day)`, within its bounds, with `e = (U - K) / (1 - K)` above the
/// kink and `(U - K) / K` below it: from -1 at no use to 1 at full use. The change is rounded toward
/// none. Source: Mango's curve scaling, in steps of a block instead of an hour; the sum of the steps is
/// what the mean use of the time would give, so that a moment of full use moves nothing.
///
/// # Errors
/// `Overflow` when the use is above 100 % or `elapsed` is more than a year, `DivisionByZero` for a kink of
/// 0 or 100 %.
pub fn scale(
    scaling: FineRate,
    utilisation: Rate,
    elapsed: Moment,
    params: &InterestParams,
) -> Result<FineRate, MathError> {
    if utilisation > Rate::ONE || elapsed > YEAR {
        return Err(MathError::Overflow);
    }
    let up = utilisation > params.kink;
    let distance = utilisation.0.abs_diff(params.kink.0).into();
    let whole = if up {
        sub(RATE_ONE, params.kink.0.into())?
    } else {
        params.kink.0.into()
    };
    let error = mul_div(distance, RATE_ONE, whole, Rounding::Down)?;
    let pull = mul_div(
        error,
        params.daily_adjustment.0.into(),
        RATE_ONE,
        Rounding::Down,
    )?;
    let gain = mul_div(pull, u128::from(scaling.0), RATE_ONE, Rounding::Down)?;
    let change = mul_div(gain, elapsed.into(), DAY.into(), Rounding::Down)?;
    let moved = if up {
        add(scaling.into(), change)?
    } else {
        // A step of more than the whole of it ends at the lower bound, as one of a little less does.
        u128::from(scaling.0).saturating_sub(change)
    };
    let moved = u64::try_from(moved).map_err(|_| MathError::Overflow)?;
    Ok(FineRate(moved)
        .min(FineRate::try_from(params.max_scaling)?)
        .max(FineRate::try_from(params.min_scaling)?))
}

fn rate(value: u128) -> Result<Rate, MathError> {
    u64::try_from(value)
        .map(Rate)
        .map_err(|_| MathError::Overflow)
}
