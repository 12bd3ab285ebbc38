//! # Backstop: the vault
//!
//! Takes positions over that the book cannot close or may not, with capital that people put in for that, and
//! unwinds them into the book by rule. Nobody decides anything: what it takes, at what price and when it sells
//! are formulas, and it can lose in a day no more than its caps.
//!
//! ## Terminology
//!
//! - *Capital*: what is free, and what was put into markets, at cost.
//! - *Free account*: sub-account 0 of the vault. It never has a position.
//! - *Market account*: the sub-account in which the vault has its position of one market, tied to that market.
//!   It is a margin account like any other: it pays funding, is liquidated and is closed against others by the
//!   same rules.
//! - *Allotted*, *at risk*: what was moved from the free account into a market account and is not back.
//! - *Takeover*: one trade outside the book by which a position of an account under two thirds of
//!   maintenance margin becomes the vault's.
//! - *Unwinding*: selling that position in slices, never worse than mark less a discount that grows with its
//!   age.
//! - *Share*: of a depositor, in all of it. When next to nothing is left a new *epoch* begins, in which old
//!   shares are worth nothing.
//!
//! ## What it can lose
//!
//! A market account shares nothing: what it owes beyond what was put into it is a loss of the next layer and
//! not of the vault. So what is at risk in a market is the most that can be lost there, a price that goes up
//! fourfold included, and the caps are about that: what was put into a market and is not back, plus what
//! of the market ended within a day and did not come back, stays within `market_loss` of the capital, and
//! the same sum over all markets within `day_loss`. Everything at risk counts as if it were lost, and a gain of
//! one market does not pay for a loss of another. A day is the quarter of one in which the block is and the
//! four before it, so no 24 hours see more than the caps; with each quarter the losses of the oldest are
//! forgotten, and what is at risk is not. A cap that is reached is told once a quarter
//! ([`Event::CapReached`]); then the vault takes no more and the next layer of losses begins.
//!
//! ## Units
//!
//! [`Usd`] is one base unit of the settlement asset; [`Shares`] have 12 decimals, a million of base units for
//! the first base unit. The tokens lie in `Margin`'s pot.
//!
//! ## Invariants
//!
//! - 1 (its share of it): the vault's accounts are accounts of the ledger, so the pot identity covers them.
//!   The free account has no position and no debt, a market account no position of another market.
//! - 5: the free account has no position, so no loss of a market reaches it.
//! - 8: all shares are the sum of the depositors'; what is at risk is the sum over the markets.
//! - 11: the parameters are inside their bounds.
//!
//! ## Flow
//!
//! [`deposit`](Pallet::deposit) buys shares at what the vault is worth at the better prices (of snapshot and slow
//! price). `Liquidation` [offers](bulwark_traits::Backstop) positions. `on_initialize` unwinds a slice in
//! a bounded number of markets a block and brings what is left back when a position is gone. Who wants
//! out [asks](Pallet::request_withdrawal), waits for the cooldown, bears losses all the while, and
//! [takes](Pallet::withdraw) what the shares are worth then at the worse prices, unless a loss is open or the
//! vault holds too much: nobody leaves ahead of a loss that the others have to bear.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod invariants;
mod shares;
mod takeover;
pub mod types;
mod unwinding;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use shares::{MIN_DEPOSIT, VIRTUAL};
pub use types::{Cap, Parameters, Summary};
pub use unwinding::{LEAST_SLICE, MAX_FILLS, MAX_STEPS};
pub use weights::WeightInfo;

use bulwark_primitives::{MarketId, Quantity, Shares, SubAccount, SubAccountIndex, Usd};
use bulwark_traits::{
    BackstopLedger, LiquidationLedger, LiquidationVenue, MarketGuard, MarketRegistry, OpenLosses,
    PriceSource,
};
use frame_support::{pallet_prelude::*, PalletId};
use sp_runtime::{
    traits::{AccountIdConversion, CheckedDiv, Saturating},
    SaturatedConversion,
};

const LOG_TARGET: &str = "runtime::backstop";

// What the macro makes: storage types without `Debug`, and casts of enum indices.
#[allow(missing_debug_implementations, clippy::as_conversions)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::types::{Book, Holding, Issued, Losses};
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Where the vault's accounts are.
        type Ledger: LiquidationLedger<Self::AccountId> + BackstopLedger<Self::AccountId>;
        /// Where it unwinds.
        type Venue: LiquidationVenue<Self::AccountId>;
        /// Prices of this block.
        type Prices: PriceSource;
        /// Which markets there are.
        type Registry: MarketRegistry;
        /// What they allow.
        type Guard: MarketGuard;
        /// Whether a loss may be on its way.
        type OpenLosses: OpenLosses;
        /// Who may change the parameters.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// From which the vault's accounts are derived.
        #[pallet::constant]
        type PalletId: Get<PalletId>;
        /// Blocks of a day of losses.
        #[pallet::constant]
        type Day: Get<BlockNumberFor<Self>>;
        /// Blocks between a request to withdraw and the first block in which it is paid.
        #[pallet::constant]
        type Cooldown: Get<BlockNumberFor<Self>>;
        /// Blocks for which it is.
        #[pallet::constant]
        type ClaimWindow: Get<BlockNumberFor<Self>>;
        /// Least blocks between two changes of the parameters of which the second loosens any.
        #[pallet::constant]
        type ChangeInterval: Get<BlockNumberFor<Self>>;
        /// Most markets in which it has positions.
        #[pallet::constant]
        type MaxMarkets: Get<u32>;
        /// Weights of the calls and the hook.
        type WeightInfo: WeightInfo;
    }

    /// What governance has set.
    #[pallet::storage]
    pub type Params<T> = StorageValue<_, Parameters, ValueQuery>;

    /// When the parameters were last changed.
    #[pallet::storage]
    pub type ChangedAt<T> = StorageValue<_, BlockNumberFor<T>, OptionQuery>;

    /// All shares.
    #[pallet::storage]
    pub type Total<T> = StorageValue<_, Issued, ValueQuery>;

    /// Every depositor.
    #[pallet::storage]
    pub type Holdings<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Holding<BlockNumberFor<T>>, ValueQuery>;

    /// Each market in which it ever took anything over.
    #[pallet::storage]
    pub type Books<T: Config> =
        StorageMap<_, Twox64Concat, MarketId, Book<BlockNumberFor<T>>, ValueQuery>;

    /// The markets in which something is at risk, in the order in which they came.
    #[pallet::storage]
    pub type Held<T: Config> = StorageValue<_, BoundedVec<MarketId, T::MaxMarkets>, ValueQuery>;

    /// What is at risk in all of them.
    #[pallet::storage]
    pub type AtRisk<T> = StorageValue<_, Usd, ValueQuery>;

    /// What was lost in all of them within a day.
    #[pallet::storage]
    pub type DayLosses<T> = StorageValue<_, Losses, ValueQuery>;

    /// Where among [`Held`] the next block goes on.
    #[pallet::storage]
    pub type Cursor<T> = StorageValue<_, u32, ValueQuery>;

    /// The first parameters.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// As [`Pallet::set_parameters`] takes them.
        pub parameters: Parameters,
        /// Nothing.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Panics on parameters outside their bounds: such a chain must not start.
        fn build(&self) {
            assert!(
                self.parameters.is_valid(),
                "backstop parameters are out of bounds"
            );
            Params::<T>::put(self.parameters);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// Somebody put capital in.
        Deposited {
            /// Who.
            who: T::AccountId,
            /// How much.
            amount: Usd,
            /// For so many shares.
            shares: Shares,
        },
        /// A depositor wants out.
        WithdrawalRequested {
            /// Who.
            who: T::AccountId,
            /// With how many shares.
            shares: Shares,
            /// First block in which they are paid.
            claimable_from: BlockNumberFor<T>,
        },
        /// A depositor is out.
        Withdrawn {
            /// Who.
            who: T::AccountId,
            /// What was paid.
            amount: Usd,
            /// For so many shares.
            shares: Shares,
        },
        /// The vault took over a position, or a part of one.
        TakenOver {
            /// Whose.
            account: SubAccount<T::AccountId>,
            /// In which market.
            market: MarketId,
            /// Whether it was a long one.
            long: bool,
            /// How much.
            quantity: Quantity,
            /// For how much.
            notional: Usd,
            /// What was put into the market for that.
            allotted: Usd,
        },
        /// It takes no more, until something comes back or a loss is a day old.
        CapReached {
            /// In which market.
            market: MarketId,
            /// Why.
            cap: Cap,
        },
        /// A slice of a position went into the book.
        Unwound {
            /// In which market.
            market: MarketId,
            /// How much.
            quantity: Quantity,
            /// For how much.
            notional: Usd,
        },
        /// A position is gone, and what is left of what was put in is free again.
        MarketSettled {
            /// Which market.
            market: MarketId,
            /// What was put in.
            allotted: Usd,
            /// What came back.
            returned: Usd,
        },
        /// Next to nothing was left: the shares of before are worth nothing.
        EpochEnded {
            /// The epoch that is over.
            epoch: u32,
        },
        /// The parameters were changed.
        ParametersSet {
            /// The new ones.
            parameters: Parameters,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// Too little to deposit.
        BelowMinimumDeposit,
        /// The depositor does not have so many shares, or nothing was asked for.
        NotThatManyShares,
        /// There is no request to withdraw.
        NothingRequested,
        /// The cooldown is not over.
        CoolingDown,
        /// It was not claimed in time: the shares stay until they are requested again.
        RequestExpired,
        /// An account owes more than it owns: depositors stay until that is paid.
        LossOpen,
        /// The vault holds so much that nobody leaves.
        HoldsTooMuch,
        /// What is asked for is in markets.
        CapitalAtRisk,
        /// Next to nothing is left, and some of it is in markets: what shares are worth is not known.
        Exhausted,
        /// A market in which the vault has a position has no clean price.
        NoPrice,
        /// A parameter is outside its bounds.
        InvalidParameters,
        /// The parameters were changed a short time ago.
        ChangedRecently,
        /// A number does not fit.
        ArithmeticOverflow,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Unwinds a slice in at most [`MAX_STEPS`] markets, and brings back what is left where a position
        /// is gone.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::step()
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Puts `amount` of the settlement asset into the vault.
        ///
        /// Origin: signed. Effects: the tokens move from the wallet into the pot, the free account has them,
        /// and the signer gets shares at what the vault is worth at the better prices, rounded down.
        /// Errors: `BelowMinimumDeposit`, `NoPrice`, `Exhausted`, `ArithmeticOverflow`, those of a deposit, or
        /// why the wallet cannot pay. Events: `Deposited`, and `EpochEnded` when the shares of before were
        /// worth nothing. Complexity: O(markets held).
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::deposit(T::MaxMarkets::get()))]
        pub fn deposit(origin: OriginFor<T>, amount: Usd) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let held = Self::do_deposit(who, amount)?;
            Ok(Some(T::WeightInfo::deposit(held)).into())
        }

        /// Asks for the way out of `shares`; replaces a request made before, whose cooldown is lost.
        ///
        /// Origin: signed. Effects: the shares are paid after the cooldown; they earn and lose like the
        /// others until then. Errors: `NotThatManyShares`. Event: `WithdrawalRequested`.
        /// Complexity: O(1).
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::request_withdrawal())]
        pub fn request_withdrawal(origin: OriginFor<T>, shares: Shares) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_request(who, shares)
        }

        /// Pays the requested shares at what they are worth now at the worse prices, rounded down.
        ///
        /// Origin: signed. Effects: the tokens move from the free account into the wallet. Errors:
        /// `NothingRequested`, `CoolingDown`, `RequestExpired`, `LossOpen`, `HoldsTooMuch`, `CapitalAtRisk`,
        /// `NoPrice`, `ArithmeticOverflow`, or why value may not leave now. Event: `Withdrawn`. Complexity:
        /// O(markets held).
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::withdraw(T::MaxMarkets::get()))]
        pub fn withdraw(origin: OriginFor<T>) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let held = Self::do_withdraw(who)?;
            Ok(Some(T::WeightInfo::withdraw(held)).into())
        }

        /// Sets the parameters. What is held already stays and is unwound by the new ones.
        ///
        /// Origin: `AdminOrigin`. Errors: `InvalidParameters`, `ChangedRecently` when a value loosens within
        /// `ChangeInterval` of the last change; tightening needs no wait. Event: `ParametersSet`.
        /// Complexity: O(1).
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::set_parameters())]
        pub fn set_parameters(origin: OriginFor<T>, parameters: Parameters) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            ensure!(parameters.is_valid(), Error::<T>::InvalidParameters);
            let now = frame_system::Pallet::<T>::block_number();
            if parameters.loosens(&Params::<T>::get()) {
                // Before the first change there is nothing to wait for.
                let waited = ChangedAt::<T>::get()
                    .is_none_or(|at| now.saturating_sub(at) >= T::ChangeInterval::get());
                ensure!(waited, Error::<T>::ChangedRecently);
            }
            ChangedAt::<T>::put(now);
            Params::<T>::put(parameters);
            Self::deposit_event(Event::ParametersSet { parameters });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The vault in one look.
        pub fn vault() -> Summary {
            Self::summary()
        }

        /// Shares of a depositor, and what they are worth at the worse prices; `None` while that is not known.
        pub fn depositor(who: T::AccountId) -> (Shares, Option<Usd>) {
            let shares = Self::holding_of(&who).shares;
            (shares, Self::worth(shares))
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Who owns the vault's accounts: an account without a key.
    pub fn owner() -> T::AccountId {
        T::PalletId::get().into_account_truncating()
    }

    /// What is in no market.
    pub fn free_account() -> SubAccount<T::AccountId> {
        SubAccount::new(Self::owner(), 0)
    }

    /// Where the position of a market is: the sub-account after its id; `None` for an id too large for one,
    /// whose market the vault does not serve.
    pub fn market_account(market: MarketId) -> Option<SubAccount<T::AccountId>> {
        let index = SubAccountIndex::try_from(market.0).ok()?.checked_add(1)?;
        Some(SubAccount::new(Self::owner(), index))
    }

    /// What is free and what is at risk, at cost.
    pub(crate) fn capital() -> Option<Usd> {
        T::Ledger::balance(&Self::free_account()).checked_add(AtRisk::<T>::get())
    }

    /// Number of the quarter of a day, of a day's length that is rounded up to four of them.
    pub(crate) fn quarter() -> u32 {
        T::Day::get()
            .saturating_add(3u32.into())
            .checked_div(&4u32.into())
            .and_then(|length| frame_system::Pallet::<T>::block_number().checked_div(&length))
            .unwrap_or_default()
            .saturated_into()
    }
}
