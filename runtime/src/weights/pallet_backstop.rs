//! Weights of `pallet_backstop`, generated: `cargo xtask weights pallet_backstop`.
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

/// Weights of `pallet_backstop`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_backstop::WeightInfo for WeightInfo<T> {
    /// `m` from 0 to 16.
    fn deposit(m: u32, ) -> Weight {
        // Fastest run: 156_422 ns.
        Weight::from_parts(177_751_898, 7890)
            // Standard error: 426_524.
            .saturating_add(Weight::from_parts(36_718_021, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(16))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(m.into()))
    }
    fn request_withdrawal() -> Weight {
        // Fastest run: 18_848 ns.
        Weight::from_parts(19_849_000, 3554)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    /// `m` from 0 to 16.
    fn withdraw(m: u32, ) -> Weight {
        // Fastest run: 150_323 ns.
        Weight::from_parts(163_005_154, 7890)
            // Standard error: 584_929.
            .saturating_add(Weight::from_parts(38_298_889, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(16))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(m.into()))
    }
    fn set_parameters() -> Weight {
        // Fastest run: 11_216 ns.
        Weight::from_parts(13_109_000, 1561)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn step() -> Weight {
        // Fastest run: 3_235 ns.
        Weight::from_parts(3_385_000, 1550)
            .saturating_add(T::DbWeight::get().reads(1))
    }
    /// `f` from 0 to 4.
    fn unwind(f: u32, ) -> Weight {
        // Fastest run: 78_997 ns.
        Weight::from_parts(160_414_454, 9242)
            // Standard error: 13_641_234.
            .saturating_add(Weight::from_parts(284_715_873, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(16))
            .saturating_add(T::DbWeight::get().reads((15_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes((11_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(f.into()))
    }
    fn settle() -> Weight {
        // Fastest run: 124_435 ns.
        Weight::from_parts(125_737_000, 14790)
            .saturating_add(T::DbWeight::get().reads(18))
            .saturating_add(T::DbWeight::get().writes(7))
    }
}
