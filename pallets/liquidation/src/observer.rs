//! What the ledger tells the queue.

use crate::{Config, Pallet};
use bulwark_primitives::SubAccount;
use bulwark_traits::AccountObserver;

impl<T: Config> AccountObserver<T::AccountId> for Pallet<T> {
    /// Puts the triggers of an account right at the prices of this block, or makes it stale when it
    /// has more than [`PROMPT_LEGS`](crate::queue::PROMPT_LEGS) legs or triggers.
    ///
    /// Effects: new triggers, or none for an account that has nothing which can lose value;
    /// `Known` when it is under maintenance or its health cannot be computed; the highest key for
    /// legs without a price; or an entry in `Stale`, which step 3 evaluates. Nothing for an account
    /// that is stale already. Events: `AccountDue`, `AccountRestored`, `HealthFailed`, which come
    /// with the evaluation for a stale one. Never fails. Complexity: constant; the worst case is an
    /// account all of whose `PROMPT_LEGS` triggers move.
    fn account_changed(account: &SubAccount<T::AccountId>) {
        Self::note_change(account);
    }
}
