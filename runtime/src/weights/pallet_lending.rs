//! Weights of `pallet_lending`, generated: `cargo xtask weights pallet_lending`.
//!
//! First figures, from the same kind of calls of other pallets. Time is of the compiled wasm
//! runtime without the database, whose accesses are counted.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, clippy::arithmetic_side_effects, missing_debug_implementations)]

use core::marker::PhantomData;
use polkadot_sdk::{
    frame_support::{traits::Get, weights::Weight},
    frame_system,
};

/// Weights of `pallet_lending`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_lending::WeightInfo for WeightInfo<T> {
    fn supply() -> Weight {
        Weight::from_parts(170_000_000, 6208)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn redeem() -> Weight {
        Weight::from_parts(200_000_000, 6208)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn set_params() -> Weight {
        Weight::from_parts(30_000_000, 3594)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// `m` from 1 to 64.
    fn on_initialize(m: u32, ) -> Weight {
        Weight::from_parts(100_000_000, 3594)
            .saturating_add(Weight::from_parts(8_000_000, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(Weight::from_parts(0, 2604).saturating_mul(m.into()))
    }
}
