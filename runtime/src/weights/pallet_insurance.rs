//! Weights of `pallet_insurance`, generated: `cargo xtask weights pallet_insurance`.
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

/// Weights of `pallet_insurance`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_insurance::WeightInfo for WeightInfo<T> {
    fn contribute() -> Weight {
        // Fastest run: 90_033 ns.
        Weight::from_parts(92_667_000, 6208)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn stake() -> Weight {
        // Fastest run: 94_100 ns.
        Weight::from_parts(96_864_000, 6208)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn request_unstake() -> Weight {
        // Fastest run: 17_757 ns.
        Weight::from_parts(18_487_000, 3554)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn unstake() -> Weight {
        // Fastest run: 92_848 ns.
        Weight::from_parts(98_046_000, 6208)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn buy_cover() -> Weight {
        // Fastest run: 360_334 ns.
        Weight::from_parts(375_016_000, 85041)
            .saturating_add(T::DbWeight::get().reads(45))
            .saturating_add(T::DbWeight::get().writes(40))
    }
    fn underwrite() -> Weight {
        // Fastest run: 351_622 ns.
        Weight::from_parts(353_544_000, 82494)
            .saturating_add(T::DbWeight::get().reads(42))
            .saturating_add(T::DbWeight::get().writes(39))
    }
    fn request_withdrawal() -> Weight {
        // Fastest run: 251_813 ns.
        Weight::from_parts(255_208_000, 82494)
            .saturating_add(T::DbWeight::get().reads(34))
            .saturating_add(T::DbWeight::get().writes(34))
    }
    fn withdraw() -> Weight {
        // Fastest run: 347_064 ns.
        Weight::from_parts(364_200_000, 82494)
            .saturating_add(T::DbWeight::get().reads(41))
            .saturating_add(T::DbWeight::get().writes(39))
    }
    fn set_cover_params() -> Weight {
        // Fastest run: 11_477 ns.
        Weight::from_parts(12_699_000, 1525)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn remove_expired() -> Weight {
        // Fastest run: 17_717 ns.
        Weight::from_parts(24_726_000, 3816)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
