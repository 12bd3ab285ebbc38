//! Weights of `pallet_order_book`, generated: `cargo xtask weights pallet_order_book`.
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

/// Weights of `pallet_order_book`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_order_book::WeightInfo for WeightInfo<T> {
    fn place_order_rest() -> Weight {
        // Fastest run: 2_088_357 ns.
        Weight::from_parts(2_210_238_000, 175198)
            .saturating_add(T::DbWeight::get().reads(242))
            .saturating_add(T::DbWeight::get().writes(12))
    }
    fn place_order_light() -> Weight {
        // Fastest run: 388_416 ns.
        Weight::from_parts(397_019_000, 16188)
            .saturating_add(T::DbWeight::get().reads(26))
            .saturating_add(T::DbWeight::get().writes(12))
    }
    /// `n` from 1 to 64.
    fn batch_place(n: u32, ) -> Weight {
        // Fastest run: 1_032_922 ns.
        Weight::from_parts(1_596_038_671, 175198)
            // Standard error: 5_386_293.
            .saturating_add(Weight::from_parts(150_942_244, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(213))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 5066).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn batch_replace(n: u32, ) -> Weight {
        // Fastest run: 1_206_149 ns.
        Weight::from_parts(1_472_159_037, 175198)
            // Standard error: 3_224_228.
            .saturating_add(Weight::from_parts(253_091_837, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(213))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes((8_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 10132).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn batch_cancel(n: u32, ) -> Weight {
        // Fastest run: 224_012 ns.
        Weight::from_parts(88_800_490, 7890)
            // Standard error: 414_514.
            .saturating_add(Weight::from_parts(113_709_759, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 5066).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn batch_undone(n: u32, ) -> Weight {
        // Fastest run: 347_114 ns.
        Weight::from_parts(363_119_000, 11122)
            // Standard error: 7_415_283.
            .saturating_add(Weight::from_parts(270_051_831, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().reads((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 10132).saturating_mul(n.into()))
    }
    /// `m` from 1 to 24.
    fn batch_markets(m: u32, ) -> Weight {
        // Fastest run: 1_960_878 ns.
        Weight::from_parts(1_875_719_783, 175198)
            // Standard error: 1_106_202.
            .saturating_add(Weight::from_parts(144_126_110, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(233))
            .saturating_add(T::DbWeight::get().reads((10_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes((6_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 15198).saturating_mul(m.into()))
    }
    /// `n` from 1 to 24.
    fn batch_take(n: u32, ) -> Weight {
        // Fastest run: 2_459_828 ns.
        Weight::from_parts(526_584_969, 237804)
            // Standard error: 9_029_536.
            .saturating_add(Weight::from_parts(2_007_305_827, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(325))
            .saturating_add(T::DbWeight::get().reads((12_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((14_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 7599).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn check_margin(n: u32, ) -> Weight {
        // Fastest run: 1_172_860 ns.
        Weight::from_parts(658_607_160, 175198)
            // Standard error: 13_140_823.
            .saturating_add(Weight::from_parts(814_913_256, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(225))
    }
    /// `n` from 1 to 64.
    fn check_margin_light(n: u32, ) -> Weight {
        // Fastest run: 34_591 ns.
        Weight::from_parts(53_005_463, 7890)
            // Standard error: 1_172_494.
            .saturating_add(Weight::from_parts(15_053_078, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(5))
    }
    fn free_action() -> Weight {
        // Fastest run: 1_259_688 ns.
        Weight::from_parts(1_357_253_000, 172476)
            .saturating_add(T::DbWeight::get().reads(163))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn free_action_counted() -> Weight {
        // Fastest run: 28_052 ns.
        Weight::from_parts(30_926_000, 3567)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn auction_level() -> Weight {
        // Fastest run: 109_323 ns.
        Weight::from_parts(137_454_000, 26320)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn auction_fill() -> Weight {
        // Fastest run: 2_405_898 ns.
        Weight::from_parts(2_658_273_000, 175198)
            .saturating_add(T::DbWeight::get().reads(248))
            .saturating_add(T::DbWeight::get().writes(27))
    }
    /// `f` from 1 to 24.
    /// `r` from 0 to 23.
    fn place_order_fill(f: u32, r: u32, ) -> Weight {
        // Fastest run: 47_361_414 ns.
        Weight::from_parts(3_758_728_564, 175198)
            // Standard error: 65_997_214.
            .saturating_add(Weight::from_parts(1_968_906_365, 0).saturating_mul(f.into()))
            // Standard error: 65_997_214.
            .saturating_add(Weight::from_parts(1_912_217_004, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(243))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(15))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(f.into()))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(r.into()))
    }
    fn cancel_order() -> Weight {
        // Fastest run: 149_833 ns.
        Weight::from_parts(152_617_000, 8589)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    /// `n` from 0 to 256.
    fn cancel_all(n: u32, ) -> Weight {
        // Fastest run: 18_497 ns.
        Weight::from_parts(22_052_000, 7890)
            // Standard error: 1_235_895.
            .saturating_add(Weight::from_parts(91_236_230, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 3798).saturating_mul(n.into()))
    }
    fn amend_order() -> Weight {
        // Fastest run: 188_690 ns.
        Weight::from_parts(211_063_000, 7890)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    /// `n` from 0 to 64.
    fn batch(n: u32, ) -> Weight {
        // Fastest run: 13_460 ns.
        Weight::from_parts(25_532_945, 990)
            // Standard error: 269_096.
            .saturating_add(Weight::from_parts(5_120_276, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2619).saturating_mul(n.into()))
    }
    fn order_terms() -> Weight {
        // Fastest run: 13_190 ns.
        Weight::from_parts(13_771_000, 3559)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn unfilled_fee() -> Weight {
        // Fastest run: 69_763 ns.
        Weight::from_parts(80_018_000, 7890)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn cancel_by_client_id() -> Weight {
        // Fastest run: 213_206 ns.
        Weight::from_parts(221_980_000, 8589)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn place_stop() -> Weight {
        // Fastest run: 864_953 ns.
        Weight::from_parts(869_009_000, 172476)
            .saturating_add(T::DbWeight::get().reads(164))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn cancel_stop() -> Weight {
        // Fastest run: 39_178 ns.
        Weight::from_parts(51_226_000, 4060)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `n` from 0 to 32.
    fn cancel_stops(n: u32, ) -> Weight {
        // Fastest run: 9_223 ns.
        Weight::from_parts(12_273_869, 4060)
            // Standard error: 166_139.
            .saturating_add(Weight::from_parts(14_418_608, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2558).saturating_mul(n.into()))
    }
    fn heartbeat() -> Weight {
        // Fastest run: 831_233 ns.
        Weight::from_parts(858_814_000, 172476)
            .saturating_add(T::DbWeight::get().reads(160))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_schedule() -> Weight {
        // Fastest run: 8_493 ns.
        Weight::from_parts(10_395_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn transfer() -> Weight {
        // Fastest run: 1_397_793 ns.
        Weight::from_parts(1_459_475_000, 172476)
            .saturating_add(T::DbWeight::get().reads(226))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// `m` from 1 to 64.
    fn poll_markets(m: u32, ) -> Weight {
        // Fastest run: 61_291 ns.
        Weight::from_parts(307_498, 3712)
            // Standard error: 398_260.
            .saturating_add(Weight::from_parts(41_925_501, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads((6_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 5116).saturating_mul(m.into()))
    }
    fn sweep_order() -> Weight {
        // Fastest run: 251_092 ns.
        Weight::from_parts(272_474_000, 8589)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn sweep_deadline() -> Weight {
        // Fastest run: 25_799 ns.
        Weight::from_parts(28_001_000, 3567)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn trigger_stop() -> Weight {
        // Fastest run: 65_968 ns.
        Weight::from_parts(72_117_000, 4060)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `f` from 1 to 24.
    /// `r` from 0 to 23.
    fn close(f: u32, r: u32, ) -> Weight {
        // Fastest run: 23_757_746 ns.
        Weight::from_parts(51_532_450, 175198)
            // Standard error: 31_204_671.
            .saturating_add(Weight::from_parts(988_690_209, 0).saturating_mul(f.into()))
            // Standard error: 31_204_671.
            .saturating_add(Weight::from_parts(1_042_411_760, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(205))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(6))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(f.into()))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(r.into()))
    }
}
