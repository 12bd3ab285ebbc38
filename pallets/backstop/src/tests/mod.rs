#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod invariants;
mod losses;
mod parameters;
mod shares;
mod takeover;
mod unwinding;

use crate::mock::*;
use bulwark_primitives::Usd;
use frame_support::assert_ok;

/// Alice puts so many dollars in.
fn capital(dollars: i64) {
    assert_ok!(Backstop::deposit(
        RuntimeOrigin::signed(ALICE),
        Usd::dollars(dollars)
    ));
}

fn free() -> Usd {
    use bulwark_traits::BackstopLedger;
    Ledger::balance(&Backstop::free_account())
}

fn last_event() -> RuntimeEvent {
    System::events().pop().unwrap().event
}
