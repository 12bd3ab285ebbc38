//! # Circuit breaker
//!
//! What each market lets people do, and who or what may take that away: a price that leaves its
//! band, an incident another pallet reports, governance.
//!
//! ## Terminology
//!
//! - **Status**: one [`MarketStatus`] per market. A market without a record is `Active`; one that
//!   the registry does not know is `Closed`.
//! - **Reference**: the mean of a market's index price over a window, 5 minutes unless set otherwise.
//! - **Band**: the reference plus and minus the market's `price_band`. Orders outside are refused by
//!   the order book; a price that stays outside pauses the market for a time.
//! - **Halt**: a status that holds until `resume_market`: by governance, or for an incident that
//!   somebody has to look at.
//! - **Auction**: how a market comes back from a pause for its price. While it is paused the book collects
//!   orders, which may cross; when the pause is over and the price is clean, or [`PRICE_WAIT`] later, the
//!   book is uncrossed at one price and says so by [`AuctionGuard::reopened`](bulwark_traits::AuctionGuard).
//! - **Backlog**: more accounts to liquidate than fit into the blocks. It is reported in each block of
//!   it, makes the market reduce-only, and ends by itself [`BACKLOG_HOLD`] after the last report.
//!
//! ## Units
//!
//! Prices are USD with 18 decimals, bands are rates with 9 decimals, times are milliseconds (points
//! in time since the Unix epoch).
//!
//! ## Invariants
//!
//! - 10: the hook touches each market of the registry once, and there are at most `MaxMarkets`.
//! - 11: the timing is inside its bounds; only price bands and backlogs end by themselves; what
//!   follows a status is looser and lasts longer.
//!
//! ## Flow
//!
//! `on_initialize` runs after the snapshots of the block and before its liquidations: a timed status
//! that is over ends, and after a pause an auction opens and the reference restarts from the current price; otherwise the
//! price is compared with the reference and then goes into it. An error instead of a price changes
//! nothing. Nothing but the end of its own time or `resume_market` makes a status looser: statuses of
//! different severity stand beside each other, each with its own end, and the tightest holds. So a
//! halt that comes during a tighter pause waits for its end, and a pause or a backlog that ends gives
//! back what else there is.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod invariants;
mod machine;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{
    severity, Reference, Standing, StatusRecord, Timing, BACKLOG_HOLD, MAX_FOLLOWING, MAX_PAUSE,
    MAX_WINDOW, MIN_PAUSE, MIN_WINDOW, PRICE_WAIT,
};
pub use weights::WeightInfo;

// What the macro makes: storage types without `Debug`, and casts of enum indices.
#[allow(missing_debug_implementations, clippy::as_conversions)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::types::Tightened;
    use bulwark_primitives::{Incident, MarketId, MarketStatus, Moment, Price, StatusReason};
    use bulwark_traits::{MarketGuard, MarketRegistry, PriceSource};
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The prices of this block.
        type Prices: PriceSource;

        /// Which markets there are.
        type Registry: MarketRegistry;

        /// The time of the block as `on_initialize` may know it: its slot.
        type Clock: Time<Moment = Moment>;

        /// Who may halt a market.
        type HaltOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who may end a halt and set the timing.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Most markets of the registry.
        #[pallet::constant]
        type MaxMarkets: Get<u32>;

        /// Weights of the calls and hooks.
        type WeightInfo: WeightInfo;
    }

    /// Status of each market that is not active.
    #[pallet::storage]
    pub type Statuses<T: Config> = StorageMap<_, Identity, MarketId, StatusRecord>;

    /// Reference of each market that has had a clean price.
    #[pallet::storage]
    pub type References<T: Config> = StorageMap<_, Identity, MarketId, Reference>;

    /// Markets whose book collected orders in a pause and may be crossed, until an auction has uncrossed
    /// it.
    #[pallet::storage]
    pub type Collected<T: Config> = StorageMap<_, Identity, MarketId, ()>;

    /// The times of the price bands.
    #[pallet::storage]
    pub type Settings<T: Config> = StorageValue<_, Timing, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A market allows less from now on.
        MarketHalted {
            /// The market.
            market: MarketId,
            /// Its status.
            status: MarketStatus,
            /// Why.
            reason: StatusReason,
            /// When it ends by itself, if it does.
            until: Option<Moment>,
        },
        /// A halt holds as soon as what is tighter in the market ends.
        HaltQueued {
            /// The market.
            market: MarketId,
            /// Its status then.
            status: MarketStatus,
            /// Why.
            reason: StatusReason,
        },
        /// A pause, a backlog or a halt ended.
        MarketResumed {
            /// The market.
            market: MarketId,
            /// Its status now.
            status: MarketStatus,
        },
        /// Another part of the chain saw something, and the market was halted for it.
        IncidentReported {
            /// The market.
            market: MarketId,
            /// What it was.
            incident: Incident,
        },
        /// The times of the price bands changed.
        TimingSet {
            /// The new ones.
            timing: Timing,
        },
        /// A pause ended and the orders that came in it are matched at one price; the market reopens as
        /// soon as they are.
        AuctionOpened {
            /// The market.
            market: MarketId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// There is no such market.
        UnknownMarket,
        /// The market has that status.
        AlreadyHalted,
        /// The market has no halt and no pause.
        NotHalted,
        /// The market has a tighter status.
        Loosening,
        /// A halt is post-only, reduce-only or paused.
        NotAHalt,
        /// The timing is outside its bounds.
        TimingOutOfBounds,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Runs bands and pauses. `O(markets)`.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            let markets = Self::run_markets(T::Clock::now());
            T::WeightInfo::on_initialize(markets)
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Halts a market until `resume_market`.
        ///
        /// Origin: `HaltOrigin`. `status` is `PostOnly`, `ReduceOnly` or `Paused`. Effects: at
        /// once, unless the market has a timed status that is tighter: then when that ends.
        ///
        /// Errors: `UnknownMarket`, `NotAHalt`, `AlreadyHalted`, `Loosening`. Events:
        /// `MarketHalted` or `HaltQueued`. Complexity: constant.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::halt_market())]
        pub fn halt_market(
            origin: OriginFor<T>,
            market: MarketId,
            status: MarketStatus,
        ) -> DispatchResult {
            T::HaltOrigin::ensure_origin(origin)?;
            match status {
                MarketStatus::PostOnly | MarketStatus::ReduceOnly | MarketStatus::Paused => {}
                MarketStatus::Active | MarketStatus::Settling | MarketStatus::Closed => {
                    return Err(Error::<T>::NotAHalt.into())
                }
            }
            ensure!(
                T::Registry::market(market).is_some(),
                Error::<T>::UnknownMarket
            );
            match Self::halt(market, status, StatusReason::Governance, None) {
                Tightened::Now(_) | Tightened::Later(_) | Tightened::Renewed(_) => Ok(()),
                Tightened::Same => Err(Error::<T>::AlreadyHalted.into()),
                Tightened::Looser => Err(Error::<T>::Loosening.into()),
            }
        }

        /// Makes a market active again, whatever halted or paused it.
        ///
        /// Origin: `AdminOrigin`. Effects: the reference restarts from the current price. A market that
        /// collected orders while it was paused goes through the auction first.
        ///
        /// Errors: `UnknownMarket`, `NotHalted`. Events: `MarketResumed` or `AuctionOpened`. Complexity:
        /// constant.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::resume_market())]
        pub fn resume_market(origin: OriginFor<T>, market: MarketId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            let params = T::Registry::market(market).ok_or(Error::<T>::UnknownMarket)?;
            let record = Statuses::<T>::take(market).ok_or(Error::<T>::NotHalted)?;
            let (price, now) = (T::Prices::price(params.index_asset), T::Clock::now());
            Self::restart_reference(market, price, now);
            if Collected::<T>::contains_key(market) {
                // Resumed again it goes on waiting for what it waits for.
                let since = Some(record.standing()).filter(Standing::is_auction);
                Self::open_auction(market, None, since.map_or(now, |auction| auction.since));
                return Ok(());
            }
            Self::deposit_event(Event::MarketResumed {
                market,
                status: MarketStatus::Active,
            });
            Ok(())
        }

        /// Sets the times of the price bands.
        ///
        /// Origin: `AdminOrigin`. Effects: from the next block on; a pause that runs keeps its end.
        ///
        /// Errors: `TimingOutOfBounds` unless [`MIN_WINDOW`] `<= window_millis <=` [`MAX_WINDOW`],
        /// `persistence_millis < window_millis` and [`MIN_PAUSE`] `<= pause_millis <=`
        /// [`MAX_PAUSE`]. Events: `TimingSet`. Complexity: constant.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_timing())]
        pub fn set_timing(origin: OriginFor<T>, timing: Timing) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            ensure!(timing.is_valid(), Error::<T>::TimingOutOfBounds);
            Settings::<T>::put(timing);
            Self::deposit_event(Event::TimingSet { timing });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// What a market lets people do.
        pub fn market_status(market: MarketId) -> MarketStatus {
            <Self as MarketGuard>::status(market)
        }

        /// Why and since when a market is not active.
        pub fn status_record(market: MarketId) -> Option<StatusRecord> {
            Statuses::<T>::get(market)
        }

        /// Lowest and highest price of an order now, USD with 18 decimals.
        pub fn price_band(market: MarketId) -> Option<(Price, Price)> {
            <Self as MarketGuard>::band(market)
        }
    }
}
