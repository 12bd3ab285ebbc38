//! Accounts that changed and were not evaluated since.
//!
//! Putting the triggers of an account right moves up to two page entries a leg. A fill changes two
//! accounts, and an order may fill many times: with all legs of an account that is more than a
//! transaction can be asked to pay for. So an account with few legs is put right at once, and one
//! with more becomes *stale*: it is due, whatever its triggers say, until step 3 or a `liquidate`
//! has evaluated it. Its old triggers stay where they are meanwhile. However often it changes
//! before that, it is evaluated once.

use super::cells;
use crate::{
    types::{CellId, Entry, QueueFull, StaleAccount},
    Config, Stale,
};
use bulwark_primitives::SubAccount;
use frame_system::pallet_prelude::BlockNumberFor;

/// Puts an account that is not stale behind all that are.
///
/// # Errors
/// [`QueueFull`] when page ids are used up (2^64, not in practice); nothing changes.
pub fn put<T: Config>(account: &SubAccount<T::AccountId>) -> Result<(), QueueFull> {
    let entry = Entry {
        account: account.clone(),
        key: 0,
    };
    let (page, _) = cells::insert::<T>(CellId::Stale, entry)?;
    let since = frame_system::Pallet::<T>::block_number();
    Stale::<T>::insert(account, StaleAccount { page, since });
    Ok(())
}

/// Takes an account out; returns whether it was in.
pub fn remove<T: Config>(account: &SubAccount<T::AccountId>) -> bool {
    let Some(stale) = Stale::<T>::take(account) else {
        return false;
    };
    cells::remove::<T>(CellId::Stale, stale.page, account);
    true
}

/// Since when the one waits that waits longest; `None` when none does.
pub fn oldest<T: Config>() -> Option<BlockNumberFor<T>> {
    let last = cells::last::<T>(CellId::Stale)?;
    let page = crate::Cells::<T>::get(CellId::Stale, last)?;
    let entry = page.entries.first()?;
    Stale::<T>::get(&entry.account).map(|stale| stale.since)
}
