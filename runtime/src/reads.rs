//! What the runtime APIs put together from several pallets.

use crate::{
    AccountId, BlockNumber, CircuitBreaker, Margin, OrderBook, Runtime, RuntimeEvent, System,
};
use alloc::vec::Vec;
use bulwark_primitives::{FillKind, Health, MarketId, Quantity, SubAccount};
use bulwark_runtime_api::{
    AccountSummary, HealthError, OrderInfo, PositionInfo, StatusInfo, TradeInfo,
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
        .map(|order| OrderInfo {
            id: order.order_id,
            market: order.market,
            account: account.clone(),
            side: order.side,
            price: order.price,
            quantity: order.quantity,
            reduce_only: order.reduce_only,
            expires_at: order.expires_at,
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
