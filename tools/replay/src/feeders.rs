//! Feeders: what each venue shows, and when its feeder speaks.

use crate::{assets::to_price, rng::Rng, scenario::Scenario, world::named};
use bulwark_primitives::Price;
use bulwark_runtime::AccountId;

/// Feeders, and how many of them are a quorum.
const FEEDERS: usize = 7;
pub const QUORUM: u32 = 5;
/// A feeder says something when its price has moved by this, or has been the same for so many slots.
const DEVIATION: f64 = 0.000_5;
pub const HEARTBEAT: usize = 10;
/// Feeders differ by this: for good, and from one value to the next.
const BIAS: f64 = 0.000_15;
const NOISE: f64 = 0.000_1;

/// One of them.
pub struct Feeder {
    pub who: AccountId,
    /// By asset: how far it is off, and what it said when.
    bias: Vec<f64>,
    said: Vec<Option<(f64, usize)>>,
    on_wick: bool,
    rng: Rng,
}

impl Feeder {
    /// What its venue shows.
    fn sees(&self, scenario: &Scenario, place: usize, slot: usize) -> f64 {
        let path = &scenario.paths[place];
        let series = match &path.wick {
            Some(wick) if self.on_wick => wick,
            Some(_) | None => &path.prices,
        };
        series[slot] * (1.0 + self.bias[place])
    }

    /// Whether it would say something of an asset.
    pub fn wants(&self, scenario: &Scenario, place: usize, slot: usize) -> bool {
        self.said[place].is_none_or(|(price, at)| {
            let moved = (self.sees(scenario, place, slot) / price - 1.0).abs();
            moved >= DEVIATION || slot >= at + HEARTBEAT
        })
    }

    /// What it says of an asset in a slot, if anything.
    pub fn says(
        &mut self,
        scenario: &Scenario,
        place: usize,
        slot: usize,
        all: bool,
    ) -> Option<Price> {
        if !all && !self.wants(scenario, place, slot) {
            return None;
        }
        let seen = self.sees(scenario, place, slot);
        self.said[place] = Some((seen, slot));
        Some(to_price(seen * (1.0 + NOISE * self.rng.gaussian())))
    }
}

/// The feeders of a run.
pub fn feeders(scenario: &Scenario, seed: u64) -> Vec<Feeder> {
    (0..FEEDERS)
        .map(|index| {
            let mut rng = Rng::new(seed, &format!("feeder {index}"));
            let assets = scenario.paths.len();
            Feeder {
                who: named("feeder", index),
                bias: (0..assets).map(|_| BIAS * rng.gaussian()).collect(),
                said: vec![None; assets],
                on_wick: index == 0,
                rng,
            }
        })
        .collect()
}
