//! Weights of the calls and hooks.
//!
//! The figures of `()` are for tests; a runtime has generated ones.

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// What each call and hook costs.
pub trait WeightInfo {
    /// `halt_market`.
    fn halt_market() -> Weight;
    /// `resume_market`.
    fn resume_market() -> Weight;
    /// `set_timing`.
    fn set_timing() -> Weight;
    /// `on_initialize` with `m` markets, all of which trip or reopen.
    fn on_initialize(m: u32) -> Weight;
}

impl WeightInfo for () {
    fn halt_market() -> Weight {
        Weight::from_parts(30_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads_writes(2, 1))
    }

    fn resume_market() -> Weight {
        Weight::from_parts(40_000_000, 6_000)
            .saturating_add(ParityDbWeight::get().reads_writes(4, 2))
    }

    fn set_timing() -> Weight {
        Weight::from_parts(10_000_000, 0).saturating_add(ParityDbWeight::get().writes(1))
    }

    fn on_initialize(m: u32) -> Weight {
        let m = u64::from(m);
        Weight::from_parts(10_000_000, 4_000)
            .saturating_add(Weight::from_parts(40_000_000, 10_000).saturating_mul(m))
            .saturating_add(ParityDbWeight::get().reads(m.saturating_mul(4).saturating_add(2)))
            .saturating_add(ParityDbWeight::get().writes(m.saturating_mul(2)))
    }
}
