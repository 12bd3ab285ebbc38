//! Weights of `pallet_order_book`, generated: `cargo xtask weights pallet_order_book`.
//!
//! 2026-11-24, 8 steps, 4 repeats, AMD EPYC. Time is of the compiled wasm
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
        // Fastest run: 917_570 ns.
        Weight::from_parts(982_733_000, 164126)
            .saturating_add(T::DbWeight::get().reads(141))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    /// `f` from 1 to 32.
    /// `r` from 0 to 31.
    fn place_order_fill(f: u32, r: u32, ) -> Weight {
        // Fastest run: 32_390_066 ns.
        Weight::from_parts(1_276_804_153, 164126)
            // Standard error: 12_117_144.
            .saturating_add(Weight::from_parts(1_011_465_846, 0).saturating_mul(f.into()))
            // Standard error: 12_117_144.
            .saturating_add(Weight::from_parts(1_001_190_243, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(143))
            .saturating_add(T::DbWeight::get().reads((7_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().reads((6_u64).saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(13))
            .saturating_add(T::DbWeight::get().writes((6_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes((6_u64).saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 6383).saturating_mul(f.into()))
            .saturating_add(Weight::from_parts(0, 6383).saturating_mul(r.into()))
    }
    fn cancel_order() -> Weight {
        // Fastest run: 149_650 ns.
        Weight::from_parts(160_421_000, 8589)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    /// `n` from 0 to 64.
    fn cancel_all(n: u32, ) -> Weight {
        // Fastest run: 21_861 ns.
        Weight::from_parts(54_266_500, 7373)
            // Standard error: 321_003.
            .saturating_add(Weight::from_parts(94_540_534, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 5066).saturating_mul(n.into()))
    }
    fn amend_order() -> Weight {
        // Fastest run: 74_560 ns.
        Weight::from_parts(78_848_000, 7373)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `n` from 0 to 64.
    fn batch(n: u32, ) -> Weight {
        // Fastest run: 14_257 ns.
        Weight::from_parts(18_480_469, 990)
            // Standard error: 75_385.
            .saturating_add(Weight::from_parts(6_304_564, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2590).saturating_mul(n.into()))
    }
    fn order_terms() -> Weight {
        Weight::from_parts(20_000_000, 3_000)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn cancel_by_client_id() -> Weight {
        Weight::from_parts(180_000_000, 9_000)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(9))
    }
    fn place_stop() -> Weight {
        Weight::from_parts(900_000_000, 165_000)
            .saturating_add(T::DbWeight::get().reads(141))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn cancel_stop() -> Weight {
        Weight::from_parts(90_000_000, 8_000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn cancel_stops(n: u32, ) -> Weight {
        Weight::from_parts(20_000_000, 4_000)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(0))
            .saturating_add(Weight::from_parts(70_000_000, 4_000).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(n.into())))
    }
    fn heartbeat() -> Weight {
        Weight::from_parts(900_000_000, 165_000)
            .saturating_add(T::DbWeight::get().reads(141))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_schedule() -> Weight {
        Weight::from_parts(25_000_000, 1_000)
            .saturating_add(T::DbWeight::get().reads(0))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn transfer() -> Weight {
        Weight::from_parts(2_200_000_000, 330_000)
            .saturating_add(T::DbWeight::get().reads(280))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn poll_markets(m: u32, ) -> Weight {
        Weight::from_parts(40_000_000, 8_000)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(0))
            .saturating_add(Weight::from_parts(60_000_000, 6_000).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads((6_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes((0_u64).saturating_mul(m.into())))
    }
    fn sweep_order() -> Weight {
        Weight::from_parts(250_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(10))
    }
    fn sweep_deadline() -> Weight {
        Weight::from_parts(60_000_000, 6_000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn trigger_stop() -> Weight {
        Weight::from_parts(110_000_000, 8_000)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn unfilled_fee() -> Weight {
        Weight::from_parts(60_000_000, 9_000)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn free_action() -> Weight {
        Weight::from_parts(1_500_000_000, 165_000)
            .saturating_add(T::DbWeight::get().reads(141))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn free_action_counted() -> Weight {
        Weight::from_parts(30_000_000, 5_000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn place_order_light() -> Weight {
        Weight::from_parts(300_000_000, 20_000)
            .saturating_add(T::DbWeight::get().reads(22))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn place_order_unchecked() -> Weight {
        Weight::from_parts(400_000_000, 30_000)
            .saturating_add(T::DbWeight::get().reads(24))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn check_margin() -> Weight {
        Weight::from_parts(950_000_000, 165_000)
            .saturating_add(T::DbWeight::get().reads(135))
    }
    fn auction_level() -> Weight {
        Weight::from_parts(60_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn auction_fill() -> Weight {
        Weight::from_parts(2_600_000_000, 330_000)
            .saturating_add(T::DbWeight::get().reads(290))
            .saturating_add(T::DbWeight::get().writes(28))
    }
    /// `f` from 1 to 32.
    /// `r` from 0 to 31.
    fn close(f: u32, r: u32, ) -> Weight {
        // Fastest run: 18_830_911 ns.
        Weight::from_parts(192_856_321, 164126)
            // Standard error: 3_340_057.
            .saturating_add(Weight::from_parts(603_711_653, 0).saturating_mul(f.into()))
            // Standard error: 3_340_057.
            .saturating_add(Weight::from_parts(586_897_822, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(136))
            .saturating_add(T::DbWeight::get().reads((7_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().reads((6_u64).saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(6))
            .saturating_add(T::DbWeight::get().writes((6_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes((6_u64).saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 6383).saturating_mul(f.into()))
            .saturating_add(Weight::from_parts(0, 6383).saturating_mul(r.into()))
    }
}
