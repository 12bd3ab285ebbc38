//! Order flow for tests and benches, and the book that they compare with.
//!
//! - [`Flow`] makes flow like that of a real market from a seed: makers that cancel and replace near
//!   the top, bursts in which everybody does so at once, takers of heavy-tailed size.
//! - [`Reference`] is the book once more, as plainly as possible: what the pallet does must be what it
//!   does.
//!
//! Prices are ticks and quantities lots of one market. Neither knows FRAME. Only whole numbers are
//! used, so a seed gives the same flow on every machine.

mod generate;
mod reference;
mod rng;

pub use generate::{record, Flow, Profile, Shape, Step};
pub use reference::{Act, RefFill, Reference, Resting, POST_REMOVALS};
pub use rng::Rng;

use bulwark_primitives::{MarketStatus, OrderId, Side, TimeInForce};
use std::collections::BTreeMap;

/// An order as it comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct New {
    /// Whose it is.
    pub owner: u64,
    /// Its side.
    pub side: Side,
    /// How much.
    pub lots: u64,
    /// Its limit.
    pub tick: u32,
    /// What happens to what does not fill at once.
    pub time_in_force: TimeInForce,
    /// Whether it may only make the position smaller.
    pub reduce_only: bool,
    /// The first block in which it is no longer valid.
    pub expires_at: Option<u64>,
}

impl Reference {
    /// An empty book in block 1 without limits but those of one call.
    pub fn new(max_fills: u32, max_removals: u32) -> Self {
        Self {
            now: 1,
            status: MarketStatus::Active,
            max_fills,
            max_removals,
            size_limit: i128::MAX,
            next_id: 0,
            orders: Vec::new(),
            sizes: Default::default(),
            refused_orders: Default::default(),
            refused_fills: Default::default(),
            fills: Vec::new(),
            met: (0, 0),
        }
    }

    /// The queues of one side, in the order of ticks: ids, oldest first, with what is left of each.
    pub fn queues(&self, side: Side) -> BTreeMap<u32, Vec<(OrderId, u64)>> {
        let mut queues = BTreeMap::<_, Vec<_>>::new();
        for order in self.orders.iter().filter(|order| order.side == side) {
            let queue = queues.entry(order.tick).or_default();
            queue.push((order.id, order.lots));
        }
        queues
    }
}
