//! What was measured, for people.

pub mod html;
pub mod text;

/// Dollars with thousands apart.
pub fn usd(dollars: f64) -> String {
    let digits = format!("{:.0}", dollars.abs());
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if dollars < 0.0 && digits != "0" {
        format!("-{grouped}")
    } else {
        grouped
    }
}

/// Median, 99th percentile and largest.
pub fn three(values: [u32; 3]) -> String {
    let [median, p99, most] = values;
    format!("{median} / {p99} / {most}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_should_be_grouped() {
        assert_eq!(usd(1_234_567.4), "1,234,567");
        assert_eq!(usd(-1_000.0), "-1,000");
        assert_eq!(usd(-0.2), "0");
    }
}
