//! The markets that can be replayed.

use bulwark_primitives::{
    MarketParams, Price, Quantity, Rate, Tier, PRICE_SCALE, RATE_SCALE, SIZE_SCALE,
};
use bulwark_runtime::genesis_presets::btc_usd;

/// What is known of an asset before any data.
#[derive(Debug)]
pub struct Spec {
    /// As in `BTC`; its market is `BTC-USD`.
    pub symbol: &'static str,
    pub tier: Tier,
    /// Steps of a price are a dollar divided by this.
    ticks: u128,
    /// Steps of a quantity are a unit divided by this.
    lots: u128,
    /// Volatility of a calm market, as a fraction over the square root of a minute.
    pub calm: f64,
}

const fn spec(symbol: &'static str, tier: Tier, ticks: u128, lots: u128, calm: f64) -> Spec {
    Spec {
        symbol,
        tier,
        ticks,
        lots,
        calm,
    }
}

/// By rank: the first ones are traded most.
pub const SPECS: [Spec; 12] = [
    spec("BTC", Tier::A, 10, 10_000, 0.000_5),
    spec("ETH", Tier::A, 100, 1_000, 0.000_65),
    spec("SOL", Tier::B, 1_000, 100, 0.000_8),
    spec("BNB", Tier::B, 100, 100, 0.000_65),
    spec("XRP", Tier::B, 100_000, 1, 0.000_8),
    spec("DOGE", Tier::B, 1_000_000, 1, 0.000_8),
    spec("AVAX", Tier::B, 10_000, 10, 0.000_9),
    spec("LINK", Tier::B, 10_000, 10, 0.000_9),
    spec("DOT", Tier::B, 10_000, 10, 0.000_9),
    spec("ADA", Tier::B, 100_000, 1, 0.000_8),
    spec("BCH", Tier::B, 100, 100, 0.000_8),
    spec("XTZ", Tier::C, 100_000, 1, 0.001),
];

/// The asset of a symbol.
pub fn spec_of(symbol: &str) -> Option<&'static Spec> {
    SPECS.iter().find(|spec| spec.symbol == symbol)
}

impl Spec {
    /// Parameters of its market, where the genesis does not list it: those of the first market with
    /// margins and band of the tier.
    pub fn market(&self, index_asset: u32) -> MarketParams {
        let (initial, maintenance, band) = match self.tier {
            Tier::A => (5, 3, 5),
            Tier::B => (8, 5, 10),
            Tier::C | Tier::Isolated => (12, 7, 20),
        };
        let lot = Quantity(SIZE_SCALE / self.lots);
        MarketParams {
            index_asset,
            tier: self.tier,
            tick_size: Price(PRICE_SCALE / self.ticks),
            lot_size: lot,
            min_order: lot,
            initial_margin: Rate::percent(initial),
            maintenance_margin: Rate::percent(maintenance),
            price_band: Rate::percent(band),
            ..btc_usd()
        }
    }

    /// Static margins like dYdX's liquidity tiers: 2 % / 1.2 % for the largest, 5 % / 3 %, 10 % / 5 %.
    pub const fn static_margins(&self) -> (f64, f64) {
        match self.tier {
            Tier::A => (0.02, 0.012),
            Tier::B => (0.05, 0.03),
            Tier::C | Tier::Isolated => (0.1, 0.05),
        }
    }

    /// Initial and maintenance factor of the asset as collateral.
    pub const fn factors(&self) -> (Rate, Rate) {
        match self.tier {
            Tier::A => (Rate::percent(90), Rate::percent(95)),
            Tier::B => (Rate::percent(80), Rate::percent(87)),
            Tier::C | Tier::Isolated => (Rate::percent(60), Rate::percent(75)),
        }
    }
}

/// A rate as a float.
pub fn fraction(rate: Rate) -> f64 {
    rate.0 as f64 / RATE_SCALE as f64
}

/// A float as a price, on the oracle's 18 decimals.
pub fn to_price(price: f64) -> Price {
    // Eight decimals are what venues print.
    Price((price * 1e8).round().max(1.0) as u128 * (PRICE_SCALE / 100_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markets_should_be_within_the_bounds_of_the_registry() {
        for (spec, asset) in SPECS.iter().zip(2..) {
            let checked = pallet_markets::validate::market(&spec.market(asset));
            assert_eq!(checked, Ok(()), "{}", spec.symbol);
        }
    }
}
