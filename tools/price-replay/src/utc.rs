//! UTC in and out of text, without a calendar library: milliseconds since the Unix epoch.

const DAY: u64 = 86_400_000;

/// Reads `2025-10-10`, `2025-10-10 21:00`, `2025-10-10T21:00:30[.123]Z`, or an epoch in seconds or
/// milliseconds. Returns milliseconds since the epoch.
///
/// # Errors
/// A sentence for the user, when the text is none of these.
pub fn parse(text: &str) -> Result<u64, String> {
    let bad =
        || format!("`{text}` is no UTC time; write 2025-10-10T21:00:00Z or seconds since 1970");
    let text_trimmed = text.trim();
    if !text_trimmed.is_empty() && text_trimmed.bytes().all(|b| b.is_ascii_digit()) {
        let number: u64 = text_trimmed.parse().map_err(|_| bad())?;
        return epoch_millis(number).ok_or_else(bad);
    }
    let plain = text_trimmed.trim_end_matches(['Z', 'z']);
    let (date, time) = plain
        .split_once(['T', 't', ' '])
        .unwrap_or((plain, "00:00:00"));
    let date: Vec<u64> = numbers(date, '-').ok_or_else(bad)?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let clock: Vec<u64> = numbers(clock, ':').ok_or_else(bad)?;
    let (&[year, month, day], &[hour, minute, ref second @ ..]) = (&date[..], &clock[..]) else {
        return Err(bad());
    };
    let second = match second {
        [] => 0,
        [s] => *s,
        _ => return Err(bad()),
    };
    let millis: u64 = format!("{fraction:0<3}")
        .get(..3)
        .and_then(|f| f.parse().ok())
        .ok_or_else(bad)?;
    let sane = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !sane {
        return Err(bad());
    }
    let days = days_from_civil(year, month, day);
    Ok(days * DAY + ((hour * 60 + minute) * 60 + second) * 1_000 + millis)
}

/// `2025-10-10T21:00:00.000Z` of milliseconds since the epoch.
pub fn format(millis: u64) -> String {
    let (year, month, day) = civil_from_days(millis / DAY);
    let rest = millis % DAY;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        rest / 3_600_000,
        rest / 60_000 % 60,
        rest / 1_000 % 60,
        rest % 1_000
    )
}

/// Milliseconds of an epoch given in seconds, milliseconds or microseconds, told apart by size:
/// the three do not overlap between 1973 and 5138. `None` for what is too large for all.
pub fn epoch_millis(number: u64) -> Option<u64> {
    match number {
        0..=99_999_999_999 => Some(number * 1_000),
        100_000_000_000..=99_999_999_999_999 => Some(number),
        100_000_000_000_000..=99_999_999_999_999_999 => Some(number / 1_000),
        _ => None,
    }
}

fn numbers(text: &str, separator: char) -> Option<Vec<u64>> {
    text.split(separator)
        .map(|part| {
            let digits = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        })
        .collect()
}

const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_in_month(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01, by years of 365.2425 days that begin in March.
const fn days_from_civil(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

const fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let doe = days % 146_097;
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let month = (5 * doy + 2) / 153;
    let day = doy - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = yoe + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_should_read_every_spelling_when_time_is_the_same() {
        for text in [
            "2025-10-10T21:15:00Z",
            "2025-10-10 21:15",
            "2025-10-10t21:15:00.000z",
            "1760130900",
            "1760130900000",
        ] {
            assert_eq!(parse(text), Ok(1_760_130_900_000), "{text}");
        }
        assert_eq!(parse("2020-03-12"), Ok(1_583_971_200_000));
    }

    #[test]
    fn parse_should_refuse_when_text_is_no_time() {
        for text in [
            "",
            "yesterday",
            "2025-13-01",
            "2025-02-29",
            "2025-10-10T24:00",
            "2025-10-10T21",
            "10-10-2025",
            "2025-10-10T21:00:00+02:00",
            "999999999999999999999",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn format_should_give_back_what_parse_read_when_days_pass() {
        let mut millis = 0;
        while millis < 4_102_444_800_000 {
            assert_eq!(parse(&format(millis)), Ok(millis));
            millis += 86_399_999 * 3;
        }
        assert_eq!(format(1_709_164_799_999), "2024-02-28T23:59:59.999Z");
        assert_eq!(format(1_709_164_800_000), "2024-02-29T00:00:00.000Z");
    }
}
