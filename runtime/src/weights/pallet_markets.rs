//! Weights of `pallet_markets`, generated: `cargo xtask weights pallet_markets`.
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

/// Weights of `pallet_markets`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_markets::WeightInfo for WeightInfo<T> {
    fn list_market() -> Weight {
        // Fastest run: 46_057 ns.
        Weight::from_parts(68_869_000, 3594)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_market() -> Weight {
        // Fastest run: 36_729 ns.
        Weight::from_parts(41_788_000, 3594)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_collateral() -> Weight {
        // Fastest run: 31_760 ns.
        Weight::from_parts(43_362_000, 3527)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
