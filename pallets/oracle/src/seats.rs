//! Seats: who feeds, admitted by governance or by the size of the bond.

use crate::{
    feeders::RegistrationOf, AccountIdOf, Assets, BalanceOf, Config, CurrentRound, Error, Event,
    Feeders, HotKeys, Pallet, RawFeeds, Registrations, Tally,
};
use alloc::vec::Vec;
use bulwark_primitives::{AssetId, FeederStatus, Seat};
use frame_support::{
    ensure,
    traits::{Get, SortedMembers, Time},
};
use sp_runtime::{DispatchError, DispatchResult};

/// Gives a hot key a place among the feeders. Whatever it said before is forgotten.
fn occupy<T: Config>(hot_key: &AccountIdOf<T>, tally: Tally) -> Result<(), Error<T>> {
    Feeders::<T>::try_mutate(|feeders| {
        let Err(place) = feeders.binary_search(hot_key) else {
            return Err(Error::<T>::AlreadyAdmitted);
        };
        feeders
            .try_insert(place, hot_key.clone())
            .map_err(|_| Error::<T>::TooManyFeeders)?;
        CurrentRound::<T>::mutate(|round| {
            // As many tallies as feeders, so there is room, and the place exists.
            let _ = round.tallies.try_insert(place, tally);
        });
        Ok(())
    })?;
    forget::<T>(hot_key);
    Ok(())
}

/// Takes a hot key off its place. Returns the tally it had.
pub(crate) fn leave<T: Config>(hot_key: &AccountIdOf<T>) -> Tally {
    Feeders::<T>::mutate(|feeders| {
        let Ok(place) = feeders.binary_search(hot_key) else {
            return Tally::default();
        };
        feeders.remove(place);
        CurrentRound::<T>::mutate(|round| {
            if place < round.tallies.len() {
                round.tallies.remove(place)
            } else {
                Tally::default()
            }
        })
    })
}

fn forget<T: Config>(hot_key: &AccountIdOf<T>) {
    let assets: Vec<AssetId> = Assets::<T>::get().iter().map(|entry| entry.asset).collect();
    T::Feeds::forget(hot_key, &assets);
}

/// Puts `new` into the place of `old`.
pub(crate) fn replace<T: Config>(old: &AccountIdOf<T>, new: &AccountIdOf<T>) -> DispatchResult {
    let tally = leave::<T>(old);
    forget::<T>(old);
    Ok(occupy::<T>(new, tally)?)
}

/// Takes the seat of a feeder, if it is active, and forgets what it said.
pub(crate) fn vacate<T: Config>(registration: &RegistrationOf<T>) {
    match registration.status {
        FeederStatus::Active(_) => {
            leave::<T>(&registration.hot_key);
            forget::<T>(&registration.hot_key);
        }
        FeederStatus::Candidate
        | FeederStatus::Suspended { .. }
        | FeederStatus::Barred
        | FeederStatus::Leaving { .. } => {}
    }
}

/// The open seats and their holders.
struct OpenSeats<T: Config> {
    governance: u32,
    open: u32,
    smallest: Option<(BalanceOf<T>, AccountIdOf<T>)>,
}

impl<T: Config> OpenSeats<T> {
    /// `O(feeders)`.
    fn read() -> Self {
        let mut seats = Self {
            governance: 0,
            open: 0,
            smallest: None,
        };
        for hot_key in Feeders::<T>::get() {
            let Some(who) = HotKeys::<T>::get(&hot_key) else {
                continue;
            };
            let Some(registration) = Registrations::<T>::get(&who) else {
                continue;
            };
            // Saturation: there are at most `MaxFeeders`.
            match registration.status {
                FeederStatus::Active(Seat::Open) => {
                    seats.open = seats.open.saturating_add(1);
                    let bond = registration.bond;
                    if seats
                        .smallest
                        .as_ref()
                        .is_none_or(|(least, _)| bond < *least)
                    {
                        seats.smallest = Some((bond, who));
                    }
                }
                FeederStatus::Active(Seat::Governance) => {
                    seats.governance = seats.governance.saturating_add(1);
                }
                FeederStatus::Candidate
                | FeederStatus::Suspended { .. }
                | FeederStatus::Barred
                | FeederStatus::Leaving { .. } => {}
            }
        }
        seats
    }

    /// Whether one more may be given away: there is one left, and money alone stays a minority.
    fn is_free(&self) -> bool {
        let taken = self.open.saturating_add(1);
        taken <= T::OpenSeats::get() && taken < self.governance
    }
}

impl<T: Config> Pallet<T> {
    /// Lets the feeds of a registered account count, by decision of governance.
    pub(crate) fn do_admit(who: &T::AccountId) -> DispatchResult {
        Self::with_registration(who, |registration| {
            match registration.status {
                FeederStatus::Candidate | FeederStatus::Barred | FeederStatus::Suspended { .. } => {
                    ensure_bonded::<T>(registration)?;
                    occupy::<T>(&registration.hot_key, Tally::default())?;
                }
                // The same place, by a better right.
                FeederStatus::Active(Seat::Open) => {}
                FeederStatus::Active(Seat::Governance) => {
                    return Err(Error::<T>::AlreadyAdmitted.into());
                }
                FeederStatus::Leaving { .. } => return Err(Error::<T>::Leaving.into()),
            }
            registration.status = FeederStatus::Active(Seat::Governance);
            Ok(())
        })
    }

    /// Takes a feeder off its seat for good; the bond stays held.
    pub(crate) fn do_remove(who: &T::AccountId) -> DispatchResult {
        Self::with_registration(who, |registration| {
            match registration.status {
                FeederStatus::Active(_) | FeederStatus::Suspended { .. } => {}
                FeederStatus::Candidate | FeederStatus::Barred => {
                    return Err(Error::<T>::NotAdmitted.into());
                }
                FeederStatus::Leaving { .. } => return Err(Error::<T>::Leaving.into()),
            }
            vacate::<T>(registration);
            registration.status = FeederStatus::Barred;
            Ok(())
        })
    }

    /// Gives a candidate an open seat, a free one or that of the smallest bond there.
    pub(crate) fn do_claim_seat(who: &T::AccountId) -> DispatchResult {
        Self::with_registration(who, |registration| {
            match registration.status {
                FeederStatus::Candidate => {}
                FeederStatus::Active(_) => return Err(Error::<T>::AlreadyAdmitted.into()),
                FeederStatus::Suspended { .. } => return Err(Error::<T>::Suspended.into()),
                FeederStatus::Barred => return Err(Error::<T>::Barred.into()),
                FeederStatus::Leaving { .. } => return Err(Error::<T>::Leaving.into()),
            }
            Self::take_open_seat(who, registration)
        })
    }

    /// Brings a suspended feeder back to its seat.
    pub(crate) fn do_resume(who: &T::AccountId) -> Result<Seat, DispatchError> {
        Self::with_registration(who, |registration| match registration.status {
            FeederStatus::Suspended { seat, until } => {
                ensure!(until <= T::Clock::now(), Error::<T>::TooEarly);
                match seat {
                    Seat::Open => Self::take_open_seat(who, registration)?,
                    Seat::Governance => {
                        ensure_bonded::<T>(registration)?;
                        occupy::<T>(&registration.hot_key, Tally::default())?;
                        registration.status = FeederStatus::Active(seat);
                    }
                }
                Ok(seat)
            }
            FeederStatus::Candidate
            | FeederStatus::Active(_)
            | FeederStatus::Barred
            | FeederStatus::Leaving { .. } => Err(Error::<T>::NotSuspended.into()),
        })
    }

    fn take_open_seat(
        who: &T::AccountId,
        registration: &mut RegistrationOf<T>,
    ) -> Result<(), DispatchError> {
        ensure!(
            registration.bond >= T::MinFeederBond::get(),
            Error::<T>::BondTooSmall
        );
        let seats = OpenSeats::<T>::read();
        if !seats.is_free() {
            let (bond, holder) = seats.smallest.ok_or(Error::<T>::NoOpenSeat)?;
            ensure!(registration.bond > bond, Error::<T>::BondTooSmall);
            Self::with_registration(&holder, |displaced| {
                vacate::<T>(displaced);
                displaced.status = FeederStatus::Candidate;
                Ok(())
            })?;
            Self::deposit_event(Event::FeederDisplaced {
                who: holder,
                by: who.clone(),
            });
        }
        occupy::<T>(&registration.hot_key, Tally::default())?;
        registration.status = FeederStatus::Active(Seat::Open);
        Ok(())
    }
}

fn ensure_bonded<T: Config>(registration: &RegistrationOf<T>) -> DispatchResult {
    ensure!(
        registration.exempt || registration.bond >= T::MinFeederBond::get(),
        Error::<T>::BondTooSmall
    );
    Ok(())
}

/// The hot keys of the active feeders. The SDK's oracle gets them as [`FeedRights`](crate::FeedRights).
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
        let none = BalanceOf::<T>::default();
        let _ = Self::insert_registration(who, who.clone(), none, true);
        let _ = Self::do_admit(who);
    }
}
