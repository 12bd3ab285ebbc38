//! Weights of `pallet_markets`, generated: `cargo xtask weights pallet_markets`.
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

/// Weights of `pallet_markets`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_markets::WeightInfo for WeightInfo<T> {
    fn list_market() -> Weight {
        // Fastest run: 36_484 ns.
        Weight::from_parts(41_431_000, 4024)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn set_market() -> Weight {
        // Fastest run: 22_423 ns.
        Weight::from_parts(24_727_000, 4024)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_collateral() -> Weight {
        // Fastest run: 24_667 ns.
        Weight::from_parts(26_539_000, 3622)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_schedule() -> Weight {
        // Fastest run: 14_091 ns.
        Weight::from_parts(15_613_000, 1493)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_correlations() -> Weight {
        // Fastest run: 449_226 ns.
        Weight::from_parts(449_958_000, 6240)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    /// `m` from 0 to 64.
    fn moves_changed(m: u32, ) -> Weight {
        // Fastest run: 6_640 ns.
        Weight::from_parts(8_181_766, 3735)
            // Standard error: 18_678.
            .saturating_add(Weight::from_parts(5_173_098, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 3034).saturating_mul(m.into()))
    }
}
