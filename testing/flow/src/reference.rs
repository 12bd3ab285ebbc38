//! The rules of the book once more, as plainly as possible: one list of orders, searched from end
//! to end. What the pallet does must be what this does.

use crate::New;
use bulwark_primitives::{MarketStatus, OrderId, Side, TimeInForce};
use std::collections::{BTreeMap, BTreeSet};

/// Most dead orders that an order which may not take clears out of its way.
pub const POST_REMOVALS: u32 = 4;

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

/// What an owner can do, alone or in a batch.
#[derive(Clone, Debug)]
pub enum Act {
    Place(New),
    Cancel(OrderId),
    CancelAll,
    Amend {
        id: OrderId,
        lots: u64,
        tick: u32,
        post_only: bool,
    },
}

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
    /// Fills and removals of the call so far, undone ones included.
    pub met: (u32, u32),
}

/// Why a sweep ended.
enum End {
    Done,
    Uncrossed,
    Blocked,
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
    post_only: bool,
    max_fills: u32,
    max_removals: u32,
}

/// What happened to it.
struct Swept {
    left: u64,
    end: End,
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
        };
        // The book after the last fill, and whether openers were removed since.
        let mut before = self.orders.clone();
        let mut openers = false;
        let all_room = self.met.1 == 0;
        while swept.left > 0 {
            let Some(i) = self.first_for(&taker) else {
                swept.end = End::Uncrossed;
                if openers {
                    self.orders = before;
                    swept.end = End::Blocked;
                }
                return Some(swept);
            };
            if self.met.0 >= taker.max_fills || self.met.1 >= taker.max_removals {
                swept.end = End::Limit;
                if openers && !all_room {
                    self.orders = before;
                }
                return Some(swept);
            }
            let maker = self.orders[i].clone();
            if maker.expires_at.is_some_and(|at| at <= self.now) || maker.owner == owner {
                self.orders.remove(i);
                self.met.1 += 1;
                continue;
            }
            if taker.post_only || (!taker.liquidation && !self.status.allows_fills()) {
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
                openers |= !maker.reduce_only;
            }
            if lots == 0 || self.refuses(maker.owner, -delta) {
                self.orders.remove(i);
                self.met.1 += 1;
                continue;
            }
            if !taker.liquidation && self.refuses(owner, delta) {
                swept.end = End::Refused;
                if openers {
                    self.orders = before;
                }
                return Some(swept);
            }
            *self.sizes.entry(owner).or_default() += delta;
            *self.sizes.entry(maker.owner).or_default() -= delta;
            self.fills
                .push((maker.id, maker.owner, owner, maker.tick, lots));
            swept.left -= lots;
            self.met.0 += 1;
            self.orders[i].lots -= lots;
            let cut = lots < wanted && maker.reduce_only;
            if self.orders[i].lots == 0 || cut {
                self.met.1 += u32::from(cut);
                self.orders.remove(i);
            }
            before = self.orders.clone();
            openers = false;
        }
        Some(swept)
    }

    /// One call; returns whether it succeeds.
    pub fn call(&mut self, owner: u64, act: &Act) -> bool {
        self.met = (0, 0);
        self.attempt(owner, act)
    }

    /// Several actions in one call; returns which succeed, or nothing when the call fails.
    pub fn batch(&mut self, owner: u64, acts: &[Act], atomic: bool) -> Option<Vec<bool>> {
        self.met = (0, 0);
        let before = self.clone();
        let mut results = Vec::new();
        for act in acts {
            results.push(self.attempt(owner, act));
            if atomic && results.last() == Some(&false) {
                *self = before;
                return None;
            }
        }
        Some(results)
    }

    /// Does something or changes nothing but the work that was done.
    fn attempt(&mut self, owner: u64, act: &Act) -> bool {
        let before = self.clone();
        let done = match act {
            Act::Place(new) => self.try_place(New { owner, ..*new }),
            Act::Cancel(id) => self.cancel(owner, *id),
            Act::CancelAll => {
                self.orders.retain(|order| order.owner != owner);
                Some(())
            }
            Act::Amend {
                id,
                lots,
                tick,
                post_only,
            } => self.amend(owner, *id, *lots, *tick, *post_only),
        };
        if done.is_none() {
            let met = self.met;
            *self = before;
            self.met = met;
        }
        done.is_some()
    }

    fn amend(
        &mut self,
        owner: u64,
        id: OrderId,
        lots: u64,
        tick: u32,
        post_only: bool,
    ) -> Option<()> {
        let at = self.own(owner, id)?;
        let order = self.orders[at].clone();
        if lots == 0 || (tick == order.tick && lots == order.lots) {
            return None;
        }
        if tick == order.tick && lots < order.lots {
            self.orders[at].lots = lots;
            return Some(());
        }
        self.orders.remove(at);
        self.try_place(New {
            owner,
            side: order.side,
            lots,
            tick,
            time_in_force: if post_only {
                TimeInForce::PostOnly
            } else {
                TimeInForce::GoodTillCancelled
            },
            reduce_only: order.reduce_only,
            expires_at: order.expires_at,
        })
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
            post_only: new.time_in_force == TimeInForce::PostOnly,
            max_fills: self.max_fills,
            max_removals: if new.time_in_force.may_take() {
                self.max_removals
            } else {
                self.max_removals.min(POST_REMOVALS)
            },
        };
        let swept = self.sweep(incoming, lots)?;
        let left = swept.left;
        if new.time_in_force == TimeInForce::FillOrKill && left > 0 {
            return None;
        }
        match swept.end {
            End::Done | End::Limit => Some(()),
            End::Refused | End::Blocked => (left < lots).then_some(()),
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
            post_only: false,
            max_fills,
            max_removals: (max_fills * self.max_removals).div_ceil(self.max_fills),
        };
        self.met = (0, 0);
        let filled = lots - self.sweep(incoming, lots).map_or(lots, |swept| swept.left);
        (filled, self.met.0, self.met.1)
    }

    fn own(&self, owner: u64, id: OrderId) -> Option<usize> {
        self.orders
            .iter()
            .position(|order| order.id == id && order.owner == owner)
    }

    fn cancel(&mut self, owner: u64, id: OrderId) -> Option<()> {
        let at = self.own(owner, id)?;
        self.orders.remove(at);
        Some(())
    }
}
