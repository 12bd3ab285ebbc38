//! This pallet's share of the numbered invariants.

use crate::{AtRisk, Books, Config, Held, Holdings, Pallet, Params, Total};
use alloc::collections::{BTreeMap, BTreeSet};
use bulwark_primitives::{Shares, Usd};
use bulwark_traits::{BackstopLedger, LiquidationLedger};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks invariants 1, 5, 8 and 11 of the vault.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        ensure!(
            Params::<T>::get().is_valid(),
            "11: a parameter of the backstop vault is out of bounds"
        );
        Self::try_shares()?;
        Self::try_books()?;
        Self::try_accounts()
    }

    fn try_shares() -> Result<(), TryRuntimeError> {
        let issued = Total::<T>::get();
        let mut sums: BTreeMap<u32, Shares> = BTreeMap::new();
        for holding in Holdings::<T>::iter_values() {
            ensure!(
                !holding.shares.is_zero(),
                "8: a depositor of the vault without shares is stored"
            );
            ensure!(
                holding.epoch <= issued.epoch,
                "8: shares of an epoch to come"
            );
            ensure!(
                holding
                    .request
                    .is_none_or(|request| request.shares <= holding.shares),
                "8: more shares of the vault are requested than there are"
            );
            let sum = sums.entry(holding.epoch).or_default();
            *sum = sum
                .checked_add(holding.shares)
                .ok_or("8: shares of the vault do not fit")?;
        }
        ensure!(
            sums.get(&issued.epoch).copied().unwrap_or_default() == issued.shares,
            "8: the vault's shares are not those of its depositors"
        );
        Ok(())
    }

    fn try_books() -> Result<(), TryRuntimeError> {
        let held = Held::<T>::get();
        let set: BTreeSet<_> = held.iter().copied().collect();
        ensure!(set.len() == held.len(), "8: a market is held twice");
        let mut at_risk = Usd::ZERO;
        for (market, book) in Books::<T>::iter() {
            ensure!(
                !book.allotted.is_negative(),
                "8: less than nothing is at risk"
            );
            ensure!(
                book.allotted.is_zero() || set.contains(&market),
                "8: something is at risk in a market that is not held"
            );
            at_risk = at_risk
                .checked_add(book.allotted)
                .ok_or("8: what is at risk does not fit")?;
        }
        ensure!(
            at_risk == AtRisk::<T>::get(),
            "8: what is at risk is not the sum over the markets"
        );
        Ok(())
    }

    fn try_accounts() -> Result<(), TryRuntimeError> {
        let free = Self::free_account();
        ensure!(
            T::Ledger::positions(&free).is_empty(),
            "5: the vault's free account has a position"
        );
        ensure!(
            !T::Ledger::balance(&free).is_negative(),
            "1: the vault's free account has a debt"
        );
        let held = Held::<T>::get();
        for market in Books::<T>::iter_keys() {
            let account = Self::market_account(market).ok_or("8: a market without an account")?;
            let positions = T::Ledger::positions(&account);
            ensure!(
                positions.iter().all(|position| position.market == market),
                "5: the vault has a position where another market's capital is"
            );
            ensure!(
                held.contains(&market)
                    || positions.is_empty() && T::Ledger::balance(&account).is_zero(),
                "8: the vault has something in a market that is not held"
            );
        }
        Ok(())
    }
}
