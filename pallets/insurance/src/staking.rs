//! Stakers: money that stands behind the fund's own and earns with it.

use crate::{
    shares::{NotYours, MIN_STAKE},
    types::Stake,
    Config, Error, Event, LastLoss, Pallet, StakePool, Stakes,
};
use bulwark_primitives::Usd;
use bulwark_traits::{Custody, LossFund, OpenLosses};
use frame_support::{ensure, traits::Get};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{traits::Saturating, DispatchResult};

impl<T: Config> From<NotYours> for Error<T> {
    fn from(reason: NotYours) -> Self {
        match reason {
            NotYours::NothingRequested => Self::NothingRequested,
            NotYours::CoolingDown => Self::CoolingDown,
            NotYours::RequestExpired => Self::RequestExpired,
        }
    }
}

impl<T: Config> Pallet<T> {
    /// What a staker has; nothing when the pool it is of was lost.
    pub fn stake_of(who: &T::AccountId) -> Stake<BlockNumberFor<T>> {
        Stakes::<T>::get(who).in_epoch(StakePool::<T>::get().epoch)
    }

    pub(crate) fn do_stake(who: T::AccountId, amount: Usd) -> DispatchResult {
        ensure!(amount >= MIN_STAKE, Error::<T>::BelowMinimumStake);
        let overflow = Error::<T>::ArithmeticOverflow;
        <Self as LossFund>::balance()
            .checked_add(amount)
            .ok_or(overflow)?;
        let (pool, shares) = StakePool::<T>::get()
            .joined(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        ensure!(shares > 0, Error::<T>::BelowMinimumStake);
        let stake = Self::stake_of(&who)
            .with(shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        T::Custody::collect(&who, amount)?;
        StakePool::<T>::put(pool);
        Stakes::<T>::insert(&who, stake);
        Self::deposit_event(Event::Staked {
            who,
            amount,
            shares,
        });
        Ok(())
    }

    pub(crate) fn do_request(who: T::AccountId, shares: u128) -> DispatchResult {
        let since = frame_system::Pallet::<T>::block_number();
        let stake = Self::stake_of(&who)
            .asking(shares, since)
            .ok_or(Error::<T>::NotThatManyShares)?;
        Stakes::<T>::insert(&who, stake);
        Self::deposit_event(Event::UnstakeRequested {
            who,
            shares,
            claimable_from: since.saturating_add(T::Cooldown::get()),
        });
        Ok(())
    }

    pub(crate) fn do_unstake(who: T::AccountId) -> DispatchResult {
        let now = frame_system::Pallet::<T>::block_number();
        let (stake, shares) = Self::stake_of(&who)
            .released(now, T::Cooldown::get(), T::ClaimWindow::get())
            .map_err(Error::<T>::from)?;
        ensure!(
            !Self::loss_is_open(LastLoss::<T>::get(), now),
            Error::<T>::LossOpen
        );
        let (pool, amount) = StakePool::<T>::get()
            .left(shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        if amount > Usd::ZERO {
            T::Custody::pay_out(&who, amount)?;
        }
        StakePool::<T>::put(pool);
        if stake.shares == 0 {
            Stakes::<T>::remove(&who);
        } else {
            Stakes::<T>::insert(&who, stake);
        }
        Self::deposit_event(Event::Unstaked {
            who,
            amount,
            shares,
        });
        Ok(())
    }

    /// Whether nobody may leave: an account is bankrupt, or the last loss is too young to be over.
    pub(crate) fn loss_is_open(last: Option<BlockNumberFor<T>>, now: BlockNumberFor<T>) -> bool {
        let recent = last.is_some_and(|last| now.saturating_sub(last) < T::LossGate::get());
        recent || T::Losses::is_open()
    }
}
