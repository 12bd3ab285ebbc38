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
        // Fastest run: 1_950_292 ns.
        Weight::from_parts(1_975_109_000, 175198)
            .saturating_add(T::DbWeight::get().reads(242))
            .saturating_add(T::DbWeight::get().writes(12))
    }
    fn place_order_light() -> Weight {
        // Fastest run: 374_705 ns.
        Weight::from_parts(498_349_000, 16188)
            .saturating_add(T::DbWeight::get().reads(26))
            .saturating_add(T::DbWeight::get().writes(12))
    }
    /// `n` from 1 to 64.
    fn batch_place(n: u32, ) -> Weight {
        // Fastest run: 1_955_920 ns.
        Weight::from_parts(1_901_751_954, 175198)
            // Standard error: 720_724.
            .saturating_add(Weight::from_parts(133_399_670, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(239))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 5066).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn batch_replace(n: u32, ) -> Weight {
        // Fastest run: 2_032_224 ns.
        Weight::from_parts(1_930_328_507, 175198)
            // Standard error: 1_085_637.
            .saturating_add(Weight::from_parts(229_921_659, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(239))
            .saturating_add(T::DbWeight::get().reads((7_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes((8_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 10132).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn batch_cancel(n: u32, ) -> Weight {
        // Fastest run: 199_336 ns.
        Weight::from_parts(101_691_018, 7890)
            // Standard error: 474_689.
            .saturating_add(Weight::from_parts(111_871_189, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 5066).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn batch_undone(n: u32, ) -> Weight {
        // Fastest run: 371_471 ns.
        Weight::from_parts(32_014_037, 11122)
            // Standard error: 1_823_621.
            .saturating_add(Weight::from_parts(260_252_379, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().reads((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 10132).saturating_mul(n.into()))
    }
    /// `m` from 1 to 24.
    fn batch_markets(m: u32, ) -> Weight {
        // Fastest run: 1_906_998 ns.
        Weight::from_parts(1_661_827_444, 175198)
            // Standard error: 11_895_678.
            .saturating_add(Weight::from_parts(162_366_643, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(233))
            .saturating_add(T::DbWeight::get().reads((10_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes((6_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 15198).saturating_mul(m.into()))
    }
    /// `n` from 1 to 24.
    fn batch_take(n: u32, ) -> Weight {
        // Fastest run: 2_659_204 ns.
        Weight::from_parts(918_847_252, 237804)
            // Standard error: 14_278_876.
            .saturating_add(Weight::from_parts(1_888_810_437, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(325))
            .saturating_add(T::DbWeight::get().reads((12_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((14_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 7599).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn check_margin(n: u32, ) -> Weight {
        // Fastest run: 1_117_718 ns.
        Weight::from_parts(1_007_024_290, 175198)
            // Standard error: 23_044_598.
            .saturating_add(Weight::from_parts(765_934_792, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(225))
    }
    /// `n` from 1 to 64.
    fn check_margin_light(n: u32, ) -> Weight {
        // Fastest run: 31_687 ns.
        Weight::from_parts(18_664_765, 7890)
            // Standard error: 17_585.
            .saturating_add(Weight::from_parts(14_116_234, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(5))
    }
    fn free_action() -> Weight {
        // Fastest run: 1_176_264 ns.
        Weight::from_parts(1_190_645_000, 172476)
            .saturating_add(T::DbWeight::get().reads(163))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn free_action_counted() -> Weight {
        // Fastest run: 26_068 ns.
        Weight::from_parts(29_114_000, 3567)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn auction_level() -> Weight {
        // Fastest run: 108_270 ns.
        Weight::from_parts(109_222_000, 26320)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn auction_fill() -> Weight {
        // Fastest run: 2_304_899 ns.
        Weight::from_parts(2_392_959_000, 175198)
            .saturating_add(T::DbWeight::get().reads(248))
            .saturating_add(T::DbWeight::get().writes(27))
    }
    /// `f` from 1 to 24.
    /// `r` from 0 to 23.
    fn place_order_fill(f: u32, r: u32, ) -> Weight {
        // Fastest run: 45_609_235 ns.
        Weight::from_parts(3_637_185_829, 175198)
            // Standard error: 38_087_043.
            .saturating_add(Weight::from_parts(1_870_504_794, 0).saturating_mul(f.into()))
            // Standard error: 38_087_043.
            .saturating_add(Weight::from_parts(1_742_642_735, 0).saturating_mul(r.into()))
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
        // Fastest run: 161_179 ns.
        Weight::from_parts(166_266_000, 8589)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    /// `n` from 0 to 256.
    fn cancel_all(n: u32, ) -> Weight {
        // Fastest run: 23_925 ns.
        Weight::from_parts(24_526_000, 7890)
            // Standard error: 413_339.
            .saturating_add(Weight::from_parts(87_845_784, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 3798).saturating_mul(n.into()))
    }
    fn amend_order() -> Weight {
        // Fastest run: 156_832 ns.
        Weight::from_parts(187_438_000, 7890)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    /// `n` from 0 to 64.
    fn batch(n: u32, ) -> Weight {
        // Fastest run: 10_105 ns.
        Weight::from_parts(18_226_058, 990)
            // Standard error: 117_469.
            .saturating_add(Weight::from_parts(5_139_156, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2619).saturating_mul(n.into()))
    }
    fn order_terms() -> Weight {
        // Fastest run: 13_259 ns.
        Weight::from_parts(15_112_000, 3559)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn unfilled_fee() -> Weight {
        // Fastest run: 60_540 ns.
        Weight::from_parts(64_666_000, 7890)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn cancel_by_client_id() -> Weight {
        // Fastest run: 173_928 ns.
        Weight::from_parts(176_552_000, 8589)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn place_stop() -> Weight {
        // Fastest run: 767_198 ns.
        Weight::from_parts(831_052_000, 172476)
            .saturating_add(T::DbWeight::get().reads(164))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn cancel_stop() -> Weight {
        // Fastest run: 35_884 ns.
        Weight::from_parts(37_716_000, 4060)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `n` from 0 to 32.
    fn cancel_stops(n: u32, ) -> Weight {
        // Fastest run: 9_334 ns.
        Weight::from_parts(15_045_063, 4060)
            // Standard error: 70_070.
            .saturating_add(Weight::from_parts(13_499_327, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2558).saturating_mul(n.into()))
    }
    fn heartbeat() -> Weight {
        // Fastest run: 776_622 ns.
        Weight::from_parts(798_705_000, 172476)
            .saturating_add(T::DbWeight::get().reads(160))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_schedule() -> Weight {
        // Fastest run: 8_312 ns.
        Weight::from_parts(9_854_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn transfer() -> Weight {
        // Fastest run: 1_232_959 ns.
        Weight::from_parts(1_239_078_000, 172476)
            .saturating_add(T::DbWeight::get().reads(226))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// `m` from 1 to 64.
    fn poll_markets(m: u32, ) -> Weight {
        // Fastest run: 58_457 ns.
        Weight::from_parts(22_096_685, 3712)
            // Standard error: 359_398.
            .saturating_add(Weight::from_parts(41_018_730, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads((6_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 5116).saturating_mul(m.into()))
    }
    fn sweep_order() -> Weight {
        // Fastest run: 179_797 ns.
        Weight::from_parts(189_751_000, 8589)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn sweep_deadline() -> Weight {
        // Fastest run: 25_197 ns.
        Weight::from_parts(30_395_000, 3567)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn trigger_stop() -> Weight {
        // Fastest run: 60_190 ns.
        Weight::from_parts(65_337_000, 4060)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `f` from 1 to 24.
    /// `r` from 0 to 23.
    fn close(f: u32, r: u32, ) -> Weight {
        // Fastest run: 23_090_306 ns.
        Weight::from_parts(23_135_513_000, 175198)
            // Standard error: 69_024_524.
            .saturating_add(Weight::from_parts(364_889_319, 0).saturating_mul(f.into()))
            // Standard error: 72_362_783.
            .saturating_add(Weight::from_parts(328_064_606, 0).saturating_mul(r.into()))
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
