//! What the fund pays, and whose money it is.

use crate::{
    types::{share_of, Pool, Window},
    Balance, Config, Error, Event, LastLoss, Pallet, StakePool, TotalPaid, TotalReceived, Windows,
    LOG_TARGET,
};
use bulwark_primitives::{MarketId, Rate, Usd};
use bulwark_risk_math::{fraction, mul_div, Rounding};
use bulwark_traits::{LossFund, MarketRegistry, Purse, Reserves};
use frame_support::traits::Get;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::traits::Saturating;

impl<T: Config> Pallet<T> {
    /// The window of a market; a new one when the last is over.
    pub(crate) fn window(market: MarketId) -> Window<BlockNumberFor<T>> {
        let now = frame_system::Pallet::<T>::block_number();
        Windows::<T>::get(market)
            .filter(|window| now.saturating_sub(window.start) < T::LossWindow::get())
            .unwrap_or(Window {
                start: now,
                ..Window::default()
            })
    }

    /// What a loss of `market` could take now. Shares round down.
    pub(crate) fn reserves(market: MarketId) -> Option<Reserves> {
        let window = Self::window(market);
        let balance = Balance::<T>::get();
        let pool = StakePool::<T>::get().assets;
        let fees = window.fees.min(balance);
        let rest = balance.checked_sub(fees)?;
        let share = match T::Registry::market(market) {
            Some(params) => share_of(params.tier),
            // The fund has a part of all interest, and a loan has no tier.
            None if market == MarketId::LOANS => Rate::ONE,
            None => Rate::ZERO,
        };
        // Of what there was before this market took any of it.
        let base = rest.checked_add(pool)?.checked_add(window.drawn)?;
        let most = fraction(base, share, Rounding::Down)
            .ok()?
            .checked_sub(window.drawn)?
            .max(Usd::ZERO);
        let own = rest.min(most);
        let stakers = pool.min(most.checked_sub(own)?);
        Some(Reserves { fees, own, stakers })
    }

    /// Adds income, of which stakers get the part that their money is of the fund, rounded down.
    pub(crate) fn earn(amount: Usd) -> Result<(), Error<T>> {
        let overflow = Error::<T>::ArithmeticOverflow;
        let pool = StakePool::<T>::get();
        let balance = Balance::<T>::get();
        let unsigned =
            |value: Usd| u128::try_from(value.0).map_err(|_| Error::<T>::ArithmeticOverflow);
        let all = balance.checked_add(pool.assets).ok_or(overflow)?;
        let theirs = match unsigned(all)? {
            0 => 0,
            all => mul_div(
                unsigned(amount)?,
                unsigned(pool.assets)?,
                all,
                Rounding::Down,
            )
            .map_err(|_| Error::<T>::ArithmeticOverflow)?,
        };
        let theirs = Usd(i128::try_from(theirs).map_err(|_| Error::<T>::ArithmeticOverflow)?);
        let own = amount
            .checked_sub(theirs)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        let assets = pool
            .assets
            .checked_add(theirs)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        // What both have together has to fit too.
        all.checked_add(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        Self::receive(own)?;
        if theirs > Usd::ZERO {
            StakePool::<T>::put(Pool { assets, ..pool });
            Self::deposit_event(Event::StakersCredited {
                amount: theirs,
                assets,
            });
        }
        Ok(())
    }

    /// Books a payment of these parts, all of which are there.
    fn pay(market: MarketId, parts: Reserves) -> Option<()> {
        let own = parts.fees.checked_add(parts.own)?;
        let balance = Balance::<T>::get().checked_sub(own)?;
        let total = TotalPaid::<T>::get().checked_add(own)?;
        let pool = StakePool::<T>::get();
        let assets = pool.assets.checked_sub(parts.stakers)?;
        let window = Self::window(market);
        let drawn = window
            .drawn
            .checked_add(parts.own)?
            .checked_add(parts.stakers)?;
        let fees = window.fees.checked_sub(parts.fees)?;
        Balance::<T>::put(balance);
        TotalPaid::<T>::put(total);
        Windows::<T>::insert(
            market,
            Window {
                drawn,
                fees,
                ..window
            },
        );
        if parts.stakers > Usd::ZERO {
            StakePool::<T>::put(pool.left_with(assets));
            Self::deposit_event(Event::StakersCharged {
                amount: parts.stakers,
                assets,
            });
        }
        Some(())
    }
}

impl<T: Config> LossFund for Pallet<T> {
    fn balance() -> Usd {
        // Both are parts of one pot of tokens, and what comes in is checked to fit together.
        let pool = StakePool::<T>::get().assets;
        Balance::<T>::get().checked_add(pool).unwrap_or(Usd::MAX)
    }

    fn available(market: MarketId) -> Reserves {
        Self::reserves(market).unwrap_or_default()
    }

    fn credit(amount: Usd) {
        if amount <= Usd::ZERO {
            return;
        }
        if Self::earn(amount).is_err() {
            // More than 10^32 USD of fees: cannot happen while the pot identity holds.
            log::error!(target: LOG_TARGET, "a credit of {amount:?} does not fit the fund");
        }
    }

    fn earmark(market: MarketId, amount: Usd) {
        if amount <= Usd::ZERO {
            return;
        }
        let window = Self::window(market);
        if let Some(fees) = window.fees.checked_add(amount) {
            Windows::<T>::insert(market, Window { fees, ..window });
        }
    }

    fn draw(market: MarketId, amount: Usd) -> Usd {
        if amount <= Usd::ZERO {
            return Usd::ZERO;
        }
        LastLoss::<T>::put(frame_system::Pallet::<T>::block_number());
        let reserves = Self::available(market);
        let paid = amount.min(reserves.total().unwrap_or_default());
        if Self::pay(market, reserves.split(paid)).is_none() {
            log::error!(target: LOG_TARGET, "a payment of {paid:?} does not fit the fund");
            return Usd::ZERO;
        }
        Self::deposit_event(Event::Drawn {
            market,
            asked: amount,
            paid,
            balance: Balance::<T>::get(),
        });
        paid
    }
}

impl<T: Config> Purse for Pallet<T> {
    fn spend(amount: Usd) -> Usd {
        let balance = Balance::<T>::get();
        let paid = amount.min(balance).max(Usd::ZERO);
        let (Some(balance), Some(total)) = (
            balance.checked_sub(paid),
            TotalPaid::<T>::get().checked_add(paid),
        ) else {
            log::error!(target: LOG_TARGET, "a purchase of {paid:?} does not fit the fund");
            return Usd::ZERO;
        };
        if paid > Usd::ZERO {
            Balance::<T>::put(balance);
            TotalPaid::<T>::put(total);
            Self::deposit_event(Event::Spent {
                amount: paid,
                balance,
            });
        }
        paid
    }

    fn spendable() -> Usd {
        Balance::<T>::get().max(Usd::ZERO)
    }

    fn refund(amount: Usd) {
        if amount > Usd::ZERO && Self::receive(amount).is_err() {
            log::error!(target: LOG_TARGET, "a refund of {amount:?} does not fit the fund");
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Adds `amount`, which is not negative, to the fund's own money, or changes nothing.
    pub(crate) fn receive(amount: Usd) -> Result<(), Error<T>> {
        let balance = Balance::<T>::get()
            .checked_add(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        let received = TotalReceived::<T>::get()
            .checked_add(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        Balance::<T>::put(balance);
        TotalReceived::<T>::put(received);
        Self::deposit_event(Event::Credited { amount, balance });
        Ok(())
    }
}
