//! What the ledger tells the queue.

use crate::{queue::EffectivePrices, Config, Pallet};
use bulwark_primitives::SubAccount;
use bulwark_traits::AccountObserver;

impl<T: Config> AccountObserver<T::AccountId> for Pallet<T> {
    /// Evaluates the account at the prices of this block and puts its triggers right.
    ///
    /// Effects: new triggers, or none for an account that has nothing which can lose value;
    /// `Known` when it is under maintenance or its health cannot be computed; the highest key for
    /// legs without a price. Events: `AccountDue`, `AccountRestored`, `HealthFailed`. Never fails.
    /// Complexity: one page read and written per leg that moves.
    fn account_changed(account: &SubAccount<T::AccountId>) {
        Self::evaluate(account, &mut EffectivePrices::default());
    }
}
