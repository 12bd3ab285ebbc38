//! How deep the book is: mean prices of a market order, for the premium that funding is made of.

use crate::{Config, Levels, Pallet};
use bulwark_primitives::{MarketId, Price, Quantity, Side, Usd};
use bulwark_risk_math::{mul_div, notional, Rounding};
use bulwark_traits::ImpactPrices;

/// Most levels looked at on one side. A side that needs more for the notional is not deep enough:
/// crumbs at the top of the book cannot make a premium, only keep one from being seen.
pub const MAX_LEVELS: u32 = 16;

/// `Usd` (6 decimals) per quantity (18 decimals), as a price (18 decimals).
const USD_PER_QUANTITY: u128 = 1_000_000_000_000_000_000_000_000_000_000;

impl<T: Config> Pallet<T> {
    /// Mean price of a market order of `target` that meets one side: `target / quantity`, rounded
    /// away from the index (down for bids, up for asks, which says less of a premium). Complexity:
    /// [`MAX_LEVELS`] levels.
    fn impact_of(market: MarketId, side: Side, target: Usd) -> Option<Price> {
        let grid = Self::grid(market).ok()?;
        let mut at = Self::best(market, side);
        let (mut quantity, mut worth) = (Quantity::ZERO, Usd::ZERO);
        for _ in 0..MAX_LEVELS {
            let tick = at?;
            let price = grid.price::<T>(tick).ok()?;
            let lots = Levels::<T>::get((market, side, tick)).map_or(0, |level| level.lots);
            let level = grid.quantity::<T>(lots).ok()?;
            let value = notional(price, level, Rounding::Down).ok()?;
            let missing = target.checked_sub(worth)?;
            if value >= missing {
                let part = mul_div(
                    u128::try_from(missing.0).ok()?,
                    USD_PER_QUANTITY,
                    price.0,
                    Rounding::Down,
                )
                .ok()?;
                let quantity = quantity.checked_add(Quantity(part))?;
                let rounding = match side {
                    Side::Bid => Rounding::Down,
                    Side::Ask => Rounding::Up,
                };
                let target = u128::try_from(target.0).ok()?;
                return mul_div(target, USD_PER_QUANTITY, quantity.0, rounding)
                    .ok()
                    .map(Price);
            }
            quantity = quantity.checked_add(level)?;
            worth = worth.checked_add(value)?;
            at = Self::worse(market, side, tick);
        }
        None
    }
}

impl<T: Config> ImpactPrices for Pallet<T> {
    fn impact(market: MarketId, notional: Usd) -> (Option<Price>, Option<Price>) {
        if notional <= Usd::ZERO {
            return (None, None);
        }
        (
            Self::impact_of(market, Side::Bid, notional),
            Self::impact_of(market, Side::Ask, notional),
        )
    }

    /// One lot on each of as many levels as are looked at, no two of them in one word of the bitmap.
    #[cfg(feature = "runtime-benchmarks")]
    fn scatter(market: MarketId) {
        use crate::types::Level;

        const APART: u32 = 1 << 16;
        for n in 1..=MAX_LEVELS {
            for (side, tick) in [
                (Side::Bid, n.saturating_mul(APART)),
                (
                    Side::Ask,
                    n.saturating_add(MAX_LEVELS).saturating_mul(APART),
                ),
            ] {
                let level = Level {
                    head: 0,
                    tail: 0,
                    lots: 1,
                    orders: 1,
                };
                Levels::<T>::insert((market, side, tick), level);
                Self::ticks(market, side).insert(tick);
            }
        }
    }
}
