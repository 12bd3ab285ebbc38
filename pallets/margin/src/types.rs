//! What is stored, and what is reported.

use crate::{Config, Error};
use alloc::vec::Vec;
use bulwark_primitives::{
    AssetId, FundingRate, Health, MarketId, Moment, OpenOrders, OrderExposure, Position, Price,
    Quantity, Rate, Side, Size, Usd,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound,
};
use scale_info::TypeInfo;

/// What one sub-account has. Nothing is stored for an account that has nothing.
#[derive(
    CloneNoBound,
    DebugNoBound,
    DefaultNoBound,
    EqNoBound,
    PartialEqNoBound,
    Encode,
    Decode,
    MaxEncodedLen,
    TypeInfo,
)]
#[codec(mel_bound())]
#[scale_info(skip_type_params(T))]
pub struct Account<T: Config> {
    /// Settlement asset. Negative when more was lost than is there.
    pub balance: Usd,
    /// Other assets in base units, ascending by id, none with nothing.
    pub collateral: BoundedVec<(AssetId, u128), T::MaxCollateral>,
    /// Positions and order exposures, ascending by market, none with nothing.
    pub positions: BoundedVec<Position, T::MaxPositions>,
    /// The one market of an isolated account; ends when the account has nothing left.
    pub isolated: Option<MarketId>,
}

impl<T: Config> Account<T> {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.balance.is_zero() && self.collateral.is_empty() && self.positions.is_empty()
    }

    /// Whether it has no position. Orders may rest.
    pub fn is_flat(&self) -> bool {
        self.positions.iter().all(|position| position.size.0 == 0)
    }

    /// The position in a market; an empty one when there is none.
    pub fn position(&self, market: MarketId) -> Position {
        self.positions
            .binary_search_by_key(&market, |position| position.market)
            .ok()
            .and_then(|place| self.positions.get(place))
            .copied()
            .unwrap_or(empty_position(market))
    }

    /// Puts a position in its place, or takes it out when there is nothing in it. One without size has
    /// no funding index.
    ///
    /// # Errors
    /// `TooManyPositions` when a new one does not fit.
    pub fn set_position(&mut self, position: Position) -> Result<(), Error<T>> {
        let position = match position.size.0 {
            0 => Position {
                funding_index: 0,
                ..position
            },
            _ => position,
        };
        let place = self
            .positions
            .binary_search_by_key(&position.market, |position| position.market);
        let empty = position == empty_position(position.market);
        match place {
            Ok(place) if empty => {
                self.positions.remove(place);
            }
            Ok(place) => {
                if let Some(slot) = self.positions.get_mut(place) {
                    *slot = position;
                }
            }
            Err(_) if empty => {}
            Err(place) => self
                .positions
                .try_insert(place, position)
                .map_err(|_| Error::<T>::TooManyPositions)?,
        }
        Ok(())
    }

    /// How much of a collateral asset there is, in base units.
    pub fn collateral_of(&self, asset: AssetId) -> u128 {
        self.collateral
            .binary_search_by_key(&asset, |(asset, _)| *asset)
            .ok()
            .and_then(|place| self.collateral.get(place))
            .map_or(0, |(_, amount)| *amount)
    }

    /// Sets how much of a collateral asset there is; nothing takes it out of the list.
    ///
    /// # Errors
    /// `TooManyCollaterals` when a new one does not fit.
    pub fn set_collateral(&mut self, asset: AssetId, amount: u128) -> Result<(), Error<T>> {
        let place = self
            .collateral
            .binary_search_by_key(&asset, |(asset, _)| *asset);
        match place {
            Ok(place) if amount == 0 => {
                self.collateral.remove(place);
            }
            Ok(place) => {
                if let Some(slot) = self.collateral.get_mut(place) {
                    *slot = (asset, amount);
                }
            }
            Err(_) if amount == 0 => {}
            Err(place) => self
                .collateral
                .try_insert(place, (asset, amount))
                .map_err(|_| Error::<T>::TooManyCollaterals)?,
        }
        Ok(())
    }

    /// Adds to the settlement balance; `amount` may be negative.
    ///
    /// # Errors
    /// `ArithmeticOverflow` when it does not fit.
    pub fn add_balance(&mut self, amount: Usd) -> Result<(), Error<T>> {
        self.balance = self
            .balance
            .checked_add(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        Ok(())
    }
}

/// A position with nothing in it.
pub(crate) fn empty_position(market: MarketId) -> Position {
    Position {
        market,
        size: Size::ZERO,
        entry_notional: Usd::ZERO,
        funding_index: 0,
        orders: OpenOrders::default(),
    }
}

/// The exposures with one more order, or `None` when it does not fit.
pub(crate) fn with_order(orders: OpenOrders, order: &OrderExposure) -> Option<OpenOrders> {
    let mut orders = orders;
    match order.side {
        Side::Bid => {
            orders.bid_quantity = orders.bid_quantity.checked_add(order.quantity)?;
            orders.bid_notional = orders.bid_notional.checked_add(order.notional)?;
        }
        Side::Ask => {
            orders.ask_quantity = orders.ask_quantity.checked_add(order.quantity)?;
            orders.ask_notional = orders.ask_notional.checked_add(order.notional)?;
        }
    }
    Some(orders)
}

/// The exposures with one order less, and whether all of it was there. What was not there is left
/// at nothing, so that a defect elsewhere never blocks a cancellation.
pub(crate) fn without_order(orders: OpenOrders, order: &OrderExposure) -> (OpenOrders, bool) {
    let mut orders = orders;
    let (quantity, notional) = match order.side {
        Side::Bid => (&mut orders.bid_quantity, &mut orders.bid_notional),
        Side::Ask => (&mut orders.ask_quantity, &mut orders.ask_notional),
    };
    let left = quantity.checked_sub(order.quantity);
    let worth = notional
        .checked_sub(order.notional)
        .filter(|worth| !worth.is_negative());
    let exact = match (left, worth) {
        (Some(left), Some(worth)) => !left.is_zero() || worth.is_zero(),
        (Some(_), None) | (None, _) => false,
    };
    *quantity = left.unwrap_or_default();
    *notional = if quantity.is_zero() {
        Usd::ZERO
    } else {
        worth.unwrap_or_default()
    };
    (orders, exact)
}

/// Sum of all positions of a market.
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
pub struct OpenInterest {
    /// Sum of the long positions.
    pub long: Quantity,
    /// Sum of the short positions.
    pub short: Quantity,
}

impl OpenInterest {
    /// The sums after a position of it went from `before` to `after`, or `None` when they do not
    /// fit.
    pub fn moved(self, before: Size, after: Size) -> Option<Self> {
        let mut sums = self;
        match before.is_short() {
            true => sums.short = sums.short.checked_sub(before.quantity())?,
            false => sums.long = sums.long.checked_sub(before.quantity())?,
        }
        match after.is_short() {
            true => sums.short = sums.short.checked_add(after.quantity())?,
            false => sums.long = sums.long.checked_add(after.quantity())?,
        }
        Some(sums)
    }
}

/// Funding of one market.
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
pub struct FundingState {
    /// What one unit of long has paid since the market exists, USD with 18 decimals.
    pub index: i128,
    /// What a long pays an hour, as a fraction of its value.
    pub rate: FundingRate,
    /// Time of the block that has looked at it last.
    pub at: Moment,
    /// Whether funding was paused then: what came after is not charged.
    pub paused: bool,
    /// Sum of the premiums of the running minute.
    pub sum: i128,
    /// How many there are.
    pub samples: u32,
    /// What settlements have paid in less what they have taken out and what went to the fund. Negative
    /// while those who receive have settled before those who pay.
    pub pool: Usd,
    /// Rounding that is in the pool and not yet a whole `Usd`, 10^-36 USD.
    pub dust: u128,
}

/// One position of a breakdown.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct PositionBreakdown {
    /// The market.
    pub market: MarketId,
    /// Signed size.
    pub size: Size,
    /// What was paid for it.
    pub entry_notional: Usd,
    /// Mark price of this block.
    pub mark: Price,
    /// Signed value at mark, rounded down.
    pub notional: Usd,
    /// Profit or loss that is not realised, rounded down.
    pub unrealised: Usd,
    /// Funding that is not settled: what it owes, or gets when negative, rounded up.
    pub funding: Usd,
    /// Its part of initial margin with the resting orders of its market, rounded up; what its owner
    /// is held to, or maintenance margin while the market has no clean price.
    pub initial_margin: Usd,
    /// Its part of maintenance margin, rounded up.
    pub maintenance_margin: Usd,
    /// Mark price at which the account falls under maintenance when nothing else moves; `None` when
    /// no price does it.
    pub liquidation_price: Option<Price>,
}

/// Everything about an account at the prices of this block.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct MarginBreakdown {
    /// Settlement balance.
    pub balance: Usd,
    /// Other collateral, in base units of each asset.
    pub collateral: Vec<(AssetId, u128)>,
    /// The one market of an isolated account.
    pub isolated: Option<MarketId>,
    /// Health: initial equity and margin as the owner is held to.
    pub health: Health,
    /// Equity over maintenance margin; `None` without a requirement.
    pub ratio: Option<Rate>,
    /// Initial equity less initial margin: what is left for new risk, or what is missing.
    pub free_collateral: Usd,
    /// Initial equity less what has to stay after a withdrawal.
    pub withdrawal_room: Usd,
    /// Funding that is not settled, of all positions; part of equity.
    pub funding: Usd,
    /// What opposite positions take off initial margin, before it is lifted to maintenance margin.
    pub initial_offset: Usd,
    /// What opposite positions take off maintenance margin.
    pub maintenance_offset: Usd,
    /// What the slack gains if the price of an asset doubles, for each asset that moves it.
    pub exposures: Vec<(AssetId, Usd)>,
    /// Open positions, ascending by market.
    pub positions: Vec<PositionBreakdown>,
}

/// A market as margin sees it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct MarketSummary {
    /// Sum of the long positions.
    pub long: Quantity,
    /// Sum of the short positions.
    pub short: Quantity,
    /// What a long pays an hour.
    pub funding_rate: FundingRate,
    /// What one unit of long has paid since the market exists, USD with 18 decimals.
    pub funding_index: i128,
    /// Whether funding is paused.
    pub funding_paused: bool,
    /// Initial margin with the open interest of now, before a size add-on.
    pub initial_margin: Rate,
    /// Initial margin before open interest.
    pub base_initial_margin: Rate,
    /// Maintenance margin before a size add-on.
    pub maintenance_margin: Rate,
}
