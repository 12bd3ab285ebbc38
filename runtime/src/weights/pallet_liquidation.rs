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
        // Fastest run: 54_110 ns.
        Weight::from_parts(37_393_504, 4047)
            // Standard error: 105_286.
            .saturating_add(Weight::from_parts(22_602_990, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(Weight::from_parts(0, 7566).saturating_mul(n.into()))
    }
    fn read_page() -> Weight {
        // Fastest run: 32_859 ns.
        Weight::from_parts(33_509_000, 8556)
            .saturating_add(T::DbWeight::get().reads(5))
    }
    /// `l` from 2 to 32.
    fn sweep_evaluate(l: u32, ) -> Weight {
        // Fastest run: 320_656 ns.
        Weight::from_parts(75_750_320, 7890)
            // Standard error: 4_165_432.
            .saturating_add(Weight::from_parts(126_420_033, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().reads((13_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(6))
            .saturating_add(T::DbWeight::get().writes((14_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 15132).saturating_mul(l.into()))
    }
    /// `l` from 1 to 32.
    fn sweep_under(l: u32, ) -> Weight {
        // Fastest run: 195_170 ns.
        Weight::from_parts(106_269_076, 7890)
            // Standard error: 482_224.
            .saturating_add(Weight::from_parts(90_861_588, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads((11_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(11))
            .saturating_add(T::DbWeight::get().writes((11_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 12610).saturating_mul(l.into()))
    }
    /// `m` from 1 to 64.
    fn report_backlog(m: u32, ) -> Weight {
        // Fastest run: 101_291 ns.
        Weight::from_parts(44_949_197, 6159)
            // Standard error: 260_858.
            .saturating_add(Weight::from_parts(15_470_386, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 2922).saturating_mul(m.into()))
    }
    /// `l` from 1 to 64.
    // By hand, of one fit with orders and fills: the larger base of two, with one fill.
    fn close_account(l: u32, ) -> Weight {
        Weight::from_parts(1_807_426_638, 114780)
            .saturating_add(Weight::from_parts(133_537_673, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(122))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(46))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 7580).saturating_mul(l.into()))
    }
    /// `o` from 1 to 16.
    // By hand, of the same fit.
    fn cancel_orders(o: u32, ) -> Weight {
        Weight::from_parts(50_000_000, 23271)
            .saturating_add(Weight::from_parts(29_939_575, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 2619).saturating_mul(o.into()))
    }
    /// `f` from 1 to 16.
    // By hand, of the same fit: the slope is what counts.
    fn close_fills(f: u32, ) -> Weight {
        Weight::from_parts(50_000_000, 23271)
            .saturating_add(Weight::from_parts(1_058_480_743, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(50))
            .saturating_add(T::DbWeight::get().reads((18_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(10))
            .saturating_add(T::DbWeight::get().writes((22_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 12378).saturating_mul(f.into()))
    }
    /// `l` from 1 to 64.
    fn value_account(l: u32, ) -> Weight {
        // Fastest run: 98_116 ns.
        Weight::from_parts(217_908_208, 23271)
            // Standard error: 2_086_439.
            .saturating_add(Weight::from_parts(42_836_499, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 2722).saturating_mul(l.into()))
    }
    fn close_miss() -> Weight {
        // Fastest run: 105_567 ns.
        Weight::from_parts(125_836_000, 8589)
            .saturating_add(T::DbWeight::get().reads(9))
    }
    /// `l` from 1 to 64.
    fn retry_account(l: u32, ) -> Weight {
        // Fastest run: 221_248 ns.
        Weight::from_parts(519_810_528, 23271)
            // Standard error: 3_719_873.
            .saturating_add(Weight::from_parts(35_859_179, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(34))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(Weight::from_parts(0, 2722).saturating_mul(l.into()))
    }
    fn offer() -> Weight {
        // Fastest run: 93_589 ns.
        Weight::from_parts(102_112_000, 14790)
            .saturating_add(T::DbWeight::get().reads(11))
    }
    fn take_over() -> Weight {
        // Fastest run: 499_982 ns.
        Weight::from_parts(559_140_000, 21690)
            .saturating_add(T::DbWeight::get().reads(36))
            .saturating_add(T::DbWeight::get().writes(20))
    }
    fn cover_loss() -> Weight {
        // Fastest run: 1_159_279 ns. The second line is not measured yet: a quote of a pool for each asset.
        Weight::from_parts(1_211_257_000, 88094)
            .saturating_add(Weight::from_parts(1_600_000_000, 170_000))
            .saturating_add(T::DbWeight::get().reads(94 + 192))
            .saturating_add(T::DbWeight::get().writes(44))
    }
    // Not measured yet: counted accesses, and time as of a takeover.
    fn sell_collateral() -> Weight {
        Weight::from_parts(600_000_000, 20_000)
            .saturating_add(T::DbWeight::get().reads(40))
            .saturating_add(T::DbWeight::get().writes(26))
    }
    fn search() -> Weight {
        // Fastest run: 1_420_637 ns.
        Weight::from_parts(1_432_305_000, 111390)
            .saturating_add(T::DbWeight::get().reads(64))
    }
    fn deleverage() -> Weight {
        // Fastest run: 2_148_847 ns.
        Weight::from_parts(2_212_091_000, 259580)
            .saturating_add(T::DbWeight::get().reads(265))
            .saturating_add(T::DbWeight::get().writes(42))
    }
    fn cut_profit() -> Weight {
        // Fastest run: 1_257_776 ns.
        Weight::from_parts(1_299_597_000, 98078)
            .saturating_add(T::DbWeight::get().reads(107))
            .saturating_add(T::DbWeight::get().writes(41))
    }
    /// `l` from 1 to 64.
    fn join(l: u32, ) -> Weight {
        // Fastest run: 246_005 ns.
        Weight::from_parts(363_868_791, 23271)
            // Standard error: 1_323_154.
            .saturating_add(Weight::from_parts(25_166_333, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(31))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(11))
            .saturating_add(Weight::from_parts(0, 2722).saturating_mul(l.into()))
    }
    // By hand: a valuation of 64 legs and another, a change of the account, and the fund.
    fn forced_fill() -> Weight {
        Weight::from_parts(7_000_000_000, 120000)
            .saturating_add(T::DbWeight::get().reads(350))
            .saturating_add(T::DbWeight::get().writes(45))
    }
    fn authorize_liquidate() -> Weight {
        // Fastest run: 835_339 ns.
        Weight::from_parts(843_661_000, 175198)
            .saturating_add(T::DbWeight::get().reads(164))
    }
    /// `l` from 1 to 64.
    // By hand, of one fit with orders and fills: the larger base of two, with one fill.
    fn liquidate(l: u32, ) -> Weight {
        Weight::from_parts(1_807_426_638, 114780)
            .saturating_add(Weight::from_parts(125_076_338, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(122))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(46))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 7580).saturating_mul(l.into()))
    }
    fn account_changed() -> Weight {
        // Fastest run: 1_024_079 ns.
        Weight::from_parts(1_054_864_000, 98078)
            .saturating_add(T::DbWeight::get().reads(133))
            .saturating_add(T::DbWeight::get().writes(38))
    }
}
