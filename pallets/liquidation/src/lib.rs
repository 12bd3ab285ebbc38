//! # Liquidation
//!
//! Finds the accounts under maintenance margin and closes them, as a part of block execution: an
//! author cannot leave it out, and no keeper has to be awake.
//!
//! ## Terminology
//!
//! - **Effective price** `q`: what moves an account's health, written so that it hurts when it
//!   falls ([`Factor`]); long `mark * (1 - maintenance)`, short `-mark * (1 + maintenance)`,
//!   collateral `index * maintenance factor`.
//! - **Slack**: equity - maintenance margin; linear in the effective prices.
//! - **Trigger** or **key** of a leg: the effective price below which the account has to be looked
//!   at. When an account is evaluated its slack is split over its legs, so as long as no effective
//!   price is below its key, no more than the slack is lost: the account is above maintenance,
//!   whatever path the prices took. An account with one leg is keyed at its liquidation level.
//! - **Due**: an effective price of the account is below its key, or the account is *known* or *stale*.
//! - **Known**: found under maintenance and not restored yet, in one of 63 health classes by
//!   equity / maintenance margin, or *parked* when the last attempt could close nothing.
//! - **Stale**: changed, with too many legs to be put right at once ([`queue::PROMPT_LEGS`]), and not
//!   evaluated since. Its triggers are those of before the change, so it counts as due, oldest first.
//! - **Frozen**: a factor whose price is an error that liquidation does not tolerate. Nothing of it
//!   is due; an account that is evaluated meanwhile gets the highest possible key there and is
//!   evaluated when the price is back. While feeders merely disagree their median is used.
//!
//! ## Units
//!
//! Effective prices and keys `i128` with 18 decimals; the rest as in `bulwark-primitives`.
//!
//! ## Flow
//!
//! Step 3 of each block ([`Pallet::step`]): evaluate stale accounts, oldest first; sweep the cells above
//! the effective prices, factors in turn, deepest bucket first, and evaluate what is there: healthy
//! accounts get new triggers, others become known. Then close the known ones, worst class first, with
//! parked ones in turn behind those under two thirds of maintenance; those that cannot be closed because a market is paused join the
//! auction by which it reopens, when that is in this block. All parts have their share of one weight budget. What is not reached
//! stays where it is, so an exhausted budget loses nothing; after [`sweep::BACKLOG_BLOCKS`] such
//! blocks the breaker is told, in every such block until [`sweep::CALM_BLOCKS`] in a row were none.
//! What a bankrupt account cannot pay is borne in the order of [`losses`], by others in the order of
//! [`ranking`].
//!
//! Anyone may bring an account that is due with [`Pallet::liquidate`], and the offchain worker of
//! every node does.
//!
//! [`Pallet`] implements `AccountObserver`: the ledger tells it of every change of a balance or a
//! position, and it puts the triggers right, or makes the account stale.
//!
//! ## What it expects of the ledger
//!
//! `health` uses `PriceSource::price_for` with `Action::Liquidate`, as this pallet does, and is an
//! error whenever the price of one of `legs` is; `health` is made of the integers
//! that `risk_math::triggers` watches; `charge_fee` moves both parts of the fee where they belong;
//! `absorb` takes all that a flat account owns before it asks for a payment.
//!
//! ## Invariants
//!
//! - 6 A closing never lowers the health ratio of what remains, unless the account is bankrupt: the
//!   worst price and the fee stay within what it can give (`risk_math::liquidation`).
//! - 9 No account under maintenance is missing from the due set. `try_state` checks it for all
//!   accounts with triggers, and that triggers, cells, bitmaps, classes and stale accounts agree.
//! - 10 Step 3 uses at most `StepWeight` and has no way to panic: errors are events, logs and
//!   reports to the breaker.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
pub mod closing;
pub mod losses;
#[cfg(test)]
mod mock;
mod observer;
mod offsets;
pub mod queue;
pub mod ranking;
mod ready;
pub mod sweep;
#[cfg(test)]
mod tests;
mod try_state;
pub mod types;
pub mod weights;
pub mod worker;

use bulwark_primitives::{Factor, MarketId, Price, Quantity, SubAccount, Usd};
pub use pallet::*;
pub use types::{AdlRank, Attempt, CellId, Outcome};
pub use weights::WeightInfo;

/// Log target of what happens on chain.
pub const LOG_TARGET: &str = "bulwark::liquidation";

// The storage items are type-level markers that nobody prints, and the codec derives cast the
// indices of variants.
#[allow(missing_debug_implementations, clippy::as_conversions)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::{
        queue::{bits::Word, EffectivePrices, MaxFactors},
        types::{Head, KnownAccount, Load, Page, RankedPosition, StaleAccount, TriggerKey},
    };
    use bulwark_traits::{
        AuctionGuard, Backstop, LiquidationLedger, LiquidationVenue, LossFund, LossLedger,
        MarketGuard, MarketRegistry, PriceSource,
    };
    use frame_support::{dispatch::PostDispatchInfo, pallet_prelude::*};
    use frame_system::{offchain::CreateAuthorizedTransaction, pallet_prelude::*};
    use sp_runtime::transaction_validity::{
        InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidityWithRefund,
        ValidTransaction,
    };

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// Blocks for which a free transaction may wait in the pool.
    pub const LONGEVITY: u64 = 3;

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// The runtime must have `frame_system::AuthorizeCall` among its transaction extensions.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<RuntimeEvent: From<Event<Self>>>
        + CreateAuthorizedTransaction<Call<Self>>
    {
        /// The prices of the block.
        type Prices: PriceSource;
        /// Parameters of markets and collateral.
        type Registry: MarketRegistry;
        /// Statuses of markets, and where incidents are reported.
        type Guard: MarketGuard;
        /// Which paused markets are about to be uncrossed.
        type Auctions: AuctionGuard;
        /// The accounts.
        type Ledger: LiquidationLedger<Self::AccountId> + LossLedger<Self::AccountId>;
        /// Where positions are closed.
        type Venue: LiquidationVenue<Self::AccountId>;
        /// What pays the losses.
        type Fund: LossFund;
        /// What takes positions over that the book cannot have.
        type Backstop: Backstop<Self::AccountId>;
        /// The author of the block, who earns half of the fees of step 3.
        type Author: Get<Option<Self::AccountId>>;
        /// Budget of step 3.
        #[pallet::constant]
        type StepWeight: Get<Weight>;
        /// Most fills of one closing.
        #[pallet::constant]
        type MaxFillsPerClosing: Get<u32>;
        /// Most legs of an account: its positions, a size leg for each, its collateral assets and its
        /// debt.
        #[pallet::constant]
        type MaxLegs: Get<u32>;
        /// Priority of a free `liquidate` in the pool: above what a user can pay for, below
        /// oracle feeds.
        #[pallet::constant]
        type LiquidationPriority: Get<TransactionPriority>;
        /// Weights.
        type WeightInfo: WeightInfo;
    }

    /// Pages of cells.
    #[pallet::storage]
    pub type Cells<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        CellId,
        Twox64Concat,
        u64,
        Page<T::AccountId>,
        OptionQuery,
    >;

    /// Where each non-empty cell starts.
    #[pallet::storage]
    pub type Heads<T: Config> = StorageMap<_, Twox64Concat, CellId, Head, OptionQuery>;

    /// Bitmap of the non-empty buckets of a factor: (factor, layer, word).
    #[pallet::storage]
    pub type Bits<T: Config> = StorageMap<_, Twox64Concat, (Factor, u8, u8), Word, ValueQuery>;

    /// Factors that hold triggers, in order.
    #[pallet::storage]
    pub type Factors<T: Config> = StorageValue<_, BoundedVec<Factor, MaxFactors>, ValueQuery>;

    /// The triggers of each account; accounts without any are not in it.
    #[pallet::storage]
    pub type Keys<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        SubAccount<T::AccountId>,
        BoundedVec<TriggerKey, T::MaxLegs>,
        ValueQuery,
    >;

    /// Where the positions of each account stand among those of their side by entry price; accounts
    /// without positions are not in it. Out of date for a stale account.
    #[pallet::storage]
    pub type Ranked<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        SubAccount<T::AccountId>,
        BoundedVec<RankedPosition, T::MaxLegs>,
        ValueQuery,
    >;

    /// Accounts found under maintenance and not restored yet. They have no triggers.
    #[pallet::storage]
    pub type Known<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        SubAccount<T::AccountId>,
        KnownAccount<BlockNumberFor<T>>,
        OptionQuery,
    >;

    /// Accounts that changed and were not evaluated since. They may have triggers, which are out of
    /// date, or be known.
    #[pallet::storage]
    pub type Stale<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        SubAccount<T::AccountId>,
        StaleAccount<BlockNumberFor<T>>,
        OptionQuery,
    >;

    /// Bitmap of the non-empty classes of [`Known`].
    #[pallet::storage]
    pub type KnownBits<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// Block in which an account was first found under maintenance; gone when it is restored.
    #[pallet::storage]
    pub type DueSince<T: Config> =
        StorageMap<_, Blake2_128Concat, SubAccount<T::AccountId>, BlockNumberFor<T>, OptionQuery>;

    /// The factor at which the next sweep starts: where the last one ran out of budget.
    #[pallet::storage]
    pub type Cursor<T: Config> = StorageValue<_, Factor, OptionQuery>;

    /// Page of parked accounts, and how many of it are done, at which the next retry starts.
    #[pallet::storage]
    pub type ParkedCursor<T: Config> = StorageValue<_, (u64, u32), OptionQuery>;

    /// How step 3 keeps up.
    #[pallet::storage]
    pub type Workload<T: Config> = StorageValue<_, Load, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An account was found under maintenance.
        AccountDue {
            /// The account.
            account: SubAccount<T::AccountId>,
            /// Its equity.
            equity: Usd,
            /// What it would have to be.
            maintenance_margin: Usd,
        },
        /// A due account is above maintenance again.
        AccountRestored {
            /// The account.
            account: SubAccount<T::AccountId>,
            /// Block in which it was found under maintenance.
            due_since: BlockNumberFor<T>,
        },
        /// A part of an account was closed.
        Liquidated {
            /// The account.
            account: SubAccount<T::AccountId>,
            /// The market.
            market: MarketId,
            /// How much was closed.
            quantity: Quantity,
            /// For how much.
            notional: Usd,
            /// The fee taken from the account, `reward` included; the rest went to the fund.
            fee: Usd,
            /// What the liquidator got of it.
            reward: Usd,
            /// Who got the reward: the signer, or the author for step 3; nobody for a free
            /// transaction.
            liquidator: Option<T::AccountId>,
            /// Equity before the closing.
            equity_before: Usd,
            /// Equity after the closing, the fee paid.
            equity_after: Usd,
            /// Block in which the account was found under maintenance.
            due_since: BlockNumberFor<T>,
        },
        /// Nothing of a due account could be closed; it is retried behind those that can.
        Parked {
            /// The account.
            account: SubAccount<T::AccountId>,
            /// Why.
            reason: Outcome,
        },
        /// A part of a bankrupt account, or of one that nobody takes, was closed against the
        /// opposite position that ranks highest.
        Deleveraged {
            /// The account.
            account: SubAccount<T::AccountId>,
            /// Whose position was closed with it.
            counterparty: SubAccount<T::AccountId>,
            /// The market.
            market: MarketId,
            /// How much of both.
            quantity: Quantity,
            /// For how much.
            notional: Usd,
            /// What the counterparty gave up of its profit against a closing at mark.
            given_up: Usd,
        },
        /// An account owed more than it owned. The layers and what is unpaid sum to the shortfall,
        /// exactly. What is unpaid stays with the account, and is part of the shortfall of a later
        /// event; so is what is lost while the account is closed in a later block.
        LossCovered {
            /// The account.
            account: SubAccount<T::AccountId>,
            /// The market the loss is counted under.
            market: MarketId,
            /// What was owed beyond the account's own collateral.
            shortfall: Usd,
            /// What liquidation fees of the market paid of it.
            by_fees: Usd,
            /// What the insurance fund's own money paid.
            by_fund: Usd,
            /// What the fund's stakers paid.
            by_stakers: Usd,
            /// What was given up by those whose positions were closed against the account.
            by_deleveraging: Usd,
            /// What was taken out of the market's open profits.
            by_haircut: Usd,
            /// What nobody paid.
            unpaid: Usd,
            /// What the backstop vault paid beyond mark for the positions it took over.
            by_vault: Usd,
        },
        /// The health of an account could not be computed; the account counts as due.
        HealthFailed {
            /// The account.
            account: SubAccount<T::AccountId>,
        },
        /// The budget of step 3 has not sufficed for this many blocks in a row. The breaker is told,
        /// in this block and in every one in which it does not suffice, until the backlog has ended.
        Backlog {
            /// How many.
            blocks: u32,
        },
        /// The budget has sufficed for [`sweep::CALM_BLOCKS`] blocks in a row: the backlog is over.
        BacklogEnded,
        /// The backstop vault took a position over, or a part of it, because the book could not have it.
        TakenOver {
            /// The account.
            account: SubAccount<T::AccountId>,
            /// The market.
            market: MarketId,
            /// How much.
            quantity: Quantity,
            /// For how much: at the bankruptcy price of the position's share of the account.
            notional: Usd,
            /// What the vault paid of it beyond mark: a loss of the account that it bears.
            borne: Usd,
            /// Block in which the account was found under maintenance.
            due_since: BlockNumberFor<T>,
        },
        /// An order of a due account takes part in the auction by which a paused market reopens, in this
        /// block. What it gets is told by the order book.
        JoinedAuction {
            /// The account.
            account: SubAccount<T::AccountId>,
            /// The market.
            market: MarketId,
            /// How much is to be closed.
            quantity: Quantity,
            /// At what price at worst.
            worst: Price,
            /// Block in which the account was found under maintenance.
            due_since: BlockNumberFor<T>,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The account has no position and no collateral that can lose value.
        UnknownAccount,
        /// The account is not under maintenance margin.
        NotLiquidatable,
        /// A price that the account depends on is an error that liquidation does not tolerate.
        PriceUnavailable,
        /// The account was closed in this block as far as one block allows.
        AlreadyClosed,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_now: BlockNumberFor<T>) -> Weight {
            Self::step(T::StepWeight::get()).1
        }

        fn offchain_worker(now: BlockNumberFor<T>) {
            worker::run::<T>(now);
        }

        fn integrity_test() {
            Self::check_budget();
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Closes an account that is under maintenance margin, as far as one block allows.
        ///
        /// Origin: anyone. Signed: the signer gets half of the liquidation fee (in sub-account 0),
        /// and the call is free when it closed something or had a loss paid. Unsigned: free, without a reward,
        /// valid only while the account is liquidatable, was not closed in this block and is not
        /// parked.
        ///
        /// Effects: a stale account is evaluated first; the account's orders are cancelled (at most
        /// [`closing::MAX_CANCELS`]), a part of its largest position is closed, the fee is taken;
        /// what it owes when it is flat is paid in the order of losses ([`losses`]). When nothing can be closed in
        /// [`closing::MAX_MISSES`] markets the account is parked, which is no error, and the next
        /// attempt goes on with the others.
        ///
        /// # Errors
        /// - [`Error::UnknownAccount`], [`Error::NotLiquidatable`]: nothing to do.
        /// - [`Error::PriceUnavailable`]: health is not known now.
        /// - [`Error::AlreadyClosed`]: try in the next block.
        ///
        /// # Events
        /// [`Event::Liquidated`], [`Event::TakenOver`], [`Event::Deleveraged`], [`Event::LossCovered`], [`Event::Parked`], [`Event::AccountDue`],
        /// [`Event::AccountRestored`].
        ///
        /// # Complexity
        /// O(legs + orders cancelled + fills + positions of others that pay), all bounded; each fill changes
        /// two accounts.
        #[pallet::call_index(0)]
        // Operational: user transactions cannot fill the part of a block that is kept for it.
        #[pallet::weight((Pallet::<T>::worst_call(), DispatchClass::Operational))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_liquidate())]
        #[pallet::authorize(Self::authorize_liquidate)]
        pub fn liquidate(
            origin: OriginFor<T>,
            account: SubAccount<T::AccountId>,
        ) -> DispatchResultWithPostInfo {
            let liquidator = match ensure_signed(origin.clone()) {
                Ok(who) => Some(who),
                Err(_) => {
                    ensure_authorized(origin)?;
                    None
                }
            };
            ensure!(Self::is_tracked(&account), Error::<T>::UnknownAccount);
            let fills = T::MaxFillsPerClosing::get();
            let mut prices = EffectivePrices::default();
            let attempt = Self::close_account(&account, liquidator, fills, true, &mut prices);
            let pays_fee = match attempt.outcome {
                Outcome::Progress => Pays::No,
                Outcome::Healthy => return Err(Error::<T>::NotLiquidatable.into()),
                Outcome::Frozen => return Err(Error::<T>::PriceUnavailable.into()),
                Outcome::AlreadyClosed => return Err(Error::<T>::AlreadyClosed.into()),
                // Kept, so that the account stays parked.
                Outcome::MarketsHalted
                | Outcome::NoLiquidity
                | Outcome::FundShort
                | Outcome::MathFailure
                | Outcome::NoRoom => Pays::Yes,
            };
            Ok(PostDispatchInfo {
                actual_weight: Some(Self::call_weight(&attempt)),
                pays_fee,
            })
        }
    }

    impl<T: Config> Pallet<T> {
        /// Whether the queue knows anything of an account. One that it does not know has nothing
        /// that can lose value, and no debt.
        pub fn is_tracked(account: &SubAccount<T::AccountId>) -> bool {
            Keys::<T>::contains_key(account)
                || Known::<T>::contains_key(account)
                || Stale::<T>::contains_key(account)
        }

        /// Whether a free transaction may liquidate an account now; it is never told so, it looks.
        pub(crate) fn may_liquidate(
            account: &SubAccount<T::AccountId>,
        ) -> Result<(), InvalidTransaction> {
            if !Self::is_tracked(account) {
                return Err(InvalidTransaction::Call);
            }
            if let Some(known) = Known::<T>::get(account) {
                let now = frame_system::Pallet::<T>::block_number();
                // Without this a free transaction for an account that nobody can close would be
                // valid again in every block.
                if known.class == types::PARKED || known.closed_at == Some(now) {
                    return Err(InvalidTransaction::Stale);
                }
            }
            match T::Ledger::health(account) {
                Ok(health) if health.is_liquidatable() => Ok(()),
                _ => Err(InvalidTransaction::Call),
            }
        }

        fn authorize_liquidate(
            _source: TransactionSource,
            account: &SubAccount<T::AccountId>,
        ) -> TransactionValidityWithRefund {
            Self::may_liquidate(account)?;
            ValidTransaction::with_tag_prefix("BulwarkLiquidation")
                .priority(T::LiquidationPriority::get())
                .and_provides(account)
                .longevity(LONGEVITY)
                .propagate(true)
                .build()
                .map(|validity| (validity, Weight::zero()))
        }
    }
}
