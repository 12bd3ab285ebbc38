//! A price as exchanges print it.

use std::fmt;

/// Decimals of [`Price`]; what Binance prints.
pub const DECIMALS: u32 = 8;

/// `10^DECIMALS`.
pub const SCALE: u64 = 100_000_000;

/// USD per unit of an asset, with [`DECIMALS`] decimals.
///
/// Integers all the way, so that the same recording gives the same digits on every machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(pub u64);

impl Price {
    /// Whole dollars. Saturates; the largest price is about 184 billion dollars.
    pub const fn from_whole(usd: u64) -> Self {
        Self(usd.saturating_mul(SCALE))
    }

    /// Reads plain decimals (`101516.5`). More than eight decimals are rounded, half up.
    ///
    /// # Errors
    /// Says what is wrong with the text: empty, not a plain decimal number, or too large.
    pub fn parse(text: &str) -> Result<Self, PriceTextError> {
        if text.is_empty() {
            return Err(PriceTextError::Empty);
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return Err(PriceTextError::NotDecimal);
        }
        let mut units: u64 = whole
            .parse::<u64>()
            .ok()
            .and_then(|w| w.checked_mul(SCALE))
            .ok_or(PriceTextError::TooLarge)?;
        let mut step = SCALE;
        for (place, digit) in fraction.bytes().enumerate() {
            let digit = u64::from(digit.wrapping_sub(b'0'));
            if place < DECIMALS as usize {
                step /= 10;
                units = units
                    .checked_add(digit * step)
                    .ok_or(PriceTextError::TooLarge)?;
            } else {
                if digit >= 5 {
                    units = units.checked_add(1).ok_or(PriceTextError::TooLarge)?;
                }
                break;
            }
        }
        Ok(Self(units))
    }

    /// This price moved by `percent`, never below one unit. For faults and spreads, where a float
    /// is precise enough.
    pub fn off_by_percent(self, percent: f64) -> Self {
        let moved = self.0 as f64 * (1.0 + percent / 100.0);
        Self((moved.round() as u64).max(1))
    }

    /// As a float, for reports and charts.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / SCALE as f64
    }

    /// The price on the straight line from `self` to `end` after `done` of `total`, rounded
    /// towards `self`.
    pub(crate) fn towards(self, end: Self, done: u64, total: u64) -> Self {
        let (done, total) = (u128::from(done.min(total)), u128::from(total.max(1)));
        let step = |gap: u64| (u128::from(gap) * done / total) as u64;
        if end >= self {
            Self(self.0 + step(end.0 - self.0))
        } else {
            Self(self.0 - step(self.0 - end.0))
        }
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:08}", self.0 / SCALE, self.0 % SCALE)
    }
}

/// Why a text is no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceTextError {
    /// Nothing there.
    Empty,
    /// Something else than digits with at most one point.
    NotDecimal,
    /// More than 64 bits hold.
    TooLarge,
}

impl fmt::Display for PriceTextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is empty",
            Self::NotDecimal => "is not a plain decimal number",
            Self::TooLarge => "is too large for a price",
        })
    }
}

impl std::error::Error for PriceTextError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn price_should_print_eight_decimals_when_parsed() {
        for (text, printed) in [
            ("101516.5", "101516.50000000"),
            ("0.00000001", "0.00000001"),
            ("7", "7.00000000"),
            ("7.", "7.00000000"),
            ("0.123456785", "0.12345679"),
            ("0.999999999", "1.00000000"),
        ] {
            assert_eq!(Price::parse(text).unwrap().to_string(), printed, "{text}");
        }
    }

    #[test]
    fn price_should_name_the_problem_when_text_is_bad() {
        for (text, error) in [
            ("", PriceTextError::Empty),
            (".5", PriceTextError::NotDecimal),
            ("-1", PriceTextError::NotDecimal),
            ("1e5", PriceTextError::NotDecimal),
            ("NaN", PriceTextError::NotDecimal),
            ("1,5", PriceTextError::NotDecimal),
            ("99999999999999999999", PriceTextError::TooLarge),
            ("184467440737.99", PriceTextError::TooLarge),
        ] {
            assert_eq!(Price::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn towards_should_reach_both_ends_when_done_is_nothing_or_all() {
        let (a, b) = (Price(1_000), Price(10));
        assert_eq!(a.towards(b, 0, 7), a);
        assert_eq!(a.towards(b, 7, 7), b);
        assert_eq!(b.towards(a, 7, 7), a);
        assert_eq!(a.towards(b, 9, 7), b);
        assert_eq!(a.towards(b, 1, 2), Price(505));
    }
}
