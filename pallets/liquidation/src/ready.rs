//! The second part of step 3: closing known accounts, worst class first, and parked ones in turn.

use crate::{
    queue::{cells, known, EffectivePrices},
    sweep::{share, StepReport},
    types::{CellId, Outcome, HEALTH_CLASSES, PARKED},
    Cells, Config, KnownBits, Pallet, ParkedCursor, WeightInfo,
};
use alloc::collections::BTreeSet;
use bulwark_primitives::SubAccount;
use core::ops::Range;
use frame_support::{
    traits::Get,
    weights::{Weight, WeightMeter},
};
use sp_runtime::{Perbill, SaturatedConversion};

/// Share of what closing has that is kept for parked accounts, when there are any.
const PARKED_SHARE: Perbill = Perbill::from_percent(25);
/// Classes that go before parked accounts: those under two thirds of maintenance margin, where the vault
/// comes in.
const URGENT_CLASSES: u8 = 43;
/// In one of so many blocks there is room for a parked account of any size, whatever the share is.
const PARKED_TURN: u64 = 4;

/// Whether positions of others may have to pay in an attempt. Room for it is several times that of a
/// closing, so it is not asked of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Others {
    /// The account was found bankrupt: it is not tried without the room.
    Needed,
    /// It could not be closed before: it is tried without, and waits if it turns out that they have to.
    IfRoom,
    /// It was found solvent: it is parked if it turns out that they have to.
    No,
}

impl<T: Config> Pallet<T> {
    /// Closes known accounts: worst class first those under two thirds of maintenance, then parked ones
    /// from a share of their own, then the rest worst class first, and parked ones again with what is left.
    ///
    /// What the market takes in a block is often less than what is due in it. An account that gets a part
    /// stays in its class, so if parked ones came last, one that is large would take all there is in each
    /// block until it is restored, and they would get nothing for as long.
    pub(crate) fn close_known(
        meter: &mut WeightMeter,
        prices: &mut EffectivePrices,
        report: &mut StepReport,
    ) {
        let mut tried = BTreeSet::new();
        let bits = KnownBits::<T>::get();
        let kept = if bits & known::mask(PARKED) == 0 {
            Weight::zero()
        } else if Self::is_turn_of_parked() {
            // Room for the largest of them, or it would starve in a small budget.
            share(PARKED_SHARE, meter.remaining()).max(Self::room_for_one())
        } else {
            share(PARKED_SHARE, meter.remaining())
        };
        let of = |classes: Range<u8>| classes.filter(move |class| bits & known::mask(*class) != 0);
        let mut ready = WeightMeter::with_limit(meter.remaining().saturating_sub(kept));
        let urgent = of(0..URGENT_CLASSES);
        let go_on = Self::close_classes(urgent, &mut ready, prices, &mut tried, report);
        meter.consume(ready.consumed());
        let mut parked = WeightMeter::with_limit(kept.min(meter.remaining()));
        let all_parked = Self::close_parked(&mut parked, prices, &mut tried, report);
        meter.consume(parked.consumed());
        if go_on {
            let others = of(URGENT_CLASSES..HEALTH_CLASSES);
            Self::close_classes(others, meter, prices, &mut tried, report);
        }
        if !all_parked {
            Self::close_parked(meter, prices, &mut tried, report);
        }
    }

    /// Closes the accounts of classes; `false` when the budget has ended.
    fn close_classes(
        mut classes: impl Iterator<Item = u8>,
        meter: &mut WeightMeter,
        prices: &mut EffectivePrices,
        tried: &mut BTreeSet<SubAccount<T::AccountId>>,
        report: &mut StepReport,
    ) -> bool {
        let all = classes.all(|class| Self::close_class(class, meter, prices, tried, report));
        report.saturated |= !all;
        all
    }

    /// Whether this is one of the blocks in which parked accounts have room for any of them before others
    /// have theirs.
    fn is_turn_of_parked() -> bool {
        let now: u64 = frame_system::Pallet::<T>::block_number().saturated_into();
        now.checked_rem(PARKED_TURN) == Some(0)
    }

    /// What a closing needs at most, whatever the account, with all that others may have to pay.
    pub(crate) fn room_for_one() -> Weight {
        T::WeightInfo::read_page()
            .saturating_add(T::WeightInfo::value_account(T::MaxLegs::get()))
            .saturating_add(Self::worst_closing(1))
            .saturating_add(Self::worst_others())
    }

    /// Closes the accounts of one class; `false` when the budget has ended.
    fn close_class(
        class: u8,
        meter: &mut WeightMeter,
        prices: &mut EffectivePrices,
        tried: &mut BTreeSet<SubAccount<T::AccountId>>,
        report: &mut StepReport,
    ) -> bool {
        let cell = CellId::Known(class);
        let mut at = cells::first::<T>(cell);
        while let Some(id) = at {
            if meter.try_consume(T::WeightInfo::read_page()).is_err() {
                return false;
            }
            // A page can vanish when a closing heals a maker who is on it; the accounts behind it
            // are closed in the next block then.
            let Some(page) = Cells::<T>::get(cell, id) else {
                return true;
            };
            for entry in page.entries {
                if tried.contains(&entry.account) {
                    continue;
                }
                let others = if class == 0 {
                    Others::Needed
                } else {
                    Others::No
                };
                if !Self::attempt(&entry.account, others, meter, prices, report) {
                    return false;
                }
                tried.insert(entry.account);
            }
            at = page.next;
        }
        true
    }

    /// Tries parked accounts again, in turn over the blocks; whether all were. A budget that ends here is
    /// no backlog: what is parked waits for a market, not for the chain.
    fn close_parked(
        meter: &mut WeightMeter,
        prices: &mut EffectivePrices,
        tried: &mut BTreeSet<SubAccount<T::AccountId>>,
        report: &mut StepReport,
    ) -> bool {
        if KnownBits::<T>::get() & known::mask(PARKED) == 0 {
            return true;
        }
        let cell = CellId::Known(PARKED);
        let (mut at, mut skip) = match ParkedCursor::<T>::take() {
            Some((page, skip)) if Cells::<T>::contains_key(cell, page) => (Some(page), skip),
            // The oldest first: who has waited longest for a bid gets the next one.
            _ => (cells::last::<T>(cell), 0),
        };
        while let Some(id) = at {
            let page = Cells::<T>::get(cell, id)
                .filter(|_| meter.try_consume(T::WeightInfo::read_page()).is_ok());
            let Some(page) = page else {
                ParkedCursor::<T>::put((id, skip));
                return false;
            };
            let done = usize::try_from(skip).unwrap_or(usize::MAX);
            for entry in page.entries.into_iter().skip(done) {
                if !tried.contains(&entry.account) {
                    if !Self::attempt(&entry.account, Others::IfRoom, meter, prices, report) {
                        ParkedCursor::<T>::put((id, skip));
                        return false;
                    }
                    tried.insert(entry.account);
                }
                skip = skip.saturating_add(1);
            }
            at = page.previous;
            skip = 0;
        }
        true
    }

    /// One closing, with as many fills as the budget has room for; `false` when it has none, or not
    /// enough for what the account turns out to need.
    ///
    /// The room is for the worst that can come of an account with as many legs as this one, so that small
    /// accounts fill a budget to its end; counting them is weighed as a valuation.
    fn attempt(
        account: &SubAccount<T::AccountId>,
        others: Others,
        meter: &mut WeightMeter,
        prices: &mut EffectivePrices,
        report: &mut StepReport,
    ) -> bool {
        let look = T::WeightInfo::value_account(T::MaxLegs::get());
        let Some(room) = meter.remaining().checked_sub(&look) else {
            return false;
        };
        let legs = u32::try_from(Self::legs_of(account).len()).unwrap_or(u32::MAX);
        let with_others = room
            .checked_sub(&Self::worst_others())
            .and_then(|room| Self::affordable_fills(legs, room));
        let (fills, has_room) = match (others, with_others) {
            (Others::Needed | Others::IfRoom, Some(fills)) => (Some(fills), true),
            (Others::Needed, None) => (None, false),
            (Others::IfRoom, None) | (Others::No, _) => (Self::affordable_fills(legs, room), false),
        };
        let Some(max_fills) = fills else {
            meter.consume(T::WeightInfo::value_account(legs));
            return false;
        };
        let mut attempt =
            Self::close_account(account, T::Author::get(), max_fills, has_room, prices);
        attempt.joined = Self::join_auction(account, attempt.outcome);
        meter.consume(Self::weight_of(&attempt));
        report.attempts = report.attempts.saturating_add(1);
        if attempt.outcome == Outcome::Progress {
            report.closed = report.closed.saturating_add(1);
        }
        // One that was parked already is the first of the next block then, which has room.
        !(others == Others::IfRoom && attempt.outcome == Outcome::NoRoom)
    }

    /// How many fills a closing of an account with `legs` legs may have: all of them, or a half, a
    /// quarter... of what fits.
    fn affordable_fills(legs: u32, room: Weight) -> Option<u32> {
        let mut fills = T::MaxFillsPerClosing::get().max(1);
        while !Self::worst_closing_of(legs, fills).all_lte(room) {
            if fills == 1 {
                return None;
            }
            fills = fills.checked_div(2)?;
        }
        Some(fills)
    }
}
