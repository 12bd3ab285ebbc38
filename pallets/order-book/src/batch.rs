//! Many actions in one call.

use crate::{
    amend::{AmendKind, Amendment},
    matching::{MarginCheck, Tally},
    types::CancelReason,
    workload::{placing, rows, shares_check, Workload},
    ActionResult, BookAction, Config, Error, Event, Pallet, SubAccountOf, WeightInfo,
};
use alloc::vec::Vec;
use bulwark_primitives::OrderId;
use bulwark_traits::OrderMargin;
use frame_support::{ensure, storage::with_storage_layer, traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::DispatchError;

/// Most actions of one batch.
pub const MAX_BATCH: u32 = 64;
/// Most orders that one `cancel_all`, or those of one batch together, cancel.
pub const MAX_CANCELS: u32 = 256;

type BookActionOf<T> = BookAction<BlockNumberFor<T>>;

impl<T: Config> Pallet<T> {
    /// Most that a batch can use, the fee for unfilled orders included.
    pub(crate) fn worst_batch(actions: &[BookActionOf<T>]) -> Weight {
        let fee = if placing(actions) > 0 {
            T::WeightInfo::unfilled_fee()
        } else {
            Weight::zero()
        };
        Workload::worst::<T>(actions)
            .weight::<T>()
            .saturating_add(fee)
    }

    /// Does the actions one after the other. Each that fails is undone and its error is its result; with
    /// `atomic` the first error is that of all. Returns the results, and whether any order was placed.
    /// `used` is the weight of what was done, also when it was undone.
    ///
    /// # Errors
    /// `BatchTooLarge`; with `atomic` that of an action, and the caller undoes what was done.
    pub(crate) fn run_batch(
        account: &SubAccountOf<T>,
        actions: Vec<BookActionOf<T>>,
        atomic: bool,
        used: &mut Weight,
    ) -> Result<(Vec<ActionResult>, bool), DispatchError> {
        let count = u32::try_from(actions.len()).unwrap_or(u32::MAX);
        ensure!(count <= MAX_BATCH, Error::<T>::BatchTooLarge);
        let mut work = Workload::of(&actions);
        let done = Self::run_rows(account, &actions, atomic, &mut work);
        *used = work.weight::<T>();
        let results = done?;
        let placed = actions
            .iter()
            .zip(&results)
            .any(|(action, done)| action.places() && done.is_ok());
        Ok((results, placed))
    }

    /// Does the rows of a batch.
    fn run_rows(
        account: &SubAccountOf<T>,
        actions: &[BookActionOf<T>],
        atomic: bool,
        work: &mut Workload,
    ) -> Result<Vec<ActionResult>, DispatchError> {
        let mut met = Tally::default();
        let orders = placing(actions);
        if orders > 0 {
            work.value::<T>(account);
        }
        if orders > 1 {
            met.places = Some(Self::places_for(account, orders));
        }
        let mut results = Vec::with_capacity(actions.len());
        for row in rows(actions) {
            results.extend(Self::run_row(account, row, atomic, &mut met, work)?);
        }
        Ok(results)
    }

    /// Does actions that fill nothing with one check of margin for all their orders, at the end: what the
    /// account has then is what it has to afford. When it cannot, each is done anew with a check of its own,
    /// so that those it can afford stay. Other actions are done as they are.
    fn run_row(
        account: &SubAccountOf<T>,
        row: &[BookActionOf<T>],
        atomic: bool,
        met: &mut Tally,
        work: &mut Workload,
    ) -> Result<Vec<ActionResult>, DispatchError> {
        if !shares_check(row) {
            return Self::run_each(account, row, atomic, met, work);
        }
        let (before, undone) = (*met, work.clone());
        met.margin = MarginCheck::Later { owed: false };
        let mut unaffordable = false;
        let done = with_storage_layer(|| {
            let results = Self::run_each(account, row, atomic, met, work)?;
            if met.margin == (MarginCheck::Later { owed: true }) {
                work.value::<T>(account);
                T::Margin::check_orders(account).inspect_err(|_| unaffordable = true)?;
            }
            Ok::<_, DispatchError>(results)
        });
        met.margin = MarginCheck::AtOnce;
        // The last of the orders would have failed with the others there: for all or nothing that is it.
        if !unaffordable || atomic {
            return done;
        }
        work.undo(&undone);
        *met = before;
        Self::run_each(account, row, atomic, met, work)
    }

    /// Does actions one after the other.
    pub(crate) fn run_each(
        account: &SubAccountOf<T>,
        actions: &[BookActionOf<T>],
        atomic: bool,
        met: &mut Tally,
        work: &mut Workload,
    ) -> Result<Vec<ActionResult>, DispatchError> {
        let mut results = Vec::with_capacity(actions.len());
        for action in actions {
            let action = action.clone();
            results.push(if atomic {
                Ok(Self::act(account, action, met, work)?)
            } else {
                with_storage_layer(|| Self::act(account, action, met, work))
            });
        }
        Ok(results)
    }

    /// Ends a batch that succeeded: one fee for all unfilled orders, and the results.
    pub(crate) fn deposit_done(
        account: &SubAccountOf<T>,
        (results, placed): (Vec<ActionResult>, bool),
        used: &mut Weight,
    ) {
        // Whoever only cancels pays nothing.
        if placed && Self::collect_unfilled(account) {
            *used = used.saturating_add(T::WeightInfo::unfilled_fee());
        }
        Self::deposit_event(Event::BatchDone {
            account: account.clone(),
            results,
        });
    }

    /// Does one action; returns the id of the order that it placed or amended or of the stop that it placed.
    /// `met` is what the batch has met, `work` what it has done.
    fn act(
        account: &SubAccountOf<T>,
        action: BookActionOf<T>,
        met: &mut Tally,
        work: &mut Workload,
    ) -> Result<Option<OrderId>, DispatchError> {
        let (before, takes) = (*met, action.may_take());
        work.begin(&action);
        match action {
            BookAction::Place(order) => {
                let placed = Self::place(account, order.into(), met);
                work.met::<T>(account, takes, &met.since(&before));
                placed.map(Some)
            }
            BookAction::Submit(order) => {
                let placed = Self::place(account, order, met);
                work.met::<T>(account, takes, &met.since(&before));
                placed.map(Some)
            }
            BookAction::CancelByClientId { client_id } => {
                Self::cancel_named(account, client_id).map(|()| None)
            }
            BookAction::Cancel { market, order_id } => {
                Self::cancel_own(account, market, order_id).map(|()| None)
            }
            BookAction::CancelAll { market } => {
                let limit = MAX_CANCELS.saturating_sub(met.cancelled);
                let reason = CancelReason::Requested;
                let cancelled = Self::cancel_orders_of(account, market, limit, reason);
                let count = *cancelled.as_ref().unwrap_or(&limit);
                met.cancelled = met.cancelled.saturating_add(count);
                work.other(T::WeightInfo::cancel_all(count));
                cancelled.map(|_| None)
            }
            BookAction::PlaceStop(stop) => {
                work.other(T::WeightInfo::place_stop());
                Self::do_place_stop(account, stop).map(Some)
            }
            BookAction::CancelStop { stop_id } => {
                work.other(T::WeightInfo::cancel_stop());
                Self::do_cancel_stop(account, stop_id).map(|()| None)
            }
            BookAction::CancelAllStops { market } => {
                let cancelled = Self::cancel_stops_of(account, market);
                // What failed was undone, and is weighed as if there had been all there can be.
                let most = T::MaxStopsPerAccount::get();
                let count = *cancelled.as_ref().unwrap_or(&most);
                work.other(T::WeightInfo::cancel_stops(count));
                cancelled.map(|_| None)
            }
            BookAction::Amend {
                market,
                order_id,
                quantity,
                price,
                post_only,
            } => {
                let amendment = Amendment {
                    market,
                    order_id,
                    quantity,
                    price,
                    post_only,
                };
                let mut kind = AmendKind::InPlace;
                let amended = Self::amend(account, &amendment, &mut kind, met);
                if let AmendKind::Anew { terms } = kind {
                    if terms {
                        work.moved_terms();
                    }
                    work.met::<T>(account, takes, &met.since(&before));
                }
                amended.map(Some)
            }
        }
    }
}
