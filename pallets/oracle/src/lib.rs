//! # Price oracle
//!
//! One price per asset and block, as a [`Result`]: quorum, age and median guard over the raw values
//! of the SDK's oracle pallet, the set of those who may feed, and the offchain worker that feeds.
//!
//! ## Terminology
//!
//! - **Feeder**: an account whose `Oracle.feed_values` is accepted. It registers with a bond and
//!   is admitted by governance.
//! - **Feed**: the last value of one feeder for one asset, with the time the chain gave it.
//! - **Fresh**: not older than the quorum's `max_age`.
//! - **Snapshot**: what all of a block sees as the price of an asset. It is an error when there is
//!   no clean price; the price of an earlier block is never kept. A quorum of fresh feeds that
//!   disagree leaves its median beside the error, for liquidation, which tolerates that.
//!
//! ## Units
//!
//! Prices are USD per whole unit with 18 decimals, spreads have 9 decimals, times are milliseconds
//! since the Unix epoch, bonds are base units of the native token.
//!
//! ## Invariants
//!
//! - 8: feeders are sorted, unique and exactly the admitted registrations, every bond is held,
//!   snapshots exist for listed assets only, and a median exists only with a quorum.
//! - 10: the hook reads at most `MaxFeeders * MaxAssets` feeds.
//! - 11: the quorum is inside its bounds.
//!
//! ## Flow
//!
//! `on_initialize` of block N aggregates what was fed in blocks before N, so nothing that happens
//! inside a block moves the price of that block. The offchain worker of block N asks the configured
//! exchanges and signs a feed that is seen in N+1 at the earliest (see [`worker`]).

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod feeders;
mod feeds;
mod invariants;
#[cfg(test)]
mod mock;
mod prices;
mod snapshot;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;
pub mod worker;

pub use feeds::{NoAggregate, OracleFeeds, RawFeeds};
pub use pallet::*;
pub use types::{OracleAsset, Quorum, Registration, Snapshot, MAX_MAX_AGE, MIN_MAX_AGE};
pub use weights::WeightInfo;

use frame_support::traits::fungible::Inspect;

/// The account id of the runtime.
pub type AccountIdOf<T> = <T as frame_system::Config>::AccountId;

/// Balance of the native token.
pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<AccountIdOf<T>>>::Balance;

// What the macro makes: storage types without `Debug`, and casts of enum indices.
#[allow(missing_debug_implementations, clippy::as_conversions)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::worker::SubmitFeed;
    use alloc::vec::Vec;
    use bulwark_primitives::{AssetId, Moment, PriceError, Tier};
    use bulwark_traits::PriceSource;
    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungible::{Mutate, MutateHold},
            Time,
        },
    };
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The native token, in which bonds are held.
        type Currency: Mutate<Self::AccountId>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// The hold reason of the runtime.
        type RuntimeHoldReason: From<HoldReason>;

        /// Who admits and removes feeders, lists assets and sets the quorum.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The raw values; [`OracleFeeds`] in a runtime.
        type Feeds: RawFeeds<Self::AccountId>;

        /// How the offchain worker signs and submits; [`worker::SignedFeed`] in a runtime.
        type Submit: SubmitFeed<Self::AccountId>;

        /// The time of the block as `on_initialize` may know it: its slot.
        type Clock: Time<Moment = Moment>;

        /// The unit of account. Its price is one USD and it is never fed.
        #[pallet::constant]
        type Settlement: Get<AssetId>;

        /// What a feeder puts up.
        #[pallet::constant]
        type FeederBond: Get<BalanceOf<Self>>;

        /// Most feeders admitted at a time.
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

    /// Admitted feeders, sorted.
    #[pallet::storage]
    pub type Feeders<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxFeeders>, ValueQuery>;

    /// Everybody who registered, admitted or not. Each entry but those of the genesis block has
    /// a bond behind it.
    #[pallet::storage]
    pub type Registrations<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Registration<BalanceOf<T>>>;

    /// Assets with a price, sorted by id.
    #[pallet::storage]
    pub type Assets<T: Config> = StorageValue<_, BoundedVec<OracleAsset, T::MaxAssets>, ValueQuery>;

    /// How many feeds of which age make a price.
    #[pallet::storage]
    pub type Settings<T: Config> = StorageValue<_, Quorum, ValueQuery>;

    /// The price of each listed asset in this block.
    #[pallet::storage]
    pub type Snapshots<T: Config> = StorageMap<_, Twox64Concat, AssetId, Snapshot>;

    /// Feeders and assets of the first block.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Admitted feeders; they have no bond.
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
                let registration = Registration {
                    bond: Default::default(),
                    admitted: false,
                };
                Registrations::<T>::insert(who, registration);
                assert!(Pallet::<T>::do_admit(who).is_ok(), "bad list of feeders");
            }
            for (asset, tier) in &self.assets {
                assert!(
                    Pallet::<T>::do_add_asset(*asset, *tier).is_ok(),
                    "bad list of assets"
                );
            }
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The price of an asset, or the reason why it has none, or the median then, is not that of
        /// the last block.
        SnapshotTaken {
            /// The asset.
            asset: AssetId,
            /// What the block sees.
            snapshot: Snapshot,
        },
        /// An account put up its bond.
        FeederRegistered {
            /// The account.
            who: T::AccountId,
            /// What is held.
            bond: BalanceOf<T>,
        },
        /// A feeder's values count from now on.
        FeederAdmitted {
            /// The feeder.
            who: T::AccountId,
        },
        /// A feeder's values no longer count; its bond is still held.
        FeederRemoved {
            /// The feeder.
            who: T::AccountId,
        },
        /// A feeder left.
        FeederUnregistered {
            /// The feeder.
            who: T::AccountId,
            /// What was released.
            released: BalanceOf<T>,
        },
        /// The quorum changed.
        QuorumSet {
            /// The new one.
            quorum: Quorum,
        },
        /// An asset has a price from the next block on.
        AssetAdded {
            /// The asset.
            asset: AssetId,
            /// Its quality class.
            tier: Tier,
        },
        /// An asset has no price any more.
        AssetRemoved {
            /// The asset.
            asset: AssetId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The account has a registration.
        AlreadyRegistered,
        /// The account has no registration.
        NotRegistered,
        /// The feeder is admitted.
        AlreadyAdmitted,
        /// The account is registered but not admitted.
        NotAdmitted,
        /// No more feeders can be admitted.
        TooManyFeeders,
        /// The quorum is outside its bounds.
        QuorumOutOfBounds,
        /// The asset is listed.
        AssetExists,
        /// The asset is not listed.
        UnknownAsset,
        /// No more assets can be listed.
        TooManyAssets,
        /// The settlement asset is worth one USD by definition.
        SettlementAsset,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Takes the snapshots. `O(feeders * assets)`.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            let (feeders, assets) = Self::take_snapshots(T::Clock::now());
            T::WeightInfo::on_initialize(feeders, assets)
        }

        fn offchain_worker(block: BlockNumberFor<T>) {
            worker::run::<T>(block);
        }

        fn integrity_test() {
            assert!(T::MaxFeeders::get() >= 1, "nobody could feed");
            assert!(T::MaxAssets::get() >= 1, "nothing could be fed");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers the sender as a candidate feeder.
        ///
        /// Origin: signed. Effects: holds `FeederBond` of the sender's native tokens. Nothing the
        /// sender says counts until it is admitted.
        ///
        /// Errors: `AlreadyRegistered`, or the token's when the bond cannot be held.
        /// Events: `FeederRegistered`. Complexity: constant.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register_feeder())]
        pub fn register_feeder(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let bond = Self::do_register(&who)?;
            Self::deposit_event(Event::FeederRegistered { who, bond });
            Ok(())
        }

        /// Ends the sender's registration.
        ///
        /// Origin: signed. Effects: the sender's feeds are forgotten at once, it can feed no more,
        /// and its bond is released. The next snapshot is taken without it, which may make it an
        /// error.
        ///
        /// Errors: `NotRegistered`. Events: `FeederUnregistered`. Complexity: `O(assets)`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::unregister_feeder())]
        pub fn unregister_feeder(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let released = Self::do_unregister(&who)?;
            Self::deposit_event(Event::FeederUnregistered { who, released });
            Ok(())
        }

        /// Lets the feeds of a registered account count.
        ///
        /// Origin: `AdminOrigin`. Errors: `NotRegistered`, `AlreadyAdmitted`, `TooManyFeeders`.
        /// Events: `FeederAdmitted`. Complexity: `O(feeders)`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::admit_feeder())]
        pub fn admit_feeder(origin: OriginFor<T>, who: T::AccountId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_admit(&who)?;
            Self::deposit_event(Event::FeederAdmitted { who });
            Ok(())
        }

        /// Takes the admission of a feeder back.
        ///
        /// Origin: `AdminOrigin`. Effects: its feeds are forgotten at once; it stays registered
        /// and its bond held until it unregisters.
        ///
        /// Errors: `NotRegistered`, `NotAdmitted`. Events: `FeederRemoved`. Complexity:
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
        /// Errors: `QuorumOutOfBounds` unless `1 <= min_feeders <= MaxFeeders` and
        /// [`MIN_MAX_AGE`] `<= max_age <=` [`MAX_MAX_AGE`]. Events: `QuorumSet`. Complexity:
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
            ensure!(
                quorum.is_valid(T::MaxFeeders::get()),
                Error::<T>::QuorumOutOfBounds
            );
            Settings::<T>::put(quorum);
            Self::deposit_event(Event::QuorumSet { quorum });
            Ok(())
        }

        /// Lists an asset, which has a price from the next block on.
        ///
        /// Origin: `AdminOrigin`. Errors: `SettlementAsset`, `AssetExists`, `TooManyAssets`.
        /// Events: `AssetAdded`. Complexity: `O(assets)`.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::add_asset())]
        pub fn add_asset(origin: OriginFor<T>, asset: AssetId, tier: Tier) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_add_asset(asset, tier)?;
            Self::deposit_event(Event::AssetAdded { asset, tier });
            Ok(())
        }

        /// Takes an asset off the list: its price is `Halted` at once.
        ///
        /// Origin: `AdminOrigin`. Errors: `UnknownAsset`. Events: `AssetRemoved`. Complexity:
        /// `O(assets)`.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::remove_asset())]
        pub fn remove_asset(origin: OriginFor<T>, asset: AssetId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Assets::<T>::try_mutate(|assets| {
                let place = assets
                    .binary_search_by_key(&asset, |entry| entry.asset)
                    .map_err(|_| Error::<T>::UnknownAsset)?;
                assets.remove(place);
                Ok::<(), Error<T>>(())
            })?;
            Snapshots::<T>::remove(asset);
            Self::deposit_event(Event::AssetRemoved { asset });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The snapshot of an asset in this block; `None` for one that is not listed.
        pub fn snapshot(asset: AssetId) -> Option<Snapshot> {
            Snapshots::<T>::get(asset)
        }

        /// What the risk engine sees as the price of an asset, USD with 18 decimals.
        pub fn current_price(asset: AssetId) -> Result<bulwark_primitives::Price, PriceError> {
            <Self as PriceSource>::price(asset)
        }

        /// All snapshots of this block, in order of the assets' ids.
        pub fn snapshots() -> Vec<(AssetId, Snapshot)> {
            Assets::<T>::get()
                .iter()
                .filter_map(|entry| Some((entry.asset, Snapshots::<T>::get(entry.asset)?)))
                .collect()
        }
    }

    impl<T: Config> Pallet<T> {
        pub(crate) fn do_add_asset(asset: AssetId, tier: Tier) -> DispatchResult {
            ensure!(asset != T::Settlement::get(), Error::<T>::SettlementAsset);
            Assets::<T>::try_mutate(|assets| {
                let Err(place) = assets.binary_search_by_key(&asset, |entry| entry.asset) else {
                    return Err(Error::<T>::AssetExists.into());
                };
                assets
                    .try_insert(place, OracleAsset { asset, tier })
                    .map_err(|_| Error::<T>::TooManyAssets.into())
            })
        }
    }
}
