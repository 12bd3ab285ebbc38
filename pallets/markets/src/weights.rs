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
}

impl WeightInfo for () {
    fn list_market() -> Weight {
        Weight::from_parts(40_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(3))
    }

    fn set_market() -> Weight {
        Weight::from_parts(25_000_000, 3_700)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn set_collateral() -> Weight {
        Weight::from_parts(35_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
}
