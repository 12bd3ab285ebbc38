//! This pallet's share of the numbered invariants.

use crate::{Books, Config, Pallet, Params, Suppliers};
use bulwark_primitives::{Index, Shares, Usd};
use bulwark_risk_math::interest::Pool;
use bulwark_traits::DebtBook;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks invariants 1, 5, 8 and 11. Complexity: O(suppliers).
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let books = Books::<T>::get();
        ensure!(
            [books.supplied, books.reserve, books.unsettled]
                .iter()
                .all(|amount| !amount.is_negative()),
            "1: an amount of the pool is negative"
        );
        ensure!(
            books.shares.is_zero() == books.supplied.is_zero(),
            "5: shares without anything behind them, or the other way round"
        );
        let mut sum = Shares::ZERO;
        for (_, shares) in Suppliers::<T>::iter() {
            ensure!(
                shares >= Pool::MIN_HOLDING,
                "8: a supplier holds less than the smallest holding"
            );
            sum = sum.checked_add(shares).ok_or("8: a sum does not fit")?;
        }
        ensure!(
            sum == books.shares,
            "8: the shares of the pool are not those of its suppliers"
        );
        ensure!(
            !T::Debts::scaled_debt().is_zero() || books.unsettled == Usd::ZERO,
            "8: interest is not settled, and nobody owes it"
        );
        ensure!(
            Params::<T>::get().is_valid(),
            "11: the curve is outside its bounds"
        );
        ensure!(books.borrow_index >= Index::ONE, "11: the index fell");
        Ok(())
    }
}
