//! What clients ask: depth, best prices, quotes, orders. Read-only.

use crate::{
    types::{OrderInfo, Quote},
    AccountOrders, ClientIds, Config, Levels, OrderOf, Orders, Pallet, SubAccountOf,
};
use alloc::vec::Vec;
use bulwark_primitives::{
    ClientOrderId, MarketId, OrderId, Price, Quantity, Side, Usd, PRICE_SCALE, SIZE_SCALE,
    USD_SCALE,
};
use bulwark_risk_math::{mul_div, value::notional, Rounding};
use frame_system::pallet_prelude::BlockNumberFor;

/// Most levels that a quote looks at.
const MAX_QUOTE_LEVELS: u32 = 1_000;
/// What makes a price of an amount with the decimals of `Usd`.
const USD_TO_PRICE: u128 = PRICE_SCALE / USD_SCALE.unsigned_abs();

impl<T: Config> Pallet<T> {
    /// The best `levels` levels of one side as (price, quantity of all its orders), best first.
    /// Orders that have expired count until a taker meets them.
    pub fn depth(market: MarketId, side: Side, levels: u32) -> Vec<(Price, Quantity)> {
        let mut depth = Vec::new();
        let Ok(grid) = Self::grid(market) else {
            return depth;
        };
        let mut at = Self::best(market, side);
        for _ in 0..levels {
            let Some(tick) = at else { break };
            let lots = Levels::<T>::get((market, side, tick)).map_or(0, |level| level.lots);
            let row = (grid.price::<T>(tick), grid.quantity::<T>(lots));
            if let (Ok(price), Ok(quantity)) = row {
                depth.push((price, quantity));
            }
            at = Self::worse(market, side, tick);
        }
        depth
    }

    /// The highest price somebody bids.
    pub fn best_bid(market: MarketId) -> Option<Price> {
        Self::best_price(market, Side::Bid)
    }

    /// The lowest price somebody asks.
    pub fn best_ask(market: MarketId) -> Option<Price> {
        Self::best_price(market, Side::Ask)
    }

    fn best_price(market: MarketId, side: Side) -> Option<Price> {
        let tick = Self::best(market, side)?;
        Self::grid(market).ok()?.price::<T>(tick).ok()
    }

    /// The resting orders of an account, by market and then oldest first.
    pub fn orders_of(account: &SubAccountOf<T>) -> Vec<OrderInfo<BlockNumberFor<T>>> {
        let mut entries: Vec<(MarketId, OrderId)> = AccountOrders::<T>::iter_prefix_values(account)
            .flatten()
            .collect();
        entries.sort_unstable();
        entries
            .into_iter()
            .filter_map(|(market, id)| Self::order(market, id))
            .map(|(_, info)| info)
            .collect()
    }

    /// A resting order and whose it is.
    pub fn order(
        market: MarketId,
        id: OrderId,
    ) -> Option<(SubAccountOf<T>, OrderInfo<BlockNumberFor<T>>)> {
        let order = Orders::<T>::get(market, id)?;
        let info = Self::info(market, id, &order)?;
        Some((order.account, info))
    }

    /// The resting order that its owner calls `client_id`.
    pub fn order_by_client_id(
        account: &SubAccountOf<T>,
        client_id: ClientOrderId,
    ) -> Option<OrderInfo<BlockNumberFor<T>>> {
        let (market, id) = ClientIds::<T>::get(account, client_id)?;
        Self::order(market, id).map(|(_, info)| info)
    }

    fn info(
        market: MarketId,
        order_id: OrderId,
        order: &OrderOf<T>,
    ) -> Option<OrderInfo<BlockNumberFor<T>>> {
        let grid = Self::grid(market).ok()?;
        Some(OrderInfo {
            market,
            order_id,
            side: order.side,
            price: grid.price::<T>(order.tick).ok()?,
            quantity: grid.quantity::<T>(u128::from(order.remaining)).ok()?,
            reduce_only: order.reduce_only,
            expires_at: order.expires_at,
            good_till: order.good_till,
            client_id: order.client_id,
        })
    }

    /// What a taker on `side` would get of `quantity` from the book as it is, fees apart: how much of
    /// it, for how much, and at which average and worst price. Dead orders count as if they could
    /// fill. `None` when there is nothing. O(levels), at most 1,000.
    pub fn quote(market: MarketId, side: Side, quantity: Quantity) -> Option<Quote> {
        // Against the taker: a buyer pays more, a seller gets less.
        let rounding = match side {
            Side::Bid => Rounding::Up,
            Side::Ask => Rounding::Down,
        };
        let (mut left, mut total, mut worst) = (quantity, Usd::ZERO, None);
        for (price, available) in Self::depth(market, side.opposite(), MAX_QUOTE_LEVELS) {
            if left.is_zero() {
                break;
            }
            let part = left.min(available);
            total = total.checked_add(notional(price, part, rounding).ok()?)?;
            left = left.checked_sub(part)?;
            worst = Some(price);
        }
        let filled = quantity.checked_sub(left)?;
        let usd = u128::try_from(total.0).ok()?.checked_mul(USD_TO_PRICE)?;
        Some(Quote {
            quantity: filled,
            notional: total,
            average: Price(mul_div(usd, SIZE_SCALE, filled.0, rounding).ok()?),
            worst: worst?,
        })
    }
}
