//! Weights of `pallet_markets`, generated: `cargo xtask weights pallet_markets`.
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

/// Weights of `pallet_markets`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_markets::WeightInfo for WeightInfo<T> {
    fn list_market() -> Weight {
        // Fastest run: 25_308 ns.
        Weight::from_parts(41_030_000, 4016)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn set_market() -> Weight {
        // Fastest run: 18_717 ns.
        Weight::from_parts(20_090_000, 4016)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_collateral() -> Weight {
        // Fastest run: 18_437 ns.
        Weight::from_parts(24_497_000, 3614)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_schedule() -> Weight {
        // Fastest run: 12_649 ns.
        Weight::from_parts(14_631_000, 1493)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_correlations() -> Weight {
        // Fastest run: 431_139 ns.
        Weight::from_parts(433_553_000, 6240)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    /// `m` from 0 to 64.
    fn moves_changed(m: u32, ) -> Weight {
        // Fastest run: 5_267 ns.
        Weight::from_parts(8_673_528, 3735)
            // Standard error: 23_633.
            .saturating_add(Weight::from_parts(2_730_238, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 3026).saturating_mul(m.into()))
    }
}
