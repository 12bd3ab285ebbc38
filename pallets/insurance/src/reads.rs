//! What is asked about cover from outside.

use crate::{cover::CoverQuote, Config, Pallet, Policies, Policy};
use alloc::vec::Vec;
use bulwark_primitives::{MarketId, Rate, SubAccount, Usd};
use codec::{Decode, Encode};
use frame_support::traits::Get;
use frame_system::pallet_prelude::BlockNumberFor;
use scale_info::TypeInfo;
use sp_runtime::traits::Saturating;

/// The underwriters' pool of a market in one look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CoverPool {
    /// What underwriters have, with what is earned of the premiums.
    pub assets: Usd,
    /// All their shares.
    pub shares: u128,
    /// What those have who asked for the way out, rounded up.
    pub leaving: Usd,
    /// What can be sold in all.
    pub capacity: Usd,
    /// What is sold.
    pub sold: Usd,
    /// How much of the capacity that is, rounded up, at most 100 %.
    pub utilisation: Rate,
    /// Premiums that are paid and not earned.
    pub unearned: Usd,
}

/// What somebody has in the underwriters' pool of a market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Underwriting<BlockNumber> {
    /// Shares, those on their way out included.
    pub shares: u128,
    /// What they are worth now, rounded down.
    pub worth: Usd,
    /// Shares on their way out, with the first and the last block in which they may be claimed.
    pub requested: Option<(u128, BlockNumber, BlockNumber)>,
}

impl<T: Config> Pallet<T> {
    pub(crate) fn quoted(market: MarketId, cover: Usd, days: u32) -> Option<CoverQuote> {
        let (book, _) = Self::accrued(market).ok()?;
        if Self::cover_loss_is_open(&book) {
            return None;
        }
        Self::quote(&book, market, cover, days).ok()
    }

    pub(crate) fn pool_of(market: MarketId) -> Option<CoverPool> {
        let (book, _) = Self::accrued(market).ok()?;
        let capacity = book.capacity()?;
        Some(CoverPool {
            assets: book.pool.assets,
            shares: book.pool.shares,
            leaving: book.pool.assets.checked_sub(capacity)?,
            capacity,
            sold: book.sold,
            utilisation: book.utilisation()?,
            unearned: book.unearned,
        })
    }

    pub(crate) fn policies_of(account: &SubAccount<T::AccountId>) -> Vec<(MarketId, Policy)> {
        let now = Self::now();
        let mut found: Vec<_> = Policies::<T>::iter_prefix(account)
            .flat_map(|(market, policies)| policies.into_iter().map(move |policy| (market, policy)))
            .filter(|(_, policy)| !policy.is_over(now))
            .collect();
        found.sort_by_key(|(market, policy)| (*market, policy.until));
        found
    }

    pub(crate) fn underwriter_of(
        market: MarketId,
        who: &T::AccountId,
    ) -> Option<Underwriting<BlockNumberFor<T>>> {
        let (book, _) = Self::accrued(market).ok()?;
        let stake = Self::underwriting_of(&book, market, who);
        if stake.shares == 0 {
            return None;
        }
        let requested = stake.request.map(|request| {
            let from = request.since.saturating_add(T::CoverCooldown::get());
            let until = from.saturating_add(T::ClaimWindow::get());
            (request.shares, from, until)
        });
        Some(Underwriting {
            shares: stake.shares,
            worth: book.pool.worth(stake.shares)?,
            requested,
        })
    }
}
