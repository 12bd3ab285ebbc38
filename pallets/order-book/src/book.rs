//! The book in storage: levels as linked queues, the bitmap of their ticks, orders of an account.

use crate::{
    bitmap::{Bitmap, Word, Words, EMPTY},
    desk::Places,
    types::{CancelReason, Grid, Level, Lots, Tick},
    Bits, BlockExpiries, ClientIds, Config, Error, Event, ForcedOrders, Levels, OrderOf, Orders,
    Pallet, TimeExpiries,
};
use bulwark_primitives::{MarketId, OrderExposure, OrderId, Side};
use bulwark_traits::{MarketRegistry, OrderMargin};
use core::marker::PhantomData;
use sp_runtime::{traits::UniqueSaturatedInto, DispatchError, DispatchResult};

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

    /// The next tick of a side with a level, worse than `tick` for a taker.
    pub(crate) fn worse(market: MarketId, side: Side, tick: Tick) -> Option<Tick> {
        let ticks = Self::ticks(market, side);
        match side {
            Side::Bid => ticks.previous(tick),
            Side::Ask => ticks.next(tick),
        }
    }

    /// The oldest order of a level.
    pub(crate) fn head(
        market: MarketId,
        side: Side,
        tick: Tick,
    ) -> Result<(OrderId, OrderOf<T>), Error<T>> {
        let level = Levels::<T>::get((market, side, tick)).ok_or(Error::<T>::Corrupt)?;
        let order = Orders::<T>::get(market, level.head).ok_or(Error::<T>::Corrupt)?;
        Ok((level.head, order))
    }

    /// The grid of a market.
    pub(crate) fn grid(market: MarketId) -> Result<Grid, DispatchError> {
        let params = T::Registry::market(market).ok_or(Error::<T>::UnknownMarket)?;
        Ok(Grid::new(&params))
    }

    /// Puts an order at the end of its level and into its account's list. `places`: see
    /// [`Self::ensure_place`].
    pub(crate) fn insert(
        market: MarketId,
        id: OrderId,
        mut order: OrderOf<T>,
        places: Option<Places>,
    ) -> DispatchResult {
        order.page = Self::enlist(&order.account, market, id, order.reduce_only, places)?;
        Self::index_terms(market, id, &order);
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

    /// Puts an order where its expiry and its name are looked up. Most have neither.
    pub(crate) fn index_terms(market: MarketId, id: OrderId, order: &OrderOf<T>) {
        if let Some(at) = order.expires_at {
            let block: u64 = at.unique_saturated_into();
            BlockExpiries::<T>::insert(block.to_be_bytes(), (market, id), ());
        }
        if let Some(at) = order.good_till {
            TimeExpiries::<T>::insert(at.to_be_bytes(), (market, id), ());
        }
        if let Some(name) = order.client_id {
            ClientIds::<T>::insert(&order.account, name, (market, id));
        }
        if order.forced {
            ForcedOrders::<T>::insert(market, &order.account, id);
        }
    }

    /// The opposite of [`Self::index_terms`].
    pub(crate) fn unindex_terms(market: MarketId, id: OrderId, order: &OrderOf<T>) {
        if let Some(at) = order.expires_at {
            let block: u64 = at.unique_saturated_into();
            BlockExpiries::<T>::remove(block.to_be_bytes(), (market, id));
        }
        if let Some(at) = order.good_till {
            TimeExpiries::<T>::remove(at.to_be_bytes(), (market, id));
        }
        if let Some(name) = order.client_id {
            ClientIds::<T>::remove(&order.account, name);
        }
        if order.forced {
            ForcedOrders::<T>::remove(market, &order.account);
        }
    }

    /// Takes an order out of its level and out of the book, but not out of its account's list.
    pub(crate) fn unlink(market: MarketId, id: OrderId, order: &OrderOf<T>) -> DispatchResult {
        Self::unindex_terms(market, id, order);
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

    /// Takes an order out of the book and out of its account's list. `died`: it counts as unfilled by
    /// its owner's doing.
    pub(crate) fn remove(
        market: MarketId,
        id: OrderId,
        order: &OrderOf<T>,
        died: bool,
    ) -> DispatchResult {
        Self::unlink(market, id, order)?;
        Self::delist(&order.account, market, id, order.page, died)
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
            Self::remove(market, id, &order, false)?;
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
        Self::remove(market, id, order, order.died_by(reason))?;
        Self::release(market, grid, id, order, reason)
    }

    /// Gives the exposure of an order that is out of the book back and says why.
    pub(crate) fn release(
        market: MarketId,
        grid: &Grid,
        id: OrderId,
        order: &OrderOf<T>,
        reason: CancelReason,
    ) -> DispatchResult {
        let exposure = order.exposure_of::<T>(market, grid, order.remaining)?;
        if !order.forced {
            T::Margin::close_order(&order.account, &exposure);
        }
        Self::deposit_event(Event::OrderCancelled {
            market,
            order_id: id,
            account: order.account.clone(),
            quantity: exposure.quantity,
            reason,
        });
        Ok(())
    }
}
