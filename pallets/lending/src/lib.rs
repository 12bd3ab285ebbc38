//! # Lending: the pool of the settlement asset
//!
//! Suppliers put settlement asset into the pool and get shares; whoever has a negative settlement balance
//! borrows from it and pays interest; the insurance fund has a part of that.
//!
//! ## Terminology
//!
//! - *Supplied*: what all suppliers own, interest included.
//! - *Borrowed*: all negative settlement balances, with interest up to this block.
//! - *Use*: borrowed over supplied, at most 100 %.
//! - *Share*: what a supplier has. Its price rises with the interest and never falls.
//! - *Booked*, *settled*: interest is booked when time passes, and settled when the account that owes it is
//!   touched.
//! - *Frozen*: time in which no interest is charged.
//!
//! ## Units
//!
//! [`Usd`] is one base unit of the settlement asset; [`Shares`] have 12 decimals, [`Index`] and scaled debts
//! 18. The tokens themselves lie in `Margin`'s pot; this pallet knows which part of the pot is the pool's.
//!
//! ## Invariants
//!
//! - 1 (its share of it): `supplied + reserve - unsettled` is the pool's part of the ledger, exactly.
//! - 5: a supplier never pays: the price of a share never falls.
//! - 8: all shares are the sum of the suppliers'. Without debts nothing is unsettled.
//! - 11: the parameters are inside their bounds.
//!
//! ## Flow
//!
//! `on_initialize` runs after the brakes and after liquidations, so that both see the debts of the block
//! before, and what interest puts under maintenance is due before people come. It books the interest of the time since
//! the block before ([`accrue`](bulwark_risk_math::interest::accrue)). Then people [`supply`](Pallet::supply)
//! and [`redeem`](Pallet::redeem). Only what is not lent can be redeemed: who comes first, in the order of
//! transactions in blocks, gets it, and the others wait until debts are paid or somebody supplies; the
//! curve makes both worth while. Once an hour the reserve goes to the fund.
//!
//! ## When time stands still
//!
//! A step between two blocks is charged in full or not at all. It is not when at its begin or its end every
//! market is `Paused`, `Settling` or `Closed`: nobody could have closed a position to pay a debt back then.
//! Of a gap between blocks no more than [`Config::MaxStep`] is charged. What was not charged then is never charged.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod invariants;
mod pool;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use bulwark_risk_math::interest::{InterestParams, Pool};
pub use pallet::*;
pub use pool::{PoolSummary, Timing};
pub use weights::WeightInfo;

use bulwark_primitives::{Index, Moment, Rate, Shares, Usd};
use bulwark_traits::{DebtBook, LossFund, MarketGuard, MarketRegistry, PoolCustody};
use frame_support::{pallet_prelude::*, traits::Time};

const LOG_TARGET: &str = "runtime::lending";

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
        /// Where the tokens lie.
        type Custody: PoolCustody<Self::AccountId>;
        /// Who keeps the debts.
        type Debts: DebtBook;
        /// Where the reserve goes.
        type Fund: LossFund;
        /// Which markets there are.
        type Registry: MarketRegistry;
        /// Whether they are halted.
        type Guard: MarketGuard;
        /// The time of the block as `on_initialize` may know it: its slot.
        type Clock: Time<Moment = Moment>;
        /// Who may change the curve.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Most time that one block charges, in milliseconds; longer gaps are outages.
        #[pallet::constant]
        type MaxStep: Get<Moment>;
        /// Least time between two changes of the curve, in milliseconds.
        #[pallet::constant]
        type ChangeInterval: Get<Moment>;
        /// Most markets of the registry: what looking for one that trades costs.
        #[pallet::constant]
        type MaxMarkets: Get<u32>;
        /// Weights of the calls and the hook.
        type WeightInfo: WeightInfo;
    }

    /// The books of the pool.
    #[pallet::storage]
    pub type Books<T> = StorageValue<_, Pool, ValueQuery>;

    /// The curve.
    #[pallet::storage]
    pub type Params<T> = StorageValue<_, InterestParams, ValueQuery>;

    /// When the curve was last changed.
    #[pallet::storage]
    pub type ChangedAt<T> = StorageValue<_, Moment>;

    /// The last step; nothing before the first block.
    #[pallet::storage]
    pub type LastStep<T> = StorageValue<_, Timing>;

    /// Shares of each supplier, none with less than [`Pool::MIN_HOLDING`].
    #[pallet::storage]
    pub type Suppliers<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Shares, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// Somebody supplied.
        Supplied {
            /// Who.
            who: T::AccountId,
            /// How much.
            amount: Usd,
            /// What he got for it.
            shares: Shares,
        },
        /// Somebody took out of the pool.
        Redeemed {
            /// Who.
            who: T::AccountId,
            /// How much.
            amount: Usd,
            /// What he gave for it.
            shares: Shares,
        },
        /// An hour is over.
        HourClosed {
            /// What one unit borrowed at the beginning has grown to.
            borrow_index: Index,
            /// What one unit supplied at the beginning has grown to.
            supply_index: Index,
            /// What a loan costs a year, now.
            borrow_rate: Rate,
            /// What went to the insurance fund.
            reserve: Usd,
        },
        /// The curve was changed.
        ParamsChanged {
            /// The new one.
            params: InterestParams,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// Nothing is not an amount.
        ZeroAmount,
        /// The supplier has fewer shares.
        InsufficientShares,
        /// What a supplier has is nothing or at least the smallest holding, about a dollar.
        BelowMinimumHolding,
        /// The pool has lent too much to pay this now.
        InsufficientLiquidity {
            /// How much of the asked amount there is, in basis points, rounded down. In USD it is
            /// `available` of the pool's summary.
            available_basis_points: u16,
        },
        /// The curve is not one, or outside its bounds.
        InvalidParams,
        /// The curve may not change that far at once.
        StepTooLarge,
        /// The curve was changed a short time ago.
        ChangedRecently,
        /// A number does not fit.
        ArithmeticOverflow,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Books the interest of the time since the last block. `O(markets)` while all are halted,
        /// else until the first that is not.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            let (frozen, looked_at) = Self::is_frozen();
            Self::pass_time(T::Clock::now(), frozen);
            T::WeightInfo::on_initialize(looked_at)
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Puts `amount` of the settlement asset into the pool.
        ///
        /// Works in every halt. Origin: signed. Effects: the tokens move from the wallet into the pot,
        /// the signer gets shares at the price of this block, rounded down. Errors: `ZeroAmount`,
        /// `BelowMinimumHolding`, `ArithmeticOverflow`, or why the wallet cannot pay. Event: `Supplied`.
        /// Complexity: O(1).
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::supply())]
        pub fn supply(origin: OriginFor<T>, amount: Usd) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let shares = Self::do_supply(&who, amount)?;
            Self::deposit_event(Event::Supplied {
                who,
                amount,
                shares,
            });
            Ok(())
        }

        /// Gives `shares` back for what they are worth in this block, rounded down.
        ///
        /// Origin: signed. Effects: the tokens move from the pot into the wallet. Nothing that is lent can
        /// be taken out: then it fails, and may be tried again when debts are paid or others have
        /// supplied. Errors: `ZeroAmount` (also for shares worth nothing), `InsufficientShares`,
        /// `BelowMinimumHolding` when a rest would be left that is too small,
        /// `InsufficientLiquidity`, `ArithmeticOverflow`, or why value may not leave now. Event:
        /// `Redeemed`. Complexity: O(1).
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::redeem())]
        pub fn redeem(origin: OriginFor<T>, shares: Shares) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let amount = Self::do_redeem(&who, shares)?;
            Self::deposit_event(Event::Redeemed {
                who,
                amount,
                shares,
            });
            Ok(())
        }

        /// Changes the curve, from the next step on.
        ///
        /// Origin: `AdminOrigin`. Errors: `InvalidParams`, `StepTooLarge`, `ChangedRecently`. Event:
        /// `ParamsChanged`. Complexity: O(1).
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_params())]
        pub fn set_params(origin: OriginFor<T>, params: InterestParams) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            ensure!(params.is_valid(), Error::<T>::InvalidParams);
            ensure!(
                params.is_step_from(&Params::<T>::get()),
                Error::<T>::StepTooLarge
            );
            let now = T::Clock::now();
            // Before the first change there is nothing to wait for.
            let waited = ChangedAt::<T>::get()
                .is_none_or(|at| now.saturating_sub(at) >= T::ChangeInterval::get());
            ensure!(waited, Error::<T>::ChangedRecently);
            ChangedAt::<T>::put(now);
            Params::<T>::put(params);
            Self::deposit_event(Event::ParamsChanged { params });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The pool in one look; `None` when a number does not fit.
        pub fn pool() -> Option<PoolSummary> {
            Self::summary().ok()
        }

        /// Shares of a supplier, and what they are worth.
        pub fn supplier(who: T::AccountId) -> (Shares, Usd) {
            let shares = Suppliers::<T>::get(who);
            let worth = Books::<T>::get().value(shares);
            (shares, worth.unwrap_or_default())
        }
    }
}
