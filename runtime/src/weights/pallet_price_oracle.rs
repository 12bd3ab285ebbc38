//! Weights of `pallet_price_oracle`, generated: `cargo xtask weights pallet_price_oracle`.
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

/// Weights of `pallet_price_oracle`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_price_oracle::WeightInfo for WeightInfo<T> {
    fn register_feeder() -> Weight {
        // Fastest run: 82_943 ns.
        Weight::from_parts(87_731_000, 3592)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn unregister_feeder() -> Weight {
        // Fastest run: 277_702 ns.
        Weight::from_parts(284_332_000, 3592)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn admit_feeder() -> Weight {
        // Fastest run: 273_185 ns.
        Weight::from_parts(294_918_000, 3592)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn remove_feeder() -> Weight {
        // Fastest run: 266_966 ns.
        Weight::from_parts(270_622_000, 3592)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(67))
    }
    fn set_quorum() -> Weight {
        // Fastest run: 7_271 ns.
        Weight::from_parts(8_893_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn add_asset() -> Weight {
        // Fastest run: 41_351 ns.
        Weight::from_parts(46_069_000, 3940)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn remove_asset() -> Weight {
        // Fastest run: 518_168 ns.
        Weight::from_parts(550_616_000, 658142)
            .saturating_add(T::DbWeight::get().reads(265))
            .saturating_add(T::DbWeight::get().writes(291))
    }
    fn withdraw_bond() -> Weight {
        // Fastest run: 77_204 ns.
        Weight::from_parts(78_256_000, 3593)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn add_bond() -> Weight {
        // Fastest run: 79_608 ns.
        Weight::from_parts(82_082_000, 3593)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_hot_key() -> Weight {
        // Fastest run: 480_082 ns.
        Weight::from_parts(537_678_000, 3592)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(133))
    }
    fn claim_seat() -> Weight {
        // Fastest run: 787_558 ns.
        Weight::from_parts(829_020_000, 86856)
            .saturating_add(T::DbWeight::get().reads(68))
            .saturating_add(T::DbWeight::get().writes(132))
    }
    fn resume_feeder() -> Weight {
        // Fastest run: 798_674 ns.
        Weight::from_parts(808_259_000, 86856)
            .saturating_add(T::DbWeight::get().reads(69))
            .saturating_add(T::DbWeight::get().writes(132))
    }
    fn set_asset() -> Weight {
        // Fastest run: 38_978 ns.
        Weight::from_parts(43_504_000, 3940)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_guards() -> Weight {
        // Fastest run: 6_650 ns.
        Weight::from_parts(9_304_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_scoring() -> Weight {
        // Fastest run: 6_880 ns.
        Weight::from_parts(7_961_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn slash_feeder() -> Weight {
        // Fastest run: 73_039 ns.
        Weight::from_parts(74_941_000, 6196)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    /// `a` from 1 to 64.
    fn on_initialize(a: u32, ) -> Weight {
        // Fastest run: 36_104 ns.
        Weight::from_parts(13_628_222, 2959)
            // Standard error: 223_544.
            .saturating_add(Weight::from_parts(19_038_236, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 2722).saturating_mul(a.into()))
    }
    /// `a` from 1 to 64.
    fn on_initialize_hours(a: u32, ) -> Weight {
        // Fastest run: 63_054 ns.
        Weight::from_parts(15_310_611, 2959)
            // Standard error: 293_598.
            .saturating_add(Weight::from_parts(39_913_574, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 2950).saturating_mul(a.into()))
    }
    /// `v` from 1 to 2048.
    fn read_feeds(v: u32, ) -> Weight {
        // Fastest run: 25_578 ns.
        Weight::from_parts(64_655_833, 990)
            // Standard error: 185_263.
            .saturating_add(Weight::from_parts(5_910_092, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(v.into())))
            .saturating_add(Weight::from_parts(0, 2551).saturating_mul(v.into()))
    }
    /// `f` from 1 to 32.
    fn close_round(f: u32, ) -> Weight {
        // Fastest run: 17_887 ns.
        Weight::from_parts(18_177_000, 3568)
            // Standard error: 409_399.
            .saturating_add(Weight::from_parts(32_312_538, 0).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(f.into())))
            .saturating_add(Weight::from_parts(0, 2602).saturating_mul(f.into()))
    }
    /// `v` from 1 to 64.
    fn feed_values(v: u32, ) -> Weight {
        // Fastest run: 90_153 ns.
        Weight::from_parts(89_960_458, 2959)
            // Standard error: 47_562.
            .saturating_add(Weight::from_parts(8_809_749, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(v.into())))
            .saturating_add(Weight::from_parts(0, 2551).saturating_mul(v.into()))
    }
}
