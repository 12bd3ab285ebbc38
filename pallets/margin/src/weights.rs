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
    /// Weight of `borrow`.
    fn borrow() -> Weight;
    /// Weight of `transfer`.
    fn transfer() -> Weight;
    /// Weight of `isolate`.
    fn isolate() -> Weight;
    /// Weight of `set_delegate`.
    fn set_delegate() -> Weight;
    /// Weight of `trade_as` without the call in it.
    fn trade_as() -> Weight;
    /// Weight of `set_outflow_limits`.
    fn set_outflow_limits() -> Weight;
    /// Weight of a step of funding in `m` markets, the book's walk included.
    fn step_funding(m: u32) -> Weight;
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

    fn borrow() -> Weight {
        Weight::from_parts(520_000_000, 300_000)
            .saturating_add(ParityDbWeight::get().reads(205))
            .saturating_add(ParityDbWeight::get().writes(143))
    }

    fn transfer() -> Weight {
        Weight::from_parts(800_000_000, 600_000)
            .saturating_add(ParityDbWeight::get().reads(330))
            .saturating_add(ParityDbWeight::get().writes(270))
    }

    fn set_outflow_limits() -> Weight {
        Weight::from_parts(20_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(2))
    }

    fn isolate() -> Weight {
        Weight::from_parts(60_000_000, 10_000)
            .saturating_add(ParityDbWeight::get().reads(35))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn set_delegate() -> Weight {
        Weight::from_parts(30_000_000, 10_000)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn trade_as() -> Weight {
        Weight::from_parts(20_000_000, 10_000).saturating_add(ParityDbWeight::get().reads(1))
    }

    fn step_funding(m: u32) -> Weight {
        Weight::from_parts(10_000_000, 5_000)
            .saturating_add(Weight::from_parts(120_000_000, 60_000).saturating_mul(m.into()))
            .saturating_add(ParityDbWeight::get().reads(u64::from(m).saturating_mul(120)))
            .saturating_add(ParityDbWeight::get().writes(u64::from(m).saturating_mul(2)))
    }
}
