//! Weights of the calls and hooks.
//!
//! The figures of `()` are for tests; a runtime has generated ones.

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// What each call and hook costs.
pub trait WeightInfo {
    /// `register_feeder`.
    fn register_feeder() -> Weight;
    /// `unregister_feeder`, active, with the most assets.
    fn unregister_feeder() -> Weight;
    /// `admit_feeder`, with the most feeders and assets.
    fn admit_feeder() -> Weight;
    /// `remove_feeder`, with the most feeders and assets.
    fn remove_feeder() -> Weight;
    /// `set_quorum`.
    fn set_quorum() -> Weight;
    /// `add_asset`.
    fn add_asset() -> Weight;
    /// `remove_asset`, with a full history and the most feeders.
    fn remove_asset() -> Weight;
    /// `withdraw_bond`.
    fn withdraw_bond() -> Weight;
    /// `add_bond`.
    fn add_bond() -> Weight;
    /// `set_hot_key`, active, with the most feeders and assets.
    fn set_hot_key() -> Weight;
    /// `claim_seat` that displaces one of the most feeders, with the most assets.
    fn claim_seat() -> Weight;
    /// `resume_feeder` that displaces one of the most feeders, with the most assets.
    fn resume_feeder() -> Weight;
    /// `set_asset` with another tier, before the first hour.
    fn set_asset() -> Weight;
    /// `set_guards`.
    fn set_guards() -> Weight;
    /// `set_scoring`.
    fn set_scoring() -> Weight;
    /// `slash_feeder`.
    fn slash_feeder() -> Weight;
    /// `on_initialize` with `a` assets and one feeder, in most blocks.
    fn on_initialize(a: u32) -> Weight;
    /// The same when an hour of every asset ends.
    fn on_initialize_hours(a: u32) -> Weight;
    /// What it is more with `v` values: feeders times assets, which no sum of a slope for each of them
    /// bounds. Reading, sorting and marking them, as many of each asset as there can be.
    fn read_feeds(v: u32) -> Weight;
    /// What it is more when a round of `f` feeders ends, and as many of them as can be are suspended and
    /// slashed.
    fn close_round(f: u32) -> Weight;
    /// The SDK's `Oracle.feed_values` with `v` values, among as many feeders as there can be.
    fn feed_values(v: u32) -> Weight;
}

/// So many thousands of nanoseconds, reads and writes.
fn estimate(micros: u64, reads: u64, writes: u64) -> Weight {
    // Saturation: estimates are far from the end of a u64.
    Weight::from_parts(
        micros.saturating_mul(1_000_000),
        reads.saturating_mul(2_600),
    )
    .saturating_add(ParityDbWeight::get().reads_writes(reads, writes))
}

impl WeightInfo for () {
    fn register_feeder() -> Weight {
        estimate(60, 4, 4)
    }

    fn unregister_feeder() -> Weight {
        estimate(80, 5, 67)
    }

    fn admit_feeder() -> Weight {
        estimate(80, 5, 67)
    }

    fn remove_feeder() -> Weight {
        estimate(80, 5, 67)
    }

    fn set_quorum() -> Weight {
        estimate(10, 0, 1)
    }

    fn add_asset() -> Weight {
        estimate(40, 2, 2)
    }

    fn remove_asset() -> Weight {
        estimate(250, 325, 293)
    }

    fn withdraw_bond() -> Weight {
        estimate(60, 3, 4)
    }

    fn add_bond() -> Weight {
        estimate(60, 3, 3)
    }

    fn set_hot_key() -> Weight {
        estimate(150, 6, 133)
    }

    fn claim_seat() -> Weight {
        estimate(250, 70, 133)
    }

    fn resume_feeder() -> Weight {
        estimate(250, 70, 133)
    }

    fn set_asset() -> Weight {
        estimate(40, 2, 2)
    }

    fn set_guards() -> Weight {
        estimate(10, 0, 1)
    }

    fn set_scoring() -> Weight {
        estimate(10, 0, 1)
    }

    fn slash_feeder() -> Weight {
        estimate(70, 4, 4)
    }

    fn on_initialize(a: u32) -> Weight {
        estimate(50, 6, 1).saturating_add(estimate(50, 2, 2).saturating_mul(u64::from(a)))
    }

    fn on_initialize_hours(a: u32) -> Weight {
        Self::on_initialize(a).saturating_add(estimate(70, 1, 1).saturating_mul(u64::from(a)))
    }

    fn read_feeds(v: u32) -> Weight {
        estimate(10, 0, 0).saturating_add(estimate(5, 1, 0).saturating_mul(u64::from(v)))
    }

    fn close_round(f: u32) -> Weight {
        estimate(40, 5, 2).saturating_add(estimate(40, 3, 2).saturating_mul(u64::from(f)))
    }

    fn feed_values(v: u32) -> Weight {
        // The SDK's call looks for a value of its own account and for an aggregate; there are none.
        estimate(60, 4, 1).saturating_add(estimate(20, 2, 1).saturating_mul(u64::from(v)))
    }
}
