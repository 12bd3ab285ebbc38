//! Weights of `pallet_circuit_breaker`, generated: `cargo xtask weights pallet_circuit_breaker`.
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

/// Weights of `pallet_circuit_breaker`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_circuit_breaker::WeightInfo for WeightInfo<T> {
    fn halt_market() -> Weight {
        // Fastest run: 29_123 ns.
        Weight::from_parts(31_637_000, 4024)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn resume_market() -> Weight {
        // Fastest run: 51_417 ns.
        Weight::from_parts(54_942_000, 4024)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_timing() -> Weight {
        // Fastest run: 9_655 ns.
        Weight::from_parts(13_369_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    /// `m` from 0 to 64.
    fn on_initialize(m: u32, ) -> Weight {
        // Fastest run: 134_460 ns.
        Weight::from_parts(52_281_617, 7264)
            // Standard error: 587_678.
            .saturating_add(Weight::from_parts(31_999_403, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 2896).saturating_mul(m.into()))
    }
}
