//! Exact decimal strings: numbers of JSON lose digits beyond 2^53.

use bulwark_primitives::{Price, Quantity, Rate, Size, Usd, USD_DECIMALS};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Decimals of prices, quantities and sizes.
const FINE: usize = 18;
/// Decimals of rates.
const RATE: usize = 9;

/// An exact amount in whole units, as a string: `"-0.5"`, `"101516.5"`, `"20000"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Decimal(String);

impl Decimal {
    /// `digits / 10^decimals`, without trailing zeros.
    fn new(negative: bool, digits: u128, decimals: usize) -> Self {
        let digits = format!("{digits:0>width$}", width = decimals.saturating_add(1));
        let (whole, part) = digits.split_at(digits.len().saturating_sub(decimals));
        let part = part.trim_end_matches('0');
        let sign = if negative { "-" } else { "" };
        let point = if part.is_empty() { "" } else { "." };
        Self(format!("{sign}{whole}{point}{part}"))
    }
}

impl Decimal {
    /// A rank, which has the decimals of a rate and a sign.
    pub fn of_score(score: i128) -> Self {
        Self::new(score.is_negative(), score.unsigned_abs(), RATE)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Price> for Decimal {
    fn from(price: Price) -> Self {
        Self::new(false, price.0, FINE)
    }
}

impl From<Quantity> for Decimal {
    fn from(quantity: Quantity) -> Self {
        Self::new(false, quantity.0, FINE)
    }
}

impl From<Size> for Decimal {
    fn from(size: Size) -> Self {
        Self::new(size.is_short(), size.quantity().0, FINE)
    }
}

impl From<Usd> for Decimal {
    fn from(usd: Usd) -> Self {
        Self::new(usd.is_negative(), usd.0.unsigned_abs(), USD_DECIMALS.into())
    }
}

impl From<Rate> for Decimal {
    fn from(rate: Rate) -> Self {
        Self::new(false, rate.0.into(), RATE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulwark_primitives::PRICE_SCALE;

    #[test]
    fn amounts_should_be_exact_when_written() {
        let cases = [
            (
                Decimal::from(Price(101_516 * PRICE_SCALE + PRICE_SCALE / 2)),
                "101516.5",
            ),
            (Decimal::from(Price(1)), "0.000000000000000001"),
            (Decimal::from(Quantity(0)), "0"),
            (Decimal::from(Size(-(PRICE_SCALE as i128) / 2)), "-0.5"),
            (
                Decimal::from(Size(i128::MIN)),
                "-170141183460469231731.687303715884105728",
            ),
            (Decimal::from(Usd(-1)), "-0.000001"),
            (Decimal::from(Usd::dollars(20_000)), "20000"),
            (Decimal::from(Rate::percent(5)), "0.05"),
        ];
        for (decimal, text) in cases {
            assert_eq!(decimal.to_string(), text);
        }
    }
}
