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
        // Fastest run: 160_448 ns.
        Weight::from_parts(167_599_000, 7890)
            // Standard error: 1_532_852.
            .saturating_add(Weight::from_parts(42_598_530, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(16))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(m.into()))
    }
    fn request_withdrawal() -> Weight {
        // Fastest run: 19_068 ns.
        Weight::from_parts(20_110_000, 3554)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    /// `m` from 0 to 16.
    fn withdraw(m: u32, ) -> Weight {
        // Fastest run: 153_618 ns.
        Weight::from_parts(174_680_437, 7890)
            // Standard error: 576_225.
            .saturating_add(Weight::from_parts(38_981_188, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(16))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(m.into()))
    }
    fn set_parameters() -> Weight {
        // Fastest run: 11_927 ns.
        Weight::from_parts(13_040_000, 1561)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn step() -> Weight {
        // Fastest run: 2_444 ns.
        Weight::from_parts(2_584_000, 1550)
            .saturating_add(T::DbWeight::get().reads(1))
    }
    /// `f` from 0 to 4.
    fn unwind(f: u32, ) -> Weight {
        // Fastest run: 80_470 ns.
        Weight::from_parts(186_246_500, 9242)
            // Standard error: 14_673_645.
            .saturating_add(Weight::from_parts(277_992_250, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(27))
            .saturating_add(T::DbWeight::get().reads((15_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(15))
            .saturating_add(T::DbWeight::get().writes((11_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(f.into()))
    }
    fn settle() -> Weight {
        // Fastest run: 123_843 ns.
        Weight::from_parts(137_715_000, 14790)
            .saturating_add(T::DbWeight::get().reads(18))
            .saturating_add(T::DbWeight::get().writes(7))
    }
}
