#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod bounds;
mod calls;
mod correlations;
mod documents;
mod genesis;
mod invariants;
mod ramps;
