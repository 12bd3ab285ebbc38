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
        // Fastest run: 848_178 ns.
        Weight::from_parts(852_534_000, 174686)
            .saturating_add(T::DbWeight::get().reads(241))
            .saturating_add(T::DbWeight::get().writes(12))
    }
    fn place_order_light() -> Weight {
        // Fastest run: 217_532 ns.
        Weight::from_parts(277_492_000, 16092)
            .saturating_add(T::DbWeight::get().reads(25))
            .saturating_add(T::DbWeight::get().writes(12))
    }
    /// `n` from 1 to 64.
    fn batch_place(n: u32, ) -> Weight {
        // Fastest run: 499_491 ns.
        Weight::from_parts(644_481_360, 174686)
            // Standard error: 1_203_339.
            .saturating_add(Weight::from_parts(50_385_681, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(212))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 5034).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn batch_replace(n: u32, ) -> Weight {
        // Fastest run: 564_237 ns.
        Weight::from_parts(753_292_473, 174686)
            // Standard error: 2_030_913.
            .saturating_add(Weight::from_parts(85_824_568, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(212))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes((8_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 10068).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn batch_cancel(n: u32, ) -> Weight {
        // Fastest run: 106_137 ns.
        Weight::from_parts(81_646_927, 7890)
            // Standard error: 455_505.
            .saturating_add(Weight::from_parts(44_983_363, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 5034).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn batch_undone(n: u32, ) -> Weight {
        // Fastest run: 168_039 ns.
        Weight::from_parts(95_208_718, 11058)
            // Standard error: 1_585_046.
            .saturating_add(Weight::from_parts(96_402_864, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().reads((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 10068).saturating_mul(n.into()))
    }
    /// `m` from 1 to 24.
    fn batch_markets(m: u32, ) -> Weight {
        // Fastest run: 888_177 ns.
        Weight::from_parts(819_364_614, 174686)
            // Standard error: 1_690_363.
            .saturating_add(Weight::from_parts(54_907_320, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(232))
            .saturating_add(T::DbWeight::get().reads((10_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes((6_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 15102).saturating_mul(m.into()))
    }
    /// `n` from 1 to 24.
    fn batch_take(n: u32, ) -> Weight {
        // Fastest run: 1_088_895 ns.
        Weight::from_parts(668_406_112, 237108)
            // Standard error: 5_593_690.
            .saturating_add(Weight::from_parts(681_311_073, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(324))
            .saturating_add(T::DbWeight::get().reads((12_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((14_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 7551).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn check_margin(n: u32, ) -> Weight {
        // Fastest run: 440_423 ns.
        Weight::from_parts(148_923_022, 174686)
            // Standard error: 2_271_593.
            .saturating_add(Weight::from_parts(260_439_185, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(224))
    }
    /// `n` from 1 to 64.
    fn check_margin_light(n: u32, ) -> Weight {
        // Fastest run: 24_847 ns.
        Weight::from_parts(17_307_017, 7890)
            // Standard error: 19_027.
            .saturating_add(Weight::from_parts(8_639_274, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4))
    }
    fn free_action() -> Weight {
        // Fastest run: 611_778 ns.
        Weight::from_parts(638_627_000, 171972)
            .saturating_add(T::DbWeight::get().reads(162))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn free_action_counted() -> Weight {
        // Fastest run: 24_165 ns.
        Weight::from_parts(25_327_000, 3567)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn auction_level() -> Weight {
        // Fastest run: 37_996 ns.
        Weight::from_parts(39_048_000, 26160)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn auction_fill() -> Weight {
        // Fastest run: 913_685 ns.
        Weight::from_parts(952_032_000, 174686)
            .saturating_add(T::DbWeight::get().reads(247))
            .saturating_add(T::DbWeight::get().writes(27))
    }
    /// `f` from 1 to 24.
    /// `r` from 0 to 23.
    fn place_order_fill(f: u32, r: u32, ) -> Weight {
        // Fastest run: 16_631_347 ns.
        Weight::from_parts(747_364_824, 174686)
            // Standard error: 11_209_047.
            .saturating_add(Weight::from_parts(664_424_022, 0).saturating_mul(f.into()))
            // Standard error: 11_209_047.
            .saturating_add(Weight::from_parts(666_307_135, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(242))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(15))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(f.into()))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(r.into()))
    }
    fn cancel_order() -> Weight {
        // Fastest run: 116_222 ns.
        Weight::from_parts(137_044_000, 8541)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    /// `n` from 0 to 256.
    fn cancel_all(n: u32, ) -> Weight {
        // Fastest run: 28_722 ns.
        Weight::from_parts(14_837_105, 7890)
            // Standard error: 165_590.
            .saturating_add(Weight::from_parts(29_929_148, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 3774).saturating_mul(n.into()))
    }
    fn amend_order() -> Weight {
        // Fastest run: 110_905 ns.
        Weight::from_parts(113_438_000, 7890)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    /// `n` from 0 to 64.
    fn batch(n: u32, ) -> Weight {
        // Fastest run: 9_383 ns.
        Weight::from_parts(12_431_273, 990)
            // Standard error: 27_880.
            .saturating_add(Weight::from_parts(2_844_283, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2603).saturating_mul(n.into()))
    }
    fn order_terms() -> Weight {
        // Fastest run: 8_202 ns.
        Weight::from_parts(9_454_000, 3559)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn unfilled_fee() -> Weight {
        // Fastest run: 51_136 ns.
        Weight::from_parts(54_331_000, 7890)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn cancel_by_client_id() -> Weight {
        // Fastest run: 112_797 ns.
        Weight::from_parts(118_786_000, 8541)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn place_stop() -> Weight {
        // Fastest run: 396_178 ns.
        Weight::from_parts(409_948_000, 171972)
            .saturating_add(T::DbWeight::get().reads(163))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn cancel_stop() -> Weight {
        // Fastest run: 29_844 ns.
        Weight::from_parts(30_476_000, 4060)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `n` from 0 to 32.
    fn cancel_stops(n: u32, ) -> Weight {
        // Fastest run: 8_502 ns.
        Weight::from_parts(13_136_163, 4060)
            // Standard error: 98_161.
            .saturating_add(Weight::from_parts(9_176_517, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2558).saturating_mul(n.into()))
    }
    fn heartbeat() -> Weight {
        // Fastest run: 378_691 ns.
        Weight::from_parts(382_157_000, 171972)
            .saturating_add(T::DbWeight::get().reads(159))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_schedule() -> Weight {
        // Fastest run: 7_231 ns.
        Weight::from_parts(8_592_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn transfer() -> Weight {
        // Fastest run: 506_721 ns.
        Weight::from_parts(584_928_000, 171972)
            .saturating_add(T::DbWeight::get().reads(226))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// `m` from 1 to 64.
    fn poll_markets(m: u32, ) -> Weight {
        // Fastest run: 42_132 ns.
        Weight::from_parts(475_548, 3704)
            // Standard error: 339_374.
            .saturating_add(Weight::from_parts(24_547_242, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads((6_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 5116).saturating_mul(m.into()))
    }
    fn sweep_order() -> Weight {
        // Fastest run: 140_559 ns.
        Weight::from_parts(153_007_000, 8541)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn sweep_deadline() -> Weight {
        // Fastest run: 21_092 ns.
        Weight::from_parts(22_203_000, 3567)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn trigger_stop() -> Weight {
        // Fastest run: 48_962 ns.
        Weight::from_parts(49_063_000, 4060)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `f` from 1 to 24.
    /// `r` from 0 to 23.
    fn close(f: u32, r: u32, ) -> Weight {
        // Fastest run: 9_951_179 ns.
        Weight::from_parts(331_075_384, 174686)
            // Standard error: 2_102_128.
            .saturating_add(Weight::from_parts(418_467_988, 0).saturating_mul(f.into()))
            // Standard error: 2_102_128.
            .saturating_add(Weight::from_parts(403_280_934, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(204))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(6))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(f.into()))
            .saturating_add(Weight::from_parts(0, 6900).saturating_mul(r.into()))
    }
}
