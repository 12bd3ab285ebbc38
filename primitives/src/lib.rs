//! Ids, quantities with units and enums shared by every Bulwark crate. No FRAME.
//!
//! ## Units
//!
//! | type | meaning | scale |
//! |---|---|---|
//! | [`Price`] | USD per one whole unit of an asset | 18 decimals |
//! | [`Usd`] | signed amount of the unit of account, one base unit of the settlement asset | 6 decimals |
//! | [`Quantity`] | unsigned amount of a market's underlying | 18 decimals |
//! | [`Size`] | signed position in a market's underlying, positive when long | 18 decimals |
//! | [`Rate`] | fraction (margin, factor, fee, band) | 9 decimals |
//! | [`Index`] | growth of a debt by interest | 18 decimals |
//! | [`Shares`] | part of the lending pool | 12 decimals |
//! | [`Moment`] | milliseconds since the Unix epoch | 0 |
//!
//! The types carry no `+ - * /`. Sums and differences are `checked_*` here; every product and
//! quotient is a named function of `bulwark-risk-math`, which states its rounding and who benefits.

#![cfg_attr(not(feature = "std"), no_std)]
// A panic in a test is a failed test.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::as_conversions))]

mod correlation;
mod ids;
mod market;
mod order;
mod spot;
mod status;
mod units;

pub use correlation::Correlation;
pub use ids::{AssetId, MarketId, OrderId, SubAccount, SubAccountIndex};
pub use market::{
    CollateralParams, Factor, FundingParams, Health, Leg, MarginTier, MarketParams, Position, Tier,
};
pub use order::{
    ClientOrderId, Fill, FillFees, FillKind, MakerFee, OpenOrders, OrderExposure, SelfTrade, Side,
    StopCondition, TimeInForce,
};
pub use spot::SpotPool;
pub use status::{Action, FeederStatus, Incident, MarketStatus, PriceError, Seat, StatusReason};
pub use units::{
    FundingRate, Index, Moment, Price, Quantity, Rate, Shares, Size, Usd, PRICE_SCALE, RATE_SCALE,
    SIZE_SCALE, USD_DECIMALS, USD_SCALE,
};

/// Block time in milliseconds; one BABE slot.
pub const SLOT_MILLIS: Moment = 2_000;
