//! Weights of `pallet_margin`: the trait, and conservative figures for tests. The runtime uses the
//! generated ones. Each is the worst case: an account with all positions and all collateral.

#![allow(clippy::arithmetic_side_effects)]

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// Weight functions needed for `pallet_margin`.
pub trait WeightInfo {
    /// Weight of `deposit`.
    fn deposit() -> Weight;
    /// Weight of `withdraw`.
    fn withdraw() -> Weight;
    /// Weight of `transfer`.
    fn transfer() -> Weight;
}

impl WeightInfo for () {
    fn deposit() -> Weight {
        Weight::from_parts(400_000_000, 300_000)
            .saturating_add(ParityDbWeight::get().reads(200))
            .saturating_add(ParityDbWeight::get().writes(140))
    }

    fn withdraw() -> Weight {
        Weight::from_parts(500_000_000, 300_000)
            .saturating_add(ParityDbWeight::get().reads(200))
            .saturating_add(ParityDbWeight::get().writes(140))
    }

    fn transfer() -> Weight {
        Weight::from_parts(800_000_000, 600_000)
            .saturating_add(ParityDbWeight::get().reads(330))
            .saturating_add(ParityDbWeight::get().writes(270))
    }
}
