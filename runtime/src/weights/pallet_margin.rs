//! Weights of `pallet_margin`, generated: `cargo xtask weights pallet_margin`.
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

/// Weights of `pallet_margin`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_margin::WeightInfo for WeightInfo<T> {
    fn deposit() -> Weight {
        // Fastest run: 271_669 ns.
        Weight::from_parts(284_714_000, 7373)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn withdraw() -> Weight {
        // Fastest run: 1_431_384 ns.
        Weight::from_parts(1_456_121_000, 161577)
            .saturating_add(T::DbWeight::get().reads(134))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    /// By hand, from `withdraw` and what it reads of the pool beside; to be measured.
    fn borrow() -> Weight {
        Weight::from_parts(1_550_000_000, 161577)
            .saturating_add(T::DbWeight::get().reads(140))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn transfer() -> Weight {
        // Fastest run: 1_054_217 ns.
        Weight::from_parts(1_190_923_000, 161577)
            .saturating_add(T::DbWeight::get().reads(132))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn isolate() -> Weight {
        Weight::from_parts(60_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(35))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_delegate() -> Weight {
        Weight::from_parts(30_000_000, 8_000)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn trade_as() -> Weight {
        Weight::from_parts(20_000_000, 4_000)
            .saturating_add(T::DbWeight::get().reads(1))
    }
    /// `m` from 1 to 64.
    fn step_funding(m: u32, ) -> Weight {
        Weight::from_parts(10_000_000, 5_000)
            .saturating_add(Weight::from_parts(250_000_000, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads((120_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 60_000).saturating_mul(m.into()))
    }
}
