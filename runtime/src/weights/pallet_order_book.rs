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
        // Fastest run: 1_982_340 ns.
        Weight::from_parts(4_992_895_000, 175198)
            .saturating_add(T::DbWeight::get().reads(242))
            .saturating_add(T::DbWeight::get().writes(12))
    }
    fn place_order_light() -> Weight {
        // Fastest run: 367_686 ns.
        Weight::from_parts(413_533_000, 16188)
            .saturating_add(T::DbWeight::get().reads(26))
            .saturating_add(T::DbWeight::get().writes(12))
    }
    /// `n` from 1 to 64.
    fn batch_place(n: u32, ) -> Weight {
        // Fastest run: 1_980_587 ns.
        Weight::from_parts(1_474_146_328, 175198)
            // Standard error: 24_333_228.
            .saturating_add(Weight::from_parts(209_970_087, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(239))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 5066).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn batch_replace(n: u32, ) -> Weight {
        // Fastest run: 2_039_685 ns.
        Weight::from_parts(2_534_344_351, 175198)
            // Standard error: 25_237_931.
            .saturating_add(Weight::from_parts(275_382_106, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(239))
            .saturating_add(T::DbWeight::get().reads((7_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes((8_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 10132).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn batch_cancel(n: u32, ) -> Weight {
        // Fastest run: 186_136 ns.
        Weight::from_parts(189_170_000, 7890)
            // Standard error: 8_559_068.
            .saturating_add(Weight::from_parts(138_218_672, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 5066).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn batch_undone(n: u32, ) -> Weight {
        // Fastest run: 353_244 ns.
        Weight::from_parts(374_856_000, 11122)
            // Standard error: 12_296_096.
            .saturating_add(Weight::from_parts(344_581_138, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().reads((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 10132).saturating_mul(n.into()))
    }
    /// `m` from 1 to 24.
    fn batch_markets(m: u32, ) -> Weight {
        // Fastest run: 1_891_415 ns.
        Weight::from_parts(1_779_358_159, 175198)
            // Standard error: 59_131_072.
            .saturating_add(Weight::from_parts(251_758_672, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(233))
            .saturating_add(T::DbWeight::get().reads((10_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes((6_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 15198).saturating_mul(m.into()))
    }
    /// `n` from 1 to 24.
    fn batch_take(n: u32, ) -> Weight {
        // Fastest run: 2_483_193 ns.
        Weight::from_parts(753_703_138, 237804)
            // Standard error: 80_541_904.
            .saturating_add(Weight::from_parts(2_651_629_277, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(325))
            .saturating_add(T::DbWeight::get().reads((12_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((14_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 7599).saturating_mul(n.into()))
    }
    /// `n` from 1 to 64.
    fn check_margin(n: u32, ) -> Weight {
        // Fastest run: 1_185_719 ns.
        Weight::from_parts(1_383_288_507, 175198)
            // Standard error: 21_274_970.
            .saturating_add(Weight::from_parts(1_059_590_742, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(225))
    }
    /// `n` from 1 to 64.
    fn check_margin_light(n: u32, ) -> Weight {
        // Fastest run: 31_947 ns.
        Weight::from_parts(32_879_273, 7890)
            // Standard error: 906_998.
            .saturating_add(Weight::from_parts(15_037_268, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(5))
    }
    fn free_action() -> Weight {
        // Fastest run: 1_196_535 ns.
        Weight::from_parts(1_242_032_000, 172476)
            .saturating_add(T::DbWeight::get().reads(163))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn free_action_counted() -> Weight {
        // Fastest run: 26_659 ns.
        Weight::from_parts(40_940_000, 3567)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn auction_level() -> Weight {
        // Fastest run: 110_874 ns.
        Weight::from_parts(113_177_000, 26320)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn auction_fill() -> Weight {
        // Fastest run: 2_404_747 ns.
        Weight::from_parts(2_531_334_000, 175198)
            .saturating_add(T::DbWeight::get().reads(248))
            .saturating_add(T::DbWeight::get().writes(27))
    }
    /// `f` from 1 to 24.
    /// `r` from 0 to 23.
    fn place_order_fill(f: u32, r: u32, ) -> Weight {
        // Fastest run: 55_237_435 ns.
        Weight::from_parts(9_904_612_698, 175198)
            // Standard error: 208_194_299.
            .saturating_add(Weight::from_parts(2_581_129_999, 0).saturating_mul(f.into()))
            // Standard error: 208_194_299.
            .saturating_add(Weight::from_parts(2_718_417_935, 0).saturating_mul(r.into()))
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
        // Fastest run: 151_905 ns.
        Weight::from_parts(175_971_000, 8589)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    /// `n` from 0 to 256.
    fn cancel_all(n: u32, ) -> Weight {
        // Fastest run: 21_652 ns.
        Weight::from_parts(25_488_000, 7890)
            // Standard error: 5_285_782.
            .saturating_add(Weight::from_parts(131_806_449, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 3798).saturating_mul(n.into()))
    }
    fn amend_order() -> Weight {
        // Fastest run: 129_592 ns.
        Weight::from_parts(133_037_000, 7890)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    /// `n` from 0 to 64.
    fn batch(n: u32, ) -> Weight {
        // Fastest run: 9_985 ns.
        Weight::from_parts(10_486_000, 990)
            // Standard error: 249_761.
            .saturating_add(Weight::from_parts(5_886_013, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2619).saturating_mul(n.into()))
    }
    fn order_terms() -> Weight {
        // Fastest run: 13_400 ns.
        Weight::from_parts(15_553_000, 3559)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn unfilled_fee() -> Weight {
        // Fastest run: 57_586 ns.
        Weight::from_parts(60_470_000, 7890)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn cancel_by_client_id() -> Weight {
        // Fastest run: 173_537 ns.
        Weight::from_parts(189_471_000, 8589)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn place_stop() -> Weight {
        // Fastest run: 753_798 ns.
        Weight::from_parts(801_018_000, 172476)
            .saturating_add(T::DbWeight::get().reads(164))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn cancel_stop() -> Weight {
        // Fastest run: 36_163 ns.
        Weight::from_parts(41_181_000, 4060)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `n` from 0 to 32.
    fn cancel_stops(n: u32, ) -> Weight {
        // Fastest run: 9_754 ns.
        Weight::from_parts(1_967_558, 4060)
            // Standard error: 823_488.
            .saturating_add(Weight::from_parts(15_150_084, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2558).saturating_mul(n.into()))
    }
    fn heartbeat() -> Weight {
        // Fastest run: 723_864 ns.
        Weight::from_parts(755_441_000, 172476)
            .saturating_add(T::DbWeight::get().reads(160))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_schedule() -> Weight {
        // Fastest run: 7_902 ns.
        Weight::from_parts(11_367_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn transfer() -> Weight {
        // Fastest run: 1_196_044 ns.
        Weight::from_parts(1_204_787_000, 172476)
            .saturating_add(T::DbWeight::get().reads(226))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// `m` from 1 to 64.
    fn poll_markets(m: u32, ) -> Weight {
        // Fastest run: 57_125 ns.
        Weight::from_parts(60_650_000, 3712)
            // Standard error: 737_258.
            .saturating_add(Weight::from_parts(39_916_006, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads((6_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 5116).saturating_mul(m.into()))
    }
    fn sweep_order() -> Weight {
        // Fastest run: 177_283 ns.
        Weight::from_parts(192_466_000, 8589)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn sweep_deadline() -> Weight {
        // Fastest run: 25_238 ns.
        Weight::from_parts(25_899_000, 3567)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn trigger_stop() -> Weight {
        // Fastest run: 61_411 ns.
        Weight::from_parts(65_317_000, 4060)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `f` from 1 to 24.
    /// `r` from 0 to 23.
    fn close(f: u32, r: u32, ) -> Weight {
        // Fastest run: 28_861_727 ns.
        Weight::from_parts(4_168_809_573, 175198)
            // Standard error: 123_870_604.
            .saturating_add(Weight::from_parts(1_113_672_131, 0).saturating_mul(f.into()))
            // Standard error: 123_870_604.
            .saturating_add(Weight::from_parts(1_279_797_414, 0).saturating_mul(r.into()))
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
