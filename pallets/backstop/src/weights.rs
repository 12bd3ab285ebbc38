//! Weights of `pallet_backstop`: the trait, and conservative figures for tests. The runtime uses the
//! generated ones.

#![allow(clippy::arithmetic_side_effects)]

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// Weight functions needed for `pallet_backstop`.
pub trait WeightInfo {
    /// Weight of `deposit` while `m` markets are held.
    fn deposit(m: u32) -> Weight;
    /// Weight of `request_withdrawal`.
    fn request_withdrawal() -> Weight;
    /// Weight of `withdraw` while `m` markets are held.
    fn withdraw(m: u32) -> Weight;
    /// Weight of `set_parameters`.
    fn set_parameters() -> Weight;
    /// The step of a block that holds nothing.
    fn step() -> Weight;
    /// A slice that meets `f` orders.
    fn unwind(f: u32) -> Weight;
    /// What is left of a market comes back.
    fn settle() -> Weight;
}

fn weight(micros: u64, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(micros.saturating_mul(1_000_000), 7_000)
        .saturating_add(ParityDbWeight::get().reads(reads))
        .saturating_add(ParityDbWeight::get().writes(writes))
}

impl WeightInfo for () {
    fn deposit(m: u32) -> Weight {
        weight(120, 12, 8).saturating_add(weight(30, 8, 0).saturating_mul(m.into()))
    }
    fn request_withdrawal() -> Weight {
        weight(20, 2, 1)
    }
    fn withdraw(m: u32) -> Weight {
        weight(130, 14, 8).saturating_add(weight(30, 8, 0).saturating_mul(m.into()))
    }
    fn set_parameters() -> Weight {
        weight(15, 2, 2)
    }
    fn step() -> Weight {
        weight(5, 2, 1)
    }
    fn unwind(f: u32) -> Weight {
        weight(120, 20, 6).saturating_add(weight(120, 12, 12).saturating_mul(f.into()))
    }
    fn settle() -> Weight {
        weight(80, 10, 8)
    }
}
