//! Rebuilds the order book of every market from a node's events and compares it with the node's state:
//! every order with its owner, side, limit and rest, and every queue in its order.
//!
//! Four events are enough: `OrderRested` adds an order at the end of its queue; `Filled`, `OrderReduced`
//! and `OrderCancelled` take from it by id.

mod book;
mod run;
mod storage;

pub use book::{Book, Entry, Market};
pub use run::{check, Options, Summary};
pub use storage::{from_storage, PALLETS};
