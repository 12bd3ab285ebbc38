//! Weights of `pallet_liquidation`.
//!
//! The figures of `()` are upper bounds by counted storage accesses at the SDK's ParityDB
//! constants, for tests; a runtime uses what its benchmarks generate.

#![allow(missing_docs)]

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// Weight functions needed for `pallet_liquidation`.
pub trait WeightInfo {
    /// Start of step 3 with `n` factors that hold triggers.
    fn step_base(n: u32) -> Weight;
    /// Reading one page of a cell and moving on.
    fn read_page() -> Weight;
    /// Evaluating an account with `l` legs that turns out healthy; all its triggers move.
    fn sweep_evaluate(l: u32) -> Weight;
    /// Evaluating an account with `l` legs that is under maintenance and becomes known.
    fn sweep_under(l: u32) -> Weight;
    /// Closing an account with `o` orders in `f` fills.
    fn close_account(o: u32, f: u32) -> Weight;
    /// Trying a market in which nothing fills.
    fn close_miss() -> Weight;
    /// Bringing the debt of a flat account to the fund.
    fn cover_loss() -> Weight;
    /// Checking that a free `liquidate` is valid.
    fn authorize_liquidate() -> Weight;
    /// The call, for an account with `o` orders closed in `f` fills.
    fn liquidate(o: u32, f: u32) -> Weight;
    /// `AccountObserver::account_changed` for an account with `l` legs, all of whose triggers move.
    fn account_changed(l: u32) -> Weight;
}

fn weight(micros: u64, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(micros.saturating_mul(1_000_000), 0)
        .saturating_add(ParityDbWeight::get().reads(reads))
        .saturating_add(ParityDbWeight::get().writes(writes))
}

fn each(one: Weight, count: u32) -> Weight {
    one.saturating_mul(u64::from(count))
}

impl WeightInfo for () {
    fn step_base(n: u32) -> Weight {
        // Factors, two cursors, classes, saturation; per factor its parameters, price and bits.
        weight(20, 6, 4).saturating_add(each(weight(2, 4, 0), n))
    }
    fn read_page() -> Weight {
        weight(10, 4, 0)
    }
    fn sweep_evaluate(l: u32) -> Weight {
        weight(20, 4, 3).saturating_add(each(weight(15, 10, 8), l))
    }
    fn sweep_under(l: u32) -> Weight {
        weight(20, 8, 6).saturating_add(each(weight(10, 8, 5), l))
    }
    fn close_account(o: u32, f: u32) -> Weight {
        weight(100, 30, 12)
            .saturating_add(each(weight(20, 6, 6), o))
            .saturating_add(each(weight(60, 30, 25), f))
    }
    fn close_miss() -> Weight {
        weight(15, 8, 0)
    }
    fn cover_loss() -> Weight {
        weight(30, 10, 10)
    }
    fn authorize_liquidate() -> Weight {
        weight(30, 30, 0)
    }
    fn liquidate(o: u32, f: u32) -> Weight {
        Self::close_account(o, f).saturating_add(weight(5, 2, 0))
    }
    fn account_changed(l: u32) -> Weight {
        Self::sweep_evaluate(l)
    }
}
