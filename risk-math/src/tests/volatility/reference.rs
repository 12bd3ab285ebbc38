//! The same recursion in floating point, over every recorded hour there is and over a made series.

use super::*;
use std::{fs, path::Path};

/// Largest relative difference allowed.
const TOLERANCE: f64 = 1e-6;
/// Recorded hours, beside the checkout.
const RECORDED: &str = "../../shared/data/market";

/// The formulas of the module's documentation, in units of one.
struct Float {
    means: [f64; 3],
    mean_move: f64,
    multiplier: f64,
}

impl Float {
    const GAINS: [f64; 3] = [0.5, 0.028_468_058_846, 0.000_160_437_865];

    fn of(state: &RecState) -> Self {
        let one = |fine: FineRate| fine.0 as f64 / 1e12;
        Self {
            means: [state.hour_range, state.day_range, state.half_year_range].map(one),
            mean_move: one(state.mean_move),
            multiplier: one(state.multiplier),
        }
    }

    fn raw(&self, shape: f64) -> f64 {
        shape * (1.888 * self.means[0] + 0.381 * self.means[1] + 0.569 * self.means[2])
    }

    fn expected(&self, shape: f64) -> f64 {
        self.raw(shape).max(0.5 * self.mean_move)
    }

    fn update(&mut self, high: f64, low: f64, close: f64, shape: f64, next_shape: f64) {
        let limit = self.multiplier * self.expected(shape);
        let sides = [(close - low) / close, (high - close) / close];
        let beyond = sides.iter().filter(|side| **side > limit).count() as f64;
        let z = ((high.max(close) - low.min(close)) / close).min(0.30) / shape;
        for (mean, gain) in self.means.iter_mut().zip(Self::GAINS) {
            *mean += gain * (z - *mean);
        }
        self.mean_move += Self::GAINS[2] * (self.raw(next_shape) - self.mean_move);
        self.multiplier *= (0.02 * (beyond / 2.0 - 0.005)).exp();
        self.multiplier = self.multiplier.clamp(0.6, 1.8);
    }
}

fn shapes() -> Vec<f64> {
    include_str!("../golden/hour-of-week.csv")
        .lines()
        .skip(1)
        .map(|line| line.split_once(',').unwrap().1.parse().unwrap())
        .collect()
}

/// One bar: begin in seconds, high, low, close, each as decimal text.
struct Bar {
    time: u64,
    prices: [String; 3],
}

/// 18 decimals of plain decimal text.
fn fixed(text: &str) -> u128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = format!("{fraction:0<18}");
    assert_eq!(fraction.len(), 18, "{text}");
    whole.parse::<u128>().unwrap() * PRICE_SCALE + fraction.parse::<u128>().unwrap()
}

/// Plays the bars in both ways; the largest relative difference of what comes out.
fn difference(bars: &[Bar]) -> f64 {
    let (shapes, params) = (shapes(), RecParams::default());
    let mut state = rec::start(FineRate(PERCENT), &params).unwrap();
    let mut float = Float::of(&state);
    let mut worst = 0.0f64;
    for (before, bar) in bars.iter().zip(&bars[1..]) {
        let hour = HourOfWeek::at(bar.time * 1_000);
        let [high, low, _] = &bar.prices;
        let close = &before.prices[2];
        let input = HourInput {
            high: Price(fixed(high)),
            low: Price(fixed(low)),
            previous_close: Price(fixed(close)),
            hour,
        };
        let shape = |hour: HourOfWeek| shapes[usize::from(hour.index())];
        let number = |text: &String| text.parse::<f64>().unwrap();
        state = rec::update(&state, &input, &params).unwrap();
        float.update(
            number(high),
            number(low),
            number(close),
            shape(hour),
            shape(hour.next()),
        );
        let forecast = rec::forecast(&state, hour.next(), &params).unwrap();
        let expected = float.expected(shape(hour.next()));
        for (found, exact) in [
            (state.mean_move.0 as f64 / 1e12, float.mean_move),
            (state.multiplier.0 as f64 / 1e12, float.multiplier),
            (forecast.expected_move.0 as f64 / 1e9, expected),
            (
                forecast.margin_move.0 as f64 / 1e9,
                expected * float.multiplier,
            ),
            (
                forecast.level.0 as f64 / 1e9,
                float.expected(1.0) * float.multiplier,
            ),
        ] {
            worst = worst.max((found / exact - 1.0).abs());
        }
        for (found, exact) in [state.hour_range, state.day_range, state.half_year_range]
            .into_iter()
            .zip(float.means)
        {
            // The bounds of the module's documentation, in units of one.
            let error = (found.0 as f64 / 1e12 - exact).abs();
            assert!(error <= 3.2e-9, "a mean is off by {error}");
        }
    }
    worst
}

#[test]
fn model_should_match_floating_point_when_the_series_is_made() {
    let mut seed = Seed(20_251_010);
    let mut bars = vec![Bar {
        time: 1_600_000_000 / 3_600 * 3_600,
        prices: ["100", "100", "100"].map(String::from),
    }];
    let (mut price, mut volatility, mut time) = (100.0f64, 0.01f64, bars[0].time);
    for i in 0..60_000 {
        volatility = (volatility.ln() * 0.98 + 0.01f64.ln() * 0.02 + 0.15 * seed.normal()).exp();
        let mut step = volatility * seed.normal();
        // Crashes, hours of standstill, missing hours.
        if seed.uniform() < 0.000_3 {
            step -= 0.6 * seed.uniform();
        }
        let still = i % 5_000 < 30;
        if still {
            step = 0.0;
        }
        time += if i % 977 == 0 { 7_200 } else { 3_600 };
        let close = (price * step.exp()).clamp(0.01, 100_000.0);
        let wick = |seed: &mut Seed| {
            if still {
                0.0
            } else {
                volatility * seed.normal().abs() / 2.0
            }
        };
        let high = price.max(close) * wick(&mut seed).exp();
        let low = price.min(close) * (-wick(&mut seed)).exp();
        price = close;
        bars.push(Bar {
            time,
            prices: [high, low, close].map(|p| format!("{p:.8}")),
        });
    }
    let worst = difference(&bars);
    println!("60000 made hours: largest relative difference {worst:.1e}");
    assert!(worst <= TOLERANCE, "{worst:e}");
}

#[test]
fn model_should_match_floating_point_over_all_recorded_hours() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(RECORDED);
    let Ok(entries) = fs::read_dir(&directory) else {
        println!("SKIPPED: no recorded hours, because there is no {RECORDED}");
        return;
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().contains("_1h_"));
    paths.sort();
    let (mut hours, mut worst) = (0, 0.0f64);
    for path in &paths {
        let text = fs::read_to_string(path).unwrap();
        let bars: Vec<Bar> = text
            .lines()
            .skip(1)
            .map(|line| {
                let fields: Vec<&str> = line.split(',').collect();
                Bar {
                    time: fields[0].parse().unwrap(),
                    prices: [2, 3, 4].map(|i: usize| fields[i].to_owned()),
                }
            })
            .collect();
        hours += bars.len() - 1;
        let found = difference(&bars);
        assert!(found <= TOLERANCE, "{}: {found:e}", path.display());
        worst = worst.max(found);
    }
    assert!(hours > 0, "files, but no hours in them");
    println!(
        "{hours} recorded hours in {} files: largest relative difference {worst:.1e}",
        paths.len()
    );
}
