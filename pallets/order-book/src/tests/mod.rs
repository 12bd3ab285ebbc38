#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod amend;
mod batch;
mod cancel;
mod exposure;
mod flow;
mod impact;
mod liquidation;
mod matching;
mod place;
mod property;
mod queries;
mod speed;
mod status;
mod try_state;
