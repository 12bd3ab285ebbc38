//! # Insurance: the fund, and cover
//!
//! Trading and liquidation fees flow in, what bankrupt accounts owe flows out, and never more than
//! there is, nor more for one market than its tier allows. What the fund cannot pay is taken from the open
//! profits of others; whoever does not want to bear that buys cover from underwriters.
//!
//! ## Terminology
//!
//! - *Credit*: income of the fund.
//! - *Draw*: payment for a loss that an account could not bear itself.
//! - *Contribution*: income from somebody's wallet.
//! - *Window*: a day of one market's losses. Within it they take at most the share of the fund that the
//!   market's tier has ([`types::share_of`]: A and loans all, B 20 %, C 5 %, isolated nothing), of what there
//!   was before they took any.
//! - *Own fees*: liquidation fees that a market brought within its window. Its losses take them first,
//!   and they do not count for the share.
//! - *Stakers*: money of others that stands behind the fund's own. It pays after it, within the same
//!   share, and gets the part of all income that it is of the fund.
//! - *Share*: of the stakers' pool. Income and losses change what a share is worth, so neither
//!   depends on how many stakers there are. When a loss takes all of it a new *epoch* begins, in which old
//!   shares are worth nothing.
//! - *Policy*: pays one account what deleveraging or a haircut takes from it in one market, up to its *cover*, from
//!   the end of a *waiting* time to the end of a day.
//! - *Underwriters*: of one market; whose money pays, and who earn the premiums over the time of the policies.
//!   They have shares of a pool as stakers do.
//! - *Capacity*: what underwriters have that do not leave. Never more than it is sold.
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
//! - 1: in every market what is sold is backed by what underwriters have, and what they have with the premiums that
//!   are not earned is cover's part of the pot.
//! - 8: a pool's shares are the sum of its holders' shares of its epoch; what is sold is the sum of the policies.
//! - 11: the parameters of cover are inside their bounds.
//!
//! ## Flow
//!
//! `Margin` credits trading fees and the fund's half of liquidation fees, `Liquidation` draws for
//! shortfalls, both through [`LossFund`]. Anyone may [`contribute`](Pallet::contribute) for good,
//! or [`stake`](Pallet::stake). Who wants out [asks](Pallet::request_unstake), waits for the cooldown, bears
//! losses all the while, and [claims](Pallet::unstake) within the window after it, unless a loss
//! is open then.
//!
//! Anyone may [`underwrite`](Pallet::underwrite) a market, and anyone with an account may
//! [`buy_cover`](Pallet::buy_cover) for it. `Margin` asks for the payment in the step in which it takes the
//! profit, through [`LossCover`](bulwark_traits::LossCover). Underwriters [ask](Pallet::request_withdrawal), wait and
//! [leave](Pallet::withdraw).

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod book;
pub mod cover;
mod fund;
mod reads;
pub mod shares;
mod staking;
mod try_state;
pub mod types;
mod underwriting;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use bulwark_primitives::{MarketId, SubAccount, SubAccountIndex, Usd};
use bulwark_traits::{Custody, MarketRegistry, OpenLosses};
use frame_support::pallet_prelude::*;

pub use book::{CoverBook, CoverParams, Policy};
pub use cover::CoverQuote;
pub use pallet::*;
pub use reads::{CoverPool, Underwriting};
pub use weights::WeightInfo;

const LOG_TARGET: &str = "runtime::insurance";

// What the macro makes: storage types without `Debug`, and casts of enum indices.
#[allow(missing_debug_implementations, clippy::as_conversions)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::{
        book::{Expiring, MAX_DAYS, MAX_POLICIES},
        types::{Pool, Stake, Window},
    };
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
        /// Who may change what cover costs.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Blocks of a day: policies end with days.
        #[pallet::constant]
        type CoverDay: Get<BlockNumberFor<Self>>;
        /// Blocks between an underwriter's request and the first block in which he may leave; longer than any
        /// policy.
        #[pallet::constant]
        type CoverCooldown: Get<BlockNumberFor<Self>>;
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

    /// The books of cover, by market.
    #[pallet::storage]
    pub type CoverBooks<T> = StorageMap<_, Twox64Concat, MarketId, CoverBook, ValueQuery>;

    /// What ends with each day, by market; at most one entry for each day that a policy can have.
    #[pallet::storage]
    pub type CoverEnds<T> =
        StorageDoubleMap<_, Twox64Concat, MarketId, Twox64Concat, u32, Expiring, ValueQuery>;

    /// What underwriters and premiums of all markets have of the pot.
    #[pallet::storage]
    pub type CoverFunds<T> = StorageValue<_, Usd, ValueQuery>;

    /// Policies of each account in each market, that which ends first first.
    #[pallet::storage]
    pub type Policies<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        SubAccount<T::AccountId>,
        Twox64Concat,
        MarketId,
        BoundedVec<Policy, ConstU32<MAX_POLICIES>>,
        ValueQuery,
    >;

    /// Underwriters of each market.
    #[pallet::storage]
    pub type Underwriters<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        MarketId,
        Blake2_128Concat,
        T::AccountId,
        Stake<BlockNumberFor<T>>,
        ValueQuery,
    >;

    /// What cover costs, and for how long it is sold.
    #[pallet::storage]
    pub type CoverParameters<T> = StorageValue<_, CoverParams, ValueQuery>;

    /// Block in which that was last changed.
    #[pallet::storage]
    pub type CoverChangedAt<T> = StorageValue<_, u32, OptionQuery>;

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
        /// Somebody underwrites a market.
        Underwritten {
            /// The market.
            market: MarketId,
            /// Who.
            who: T::AccountId,
            /// How much.
            amount: Usd,
            /// For so many shares.
            shares: u128,
        },
        /// An underwriter wants out, or stays after all when it is for no shares.
        WithdrawalRequested {
            /// The market.
            market: MarketId,
            /// Who.
            who: T::AccountId,
            /// With how many shares.
            shares: u128,
            /// First block in which they may be claimed.
            claimable_from: BlockNumberFor<T>,
        },
        /// An underwriter is out.
        Withdrawn {
            /// The market.
            market: MarketId,
            /// Who.
            who: T::AccountId,
            /// What was paid.
            amount: Usd,
            /// For so many shares.
            shares: u128,
        },
        /// An account is covered.
        CoverBought {
            /// Whose profit.
            account: SubAccount<T::AccountId>,
            /// In which market.
            market: MarketId,
            /// How much is paid at most.
            cover: Usd,
            /// What it cost.
            premium: Usd,
            /// First block in which it pays.
            from: u32,
            /// First block in which it does not any more.
            until: u32,
        },
        /// Underwriters paid a holder for what was taken from him.
        CoverPaid {
            /// Whom.
            account: SubAccount<T::AccountId>,
            /// In which market.
            market: MarketId,
            /// What was taken.
            loss: Usd,
            /// What was paid of it.
            paid: Usd,
            /// What the market's underwriters have now, premiums apart that were earned since their books were
            /// last settled.
            assets: Usd,
        },
        /// Policies that are over were removed.
        PoliciesRemoved {
            /// Whose.
            account: SubAccount<T::AccountId>,
            /// In which market.
            market: MarketId,
        },
        /// What cover costs was changed.
        CoverParamsChanged {
            /// The new values.
            params: CoverParams,
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
        /// A loss is open, or was a moment ago: stakers and underwriters stay until it is paid, and no cover
        /// is sold.
        LossOpen,
        /// There is no such market.
        UnknownMarket,
        /// Too little to cover.
        BelowMinimumCover,
        /// A policy is for one day at least and for `longest_days` at most.
        InvalidPeriod,
        /// The account has as many policies in the market as it can have.
        TooManyPolicies,
        /// The underwriters who stay have not so much that is free.
        NotEnoughCapacity,
        /// The premium is more than the buyer wants to pay.
        PremiumTooHigh,
        /// What is sold needs this capital.
        CapitalNeeded,
        /// The parameters are outside their bounds.
        InvalidParams,
        /// The parameters may not change that far at once.
        StepTooLarge,
        /// The parameters were changed less than a day ago.
        ChangedRecently,
        /// No policy of the account is over.
        NothingExpired,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            let longest = MAX_DAYS.saturating_add(2).saturating_mul(Self::day());
            assert!(
                T::CoverDay::get() > 0u32.into(),
                "a day of cover has blocks"
            );
            assert!(
                T::CoverCooldown::get() >= longest.into(),
                "no policy outlasts the cooldown of underwriters"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
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

        /// Covers the signer's sub-account in a market: what deleveraging or a haircut takes from it is paid back, up to
        /// `cover`, from the end of the waiting time to the end of the day in which the last of `days` is full.
        ///
        /// Origin: signed. Effects: the premium, at most `max_premium`, moves from the wallet into the pot, where
        /// the market's underwriters earn it block by block; the policy is stored, those that are over are not any
        /// more. Errors: `UnknownMarket`, `BelowMinimumCover`, `InvalidPeriod`, `NotEnoughCapacity`, `LossOpen`,
        /// `PremiumTooHigh`, `TooManyPolicies`, `ArithmeticOverflow`, or why the wallet cannot pay. Event:
        /// `CoverBought`. Complexity: O(days since the market's books were last written), 32 at the most.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::buy_cover())]
        pub fn buy_cover(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            market: MarketId,
            cover: Usd,
            days: u32,
            max_premium: Usd,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let account = SubAccount::new(who, sub_account);
            Self::do_buy(account, market, cover, days, max_premium)
        }

        /// Puts `amount` of the settlement asset behind the policies of a market.
        ///
        /// Origin: signed. Effects: the tokens move from the wallet into the pot, and the signer has shares of
        /// the underwriters' pool for them, rounded down; premiums that are not earned yet are not in their price. Errors:
        /// `BelowMinimumStake`, `UnknownMarket`, `ArithmeticOverflow`, or why the wallet cannot pay. Event:
        /// `Underwritten`. Complexity: as `buy_cover`, whatever the number of underwriters and policies.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::underwrite())]
        pub fn underwrite(origin: OriginFor<T>, market: MarketId, amount: Usd) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_underwrite(who, market, amount)
        }

        /// Asks for the way out of `shares` of a market; replaces a request made before, whose cooldown is lost. For no
        /// shares it takes that request back.
        ///
        /// Origin: signed. Effects: the shares back no new policy from now on; they earn and lose like the others
        /// until they are out. A request that is not claimed in time keeps them so until it is replaced. Errors:
        /// `NotThatManyShares`, `ArithmeticOverflow`. Event: `WithdrawalRequested`. Complexity: as `buy_cover`.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::request_withdrawal())]
        pub fn request_withdrawal(
            origin: OriginFor<T>,
            market: MarketId,
            shares: u128,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_request_withdrawal(who, market, shares)
        }

        /// Pays the requested shares of a market at what they are worth now, rounded down.
        ///
        /// Origin: signed. Effects: the tokens move from the pot into the wallet. Errors: `NothingRequested`,
        /// `CoolingDown`, `RequestExpired`, `CapitalNeeded` when what is left would be less than is sold, `LossOpen`
        /// while an account is bankrupt and for `LossGate` blocks after the market's last payment,
        /// `ArithmeticOverflow`, or why the pot cannot pay. Event: `Withdrawn`. Complexity: as `buy_cover`.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn withdraw(origin: OriginFor<T>, market: MarketId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_withdraw(who, market)
        }

        /// Changes what cover costs, how long it may be and how long it waits; for policies to come.
        ///
        /// Origin: `AdminOrigin`. Errors: `InvalidParams`, `StepTooLarge`, `ChangedRecently`. Event:
        /// `CoverParamsChanged`. Complexity: O(1).
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::set_cover_params())]
        pub fn set_cover_params(origin: OriginFor<T>, params: CoverParams) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_params(params)
        }

        /// Removes the policies of anybody's account in a market that are over. Free when there is one.
        ///
        /// Origin: signed. Errors: `NothingExpired`. Event: `PoliciesRemoved`. Complexity: O(1).
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::remove_expired())]
        pub fn remove_expired(
            origin: OriginFor<T>,
            account: SubAccount<T::AccountId>,
            market: MarketId,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Self::do_remove_expired(account, market)?;
            Ok(Pays::No.into())
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

        /// What a policy would cost if it were bought now; `None` when it would be refused, whatever the wallet has.
        pub fn cover_quote(market: MarketId, cover: Usd, days: u32) -> Option<CoverQuote> {
            Self::quoted(market, cover, days)
        }

        /// The underwriters' pool of a market; `None` when a number does not fit.
        pub fn cover_pool(market: MarketId) -> Option<CoverPool> {
            Self::pool_of(market)
        }

        /// Policies of an account that are not over.
        pub fn policies(account: SubAccount<T::AccountId>) -> Vec<(MarketId, Policy)> {
            Self::policies_of(&account)
        }

        /// What somebody has in the underwriters' pool of a market; `None` for nothing.
        pub fn underwriter(
            market: MarketId,
            who: T::AccountId,
        ) -> Option<Underwriting<BlockNumberFor<T>>> {
            Self::underwriter_of(market, &who)
        }
    }
}
