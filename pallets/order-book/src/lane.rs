//! The lane in which orders need no native token.
//!
//! Whoever has the equity for open orders may place and cancel so many a block without a fee, as long as
//! few of his orders die unfilled; an account without collateral has no part in it. What the lane lets into
//! one block is bounded as well, so that many small accounts cannot fill it for nothing. Beyond either
//! bound a call pays like any other: it is never refused here.
//!
//! What was used is noted by the transaction extension and not by the calls, whose changes are undone when
//! they fail: failing costs as much of the quota as succeeding.

use crate::{
    desk::{places, PLACES_BLOCKS},
    BookAction, Call, Config, Desks, FeeSchedule, FreeActions, FreeUses, Pallet, SubAccountOf,
};
use bulwark_primitives::{SubAccount, SubAccountIndex};
use bulwark_traits::TraderAccount;
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::traits::Get;
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use scale_info::TypeInfo;

/// What `cancel_all` counts as.
pub const CANCEL_ALL_ACTIONS: u32 = 8;

/// How many actions a batch counts as.
pub fn actions_of<BlockNumber>(actions: &[BookAction<BlockNumber>]) -> u32 {
    actions.iter().fold(1u32, |sum, action| {
        sum.saturating_add(match action {
            BookAction::CancelAll { .. } | BookAction::CancelAllStops { .. } => CANCEL_ALL_ACTIONS,
            BookAction::Place(_)
            | BookAction::Cancel { .. }
            | BookAction::Amend { .. }
            | BookAction::Submit(_)
            | BookAction::CancelByClientId { .. }
            | BookAction::PlaceStop(_)
            | BookAction::CancelStop { .. } => 1,
        })
    })
}

impl<T: Config> Pallet<T> {
    /// The sub-account that a call of the lane is for, and how many actions it counts as; `None` for calls
    /// that always pay.
    pub fn lane_of(call: &Call<T>) -> Option<(SubAccountIndex, u32)> {
        match call {
            Call::place_order { sub_account, .. }
            | Call::cancel_order { sub_account, .. }
            | Call::amend_order { sub_account, .. }
            | Call::submit_order { sub_account, .. }
            | Call::cancel_by_client_id { sub_account, .. }
            | Call::place_stop { sub_account, .. }
            | Call::cancel_stop { sub_account, .. } => Some((*sub_account, 1)),
            Call::cancel_all { sub_account, .. } => Some((*sub_account, CANCEL_ALL_ACTIONS)),
            Call::batch {
                sub_account,
                actions,
                ..
            } => Some((*sub_account, actions_of(actions))),
            _ => None,
        }
    }

    /// Whether a call of the signer for a sub-account of his, which counts as so many actions, needs no fee
    /// now.
    pub(crate) fn is_free(
        origin: &OriginFor<T>,
        sub_account: SubAccountIndex,
        actions: u32,
    ) -> bool {
        let Ok(owner) = ensure_signed(origin.clone()) else {
            return false;
        };
        let account = SubAccount::new(owner, sub_account);
        let now = Self::now();
        if Self::free_in_block(now).saturating_add(actions) > T::FreeActionsPerBlock::get() {
            return false;
        }
        let (used, _) = Self::free_of(&account, now);
        let schedule = FeeSchedule::<T>::get();
        used.actions.saturating_add(actions) <= used.places
            && Desks::<T>::get(&account).unforgotten(now, schedule.refill) < schedule.quota
    }

    /// Notes that a call for an account needed no fee. Returns what [`Self::has_counted`] said before.
    pub fn note_free(account: &SubAccountOf<T>, actions: u32) -> bool {
        let now = Self::now();
        let all = Self::free_in_block(now).saturating_add(actions);
        FreeActions::<T>::put((now, all));
        let (mut used, counted) = Self::free_of(account, now);
        used.actions = used.actions.saturating_add(actions);
        FreeUses::<T>::insert(account, used);
        counted
    }

    /// Whether the places of an account are known without looking at its equity.
    pub fn has_counted(account: &SubAccountOf<T>) -> bool {
        FreeUses::<T>::get(account).has_counted(Self::now())
    }

    fn free_in_block(now: u32) -> u32 {
        match FreeActions::<T>::get() {
            (block, actions) if block == now => actions,
            _ => 0,
        }
    }

    /// What an account used in this block, with its places: those last counted, or by its equity when that
    /// was long ago; none while the equity cannot be known. And whether they were counted not long ago.
    fn free_of(account: &SubAccountOf<T>, now: u32) -> (FreeUse, bool) {
        let mut used = FreeUses::<T>::get(account);
        if used.at != now {
            used = FreeUse {
                at: now,
                actions: 0,
                ..used
            };
        }
        let counted = used.has_counted(now);
        if !counted {
            used.places_at = now;
            used.places = T::Trader::equity(account).map_or(0, |equity| {
                places(equity).min(T::MaxOrdersPerAccount::get())
            });
        }
        (used, counted)
    }
}

/// What a sub-account used of the lane. Blocks are counted in `u32`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct FreeUse {
    /// The block of `actions`.
    pub at: u32,
    /// Actions that needed no fee in that block.
    pub actions: u32,
    /// Places by equity when they were last counted, and so most actions of a block.
    pub places: u32,
    /// The block in which they were.
    pub places_at: u32,
}

impl FreeUse {
    /// Whether the places were counted not long ago.
    pub const fn has_counted(&self, now: u32) -> bool {
        self.places > 0 && now.saturating_sub(self.places_at) < PLACES_BLOCKS
    }
}
