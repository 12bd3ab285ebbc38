//! # Insurance: the fund
//!
//! Trading and liquidation fees flow in, what bankrupt accounts owe flows out, and never more than
//! there is.
//!
//! ## Terminology
//!
//! - *Credit*: income of the fund.
//! - *Draw*: payment for a loss that an account could not bear itself.
//! - *Contribution*: income from somebody's wallet.
//!
//! ## Units
//!
//! All amounts are [`Usd`], base units of the settlement asset. The tokens themselves lie in
//! `Margin`'s pot; this pallet knows which part of the pot is the fund's.
//!
//! ## Invariants
//!
//! - 1 (its share of it): `received - paid == balance`, and the balance is never negative, so the
//!   fund's part of the pot identity is always backed.
//!
//! ## Flow
//!
//! `Margin` credits trading fees and the fund's half of liquidation fees, `Liquidation` draws for
//! shortfalls, both through [`LossFund`]. Anyone may [`contribute`](Pallet::contribute).

#![cfg_attr(not(feature = "std"), no_std)]

pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use bulwark_primitives::{MarketId, Usd};
use bulwark_traits::{Custody, LossFund};
use frame_support::pallet_prelude::*;
use sp_runtime::TryRuntimeError;

pub use pallet::*;
pub use weights::WeightInfo;

const LOG_TARGET: &str = "runtime::insurance";

// What the macro makes: storage types without `Debug`, and casts of enum indices.
#[allow(missing_debug_implementations, clippy::as_conversions)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Where contributed tokens go.
        type Custody: Custody<Self::AccountId>;
        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// What is in the fund.
    #[pallet::storage]
    pub type Balance<T> = StorageValue<_, Usd, ValueQuery>;

    /// All income since genesis, the first balance included.
    #[pallet::storage]
    pub type TotalReceived<T> = StorageValue<_, Usd, ValueQuery>;

    /// All payments since genesis.
    #[pallet::storage]
    pub type TotalPaid<T> = StorageValue<_, Usd, ValueQuery>;

    /// The first fund.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// What is in the fund; the same amount has to be in `Margin`'s genesis, which mints it
        /// into the pot.
        pub balance: Usd,
        /// Nothing.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Panics on a negative balance: such a chain must not start.
        fn build(&self) {
            assert!(!self.balance.is_negative(), "negative insurance fund");
            Balance::<T>::put(self.balance);
            TotalReceived::<T>::put(self.balance);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// Somebody gave to the fund.
        Contributed {
            /// Who.
            who: T::AccountId,
            /// How much.
            amount: Usd,
        },
        /// The fund has new income, contributions included.
        Credited {
            /// How much.
            amount: Usd,
            /// What is in the fund now.
            balance: Usd,
        },
        /// The fund paid for a loss.
        Drawn {
            /// The market in which the loss was made.
            market: MarketId,
            /// What was asked for.
            asked: Usd,
            /// What was paid.
            paid: Usd,
            /// What is in the fund now.
            balance: Usd,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// A contribution has to be more than nothing.
        NothingContributed,
        /// The fund cannot count that far.
        ArithmeticOverflow,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Gives `amount` of the settlement asset to the fund, for good.
        ///
        /// Origin: signed. Effects: the tokens move from the wallet into the pot, the fund grows.
        /// Errors: `NothingContributed`, `ArithmeticOverflow`, or why the wallet cannot pay.
        /// Events: `Credited`, `Contributed`. Complexity: O(1).
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::contribute())]
        pub fn contribute(origin: OriginFor<T>, amount: Usd) -> DispatchResult {
            let who = ensure_signed(origin)?;
            ensure!(amount > Usd::ZERO, Error::<T>::NothingContributed);
            T::Custody::collect(&who, amount)?;
            Self::receive(amount)?;
            Self::deposit_event(Event::Contributed { who, amount });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// What is in the fund, what came in and what was paid since genesis.
        pub fn fund() -> (Usd, Usd, Usd) {
            (
                Balance::<T>::get(),
                TotalReceived::<T>::get(),
                TotalPaid::<T>::get(),
            )
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Adds `amount`, which is not negative, or changes nothing.
    fn receive(amount: Usd) -> Result<(), Error<T>> {
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

    /// Checks that the fund is what came in less what went out, and not negative.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let balance = Balance::<T>::get();
        ensure!(!balance.is_negative(), "1: the insurance fund is negative");
        ensure!(
            TotalReceived::<T>::get().checked_sub(TotalPaid::<T>::get()) == Some(balance),
            "1: the insurance fund is not what it received less what it paid"
        );
        Ok(())
    }
}

impl<T: Config> LossFund for Pallet<T> {
    fn balance() -> Usd {
        Balance::<T>::get()
    }

    fn credit(amount: Usd) {
        if amount <= Usd::ZERO {
            return;
        }
        if Self::receive(amount).is_err() {
            // More than 10^32 USD of fees: cannot happen while the pot identity holds.
            log::error!(target: LOG_TARGET, "a credit of {amount:?} does not fit the fund");
        }
    }

    fn draw(market: MarketId, amount: Usd) -> Usd {
        if amount <= Usd::ZERO {
            return Usd::ZERO;
        }
        let before = Balance::<T>::get();
        let paid = amount.min(before).max(Usd::ZERO);
        let (Some(balance), Some(total)) = (
            before.checked_sub(paid),
            TotalPaid::<T>::get().checked_add(paid),
        ) else {
            log::error!(target: LOG_TARGET, "a payment of {paid:?} does not fit the fund");
            return Usd::ZERO;
        };
        Balance::<T>::put(balance);
        TotalPaid::<T>::put(total);
        Self::deposit_event(Event::Drawn {
            market,
            asked: amount,
            paid,
            balance,
        });
        paid
    }
}
