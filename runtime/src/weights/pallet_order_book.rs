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
        // Fastest run: 934_041 ns.
        Weight::from_parts(944_441_000, 164126)
            .saturating_add(T::DbWeight::get().reads(141))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    /// `f` from 1 to 32.
    /// `r` from 0 to 31.
    fn place_order_fill(f: u32, r: u32, ) -> Weight {
        // Fastest run: 33_177_332 ns.
        Weight::from_parts(5_283_251_136, 164126)
            // Standard error: 65_448_078.
            .saturating_add(Weight::from_parts(974_797_923, 0).saturating_mul(f.into()))
            // Standard error: 65_448_078.
            .saturating_add(Weight::from_parts(1_005_729_147, 0).saturating_mul(r.into()))
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
        // Fastest run: 154_300 ns.
        Weight::from_parts(161_633_000, 8589)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    /// `n` from 0 to 64.
    fn cancel_all(n: u32, ) -> Weight {
        // Fastest run: 21_099 ns.
        Weight::from_parts(41_407_000, 7373)
            // Standard error: 470_977.
            .saturating_add(Weight::from_parts(94_710_944, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 5066).saturating_mul(n.into()))
    }
    fn amend_order() -> Weight {
        // Fastest run: 77_675 ns.
        Weight::from_parts(82_575_000, 7373)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    /// `n` from 0 to 64.
    fn batch(n: u32, ) -> Weight {
        // Fastest run: 13_475 ns.
        Weight::from_parts(17_592_332, 990)
            // Standard error: 92_199.
            .saturating_add(Weight::from_parts(6_404_200, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2590).saturating_mul(n.into()))
    }
    /// `f` from 1 to 32.
    /// `r` from 0 to 31.
    fn close(f: u32, r: u32, ) -> Weight {
        // Fastest run: 18_490_592 ns.
        Weight::from_parts(18_538_693_000, 164126)
            // Standard error: 83_057_781.
            .saturating_add(Weight::from_parts(629_352_333, 0).saturating_mul(f.into()))
            // Standard error: 86_040_368.
            .saturating_add(Weight::from_parts(995_052_125, 0).saturating_mul(r.into()))
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
