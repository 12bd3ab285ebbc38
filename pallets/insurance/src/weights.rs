//! Weights of `pallet_insurance`: the trait, and conservative figures for tests. The runtime uses
//! the generated ones.

#![allow(clippy::arithmetic_side_effects)]

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// Weight functions needed for `pallet_insurance`.
pub trait WeightInfo {
    /// Weight of `contribute`.
    fn contribute() -> Weight;
}

impl WeightInfo for () {
    fn contribute() -> Weight {
        Weight::from_parts(80_000_000, 7_000)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
}
