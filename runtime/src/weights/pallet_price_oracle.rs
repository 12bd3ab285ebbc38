//! Weights of `pallet_price_oracle`, generated: `cargo xtask weights pallet_price_oracle`.
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

/// Weights of `pallet_price_oracle`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_price_oracle::WeightInfo for WeightInfo<T> {
    fn register_feeder() -> Weight {
        // Fastest run: 107_642 ns.
        Weight::from_parts(111_389_000, 3592)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn unregister_feeder() -> Weight {
        // Fastest run: 303_990 ns.
        Weight::from_parts(313_598_000, 3592)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn admit_feeder() -> Weight {
        // Fastest run: 292_218 ns.
        Weight::from_parts(312_806_000, 3592)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn remove_feeder() -> Weight {
        // Fastest run: 309_410 ns.
        Weight::from_parts(326_322_000, 3592)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn set_quorum() -> Weight {
        // Fastest run: 13_305 ns.
        Weight::from_parts(14_157_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn add_asset() -> Weight {
        // Fastest run: 26_479 ns, without the start of the expected move.
        Weight::from_parts(71_026_000, 2959)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn remove_asset() -> Weight {
        // Fastest run: 576_481 ns.
        Weight::from_parts(591_689_000, 653790)
            .saturating_add(T::DbWeight::get().reads(261))
            .saturating_add(T::DbWeight::get().writes(293))
    }
    fn withdraw_bond() -> Weight {
        // Fastest run: 98_835 ns.
        Weight::from_parts(102_763_000, 3593)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn add_bond() -> Weight {
        // Fastest run: 102_192 ns.
        Weight::from_parts(104_295_000, 3593)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_hot_key() -> Weight {
        // Fastest run: 560_210 ns.
        Weight::from_parts(573_545_000, 3592)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(133))
    }
    fn claim_seat() -> Weight {
        // Fastest run: 938_169 ns.
        Weight::from_parts(970_821_000, 86856)
            .saturating_add(T::DbWeight::get().reads(68))
            .saturating_add(T::DbWeight::get().writes(132))
    }
    fn resume_feeder() -> Weight {
        // Fastest run: 906_190 ns.
        Weight::from_parts(943_269_000, 86856)
            .saturating_add(T::DbWeight::get().reads(69))
            .saturating_add(T::DbWeight::get().writes(132))
    }
    fn set_asset() -> Weight {
        // Fastest run: 21_300 ns, without the start of the expected move.
        Weight::from_parts(43_003_000, 2959)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_guards() -> Weight {
        // Fastest run: 12_233 ns.
        Weight::from_parts(13_095_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_scoring() -> Weight {
        // Fastest run: 11_893 ns.
        Weight::from_parts(12_704_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn slash_feeder() -> Weight {
        // Fastest run: 94_768 ns.
        Weight::from_parts(98_304_000, 6196)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    /// `a` from 1 to 64.
    fn on_initialize(a: u32, ) -> Weight {
        // Not measured yet: from the figures of `a` assets and 32 feeders.
        Weight::from_parts(60_000_000, 2959)
            .saturating_add(Weight::from_parts(50_000_000, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 7653).saturating_mul(a.into()))
    }
    /// `a` from 1 to 64.
    fn on_initialize_hours(a: u32, ) -> Weight {
        // Not measured yet.
        Weight::from_parts(60_000_000, 2959)
            .saturating_add(Weight::from_parts(110_000_000, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 12755).saturating_mul(a.into()))
    }
    /// `v` from 1 to 2048.
    fn read_feeds(v: u32, ) -> Weight {
        // Not measured yet.
        Weight::from_parts(20_000_000, 0)
            .saturating_add(Weight::from_parts(5_000_000, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(v.into())))
            .saturating_add(Weight::from_parts(0, 2551).saturating_mul(v.into()))
    }
    /// `f` from 1 to 32.
    fn close_round(f: u32, ) -> Weight {
        // Not measured yet.
        Weight::from_parts(60_000_000, 6196)
            .saturating_add(Weight::from_parts(45_000_000, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 5200).saturating_mul(f.into()))
    }
    /// `v` from 1 to 64.
    fn feed_values(v: u32, ) -> Weight {
        // Not measured yet: from the figures of a feed that reads 32 feeders.
        Weight::from_parts(120_000_000, 2959)
            .saturating_add(Weight::from_parts(20_000_000, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(v.into())))
            .saturating_add(Weight::from_parts(0, 2551).saturating_mul(v.into()))
    }
}
