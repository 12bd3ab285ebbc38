//! One account's debt, and how it grows with the index of all.

use crate::{math::to_signed, mul_div, value::VALUE_SCALE, MathError, Rounding};
use bulwark_primitives::{Index, Quantity, Usd};

/// `debt / index`, 18 decimals, rounded up: what does not change while the index grows.
///
/// # Errors
/// `Overflow` when the debt is negative or the result does not fit, `DivisionByZero` for no index.
pub fn scaled_debt(debt: Usd, index: Index) -> Result<Quantity, MathError> {
    mul_div(unsigned(debt)?, VALUE_SCALE, index.0, Rounding::Up).map(Quantity)
}

/// `scaled * index` in USD, rounded up: what is owed now.
///
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::interest::*;
/// let scaled = scaled_debt(Usd::dollars(100), Index::ONE).unwrap();
/// let later = Index(Index::ONE.0 / 100 * 103);
/// assert_eq!(debt_value(scaled, later), Ok(Usd::dollars(103)));
/// ```
///
/// # Errors
/// `Overflow` when it does not fit.
pub fn debt_value(scaled: Quantity, index: Index) -> Result<Usd, MathError> {
    to_signed(mul_div(scaled.0, index.0, VALUE_SCALE, Rounding::Up)?).map(Usd)
}

/// What a debt has become while the index went `from` .. `now`, rounded up: [`debt_value`] of its
/// [`scaled_debt`], the integers that aggregates and triggers are made of; the same while the index
/// stood.
///
/// # Errors
/// `Overflow` when the debt is negative or the result does not fit, `DivisionByZero` for no index.
pub fn debt_now(debt: Usd, from: Index, now: Index) -> Result<Usd, MathError> {
    let scaled = scaled_debt(debt, from)?;
    if from == now {
        return Ok(debt);
    }
    debt_value(scaled, now)
}

fn unsigned(debt: Usd) -> Result<u128, MathError> {
    u128::try_from(debt.0).map_err(|_| MathError::Overflow)
}
