#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod caps;
mod contribute;
mod invariants;
mod loss_fund;
mod staking;
