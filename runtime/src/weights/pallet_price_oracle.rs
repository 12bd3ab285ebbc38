//! Weights of `pallet_price_oracle`, generated: `cargo xtask weights pallet_price_oracle`.
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

/// Weights of `pallet_price_oracle`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_price_oracle::WeightInfo for WeightInfo<T> {
    fn register_feeder() -> Weight {
        // Fastest run: 84_466 ns.
        Weight::from_parts(87_350_000, 3592)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn unregister_feeder() -> Weight {
        // Fastest run: 267_377 ns.
        Weight::from_parts(306_915_000, 3592)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn admit_feeder() -> Weight {
        // Fastest run: 266_536 ns.
        Weight::from_parts(281_127_000, 3592)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn remove_feeder() -> Weight {
        // Fastest run: 258_193 ns.
        Weight::from_parts(275_849_000, 3592)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn set_quorum() -> Weight {
        // Fastest run: 6_970 ns.
        Weight::from_parts(9_594_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn add_asset() -> Weight {
        // Fastest run: 42_223 ns.
        Weight::from_parts(54_662_000, 3940)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn remove_asset() -> Weight {
        // Fastest run: 491_759 ns.
        Weight::from_parts(522_875_000, 658142)
            .saturating_add(T::DbWeight::get().reads(265))
            .saturating_add(T::DbWeight::get().writes(291))
    }
    fn withdraw_bond() -> Weight {
        // Fastest run: 76_803 ns.
        Weight::from_parts(81_521_000, 3593)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn add_bond() -> Weight {
        // Fastest run: 87_680 ns.
        Weight::from_parts(94_671_000, 3593)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_hot_key() -> Weight {
        // Fastest run: 470_468 ns.
        Weight::from_parts(476_146_000, 3592)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(133))
    }
    fn claim_seat() -> Weight {
        // Fastest run: 799_616 ns.
        Weight::from_parts(829_220_000, 86856)
            .saturating_add(T::DbWeight::get().reads(68))
            .saturating_add(T::DbWeight::get().writes(132))
    }
    fn resume_feeder() -> Weight {
        // Fastest run: 765_535 ns.
        Weight::from_parts(796_361_000, 86856)
            .saturating_add(T::DbWeight::get().reads(69))
            .saturating_add(T::DbWeight::get().writes(132))
    }
    fn set_asset() -> Weight {
        // Fastest run: 38_877 ns.
        Weight::from_parts(41_672_000, 3940)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_guards() -> Weight {
        // Fastest run: 7_381 ns.
        Weight::from_parts(8_042_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_scoring() -> Weight {
        // Fastest run: 7_161 ns.
        Weight::from_parts(9_774_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn slash_feeder() -> Weight {
        // Fastest run: 74_991 ns.
        Weight::from_parts(84_315_000, 6196)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    /// `a` from 1 to 64.
    fn on_initialize(a: u32, ) -> Weight {
        // Fastest run: 36_314 ns.
        Weight::from_parts(25_644_011, 2959)
            // Standard error: 185_077.
            .saturating_add(Weight::from_parts(18_473_500, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 2722).saturating_mul(a.into()))
    }
    /// `a` from 1 to 64.
    fn on_initialize_hours(a: u32, ) -> Weight {
        // Fastest run: 63_144 ns.
        Weight::from_parts(59_315_712, 2959)
            // Standard error: 811_355.
            .saturating_add(Weight::from_parts(38_314_412, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 2950).saturating_mul(a.into()))
    }
    /// `v` from 1 to 2048.
    fn read_feeds(v: u32, ) -> Weight {
        // Fastest run: 24_346 ns.
        Weight::from_parts(145_170_000, 990)
            // Standard error: 54_911.
            .saturating_add(Weight::from_parts(5_492_464, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(v.into())))
            .saturating_add(Weight::from_parts(0, 2551).saturating_mul(v.into()))
    }
    /// `f` from 1 to 32.
    fn close_round(f: u32, ) -> Weight {
        // Fastest run: 18_046 ns.
        Weight::from_parts(18_197_000, 3568)
            // Standard error: 417_234.
            .saturating_add(Weight::from_parts(32_303_363, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 2602).saturating_mul(f.into()))
    }
    /// `v` from 1 to 64.
    fn feed_values(v: u32, ) -> Weight {
        // Fastest run: 86_238 ns.
        Weight::from_parts(82_250_592, 2959)
            // Standard error: 80_799.
            .saturating_add(Weight::from_parts(9_056_574, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(v.into())))
            .saturating_add(Weight::from_parts(0, 2551).saturating_mul(v.into()))
    }
}
