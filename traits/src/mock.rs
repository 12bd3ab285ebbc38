#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    missing_debug_implementations
)]
//! Implementations of the traits for pallet tests: thread-local, set by the test.
//!
//! Prices, markets, statuses and the fund are plain tables; what needs behaviour is a closure.

use crate::{
    AccountObserver, AuctionGuard, Backstop, CorrelatedAsset, Correlations, ImpactPrices,
    LendingPool, LossCover, LossFund, MarketGuard, MarketRegistry, PriceSource, Purse, Reopening,
    TakenOver, Takeover,
};
use bulwark_primitives::{
    Action, AssetId, CollateralParams, Correlation, FundingParams, Incident, Index, MarginTier,
    MarketId, MarketParams, MarketStatus, Price, PriceError, Quantity, Rate, StatusReason,
    SubAccount, Tier, Usd, PRICE_SCALE, SIZE_SCALE,
};
use sp_runtime::DispatchError;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

/// The settlement asset of [`Registry`].
pub const SETTLEMENT: AssetId = 1;
/// The index asset of [`MARKET`].
pub const INDEX: AssetId = 2;
/// The market that [`reset`] registers.
pub const MARKET: MarketId = MarketId(1);

#[derive(Default)]
struct State {
    prices: BTreeMap<AssetId, Result<Price, PriceError>>,
    medians: BTreeMap<AssetId, Price>,
    slow: BTreeMap<AssetId, Price>,
    markets: BTreeMap<MarketId, MarketParams>,
    collateral: BTreeMap<AssetId, CollateralParams>,
    correlations: Correlations,
    statuses: BTreeMap<MarketId, MarketStatus>,
    backlogs: BTreeSet<MarketId>,
    bands: BTreeMap<MarketId, (Price, Price)>,
    reopenings: BTreeMap<MarketId, (Reopening, MarketStatus)>,
    incidents: Vec<(MarketId, Incident)>,
    impacts: BTreeMap<MarketId, (Option<Price>, Option<Price>)>,
    fund: i128,
    cover: i128,
    touched: u32,
    borrow_index: Index,
    interest: i128,
    lendable: i128,
    capacity: u128,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::new(State::default());
}

fn with<R>(f: impl FnOnce(&mut State) -> R) -> R {
    STATE.with(|state| f(&mut state.borrow_mut()))
}

/// How many cases a property is tested with: `few` in every test run, as many as wanted with
/// `PROPTEST_CASES`.
pub fn cases(few: u32) -> u32 {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    wanted.and_then(|cases| cases.parse().ok()).unwrap_or(few)
}

/// Forgets everything and registers the settlement asset and one market with sane parameters at
/// a price of 100 USD.
pub fn reset() {
    with(|state| *state = State::default());
    Registry::insert_collateral(SETTLEMENT, settlement_params());
    Registry::insert_market(MARKET, market_params());
    Prices::set(INDEX, 100);
}

/// Parameters of a tier A market: tick 0.1 USD, lot 0.001, 5 % / 3 % margin.
pub fn market_params() -> MarketParams {
    MarketParams {
        index_asset: INDEX,
        tier: Tier::A,
        tick_size: Price(PRICE_SCALE / 10),
        lot_size: Quantity(SIZE_SCALE / 1_000),
        min_order: Quantity(SIZE_SCALE / 1_000),
        initial_margin: Rate::percent(5),
        maintenance_margin: Rate::percent(3),
        maker_fee: Rate::basis_points(0),
        taker_fee: Rate::basis_points(0),
        liquidation_fee: Rate::percent(1),
        max_open_interest: Quantity(1_000_000 * SIZE_SCALE),
        price_band: Rate::percent(5),
        margin_tiers: [MarginTier::UNUSED; 4],
        lower_open_interest: Quantity(1_000_000 * SIZE_SCALE),
        funding: FundingParams {
            interest: Rate::ZERO,
            impact_notional: Usd::dollars(10_000),
        },
    }
}

/// Parameters of the settlement asset.
pub fn settlement_params() -> CollateralParams {
    CollateralParams {
        tier: Tier::A,
        decimals: 6,
        initial_factor: Rate::ONE,
        maintenance_factor: Rate::ONE,
        deposit_cap: u128::MAX,
        min_deposit: 1,
        scale_start: u128::MAX,
    }
}

/// [`PriceSource`] from a table; an asset that was never set is `Halted`.
pub struct Prices;

impl Prices {
    /// Sets a price in whole USD.
    pub fn set(asset: AssetId, usd: u128) {
        Self::set_result(asset, Ok(Price(usd * PRICE_SCALE)));
    }

    /// Sets a price or an error; an error comes without a median.
    pub fn set_result(asset: AssetId, price: Result<Price, PriceError>) {
        with(|state| {
            state.prices.insert(asset, price);
            state.medians.remove(&asset);
        });
    }

    /// Sets the slow price in whole USD; without one it is the clean price.
    pub fn set_slow(asset: AssetId, usd: u128) {
        with(|state| state.slow.insert(asset, Price(usd * PRICE_SCALE)));
    }

    /// Sets a median in whole USD about which the feeders disagree.
    pub fn set_uncertain(asset: AssetId, usd: u128) {
        Self::set_unclean(asset, PriceError::Uncertain, Price(usd * PRICE_SCALE));
    }

    /// Sets an error with a median.
    pub fn set_unclean(asset: AssetId, error: PriceError, median: Price) {
        with(|state| {
            state.prices.insert(asset, Err(error));
            state.medians.insert(asset, median);
        });
    }
}

impl PriceSource for Prices {
    fn price(asset: AssetId) -> Result<Price, PriceError> {
        with(|state| {
            state
                .prices
                .get(&asset)
                .copied()
                .unwrap_or(Err(PriceError::Halted))
        })
    }

    fn price_for(asset: AssetId, action: Action) -> Result<Price, PriceError> {
        Self::price(asset).or_else(|error| {
            with(|state| state.medians.get(&asset).copied())
                .filter(|_| error.tolerated_by(action))
                .ok_or(error)
        })
    }

    fn range(asset: AssetId) -> Result<(Price, Price), PriceError> {
        let price = Self::price(asset)?;
        let slow = with(|state| state.slow.get(&asset).copied()).unwrap_or(price);
        Ok((price.min(slow), price.max(slow)))
    }

    fn range_for(asset: AssetId, action: Action) -> Result<(Price, Price), PriceError> {
        let price = Self::price_for(asset, action)?;
        let slow = with(|state| state.slow.get(&asset).copied()).unwrap_or(price);
        Ok((price.min(slow), price.max(slow)))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_price(asset: AssetId, price: Price) {
        Self::set_result(asset, Ok(price));
    }
}

/// [`MarketRegistry`] from a table.
pub struct Registry;

impl Registry {
    /// Registers or replaces a market.
    pub fn insert_market(market: MarketId, params: MarketParams) {
        with(|state| state.markets.insert(market, params));
    }

    /// Registers or replaces a collateral asset.
    pub fn insert_collateral(asset: AssetId, params: CollateralParams) {
        with(|state| state.collateral.insert(asset, params));
    }

    /// Sets the matrix: assets with their shares, ascending, and what is below the diagonal.
    pub fn set_matrix(assets: &[(AssetId, Rate)], below: &[Correlation]) {
        let assets: Vec<_> = assets
            .iter()
            .map(|(asset, share)| CorrelatedAsset {
                asset: *asset,
                share: *share,
            })
            .collect();
        with(|state| {
            state.correlations = Correlations {
                assets: assets.try_into().unwrap(),
                below: below.to_vec().try_into().unwrap(),
            }
        });
    }
}

impl MarketRegistry for Registry {
    fn market(market: MarketId) -> Option<MarketParams> {
        with(|state| state.markets.get(&market).copied())
    }

    fn market_ids() -> Vec<MarketId> {
        with(|state| state.markets.keys().copied().collect())
    }

    fn collateral(asset: AssetId) -> Option<CollateralParams> {
        with(|state| state.collateral.get(&asset).copied())
    }

    fn settlement_asset() -> AssetId {
        SETTLEMENT
    }

    fn correlations() -> Correlations {
        with(|state| state.correlations.clone())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_market(market: MarketId, params: MarketParams) {
        Self::insert_market(market, params);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_collateral(asset: AssetId, params: CollateralParams) {
        Self::insert_collateral(asset, params);
    }
}

/// [`MarketGuard`] from a table; a market is `Active` and without a band unless set.
pub struct Guard;

impl Guard {
    /// Sets the status of a market.
    pub fn set(market: MarketId, status: MarketStatus) {
        with(|state| {
            state.statuses.insert(market, status);
            state.backlogs.remove(&market);
        });
    }

    /// Makes a market reduce-only because liquidations do not fit into their blocks.
    pub fn set_backlog(market: MarketId) {
        Self::set(market, MarketStatus::ReduceOnly);
        with(|state| state.backlogs.insert(market));
    }

    /// Sets the price band of a market in whole USD.
    pub fn set_band(market: MarketId, low: u128, high: u128) {
        let band = (Price(low * PRICE_SCALE), Price(high * PRICE_SCALE));
        with(|state| state.bands.insert(market, band));
    }

    /// Pauses a market that comes back by an auction, with what follows it.
    pub fn set_reopening(market: MarketId, reopening: Reopening, then: MarketStatus) {
        Self::set(market, MarketStatus::Paused);
        with(|state| state.reopenings.insert(market, (reopening, then)));
    }

    /// What was reported since [`reset`].
    pub fn incidents() -> Vec<(MarketId, Incident)> {
        with(|state| state.incidents.clone())
    }
}

impl MarketGuard for Guard {
    fn status(market: MarketId) -> MarketStatus {
        with(|state| state.statuses.get(&market).copied().unwrap_or_default())
    }

    fn order_status(market: MarketId) -> MarketStatus {
        let then = with(|state| state.reopenings.get(&market).map(|(_, then)| *then));
        then.unwrap_or_else(|| Self::status(market))
    }

    fn admits_makers(market: MarketId) -> bool {
        let reason = if with(|state| state.backlogs.contains(&market)) {
            StatusReason::Backlog
        } else {
            StatusReason::Governance
        };
        Self::order_status(market).allows_makers(reason)
    }

    fn band(market: MarketId) -> Option<(Price, Price)> {
        with(|state| state.bands.get(&market).copied())
    }

    fn report(market: MarketId, incident: Incident) {
        with(|state| state.incidents.push((market, incident)));
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_status(market: MarketId, status: MarketStatus) {
        Self::set(market, status);
    }
}

impl AuctionGuard for Guard {
    fn reopening(market: MarketId) -> Option<Reopening> {
        with(|state| state.reopenings.get(&market).map(|(at, _)| *at))
    }

    /// The middle of the band.
    fn reference(market: MarketId) -> Option<Price> {
        let (low, high) = Self::band(market)?;
        Some(Price((low.0 + high.0) / 2))
    }

    fn reopened(market: MarketId) {
        if let Some((_, then)) = with(|state| state.reopenings.remove(&market)) {
            Self::set(market, then);
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_reopening(market: MarketId, reopening: Reopening) {
        Self::set_reopening(market, reopening, MarketStatus::Active);
    }
}

/// [`LossFund`] with a number.
pub struct Fund;

impl Fund {
    /// Sets what is in it.
    pub fn set(amount: Usd) {
        with(|state| state.fund = amount.0);
    }
}

impl LossFund for Fund {
    fn balance() -> Usd {
        with(|state| Usd(state.fund))
    }

    fn credit(amount: Usd) {
        with(|state| state.fund += amount.0.max(0));
    }

    fn draw(_: MarketId, amount: Usd) -> Usd {
        with(|state| {
            let paid = amount.0.clamp(0, state.fund);
            state.fund -= paid;
            Usd(paid)
        })
    }
}

/// [`LendingPool`] with an index and a number.
pub struct Lender;

impl Lender {
    /// Sets the borrow index.
    pub fn set_index(index: Index) {
        with(|state| state.borrow_index = index);
    }

    /// Lets it grow by so many parts in 10^12.
    pub fn grow(parts: u128) {
        let index = Self::borrow_index();
        Self::set_index(Index(index.0 + index.0 / 1_000_000_000_000 * parts));
    }

    /// Sets what can be lent.
    pub fn set_available(amount: Usd) {
        with(|state| state.lendable = amount.0);
    }

    /// What accounts have settled since [`reset`].
    pub fn settled() -> Usd {
        with(|state| Usd(state.interest))
    }
}

impl LendingPool for Lender {
    fn borrow_index() -> Index {
        // Nothing set is no growth.
        with(|state| state.borrow_index.max(Index::ONE))
    }

    fn settle(interest: Usd) {
        with(|state| state.interest += interest.0);
    }

    fn available() -> Usd {
        with(|state| Usd(state.lendable))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn fill(amount: Usd) {
        Self::set_available(amount);
    }

    fn booked() -> Usd {
        Self::settled()
    }
}

impl Purse for Fund {
    fn spend(amount: Usd) -> Usd {
        Self::draw(MARKET, amount)
    }

    fn spendable() -> Usd {
        Self::balance()
    }

    fn refund(amount: Usd) {
        Self::credit(amount);
    }
}

/// [`LossCover`] with a number: every loss is covered as long as there is any.
pub struct Insurer;

impl Insurer {
    /// Sets what it has.
    pub fn set(amount: Usd) {
        with(|state| state.cover = amount.0);
    }
}

impl<AccountId> LossCover<AccountId> for Insurer {
    fn pay(_: &SubAccount<AccountId>, _: MarketId, loss: Usd) -> Usd {
        with(|state| {
            let paid = loss.0.clamp(0, state.cover);
            state.cover -= paid;
            Usd(paid)
        })
    }

    fn held() -> Usd {
        with(|state| Usd(state.cover))
    }
}

/// [`AccountObserver`] that counts.
pub struct Observer;

impl Observer {
    /// How often an account was touched since [`reset`].
    pub fn touched() -> u32 {
        with(|state| state.touched)
    }
}

impl<AccountId> AccountObserver<AccountId> for Observer {
    fn account_changed(_: &SubAccount<AccountId>) {
        with(|state| state.touched += 1);
    }
}

/// [`ImpactPrices`] from a table; a market has no depth unless set.
pub struct Impact;

impl Impact {
    /// Sets what a market order would get on either side, in whole USD.
    pub fn set(market: MarketId, bid: u128, ask: u128) {
        let prices = (
            Some(Price(bid * PRICE_SCALE)),
            Some(Price(ask * PRICE_SCALE)),
        );
        with(|state| state.impacts.insert(market, prices));
    }
}

impl ImpactPrices for Impact {
    fn impact(market: MarketId, _: Usd) -> (Option<Price>, Option<Price>) {
        with(|state| state.impacts.get(&market).copied().unwrap_or((None, None)))
    }
}

/// [`Backstop`] with a number: it takes so much, whatever the price, and moves nothing. A pallet whose
/// test needs the position gone moves it in a mock of its own.
pub struct Vault;

impl Vault {
    /// Sets how much it takes from now on.
    pub fn set(capacity: Quantity) {
        with(|state| state.capacity = capacity.0);
    }
}

impl<AccountId> Backstop<AccountId> for Vault {
    fn quote(offer: &Takeover<AccountId>) -> Quantity {
        with(|state| offer.size.quantity().min(Quantity(state.capacity)))
    }

    fn take_over(offer: &Takeover<AccountId>) -> Result<TakenOver, DispatchError> {
        let quantity = Self::quote(offer);
        with(|state| state.capacity -= quantity.0);
        // 18 and 18 decimals to 6; test numbers do not overflow.
        let notional = offer.price.0 / 1_000_000_000 * (quantity.0 / 1_000_000_000);
        Ok(TakenOver {
            quantity,
            notional: Usd((notional / 1_000_000_000_000) as i128),
        })
    }

    fn is_own(_: &SubAccount<AccountId>) -> bool {
        false
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow(_: Usd) {
        Self::set(Quantity::MAX);
    }
}
