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
        // Fastest run: 91_856 ns.
        Weight::from_parts(95_011_000, 6208)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn redeem() -> Weight {
        // Fastest run: 96_623 ns.
        Weight::from_parts(98_456_000, 6208)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn set_params() -> Weight {
        // Fastest run: 12_768 ns.
        Weight::from_parts(17_446_000, 1549)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// `m` from 1 to 64.
    fn on_initialize(m: u32, ) -> Weight {
        // Fastest run: 72_398 ns.
        Weight::from_parts(53_768_628, 6159)
            // Standard error: 216_079.
            .saturating_add(Weight::from_parts(6_296_663, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(0, 2922).saturating_mul(m.into()))
    }
}
