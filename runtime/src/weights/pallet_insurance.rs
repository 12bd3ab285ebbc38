//! Weights of `pallet_insurance`, generated: `cargo xtask weights pallet_insurance`.
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

/// Weights of `pallet_insurance`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_insurance::WeightInfo for WeightInfo<T> {
    fn contribute() -> Weight {
        // Fastest run: 82_122 ns.
        Weight::from_parts(99_879_000, 6208)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn stake() -> Weight {
        // Fastest run: 83_614 ns.
        Weight::from_parts(85_016_000, 6208)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn request_unstake() -> Weight {
        // Fastest run: 14_291 ns.
        Weight::from_parts(15_973_000, 3554)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn unstake() -> Weight {
        // Fastest run: 81_160 ns.
        Weight::from_parts(83_264_000, 6208)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn buy_cover() -> Weight {
        // Fastest run: 244_753 ns.
        Weight::from_parts(249_400_000, 85041)
            .saturating_add(T::DbWeight::get().reads(49))
            .saturating_add(T::DbWeight::get().writes(41))
    }
    fn underwrite() -> Weight {
        // Fastest run: 234_388 ns.
        Weight::from_parts(278_994_000, 82494)
            .saturating_add(T::DbWeight::get().reads(46))
            .saturating_add(T::DbWeight::get().writes(40))
    }
    fn request_withdrawal() -> Weight {
        // Fastest run: 141_330 ns.
        Weight::from_parts(152_986_000, 82494)
            .saturating_add(T::DbWeight::get().reads(34))
            .saturating_add(T::DbWeight::get().writes(34))
    }
    fn withdraw() -> Weight {
        // Fastest run: 225_875 ns.
        Weight::from_parts(266_024_000, 82494)
            .saturating_add(T::DbWeight::get().reads(45))
            .saturating_add(T::DbWeight::get().writes(40))
    }
    fn set_cover_params() -> Weight {
        // Fastest run: 10_876 ns.
        Weight::from_parts(12_138_000, 1525)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn remove_expired() -> Weight {
        // Fastest run: 13_500 ns.
        Weight::from_parts(19_048_000, 3816)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
