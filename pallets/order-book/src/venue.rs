//! The book as liquidation sees it.

use crate::{
    matching::{Sweep, Taker, Tally},
    types::{CancelReason, Grid},
    Config, Error, Pallet, SubAccountOf,
};
use bulwark_primitives::{FillKind, MarketId, Price, Quantity, SelfTrade, Side};
use bulwark_traits::{
    AuctionGuard, Execution, LiquidationVenue, MarketGuard, MarketRegistry, OrderMargin, Reopening,
};
use core::cell::OnceCell;
use frame_support::{storage::with_storage_layer, traits::Get};
use sp_runtime::DispatchError;

/// What a caller that cannot fail gets. An error here is a contradiction inside the book: all of
/// the attempt is undone, the log has it, and the account stays due.
fn or_nothing<R: Default>(result: Result<R, DispatchError>) -> R {
    result.unwrap_or_else(|error| {
        log::error!(target: "runtime::order-book", "liquidation undone: {error:?}");
        R::default()
    })
}

impl<T: Config> Pallet<T> {
    /// How many dead makers a liquidation with so many fills may take out: the share of `MaxRemovals`
    /// that its fills are of `MaxFills`, rounded up. So a caller whose budget is small bounds both
    /// with one number.
    fn removals_for(max_fills: u32) -> u32 {
        let most = T::MaxRemovals::get();
        let share = u64::from(max_fills)
            .saturating_mul(u64::from(most))
            .div_ceil(u64::from(T::MaxFills::get().max(1)));
        u32::try_from(share).unwrap_or(most).min(most)
    }

    /// Sweeps for a liquidation. The taker is cut to what makes its position smaller.
    fn close_swept(
        account: &SubAccountOf<T>,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        worst: Price,
        max_fills: u32,
    ) -> Result<Execution, DispatchError> {
        let params = T::Registry::market(market).ok_or(Error::<T>::UnknownMarket)?;
        let grid = Grid::new(&params);
        let Some(limit) = grid.bound(side, worst) else {
            return Ok(Execution::default());
        };
        let taker = Taker::<T> {
            account,
            order: None,
            market,
            grid,
            side,
            limit,
            kind: FillKind::Liquidation,
            may_fill: true,
            makers_reduce: false,
            band: None,
            max_fills,
            max_removals: Self::removals_for(max_fills),
            self_trade: SelfTrade::CancelOldest,
            params,
            costs: OnceCell::new(),
        };
        let reducible = T::Margin::reducible(account, market, side);
        let lots = grid.whole_lots(quantity.min(reducible));
        let mut met = Tally::default();
        let Sweep {
            filled, notional, ..
        } = Self::sweep(&taker, lots, &mut met)?;
        let quantity = grid.quantity::<T>(u128::from(filled))?;
        Ok(Execution {
            quantity,
            notional,
            fills: met.fills,
            removed: met.removed,
        })
    }
}

impl<T: Config> LiquidationVenue<T::AccountId> for Pallet<T> {
    fn cancel_orders(account: &SubAccountOf<T>, limit: u32) -> u32 {
        let reason = CancelReason::Liquidation;
        or_nothing(with_storage_layer(|| {
            Self::cancel_orders_of(account, None, limit, reason)
        }))
    }

    fn close(
        account: &SubAccountOf<T>,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        worst: Price,
        max_fills: u32,
    ) -> Execution {
        if !T::Guard::status(market).allows_liquidation() {
            return Execution::default();
        }
        or_nothing(with_storage_layer(|| {
            Self::close_swept(account, market, side, quantity, worst, max_fills)
        }))
    }

    fn max_removals(max_fills: u32) -> u32 {
        Self::removals_for(max_fills)
    }

    fn join_auction(
        account: &SubAccountOf<T>,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        worst: Price,
    ) -> Quantity {
        // Not while orders are collected: who is due then may not be any more when the auction comes.
        if T::Auctions::reopening(market) != Some(Reopening::Uncrossing) {
            return Quantity::ZERO;
        }
        or_nothing(with_storage_layer(|| {
            Self::rest_forced(account, market, side, quantity, worst)
        }))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn rest(
        account: &SubAccountOf<T>,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        price: Price,
    ) {
        crate::benchmarking::rest::<T>(account, market, side, quantity, price);
    }
}
