//! Parsing and printing of times, money and sizes.

use bulwark_primitives::{Price, Rate, Size, Usd, PRICE_SCALE, RATE_SCALE, USD_SCALE};
use price_replay::utc;

/// Reads `2025-10-10T20:50` (UTC), with seconds, a space or a `Z` if wanted, a date alone, or
/// seconds since the epoch. Milliseconds since the epoch.
pub fn parse_time(text: &str) -> Result<u64, String> {
    utc::parse(text)
}

/// `2025-10-10 20:50:00` of milliseconds since the epoch, UTC.
pub fn date_time(millis: u64) -> String {
    let text = utc::format(millis);
    text.get(..19).unwrap_or(&text).replace('T', " ")
}

/// `20:50:00` of milliseconds since the epoch, UTC.
pub fn clock(millis: u64) -> String {
    let text = utc::format(millis);
    text.get(11..19).unwrap_or(&text).to_owned()
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `-12,345.67`; rounded to the cent.
pub fn usd(amount: Usd) -> String {
    let cents = (amount.0.unsigned_abs() + 5_000) / 10_000;
    let sign = if amount.0 < 0 && cents > 0 { "-" } else { "" };
    format!(
        "{sign}{}.{:02}",
        grouped(&(cents / 100).to_string()),
        cents % 100
    )
}

/// `12,345.67`; rounded to the cent.
pub fn price(price: Price) -> String {
    let cents = (price.0 + PRICE_SCALE / 200) / (PRICE_SCALE / 100);
    format!("{}.{:02}", grouped(&(cents / 100).to_string()), cents % 100)
}

/// `-0.5000`, in units of the underlying.
pub fn size(size: Size) -> String {
    let parts = size.0.unsigned_abs() / 100_000_000_000_000;
    let sign = if size.0 < 0 { "-" } else { "" };
    format!("{sign}{}.{:04}", parts / 10_000, parts % 10_000)
}

/// `1.5 %`.
pub fn rate(rate: Rate) -> String {
    let hundredths = rate.0 / (RATE_SCALE / 10_000);
    let fraction = format!("{:02}", hundredths % 100);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        format!("{} %", hundredths / 100)
    } else {
        format!("{}.{fraction} %", hundredths / 100)
    }
}

/// The exact decimal number, for machines.
pub fn usd_exact(amount: Usd) -> String {
    let sign = if amount.0 < 0 { "-" } else { "" };
    let magnitude = amount.0.unsigned_abs();
    let scale = USD_SCALE.unsigned_abs();
    format!("{sign}{}.{:06}", magnitude / scale, magnitude % scale)
}

/// The exact decimal number, for machines.
pub fn price_exact(price: Price) -> String {
    let text = format!("{}.{:018}", price.0 / PRICE_SCALE, price.0 % PRICE_SCALE);
    let trimmed = text.trim_end_matches('0');
    trimmed.strip_suffix('.').unwrap_or(trimmed).to_owned()
}

/// For charts only.
pub fn usd_f64(amount: Usd) -> f64 {
    amount.0 as f64 / USD_SCALE as f64
}

/// For charts only.
pub fn price_f64(price: Price) -> f64 {
    price.0 as f64 / PRICE_SCALE as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_should_be_read_and_printed_in_utc() {
        for text in ["2025-10-10T20:50", "2025-10-10 20:50:00Z", "1760129400"] {
            assert_eq!(parse_time(text), Ok(1_760_129_400_000), "{text}");
        }
        assert_eq!(date_time(1_760_129_400_000), "2025-10-10 20:50:00");
        assert_eq!(clock(1_760_129_400_000), "20:50:00");
        assert!(parse_time("yesterday").is_err());
    }

    #[test]
    fn numbers_should_be_grouped_and_rounded_when_printed() {
        assert_eq!(usd(Usd(-1_234_567_895_000)), "-1,234,567.90");
        assert_eq!(usd(Usd(-4_000)), "0.00");
        assert_eq!(usd(Usd::dollars(100)), "100.00");
        assert_eq!(usd_exact(Usd(-1_500_000)), "-1.500000");
        assert_eq!(price(Price(116_900 * PRICE_SCALE)), "116,900.00");
        assert_eq!(price_exact(Price(PRICE_SCALE + PRICE_SCALE / 2)), "1.5");
        assert_eq!(price_exact(Price(PRICE_SCALE)), "1");
        assert_eq!(size(Size(-500_000_000_000_000_000)), "-0.5000");
        assert_eq!(rate(Rate::basis_points(150)), "1.5 %");
        assert_eq!(rate(Rate::percent(2)), "2 %");
    }
}
