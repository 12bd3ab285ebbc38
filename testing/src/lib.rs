//! Scenario driver: the real runtime, block by block, with signed extrinsics.
//!
//! ```ignore
//! let mut chain = Chain::development();
//! chain.price(BTC, 100_000);                       // what the feeder will say from now on
//! chain.deposit(&bob, usd(10_000)).unwrap();       // a signed extrinsic in a block of its own
//! chain.blocks(5);                                 // each fed, each checked against all invariants
//! ```
//!
//! Every block goes through `Executive`: hooks, inherent, transaction extensions, fees. After every
//! block the numbered invariants are checked, so a scenario cannot pass over a broken one.

mod chain;
pub mod finding;
mod open;
mod people;
mod state;

pub use chain::{Chain, Failure, Outcome};
pub use open::{development_genesis, endow};
pub use people::{
    account, alice, bob, charlie, crowd, dave, eve, price, quantity, usd, BTC, BTC_USD, USDX,
};
