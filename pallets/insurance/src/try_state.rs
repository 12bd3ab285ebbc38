//! This pallet's share of the numbered invariants, recomputed.

use crate::{
    book::{CoverBook, Expiring},
    types::{Pool, Stake},
    Balance, Config, CoverBooks, CoverEnds, CoverFunds, CoverParameters, Pallet, Policies,
    StakePool, Stakes, TotalPaid, TotalReceived, Underwriters,
};
use alloc::collections::BTreeMap;
use bulwark_primitives::{MarketId, Usd};
use bulwark_risk_math::cover::PREMIUM_SCALE;
use frame_support::ensure;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks that the fund is what came in less what went out, that nothing is negative, that shares sum up,
    /// and that the books of cover are what policies and underwriters say.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let balance = Balance::<T>::get();
        ensure!(!balance.is_negative(), "1: the insurance fund is negative");
        ensure!(
            TotalReceived::<T>::get().checked_sub(TotalPaid::<T>::get()) == Some(balance),
            "1: the insurance fund is not what it received less what it paid"
        );
        Self::try_pool(&StakePool::<T>::get(), Stakes::<T>::iter_values())?;
        ensure!(
            CoverParameters::<T>::get().is_valid(),
            "11: a parameter of cover is outside its bounds"
        );
        Self::try_cover()
    }

    /// A pool is not negative, and its shares are those of its holders. Returns how many of them are requested.
    fn try_pool(
        pool: &Pool,
        holders: impl Iterator<Item = Stake<BlockNumberFor<T>>>,
    ) -> Result<u128, TryRuntimeError> {
        ensure!(!pool.assets.is_negative(), "1: a pool is negative");
        ensure!(
            pool.shares > 0 || pool.assets.is_zero(),
            "8: a pool has money and nobody to whom it belongs"
        );
        let (mut shares, mut requested) = (0u128, 0u128);
        for stake in holders {
            ensure!(stake.shares > 0, "8: a holder without shares is stored");
            ensure!(
                stake.requested() <= stake.shares,
                "8: more shares are requested than there are"
            );
            let stake = stake.in_epoch(pool.epoch);
            shares = shares
                .checked_add(stake.shares)
                .ok_or("8: shares do not fit")?;
            requested = requested
                .checked_add(stake.requested())
                .ok_or("8: shares do not fit")?;
        }
        ensure!(
            shares == pool.shares,
            "8: the pool's shares are not those of its holders"
        );
        Ok(requested)
    }

    fn try_cover() -> Result<(), TryRuntimeError> {
        let mut funds = Usd::ZERO;
        let mut sold = Self::sold_by_day()?;
        for (market, book) in CoverBooks::<T>::iter() {
            let holders = Underwriters::<T>::iter_prefix_values(market);
            ensure!(
                Self::try_pool(&book.pool, holders)? == book.leaving,
                "8: the shares that leave are not those that were requested"
            );
            Self::try_book(market, &book, &mut sold)?;
            funds = book
                .held()
                .and_then(|held| funds.checked_add(held))
                .ok_or("1: a sum does not fit")?;
        }
        ensure!(sold.is_empty(), "8: a policy is sold that no book knows");
        ensure!(
            funds == CoverFunds::<T>::get(),
            "1: what cover holds is not the sum of its books"
        );
        Ok(())
    }

    /// What the policies that are not over can pay, by market and day of their end.
    fn sold_by_day() -> Result<BTreeMap<(MarketId, u32), Expiring>, TryRuntimeError> {
        let (now, day) = (Self::now(), Self::day());
        let mut sold: BTreeMap<_, Expiring> = BTreeMap::new();
        for (_, market, policies) in Policies::<T>::iter() {
            ensure!(!policies.is_empty(), "8: no policies are stored");
            for policy in policies {
                ensure!(
                    policy.left > Usd::ZERO && policy.from < policy.until,
                    "8: a policy that never pays is stored"
                );
                if policy.is_over(now) {
                    continue;
                }
                let last = policy.until.checked_div(day).unwrap_or_default();
                let sum = sold.entry((market, last)).or_default();
                *sum = sum.with(&policy).ok_or("8: a sum does not fit")?;
            }
        }
        Ok(sold)
    }

    /// What is sold is backed, ends with its days, and what is not earned is what the days still bring.
    fn try_book(
        market: MarketId,
        book: &CoverBook,
        sold: &mut BTreeMap<(MarketId, u32), Expiring>,
    ) -> Result<(), TryRuntimeError> {
        ensure!(
            !book.sold.is_negative() && book.sold <= book.pool.assets,
            "1: more cover is sold than underwriters have"
        );
        ensure!(!book.unearned.is_negative(), "1: premiums are negative");
        let (now, day) = (Self::now(), Self::day());
        let mut all = Expiring::default();
        let mut fine = book.rest;
        for (last, ending) in CoverEnds::<T>::iter_prefix(market) {
            let end = last.checked_mul(day).ok_or("8: a day does not fit")?;
            let blocks = end
                .checked_sub(book.earned_to)
                .ok_or("8: a day is over and still there")?;
            let of_policies = sold.remove(&(market, last));
            ensure!(
                end <= now || of_policies == Some(ending),
                "8: what ends with a day is not the sum of its policies"
            );
            fine = ending
                .stream
                .rest(blocks)
                .ok()
                .and_then(|rest| fine.checked_add(rest))
                .ok_or("8: premiums do not fit")?;
            let stream = all.stream.plus(&ending.stream).ok();
            all = all
                .cover
                .checked_add(ending.cover)
                .zip(stream)
                .map(|(cover, stream)| Expiring { cover, stream })
                .ok_or("8: a sum does not fit")?;
        }
        ensure!(
            all.cover == book.sold && all.stream.rate == book.rate,
            "8: what is sold does not end"
        );
        let unearned = u128::try_from(book.unearned.0)
            .ok()
            .and_then(|whole| whole.checked_mul(PREMIUM_SCALE));
        ensure!(
            unearned == Some(fine),
            "1: premiums that are not earned are not what the policies still bring"
        );
        Ok(())
    }
}
