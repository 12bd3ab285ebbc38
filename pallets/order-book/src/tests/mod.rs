#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod accounts;
mod amend;
mod auction;
mod batch;
mod cancel;
mod expiry;
mod exposure;
mod fees;
mod flow;
mod impact;
mod lane;
mod liquidation;
mod matching;
mod place;
mod property;
mod queries;
mod speed;
mod status;
mod stops;
mod try_state;
