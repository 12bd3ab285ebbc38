//! Orders and fills as the pallets tell each other about them.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use crate::{MarketId, OrderId, Price, Quantity, Rate, SubAccount, Usd};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Side of an order.
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
    Serialize,
    Deserialize,
)]
pub enum Side {
    /// Buys.
    #[codec(index = 0)]
    Bid,
    /// Sells.
    #[codec(index = 1)]
    Ask,
}

impl Side {
    /// The other side.
    pub const fn opposite(self) -> Self {
        match self {
            Self::Bid => Self::Ask,
            Self::Ask => Self::Bid,
        }
    }
}

/// How long an order lives.
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
    Serialize,
    Deserialize,
)]
pub enum TimeInForce {
    /// What does not fill at once rests until cancelled or expired.
    #[codec(index = 0)]
    GoodTillCancelled,
    /// What does not fill at once is cancelled.
    #[codec(index = 1)]
    ImmediateOrCancel,
    /// Fills in full at once or is refused.
    #[codec(index = 2)]
    FillOrKill,
    /// Rests without filling at once, or is refused.
    #[codec(index = 3)]
    PostOnly,
}

impl TimeInForce {
    /// Whether what does not fill at once may rest.
    pub const fn may_rest(self) -> bool {
        match self {
            Self::GoodTillCancelled | Self::PostOnly => true,
            Self::ImmediateOrCancel | Self::FillOrKill => false,
        }
    }

    /// Whether such an order may fill when it comes in.
    pub const fn may_take(self) -> bool {
        match self {
            Self::GoodTillCancelled | Self::ImmediateOrCancel | Self::FillOrKill => true,
            Self::PostOnly => false,
        }
    }
}

/// The name that its owner gives an order, unique among the resting orders of one sub-account.
pub type ClientOrderId = u128;

/// What happens when an order would fill against one of the same sub-account.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub enum SelfTrade {
    /// The resting one is cancelled, the incoming one goes on.
    #[default]
    #[codec(index = 0)]
    CancelOldest,
    /// What is left of the incoming one is cancelled, the resting one stays.
    #[codec(index = 1)]
    CancelNewest,
    /// Both are cancelled.
    #[codec(index = 2)]
    CancelBoth,
}

/// When a stop order is triggered.
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
    Serialize,
    Deserialize,
)]
pub enum StopCondition {
    /// The mark price is at the trigger or below: the stop loss of a long position, the take profit
    /// of a short one.
    #[codec(index = 0)]
    AtOrBelow,
    /// The mark price is at the trigger or above: the stop loss of a short position, the take profit
    /// of a long one.
    #[codec(index = 1)]
    AtOrAbove,
}

/// What one resting order can add to an account's risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderExposure {
    /// The market it rests in.
    pub market: MarketId,
    /// Its side.
    pub side: Side,
    /// What is left of it.
    pub quantity: Quantity,
    /// `price * quantity` at the order's limit: what a buyer would pay (rounded up) or a seller
    /// would get (rounded down).
    pub notional: Usd,
}

/// All resting orders of one account in one market, summed.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct OpenOrders {
    /// Quantity of all bids.
    pub bid_quantity: Quantity,
    /// Notional of all bids at their limits.
    pub bid_notional: Usd,
    /// Quantity of all asks.
    pub ask_quantity: Quantity,
    /// Notional of all asks at their limits.
    pub ask_notional: Usd,
}

/// Why a fill happens.
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
pub enum FillKind {
    /// Two people trade.
    #[codec(index = 0)]
    Trade,
    /// The chain closes the taker, who is under maintenance: the taker is not margin-checked, pays
    /// no taker fee, and may only become smaller.
    #[codec(index = 1)]
    Liquidation,
}

/// What the resting side of a fill pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MakerFee {
    /// A fee, as a fraction of the notional.
    Pays(Rate),
    /// It is paid that fraction; never more than the taker of the same fill pays.
    Gets(Rate),
}

/// What a fill costs its sides, as fractions of its notional. A liquidation's taker pays none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FillFees {
    /// The resting side.
    pub maker: MakerFee,
    /// The incoming side.
    pub taker: Rate,
}

/// One match of a resting order (maker) with an incoming one (taker).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill<AccountId> {
    /// The market.
    pub market: MarketId,
    /// Who was resting.
    pub maker: SubAccount<AccountId>,
    /// The maker's order; its resting exposure is released by the fill.
    pub maker_order: OrderId,
    /// The part of the maker's resting exposure that this fill uses up.
    pub maker_exposure: OrderExposure,
    /// Who came.
    pub taker: SubAccount<AccountId>,
    /// The taker's side.
    pub taker_side: Side,
    /// How much.
    pub quantity: Quantity,
    /// The maker's price.
    pub price: Price,
    /// `price * quantity`, rounded once, the same integer for both sides.
    pub notional: Usd,
    /// Why.
    pub kind: FillKind,
    /// What it costs.
    pub fees: FillFees,
}
