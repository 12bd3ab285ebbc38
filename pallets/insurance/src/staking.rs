//! Stakers: money that stands behind the fund's own and earns with it.

use crate::{
    types::{Pool, Request, Stake},
    Config, Error, Event, LastLoss, Pallet, StakePool, Stakes,
};
use bulwark_primitives::Usd;
use bulwark_risk_math::{mul_div, Rounding};
use bulwark_traits::{Custody, LossFund, OpenLosses};
use frame_support::{ensure, traits::Get};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{traits::Saturating, DispatchResult};

/// Smallest stake, so that a share is never worth more than a rounding.
pub const MIN_STAKE: Usd = Usd::dollars(10);

impl<T: Config> Pallet<T> {
    /// What a staker has; nothing when the pool it is of was lost.
    pub fn stake_of(who: &T::AccountId) -> Stake<BlockNumberFor<T>> {
        let epoch = StakePool::<T>::get().epoch;
        let stake = Stakes::<T>::get(who);
        if stake.epoch == epoch {
            return stake;
        }
        Stake {
            epoch,
            ..Stake::default()
        }
    }

    /// What shares are worth, rounded down: what is left stays with those who stay.
    pub(crate) fn worth(pool: &Pool, shares: u128) -> Result<Usd, Error<T>> {
        let assets = u128::try_from(pool.assets.0).map_err(|_| Error::<T>::ArithmeticOverflow)?;
        if pool.shares == 0 {
            return Ok(Usd::ZERO);
        }
        mul_div(assets, shares, pool.shares, Rounding::Down)
            .ok()
            .and_then(|worth| i128::try_from(worth).ok())
            .map(Usd)
            .ok_or(Error::<T>::ArithmeticOverflow)
    }

    /// Shares for `amount`, rounded down.
    fn shares_for(pool: &Pool, amount: Usd) -> Result<u128, Error<T>> {
        let overflow = |_| Error::<T>::ArithmeticOverflow;
        let amount = u128::try_from(amount.0).map_err(overflow)?;
        let assets = u128::try_from(pool.assets.0).map_err(overflow)?;
        if pool.shares == 0 {
            return Ok(amount);
        }
        mul_div(amount, pool.shares, assets, Rounding::Down)
            .map_err(|_| Error::<T>::ArithmeticOverflow)
    }

    pub(crate) fn do_stake(who: T::AccountId, amount: Usd) -> DispatchResult {
        ensure!(amount >= MIN_STAKE, Error::<T>::BelowMinimumStake);
        let pool = StakePool::<T>::get();
        let mut stake = Self::stake_of(&who);
        let shares = Self::shares_for(&pool, amount)?;
        ensure!(shares > 0, Error::<T>::BelowMinimumStake);
        let overflow = Error::<T>::ArithmeticOverflow;
        <Self as LossFund>::balance()
            .checked_add(amount)
            .ok_or(overflow)?;
        let assets = pool
            .assets
            .checked_add(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        let all = pool
            .shares
            .checked_add(shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        stake.shares = stake
            .shares
            .checked_add(shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        T::Custody::collect(&who, amount)?;
        StakePool::<T>::put(Pool {
            assets,
            shares: all,
            ..pool
        });
        Stakes::<T>::insert(&who, stake);
        Self::deposit_event(Event::Staked {
            who,
            amount,
            shares,
        });
        Ok(())
    }

    pub(crate) fn do_request(who: T::AccountId, shares: u128) -> DispatchResult {
        let stake = Self::stake_of(&who);
        ensure!(
            shares > 0 && shares <= stake.shares,
            Error::<T>::NotThatManyShares
        );
        let since = frame_system::Pallet::<T>::block_number();
        let request = Some(Request { shares, since });
        Stakes::<T>::insert(&who, Stake { request, ..stake });
        Self::deposit_event(Event::UnstakeRequested {
            who,
            shares,
            claimable_from: since.saturating_add(T::Cooldown::get()),
        });
        Ok(())
    }

    pub(crate) fn do_unstake(who: T::AccountId) -> DispatchResult {
        let mut stake = Self::stake_of(&who);
        let request = stake.request.ok_or(Error::<T>::NothingRequested)?;
        let now = frame_system::Pallet::<T>::block_number();
        let from = request.since.saturating_add(T::Cooldown::get());
        ensure!(now >= from, Error::<T>::CoolingDown);
        let until = from.saturating_add(T::ClaimWindow::get());
        ensure!(now <= until, Error::<T>::RequestExpired);
        ensure!(!Self::loss_is_open(now), Error::<T>::LossOpen);
        let pool = StakePool::<T>::get();
        let amount = Self::worth(&pool, request.shares)?;
        let assets = pool
            .assets
            .checked_sub(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        let shares = pool
            .shares
            .checked_sub(request.shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        stake.shares = stake
            .shares
            .checked_sub(request.shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        stake.request = None;
        if amount > Usd::ZERO {
            T::Custody::pay_out(&who, amount)?;
        }
        StakePool::<T>::put(Pool {
            assets,
            shares,
            ..pool
        });
        if stake.shares == 0 {
            Stakes::<T>::remove(&who);
        } else {
            Stakes::<T>::insert(&who, stake);
        }
        Self::deposit_event(Event::Unstaked {
            who,
            amount,
            shares: request.shares,
        });
        Ok(())
    }

    /// Whether stakers have to wait: an account is bankrupt, or the last loss is too young to be over.
    fn loss_is_open(now: BlockNumberFor<T>) -> bool {
        let recent =
            LastLoss::<T>::get().is_some_and(|last| now.saturating_sub(last) < T::LossGate::get());
        recent || T::Losses::is_open()
    }
}
