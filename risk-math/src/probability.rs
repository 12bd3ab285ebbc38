//! How likely an account falls under maintenance within a time.
//!
//! # Model
//!
//! The slack of the account, equity less maintenance margin, is a Brownian motion without drift whose
//! variance comes from its linear exposures. It falls to zero within a time `T` with the probability
//!
//! ```text
//! P = 2 * N(-d)    d = slack / (sigma * sqrt(T))    sigma^2 = sum_ij x_i * x_j * rho_ij
//! ```
//! where `x_i` is exposure times volatility of one hour: the reflection principle, so a path that comes
//! back counts. Source: the first-passage model of Black and Cox with a flat barrier.
//!
//! The volatility of an asset is the one with which a price without drift passes its expected move on one
//! side within an hour with 0.5 %, as the expected move says of itself ([`volatility`]).
//!
//! # Error
//!
//! Of the arithmetic: under 10^-6, tested against exact values. Of the model: prices are log-normal
//! rather than normal, which for a standard deviation of the account's prices of up to 5 % over the
//! horizon changes `P` by less than 0.01 (tested by simulation); beyond that, and for tails heavier than normal, it is a
//! comparison of accounts rather than a frequency. Size add-ons, offsets and funding are those of now; prices are
//! watched without a pause, which overstates `P` a little against blocks of two seconds.

use crate::{
    math::to_signed, mul_div, oracle::decay, signed_mul_div, value::RATE_ONE, MathError, Rounding,
};
use alloc::vec::Vec;
pub use bulwark_primitives::Correlation;
use bulwark_primitives::{Moment, Rate, Usd};
use codec::{Decode, Encode};
use primitive_types::U256;
use scale_info::TypeInfo;

/// An hour, in milliseconds: the time that volatilities are of.
const HOUR: Moment = 3_600_000;
/// One, 18 decimals.
const ONE: i128 = 1_000_000_000_000_000_000;
/// `e^-1`, 18 decimals.
const INVERSE_E: u128 = 367_879_441_171_442_322;
/// No distance beyond this many standard deviations, 18 decimals, has a probability of a billionth.
const FARTHEST: i128 = 7 * ONE;
/// Largest exposure times volatility, in 10^-15 USD, 10^15 USD: the sum of the squares of 4,096
/// of them fits 256 bits.
const LARGEST: u128 = 1_000_000_000_000_000_000_000_000_000_000;
/// Most exposures.
const MOST: usize = 4_096;

/// What an account has of one asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// Change of the slack when the price doubles, all else equal: signed notional of the position plus
    /// counted collateral less the maintenance margin that grows with the price.
    pub notional: Usd,
    /// Standard deviation of the price over one hour, as a fraction of it.
    pub volatility: Rate,
}

/// Probability that the slack falls to zero within `horizon` milliseconds; see the module for the
/// model. 100 % when it is not above zero now, nothing when nothing can change it.
///
/// `correlation(i, j)` is asked for `i > j` only. A matrix that is not positive semi-definite beyond its
/// rounding makes the variance negative for some accounts; it then counts as none.
///
/// 10,000 USD long of something with 1 % a hour, 200 USD above maintenance: two standard deviations.
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::probability::*;
/// let long = Exposure { notional: Usd::dollars(10_000), volatility: Rate::percent(1) };
/// let alone = |_, _| Correlation::ONE;
/// let p = within(Usd::dollars(200), &[long], alone, 3_600_000).unwrap();
/// assert_eq!(p.0 / 100_000, 455); // 2 N(-2) = 4.55 %
/// ```
///
/// # Errors
/// `Overflow` when an exposure times its volatility is 10^15 USD or more, a correlation is beyond 1, or
/// there are more than 4,096 exposures. Complexity: square of the number of exposures.
pub fn within(
    slack: Usd,
    exposures: &[Exposure],
    correlation: impl Fn(usize, usize) -> Correlation,
    horizon: Moment,
) -> Result<Rate, MathError> {
    if slack <= Usd::ZERO {
        return Ok(Rate::ONE);
    }
    let variance = hourly_variance(exposures, correlation)?;
    let deviation = deviation(variance, horizon)?;
    if deviation.is_zero() {
        return Ok(Rate::ZERO);
    }
    // 10^-6 USD over 10^-15 USD, to 18 decimals.
    let distance = U256::from(slack.0.unsigned_abs())
        .checked_mul(U256::from(10u128.pow(27)))
        .and_then(|slack| slack.checked_div(deviation))
        .ok_or(MathError::Overflow)?;
    if distance >= U256::from(FARTHEST.unsigned_abs()) {
        return Ok(Rate::ZERO);
    }
    two_tails(u128::try_from(distance).map_err(|_| MathError::Overflow)?)
}

/// Hours of the longer horizon.
const DAY: Moment = 24 * HOUR;
/// Standard deviations that a price reaches on one side within the hour with 0.5 %, 9 decimals: `2 *
/// N(-d) = 0.005`.
const REACH: u128 = 2_807_033_768;

/// How many times the volatility of now a stressed one is, 9 decimals: 3.5.
///
/// Of the days of 2022 to 2025 one in a hundred had 3.5 times the volatility of the median day (BTC 3.5,
/// ETH 3.6, SOL 3.5, DOT 3.4, LINK 3.6; root mean square of hourly log returns on Binance).
pub const STRESS: Rate = Rate::percent(350);

/// Probabilities of falling under maintenance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Probabilities {
    /// Within an hour, with the volatility of now.
    pub hour: Rate,
    /// Within a day, with the volatility of now.
    pub day: Rate,
    /// Within an hour, with [`STRESS`] times that.
    pub stressed_hour: Rate,
    /// Within a day, with [`STRESS`] times that.
    pub stressed_day: Rate,
}

/// Standard deviation over one hour of a price whose expected move within it is `expected`: 99.5 % of the
/// hours do not pass it on a side. Rounded up.
///
/// # Errors
/// None in practice: it is less than the move.
pub fn volatility(expected: Rate) -> Result<Rate, MathError> {
    rate(mul_div(expected.0.into(), RATE_ONE, REACH, Rounding::Up)?)
}

/// [`within`] for an hour and a day, with the volatility of now and a stressed one, for exposures with
/// the expected moves of their assets in place of volatilities.
///
/// Of a pair for which `correlation(i, j)` knows nothing the worst is taken: both move against the
/// account.
///
/// # Errors
/// As [`within`].
pub fn of_account(
    slack: Usd,
    exposures: &[(Usd, Rate)],
    correlation: impl Fn(usize, usize) -> Option<Correlation>,
) -> Result<Probabilities, MathError> {
    let with = |times: Rate| -> Result<Vec<Exposure>, MathError> {
        exposures
            .iter()
            .map(|(notional, expected)| {
                let calm = u128::from(volatility(*expected)?.0);
                let scaled = mul_div(calm, times.0.into(), RATE_ONE, Rounding::Up)?;
                Ok(Exposure {
                    notional: *notional,
                    volatility: rate(scaled)?,
                })
            })
            .collect()
    };
    let worst = |i: usize, j: usize| {
        let sign = |at: usize| exposures.get(at).is_some_and(|one| one.0.is_negative());
        match sign(i) == sign(j) {
            true => Correlation::ONE,
            false => Correlation(-1_000_000_000),
        }
    };
    let known = |i, j| correlation(i, j).unwrap_or_else(|| worst(i, j));
    let (calm, stressed) = (with(Rate::ONE)?, with(STRESS)?);
    Ok(Probabilities {
        hour: within(slack, &calm, known, HOUR)?,
        day: within(slack, &calm, known, DAY)?,
        stressed_hour: within(slack, &stressed, known, HOUR)?,
        stressed_day: within(slack, &stressed, known, DAY)?,
    })
}

fn rate(value: u128) -> Result<Rate, MathError> {
    u64::try_from(value)
        .map(Rate)
        .map_err(|_| MathError::Overflow)
}

/// Variance over one hour in 10^-39 USD^2; exact.
fn hourly_variance(
    exposures: &[Exposure],
    correlation: impl Fn(usize, usize) -> Correlation,
) -> Result<U256, MathError> {
    if exposures.len() > MOST {
        return Err(MathError::Overflow);
    }
    let (mut gains, mut losses) = (U256::zero(), U256::zero());
    let mut add = |x: i128, y: i128, rho: Correlation| -> Result<(), MathError> {
        if !rho.is_valid() {
            return Err(MathError::Overflow);
        }
        let size = U256::from(x.unsigned_abs())
            .checked_mul(U256::from(y.unsigned_abs()))
            .and_then(|xy| xy.checked_mul(U256::from(rho.0.unsigned_abs())))
            .ok_or(MathError::Overflow)?;
        let negative = ((x < 0) != (y < 0)) != (rho.0 < 0);
        let sum = if negative { &mut losses } else { &mut gains };
        *sum = sum.checked_add(size).ok_or(MathError::Overflow)?;
        Ok(())
    };
    for (i, first) in exposures.iter().enumerate() {
        let x = hourly(first)?;
        add(x, x, Correlation::ONE)?;
        for (j, second) in exposures.iter().enumerate().take(i) {
            let (y, rho) = (hourly(second)?, correlation(i, j));
            // The matrix is symmetric.
            add(x, y, rho)?;
            add(x, y, rho)?;
        }
    }
    // Only a matrix that is not positive semi-definite is below zero.
    Ok(gains.saturating_sub(losses))
}

/// Exposure times volatility, in 10^-15 USD; exact.
fn hourly(exposure: &Exposure) -> Result<i128, MathError> {
    let x = exposure
        .notional
        .0
        .checked_mul(exposure.volatility.0.into())
        .ok_or(MathError::Overflow)?;
    if x.unsigned_abs() >= LARGEST {
        return Err(MathError::Overflow);
    }
    Ok(x)
}

/// Standard deviation over `horizon`, in 10^-15 USD, rounded down.
fn deviation(variance: U256, horizon: Moment) -> Result<U256, MathError> {
    // Divided before it is multiplied, and by parts, so that nothing overflows that fits.
    let scale = U256::from(RATE_ONE);
    let (whole, rest) = variance.div_mod(scale);
    let (horizon, hour) = (U256::from(horizon), U256::from(HOUR));
    let rest = rest
        .checked_mul(horizon)
        .and_then(|rest| rest.checked_div(scale))
        .ok_or(MathError::Overflow)?;
    whole
        .checked_mul(horizon)
        .and_then(|whole| whole.checked_add(rest))
        .and_then(|sum| sum.checked_div(hour))
        .map(|variance| variance.integer_sqrt())
        .ok_or(MathError::Overflow)
}

/// `2 * N(-d)` for `d` up to 7 with 18 decimals, to 2 * 10^-7: Abramowitz and Stegun, 26.2.17.
fn two_tails(d: u128) -> Result<Rate, MathError> {
    /// `1 / sqrt(2 pi)`.
    const PEAK: u128 = 398_942_280_401_432_678;
    /// `p`.
    const SLOPE: u128 = 231_641_900_000_000_000;
    /// `b5` to `b1`.
    const TERMS: [i128; 5] = [
        1_330_274_429_000_000_000,
        -1_821_255_978_000_000_000,
        1_781_477_937_000_000_000,
        -356_563_782_000_000_000,
        319_381_530_000_000_000,
    ];
    let one = ONE.unsigned_abs();
    let stretched = mul_div(d, SLOPE, one, Rounding::Down)?
        .checked_add(one)
        .ok_or(MathError::Overflow)?;
    let t = mul_div(one, one, stretched, Rounding::Down)?;
    let mut sum = 0i128;
    for term in TERMS {
        let next = sum.checked_add(term).ok_or(MathError::Overflow)?;
        sum = signed_mul_div(next, t, one, Rounding::Down)?;
    }
    let half_square = mul_div(d, d, one, Rounding::Down)?
        .checked_div(2)
        .ok_or(MathError::DivisionByZero)?;
    let density = mul_div(
        PEAK,
        negative_exponential(half_square)?,
        one,
        Rounding::Down,
    )?;
    let tail = signed_mul_div(to_signed(density)?, sum.unsigned_abs(), one, Rounding::Down)?;
    // 18 decimals to 9, doubled.
    let doubled = mul_div(tail.unsigned_abs(), 2, RATE_ONE, Rounding::Down)?;
    u64::try_from(doubled)
        .map(|rate| Rate(rate).min(Rate::ONE))
        .map_err(|_| MathError::Overflow)
}

/// `e^-x` for `x` with 18 decimals; to a billionth of itself.
fn negative_exponential(x: u128) -> Result<u128, MathError> {
    let one = ONE.unsigned_abs();
    let whole = x.checked_div(one).ok_or(MathError::DivisionByZero)?;
    let part = x.checked_rem(one).ok_or(MathError::DivisionByZero)?;
    // An exponential mean knows `e^-x` up to one, from two whole numbers.
    let part = u64::try_from(part).map_err(|_| MathError::Overflow)?;
    let mut result = decay(part, u64::try_from(one).map_err(|_| MathError::Overflow)?)?;
    for _ in 0..whole {
        result = mul_div(result, INVERSE_E, one, Rounding::Down)?;
    }
    Ok(result)
}
