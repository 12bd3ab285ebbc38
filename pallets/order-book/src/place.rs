//! An order's way in: checks, sweep, and what happens to the rest.

use crate::{
    matching::{MarginCheck, Stop, Sweep, Taker, Tally},
    types::{CancelReason, Grid, Lots, Order, Tick},
    Config, Error, Event, NextOrderId, OrderTerms, Pallet, SubAccountOf, WeightInfo,
};
use bulwark_primitives::{
    FillKind, MarketId, MarketParams, MarketStatus, OrderId, Price, Quantity, SelfTrade, Side,
    TimeInForce,
};
use bulwark_traits::{
    AuctionGuard, MarketGuard, MarketRegistry, OrderMargin, Reopening, TraderAccount,
};
use core::cell::OnceCell;
use frame_support::{
    ensure,
    storage::with_storage_layer,
    traits::{Get, Time},
    weights::Weight,
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{DispatchError, DispatchResult};

/// Most dead orders that one that may not take clears out of its way, or a batch of such.
pub const POST_REMOVALS: u32 = 4;

/// An order's terms in the runtime.
pub(crate) type TermsOf<T> = OrderTerms<BlockNumberFor<T>>;

impl<T: Config> Pallet<T> {
    /// How many resting orders that cannot fill a placement may take out. One that only rests needs to
    /// see that nothing alive is in its way, and reserves little.
    pub(crate) fn removals(takes: bool) -> u32 {
        let most = T::MaxRemovals::get();
        if takes {
            most
        } else {
            most.min(POST_REMOVALS)
        }
    }

    /// Most that a placement can use, the fee for unfilled orders included; `takes`: whether it may fill at
    /// once.
    pub(crate) fn worst_placement(takes: bool) -> Weight {
        let fills = if takes { T::MaxFills::get() } else { 0 };
        T::WeightInfo::place_order_rest()
            .max(T::WeightInfo::place_order_fill(
                fills,
                Self::removals(takes),
            ))
            .saturating_add(T::WeightInfo::unfilled_fee())
    }

    /// What a placement that met `met` has used. One that met nobody is dear by what its account holds: the
    /// measured ends of that are joined by a line, above any cost that grows faster the more there is.
    pub(crate) fn placement_weight(account: &SubAccountOf<T>, met: &Tally) -> Weight {
        if (met.fills, met.removed) != (0, 0) {
            return met.weight::<T>();
        }
        let (light, full) = (
            T::WeightInfo::place_order_light(),
            T::WeightInfo::place_order_rest(),
        );
        let (held, most) = T::Trader::holdings(account);
        // With the position that the order may have added, which a failure took away again.
        let held = held.saturating_add(1).min(most);
        let more = full.saturating_sub(light).saturating_mul(held.into());
        more.saturating_div(most.max(1).into())
            .saturating_add(light)
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
        let (status, collects) = Self::status_for_orders(market);
        ensure!(status.allows_orders(), Error::<T>::MarketHalted);
        ensure!(
            !collects || order.time_in_force.may_rest(),
            Error::<T>::CannotRest
        );
        let band = T::Guard::band_of(market, &params);
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
        let admits_makers = status.allows_new_risk() || T::Guard::admits_makers(market);
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
            max_removals: Self::removals(order.time_in_force.may_take()),
            self_trade: order.self_trade,
            params,
            costs: OnceCell::new(),
        };
        let sweep = if collects {
            Sweep::nothing(lots)
        } else {
            Self::sweep(&taker, lots, met)?
        };
        Self::conclude(&taker, id, &order, &sweep, met)?;
        Ok(id)
    }

    /// The status by which a market takes orders, and whether it only collects them for an auction.
    fn status_for_orders(market: MarketId) -> (MarketStatus, bool) {
        let status = T::Guard::status(market);
        if status == MarketStatus::Paused
            && T::Auctions::reopening(market) == Some(Reopening::Collecting)
        {
            return (T::Guard::order_status(market), true);
        }
        (status, false)
    }

    /// Lets what a sweep has left of an order rest, or says why it does not.
    fn conclude(
        taker: &Taker<T>,
        id: OrderId,
        order: &TermsOf<T>,
        sweep: &Sweep,
        met: &mut Tally,
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
                if sweep.filled == 0 {
                    // What fails is undone with the placement.
                    return Self::rest(taker, id, order, sweep, met);
                }
                // Margin and book together or neither.
                with_storage_layer(|| Self::rest(taker, id, order, sweep, met))
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
    pub(crate) fn take_id(market: MarketId) -> Result<OrderId, DispatchError> {
        NextOrderId::<T>::try_mutate(market, |next| {
            let id = *next;
            *next = id.checked_add(1).ok_or(Error::<T>::ArithmeticOverflow)?;
            Ok(id)
        })
    }

    /// Lets what is left of an order rest.
    fn rest(
        taker: &Taker<T>,
        id: OrderId,
        order: &TermsOf<T>,
        sweep: &Sweep,
        met: &mut Tally,
    ) -> DispatchResult {
        let (account, tick, left) = (taker.account, taker.limit, sweep.left);
        let exposure = taker
            .grid
            .exposure::<T>(order.market, order.side, tick, left)?;
        match &mut met.margin {
            MarginCheck::AtOnce => T::Margin::open_order(account, &exposure)?,
            MarginCheck::Later { owed } => *owed |= T::Margin::record_order(account, &exposure)?,
        }
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
            forced: false,
            page: 0,
            previous: None,
            next: None,
        };
        Self::insert(order.market, id, resting, met.places)?;
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
