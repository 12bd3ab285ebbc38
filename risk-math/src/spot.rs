//! Collateral of an account that owes, sold in a pool: how much of it, and for how much at least.
//!
//! A pool is no source of prices: anybody may move it within a block. What it is good for is decided
//! against the oracle's price `P` and the asset's maintenance factor `m`:
//!
//! - As long as the insurance fund can pay, nothing is sold for less than the fund would pay,
//!   `P * (1 + m) / 2` ([`takeover_factor`]). The pool gets the part for whose every unit it pays more.
//! - What the fund has no money for goes for no less than `P * m`, which is what it counted for the debt:
//!   so a sale never makes what the account is missing larger, and nobody else pays for it.
//!
//! With reserves `x` of the asset and `y` of settlement asset and `g = 1 - fee`, `a` units bring
//! `g a y / (x + g a)`, and the next one `g x y / (x + g a)^2`, which is at least `p` until
//! `a = (sqrt(x * g y / p) - x) / g`.

use crate::{
    mul_div, sale_cost, takeover_factor, to_sell,
    triggers::collateral_price,
    value::{unscale_collateral, RATE_ONE, VALUE_SCALE},
    MathError, Rounding,
};
use bulwark_primitives::{Price, Quantity, Rate, SpotPool, Usd};
use primitive_types::U256;

/// What an account holds of one asset, and what it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpotHolding {
    /// Base units.
    pub held: u128,
    /// Decimals of the asset.
    pub decimals: u8,
    /// The oracle's price.
    pub price: Price,
    /// Share of it that counts for maintenance.
    pub maintenance_factor: Rate,
}

/// What is to be sold in a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpotSale {
    /// Base units of the asset.
    pub amount: u128,
    /// What they have to bring; not sold otherwise.
    pub least: Usd,
}

/// What a pool keeps for its swap, as `g` parts of `RATE_ONE`.
fn kept(pool: &SpotPool) -> Result<u128, MathError> {
    RATE_ONE
        .checked_sub(u128::from(pool.fee.0))
        .ok_or(MathError::Overflow)
}

fn product(a: U256, b: u128) -> Result<U256, MathError> {
    a.checked_mul(U256::from(b)).ok_or(MathError::Overflow)
}

fn quotient(a: U256, b: U256) -> Result<u128, MathError> {
    let whole = a.checked_div(b).ok_or(MathError::DivisionByZero)?;
    u128::try_from(whole).map_err(|_| MathError::Overflow)
}

/// Base units of settlement asset that a pool pays for `amount`, rounded down in its favour.
///
/// 10 coins into a pool of 90 at 10 USD without a fee bring 90 USD:
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// let pool = SpotPool { base: 90, quote: 900, fee: Rate::ZERO };
/// assert_eq!(paid_by(&pool, 10), Ok(90));
/// ```
///
/// # Errors
/// `Overflow` beyond 256 bits, `DivisionByZero` for an empty pool and nothing.
pub fn paid_by(pool: &SpotPool, amount: u128) -> Result<u128, MathError> {
    let brought = product(U256::from(amount), kept(pool)?)?;
    let whole = product(U256::from(pool.base), RATE_ONE)?
        .checked_add(brought)
        .ok_or(MathError::Overflow)?;
    quotient(product(brought, pool.quote)?, whole)
}

/// The smallest amount for which a pool pays `wanted` base units of settlement asset or more, up to one
/// unit; `None` when it never does.
///
/// # Errors
/// As [`paid_by`].
pub fn amount_for(pool: &SpotPool, wanted: u128) -> Result<Option<u128>, MathError> {
    let Some(left) = pool.quote.checked_sub(wanted).filter(|left| *left > 0) else {
        return Ok(None);
    };
    let whole = product(product(U256::from(pool.base), wanted)?, RATE_ONE)?;
    let below = quotient(whole, product(U256::from(left), kept(pool)?)?)?;
    Ok(below.checked_add(1))
}

/// How much a pool takes until the next unit brings less than `price * factor`, rounded down: every
/// unit of it brings that much or more.
///
/// # Errors
/// `Overflow` when a value does not fit, `DivisionByZero` without a price.
pub fn pool_room(
    pool: &SpotPool,
    decimals: u8,
    price: Price,
    factor: Rate,
) -> Result<u128, MathError> {
    let limit = collateral_price(price, factor)?.unsigned_abs();
    let worth = mul_div(pool.quote, VALUE_SCALE, limit, Rounding::Down)?;
    let worth = unscale_collateral(Quantity(worth), decimals)?;
    let kept = kept(pool)?;
    let target = mul_div(worth, kept, RATE_ONE, Rounding::Down)?;
    let root = product(U256::from(pool.base), target)?.integer_sqrt();
    let root = u128::try_from(root).map_err(|_| MathError::Overflow)?;
    match root.checked_sub(pool.base) {
        Some(spare) => mul_div(spare, RATE_ONE, kept, Rounding::Down),
        None => Ok(0),
    }
}

/// What of a holding goes to the pool for a debt, when the fund has `purse` for the rest of it; `None`
/// when nothing does. The module says at what prices.
///
/// # Errors
/// `Overflow` when a value does not fit, `DivisionByZero` without a price.
pub fn pool_sale(
    pool: &SpotPool,
    holding: &SpotHolding,
    debt: Usd,
    purse: Usd,
) -> Result<Option<SpotSale>, MathError> {
    let SpotHolding {
        held,
        decimals,
        price,
        maintenance_factor,
    } = *holding;
    let (debt, purse) = (debt.max(Usd::ZERO), purse.max(Usd::ZERO));
    let most = |factor: Rate, held: u128, debt: Usd| -> Result<u128, MathError> {
        let needed = amount_for(pool, debt.0.unsigned_abs())?.unwrap_or(u128::MAX);
        let room = pool_room(pool, decimals, price, factor)?;
        Ok(room.min(needed).min(held))
    };
    let takeover = takeover_factor(maintenance_factor);
    let better = most(takeover, held, debt)?;
    let brings = i128::try_from(paid_by(pool, better)?).map_err(|_| MathError::Overflow)?;
    let rest = debt.checked_sub(Usd(brings)).ok_or(MathError::Overflow)?;
    let left = held.checked_sub(better).ok_or(MathError::Overflow)?;
    let (_, asked) = to_sell(left, decimals, price, takeover, rest)?;
    let (amount, factor) = if asked <= purse {
        (better, takeover)
    } else {
        let (by_fund, _) = to_sell(held, decimals, price, takeover, purse)?;
        let left = held.saturating_sub(by_fund);
        let rest = debt.checked_sub(purse).ok_or(MathError::Overflow)?;
        let more = most(maintenance_factor, left, rest)?;
        if more > better {
            (more, maintenance_factor)
        } else {
            (better, takeover)
        }
    };
    // Rounded up, so that equity does not fall by a unit.
    let least = sale_cost(amount, decimals, price, factor)?;
    let brings = paid_by(pool, amount)?;
    let is_enough = brings >= least.0.unsigned_abs();
    Ok((amount > 0 && is_enough).then_some(SpotSale { amount, least }))
}
