//! Golden vectors from `tools/golden/volatility.py`, which knows the formulas and not this code.

use super::*;

const VECTORS: &str = include_str!("../golden/volatility.csv");
const TABLE: &str = include_str!("../golden/hour-of-week.csv");

/// Integer and fraction of an exact value, in units of the result.
#[derive(Clone, Copy, Debug)]
struct Exact {
    whole: i128,
    /// 10^-20.
    fraction: i128,
}

const FRACTION: i128 = 100_000_000_000_000_000_000;

impl Exact {
    fn parse(text: &str) -> Self {
        let (whole, fraction) = text.split_once('.').unwrap();
        assert_eq!(fraction.len(), 20);
        Self {
            whole: whole.parse().unwrap(),
            fraction: fraction.parse().unwrap(),
        }
    }

    /// `value - exact`, in thousandths of a unit, toward zero.
    fn error(self, value: u64) -> i128 {
        ((i128::from(value) - self.whole) * FRACTION - self.fraction) / (FRACTION / 1_000)
    }
}

fn lines(kind: &str) -> Vec<Vec<&'static str>> {
    VECTORS
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|fields| fields[0] == kind)
        .map(|fields| fields[1..].to_vec())
        .collect()
}

fn number<T: core::str::FromStr>(text: &str) -> T {
    text.parse().ok().unwrap()
}

fn parsed_state(fields: &[&str]) -> RecState {
    let values: Vec<u64> = fields.iter().map(|field| number(field)).collect();
    state([values[0], values[1], values[2]], values[3], values[4])
}

#[test]
fn vectors_should_be_all_there() {
    let count = |kind| lines(kind).len();
    let counts = ["hour", "update", "forecast", "slow", "fraction"].map(count);
    assert_eq!(counts.iter().sum::<usize>(), VECTORS.lines().count());
    assert!(counts.iter().all(|count| *count >= 12) && counts.iter().sum::<usize>() >= 60);
}

#[test]
fn table_should_be_the_published_one() {
    // A state whose expected move is the shape itself, in hundredths.
    let flat = state([0, 0, 10_000_000_000], 0, 1_000_000_000_000);
    let params = RecParams {
        half_year_weight: FineRate::ONE,
        ..RecParams::default()
    };
    let mut count = 0;
    for line in TABLE.lines().skip(1) {
        let (hour, factor) = line.split_once(',').unwrap();
        let found = expected_move(&flat, hour_of_week(number(hour)), &params).unwrap();
        let factor: f64 = number(factor);
        assert_eq!(found, Rate((factor * 1e7).round() as u64), "{line}");
        count += 1;
    }
    assert_eq!(count, 168);
}

#[test]
fn hours_should_be_the_golden_ones() {
    for fields in lines("hour") {
        assert_eq!(
            HourOfWeek::at(number(fields[0])).index(),
            number::<u8>(fields[1])
        );
    }
}

/// To the nearest unit: half a unit, and what the rounded `z` and `L`'s rounded inputs add.
#[test]
fn updates_should_be_the_golden_ones_to_the_nearest_unit() {
    const BOUNDS: [i128; 5] = [750, 515, 501, 501, 501];
    let mut balance = [0; 5];
    for fields in lines("update") {
        let hour = HourInput {
            high: Price(number(fields[5])),
            low: Price(number(fields[6])),
            previous_close: Price(number(fields[7])),
            hour: hour_of_week(number(fields[8])),
        };
        let next = rec::update(&parsed_state(&fields[..5]), &hour, &RecParams::default()).unwrap();
        let found = [
            next.hour_range,
            next.day_range,
            next.half_year_range,
            next.mean_move,
            next.multiplier,
        ];
        for (i, value) in found.into_iter().enumerate() {
            let error = Exact::parse(fields[9 + i]).error(value.0);
            assert!(
                error.abs() <= BOUNDS[i],
                "field {i} is {error} off: {fields:?}"
            );
            balance[i] += error.signum();
        }
    }
    // Nearest, not a direction: no field errs to one side in all cases.
    let count = lines("update").len() as i128;
    assert!(
        balance.iter().all(|sum| sum.abs() < count * 2 / 3),
        "{balance:?}"
    );
}

/// Up: never below the exact value, and less than a unit and the three roundings on the way above.
#[test]
fn forecasts_should_be_the_golden_ones_rounded_up() {
    for fields in lines("forecast") {
        let forecast = rec::forecast(
            &parsed_state(&fields[..5]),
            hour_of_week(number(fields[5])),
            &RecParams::default(),
        )
        .unwrap();
        let found = [
            forecast.expected_move,
            forecast.multiplier,
            forecast.margin_move,
            forecast.level,
        ];
        for (value, exact) in found.into_iter().zip(&fields[6..]) {
            let error = Exact::parse(exact).error(value.0);
            assert!((0..=1_003).contains(&error), "{error} off: {fields:?}");
        }
    }
}

#[test]
fn slow_moves_should_be_the_golden_ones() {
    for fields in lines("slow") {
        let found = slow_move(Rate(number(fields[0])), Rate(number(fields[1])));
        assert_eq!(found, Ok(Rate(number(fields[2]))), "{fields:?}");
    }
}

#[test]
fn fractions_should_be_the_golden_ones() {
    for fields in lines("fraction") {
        let [base, moved, add_on] = [0, 1, 2].map(|i| Rate(number(fields[i])));
        assert_eq!(
            initial_margin_fraction(base, moved, add_on),
            Ok(Rate(number(fields[3]))),
            "{fields:?}"
        );
        assert_eq!(
            maintenance_margin_fraction(base, moved, add_on),
            Ok(Rate(number(fields[4]))),
            "{fields:?}"
        );
    }
}
