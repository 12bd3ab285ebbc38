//! What the runtime APIs put together from several pallets.

use crate::{
    AccountId, Backstop, BlockNumber, CircuitBreaker, Lending, Margin, Markets, OrderBook,
    PriceOracle, Runtime, RuntimeEvent, System,
};
use alloc::vec::Vec;
use bulwark_primitives::{
    AssetId, ClientOrderId, FillKind, Health, MarketId, OrderId, Price, Quantity, Side, SubAccount,
    Usd,
};
use bulwark_risk_math::probability::of_account;
use bulwark_runtime_api::{
    AccountDetails, AccountSummary, AuctionInfo, BackstopDepositorInfo, BackstopInfo, HealthError,
    LendingPoolInfo, LiquidationProbability, MarketSummary, OrderInfo, PositionInfo, QuoteInfo,
    StatusInfo, StopInfo, SupplierInfo, TradeInfo,
};
use bulwark_traits::MarketGuard;
use pallet_margin::{MarginBreakdown, PositionBreakdown};
use polkadot_sdk::sp_runtime::DispatchError;

/// Most prices that one question may suppose.
const MAX_PRICES: usize = 64;

/// Health, or which of the two reasons there is none.
pub fn health(account: &SubAccount<AccountId>) -> Result<Health, HealthError> {
    Margin::owner_health(account).map_err(reason)
}

fn reason(error: DispatchError) -> HealthError {
    if error == pallet_margin::Error::<Runtime>::ArithmeticOverflow.into() {
        HealthError::Overflow
    } else {
        HealthError::PriceUnavailable
    }
}

/// An account in one look.
pub fn summary(account: &SubAccount<AccountId>) -> Option<AccountSummary> {
    let stored = Margin::try_load(account)?;
    Some(match Margin::margin_breakdown(account) {
        Some(breakdown) => told(breakdown),
        None => AccountSummary {
            balance: stored.balance,
            collateral: stored.collateral.to_vec(),
            isolated: stored.isolated,
            health: health(account),
            details: None,
            positions: Vec::new(),
        },
    })
}

/// The account after an order.
pub fn summary_after(
    account: &SubAccount<AccountId>,
    market: MarketId,
    side: Side,
    quantity: Quantity,
    price: Price,
) -> Option<AccountSummary> {
    Margin::breakdown_after(account, market, side, quantity, price).map(told)
}

/// The account at other prices.
pub fn summary_at(
    account: &SubAccount<AccountId>,
    prices: &[(AssetId, Price)],
) -> Option<AccountSummary> {
    let prices = prices.get(..MAX_PRICES).unwrap_or(prices);
    Margin::breakdown_at(account, prices).map(told)
}

fn told(breakdown: MarginBreakdown) -> AccountSummary {
    AccountSummary {
        balance: breakdown.balance,
        collateral: breakdown.collateral,
        isolated: breakdown.isolated,
        health: Ok(breakdown.health),
        details: Some(AccountDetails {
            ratio: breakdown.ratio,
            free_collateral: breakdown.free_collateral,
            withdrawal_room: breakdown.withdrawal_room,
            funding: breakdown.funding,
            initial_offset: breakdown.initial_offset,
            maintenance_offset: breakdown.maintenance_offset,
            probability: probability(&breakdown.health, &breakdown.exposures),
        }),
        positions: breakdown.positions.into_iter().map(position).collect(),
    }
}

/// How likely an account falls under maintenance: its exposures with the slow moves of the oracle and the
/// correlations that were decided. What is in no matrix moves against the account.
fn probability(health: &Health, exposures: &[(AssetId, Usd)]) -> Option<LiquidationProbability> {
    let matrix = Markets::decided_correlations();
    let moves: Vec<_> = exposures
        .iter()
        .map(|(asset, notional)| Some((*notional, PriceOracle::expected_move(*asset)?.slow)))
        .collect::<Option<_>>()?;
    let correlation = |i: usize, j: usize| {
        let asset = |at: usize| exposures.get(at).map(|(asset, _)| *asset);
        matrix.between(asset(i)?, asset(j)?)
    };
    let found = of_account(health.slack()?, &moves, correlation).ok()?;
    Some(LiquidationProbability {
        hour: found.hour,
        day: found.day,
        stressed_hour: found.stressed_hour,
        stressed_day: found.stressed_day,
    })
}

fn position(position: PositionBreakdown) -> PositionInfo {
    PositionInfo {
        market: position.market,
        size: position.size,
        entry_notional: position.entry_notional,
        mark: position.mark,
        notional: position.notional,
        unrealised: position.unrealised,
        funding: position.funding,
        initial_margin: position.initial_margin,
        maintenance_margin: position.maintenance_margin,
        liquidation_price: position.liquidation_price,
    }
}

/// A market as margin sees it.
pub fn market_summary(market: MarketId) -> Option<MarketSummary> {
    let summary = Margin::market_summary(market)?;
    Some(MarketSummary {
        long: summary.long,
        short: summary.short,
        funding_rate: summary.funding_rate,
        funding_index: summary.funding_index,
        funding_paused: summary.funding_paused,
        initial_margin: summary.initial_margin,
        base_initial_margin: summary.base_initial_margin,
        maintenance_margin: summary.maintenance_margin,
    })
}

/// Long and short open interest.
pub fn open_interest(market: MarketId) -> (Quantity, Quantity) {
    let interest = pallet_margin::OpenInterests::<Runtime>::get(market);
    (interest.long, interest.short)
}

/// Resting orders of an account.
pub fn orders(account: &SubAccount<AccountId>) -> Vec<OrderInfo<AccountId, BlockNumber>> {
    OrderBook::orders_of(account)
        .into_iter()
        .map(|order| order_info(account.clone(), order))
        .collect()
}

/// A resting order.
pub fn order(market: MarketId, id: OrderId) -> Option<OrderInfo<AccountId, BlockNumber>> {
    let (account, order) = OrderBook::order(market, id)?;
    Some(order_info(account, order))
}

/// The resting order that its owner calls `client_id`.
pub fn order_by_client_id(
    account: &SubAccount<AccountId>,
    client_id: ClientOrderId,
) -> Option<OrderInfo<AccountId, BlockNumber>> {
    let order = OrderBook::order_by_client_id(account, client_id)?;
    Some(order_info(account.clone(), order))
}

fn order_info(
    account: SubAccount<AccountId>,
    order: pallet_order_book::OrderInfo<BlockNumber>,
) -> OrderInfo<AccountId, BlockNumber> {
    OrderInfo {
        id: order.order_id,
        market: order.market,
        account,
        side: order.side,
        price: order.price,
        quantity: order.quantity,
        reduce_only: order.reduce_only,
        expires_at: order.expires_at,
        good_till: order.good_till,
        client_id: order.client_id,
    }
}

/// What a taker would get from the book as it is.
pub fn quote(market: MarketId, side: Side, quantity: Quantity) -> Option<QuoteInfo> {
    let quote = OrderBook::quote(market, side, quantity)?;
    Some(QuoteInfo {
        quantity: quote.quantity,
        notional: quote.notional,
        average: quote.average,
        worst: quote.worst,
    })
}

/// The auction of a paused market as it would be now.
pub fn auction(market: MarketId) -> Option<AuctionInfo> {
    let auction = OrderBook::auction(market)?;
    Some(AuctionInfo {
        uncrossing: auction.uncrossing,
        price: auction.price,
        quantity: auction.quantity,
    })
}

/// Waiting stops of an account.
pub fn stops(account: &SubAccount<AccountId>) -> Vec<StopInfo<AccountId>> {
    OrderBook::stops_of(account)
        .into_iter()
        .map(|waiting| StopInfo {
            id: waiting.id,
            market: waiting.stop.market,
            account: account.clone(),
            condition: waiting.stop.condition,
            trigger: waiting.stop.trigger,
            side: waiting.stop.side,
            quantity: waiting.stop.quantity,
            price: waiting.stop.price,
            rests: waiting.stop.rests,
            reduce_only: waiting.stop.reduce_only,
            client_id: waiting.stop.client_id,
        })
        .collect()
}

/// The lending pool in one look.
pub fn lending_pool() -> Option<LendingPoolInfo> {
    Lending::pool().map(|pool| LendingPoolInfo {
        supplied: pool.supplied,
        borrowed: pool.borrowed,
        available: pool.available,
        reserve: pool.reserve,
        shares: pool.shares,
        utilisation: pool.utilisation,
        borrow_rate: pool.borrow_rate,
        supply_rate: pool.supply_rate,
        borrow_index: pool.borrow_index,
        supply_index: pool.supply_index,
        scaling: pool.scaling,
        frozen: pool.frozen,
    })
}

/// What a supplier has, and how much of it the pool can pay now.
pub fn supplier(who: AccountId) -> Option<SupplierInfo> {
    let (shares, value) = Lending::supplier(who);
    if shares.is_zero() {
        return None;
    }
    let available = Lending::pool()?.available;
    Some(SupplierInfo {
        shares,
        value,
        redeemable: value.min(available),
    })
}

/// The backstop vault in one look.
pub fn backstop() -> BackstopInfo {
    let vault = Backstop::vault();
    BackstopInfo {
        worse_value: vault.value.map(|(worse, _)| worse),
        better_value: vault.value.map(|(_, better)| better),
        free: vault.free,
        at_risk: vault.at_risk,
        lost_today: vault.lost_today,
        shares: vault.shares,
        markets: vault.held,
    }
}

/// What a depositor of the vault has.
pub fn backstop_depositor(who: AccountId) -> Option<BackstopDepositorInfo> {
    let (shares, value) = Backstop::depositor(who);
    (!shares.is_zero()).then_some(BackstopDepositorInfo { shares, value })
}

/// Status of a market, with what it is measured against.
pub fn status(market: MarketId) -> StatusInfo {
    let record = pallet_circuit_breaker::Statuses::<Runtime>::get(market);
    StatusInfo {
        status: <CircuitBreaker as MarketGuard>::status(market),
        reason: record
            .as_ref()
            .map(|record| record.reason)
            .unwrap_or_default(),
        until: record.and_then(|record| record.until),
        reference: pallet_circuit_breaker::References::<Runtime>::get(market)
            .map(|reference| reference.mean),
        band: <CircuitBreaker as MarketGuard>::band(market),
    }
}

/// The fills of the block, from its events.
pub fn trades() -> Vec<TradeInfo<AccountId>> {
    let events = System::read_events_no_consensus();
    events.filter_map(|record| trade(record.event)).collect()
}

fn trade(event: RuntimeEvent) -> Option<TradeInfo<AccountId>> {
    let RuntimeEvent::OrderBook(pallet_order_book::Event::Filled {
        market,
        maker_order,
        maker,
        taker_order,
        taker,
        price,
        quantity,
        notional,
        taker_side,
        kind,
        ..
    }) = event
    else {
        return None;
    };
    Some(TradeInfo {
        market,
        price,
        quantity,
        notional,
        taker_side,
        maker,
        maker_order,
        taker,
        taker_order,
        liquidation: kind == FillKind::Liquidation,
    })
}
