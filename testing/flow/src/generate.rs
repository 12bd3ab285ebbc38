//! The flow itself.
//!
//! The flow looks at the book that it acts on, as traders do: who acts knows his orders and the price,
//! and the price is a random walk of its own. With the same seed and the same book it is the same flow.

use crate::{Act, New, Reference, Resting, Rng};
use bulwark_primitives::{Side, TimeInForce};

/// Who takes part, and around which price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Owners `1..=makers` quote.
    pub makers: u64,
    /// The owners after them take.
    pub takers: u64,
    /// How many orders a maker has, about.
    pub quotes: u64,
    /// The price at the start.
    pub mid: u32,
    /// Whether some orders expire, which needs blocks.
    pub expiry: bool,
    /// Whether takers may also send orders that only reduce, or have to fill in full.
    pub special: bool,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            makers: 16,
            takers: 12,
            quotes: 20,
            mid: 10_000,
            expiry: true,
            special: true,
        }
    }
}

/// What happens next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Somebody does something.
    Act(u64, Act),
    /// A block ends.
    NextBlock,
}

/// What a flow was made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Orders of makers.
    pub places: u64,
    /// Orders put elsewhere or made larger or smaller.
    pub replaces: u64,
    /// Orders taken out.
    pub cancels: u64,
    /// Orders of takers.
    pub takes: u64,
}

impl Shape {
    /// Counts an action in.
    pub fn count(&mut self, act: &Act, by_maker: bool) {
        let kind = match act {
            Act::Place(_) if by_maker => &mut self.places,
            Act::Place(_) => &mut self.takes,
            Act::Cancel(_) | Act::CancelAll => &mut self.cancels,
            Act::Amend { .. } => &mut self.replaces,
        };
        *kind += 1;
    }

    /// All actions.
    pub const fn total(&self) -> u64 {
        self.places + self.replaces + self.cancels + self.takes
    }
}

/// Makes steps from a seed.
#[derive(Clone, Debug)]
pub struct Flow {
    profile: Profile,
    rng: Rng,
    mid: u32,
    /// Actions that are left of a burst.
    burst: u64,
    /// Which way the price runs in it.
    rising: bool,
    /// Who quotes next in it.
    turn: u64,
}

impl Flow {
    /// From a seed.
    pub const fn new(profile: Profile, seed: u64) -> Self {
        Self {
            profile,
            rng: Rng::new(seed),
            mid: profile.mid,
            burst: 0,
            rising: true,
            turn: 0,
        }
    }

    /// What happens next to `book`.
    pub fn next(&mut self, book: &Reference) -> Step {
        if self.rng.chance(1, 400) {
            return Step::NextBlock;
        }
        self.walk();
        let takes = if self.burst > 0 { 6 } else { 2 };
        if self.rng.chance(takes, 100) && !book.orders.is_empty() {
            return self.take();
        }
        let owner = if self.burst > 0 {
            self.turn += 1;
            1 + self.turn % self.profile.makers
        } else {
            self.rng.range(1, self.profile.makers)
        };
        Step::Act(owner, self.quote(owner, book))
    }

    /// Moves the price: seldom and by one, in a burst often and one way.
    fn walk(&mut self) {
        if self.burst == 0 {
            if self.rng.chance(1, 500) {
                self.burst = self.rng.range(30, 200);
                self.rising = match self.mid {
                    mid if mid < self.profile.mid / 2 => true,
                    mid if mid > self.profile.mid * 3 / 2 => false,
                    _ => self.rng.chance(1, 2),
                };
            } else if self.rng.chance(1, 60) {
                let rising = self.rng.chance(1, 2);
                self.shift(rising);
            }
            return;
        }
        self.burst -= 1;
        if self.rng.chance(1, 12) {
            self.shift(self.rising);
        }
    }

    const fn shift(&mut self, rising: bool) {
        self.mid = if rising { self.mid + 1 } else { self.mid - 1 };
    }

    fn side(&mut self) -> Side {
        if self.rng.chance(1, 2) {
            Side::Bid
        } else {
            Side::Ask
        }
    }

    /// A taker's order.
    fn take(&mut self) -> Step {
        let owner = self.profile.makers + self.rng.range(1, self.profile.takers);
        let with_the_move = self.burst > 0 && self.rng.chance(4, 5);
        let side = match (with_the_move, self.rising) {
            (false, _) => self.side(),
            (true, true) => Side::Bid,
            (true, false) => Side::Ask,
        };
        let slippage = 2 + self.rng.below(30) as u32;
        let kind = self.rng.below(100);
        let (time_in_force, reduce_only) = match kind {
            0..=7 if self.profile.special => (TimeInForce::FillOrKill, false),
            8..=17 if self.profile.special => (TimeInForce::ImmediateOrCancel, true),
            18..=22 => (TimeInForce::GoodTillCancelled, false),
            _ => (TimeInForce::ImmediateOrCancel, false),
        };
        let tick = match side {
            Side::Bid => self.mid + slippage,
            Side::Ask => self.mid - slippage,
        };
        let order = New {
            owner,
            side,
            lots: 2 * self.rng.heavy(9),
            tick,
            time_in_force,
            reduce_only,
            expires_at: None,
        };
        Step::Act(owner, Act::Place(order))
    }

    /// What a maker does.
    fn quote(&mut self, owner: u64, book: &Reference) -> Act {
        let own: Vec<&Resting> = book.orders.iter().filter(|o| o.owner == owner).collect();
        let count = own.len() as u64;
        if count < self.profile.quotes * 3 / 4 {
            return self.place(owner, book.now);
        }
        if count > self.profile.quotes * 3 / 2 {
            return Act::Cancel(self.pick(&own).id);
        }
        let order = self.pick(&own);
        match self.rng.below(1_000) {
            0 => Act::CancelAll,
            1..=20 => self.place(owner, book.now),
            21..=60 => Act::Cancel(order.id),
            61..=190 => Act::Amend {
                id: order.id,
                lots: self.rng.range(1, order.lots),
                tick: order.tick,
                post_only: true,
            },
            191..=220 => Act::Amend {
                id: order.id,
                lots: order.lots + self.rng.range(1, 20),
                tick: order.tick,
                post_only: true,
            },
            // Too late: it is not there any more, or never was his.
            221..=230 => Act::Cancel(self.rng.below(1 + book.next_id)),
            _ => Act::Amend {
                id: order.id,
                lots: self.size(),
                tick: self.near(order.side),
                post_only: self.rng.chance(39, 40),
            },
        }
    }

    /// The order that the price has left behind; else one of them, rather near the top than far from it.
    fn pick<'a>(&mut self, own: &[&'a Resting]) -> &'a Resting {
        let left_behind = own.iter().find(|order| match order.side {
            Side::Bid => order.tick >= self.mid,
            Side::Ask => order.tick <= self.mid,
        });
        if let Some(order) = left_behind {
            return order;
        }
        let mut one = || own[self.rng.below(own.len() as u64) as usize];
        let (a, b) = (one(), one());
        if a.tick.abs_diff(self.mid) <= b.tick.abs_diff(self.mid) {
            a
        } else {
            b
        }
    }

    fn size(&mut self) -> u64 {
        10 + 2 * self.rng.heavy(7)
    }

    /// A tick near the top: one away most often, a few more with falling chance.
    fn near(&mut self, side: Side) -> u32 {
        let distance = 1 + self.rng.streak(5, 6, 40);
        match side {
            Side::Bid => self.mid - distance,
            Side::Ask => self.mid + distance,
        }
    }

    fn place(&mut self, owner: u64, now: u64) -> Act {
        let side = self.side();
        let far = self.rng.chance(3, 100);
        let tick = match (far, side) {
            (false, side) => self.near(side),
            (true, Side::Bid) => self.mid - self.rng.range(100, 3_000) as u32,
            (true, Side::Ask) => self.mid + self.rng.range(100, 60_000) as u32,
        };
        let time_in_force = if self.rng.chance(9, 10) {
            TimeInForce::PostOnly
        } else {
            TimeInForce::GoodTillCancelled
        };
        let expires = self.profile.expiry && self.rng.chance(1, 30);
        Act::Place(New {
            owner,
            side,
            lots: self.size(),
            tick,
            time_in_force,
            reduce_only: false,
            expires_at: expires.then(|| now + self.rng.range(1, 20)),
        })
    }
}

/// A flow of `count` actions, and how many fills it has: made once, so that several books can be fed
/// with it.
pub fn record(profile: Profile, seed: u64, count: u64, book: &mut Reference) -> (Vec<Step>, u64) {
    let mut flow = Flow::new(profile, seed);
    let mut steps = Vec::new();
    let (mut actions, mut fills) = (0, 0);
    while actions < count {
        let step = flow.next(book);
        match &step {
            Step::Act(owner, act) => {
                book.call(*owner, act);
                fills += std::mem::take(&mut book.fills).len() as u64;
                actions += 1;
            }
            Step::NextBlock => book.now += 1,
        }
        steps.push(step);
    }
    (steps, fills)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNT: u64 = 12_000;

    fn recorded(seed: u64) -> (Vec<Step>, u64, Reference) {
        let mut book = Reference::new(32, 64);
        let (steps, fills) = record(Profile::default(), seed, COUNT, &mut book);
        (steps, fills, book)
    }

    fn shape(steps: &[Step]) -> Shape {
        let mut shape = Shape::default();
        for step in steps {
            match step {
                Step::Act(owner, act) => shape.count(act, *owner <= Profile::default().makers),
                Step::NextBlock => {}
            }
        }
        shape
    }

    #[test]
    fn flow_should_be_the_same_when_the_seed_is() {
        let text = |seed| format!("{:?}", recorded(seed).0);
        assert_eq!(text(1), text(1));
        assert_ne!(text(1), text(2));
    }

    #[test]
    fn flow_should_mostly_cancel_and_replace_near_the_top() {
        let (steps, fills, book) = recorded(7);
        let shape = shape(&steps);
        assert_eq!(shape.total(), COUNT);
        let share = (shape.cancels + shape.replaces) * 100 / shape.total();
        assert!((85..=93).contains(&share), "{share} %: {shape:?}");
        assert!((COUNT / 40..COUNT / 3).contains(&fills), "{fills} fills");
        let orders = book.orders.len() as u64;
        assert!((150..=600).contains(&orders), "{orders} orders rest");
    }

    #[test]
    fn sizes_of_takers_should_have_a_heavy_tail() {
        let mut lots: Vec<u64> = recorded(3)
            .0
            .iter()
            .filter_map(|step| match step {
                Step::Act(_, Act::Place(new)) if new.owner > 16 => Some(new.lots),
                Step::Act(..) | Step::NextBlock => None,
            })
            .collect();
        lots.sort_unstable();
        let at = |percent: usize| lots[lots.len() * percent / 100];
        assert!(at(99) > 20 * at(50), "{} and {}", at(50), at(99));
    }
}
