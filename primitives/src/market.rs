//! Parameters of markets and collateral, positions, and health.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use crate::{AssetId, MarketId, OpenOrders, Price, Quantity, Rate, Size, Usd};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Quality class of an asset or market.
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
pub enum Tier {
    /// Deep and everywhere: BTC, ETH.
    #[codec(index = 0)]
    A,
    /// Large.
    #[codec(index = 1)]
    B,
    /// Small.
    #[codec(index = 2)]
    C,
    /// Only in sub-accounts of its own.
    #[codec(index = 3)]
    Isolated,
}

/// Governed parameters of one perpetual market. Bounds are checked in `Markets`.
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
pub struct MarketParams {
    /// The asset whose price is the market's index.
    pub index_asset: AssetId,
    /// Quality class.
    pub tier: Tier,
    /// Smallest price step; every order price is a multiple of it.
    pub tick_size: Price,
    /// Smallest quantity step; every order quantity is a multiple of it.
    pub lot_size: Quantity,
    /// Smallest order.
    pub min_order: Quantity,
    /// Initial margin as a fraction of notional.
    pub initial_margin: Rate,
    /// Maintenance margin as a fraction of notional; below `initial_margin`.
    pub maintenance_margin: Rate,
    /// Fee of the resting side, fraction of notional.
    pub maker_fee: Rate,
    /// Fee of the incoming side, fraction of notional.
    pub taker_fee: Rate,
    /// Fee on what a liquidation closes, fraction of notional; at most half of
    /// `maintenance_margin`, or closing would free less margin than it costs (invariant 6).
    pub liquidation_fee: Rate,
    /// Cap on the open interest of one side.
    pub max_open_interest: Quantity,
    /// How far a price may be from the breaker's reference.
    pub price_band: Rate,
    /// What large positions need on top of both margins, by notional at mark. Unused tiers come
    /// last.
    pub margin_tiers: [MarginTier; 4],
    /// Open interest of one side from which initial margin rises, linearly, to 100 % at
    /// `max_open_interest`. Maintenance margin never does: growth of open interest liquidates nobody.
    pub lower_open_interest: Quantity,
    /// What longs and shorts pay each other.
    pub funding: FundingParams,
}

/// One of the continuous tiers of the size add-on.
///
/// A position of notional `N` in tier `n` needs `N * r_n - d_n` on top, with
/// `d_n = d_{n-1} + from_n * (r_n - r_{n-1})`: the add-on is a convex function of `N` without jumps.
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
pub struct MarginTier {
    /// Notional from which the tier holds.
    pub from: Usd,
    /// `r_n`: what each further dollar of notional needs on top.
    pub add_on: Rate,
}

impl MarginTier {
    /// A tier that no position is in.
    pub const UNUSED: Self = Self {
        from: Usd::ZERO,
        add_on: Rate::ZERO,
    };

    /// Whether no position is in it.
    pub const fn is_unused(&self) -> bool {
        self.from.is_zero() && self.add_on.is_zero()
    }
}

/// Parameters of a market's funding.
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
pub struct FundingParams {
    /// What longs pay per 8 hours when the market trades at its index.
    pub interest: Rate,
    /// The premium is that of the average price of an order of this notional.
    pub impact_notional: Usd,
}

/// Governed parameters of one collateral asset.
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
pub struct CollateralParams {
    /// Quality class.
    pub tier: Tier,
    /// Decimals of the asset's base unit.
    pub decimals: u8,
    /// Share of the value that counts for initial margin and withdrawals.
    pub initial_factor: Rate,
    /// Share of the value that counts for maintenance; not below `initial_factor`.
    pub maintenance_factor: Rate,
    /// Cap on the total deposited, in base units of the asset.
    pub deposit_cap: u128,
    /// Smallest deposit, in base units of the asset.
    pub min_deposit: u128,
    /// Total deposited, in base units of the asset, above which `initial_factor` shrinks: it is
    /// scaled by `min(1, scale_start / total)`. The maintenance factor is not, so nobody's deposit
    /// can liquidate another.
    pub scale_start: u128,
}

/// A position in one market.
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
pub struct Position {
    /// The market.
    pub market: MarketId,
    /// Signed size.
    pub size: Size,
    /// What was paid for it: positive for a long, negative for a short.
    pub entry_notional: Usd,
    /// Funding index of the market when funding was last settled, USD per unit with 18 decimals;
    /// zero when there is no size.
    pub funding_index: i128,
    /// Resting orders of the account in this market.
    pub orders: OpenOrders,
}

/// What an account has and what it needs, at the prices of this block.
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
pub struct Health {
    /// Value for maintenance: settlement balance, collateral at its maintenance factor, and all
    /// unrealised profit and loss.
    pub equity: Usd,
    /// Value for initial margin: as `equity`, with collateral at its initial factor.
    pub initial_equity: Usd,
    /// What opening and withdrawing need, resting orders at their worst case.
    pub initial_margin: Usd,
    /// What keeps the account from being liquidated.
    pub maintenance_margin: Usd,
    /// Sum of all positions' notionals at mark, unsigned.
    pub notional: Usd,
}

impl Health {
    /// Whether consensus must close the account: equity under maintenance margin.
    pub const fn is_liquidatable(&self) -> bool {
        self.equity.0 < self.maintenance_margin.0
    }

    /// Whether what the account owns no longer covers what it owes.
    pub const fn is_bankrupt(&self) -> bool {
        self.equity.0 < 0
    }

    /// `equity - maintenance_margin`, or `None` when it does not fit.
    pub const fn slack(&self) -> Option<Usd> {
        self.equity.checked_sub(self.maintenance_margin)
    }
}

/// What moves an account's health, written as an effective price that hurts when it falls.
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
pub enum Factor {
    /// Long positions of a market: `mark * (1 - maintenance) - funding`.
    #[codec(index = 0)]
    Long(MarketId),
    /// Short positions of a market: `-mark * (1 + maintenance) + funding`.
    #[codec(index = 1)]
    Short(MarketId),
    /// A collateral asset: `index * maintenance_factor`.
    #[codec(index = 2)]
    Collateral(AssetId),
    /// Size add-on of large positions of a market, long or short: `-mark`.
    #[codec(index = 3)]
    Size(MarketId),
    /// Debts in settlement asset, each divided by the borrow index: minus the index.
    #[codec(index = 4)]
    Debt,
    /// What of a position's maintenance margin may be offset against opposite positions: `mark *
    /// maintenance * share of the asset`.
    #[codec(index = 5)]
    Offset(MarketId),
}

/// One holding of an account: how much of which factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The factor.
    pub factor: Factor,
    /// How much of it, with 18 decimals (collateral is scaled from its own decimals).
    pub amount: Quantity,
}
