//! Decimal text to [`Price`], without floating point.

use bulwark_primitives::Price;

/// Decimals of [`Price`].
const DECIMALS: i32 = 18;

/// Reads an unsigned decimal such as `101516.50` or `1.5e-7`.
///
/// Decimals beyond 18 are cut off, so the price is rounded down, by less than `1e-18` USD. `None` for
/// anything else, and for what does not fit.
pub fn parse_decimal(text: &str) -> Option<Price> {
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (number, ""),
    };
    if whole.is_empty() {
        return None;
    }
    let mut mantissa = 0u128;
    for byte in whole.bytes().chain(fraction.bytes()) {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        mantissa = mantissa.checked_mul(10)?.checked_add(digit.into())?;
    }
    let shift = DECIMALS
        .checked_add(exponent)?
        .checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let power = 10u128.checked_pow(shift.unsigned_abs());
    if shift >= 0 {
        if mantissa == 0 {
            return Some(Price::ZERO);
        }
        mantissa.checked_mul(power?).map(Price)
    } else {
        // A power that does not fit is above every mantissa, so nothing is left of it.
        Some(Price(power.map_or(0, |power| {
            mantissa.checked_div(power).unwrap_or_default()
        })))
    }
}
