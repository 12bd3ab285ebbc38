//! From amounts and prices to values, and multiples of steps.

use crate::{
    math::{add, sub, to_signed},
    mul_div, signed_mul_div, triggers, MathError, Rounding,
};
use bulwark_primitives::{Price, Quantity, Rate, Size, Usd};

/// Price (18 decimals) times quantity (18) is USD with 36 decimals; `Usd` has 6.
pub(crate) const VALUE_SCALE: u128 = 1_000_000_000_000_000_000_000_000_000_000;
/// One (100 %) as a `Rate`, widened.
pub(crate) const RATE_ONE: u128 = 1_000_000_000;
/// Decimals of a `Quantity`.
const QUANTITY_DECIMALS: u8 = 18;

/// `price * quantity` in USD, never negative.
///
/// The caller says who benefits: up for what a buyer pays or a requirement, down for a credit. A
/// fill is rounded once and both sides get the same integer, so nothing leaks between them.
///
/// 2 BTC at 60,000.50 USD are 120,001 USD:
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// let value = notional(Price(60_000_500_000_000_000_000_000), Quantity(2 * SIZE_SCALE), Rounding::Up);
/// assert_eq!(value, Ok(Usd::dollars(120_001)));
/// ```
///
/// # Errors
/// `Overflow` when the result exceeds `Usd`.
pub fn notional(price: Price, quantity: Quantity, rounding: Rounding) -> Result<Usd, MathError> {
    to_signed(mul_div(price.0, quantity.0, VALUE_SCALE, rounding)?).map(Usd)
}

/// `price * size` in USD, negative for a short; rounded toward minus or plus infinity.
///
/// Down is the careful direction for a value that is owned, long or short.
///
/// # Errors
/// `Overflow` when the result exceeds `Usd`.
pub fn signed_notional(price: Price, size: Size, rounding: Rounding) -> Result<Usd, MathError> {
    signed_mul_div(size.0, price.0, VALUE_SCALE, rounding).map(Usd)
}

/// `amount * price * factor` in USD: what collateral counts for.
///
/// Computed as scaled amount times [`collateral_price`](triggers::collateral_price), each step
/// rounded down in favour of the protocol, so that health is made of the very integers that the
/// triggers watch.
///
/// 1.5 ETH (18 decimals) at 2,000 USD with a factor of 90 % counts for 2,700 USD:
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// let value = collateral_value(1_500_000_000_000_000_000, 18, Price(2_000 * PRICE_SCALE), Rate::percent(90));
/// assert_eq!(value, Ok(Usd::dollars(2_700)));
/// ```
///
/// # Errors
/// `Overflow` when the scaled amount, the discounted price or the value does not fit.
pub fn collateral_value(
    amount: u128,
    decimals: u8,
    price: Price,
    factor: Rate,
) -> Result<Usd, MathError> {
    let quantity = scale_collateral(amount, decimals)?;
    let discounted = triggers::collateral_price(price, factor)?;
    signed_mul_div(discounted, quantity.0, VALUE_SCALE, Rounding::Down).map(Usd)
}

/// `amount * rate`, of a signed amount; rounded toward minus or plus infinity.
///
/// # Errors
/// `Overflow` when the result exceeds `Usd`.
pub fn fraction(amount: Usd, rate: Rate, rounding: Rounding) -> Result<Usd, MathError> {
    signed_mul_div(amount.0, u128::from(rate.0), RATE_ONE, rounding).map(Usd)
}

/// `price * (1 + rate)` when `add`, `price * (1 - rate)` otherwise.
///
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// let price = Price(200 * PRICE_SCALE);
/// assert_eq!(price_with_rate(price, Rate::percent(5), false, Rounding::Up), Ok(Price(190 * PRICE_SCALE)));
/// ```
///
/// # Errors
/// `Overflow` when the result exceeds `Price` or, subtracting more than 100 %, is negative.
pub fn price_with_rate(
    price: Price,
    rate: Rate,
    add: bool,
    rounding: Rounding,
) -> Result<Price, MathError> {
    let rate = u128::from(rate.0);
    let factor = if add {
        crate::math::add(RATE_ONE, rate)?
    } else {
        sub(RATE_ONE, rate)?
    };
    mul_div(price.0, factor, RATE_ONE, rounding).map(Price)
}

/// An amount in base units of an asset with `decimals`, as a quantity with 18 decimals.
///
/// Exact up to 18 decimals; digits beyond are dropped, in favour of the protocol.
///
/// # Errors
/// `Overflow` when the quantity does not fit.
pub fn scale_collateral(amount: u128, decimals: u8) -> Result<Quantity, MathError> {
    let scaled = match QUANTITY_DECIMALS.checked_sub(decimals) {
        Some(missing) => amount.checked_mul(power_of_ten(missing)?),
        None => {
            // Beyond 38 digits every u128 is a fraction of one unit, so nothing is left of it.
            match power_of_ten(decimals.abs_diff(QUANTITY_DECIMALS)) {
                Ok(divisor) => amount.checked_div(divisor),
                Err(_) => Some(0),
            }
        }
    };
    scaled.map(Quantity).ok_or(MathError::Overflow)
}

/// The other way round: base units of an asset with `decimals` in a quantity, rounded down.
///
/// # Errors
/// `Overflow` when the amount does not fit.
pub(crate) fn unscale_collateral(quantity: Quantity, decimals: u8) -> Result<u128, MathError> {
    let amount = match QUANTITY_DECIMALS.checked_sub(decimals) {
        Some(missing) => quantity.0.checked_div(power_of_ten(missing)?),
        None => {
            let more = power_of_ten(decimals.abs_diff(QUANTITY_DECIMALS))?;
            quantity.0.checked_mul(more)
        }
    };
    amount.ok_or(MathError::Overflow)
}

/// The largest multiple of `step` that is at most `quantity`.
///
/// # Errors
/// `DivisionByZero` when `step` is zero.
pub fn floor_to_multiple(quantity: Quantity, step: Quantity) -> Result<Quantity, MathError> {
    let rest = quantity
        .0
        .checked_rem(step.0)
        .ok_or(MathError::DivisionByZero)?;
    sub(quantity.0, rest).map(Quantity)
}

/// The smallest multiple of `step` that is at least `quantity`.
///
/// # Errors
/// `DivisionByZero` when `step` is zero, `Overflow` when the multiple does not fit.
pub fn ceil_to_multiple(quantity: Quantity, step: Quantity) -> Result<Quantity, MathError> {
    let floor = floor_to_multiple(quantity, step)?;
    if floor == quantity {
        return Ok(floor);
    }
    add(floor.0, step.0).map(Quantity)
}

fn power_of_ten(exponent: u8) -> Result<u128, MathError> {
    10u128
        .checked_pow(u32::from(exponent))
        .ok_or(MathError::Overflow)
}
