//! Who feeds: registration, admission and leaving.

use crate::{
    AccountIdOf, Assets, Config, Error, Feeders, HoldReason, Pallet, RawFeeds, Registration,
    Registrations,
};
use alloc::vec::Vec;
use bulwark_primitives::AssetId;
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, tokens::Precision, Get, SortedMembers},
};
use sp_runtime::{traits::Zero, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Holds the bond of `who` and writes the registration.
    pub(crate) fn do_register(
        who: &T::AccountId,
    ) -> Result<crate::BalanceOf<T>, sp_runtime::DispatchError> {
        ensure!(
            !Registrations::<T>::contains_key(who),
            Error::<T>::AlreadyRegistered
        );
        let bond = T::FeederBond::get();
        T::Currency::hold(&HoldReason::FeederBond.into(), who, bond)?;
        Registrations::<T>::insert(
            who,
            Registration {
                bond,
                admitted: false,
            },
        );
        Ok(bond)
    }

    /// Lets the feeds of a registered account count.
    pub(crate) fn do_admit(who: &T::AccountId) -> DispatchResult {
        Registrations::<T>::try_mutate(who, |registration| {
            let registration = registration.as_mut().ok_or(Error::<T>::NotRegistered)?;
            ensure!(!registration.admitted, Error::<T>::AlreadyAdmitted);
            Feeders::<T>::try_mutate(|feeders| {
                let Err(place) = feeders.binary_search(who) else {
                    return Err(Error::<T>::AlreadyAdmitted);
                };
                feeders
                    .try_insert(place, who.clone())
                    .map_err(|_| Error::<T>::TooManyFeeders)
            })?;
            registration.admitted = true;
            Ok(())
        })
    }

    /// Takes the admission of `who` back; the bond stays held.
    pub(crate) fn do_remove(who: &T::AccountId) -> DispatchResult {
        Registrations::<T>::try_mutate(who, |registration| {
            let registration = registration.as_mut().ok_or(Error::<T>::NotRegistered)?;
            ensure!(registration.admitted, Error::<T>::NotAdmitted);
            registration.admitted = false;
            Self::revoke(who);
            Ok(())
        })
    }

    /// Ends the registration of `who`, admitted or not, and releases the bond.
    pub(crate) fn do_unregister(
        who: &T::AccountId,
    ) -> Result<crate::BalanceOf<T>, sp_runtime::DispatchError> {
        let registration = Registrations::<T>::take(who).ok_or(Error::<T>::NotRegistered)?;
        if registration.admitted {
            Self::revoke(who);
        }
        if registration.bond.is_zero() {
            return Ok(registration.bond);
        }
        // Best effort: what is no longer held cannot be given back, and must not keep a feeder in.
        T::Currency::release(
            &HoldReason::FeederBond.into(),
            who,
            registration.bond,
            Precision::BestEffort,
        )
    }

    /// Stops the feeds of `who` from counting, now and if it is ever admitted again.
    fn revoke(who: &T::AccountId) {
        Feeders::<T>::mutate(|feeders| {
            if let Ok(place) = feeders.binary_search(who) {
                feeders.remove(place);
            }
        });
        let assets: Vec<AssetId> = Assets::<T>::get().iter().map(|entry| entry.asset).collect();
        T::Feeds::forget(who, &assets);
    }
}

/// The admitted feeders, as the members of the SDK's oracle.
impl<T: Config> SortedMembers<AccountIdOf<T>> for Pallet<T> {
    fn sorted_members() -> Vec<T::AccountId> {
        Feeders::<T>::get().into_inner()
    }

    fn contains(who: &T::AccountId) -> bool {
        Feeders::<T>::get().binary_search(who).is_ok()
    }

    fn count() -> usize {
        Feeders::<T>::decode_len().unwrap_or_default()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn add(who: &T::AccountId) {
        Registrations::<T>::insert(
            who,
            Registration {
                bond: Zero::zero(),
                admitted: true,
            },
        );
        Feeders::<T>::mutate(|feeders| {
            if let Err(place) = feeders.binary_search(who) {
                let _ = feeders.try_insert(place, who.clone());
            }
        });
    }
}
