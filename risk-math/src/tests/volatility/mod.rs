//! The volatility model: by hand, against golden vectors, against floating point, and properties.

mod examples;
mod golden;
mod properties;
mod reference;

use super::*;
use crate::volatility::*;

/// One percent.
const PERCENT: u64 = 10_000_000_000;

fn hour_of_week(index: u8) -> HourOfWeek {
    HourOfWeek::new(index).unwrap()
}

fn hour(high: u128, low: u128, previous_close: u128, index: u8) -> HourInput {
    HourInput {
        high: price(high),
        low: price(low),
        previous_close: price(previous_close),
        hour: hour_of_week(index),
    }
}

fn state(means: [u64; 3], mean_move: u64, multiplier: u64) -> RecState {
    RecState {
        hour_range: FineRate(means[0]),
        day_range: FineRate(means[1]),
        half_year_range: FineRate(means[2]),
        mean_move: FineRate(mean_move),
        multiplier: FineRate(multiplier),
    }
}

/// Uniform in 0..1, the same on every machine.
struct Seed(u64);

impl Seed {
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
}
