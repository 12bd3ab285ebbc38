//! From bars to one price for each slot.
//!
//! A bar says open, high, low and close and nothing between. The path goes open, extreme, extreme, close
//! on straight lines of a third of the bar each, the order of the extremes as [`Bar::corners`] guesses
//! it, with a Brownian bridge of the bar's own Parkinson volatility laid over each line: it ends at zero
//! where the line does, so both extremes are reached, and what it adds is cut at them.

use crate::rng::Rng;
use bulwark_primitives::SLOT_MILLIS;
use price_replay::{Bar, Recording};

/// Prices of one asset.
#[derive(Clone, Debug)]
pub struct Path {
    /// Symbol of the asset.
    pub symbol: String,
    /// USD, one for each slot.
    pub prices: Vec<f64>,
    /// What one venue with a wick of its own said.
    pub wick: Option<Vec<f64>>,
}

impl Path {
    /// Realised volatility of each slot: a fraction over the square root of a minute, an exponential
    /// mean with a half-life of a minute.
    pub fn volatility(&self, calm: f64) -> Vec<f64> {
        let keep = 0.5f64.powf(1.0 / SLOTS_OF_A_MINUTE);
        let mut variance = calm * calm;
        let mut last = self.prices.first().copied().unwrap_or(1.0);
        self.prices
            .iter()
            .map(|price| {
                let step = (price / last).ln();
                last = *price;
                variance = keep * variance + (1.0 - keep) * step * step * SLOTS_OF_A_MINUTE;
                variance.sqrt()
            })
            .collect()
    }
}

/// Slots of a minute.
pub const SLOTS_OF_A_MINUTE: f64 = 30.0;

/// One third of a bar.
struct Segment {
    bar: u64,
    third: u64,
    at: f64,
}

/// The path of a recording in so many slots from `from` on; `None` when it begins later.
pub fn bridge(recording: &Recording, from: u64, slots: usize, rng: &mut Rng) -> Option<Vec<f64>> {
    let length = recording.interval();
    let mut noise = Segment {
        bar: u64::MAX,
        third: 0,
        at: 0.0,
    };
    (0..slots as u64)
        .map(|slot| {
            let time = from + slot * SLOT_MILLIS;
            let bar = recording.bar_at(time)?;
            let elapsed = time - bar.time;
            let base = bar.price_at(elapsed, length).to_f64();
            if elapsed >= length {
                return Some(base);
            }
            let third = elapsed * 3 / length;
            if (noise.bar, noise.third) != (bar.time, third) {
                noise = Segment {
                    bar: bar.time,
                    third,
                    at: 0.0,
                };
            }
            let left = ((third + 1) * length - elapsed * 3) as f64 / (3.0 * SLOT_MILLIS as f64);
            noise.at = step(noise.at, left, sigma(bar, length), rng);
            let (low, high) = (bar.low.to_f64(), bar.high.to_f64());
            Some((base * noise.at.exp()).clamp(low, high))
        })
        .collect()
}

/// One step of a Brownian bridge that is zero again after `left` steps.
fn step(at: f64, left: f64, sigma: f64, rng: &mut Rng) -> f64 {
    if left <= 1.0 {
        return 0.0;
    }
    at * (1.0 - 1.0 / left) + sigma * ((left - 1.0) / left).sqrt() * rng.gaussian()
}

/// Parkinson volatility of a bar, for one slot.
fn sigma(bar: &Bar, length: u64) -> f64 {
    let range = (bar.high.to_f64() / bar.low.to_f64()).ln();
    let whole = range / (4.0 * std::f64::consts::LN_2).sqrt();
    whole * (SLOT_MILLIS as f64 / length as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(rows: &str) -> Recording {
        Recording::from_reader("t.csv", rows.as_bytes()).expect("good rows")
    }

    #[test]
    fn path_should_stay_inside_its_bars_and_reach_their_extremes() {
        let recording = recording("0,100,104,90,95,1\n60,95,97,94,96,1\n120,96,120,96,118,1\n");
        let path = bridge(&recording, 0, 90, &mut Rng::new(7, "path")).expect("it has begun");
        for (bar, slots) in recording.bars().iter().zip(path.chunks(30)) {
            let low = slots.iter().copied().fold(f64::MAX, f64::min);
            let high = slots.iter().copied().fold(f64::MIN, f64::max);
            assert!(low >= bar.low.to_f64() && high <= bar.high.to_f64());
            let near = |a: f64, b: f64| (a / b - 1.0).abs() < 0.01;
            assert!(near(low, bar.low.to_f64()), "{low} {bar:?}");
            assert!(near(high, bar.high.to_f64()), "{high} {bar:?}");
        }
    }

    #[test]
    fn path_should_be_missing_when_the_recording_begins_later() {
        let recording = recording("60,95,97,94,96,1\n120,96,97,96,96,1\n");
        assert!(bridge(&recording, 0, 40, &mut Rng::new(1, "path")).is_none());
    }

    #[test]
    fn volatility_should_rise_when_the_price_moves() {
        let mut prices = vec![100.0; 60];
        prices.extend((0..60).map(|i| 100.0 * 0.998f64.powi(i)));
        let path = Path {
            symbol: "BTC".into(),
            prices,
            wick: None,
        };
        let volatility = path.volatility(0.000_5);
        assert!(volatility[59] < 0.000_5 && volatility[119] > 0.008);
    }
}
