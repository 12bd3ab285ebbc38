//! What the runtime APIs put together from several pallets.

use crate::{AccountId, BlockNumber, CircuitBreaker, Lending, Margin, OrderBook, Runtime};
use alloc::vec::Vec;
use bulwark_primitives::{Health, MarketId, Quantity, SubAccount};
use bulwark_runtime_api::{
    AccountSummary, HealthError, LendingPoolInfo, OrderInfo, PositionInfo, StatusInfo, SupplierInfo,
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
    let stored = Margin::try_load(account)?;
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
