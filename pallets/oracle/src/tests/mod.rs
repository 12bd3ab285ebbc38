#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod feeders;
mod invariants;
mod network;
mod params;
mod snapshots;
mod sources;
mod tickers;
mod worker;
