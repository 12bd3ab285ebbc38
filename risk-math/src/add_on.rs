//! What makes large positions, crowded markets and crowded collateral dearer.
//!
//! | rule | formula | touches |
//! |---|---|---|
//! | size of the position | [`size_add_on`] | initial margin, 60 % of it maintenance |
//! | open interest of the market | [`crowded_rate`] | initial margin only |
//! | deposits of the asset | [`crowded_factor`] | initial margin only |
//! | unrealised profit | [`profit_share`] | initial margin only |
//!
//! What others do (their open interest, their deposits) never enters maintenance: it can stop new
//! risk and cannot liquidate anybody.

use crate::{
    fraction,
    math::{add, signed_add, signed_sub, sub, to_signed},
    mul_div,
    value::RATE_ONE,
    volatility::MAINTENANCE_SHARE,
    MathError, Rounding,
};
use bulwark_primitives::{MarginTier, Quantity, Rate, Tier, Usd};

/// Margin on top of the market's rate for a position or exposure worth `notional`, in `Usd`.
///
/// `sum over tiers of max(0, notional - from_n) * (r_n - r_(n-1))`, which is `notional * r_n - d_n`
/// with `d_n = d_(n-1) + from_n * (r_n - r_(n-1))`: continuous, so that a position never jumps into
/// a dearer tier as a whole. `r_n` is the rate on what lies above `from_n`. Tiers ascend; one whose
/// rate is not above the rates before it adds nothing. The sum is rounded up once. Source:
/// Hyperliquid.
///
/// 1 % above 1 million and 2 % above 5 million, for 8 million USD:
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// let tiers = [
///     MarginTier { from: Usd::dollars(1_000_000), add_on: Rate::percent(1) },
///     MarginTier { from: Usd::dollars(5_000_000), add_on: Rate::percent(2) },
/// ];
/// assert_eq!(size_add_on(Usd::dollars(8_000_000), &tiers), Ok(Usd::dollars(100_000)));
/// assert_eq!(size_add_on(Usd::dollars(1_000_000), &tiers), Ok(Usd::ZERO));
/// ```
///
/// # Errors
/// `Overflow` when it does not fit. Complexity: O(tiers).
pub fn size_add_on(notional: Usd, tiers: &[MarginTier]) -> Result<Usd, MathError> {
    let (mut whole, mut rest) = (0u128, 0u128);
    for (from, step) in steps(tiers) {
        let Ok(above) = u128::try_from(signed_sub(notional.0, from.0)?) else {
            continue;
        };
        whole = add(whole, mul_div(above, step, RATE_ONE, Rounding::Down)?)?;
        // (above * step) mod 10^9; both factors of the product are small.
        let low = above.checked_rem(RATE_ONE).ok_or(MathError::Overflow)?;
        let product = low.checked_mul(step).ok_or(MathError::Overflow)?;
        rest = add(
            rest,
            product.checked_rem(RATE_ONE).ok_or(MathError::Overflow)?,
        )?;
    }
    let carried = mul_div(rest, 1, RATE_ONE, Rounding::Up)?;
    to_signed(add(whole, carried)?).map(Usd)
}

/// The part of [`size_add_on`] that maintenance margin asks for: 60 %, rounded up.
///
/// # Errors
/// As [`size_add_on`].
pub fn maintenance_add_on(notional: Usd, tiers: &[MarginTier]) -> Result<Usd, MathError> {
    fraction(
        size_add_on(notional, tiers)?,
        MAINTENANCE_SHARE,
        Rounding::Up,
    )
}

/// The most that maintenance margin grows per USD by which a position's notional grows, beyond the
/// market's rate: 60 % of the largest rate of the tiers, rounded up. Zero without tiers.
///
/// # Errors
/// None in practice: a share of a rate fits.
pub fn steepest_maintenance_add_on(tiers: &[MarginTier]) -> Result<Rate, MathError> {
    let most = tiers.iter().map(|tier| tier.add_on.0).max().unwrap_or(0);
    rate(mul_div(
        u128::from(most),
        u128::from(MAINTENANCE_SHARE.0),
        RATE_ONE,
        Rounding::Up,
    )?)
}

/// Where the first tier begins that adds anything; `None` when none does.
pub fn first_tier(tiers: &[MarginTier]) -> Option<Usd> {
    steps(tiers).map(|(from, _)| from).min()
}

/// `r_n` and `d_n` of [`size_add_on`] for each tier that adds anything: the add-on is the largest of
/// `notional * r_n - d_n` and zero. `d_n` rounds down, so each line is at or above the exact one.
pub(crate) fn lines(
    tiers: &[MarginTier],
) -> impl Iterator<Item = Result<(Rate, Usd), MathError>> + '_ {
    let (mut slope, mut offset) = (0u64, 0i128);
    steps(tiers).map(move |(from, step)| {
        let step_rate = rate(step)?;
        slope = slope.checked_add(step_rate.0).ok_or(MathError::Overflow)?;
        offset = signed_add(offset, fraction(from, step_rate, Rounding::Down)?.0)?;
        Ok((Rate(slope), Usd(offset)))
    })
}

/// Begin of each tier that adds something, and by how much it is dearer than those before it.
fn steps(tiers: &[MarginTier]) -> impl Iterator<Item = (Usd, u128)> + '_ {
    let mut before = 0u64;
    tiers.iter().filter_map(move |tier| {
        let step = tier.add_on.0.checked_sub(before).filter(|step| *step > 0)?;
        before = tier.add_on.0;
        Some((tier.from, u128::from(step)))
    })
}

/// Initial margin of a market with `open` of open interest: rises linearly from `rate` at `lower` to
/// 100 % at `upper`, rounded up. Source: dYdX.
///
/// Halfway between the caps, 5 % have become 52.5 %:
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// let unit = |n| Quantity(n * SIZE_SCALE);
/// let rate = crowded_rate(Rate::percent(5), unit(150), unit(100), unit(200));
/// assert_eq!(rate, Ok(Rate(525_000_000)));
/// ```
///
/// # Errors
/// None in practice: the result is at most 100 %, or `rate`.
pub fn crowded_rate(
    base: Rate,
    open: Quantity,
    lower: Quantity,
    upper: Quantity,
) -> Result<Rate, MathError> {
    if open <= lower || base >= Rate::ONE {
        return Ok(base);
    }
    if open >= upper {
        return Ok(Rate::ONE);
    }
    let free = sub(RATE_ONE, u128::from(base.0))?;
    let rise = mul_div(
        free,
        sub(open.0, lower.0)?,
        sub(upper.0, lower.0)?,
        Rounding::Up,
    )?;
    rate(add(u128::from(base.0), rise)?)
}

/// Initial factor of a collateral asset of which `total` is deposited: `factor * min(1, start /
/// total)`, rounded down. Source: Mango.
///
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// assert_eq!(crowded_factor(Rate::percent(80), 1_000, 900), Ok(Rate::percent(80)));
/// assert_eq!(crowded_factor(Rate::percent(80), 1_000, 4_000), Ok(Rate::percent(20)));
/// ```
///
/// # Errors
/// None in practice: the result is at most `factor`.
pub fn crowded_factor(factor: Rate, start: u128, total: u128) -> Result<Rate, MathError> {
    if total <= start {
        return Ok(factor);
    }
    rate(mul_div(u128::from(factor.0), start, total, Rounding::Down)?)
}

/// How much of an open profit in a market of this class counts for initial margin. All of it counts
/// for maintenance.
pub const fn profit_share(tier: Tier) -> Rate {
    match tier {
        Tier::A => Rate::ONE,
        Tier::B => Rate::percent(50),
        Tier::C | Tier::Isolated => Rate::ZERO,
    }
}

fn rate(value: u128) -> Result<Rate, MathError> {
    u64::try_from(value)
        .map(Rate)
        .map_err(|_| MathError::Overflow)
}
