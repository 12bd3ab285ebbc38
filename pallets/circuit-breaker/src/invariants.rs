//! This pallet's share of the numbered invariants.

use crate::{types::severity, Config, Pallet, References, Settings, StatusRecord, Statuses};
use bulwark_primitives::{MarketStatus, StatusReason};
use bulwark_traits::MarketRegistry;
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks invariants 10 (the hook's work is bounded) and 11 (parameters and states inside their
    /// bounds).
    ///
    /// # Errors
    /// The message names the invariant that does not hold.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        ensure!(
            u32::try_from(T::Registry::market_ids().len())
                .is_ok_and(|count| count <= T::MaxMarkets::get()),
            "10: more markets than the hook is weighed for"
        );
        ensure!(
            Settings::<T>::get().is_valid(),
            "11: timing outside its bounds"
        );
        for (_, record) in Statuses::<T>::iter() {
            Self::try_record(&record)?;
        }
        for (_, reference) in References::<T>::iter() {
            ensure!(!reference.mean.is_zero(), "11: reference of zero");
        }
        Ok(())
    }

    fn try_record(record: &StatusRecord) -> Result<(), TryRuntimeError> {
        ensure!(
            record.status != MarketStatus::Active,
            "11: a record of an active market"
        );
        ensure!(
            record.until.is_some() == (record.reason == StatusReason::PriceBand),
            "11: only a price band pauses for a time"
        );
        ensure!(
            record.reason != StatusReason::Normal,
            "11: a halt without a reason"
        );
        if let Some(then) = record.then {
            ensure!(
                record.until.is_some(),
                "11: a halt without an end has one after it"
            );
            ensure!(
                then.status != MarketStatus::Active
                    && severity(then.status) < severity(record.status),
                "11: what follows a pause is not looser than it"
            );
        }
        Ok(())
    }
}
