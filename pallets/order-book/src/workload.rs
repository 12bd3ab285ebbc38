//! What a batch weighs.
//!
//! A batch reads its account, the prices and its markets once, whatever the number of its actions, so one
//! more action costs less than the call of its name. The benchmarks `batch_*` measure rows of equal actions:
//! what they have in common is the base, what one more adds to it the slope.
//!
//! [`Workload`] counts what is done. Its weight grows with every count, so what a batch uses is at most what
//! it reserves if none of its counts is above that of [`Workload::worst`].

use crate::{
    batch::MAX_CANCELS,
    desk::PAGES,
    matching::{MarginCheck, Tally},
    terms::BookAction,
    Config, Pallet, SubAccountOf, WeightInfo,
};
use alloc::collections::BTreeSet;
use bulwark_primitives::MarketId;
use bulwark_traits::TraderAccount;
use frame_support::{traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;

type BookActionOf<T> = BookAction<BlockNumberFor<T>>;

/// Counts of what a batch does, also of what was undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Workload {
    /// Actions of any kind.
    actions: u32,
    /// Markets that they name.
    markets: u32,
    /// Orders placed, and those that came to nothing.
    placed: u32,
    /// Orders amended; one that becomes smaller in its place costs less than one that moves.
    replaced: u32,
    /// Orders cancelled.
    cancelled: u32,
    /// Sets of terms, expiry and name, that were put where they are looked up, or taken out of there.
    terms: u32,
    /// Actions of rows that were undone: they have written nothing.
    undone: u32,
    /// Orders that filled others.
    takers: u32,
    /// Resting orders that were filled.
    fills: u32,
    /// Resting orders that orders which may take took out, because margin refused them or for less.
    removed: u32,
    /// Resting orders that others cleared out of their way. They are asked nothing.
    cleared: u32,
    /// Valuations of the account: checks of margin, and the look at equity, which is a simpler one.
    valued: Weight,
    /// Actions that weigh what their calls do.
    others: Weight,
}

/// Actions in rows: those that fill nothing and stand together share a check of margin, each other one is
/// alone.
pub(crate) fn rows<B>(actions: &[BookAction<B>]) -> impl Iterator<Item = &[BookAction<B>]> {
    actions.chunk_by(|one, next| one.is_quiet() && next.is_quiet())
}

/// Whether orders of a row share a check of margin; one alone has its own.
pub(crate) fn shares_check<B>(row: &[BookAction<B>]) -> bool {
    placing(row) > 1
}

/// How many actions put an order into the book.
pub(crate) fn placing<B>(actions: &[BookAction<B>]) -> u32 {
    count(actions.iter().filter(|action| action.places()).count())
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// How many markets actions are in. An order that is cancelled by its name may be in one of its own.
fn markets_of<B>(actions: &[BookAction<B>]) -> u32 {
    let mut named = BTreeSet::<MarketId>::new();
    let mut unnamed = 0u32;
    for action in actions {
        match action {
            BookAction::Place(order) => {
                named.insert(order.market);
            }
            BookAction::Submit(order) => {
                named.insert(order.market);
            }
            BookAction::Cancel { market, .. } | BookAction::Amend { market, .. } => {
                named.insert(*market);
            }
            BookAction::CancelByClientId { .. } => unnamed = unnamed.saturating_add(1),
            // These weigh what their calls do.
            BookAction::CancelAll { .. }
            | BookAction::PlaceStop(_)
            | BookAction::CancelStop { .. }
            | BookAction::CancelAllStops { .. } => {}
        }
    }
    count(named.len()).saturating_add(unnamed)
}

/// What one more adds to a benchmark of a row.
fn slope(of: fn(u32) -> Weight) -> Weight {
    of(1).saturating_sub(of(0))
}

// No count comes near its bound: a batch has few actions, and each meets few orders.
impl Workload {
    /// A batch of which nothing is done yet.
    pub fn of<B>(actions: &[BookAction<B>]) -> Self {
        Self {
            actions: count(actions.len()),
            markets: markets_of(actions),
            ..Self::default()
        }
    }

    /// Most that actions can do: each is done, the rows of them that share a check of margin were undone
    /// before, all fills that there may be are made by as many orders as possible.
    pub fn worst<T: Config>(actions: &[BookActionOf<T>]) -> Self {
        let valuation = slope(T::WeightInfo::check_margin);
        let mut work = Self::of(actions);
        let mut cancels_all = false;
        for action in actions {
            work.begin(action);
            if matches!(action, BookAction::Amend { .. }) {
                work.moved_terms();
            }
            cancels_all |= matches!(action, BookAction::CancelAll { .. });
            work.others = work.others.saturating_add(worst_other::<T>(action));
        }
        if cancels_all {
            // The actions share these.
            let most = T::WeightInfo::cancel_all(MAX_CANCELS);
            work.others = work.others.saturating_add(most);
        }
        let orders = placing(actions);
        if orders > 0 {
            let takers = count(actions.iter().filter(|action| action.may_take()).count());
            let takes = takers > 0;
            work.fills = if takes { T::MaxFills::get() } else { 0 };
            work.takers = takers.min(work.fills);
            work.removed = if takes { T::MaxRemovals::get() } else { 0 };
            work.cleared = Pallet::<T>::removals(false);
            // A check for each, and one look at equity.
            let times = u64::from(orders).saturating_add(1);
            work.valued = valuation.saturating_mul(times);
        }
        for row in rows(actions).filter(|row| shares_check(row)) {
            work.undone = work.undone.saturating_add(count(row.len()));
            work.cleared = work.cleared.saturating_add(Pallet::<T>::removals(false));
            work.valued = work.valued.saturating_add(valuation);
            for action in row {
                work.others = work.others.saturating_add(worst_other::<T>(action));
            }
        }
        work
    }

    /// Counts an action in that begins, by what is known of it then.
    pub fn begin<B>(&mut self, action: &BookAction<B>) {
        let (kind, terms) = match action {
            BookAction::Place(order) => (&mut self.placed, order.expires_at.is_some()),
            BookAction::Submit(order) => (&mut self.placed, order.is_indexed()),
            BookAction::Amend { .. } => (&mut self.replaced, false),
            BookAction::Cancel { .. } | BookAction::CancelByClientId { .. } => {
                (&mut self.cancelled, false)
            }
            BookAction::CancelAll { .. }
            | BookAction::PlaceStop(_)
            | BookAction::CancelStop { .. }
            | BookAction::CancelAllStops { .. } => return,
        };
        *kind = kind.saturating_add(1);
        self.terms = self.terms.saturating_add(u32::from(terms));
    }

    /// Counts the terms of an order in that was placed anew.
    pub fn moved_terms(&mut self) {
        self.terms = self.terms.saturating_add(2);
    }

    /// Counts in what a placement has met, and its check of margin. `takes`: whether it may.
    pub fn met<T: Config>(&mut self, account: &SubAccountOf<T>, takes: bool, met: &Tally) {
        self.fills = self.fills.saturating_add(met.fills);
        self.takers = self.takers.saturating_add(u32::from(met.fills > 0));
        let out = if takes {
            &mut self.removed
        } else {
            &mut self.cleared
        };
        *out = out.saturating_add(met.removed);
        if met.margin == MarginCheck::AtOnce {
            self.value::<T>(account);
        }
    }

    /// Counts a valuation of the account in: dear by what the account holds. The measured ends of that
    /// are joined by a line, above any cost that grows faster the more there is.
    pub fn value<T: Config>(&mut self, account: &SubAccountOf<T>) {
        let full = slope(T::WeightInfo::check_margin);
        let light = slope(T::WeightInfo::check_margin_light).min(full);
        let (held, most) = T::Trader::holdings(account);
        // With the position that an order may have added, which a failure took away again.
        let held = held.saturating_add(1).min(most);
        let more = full.saturating_sub(light).saturating_mul(held.into());
        self.valued = self
            .valued
            .saturating_add(light)
            .saturating_add(more.saturating_div(most.max(1).into()));
    }

    /// Counts an action in that weighs what its call does.
    pub fn other(&mut self, weight: Weight) {
        self.others = self.others.saturating_add(weight);
    }

    /// A row is undone of which nothing was done in `before`. It has read and computed; nothing it would
    /// have written reaches the database.
    pub fn undo(&mut self, before: &Self) {
        let orders = |work: &Self| {
            work.placed
                .saturating_add(work.replaced)
                .saturating_add(work.cancelled)
        };
        let row = orders(self).saturating_sub(orders(before));
        self.undone = self.undone.saturating_add(row);
        (self.placed, self.replaced, self.cancelled, self.terms) = (
            before.placed,
            before.replaced,
            before.cancelled,
            before.terms,
        );
    }

    /// What all of it weighs.
    pub fn weight<T: Config>(&self) -> Weight {
        let row = |of: fn(u32) -> Weight, n: u32| match n {
            0 => Weight::zero(),
            n => of(n),
        };
        let times = |weight: Weight, n: u32| weight.saturating_mul(n.into());
        let met = T::WeightInfo::place_order_fill;
        let fill = met(2, 0).saturating_sub(met(1, 0));
        let removal = met(1, 1).saturating_sub(met(1, 0));
        // With its first fill; so no other split of the fills costs more than one with more takers.
        let taker = slope(T::WeightInfo::batch_take).max(fill);
        let (sweeps, value) = (
            self.fills.saturating_add(self.removed) > 0,
            self.valued != Weight::zero(),
        );
        // The benchmarks have their orders on one page of the account's list.
        let orders = self
            .placed
            .saturating_add(self.replaced)
            .saturating_add(self.cancelled)
            .saturating_add(self.undone);
        let pages = u64::from(orders.min(PAGES.into()).saturating_sub(1));
        [
            T::WeightInfo::batch(self.actions),
            T::DbWeight::get().reads_writes(pages, pages),
            times(slope(T::WeightInfo::batch_markets), self.markets),
            row(T::WeightInfo::batch_place, self.placed),
            row(T::WeightInfo::batch_replace, self.replaced),
            row(T::WeightInfo::batch_cancel, self.cancelled),
            row(T::WeightInfo::batch_undone, self.undone),
            times(T::WeightInfo::order_terms(), self.terms),
            if sweeps { met(0, 0) } else { Weight::zero() },
            times(taker, self.takers),
            times(fill, self.fills.saturating_sub(self.takers)),
            times(removal, self.removed),
            times(T::WeightInfo::cancel_order(), self.cleared),
            if value {
                T::WeightInfo::check_margin(0)
            } else {
                Weight::zero()
            },
            self.valued,
            self.others,
        ]
        .into_iter()
        .fold(Weight::zero(), Weight::saturating_add)
    }
}

/// Most that an action uses that weighs what its call does; nothing for the others. What `cancel_all`
/// cancels comes on top, once for all.
fn worst_other<T: Config>(action: &BookActionOf<T>) -> Weight {
    match action {
        BookAction::CancelAll { .. } => T::WeightInfo::cancel_all(0),
        BookAction::PlaceStop(_) => T::WeightInfo::place_stop(),
        BookAction::CancelStop { .. } => T::WeightInfo::cancel_stop(),
        BookAction::CancelAllStops { .. } => {
            T::WeightInfo::cancel_stops(T::MaxStopsPerAccount::get())
        }
        BookAction::Place(_)
        | BookAction::Submit(_)
        | BookAction::Amend { .. }
        | BookAction::Cancel { .. }
        | BookAction::CancelByClientId { .. } => Weight::zero(),
    }
}
