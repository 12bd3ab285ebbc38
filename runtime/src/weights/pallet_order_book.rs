//! Weights of `pallet_order_book`, generated: `cargo xtask weights pallet_order_book`.
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

/// Weights of `pallet_order_book`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_order_book::WeightInfo for WeightInfo<T> {
    fn place_order_rest() -> Weight {
        // Fastest run: 1_910_544 ns.
        Weight::from_parts(2_010_612_000, 175198)
            .saturating_add(T::DbWeight::get().reads(242))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn place_order_light() -> Weight {
        // Fastest run: 368_156 ns.
        Weight::from_parts(372_092_000, 16188)
            .saturating_add(T::DbWeight::get().reads(26))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn place_order_unchecked() -> Weight {
        // Fastest run: 921_637 ns.
        Weight::from_parts(1_019_833_000, 175198)
            .saturating_add(T::DbWeight::get().reads(173))
            .saturating_add(T::DbWeight::get().writes(9))
    }
    fn check_margin() -> Weight {
        // Fastest run: 1_104_038 ns.
        Weight::from_parts(1_143_897_000, 175198)
            .saturating_add(T::DbWeight::get().reads(225))
    }
    fn free_action() -> Weight {
        // Fastest run: 1_220_360 ns.
        Weight::from_parts(1_505_824_000, 172476)
            .saturating_add(T::DbWeight::get().reads(163))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn free_action_counted() -> Weight {
        // Fastest run: 30_765 ns.
        Weight::from_parts(41_371_000, 3567)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn auction_level() -> Weight {
        // Fastest run: 108_331 ns.
        Weight::from_parts(128_140_000, 26320)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn auction_fill() -> Weight {
        // Fastest run: 2_283_106 ns.
        Weight::from_parts(3_321_857_000, 175198)
            .saturating_add(T::DbWeight::get().reads(248))
            .saturating_add(T::DbWeight::get().writes(27))
    }
    /// `f` from 1 to 32.
    /// `r` from 0 to 31.
    fn place_order_fill(f: u32, r: u32, ) -> Weight {
        // Fastest run: 60_039_808 ns.
        Weight::from_parts(1_140_152_883, 175198)
            // Standard error: 10_698_059.
            .saturating_add(Weight::from_parts(1_852_641_874, 0).saturating_mul(f.into()))
            // Standard error: 10_698_059.
            .saturating_add(Weight::from_parts(1_862_170_145, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(243))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(14))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(f.into()))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(r.into()))
    }
    fn cancel_order() -> Weight {
        // Fastest run: 146_918 ns.
        Weight::from_parts(149_802_000, 8589)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    /// `n` from 0 to 256.
    fn cancel_all(n: u32, ) -> Weight {
        // Fastest run: 18_397 ns.
        Weight::from_parts(19_019_000, 7890)
            // Standard error: 2_031_215.
            .saturating_add(Weight::from_parts(88_606_143, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 3799).saturating_mul(n.into()))
    }
    fn amend_order() -> Weight {
        // Fastest run: 112_727 ns.
        Weight::from_parts(116_994_000, 7890)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    /// `n` from 0 to 64.
    fn batch(n: u32, ) -> Weight {
        // Fastest run: 9_975 ns.
        Weight::from_parts(13_536_586, 990)
            // Standard error: 41_274.
            .saturating_add(Weight::from_parts(5_295_888, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2619).saturating_mul(n.into()))
    }
    fn order_terms() -> Weight {
        // Fastest run: 13_400 ns.
        Weight::from_parts(14_011_000, 3559)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn unfilled_fee() -> Weight {
        // Fastest run: 58_377 ns.
        Weight::from_parts(59_188_000, 7890)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn cancel_by_client_id() -> Weight {
        // Fastest run: 157_303 ns.
        Weight::from_parts(166_768_000, 8589)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn place_stop() -> Weight {
        // Fastest run: 730_544 ns.
        Weight::from_parts(739_606_000, 172476)
            .saturating_add(T::DbWeight::get().reads(164))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn cancel_stop() -> Weight {
        // Fastest run: 36_164 ns.
        Weight::from_parts(38_027_000, 4060)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `n` from 0 to 32.
    fn cancel_stops(n: u32, ) -> Weight {
        // Fastest run: 9_133 ns.
        Weight::from_parts(12_982_000, 4060)
            // Standard error: 206_564.
            .saturating_add(Weight::from_parts(14_439_502, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2558).saturating_mul(n.into()))
    }
    fn heartbeat() -> Weight {
        // Fastest run: 723_893 ns.
        Weight::from_parts(734_680_000, 172476)
            .saturating_add(T::DbWeight::get().reads(160))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_schedule() -> Weight {
        // Fastest run: 8_042 ns.
        Weight::from_parts(9_344_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn transfer() -> Weight {
        // Fastest run: 1_217_495 ns.
        Weight::from_parts(1_266_188_000, 172476)
            .saturating_add(T::DbWeight::get().reads(226))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// `m` from 1 to 64.
    fn poll_markets(m: u32, ) -> Weight {
        // Fastest run: 56_664 ns.
        Weight::from_parts(22_194_108, 3712)
            // Standard error: 133_949.
            .saturating_add(Weight::from_parts(39_424_183, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads((6_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 5116).saturating_mul(m.into()))
    }
    fn sweep_order() -> Weight {
        // Fastest run: 167_609 ns.
        Weight::from_parts(185_405_000, 8589)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn sweep_deadline() -> Weight {
        // Fastest run: 24_837 ns.
        Weight::from_parts(29_253_000, 3567)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn trigger_stop() -> Weight {
        // Fastest run: 60_229 ns.
        Weight::from_parts(62_513_000, 4060)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `f` from 1 to 32.
    /// `r` from 0 to 31.
    fn close(f: u32, r: u32, ) -> Weight {
        // Fastest run: 29_843_122 ns.
        Weight::from_parts(1_030_805_794, 175198)
            // Standard error: 31_493_544.
            .saturating_add(Weight::from_parts(994_192_888, 0).saturating_mul(f.into()))
            // Standard error: 31_493_544.
            .saturating_add(Weight::from_parts(973_071_103, 0).saturating_mul(r.into()))
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
