//! Weights of `pallet_lending`, generated: `cargo xtask weights pallet_lending`.
//!
//! 2026-11-30, 8 steps, 4 repeats, AMD EPYC. Time is of the compiled wasm
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
        // Fastest run: 80_620 ns.
        Weight::from_parts(87_219_000, 6208)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn redeem() -> Weight {
        // Fastest run: 81_281 ns.
        Weight::from_parts(86_459_000, 6208)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn set_params() -> Weight {
        // Fastest run: 12_038 ns.
        Weight::from_parts(13_079_000, 1549)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// `m` from 1 to 64.
    fn on_initialize(m: u32, ) -> Weight {
        // Fastest run: 56_384 ns.
        Weight::from_parts(49_857_746, 6145)
            // Standard error: 33_926.
            .saturating_add(Weight::from_parts(2_954_128, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(0, 2914).saturating_mul(m.into()))
    }
}
