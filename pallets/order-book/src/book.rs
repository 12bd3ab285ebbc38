//! The book in storage: levels as linked queues, the bitmap of their ticks, orders of an account.

use crate::{
    bitmap::{Bitmap, Word, Words, EMPTY},
    types::{CancelReason, Grid, Level, Lots, Tick},
    AccountOrders, Bits, Config, Error, Event, Levels, OrderOf, Orders, Pallet, SubAccountOf,
};
use bulwark_primitives::{MarketId, OrderExposure, OrderId, Side};
use bulwark_traits::{MarketRegistry, OrderMargin};
use core::marker::PhantomData;
use frame_support::{ensure, BoundedVec};
use sp_runtime::{DispatchError, DispatchResult};

/// The words of one side's bitmap in storage.
pub(crate) struct SideWords<T> {
    market: MarketId,
    side: Side,
    runtime: PhantomData<T>,
}

impl<T: Config> Words for SideWords<T> {
    fn word(&self, layer: u8, index: u32) -> Word {
        Bits::<T>::get((self.market, self.side, layer, index)).unwrap_or(EMPTY)
    }

    fn set_word(&mut self, layer: u8, index: u32, word: Word) {
        let key = (self.market, self.side, layer, index);
        if word == EMPTY {
            Bits::<T>::remove(key);
        } else {
            Bits::<T>::insert(key, word);
        }
    }
}

impl<T: Config> Pallet<T> {
    /// The ticks of one side that have a level.
    pub(crate) fn ticks(market: MarketId, side: Side) -> Bitmap<SideWords<T>> {
        Bitmap(SideWords {
            market,
            side,
            runtime: PhantomData,
        })
    }

    /// The tick a taker would meet first: the highest bid or the lowest ask.
    pub(crate) fn best(market: MarketId, side: Side) -> Option<Tick> {
        let ticks = Self::ticks(market, side);
        match side {
            Side::Bid => ticks.last(),
            Side::Ask => ticks.first(),
        }
    }

    /// The grid of a market.
    pub(crate) fn grid(market: MarketId) -> Result<Grid, DispatchError> {
        let params = T::Registry::market(market).ok_or(Error::<T>::UnknownMarket)?;
        Ok(Grid::new(&params))
    }

    /// Puts an order at the end of its level and into its account's list.
    pub(crate) fn insert(market: MarketId, id: OrderId, mut order: OrderOf<T>) -> DispatchResult {
        AccountOrders::<T>::try_mutate(&order.account, |orders| orders.try_push((market, id)))
            .map_err(|_| Error::<T>::TooManyOrders)?;
        let key = (market, order.side, order.tick);
        let lots = u128::from(order.remaining);
        let level = match Levels::<T>::get(key) {
            None => {
                Self::ticks(market, order.side).insert(order.tick);
                Level {
                    head: id,
                    tail: id,
                    lots,
                    orders: 1,
                }
            }
            Some(level) => {
                Self::relink(market, level.tail, |last| last.next = Some(id))?;
                order.previous = Some(level.tail);
                Level {
                    head: level.head,
                    tail: id,
                    lots: level
                        .lots
                        .checked_add(lots)
                        .ok_or(Error::<T>::ArithmeticOverflow)?,
                    orders: level
                        .orders
                        .checked_add(1)
                        .ok_or(Error::<T>::ArithmeticOverflow)?,
                }
            }
        };
        Levels::<T>::insert(key, level);
        Orders::<T>::insert(market, id, order);
        Ok(())
    }

    /// Changes the links of a neighbour.
    fn relink(
        market: MarketId,
        id: OrderId,
        change: impl FnOnce(&mut OrderOf<T>),
    ) -> DispatchResult {
        Orders::<T>::mutate(market, id, |order| {
            order.as_mut().map(change).ok_or(Error::<T>::Corrupt.into())
        })
    }

    /// Takes an order out of its level and out of the book, but not out of its account's list.
    fn unlink(market: MarketId, id: OrderId, order: &OrderOf<T>) -> DispatchResult {
        let key = (market, order.side, order.tick);
        let mut level = Levels::<T>::get(key).ok_or(Error::<T>::Corrupt)?;
        match (order.previous, order.next) {
            (None, None) => {
                Levels::<T>::remove(key);
                Self::ticks(market, order.side).remove(order.tick);
                Orders::<T>::remove(market, id);
                return Ok(());
            }
            (None, Some(next)) => {
                Self::relink(market, next, |next| next.previous = None)?;
                level.head = next;
            }
            (Some(previous), None) => {
                Self::relink(market, previous, |previous| previous.next = None)?;
                level.tail = previous;
            }
            (Some(previous), Some(next)) => {
                Self::relink(market, previous, |order| order.next = Some(next))?;
                Self::relink(market, next, |order| order.previous = Some(previous))?;
            }
        }
        let lots = level.lots.checked_sub(u128::from(order.remaining));
        level.lots = lots.ok_or(Error::<T>::Corrupt)?;
        level.orders = level.orders.checked_sub(1).ok_or(Error::<T>::Corrupt)?;
        Levels::<T>::insert(key, level);
        Orders::<T>::remove(market, id);
        Ok(())
    }

    /// Takes an order out of the book and out of its account's list.
    pub(crate) fn remove(market: MarketId, id: OrderId, order: &OrderOf<T>) -> DispatchResult {
        Self::unlink(market, id, order)?;
        AccountOrders::<T>::mutate_exists(&order.account, |stored| {
            let orders = stored.as_mut().ok_or(Error::<T>::Corrupt)?;
            let at = orders.iter().position(|entry| *entry == (market, id));
            // Not a swap: the list stays in the order of placement.
            orders.remove(at.ok_or(Error::<T>::Corrupt)?);
            if orders.is_empty() {
                *stored = None;
            }
            Ok(())
        })
    }

    /// Makes an order smaller by `lots`, which use up `part` of its exposure, or takes it out when
    /// they are all that is left. Returns what is left of it.
    pub(crate) fn shrink(
        market: MarketId,
        id: OrderId,
        mut order: OrderOf<T>,
        lots: Lots,
        part: &OrderExposure,
    ) -> Result<Option<OrderOf<T>>, DispatchError> {
        if lots == order.remaining {
            Self::remove(market, id, &order)?;
            return Ok(None);
        }
        order.remaining = order
            .remaining
            .checked_sub(lots)
            .ok_or(Error::<T>::Corrupt)?;
        order.exposure = order
            .exposure
            .checked_sub(part.notional)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        Levels::<T>::mutate(
            (market, order.side, order.tick),
            |level| -> DispatchResult {
                let level = level.as_mut().ok_or(Error::<T>::Corrupt)?;
                let left = level.lots.checked_sub(u128::from(lots));
                level.lots = left.ok_or(Error::<T>::Corrupt)?;
                Ok(())
            },
        )?;
        Orders::<T>::insert(market, id, &order);
        Ok(Some(order))
    }

    /// Takes a resting order out, gives its exposure back and says why.
    pub(crate) fn cancel(
        market: MarketId,
        grid: &Grid,
        id: OrderId,
        order: &OrderOf<T>,
        reason: CancelReason,
    ) -> DispatchResult {
        Self::remove(market, id, order)?;
        Self::release(market, grid, id, order, reason)
    }

    /// Gives the exposure of an order that is out of the book back and says why.
    fn release(
        market: MarketId,
        grid: &Grid,
        id: OrderId,
        order: &OrderOf<T>,
        reason: CancelReason,
    ) -> DispatchResult {
        let exposure = order.exposure_of::<T>(market, grid, order.remaining)?;
        T::Margin::close_order(&order.account, &exposure);
        Self::deposit_event(Event::OrderCancelled {
            market,
            order_id: id,
            account: order.account.clone(),
            quantity: exposure.quantity,
            reason,
        });
        Ok(())
    }

    /// Cancels at most `limit` orders of an account, oldest first, in one market or in all.
    /// Returns how many.
    pub(crate) fn cancel_orders_of(
        account: &SubAccountOf<T>,
        market: Option<MarketId>,
        limit: u32,
        reason: CancelReason,
    ) -> Result<u32, DispatchError> {
        let mut kept = BoundedVec::new();
        let mut cancelled: u32 = 0;
        // The list is written once, not once per order.
        for (at, id) in AccountOrders::<T>::take(account) {
            if cancelled >= limit || market.is_some_and(|only| only != at) {
                // As many as were stored fit again.
                kept.try_push((at, id)).map_err(|_| Error::<T>::Corrupt)?;
                continue;
            }
            let order = Orders::<T>::get(at, id).ok_or(Error::<T>::Corrupt)?;
            ensure!(order.account == *account, Error::<T>::Corrupt);
            Self::unlink(at, id, &order)?;
            Self::release(at, &Self::grid(at)?, id, &order, reason)?;
            cancelled = cancelled
                .checked_add(1)
                .ok_or(Error::<T>::ArithmeticOverflow)?;
        }
        if !kept.is_empty() {
            AccountOrders::<T>::insert(account, kept);
        }
        Ok(cancelled)
    }
}
