//! Collateral of an account that owes more than it has in settlement asset: at what price, how much.
//!
//! The insurance fund takes it over at a discount and sells it on at a price that falls until somebody
//! takes it. The discount is half of what the maintenance factor takes off, so an account that is due has
//! lost more than its collateral fetches, and the fund has the other half for its risk.

use crate::{collateral_value, mul_div, MathError, Rounding};
use bulwark_primitives::{Price, Rate, Usd};

/// Share of the oracle price at which the fund takes over: `(1 + maintenance factor) / 2`, rounded
/// down. 97.5 % for a factor of 95 %.
pub const fn takeover_factor(maintenance_factor: Rate) -> Rate {
    Rate(Rate::ONE.0.saturating_add(maintenance_factor.0) / 2)
}

/// Share of the oracle price at which the fund sells after `elapsed` of `whole` blocks: from all of it in
/// a straight line down to what it took over at; rounded up, in favour of the fund.
///
/// # Errors
/// `DivisionByZero` when `whole` is zero.
pub fn sale_factor(maintenance_factor: Rate, elapsed: u32, whole: u32) -> Result<Rate, MathError> {
    let lowest = takeover_factor(maintenance_factor).min(Rate::ONE);
    let fall = mul_div(
        u128::from(Rate::ONE.0.saturating_sub(lowest.0)),
        u128::from(elapsed.min(whole)),
        u128::from(whole),
        Rounding::Down,
    )?;
    // At most ONE, because `elapsed` is at most `whole`.
    let fall = u64::try_from(fall).map_err(|_| MathError::Overflow)?;
    Ok(Rate(Rate::ONE.0.saturating_sub(fall)))
}

/// How much of `held` base units has to go at `price * factor` for a debt, and what it is worth: the
/// smallest amount that is worth the debt up to one base unit of rounding, or all of it.
///
/// Amounts round up and values down, in favour of who takes over. 2.5 of 10 coins at 4 USD for 10 USD:
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// let coin = 100_000_000;
/// let (amount, worth) = to_sell(10 * coin, 8, Price(4 * PRICE_SCALE), Rate::ONE, Usd::dollars(10)).unwrap();
/// assert_eq!((amount, worth), (25 * coin / 10, Usd::dollars(10)));
/// ```
///
/// # Errors
/// `Overflow` when a value does not fit.
pub fn to_sell(
    held: u128,
    decimals: u8,
    price: Price,
    factor: Rate,
    debt: Usd,
) -> Result<(u128, Usd), MathError> {
    let all = collateral_value(held, decimals, price, factor)?;
    if all <= debt {
        return Ok((held, all.max(Usd::ZERO)));
    }
    // all > debt, so it is above zero unless the debt is negative, and the amount is at most `held`.
    let debt = debt.max(Usd::ZERO);
    let amount = mul_div(
        held,
        debt.0.unsigned_abs(),
        all.0.unsigned_abs(),
        Rounding::Up,
    )?;
    let worth = collateral_value(amount, decimals, price, factor)?;
    Ok((amount, worth.min(debt)))
}

/// What `amount` base units cost a buyer at `price * factor`, rounded up.
///
/// # Errors
/// `Overflow` when it does not fit.
pub fn sale_cost(amount: u128, decimals: u8, price: Price, factor: Rate) -> Result<Usd, MathError> {
    let worth = collateral_value(amount, decimals, price, factor)?;
    // Two roundings of less than a base unit each.
    worth.checked_add(Usd(2)).ok_or(MathError::Overflow)
}

/// The part of `amount` that `paid` of `worth` buys, rounded up, at most all of it.
///
/// # Errors
/// `DivisionByZero` when it is worth nothing.
pub fn bought(amount: u128, paid: Usd, worth: Usd) -> Result<u128, MathError> {
    if paid >= worth {
        return Ok(amount);
    }
    let part = mul_div(
        amount,
        paid.0.max(0).unsigned_abs(),
        worth.0.max(0).unsigned_abs(),
        Rounding::Up,
    )?;
    Ok(part.min(amount))
}
