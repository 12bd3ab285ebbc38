//! Selling what was taken over, and bringing back what is left.

use crate::{
    types::{Book, Losses},
    AtRisk, Books, Config, Cursor, DayLosses, Event, Held, Pallet, Params, WeightInfo, LOG_TARGET,
};
use alloc::vec::Vec;
use bulwark_primitives::{MarketId, SubAccount, Usd};
use bulwark_risk_math::backstop::{unwinding_price, unwinding_side, unwinding_slice};
use bulwark_traits::{
    BackstopLedger, Execution, LiquidationLedger, LiquidationVenue, MarketGuard, MarketRegistry,
    PriceSource,
};
use frame_support::weights::Weight;
use sp_runtime::traits::{Saturating, UniqueSaturatedInto};

/// Markets that one block looks at; with more positions they take turns.
pub const MAX_STEPS: u32 = 4;
/// Fills of one slice.
pub const MAX_FILLS: u32 = 4;
/// Notional that a slice has at least, so that a position has an end.
pub const LEAST_SLICE: Usd = Usd::dollars(1_000);

impl<T: Config> Pallet<T> {
    /// Each block: a slice in a few markets, in turns.
    pub(crate) fn step() -> Weight {
        let held = Held::<T>::get();
        let mut used = T::WeightInfo::step();
        let Ok(count) = u32::try_from(held.len()) else {
            return used;
        };
        if count == 0 {
            return used;
        }
        let start = Cursor::<T>::get().checked_rem(count).unwrap_or_default();
        let steps = count.min(MAX_STEPS);
        let skipped = usize::try_from(start).unwrap_or_default();
        let many = usize::try_from(steps).unwrap_or_default();
        let turn: Vec<MarketId> = held
            .iter()
            .copied()
            .cycle()
            .skip(skipped)
            .take(many)
            .collect();
        Cursor::<T>::put(start.saturating_add(steps));
        for market in turn {
            used = used.saturating_add(Self::step_market(market));
        }
        used
    }

    fn step_market(market: MarketId) -> Weight {
        let Some(account) = Self::market_account(market) else {
            return Weight::zero();
        };
        let met = if Self::size_of(market).0 == 0 {
            0
        } else {
            let done = Self::unwind(market, &account).unwrap_or_default();
            done.fills.saturating_add(done.removed)
        };
        // What is taken out of the book without a fill costs less than a fill.
        let mut used = T::WeightInfo::unwind(met);
        if Self::size_of(market).0 == 0 {
            Self::settle(market, &account);
            used = used.saturating_add(T::WeightInfo::settle());
        }
        used
    }

    /// Sends one slice to the book; `None` when the market does not trade, its price is not clean, or the
    /// account is being liquidated, which does the same.
    pub(crate) fn unwind(
        market: MarketId,
        account: &SubAccount<T::AccountId>,
    ) -> Option<Execution> {
        if !T::Guard::status(market).allows_fills() {
            return None;
        }
        let params = T::Registry::market(market)?;
        let mark = T::Prices::price(params.index_asset).ok()?;
        if T::Ledger::health(account).ok()?.is_liquidatable() {
            return None;
        }
        let parameters = Params::<T>::get();
        let size = Self::size_of(market);
        let since = Books::<T>::get(market).since;
        let now = frame_system::Pallet::<T>::block_number();
        let age: u32 = now.saturating_sub(since).unique_saturated_into();
        let worst = unwinding_price(
            size,
            mark,
            age,
            &parameters.schedule(),
            params.maintenance_margin,
            params.tick_size,
        );
        let quantity = unwinding_slice(size, mark, parameters.slice, LEAST_SLICE, &params);
        let (worst, quantity) = match (worst, quantity) {
            (Ok(worst), Ok(quantity)) => (worst, quantity),
            (worst, quantity) => {
                log::error!(
                    target: LOG_TARGET,
                    "event=unwinding_failed market={} price={worst:?} quantity={quantity:?}",
                    market.0,
                );
                return None;
            }
        };
        let side = unwinding_side(size);
        let done = T::Venue::close(account, market, side, quantity, worst, MAX_FILLS);
        if !done.quantity.is_zero() {
            Self::deposit_event(Event::Unwound {
                market,
                quantity: done.quantity,
                notional: done.notional,
            });
        }
        Some(done)
    }

    /// Brings back what is left in a market without a position. A debt stays there until the next layers
    /// have paid it: then nothing came back.
    pub(crate) fn settle(market: MarketId, account: &SubAccount<T::AccountId>) {
        let left = T::Ledger::balance(account);
        if left.is_negative() {
            return;
        }
        if left > Usd::ZERO {
            if let Err(error) = T::Ledger::allot(account, &Self::free_account(), left) {
                log::error!(
                    target: LOG_TARGET,
                    "event=settling_failed market={} left={left:?} error={error:?}",
                    market.0,
                );
                return;
            }
        }
        let book = Books::<T>::get(market);
        let allotted = book.allotted;
        let lost = allotted.checked_sub(left).unwrap_or_default();
        let quarter = Self::quarter();
        let book = Book {
            allotted: Usd::ZERO,
            losses: with_loss(book.losses, quarter, lost),
            ..book
        };
        Books::<T>::insert(market, book);
        if lost > Usd::ZERO {
            DayLosses::<T>::mutate(|losses| *losses = with_loss(*losses, quarter, lost));
        }
        AtRisk::<T>::mutate(|sum| *sum = sum.checked_sub(allotted).unwrap_or_default());
        Held::<T>::mutate(|held| held.retain(|other| *other != market));
        Self::deposit_event(Event::MarketSettled {
            market,
            allotted,
            returned: left,
        });
    }
}

/// Losses with one more; a gain is none. They fit, because what was lost was there.
fn with_loss(losses: Losses, quarter: u32, lost: Usd) -> Losses {
    losses.with(quarter, lost.max(Usd::ZERO)).unwrap_or(losses)
}
