#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod auctions;
mod bands;
mod halts;
mod incidents;
mod invariants;
mod timing;

use crate::mock::*;
use bulwark_primitives::MarketStatus;
use bulwark_traits::{mock::MARKET, MarketGuard};

fn status() -> MarketStatus {
    CircuitBreaker::status(MARKET)
}
