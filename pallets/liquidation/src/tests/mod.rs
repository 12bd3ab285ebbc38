#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod auction;
mod call;
mod closing;
mod debt;
mod deleveraging;
mod invariants;
mod losses;
mod offsets;
mod queue;
mod sweep;
mod vault;
mod worker;
