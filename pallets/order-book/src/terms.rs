//! What an order is to do, as it comes in: alone, in a batch, or when a stop is triggered.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use crate::StopId;
use bulwark_primitives::{
    ClientOrderId, MarketId, Moment, OrderId, Price, Quantity, SelfTrade, Side, StopCondition,
    TimeInForce,
};
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

/// An order with the terms that most orders need.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct NewOrder<BlockNumber> {
    /// The market.
    pub market: MarketId,
    /// Its side.
    pub side: Side,
    /// How much; a multiple of the lot.
    pub quantity: Quantity,
    /// Its limit; a multiple of the tick.
    pub price: Price,
    /// What happens to what does not fill at once.
    pub time_in_force: TimeInForce,
    /// Whether it may only make the position smaller.
    pub reduce_only: bool,
    /// The first block in which it is no longer valid.
    pub expires_at: Option<BlockNumber>,
}

/// An order with all terms there are.
///
/// A market order is one that is `ImmediateOrCancel` with the worst price it accepts as its `price`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct OrderTerms<BlockNumber> {
    /// The market.
    pub market: MarketId,
    /// Its side.
    pub side: Side,
    /// How much; a multiple of the lot.
    pub quantity: Quantity,
    /// Its limit; a multiple of the tick.
    pub price: Price,
    /// What happens to what does not fill at once.
    pub time_in_force: TimeInForce,
    /// Whether it may only make the position smaller.
    pub reduce_only: bool,
    /// The first block in which it is no longer valid.
    pub expires_at: Option<BlockNumber>,
    /// The moment from which it is no longer valid, in milliseconds since the Unix epoch.
    pub good_till: Option<Moment>,
    /// Its owner's name for it, unique among the resting orders of the sub-account.
    pub client_id: Option<ClientOrderId>,
    /// What happens when it would fill against an order of the same sub-account.
    pub self_trade: SelfTrade,
}

impl<BlockNumber> OrderTerms<BlockNumber> {
    /// Whether its expiry or its name is looked up while it rests.
    pub const fn is_indexed(&self) -> bool {
        self.expires_at.is_some() || self.good_till.is_some() || self.client_id.is_some()
    }
}

impl<BlockNumber> From<NewOrder<BlockNumber>> for OrderTerms<BlockNumber> {
    fn from(order: NewOrder<BlockNumber>) -> Self {
        Self {
            market: order.market,
            side: order.side,
            quantity: order.quantity,
            price: order.price,
            time_in_force: order.time_in_force,
            reduce_only: order.reduce_only,
            expires_at: order.expires_at,
            good_till: None,
            client_id: None,
            self_trade: SelfTrade::default(),
        }
    }
}

/// An order that waits outside the book until the mark price triggers it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct NewStop {
    /// The market.
    pub market: MarketId,
    /// On which side of the trigger the mark price has to be.
    pub condition: StopCondition,
    /// The mark price that triggers it; a multiple of the tick.
    pub trigger: Price,
    /// Its side.
    pub side: Side,
    /// How much; a multiple of the lot.
    pub quantity: Quantity,
    /// The worst price it accepts, or its limit when it may rest; a multiple of the tick.
    pub price: Price,
    /// Whether what does not fill at once rests.
    pub rests: bool,
    /// Whether it may only make the position smaller.
    pub reduce_only: bool,
    /// The name of the order that it becomes.
    pub client_id: Option<ClientOrderId>,
}

/// One of the actions of a batch, each like the call of its name.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum BookAction<BlockNumber> {
    /// `place_order`.
    #[codec(index = 0)]
    Place(NewOrder<BlockNumber>),
    /// `cancel_order`.
    #[codec(index = 1)]
    Cancel {
        /// The market.
        market: MarketId,
        /// The order.
        order_id: OrderId,
    },
    /// `cancel_all`.
    #[codec(index = 2)]
    CancelAll {
        /// The market, or all of them.
        market: Option<MarketId>,
    },
    /// `amend_order`.
    #[codec(index = 3)]
    Amend {
        /// The market.
        market: MarketId,
        /// The order.
        order_id: OrderId,
        /// What is to be left of it.
        quantity: Quantity,
        /// Its limit from now on.
        price: Price,
        /// Whether it may not fill at once when it is placed anew.
        post_only: bool,
    },
    /// `submit_order`.
    #[codec(index = 4)]
    Submit(OrderTerms<BlockNumber>),
    /// `cancel_by_client_id`.
    #[codec(index = 5)]
    CancelByClientId {
        /// The owner's name for the order.
        client_id: ClientOrderId,
    },
    /// `place_stop`.
    #[codec(index = 6)]
    PlaceStop(NewStop),
    /// `cancel_stop`.
    #[codec(index = 7)]
    CancelStop {
        /// The stop.
        stop_id: StopId,
    },
    /// `cancel_all_stops`.
    #[codec(index = 8)]
    CancelAllStops {
        /// The market, or all of them.
        market: Option<MarketId>,
    },
}

impl<BlockNumber> BookAction<BlockNumber> {
    /// Whether it puts an order into the book, or back into it.
    pub const fn places(&self) -> bool {
        match self {
            Self::Place(_) | Self::Submit(_) | Self::Amend { .. } => true,
            Self::Cancel { .. }
            | Self::CancelAll { .. }
            | Self::CancelByClientId { .. }
            | Self::PlaceStop(_)
            | Self::CancelStop { .. }
            | Self::CancelAllStops { .. } => false,
        }
    }

    /// Whether it does little and fills nothing, so that it may be done twice.
    pub const fn is_quiet(&self) -> bool {
        match self {
            Self::CancelAll { .. } | Self::CancelAllStops { .. } => false,
            Self::Place(_)
            | Self::Submit(_)
            | Self::Amend { .. }
            | Self::Cancel { .. }
            | Self::CancelByClientId { .. }
            | Self::PlaceStop(_)
            | Self::CancelStop { .. } => !self.may_take(),
        }
    }

    /// Whether it may fill against resting orders at once.
    pub const fn may_take(&self) -> bool {
        match self {
            Self::Place(order) => order.time_in_force.may_take(),
            Self::Submit(order) => order.time_in_force.may_take(),
            Self::Amend { post_only, .. } => !*post_only,
            Self::Cancel { .. }
            | Self::CancelAll { .. }
            | Self::CancelByClientId { .. }
            | Self::PlaceStop(_)
            | Self::CancelStop { .. }
            | Self::CancelAllStops { .. } => false,
        }
    }
}
