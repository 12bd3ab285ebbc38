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
        Weight::from_parts(75_000_000, 4096)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn set_market() -> Weight {
        // Fastest run: 36_729 ns.
        Weight::from_parts(60_000_000, 4096)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_collateral() -> Weight {
        // Fastest run: 31_760 ns.
        Weight::from_parts(48_000_000, 3600)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_schedule() -> Weight {
        Weight::from_parts(20_000_000, 1500)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// The range of component `m` is `[0, 64]`.
    fn moves_changed(m: u32) -> Weight {
        Weight::from_parts(6_000_000, 3800)
            .saturating_add(Weight::from_parts(9_000_000, 3100).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(m.into())))
    }
}
