//! Weights of `pallet_insurance`: the trait, and conservative figures for tests. The runtime uses
//! the generated ones.

#![allow(clippy::arithmetic_side_effects)]

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// Weight functions needed for `pallet_insurance`.
pub trait WeightInfo {
    /// Weight of `contribute`.
    fn contribute() -> Weight;
    /// Weight of `stake`.
    fn stake() -> Weight;
    /// Weight of `request_unstake`.
    fn request_unstake() -> Weight;
    /// Weight of `unstake`.
    fn unstake() -> Weight;
    /// Weight of `buy_cover`.
    fn buy_cover() -> Weight;
    /// Weight of `underwrite`.
    fn underwrite() -> Weight;
    /// Weight of `request_withdrawal`.
    fn request_withdrawal() -> Weight;
    /// Weight of `withdraw`.
    fn withdraw() -> Weight;
    /// Weight of `set_cover_params`.
    fn set_cover_params() -> Weight;
    /// Weight of `remove_expired`.
    fn remove_expired() -> Weight;
}

fn weight(micros: u64, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(micros.saturating_mul(1_000_000), 7_000)
        .saturating_add(ParityDbWeight::get().reads(reads))
        .saturating_add(ParityDbWeight::get().writes(writes))
}

impl WeightInfo for () {
    fn contribute() -> Weight {
        weight(80, 8, 6)
    }
    fn stake() -> Weight {
        weight(90, 9, 7)
    }
    fn request_unstake() -> Weight {
        weight(20, 2, 1)
    }
    fn unstake() -> Weight {
        weight(90, 10, 7)
    }
    fn buy_cover() -> Weight {
        weight(150, 44, 38)
    }
    fn underwrite() -> Weight {
        weight(140, 44, 38)
    }
    fn request_withdrawal() -> Weight {
        weight(90, 36, 34)
    }
    fn withdraw() -> Weight {
        weight(140, 46, 39)
    }
    fn set_cover_params() -> Weight {
        weight(20, 2, 2)
    }
    fn remove_expired() -> Weight {
        weight(20, 1, 1)
    }
}
