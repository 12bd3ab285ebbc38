//! An order's way in: checks, sweep, and what happens to the rest.

use crate::{
    matching::{Costs, Stop, Sweep, Taker, Tally},
    types::{CancelReason, Grid, Lots, Order, Tick},
    Config, Error, Event, NextOrderId, OrderTerms, Pallet, SubAccountOf, WeightInfo,
};
use bulwark_primitives::{
    FillKind, MarketId, MarketParams, OrderId, Price, Quantity, SelfTrade, Side, TimeInForce,
};
use bulwark_traits::{MarketGuard, MarketRegistry, OrderMargin};
use frame_support::{
    ensure,
    storage::with_storage_layer,
    traits::{Get, Time},
    weights::Weight,
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{DispatchError, DispatchResult};

/// An order's terms in the runtime.
pub(crate) type TermsOf<T> = OrderTerms<BlockNumberFor<T>>;

impl<T: Config> Pallet<T> {
    /// Most that a placement can use, the fee for unfilled orders included.
    pub(crate) fn worst_placement() -> Weight {
        let (fills, removals) = (T::MaxFills::get(), T::MaxRemovals::get());
        T::WeightInfo::place_order_rest()
            .max(T::WeightInfo::place_order_fill(fills, removals))
            .saturating_add(T::WeightInfo::unfilled_fee())
    }

    /// Places an order and returns its id. The resting orders it meets are added to `met`, also when
    /// it fails; what is in there already counts against the limits.
    ///
    /// # Errors
    /// See `place_order`. The caller undoes what was done until then.
    pub(crate) fn place(
        account: &SubAccountOf<T>,
        mut order: TermsOf<T>,
        met: &mut Tally,
    ) -> Result<OrderId, DispatchError> {
        let market = order.market;
        let params = T::Registry::market(market).ok_or(Error::<T>::UnknownMarket)?;
        let grid = Grid::new(&params);
        let status = T::Guard::status(market);
        ensure!(status.allows_orders(), Error::<T>::MarketHalted);
        let band = T::Guard::band(market);
        let tick = Self::check_price(&grid, &order, band)?;
        ensure!(
            order
                .expires_at
                .is_none_or(|at| at > frame_system::Pallet::<T>::block_number())
                && order.good_till.is_none_or(|at| at > T::Clock::now()),
            Error::<T>::Expired
        );
        Self::ensure_unnamed(account, order.client_id)?;
        // Who helps a backlog of liquidations does not take.
        let admits_makers = T::Guard::admits_makers(market);
        let may_open = status.allows_new_risk()
            || (admits_makers && order.time_in_force == TimeInForce::PostOnly);
        order.reduce_only |= !may_open;
        let lots = Self::check_quantity(&grid, &params, account, &order)?;
        order.quantity = grid.quantity::<T>(u128::from(lots))?;

        let id = Self::take_id(market)?;
        Self::deposit_placed(id, account, &order);
        let taker = Taker::<T> {
            account,
            order: Some(id),
            market,
            grid,
            side: order.side,
            limit: tick,
            kind: FillKind::Trade,
            may_fill: status.allows_fills() && order.time_in_force.may_take(),
            makers_reduce: !admits_makers,
            band,
            max_fills: T::MaxFills::get(),
            max_removals: T::MaxRemovals::get(),
            self_trade: order.self_trade,
            costs: Costs::of::<T>(account, params),
        };
        let sweep = Self::sweep(&taker, lots, met)?;
        Self::conclude(&taker, id, &order, &sweep)?;
        Ok(id)
    }

    /// Lets what a sweep has left of an order rest, or says why it does not.
    fn conclude(
        taker: &Taker<T>,
        id: OrderId,
        order: &TermsOf<T>,
        sweep: &Sweep,
    ) -> DispatchResult {
        let out = match (sweep.stop, order.time_in_force) {
            (Stop::Done, _) => Ok(()),
            (Stop::Refused(error), TimeInForce::FillOrKill) => return Err(error),
            (
                Stop::Limit | Stop::Blocked | Stop::OwnOrder | Stop::Uncrossed,
                TimeInForce::FillOrKill,
            ) => {
                return Err(Error::<T>::WouldNotFill.into());
            }
            (Stop::Refused(error), _) => Err(CancelReason::Refused(error)),
            (Stop::Limit, _) => Err(CancelReason::FillLimit),
            (Stop::OwnOrder, _) => Err(CancelReason::SelfTrade),
            // It would cross what is still there.
            (Stop::Blocked, _) => Err(CancelReason::Refused(Error::<T>::NoReducingMaker.into())),
            (Stop::Uncrossed, TimeInForce::ImmediateOrCancel) => {
                Err(CancelReason::ImmediateOrCancel)
            }
            (Stop::Uncrossed, TimeInForce::GoodTillCancelled | TimeInForce::PostOnly) => {
                // Margin and book together or neither.
                with_storage_layer(|| Self::rest(taker, id, order, sweep))
                    .map_err(CancelReason::Refused)
            }
        };
        match out {
            Ok(()) => {}
            // Without a fill there is nothing to keep.
            Err(CancelReason::Refused(error)) if sweep.filled == 0 => return Err(error),
            Err(CancelReason::SelfTrade)
                if sweep.filled == 0 && order.self_trade == SelfTrade::CancelNewest =>
            {
                return Err(Error::<T>::SelfTrade.into());
            }
            Err(reason) => {
                Self::deposit_event(Event::OrderCancelled {
                    market: taker.market,
                    order_id: id,
                    account: taker.account.clone(),
                    quantity: taker.grid.quantity::<T>(u128::from(sweep.left))?,
                    reason,
                });
                if sweep.filled == 0 && reason.is_by_owner() {
                    Self::note_unfilled(taker.account);
                }
            }
        }
        Ok(())
    }

    /// The order's limit in ticks.
    fn check_price(
        grid: &Grid,
        order: &TermsOf<T>,
        band: Option<(Price, Price)>,
    ) -> Result<Tick, DispatchError> {
        let tick = grid.ticks::<T>(order.price)?;
        if let Some((low, high)) = band {
            // Nobody trades there until the band has come to it, except an account that is liquidated: it
            // has no other bids when the price has left the band.
            let waits = order.time_in_force == TimeInForce::PostOnly;
            let within = match order.side {
                Side::Bid => order.price <= high && (waits || order.price >= low),
                Side::Ask => order.price >= low && (waits || order.price <= high),
            };
            ensure!(within, Error::<T>::OutsideBand);
        }
        Ok(tick)
    }

    /// The order's quantity in lots, cut to what it can reduce when it may only do that.
    fn check_quantity(
        grid: &Grid,
        params: &MarketParams,
        account: &SubAccountOf<T>,
        order: &TermsOf<T>,
    ) -> Result<Lots, DispatchError> {
        ensure!(!order.quantity.is_zero(), Error::<T>::ZeroQuantity);
        let lots = grid.lots::<T>(order.quantity)?;
        let large_enough = order.quantity >= params.min_order;
        if !order.reduce_only {
            ensure!(large_enough, Error::<T>::BelowMinimumOrder);
            return Ok(lots);
        }
        let reducible: Quantity = T::Margin::reducible(account, order.market, order.side);
        let most = grid.whole_lots(reducible);
        ensure!(most > 0, Error::<T>::ReduceOnlyWouldIncrease);
        // A position that is smaller than the smallest order can still be closed.
        ensure!(large_enough || lots >= most, Error::<T>::BelowMinimumOrder);
        Ok(lots.min(most))
    }

    /// Uses up the market's next order id.
    fn take_id(market: MarketId) -> Result<OrderId, DispatchError> {
        NextOrderId::<T>::try_mutate(market, |next| {
            let id = *next;
            *next = id.checked_add(1).ok_or(Error::<T>::ArithmeticOverflow)?;
            Ok(id)
        })
    }

    /// Lets what is left of an order rest.
    fn rest(taker: &Taker<T>, id: OrderId, order: &TermsOf<T>, sweep: &Sweep) -> DispatchResult {
        let (account, tick, left) = (taker.account, taker.limit, sweep.left);
        let exposure = taker
            .grid
            .exposure::<T>(order.market, order.side, tick, left)?;
        T::Margin::open_order(account, &exposure)?;
        let resting = Order {
            account: account.clone(),
            side: order.side,
            tick,
            remaining: left,
            exposure: exposure.notional,
            expires_at: order.expires_at,
            good_till: order.good_till,
            client_id: order.client_id,
            reduce_only: order.reduce_only,
            filled: sweep.filled > 0,
            page: 0,
            previous: None,
            next: None,
        };
        Self::insert(order.market, id, resting)?;
        Self::deposit_event(Event::OrderRested {
            market: order.market,
            order_id: id,
            account: account.clone(),
            side: order.side,
            price: order.price,
            quantity: exposure.quantity,
        });
        Ok(())
    }

    fn deposit_placed(id: OrderId, account: &SubAccountOf<T>, order: &TermsOf<T>) {
        Self::deposit_event(Event::OrderPlaced {
            market: order.market,
            order_id: id,
            account: account.clone(),
            side: order.side,
            price: order.price,
            quantity: order.quantity,
            time_in_force: order.time_in_force,
            reduce_only: order.reduce_only,
            expires_at: order.expires_at,
            good_till: order.good_till,
            client_id: order.client_id,
        });
    }
}
