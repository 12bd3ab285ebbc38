//! Weights of `pallet_price_oracle`, generated: `cargo xtask weights pallet_price_oracle`.
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

/// Weights of `pallet_price_oracle`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_price_oracle::WeightInfo for WeightInfo<T> {
    fn register_feeder() -> Weight {
        // Fastest run: 52_908 ns.
        Weight::from_parts(54_000_000, 3592)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn unregister_feeder() -> Weight {
        // Fastest run: 145_816 ns.
        Weight::from_parts(151_515_000, 3592)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn admit_feeder() -> Weight {
        // Fastest run: 140_979 ns.
        Weight::from_parts(149_462_000, 3592)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn remove_feeder() -> Weight {
        // Fastest run: 147_078 ns.
        Weight::from_parts(182_161_000, 3592)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn set_quorum() -> Weight {
        // Fastest run: 6_429 ns.
        Weight::from_parts(7_531_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn add_asset() -> Weight {
        // Fastest run: 37_405 ns.
        Weight::from_parts(41_982_000, 3940)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn remove_asset() -> Weight {
        // Fastest run: 448_325 ns.
        Weight::from_parts(465_641_000, 658142)
            .saturating_add(T::DbWeight::get().reads(265))
            .saturating_add(T::DbWeight::get().writes(291))
    }
    fn withdraw_bond() -> Weight {
        // Fastest run: 49_824 ns.
        Weight::from_parts(66_058_000, 3593)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn add_bond() -> Weight {
        // Fastest run: 49_864 ns.
        Weight::from_parts(51_796_000, 3593)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_hot_key() -> Weight {
        // Fastest run: 237_282 ns.
        Weight::from_parts(282_369_000, 3592)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(133))
    }
    fn claim_seat() -> Weight {
        // Fastest run: 471_970 ns.
        Weight::from_parts(476_917_000, 86856)
            .saturating_add(T::DbWeight::get().reads(68))
            .saturating_add(T::DbWeight::get().writes(132))
    }
    fn resume_feeder() -> Weight {
        // Fastest run: 470_438 ns.
        Weight::from_parts(485_700_000, 86856)
            .saturating_add(T::DbWeight::get().reads(69))
            .saturating_add(T::DbWeight::get().writes(132))
    }
    fn set_asset() -> Weight {
        // Fastest run: 35_162 ns.
        Weight::from_parts(40_019_000, 3940)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_guards() -> Weight {
        // Fastest run: 6_900 ns.
        Weight::from_parts(7_812_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_scoring() -> Weight {
        // Fastest run: 7_161 ns.
        Weight::from_parts(13_851_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn slash_feeder() -> Weight {
        // Fastest run: 51_386 ns.
        Weight::from_parts(53_840_000, 6196)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    /// `a` from 1 to 64.
    fn on_initialize(a: u32, ) -> Weight {
        // Fastest run: 28_943 ns.
        Weight::from_parts(18_487_137, 2959)
            // Standard error: 91_832.
            .saturating_add(Weight::from_parts(10_924_445, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 2714).saturating_mul(a.into()))
    }
    /// `a` from 1 to 64.
    fn on_initialize_hours(a: u32, ) -> Weight {
        // Fastest run: 48_171 ns.
        Weight::from_parts(14_439_320, 2959)
            // Standard error: 307_397.
            .saturating_add(Weight::from_parts(25_567_845, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 2950).saturating_mul(a.into()))
    }
    /// `v` from 1 to 2048.
    fn read_feeds(v: u32, ) -> Weight {
        // Fastest run: 20_551 ns.
        Weight::from_parts(142_054_425, 990)
            // Standard error: 46_556.
            .saturating_add(Weight::from_parts(3_507_629, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(v.into())))
            .saturating_add(Weight::from_parts(0, 2551).saturating_mul(v.into()))
    }
    /// `f` from 1 to 32.
    fn close_round(f: u32, ) -> Weight {
        // Fastest run: 14_812 ns.
        Weight::from_parts(262_969, 3568)
            // Standard error: 316_225.
            .saturating_add(Weight::from_parts(21_209_701, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 2602).saturating_mul(f.into()))
    }
    /// `v` from 1 to 64.
    fn feed_values(v: u32, ) -> Weight {
        // Fastest run: 87_741 ns.
        Weight::from_parts(87_340_816, 2959)
            // Standard error: 34_349.
            .saturating_add(Weight::from_parts(3_489_849, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(v.into())))
            .saturating_add(Weight::from_parts(0, 2551).saturating_mul(v.into()))
    }
}
