//! Weights of `pallet_margin`, generated: `cargo xtask weights pallet_margin`.
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

/// Weights of `pallet_margin`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_margin::WeightInfo for WeightInfo<T> {
    fn deposit() -> Weight {
        // Fastest run: 271_669 ns.
        Weight::from_parts(284_714_000, 7373)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn withdraw() -> Weight {
        // Fastest run: 1_431_384 ns.
        Weight::from_parts(1_456_121_000, 161577)
            .saturating_add(T::DbWeight::get().reads(134))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn transfer() -> Weight {
        // Fastest run: 1_054_217 ns.
        Weight::from_parts(1_190_923_000, 161577)
            .saturating_add(T::DbWeight::get().reads(132))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
