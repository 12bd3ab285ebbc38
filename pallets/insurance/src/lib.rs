//! # Insurance: the fund
//!
//! Trading and liquidation fees flow in, what bankrupt accounts owe flows out, and never more than
//! there is, nor more for one market than its tier allows.
//!
//! ## Terminology
//!
//! - *Credit*: income of the fund.
//! - *Draw*: payment for a loss that an account could not bear itself.
//! - *Contribution*: income from somebody's wallet.
//! - *Window*: a day of one market's losses. Within it they take at most the share of the fund that the
//!   market's tier has ([`types::share_of`]: A all, B 20 %, C 5 %, isolated nothing), of what there
//!   was before they took any.
//! - *Own fees*: liquidation fees that a market brought within its window. Its losses take them first,
//!   and they do not count for the share.
//! - *Stakers*: money of others that stands behind the fund's own. It pays after it, within the same
//!   share, and gets the part of all income that it is of the fund.
//! - *Share*: of the stakers' pool. Income and losses change what a share is worth, so neither
//!   depends on how many stakers there are. When a loss takes all of it a new *epoch* begins, in which old
//!   shares are worth nothing.
//!
//! ## Units
//!
//! All amounts are [`Usd`], base units of the settlement asset. The tokens themselves lie in
//! `Margin`'s pot; this pallet knows which part of the pot is the fund's.
//!
//! ## Invariants
//!
//! - 1 (its share of it): `received - paid == balance` of the fund's own money, and neither it nor the
//!   stakers' is ever negative, so the fund's part of the pot identity is always backed.
//! - 8: the pool's shares are the sum of all stakers' shares of its epoch.
//!
//! ## Flow
//!
//! `Margin` credits trading fees and the fund's half of liquidation fees, `Liquidation` draws for
//! shortfalls, both through [`LossFund`]. Anyone may [`contribute`](Pallet::contribute) for good,
//! or [`stake`](Pallet::stake). Who wants out [asks](Pallet::request_unstake), waits for the cooldown, bears
//! losses all the while, and [claims](Pallet::unstake) within the window after it, unless a loss
//! is open then.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod fund;
pub mod staking;
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use alloc::collections::BTreeMap;
use bulwark_primitives::{MarketId, Usd};
use bulwark_traits::{Custody, MarketRegistry, OpenLosses};
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
    use crate::types::{Pool, Stake, Window};
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Where contributed tokens go.
        type Custody: Custody<Self::AccountId>;
        /// Of which tier a market is.
        type Registry: MarketRegistry;
        /// Whether a loss may be on its way.
        type Losses: OpenLosses;
        /// Blocks of a market's window.
        #[pallet::constant]
        type LossWindow: Get<BlockNumberFor<Self>>;
        /// Blocks between a request to unstake and the first block in which it may be claimed.
        #[pallet::constant]
        type Cooldown: Get<BlockNumberFor<Self>>;
        /// Blocks for which it may be claimed.
        #[pallet::constant]
        type ClaimWindow: Get<BlockNumberFor<Self>>;
        /// Blocks after a loss in which no staker leaves.
        #[pallet::constant]
        type LossGate: Get<BlockNumberFor<Self>>;
        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// The fund's own money.
    #[pallet::storage]
    pub type Balance<T> = StorageValue<_, Usd, ValueQuery>;

    /// What its stakers have in it.
    #[pallet::storage]
    pub type StakePool<T> = StorageValue<_, Pool, ValueQuery>;

    /// Every staker.
    #[pallet::storage]
    pub type Stakes<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Stake<BlockNumberFor<T>>, ValueQuery>;

    /// The day of each market that had a loss or a liquidation fee; at most one a market.
    #[pallet::storage]
    pub type Windows<T: Config> =
        StorageMap<_, Twox64Concat, MarketId, Window<BlockNumberFor<T>>, OptionQuery>;

    /// Block of the last loss that was brought to the fund.
    #[pallet::storage]
    pub type LastLoss<T: Config> = StorageValue<_, BlockNumberFor<T>, OptionQuery>;

    /// All of its own income since genesis, the first balance included.
    #[pallet::storage]
    pub type TotalReceived<T> = StorageValue<_, Usd, ValueQuery>;

    /// All payments of its own since genesis.
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
            /// The fund's own money now.
            balance: Usd,
        },
        /// Stakers got their part of an income.
        StakersCredited {
            /// How much.
            amount: Usd,
            /// What they have together now.
            assets: Usd,
        },
        /// Stakers paid a part of a loss, pro rata.
        StakersCharged {
            /// How much.
            amount: Usd,
            /// What they have together now.
            assets: Usd,
        },
        /// Somebody staked.
        Staked {
            /// Who.
            who: T::AccountId,
            /// How much.
            amount: Usd,
            /// For so many shares.
            shares: u128,
        },
        /// A staker wants out.
        UnstakeRequested {
            /// Who.
            who: T::AccountId,
            /// With how many shares.
            shares: u128,
            /// First block in which they may be claimed.
            claimable_from: BlockNumberFor<T>,
        },
        /// A staker is out.
        Unstaked {
            /// Who.
            who: T::AccountId,
            /// What was paid.
            amount: Usd,
            /// For so many shares.
            shares: u128,
        },
        /// The fund bought collateral of an account that could not pay.
        Spent {
            /// For how much.
            amount: Usd,
            /// The fund's own money now.
            balance: Usd,
        },
        /// The fund paid for a loss.
        Drawn {
            /// The market in which the loss was made.
            market: MarketId,
            /// What was asked for.
            asked: Usd,
            /// What was paid, by stakers too.
            paid: Usd,
            /// The fund's own money now.
            balance: Usd,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// A contribution has to be more than nothing.
        NothingContributed,
        /// The fund cannot count that far.
        ArithmeticOverflow,
        /// Too little to stake.
        BelowMinimumStake,
        /// The staker does not have so many shares, or nothing was asked for.
        NotThatManyShares,
        /// There is no request to unstake.
        NothingRequested,
        /// The cooldown is not over.
        CoolingDown,
        /// It was not claimed in time: the shares stay until they are requested again.
        RequestExpired,
        /// A loss is open, or was a moment ago: stakers stay until it is paid.
        LossOpen,
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

        /// Puts `amount` of the settlement asset behind the fund's own money.
        ///
        /// Origin: signed. Effects: the tokens move from the wallet into the pot, and the signer has shares of
        /// the stakers' pool for them, rounded down. Errors: `BelowMinimumStake`,
        /// `ArithmeticOverflow`, or why the wallet cannot pay. Event: `Staked`. Complexity: O(1),
        /// whatever the number of stakers.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::stake())]
        pub fn stake(origin: OriginFor<T>, amount: Usd) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_stake(who, amount)
        }

        /// Asks for the way out of `shares`; replaces a request made before, whose cooldown is lost.
        ///
        /// Origin: signed. Effects: the shares may be claimed after the cooldown; they earn and lose
        /// like the others until then. Errors: `NotThatManyShares`. Event: `UnstakeRequested`.
        /// Complexity: O(1).
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::request_unstake())]
        pub fn request_unstake(origin: OriginFor<T>, shares: u128) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_request(who, shares)
        }

        /// Pays the requested shares at what they are worth now, rounded down.
        ///
        /// Origin: signed. Effects: the tokens move from the pot into the wallet. Errors:
        /// `NothingRequested`, `CoolingDown`, `RequestExpired`, `LossOpen` while an account is bankrupt and
        /// for `LossGate` blocks after a loss, or why the pot cannot pay. Event: `Unstaked`.
        /// Complexity: O(1).
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::unstake())]
        pub fn unstake(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_unstake(who)
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
    /// Checks that the fund is what came in less what went out, that nothing is negative, and that the
    /// stakers' shares sum up.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let balance = Balance::<T>::get();
        ensure!(!balance.is_negative(), "1: the insurance fund is negative");
        ensure!(
            TotalReceived::<T>::get().checked_sub(TotalPaid::<T>::get()) == Some(balance),
            "1: the insurance fund is not what it received less what it paid"
        );
        let pool = StakePool::<T>::get();
        ensure!(
            !pool.assets.is_negative(),
            "1: the stakers' pool is negative"
        );
        let mut shares: BTreeMap<u32, u128> = BTreeMap::new();
        for stake in Stakes::<T>::iter_values() {
            let sum = shares.entry(stake.epoch).or_default();
            *sum = sum
                .checked_add(stake.shares)
                .ok_or("8: shares do not fit")?;
            ensure!(stake.shares > 0, "8: a staker without shares is stored");
            ensure!(
                stake
                    .request
                    .is_none_or(|request| request.shares <= stake.shares),
                "8: more shares are requested than there are"
            );
        }
        ensure!(
            shares.get(&pool.epoch).copied().unwrap_or_default() == pool.shares,
            "8: the pool's shares are not those of its stakers"
        );
        Ok(())
    }
}
