//! Weights of `pallet_liquidation`, generated: `cargo xtask weights pallet_liquidation`.
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

/// Weights of `pallet_liquidation`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_liquidation::WeightInfo for WeightInfo<T> {
    /// `n` from 1 to 128.
    fn step_base(n: u32, ) -> Weight {
        // Fastest run: 44_416 ns.
        Weight::from_parts(11_226_196, 4047)
            // Standard error: 239_290.
            .saturating_add(Weight::from_parts(14_023_936, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(Weight::from_parts(0, 7566).saturating_mul(n.into()))
    }
    fn read_page() -> Weight {
        // Fastest run: 22_494 ns.
        Weight::from_parts(23_335_000, 8556)
            .saturating_add(T::DbWeight::get().reads(5))
    }
    /// `l` from 2 to 32.
    fn sweep_evaluate(l: u32, ) -> Weight {
        // Fastest run: 185_415 ns.
        Weight::from_parts(35_879_159, 7890)
            // Standard error: 564_665.
            .saturating_add(Weight::from_parts(63_718_723, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((13_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(6))
            .saturating_add(T::DbWeight::get().writes((14_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 15132).saturating_mul(l.into()))
    }
    /// `l` from 1 to 32.
    fn sweep_under(l: u32, ) -> Weight {
        // Fastest run: 120_509 ns.
        Weight::from_parts(58_798_225, 7890)
            // Standard error: 1_281_423.
            .saturating_add(Weight::from_parts(48_254_228, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads((11_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(11))
            .saturating_add(T::DbWeight::get().writes((11_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 12610).saturating_mul(l.into()))
    }
    /// `m` from 1 to 64.
    fn report_backlog(m: u32, ) -> Weight {
        // Fastest run: 72_598 ns.
        Weight::from_parts(35_633_670, 6145)
            // Standard error: 183_206.
            .saturating_add(Weight::from_parts(10_710_704, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 2914).saturating_mul(m.into()))
    }
    /// `l` from 1 to 64.
    fn close_account(l: u32, ) -> Weight {
        // Fastest run: 1_085_851 ns.
        Weight::from_parts(1_220_824_048, 117019)
            // Standard error: 1_494_069.
            .saturating_add(Weight::from_parts(60_067_367, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(128))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(44))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 7566).saturating_mul(l.into()))
    }
    /// `o` from 1 to 16.
    fn cancel_orders(o: u32, ) -> Weight {
        // Fastest run: 98_496 ns.
        Weight::from_parts(100_642_098, 8541)
            // Standard error: 602_847.
            .saturating_add(Weight::from_parts(16_968_811, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(6))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 2603).saturating_mul(o.into()))
    }
    /// `f` from 2 to 16.
    fn close_fills(f: u32, ) -> Weight {
        // Fastest run: 1_313_338 ns.
        Weight::from_parts(335_172_285, 97822)
            // Standard error: 1_636_691.
            .saturating_add(Weight::from_parts(501_215_857, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(92))
            .saturating_add(T::DbWeight::get().reads((17_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(17))
            .saturating_add(T::DbWeight::get().writes((22_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 12378).saturating_mul(f.into()))
    }
    /// `l` from 1 to 64.
    fn value_account(l: u32, ) -> Weight {
        // Fastest run: 64_105 ns.
        Weight::from_parts(153_478_614, 23213)
            // Standard error: 1_031_480.
            .saturating_add(Weight::from_parts(15_226_802, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(16))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 2714).saturating_mul(l.into()))
    }
    fn close_miss() -> Weight {
        // Fastest run: 69_693 ns.
        Weight::from_parts(80_860_000, 8541)
            .saturating_add(T::DbWeight::get().reads(9))
    }
    /// `l` from 1 to 64.
    fn retry_account(l: u32, ) -> Weight {
        // Fastest run: 150_092 ns.
        Weight::from_parts(300_782_798, 23213)
            // Standard error: 1_304_469.
            .saturating_add(Weight::from_parts(16_669_285, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(33))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(Weight::from_parts(0, 2714).saturating_mul(l.into()))
    }
    fn offer() -> Weight {
        // Fastest run: 71_857 ns.
        Weight::from_parts(86_889_000, 14790)
            .saturating_add(T::DbWeight::get().reads(10))
    }
    fn take_over() -> Weight {
        // Fastest run: 368_917 ns.
        Weight::from_parts(411_921_000, 21690)
            .saturating_add(T::DbWeight::get().reads(36))
            .saturating_add(T::DbWeight::get().writes(20))
    }
    fn cover_loss() -> Weight {
        // Fastest run: 1_724_748 ns.
        Weight::from_parts(1_762_534_000, 167966)
            .saturating_add(T::DbWeight::get().reads(223))
            .saturating_add(T::DbWeight::get().writes(44))
    }
    fn sell_collateral() -> Weight {
        // Fastest run: 317_772 ns.
        Weight::from_parts(326_104_000, 16644)
            .saturating_add(T::DbWeight::get().reads(28))
            .saturating_add(T::DbWeight::get().writes(15))
    }
    fn search() -> Weight {
        // Fastest run: 790_822 ns.
        Weight::from_parts(813_497_000, 111390)
            .saturating_add(T::DbWeight::get().reads(63))
    }
    fn deleverage() -> Weight {
        // Fastest run: 1_187_741 ns.
        Weight::from_parts(1_259_849_000, 258820)
            .saturating_add(T::DbWeight::get().reads(264))
            .saturating_add(T::DbWeight::get().writes(42))
    }
    fn cut_profit() -> Weight {
        // Fastest run: 774_188 ns.
        Weight::from_parts(799_336_000, 97822)
            .saturating_add(T::DbWeight::get().reads(106))
            .saturating_add(T::DbWeight::get().writes(41))
    }
    /// `l` from 1 to 64.
    fn join(l: u32, ) -> Weight {
        // Fastest run: 156_652 ns.
        Weight::from_parts(212_867_891, 23213)
            // Standard error: 565_016.
            .saturating_add(Weight::from_parts(13_554_191, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(30))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(11))
            .saturating_add(Weight::from_parts(0, 2714).saturating_mul(l.into()))
    }
    fn forced_fill() -> Weight {
        // Fastest run: 1_065_981 ns.
        Weight::from_parts(1_130_667_000, 174686)
            .saturating_add(T::DbWeight::get().reads(169))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn authorize_liquidate() -> Weight {
        // Fastest run: 462_827 ns.
        Weight::from_parts(486_552_000, 174686)
            .saturating_add(T::DbWeight::get().reads(163))
    }
    /// `l` from 1 to 64.
    fn liquidate(l: u32, ) -> Weight {
        // Fastest run: 1_099_831 ns.
        Weight::from_parts(1_357_767_269, 117019)
            // Standard error: 2_316_444.
            .saturating_add(Weight::from_parts(61_931_855, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(128))
            .saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().writes(44))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 7566).saturating_mul(l.into()))
    }
    fn account_changed() -> Weight {
        // Fastest run: 540_602 ns.
        Weight::from_parts(556_205_000, 97822)
            .saturating_add(T::DbWeight::get().reads(132))
            .saturating_add(T::DbWeight::get().writes(38))
    }
}
