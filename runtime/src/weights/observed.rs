//! Weights of calls that change accounts.
//!
//! Whatever changes an account's balance or positions ends with the due queue putting its triggers
//! right. That is dearest for an account with as many legs as are put right at once, while the rest of
//! a call is dearest for the account with the most holdings, which only becomes stale. No account is
//! both, so a benchmark of one of them is not the worst case of the other; the sum of the two bounds
//! every account.

use super::pallet_liquidation;
use crate::Runtime;
use ::pallet_liquidation::WeightInfo as _;
use core::marker::PhantomData;
use polkadot_sdk::frame_support::weights::Weight;

/// `W`, with the due queue's work added for each account that a call changes.
#[derive(Debug)]
pub struct Observed<W>(PhantomData<W>);

/// The due queue's work for so many accounts.
fn changed(accounts: u64) -> Weight {
    pallet_liquidation::WeightInfo::<Runtime>::account_changed().saturating_mul(accounts)
}

/// The accounts that one order with so many fills changes: each may be of another maker.
fn swept(fills: u32) -> u64 {
    match fills {
        0 => 0,
        _ => u64::from(fills).saturating_add(1),
    }
}

impl<W: pallet_margin::WeightInfo> pallet_margin::WeightInfo for Observed<W> {
    fn deposit() -> Weight {
        W::deposit().saturating_add(changed(1))
    }

    fn withdraw() -> Weight {
        W::withdraw().saturating_add(changed(1))
    }

    fn borrow() -> Weight {
        W::borrow().saturating_add(changed(1))
    }

    fn transfer() -> Weight {
        W::transfer().saturating_add(changed(2))
    }

    fn isolate() -> Weight {
        W::isolate()
    }

    fn set_delegate() -> Weight {
        W::set_delegate()
    }

    fn trade_as() -> Weight {
        W::trade_as()
    }

    fn set_outflow_limits() -> Weight {
        W::set_outflow_limits()
    }

    fn step_funding(m: u32) -> Weight {
        W::step_funding(m)
    }
}

impl<W: pallet_backstop::WeightInfo> pallet_backstop::WeightInfo for Observed<W> {
    fn deposit(markets: u32) -> Weight {
        W::deposit(markets).saturating_add(changed(1))
    }

    fn request_withdrawal() -> Weight {
        W::request_withdrawal()
    }

    fn withdraw(markets: u32) -> Weight {
        W::withdraw(markets).saturating_add(changed(1))
    }

    fn set_parameters() -> Weight {
        W::set_parameters()
    }

    fn step() -> Weight {
        W::step()
    }

    // A maker for each fill, and the vault.
    fn unwind(fills: u32) -> Weight {
        W::unwind(fills).saturating_add(changed(u64::from(fills).saturating_add(1)))
    }

    fn settle() -> Weight {
        W::settle().saturating_add(changed(2))
    }
}

impl<W: pallet_order_book::WeightInfo> pallet_order_book::WeightInfo for Observed<W> {
    fn place_order_rest() -> Weight {
        W::place_order_rest()
    }

    // A maker for each fill, and the taker once, after the last of them.
    fn place_order_fill(fills: u32, removed: u32) -> Weight {
        W::place_order_fill(fills, removed).saturating_add(changed(swept(fills)))
    }

    fn cancel_order() -> Weight {
        W::cancel_order()
    }

    fn cancel_all(orders: u32) -> Weight {
        W::cancel_all(orders)
    }

    fn unfilled_fee() -> Weight {
        W::unfilled_fee().saturating_add(changed(1))
    }

    fn order_terms() -> Weight {
        W::order_terms()
    }

    fn cancel_by_client_id() -> Weight {
        W::cancel_by_client_id()
    }

    fn place_stop() -> Weight {
        W::place_stop()
    }

    fn cancel_stop() -> Weight {
        W::cancel_stop()
    }

    fn cancel_stops(stops: u32) -> Weight {
        W::cancel_stops(stops)
    }

    fn heartbeat() -> Weight {
        W::heartbeat()
    }

    fn set_schedule() -> Weight {
        W::set_schedule()
    }

    fn transfer() -> Weight {
        W::transfer().saturating_add(changed(2))
    }

    fn poll_markets(markets: u32) -> Weight {
        W::poll_markets(markets)
    }

    fn sweep_order() -> Weight {
        W::sweep_order()
    }

    fn sweep_deadline() -> Weight {
        W::sweep_deadline()
    }

    fn trigger_stop() -> Weight {
        W::trigger_stop()
    }

    fn amend_order() -> Weight {
        W::amend_order()
    }

    fn free_action() -> Weight {
        W::free_action()
    }

    fn free_action_counted() -> Weight {
        W::free_action_counted()
    }

    fn place_order_light() -> Weight {
        W::place_order_light()
    }

    fn batch_place(orders: u32) -> Weight {
        W::batch_place(orders)
    }

    fn batch_replace(orders: u32) -> Weight {
        W::batch_replace(orders)
    }

    fn batch_cancel(orders: u32) -> Weight {
        W::batch_cancel(orders)
    }

    fn batch_undone(actions: u32) -> Weight {
        W::batch_undone(actions)
    }

    fn batch_markets(markets: u32) -> Weight {
        W::batch_markets(markets)
    }

    // Each order ends its own row of fills, so its account changes with each.
    fn batch_take(orders: u32) -> Weight {
        W::batch_take(orders).saturating_add(changed(u64::from(orders).saturating_mul(2)))
    }

    fn check_margin(times: u32) -> Weight {
        W::check_margin(times)
    }

    fn check_margin_light(times: u32) -> Weight {
        W::check_margin_light(times)
    }

    fn auction_level() -> Weight {
        W::auction_level()
    }

    fn auction_fill() -> Weight {
        W::auction_fill().saturating_add(changed(2))
    }

    fn batch(actions: u32) -> Weight {
        W::batch(actions)
    }

    fn close(fills: u32, removed: u32) -> Weight {
        W::close(fills, removed).saturating_add(changed(swept(fills)))
    }
}
