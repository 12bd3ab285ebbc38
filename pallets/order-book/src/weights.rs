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
    /// What an expiry and a name add to the placement of an order.
    fn order_terms() -> Weight;
    /// The cancellation of an order by its owner's name for it.
    fn cancel_by_client_id() -> Weight;
    /// A stop of an account that has as many as it may but one.
    fn place_stop() -> Weight;
    /// The cancellation of a stop of such an account.
    fn cancel_stop() -> Weight;
    /// The cancellation of `n` stops.
    fn cancel_stops(n: u32) -> Weight;
    /// The renewal of a heartbeat.
    fn heartbeat() -> Weight;
    /// The largest schedule of fees.
    fn set_schedule() -> Weight;
    /// A transfer between sub-accounts before an order.
    fn transfer() -> Weight;
    /// The step of a block that finds nothing to do in `m` markets.
    fn poll_markets(m: u32) -> Weight;
    /// The sweep of one order.
    fn sweep_order() -> Weight;
    /// The sweep of an account that missed its heartbeat, apart from its orders and stops.
    fn sweep_deadline() -> Weight;
    /// The triggering of a stop, apart from its order.
    fn trigger_stop() -> Weight;
    /// The fee for orders that died unfilled.
    fn unfilled_fee() -> Weight;
    /// Whether a call needs no fee, and the note of it, for an account whose places are not known.
    fn free_action() -> Weight;
    /// The same when they are.
    fn free_action_counted() -> Weight;
    /// An order that meets no other and rests on a tick of its own, of an account that holds nothing but
    /// its collateral and a position.
    fn place_order_light() -> Weight;
    /// A batch of `n` orders that rest in one market, each alone on its tick, of an account that holds as
    /// much as it can, with one check of its margin.
    fn batch_place(n: u32) -> Weight;
    /// A batch of `n` such orders that move to other ticks.
    fn batch_replace(n: u32) -> Weight;
    /// A batch that cancels `n` such orders with all terms.
    fn batch_cancel(n: u32) -> Weight;
    /// `n` actions of the dearest kind that does little, without a check of margin, and undone.
    fn batch_undone(n: u32) -> Weight;
    /// A batch of `m` orders that rest, each in a market of its own.
    fn batch_markets(m: u32) -> Weight;
    /// A batch of `n` orders that fill another each, each in a market of its own.
    fn batch_take(n: u32) -> Weight;
    /// `n` checks of the margin of one account that holds as much as it can.
    fn check_margin(n: u32) -> Weight;
    /// The same of an account that holds nothing but its collateral and a position.
    fn check_margin_light(n: u32) -> Weight;
    /// One step of the search for the price of an auction.
    fn auction_level() -> Weight;
    /// One fill of an auction, which takes both orders out of the book.
    fn auction_fill() -> Weight;
    /// A liquidation order that fills `f` others and takes out `r` that margin refuses, each alone
    /// on its tick.
    fn close(f: u32, r: u32) -> Weight;
}

impl WeightInfo for () {
    fn free_action() -> Weight {
        Weight::from_parts(120_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(140_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }

    fn free_action_counted() -> Weight {
        Weight::from_parts(20_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }

    fn place_order_light() -> Weight {
        Weight::from_parts(80_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(18_u64))
            .saturating_add(ParityDbWeight::get().writes(9_u64))
    }

    fn batch_place(n: u32) -> Weight {
        Weight::from_parts(80_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(130_u64))
            .saturating_add(ParityDbWeight::get().writes(8_u64))
            .saturating_add(Weight::from_parts(60_000_000, 6_000).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads((9_u64).saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes((6_u64).saturating_mul(n.into())))
    }

    fn batch_replace(n: u32) -> Weight {
        Weight::from_parts(80_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(130_u64))
            .saturating_add(ParityDbWeight::get().writes(8_u64))
            .saturating_add(Weight::from_parts(100_000_000, 9_000).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads((12_u64).saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes((10_u64).saturating_mul(n.into())))
    }

    fn batch_cancel(n: u32) -> Weight {
        Weight::from_parts(40_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(20_u64))
            .saturating_add(ParityDbWeight::get().writes(8_u64))
            .saturating_add(Weight::from_parts(50_000_000, 6_000).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads((8_u64).saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes((9_u64).saturating_mul(n.into())))
    }

    fn batch_undone(n: u32) -> Weight {
        Weight::from_parts(80_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(30_u64))
            .saturating_add(ParityDbWeight::get().writes(0_u64))
            .saturating_add(Weight::from_parts(120_000_000, 9_000).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads((14_u64).saturating_mul(n.into())))
    }

    fn batch_markets(m: u32) -> Weight {
        Weight::from_parts(80_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(130_u64))
            .saturating_add(ParityDbWeight::get().writes(8_u64))
            .saturating_add(Weight::from_parts(80_000_000, 9_000).saturating_mul(m.into()))
            .saturating_add(ParityDbWeight::get().reads((24_u64).saturating_mul(m.into())))
            .saturating_add(ParityDbWeight::get().writes((9_u64).saturating_mul(m.into())))
    }

    fn batch_take(n: u32) -> Weight {
        Weight::from_parts(80_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(130_u64))
            .saturating_add(ParityDbWeight::get().writes(8_u64))
            .saturating_add(Weight::from_parts(200_000_000, 20_000).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads((40_u64).saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes((26_u64).saturating_mul(n.into())))
    }

    fn check_margin(n: u32) -> Weight {
        Weight::from_parts(60_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(130_u64))
            .saturating_add(ParityDbWeight::get().writes(0_u64))
            .saturating_add(Weight::from_parts(60_000_000, 0).saturating_mul(n.into()))
    }

    fn check_margin_light(n: u32) -> Weight {
        Weight::from_parts(20_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(12_u64))
            .saturating_add(ParityDbWeight::get().writes(0_u64))
            .saturating_add(Weight::from_parts(10_000_000, 0).saturating_mul(n.into()))
    }

    fn auction_level() -> Weight {
        Weight::from_parts(30_000_000, 9_000).saturating_add(ParityDbWeight::get().reads(12_u64))
    }

    fn auction_fill() -> Weight {
        Weight::from_parts(200_000_000, 20_000)
            .saturating_add(ParityDbWeight::get().reads(40_u64))
            .saturating_add(ParityDbWeight::get().writes(26_u64))
    }

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

    fn order_terms() -> Weight {
        Weight::from_parts(10_000_000, 3_000)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn cancel_by_client_id() -> Weight {
        Weight::from_parts(50_000_000, 9_000)
            .saturating_add(ParityDbWeight::get().reads(10_u64))
            .saturating_add(ParityDbWeight::get().writes(9_u64))
    }

    fn place_stop() -> Weight {
        Weight::from_parts(60_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(140_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn cancel_stop() -> Weight {
        Weight::from_parts(30_000_000, 8_000)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn cancel_stops(n: u32) -> Weight {
        Weight::from_parts(10_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(0_u64))
            .saturating_add(Weight::from_parts(25_000_000, 4_000).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads((3_u64).saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes((3_u64).saturating_mul(n.into())))
    }

    fn heartbeat() -> Weight {
        Weight::from_parts(30_000_000, 6_000)
            .saturating_add(ParityDbWeight::get().reads(140_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn set_schedule() -> Weight {
        Weight::from_parts(10_000_000, 1_000)
            .saturating_add(ParityDbWeight::get().reads(0_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn transfer() -> Weight {
        Weight::from_parts(800_000_000, 600_000)
            .saturating_add(ParityDbWeight::get().reads(330_u64))
            .saturating_add(ParityDbWeight::get().writes(270_u64))
    }

    fn poll_markets(m: u32) -> Weight {
        Weight::from_parts(20_000_000, 8_000)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(0_u64))
            .saturating_add(Weight::from_parts(15_000_000, 6_000).saturating_mul(m.into()))
            .saturating_add(ParityDbWeight::get().reads((6_u64).saturating_mul(m.into())))
            .saturating_add(ParityDbWeight::get().writes((0_u64).saturating_mul(m.into())))
    }

    fn sweep_order() -> Weight {
        Weight::from_parts(100_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(14_u64))
            .saturating_add(ParityDbWeight::get().writes(10_u64))
    }

    fn sweep_deadline() -> Weight {
        Weight::from_parts(25_000_000, 6_000)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }

    fn trigger_stop() -> Weight {
        Weight::from_parts(40_000_000, 8_000)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn unfilled_fee() -> Weight {
        Weight::from_parts(60_000_000, 90_000)
            .saturating_add(ParityDbWeight::get().reads(130_u64))
            .saturating_add(ParityDbWeight::get().writes(35_u64))
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
