//! Orders of liquidation in an auction.

use crate::{
    types::{CancelReason, Order},
    Config, Error, Event, ForcedOrders, Orders, Pallet, SubAccountOf, WeightInfo,
};
use bulwark_primitives::{MarketId, Price, Quantity, Side, Usd};
use bulwark_traits::OrderMargin;
use frame_support::{storage::with_storage_layer, weights::WeightMeter};
use sp_runtime::{
    traits::{One, Saturating},
    DispatchError, DispatchResult,
};

impl<T: Config> Pallet<T> {
    /// Cancels what an auction has left of liquidation's orders; `false` when the budget does not suffice.
    pub(crate) fn end_forced(
        market: MarketId,
        meter: &mut WeightMeter,
    ) -> Result<bool, DispatchError> {
        let each = T::WeightInfo::sweep_order();
        loop {
            let Some(id) = ForcedOrders::<T>::iter_prefix_values(market).next() else {
                return Ok(true);
            };
            if meter.try_consume(each).is_err() {
                return Ok(false);
            }
            with_storage_layer(|| -> DispatchResult {
                let order = Orders::<T>::get(market, id).ok_or(Error::<T>::Corrupt)?;
                let grid = Self::grid(market)?;
                Self::cancel(market, &grid, id, &order, CancelReason::Liquidation)
            })?;
        }
    }

    /// Rests an order of liquidation for an auction, for this block alone: its limit is made of the prices
    /// that there are now. Returns how much of it rests, and nothing when there is one already.
    pub(crate) fn rest_forced(
        account: &SubAccountOf<T>,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        worst: Price,
    ) -> Result<Quantity, DispatchError> {
        if ForcedOrders::<T>::contains_key(market, account) {
            return Ok(Quantity::ZERO);
        }
        let grid = Self::grid(market)?;
        let limit = grid.bound(side, worst).map(|tick| match side {
            Side::Bid => tick,
            Side::Ask => tick.max(1),
        });
        let reducible = T::Margin::reducible(account, market, side);
        let lots = grid.whole_lots(quantity.min(reducible));
        let Some(tick) = limit.filter(|tick| *tick > 0 && lots > 0) else {
            return Ok(Quantity::ZERO);
        };
        let id = Self::take_id(market)?;
        let order = Order {
            account: account.clone(),
            side,
            tick,
            remaining: lots,
            exposure: Usd::ZERO,
            expires_at: Some(frame_system::Pallet::<T>::block_number().saturating_add(One::one())),
            good_till: None,
            client_id: None,
            reduce_only: true,
            filled: false,
            forced: true,
            page: 0,
            previous: None,
            next: None,
        };
        Self::insert(market, id, order, None)?;
        let quantity = grid.quantity::<T>(u128::from(lots))?;
        Self::deposit_event(Event::OrderRested {
            market,
            order_id: id,
            account: account.clone(),
            side,
            price: grid.price::<T>(tick)?,
            quantity,
        });
        Ok(quantity)
    }
}
