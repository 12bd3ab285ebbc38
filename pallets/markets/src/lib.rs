//! # Markets: the registry
//!
//! Which collateral assets and perpetual markets exist, and with which governed parameters.
//!
//! ## Terminology
//!
//! - *Market*: a perpetual future on one index asset, with margin, fees and limits.
//! - *Collateral asset*: a token that may be deposited, with the share of its value that counts.
//! - *Settlement asset*: the collateral asset that is the unit of account; one base unit of it is
//!   one [`Usd`](bulwark_primitives::Usd).
//! - *Change*: new governed values on their way. Weakening a safeguard is slower than using it:
//!   what loosens waits and then ramps from block to block, initial margin tightens at once, and what
//!   liquidates only ever ramps.
//! - *Matrix*: how the assets of markets move together, and which share of a margin may be offset
//!   between opposite positions ([`correlations`]).
//! - *Moves*: what the volatility of the index asset asks margins for, told once an hour.
//! - *Symbol*: the name people use for a market, such as `BTC-USD`.
//!
//! ## Units
//!
//! Rates have 9 decimals, prices and quantities 18; caps and minima of an asset are in its own base
//! units. See [`MarketParams`] and [`CollateralParams`].
//!
//! ## Invariants
//!
//! - 11: no parameter is outside its bounds ([`validate`]), in no block.
//! - 12: initial margin is not below maintenance margin in any market, and no collateral counts more
//!   for initial margin than for maintenance.
//! - 8: `MarketIds` and `CollateralIds` are exactly the keys of `Markets` and `Collaterals`, in
//!   order, and `MarketsByIndex` sorts the markets by index asset.
//!
//! What the ledger or the book was built on cannot change under it: the tick, lot and index asset
//! of a listed market and the decimals of a registered asset are fixed.
//!
//! ## Flow
//!
//! Governance lists markets and collateral; all other pallets read them through
//! [`MarketRegistry`], which answers what holds in this block. The oracle tells new moves of an asset
//! once an hour. [`schema`] has every parameter with its bounds and how a change comes into force.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod changes;
pub mod correlations;
#[cfg(feature = "std")]
pub mod document;
mod invariants;
pub mod record;
mod registry;
pub mod schema;
pub mod validate;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use bulwark_primitives::{AssetId, CollateralParams, Correlation, MarketId, MarketParams, Rate};
use bulwark_traits::{Correlations, Exposure, MarketRegistry};
use frame_support::{pallet_prelude::*, traits::EnsureOrigin};
#[cfg(feature = "try-runtime")]
use sp_runtime::TryRuntimeError;

pub use correlations::CorrelationRecord;
pub use pallet::*;
pub use record::{BlockNumber, Governed, MarketRecord, Schedule};
pub use validate::Violation;
pub use weights::WeightInfo;

/// Longest symbol, in bytes.
pub const MAX_SYMBOL: u32 = 16;

/// Name of a market: capital letters, digits and `-`.
pub type Symbol = BoundedVec<u8, ConstU32<MAX_SYMBOL>>;

// What the macro makes: storage types without `Debug`, and casts of enum indices.
#[allow(missing_debug_implementations, clippy::as_conversions)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::string::String;
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who lists markets and sets parameters.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Tells whether a market has open interest.
        type Exposure: Exposure;
        /// Most markets.
        #[pallet::constant]
        type MaxMarkets: Get<u32>;
        /// Most collateral assets, the settlement asset included.
        #[pallet::constant]
        type MaxCollaterals: Get<u32>;
        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    // Ids are given by governance, so keys need no hash.

    /// Parameters of each market, with the changes on their way.
    #[pallet::storage]
    pub type Markets<T> = StorageMap<_, Identity, MarketId, MarketRecord>;

    /// The markets on each index asset, ascending.
    #[pallet::storage]
    pub type MarketsByIndex<T: Config> =
        StorageMap<_, Twox64Concat, AssetId, BoundedVec<MarketId, T::MaxMarkets>, ValueQuery>;

    /// Symbol of each market.
    #[pallet::storage]
    pub type Symbols<T> = StorageMap<_, Twox64Concat, MarketId, Symbol>;

    /// All markets, ascending.
    #[pallet::storage]
    pub type MarketIds<T: Config> =
        StorageValue<_, BoundedVec<MarketId, T::MaxMarkets>, ValueQuery>;

    /// Parameters of each collateral asset, with the changes on their way.
    #[pallet::storage]
    pub type Collaterals<T> = StorageMap<_, Identity, AssetId, Governed<CollateralParams>>;

    /// All collateral assets, ascending.
    #[pallet::storage]
    pub type CollateralIds<T: Config> =
        StorageValue<_, BoundedVec<AssetId, T::MaxCollaterals>, ValueQuery>;

    /// The unit of account. Set at genesis, never changed: every ledger balance is in it.
    #[pallet::storage]
    pub type SettlementAsset<T> = StorageValue<_, AssetId, ValueQuery>;

    /// When changes come into force.
    #[pallet::storage]
    pub type RampSchedule<T> = StorageValue<_, Schedule, ValueQuery>;

    /// How the assets of markets move together, with the change on its way.
    #[pallet::storage]
    pub type CorrelationMatrix<T> = StorageValue<_, CorrelationRecord, ValueQuery>;
    /// The block in which the schedule was set.
    #[pallet::storage]
    pub type ScheduleSince<T> = StorageValue<_, BlockNumber, ValueQuery>;

    /// The first registry.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The unit of account; has to be among `collaterals`.
        pub settlement_asset: AssetId,
        /// Collateral assets with their parameters.
        pub collaterals: Vec<(AssetId, CollateralParams)>,
        /// Markets with symbol and parameters.
        pub markets: Vec<(MarketId, String, MarketParams)>,
        /// Correlated assets, ascending, with the share of initial margin that may be offset.
        pub correlated: Vec<(AssetId, Rate)>,
        /// Their correlation matrix below its diagonal, row by row.
        pub correlations: Vec<Correlation>,
        /// Nothing.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Panics on parameters outside their bounds: such a chain must not start.
        fn build(&self) {
            SettlementAsset::<T>::put(self.settlement_asset);
            for (asset, params) in &self.collaterals {
                let settlement = *asset == self.settlement_asset;
                if let Err(error) = validate::collateral(params, settlement) {
                    panic!("genesis collateral {asset}: {error:?}");
                }
                if let Err(error) = Pallet::<T>::put_collateral(*asset, Governed::settled(*params))
                {
                    panic!("genesis collateral {asset}: {error:?}");
                }
            }
            for (market, symbol, params) in &self.markets {
                let Ok(name) = Symbol::try_from(symbol.as_bytes().to_vec()) else {
                    panic!("genesis market {market:?}: symbol {symbol} is too long");
                };
                if let Err(error) = Pallet::<T>::put_new_market(*market, &name, params) {
                    panic!("genesis market {market:?}: {error:?}");
                }
            }
            if let Err(error) = Pallet::<T>::put_first_matrix(&self.correlated, &self.correlations)
            {
                panic!("genesis correlations: {error:?}");
            }
            assert!(
                self.collaterals.is_empty()
                    || Collaterals::<T>::contains_key(self.settlement_asset),
                "the settlement asset has to be among the genesis collaterals"
            );
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A market was listed.
        MarketListed {
            /// The market.
            market: MarketId,
            /// Its name.
            symbol: Symbol,
            /// Its parameters.
            params: MarketParams,
        },
        /// New parameters of a market were decided. [`Pallet::market_at`] tells which holds when.
        MarketChanged {
            /// The market.
            market: MarketId,
            /// The new parameters.
            params: MarketParams,
        },
        /// A collateral asset was added, or new parameters of it were decided.
        /// [`Pallet::collateral_at`] tells which holds when.
        CollateralChanged {
            /// The asset.
            asset: AssetId,
            /// The new parameters.
            params: CollateralParams,
        },
        /// Later changes come into force otherwise.
        ScheduleChanged {
            /// The new schedule.
            schedule: Schedule,
        },
        /// Correlations and offset shares were decided. [`Pallet::correlations_at`] tells which hold
        /// when.
        CorrelationsChanged {
            /// The new ones.
            correlations: Correlations,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// There is no such market.
        UnknownMarket,
        /// The market id is taken.
        MarketExists,
        /// No room for another market.
        TooManyMarkets,
        /// No room for another collateral asset.
        TooManyCollaterals,
        /// The symbol is empty or has something else than capital letters, digits and `-`.
        InvalidSymbol,
        /// Tick and lot of a listed market are fixed: its book is counted in them.
        TickOrLotFixed,
        /// The index asset of a listed market is fixed: its positions are positions in it.
        IndexAssetFixed,
        /// The decimals of a registered asset are fixed: ledger amounts are in its base units.
        DecimalsFixed,
        /// Asset id 0 names no asset.
        InvalidIndexAsset,
        /// The tick is zero or above its bound.
        TickOutOfBounds,
        /// The lot is zero or above its bound.
        LotOutOfBounds,
        /// The smallest order is zero, above its bound or not a multiple of the lot.
        MinOrderOutOfBounds,
        /// Initial margin is outside its tier's bounds.
        InitialMarginOutOfBounds,
        /// Maintenance margin is below its bound or not below initial margin.
        MaintenanceMarginOutOfBounds,
        /// The taker fee is above its bound or above half of maintenance margin.
        TakerFeeOutOfBounds,
        /// The maker fee is above the taker fee.
        MakerFeeOutOfBounds,
        /// The liquidation fee is above its bound or above half of maintenance margin.
        LiquidationFeeOutOfBounds,
        /// The open interest cap is below the smallest order or above its bound.
        OpenInterestCapOutOfBounds,
        /// The price band is outside its bounds.
        PriceBandOutOfBounds,
        /// More decimals than the ledger can scale.
        DecimalsOutOfBounds,
        /// A maintenance factor above its tier's bound.
        FactorOutOfBounds,
        /// The initial factor is above the maintenance factor.
        FactorsUnordered,
        /// The smallest deposit is zero.
        MinDepositOutOfBounds,
        /// The deposit cap is above its bound.
        DepositCapOutOfBounds,
        /// The settlement asset has 6 decimals and counts in full.
        SettlementFixed,
        /// Margin tiers that do not rise one after the other or are above their bounds.
        MarginTiersOutOfBounds,
        /// Initial margin rises from an open interest that is below the smallest order or above the
        /// cap.
        LowerOpenInterestOutOfBounds,
        /// Default funding or impact notional are outside their bounds.
        FundingOutOfBounds,
        /// The initial factor is scaled from nothing on, or from more than can be deposited.
        ScaleStartOutOfBounds,
        /// Waits and ramps take at least an hour, and at most two weeks and thirty days.
        ScheduleOutOfBounds,
        /// A parameter would go farther in one change than its largest step.
        StepTooLarge,
        /// Margin tiers of a market with open interest may only loosen.
        TiersInUse,
        /// Correlated assets are out of order, or the correlations are not as many as their pairs.
        MatrixShape,
        /// An offset share is above 60 %.
        OffsetShareOutOfBounds,
        /// A correlation is beyond 1, or the matrix is not positive semi-definite: no prices move so.
        MatrixNotPositive,
        /// An asset of the matrix cannot be taken out of it.
        AssetMissing,
        /// A correlation may fall only while the share of one of its assets is zero and stays so.
        OffsetInUse,
        /// A schedule is shortened only when it has held for as long as it makes other changes wait.
        ScheduleTooNew,
        /// Losses of loans are counted under this id ([`MarketId::LOANS`]); no market has it.
        ReservedMarket,
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
        /// Lists a market.
        ///
        /// Origin: `AdminOrigin`. Effects: the market exists, with an empty book and the status the
        /// breaker gives to new markets. Errors: `ReservedMarket`, `MarketExists`, `TooManyMarkets`, `InvalidSymbol`,
        /// or the bound that is violated. Event: `MarketListed`. Complexity: O(`MaxMarkets`) to
        /// keep the list in order.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::list_market())]
        pub fn list_market(
            origin: OriginFor<T>,
            market: MarketId,
            symbol: Symbol,
            params: MarketParams,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::put_new_market(market, &symbol, &params)?;
            Self::deposit_event(Event::MarketListed {
                market,
                symbol,
                params,
            });
            Ok(())
        }

        /// Changes the parameters of a listed market, all that are linked in one call.
        ///
        /// Origin: `AdminOrigin`. Effects: each parameter goes from the value in force to the new one
        /// as [`schema`] says: at once, or from block to block. A change under way goes on from where
        /// it is; what still loosens waits anew. Errors: `UnknownMarket`, `TickOrLotFixed`,
        /// `IndexAssetFixed`, `StepTooLarge`, `TiersInUse`, or the bound that is violated, by the new
        /// values or by what holds until they are reached. Event: `MarketChanged`. Complexity: O(1).
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_market())]
        pub fn set_market(
            origin: OriginFor<T>,
            market: MarketId,
            params: MarketParams,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::change_market(market, &params)?;
            Self::deposit_event(Event::MarketChanged { market, params });
            Ok(())
        }

        /// Adds a collateral asset or changes its parameters, all that are linked in one call.
        ///
        /// Origin: `AdminOrigin`. Effects: each parameter goes from the value in force to the new one
        /// as [`schema`] says; the factors of a new asset start at nothing. A lower cap keeps what is
        /// already deposited. Errors: `TooManyCollaterals`, `DecimalsFixed`, `SettlementFixed`,
        /// `StepTooLarge`, or the bound that is violated, by the new values or by what holds until
        /// they are reached. Event: `CollateralChanged`. Complexity: O(`MaxCollaterals`) to keep the
        /// list in order.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_collateral())]
        pub fn set_collateral(
            origin: OriginFor<T>,
            asset: AssetId,
            params: CollateralParams,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::change_collateral(asset, &params)?;
            Self::deposit_event(Event::CollateralChanged { asset, params });
            Ok(())
        }

        /// Sets when later changes come into force.
        ///
        /// Origin: `AdminOrigin`. Effects: changes decided from now on wait and ramp so long; those
        /// under way keep theirs. A schedule is shortened only when it has held for its own wait. Errors:
        /// `ScheduleOutOfBounds`, `StepTooLarge`, `ScheduleTooNew`. Event: `ScheduleChanged`. Complexity:
        /// O(1).
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::set_schedule())]
        pub fn set_schedule(origin: OriginFor<T>, schedule: Schedule) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::change_schedule(schedule)?;
            Self::deposit_event(Event::ScheduleChanged { schedule });
            Ok(())
        }

        /// Sets how the assets of markets move together and what of margins may be offset by it, all in
        /// one call.
        ///
        /// Origin: `AdminOrigin`. Effects: shares and correlations go to the new values as
        /// [`correlations`] says. Errors: `MatrixShape`, `OffsetShareOutOfBounds`, `MatrixNotPositive`,
        /// `AssetMissing`, `StepTooLarge`, `OffsetInUse`. Event: `CorrelationsChanged`. Complexity:
        /// O(assets^3), at most 32 of them.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::set_correlations())]
        pub fn set_correlations(
            origin: OriginFor<T>,
            correlations: Correlations,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::change_correlations(correlations.clone())?;
            Self::deposit_event(Event::CorrelationsChanged { correlations });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// Parameters of one market as they hold in this block.
        pub fn market_params(market: MarketId) -> Option<MarketParams> {
            <Self as MarketRegistry>::market(market)
        }

        /// Every market with its symbol and parameters as they hold in this block, by id.
        pub fn list_markets() -> Vec<(MarketId, Symbol, MarketParams)> {
            MarketIds::<T>::get()
                .into_iter()
                .filter_map(|id| Some((id, Symbols::<T>::get(id)?, Self::market_params(id)?)))
                .collect()
        }

        /// Every collateral asset with its parameters as they hold in this block, by id.
        pub fn list_collaterals() -> Vec<(AssetId, CollateralParams)> {
            CollateralIds::<T>::get()
                .into_iter()
                .filter_map(|id| Some((id, <Self as MarketRegistry>::collateral(id)?)))
                .collect()
        }
    }
}

impl<T: Config> From<Violation> for Error<T> {
    fn from(violation: Violation) -> Self {
        match violation {
            Violation::Symbol => Self::InvalidSymbol,
            Violation::IndexAsset => Self::InvalidIndexAsset,
            Violation::Tick => Self::TickOutOfBounds,
            Violation::Lot => Self::LotOutOfBounds,
            Violation::MinOrder => Self::MinOrderOutOfBounds,
            Violation::InitialMargin => Self::InitialMarginOutOfBounds,
            Violation::MaintenanceMargin => Self::MaintenanceMarginOutOfBounds,
            Violation::TakerFee => Self::TakerFeeOutOfBounds,
            Violation::MakerFee => Self::MakerFeeOutOfBounds,
            Violation::LiquidationFee => Self::LiquidationFeeOutOfBounds,
            Violation::OpenInterestCap => Self::OpenInterestCapOutOfBounds,
            Violation::PriceBand => Self::PriceBandOutOfBounds,
            Violation::Decimals => Self::DecimalsOutOfBounds,
            Violation::Factor => Self::FactorOutOfBounds,
            Violation::FactorOrder => Self::FactorsUnordered,
            Violation::MinDeposit => Self::MinDepositOutOfBounds,
            Violation::DepositCap => Self::DepositCapOutOfBounds,
            Violation::Settlement => Self::SettlementFixed,
            Violation::MarginTiers => Self::MarginTiersOutOfBounds,
            Violation::LowerOpenInterest => Self::LowerOpenInterestOutOfBounds,
            Violation::Funding => Self::FundingOutOfBounds,
            Violation::ScaleStart => Self::ScaleStartOutOfBounds,
            Violation::Schedule => Self::ScheduleOutOfBounds,
        }
    }
}
