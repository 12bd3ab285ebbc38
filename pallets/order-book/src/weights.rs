//! Weights of the calls.
//!
//! The figures of `()` are upper estimates from counting storage accesses, for tests; a runtime
//! uses the ones its benchmarks generate.

#![allow(clippy::arithmetic_side_effects, clippy::unnecessary_cast)]

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// Weights of the calls.
pub trait WeightInfo {
    /// An order that meets no other and rests on a tick of its own.
    fn place_order_rest() -> Weight;
    /// An order that fills `f` others and takes out `r` that margin refuses, each alone on its tick,
    /// and rests with what is left.
    fn place_order_fill(f: u32, r: u32) -> Weight;
    /// The cancellation of an order that is alone on its tick.
    fn cancel_order() -> Weight;
    /// The cancellation of `n` orders, each alone on its tick.
    fn cancel_all(n: u32) -> Weight;
    /// An order that is not the only one on its tick becomes smaller.
    fn amend_order() -> Weight;
    /// A batch of `n` actions, apart from the actions.
    fn batch(n: u32) -> Weight;
    /// A liquidation order that fills `f` others and takes out `r` that margin refuses, each alone
    /// on its tick.
    fn close(f: u32, r: u32) -> Weight;
}

impl WeightInfo for () {
    fn place_order_rest() -> Weight {
        Weight::from_parts(80_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(18_u64))
            .saturating_add(ParityDbWeight::get().writes(9_u64))
    }

    fn place_order_fill(f: u32, r: u32) -> Weight {
        Weight::from_parts(90_000_000, 12_000)
            .saturating_add(Weight::from_parts(75_000_000, 6_000).saturating_mul(f.into()))
            .saturating_add(Weight::from_parts(60_000_000, 6_000).saturating_mul(r.into()))
            .saturating_add(ParityDbWeight::get().reads(20_u64))
            .saturating_add(ParityDbWeight::get().reads((12_u64).saturating_mul(f.into())))
            .saturating_add(ParityDbWeight::get().reads((10_u64).saturating_mul(r.into())))
            .saturating_add(ParityDbWeight::get().writes(12_u64))
            .saturating_add(ParityDbWeight::get().writes((10_u64).saturating_mul(f.into())))
            .saturating_add(ParityDbWeight::get().writes((7_u64).saturating_mul(r.into())))
    }

    fn cancel_order() -> Weight {
        Weight::from_parts(45_000_000, 8_000)
            .saturating_add(ParityDbWeight::get().reads(9_u64))
            .saturating_add(ParityDbWeight::get().writes(7_u64))
    }

    fn cancel_all(n: u32) -> Weight {
        Weight::from_parts(15_000_000, 8_000)
            .saturating_add(Weight::from_parts(35_000_000, 4_000).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().reads((6_u64).saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
            .saturating_add(ParityDbWeight::get().writes((5_u64).saturating_mul(n.into())))
    }

    fn amend_order() -> Weight {
        Weight::from_parts(40_000_000, 8_000)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn batch(n: u32) -> Weight {
        Weight::from_parts(10_000_000, 4_000)
            .saturating_add(Weight::from_parts(8_000_000, 4_000).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(n.into()))
    }

    fn close(f: u32, r: u32) -> Weight {
        Weight::from_parts(40_000_000, 12_000)
            .saturating_add(Weight::from_parts(75_000_000, 6_000).saturating_mul(f.into()))
            .saturating_add(Weight::from_parts(60_000_000, 6_000).saturating_mul(r.into()))
            .saturating_add(ParityDbWeight::get().reads(10_u64))
            .saturating_add(ParityDbWeight::get().reads((12_u64).saturating_mul(f.into())))
            .saturating_add(ParityDbWeight::get().reads((10_u64).saturating_mul(r.into())))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
            .saturating_add(ParityDbWeight::get().writes((10_u64).saturating_mul(f.into())))
            .saturating_add(ParityDbWeight::get().writes((7_u64).saturating_mul(r.into())))
    }
}
