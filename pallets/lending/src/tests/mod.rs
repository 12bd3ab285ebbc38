//! One file per call or theme.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod freeze;
mod interest;
mod invariants;
mod params;
mod redeem;
mod supply;

use crate::mock::*;
use bulwark_primitives::{Shares, Usd};
use frame_support::assert_ok;

/// Shares of the first price for so many dollars.
fn shares(dollars: u128) -> Shares {
    Shares(dollars * 1_000_000_000_000)
}

fn supply(who: u64, dollars: i64) {
    assert_ok!(Lending::supply(
        RuntimeOrigin::signed(who),
        Usd::dollars(dollars)
    ));
}
