//! Crashes made from a seed, for machines without recorded data.

use crate::{Bar, Price, Recording};

/// Length of a generated bar, milliseconds.
const BAR: u64 = 60_000;

/// Steps of the random walk inside one bar, from which its wicks come.
const STEPS: u32 = 12;

/// A made-up day: a skeleton of turning points, and noise around it.
///
/// The same seed gives the same bars on every machine: only `+ - * /` on floats, which IEEE 754
/// defines to the last bit, and no functions of the platform's maths library.
#[derive(Clone, Debug)]
pub struct Scenario {
    name: &'static str,
    seed: u64,
    begin: u64,
    start_price: Price,
    turns: &'static [Turn],
}

/// The path passes `level` (fraction of the start price) at `minute`; on the way there it
/// wanders by about `noise` (fraction of the price) in a minute.
#[derive(Clone, Copy, Debug)]
struct Turn {
    minute: u32,
    level: f64,
    noise: f64,
}

const fn turn(minute: u32, level: f64, noise: f64) -> Turn {
    Turn {
        minute,
        level,
        noise,
    }
}

/// 12 March 2020 09:00 UTC to 13 March 09:00: a first leg down in the morning, a weak day, and a
/// second leg around 02:00 that loses a quarter in a quarter of an hour.
const MARCH_2020: &[Turn] = &[
    turn(0, 1.0, 0.0),
    turn(75, 0.975, 0.0008),
    turn(100, 0.84, 0.0025),
    turn(125, 0.79, 0.003),
    turn(160, 0.815, 0.002),
    turn(420, 0.80, 0.0012),
    turn(700, 0.765, 0.0012),
    turn(850, 0.745, 0.0012),
    turn(905, 0.67, 0.002),
    turn(960, 0.70, 0.002),
    turn(1_005, 0.69, 0.002),
    turn(1_020, 0.518, 0.003),
    turn(1_029, 0.497, 0.0035),
    turn(1_050, 0.60, 0.0035),
    turn(1_110, 0.665, 0.0025),
    turn(1_260, 0.64, 0.0015),
    turn(1_440, 0.68, 0.001),
];

impl Scenario {
    /// A day of the size and speed of 12-13 March 2020: about half the price is lost, a quarter of
    /// it within the worst fifteen minutes, and a third of the fall is won back.
    pub const fn march_2020_like(seed: u64) -> Self {
        Self {
            name: "march-2020-like",
            seed,
            // 12 March 2020 09:00 UTC, the hour before the first leg.
            begin: 1_584_003_600_000,
            start_price: Price::from_whole(100_000),
            turns: MARCH_2020,
        }
    }

    /// The same day from another price.
    #[must_use]
    pub const fn starting_at(mut self, price: Price) -> Self {
        self.start_price = price;
        self
    }

    /// The bars, one a minute.
    pub fn recording(&self) -> Recording {
        let bars = self.bars();
        let name = format!("{} (seed {})", self.name, self.seed);
        Recording::new(name, bars, BAR).expect("turns are in order, so bars are; qed")
    }

    fn bars(&self) -> Vec<Bar> {
        let mut rng = SplitMix64(self.seed);
        let mut bars = Vec::new();
        let start = self.start_price.to_f64();
        for pair in self.turns.windows(2) {
            let &[from, to] = pair else { continue };
            let minutes = to.minute - from.minute;
            // A walk that is tied to both turning points: what the free walk is off at the end
            // is taken out evenly.
            let total = minutes * STEPS;
            let step_noise = to.noise / 3.464; // sqrt(STEPS)
            let mut free = vec![0.0];
            let mut at = 0.0;
            for _ in 0..total {
                at += rng.gaussian() * step_noise;
                free.push(at);
            }
            let level = |step: u32| {
                let done = f64::from(step) / f64::from(total);
                let line = from.level + (to.level - from.level) * done;
                let walk = free.get(step as usize).unwrap_or(&0.0);
                start * line * (1.0 + walk - at * done)
            };
            for minute in 0..minutes {
                let path: Vec<Price> = (minute * STEPS..=(minute + 1) * STEPS)
                    .map(|step| to_cents(level(step)))
                    .collect();
                let (Some(&open), Some(&close)) = (path.first(), path.last()) else {
                    continue;
                };
                let range = path
                    .iter()
                    .fold((open, open), |(l, h), &p| (l.min(p), h.max(p)));
                let move_size = (range.1.to_f64() - range.0.to_f64()) / start;
                bars.push(Bar {
                    time: self.begin + u64::from(from.minute + minute) * BAR,
                    open,
                    high: range.1,
                    low: range.0,
                    close,
                    // People trade more when it moves more.
                    volume: ((20.0 + move_size * 100_000.0) * (0.5 + rng.unit())).round(),
                });
            }
        }
        bars
    }
}

/// Rounded to cents, at least one.
fn to_cents(usd: f64) -> Price {
    let cents = (usd * 100.0).round().max(1.0) as u64;
    Price(cents * (crate::price::SCALE / 100))
}

/// Steele, Lea and Flood's generator: tiny, and good enough for noise.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In `[0, 1)`.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// About normal with mean 0 and variance 1: twelve uniform numbers, which needs no logarithm.
    fn gaussian(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix_should_match_the_reference_when_seed_is_known() {
        let mut rng = SplitMix64(1_234_567);
        assert_eq!(rng.next(), 6_457_827_717_110_365_317);
        assert_eq!(rng.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn scenario_should_be_the_same_when_seed_is_the_same() {
        let r = Scenario::march_2020_like(7).recording();
        assert_eq!(r, Scenario::march_2020_like(7).recording());
        assert_ne!(r.bars(), Scenario::march_2020_like(8).recording().bars());
        assert_eq!(r.bars().len(), 1_440);
        assert_eq!(r.end() - r.start(), 86_400_000);
    }

    #[test]
    fn scenario_should_fall_like_march_2020_when_seed_is_any() {
        for seed in 0..200 {
            let r = Scenario::march_2020_like(seed).recording();
            let first = r.bars()[0].open.to_f64();
            let low = r.bars().iter().map(|b| b.low).min().unwrap().to_f64();
            let day = low / first - 1.0;
            assert!((-0.53..=-0.48).contains(&day), "seed {seed}: day {day}");
            let worst = r
                .bars()
                .windows(15)
                .map(|w| w[14].close.to_f64() / w[0].open.to_f64() - 1.0)
                .fold(0.0, f64::min);
            assert!(
                (-0.28..=-0.235).contains(&worst),
                "seed {seed}: 15 minutes {worst}"
            );
        }
    }

    #[test]
    fn scenario_bars_should_join_and_contain_their_ends_when_generated() {
        let r = Scenario::march_2020_like(3)
            .starting_at(Price::from_whole(4_000))
            .recording();
        assert_eq!(r.bars()[0].open, Price::from_whole(4_000));
        for pair in r.bars().windows(2) {
            let gap = pair[1].open.to_f64() / pair[0].close.to_f64() - 1.0;
            assert!(gap.abs() < 0.001, "{gap}");
        }
        for bar in r.bars() {
            assert!(bar.low <= bar.open.min(bar.close) && bar.high >= bar.open.max(bar.close));
        }
    }
}
