//! Underwriters: money that stands behind the policies of one market and earns their premiums.
//!
//! Who wants out asks first. From then on his shares back no new policy, and the cooldown is longer than any policy
//! that was sold before; so when it is over, the capital of those who stay is enough for all that is sold, unless a
//! loss is open.

use crate::{
    book::CoverBook, shares::MIN_STAKE, types::Stake, Config, CoverBooks, CoverEnds, CoverFunds,
    Error, Event, Pallet, Underwriters,
};
use alloc::vec::Vec;
use bulwark_primitives::{MarketId, Usd};
use bulwark_traits::{Custody, MarketRegistry};
use frame_support::{ensure, traits::Get};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{
    traits::{Saturating, UniqueSaturatedInto},
    DispatchResult,
};

impl<T: Config> Pallet<T> {
    /// Number of the block, as the books of cover count.
    pub(crate) fn now() -> u32 {
        frame_system::Pallet::<T>::block_number().unique_saturated_into()
    }

    /// Blocks of a day; never none, which the integrity test says.
    pub(crate) fn day() -> u32 {
        let day: u32 = T::CoverDay::get().unique_saturated_into();
        day.max(1)
    }

    /// The books of a market with all premiums earned up to this block, and the days that ended since they were
    /// written. Complexity: O(days since then), at most the days that a policy can have.
    pub(crate) fn accrued(market: MarketId) -> Result<(CoverBook, Vec<u32>), Error<T>> {
        let (now, length) = (Self::now(), Self::day());
        let mut book = CoverBooks::<T>::get(market);
        let mut ended = Vec::new();
        let overflow = || Error::<T>::ArithmeticOverflow;
        while !book.is_idle() {
            // Policies end with days, and the last of them makes the books idle: so this ends.
            let day = book
                .earned_to
                .checked_div(length)
                .and_then(|day| day.checked_add(1))
                .ok_or_else(overflow)?;
            let end = day.checked_mul(length).ok_or_else(overflow)?;
            if end > now {
                break;
            }
            book = book
                .earned(end)
                .and_then(|book| book.without(&CoverEnds::<T>::get(market, day)))
                .ok_or_else(overflow)?;
            ended.push(day);
        }
        // Without policies it is the block alone that moves.
        let book = book.earned(now).ok_or_else(overflow)?;
        Ok((book, ended))
    }

    /// The same for a call that is going to write them: what has ended is forgotten.
    pub(crate) fn settled(market: MarketId) -> Result<CoverBook, Error<T>> {
        let (book, ended) = Self::accrued(market)?;
        for day in ended {
            CoverEnds::<T>::remove(market, day);
        }
        Ok(book)
    }

    /// Whether neither a policy is sold in this market nor a share leaves it.
    pub(crate) fn cover_loss_is_open(book: &CoverBook) -> bool {
        let now = frame_system::Pallet::<T>::block_number();
        Self::loss_is_open(book.last_loss.map(Into::into), now)
    }

    /// What an underwriter has in the books of a market.
    pub(crate) fn underwriting_of(
        book: &CoverBook,
        market: MarketId,
        who: &T::AccountId,
    ) -> Stake<BlockNumberFor<T>> {
        Underwriters::<T>::get(market, who).in_epoch(book.pool.epoch)
    }

    /// What all markets hold, after a change of the pot.
    pub(crate) fn funds_after(change: Option<Usd>) -> Result<Usd, Error<T>> {
        change
            .and_then(|change| CoverFunds::<T>::get().checked_add(change))
            .ok_or(Error::<T>::ArithmeticOverflow)
    }

    pub(crate) fn do_underwrite(
        who: T::AccountId,
        market: MarketId,
        amount: Usd,
    ) -> DispatchResult {
        ensure!(amount >= MIN_STAKE, Error::<T>::BelowMinimumStake);
        ensure!(
            T::Registry::market(market).is_some(),
            Error::<T>::UnknownMarket
        );
        let book = Self::settled(market)?;
        let (pool, shares) = book
            .pool
            .joined(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        ensure!(shares > 0, Error::<T>::BelowMinimumStake);
        let stake = Self::underwriting_of(&book, market, &who)
            .with(shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        let funds = Self::funds_after(Some(amount))?;
        T::Custody::collect(&who, amount)?;
        CoverFunds::<T>::put(funds);
        CoverBooks::<T>::insert(market, CoverBook { pool, ..book });
        Underwriters::<T>::insert(market, &who, stake);
        Self::deposit_event(Event::Underwritten {
            market,
            who,
            amount,
            shares,
        });
        Ok(())
    }

    pub(crate) fn do_request_withdrawal(
        who: T::AccountId,
        market: MarketId,
        shares: u128,
    ) -> DispatchResult {
        let book = Self::settled(market)?;
        let since = frame_system::Pallet::<T>::block_number();
        let before = Self::underwriting_of(&book, market, &who);
        let stake = if shares == 0 && before.request.is_some() {
            Stake {
                request: None,
                ..before
            }
        } else {
            before
                .asking(shares, since)
                .ok_or(Error::<T>::NotThatManyShares)?
        };
        let leaving = book
            .leaving
            .checked_sub(before.requested())
            .and_then(|rest| rest.checked_add(shares))
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        CoverBooks::<T>::insert(market, CoverBook { leaving, ..book });
        Underwriters::<T>::insert(market, &who, stake);
        Self::deposit_event(Event::WithdrawalRequested {
            market,
            who,
            shares,
            claimable_from: since.saturating_add(T::CoverCooldown::get()),
        });
        Ok(())
    }

    pub(crate) fn do_withdraw(who: T::AccountId, market: MarketId) -> DispatchResult {
        let book = Self::settled(market)?;
        let now = frame_system::Pallet::<T>::block_number();
        let (stake, shares) = Self::underwriting_of(&book, market, &who)
            .released(now, T::CoverCooldown::get(), T::ClaimWindow::get())
            .map_err(Error::<T>::from)?;
        ensure!(!Self::cover_loss_is_open(&book), Error::<T>::LossOpen);
        let (pool, amount) = book
            .pool
            .left(shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        ensure!(pool.assets >= book.sold, Error::<T>::CapitalNeeded);
        let leaving = book
            .leaving
            .checked_sub(shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        let funds = Self::funds_after(amount.checked_neg())?;
        if amount > Usd::ZERO {
            T::Custody::pay_out(&who, amount)?;
        }
        CoverFunds::<T>::put(funds);
        CoverBooks::<T>::insert(
            market,
            CoverBook {
                pool,
                leaving,
                ..book
            },
        );
        if stake.shares == 0 {
            Underwriters::<T>::remove(market, &who);
        } else {
            Underwriters::<T>::insert(market, &who, stake);
        }
        Self::deposit_event(Event::Withdrawn {
            market,
            who,
            amount,
            shares,
        });
        Ok(())
    }
}
