//! The price of a call auction, as a pure function of the levels of both sides.
//!
//! At a price `p` the bids with a limit of at least `p` are demanded, `D(p)`, and the asks with a limit
//! of at most `p` supplied, `S(p)`; `min(D, S)` is what can trade. The price of the auction makes that
//! the most, among those prices `|D - S|` the least, and of those that are left it is the nearest to the
//! reference. `D` falls and `S` rises with the price, so the levels can be taken off one by one, the best
//! bid against the best ask, until they no longer cross: what was taken off is the volume, and the last
//! two levels bound the prices at which it trades. That takes one step a level and remembers two of them,
//! so it goes on in the next block wherever this one has to stop.

use crate::types::Tick;
use bulwark_primitives::Side;
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The levels of a book.
pub trait Depth {
    /// The best tick of a side that has orders.
    fn best(&self, side: Side) -> Option<Tick>;
    /// The first tick with orders that is worse than `tick`, which need not have any.
    fn after(&self, side: Side, tick: Tick) -> Option<Tick>;
    /// The lots at a tick.
    fn lots(&self, side: Side, tick: Tick) -> u128;
}

/// The prices that an auction may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Range {
    /// The lowest.
    pub low: Tick,
    /// The highest.
    pub high: Tick,
    /// The one near which it is to be.
    pub reference: Tick,
}

/// A level of which lots are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
struct Place {
    /// Its tick.
    tick: Tick,
    /// What is left of it.
    left: u128,
}

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Found {
    /// The price in ticks.
    pub tick: Tick,
    /// What can trade at it, in lots.
    pub lots: u128,
}

/// A search for the price, as far as it has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Search {
    range: Range,
    bid: Option<Place>,
    ask: Option<Place>,
    /// What was taken off so far.
    lots: u128,
    /// The prices at which all of that trades, from lowest to highest.
    low: Tick,
    high: Tick,
}

/// What one step of a search came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is more to look at.
    On,
    /// It is over; nothing when no price lets anything trade.
    Over(Option<Found>),
}

impl Range {
    /// A limit as it counts inside the range: beyond its end it is as good as its end. `None` when no
    /// price of the range is good enough for it.
    fn limit(&self, side: Side, tick: Tick) -> Option<Tick> {
        match side {
            Side::Bid => (tick >= self.low).then_some(tick.min(self.high)),
            Side::Ask => (tick <= self.high).then_some(tick.max(self.low)),
        }
    }
}

impl Search {
    /// A search among the prices of `range`.
    pub fn new(range: Range, depth: &impl Depth) -> Self {
        let best = |side| place(depth, side, depth.best(side));
        Self {
            range,
            bid: best(Side::Bid),
            ask: best(Side::Ask),
            lots: 0,
            low: range.low,
            high: range.high,
        }
    }

    /// The lowest price of its range.
    pub const fn lowest(&self) -> Tick {
        self.range.low
    }

    /// Takes the best bid and the best ask off against each other, as far as they go. Looks at most at
    /// two levels.
    pub fn step(&mut self, depth: &impl Depth) -> Step {
        let at = |side, place: Option<Place>| {
            place.and_then(|place| Some((self.range.limit(side, place.tick)?, place)))
        };
        let (bid, ask) = (at(Side::Bid, self.bid), at(Side::Ask, self.ask));
        let (Some((high, bid)), Some((low, ask))) = (bid, ask) else {
            return Step::Over(self.choose(depth, bid.map(first), ask.map(first)));
        };
        if high < low {
            return Step::Over(self.choose(depth, Some(high), Some(low)));
        }
        let lots = bid.left.min(ask.left);
        let Some(sum) = self.lots.checked_add(lots) else {
            // More lots than there can be: what was found so far is what trades.
            return Step::Over(self.choose(depth, None, None));
        };
        (self.lots, self.low, self.high) = (sum, low, high);
        self.bid = rest(depth, Side::Bid, bid, lots);
        self.ask = rest(depth, Side::Ask, ask, lots);
        Step::On
    }

    /// The price, when the best bid and ask that are left count as `bid` and `ask` and do not cross.
    fn choose(&self, depth: &impl Depth, bid: Option<Tick>, ask: Option<Tick>) -> Option<Found> {
        if self.lots == 0 {
            return None;
        }
        let (low, high) = (self.low, self.high);
        // Prices at which neither of what is left trades: nobody there goes without.
        let from = bid.map_or(low, |bid| bid.saturating_add(1).max(low));
        let to = ask.map_or(high, |ask| ask.saturating_sub(1).min(high));
        let (from, to) = if from <= to {
            (from, to)
        } else {
            // Bids that are left are demanded from their level down, asks supplied from theirs up.
            let bids = || {
                let bid = bid?;
                let next = depth
                    .after(Side::Bid, bid)
                    .map_or(low, |t| t.saturating_add(1));
                (bid >= low).then_some((next.max(low), bid.min(high)))
            };
            let asks = || {
                let ask = ask?;
                let next = depth
                    .after(Side::Ask, ask)
                    .map_or(high, |t| t.saturating_sub(1));
                (ask <= high).then_some((ask.max(low), next.min(high)))
            };
            let left = |place: Option<Place>| place.map_or(0, |place| place.left);
            match (bids(), asks()) {
                (Some(bids), None) => bids,
                (None, Some(asks)) => asks,
                // Neighbours: there is no price between them.
                (Some(bids), Some(asks)) => match left(self.bid).cmp(&left(self.ask)) {
                    core::cmp::Ordering::Less => bids,
                    core::cmp::Ordering::Greater => asks,
                    core::cmp::Ordering::Equal => (bids.0, asks.1),
                },
                (None, None) => (low, high),
            }
        };
        Some(Found {
            tick: self.range.reference.max(from).min(to),
            lots: self.lots,
        })
    }
}

fn first<A, B>(pair: (A, B)) -> A {
    pair.0
}

/// A level with all its lots.
fn place(depth: &impl Depth, side: Side, tick: Option<Tick>) -> Option<Place> {
    tick.map(|tick| Place {
        tick,
        left: depth.lots(side, tick),
    })
}

/// What is left of a level without `lots`, or the level after it.
fn rest(depth: &impl Depth, side: Side, level: Place, lots: u128) -> Option<Place> {
    match level.left.checked_sub(lots) {
        None | Some(0) => place(depth, side, depth.after(side, level.tick)),
        Some(left) => Some(Place { left, ..level }),
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Lots by tick.
    #[derive(Clone, Debug, Default)]
    struct Levels {
        bids: BTreeMap<Tick, u128>,
        asks: BTreeMap<Tick, u128>,
    }

    impl Depth for Levels {
        fn best(&self, side: Side) -> Option<Tick> {
            match side {
                Side::Bid => self.bids.keys().next_back().copied(),
                Side::Ask => self.asks.keys().next().copied(),
            }
        }

        fn after(&self, side: Side, tick: Tick) -> Option<Tick> {
            match side {
                Side::Bid => self.bids.range(..tick).next_back(),
                Side::Ask => self.asks.range(tick + 1..).next(),
            }
            .map(|(tick, _)| *tick)
        }

        fn lots(&self, side: Side, tick: Tick) -> u128 {
            let side = match side {
                Side::Bid => &self.bids,
                Side::Ask => &self.asks,
            };
            side.get(&tick).copied().unwrap_or(0)
        }
    }

    impl Levels {
        fn new(bids: &[(Tick, u128)], asks: &[(Tick, u128)]) -> Self {
            let sum = |levels: &[(Tick, u128)]| {
                let mut sums = BTreeMap::new();
                for (tick, lots) in levels {
                    *sums.entry(*tick).or_insert(0) += *lots;
                }
                sums
            };
            Self {
                bids: sum(bids),
                asks: sum(asks),
            }
        }

        /// (demand, supply) at a tick.
        fn at(&self, tick: Tick) -> (u128, u128) {
            (
                self.bids.range(tick..).map(|(_, lots)| lots).sum(),
                self.asks.range(..=tick).map(|(_, lots)| lots).sum(),
            )
        }

        /// Every price of the range tried, in the order of the rule.
        fn naive(&self, range: Range) -> Option<(Found, u128, u32)> {
            (range.low..=range.high)
                .map(|tick| {
                    let (demand, supply) = self.at(tick);
                    let found = Found {
                        tick,
                        lots: demand.min(supply),
                    };
                    (
                        found,
                        demand.abs_diff(supply),
                        tick.abs_diff(range.reference),
                    )
                })
                .filter(|(found, ..)| found.lots > 0)
                .min_by_key(|(found, imbalance, away)| {
                    (core::cmp::Reverse(found.lots), *imbalance, *away)
                })
        }
    }

    fn search(levels: &Levels, range: Range) -> (Option<Found>, usize) {
        let mut search = Search::new(range, levels);
        let mut steps = 0;
        loop {
            steps += 1;
            if let Step::Over(found) = search.step(levels) {
                return (found, steps);
            }
        }
    }

    fn range(low: Tick, high: Tick, reference: Tick) -> Range {
        Range {
            low,
            high,
            reference,
        }
    }

    #[test]
    fn price_should_let_the_most_trade_then_leave_the_least_then_be_nearest() {
        let wide = range(1, 1_000, 100);
        for (bids, asks, expected) in [
            // Nothing crosses.
            (vec![(99, 5)], vec![(100, 5)], None),
            (vec![], vec![(100, 5)], None),
            // The most volume.
            (
                vec![(105, 10), (103, 10)],
                vec![(101, 15), (104, 50)],
                Some((101, 15)),
            ),
            // All of 95 to 105 trade the same and leave nothing: the reference.
            (vec![(105, 10)], vec![(95, 10)], Some((100, 10))),
            // The same, but the reference is outside.
            (vec![(125, 10)], vec![(115, 10)], Some((115, 10))),
            (vec![(85, 10)], vec![(75, 10)], Some((85, 10))),
            // Bids are left over at every price, the fewest above the next one.
            (vec![(110, 10), (104, 7)], vec![(95, 8)], Some((105, 8))),
        ] {
            let levels = Levels::new(&bids, &asks);
            let found = search(&levels, wide)
                .0
                .map(|found| (found.tick, found.lots));
            assert_eq!(found, expected, "{levels:?}");
        }
    }

    #[test]
    fn price_should_stay_in_the_range_when_the_orders_cross_outside_of_it() {
        let levels = Levels::new(&[(500, 10)], &[(400, 10)]);
        assert_eq!(search(&levels, range(90, 110, 100)).0, None);
        let levels = Levels::new(&[(500, 10), (500, 10)], &[(50, 10), (400, 10)]);
        let found = search(&levels, range(90, 110, 100)).0;
        assert_eq!(
            found,
            Some(Found {
                tick: 100,
                lots: 10
            })
        );
    }

    fn levels() -> impl Strategy<Value = Levels> {
        let side = || prop::collection::vec((1..40 as Tick, 1..12u128), 0..12);
        (side(), side()).prop_map(|(bids, asks)| Levels::new(&bids, &asks))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn price_should_be_as_good_as_the_best_of_all_prices_tried(
            levels in levels(),
            ends in (1..40 as Tick, 1..40 as Tick),
            reference in 1..40 as Tick,
        ) {
            let range = range(ends.0.min(ends.1), ends.0.max(ends.1), reference);
            let (found, steps) = search(&levels, range);
            prop_assert!(steps <= levels.bids.len() + levels.asks.len() + 1, "a step a level");
            match (found, levels.naive(range)) {
                (None, None) => {}
                (Some(found), Some((best, imbalance, away))) => {
                    let (demand, supply) = levels.at(found.tick);
                    prop_assert!((range.low..=range.high).contains(&found.tick));
                    prop_assert_eq!(found.lots, demand.min(supply));
                    prop_assert_eq!(
                        (found.lots, demand.abs_diff(supply), found.tick.abs_diff(reference)),
                        (best.lots, imbalance, away)
                    );
                }
                (found, best) => prop_assert!(false, "{:?} and {:?}", found, best),
            }
        }

        #[test]
        fn search_should_find_the_same_when_it_goes_on_from_what_was_stored(levels in levels()) {
            let range = range(1, 40, 20);
            let mut search_ = Search::new(range, &levels);
            let found = loop {
                if let Step::Over(found) = search_.step(&levels) {
                    break found;
                }
                search_ = Search::decode(&mut &search_.encode()[..]).unwrap();
            };
            prop_assert_eq!(found, search(&levels, range).0);
        }
    }
}
