#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod feeders;
mod hostile;
mod invariants;
mod market_data;
mod means;
mod moves;
mod network;
mod outages;
mod params;
mod scores;
mod seats;
mod snapshots;
mod sources;
mod tickers;
mod worker;
