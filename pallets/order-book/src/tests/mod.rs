#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod accounts;
mod amend;
mod batch;
mod cancel;
mod expiry;
mod exposure;
mod fees;
mod liquidation;
mod matching;
mod place;
mod property;
mod queries;
mod reference;
mod status;
mod stops;
mod try_state;
