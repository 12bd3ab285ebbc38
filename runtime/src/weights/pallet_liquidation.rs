//! Weights of `pallet_liquidation`, generated: `cargo xtask weights pallet_liquidation`.
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

/// Weights of `pallet_liquidation`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_liquidation::WeightInfo for WeightInfo<T> {
    /// `n` from 1 to 128.
    fn step_base(n: u32, ) -> Weight {
        // Fastest run: 61_205 ns.
        Weight::from_parts(32_506_541, 4047)
            // Standard error: 86_814.
            .saturating_add(Weight::from_parts(23_119_792, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(Weight::from_parts(0, 7566).saturating_mul(n.into()))
    }
    fn read_page() -> Weight {
        // Fastest run: 37_150 ns.
        Weight::from_parts(37_610_000, 8556)
            .saturating_add(T::DbWeight::get().reads(5))
    }
    /// `l` from 2 to 64.
    fn sweep_evaluate(l: u32, ) -> Weight {
        // Fastest run: 238_718 ns.
        Weight::from_parts(51_249_111, 25756)
            // Standard error: 1_061_058.
            .saturating_add(Weight::from_parts(84_208_969, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((7_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 7566).saturating_mul(l.into()))
    }
    /// `l` from 1 to 64.
    fn sweep_under(l: u32, ) -> Weight {
        // Fastest run: 146_374 ns.
        Weight::from_parts(98_637_185, 25756)
            // Standard error: 245_502.
            .saturating_add(Weight::from_parts(44_645_937, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(10))
            .saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 5044).saturating_mul(l.into()))
    }
    /// `m` from 1 to 64.
    fn report_backlog(m: u32, ) -> Weight {
        // Fastest run: 43_541 ns.
        Weight::from_parts(28_828_000, 1743)
            // Standard error: 132_383.
            .saturating_add(Weight::from_parts(18_959_925, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 2604).saturating_mul(m.into()))
    }
    /// `l` from 1 to 64.
    /// `o` from 0 to 16.
    /// `f` from 1 to 32.
    fn close_account(l: u32, o: u32, f: u32, ) -> Weight {
        // Fastest run: 9_754_370 ns.
        Weight::from_parts(528_126_473, 177040)
            // Standard error: 3_804_123.
            .saturating_add(Weight::from_parts(123_631_777, 0).saturating_mul(l.into()))
            // Standard error: 14_608_370.
            .saturating_add(Weight::from_parts(59_707_000, 0).saturating_mul(o.into()))
            // Standard error: 7_641_097.
            .saturating_add(Weight::from_parts(833_144_615, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(98))
            .saturating_add(T::DbWeight::get().reads((7_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().reads((15_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(24))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes((19_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 12378).saturating_mul(f.into()))
            .saturating_add(Weight::from_parts(0, 7566).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(0, 2590).saturating_mul(o.into()))
    }
    /// `l` from 1 to 64.
    fn value_account(l: u32, ) -> Weight {
        // Fastest run: 79_248 ns.
        Weight::from_parts(138_117_449, 25756)
            // Standard error: 754_177.
            .saturating_add(Weight::from_parts(25_114_111, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 2549).saturating_mul(l.into()))
    }
    fn close_miss() -> Weight {
        // Fastest run: 101_761 ns.
        Weight::from_parts(105_928_000, 8589)
            .saturating_add(T::DbWeight::get().reads(7))
    }
    fn cover_loss() -> Weight {
        // An estimate until the next measurement: 831_690 ns before the fund took over collateral.
        Weight::from_parts(2_500_000_000, 165000)
            .saturating_add(T::DbWeight::get().reads(180))
            .saturating_add(T::DbWeight::get().writes(60))
    }
    fn authorize_liquidate() -> Weight {
        // Fastest run: 784_912 ns.
        Weight::from_parts(800_381_000, 164126)
            .saturating_add(T::DbWeight::get().reads(132))
    }
    /// `l` from 1 to 64.
    /// `o` from 0 to 16.
    /// `f` from 1 to 32.
    fn liquidate(l: u32, o: u32, f: u32, ) -> Weight {
        // Fastest run: 10_111_360 ns.
        Weight::from_parts(10_129_755_000, 177040)
            // Standard error: 30_062_194.
            .saturating_add(Weight::from_parts(142_295_416, 0).saturating_mul(l.into()))
            // Standard error: 117_995_548.
            .saturating_add(Weight::from_parts(103_921_272, 0).saturating_mul(o.into()))
            // Standard error: 60_169_969.
            .saturating_add(Weight::from_parts(859_422_285, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(98))
            .saturating_add(T::DbWeight::get().reads((7_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().reads((15_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(24))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes((19_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 12378).saturating_mul(f.into()))
            .saturating_add(Weight::from_parts(0, 7566).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(0, 2590).saturating_mul(o.into()))
    }
    fn account_changed() -> Weight {
        // Fastest run: 956_914 ns.
        Weight::from_parts(964_028_000, 84318)
            .saturating_add(T::DbWeight::get().reads(123))
            .saturating_add(T::DbWeight::get().writes(30))
    }
    // Estimates until the next measurement.
    /// `l` from 1 to 64.
    fn retry_account(l: u32, ) -> Weight {
        Weight::from_parts(570_000_000, 60000)
            .saturating_add(Weight::from_parts(25_114_111, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(43))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(Weight::from_parts(0, 2549).saturating_mul(l.into()))
    }
    fn offer() -> Weight {
        Weight::from_parts(300_000_000, 30000)
            .saturating_add(T::DbWeight::get().reads(25))
    }
    fn take_over() -> Weight {
        Weight::from_parts(3_200_000_000, 150000)
            .saturating_add(T::DbWeight::get().reads(160))
            .saturating_add(T::DbWeight::get().writes(35))
    }
    fn search() -> Weight {
        Weight::from_parts(5_500_000_000, 150000)
            .saturating_add(T::DbWeight::get().reads(125))
    }
    fn deleverage() -> Weight {
        Weight::from_parts(3_200_000_000, 150000)
            .saturating_add(T::DbWeight::get().reads(160))
            .saturating_add(T::DbWeight::get().writes(28))
    }
    fn cut_profit() -> Weight {
        Weight::from_parts(2_600_000_000, 150000)
            .saturating_add(T::DbWeight::get().reads(150))
            .saturating_add(T::DbWeight::get().writes(26))
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
