//! # Margin: the ledger
//!
//! Sub-accounts with collateral, positions and health. The only pallet that moves tokens.
//!
//! ## Terminology
//!
//! - *Account*: one cross-margined sub-account of an owner, [`SubAccount`].
//! - *Balance*: settlement asset of an account, signed: a realised loss may exceed it while other
//!   collateral or open profit covers it.
//! - *Debt*: a negative balance. It is owed to the lending pool and bears interest ([`debt`]). It comes
//!   from losses, fees and funding, and from [`Pallet::borrow`].
//! - *Offset*: what margins are less by because of opposite positions ([`bulwark_risk_math::offset`]).
//! - *Collateral*: other assets of an account.
//! - *Dust*: a holding of collateral below the asset's `min_deposit`. It can be withdrawn and counts
//!   nothing, neither for initial margin nor for maintenance.
//! - *Entry notional*: what was paid for a position; positive for a long, negative for a short.
//! - *Pot*: the account that holds the tokens of one asset. Who owns what of it is the ledger.
//! - *Flat*: without positions.
//! - *Funding index*: what one unit of long has paid since its market exists. A position keeps the index
//!   of its last settlement and owes, or gets, what it has moved since.
//! - *Isolated account*: one that is tied to one market. Markets and collateral of the isolated tier
//!   are for such accounts only.
//! - *Delegate*: a key that may trade for an account and take nothing out of it.
//!
//! ## Units
//!
//! [`Usd`] is one base unit of the settlement asset. Amounts of other assets are in their own base
//! units. Prices, quantities and sizes have 18 decimals.
//!
//! ## Invariants
//!
//! - 1: for each asset, what came in less what went out is exactly the sum of the ledger; for the
//!   settlement asset the sum is balances + insurance fund + funding pools - entry notionals. The
//!   pot holds that much. Whoever sends tokens to a pot directly makes it larger and changes no account.
//! - 2: long open interest is short open interest in every market.
//! - 3: a fill, realised or not, moves value between its two sides and the fund only. In every market
//!   the funding pool and what positions have not settled sum to the rounding that is in the pool,
//!   exactly; rounding is always against the account and goes to the fund as soon as it is a whole
//!   unit, and the fund never pays any.
//! - 4: nobody trades below zero at the expense of others: what enlarges a position leaves initial
//!   margin behind, and what makes it smaller at a price worse than mark may cost no more than the
//!   account's own share ([`Error::UnfairReduction`]).
//! - 5: a flat account without orders needs no price and has no requirement.
//! - 7: no more of an asset leaves within an hour, or within a day, than its limit ([`outflow`]).
//! - 8: open interest and amounts per asset are recomputed from the accounts.
//! - 12: initial margin is not below maintenance margin in any account.
//!
//! ## Initial margin
//!
//! What opens risk or takes value out is measured more strictly than what is held (maintenance):
//! at the worse of the snapshot and the slow price; with a market's rate raised by its open
//! interest and an asset's factor lowered by its deposits; with an open profit only up to the share of its
//! tier. None of it is in maintenance, so neither other people nor the slow price liquidate
//! anybody. The size add-on is in both, with 60 % in maintenance.
//!
//! A liquidation aims at initial margin without open interest and at the snapshot, and its makers need
//! initial margin without open interest: it moves risk and adds none.
//!
//! ## Funding
//!
//! [`funding`]: each block samples the premium of every market and moves its index; each hour has a
//! rate, made of the hour before. Nothing is charged for a block in which the price is an error or the
//! market is halted, nor for a gap of more than [`funding::LONGEST_GAP`] between two blocks. Fills
//! settle what the two sides owe; health, triggers and withdrawals count what is not settled as if it
//! were.
//!
//! ## Prices
//!
//! | for | prices | collateral without one | market without one |
//! |---|---|---|---|
//! | opening, withdrawing | clean | counts nothing | refused |
//! | the maker of a liquidation | clean, or the median of feeders who disagree | counts nothing | matching stops, or he is refused for another market of his |
//! | closing an account | the same | health is unknown | health is unknown |
//! | reducing | clean, else the fill's own | counts nothing | may leave no debt |
//! | depositing, cancelling | none | - | - |
//!
//! The maker of a liquidation needs initial margin like any other, but no market that allows new
//! risk and no clean price: the risk is not new, and while feeders disagree liquidation goes on.
//!
//! That health is unknown without a price keeps a late feed from closing anybody who holds much of
//! the asset. Dust is left out, or the holder of a few units of an asset without a price could not
//! be closed. It is left out whether there is a price or not, because the due queue follows
//! prices: what stops counting when a price stops would be a loss that no trigger sees. Raising
//! `min_deposit` is such a step too, of at most the new minimum an account; it is to be small.
//!
//! ## Flow
//!
//! Owners deposit, withdraw and transfer. `OrderBook` opens and closes exposures and settles fills
//! ([`OrderMargin`](bulwark_traits::OrderMargin)); `Liquidation` reads health and legs, takes fees
//! and brings losses to the fund ([`LiquidationLedger`](bulwark_traits::LiquidationLedger)).
//! Whatever changes a balance or a position ends with
//! [`AccountObserver::account_changed`](bulwark_traits::AccountObserver::account_changed). The taker
//! of several fills is told of once, after the last of them: the book ends every sweep with
//! [`OrderMargin::settled`](bulwark_traits::OrderMargin::settled).

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod access;
mod backstop;
mod debt;
pub mod funding;
mod invariants;
mod ledger;
mod limits;
mod liquidation;
mod losses;
mod offsets;
pub mod outflow;
pub mod seizure;
pub mod spot;
mod summary;
mod trader;
mod trading;
pub mod types;
mod valuation;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use types::{
    Account, FundingState, MarginBreakdown, MarketSummary, OpenInterest, PositionBreakdown,
};
pub use weights::WeightInfo;

use alloc::boxed::Box;
use bulwark_primitives::{
    AssetId, FundingRate, Health, Index, MarketId, Moment, Quantity, Size, SubAccount,
    SubAccountIndex, Usd,
};
use bulwark_traits::{
    AccountObserver, ImpactPrices, LendingPool, LossCover, LossFund, MarketGuard, MarketRegistry,
    PriceSource, Purse, SpotSource, TradingAuthority, TradingCalls,
};
use frame_support::{
    pallet_prelude::*,
    traits::{fungibles, Time},
    PalletId,
};
use sp_runtime::traits::Dispatchable;

pub(crate) const LOG_TARGET: &str = "runtime::margin";
/// Minutes of an hour, each with one value of the premium.
pub const MINUTES: u32 = 60;

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
        /// The tokens. The pots need assets that nobody but governance can freeze or burn.
        type Assets: fungibles::Inspect<Self::AccountId, AssetId = AssetId, Balance = u128>
            + fungibles::Mutate<Self::AccountId>;
        /// Prices of this block.
        type Prices: PriceSource;
        /// Markets and collateral.
        type Registry: MarketRegistry;
        /// What a market allows.
        type Guard: MarketGuard;
        /// Who is told of every change.
        type Observer: AccountObserver<Self::AccountId>;
        /// Time of the block, known from its start.
        type Clock: Time<Moment = Moment>;
        /// How deep markets are.
        type Impact: ImpactPrices;
        /// Calls that a delegate may make.
        type Trading: TradingCalls<<Self as frame_system::Config>::RuntimeCall>;
        /// Whom debts are owed.
        type Pool: LendingPool;
        /// Where fees go. Its genesis has to be built before this pallet's.
        type Fund: LossFund + Purse;
        /// Who pays for open profit that was taken.
        type Cover: LossCover<Self::AccountId>;
        /// Who sets the limits on what leaves the pots.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Where collateral of accounts that cannot pay is sold, besides to the fund.
        type Spot: SpotSource<Self::AccountId>;
        /// From which the pots are derived.
        #[pallet::constant]
        type PalletId: Get<PalletId>;
        /// Most markets one account can be in, with positions or orders.
        #[pallet::constant]
        type MaxPositions: Get<u32>;
        /// Most collateral assets of one account besides the settlement asset.
        #[pallet::constant]
        type MaxCollateral: Get<u32>;
        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Every account that has anything.
    #[pallet::storage]
    pub type Accounts<T: Config> =
        StorageMap<_, Blake2_128Concat, SubAccount<T::AccountId>, Account<T>, ValueQuery>;

    /// The borrow index at which each debt was stored. Who has a negative balance is in it, and nobody else.
    #[pallet::storage]
    pub type Debts<T: Config> = StorageMap<_, Blake2_128Concat, SubAccount<T::AccountId>, Index>;

    /// Sum of all debts, each divided by its index and rounded up; 18 decimals.
    #[pallet::storage]
    pub type TotalDebt<T> = StorageValue<_, Quantity, ValueQuery>;

    /// Sum of all positions of each market, by side.
    #[pallet::storage]
    pub type OpenInterests<T> = StorageMap<_, Identity, MarketId, OpenInterest, ValueQuery>;

    /// What came into each pot less what left it, in base units: deposits and contributions less
    /// withdrawals. Deposit caps are about this.
    #[pallet::storage]
    pub type TotalDeposited<T> = StorageMap<_, Identity, AssetId, u128, ValueQuery>;

    /// Funding of each market.
    #[pallet::storage]
    pub type Fundings<T> = StorageMap<_, Identity, MarketId, FundingState, ValueQuery>;

    /// Mean premium of each minute of the running hour in which the market traded. At most 60.
    #[pallet::storage]
    pub type Premiums<T> = StorageMap<_, Twox64Concat, MarketId, funding::Minutes, ValueQuery>;

    /// Keys that may trade for an account beside its owner. At most [`access::MAX_DELEGATES`]; gone
    /// with the account.
    #[pallet::storage]
    pub type Delegates<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        SubAccount<T::AccountId>,
        BoundedVec<T::AccountId, ConstU32<{ access::MAX_DELEGATES }>>,
        ValueQuery,
    >;

    /// Since when the insurance fund has collateral of each asset that it sells.
    #[pallet::storage]
    pub type SeizedSince<T: Config> =
        StorageMap<_, Twox64Concat, AssetId, BlockNumberFor<T>, OptionQuery>;

    /// What has left the pot of each asset lately, and what may.
    #[pallet::storage]
    pub type Outflows<T> = StorageMap<_, Twox64Concat, AssetId, outflow::Outflow, ValueQuery>;

    /// How much may leave within an hour and within a day.
    #[pallet::storage]
    pub type OutflowLimits<T> = StorageValue<_, outflow::OutflowParams, ValueQuery>;

    /// When the limits were last set.
    #[pallet::storage]
    pub type OutflowsSince<T> = StorageValue<_, Moment, OptionQuery>;

    /// Books the insurance fund's first tokens.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Nothing.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Mints what the pot lacks of the fund's balance. Panics when that is impossible: a chain
        /// whose fund is not backed must not start.
        fn build(&self) {
            if let Err(error) = Pallet::<T>::book_fund(T::Fund::balance()) {
                panic!("the insurance fund cannot be backed at genesis: {error:?}");
            }
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// Collateral came in.
        Deposited {
            /// To which account.
            account: SubAccount<T::AccountId>,
            /// Which asset.
            asset: AssetId,
            /// How much, in base units.
            amount: u128,
        },
        /// Collateral went out.
        Withdrawn {
            /// From which account.
            account: SubAccount<T::AccountId>,
            /// Which asset.
            asset: AssetId,
            /// How much, in base units.
            amount: u128,
        },
        /// Collateral moved between two accounts of one owner.
        Transferred {
            /// From which account.
            from: SubAccount<T::AccountId>,
            /// To which sub-account.
            to: SubAccountIndex,
            /// Which asset.
            asset: AssetId,
            /// How much, in base units.
            amount: u128,
        },
        /// A fill changed a position.
        PositionChanged {
            /// Whose.
            account: SubAccount<T::AccountId>,
            /// In which market.
            market: MarketId,
            /// The size after it.
            size: Size,
            /// The entry notional after it.
            entry_notional: Usd,
            /// What it realised, before fees.
            realised: Usd,
        },
        /// A side of a fill paid its fee. What both paid went to the insurance fund.
        FeePaid {
            /// Who paid.
            account: SubAccount<T::AccountId>,
            /// In which market.
            market: MarketId,
            /// How much; negative for a maker who was paid a rebate.
            amount: Usd,
        },
        /// Funding of a position was settled.
        FundingSettled {
            /// Whose.
            account: SubAccount<T::AccountId>,
            /// In which market.
            market: MarketId,
            /// What it paid; negative when it got something.
            paid: Usd,
        },
        /// Interest of a debt was settled.
        InterestPaid {
            /// Whose.
            account: SubAccount<T::AccountId>,
            /// How much.
            amount: Usd,
        },
        /// A new hour has a new rate.
        FundingRateSet {
            /// In which market.
            market: MarketId,
            /// What a long pays in this hour.
            rate: FundingRate,
            /// The trimmed mean premium of the hour before.
            premium: FundingRate,
            /// The index at the change.
            index: i128,
        },
        /// An account was tied to one market, or untied.
        Isolated {
            /// Which.
            account: SubAccount<T::AccountId>,
            /// The market.
            market: Option<MarketId>,
        },
        /// A key may trade for an account, or may no longer.
        DelegateSet {
            /// Whose.
            account: SubAccount<T::AccountId>,
            /// The key.
            delegate: T::AccountId,
            /// Whether it may.
            allowed: bool,
        },
        /// A liquidation fee was taken.
        LiquidationFeePaid {
            /// Who paid.
            account: SubAccount<T::AccountId>,
            /// What the insurance fund got.
            fund: Usd,
            /// What the liquidator got.
            liquidator: Usd,
        },
        /// Somebody else paid of what a flat account owed beyond its own collateral.
        LossAbsorbed {
            /// Who owed.
            account: SubAccount<T::AccountId>,
            /// How much.
            shortfall: Usd,
            /// What was paid of it.
            paid: Usd,
        },
        /// The insurance fund took over collateral of an account that could not pay.
        CollateralSeized {
            /// Whose.
            account: SubAccount<T::AccountId>,
            /// Which asset.
            asset: AssetId,
            /// How much, in base units.
            amount: u128,
            /// What the account got for it.
            paid: Usd,
        },
        /// The insurance fund sold collateral that it had taken over.
        SeizedSold {
            /// To whom.
            account: SubAccount<T::AccountId>,
            /// Which asset.
            asset: AssetId,
            /// How much, in base units.
            amount: u128,
            /// For how much.
            cost: Usd,
        },
        /// Open profit went to an account that could not pay what it owed.
        ProfitCut {
            /// Whose profit.
            account: SubAccount<T::AccountId>,
            /// In which market.
            market: MarketId,
            /// How much.
            amount: Usd,
            /// The entry notional after it.
            entry_notional: Usd,
            /// Who owed.
            paid_to: SubAccount<T::AccountId>,
        },
        /// The limits on what leaves the pots were set.
        OutflowLimitsSet {
            /// To what.
            limits: outflow::OutflowParams,
        },
        /// Collateral of an account that could not pay was sold in a pool.
        CollateralSold {
            /// Whose.
            account: SubAccount<T::AccountId>,
            /// Which asset.
            asset: AssetId,
            /// How much, in base units.
            amount: u128,
            /// What the account got for it.
            proceeds: Usd,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The asset is not accepted.
        UnknownAsset,
        /// There is no such market.
        UnknownMarket,
        /// Nothing is not an amount.
        ZeroAmount,
        /// The account has less than that.
        InsufficientBalance,
        /// The deposit is too small, or would open an account with too little.
        BelowMinimumDeposit,
        /// The pot of the asset would grow beyond its cap.
        DepositCapExceeded,
        /// Initial margin, or what has to stay behind after a withdrawal, would not be covered.
        InsufficientMargin,
        /// The account is in too many markets.
        TooManyPositions,
        /// The account holds too many assets.
        TooManyCollaterals,
        /// Source and destination are the same account.
        SameAccount,
        /// A number does not fit.
        ArithmeticOverflow,
        /// The market does not allow this now.
        MarketNotOpen,
        /// The market only allows what makes positions smaller.
        MarketReduceOnly,
        /// The market's open interest is at its cap.
        OpenInterestCapExceeded,
        /// Both sides of the fill are the same account.
        SelfTrade,
        /// A liquidation would enlarge a position.
        NotReducing,
        /// The price is so far from mark that the account would lose more than its own share.
        UnfairReduction,
        /// The settlement balance is negative: nothing leaves until it is paid back.
        SettlementDebt,
        /// The account has positions, or orders, and may not for this.
        PositionsOpen,
        /// The maker of a fill would be paid more than its taker pays.
        RebateExceedsFee,
        /// A price the account depends on has too few feeds.
        PriceTooFewFeeds,
        /// A price the account depends on is too old.
        PriceStale,
        /// A price the account depends on is too far from its mean.
        PriceDeviating,
        /// Feeders disagree about a price the account depends on.
        PriceUncertain,
        /// An asset the account depends on is halted or has no price.
        PriceHalted,
        /// A price the account depends on is back from an outage, and not yet for long enough.
        PriceRecovering,
        /// The account has nothing, so nothing can be set for it.
        EmptyAccount,
        /// An isolated account takes risk in its own market only, and an isolated market is for such
        /// accounts only.
        IsolatedMarket,
        /// Only an isolated account may hold an asset of the isolated tier.
        IsolatedCollateral,
        /// The account has too many delegates.
        TooManyDelegates,
        /// The signer may not trade for the account.
        NotADelegate,
        /// The call does not trade, so it cannot be delegated.
        NotATrade,
        /// The pot has less than that: losses that back a profit are not realised, or the pool has lent
        /// what is there. It comes back as debts are paid.
        InsufficientLiquidity,
        /// The insurance fund does not have so much of the asset.
        NotForSale,
        /// It costs more than the buyer wants to pay.
        CostsMore,
        /// The loan would not be covered: by the initial value of the other collateral, less what margin
        /// needs. Open profit does not count.
        LoanNotCovered,
        /// The lending pool has less than that to lend now.
        PoolExhausted,
        /// More of the asset would leave within an hour, or within a day, than may. Room comes back with
        /// time.
        OutflowLimited,
        /// A limit on outflow is out of its bounds.
        InvalidOutflowLimits,
        /// The limits were changed less than a day ago, and this would let more out.
        ChangedRecently,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// One step of funding in every market.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            T::WeightInfo::step_funding(Self::step_funding())
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Moves `amount` base units of `asset` from the signer's wallet into a sub-account.
        ///
        /// Works in every halt. Origin: signed. Effects: ledger and pot grow by `amount`. Errors:
        /// `ZeroAmount`, `UnknownAsset`, `BelowMinimumDeposit`, `DepositCapExceeded`,
        /// `TooManyCollaterals`, `ArithmeticOverflow`, or why the wallet cannot pay. Event:
        /// `Deposited`. Complexity: O(positions + collateral) for the triggers.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::deposit())]
        pub fn deposit(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            asset: AssetId,
            amount: u128,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_deposit(SubAccount::new(who, sub_account), asset, amount)
        }

        /// Moves `amount` base units of `asset` from a sub-account to the signer's wallet.
        ///
        /// Origin: signed. Effects: ledger and pot shrink by `amount`. What stays has to cover
        /// `max(initial margin, 10 % of the notional)` at clean prices; a flat account without
        /// orders needs no prices. Errors: `ZeroAmount`, `UnknownAsset`, `InsufficientBalance`,
        /// `SettlementDebt`, `InsufficientMargin`, `Price...`, `ArithmeticOverflow`. Event:
        /// `Withdrawn`. Complexity: O(positions + collateral).
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn withdraw(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            asset: AssetId,
            amount: u128,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_withdraw(SubAccount::new(who, sub_account), asset, amount)
        }

        /// Moves `amount` base units of `asset` between two sub-accounts of the signer.
        ///
        /// Origin: signed. Effects: the ledger changes, the pot does not. The source is held to the
        /// rules of a withdrawal. Errors: those of `withdraw`, `SameAccount`, `TooManyCollaterals`,
        /// `BelowMinimumDeposit` for a destination that has nothing yet. Event: `Transferred`.
        /// Complexity: O(positions + collateral) of both.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::transfer())]
        pub fn transfer(
            origin: OriginFor<T>,
            from_sub: SubAccountIndex,
            to_sub: SubAccountIndex,
            asset: AssetId,
            amount: u128,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let from = SubAccount::new(who, from_sub);
            Self::do_transfer(from, to_sub, asset, amount)
        }

        /// Ties a sub-account of the signer to one market, or unties it.
        ///
        /// Origin: signed. Effects: an isolated account takes new risk in that market only and may
        /// hold collateral of the isolated tier; it stays so until it is untied or has nothing left. The
        /// account must hold something, and neither positions nor orders. Errors: `EmptyAccount`,
        /// `PositionsOpen`, `UnknownMarket`, `IsolatedCollateral` when it holds such an asset and is to be
        /// untied. Event: `Isolated`. Complexity: O(collateral).
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::isolate())]
        pub fn isolate(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            market: Option<MarketId>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_isolate(SubAccount::new(who, sub_account), market)
        }

        /// Lets `delegate` trade for a sub-account of the signer, or stops it.
        ///
        /// Origin: signed. Effects: `delegate` may use `trade_as`; nothing it does takes value out but
        /// by trading. At most four delegates an account; they are gone when the account has nothing
        /// left. Errors: `EmptyAccount`, `TooManyDelegates`. Event: `DelegateSet`. Complexity: constant.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::set_delegate())]
        pub fn set_delegate(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            delegate: T::AccountId,
            allowed: bool,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_delegate(SubAccount::new(who, sub_account), delegate, allowed)
        }

        /// Makes a trading call for the owner of a sub-account that the signer is a delegate of.
        ///
        /// Origin: signed by the delegate, who pays the transaction fee. Effects: those of `call` as
        /// if `owner` had signed it; only calls that trade for one sub-account are accepted, so nothing
        /// can be withdrawn, transferred or delegated on. Errors: `NotATrade`, `NotADelegate`, those of
        /// `call`. Complexity: that of `call`.
        #[pallet::call_index(5)]
        #[pallet::weight({
            let info = call.get_dispatch_info();
            (T::WeightInfo::trade_as().saturating_add(info.call_weight), info.class)
        })]
        pub fn trade_as(
            origin: OriginFor<T>,
            owner: T::AccountId,
            call: Box<<T as frame_system::Config>::RuntimeCall>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let index = T::Trading::sub_account(&call).ok_or(Error::<T>::NotATrade)?;
            let account = SubAccount::new(owner.clone(), index);
            ensure!(Self::may_trade(&who, &account), Error::<T>::NotADelegate);
            let as_owner = frame_system::RawOrigin::Signed(owner).into();
            call.dispatch(as_owner)
                .map(|_| ())
                .map_err(|failed| failed.error)
        }

        /// Buys collateral that the insurance fund took over, for settlement asset of the same
        /// sub-account, at most for `most`.
        ///
        /// Origin: signed. Effects: balance and collateral of the account change, the pots do not; the
        /// fund gets what it costs: the oracle price at first, a day later what the fund
        /// paid. The account is held to the rules of a withdrawal. Errors: `ZeroAmount`, `UnknownAsset`,
        /// `NotForSale`, `BelowMinimumDeposit`, `CostsMore`, `InsufficientBalance`,
        /// `InsufficientMargin`, `TooManyCollaterals`, `Price...`, `ArithmeticOverflow`. Event:
        /// `SeizedSold`. Complexity: that of a transfer, O(positions + collateral) of two accounts.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::transfer().saturating_add(T::DbWeight::get().reads_writes(4, 4)))]
        pub fn buy_seized(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            asset: AssetId,
            amount: u128,
            most: Usd,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_buy_seized(SubAccount::new(who, sub_account), asset, amount, most)
        }

        /// Moves `amount` of the settlement asset from a sub-account to the signer's wallet; what its
        /// balance does not cover is a loan from the lending pool.
        ///
        /// Origin: signed. Effects: the balance falls, below zero at need, and bears interest there; the
        /// pot shrinks by `amount`. What stays has to cover `max(initial margin, 10 % of the notional)` at
        /// clean prices, open profit not counted; a loan never exceeds what the pool has. It is paid back
        /// by depositing. Errors: `ZeroAmount`, `LoanNotCovered`, `PoolExhausted`,
        /// `InsufficientLiquidity`, `Price...`, `ArithmeticOverflow`. Event: `Withdrawn`. Complexity:
        /// O(positions + collateral).
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::borrow())]
        pub fn borrow(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            amount: Usd,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_borrow(SubAccount::new(who, sub_account), amount)
        }

        /// Sets how much of an asset may leave within an hour and within a day.
        ///
        /// Origin: `AdminOrigin`. Effects: from the next withdrawal on, for each asset. Errors:
        /// `InvalidOutflowLimits`, `ChangedRecently` when more could leave than before and the last change was
        /// less than a day ago; tightening needs no wait. Event: `OutflowLimitsSet`. Complexity: O(1).
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::set_outflow_limits())]
        pub fn set_outflow_limits(
            origin: OriginFor<T>,
            limits: outflow::OutflowParams,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_outflow_limits(limits)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// What an account has: balance with the interest of this block, collateral, positions and order
        /// exposures.
        pub fn account(owner: T::AccountId, sub_account: SubAccountIndex) -> Account<T> {
            Self::load(&SubAccount::new(owner, sub_account))
        }

        /// Health of an account at the prices of this block; `None` while it cannot be known.
        pub fn health_of(owner: T::AccountId, sub_account: SubAccountIndex) -> Option<Health> {
            Self::account_health(&SubAccount::new(owner, sub_account)).ok()
        }

        /// Funding of a market.
        pub fn funding_of(market: MarketId) -> FundingState {
            Fundings::<T>::get(market)
        }

        /// How much of an asset may leave now, and the limits of an hour and a day; base units.
        pub fn outflow(asset: AssetId) -> Option<outflow::OutflowRoom> {
            Self::outflow_room(asset)
        }

        /// Open interest of a market.
        pub fn open_interest(market: MarketId) -> OpenInterest {
            OpenInterests::<T>::get(market)
        }
    }
}
