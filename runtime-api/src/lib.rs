//! Runtime APIs of Bulwark: every read a client needs, versioned and described in metadata v15+,
//! so that polkadot.js apps, PAPI and subxt can call them without custom types.
//!
//! Units are those of `bulwark-primitives`: prices and quantities with 18 decimals, USD with 6.

#![cfg_attr(not(feature = "std"), no_std)]
// The codec derive of an enum writes its index with `as`; there is no other code here.
#![allow(clippy::as_conversions)]

extern crate alloc;

mod backstop;
mod cover;
mod lending;
pub mod markets;

// Where a runtime finds what to implement; the traits by which a client asks are of the node alone.
#[cfg(feature = "std")]
pub use backstop::BackstopApi;
pub use backstop::{runtime_decl_for_backstop_api, BackstopDepositorInfo, BackstopInfo};
#[cfg(feature = "std")]
pub use cover::CoverApi;
pub use cover::{
    runtime_decl_for_cover_api, CoverPolicyInfo, CoverPoolInfo, CoverQuoteInfo, UnderwriterInfo,
};
#[cfg(feature = "std")]
pub use lending::LendingApi;
pub use lending::{runtime_decl_for_lending_api, LendingPoolInfo, SupplierInfo};
#[cfg(feature = "std")]
pub use markets::MarketsApi;

use alloc::vec::Vec;
use bulwark_primitives::{
    AssetId, ClientOrderId, FeederStatus, FundingRate, Health, MarketId, MarketParams,
    MarketStatus, Moment, OrderId, Price, PriceError, Quantity, Rate, Side, Size, StatusReason,
    StopCondition, SubAccount, Usd,
};
use codec::{Codec, Decode, Encode};
use scale_info::TypeInfo;

/// Price of an asset in one block, with its quality.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PriceInfo {
    /// The median, or why there is no clean one.
    pub price: Result<Price, PriceError>,
    /// Interquartile range over median.
    pub spread: Rate,
    /// Fresh feeds that took part.
    pub feeds: u32,
    /// Time of the snapshot.
    pub at: Moment,
    /// Age of the oldest feed that took part, in milliseconds; nothing without a quorum.
    pub age: Moment,
    /// Median of a quorum, also when the price is an error: only for what tolerates that error.
    pub median: Option<Price>,
    /// What liquidation uses; `None` when it does not tolerate the error.
    pub bounded: Option<Price>,
}

/// Time-weighted means of an asset, inputs clamped.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct TwapInfo {
    /// Over five minutes: what `Deviating` is measured against.
    pub short: Price,
    /// Over one hour.
    pub long: Price,
    /// When they were last moved.
    pub at: Moment,
}

/// The slow price of an asset and what it is made of.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SlowPriceInfo {
    /// Follows the snapshot by at most 0.03 % a second.
    pub slow: Price,
    /// The price of a day ago, which damps it.
    pub delayed: Price,
    /// Lower and higher of snapshot and slow price: initial margin takes the worse. An error when
    /// the snapshot is one.
    pub range: Result<(Price, Price), PriceError>,
}

/// Open, high, low and close of the snapshots of one UTC hour.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct HourInfo {
    /// Begin of the hour.
    pub start: Moment,
    /// First snapshot.
    pub open: Price,
    /// Highest.
    pub high: Price,
    /// Lowest.
    pub low: Price,
    /// Last.
    pub close: Price,
}

/// How far the price of an asset may go within the running hour, as a fraction of it. All rounded up.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ExpectedMoveInfo {
    /// `m`: the move that 99.5 % of the hours of a side do not pass.
    pub expected_move: Rate,
    /// `k`: the multiplier that tracks realised coverage.
    pub multiplier: Rate,
    /// `k * m`, at least half its 180-day mean: what initial margin asks for, at once.
    pub margin_move: Rate,
    /// `k * m` without the shape of the week, which the slow move follows.
    pub level: Rate,
    /// What maintenance margin is made of.
    pub slow_move: Rate,
    /// Begin of the hour since which they are in force.
    pub hour: Moment,
    /// How many hours the model has seen; with none it is the start of the asset's tier.
    pub hours: u32,
}

/// How well a feeder did in the rounds that count.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct FeederScore {
    /// Rounds looked at.
    pub rounds: u32,
    /// In how many of them it was silent about an asset.
    pub missed: u32,
    /// In how many of them it was far from the others.
    pub outside: u32,
    /// Good rounds in a row.
    pub honest: u32,
    /// Suspensions that are not yet made good.
    pub offences: u32,
}

/// Everything about a feeder.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct FeederInfo<AccountId, Balance> {
    /// The account that holds the bond.
    pub who: AccountId,
    /// The account that signs feeds.
    pub hot_key: AccountId,
    /// What is held of the native token, in base units.
    pub bond: Balance,
    /// Its seat, or why its values do not count.
    pub status: FeederStatus,
    /// Its score.
    pub score: FeederScore,
}

/// Why an account's health cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum HealthError {
    /// An asset or market it holds has no usable price in this block.
    #[codec(index = 0)]
    PriceUnavailable,
    /// A number does not fit.
    #[codec(index = 1)]
    Overflow,
}

/// One position with what it needs.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PositionInfo {
    /// The market.
    pub market: MarketId,
    /// Signed size.
    pub size: Size,
    /// What was paid for it.
    pub entry_notional: Usd,
    /// Mark price of this block.
    pub mark: Price,
    /// Signed value at mark.
    pub notional: Usd,
    /// Profit or loss not yet realised.
    pub unrealised: Usd,
    /// Funding it owes and has not settled; negative when it gets some.
    pub funding: Usd,
    /// Its part of the initial margin, with the resting orders of its market.
    pub initial_margin: Usd,
    /// Its part of the maintenance margin, size add-on included.
    pub maintenance_margin: Usd,
    /// Mark price at which the account falls under maintenance when nothing else moves.
    pub liquidation_price: Option<Price>,
}

/// An account in one look.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AccountSummary {
    /// Settlement balance; negative when more was lost than deposited.
    pub balance: Usd,
    /// Other collateral, in base units of each asset.
    pub collateral: Vec<(AssetId, u128)>,
    /// The one market of an isolated account.
    pub isolated: Option<MarketId>,
    /// Health, or why it cannot be told. Initial equity and margin are what the owner is held to: at the
    /// worse of two prices, with crowded markets and crowded collateral.
    pub health: Result<Health, HealthError>,
    /// The rest, unless a price is missing.
    pub details: Option<AccountDetails>,
    /// Positions by market. Empty when a price is missing.
    pub positions: Vec<PositionInfo>,
}

/// What follows from an account's health.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AccountDetails {
    /// Equity over maintenance margin; nothing without a requirement.
    pub ratio: Option<Rate>,
    /// Initial equity less initial margin: what is left for new risk; negative is what is missing.
    pub free_collateral: Usd,
    /// Initial equity less what has to stay after a withdrawal; negative is what is missing.
    pub withdrawal_room: Usd,
    /// Funding that is not settled: what the account owes, part of equity.
    pub funding: Usd,
    /// What opposite positions take off initial margin, before it is lifted to maintenance margin.
    pub initial_offset: Usd,
    /// What opposite positions take off maintenance margin.
    pub maintenance_offset: Usd,
    /// How likely the account falls under maintenance; nothing when a number does not fit.
    pub probability: Option<LiquidationProbability>,
}

/// Probabilities of falling under maintenance, from linear exposures, the slow moves of the assets and
/// their correlations. A comparison of accounts rather than a frequency: prices are taken as normal, and
/// size add-ons, offsets and funding as they are now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct LiquidationProbability {
    /// Within an hour, with the volatility of now.
    pub hour: Rate,
    /// Within a day, with the volatility of now.
    pub day: Rate,
    /// Within an hour, with 3.5 times that: a day in a hundred of 2022 to 2025.
    pub stressed_hour: Rate,
    /// Within a day, with 3.5 times that.
    pub stressed_day: Rate,
}

/// How much of an asset may leave, in base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct OutflowInfo {
    /// Now.
    pub now: u128,
    /// Within an hour in which nothing has left yet.
    pub hour: u128,
    /// Within a day in which nothing has left yet.
    pub day: u128,
}

/// A market as margin sees it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct MarketSummary {
    /// Sum of the long positions.
    pub long: Quantity,
    /// Sum of the short positions, the same by invariant 2.
    pub short: Quantity,
    /// What a long pays an hour, as a fraction of its value; negative when it gets it.
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

/// A resting order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct OrderInfo<AccountId, BlockNumber> {
    /// Its id in its market.
    pub id: OrderId,
    /// The market.
    pub market: MarketId,
    /// Whose.
    pub account: SubAccount<AccountId>,
    /// Side.
    pub side: Side,
    /// Limit price.
    pub price: Price,
    /// What is left.
    pub quantity: Quantity,
    /// Whether it may only make a position smaller.
    pub reduce_only: bool,
    /// First block in which it is void.
    pub expires_at: Option<BlockNumber>,
    /// Moment from which it is void.
    pub good_till: Option<Moment>,
    /// Its owner's name for it.
    pub client_id: Option<ClientOrderId>,
}

/// A stop that waits for the mark price.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct StopInfo<AccountId> {
    /// Its id.
    pub id: u64,
    /// The market.
    pub market: MarketId,
    /// Whose.
    pub account: SubAccount<AccountId>,
    /// When it is triggered.
    pub condition: StopCondition,
    /// The mark price that triggers it.
    pub trigger: Price,
    /// Side.
    pub side: Side,
    /// How much.
    pub quantity: Quantity,
    /// Limit or worst price.
    pub price: Price,
    /// Whether what does not fill at once rests.
    pub rests: bool,
    /// Whether it may only make a position smaller.
    pub reduce_only: bool,
    /// The name of the order that it becomes.
    pub client_id: Option<ClientOrderId>,
}

/// The auction of a paused market as it would be now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AuctionInfo {
    /// Whether the book is being uncrossed, so that no more orders are taken.
    pub uncrossing: bool,
    /// The price; `None` when nothing would trade.
    pub price: Option<Price>,
    /// How much would trade at it, as far as all who take part can pay.
    pub quantity: Quantity,
}

/// What a taker would get from the book as it is, fees apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct QuoteInfo {
    /// How much of what was asked for.
    pub quantity: Quantity,
    /// For how much.
    pub notional: Usd,
    /// Average price.
    pub average: Price,
    /// Worst price.
    pub worst: Price,
}

/// A fill.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct TradeInfo<AccountId> {
    /// The market.
    pub market: MarketId,
    /// The maker's limit.
    pub price: Price,
    /// How much.
    pub quantity: Quantity,
    /// What the buyer paid and the seller got, before fees.
    pub notional: Usd,
    /// The side of the incoming order.
    pub taker_side: Side,
    /// Whose order rested.
    pub maker: SubAccount<AccountId>,
    /// Which.
    pub maker_order: OrderId,
    /// Whose order came in.
    pub taker: SubAccount<AccountId>,
    /// Which; none for a liquidation.
    pub taker_order: Option<OrderId>,
    /// Whether the chain closed the taker.
    pub liquidation: bool,
}

/// A side of the book, best first: price and total quantity of each level.
pub type DepthSide = Vec<(Price, Quantity)>;

/// What a market allows now.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct StatusInfo {
    /// The status.
    pub status: MarketStatus,
    /// Why.
    pub reason: StatusReason,
    /// When it ends by itself.
    pub until: Option<Moment>,
    /// Mean price that the band is around.
    pub reference: Option<Price>,
    /// Lowest and highest price an order may have.
    pub band: Option<(Price, Price)>,
}

/// Where a position stands among those of its side that would be closed against a bankrupt account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AdlRank {
    /// Profit times leverage, 9 decimals; not above zero without profit.
    pub score: i128,
    /// How many of the positions that were looked at come before it.
    pub place: u32,
    /// How many were looked at, this one included; 1,024 at the most.
    pub of: u32,
}

/// What the insurance fund would pay for a loss, in the order of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct FundReserves {
    /// Liquidation fees of the market itself.
    pub fees: Usd,
    /// The fund's own money, within the market's share of it.
    pub own: Usd,
    /// Stakers' money, within the same share.
    pub stakers: Usd,
}

sp_api::decl_runtime_apis! {
    /// Prices and who feeds them.
    pub trait OracleApi<AccountId, Balance> where AccountId: Codec, Balance: Codec {
        /// Price of an asset in this block; `None` for an asset that is not listed.
        fn price(asset: AssetId) -> Option<PriceInfo>;
        /// Prices of all listed assets, in order of their ids.
        fn prices() -> Vec<(AssetId, PriceInfo)>;
        /// Its time-weighted means; `None` for an asset that never had a price.
        fn twap(asset: AssetId) -> Option<TwapInfo>;
        /// Its slow price; `None` for an asset that never had a price.
        fn slow_price(asset: AssetId) -> Option<SlowPriceInfo>;
        /// The running hour; `None` for an asset that never had a price.
        fn hour_range(asset: AssetId) -> Option<HourInfo>;
        /// The last snapshots of an asset, newest first: at most `limit` of the 256 that are kept.
        fn history(asset: AssetId, limit: u32) -> Vec<PriceInfo>;
        /// Everybody who registered, with seat, bond and score; at most 1,024.
        fn feeders() -> Vec<FeederInfo<AccountId, Balance>>;
        /// How far the price may go within the hour; `None` for an asset that is not listed.
        fn expected_move(asset: AssetId) -> Option<ExpectedMoveInfo>;
    }

    /// Accounts: equity, margin, positions.
    pub trait MarginApi<AccountId> where AccountId: Codec {
        /// Health at the prices of this block.
        fn account_health(account: SubAccount<AccountId>) -> Result<Health, HealthError>;
        /// Everything about an account; `None` for one that holds nothing.
        fn account_summary(account: SubAccount<AccountId>) -> Option<AccountSummary>;
        /// Parameters of a market.
        fn market(market: MarketId) -> Option<MarketParams>;
        /// Open interest of a market: long and short quantity, equal by invariant 2.
        fn open_interest(market: MarketId) -> (Quantity, Quantity);
        /// Open interest, funding and margins of a market; `None` for one that does not exist.
        fn market_summary(market: MarketId) -> Option<MarketSummary>;
        /// Initial and maintenance margin, as fractions, of a position worth `notional`.
        fn margin_at(market: MarketId, notional: Usd) -> Option<(Rate, Rate)>;
        /// The largest bid and ask at the mark price that the account's margin and the market's cap
        /// accept.
        fn max_order(account: SubAccount<AccountId>, market: MarketId) -> (Quantity, Quantity);
        /// The most of an asset that may be withdrawn, in base units.
        fn max_withdrawal(account: SubAccount<AccountId>, asset: AssetId) -> u128;
        /// The most settlement asset that may be taken out with a loan from the lending pool.
        fn max_borrow(account: SubAccount<AccountId>) -> Usd;
        /// How much of an asset may leave the chain now, whoever wants it; `None` when it cannot be computed.
        fn outflow(asset: AssetId) -> Option<OutflowInfo>;
        /// The account after an order that fills in full at `price` as a taker; `None` when it cannot be
        /// told. Whether margin would accept it is `free_collateral`.
        fn summary_after(
            account: SubAccount<AccountId>, market: MarketId, side: Side, quantity: Quantity, price: Price,
        ) -> Option<AccountSummary>;
        /// The account at other prices of some assets (64 at the most), the slow ones the same.
        fn summary_at(account: SubAccount<AccountId>, prices: Vec<(AssetId, Price)>) -> Option<AccountSummary>;
        /// Whether a key may trade for the account.
        fn may_trade(who: AccountId, account: SubAccount<AccountId>) -> bool;
    }

    /// The order book.
    pub trait OrderBookApi<AccountId, BlockNumber> where AccountId: Codec, BlockNumber: Codec {
        /// Bids and asks, at most `levels` each (100 at the most).
        fn depth(market: MarketId, levels: u32) -> (DepthSide, DepthSide);
        /// Best bid and best ask.
        fn best(market: MarketId) -> (Option<Price>, Option<Price>);
        /// Resting orders of an account.
        fn open_orders(account: SubAccount<AccountId>) -> Vec<OrderInfo<AccountId, BlockNumber>>;
        /// A resting order.
        fn order(market: MarketId, id: OrderId) -> Option<OrderInfo<AccountId, BlockNumber>>;
        /// The resting order that its owner calls `client_id`.
        fn order_by_client_id(
            account: SubAccount<AccountId>,
            client_id: ClientOrderId,
        ) -> Option<OrderInfo<AccountId, BlockNumber>>;
        /// What a taker would get of `quantity`; `None` when there is nothing.
        fn quote(market: MarketId, side: Side, quantity: Quantity) -> Option<QuoteInfo>;
        /// The auction by which a paused market is going to reopen, as it would be with the orders that
        /// rest now; `None` when none is coming.
        fn auction(market: MarketId) -> Option<AuctionInfo>;
        /// Waiting stops of an account.
        fn stops(account: SubAccount<AccountId>) -> Vec<StopInfo<AccountId>>;
        /// Decayed volume of an account's fills, by which its fees are.
        fn volume(account: SubAccount<AccountId>) -> Usd;
    }

    /// What happened in the books.
    pub trait OrderBookTradesApi<AccountId> where AccountId: Codec {
        /// The fills of the block, in their order.
        fn trades() -> Vec<TradeInfo<AccountId>>;
    }

    /// The due queue.
    pub trait LiquidationApi<AccountId> where AccountId: Codec {
        /// Accounts that the next step of liquidation will look at, at most `limit` (256 at the most).
        fn due_accounts(limit: u32) -> Vec<SubAccount<AccountId>>;
        /// Whether the account is in the due set.
        fn is_due(account: SubAccount<AccountId>) -> bool;
        /// Where the account's position in a market stands among those that would be closed for
        /// others; `None` without a position or a price.
        fn adl_rank(account: SubAccount<AccountId>, market: MarketId) -> Option<AdlRank>;
    }

    /// The insurance fund.
    pub trait InsuranceApi {
        /// What is in it, stakers' money included.
        fn fund() -> Usd;
        /// What it would pay for a loss in a market now.
        fn available(market: MarketId) -> FundReserves;
    }

    /// The circuit breaker.
    pub trait CircuitBreakerApi {
        /// Status of a market.
        fn market_status(market: MarketId) -> StatusInfo;
    }
}
