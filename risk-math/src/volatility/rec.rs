//! REC: a recursive model of the hourly range.

use super::{FineRate, Forecast, HourInput, HourOfWeek, VolatilityModel, FINE_SCALE};
use crate::{
    math::{add, sub},
    mul_div,
    volatility::hour::SHAPE_SCALE,
    MathError, Rounding,
};
use bulwark_primitives::Rate;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// `1 - 2^-1`: an average whose memory halves each hour.
const HOUR: FineRate = FineRate(500_000_000_000);
/// `1 - 2^(-1/24)`: halves each day.
const DAY: FineRate = FineRate(28_468_058_846);
/// `1 - 2^(-1/4320)`: halves in 180 days.
const HALF_YEAR: FineRate = FineRate(160_437_865);

/// What the tracker is multiplied by after an hour in which neither side moved further than it said:
/// `exp(0.02 * (sides / 2 - 0.005))` with no side, 18 decimals. It stays level when 0.5 % of the hours
/// of each side do.
const TRACKER_QUIET: u128 = 999_900_004_999_833_337;
/// The same after an hour in which one side did.
const TRACKER_ONE_SIDE: u128 = 1_009_949_167_117_542_139;
/// The same after an hour in which both did.
const TRACKER_BOTH_SIDES: u128 = 1_020_099_324_993_589_805;
/// One as a factor of the tracker.
const TRACKER_SCALE: u128 = 1_000_000_000_000_000_000;

/// [`FINE_SCALE`] times the scale of the shape.
const FINE_AND_SHAPE: u128 = 10_000_000_000_000_000;

/// What the model remembers of an asset: 40 bytes, five little-endian `u64` in this order.
///
/// Whoever changes the order, the number or the meaning of the fields has to migrate what is
/// stored; a test holds the bytes.
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
pub struct RecState {
    /// `E1`: mean range of an hour without the shape of the week, half-life 1 h.
    pub hour_range: FineRate,
    /// `E24`: the same, half-life 24 h.
    pub day_range: FineRate,
    /// `E180`: the same, half-life 180 d.
    pub half_year_range: FineRate,
    /// `L`: mean of the expected move, half-life 180 d.
    pub mean_move: FineRate,
    /// `k`: the tracker, by which the expected move is multiplied.
    pub multiplier: FineRate,
}

/// Parameters of the model.
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
pub struct RecParams {
    /// Weight of the hourly mean.
    pub hour_weight: FineRate,
    /// Weight of the daily mean.
    pub day_weight: FineRate,
    /// Weight of the half-yearly mean.
    pub half_year_weight: FineRate,
    /// More than this share of the price is not counted of a range: one wild print must not set the
    /// margin of the week.
    pub range_cap: FineRate,
    /// The expected move does not fall under this share of its 180-day mean.
    pub floor_share: FineRate,
    /// Where the tracker of a new asset begins.
    pub start_multiplier: FineRate,
    /// Where the tracker ends downward.
    pub min_multiplier: FineRate,
    /// Where the tracker ends upward.
    pub max_multiplier: FineRate,
}

impl Default for RecParams {
    /// Weights for the worst price inside the hour at 99.5 % a side, the same for every asset,
    /// fitted on hourly bars of six assets to the end of 2024.
    fn default() -> Self {
        Self {
            hour_weight: FineRate(1_888_000_000_000),
            day_weight: FineRate(381_000_000_000),
            half_year_weight: FineRate(569_000_000_000),
            range_cap: FineRate(300_000_000_000),
            floor_share: FineRate(500_000_000_000),
            start_multiplier: FineRate(990_000_000_000),
            min_multiplier: FineRate(600_000_000_000),
            max_multiplier: FineRate(1_800_000_000_000),
        }
    }
}

impl RecParams {
    /// No weight and no multiplier above this.
    const LARGEST: FineRate = FineRate(10_000_000_000_000);

    /// Whether the model works with them: weights at most 10 and not all zero, cap above zero, cap
    /// and floor at most 1, `0 < min <= start <= max <= 10` of the multipliers. With these bounds no
    /// state reached from a new one overflows.
    pub fn is_valid(&self) -> bool {
        let weights = [self.hour_weight, self.day_weight, self.half_year_weight];
        weights.iter().all(|weight| *weight <= Self::LARGEST)
            && weights.iter().any(|weight| weight.0 > 0)
            && self.range_cap.0 > 0
            && self.range_cap <= FineRate::ONE
            && self.floor_share <= FineRate::ONE
            && self.min_multiplier.0 > 0
            && self.min_multiplier <= self.start_multiplier
            && self.start_multiplier <= self.max_multiplier
            && self.max_multiplier <= Self::LARGEST
    }
}

/// The model, as a [`VolatilityModel`].
#[derive(Clone, Copy, Debug)]
pub struct Rec;

impl VolatilityModel for Rec {
    type State = RecState;
    type Params = RecParams;

    fn start(range: FineRate, params: &RecParams) -> Result<RecState, MathError> {
        start(range, params)
    }

    fn update(
        state: &RecState,
        hour: &HourInput,
        params: &RecParams,
    ) -> Result<RecState, MathError> {
        update(state, hour, params)
    }

    fn forecast(
        state: &RecState,
        hour: HourOfWeek,
        params: &RecParams,
    ) -> Result<Forecast, MathError> {
        forecast(state, hour, params)
    }
}

/// The state of a new asset whose hours have this mean range: `E1 = E24 = E180 = range`,
/// `L = sum w * E`, `k` at its start.
///
/// Without recorded bars governance names a cautious range; 1 % a mean hour asks for 2.8 %.
///
/// # Errors
/// `Overflow` when the expected move does not fit.
pub fn start(range: FineRate, params: &RecParams) -> Result<RecState, MathError> {
    let mut state = RecState {
        hour_range: range,
        day_range: range,
        half_year_range: range,
        mean_move: FineRate(0),
        multiplier: params.start_multiplier,
    };
    state.mean_move = unfloored(&state, None, params)?;
    Ok(state)
}

/// Mean range of recorded hours without the shape of the week, for [`start`]; to the nearest unit.
/// 60 days are enough.
///
/// # Errors
/// `DivisionByZero` without hours, and as [`update`]. Complexity: linear.
pub fn mean_range(hours: &[HourInput], params: &RecParams) -> Result<FineRate, MathError> {
    let mut sum = 0u128;
    for hour in hours {
        sum = add(sum, unshaped_range(hour, params)?.into())?;
    }
    let count = u128::try_from(hours.len()).map_err(|_| MathError::Overflow)?;
    fine(nearest(sum, 1, count)?)
}

/// The state of a new asset with recorded hours, oldest first: starts at their [`mean_range`], then
/// plays them.
///
/// # Errors
/// As [`mean_range`]. Complexity: two passes.
pub fn start_from(hours: &[HourInput], params: &RecParams) -> Result<RecState, MathError> {
    let mut state = start(mean_range(hours, params)?, params)?;
    for hour in hours {
        state = update(&state, hour, params)?;
    }
    Ok(state)
}

/// The state after one more hour. Source: the range-based recursion REC, whose weights are the
/// same for every asset because ranges are scale-free.
///
/// ```text
/// x  = min((max(high, C) - min(low, C)) / C, cap)      z = x / s[h]
/// E1 += (z - E1) / 2    E24 += 0.0285 (z - E24)    E180 += 0.00016 (z - E180)
/// L  += 0.00016 (s[h+1] (w1 E1 + w24 E24 + w180 E180) - L)
/// k  *= exp(0.02 (sides / 2 - 0.005)), within its bounds
/// ```
/// `C` is the close of the hour before, `s` the shape of the week, and `sides` how many of `C - low`
/// and `high - C` were more than the margin move `k * m` that was in force in the hour.
///
/// An hour without prices is left out, and the next one's `previous_close` is from before it: its
/// move then belongs to the hour in which trading resumes.
///
/// # Rounding
/// The three means, `L` and `k` to the nearest unit of 10^-12, halves up, in favour of nobody: a
/// direction would add up to 6,000 units in a mean of half a year. With the gain `a` a mean differs
/// from exact maths by at most `0.5 / a + 0.5` units (1.5, 18, and 3,117), so the expected move by at
/// most 2,600 and `L` by 5,700, which is 6 * 10^-9, plus what is left of the error they started with;
/// `k` by half a unit a step, until a bound is met. The comparison of moves with the margin move is
/// exact.
///
/// # Errors
/// `DivisionByZero` when `previous_close` is zero, `Overflow` when `high < low` or a result does
/// not fit; not with valid parameters and a state that came from them.
/// Complexity: constant.
pub fn update(
    state: &RecState,
    hour: &HourInput,
    params: &RecParams,
) -> Result<RecState, MathError> {
    let z = unshaped_range(hour, params)?;
    let in_force = floored(state, Some(hour.hour), params)?;
    let margin_move = product(in_force, state.multiplier, Rounding::Up)?;
    let step = tracker_step(hour, margin_move)?;
    let mut next = RecState {
        hour_range: follow(state.hour_range, z, HOUR)?,
        day_range: follow(state.day_range, z, DAY)?,
        half_year_range: follow(state.half_year_range, z, HALF_YEAR)?,
        ..*state
    };
    let expected = unfloored(&next, Some(hour.hour.next()), params)?;
    next.mean_move = follow(state.mean_move, expected, HALF_YEAR)?;
    let multiplier = nearest(state.multiplier.into(), step, TRACKER_SCALE)?;
    next.multiplier = fine(multiplier)?
        .max(params.min_multiplier)
        .min(params.max_multiplier);
    Ok(next)
}

/// `m`, the adverse move in `hour` that 99.5 % of the hours of a side do not pass, as the model
/// expects it at the end of the hour before.
///
/// `max(s[hour] * (w1 E1 + w24 E24 + w180 E180), floor_share * L)`, rounded up.
///
/// # Errors
/// `Overflow` when it does not fit.
pub fn expected_move(
    state: &RecState,
    hour: HourOfWeek,
    params: &RecParams,
) -> Result<Rate, MathError> {
    floored(state, Some(hour), params)?.rate_up()
}

/// What margins of `hour` are made of.
///
/// # Errors
/// `Overflow` when a rate does not fit.
pub fn forecast(
    state: &RecState,
    hour: HourOfWeek,
    params: &RecParams,
) -> Result<Forecast, MathError> {
    let expected = floored(state, Some(hour), params)?;
    let level = floored(state, None, params)?;
    Ok(Forecast {
        expected_move: expected.rate_up()?,
        multiplier: state.multiplier.rate_up()?,
        margin_move: product(expected, state.multiplier, Rounding::Up)?.rate_up()?,
        level: product(level, state.multiplier, Rounding::Up)?.rate_up()?,
    })
}

/// `z`: the capped range of the hour divided by the shape of the week, to the nearest unit.
fn unshaped_range(hour: &HourInput, params: &RecParams) -> Result<FineRate, MathError> {
    // A high below the low is refused, although the close between them would hide it.
    sub(hour.high.0, hour.low.0)?;
    let close = hour.previous_close.0;
    let range = sub(hour.high.0.max(close), hour.low.0.min(close))?;
    let shape = hour.hour.shape()?;
    let cap = u128::from(params.range_cap.0);
    // Compared as prices: how wild a print is must not decide whether its share of the price fits.
    if range >= mul_div(close, cap, FINE_SCALE, Rounding::Up)? {
        if close == 0 {
            return Err(MathError::DivisionByZero);
        }
        return fine(nearest(cap, SHAPE_SCALE, shape)?);
    }
    let divisor = close.checked_mul(shape).ok_or(MathError::Overflow)?;
    fine(nearest(range, FINE_AND_SHAPE, divisor)?)
}

/// The tracker's factor after `hour`, of which `margin_move` was in force.
fn tracker_step(hour: &HourInput, margin_move: FineRate) -> Result<u128, MathError> {
    let close = hour.previous_close.0;
    // A whole number of price units is beyond the limit iff it is above its floor. A price that
    // stayed on the other side of the close is no move.
    let limit = mul_div(close, margin_move.into(), FINE_SCALE, Rounding::Down)?;
    let fell = close.saturating_sub(hour.low.0) > limit;
    let rose = hour.high.0.saturating_sub(close) > limit;
    Ok(match (fell, rose) {
        (false, false) => TRACKER_QUIET,
        (true, false) | (false, true) => TRACKER_ONE_SIDE,
        (true, true) => TRACKER_BOTH_SIDES,
    })
}

/// `m` without its floor, rounded up; without the shape of the week when `hour` is `None`.
fn unfloored(
    state: &RecState,
    hour: Option<HourOfWeek>,
    params: &RecParams,
) -> Result<FineRate, MathError> {
    let terms = [
        (state.hour_range, params.hour_weight),
        (state.day_range, params.day_weight),
        (state.half_year_range, params.half_year_weight),
    ];
    let mut sum = 0u128;
    for (mean, weight) in terms {
        // Two u64 fit.
        let term = u128::from(mean.0).checked_mul(weight.into());
        sum = add(sum, term.ok_or(MathError::Overflow)?)?;
    }
    let shape = match hour {
        Some(hour) => hour.shape()?,
        None => SHAPE_SCALE,
    };
    fine(mul_div(sum, shape, FINE_AND_SHAPE, Rounding::Up)?)
}

/// `m`, rounded up; without the shape of the week when `hour` is `None`.
fn floored(
    state: &RecState,
    hour: Option<HourOfWeek>,
    params: &RecParams,
) -> Result<FineRate, MathError> {
    let floor = product(state.mean_move, params.floor_share, Rounding::Up)?;
    Ok(unfloored(state, hour, params)?.max(floor))
}

/// `mean + gain * (sample - mean)` to the nearest unit; between the two, so it fits.
fn follow(mean: FineRate, sample: FineRate, gain: FineRate) -> Result<FineRate, MathError> {
    let kept = sub(FINE_SCALE, gain.into())?;
    let weighted = |value: FineRate, weight: u128| {
        u128::from(value.0)
            .checked_mul(weight)
            .ok_or(MathError::Overflow)
    };
    let sum = add(weighted(mean, kept)?, weighted(sample, gain.into())?)?;
    fine(nearest(sum, 1, FINE_SCALE)?)
}

/// `a * b`.
fn product(a: FineRate, b: FineRate, rounding: Rounding) -> Result<FineRate, MathError> {
    fine(mul_div(a.into(), b.into(), FINE_SCALE, rounding)?)
}

/// `a * b / c` to the nearest integer, halves up: the floor of `2 a b / c + 1`, halved.
fn nearest(a: u128, b: u128, c: u128) -> Result<u128, MathError> {
    let twice = b.checked_mul(2).ok_or(MathError::Overflow)?;
    Ok(add(mul_div(a, twice, c, Rounding::Down)?, 1)? / 2)
}

fn fine(value: u128) -> Result<FineRate, MathError> {
    u64::try_from(value)
        .map(FineRate)
        .map_err(|_| MathError::Overflow)
}
