#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod access;
mod backstop;
mod borrow;
mod breakdown;
mod debt;
mod deposit;
mod fills;
mod funding;
mod invariants;
mod liquidation;
mod losses;
mod offsets;
mod orders;
mod outflow;
mod pots;
mod reductions;
mod rules;
mod seizure;
mod spot;
mod trader;
mod transfer;
mod withdraw;
