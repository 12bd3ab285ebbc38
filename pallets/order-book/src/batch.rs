//! Many actions in one call.

use crate::{
    amend::{AmendKind, Amendment},
    matching::{MarginCheck, Tally},
    types::CancelReason,
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
    /// Most that a batch can use. The actions share the fills and removals of one order, those of one that
    /// only rests when none may take, and the [`MAX_CANCELS`] of one `cancel_all`.
    pub(crate) fn worst_batch(actions: &[BookActionOf<T>]) -> Weight {
        let one = T::WeightInfo::place_order_rest().max(T::WeightInfo::place_order_fill(0, 0));
        let mut weight = Weight::zero();
        let mut cancels_all = false;
        for action in actions {
            let own = match action {
                BookAction::Place(_) => one,
                BookAction::Amend { .. } => {
                    let anew = T::WeightInfo::cancel_order().saturating_add(one);
                    T::WeightInfo::amend_order().max(anew)
                }
                BookAction::Submit(_) => one.saturating_add(T::WeightInfo::order_terms()),
                BookAction::PlaceStop(_) => T::WeightInfo::place_stop(),
                BookAction::CancelStop { .. } => T::WeightInfo::cancel_stop(),
                BookAction::CancelAllStops { .. } => {
                    T::WeightInfo::cancel_stops(T::MaxStopsPerAccount::get())
                }
                BookAction::Cancel { .. } => T::WeightInfo::cancel_order(),
                BookAction::CancelByClientId { .. } => T::WeightInfo::cancel_by_client_id(),
                BookAction::CancelAll { .. } => {
                    cancels_all = true;
                    T::WeightInfo::cancel_all(0)
                }
            };
            weight = weight.saturating_add(own);
        }
        if actions.iter().any(BookAction::places) {
            let takes = actions.iter().any(BookAction::may_take);
            weight = weight.saturating_add(Self::worst_placement(takes));
        }
        if cancels_all {
            weight = weight.saturating_add(T::WeightInfo::cancel_all(MAX_CANCELS));
        }
        weight = weight.saturating_add(Self::worst_retry(actions));
        let count = u32::try_from(actions.len()).unwrap_or(u32::MAX);
        T::WeightInfo::batch(count).saturating_add(weight)
    }

    /// Most that doing actions a second time can use, see [`Self::run_row`]: what they cost without their
    /// check of margin, and one check for each row of them.
    fn worst_retry(actions: &[BookActionOf<T>]) -> Weight {
        let quiet = || actions.iter().filter(|action| action.is_quiet());
        if !goes_in_rows(actions) || quiet().filter(|action| action.places()).count() < 2 {
            return Weight::zero();
        }
        let bare = T::WeightInfo::place_order_unchecked();
        // Each of the others may end a row.
        let rows = actions.len().saturating_sub(quiet().count());
        let rows = u64::try_from(rows).unwrap_or(u64::MAX).saturating_add(1);
        let weight = T::WeightInfo::check_margin()
            .saturating_mul(rows)
            .saturating_add(Self::worst_placement(false));
        quiet().fold(weight, |sum, action| {
            sum.saturating_add(match action {
                BookAction::Place(_) => bare,
                BookAction::Submit(_) => bare.saturating_add(T::WeightInfo::order_terms()),
                BookAction::Amend { .. } => T::WeightInfo::cancel_order()
                    .saturating_add(bare)
                    .max(T::WeightInfo::amend_order()),
                BookAction::Cancel { .. } => T::WeightInfo::cancel_order(),
                BookAction::CancelByClientId { .. } => T::WeightInfo::cancel_by_client_id(),
                BookAction::PlaceStop(_) => T::WeightInfo::place_stop(),
                BookAction::CancelStop { .. } => T::WeightInfo::cancel_stop(),
                BookAction::CancelAll { .. } | BookAction::CancelAllStops { .. } => Weight::zero(),
            })
        })
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
        *used = T::WeightInfo::batch(count);
        let mut met = Tally::default();
        let mut results = Vec::with_capacity(actions.len());
        let mut rest = actions.as_slice();
        if !goes_in_rows(rest) {
            results = Self::run_each(account, rest, atomic, &mut met, used)?;
            rest = &[];
        }
        while !rest.is_empty() {
            let quiet = rest.iter().take_while(|action| action.is_quiet()).count();
            let (row, later) = rest.split_at_checked(quiet.max(1)).unwrap_or((rest, &[]));
            results.extend(Self::run_row(account, row, atomic, &mut met, used)?);
            rest = later;
        }
        let placed = actions
            .iter()
            .zip(&results)
            .any(|(action, done)| action.places() && done.is_ok());
        Ok((results, placed))
    }

    /// Does actions that fill nothing with one check of margin for all their orders, at the end: what the
    /// account has then is what it has to afford. When it cannot, each is done anew with a check of its own,
    /// so that those it can afford stay. Other actions are done as they are.
    fn run_row(
        account: &SubAccountOf<T>,
        row: &[BookActionOf<T>],
        atomic: bool,
        met: &mut Tally,
        used: &mut Weight,
    ) -> Result<Vec<ActionResult>, DispatchError> {
        let orders = row.iter().filter(|action| action.places()).count();
        if orders < 2 {
            return Self::run_each(account, row, atomic, met, used);
        }
        let before = *met;
        met.margin = MarginCheck::Later { owed: false };
        let mut unaffordable = false;
        let done = with_storage_layer(|| {
            let results = Self::run_each(account, row, atomic, met, used)?;
            if met.margin == (MarginCheck::Later { owed: true }) {
                *used = used.saturating_add(T::WeightInfo::check_margin());
                T::Margin::check_orders(account).inspect_err(|_| unaffordable = true)?;
            }
            Ok::<_, DispatchError>(results)
        });
        met.margin = MarginCheck::AtOnce;
        // The last of the orders would have failed with the others there: for all or nothing that is it.
        if !unaffordable || atomic {
            return done;
        }
        *met = before;
        Self::run_each(account, row, atomic, met, used)
    }

    /// Does actions one after the other.
    fn run_each(
        account: &SubAccountOf<T>,
        actions: &[BookActionOf<T>],
        atomic: bool,
        met: &mut Tally,
        used: &mut Weight,
    ) -> Result<Vec<ActionResult>, DispatchError> {
        let mut results = Vec::with_capacity(actions.len());
        for action in actions {
            let action = action.clone();
            results.push(if atomic {
                Ok(Self::act(account, action, met, used)?)
            } else {
                with_storage_layer(|| Self::act(account, action, met, used))
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
    /// `met` is what the batch has met.
    fn act(
        account: &SubAccountOf<T>,
        action: BookActionOf<T>,
        met: &mut Tally,
        used: &mut Weight,
    ) -> Result<Option<OrderId>, DispatchError> {
        let before = *met;
        let (result, weight) = match action {
            BookAction::Place(order) => {
                let placed = Self::place(account, order.into(), met);
                let weight = Self::placement_weight(account, &met.since(&before));
                (placed.map(Some), weight)
            }
            BookAction::Submit(order) => {
                let placed = Self::place(account, order, met);
                let weight = Self::placement_weight(account, &met.since(&before));
                let weight = weight.saturating_add(T::WeightInfo::order_terms());
                (placed.map(Some), weight)
            }
            BookAction::CancelByClientId { client_id } => (
                Self::cancel_named(account, client_id).map(|()| None),
                T::WeightInfo::cancel_by_client_id(),
            ),
            BookAction::Cancel { market, order_id } => (
                Self::cancel_own(account, market, order_id).map(|()| None),
                T::WeightInfo::cancel_order(),
            ),
            BookAction::CancelAll { market } => {
                let limit = MAX_CANCELS.saturating_sub(met.cancelled);
                let reason = CancelReason::Requested;
                let cancelled = Self::cancel_orders_of(account, market, limit, reason);
                let count = *cancelled.as_ref().unwrap_or(&limit);
                met.cancelled = met.cancelled.saturating_add(count);
                (cancelled.map(|_| None), T::WeightInfo::cancel_all(count))
            }
            BookAction::PlaceStop(stop) => (
                Self::do_place_stop(account, stop).map(Some),
                T::WeightInfo::place_stop(),
            ),
            BookAction::CancelStop { stop_id } => (
                Self::do_cancel_stop(account, stop_id).map(|()| None),
                T::WeightInfo::cancel_stop(),
            ),
            BookAction::CancelAllStops { market } => {
                let cancelled = Self::cancel_stops_of(account, market);
                // What failed was undone, and is weighed as if there had been all there can be.
                let most = T::MaxStopsPerAccount::get();
                let count = *cancelled.as_ref().unwrap_or(&most);
                (cancelled.map(|_| None), T::WeightInfo::cancel_stops(count))
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
                let weight = Self::amendment_weight(account, kind, &met.since(&before));
                (amended.map(Some), weight)
            }
        };
        *used = used.saturating_add(weight);
        result
    }
}

/// Whether actions that fill nothing share a check of margin: not when one of the batch may take. What both
/// reserve together, all fills and a second time for all others, would not fit into a block.
fn goes_in_rows<B>(actions: &[BookAction<B>]) -> bool {
    !actions.iter().any(BookAction::may_take)
}
