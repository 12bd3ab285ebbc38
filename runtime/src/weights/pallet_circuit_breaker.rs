//! Weights of `pallet_circuit_breaker`, generated: `cargo xtask weights pallet_circuit_breaker`.
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

/// Weights of `pallet_circuit_breaker`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_circuit_breaker::WeightInfo for WeightInfo<T> {
    fn halt_market() -> Weight {
        // Fastest run: 24_246 ns.
        Weight::from_parts(27_441_000, 4016)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn resume_market() -> Weight {
        // Fastest run: 31_026 ns.
        Weight::from_parts(32_638_000, 4016)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_timing() -> Weight {
        // Fastest run: 6_099 ns.
        Weight::from_parts(7_171_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    /// `m` from 0 to 64.
    fn on_initialize(m: u32, ) -> Weight {
        // Fastest run: 49_804 ns.
        Weight::from_parts(32_798_608, 7247)
            // Standard error: 131_468.
            .saturating_add(Weight::from_parts(16_429_488, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 2888).saturating_mul(m.into()))
    }
}
