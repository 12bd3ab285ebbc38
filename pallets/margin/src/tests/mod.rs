#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod breakdown;
mod deposit;
mod fills;
mod invariants;
mod liquidation;
mod losses;
mod orders;
mod pots;
mod reductions;
mod seizure;
mod transfer;
mod withdraw;
