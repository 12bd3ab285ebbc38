//! What the runtime APIs put together from several pallets.

use crate::{AccountId, BlockNumber, CircuitBreaker, Margin, OrderBook, Runtime};
use alloc::vec::Vec;
use bulwark_primitives::{ClientOrderId, Health, MarketId, OrderId, Quantity, Side, SubAccount};
use bulwark_runtime_api::{
    AccountSummary, HealthError, OrderInfo, PositionInfo, QuoteInfo, StatusInfo, StopInfo,
};
use bulwark_traits::MarketGuard;
use polkadot_sdk::sp_runtime::DispatchError;

/// Health, or which of the two reasons there is none.
pub fn health(account: &SubAccount<AccountId>) -> Result<Health, HealthError> {
    Margin::account_health(account).map_err(reason)
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
    let stored = pallet_margin::Accounts::<Runtime>::try_get(account).ok()?;
    Some(AccountSummary {
        balance: stored.balance,
        collateral: stored.collateral.to_vec(),
        health: health(account),
        positions: positions(account),
    })
}

fn positions(account: &SubAccount<AccountId>) -> Vec<PositionInfo> {
    let Some(breakdown) = Margin::margin_breakdown(account) else {
        return Vec::new();
    };
    breakdown
        .positions
        .into_iter()
        .map(|position| PositionInfo {
            market: position.market,
            size: position.size,
            entry_notional: position.entry_notional,
            mark: position.mark,
            notional: position.notional,
            unrealised: position.unrealised,
            maintenance_margin: position.maintenance_margin,
            liquidation_price: position.liquidation_price,
        })
        .collect()
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
