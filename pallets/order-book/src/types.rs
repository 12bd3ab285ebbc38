//! What is stored, and the market's grid of ticks and lots.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use crate::{auction::Search, bitmap::CAPACITY, Config, Error};
use bulwark_primitives::{
    ClientOrderId, MarketId, MarketParams, Moment, OrderExposure, OrderId, Price, Quantity, Side,
    StopCondition, SubAccount, Usd,
};
use bulwark_risk_math::{value::notional, Rounding};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::DispatchError;

/// A price in ticks of its market; above zero and below 2^24.
pub type Tick = u32;
/// A quantity in lots of its market.
pub type Lots = u64;

/// A resting order.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Order<AccountId, BlockNumber> {
    /// Whose it is.
    pub account: SubAccount<AccountId>,
    /// Its side.
    pub side: Side,
    /// Its limit, in ticks.
    pub tick: Tick,
    /// What is left of it, in lots; never zero.
    pub remaining: Lots,
    /// What is left of the notional that margin recorded for it. Fills take parts of it and the
    /// last part takes all, so that the parts sum up exactly.
    pub exposure: Usd,
    /// The first block in which it is no longer valid.
    pub expires_at: Option<BlockNumber>,
    /// The moment from which it is no longer valid.
    pub good_till: Option<Moment>,
    /// Its owner's name for it.
    pub client_id: Option<ClientOrderId>,
    /// Whether it may only make the position smaller, checked again when it fills.
    pub reduce_only: bool,
    /// Whether something of it has filled.
    pub filled: bool,
    /// Whether liquidation placed it, for an auction. Margin holds nothing for such an order.
    pub forced: bool,
    /// The page of its account's list that names it.
    pub page: u8,
    /// The order before it in its level, filled first.
    pub previous: Option<OrderId>,
    /// The order after it in its level.
    pub next: Option<OrderId>,
}

/// All orders of one side at one tick, a queue.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Level {
    /// The oldest order.
    pub head: OrderId,
    /// The newest order.
    pub tail: OrderId,
    /// Sum of the orders' lots. Wider than an order's, so that no queue is too long for it.
    pub lots: u128,
    /// How many orders.
    pub orders: u32,
}

/// Why an order, or what was left of it, is out.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum CancelReason {
    /// Its owner cancelled it.
    #[codec(index = 0)]
    Requested,
    /// It was met by a taker at or after its `expires_at`.
    #[codec(index = 1)]
    Expired,
    /// It was met by a taker of the same sub-account.
    #[codec(index = 2)]
    SelfTrade,
    /// It would have made a position larger that may only become smaller.
    #[codec(index = 3)]
    ReduceOnly,
    /// Margin refused to let it fill or rest.
    #[codec(index = 4)]
    Refused(DispatchError),
    /// It was not to rest.
    #[codec(index = 5)]
    ImmediateOrCancel,
    /// It met as many resting orders as one call may, and would still cross the book.
    #[codec(index = 6)]
    FillLimit,
    /// Its account is being liquidated.
    #[codec(index = 7)]
    Liquidation,
    /// It was met by a taker when its price was no longer inside the band.
    #[codec(index = 8)]
    OutsideBand,
    /// Its owner put another one in its place.
    #[codec(index = 9)]
    Amended,
    /// Its owner did not renew the heartbeat.
    #[codec(index = 10)]
    HeartbeatMissed,
    /// Its market takes no orders any more.
    #[codec(index = 11)]
    MarketClosed,
}

impl CancelReason {
    /// Whether an order that ends so without a fill counts against its owner's quota: when it was up
    /// to him, not to the chain or to others.
    pub const fn is_by_owner(&self) -> bool {
        match self {
            Self::Requested | Self::ImmediateOrCancel | Self::Amended | Self::HeartbeatMissed => {
                true
            }
            // Counted by the sweep. Met by a taker first it is free: the taker would do the work.
            Self::Expired
            | Self::SelfTrade
            | Self::ReduceOnly
            | Self::Refused(_)
            | Self::FillLimit
            | Self::Liquidation
            | Self::OutsideBand
            | Self::MarketClosed => false,
        }
    }
}

/// An order that waits for the mark price. Its market, condition, trigger and id are its key.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct StopOrder<AccountId> {
    /// Whose it is.
    pub account: SubAccount<AccountId>,
    /// Its side.
    pub side: Side,
    /// How much, in lots.
    pub lots: Lots,
    /// The worst price it accepts, in ticks.
    pub limit: Tick,
    /// Whether what does not fill at once rests.
    pub rests: bool,
    /// Whether it may only make the position smaller.
    pub reduce_only: bool,
    /// The name of the order that it becomes.
    pub client_id: Option<ClientOrderId>,
}

/// Id of a stop, unique in the chain and never reused.
pub type StopId = u64;

/// Where a stop is stored. The first to be triggered has the lowest rank of its market and condition.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct StopKey {
    /// The market.
    pub market: MarketId,
    /// When it is triggered.
    pub condition: StopCondition,
    /// The trigger in ticks, big endian; the complement of it when falling prices trigger.
    pub rank: [u8; 4],
    /// Its id, big endian.
    pub id: [u8; 8],
}

impl StopKey {
    /// The key of a stop.
    pub const fn new(
        market: MarketId,
        condition: StopCondition,
        trigger: Tick,
        id: StopId,
    ) -> Self {
        Self {
            market,
            condition,
            rank: Self::rank(condition, trigger),
            id: id.to_be_bytes(),
        }
    }

    /// The rank of a trigger.
    pub const fn rank(condition: StopCondition, trigger: Tick) -> [u8; 4] {
        match condition {
            StopCondition::AtOrBelow => (!trigger).to_be_bytes(),
            StopCondition::AtOrAbove => trigger.to_be_bytes(),
        }
    }

    /// The trigger in ticks.
    pub const fn trigger(&self) -> Tick {
        let rank = Tick::from_be_bytes(self.rank);
        match self.condition {
            StopCondition::AtOrBelow => !rank,
            StopCondition::AtOrAbove => rank,
        }
    }

    /// Its id.
    pub const fn stop_id(&self) -> StopId {
        StopId::from_be_bytes(self.id)
    }
}

/// What came of one action of a batch: the id of the order that it placed or amended or of the stop that it
/// placed, or why it changed nothing.
pub type ActionResult = Result<Option<OrderId>, DispatchError>;

/// A resting order as clients want to see it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct OrderInfo<BlockNumber> {
    /// The market.
    pub market: MarketId,
    /// Its id in that market.
    pub order_id: OrderId,
    /// Its side.
    pub side: Side,
    /// Its limit.
    pub price: Price,
    /// What is left of it.
    pub quantity: Quantity,
    /// Whether it may only make the position smaller.
    pub reduce_only: bool,
    /// The first block in which it is no longer valid.
    pub expires_at: Option<BlockNumber>,
    /// The moment from which it is no longer valid.
    pub good_till: Option<Moment>,
    /// Its owner's name for it.
    pub client_id: Option<ClientOrderId>,
}

/// A waiting stop as clients want to see it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct StopInfo {
    /// Its id.
    pub id: StopId,
    /// What it is.
    pub stop: crate::NewStop,
}

/// How far an auction has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Auction {
    /// Its price is looked for.
    #[codec(index = 0)]
    Searching(Search),
    /// It fills at this price.
    #[codec(index = 1)]
    Filling(Tick),
}

/// An auction as it would be with the orders that rest now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct AuctionInfo {
    /// Whether the book is being uncrossed, so that no more orders are taken.
    pub uncrossing: bool,
    /// The price; `None` when nothing would trade.
    pub price: Option<Price>,
    /// How much would trade at it, as far as all who take part can pay.
    pub quantity: Quantity,
}

/// What a taker of some quantity would get from the book as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Quote {
    /// How much of it.
    pub quantity: Quantity,
    /// For how much, rounded against the taker.
    pub notional: Usd,
    /// `notional / quantity`, rounded against the taker.
    pub average: Price,
    /// The price of the last level it reaches.
    pub worst: Price,
}

/// The steps of a market's prices and quantities. A market keeps its steps while orders rest in it:
/// they give the integers in the book their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    tick: Price,
    lot: Quantity,
}

impl Grid {
    /// The grid of a market.
    pub const fn new(params: &MarketParams) -> Self {
        Self {
            tick: params.tick_size,
            lot: params.lot_size,
        }
    }

    /// A price in ticks.
    ///
    /// # Errors
    /// `OffTick` when it is between two ticks, `TickOutOfRange` when it is zero or at 2^24 ticks.
    pub fn ticks<T: Config>(&self, price: Price) -> Result<Tick, Error<T>> {
        let rest = price
            .0
            .checked_rem(self.tick.0)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        if rest != 0 {
            return Err(Error::<T>::OffTick);
        }
        let (ticks, _) = self
            .ticks_around(price)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        Tick::try_from(ticks)
            .ok()
            .filter(|tick| *tick > 0 && *tick < CAPACITY)
            .ok_or(Error::<T>::TickOutOfRange)
    }

    /// The tick at or below a price and whether the price is above it. `None` without a tick size.
    pub(crate) fn ticks_around(&self, price: Price) -> Option<(u128, bool)> {
        let below = price.0.checked_div(self.tick.0)?;
        Some((below, below.checked_mul(self.tick.0)? < price.0))
    }

    /// The tick nearest to a price, the lower of two. `None` when there is none so high.
    pub fn nearest(&self, price: Price) -> Option<Tick> {
        let (below, inexact) = self.ticks_around(price)?;
        let over = price.0.checked_sub(below.checked_mul(self.tick.0)?)?;
        let above = inexact && over > self.tick.0.checked_sub(over)?;
        let tick = below.checked_add(u128::from(above))?;
        Tick::try_from(tick).ok().filter(|tick| *tick < CAPACITY)
    }

    /// The last tick that is not worse than `worst` for a taker on `side`: a buyer's bound rounds
    /// down, a seller's up. `None` when no tick is good enough for a seller.
    pub fn bound(&self, side: Side, worst: Price) -> Option<Tick> {
        let (below, inexact) = self.ticks_around(worst)?;
        let highest = u128::from(CAPACITY.checked_sub(1)?);
        let bound = match side {
            Side::Bid => below.min(highest),
            Side::Ask if inexact => below.checked_add(1)?,
            Side::Ask => below,
        };
        Tick::try_from(bound).ok().filter(|tick| *tick < CAPACITY)
    }

    /// A quantity in lots.
    ///
    /// # Errors
    /// `OffLot` when it is between two lots, `QuantityOutOfRange` at 2^64 lots.
    pub fn lots<T: Config>(&self, quantity: Quantity) -> Result<Lots, Error<T>> {
        let rest = quantity
            .0
            .checked_rem(self.lot.0)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        if rest != 0 {
            return Err(Error::<T>::OffLot);
        }
        let lots = quantity
            .0
            .checked_div(self.lot.0)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        Lots::try_from(lots).map_err(|_| Error::<T>::QuantityOutOfRange)
    }

    /// The most lots that fit into a quantity.
    pub fn whole_lots(&self, quantity: Quantity) -> Lots {
        // Fewer lots than fit is always within what the caller allows, so a cap is right.
        let lots = quantity.0.checked_div(self.lot.0).unwrap_or(0);
        Lots::try_from(lots).unwrap_or(Lots::MAX)
    }

    /// The price of a tick.
    pub fn price<T: Config>(&self, tick: Tick) -> Result<Price, Error<T>> {
        let price = self.tick.0.checked_mul(u128::from(tick));
        price.map(Price).ok_or(Error::<T>::ArithmeticOverflow)
    }

    /// The quantity of a number of lots.
    pub fn quantity<T: Config>(&self, lots: u128) -> Result<Quantity, Error<T>> {
        let quantity = self.lot.0.checked_mul(lots);
        quantity.map(Quantity).ok_or(Error::<T>::ArithmeticOverflow)
    }

    /// What an order of `lots` at `tick` adds to its account's risk: what a buyer would pay is
    /// rounded up, what a seller would get down.
    pub fn exposure<T: Config>(
        &self,
        market: MarketId,
        side: Side,
        tick: Tick,
        lots: Lots,
    ) -> Result<OrderExposure, Error<T>> {
        let rounding = match side {
            Side::Bid => Rounding::Up,
            Side::Ask => Rounding::Down,
        };
        let quantity = self.quantity::<T>(u128::from(lots))?;
        let notional = notional(self.price::<T>(tick)?, quantity, rounding)
            .map_err(|_| Error::<T>::ArithmeticOverflow)?;
        Ok(OrderExposure {
            market,
            side,
            quantity,
            notional,
        })
    }
}

impl<AccountId, BlockNumber: PartialOrd> Order<AccountId, BlockNumber> {
    /// Whether it is no longer valid in block `now`, whose time is asked only when it matters.
    pub fn is_expired(&self, now: &BlockNumber, clock: impl FnOnce() -> Moment) -> bool {
        self.expires_at.as_ref().is_some_and(|at| at <= now)
            || self.good_till.is_some_and(|at| at <= clock())
    }

    /// Whether it dies without a fill by its owner's doing.
    pub const fn died_by(&self, reason: CancelReason) -> bool {
        !self.filled && reason.is_by_owner()
    }

    /// The part of its exposure that `lots` of it use up. The part of the last lots is all that is
    /// left, so the parts of any way of filling an order sum up to what was recorded for it.
    pub fn exposure_of<T: Config>(
        &self,
        market: MarketId,
        grid: &Grid,
        lots: Lots,
    ) -> Result<OrderExposure, Error<T>> {
        let rest = self
            .remaining
            .checked_sub(lots)
            .ok_or(Error::<T>::Corrupt)?;
        let left = match rest {
            0 => Usd::ZERO,
            _ if self.forced => Usd::ZERO,
            rest => {
                grid.exposure::<T>(market, self.side, self.tick, rest)?
                    .notional
            }
        };
        Ok(OrderExposure {
            market,
            side: self.side,
            quantity: grid.quantity::<T>(u128::from(lots))?,
            notional: self
                .exposure
                .checked_sub(left)
                .ok_or(Error::<T>::ArithmeticOverflow)?,
        })
    }
}
