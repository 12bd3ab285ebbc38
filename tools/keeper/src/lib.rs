//! A keeper for people who want a strategy of their own.
//!
//! It depends on nothing of the chain's code: what it knows of the chain it reads from the metadata of
//! the node that it is connected to, so this directory can be copied out and built alone. Implement
//! [`strategy::Strategy`], and hand it to [`keeper::Keeper`] as `main.rs` does with
//! [`strategy::Standard`].

pub mod args;
pub mod chain;
pub mod fate;
pub mod follow;
pub mod keeper;
pub mod log;
pub mod pending;
pub mod settings;
pub mod strategy;
pub mod totals;
pub mod types;
