//! Weights of `pallet_circuit_breaker`, generated: `cargo xtask weights pallet_circuit_breaker`.
//!
//! 2026-11-24, 8 steps, 4 repeats, AMD EPYC. Time is of the compiled wasm
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
        // Fastest run: 40_827 ns.
        Weight::from_parts(65_763_000, 3594)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn resume_market() -> Weight {
        // Fastest run: 49_062 ns.
        Weight::from_parts(51_597_000, 3594)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_timing() -> Weight {
        // Fastest run: 11_651 ns.
        Weight::from_parts(13_014_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    /// `m` from 0 to 63.
    fn on_initialize(m: u32, ) -> Weight {
        // Fastest run: 23_745 ns.
        Weight::from_parts(362_748_708, 3594)
            // Standard error: 15_621_930.
            .saturating_add(Weight::from_parts(41_954_084, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 2604).saturating_mul(m.into()))
    }
}
