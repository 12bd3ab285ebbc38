//! The small traits by which the Bulwark pallets see each other.
//!
//! A pallet never has another of ours as a supertrait of its `Config`; the runtime wires them
//! through these. At most five methods each, so that what one pallet knows of another can be read
//! in a minute. [`mock`] has an implementation of each for pallet tests.
//!
//! | trait | implemented by | used by |
//! |---|---|---|
//! | [`PriceSource`] | `PriceOracle` | margin, order book, liquidation, circuit breaker |
//! | [`MoveObserver`] | `Markets` | price oracle |
//! | [`AssetUse`] | the runtime, over `Markets` | price oracle |
//! | [`Exposure`] | the runtime, over `Margin` | markets |
//! | [`MarketRegistry`] | `Markets` | all of them |
//! | [`MarketGuard`] | `CircuitBreaker` | margin, order book, liquidation |
//! | [`AuctionGuard`] | `CircuitBreaker` | order book |
//! | [`OrderMargin`] | `Margin` | order book |
//! | [`TraderAccount`] | `Margin` | order book |
//! | [`LiquidationLedger`] | `Margin` | liquidation, backstop |
//! | [`LossLedger`] | `Margin` | liquidation |
//! | [`Backstop`] | `Backstop` | liquidation |
//! | [`BackstopLedger`] | `Margin` | backstop |
//! | [`AccountObserver`] | `Liquidation` | margin |
//! | [`LiquidationVenue`] | `OrderBook` | liquidation, backstop |
//! | [`ImpactPrices`] | `OrderBook` | margin |
//! | [`TradingAuthority`] | `Margin` | order book |
//! | [`TradingCalls`] | the runtime, over `OrderBook` | margin |
//! | [`LossFund`] | `Insurance` | margin, liquidation |
//! | [`Purse`] | `Insurance` | margin |
//! | [`LossCover`] | `Insurance` | margin |
//! | [`SpotSource`] | the runtime, over `AssetConversion` | margin |
//! | [`OpenLosses`] | `Liquidation` | insurance |
//! | [`Custody`] | `Margin` | insurance |
//! | [`PoolCustody`], [`DebtBook`] | `Margin` | lending |
//! | [`LendingPool`] | `Lending` | margin |

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

use alloc::vec::Vec;
use bulwark_primitives::{
    Action, AssetId, CollateralParams, Fill, Health, Incident, Index, Leg, MarketId, MarketParams,
    MarketStatus, OrderExposure, Position, Price, PriceError, Quantity, Rate, Side, Size,
    SubAccount, SubAccountIndex, Usd,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

mod auction;
mod backstop;
mod correlations;
mod cover;
mod lending;
#[cfg(feature = "std")]
pub mod mock;
mod spot;

pub use auction::{AuctionGuard, Reopening};
pub use backstop::{Backstop, BackstopLedger, TakenOver, Takeover};
pub use correlations::{CorrelatedAsset, Correlations, MAX_CORRELATED, MAX_CORRELATIONS};
pub use cover::LossCover;
pub use lending::{DebtBook, LendingPool, PoolCustody};
pub use spot::{SpotSource, MAX_SALES};

/// The one price of each asset that everything in a block sees.
pub trait PriceSource {
    /// The snapshot of this block. There is no way to get a price without its quality: an asset
    /// without a clean one answers with the reason.
    fn price(asset: AssetId) -> Result<Price, PriceError>;

    /// The price that `action` may use: the clean one, or the median of a snapshot whose error the
    /// action tolerates ([`PriceError::tolerated_by`]); never a missing or an old one.
    ///
    /// # Errors
    /// The error of the snapshot when the action does not tolerate it, or when there is no median.
    /// A source that keeps no medians has clean prices only.
    fn price_for(asset: AssetId, action: Action) -> Result<Price, PriceError> {
        let _ = action;
        Self::price(asset)
    }

    /// Lower and higher of the clean price and the slow one that follows it by a bounded speed: initial
    /// margin and withdrawals take whichever is worse for the account, so that a price made for a
    /// few minutes buys nothing.
    ///
    /// # Errors
    /// The error of the snapshot. A source without a slow price answers the clean one twice.
    fn range(asset: AssetId) -> Result<(Price, Price), PriceError> {
        Self::price(asset).map(|price| (price, price))
    }

    /// The same of prices that `action` may use: without a clean one the lowest and highest of the price
    /// of [`Self::price_for`], the median that stands beside the error, and the slow price. Whoever takes
    /// a risk over at a price that may be wrong can afford it at any of them.
    ///
    /// # Errors
    /// Those of [`Self::price_for`]. A source that keeps no medians has its one price twice.
    fn range_for(asset: AssetId, action: Action) -> Result<(Price, Price), PriceError> {
        Self::range(asset).or_else(|_| Self::price_for(asset, action).map(|price| (price, price)))
    }

    /// [`Self::price`] and [`Self::range`] in one look.
    ///
    /// # Errors
    /// The error of the snapshot.
    fn price_and_range(asset: AssetId) -> Result<(Price, (Price, Price)), PriceError> {
        Ok((Self::price(asset)?, Self::range(asset)?))
    }

    /// Makes `price` answer so, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn set_price(asset: AssetId, price: Price);
}

/// How far the price of an asset may go within the next hour, as margins use it.
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
pub struct MarginMoves {
    /// The multiplier times the expected move, floor included: what initial margin asks for, at
    /// once. Rounded up.
    pub initial: Rate,
    /// The slow move that follows it: what maintenance margin is made of. Rounded up.
    pub maintenance: Rate,
}

/// Told of new moves, once an hour and asset.
pub trait MoveObserver {
    /// `moves` hold from this block on. Never fails; its cost is part of the oracle's hook.
    fn moves_changed(asset: AssetId, moves: MarginMoves);
}

impl MoveObserver for () {
    fn moves_changed(_: AssetId, _: MarginMoves) {}
}

/// Whether anything depends on the price of an asset.
pub trait AssetUse {
    /// Whether taking the price away would leave a market or collateral without one.
    fn is_used(asset: AssetId) -> bool;
}

impl AssetUse for () {
    fn is_used(_: AssetId) -> bool {
        false
    }
}

/// Whether anybody has something at stake in a market.
pub trait Exposure {
    /// Whether there is open interest.
    fn has_positions(market: MarketId) -> bool;
}

impl Exposure for () {
    fn has_positions(_: MarketId) -> bool {
        false
    }
}

/// Which markets and collateral assets exist, with their parameters.
pub trait MarketRegistry {
    /// Parameters of a market as they hold in this block: governed values with their ramps, margins
    /// not below what the market's volatility asks for.
    fn market(market: MarketId) -> Option<MarketParams>;
    /// [`Self::market`] for many markets of one block. What it takes to know the block is read once.
    fn markets() -> impl Fn(MarketId) -> Option<MarketParams> {
        Self::market
    }
    /// Whether there is such a market, without its parameters.
    fn exists(market: MarketId) -> bool {
        Self::market(market).is_some()
    }
    /// All markets, in order of their ids. Bounded by the registry.
    fn market_ids() -> Vec<MarketId>;
    /// Parameters of a collateral asset as they hold in this block; the settlement asset is one of them.
    fn collateral(asset: AssetId) -> Option<CollateralParams>;
    /// [`Self::collateral`] for many assets of one block, as [`Self::markets`].
    fn collaterals() -> impl Fn(AssetId) -> Option<CollateralParams> {
        Self::collateral
    }
    /// The unit of account.
    fn settlement_asset() -> AssetId;
    /// How assets move together and what of margins may be offset, as they hold in this block. A
    /// registry without a matrix offsets nothing.
    fn correlations() -> Correlations {
        Correlations::default()
    }

    /// Registers a market, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn set_market(market: MarketId, params: MarketParams);
    /// Registers a collateral asset, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn set_collateral(asset: AssetId, params: CollateralParams);
}

/// What the circuit breaker lets a market do.
pub trait MarketGuard {
    /// The status of a market; one that does not exist is `Closed`.
    fn status(market: MarketId) -> MarketStatus;
    /// The status by which an order of the book and its fills are judged: that of the market, but for a
    /// paused one that comes back by an auction the one that follows. A guard without auctions has one
    /// status.
    fn order_status(market: MarketId) -> MarketStatus {
        Self::status(market)
    }
    /// The same for who has the parameters of the market at hand, and so knows that it exists.
    fn order_status_of(market: MarketId, params: &MarketParams) -> MarketStatus {
        let _ = params;
        Self::order_status(market)
    }
    /// Lowest and highest price an order may have now; `None` while there is no reference yet.
    fn band(market: MarketId) -> Option<(Price, Price)>;
    /// The same for who has the parameters of the market at hand.
    fn band_of(market: MarketId, params: &MarketParams) -> Option<(Price, Price)> {
        let _ = params;
        Self::band(market)
    }
    /// Whether somebody may rest an order that would enlarge his position
    /// ([`MarketStatus::allows_makers`]). A guard without reasons allows it with any new risk.
    fn admits_makers(market: MarketId) -> bool {
        Self::status(market).allows_new_risk()
    }
    /// Tells the breaker of something it has to answer; never fails.
    fn report(market: MarketId, incident: Incident);

    /// Forces a status, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn set_status(market: MarketId, status: MarketStatus);
}

/// Why a fill was refused. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FillError {
    /// The resting side cannot have it: its order is to be cancelled, the taker goes on.
    Maker(DispatchError),
    /// The incoming side cannot have it: matching stops.
    Taker(DispatchError),
}

/// Margin as the order book sees it.
pub trait OrderMargin<AccountId> {
    /// Checks initial margin with the order at its worst case and records its exposure.
    fn open_order(account: &SubAccount<AccountId>, order: &OrderExposure) -> DispatchResult;
    /// As [`Self::open_order`] without the check of initial margin. Returns whether that is owed, by
    /// [`Self::check_orders`] after the last of a row of orders, or all of them are undone. A margin that
    /// cannot do without checks at once and owes nothing.
    fn record_order(
        account: &SubAccount<AccountId>,
        order: &OrderExposure,
    ) -> Result<bool, DispatchError> {
        Self::open_order(account, order).map(|()| false)
    }
    /// Checks initial margin with all orders of the account at their worst case.
    fn check_orders(account: &SubAccount<AccountId>) -> DispatchResult {
        let _ = account;
        Ok(())
    }
    /// Takes back the exposure of an order, or of a part of it. Never fails: an exposure that is
    /// not there is a defect that `try_state` shows.
    fn close_order(account: &SubAccount<AccountId>, order: &OrderExposure);
    /// Moves a fill into both accounts, margin-checked on both sides, or changes nothing. The
    /// observer is told of the maker. Of the taker it is told by [`Self::settled`], which the
    /// caller owes after the last of a row of fills that stay.
    fn settle(fill: &Fill<AccountId>) -> Result<(), FillError>;
    /// Ends a row of fills with one taker: the observer is told of him once, whatever the number of
    /// fills. Until then nobody else may look at his triggers.
    fn settled(taker: &SubAccount<AccountId>);
    /// How much of an order on `side` would only make the account's position smaller.
    fn reducible(account: &SubAccount<AccountId>, market: MarketId, side: Side) -> Quantity;

    /// Funds an account so that any margin check passes, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn endow(account: &SubAccount<AccountId>, amount: Usd);
    /// Gives an account as many positions and collateral assets as it can have, one place left for
    /// a position in `market`, so that reading, valuing and watching it costs the most; for
    /// benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn fill_up(account: &SubAccount<AccountId>, market: MarketId);
    /// Takes an account's means away, so that what enlarges its positions is refused; for
    /// benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn drain(account: &SubAccount<AccountId>);
}

/// An account as the order book limits, charges and funds it.
pub trait TraderAccount<AccountId> {
    /// Equity at the prices of this block; `None` while it cannot be known.
    fn equity(account: &SubAccount<AccountId>) -> Option<Usd>;
    /// How many positions and collateral assets the account has, and how many it may have at most: what
    /// valuing it costs. One of which that is not told has as many as it may.
    fn holdings(account: &SubAccount<AccountId>) -> (u32, u32) {
        let _ = account;
        (1, 1)
    }
    /// Takes a fee to the insurance fund: at most what the account has of the settlement asset.
    /// Returns what was taken. The observer is told. Never fails.
    fn charge(account: &SubAccount<AccountId>, amount: Usd) -> Usd;
    /// Moves base units of an asset between two sub-accounts of one owner, by the rules of a
    /// withdrawal from the first.
    fn transfer(
        from: &SubAccount<AccountId>,
        to: SubAccountIndex,
        asset: AssetId,
        amount: u128,
    ) -> DispatchResult;
}

/// How a liquidation fee is split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiquidationFee<AccountId> {
    /// The part for the insurance fund.
    pub fund: Usd,
    /// The part for whoever brought the liquidation, credited to sub-account 0.
    pub liquidator: Option<(AccountId, Usd)>,
}

/// Accounts as liquidation sees them.
pub trait LiquidationLedger<AccountId> {
    /// Health at the prices of this block, or why it cannot be known.
    fn health(account: &SubAccount<AccountId>) -> Result<Health, DispatchError>;
    /// What moves the account's health. Bounded; empty for a flat account in settlement asset only.
    fn legs(account: &SubAccount<AccountId>) -> Vec<Leg>;
    /// The open positions. Bounded.
    fn positions(account: &SubAccount<AccountId>) -> Vec<Position>;
    /// Cumulative funding of a market, USD per unit with 18 decimals, signed: part of the effective
    /// prices of its positions. A ledger without funding has none.
    fn funding(market: MarketId) -> i128 {
        let _ = market;
        0
    }
    /// The borrow index, of which the effective price of debts is made. A ledger without interest has the
    /// first one.
    fn borrow_index() -> Index {
        Index::ONE
    }
    /// Takes a liquidation fee out of the account; at most what leaves its equity non-negative is
    /// taken, and what was taken is returned.
    fn charge_fee(
        account: &SubAccount<AccountId>,
        fee: LiquidationFee<AccountId>,
    ) -> Result<LiquidationFee<AccountId>, DispatchError>;
    /// What a flat account still owes: what it has of other collateral is sold as far as that is needed,
    /// and the rest of its negative settlement balance is lifted to zero by `pay`, which is asked for the
    /// shortfall and answers what it pays.
    fn absorb(
        account: &SubAccount<AccountId>,
        pay: &mut dyn FnMut(Usd) -> Usd,
    ) -> Result<Absorbed, DispatchError>;

    /// Opens a position against a counterparty, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn open_position(account: &SubAccount<AccountId>, position: Position, balance: Usd);
    /// Gives an account collateral, in base units of the asset, for benchmarks. The account has
    /// `amount` of it after that, and the observer is told.
    #[cfg(feature = "runtime-benchmarks")]
    fn set_collateral(account: &SubAccount<AccountId>, asset: AssetId, amount: u128) {
        let _ = (account, asset, amount);
    }
    /// Makes a pool with these reserves in which an asset is sold, and gives the ledger the tokens of it that
    /// its accounts have, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn make_pool(asset: AssetId, base: u128, quote: Usd);
}

/// What was done about the debt of a flat account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Absorbed {
    /// What it owed beyond its own collateral.
    pub shortfall: Usd,
    /// What was paid of that.
    pub paid: Usd,
    /// Sales of its collateral in pools that were tried. At most [`MAX_SALES`].
    pub sales: u32,
}

/// How deep a market is, for the premium that funding is made of.
pub trait ImpactPrices {
    /// Mean prices at which an order of `notional` would sell to the bids and buy from the asks;
    /// `None` for a side that does not have as much within a bounded number of levels.
    fn impact(market: MarketId, notional: Usd) -> (Option<Price>, Option<Price>);

    /// Makes a market as costly to look into as it can be, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn scatter(market: MarketId) {
        let _ = market;
    }
}

impl ImpactPrices for () {
    fn impact(_: MarketId, _: Usd) -> (Option<Price>, Option<Price>) {
        (None, None)
    }
}

/// Who may trade for an account.
pub trait TradingAuthority<AccountId> {
    /// Whether `who` may place, change and cancel orders of `account`: its owner, or a key that he
    /// has delegated trading to. It never says that `who` may take anything out.
    fn may_trade(who: &AccountId, account: &SubAccount<AccountId>) -> bool;
}

impl<AccountId: PartialEq> TradingAuthority<AccountId> for () {
    fn may_trade(who: &AccountId, account: &SubAccount<AccountId>) -> bool {
        *who == account.owner
    }
}

/// Which calls trade, for keys that may do nothing else.
pub trait TradingCalls<Call> {
    /// The sub-account that a call trades for; `None` for every other call.
    fn sub_account(call: &Call) -> Option<SubAccountIndex>;

    /// A trading call that does next to nothing, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn example(sub_account: SubAccountIndex) -> Option<Call> {
        let _ = sub_account;
        None
    }
}

impl<Call> TradingCalls<Call> for () {
    fn sub_account(_: &Call) -> Option<SubAccountIndex> {
        None
    }
}

/// An open position as those rank and tax it who have to pay for others, at the prices of this block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenProfit {
    /// Signed size.
    pub size: Size,
    /// What was paid for it.
    pub entry_notional: Usd,
    /// Unsigned value at mark, rounded up.
    pub notional: Usd,
    /// Profit or loss that is not realised, rounded down.
    pub profit: Usd,
    /// Health of the whole account; `None` when a price it depends on is missing.
    pub health: Option<Health>,
    /// Positions and collateral assets of the account: what looking at it costs.
    pub holdings: u32,
}

/// One closing outside the book: a part of `account`'s position against an opposite one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleveraging<AccountId> {
    /// Whose position has to go.
    pub account: SubAccount<AccountId>,
    /// Against whose.
    pub counterparty: SubAccount<AccountId>,
    /// In which market.
    pub market: MarketId,
    /// How much; at most what both have.
    pub quantity: Quantity,
    /// What the counterparty is to give up of its profit, beyond a closing at mark.
    pub give_up: Usd,
}

/// What became of a [`Deleveraging`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deleveraged {
    /// How much was closed.
    pub quantity: Quantity,
    /// For how much.
    pub notional: Usd,
    /// What the counterparty gave up: at most what was asked, at most what it realised on this part
    /// and at most what leaves its account at or above maintenance.
    pub given_up: Usd,
}

/// Accounts as those layers of loss see them that other traders bear.
pub trait LossLedger<AccountId> {
    /// A position with what ranks it; `None` when there is none, or no price of its market.
    fn open_profit(account: &SubAccount<AccountId>, market: MarketId) -> Option<OpenProfit>;
    /// Closes two opposite positions against each other at mark, less what the counterparty gives up.
    fn deleverage(order: &Deleveraging<AccountId>) -> Result<Deleveraged, DispatchError>;
    /// Moves up to `amount` of open profit in a market to another account's settlement balance; the
    /// position stays. Returns what was moved: at most the profit, and at most what leaves the account at
    /// or above maintenance.
    fn cut_profit(
        from: &SubAccount<AccountId>,
        market: MarketId,
        to: &SubAccount<AccountId>,
        amount: Usd,
    ) -> Result<Usd, DispatchError>;
}

/// Called after anything changed an account's balance or positions.
pub trait AccountObserver<AccountId> {
    /// Puts the account's triggers right, or sees to it that the account is due until they are.
    /// Never fails: an account whose health cannot be computed is due. Its work is bounded, whatever
    /// the account has.
    fn account_changed(account: &SubAccount<AccountId>);
}

impl<AccountId> AccountObserver<AccountId> for () {
    fn account_changed(_: &SubAccount<AccountId>) {}
}

/// What a liquidation order got from the book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Execution {
    /// How much was closed.
    pub quantity: Quantity,
    /// For how much.
    pub notional: Usd,
    /// In how many fills.
    pub fills: u32,
    /// How many resting orders were taken out because they could not fill, or not with all that
    /// was left of them: expired, of the account itself, refused by margin, with nothing to reduce.
    pub removed: u32,
}

/// The order book as liquidation sees it.
pub trait LiquidationVenue<AccountId> {
    /// Cancels at most `limit` resting orders of the account; returns how many there were.
    fn cancel_orders(account: &SubAccount<AccountId>, limit: u32) -> u32;
    /// Sells (`Side::Ask`) or buys (`Side::Bid`) up to `quantity` for the account, never worse
    /// than `worst`, in at most `max_fills` fills and taking out at most
    /// [`Self::max_removals`]`(max_fills)` orders that cannot fill. What does not fill does not rest.
    fn close(
        account: &SubAccount<AccountId>,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        worst: Price,
        max_fills: u32,
    ) -> Execution;
    /// Rests an order that closes up to `quantity` of the account's position, never worse than `worst`, in
    /// the auction that is about to reopen a paused market; one at a time in each market. It takes part like any
    /// other, with [`FillKind::Liquidation`](bulwark_primitives::FillKind), in this block alone, because
    /// prices and the account are others in the next one; what the auction leaves of it is cancelled. Returns
    /// what was rested: nothing where the book is not being uncrossed, or has such an order of the account
    /// already. A venue without auctions has none.
    fn join_auction(
        account: &SubAccount<AccountId>,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        worst: Price,
    ) -> Quantity {
        let _ = (account, market, side, quantity, worst);
        Quantity::ZERO
    }
    /// Most orders that a [`Self::close`] with so many fills takes out without filling them: what its
    /// weight depends on beside the fills. A venue without dead orders has none.
    fn max_removals(max_fills: u32) -> u32 {
        let _ = max_fills;
        0
    }

    /// Rests an order of `account`, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn rest(
        account: &SubAccount<AccountId>,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        price: Price,
    );
}

/// Liquidation as the book sees it when an auction fills an order that [`LiquidationVenue::join_auction`]
/// rested.
pub trait ForcedFills<AccountId> {
    /// What has to be known of the account before the fill.
    type Before;
    /// Called before a fill of the account's order.
    fn before(account: &SubAccount<AccountId>, market: MarketId) -> Option<Self::Before>;
    /// Called after it, when the observer knows of it: takes the liquidation fee.
    fn after(
        account: &SubAccount<AccountId>,
        market: MarketId,
        before: Self::Before,
        quantity: Quantity,
        notional: Usd,
    );
}

impl<AccountId> ForcedFills<AccountId> for () {
    type Before = ();
    fn before(_: &SubAccount<AccountId>, _: MarketId) -> Option<()> {
        None
    }
    fn after(_: &SubAccount<AccountId>, _: MarketId, (): (), _: Quantity, _: Usd) {}
}

/// What the insurance fund would pay for a loss, by whose money it is, in the order of use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reserves {
    /// Liquidation fees of the market itself.
    pub fees: Usd,
    /// The fund's own money, within the market's share of it.
    pub own: Usd,
    /// Stakers' money, within the same share.
    pub stakers: Usd,
}

impl Reserves {
    /// All of it, or `None` when it does not fit.
    pub fn total(&self) -> Option<Usd> {
        self.fees.checked_add(self.own)?.checked_add(self.stakers)
    }

    /// Whose money `paid` is when so much of these reserves is used: fees first, then the fund's own,
    /// and the rest of stakers.
    pub fn split(&self, paid: Usd) -> Self {
        let fees = paid.min(self.fees).max(Usd::ZERO);
        let rest = paid.checked_sub(fees).unwrap_or_default();
        let own = rest.min(self.own).max(Usd::ZERO);
        let stakers = rest.checked_sub(own).unwrap_or_default();
        Self { fees, own, stakers }
    }
}

/// The insurance fund as the others see it.
pub trait LossFund {
    /// What is in it, stakers' money included: its part of the pot.
    fn balance() -> Usd;
    /// What [`Self::draw`] would pay for a loss in `market` now.
    fn available(market: MarketId) -> Reserves {
        let _ = market;
        Reserves {
            own: Self::balance(),
            ..Reserves::default()
        }
    }
    /// Adds income. A negative amount adds nothing.
    fn credit(amount: Usd);
    /// Says of `amount`, which was credited, that it is a liquidation fee of `market`: what that
    /// market loses next is paid out of it first.
    fn earmark(market: MarketId, amount: Usd) {
        let _ = (market, amount);
    }
    /// Pays up to `amount` for a loss in `market`; returns what it pays, never more than is
    /// [`available`](Self::available).
    fn draw(market: MarketId, amount: Usd) -> Usd;
}

/// The fund's own money as whoever buys for it sees it.
pub trait Purse {
    /// Takes up to `amount` out for something the fund gets for it; returns what was taken.
    fn spend(amount: Usd) -> Usd;
    /// The most that [`Self::spend`] would take out now.
    fn spendable() -> Usd;
    /// Puts back what something was sold for. A negative amount adds nothing.
    fn refund(amount: Usd);
}

/// Whether a loss may be on its way to the insurance fund.
pub trait OpenLosses {
    /// Whether an account is known that owes more than it owns.
    fn is_open() -> bool;
}

impl OpenLosses for () {
    fn is_open() -> bool {
        false
    }
}

/// The pot as the insurance fund sees it.
pub trait Custody<AccountId> {
    /// Moves settlement asset from a user's wallet into the pot.
    fn collect(from: &AccountId, amount: Usd) -> DispatchResult;
    /// Moves settlement asset from the pot to a user's wallet, by the one function through which all
    /// value leaves.
    fn pay_out(to: &AccountId, amount: Usd) -> DispatchResult;

    /// Gives a wallet settlement asset, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn endow_wallet(who: &AccountId, amount: Usd);
}
