//! # Price oracle
//!
//! One price per asset and block, as a [`Result`]: quorum, age, median, deviation and outage guard over
//! the raw values of the SDK's oracle pallet; the feeders with their bonds, seats and scores; and the
//! offchain worker that feeds.
//!
//! ## Terminology
//!
//! - **Feeder**: who has put up a bond to feed prices. Its **cold** account holds the bond and names
//!   the **hot key**, the account whose `Oracle.feed_values` is accepted.
//! - **Seat**: the right to feed, given by governance or, for a minority of **open seats**, to
//!   the largest bonds. A feeder with a seat is **active**, unless it is suspended.
//! - **Feed**: the last value of one feeder for one asset, with the time the chain gave it.
//! - **Fresh**: not older than the asset's, or the quorum's, `max_age`.
//! - **Snapshot**: what all of a block sees as the price of an asset. It is an error when there is
//!   no clean price; the price of an earlier block is never kept. A quorum of fresh feeds leaves its
//!   median beside the error, for what tolerates that error.
//! - **Outage**: a quorum missing, or blocks missing, for too long. The price is `Recovering` until a
//!   fresh quorum has held for the **grace**. Before the very first quorum nothing can depend on the
//!   price, so that one has no grace.
//! - **Expected move**: how far the price may go within the hour, by the volatility model. A new asset
//!   starts from a range of its tier; every hour that ends moves it, and margins are told.
//! - **Round**: 30 s in which a feeder is missed (silent about an asset that had a quorum) or outside
//!   (far from the median) if it is so in most of the blocks. Too many bad ones of the last 64 suspend
//!   it, and slash it from the second time on. A round that is bad for more than a third of the
//!   feeders is not counted, and nobody is suspended whom the quorum needs.
//!
//! ## Units
//!
//! Prices are USD per whole unit with 18 decimals, spreads have 9 decimals, times are milliseconds
//! since the Unix epoch, bonds are base units of the native token.
//!
//! ## Invariants
//!
//! - 8: feeders are sorted, unique and exactly the hot keys of active registrations, each with
//!   a tally; every bond is held; snapshots, means and history exist for listed assets only and agree;
//!   a median exists only with a quorum; each listed asset has an expected move, and no other has.
//! - 10: the hook reads at most `MaxFeeders * MaxAssets` feeds, and nothing that grows with time.
//! - 11: quorum, guards, scoring and the rules of each asset are inside their bounds.
//!
//! ## Flow
//!
//! `on_initialize` of block N aggregates what was fed in blocks before N, so nothing that happens
//! inside a block moves the price of that block. The offchain worker of block N asks the configured
//! exchanges and signs a feed that is seen in N+1 at the earliest (see [`worker`]). A feed that
//! [`Pallet::is_sound_feed`] does not like is to be refused by the runtime before it is executed.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod assets;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod feeders;
mod feeds;
mod history;
mod invariants;
mod means;
#[cfg(test)]
mod mock;
mod moves;
mod outcomes;
mod prices;
mod scores;
mod seats;
mod snapshot;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;
pub mod worker;

pub use feeds::{FeedRights, NoAggregate, OracleFeeds, RawFeeds};
pub use moves::{start_range, ExpectedMove, Volatility};
pub use pallet::*;
pub use types::{
    Delays, Guards, HourBar, Hourly, Means, OracleAsset, Quorum, Registration, Round, Scoring,
    Snapshot, Tally, Track, HISTORY, HOUR, MAX_MAX_AGE, MAX_SLASH, MAX_TOLERANCE, MIN_MAX_AGE,
    MIN_ROUND_BLOCKS, MIN_TOLERANCE, ROUND,
};
pub use weights::WeightInfo;

use frame_support::{
    pallet_macros::import_section,
    traits::fungible::{Credit, Inspect},
};

/// The account id of the runtime.
pub type AccountIdOf<T> = <T as frame_system::Config>::AccountId;

/// Balance of the native token.
pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<AccountIdOf<T>>>::Balance;

/// What was taken from a bond.
pub type CreditOf<T> = Credit<AccountIdOf<T>, <T as Config>::Currency>;

// What the macro makes: storage types without `Debug`, and casts of enum indices.
#[allow(missing_debug_implementations, clippy::as_conversions)]
#[import_section(outcomes::outcomes)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::worker::SubmitFeed;
    use alloc::vec::Vec;
    use bulwark_primitives::{AssetId, Moment, Price, PriceError, Rate, Seat, Tier};
    use bulwark_risk_math::oracle::Offence;
    use bulwark_traits::{AssetUse, MoveObserver, PriceSource};

    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungible::{BalancedHold, Mutate, MutateHold},
            OnUnbalanced, Time,
        },
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::Perbill;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The native token, in which bonds are held.
        type Currency: Mutate<Self::AccountId>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>
            + BalancedHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// The hold reason of the runtime.
        type RuntimeHoldReason: From<HoldReason>;

        /// Who admits, removes and slashes feeders, lists assets and sets the rules.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Where slashed bonds go.
        type Slash: OnUnbalanced<CreditOf<Self>>;

        /// Who is told of every new expected move: what makes margins of it.
        type Moves: MoveObserver;

        /// Whether a market or collateral needs the price of an asset.
        type AssetUse: AssetUse;

        /// The raw values; [`OracleFeeds`] in a runtime.
        type Feeds: RawFeeds<Self::AccountId>;

        /// How the offchain worker signs and submits; [`worker::SignedFeed`] in a runtime.
        type Submit: SubmitFeed<Self::AccountId>;

        /// The time of the block as `on_initialize` may know it: its slot.
        type Clock: Time<Moment = Moment>;

        /// The unit of account. Its price is one USD and it is never fed.
        #[pallet::constant]
        type Settlement: Get<AssetId>;

        /// The least a feeder puts up.
        #[pallet::constant]
        type MinFeederBond: Get<BalanceOf<Self>>;

        /// How long, in milliseconds, a bond can be slashed after its feeder left.
        #[pallet::constant]
        type UnbondingPeriod: Get<Moment>;

        /// Most seats that go to the largest bonds.
        #[pallet::constant]
        type OpenSeats: Get<u32>;

        /// Most active feeders at a time.
        #[pallet::constant]
        type MaxFeeders: Get<u32>;

        /// Most assets with a price.
        #[pallet::constant]
        type MaxAssets: Get<u32>;

        /// Weights of the calls and hooks.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds native tokens.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The bond of a feeder.
        #[codec(index = 0)]
        FeederBond,
    }

    /// Hot keys of the active feeders, sorted.
    #[pallet::storage]
    pub type Feeders<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxFeeders>, ValueQuery>;

    /// Everybody who registered, by cold account. Each entry but those of the genesis block has a
    /// bond behind it.
    #[pallet::storage]
    pub type Registrations<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Registration<T::AccountId, BalanceOf<T>>>;

    /// The cold account of each hot key.
    #[pallet::storage]
    pub type HotKeys<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, T::AccountId>;

    /// The running round of the feeders' score.
    #[pallet::storage]
    pub type CurrentRound<T: Config> = StorageValue<_, Round<T::MaxFeeders>, ValueQuery>;

    /// Assets with a price, sorted by id.
    #[pallet::storage]
    pub type Assets<T: Config> = StorageValue<_, BoundedVec<OracleAsset, T::MaxAssets>, ValueQuery>;

    /// How many feeds of which age make a price.
    #[pallet::storage]
    pub type Settings<T: Config> = StorageValue<_, Quorum, ValueQuery>;

    /// What guards prices against outages and jumps.
    #[pallet::storage]
    pub type GuardSettings<T: Config> = StorageValue<_, Guards, ValueQuery>;

    /// How feeders are judged.
    #[pallet::storage]
    pub type ScoreSettings<T: Config> = StorageValue<_, Scoring, ValueQuery>;

    /// The price of each listed asset in this block, with its means, hour range and outages.
    #[pallet::storage]
    pub type Tracks<T: Config> = StorageMap<_, Identity, AssetId, Track, ValueQuery>;

    /// Hourly prices of each listed asset, and how far it may go within an hour.
    #[pallet::storage]
    pub type Hours<T: Config> = StorageMap<_, Twox64Concat, AssetId, Hourly, ValueQuery>;

    /// The last snapshots of each listed asset, by position in a ring.
    #[pallet::storage]
    pub type History<T: Config> =
        StorageDoubleMap<_, Twox64Concat, AssetId, Identity, u8, Snapshot>;

    /// Feeders and assets of the first block.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Active feeders, each its own hot key; they have no bond.
        pub feeders: Vec<T::AccountId>,
        /// Listed assets.
        pub assets: Vec<(AssetId, Tier)>,
        /// The quorum.
        pub quorum: Quorum,
    }

    // By hand: deriving it would ask for an account id with a default.
    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                feeders: Vec::new(),
                assets: Vec::new(),
                quorum: Quorum {
                    min_feeders: Quorum::default().min_feeders.min(T::MaxFeeders::get()),
                    ..Quorum::default()
                },
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            assert!(
                self.quorum.is_valid(T::MaxFeeders::get()),
                "quorum outside its bounds"
            );
            Settings::<T>::put(self.quorum);
            for who in &self.feeders {
                let none = BalanceOf::<T>::default();
                let registered = Pallet::<T>::insert_registration(who, who.clone(), none, true);
                assert!(
                    registered.and_then(|()| Pallet::<T>::do_admit(who)).is_ok(),
                    "bad list of feeders"
                );
            }
            for (asset, tier) in &self.assets {
                assert!(
                    Pallet::<T>::do_add_asset(OracleAsset::new(*asset, *tier)).is_ok(),
                    "bad list of assets"
                );
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Takes the snapshots, moves the means and, when their time is over, closes hours and rounds.
        /// `O(feeders * assets)`.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::take_snapshots(T::Clock::now()).weight::<T::WeightInfo>()
        }

        fn offchain_worker(block: BlockNumberFor<T>) {
            worker::run::<T>(block);
        }

        fn integrity_test() {
            assert!(T::MaxFeeders::get() >= 1, "nobody could feed");
            assert!(T::MaxAssets::get() >= 1, "nothing could be fed");
            assert!(
                Guards::default().is_valid() && Scoring::default().is_valid(),
                "default rules outside their bounds"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers the sender as a candidate feeder whose values `hot_key` will sign.
        ///
        /// Origin: signed, the cold account. Effects: holds `bond` of its native tokens. Nothing
        /// the hot key says counts until the feeder has a seat.
        ///
        /// Errors: `BondTooSmall`, `AlreadyRegistered`, `HotKeyTaken`, or the token's when the bond
        /// cannot be held. Events: `FeederRegistered`. Complexity: constant.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register_feeder())]
        pub fn register_feeder(
            origin: OriginFor<T>,
            hot_key: T::AccountId,
            bond: BalanceOf<T>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_register(&who, hot_key.clone(), bond)?;
            Self::deposit_event(Event::FeederRegistered { who, hot_key, bond });
            Ok(())
        }

        /// Starts the sender's way out.
        ///
        /// Origin: signed, the cold account. Effects: its feeds are forgotten at once and it can
        /// feed no more; the next snapshot is taken without it, which may make it an error. Its
        /// bond stays held, and can be slashed, for `UnbondingPeriod`.
        ///
        /// Errors: `NotRegistered`, `Leaving`. Events: `FeederLeft`. Complexity: `O(assets)`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::unregister_feeder())]
        pub fn unregister_feeder(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let until = Self::do_unregister(&who)?;
            Self::deposit_event(Event::FeederLeft { who, until });
            Ok(())
        }

        /// Gives a registered account a seat of governance: its feeds count. Lifts a suspension.
        ///
        /// Origin: `AdminOrigin`. Errors: `NotRegistered`, `AlreadyAdmitted`, `Leaving`,
        /// `BondTooSmall` (after a slash), `TooManyFeeders`. Events: `FeederAdmitted`. Complexity:
        /// `O(feeders + assets)`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::admit_feeder())]
        pub fn admit_feeder(origin: OriginFor<T>, who: T::AccountId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_admit(&who)?;
            let seat = Seat::Governance;
            Self::deposit_event(Event::FeederAdmitted { who, seat });
            Ok(())
        }

        /// Takes the seat of a feeder, whatever its kind, until governance gives it one again.
        ///
        /// Origin: `AdminOrigin`. Effects: its feeds are forgotten at once; it stays registered
        /// and its bond held until it leaves.
        ///
        /// Errors: `NotRegistered`, `NotAdmitted`, `Leaving`. Events: `FeederRemoved`. Complexity:
        /// `O(feeders + assets)`.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::remove_feeder())]
        pub fn remove_feeder(origin: OriginFor<T>, who: T::AccountId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_remove(&who)?;
            Self::deposit_event(Event::FeederRemoved { who });
            Ok(())
        }

        /// Sets how many feeds of which age make a price.
        ///
        /// Origin: `AdminOrigin`. Effects: from the next block on. `max_age` is in milliseconds.
        ///
        /// Errors: `QuorumOutOfBounds` ([`Quorum::is_valid`]). Events: `QuorumSet`. Complexity:
        /// constant.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::set_quorum())]
        pub fn set_quorum(
            origin: OriginFor<T>,
            min_feeders: u32,
            max_age: Moment,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            let quorum = Quorum {
                min_feeders,
                max_age,
            };
            let valid = quorum.is_valid(T::MaxFeeders::get());
            ensure!(valid, Error::<T>::QuorumOutOfBounds);
            Settings::<T>::put(quorum);
            Self::deposit_event(Event::QuorumSet { quorum });
            Ok(())
        }

        /// Lists an asset, which has a price from the next block on. Without an age or tolerance of
        /// its own it has those of the quorum and its tier; its expected move starts from its tier.
        ///
        /// Origin: `AdminOrigin`. Errors: `SettlementAsset`, `AssetOutOfBounds`
        /// ([`OracleAsset::is_valid`]), `AssetExists`, `TooManyAssets`. Events: `AssetAdded`,
        /// `MoveExpected`. Complexity: `O(assets)`.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::add_asset())]
        pub fn add_asset(
            origin: OriginFor<T>,
            asset: AssetId,
            tier: Tier,
            max_age: Option<Moment>,
            tolerance: Option<Rate>,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            let entry = OracleAsset {
                asset,
                tier,
                max_age,
                tolerance,
            };
            Self::do_add_asset(entry)?;
            Self::deposit_event(Event::AssetAdded { entry });
            Ok(())
        }

        /// Takes an asset that nothing needs off the list, with its feeds, means, expected move and
        /// history: its price is `Halted` at once.
        ///
        /// Origin: `AdminOrigin`. Errors: `UnknownAsset`, `AssetInUse`. Events: `AssetRemoved`.
        /// Complexity: `O(assets + feeders + HISTORY)`.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::remove_asset())]
        pub fn remove_asset(origin: OriginFor<T>, asset: AssetId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_remove_asset(asset)?;
            Self::deposit_event(Event::AssetRemoved { asset });
            Ok(())
        }

        /// Ends the registration of a sender who has left, and releases what is left of its bond.
        ///
        /// Origin: signed, the cold account. Errors: `NotRegistered`, `NotLeaving`, `TooEarly`.
        /// Events: `FeederUnregistered`. Complexity: constant.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::withdraw_bond())]
        pub fn withdraw_bond(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let released = Self::do_withdraw_bond(&who)?;
            Self::deposit_event(Event::FeederUnregistered { who, released });
            Ok(())
        }

        /// Holds `amount` more of the sender's native tokens.
        ///
        /// Origin: signed, the cold account. Errors: `ZeroAmount`, `NotRegistered`, `Leaving`, or
        /// the token's. Events: `BondAdded`. Complexity: constant.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::add_bond())]
        pub fn add_bond(origin: OriginFor<T>, amount: BalanceOf<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let bond = Self::do_add_bond(&who, amount)?;
            Self::deposit_event(Event::BondAdded { who, bond });
            Ok(())
        }

        /// Lets another account sign the sender's feeds.
        ///
        /// Origin: signed, the cold account. Effects: seat, bond and score stay; what the old key
        /// said is forgotten at once, and it can feed no more.
        ///
        /// Errors: `NotRegistered`, `Leaving`, `HotKeyTaken`. Events: `HotKeyChanged`. Complexity:
        /// `O(feeders + assets)`.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::set_hot_key())]
        pub fn set_hot_key(origin: OriginFor<T>, hot_key: T::AccountId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_hot_key(&who, hot_key.clone())?;
            Self::deposit_event(Event::HotKeyChanged { who, hot_key });
            Ok(())
        }

        /// Takes an open seat for the sender: a free one as long as open seats are fewer than
        /// governance's, else that of the smallest bond among them, if the sender's is larger.
        ///
        /// Origin: signed, the cold account of a candidate. Errors: `NotRegistered`,
        /// `AlreadyAdmitted`, `Suspended`, `Barred`, `Leaving`, `BondTooSmall`, `NoOpenSeat`,
        /// `TooManyFeeders`. Events: `FeederAdmitted`, and `FeederDisplaced`. Complexity:
        /// `O(feeders + assets)`.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::claim_seat())]
        pub fn claim_seat(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_claim_seat(&who)?;
            let seat = Seat::Open;
            Self::deposit_event(Event::FeederAdmitted { who, seat });
            Ok(())
        }

        /// Brings the sender back after its suspension: to its seat of governance, or to an open
        /// seat as `claim_seat` would give it.
        ///
        /// Origin: signed, the cold account. Errors: `NotRegistered`, `NotSuspended`, `TooEarly`,
        /// `BondTooSmall` (after a slash), `NoOpenSeat`, `TooManyFeeders`. Events: `FeederAdmitted`,
        /// and `FeederDisplaced`. Complexity: `O(feeders + assets)`.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::resume_feeder())]
        pub fn resume_feeder(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let seat = Self::do_resume(&who)?;
            Self::deposit_event(Event::FeederAdmitted { who, seat });
            Ok(())
        }

        /// Replaces the rules of a listed asset; its history and means stay. With another tier its
        /// expected move starts again, as long as it has not seen an hour.
        ///
        /// Origin: `AdminOrigin`. Errors: `AssetOutOfBounds`, `UnknownAsset`. Events: `AssetSet`,
        /// `MoveExpected`. Complexity: `O(assets)`.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::set_asset())]
        pub fn set_asset(
            origin: OriginFor<T>,
            asset: AssetId,
            tier: Tier,
            max_age: Option<Moment>,
            tolerance: Option<Rate>,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            let entry = OracleAsset {
                asset,
                tier,
                max_age,
                tolerance,
            };
            Self::do_set_asset(entry)?;
            Self::deposit_event(Event::AssetSet { entry });
            Ok(())
        }

        /// Sets what counts as an outage, the grace after it, and the windows of the means.
        ///
        /// Origin: `AdminOrigin`. Effects: from the next block on. Errors: `GuardsOutOfBounds`
        /// ([`Guards::is_valid`]). Events: `GuardsSet`. Complexity: constant.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::set_guards())]
        pub fn set_guards(origin: OriginFor<T>, guards: Guards) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            ensure!(guards.is_valid(), Error::<T>::GuardsOutOfBounds);
            GuardSettings::<T>::put(guards);
            Self::deposit_event(Event::GuardsSet { guards });
            Ok(())
        }

        /// Sets how feeders are judged.
        ///
        /// Origin: `AdminOrigin`. Effects: from the next round on. Errors: `ScoringOutOfBounds`
        /// ([`Scoring::is_valid`]). Events: `ScoringSet`. Complexity: constant.
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::set_scoring())]
        pub fn set_scoring(origin: OriginFor<T>, scoring: Scoring) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            ensure!(scoring.is_valid(), Error::<T>::ScoringOutOfBounds);
            ScoreSettings::<T>::put(scoring);
            Self::deposit_event(Event::ScoringSet { scoring });
            Ok(())
        }

        /// Takes a share of a bond, rounded down, for what no score can see; also of a feeder
        /// that is on its way out.
        ///
        /// Origin: `AdminOrigin`. Errors: `SlashTooLarge` above [`MAX_SLASH`], `NotRegistered`.
        /// Events: `FeederSlashed`. Complexity: constant.
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::slash_feeder())]
        pub fn slash_feeder(
            origin: OriginFor<T>,
            who: T::AccountId,
            share: Perbill,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            ensure!(share <= MAX_SLASH, Error::<T>::SlashTooLarge);
            Self::with_registration(&who, |registration| {
                Self::slash(&who, registration, share);
                Ok(())
            })
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The snapshot of an asset in this block; `None` for one that is not listed.
        pub fn snapshot(asset: AssetId) -> Option<Snapshot> {
            Tracks::<T>::get(asset).snapshot
        }

        /// What the risk engine sees as the price of an asset, USD with 18 decimals.
        pub fn current_price(asset: AssetId) -> Result<Price, PriceError> {
            <Self as PriceSource>::price(asset)
        }

        /// All snapshots of this block, in order of the assets' ids.
        pub fn snapshots() -> Vec<(AssetId, Snapshot)> {
            Assets::<T>::get()
                .iter()
                .filter_map(|entry| Some((entry.asset, Self::snapshot(entry.asset)?)))
                .collect()
        }

        /// Time-weighted means, slow price and hour range of an asset; `None` before its first price.
        pub fn means(asset: AssetId) -> Option<Means> {
            Tracks::<T>::get(asset).means
        }

        /// How far an asset may go within the hour, and what margins make of it; `None` for one that is
        /// not listed.
        pub fn expected_move(asset: AssetId) -> Option<ExpectedMove> {
            Hours::<T>::get(asset)
                .moves
                .and_then(|state| state.expected().ok())
        }

        /// Lower and higher of the clean price and the slow one: initial margin takes the worse.
        pub fn price_range(asset: AssetId) -> Result<(Price, Price), PriceError> {
            <Self as PriceSource>::range(asset)
        }

        /// The last snapshots of an asset, newest first, at most `limit` of [`HISTORY`].
        pub fn history(asset: AssetId, limit: u32) -> Vec<Snapshot> {
            Self::last_snapshots(asset, limit)
        }

        /// Bond, seat and score of a feeder, by its cold account.
        pub fn feeder(who: T::AccountId) -> Option<Registration<T::AccountId, BalanceOf<T>>> {
            Registrations::<T>::get(who)
        }
    }
}
