//! Weights of `pallet_backstop`: estimates from measured calls of the same kind, until they are measured
//! (`cargo xtask weights pallet_backstop`).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, clippy::arithmetic_side_effects, missing_debug_implementations)]

use core::marker::PhantomData;
use polkadot_sdk::{
    frame_support::{traits::Get, weights::Weight},
    frame_system,
};

/// Weights of `pallet_backstop`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_backstop::WeightInfo for WeightInfo<T> {
    fn deposit(m: u32) -> Weight {
        Weight::from_parts(220_000_000, 7_404)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(8))
            .saturating_add(Weight::from_parts(80_000_000, 10_000).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(12_u64.saturating_mul(m.into())))
    }
    fn request_withdrawal() -> Weight {
        Weight::from_parts(30_000_000, 3_593)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn withdraw(m: u32) -> Weight {
        Weight::from_parts(240_000_000, 7_404)
            .saturating_add(T::DbWeight::get().reads(16))
            .saturating_add(T::DbWeight::get().writes(8))
            .saturating_add(Weight::from_parts(80_000_000, 10_000).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(12_u64.saturating_mul(m.into())))
    }
    fn set_parameters() -> Weight {
        Weight::from_parts(20_000_000, 1_600)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn step() -> Weight {
        Weight::from_parts(8_000_000, 1_600)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn unwind(f: u32) -> Weight {
        Weight::from_parts(250_000_000, 20_000)
            .saturating_add(T::DbWeight::get().reads(25))
            .saturating_add(T::DbWeight::get().writes(8))
            .saturating_add(Weight::from_parts(400_000_000, 20_000).saturating_mul(f.into()))
            .saturating_add(T::DbWeight::get().reads(20_u64.saturating_mul(f.into())))
            .saturating_add(T::DbWeight::get().writes(16_u64.saturating_mul(f.into())))
    }
    fn settle() -> Weight {
        Weight::from_parts(180_000_000, 7_404)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(10))
    }
}
