//! Registration: bond, hot key, and the way out.

use crate::{
    seats, AccountIdOf, BalanceOf, Config, Error, Event, HoldReason, HotKeys, Pallet, Registration,
    Registrations,
};
use bulwark_primitives::FeederStatus;
use bulwark_risk_math::oracle::Record;
use frame_support::{
    ensure,
    traits::{
        fungible::{BalancedHold, MutateHold},
        tokens::Precision,
        Get, Imbalance, OnUnbalanced, Time,
    },
};
use sp_runtime::{
    traits::{CheckedAdd, Saturating, Zero},
    ArithmeticError, DispatchError, DispatchResult, Perbill,
};

/// The registration type of a runtime.
pub(crate) type RegistrationOf<T> = Registration<AccountIdOf<T>, BalanceOf<T>>;

impl<T: Config> Pallet<T> {
    /// Holds `bond` of `who` and writes the registration.
    pub(crate) fn do_register(
        who: &T::AccountId,
        hot_key: T::AccountId,
        bond: BalanceOf<T>,
    ) -> DispatchResult {
        ensure!(bond >= T::MinFeederBond::get(), Error::<T>::BondTooSmall);
        Self::insert_registration(who, hot_key, bond, false)?;
        T::Currency::hold(&HoldReason::FeederBond.into(), who, bond)
    }

    /// Writes a registration without holding anything.
    pub(crate) fn insert_registration(
        who: &T::AccountId,
        hot_key: T::AccountId,
        bond: BalanceOf<T>,
        exempt: bool,
    ) -> DispatchResult {
        ensure!(
            !Registrations::<T>::contains_key(who),
            Error::<T>::AlreadyRegistered
        );
        ensure!(
            !HotKeys::<T>::contains_key(&hot_key),
            Error::<T>::HotKeyTaken
        );
        HotKeys::<T>::insert(&hot_key, who);
        let registration = Registration {
            hot_key,
            bond,
            exempt,
            status: FeederStatus::Candidate,
            record: Record::default(),
        };
        Registrations::<T>::insert(who, registration);
        Ok(())
    }

    /// Changes a registration; its error changes nothing.
    pub(crate) fn with_registration<R>(
        who: &T::AccountId,
        change: impl FnOnce(&mut RegistrationOf<T>) -> Result<R, DispatchError>,
    ) -> Result<R, DispatchError> {
        Registrations::<T>::try_mutate(who, |registration| {
            change(registration.as_mut().ok_or(Error::<T>::NotRegistered)?)
        })
    }

    /// Holds more of `who`. Returns the whole bond.
    pub(crate) fn do_add_bond(
        who: &T::AccountId,
        amount: BalanceOf<T>,
    ) -> Result<BalanceOf<T>, DispatchError> {
        ensure!(!amount.is_zero(), Error::<T>::ZeroAmount);
        Self::with_registration(who, |registration| {
            ensure_staying::<T>(registration)?;
            T::Currency::hold(&HoldReason::FeederBond.into(), who, amount)?;
            registration.bond = registration
                .bond
                .checked_add(&amount)
                .ok_or(ArithmeticError::Overflow)?;
            Ok(registration.bond)
        })
    }

    /// Lets `hot_key` sign the feeds of `who` from now on; what the old one said is forgotten.
    pub(crate) fn do_set_hot_key(who: &T::AccountId, hot_key: T::AccountId) -> DispatchResult {
        Self::with_registration(who, |registration| {
            ensure_staying::<T>(registration)?;
            ensure!(
                !HotKeys::<T>::contains_key(&hot_key),
                Error::<T>::HotKeyTaken
            );
            HotKeys::<T>::remove(&registration.hot_key);
            HotKeys::<T>::insert(&hot_key, who);
            match registration.status {
                // The tally moves along: a new key is no new beginning.
                FeederStatus::Active(_) => {
                    seats::replace::<T>(&registration.hot_key, &hot_key)?;
                }
                FeederStatus::Candidate
                | FeederStatus::Suspended { .. }
                | FeederStatus::Barred
                | FeederStatus::Leaving { .. } => {}
            }
            registration.hot_key = hot_key;
            Ok(())
        })
    }

    /// Starts the way out: the feeds of `who` stop counting, its bond stays held. Returns until when.
    pub(crate) fn do_unregister(
        who: &T::AccountId,
    ) -> Result<bulwark_primitives::Moment, DispatchError> {
        Self::with_registration(who, |registration| {
            ensure_staying::<T>(registration)?;
            seats::vacate::<T>(registration);
            // Saturation: the clock is 500 million years from its end.
            let until = T::Clock::now().saturating_add(T::UnbondingPeriod::get());
            registration.status = FeederStatus::Leaving { until };
            Ok(until)
        })
    }

    /// Ends the registration of one who has left and releases what is left of the bond.
    pub(crate) fn do_withdraw_bond(who: &T::AccountId) -> Result<BalanceOf<T>, DispatchError> {
        let registration = Registrations::<T>::get(who).ok_or(Error::<T>::NotRegistered)?;
        match registration.status {
            FeederStatus::Leaving { until } => {
                ensure!(until <= T::Clock::now(), Error::<T>::TooEarly);
            }
            FeederStatus::Candidate
            | FeederStatus::Active(_)
            | FeederStatus::Suspended { .. }
            | FeederStatus::Barred => return Err(Error::<T>::NotLeaving.into()),
        }
        Registrations::<T>::remove(who);
        HotKeys::<T>::remove(&registration.hot_key);
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

    /// Takes `share` of the bond, rounded down, to `Slash`. Returns what was taken.
    pub(crate) fn slash(
        who: &T::AccountId,
        registration: &mut RegistrationOf<T>,
        share: Perbill,
    ) -> BalanceOf<T> {
        let (credit, _) = T::Currency::slash(
            &HoldReason::FeederBond.into(),
            who,
            share.mul_floor(registration.bond),
        );
        let amount = credit.peek();
        // Saturation: a share of the bond is not more than the bond.
        registration.bond = registration.bond.saturating_sub(amount);
        T::Slash::on_unbalanced(credit);
        if !amount.is_zero() {
            Self::deposit_event(Event::FeederSlashed {
                who: who.clone(),
                amount,
            });
        }
        amount
    }
}

/// Whether a feeder may still change anything: it is not on its way out.
fn ensure_staying<T: Config>(registration: &RegistrationOf<T>) -> DispatchResult {
    match registration.status {
        FeederStatus::Leaving { .. } => Err(Error::<T>::Leaving.into()),
        FeederStatus::Candidate
        | FeederStatus::Active(_)
        | FeederStatus::Suspended { .. }
        | FeederStatus::Barred => Ok(()),
    }
}
