//! Weights of `pallet_liquidation`, generated: `cargo xtask weights pallet_liquidation`.
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

/// Weights of `pallet_liquidation`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_liquidation::WeightInfo for WeightInfo<T> {
    /// `n` from 1 to 128.
    fn step_base(n: u32, ) -> Weight {
        // Fastest run: 54_611 ns.
        Weight::from_parts(32_041_522, 4047)
            // Standard error: 147_400.
            .saturating_add(Weight::from_parts(22_679_519, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(Weight::from_parts(0, 7566).saturating_mul(n.into()))
    }
    fn read_page() -> Weight {
        // Fastest run: 33_059 ns.
        Weight::from_parts(34_481_000, 8556)
            .saturating_add(T::DbWeight::get().reads(5))
    }
    /// `l` from 2 to 32.
    fn sweep_evaluate(l: u32, ) -> Weight {
        // Fastest run: 318_352 ns.
        Weight::from_parts(73_367_920, 7890)
            // Standard error: 383_777.
            .saturating_add(Weight::from_parts(123_030_712, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().reads((13_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(6))
            .saturating_add(T::DbWeight::get().writes((14_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 15132).saturating_mul(l.into()))
    }
    /// `l` from 1 to 32.
    fn sweep_under(l: u32, ) -> Weight {
        // Fastest run: 188_349 ns.
        Weight::from_parts(105_857_071, 7890)
            // Standard error: 359_119.
            .saturating_add(Weight::from_parts(89_471_476, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads((11_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(11))
            .saturating_add(T::DbWeight::get().writes((11_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 12610).saturating_mul(l.into()))
    }
    /// `m` from 1 to 64.
    fn report_backlog(m: u32, ) -> Weight {
        // Fastest run: 97_505 ns.
        Weight::from_parts(45_133_738, 6159)
            // Standard error: 245_299.
            .saturating_add(Weight::from_parts(15_211_481, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 3034).saturating_mul(m.into()))
    }
    /// `l` from 1 to 64.
    /// `o` from 0 to 16.
    /// `f` from 1 to 16.
    fn close_account(l: u32, o: u32, f: u32, ) -> Weight {
        // Fastest run: 9_791_342 ns.
        Weight::from_parts(32_639_766, 102402)
            // Standard error: 13_622_870.
            .saturating_add(Weight::from_parts(133_537_673, 0).saturating_mul(l.into()))
            // Standard error: 52_316_138.
            .saturating_add(Weight::from_parts(27_953_012, 0).saturating_mul(o.into()))
            // Standard error: 56_220_890.
            .saturating_add(Weight::from_parts(1_058_480_743, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(104))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().reads((18_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(24))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes((22_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 12378).saturating_mul(f.into()))
            .saturating_add(Weight::from_parts(0, 7580).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(0, 2619).saturating_mul(o.into()))
    }
    /// `l` from 1 to 64.
    fn value_account(l: u32, ) -> Weight {
        // Fastest run: 94_761 ns.
        Weight::from_parts(294_702_000, 29846)
            // Standard error: 1_532_970.
            .saturating_add(Weight::from_parts(31_470_256, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(21))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 2722).saturating_mul(l.into()))
    }
    fn close_miss() -> Weight {
        // Fastest run: 90_955 ns.
        Weight::from_parts(91_495_000, 8589)
            .saturating_add(T::DbWeight::get().reads(9))
    }
    /// `l` from 1 to 64.
    fn retry_account(l: u32, ) -> Weight {
        // Fastest run: 227_117 ns.
        Weight::from_parts(496_221_714, 31386)
            // Standard error: 2_389_120.
            .saturating_add(Weight::from_parts(33_013_428, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(43))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(Weight::from_parts(0, 2722).saturating_mul(l.into()))
    }
    fn offer() -> Weight {
        // Fastest run: 79_087 ns.
        Weight::from_parts(81_140_000, 14790)
            .saturating_add(T::DbWeight::get().reads(11))
    }
    fn take_over() -> Weight {
        // Fastest run: 502_125 ns.
        Weight::from_parts(517_007_000, 21690)
            .saturating_add(T::DbWeight::get().reads(36))
            .saturating_add(T::DbWeight::get().writes(20))
    }
    fn cover_loss() -> Weight {
        // Fastest run: 1_151_648 ns.
        Weight::from_parts(1_314_160_000, 88094)
            .saturating_add(T::DbWeight::get().reads(94))
            .saturating_add(T::DbWeight::get().writes(44))
    }
    fn search() -> Weight {
        // Fastest run: 1_365_986 ns.
        Weight::from_parts(1_398_464_000, 111390)
            .saturating_add(T::DbWeight::get().reads(64))
    }
    fn deleverage() -> Weight {
        // Fastest run: 2_115_327 ns.
        Weight::from_parts(2_181_375_000, 259580)
            .saturating_add(T::DbWeight::get().reads(265))
            .saturating_add(T::DbWeight::get().writes(42))
    }
    fn cut_profit() -> Weight {
        // Fastest run: 1_281_571 ns.
        Weight::from_parts(1_305_927_000, 98078)
            .saturating_add(T::DbWeight::get().reads(107))
            .saturating_add(T::DbWeight::get().writes(41))
    }
    fn authorize_liquidate() -> Weight {
        // Fastest run: 832_274 ns.
        Weight::from_parts(858_293_000, 175198)
            .saturating_add(T::DbWeight::get().reads(164))
    }
    /// `l` from 1 to 64.
    /// `o` from 0 to 16.
    /// `f` from 1 to 16.
    fn liquidate(l: u32, o: u32, f: u32, ) -> Weight {
        // Fastest run: 10_125_618 ns.
        Weight::from_parts(795_219_902, 102402)
            // Standard error: 5_648_587.
            .saturating_add(Weight::from_parts(125_076_338, 0).saturating_mul(l.into()))
            // Standard error: 21_692_365.
            .saturating_add(Weight::from_parts(29_939_575, 0).saturating_mul(o.into()))
            // Standard error: 23_311_431.
            .saturating_add(Weight::from_parts(1_012_206_736, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(104))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().reads((18_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(24))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes((22_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 12378).saturating_mul(f.into()))
            .saturating_add(Weight::from_parts(0, 7580).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(0, 2619).saturating_mul(o.into()))
    }
    fn account_changed() -> Weight {
        // Fastest run: 1_019_142 ns.
        Weight::from_parts(1_034_614_000, 98078)
            .saturating_add(T::DbWeight::get().reads(133))
            .saturating_add(T::DbWeight::get().writes(38))
    }
    /// `l` from 1 to 64.
    fn join(l: u32, ) -> Weight {
        // An estimate until the next measurement.
        Weight::from_parts(600_000_000, 60000)
            .saturating_add(Weight::from_parts(25_114_111, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(45))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(14))
            .saturating_add(Weight::from_parts(0, 2549).saturating_mul(l.into()))
    }
}
