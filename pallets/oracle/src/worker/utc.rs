//! Times as venues write them.

use bulwark_primitives::Moment;

/// Milliseconds since the Unix epoch of `2025-10-10T21:14:00.016274911Z`: UTC, with up to nine
/// digits of a second (what is below a millisecond is cut off) or none.
///
/// `None` for anything else. A day that its month does not have counts into the next month: for an
/// age that is as good as an error.
pub fn parse_utc(text: &str) -> Option<Moment> {
    let text = text.strip_suffix('Z')?;
    let (date, clock) = text.split_once('T')?;
    let mut date = date.splitn(3, '-');
    let year = number(date.next()?, 4, 1_970, 9_999)?;
    let month = number(date.next()?, 2, 1, 12)?;
    let day = number(date.next()?, 2, 1, 31)?;
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, millis(fraction)?),
        None => (clock, 0),
    };
    let mut clock = clock.splitn(3, ':');
    let hour = number(clock.next()?, 2, 0, 23)?;
    let minute = number(clock.next()?, 2, 0, 59)?;
    // 60 in a leap second.
    let second = number(clock.next()?, 2, 0, 60)?;
    days(year, month, day)?
        .checked_mul(24)?
        .checked_add(hour)?
        .checked_mul(60)?
        .checked_add(minute)?
        .checked_mul(60)?
        .checked_add(second)?
        .checked_mul(1_000)?
        .checked_add(fraction)
}

/// A number of exactly `digits` digits between `low` and `high`.
fn number(text: &str, digits: usize, low: u64, high: u64) -> Option<u64> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = plain.then(|| text.parse::<u64>().ok()).flatten()?;
    (low..=high).contains(&number).then_some(number)
}

/// Milliseconds of the digits behind a second's point, cut off.
fn millis(fraction: &str) -> Option<u64> {
    let plain =
        (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !plain {
        return None;
    }
    fraction
        .bytes()
        .chain([b'0', b'0'])
        .take(3)
        .try_fold(0u64, |sum, byte| {
            sum.checked_mul(10)?
                .checked_add(byte.checked_sub(b'0')?.into())
        })
}

/// Days since 1970-01-01. Years begin in March, so that the leap day is the last of its year.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let (year, month) = if month <= 2 {
        (year.checked_sub(1)?, month.checked_add(9)?)
    } else {
        (year, month.checked_sub(3)?)
    };
    let of_years = year
        .checked_mul(365)?
        .checked_add(year / 4)?
        .checked_sub(year / 100)?
        .checked_add(year / 400)?;
    let of_months = month.checked_mul(153)?.checked_add(2)? / 5;
    of_years
        .checked_add(of_months)?
        .checked_add(day)?
        // From 0000-03-01 to 1970-01-01 there are 719,468 days; the first day of a month is 1.
        .checked_sub(719_469)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn utc_should_be_read_when_written_by_a_venue() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2020-03-20T00:22:57.833Z", 1_584_663_777_833),
            ("2025-10-10T21:14:00Z", 1_760_130_840_000),
            ("2025-08-07T13:48:09.467567Z", 1_754_574_489_467),
            ("2026-06-19T16:43:33.016274911Z", 1_781_887_413_016),
            ("2024-02-29T23:59:59.9Z", 1_709_251_199_900),
            ("2000-03-01T00:00:00.05Z", 951_868_800_050),
        ] {
            assert_eq!(parse_utc(text), Some(millis), "{text}");
        }
    }

    #[test]
    fn utc_should_be_refused_when_it_is_not_one() {
        for text in [
            "",
            "Z",
            "T",
            "2025-10-10",
            "2025-10-10T21:14:00",
            "2025-10-10 21:14:00Z",
            "2025-10-10T21:14Z",
            "2025-10-10T21:14:00+02:00",
            "2025-10-10T24:14:00Z",
            "2025-13-10T21:14:00Z",
            "2025-00-10T21:14:00Z",
            "1969-12-31T23:59:59Z",
            "25-10-10T21:14:00Z",
            "2025-10-10T21:14:00.Z",
            "2025-10-10T21:14:00.0123456789Z",
            "2025-10-10T21:14:00.1.2Z",
            "2025-10-10-10T21:14:00Z",
            "2025-10-10T21:14:00:00Z",
            "2025-10-10T+1:14:00Z",
            "٢٠٢٥-10-10T21:14:00Z",
        ] {
            assert_eq!(parse_utc(text), None, "{text:?}");
        }
    }

    #[test]
    fn utc_should_be_a_day_later_when_a_day_passes() {
        // 2023 to 2025, so that a leap year is among them.
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let mut expected = parse_utc("2023-01-01T12:00:00Z").unwrap();
        for year in 2_023..=2_025 {
            for (month, length) in (1..).zip(lengths) {
                let length = length + u32::from(year == 2_024 && month == 2);
                for day in 1..=length {
                    let text = format!("{year}-{month:02}-{day:02}T12:00:00Z");
                    assert_eq!(parse_utc(&text), Some(expected), "{text}");
                    expected += 86_400_000;
                }
            }
        }
    }

    proptest! {
        #[test]
        fn utc_should_never_panic_when_given_anything(
            text in "\\PC{0,40}",
            near in "[0-9T:.Z-]{0,40}",
        ) {
            let _ = parse_utc(&text);
            let _ = parse_utc(&near);
        }
    }
}
