//! Depositors: what they get for what they put in, and what they get out.
//!
//! Shares are bought at the better value of the vault and paid at the worse one, so neither who comes nor
//! who leaves gains by a price that is not the true one, and every rounding is in favour of those who are in.
//! Prices are made as if a dollar more were in the vault and shares for it out ([`VIRTUAL`]): so nobody who
//! is alone can make a share so dear that others get none for what they pay. It costs the depositors that
//! dollar's part of what is gained.

use crate::{
    types::{Holding, Issued, Request, Summary, Value},
    AtRisk, Books, Config, DayLosses, Error, Event, Held, Holdings, Pallet, Params, Total,
};
use bulwark_primitives::{MarketId, Shares, Usd};
use bulwark_risk_math::{
    backstop::{are_worthless, value_range},
    fraction,
    interest::Pool,
    MathError, Rounding,
};
use bulwark_traits::{BackstopLedger, LiquidationLedger, MarketRegistry, OpenLosses, PriceSource};
use frame_support::{ensure, traits::Get};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{traits::Saturating, DispatchError, DispatchResult};

/// Smallest deposit.
pub const MIN_DEPOSIT: Usd = Usd::dollars(100);
/// What prices of shares count on top: a dollar, and what it buys at first, a million of shares a base unit.
pub const VIRTUAL: (Usd, Shares) = (Usd::dollars(1), Shares(1_000_000_000_000));

pub(crate) fn math<T: Config>(error: MathError) -> Error<T> {
    match error {
        MathError::Overflow | MathError::DivisionByZero => Error::<T>::ArithmeticOverflow,
    }
}

impl<T: Config> Pallet<T> {
    /// What a depositor has; nothing when the epoch of it is over.
    pub fn holding_of(who: &T::AccountId) -> Holding<BlockNumberFor<T>> {
        let epoch = Total::<T>::get().epoch;
        let holding = Holdings::<T>::get(who);
        if holding.epoch == epoch {
            return holding;
        }
        Holding {
            epoch,
            ..Holding::default()
        }
    }

    /// What the vault is worth at the prices of this block.
    ///
    /// # Errors
    /// `NoPrice` when a market in which it has a position has no clean one.
    pub(crate) fn value() -> Result<Value, Error<T>> {
        let free = T::Ledger::balance(&Self::free_account());
        let start = Value {
            worse: free,
            better: free,
            notional: Usd::ZERO,
        };
        Held::<T>::get()
            .into_iter()
            .try_fold(start, |value, market| Self::with_market(value, market))
    }

    fn with_market(value: Value, market: MarketId) -> Result<Value, Error<T>> {
        let account = Self::market_account(market).ok_or(Error::<T>::ArithmeticOverflow)?;
        let params = T::Registry::market(market).ok_or(Error::<T>::NoPrice)?;
        let mark = T::Prices::price(params.index_asset).map_err(|_| Error::<T>::NoPrice)?;
        let range = T::Prices::range(params.index_asset).map_err(|_| Error::<T>::NoPrice)?;
        let health = T::Ledger::health(&account).map_err(|_| Error::<T>::NoPrice)?;
        let size = Self::size_of(market);
        let (worse, better) = value_range(health.equity, size, mark, range).map_err(math::<T>)?;
        let sum = |a: Usd, b: Usd| a.checked_add(b).ok_or(Error::<T>::ArithmeticOverflow);
        Ok(Value {
            worse: sum(value.worse, worse)?,
            better: sum(value.better, better)?,
            notional: sum(value.notional, health.notional)?,
        })
    }

    /// The pool that shares are bought from, with what is [`VIRTUAL`] in it.
    fn pool(value: Usd, shares: Shares) -> Option<Pool> {
        Some(Pool {
            supplied: value.checked_add(VIRTUAL.0)?,
            shares: shares.checked_add(VIRTUAL.1)?,
            ..Pool::default()
        })
    }

    /// What shares are paid at, rounded down: their part of `value`, with what is virtual or without, whichever
    /// is less, so that they never get more than there is.
    fn pay_of(value: Usd, all: Shares, shares: Shares) -> Result<Usd, Error<T>> {
        let with_virtual = Self::pool(value, all).ok_or(Error::<T>::ArithmeticOverflow)?;
        let without = Pool {
            supplied: value,
            shares: all,
            ..Pool::default()
        };
        let with_virtual = with_virtual.value(shares).map_err(math::<T>)?;
        Ok(without.value(shares).map_err(math::<T>)?.min(with_virtual))
    }

    /// What shares are worth at the worse prices.
    pub(crate) fn worth(shares: Shares) -> Option<Usd> {
        if shares.is_zero() {
            return Some(Usd::ZERO);
        }
        let value = Self::value().ok()?;
        Self::pay_of(value.worse, Total::<T>::get().shares, shares).ok()
    }

    /// All shares; none, and a new epoch, when those there are count as lost.
    fn issued(value: &Value) -> Result<Issued, Error<T>> {
        let issued = Total::<T>::get();
        if issued.shares.is_zero() || !are_worthless(value.better, issued.shares.0) {
            return Ok(issued);
        }
        ensure!(Held::<T>::get().is_empty(), Error::<T>::Exhausted);
        let epoch = issued
            .epoch
            .checked_add(1)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        Self::deposit_event(Event::EpochEnded {
            epoch: issued.epoch,
        });
        Ok(Issued {
            shares: Shares::ZERO,
            epoch,
        })
    }

    /// Returns in how many markets there are positions.
    pub(crate) fn do_deposit(who: T::AccountId, amount: Usd) -> Result<u32, DispatchError> {
        ensure!(amount >= MIN_DEPOSIT, Error::<T>::BelowMinimumDeposit);
        let value = Self::value()?;
        let issued = Self::issued(&value)?;
        let (_, shares) = Self::pool(value.better, issued.shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?
            .supply(amount)
            .map_err(math::<T>)?;
        ensure!(!shares.is_zero(), Error::<T>::BelowMinimumDeposit);
        let all = issued
            .shares
            .checked_add(shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        Total::<T>::put(Issued {
            shares: all,
            ..issued
        });
        let mut holding = Self::holding_of(&who);
        holding.shares = holding
            .shares
            .checked_add(shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        T::Ledger::deposit(&who, &Self::free_account(), amount)?;
        Holdings::<T>::insert(&who, holding);
        Self::deposit_event(Event::Deposited {
            who,
            amount,
            shares,
        });
        Ok(Self::held())
    }

    pub(crate) fn do_request(who: T::AccountId, shares: Shares) -> DispatchResult {
        let holding = Self::holding_of(&who);
        ensure!(
            !shares.is_zero() && shares <= holding.shares,
            Error::<T>::NotThatManyShares
        );
        let since = frame_system::Pallet::<T>::block_number();
        let request = Some(Request { shares, since });
        Holdings::<T>::insert(&who, Holding { request, ..holding });
        Self::deposit_event(Event::WithdrawalRequested {
            who,
            shares,
            claimable_from: since.saturating_add(T::Cooldown::get()),
        });
        Ok(())
    }

    fn ensure_ripe(request: &Request<BlockNumberFor<T>>) -> Result<(), Error<T>> {
        let now = frame_system::Pallet::<T>::block_number();
        let from = request.since.saturating_add(T::Cooldown::get());
        ensure!(now >= from, Error::<T>::CoolingDown);
        let until = from.saturating_add(T::ClaimWindow::get());
        ensure!(now <= until, Error::<T>::RequestExpired);
        ensure!(!T::OpenLosses::is_open(), Error::<T>::LossOpen);
        Ok(())
    }

    /// Checks that what stays carries what is held.
    fn ensure_may_leave(value: &Value, amount: Usd) -> Result<(), Error<T>> {
        let overflow = Error::<T>::ArithmeticOverflow;
        let left = value.worse.checked_sub(amount).ok_or(overflow)?;
        let most =
            fraction(left, Params::<T>::get().exit_notional, Rounding::Down).map_err(math::<T>)?;
        ensure!(value.notional <= most, Error::<T>::HoldsTooMuch);
        ensure!(
            amount <= T::Ledger::balance(&Self::free_account()),
            Error::<T>::CapitalAtRisk
        );
        Ok(())
    }

    /// Returns in how many markets there are positions.
    pub(crate) fn do_withdraw(who: T::AccountId) -> Result<u32, DispatchError> {
        let mut holding = Self::holding_of(&who);
        let request = holding.request.ok_or(Error::<T>::NothingRequested)?;
        Self::ensure_ripe(&request)?;
        let value = Self::value()?;
        let issued = Total::<T>::get();
        let amount = Self::pay_of(value.worse, issued.shares, request.shares)?;
        let all = issued
            .shares
            .checked_sub(request.shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        Self::ensure_may_leave(&value, amount)?;
        holding.shares = holding
            .shares
            .checked_sub(request.shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        holding.request = None;
        if amount > Usd::ZERO {
            T::Ledger::withdraw(&Self::free_account(), &who, amount)?;
        }
        Total::<T>::put(Issued {
            shares: all,
            ..issued
        });
        if holding.shares.is_zero() {
            Holdings::<T>::remove(&who);
        } else {
            Holdings::<T>::insert(&who, holding);
        }
        Self::deposit_event(Event::Withdrawn {
            who,
            amount,
            shares: request.shares,
        });
        Ok(Self::held())
    }

    fn held() -> u32 {
        u32::try_from(Held::<T>::decode_len().unwrap_or_default()).unwrap_or(u32::MAX)
    }

    pub(crate) fn summary() -> Summary {
        let losses = DayLosses::<T>::get();
        Summary {
            value: Self::value().ok().map(|value| (value.worse, value.better)),
            free: T::Ledger::balance(&Self::free_account()),
            at_risk: AtRisk::<T>::get(),
            shares: Total::<T>::get().shares,
            lost_today: losses.until(Self::quarter()).unwrap_or(Usd::MAX),
            held: Held::<T>::get()
                .into_iter()
                .map(|market| (market, Books::<T>::get(market).allotted))
                .collect(),
        }
    }
}
