//! Margin offset between opposite positions, and the matrix it comes from.
//!
//! # Formula
//!
//! A long and a short of assets that move together lose less together than each alone. What of the
//! margin of position `i` may be offset is `x_i = quantity * mark * rate * share`, with the rate of its
//! market and the governed share of its asset: at most 60 % for initial margin and half of that for
//! maintenance. With `n` longs and `m` shorts
//!
//! ```text
//! offset = sum over longs i and shorts j of  rho_ij * min(x_i / m, x_j / n)
//! ```
//! Each long is divided evenly over the shorts and each short over the longs, so no part of a margin
//! is offset twice, and a pair alone gets `rho` times the share of its smaller leg. A negative
//! correlation counts as none; size add-ons are not offset. All of it rounds down, in favour of the
//! protocol. Source: the inter-commodity spread credits of SPAN, with the evenly divided leg in place
//! of its table of priorities.
//!
//! # Why evenly
//!
//! The offset is part of the slack that the due queue watches ([`triggers`](crate::triggers)), so
//! it has to fall slowly in things that are watched. As it is, it never falls when an `x` or a
//! correlation rises, and when the `x` fall by `d_i` it falls by at most `sum_i d_i * mean_i`,
//! where `mean_i` is the mean correlation of `i` with the opposite positions ([`mean_correlation`]):
//! each `min(x_i / m, x_j / n)` falls by at most `d_i / m + d_j / n`. A *leg* of `quantity * mean_i` units at
//! the effective price `mark * rate * share` ([`offset_price`]) loses exactly that bound when the
//! price falls, and is not credited when it rises. So the two-line proof of the due queue holds with
//! these legs beside those of the positions, whatever moves at the same time: mark, volatility,
//! the ramp of the share. What is not a price is the correlation, and it only ever rises: the registry lets
//! one fall only while the share of one of its two assets is zero and the offset with it. A matching
//! by the highest correlation would give more and have none of this: its pairs change.

use crate::{
    margin::margin_per_unit,
    math::{add, signed_sub, to_signed},
    mul_div, signed_mul_div,
    value::RATE_ONE,
    MathError, Rounding,
};
use alloc::vec::Vec;
use bulwark_primitives::{Correlation, Health, Price, Quantity, Rate, Usd};

/// Most of a margin that may be offset for initial margin.
pub const MAX_SHARE: Rate = Rate::percent(60);
/// Most positions of an account whose margins are offset; with more there is no offset.
///
/// It bounds the pairs (64) and the legs of the due queue: with this many positions an account has at
/// most three legs for each, with more at most two. Whoever opens one more needs the initial margin that he
/// then has, so nobody falls under maintenance by it.
pub const MAX_POSITIONS: usize = 16;
/// How far below zero an eigenvalue of a correlation matrix may be.
///
/// Rounding 32 x 32 correlations to 9 decimals moves one by less than 2 * 10^-8.
pub const TOLERANCE: i128 = 1_000_000_000_000;
/// One, 18 decimals.
const ONE: i128 = 1_000_000_000_000_000_000;
/// From 9 decimals to 18.
const TO_ONE: i128 = 1_000_000_000;
/// One whole unit of a quantity.
const UNIT: u128 = 1_000_000_000_000_000_000;
/// USD with 18 decimals per base unit.
const FINE: u128 = 1_000_000_000_000;

/// What of a position may be offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetLeg {
    /// Whether it is long.
    pub is_long: bool,
    /// How much of it counts.
    pub quantity: Quantity,
    /// What of the margin of one unit may be offset: [`offset_price`].
    pub per_unit: u128,
}

/// What of the margin of one whole unit may be offset: `mark * rate * share`, USD with 18 decimals,
/// each product rounded down.
///
/// # Errors
/// `Overflow` when it does not fit.
pub fn offset_price(mark: Price, rate: Rate, share: Rate) -> Result<u128, MathError> {
    let margin = margin_per_unit(mark, rate, Rounding::Down)?;
    mul_div(margin, u128::from(share.0), RATE_ONE, Rounding::Down)
}

/// The share that holds for maintenance: half of the one for initial margin, rounded down.
pub fn maintenance_share(share: Rate) -> Rate {
    Rate(share.0 / 2)
}

/// What the margins of opposite positions are offset by; rounded down. See the module.
///
/// `correlation(i, j)` is asked for places in `legs`; the matrix is symmetric.
///
/// 10 BTC long and 100 ETH short, 60,000 and 3,000 USD, 2 % and 3 %, shares 50 %: of 6,000 and 4,500 USD
/// of the smaller one 80 %.
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::offset::*;
/// let leg = |is_long, units: u128, mark: u128, rate| OffsetLeg {
///     is_long,
///     quantity: Quantity(units * SIZE_SCALE),
///     per_unit: offset_price(Price(mark * PRICE_SCALE), rate, Rate::percent(50)).unwrap(),
/// };
/// let legs = [leg(true, 10, 60_000, Rate::percent(2)), leg(false, 100, 3_000, Rate::percent(3))];
/// assert_eq!(offset(&legs, |_, _| Correlation::percent(80)).unwrap(), Usd::dollars(3_600));
/// ```
///
/// # Errors
/// `Overflow` when a margin or the sum does not fit. Complexity: longs times shorts.
pub fn offset(
    legs: &[OffsetLeg],
    correlation: impl Fn(usize, usize) -> Correlation,
) -> Result<Usd, MathError> {
    let opposite = |leg: &OffsetLeg| count(legs, !leg.is_long);
    // In USD with 18 decimals, so that what 64 pairs round away is less than a base unit.
    let mut parts: Vec<(usize, bool, u128)> = Vec::with_capacity(legs.len());
    for (place, leg) in legs.iter().enumerate() {
        let over = opposite(leg);
        if over == 0 {
            return Ok(Usd::ZERO);
        }
        let margin = mul_div(leg.quantity.0, leg.per_unit, UNIT, Rounding::Down)?;
        parts.push((place, leg.is_long, margin.checked_div(over).unwrap_or(0)));
    }
    let mut sum = 0u128;
    for (i, _, long) in parts.iter().filter(|(_, is_long, _)| *is_long) {
        for (j, _, short) in parts.iter().filter(|(_, is_long, _)| !*is_long) {
            let smaller = (*long).min(*short);
            if smaller == 0 {
                continue;
            }
            let rho = correlation(*i, *j).positive();
            sum = add(
                sum,
                mul_div(smaller, u128::from(rho), RATE_ONE, Rounding::Down)?,
            )?;
        }
    }
    to_signed(sum.checked_div(FINE).unwrap_or(0)).map(Usd)
}

/// Whether positions with these sides may have an offset: opposite ones, and not more than [`MAX_POSITIONS`].
pub fn is_hedged(are_long: &[bool]) -> bool {
    are_long.len() <= MAX_POSITIONS && are_long.contains(&true) && are_long.contains(&false)
}

/// Mean correlation of the position at `place` with all opposite ones, as a share, rounded up; zero
/// when there is none. What of its own `x` an offset falls by at most when `x` does. `are_long` are the
/// sides of all positions.
///
/// # Errors
/// None in practice: a mean of correlations is one.
pub fn mean_correlation(
    are_long: &[bool],
    place: usize,
    correlation: impl Fn(usize, usize) -> Correlation,
) -> Result<Rate, MathError> {
    let own = are_long.get(place).copied();
    let (mut sum, mut opposite) = (0u128, 0u128);
    for (other, is_long) in are_long.iter().enumerate() {
        if own == Some(!is_long) {
            sum = add(sum, u128::from(correlation(place, other).positive()))?;
            opposite = add(opposite, 1)?;
        }
    }
    if opposite == 0 {
        return Ok(Rate::ZERO);
    }
    u64::try_from(sum.div_ceil(opposite))
        .map(Rate)
        .map_err(|_| MathError::Overflow)
}

/// `quantity * mean`, rounded up: how many units of the leg at [`offset_price`] a position has.
///
/// # Errors
/// `Overflow` when it does not fit.
pub fn offset_quantity(quantity: Quantity, mean: Rate) -> Result<Quantity, MathError> {
    mul_div(quantity.0, u128::from(mean.0), RATE_ONE, Rounding::Up).map(Quantity)
}

/// What of a rate closing a part of the position frees at least: `rate * (1 - share * mean)`,
/// rounded down. Closing never takes away more of an offset than the bound of the module.
///
/// # Errors
/// `Overflow` for a share or mean above 100 %.
pub fn freed_rate(rate: Rate, share: Rate, mean: Rate) -> Result<Rate, MathError> {
    let lost = mul_div(
        u128::from(share.0),
        u128::from(mean.0),
        RATE_ONE,
        Rounding::Up,
    )?;
    let kept = RATE_ONE.checked_sub(lost).ok_or(MathError::Overflow)?;
    let freed = mul_div(u128::from(rate.0), kept, RATE_ONE, Rounding::Down)?;
    u64::try_from(freed)
        .map(Rate)
        .map_err(|_| MathError::Overflow)
}

/// Health with the margins less their offsets. Initial margin is never below maintenance margin
/// (invariant 12), to the last unit.
///
/// # Errors
/// `Overflow` when a difference does not fit.
pub fn with_offsets(health: Health, initial: Usd, maintenance: Usd) -> Result<Health, MathError> {
    let less = |margin: Usd, offset: Usd| signed_sub(margin.0, offset.0).map(Usd);
    let maintenance_margin = less(health.maintenance_margin, maintenance)?;
    Ok(Health {
        initial_margin: less(health.initial_margin, initial)?.max(maintenance_margin),
        maintenance_margin,
        ..health
    })
}

/// Whether a symmetric matrix with ones on its diagonal is positive semi-definite, its correlations below
/// the diagonal row by row.
///
/// Gaussian elimination of the matrix plus [`TOLERANCE`] (10^-6) on its diagonal, with 18 decimals: it is
/// positive definite when all pivots are positive. Rounding makes each entry off by at most one
/// unit a step, as if the matrix had been another one by so much, 10^-15 in all for 32 assets. So every
/// positive semi-definite matrix passes, also rounded to 9 decimals, and none with an eigenvalue
/// under -1.1 * 10^-6.
///
/// Complexity: third power of `assets`.
pub fn is_positive_semidefinite(assets: usize, below: &[Correlation]) -> bool {
    eliminate(assets, below).is_some()
}

fn eliminate(assets: usize, below: &[Correlation]) -> Option<()> {
    let entries = assets
        .checked_mul(assets.saturating_sub(1))?
        .checked_div(2)?;
    if below.len() != entries || !below.iter().all(|entry| entry.is_valid()) {
        return None;
    }
    // The lower triangle with its diagonal; rows shrink from the front as columns are eliminated.
    let mut rest = below.iter();
    let mut rows: Vec<Vec<i128>> = Vec::with_capacity(assets);
    for row in 0..assets {
        let mut entries = Vec::with_capacity(row.saturating_add(1));
        for entry in rest.by_ref().take(row) {
            entries.push(i128::from(entry.0).checked_mul(TO_ONE)?);
        }
        entries.push(ONE.checked_add(TOLERANCE)?);
        rows.push(entries);
    }
    for column in 0..assets {
        let pivot = *rows.get(column)?.get(column)?;
        let pivot = u128::try_from(pivot).ok().filter(|pivot| *pivot > 0)?;
        let head: Vec<i128> = rows
            .iter()
            .map(|row| row.get(column).copied().unwrap_or_default())
            .collect();
        for row in column.saturating_add(1)..assets {
            let factor = *head.get(row)?;
            for place in column.saturating_add(1)..=row {
                let other = *head.get(place)?;
                let size = other.unsigned_abs();
                let product = signed_mul_div(factor, size, pivot, Rounding::Down).ok()?;
                let product = match other < 0 {
                    true => product.checked_neg()?,
                    false => product,
                };
                let entry = rows.get_mut(row)?.get_mut(place)?;
                *entry = entry.checked_sub(product)?;
            }
        }
    }
    Some(())
}

fn count(legs: &[OffsetLeg], is_long: bool) -> u128 {
    legs.iter()
        .filter(|leg| leg.is_long == is_long)
        .fold(0, |count, _| u128::saturating_add(count, 1))
}
