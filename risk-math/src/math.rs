//! `a * b / c` on integers: the one place where this crate multiplies and divides.

use core::fmt;
use primitive_types::U256;

/// Why a formula has no answer. Pallets turn it into their own `ArithmeticOverflow`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MathError {
    /// A result does not fit its type, or would be negative where it must not be.
    Overflow,
    /// A divisor is zero.
    DivisionByZero,
}

impl fmt::Display for MathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Overflow => "the result does not fit its type",
            Self::DivisionByZero => "division by zero",
        })
    }
}

impl core::error::Error for MathError {}

/// Where a quotient goes that is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Toward minus infinity: for what is credited.
    Down,
    /// Toward plus infinity: for what is required.
    Up,
}

impl Rounding {
    /// The other direction: what rounding a magnitude means for its negative.
    pub const fn reversed(self) -> Self {
        match self {
            Self::Down => Self::Up,
            Self::Up => Self::Down,
        }
    }
}

/// `a * b / c`, rounded as told. The product has 256 bits, so only the result can overflow.
///
/// # Errors
/// `DivisionByZero` when `c` is zero, `Overflow` when the result exceeds `u128`.
pub fn mul_div(a: u128, b: u128, c: u128, rounding: Rounding) -> Result<u128, MathError> {
    if let Some(product) = a.checked_mul(b) {
        return div(product, c, rounding);
    }
    if c == 0 {
        return Err(MathError::DivisionByZero);
    }
    let product = U256::from(a)
        .checked_mul(U256::from(b))
        .ok_or(MathError::Overflow)?;
    let (quotient, remainder) = product.div_mod(U256::from(c));
    let floor = u128::try_from(quotient).map_err(|_| MathError::Overflow)?;
    round(floor, remainder.is_zero(), rounding)
}

/// Quotient, rounded down, and remainder of `a * b / c`. The product has 256 bits.
///
/// # Errors
/// As [`mul_div`].
pub fn mul_div_rem(a: u128, b: u128, c: u128) -> Result<(u128, u128), MathError> {
    if c == 0 {
        return Err(MathError::DivisionByZero);
    }
    let product = U256::from(a)
        .checked_mul(U256::from(b))
        .ok_or(MathError::Overflow)?;
    let (quotient, remainder) = product.div_mod(U256::from(c));
    let quotient = u128::try_from(quotient).map_err(|_| MathError::Overflow)?;
    let remainder = u128::try_from(remainder).map_err(|_| MathError::Overflow)?;
    Ok((quotient, remainder))
}

/// `a * b / c` for a signed `a`, rounded toward minus or plus infinity (not toward zero).
///
/// # Errors
/// As [`mul_div`], with `Overflow` when the result exceeds `i128`.
pub fn signed_mul_div(a: i128, b: u128, c: u128, rounding: Rounding) -> Result<i128, MathError> {
    if a < 0 {
        let magnitude = mul_div(a.unsigned_abs(), b, c, rounding.reversed())?;
        0i128
            .checked_sub_unsigned(magnitude)
            .ok_or(MathError::Overflow)
    } else {
        to_signed(mul_div(a.unsigned_abs(), b, c, rounding)?)
    }
}

/// `a / b`, rounded as told.
fn div(a: u128, b: u128, rounding: Rounding) -> Result<u128, MathError> {
    let floor = a.checked_div(b).ok_or(MathError::DivisionByZero)?;
    let remainder = a.checked_rem(b).ok_or(MathError::DivisionByZero)?;
    round(floor, remainder == 0, rounding)
}

fn round(floor: u128, exact: bool, rounding: Rounding) -> Result<u128, MathError> {
    match rounding {
        Rounding::Down => Ok(floor),
        Rounding::Up if exact => Ok(floor),
        Rounding::Up => add(floor, 1),
    }
}

pub(crate) fn to_signed(value: u128) -> Result<i128, MathError> {
    i128::try_from(value).map_err(|_| MathError::Overflow)
}

pub(crate) fn add(a: u128, b: u128) -> Result<u128, MathError> {
    a.checked_add(b).ok_or(MathError::Overflow)
}

pub(crate) fn sub(a: u128, b: u128) -> Result<u128, MathError> {
    a.checked_sub(b).ok_or(MathError::Overflow)
}

pub(crate) fn signed_add(a: i128, b: i128) -> Result<i128, MathError> {
    a.checked_add(b).ok_or(MathError::Overflow)
}

pub(crate) fn signed_sub(a: i128, b: i128) -> Result<i128, MathError> {
    a.checked_sub(b).ok_or(MathError::Overflow)
}

/// The largest integer whose cube is at most `value`, bit by bit from the top.
pub(crate) fn cube_root(value: u128) -> u128 {
    // 2^42 is the largest power of two whose cube is a u128; (2^43)^3 = 2^129.
    let mut bit = 1u128 << 42;
    let mut root = 0u128;
    while bit > 0 {
        let candidate = root | bit;
        if candidate.checked_pow(3).is_some_and(|cube| cube <= value) {
            root = candidate;
        }
        bit /= 2;
    }
    root
}
