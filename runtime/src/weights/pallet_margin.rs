//! Weights of `pallet_margin`, generated: `cargo xtask weights pallet_margin`.
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

/// Weights of `pallet_margin`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_margin::WeightInfo for WeightInfo<T> {
    fn deposit() -> Weight {
        // Fastest run: 106_517 ns.
        Weight::from_parts(111_165_000, 7890)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn withdraw() -> Weight {
        // Fastest run: 544_788 ns.
        Weight::from_parts(545_910_000, 171972)
            .saturating_add(T::DbWeight::get().reads(233))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn borrow() -> Weight {
        // Fastest run: 532_821 ns.
        Weight::from_parts(536_596_000, 174686)
            .saturating_add(T::DbWeight::get().reads(237))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn transfer() -> Weight {
        // Fastest run: 499_972 ns.
        Weight::from_parts(502_135_000, 171972)
            .saturating_add(T::DbWeight::get().reads(227))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn isolate() -> Weight {
        // Fastest run: 83_774 ns.
        Weight::from_parts(86_038_000, 84958)
            .saturating_add(T::DbWeight::get().reads(33))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_delegate() -> Weight {
        // Fastest run: 21_512 ns.
        Weight::from_parts(23_455_000, 7890)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn trade_as() -> Weight {
        // Fastest run: 20_681 ns.
        Weight::from_parts(22_013_000, 3644)
            .saturating_add(T::DbWeight::get().reads(2))
    }
    fn set_outflow_limits() -> Weight {
        // Fastest run: 13_340 ns.
        Weight::from_parts(14_882_000, 1517)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// `m` from 1 to 64.
    fn step_funding(m: u32, ) -> Weight {
        // Fastest run: 44_486 ns.
        Weight::from_parts(45_117_000, 831600)
            // Standard error: 4_362_528.
            .saturating_add(Weight::from_parts(253_059_134, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(18))
            .saturating_add(T::DbWeight::get().reads((92_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 129817).saturating_mul(m.into()))
    }
}
