//! The book's depth: what makers offer, by price, by volatility, and after they were hit.
//!
//! Calibrated to the depth of Binance's BTC perpetual on 10 October 2025 (asks; the bids of that
//! recording are broken): 1.46 times as much within 5 % as within 1 %, and at the worst of the crash, with
//! the volatility of a minute at 15 to 20 times that of the calm hours, a quarter of it. The level, 2 % of
//! open interest within 1 %, is an assumption: about 2,600 BTC against open interest of the order of
//! 100,000.

/// Distance from the middle and the quantity there, as a share of what is within 1 %.
pub const LEVELS: [(f64, f64); 8] = [
    (0.000_2, 0.05),
    (0.001, 0.10),
    (0.002_5, 0.15),
    (0.005, 0.25),
    (0.009, 0.45),
    (0.02, 0.16),
    (0.03, 0.14),
    (0.05, 0.16),
];

/// Quantity within 1 % of the price on one side, as a share of the market's open interest at the begin.
pub const SHARE: f64 = 0.02;
/// How much depth shrinks for each multiple of calm volatility.
pub const THINNING: f64 = 0.2;
/// It never shrinks below this.
pub const LEAST: f64 = 0.1;
/// Share of its full depth that a side gets back in a block after it was hit.
pub const REFILL: f64 = 0.25;
/// Makers move the first level away by this share of the volatility of a minute.
pub const WIDENING: f64 = 0.1;

/// One side's depth in one market.
#[derive(Clone, Copy, Debug)]
pub struct Depth {
    /// Units within 1 % when the market is calm.
    full: f64,
    /// What was not taken, as a share, bids and asks.
    left: [f64; 2],
}

impl Depth {
    /// Of a market with so much open interest, in units.
    pub fn new(open_interest: f64) -> Self {
        Self {
            full: SHARE * open_interest,
            left: [1.0, 1.0],
        }
    }

    /// What volatility leaves of it.
    pub fn thin(volatility: f64, calm: f64) -> f64 {
        let excess = (volatility / calm - 1.0).max(0.0);
        (1.0 / (1.0 + THINNING * excess)).max(LEAST)
    }

    /// Levels of one side, best first: price and units. `factor` is what volatility and scenario leave.
    pub fn levels(
        &self,
        side: usize,
        price: f64,
        volatility: f64,
        factor: f64,
    ) -> impl Iterator<Item = (f64, f64)> {
        let sign = if side == BIDS { -1.0 } else { 1.0 };
        let units = self.full * factor * self.left[side];
        let wide = WIDENING * volatility;
        LEVELS
            .into_iter()
            .map(move |(away, share)| (price * (1.0 + sign * (away + wide)), units * share))
    }

    /// Takes units from a side.
    pub fn take(&mut self, side: usize, units: f64, factor: f64) {
        let all: f64 = LEVELS.iter().map(|(_, share)| share).sum();
        let whole = self.full * factor * all;
        if whole > 0.0 {
            self.left[side] = (self.left[side] - units / whole).max(0.0);
        }
    }

    /// One block passes.
    pub fn refill(&mut self) {
        for left in &mut self.left {
            *left = (*left + REFILL).min(1.0);
        }
    }

    /// What was not taken, bids and asks.
    pub const fn left(&self) -> [f64; 2] {
        self.left
    }
}

/// Index of the bids.
pub const BIDS: usize = 0;
/// Index of the asks.
pub const ASKS: usize = 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_should_be_what_was_measured_when_calm_and_in_the_crash() {
        let within = |limit: f64| -> f64 {
            let inside = LEVELS.iter().filter(|(away, _)| *away <= limit);
            inside.map(|(_, share)| share).sum()
        };
        assert!((within(0.01) - 1.0).abs() < 1e-9);
        assert!((within(0.05) - 1.46).abs() < 1e-9);
        let crash = Depth::thin(0.008_5, 0.000_5);
        assert!((0.22..0.27).contains(&crash), "{crash}");
        assert_eq!(Depth::thin(0.000_1, 0.000_5), 1.0);
    }

    #[test]
    fn side_should_come_back_when_it_was_taken() {
        let mut depth = Depth::new(1_000.0);
        depth.take(BIDS, 29.2, 1.0);
        assert!(depth.left()[BIDS] < 1e-9 && depth.left()[ASKS] == 1.0);
        depth.refill();
        depth.refill();
        assert!((depth.left()[BIDS] - 0.5).abs() < 1e-9);
        let (best, units) = depth.levels(BIDS, 100.0, 0.0, 1.0).next().expect("levels");
        assert!(best < 100.0 && (units - 0.5).abs() < 1e-9, "{best} {units}");
    }
}
