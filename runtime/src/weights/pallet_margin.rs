//! Weights of `pallet_margin`, generated: `cargo xtask weights pallet_margin`.
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

/// Weights of `pallet_margin`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_margin::WeightInfo for WeightInfo<T> {
    fn deposit() -> Weight {
        // Fastest run: 128_731 ns.
        Weight::from_parts(132_476_000, 7890)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn withdraw() -> Weight {
        // Fastest run: 1_263_995 ns.
        Weight::from_parts(1_334_379_000, 172476)
            .saturating_add(T::DbWeight::get().reads(229))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn borrow() -> Weight {
        // Fastest run: 1_229_213 ns.
        Weight::from_parts(1_259_478_000, 175198)
            .saturating_add(T::DbWeight::get().reads(233))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn transfer() -> Weight {
        // Fastest run: 1_205_608 ns.
        Weight::from_parts(1_253_028_000, 172476)
            .saturating_add(T::DbWeight::get().reads(227))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn isolate() -> Weight {
        // Fastest run: 160_428 ns.
        Weight::from_parts(162_331_000, 85214)
            .saturating_add(T::DbWeight::get().reads(33))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_delegate() -> Weight {
        // Fastest run: 28_973 ns.
        Weight::from_parts(32_398_000, 7890)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn trade_as() -> Weight {
        // Fastest run: 27_081 ns.
        Weight::from_parts(27_691_000, 3644)
            .saturating_add(T::DbWeight::get().reads(2))
    }
    /// `m` from 1 to 64.
    fn step_funding(m: u32, ) -> Weight {
        // Fastest run: 70_485 ns.
        Weight::from_parts(73_019_000, 836880)
            // Standard error: 21_962_031.
            .saturating_add(Weight::from_parts(1_434_762_400, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(18))
            .saturating_add(T::DbWeight::get().reads((103_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 167178).saturating_mul(m.into()))
    }
}
