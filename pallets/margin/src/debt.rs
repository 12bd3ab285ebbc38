//! A negative settlement balance is a loan from the lending pool.
//!
//! The balance of an account is stored as of its last touch, with the borrow index of then beside it when it
//! is negative. Whoever looks at an account [`load`](Pallet::load)s it, with the interest since then taken
//! out of the balance; whoever writes it [`store`](Pallet::store)s it, and the interest goes to the pool.
//! So every touch settles interest, and no account is ever looped over for it. What moves no balance, an order,
//! settles none: triggers that are in place stay true to the last unit.
//!
//! A debt comes from realised losses, funding, fees and its own interest, which may exceed what the pool has:
//! then its use reads 100 % and redemptions wait. And it comes from borrowing, which never does. No other
//! thing that leaves makes a debt.
//!
//! A loan that is asked for is backed by collateral alone, at its initial value and the worse price: the
//! owner of a profit that is not realised could otherwise walk away with it.

use crate::{
    types::Account,
    valuation::{Purpose, Unvalued, View},
    Accounts, Config, Debts, Error, Event, Pallet, TotalDebt, LOG_TARGET,
};
use bulwark_primitives::{Factor, Index, Leg, Quantity, SubAccount, Usd};
use bulwark_risk_math::{
    interest::{debt_now, scaled_debt},
    withdrawal_requirement, MathError,
};
use bulwark_traits::{AccountObserver, DebtBook, LendingPool, MarketRegistry};
use codec::Decode;
use frame_support::{ensure, storage::unhashed};
use sp_runtime::{DispatchResult, TryRuntimeError};

/// A debt as it is stored, and what it has become.
#[derive(Clone, Copy, Debug)]
struct Loan {
    /// The debt divided by the index at which it was stored, rounded up.
    scaled: Quantity,
    /// Interest since then, rounded up.
    interest: Usd,
}

/// What is owed; nothing when the balance is not negative.
fn debt_of(balance: Usd) -> Result<Usd, MathError> {
    balance
        .min(Usd::ZERO)
        .checked_neg()
        .ok_or(MathError::Overflow)
}

impl Loan {
    const NONE: Self = Self {
        scaled: Quantity::ZERO,
        interest: Usd::ZERO,
    };

    fn of(balance: Usd, from: Index, now: Index) -> Result<Self, MathError> {
        let debt = debt_of(balance)?;
        let grown = debt_now(debt, from, now)?;
        Ok(Self {
            scaled: scaled_debt(debt, from)?,
            interest: grown.checked_sub(debt).ok_or(MathError::Overflow)?,
        })
    }
}

impl<T: Config> Pallet<T> {
    /// What an account has in this block: as stored, with the interest of its debt taken out of its balance.
    /// What is written has to come from here.
    pub fn load(who: &SubAccount<T::AccountId>) -> Account<T> {
        Self::with_interest(who, Accounts::<T>::get(who))
    }

    /// The same; `None` for an account that has nothing.
    pub fn try_load(who: &SubAccount<T::AccountId>) -> Option<Account<T>> {
        let stored = Accounts::<T>::try_get(who).ok()?;
        Some(Self::with_interest(who, stored))
    }

    pub(crate) fn with_interest(
        who: &SubAccount<T::AccountId>,
        mut account: Account<T>,
    ) -> Account<T> {
        let loan = Self::loan(who, account.balance, T::Pool::borrow_index);
        if let Some(left) = account.balance.checked_sub(loan.interest) {
            account.balance = left;
        }
        account
    }

    /// The debt behind a stored balance. One that does not fit bears no interest: there is no debt of 10^32 USD
    /// while the pot identity holds.
    fn loan(who: &SubAccount<T::AccountId>, stored: Usd, now: impl FnOnce() -> Index) -> Loan {
        if !stored.is_negative() {
            return Loan::NONE;
        }
        let now = now();
        let from = Debts::<T>::get(who).unwrap_or(now);
        Loan::of(stored, from, now).unwrap_or_else(|error| {
            log::error!(target: LOG_TARGET, "event=debt_failed account={who:?} error={error}");
            Loan::NONE
        })
    }

    /// Books what storing an account with this balance does to its debt, before it is stored: the interest
    /// up to now, which [`Self::load`] has taken out of it, goes to the pool; the sum of all debts follows.
    pub(crate) fn book_debt(who: &SubAccount<T::AccountId>, balance: Usd) {
        let stored = Self::stored_balance(who);
        if !stored.is_negative() && !balance.is_negative() {
            return;
        }
        let now = T::Pool::borrow_index();
        let before = Self::loan(who, stored, || now);
        // At its own index a debt has no interest.
        let after = Loan::of(balance, now, now).map_or(Quantity::ZERO, |loan| loan.scaled);
        let sum = TotalDebt::<T>::get()
            .checked_sub(before.scaled)
            .and_then(|rest| rest.checked_add(after));
        match sum {
            Some(sum) => TotalDebt::<T>::put(sum),
            // Kept as it is; `try_state` shows it.
            None => log::error!(target: LOG_TARGET, "event=total_debt_failed account={who:?}"),
        }
        if balance.is_negative() {
            Debts::<T>::insert(who, now);
        } else {
            Debts::<T>::remove(who);
        }
        if !before.interest.is_zero() {
            T::Pool::settle(before.interest);
            Self::deposit_event(Event::InterestPaid {
                account: who.clone(),
                amount: before.interest,
            });
        }
    }

    /// The balance as it is stored. The first field of the account is all that is decoded of it.
    fn stored_balance(who: &SubAccount<T::AccountId>) -> Usd {
        unhashed::get_raw(&Accounts::<T>::hashed_key_for(who))
            .and_then(|raw| Usd::decode(&mut raw.as_slice()).ok())
            .unwrap_or_default()
    }

    pub(crate) fn do_borrow(who: SubAccount<T::AccountId>, amount: Usd) -> DispatchResult {
        ensure!(amount > Usd::ZERO, Error::<T>::ZeroAmount);
        let mut account = Self::load(&who);
        let had =
            debt_of(account.balance).map_err(|error| Error::<T>::from(Unvalued::from(error)))?;
        account.balance = account
            .balance
            .checked_sub(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        let owes =
            debt_of(account.balance).map_err(|error| Error::<T>::from(Unvalued::from(error)))?;
        let loan = owes
            .checked_sub(had)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        ensure!(
            loan.is_zero() || loan <= T::Pool::available(),
            Error::<T>::PoolExhausted
        );
        let view = View::from(Purpose::Owner).without_profit();
        let health = Self::value(&account, view).map_err(Error::<T>::from)?;
        let requirement = withdrawal_requirement(&health)
            .map_err(|error| Error::<T>::from(Unvalued::from(error)))?;
        ensure!(
            health.initial_equity >= requirement,
            Error::<T>::LoanNotCovered
        );
        let asset = T::Registry::settlement_asset();
        let tokens = u128::try_from(amount.0).map_err(|_| Error::<T>::ArithmeticOverflow)?;
        Self::store(&who, account);
        Self::release(asset, &who.owner, tokens)?;
        T::Observer::account_changed(&who);
        Self::deposit_event(Event::Withdrawn {
            account: who,
            asset,
            amount: tokens,
        });
        Ok(())
    }

    /// The leg of a loaded account's debt: it loses when the borrow index rises.
    pub(crate) fn leg_of_debt(account: &Account<T>) -> Option<Leg> {
        if !account.balance.is_negative() {
            return None;
        }
        let amount = debt_of(account.balance)
            .and_then(|debt| scaled_debt(debt, T::Pool::borrow_index()))
            // The most there can be, which makes the account due instead of hiding the leg.
            .unwrap_or(Quantity::MAX);
        Some(Leg {
            factor: Factor::Debt,
            amount,
        })
    }

    /// Adds a stored account's debt to a sum, and checks that its index is there iff it has one.
    pub(crate) fn try_debt(
        who: &SubAccount<T::AccountId>,
        stored: &Account<T>,
        sum: Quantity,
    ) -> Result<Quantity, TryRuntimeError> {
        let from = Debts::<T>::get(who);
        ensure!(
            from.is_some() == stored.balance.is_negative(),
            "8: a debt without an index, or an index without a debt"
        );
        let now = T::Pool::borrow_index();
        ensure!(
            from.is_none_or(|from| from <= now),
            "8: a debt is of an index that is still to come"
        );
        let loan = Self::loan(who, stored.balance, || now);
        sum.checked_add(loan.scaled)
            .ok_or_else(|| "8: a sum does not fit".into())
    }
}

impl<T: Config> DebtBook for Pallet<T> {
    fn scaled_debt() -> Quantity {
        TotalDebt::<T>::get()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_scaled_debt(scaled: Quantity) {
        TotalDebt::<T>::put(scaled);
    }
}
