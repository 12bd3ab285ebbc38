//! Time, supply and redemption: reads, one formula, writes.

use crate::{Books, Config, Error, Event, LastStep, Pallet, Params, Suppliers, LOG_TARGET};
use bulwark_primitives::{Index, MarketStatus, Moment, Rate, Shares, Usd};
use bulwark_risk_math::{
    interest::{accrue, borrow_rate, debt_value, supply_rate, utilisation, Pool},
    mul_div, MathError, Rounding,
};
use bulwark_traits::{
    Custody, DebtBook, LendingPool, LossFund, MarketGuard, MarketRegistry, PoolCustody,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{ensure, traits::Get};
use scale_info::TypeInfo;
use sp_runtime::DispatchError;

/// An hour, in milliseconds: how often the reserve goes to the fund.
const HOUR: Moment = 3_600_000;
/// All of it, in basis points.
const BASIS_POINTS: u128 = 10_000;

/// Up to when interest is booked.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Timing {
    /// Time of the block.
    pub at: Moment,
    /// Whether time stood still in it.
    pub frozen: bool,
}

/// The pool in one look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PoolSummary {
    /// What all suppliers own.
    pub supplied: Usd,
    /// All debts, with interest up to this block.
    pub borrowed: Usd,
    /// What can be redeemed or borrowed now.
    pub available: Usd,
    /// The fund's part of the interest that goes to it at the end of the hour.
    pub reserve: Usd,
    /// All shares.
    pub shares: Shares,
    /// Borrowed over supplied, at most 100 %.
    pub utilisation: Rate,
    /// What a loan costs a year, now.
    pub borrow_rate: Rate,
    /// What a supplier earns a year, now.
    pub supply_rate: Rate,
    /// What one unit borrowed at the beginning has grown to.
    pub borrow_index: Index,
    /// What one unit supplied at the beginning has grown to.
    pub supply_index: Index,
    /// Factor on the curve, rounded up.
    pub scaling: Rate,
    /// Whether no interest is charged now.
    pub frozen: bool,
}

impl<T: Config> From<MathError> for Error<T> {
    fn from(error: MathError) -> Self {
        match error {
            MathError::Overflow | MathError::DivisionByZero => Self::ArithmeticOverflow,
        }
    }
}

/// Whether a position could be closed in such a market, to pay a debt.
const fn trades(status: MarketStatus) -> bool {
    match status {
        MarketStatus::Active | MarketStatus::PostOnly | MarketStatus::ReduceOnly => true,
        MarketStatus::Paused | MarketStatus::Settling | MarketStatus::Closed => false,
    }
}

impl<T: Config> Pallet<T> {
    /// Whether there are markets and none of them trades; and how many were looked at. Complexity:
    /// O(markets), until the first that trades.
    pub(crate) fn is_frozen() -> (bool, u32) {
        let mut looked_at = 0u32;
        for market in T::Registry::market_ids() {
            // No more than there can be markets.
            looked_at = looked_at.saturating_add(1);
            if trades(T::Guard::status(market)) {
                return (false, looked_at);
            }
        }
        (looked_at > 0, looked_at)
    }

    /// Books the interest from the last step to `now`, and once an hour gives the reserve to the fund.
    /// Never fails: what does not fit is not charged.
    pub(crate) fn pass_time(now: Moment, frozen: bool) {
        let last = LastStep::<T>::get();
        LastStep::<T>::put(Timing { at: now, frozen });
        let Some(last) = last else {
            return;
        };
        if !frozen && !last.frozen {
            // A clock that goes back charges nothing, until it is where it was.
            let elapsed = now.saturating_sub(last.at).min(T::MaxStep::get());
            Self::book(elapsed);
        }
        if now / HOUR > last.at / HOUR {
            Self::close_hour();
        }
    }

    fn book(elapsed: Moment) {
        let (books, params) = (Books::<T>::get(), Params::<T>::get());
        match accrue(&books, T::Debts::scaled_debt(), elapsed, &params) {
            Ok(step) => Books::<T>::put(step.pool),
            // Debts of 10^19 USD: cannot happen while the pot identity holds.
            Err(error) => log::error!(target: LOG_TARGET, "no interest is booked: {error}"),
        }
    }

    fn close_hour() {
        let mut books = Books::<T>::get();
        let reserve = books.reserve;
        T::Fund::credit(reserve);
        books.reserve = Usd::ZERO;
        Books::<T>::put(books);
        if let Ok(summary) = Self::summary() {
            Self::deposit_event(Event::HourClosed {
                borrow_index: summary.borrow_index,
                supply_index: summary.supply_index,
                borrow_rate: summary.borrow_rate,
                reserve,
            });
        }
    }

    pub(crate) fn do_supply(who: &T::AccountId, amount: Usd) -> Result<Shares, DispatchError> {
        ensure!(amount > Usd::ZERO, Error::<T>::ZeroAmount);
        let (books, shares) = Books::<T>::get().supply(amount).map_err(Error::<T>::from)?;
        let holding = Suppliers::<T>::get(who)
            .checked_add(shares)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        ensure!(
            holding >= Pool::MIN_HOLDING,
            Error::<T>::BelowMinimumHolding
        );
        T::Custody::collect(who, amount)?;
        Suppliers::<T>::insert(who, holding);
        Books::<T>::put(books);
        Ok(shares)
    }

    pub(crate) fn do_redeem(who: &T::AccountId, shares: Shares) -> Result<Usd, DispatchError> {
        ensure!(!shares.is_zero(), Error::<T>::ZeroAmount);
        let left = Suppliers::<T>::get(who)
            .checked_sub(shares)
            .ok_or(Error::<T>::InsufficientShares)?;
        ensure!(
            left.is_zero() || left >= Pool::MIN_HOLDING,
            Error::<T>::BelowMinimumHolding
        );
        let before = Books::<T>::get();
        let (books, amount) = before.redeem(shares).map_err(Error::<T>::from)?;
        ensure!(amount > Usd::ZERO, Error::<T>::ZeroAmount);
        Self::ensure_liquid(&before, amount)?;
        if left.is_zero() {
            Suppliers::<T>::remove(who);
        } else {
            Suppliers::<T>::insert(who, left);
        }
        Books::<T>::put(books);
        T::Custody::pay_out(who, amount)?;
        Ok(amount)
    }

    fn ensure_liquid(books: &Pool, amount: Usd) -> Result<(), Error<T>> {
        let available = Self::available_of(books)?;
        if amount <= available {
            return Ok(());
        }
        let part = mul_div(
            available.0.unsigned_abs(),
            BASIS_POINTS,
            amount.0.unsigned_abs(),
            Rounding::Down,
        )?;
        Err(Error::<T>::InsufficientLiquidity {
            available_basis_points: u16::try_from(part)
                .map_err(|_| Error::<T>::ArithmeticOverflow)?,
        })
    }

    /// What is not lent, and in the pot: profits that were paid out before the losses of the other side
    /// were realised may have used it.
    fn available_of(books: &Pool) -> Result<Usd, MathError> {
        let unlent = books.available(Self::borrowed(books)?)?;
        Ok(unlent.min(T::Custody::held()).max(Usd::ZERO))
    }

    fn borrowed(books: &Pool) -> Result<Usd, MathError> {
        debt_value(T::Debts::scaled_debt(), books.borrow_index)
    }

    /// The pool in one look.
    pub(crate) fn summary() -> Result<PoolSummary, MathError> {
        let (books, params) = (Books::<T>::get(), Params::<T>::get());
        let borrowed = Self::borrowed(&books)?;
        let utilisation = utilisation(borrowed, books.supplied)?;
        let borrow_rate = borrow_rate(utilisation, books.scaling, &params)?;
        Ok(PoolSummary {
            supplied: books.supplied,
            borrowed,
            available: Self::available_of(&books)?,
            reserve: books.reserve,
            shares: books.shares,
            utilisation,
            borrow_rate,
            supply_rate: supply_rate(borrow_rate, utilisation, &params)?,
            borrow_index: books.borrow_index,
            supply_index: books.supply_index()?,
            scaling: books.scaling.rate_up()?,
            frozen: LastStep::<T>::get().is_some_and(|step| step.frozen),
        })
    }
}

impl<T: Config> LendingPool for Pallet<T> {
    fn borrow_index() -> Index {
        Books::<T>::get().borrow_index
    }

    fn settle(interest: Usd) {
        if interest <= Usd::ZERO {
            return;
        }
        match Books::<T>::get().settle(interest) {
            Ok(books) => Books::<T>::put(books),
            // Interest of 10^32 USD: cannot happen while the pot identity holds.
            Err(error) => log::error!(target: LOG_TARGET, "{interest:?} is not settled: {error}"),
        }
    }

    fn available() -> Usd {
        // What cannot be told cannot be lent.
        Self::available_of(&Books::<T>::get()).unwrap_or(Usd::ZERO)
    }

    fn booked() -> Usd {
        match Books::<T>::get().booked() {
            Ok(booked) => booked,
            Err(error) => {
                log::error!(target: LOG_TARGET, "the books do not fit: {error}");
                Usd::ZERO
            }
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn fill(amount: Usd) {
        if let Ok((books, _)) = Books::<T>::get().supply(amount) {
            Books::<T>::put(books);
        }
    }
}
