//! What the tools need to talk to a running node.

pub mod chain;
pub mod client;

pub use chain::{Chain, View};
pub use client::{Client, KeyValues};
