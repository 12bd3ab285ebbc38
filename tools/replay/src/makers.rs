//! What makers quote, as far as the chain takes it.
//!
//! In an open market, in a pause that collects orders for its auction, and while a backlog of liquidations makes
//! the market reduce-only, a maker quotes what his depth model says, post-only. Without a clean price, or in a
//! market that takes no new risk for another reason, nobody may enlarge a position: then a maker takes back what
//! has become better than what he would quote, keeps the rest, and quotes on the side that makes his position
//! smaller. While the book is being uncrossed nothing can be placed, and he leaves what he has there.

use crate::{
    depth::{Depth, ASKS, BIDS},
    market::{lots, order, side_of, ticks, Market},
    scenario::Scenario,
    world::World,
};
use bulwark_primitives::{MarketId, MarketStatus, OrderId, Price, Side, SubAccount, TimeInForce};
use bulwark_runtime::{AccountId, CircuitBreaker, Margin, OrderBook, PriceOracle, Runtime};
use bulwark_traits::{AuctionGuard, LiquidationLedger, MarketGuard, PriceSource, Reopening};
use pallet_order_book::{BookAction, NewOrder};
use polkadot_sdk::{frame_support::dispatch::GetDispatchInfo, frame_system};

/// A maker quotes anew when its price, or what is left of its depth, has moved by this.
const REQUOTE: f64 = 0.000_1;
const REQUOTE_DEPTH: f64 = 0.1;

/// Price, depth of bids and of asks of a maker's quotes, and what the market took then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quoted {
    of: [f64; 3],
    door: Door,
}

/// What a market takes from a maker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Quotes on both sides.
    Open,
    /// What makes his position smaller.
    Reducing,
    /// Nothing.
    Shut,
}

impl Door {
    /// Of a market now; reads the state.
    pub fn of(market: &Market) -> Self {
        let status = <CircuitBreaker as MarketGuard>::status(market.id);
        let collects = status == MarketStatus::Paused
            && <CircuitBreaker as AuctionGuard>::reopening(market.id)
                == Some(Reopening::Collecting);
        if !status.allows_orders() && !collects {
            return Self::Shut;
        }
        let clean = <PriceOracle as PriceSource>::price(market.asset).is_ok();
        if clean && <CircuitBreaker as MarketGuard>::admits_makers(market.id) {
            Self::Open
        } else {
            Self::Reducing
        }
    }
}

/// A maker's plan for one market in one slot.
struct Quotes<'a> {
    market: &'a Market,
    price: f64,
    volatility: f64,
    factor: f64,
}

type Action = BookAction<u32>;

impl Quotes<'_> {
    /// What decides whether quotes still fit.
    fn key(&self) -> [f64; 3] {
        let left = self.market.depth.left();
        [
            self.price,
            left[BIDS] * self.factor,
            left[ASKS] * self.factor,
        ]
    }

    fn fits(&self, door: Door) -> bool {
        let now = self.key();
        self.market.quoted.is_some_and(|was| {
            let same = |at: usize| (now[at] / was.of[at].max(1e-12) - 1.0).abs() < REQUOTE_DEPTH;
            was.door == door && (now[0] / was.of[0] - 1.0).abs() < REQUOTE && same(1) && same(2)
        })
    }

    /// Orders of one side.
    fn side(&self, side: usize, reduce_only: bool) -> impl Iterator<Item = Action> + '_ {
        let Self { market, .. } = self;
        let levels = market
            .depth
            .levels(side, self.price, self.volatility, self.factor);
        levels.filter_map(move |(at, units)| {
            let params = &market.params;
            let quantity = lots(units, params);
            (quantity >= params.min_order).then(|| {
                let at = ticks(at, params, side);
                BookAction::Place(NewOrder {
                    time_in_force: TimeInForce::PostOnly,
                    reduce_only,
                    ..order(market.id, side_of(side), quantity, at, false)
                })
            })
        })
    }

    /// The best price that he would quote on a side.
    fn best(&self, side: usize) -> Option<Price> {
        let mut levels = self
            .market
            .depth
            .levels(side, self.price, self.volatility, self.factor);
        levels
            .next()
            .map(|(at, _)| ticks(at, &self.market.params, side))
    }

    /// Both sides anew.
    fn whole(&self) -> Vec<Action> {
        let market = Some(self.market.id);
        let all = BookAction::CancelAll { market };
        let sides = [BIDS, ASKS].into_iter();
        std::iter::once(all)
            .chain(sides.flat_map(|side| self.side(side, false)))
            .collect()
    }

    /// Takes back what has become too good, and quotes what makes the position smaller.
    fn reducing(&self, standing: &Standing) -> Vec<Action> {
        let is_stale = |side: Side, price: Price| match side {
            Side::Bid => self.best(BIDS).is_none_or(|best| price > best),
            Side::Ask => self.best(ASKS).is_none_or(|best| price < best),
        };
        let reduced = standing.reduces.map(side_of);
        let mut actions: Vec<Action> = standing
            .orders
            .iter()
            .filter(|(_, side, price)| Some(*side) == reduced || is_stale(*side, *price))
            .map(|(order_id, ..)| BookAction::Cancel {
                market: self.market.id,
                order_id: *order_id,
            })
            .collect();
        if let Some(side) = standing.reduces {
            actions.extend(self.side(side, true));
        }
        actions
    }
}

/// What a maker has in a market.
struct Standing {
    orders: Vec<(OrderId, Side, Price)>,
    /// The side on which an order makes his position smaller.
    reduces: Option<usize>,
}

impl Standing {
    fn of(maker: &SubAccount<AccountId>, market: MarketId) -> Self {
        let positions = <Margin as LiquidationLedger<AccountId>>::positions(maker);
        let size = positions
            .iter()
            .find(|position| position.market == market)
            .map_or(0, |position| position.size.0);
        Self {
            orders: OrderBook::orders_of(maker)
                .into_iter()
                .map(|order| (order.order_id, order.side, order.price))
                .collect(),
            reduces: match size {
                0 => None,
                size if size > 0 => Some(ASKS),
                _ => Some(BIDS),
            },
        }
    }
}

impl World {
    /// Whether the open block has room for what a call may use.
    fn has_room(&mut self, call: &impl GetDispatchInfo) -> bool {
        let most = <Runtime as frame_system::Config>::BlockWeights::get().max_block;
        let used = self.chain.weight().total();
        used.saturating_add(call.get_dispatch_info().total_weight())
            .all_lte(most)
    }

    /// Makers quote where their last quotes no longer fit.
    pub fn quote(&mut self, scenario: &Scenario, volatility: &[Vec<f64>], slot: usize) {
        let markets = &self.markets;
        let doors: Vec<Door> = self.chain.read(|| markets.iter().map(Door::of).collect());
        for (index, door) in doors.into_iter().enumerate() {
            let market = &self.markets[index];
            let volatility = volatility[index][slot];
            let quotes = Quotes {
                market,
                price: scenario.paths[index].prices[slot],
                volatility,
                factor: scenario.depth_at(slot) * Depth::thin(volatility, market.spec.calm),
            };
            if door == Door::Shut || quotes.fits(door) {
                continue;
            }
            let maker = SubAccount::new(self.maker.clone(), index as u16);
            let actions = match door {
                Door::Open => quotes.whole(),
                Door::Reducing | Door::Shut => {
                    let standing = self.chain.read(|| Standing::of(&maker, market.id));
                    quotes.reducing(&standing)
                }
            };
            let wanted = actions
                .iter()
                .filter(|action| matches!(action, BookAction::Place(_)))
                .count();
            let quoted = Quoted {
                of: quotes.key(),
                door,
            };
            if actions.is_empty() {
                self.markets[index].quoted = Some(quoted);
                continue;
            }
            let call = pallet_order_book::Call::<Runtime>::batch {
                sub_account: maker.index,
                actions,
                atomic: false,
            };
            if !self.has_room(&call) {
                // It waits for the next block, as a transaction would.
                return;
            }
            let done = self.chain.dispatch(&maker.owner, call).is_ok();
            // Single levels may be refused, outside of the band for example; they are tried again.
            let resting = self.chain.read(|| OrderBook::orders_of(&maker).len());
            self.markets[index].quoted = (done && resting >= wanted).then_some(quoted);
        }
    }
}
