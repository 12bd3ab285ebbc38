//! Weights of `pallet_lending`, generated: `cargo xtask weights pallet_lending`.
//!
//! 2026-11-29, 8 steps, 4 repeats, AMD EPYC. Time is of the compiled wasm
//! runtime without the database, whose accesses are counted.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, clippy::arithmetic_side_effects, missing_debug_implementations)]

use core::marker::PhantomData;
use polkadot_sdk::{
    frame_support::{traits::Get, weights::Weight},
    frame_system,
};

/// Weights of `pallet_lending`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_lending::WeightInfo for WeightInfo<T> {
    fn supply() -> Weight {
        // Fastest run: 92_587 ns.
        Weight::from_parts(100_900_000, 6208)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn redeem() -> Weight {
        // Fastest run: 97_535 ns.
        Weight::from_parts(109_582_000, 6208)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn set_params() -> Weight {
        // Fastest run: 12_869 ns.
        Weight::from_parts(14_040_000, 1549)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// `m` from 1 to 64.
    fn on_initialize(m: u32, ) -> Weight {
        // Fastest run: 73_579 ns.
        Weight::from_parts(51_987_535, 6159)
            // Standard error: 157_945.
            .saturating_add(Weight::from_parts(6_370_185, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(0, 3034).saturating_mul(m.into()))
    }
}
