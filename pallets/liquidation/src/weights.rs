//! Weights of `pallet_liquidation`.
//!
//! The figures of `()` are upper bounds by counted storage accesses at the SDK's ParityDB
//! constants, for tests; a runtime uses what its benchmarks generate.

#![allow(missing_docs)]

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// Weight functions needed for `pallet_liquidation`. Legs are at most `MaxLegs`.
pub trait WeightInfo {
    /// Start and end of step 3 with `n` factors that hold triggers, the breaker apart.
    fn step_base(n: u32) -> Weight;
    /// Reading one page of a cell and moving on.
    fn read_page() -> Weight;
    /// Evaluating a stale account with `l` legs that turns out healthy; all its triggers move.
    fn sweep_evaluate(l: u32) -> Weight;
    /// Evaluating a stale account with `l` legs that is under maintenance and becomes known; all its
    /// triggers go.
    fn sweep_under(l: u32) -> Weight;
    /// Telling the breaker of a backlog in `m` markets.
    fn report_backlog(m: u32) -> Weight;
    /// Closing an account with `l` legs and no orders in one fill; all its triggers go and come back.
    fn close_account(l: u32) -> Weight;
    /// Cancelling `o` orders of an account that is closed.
    fn cancel_orders(o: u32) -> Weight;
    /// Sending a position to the book, where it fills `f` times.
    fn close_fills(f: u32) -> Weight;
    /// Valuing an account with `l` legs for a closing that moves none of its triggers.
    fn value_account(l: u32) -> Weight;
    /// Trying a market in which nothing fills.
    fn close_miss() -> Weight;
    /// Trying a parked account with `l` legs again, in as many markets as an attempt may, in vain; the
    /// vault is not asked.
    fn retry_account(l: u32) -> Weight;
    /// Asking the backstop vault about a position.
    fn offer() -> Weight;
    /// Giving it a position of an account that is as large as it can be, asking apart.
    fn take_over() -> Weight;
    /// Bringing the debt of a flat account to the fund, which takes over its collateral, as many assets
    /// as there can be, and cannot pay all of it. Each asset has a pool, none of which pays enough.
    fn cover_loss() -> Weight;
    /// Selling one asset of its collateral in a pool.
    fn sell_collateral() -> Weight;
    /// One search for positions that could pay, with as many accounts and holdings as it may look at.
    fn search() -> Weight;
    /// Closing one opposite position against an account, both as large as they can be.
    fn deleverage() -> Weight;
    /// Taking profit out of one position of an account that is as large as it can be.
    fn cut_profit() -> Weight;
    /// Valuing an account with `l` legs and putting its closing order into an auction.
    fn join(l: u32) -> Weight;
    /// Taking the fee of what an auction fills of an account that is as large as it can be.
    fn forced_fill() -> Weight;
    /// Checking that a free `liquidate` is valid.
    fn authorize_liquidate() -> Weight;
    /// The call, for an account with `l` legs and no orders closed in one fill.
    fn liquidate(l: u32) -> Weight;
    /// `AccountObserver::account_changed`, whatever the account: an account with as many triggers as
    /// are put right at once, all of which move. With more it only becomes stale, which is cheaper.
    fn account_changed() -> Weight;
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
        weight(30, 10, 9).saturating_add(each(weight(15, 10, 8), l))
    }
    fn sweep_under(l: u32) -> Weight {
        weight(30, 12, 10).saturating_add(each(weight(10, 8, 5), l))
    }
    fn report_backlog(m: u32) -> Weight {
        weight(10, 3, 2).saturating_add(each(weight(5, 3, 1), m))
    }
    fn close_account(l: u32) -> Weight {
        weight(150, 35, 20)
            .saturating_add(each(weight(20, 12, 8), l))
            .saturating_add(Self::close_fills(1))
    }
    fn cancel_orders(o: u32) -> Weight {
        each(weight(20, 6, 6), o)
    }
    fn close_fills(f: u32) -> Weight {
        // Two accounts in the ledger, the maker's order and level, up to four triggers.
        each(weight(150, 60, 50), f)
    }
    fn value_account(l: u32) -> Weight {
        weight(20, 6, 0).saturating_add(each(weight(10, 4, 0), l))
    }
    fn close_miss() -> Weight {
        weight(15, 8, 0)
    }
    fn retry_account(l: u32) -> Weight {
        // Its record is written when the next attempt starts elsewhere.
        Self::value_account(l)
            .saturating_add(each(Self::close_miss(), 4))
            .saturating_add(weight(10, 4, 1))
    }
    fn offer() -> Weight {
        weight(30, 20, 0)
    }
    fn take_over() -> Weight {
        weight(500, 160, 30)
    }
    fn cover_loss() -> Weight {
        weight(250, 250, 60)
    }
    fn sell_collateral() -> Weight {
        // Three transfers of two assets, each of two accounts, and the pool.
        weight(300, 40, 26)
    }
    fn search() -> Weight {
        // 32 entries in cells of their own, 32 accounts with 256 holdings together.
        weight(2_000, 250, 0)
    }
    fn deleverage() -> Weight {
        weight(500, 160, 28)
    }
    fn cut_profit() -> Weight {
        weight(400, 150, 26)
    }
    fn join(l: u32) -> Weight {
        // The order, its level with three layers of the bitmap, its list, desk and expiry.
        Self::value_account(l).saturating_add(weight(60, 24, 14))
    }
    fn forced_fill() -> Weight {
        Self::value_account(64).saturating_add(weight(100, 60, 12))
    }
    fn authorize_liquidate() -> Weight {
        weight(100, 200, 0)
    }
    fn liquidate(l: u32) -> Weight {
        Self::close_account(l).saturating_add(weight(5, 2, 0))
    }
    fn account_changed() -> Weight {
        // The triggers, and a ledger that has as many holdings as there can be.
        weight(100, 120, 8).saturating_add(each(weight(15, 10, 8), 4))
    }
}
