//! Policies: what they cost, and what they pay.
//!
//! A holder is paid what was taken from him beyond mark: what he gave up when a part of his position was closed for
//! a bankrupt account, and what a haircut moved his entry by. `Margin` knows both to the base unit in the moment it
//! takes them, and asks for the payment in the same step; nobody claims, judges or votes.

use crate::{
    book::{CoverBook, CoverParams, Expiring, Policy, MAX_DAYS, MIN_COVER},
    Config, CoverBooks, CoverChangedAt, CoverEnds, CoverFunds, CoverParameters, Error, Event,
    Pallet, Policies, LOG_TARGET,
};
use bulwark_primitives::{MarketId, Rate, SubAccount, Usd};
use bulwark_risk_math::cover::{premium, CoverTerms, Stream};
use bulwark_traits::{Custody, LossCover, MarketRegistry};
use codec::{Decode, Encode};
use frame_support::{ensure, storage::with_storage_layer};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

/// Days of a year.
const YEAR_DAYS: u32 = 365;

/// What a policy would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CoverQuote {
    /// What it costs, rounded up.
    pub premium: Usd,
    /// First block in which it pays, when it is bought in the present one.
    pub from: u32,
    /// First block in which it does not pay any more.
    pub until: u32,
    /// How much of the capacity would be sold then, rounded up.
    pub utilisation: Rate,
}

impl<T: Config> Pallet<T> {
    /// Prices a policy of `cover` for `days` against the books of this block.
    pub(crate) fn quote(
        book: &CoverBook,
        market: MarketId,
        cover: Usd,
        days: u32,
    ) -> Result<CoverQuote, Error<T>> {
        let overflow = || Error::<T>::ArithmeticOverflow;
        let market = T::Registry::market(market).ok_or(Error::<T>::UnknownMarket)?;
        ensure!(cover >= MIN_COVER, Error::<T>::BelowMinimumCover);
        let params = CoverParameters::<T>::get();
        ensure!(
            days > 0 && days <= params.longest_days.min(MAX_DAYS),
            Error::<T>::InvalidPeriod
        );
        let capacity = book.capacity().ok_or_else(overflow)?;
        let sold = book.sold.checked_add(cover).ok_or_else(overflow)?;
        ensure!(sold <= capacity, Error::<T>::NotEnoughCapacity);
        let (now, day) = (Self::now(), Self::day());
        let from = params
            .waiting(day)
            .and_then(|waiting| now.checked_add(waiting))
            .ok_or_else(overflow)?;
        // The end of the day in which the last one is full.
        let until = days
            .checked_mul(day)
            .and_then(|blocks| from.checked_add(blocks))
            .map(|end| end.div_ceil(day))
            .and_then(|last| last.checked_mul(day))
            .ok_or_else(overflow)?;
        let terms = CoverTerms {
            sold: book.sold,
            capacity,
            // At once what the volatility model expects, so that a storm is in the price when it begins.
            tail: market.initial_margin,
            blocks: until.checked_sub(now).ok_or_else(overflow)?,
            year: day.checked_mul(YEAR_DAYS).ok_or_else(overflow)?,
        };
        let sold_then = CoverBook { sold, ..*book };
        Ok(CoverQuote {
            premium: premium(cover, &terms, &params.curve).map_err(|_| overflow())?,
            from,
            until,
            utilisation: sold_then.utilisation().ok_or_else(overflow)?,
        })
    }

    pub(crate) fn do_buy(
        account: SubAccount<T::AccountId>,
        market: MarketId,
        cover: Usd,
        days: u32,
        most: Usd,
    ) -> DispatchResult {
        let overflow = || Error::<T>::ArithmeticOverflow;
        let book = Self::settled(market)?;
        let quote = Self::quote(&book, market, cover, days)?;
        ensure!(!Self::cover_loss_is_open(&book), Error::<T>::LossOpen);
        ensure!(quote.premium <= most, Error::<T>::PremiumTooHigh);
        let (now, day) = (Self::now(), Self::day());
        let blocks = quote.until.checked_sub(now).ok_or_else(overflow)?;
        let policy = Policy {
            from: quote.from,
            until: quote.until,
            left: cover,
            premium: quote.premium,
            stream: Stream::of(quote.premium, blocks).map_err(|_| overflow())?,
        };
        let mut policies = Policies::<T>::get(&account, market);
        policies.retain(|policy| !policy.is_over(now));
        policies
            .try_push(policy)
            .map_err(|_| Error::<T>::TooManyPolicies)?;
        // What ends first pays first.
        policies.sort_by_key(|policy| policy.until);
        let last = quote.until.checked_div(day).ok_or_else(overflow)?;
        let ending = CoverEnds::<T>::get(market, last)
            .with(&policy)
            .ok_or_else(overflow)?;
        let book = book.selling(&policy).ok_or_else(overflow)?;
        let funds = Self::funds_after(Some(quote.premium))?;
        T::Custody::collect(&account.owner, quote.premium)?;
        CoverFunds::<T>::put(funds);
        CoverBooks::<T>::insert(market, book);
        CoverEnds::<T>::insert(market, last, ending);
        Policies::<T>::insert(&account, market, policies);
        Self::deposit_event(Event::CoverBought {
            account,
            market,
            cover,
            premium: quote.premium,
            from: quote.from,
            until: quote.until,
        });
        Ok(())
    }

    pub(crate) fn do_remove_expired(
        account: SubAccount<T::AccountId>,
        market: MarketId,
    ) -> DispatchResult {
        let now = Self::now();
        let mut policies = Policies::<T>::get(&account, market);
        let before = policies.len();
        policies.retain(|policy| !policy.is_over(now));
        ensure!(policies.len() < before, Error::<T>::NothingExpired);
        if policies.is_empty() {
            Policies::<T>::remove(&account, market);
        } else {
            Policies::<T>::insert(&account, market, policies);
        }
        Self::deposit_event(Event::PoliciesRemoved { account, market });
        Ok(())
    }

    pub(crate) fn do_set_params(params: CoverParams) -> DispatchResult {
        ensure!(params.is_valid(), Error::<T>::InvalidParams);
        ensure!(
            params.is_step_from(&CoverParameters::<T>::get()),
            Error::<T>::StepTooLarge
        );
        let now = Self::now();
        let waited = CoverChangedAt::<T>::get().is_none_or(|at| {
            now.checked_sub(at)
                .is_some_and(|since| since >= Self::day())
        });
        ensure!(waited, Error::<T>::ChangedRecently);
        CoverChangedAt::<T>::put(now);
        CoverParameters::<T>::put(params);
        Self::deposit_event(Event::CoverParamsChanged { params });
        Ok(())
    }

    /// Pays a loss out of the policies that are in force, that which ends first first. Nothing has to be earned
    /// before: what is sold is backed by what was earned already.
    fn pay_policies(
        account: &SubAccount<T::AccountId>,
        market: MarketId,
        loss: Usd,
    ) -> Option<Usd> {
        let mut policies = Policies::<T>::get(account, market);
        let (now, day) = (Self::now(), Self::day());
        if !policies.iter().any(|policy| policy.is_in_force(now)) {
            return Some(Usd::ZERO);
        }
        let mut book = CoverBooks::<T>::get(market);
        let mut left = loss;
        for policy in policies.iter_mut().filter(|policy| policy.is_in_force(now)) {
            let part = policy.left.min(left);
            if part.is_zero() {
                continue;
            }
            left = left.checked_sub(part)?;
            policy.left = policy.left.checked_sub(part)?;
            let finished = policy.left.is_zero().then_some(*policy);
            book = book.paying(part, finished.as_ref(), now)?;
            let last = policy.until.checked_div(day)?;
            let ending = CoverEnds::<T>::get(market, last)
                .paid(part, finished.as_ref().map(|policy| &policy.stream))?;
            if ending == Expiring::default() {
                CoverEnds::<T>::remove(market, last);
            } else {
                CoverEnds::<T>::insert(market, last, ending);
            }
        }
        policies.retain(|policy| !policy.is_over(now));
        let paid = loss.checked_sub(left)?;
        let funds = Self::funds_after(paid.checked_neg()).ok()?;
        CoverFunds::<T>::put(funds);
        CoverBooks::<T>::insert(market, book);
        if policies.is_empty() {
            Policies::<T>::remove(account, market);
        } else {
            Policies::<T>::insert(account, market, policies);
        }
        Self::deposit_event(Event::CoverPaid {
            account: account.clone(),
            market,
            loss,
            paid,
            assets: book.pool.assets,
        });
        Some(paid)
    }
}

impl<T: Config> LossCover<T::AccountId> for Pallet<T> {
    fn pay(account: &SubAccount<T::AccountId>, market: MarketId, loss: Usd) -> Usd {
        if loss <= Usd::ZERO {
            return Usd::ZERO;
        }
        // All of it or nothing: a book that does not add up pays nobody.
        with_storage_layer(|| {
            Self::pay_policies(account, market, loss)
                .ok_or_else(|| DispatchError::from(Error::<T>::ArithmeticOverflow))
        })
        .unwrap_or_else(|error| {
            log::error!(
                target: LOG_TARGET,
                "event=cover_failed market={market:?} loss={loss:?} error={error:?}",
            );
            Usd::ZERO
        })
    }

    fn held() -> Usd {
        CoverFunds::<T>::get()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn insure(account: &SubAccount<T::AccountId>, market: MarketId) {
        Self::bench_insure(account, market);
    }
}
