//! Weights of `pallet_insurance`, generated: `cargo xtask weights pallet_insurance`.
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

/// Weights of `pallet_insurance`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_insurance::WeightInfo for WeightInfo<T> {
    fn contribute() -> Weight {
        // Fastest run: 122_450 ns.
        Weight::from_parts(137_989_000, 6208)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    // Estimates until the next measurement.
    fn stake() -> Weight {
        Weight::from_parts(150_000_000, 6208)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn request_unstake() -> Weight {
        Weight::from_parts(30_000_000, 3593)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn unstake() -> Weight {
        Weight::from_parts(160_000_000, 6208)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn buy_cover() -> Weight {
        Weight::from_parts(400_000_000, 100_000)
            .saturating_add(T::DbWeight::get().reads(46))
            .saturating_add(T::DbWeight::get().writes(39))
    }
    fn underwrite() -> Weight {
        Weight::from_parts(380_000_000, 100_000)
            .saturating_add(T::DbWeight::get().reads(46))
            .saturating_add(T::DbWeight::get().writes(39))
    }
    fn request_withdrawal() -> Weight {
        Weight::from_parts(250_000_000, 100_000)
            .saturating_add(T::DbWeight::get().reads(37))
            .saturating_add(T::DbWeight::get().writes(35))
    }
    fn withdraw() -> Weight {
        Weight::from_parts(390_000_000, 100_000)
            .saturating_add(T::DbWeight::get().reads(48))
            .saturating_add(T::DbWeight::get().writes(40))
    }
    fn set_cover_params() -> Weight {
        Weight::from_parts(20_000_000, 100_000)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn remove_expired() -> Weight {
        Weight::from_parts(30_000_000, 100_000)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
