//! Changing a resting order: smaller in its place, anything else anew at the end of a queue.

use crate::{
    matching::Tally,
    types::{CancelReason, Grid, Lots},
    Config, Error, Event, OrderOf, OrderTerms, Orders, Pallet, SubAccountOf, WeightInfo,
};
use bulwark_primitives::{
    MarketId, MarketParams, OrderId, Price, Quantity, SelfTrade, TimeInForce,
};
use bulwark_traits::{MarketRegistry, OrderMargin};
use frame_support::{ensure, weights::Weight};
use sp_runtime::{DispatchError, DispatchResult};

/// What a resting order is to become.
pub(crate) struct Amendment {
    pub market: MarketId,
    pub order_id: OrderId,
    /// What is to be left of it.
    pub quantity: Quantity,
    pub price: Price,
    /// Whether it may not fill at once when it is placed anew.
    pub post_only: bool,
}

/// What an amendment does, and so what it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AmendKind {
    /// It keeps its place and its id.
    InPlace,
    /// It is cancelled and placed anew. `terms`: with an expiry or a name.
    Anew { terms: bool },
}

/// Checks the market's smallest order. One that only reduces may be what closes a small position.
pub(crate) fn ensure_large_enough<T: Config>(
    params: &MarketParams,
    quantity: Quantity,
    reduces: bool,
) -> DispatchResult {
    ensure!(
        reduces || quantity >= params.min_order,
        Error::<T>::BelowMinimumOrder
    );
    Ok(())
}

impl<T: Config> Pallet<T> {
    /// Most that an amendment can use.
    pub(crate) fn worst_amendment(takes: bool) -> Weight {
        let anew = T::WeightInfo::cancel_order()
            .saturating_add(Self::worst_placement(takes))
            .saturating_add(T::WeightInfo::order_terms());
        T::WeightInfo::amend_order().max(anew)
    }

    /// What an amendment that did `kind` and met `met` has used.
    pub(crate) fn amendment_weight(
        account: &SubAccountOf<T>,
        kind: AmendKind,
        met: &Tally,
    ) -> Weight {
        match kind {
            AmendKind::InPlace => T::WeightInfo::amend_order(),
            AmendKind::Anew { terms } => {
                let indexed = if terms {
                    T::WeightInfo::order_terms()
                } else {
                    Weight::zero()
                };
                T::WeightInfo::cancel_order()
                    .saturating_add(Self::placement_weight(account, met))
                    .saturating_add(indexed)
            }
        }
    }

    /// Amends an order and returns the id it has then. `kind` is what was done or tried; the resting
    /// orders it meets are added to `met`.
    ///
    /// # Errors
    /// See `amend_order`. The caller undoes what was done until then.
    pub(crate) fn amend(
        account: &SubAccountOf<T>,
        amendment: &Amendment,
        kind: &mut AmendKind,
        met: &mut Tally,
    ) -> Result<OrderId, DispatchError> {
        let &Amendment {
            market, order_id, ..
        } = amendment;
        let order = Self::own_order(account, market, order_id)?;
        // Margin holds nothing for one of liquidation that a smaller one could give back.
        ensure!(!order.forced, Error::<T>::NotYourOrder);
        let params = T::Registry::market(market).ok_or(Error::<T>::UnknownMarket)?;
        let grid = Grid::new(&params);
        let lots = grid.lots::<T>(amendment.quantity)?;
        ensure!(lots > 0, Error::<T>::ZeroQuantity);
        let tick = grid.ticks::<T>(amendment.price)?;
        if tick == order.tick && lots <= order.remaining {
            *kind = AmendKind::InPlace;
            ensure!(lots < order.remaining, Error::<T>::NothingToAmend);
            ensure_large_enough::<T>(&params, amendment.quantity, order.reduce_only)?;
            Self::reduce(amendment, &grid, order, lots)?;
            return Ok(order_id);
        }
        let anew = OrderTerms {
            market,
            side: order.side,
            quantity: amendment.quantity,
            price: amendment.price,
            time_in_force: if amendment.post_only {
                TimeInForce::PostOnly
            } else {
                TimeInForce::GoodTillCancelled
            },
            reduce_only: order.reduce_only,
            expires_at: order.expires_at,
            good_till: order.good_till,
            client_id: order.client_id,
            self_trade: SelfTrade::default(),
        };
        *kind = AmendKind::Anew {
            terms: anew.is_indexed(),
        };
        Self::cancel(market, &grid, order_id, &order, CancelReason::Amended)?;
        Self::place(account, anew, met)
    }

    /// A resting order of the account.
    ///
    /// # Errors
    /// `UnknownOrder`, `NotYourOrder`.
    pub(crate) fn own_order(
        account: &SubAccountOf<T>,
        market: MarketId,
        id: OrderId,
    ) -> Result<OrderOf<T>, DispatchError> {
        let order = Orders::<T>::get(market, id).ok_or(Error::<T>::UnknownOrder)?;
        ensure!(order.account == *account, Error::<T>::NotYourOrder);
        Ok(order)
    }

    /// Cancels a resting order of the account.
    ///
    /// # Errors
    /// `UnknownOrder`, `NotYourOrder`.
    pub(crate) fn cancel_own(
        account: &SubAccountOf<T>,
        market: MarketId,
        id: OrderId,
    ) -> DispatchResult {
        let order = Self::own_order(account, market, id)?;
        let grid = Self::grid(market)?;
        Self::cancel(market, &grid, id, &order, CancelReason::Requested)
    }

    /// Leaves `lots` of an order, in its place.
    fn reduce(amendment: &Amendment, grid: &Grid, order: OrderOf<T>, lots: Lots) -> DispatchResult {
        let &Amendment {
            market, order_id, ..
        } = amendment;
        let account = order.account.clone();
        let gone = order
            .remaining
            .checked_sub(lots)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        let part = order.exposure_of::<T>(market, grid, gone)?;
        Self::shrink(market, order_id, order, gone, &part)?;
        T::Margin::close_order(&account, &part);
        Self::deposit_event(Event::OrderReduced {
            market,
            order_id,
            account,
            quantity: amendment.quantity,
        });
        Ok(())
    }
}
