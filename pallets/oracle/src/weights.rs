//! Weights of the calls and hooks.
//!
//! The figures of `()` are for tests; a runtime has generated ones.

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// What each call and hook costs.
pub trait WeightInfo {
    /// `register_feeder`.
    fn register_feeder() -> Weight;
    /// `unregister_feeder`, admitted, with the most assets.
    fn unregister_feeder() -> Weight;
    /// `admit_feeder`.
    fn admit_feeder() -> Weight;
    /// `remove_feeder`, with the most assets.
    fn remove_feeder() -> Weight;
    /// `set_quorum`.
    fn set_quorum() -> Weight;
    /// `add_asset`.
    fn add_asset() -> Weight;
    /// `remove_asset`.
    fn remove_asset() -> Weight;
    /// `on_initialize` with `f` feeders and `a` assets.
    fn on_initialize(f: u32, a: u32) -> Weight;
}

impl WeightInfo for () {
    fn register_feeder() -> Weight {
        Weight::from_parts(60_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads_writes(3, 3))
    }

    fn unregister_feeder() -> Weight {
        Weight::from_parts(120_000_000, 8_000)
            .saturating_add(ParityDbWeight::get().reads_writes(5, 68))
    }

    fn admit_feeder() -> Weight {
        Weight::from_parts(30_000_000, 6_000)
            .saturating_add(ParityDbWeight::get().reads_writes(2, 2))
    }

    fn remove_feeder() -> Weight {
        Weight::from_parts(80_000_000, 8_000)
            .saturating_add(ParityDbWeight::get().reads_writes(3, 66))
    }

    fn set_quorum() -> Weight {
        Weight::from_parts(10_000_000, 0).saturating_add(ParityDbWeight::get().writes(1))
    }

    fn add_asset() -> Weight {
        Weight::from_parts(20_000_000, 2_000)
            .saturating_add(ParityDbWeight::get().reads_writes(1, 1))
    }

    fn remove_asset() -> Weight {
        Weight::from_parts(20_000_000, 2_000)
            .saturating_add(ParityDbWeight::get().reads_writes(1, 2))
    }

    fn on_initialize(f: u32, a: u32) -> Weight {
        let (f, a) = (u64::from(f), u64::from(a));
        let values = f.saturating_mul(a);
        Weight::from_parts(10_000_000, 6_000)
            .saturating_add(Weight::from_parts(8_000_000, 2_600).saturating_mul(a))
            .saturating_add(Weight::from_parts(2_000_000, 2_600).saturating_mul(values))
            .saturating_add(ParityDbWeight::get().reads(values.saturating_add(a).saturating_add(3)))
            .saturating_add(ParityDbWeight::get().writes(a))
    }
}
