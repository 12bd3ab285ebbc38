//! What clients ask: depth, best prices, orders of an account. Read-only.

use crate::{types::OrderInfo, AccountOrders, Config, Levels, Orders, Pallet, SubAccountOf};
use alloc::vec::Vec;
use bulwark_primitives::{MarketId, Price, Quantity, Side};
use frame_system::pallet_prelude::BlockNumberFor;

impl<T: Config> Pallet<T> {
    /// The best `levels` levels of one side as (price, quantity of all its orders), best first.
    /// Orders that have expired count until a taker meets them.
    pub fn depth(market: MarketId, side: Side, levels: u32) -> Vec<(Price, Quantity)> {
        let mut depth = Vec::new();
        let Ok(grid) = Self::grid(market) else {
            return depth;
        };
        let ticks = Self::ticks(market, side);
        let mut at = Self::best(market, side);
        for _ in 0..levels {
            let Some(tick) = at else { break };
            let lots = Levels::<T>::get((market, side, tick)).map_or(0, |level| level.lots);
            let row = (grid.price::<T>(tick), grid.quantity::<T>(lots));
            if let (Ok(price), Ok(quantity)) = row {
                depth.push((price, quantity));
            }
            at = match side {
                Side::Bid => ticks.previous(tick),
                Side::Ask => ticks.next(tick),
            };
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

    /// The resting orders of an account, oldest first.
    pub fn orders_of(account: &SubAccountOf<T>) -> Vec<OrderInfo<BlockNumberFor<T>>> {
        let orders = AccountOrders::<T>::get(account);
        orders
            .into_iter()
            .filter_map(|(market, order_id)| {
                let order = Orders::<T>::get(market, order_id)?;
                let grid = Self::grid(market).ok()?;
                Some(OrderInfo {
                    market,
                    order_id,
                    side: order.side,
                    price: grid.price::<T>(order.tick).ok()?,
                    quantity: grid.quantity::<T>(u128::from(order.remaining)).ok()?,
                    reduce_only: order.reduce_only,
                    expires_at: order.expires_at,
                })
            })
            .collect()
    }
}
