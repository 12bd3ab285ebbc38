//! The rules of the book once more, as plainly as possible: one list of orders, searched from end
//! to end. What the pallet does must be what this does.

use crate::mock::New;
use bulwark_primitives::{MarketStatus, OrderId, Side, TimeInForce};
use std::collections::{BTreeMap, BTreeSet};

/// A resting order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resting {
    pub id: OrderId,
    pub owner: u64,
    pub side: Side,
    pub tick: u32,
    pub lots: u64,
    pub reduce_only: bool,
    pub expires_at: Option<u64>,
}

/// (maker's order, maker, taker, tick, lots).
pub type RefFill = (OrderId, u64, u64, u32, u64);

/// One market with the ledger's rules of refusal.
#[derive(Clone, Debug)]
pub struct Reference {
    pub now: u64,
    pub status: MarketStatus,
    pub max_fills: u32,
    pub max_removals: u32,
    pub size_limit: i128,
    pub next_id: OrderId,
    /// In order of arrival.
    pub orders: Vec<Resting>,
    pub sizes: BTreeMap<u64, i128>,
    pub refused_orders: BTreeSet<u64>,
    pub refused_fills: BTreeSet<u64>,
    pub fills: Vec<RefFill>,
}

/// Why a sweep ended.
enum End {
    Done,
    Uncrossed,
    Limit,
    Refused,
}

/// What comes in.
#[derive(Clone, Copy)]
struct Incoming {
    owner: u64,
    side: Side,
    limit: u32,
    liquidation: bool,
    max_fills: u32,
}

/// What happened to it.
struct Swept {
    left: u64,
    end: End,
    fills: u32,
    removed: u32,
    /// Makers removed only because the market is reduce-only.
    openers: u32,
}

impl Reference {
    pub fn size(&self, owner: u64) -> i128 {
        self.sizes.get(&owner).copied().unwrap_or(0)
    }

    fn reducible(&self, owner: u64, side: Side) -> u64 {
        match side {
            Side::Bid => (-self.size(owner)).max(0) as u64,
            Side::Ask => self.size(owner).max(0) as u64,
        }
    }

    fn refuses(&self, owner: u64, delta: i128) -> bool {
        let before = self.size(owner);
        let after = (before + delta).abs();
        self.refused_fills.contains(&owner) || (after > before.abs() && after > self.size_limit)
    }

    /// The index of the resting order that a taker meets first.
    fn first_for(&self, taker: &Incoming) -> Option<usize> {
        let opposite = taker.side.opposite();
        let better = |a: u32, b: u32| match opposite {
            Side::Bid => a > b,
            Side::Ask => a < b,
        };
        let mut best: Option<usize> = None;
        for (i, order) in self.orders.iter().enumerate() {
            let crosses = match taker.side {
                Side::Bid => order.tick <= taker.limit,
                Side::Ask => order.tick >= taker.limit,
            };
            if order.side == opposite
                && crosses
                && best.is_none_or(|b| better(order.tick, self.orders[b].tick))
            {
                best = Some(i);
            }
        }
        best
    }

    /// `None` when a live maker is met where nothing may take.
    fn sweep(&mut self, taker: Incoming, left: u64) -> Option<Swept> {
        let owner = taker.owner;
        let mut swept = Swept {
            left,
            end: End::Done,
            fills: 0,
            removed: 0,
            openers: 0,
        };
        while swept.left > 0 {
            let Some(i) = self.first_for(&taker) else {
                swept.end = End::Uncrossed;
                return Some(swept);
            };
            if swept.fills == taker.max_fills || swept.removed == self.max_removals {
                swept.end = End::Limit;
                return Some(swept);
            }
            let maker = self.orders[i].clone();
            if maker.expires_at.is_some_and(|at| at <= self.now) || maker.owner == owner {
                self.orders.remove(i);
                swept.removed += 1;
                continue;
            }
            if !taker.liquidation && !self.status.allows_fills() {
                return None;
            }
            let wanted = swept.left.min(maker.lots);
            let mut lots = wanted;
            if maker.reduce_only || (!taker.liquidation && !self.status.allows_new_risk()) {
                lots = lots.min(self.reducible(maker.owner, maker.side));
            }
            let delta = match taker.side {
                Side::Bid => lots as i128,
                Side::Ask => -(lots as i128),
            };
            if lots == 0 {
                swept.openers += u32::from(!maker.reduce_only);
            }
            if lots == 0 || self.refuses(maker.owner, -delta) {
                self.orders.remove(i);
                swept.removed += 1;
                continue;
            }
            if !taker.liquidation && self.refuses(owner, delta) {
                swept.end = End::Refused;
                return Some(swept);
            }
            *self.sizes.entry(owner).or_default() += delta;
            *self.sizes.entry(maker.owner).or_default() -= delta;
            self.fills
                .push((maker.id, maker.owner, owner, maker.tick, lots));
            swept.left -= lots;
            swept.fills += 1;
            self.orders[i].lots -= lots;
            if self.orders[i].lots == 0 || lots < wanted {
                swept.removed += u32::from(lots < wanted);
                self.orders.remove(i);
            }
        }
        Some(swept)
    }

    /// Places an order; returns whether the call succeeds.
    pub fn place(&mut self, new: New) -> bool {
        let before = self.clone();
        let done = self.try_place(new).is_some();
        if !done {
            *self = before;
        }
        done
    }

    fn try_place(&mut self, new: New) -> Option<()> {
        if !self.status.allows_orders() || new.expires_at.is_some_and(|at| at <= self.now) {
            return None;
        }
        let reduce_only = new.reduce_only || !self.status.allows_new_risk();
        let mut lots = new.lots;
        if reduce_only {
            lots = lots.min(self.reducible(new.owner, new.side));
        }
        if lots == 0 {
            return None;
        }
        let id = self.next_id;
        self.next_id += 1;
        let incoming = Incoming {
            owner: new.owner,
            side: new.side,
            limit: new.tick,
            liquidation: false,
            max_fills: self.max_fills,
        };
        let swept = self.sweep(incoming, lots)?;
        let left = swept.left;
        match swept.end {
            End::Done | End::Limit => Some(()),
            End::Refused => (left < lots).then_some(()),
            End::Uncrossed if left == lots && swept.openers > 0 => None,
            End::Uncrossed if new.time_in_force == TimeInForce::ImmediateOrCancel => Some(()),
            End::Uncrossed if self.refused_orders.contains(&new.owner) => {
                (left < lots).then_some(())
            }
            End::Uncrossed => {
                self.orders.push(Resting {
                    id,
                    owner: new.owner,
                    side: new.side,
                    tick: new.tick,
                    lots: left,
                    reduce_only,
                    expires_at: new.expires_at,
                });
                Some(())
            }
        }
    }

    /// Closes for liquidation; returns the lots filled, the fills and the orders removed.
    pub fn close(
        &mut self,
        owner: u64,
        side: Side,
        lots: u64,
        limit: u32,
        max_fills: u32,
    ) -> (u64, u32, u32) {
        let lots = lots.min(self.reducible(owner, side));
        if !self.status.allows_liquidation() {
            return (0, 0, 0);
        }
        let incoming = Incoming {
            owner,
            side,
            limit,
            liquidation: true,
            max_fills,
        };
        self.sweep(incoming, lots).map_or((0, 0, 0), |swept| {
            (lots - swept.left, swept.fills, swept.removed)
        })
    }

    pub fn cancel(&mut self, owner: u64, id: OrderId) -> bool {
        let at = self
            .orders
            .iter()
            .position(|order| order.id == id && order.owner == owner);
        at.map(|at| self.orders.remove(at)).is_some()
    }

    pub fn cancel_all(&mut self, owner: u64) {
        self.orders.retain(|order| order.owner != owner);
    }
}
