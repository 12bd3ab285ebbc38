//! Exact decimal strings: numbers of JSON lose digits beyond 2^53.

use bulwark_primitives::{
    Correlation, FundingRate, Index, Price, Quantity, Rate, Shares, Size, Usd, USD_DECIMALS,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Decimals of prices, quantities and sizes.
const FINE: usize = 18;
/// Decimals of shares of the lending pool.
const SHARES: usize = 12;
/// Decimals of rates.
const RATE: usize = 9;

/// An exact amount in whole units, as a string: `"-0.5"`, `"101516.5"`, `"20000"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Decimal(String);

impl Decimal {
    /// An amount that is counted in parts of `10^decimals`.
    pub fn of(amount: u128, decimals: u8) -> Self {
        Self::new(false, amount, decimals.into())
    }

    /// Nothing.
    pub fn zero() -> Self {
        Self::new(false, 0, 0)
    }

    /// `digits / 10^decimals`, without trailing zeros.
    fn new(negative: bool, digits: u128, decimals: usize) -> Self {
        let digits = format!("{digits:0>width$}", width = decimals.saturating_add(1));
        let (whole, part) = digits.split_at(digits.len().saturating_sub(decimals));
        let part = part.trim_end_matches('0');
        let sign = if negative { "-" } else { "" };
        let point = if part.is_empty() { "" } else { "." };
        Self(format!("{sign}{whole}{point}{part}"))
    }

    /// The quantity that it is; `None` when it is negative, too exact, too large or no number.
    pub fn quantity(&self) -> Option<Quantity> {
        parse_fine(&self.0).map(Quantity)
    }
}

/// Reads an amount in whole units, `"0.1"`, as an integer with so many decimals.
///
/// `None` for anything but digits with at most one point, for more decimals than there are, and for
/// what does not fit.
pub fn parse(text: &str, decimals: usize) -> Option<u128> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > decimals {
        return None;
    }
    format!("{whole}{part:0<decimals$}").parse().ok()
}

/// Reads a price, quantity or size: 18 decimals.
pub fn parse_fine(text: &str) -> Option<u128> {
    parse(text, FINE)
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

impl From<FundingRate> for Decimal {
    fn from(rate: FundingRate) -> Self {
        Self::new(rate.0.is_negative(), rate.0.unsigned_abs().into(), RATE)
    }
}

impl From<Rate> for Decimal {
    fn from(rate: Rate) -> Self {
        Self::new(false, rate.0.into(), RATE)
    }
}

impl From<Correlation> for Decimal {
    fn from(correlation: Correlation) -> Self {
        Self::new(correlation.0 < 0, correlation.0.unsigned_abs().into(), RATE)
    }
}

impl From<Index> for Decimal {
    fn from(index: Index) -> Self {
        Self::new(false, index.0, FINE)
    }
}

impl From<Shares> for Decimal {
    fn from(shares: Shares) -> Self {
        Self::new(false, shares.0, SHARES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulwark_primitives::PRICE_SCALE;

    #[test]
    fn amounts_should_be_exact_when_read() {
        for (text, amount) in [
            ("1", 1_000),
            ("0.5", 500),
            ("12.345", 12_345),
            ("7.", 7_000),
        ] {
            assert_eq!(parse(text, 3), Some(amount), "{text}");
        }
        for text in [
            "",
            ".5",
            "-1",
            "1.2345",
            "1e3",
            "1 ",
            "1.2.3",
            "+1",
            &"9".repeat(40),
        ] {
            assert_eq!(parse(text, 3), None, "{text}");
        }
    }

    #[test]
    fn quantity_should_be_read_when_it_is_one() {
        let read = |text: &str| Decimal(text.into()).quantity().map(|quantity| quantity.0);
        assert_eq!(read("0.5"), Some(PRICE_SCALE / 2));
        assert_eq!(read("20000"), Some(20_000 * PRICE_SCALE));
        assert_eq!(read("0.000000000000000001"), Some(1));
        for bad in ["", ".5", "-1", "1e5", "+1", "0.0000000000000000001", "x"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(read(&"9".repeat(40)), None);
    }

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
            (Decimal::from(Index::ONE), "1"),
            (Decimal::from(Shares(2_500_000_000_001)), "2.500000000001"),
            (Decimal::from(FundingRate(-100_000)), "-0.0001"),
        ];
        for (decimal, text) in cases {
            assert_eq!(decimal.to_string(), text);
        }
    }
}
