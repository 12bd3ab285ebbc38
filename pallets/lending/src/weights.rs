//! Weights of `pallet_lending`: the trait, and conservative figures for tests. The runtime uses the
//! generated ones.

#![allow(clippy::arithmetic_side_effects)]

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// Weight functions needed for `pallet_lending`.
pub trait WeightInfo {
    /// Weight of `supply`.
    fn supply() -> Weight;
    /// Weight of `redeem`.
    fn redeem() -> Weight;
    /// Weight of `set_params`.
    fn set_params() -> Weight;
    /// Weight of `on_initialize` when `m` markets were looked at, at the end of an hour.
    fn on_initialize(m: u32) -> Weight;
}

impl WeightInfo for () {
    fn supply() -> Weight {
        Weight::from_parts(120_000_000, 7_000)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(6))
    }

    fn redeem() -> Weight {
        Weight::from_parts(140_000_000, 7_000)
            .saturating_add(ParityDbWeight::get().reads(10))
            .saturating_add(ParityDbWeight::get().writes(6))
    }

    fn set_params() -> Weight {
        Weight::from_parts(20_000_000, 2_000)
            .saturating_add(ParityDbWeight::get().reads_writes(4, 2))
    }

    fn on_initialize(m: u32) -> Weight {
        Weight::from_parts(60_000_000, 4_000)
            .saturating_add(Weight::from_parts(5_000_000, 2_600).saturating_mul(m.into()))
            .saturating_add(ParityDbWeight::get().reads_writes(10, 5))
            .saturating_add(ParityDbWeight::get().reads(m.into()))
    }
}
