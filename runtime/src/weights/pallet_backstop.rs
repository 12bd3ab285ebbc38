//! Weights of `pallet_backstop`, generated: `cargo xtask weights pallet_backstop`.
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

/// Weights of `pallet_backstop`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_backstop::WeightInfo for WeightInfo<T> {
    /// `m` from 0 to 16.
    fn deposit(m: u32, ) -> Weight {
        // Fastest run: 117_645 ns.
        Weight::from_parts(134_929_880, 7890)
            // Standard error: 607_065.
            .saturating_add(Weight::from_parts(24_042_064, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(19))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(8))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(m.into()))
    }
    fn request_withdrawal() -> Weight {
        // Fastest run: 16_684 ns.
        Weight::from_parts(20_370_000, 3554)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    /// `m` from 0 to 16.
    fn withdraw(m: u32, ) -> Weight {
        // Fastest run: 121_260 ns.
        Weight::from_parts(137_739_663, 7890)
            // Standard error: 338_238.
            .saturating_add(Weight::from_parts(23_243_617, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(20))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(8))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(m.into()))
    }
    fn set_parameters() -> Weight {
        // Fastest run: 11_036 ns.
        Weight::from_parts(12_018_000, 1561)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn step() -> Weight {
        // Fastest run: 2_424 ns.
        Weight::from_parts(2_524_000, 1550)
            .saturating_add(T::DbWeight::get().reads(1))
    }
    /// `f` from 0 to 4.
    fn unwind(f: u32, ) -> Weight {
        // Fastest run: 51_857 ns.
        Weight::from_parts(97_723_648, 9242)
            // Standard error: 7_570_557.
            .saturating_add(Weight::from_parts(141_678_216, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().reads((15_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes((11_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(f.into()))
    }
    fn settle() -> Weight {
        // Fastest run: 83_153 ns.
        Weight::from_parts(85_357_000, 14790)
            .saturating_add(T::DbWeight::get().reads(18))
            .saturating_add(T::DbWeight::get().writes(7))
    }
}
