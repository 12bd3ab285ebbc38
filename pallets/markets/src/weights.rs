//! Weights of `pallet_markets`: the trait, and conservative figures for tests. The runtime uses the
//! generated ones.

#![allow(clippy::arithmetic_side_effects)]

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// Weight functions needed for `pallet_markets`.
pub trait WeightInfo {
    /// Weight of `list_market`.
    fn list_market() -> Weight;
    /// Weight of `set_market`.
    fn set_market() -> Weight;
    /// Weight of `set_collateral`.
    fn set_collateral() -> Weight;
    /// Weight of `set_schedule`.
    fn set_schedule() -> Weight;
    /// Weight of telling so many markets of new moves of their index asset.
    fn moves_changed(markets: u32) -> Weight;
}

impl WeightInfo for () {
    fn list_market() -> Weight {
        Weight::from_parts(45_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(4))
    }

    fn set_market() -> Weight {
        Weight::from_parts(40_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn set_collateral() -> Weight {
        Weight::from_parts(35_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(2))
    }

    fn set_schedule() -> Weight {
        Weight::from_parts(15_000_000, 1_500)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }

    fn moves_changed(markets: u32) -> Weight {
        let markets = u64::from(markets);
        Weight::from_parts(5_000_000, 3_800)
            .saturating_add(Weight::from_parts(6_000_000, 3_100).saturating_mul(markets))
            .saturating_add(ParityDbWeight::get().reads(1 + markets))
            .saturating_add(ParityDbWeight::get().writes(markets))
    }
}
