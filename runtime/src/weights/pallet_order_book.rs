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
        // Fastest run: 1_973_537 ns.
        Weight::from_parts(1_980_136_000, 175198)
            .saturating_add(T::DbWeight::get().reads(242))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn place_order_light() -> Weight {
        // Fastest run: 364_321 ns.
        Weight::from_parts(391_471_000, 16188)
            .saturating_add(T::DbWeight::get().reads(26))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn batch_place(n: u32, ) -> Weight {
        // Estimated from the calls' weights.
        Weight::from_parts(1_980_136_000, 175_198)
            .saturating_add(Weight::from_parts(250_000_000, 7_000).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(242))
            .saturating_add(T::DbWeight::get().writes(11))
            .saturating_add(T::DbWeight::get().reads((6_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((5_u64).saturating_mul(n.into())))
    }
    fn batch_replace(n: u32, ) -> Weight {
        // Estimated from the calls' weights.
        Weight::from_parts(1_980_136_000, 175_198)
            .saturating_add(Weight::from_parts(400_000_000, 9_000).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(242))
            .saturating_add(T::DbWeight::get().writes(11))
            .saturating_add(T::DbWeight::get().reads((10_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((9_u64).saturating_mul(n.into())))
    }
    fn batch_cancel(n: u32, ) -> Weight {
        // Estimated from the calls' weights.
        Weight::from_parts(169_542_000, 8_589)
            .saturating_add(Weight::from_parts(200_000_000, 4_000).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(20))
            .saturating_add(T::DbWeight::get().writes(11))
            .saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((8_u64).saturating_mul(n.into())))
    }
    fn batch_undone(n: u32, ) -> Weight {
        // Estimated from the calls' weights.
        Weight::from_parts(169_542_000, 8_589)
            .saturating_add(Weight::from_parts(450_000_000, 9_000).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(40))
            .saturating_add(T::DbWeight::get().writes(0))
            .saturating_add(T::DbWeight::get().reads((14_u64).saturating_mul(n.into())))
    }
    fn batch_markets(m: u32, ) -> Weight {
        // Estimated from the calls' weights.
        Weight::from_parts(1_980_136_000, 175_198)
            .saturating_add(Weight::from_parts(350_000_000, 9_000).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(242))
            .saturating_add(T::DbWeight::get().writes(11))
            .saturating_add(T::DbWeight::get().reads((24_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes((9_u64).saturating_mul(m.into())))
    }
    fn batch_take(n: u32, ) -> Weight {
        // Estimated from the calls' weights.
        Weight::from_parts(1_980_136_000, 175_198)
            .saturating_add(Weight::from_parts(3_900_000_000, 16_000).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(243))
            .saturating_add(T::DbWeight::get().writes(14))
            .saturating_add(T::DbWeight::get().reads((32_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((20_u64).saturating_mul(n.into())))
    }
    fn check_margin(n: u32, ) -> Weight {
        // Estimated from the calls' weights.
        Weight::from_parts(0, 175_198)
            .saturating_add(Weight::from_parts(1_116_416_000, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(225))
            .saturating_add(T::DbWeight::get().writes(0))
    }
    fn check_margin_light(n: u32, ) -> Weight {
        // Estimated from the calls' weights.
        Weight::from_parts(0, 16_188)
            .saturating_add(Weight::from_parts(120_000_000, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(26))
            .saturating_add(T::DbWeight::get().writes(0))
    }
    fn free_action() -> Weight {
        // Fastest run: 1_194_071 ns.
        Weight::from_parts(1_212_128_000, 172476)
            .saturating_add(T::DbWeight::get().reads(163))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn free_action_counted() -> Weight {
        // Fastest run: 25_848 ns.
        Weight::from_parts(26_219_000, 3567)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn auction_level() -> Weight {
        // Fastest run: 111_896 ns.
        Weight::from_parts(112_036_000, 26320)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn auction_fill() -> Weight {
        // Fastest run: 2_394_862 ns.
        Weight::from_parts(2_499_718_000, 175198)
            .saturating_add(T::DbWeight::get().reads(248))
            .saturating_add(T::DbWeight::get().writes(27))
    }
    /// `f` from 1 to 24.
    /// `r` from 0 to 23.
    fn place_order_fill(f: u32, r: u32, ) -> Weight {
        // Fastest run: 45_963_590 ns.
        Weight::from_parts(1_368_863_924, 175198)
            // Standard error: 16_143_893.
            .saturating_add(Weight::from_parts(1_884_656_084, 0).saturating_mul(f.into()))
            // Standard error: 16_143_893.
            .saturating_add(Weight::from_parts(1_886_154_550, 0).saturating_mul(r.into()))
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
        // Fastest run: 165_425 ns.
        Weight::from_parts(169_542_000, 8589)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    /// `n` from 0 to 256.
    fn cancel_all(n: u32, ) -> Weight {
        // Fastest run: 24_406 ns.
        Weight::from_parts(26_069_000, 7890)
            // Standard error: 250_910.
            .saturating_add(Weight::from_parts(84_313_114, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 3798).saturating_mul(n.into()))
    }
    fn amend_order() -> Weight {
        // Fastest run: 125_236 ns.
        Weight::from_parts(130_323_000, 7890)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    /// `n` from 0 to 64.
    fn batch(n: u32, ) -> Weight {
        // Fastest run: 10_255 ns.
        Weight::from_parts(15_000_678, 990)
            // Standard error: 72_117.
            .saturating_add(Weight::from_parts(5_064_160, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2619).saturating_mul(n.into()))
    }
    fn order_terms() -> Weight {
        // Fastest run: 12_639 ns.
        Weight::from_parts(13_230_000, 3559)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn unfilled_fee() -> Weight {
        // Fastest run: 56_414 ns.
        Weight::from_parts(59_247_000, 7890)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn cancel_by_client_id() -> Weight {
        // Fastest run: 172_226 ns.
        Weight::from_parts(183_342_000, 8589)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn place_stop() -> Weight {
        // Fastest run: 782_230 ns.
        Weight::from_parts(807_758_000, 172476)
            .saturating_add(T::DbWeight::get().reads(164))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn cancel_stop() -> Weight {
        // Fastest run: 36_854 ns.
        Weight::from_parts(38_206_000, 4060)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `n` from 0 to 32.
    fn cancel_stops(n: u32, ) -> Weight {
        // Fastest run: 9_624 ns.
        Weight::from_parts(12_078_007, 4060)
            // Standard error: 204_502.
            .saturating_add(Weight::from_parts(14_193_719, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2558).saturating_mul(n.into()))
    }
    fn heartbeat() -> Weight {
        // Fastest run: 743_413 ns.
        Weight::from_parts(752_666_000, 172476)
            .saturating_add(T::DbWeight::get().reads(160))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_schedule() -> Weight {
        // Fastest run: 8_272 ns.
        Weight::from_parts(9_314_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn transfer() -> Weight {
        // Fastest run: 1_234_330 ns.
        Weight::from_parts(1_278_476_000, 172476)
            .saturating_add(T::DbWeight::get().reads(226))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// `m` from 1 to 64.
    fn poll_markets(m: u32, ) -> Weight {
        // Fastest run: 58_667 ns.
        Weight::from_parts(13_009_468, 3712)
            // Standard error: 159_597.
            .saturating_add(Weight::from_parts(39_864_656, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads((6_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 5116).saturating_mul(m.into()))
    }
    fn sweep_order() -> Weight {
        // Fastest run: 176_151 ns.
        Weight::from_parts(184_474_000, 8589)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn sweep_deadline() -> Weight {
        // Fastest run: 26_029 ns.
        Weight::from_parts(26_690_000, 3567)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn trigger_stop() -> Weight {
        // Fastest run: 62_743 ns.
        Weight::from_parts(63_894_000, 4060)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `f` from 1 to 24.
    /// `r` from 0 to 23.
    fn close(f: u32, r: u32, ) -> Weight {
        // Fastest run: 22_970_789 ns.
        Weight::from_parts(23_007_423_000, 175198)
            // Standard error: 66_723_875.
            .saturating_add(Weight::from_parts(358_532_612, 0).saturating_mul(f.into()))
            // Standard error: 69_950_866.
            .saturating_add(Weight::from_parts(334_287_223, 0).saturating_mul(r.into()))
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
