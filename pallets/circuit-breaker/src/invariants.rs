//! This pallet's share of the numbered invariants.

use crate::{Collected, Config, Pallet, References, Settings, StatusRecord, Statuses};
use bulwark_primitives::{MarketStatus, StatusReason};
use bulwark_traits::{MarketGuard, MarketRegistry};
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
        for market in Collected::<T>::iter_keys() {
            let paused = T::Registry::market(market).is_none()
                || Self::status(market) == MarketStatus::Paused;
            ensure!(paused, "13: a book that may be crossed is open");
        }
        for (_, reference) in References::<T>::iter() {
            ensure!(!reference.mean.is_zero(), "11: reference of zero");
        }
        Ok(())
    }

    fn try_record(record: &StatusRecord) -> Result<(), TryRuntimeError> {
        ensure!(
            record.all(|standing| standing.status != MarketStatus::Active),
            "11: a record of an active market"
        );
        ensure!(
            record.all(|standing| match standing.reason {
                StatusReason::PriceBand => standing.until.is_some(),
                StatusReason::Backlog => {
                    standing.until.is_some() && standing.status == MarketStatus::ReduceOnly
                }
                StatusReason::Incident | StatusReason::Governance => standing.until.is_none(),
                StatusReason::Auction => {
                    standing.until.is_none() && standing.status == MarketStatus::Paused
                }
                StatusReason::Normal => false,
            }),
            "11: a status without a reason, or with an end that its reason does not have"
        );
        ensure!(
            record.is_ordered(),
            "11: what follows a status is not looser, or ends before it"
        );
        Ok(())
    }
}
