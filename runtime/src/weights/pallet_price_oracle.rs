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
        // Fastest run: 86_088 ns.
        Weight::from_parts(94_460_000, 3592)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn unregister_feeder() -> Weight {
        // Fastest run: 270_521 ns.
        Weight::from_parts(282_820_000, 3592)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn admit_feeder() -> Weight {
        // Fastest run: 272_334 ns.
        Weight::from_parts(293_796_000, 3592)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn remove_feeder() -> Weight {
        // Fastest run: 267_868 ns.
        Weight::from_parts(276_790_000, 3592)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn set_quorum() -> Weight {
        // Fastest run: 7_451 ns.
        Weight::from_parts(9_815_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn add_asset() -> Weight {
        // Fastest run: 42_362 ns.
        Weight::from_parts(46_429_000, 3940)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn remove_asset() -> Weight {
        // Fastest run: 510_597 ns.
        Weight::from_parts(541_273_000, 658142)
            .saturating_add(T::DbWeight::get().reads(265))
            .saturating_add(T::DbWeight::get().writes(291))
    }
    fn withdraw_bond() -> Weight {
        // Fastest run: 77_665 ns.
        Weight::from_parts(81_531_000, 3593)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn add_bond() -> Weight {
        // Fastest run: 78_847 ns.
        Weight::from_parts(82_342_000, 3593)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_hot_key() -> Weight {
        // Fastest run: 465_000 ns.
        Weight::from_parts(472_842_000, 3592)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(133))
    }
    fn claim_seat() -> Weight {
        // Fastest run: 787_598 ns.
        Weight::from_parts(860_967_000, 86856)
            .saturating_add(T::DbWeight::get().reads(68))
            .saturating_add(T::DbWeight::get().writes(132))
    }
    fn resume_feeder() -> Weight {
        // Fastest run: 795_300 ns.
        Weight::from_parts(814_788_000, 86856)
            .saturating_add(T::DbWeight::get().reads(69))
            .saturating_add(T::DbWeight::get().writes(132))
    }
    fn set_asset() -> Weight {
        // Fastest run: 69_043 ns.
        Weight::from_parts(74_781_000, 3940)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_guards() -> Weight {
        // Fastest run: 16_955 ns.
        Weight::from_parts(18_588_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_scoring() -> Weight {
        // Fastest run: 8_162 ns.
        Weight::from_parts(15_343_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn slash_feeder() -> Weight {
        // Fastest run: 89_183 ns.
        Weight::from_parts(116_562_000, 6196)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    /// `a` from 1 to 64.
    fn on_initialize(a: u32, ) -> Weight {
        // Fastest run: 36_994 ns.
        Weight::from_parts(60_711_193, 2959)
            // Standard error: 645_530.
            .saturating_add(Weight::from_parts(17_992_765, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 2722).saturating_mul(a.into()))
    }
    /// `a` from 1 to 64.
    fn on_initialize_hours(a: u32, ) -> Weight {
        // Fastest run: 63_154 ns.
        Weight::from_parts(65_617_000, 2959)
            // Standard error: 419_114.
            .saturating_add(Weight::from_parts(39_419_493, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 2950).saturating_mul(a.into()))
    }
    /// `v` from 1 to 2048.
    fn read_feeds(v: u32, ) -> Weight {
        // Fastest run: 22_353 ns.
        Weight::from_parts(188_083_508, 990)
            // Standard error: 80_666.
            .saturating_add(Weight::from_parts(5_411_884, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(v.into())))
            .saturating_add(Weight::from_parts(0, 2551).saturating_mul(v.into()))
    }
    /// `f` from 1 to 32.
    fn close_round(f: u32, ) -> Weight {
        // Fastest run: 17_886 ns.
        Weight::from_parts(19_208_000, 3568)
            // Standard error: 368_347.
            .saturating_add(Weight::from_parts(30_973_983, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 2602).saturating_mul(f.into()))
    }
    /// `v` from 1 to 64.
    fn feed_values(v: u32, ) -> Weight {
        // Fastest run: 84_115 ns.
        Weight::from_parts(71_084_964, 2959)
            // Standard error: 151_085.
            .saturating_add(Weight::from_parts(8_865_743, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(v.into())))
            .saturating_add(Weight::from_parts(0, 2551).saturating_mul(v.into()))
    }
}
