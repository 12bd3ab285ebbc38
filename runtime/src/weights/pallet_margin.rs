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
        // Fastest run: 129_452 ns.
        Weight::from_parts(133_308_000, 7890)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn withdraw() -> Weight {
        // Fastest run: 1_287_590 ns.
        Weight::from_parts(1_319_857_000, 172476)
            .saturating_add(T::DbWeight::get().reads(229))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn borrow() -> Weight {
        // Fastest run: 1_243_754 ns.
        Weight::from_parts(1_281_220_000, 175198)
            .saturating_add(T::DbWeight::get().reads(233))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn transfer() -> Weight {
        // Fastest run: 1_232_248 ns.
        Weight::from_parts(1_276_944_000, 172476)
            .saturating_add(T::DbWeight::get().reads(227))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn isolate() -> Weight {
        // Fastest run: 162_471 ns.
        Weight::from_parts(164_123_000, 85214)
            .saturating_add(T::DbWeight::get().reads(33))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_delegate() -> Weight {
        // Fastest run: 28_962 ns.
        Weight::from_parts(30_765_000, 7890)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn trade_as() -> Weight {
        // Fastest run: 30_285 ns.
        Weight::from_parts(31_727_000, 3644)
            .saturating_add(T::DbWeight::get().reads(2))
    }
    fn set_outflow_limits() -> Weight {
        Weight::from_parts(20_000_000, 4_000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// `m` from 1 to 64.
    fn step_funding(m: u32, ) -> Weight {
        // Fastest run: 71_836 ns.
        Weight::from_parts(72_187_000, 836880)
            // Standard error: 20_364_571.
            .saturating_add(Weight::from_parts(1_327_203_314, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(18))
            .saturating_add(T::DbWeight::get().reads((92_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 130642).saturating_mul(m.into()))
    }
}
