#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod bitmap;
pub mod desk;
pub mod fees;
pub mod terms;
pub mod types;
pub mod weights;

mod accounts;
mod amend;
pub mod auction;
mod batch;
mod book;
mod errors;
mod events;
mod heartbeat;
mod impact;
pub mod lane;
mod matching;
mod place;
mod queries;
mod stops;
mod sweep;
mod try_accounts;
mod try_state;
mod venue;
mod workload;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use batch::{MAX_BATCH, MAX_CANCELS};
pub use desk::{Deadline, Desk};
pub use fees::{FeeTier, Schedule};
pub use lane::FreeUse;
pub use pallet::*;
pub use place::POST_REMOVALS;
pub use terms::{BookAction, NewOrder, NewStop, OrderTerms};
pub use types::{
    ActionResult, Auction, AuctionInfo, CancelReason, Grid, Level, Lots, Order, OrderInfo, Quote,
    StopId, StopInfo, StopKey, StopOrder, Tick,
};
pub use weights::WeightInfo;

use bulwark_primitives::SubAccount;
use frame_support::pallet_macros::import_section;
use frame_system::pallet_prelude::BlockNumberFor;

/// A sub-account of the runtime's accounts.
pub type SubAccountOf<T> = SubAccount<<T as frame_system::Config>::AccountId>;
/// A resting order of the runtime.
pub type OrderOf<T> = Order<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

// Storage types are made by macros, without `Debug`, and enums are encoded with `as`; an order has as
// many arguments as it has terms.
#[allow(
    missing_debug_implementations,
    clippy::as_conversions,
    clippy::too_many_arguments
)]
#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::{
        amend::{AmendKind, Amendment},
        bitmap::Word,
        desk::PAGE_LEN,
        matching::Tally,
    };
    use alloc::vec::Vec;
    use bulwark_primitives::{
        AssetId, ClientOrderId, FillKind, MarketId, Moment, OrderId, Price, Quantity, Side,
        StopCondition, SubAccountIndex, TimeInForce, Usd,
    };
    use bulwark_traits::{
        AuctionGuard, ForcedFills, MarketGuard, MarketRegistry, OrderMargin, PriceSource,
        TraderAccount,
    };
    use frame_support::{
        dispatch::WithPostDispatchInfo, pallet_prelude::*, traits::Time, weights::WeightMeter,
    };
    use frame_system::pallet_prelude::*;

    /// The storage version of this pallet.
    pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Which markets exist, with their grids. A market's tick and lot must not change while
        /// orders rest in it.
        type Registry: MarketRegistry;
        /// What each market allows now.
        type Guard: MarketGuard;
        /// How markets come back from a pause.
        type Auctions: AuctionGuard;
        /// What takes the fee of what an auction fills of accounts under maintenance.
        type Forced: ForcedFills<Self::AccountId>;
        /// Most that its calls for one side of a fill use.
        type ForcedWeight: Get<Weight>;
        /// Margin, which accepts orders and settles fills.
        type Margin: OrderMargin<Self::AccountId>;
        /// Accounts as the book limits, charges and funds them.
        type Trader: TraderAccount<Self::AccountId>;
        /// The mark prices that trigger stops.
        type Prices: PriceSource;
        /// The time of the block as hooks may know it: its slot.
        type Clock: Time<Moment = Moment>;
        /// Who may set fees and quota.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// How many resting orders one incoming order may fill.
        #[pallet::constant]
        type MaxFills: Get<u32>;
        /// How many resting orders that cannot fill one incoming order may take out.
        #[pallet::constant]
        type MaxRemovals: Get<u32>;
        /// How many resting orders and stops a sub-account may have, whatever its equity.
        #[pallet::constant]
        type MaxOrdersPerAccount: Get<u32>;
        /// How many actions without a fee one block takes in.
        #[pallet::constant]
        type FreeActionsPerBlock: Get<u32>;
        /// How many waiting stops a sub-account may have.
        #[pallet::constant]
        type MaxStopsPerAccount: Get<u32>;
        /// The most that the step of a block may use.
        #[pallet::constant]
        type PollWeight: Get<Weight>;
        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    // Keys of a fixed length are as they are: a hash of each would be one more way out of wasm, and four
    // bytes make no deep trie, whoever chooses them.

    /// Resting orders.
    #[pallet::storage]
    pub type Orders<T: Config> =
        StorageDoubleMap<_, Identity, MarketId, Identity, OrderId, OrderOf<T>, OptionQuery>;

    /// Queues of orders; a level without orders does not exist.
    #[pallet::storage]
    pub type Levels<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Identity, MarketId>,
            NMapKey<Identity, Side>,
            NMapKey<Identity, Tick>,
        ),
        Level,
        OptionQuery,
    >;

    /// Words of the bitmaps of ticks that have a level, by layer and index in the layer; an empty
    /// word does not exist.
    #[pallet::storage]
    pub type Bits<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Identity, MarketId>,
            NMapKey<Identity, Side>,
            NMapKey<Identity, u8>,
            NMapKey<Identity, u32>,
        ),
        Word,
        OptionQuery,
    >;

    /// The id that a market's next order gets. Orders that never rest use one up as well.
    #[pallet::storage]
    pub type NextOrderId<T: Config> = StorageMap<_, Identity, MarketId, OrderId, ValueQuery>;

    /// The resting orders of each sub-account, in pages, each oldest first.
    #[pallet::storage]
    pub type AccountOrders<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        SubAccountOf<T>,
        Identity,
        u8,
        BoundedVec<(MarketId, OrderId), ConstU32<PAGE_LEN>>,
        ValueQuery,
    >;

    /// What else the book keeps of each sub-account.
    #[pallet::storage]
    pub type Desks<T: Config> = StorageMap<_, Blake2_128Concat, SubAccountOf<T>, Desk, ValueQuery>;

    /// The resting orders that their owners gave names.
    #[pallet::storage]
    pub type ClientIds<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        SubAccountOf<T>,
        Blake2_128Concat,
        ClientOrderId,
        (MarketId, OrderId),
        OptionQuery,
    >;

    /// Orders by the block in which they expire, big endian, so that the first key is the next.
    #[pallet::storage]
    pub type BlockExpiries<T: Config> =
        StorageDoubleMap<_, Identity, [u8; 8], Identity, (MarketId, OrderId), (), OptionQuery>;

    /// Orders by the moment at which they expire, big endian, so that the first key is the next.
    #[pallet::storage]
    pub type TimeExpiries<T: Config> =
        StorageDoubleMap<_, Identity, [u8; 8], Identity, (MarketId, OrderId), (), OptionQuery>;

    /// Sub-accounts by the block in which their orders are cancelled, big endian.
    #[pallet::storage]
    pub type Deadlines<T: Config> =
        StorageDoubleMap<_, Identity, [u8; 4], Blake2_128Concat, SubAccountOf<T>, (), OptionQuery>;

    /// Waiting stops, by rank and id, which are those of [`StopKey`].
    #[pallet::storage]
    pub type Stops<T: Config> = StorageDoubleMap<
        _,
        Identity,
        (MarketId, StopCondition),
        Identity,
        ([u8; 4], [u8; 8]),
        StopOrder<T::AccountId>,
        OptionQuery,
    >;

    /// The waiting stops of each sub-account, oldest first.
    #[pallet::storage]
    pub type StopsOf<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        SubAccountOf<T>,
        BoundedVec<StopKey, T::MaxStopsPerAccount>,
        ValueQuery,
    >;

    /// Up to which rank stops are due that no block has had room for yet.
    #[pallet::storage]
    pub type DueStops<T: Config> =
        StorageMap<_, Identity, (MarketId, StopCondition), [u8; 4], OptionQuery>;

    /// The id that the next stop gets.
    #[pallet::storage]
    pub type NextStopId<T: Config> = StorageValue<_, StopId, ValueQuery>;

    /// Fees by tier, and what orders cost that die unfilled.
    #[pallet::storage]
    pub type FeeSchedule<T: Config> = StorageValue<_, Schedule, ValueQuery>;

    /// What each sub-account used of the lane in which no fee is needed.
    #[pallet::storage]
    pub type FreeUses<T: Config> =
        StorageMap<_, Blake2_128Concat, SubAccountOf<T>, FreeUse, ValueQuery>;

    /// A block and how many actions needed no fee in it.
    #[pallet::storage]
    pub type FreeActions<T: Config> = StorageValue<_, (u32, u32), ValueQuery>;

    /// The price of each market's last fill.
    #[pallet::storage]
    pub type LastTrade<T: Config> = StorageMap<_, Identity, MarketId, Price, OptionQuery>;

    /// The auctions that are being run, as far as they have got.
    #[pallet::storage]
    pub type Auctions<T: Config> = StorageMap<_, Identity, MarketId, Auction, OptionQuery>;

    /// The orders that liquidation placed for an auction.
    #[pallet::storage]
    pub type ForcedOrders<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        MarketId,
        Blake2_128Concat,
        SubAccountOf<T>,
        OrderId,
        OptionQuery,
    >;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
            Self::poll(meter);
        }

        fn integrity_test() {
            assert!(T::MaxFills::get() > 0, "no order could ever fill");
            assert!(T::MaxRemovals::get() > 0, "a dead order would stop all");
            assert!(
                T::MaxOrdersPerAccount::get() > 0,
                "no order could ever rest"
            );
            assert!(
                T::MaxOrdersPerAccount::get() <= PAGE_LEN.saturating_mul(desk::PAGES.into()),
                "the lists of accounts are too short"
            );
            assert!(
                Self::least_poll().all_lte(T::PollWeight::get()),
                "the step of a block could not do all kinds of work"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Places an order.
        ///
        /// Origin: the owner of `sub_account`. The order fills against resting orders that are not
        /// worse than `price`; what is left rests or is cancelled, as `time_in_force` says, or the
        /// call fails: `FillOrKill` when something is left, `PostOnly` when something would fill.
        /// With `reduce_only` it is cut to what makes the position smaller. `expires_at` is the
        /// first block in which it is no longer valid.
        ///
        /// Errors: `UnknownMarket`, `MarketHalted`, `OffTick`, `TickOutOfRange`, `OutsideBand`,
        /// `ZeroQuantity`, `OffLot`, `QuantityOutOfRange`, `BelowMinimumOrder`, `Expired`,
        /// `ReduceOnlyWouldIncrease`, `WouldTake`, `WouldNotFill`; and when nothing fills
        /// `TooManyOrders`, `NoReducingMaker` or what margin answers. After a failed call nothing
        /// has changed.
        ///
        /// Events: `OrderPlaced`; `Filled` for each fill; `OrderCancelled` for makers that could
        /// not trade and for a rest that may not rest; `OrderRested`; `UnfilledFee` when orders of the
        /// account died unfilled beyond its quota since it placed the last one.
        ///
        /// Complexity: O(makers met), at most `MaxFills` filled and `MaxRemovals` taken out, by an order
        /// that may not take [`POST_REMOVALS`] at most, whatever the depth of the book. The weight of makers that were not met is refunded,
        /// also when the call fails.
        #[pallet::call_index(0)]
        #[pallet::feeless_if(|origin: &OriginFor<T>, sub_account: &SubAccountIndex, _: &MarketId, _: &Side, _: &Quantity, _: &Price, _: &TimeInForce, _: &bool, _: &Option<BlockNumberFor<T>>| -> bool {
            Pallet::<T>::is_free(origin, *sub_account, 1)
        })]
        #[pallet::weight(Pallet::<T>::worst_placement(time_in_force.may_take()))]
        pub fn place_order(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            market: MarketId,
            side: Side,
            quantity: Quantity,
            price: Price,
            time_in_force: TimeInForce,
            reduce_only: bool,
            expires_at: Option<BlockNumberFor<T>>,
        ) -> DispatchResultWithPostInfo {
            let account = SubAccount::new(ensure_signed(origin)?, sub_account);
            let order = NewOrder {
                market,
                side,
                quantity,
                price,
                time_in_force,
                reduce_only,
                expires_at,
            };
            let mut met = Tally::default();
            let placed = Self::place(&account, order.into(), &mut met);
            let weight = Self::placement_weight(&account, &met);
            Self::charged_with_fee(&account, placed, weight)
        }

        /// Cancels a resting order.
        ///
        /// Origin: the owner of `sub_account`. Works in every status of the market.
        ///
        /// Errors: `UnknownOrder`, `NotYourOrder`. Events: `OrderCancelled`. Complexity: O(1).
        #[pallet::call_index(1)]
        #[pallet::feeless_if(|origin: &OriginFor<T>, sub_account: &SubAccountIndex, _: &MarketId, _: &OrderId| -> bool {
            Pallet::<T>::is_free(origin, *sub_account, 1)
        })]
        #[pallet::weight(T::WeightInfo::cancel_order())]
        pub fn cancel_order(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            market: MarketId,
            order_id: OrderId,
        ) -> DispatchResult {
            let account = SubAccount::new(ensure_signed(origin)?, sub_account);
            Self::cancel_own(&account, market, order_id)
        }

        /// Cancels resting orders of a sub-account, in one market or in all.
        ///
        /// Origin: the owner of `sub_account`. Works in every status of the markets; no orders is
        /// no error. At most [`MAX_CANCELS`] are cancelled, so an account with more calls again.
        ///
        /// Events: `OrderCancelled` for each. Complexity: O(orders cancelled + pages
        /// of the account's list); the weight of orders that were not there is refunded.
        #[pallet::call_index(2)]
        #[pallet::feeless_if(|origin: &OriginFor<T>, sub_account: &SubAccountIndex, _: &Option<MarketId>| -> bool {
            Pallet::<T>::is_free(origin, *sub_account, lane::CANCEL_ALL_ACTIONS)
        })]
        #[pallet::weight(T::WeightInfo::cancel_all(MAX_CANCELS))]
        pub fn cancel_all(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            market: Option<MarketId>,
        ) -> DispatchResultWithPostInfo {
            let account = SubAccount::new(ensure_signed(origin)?, sub_account);
            let reason = CancelReason::Requested;
            let cancelled = Self::cancel_orders_of(&account, market, MAX_CANCELS, reason)?;
            Ok(Some(T::WeightInfo::cancel_all(cancelled)).into())
        }

        /// Changes what is left of a resting order, or its price.
        ///
        /// Origin: the owner of `sub_account`. `quantity` is what is to be left of the order. At the
        /// same price and with less quantity it becomes smaller and keeps its id and its place in
        /// the queue, in every status of the market. Otherwise it is cancelled and placed anew, with
        /// another id, at the end of its queue: its side, its expiry and whether it may only reduce
        /// stay, and it may fill at once unless `post_only`.
        ///
        /// Errors: `UnknownOrder`, `NotYourOrder`, `UnknownMarket`, `OffTick`, `TickOutOfRange`,
        /// `ZeroQuantity`, `OffLot`, `QuantityOutOfRange`, `BelowMinimumOrder`, `NothingToAmend`; for
        /// one that is placed anew those of `place_order`. After a failed call nothing has changed:
        /// the order rests as before.
        ///
        /// Events: `OrderReduced`, or `OrderCancelled` and those of `place_order`.
        ///
        /// Complexity: O(1) in place, otherwise that of `place_order`. What was not used is refunded,
        /// also when the call fails.
        #[pallet::call_index(3)]
        #[pallet::feeless_if(|origin: &OriginFor<T>, sub_account: &SubAccountIndex, _: &MarketId, _: &OrderId, _: &Quantity, _: &Price, _: &bool| -> bool {
            Pallet::<T>::is_free(origin, *sub_account, 1)
        })]
        #[pallet::weight(Pallet::<T>::worst_amendment(!*post_only))]
        pub fn amend_order(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            market: MarketId,
            order_id: OrderId,
            quantity: Quantity,
            price: Price,
            post_only: bool,
        ) -> DispatchResultWithPostInfo {
            let account = SubAccount::new(ensure_signed(origin)?, sub_account);
            let amendment = Amendment {
                market,
                order_id,
                quantity,
                price,
                post_only,
            };
            let (mut kind, mut met) = (AmendKind::InPlace, Tally::default());
            let amended = Self::amend(&account, &amendment, &mut kind, &mut met);
            let weight = Self::amendment_weight(&account, kind, &met);
            Self::charged_with_fee(&account, amended, weight)
        }

        /// Does up to [`MAX_BATCH`] actions for a sub-account, in their order.
        ///
        /// Origin: the owner of `sub_account`. An action that fails changes nothing, and its error is
        /// its result. With `atomic` an action that fails makes the call fail instead. All actions
        /// together fill at most `MaxFills` and take out at most `MaxRemovals` resting orders, as one
        /// order does.
        ///
        /// Errors: `BatchTooLarge`; with `atomic` that of the first action that fails.
        ///
        /// Events: those of the actions; `BatchDone` with the results.
        ///
        /// Complexity: that of the actions, whose fills are those of one order; the account is read and its
        /// places are counted once. What was not used is refunded, also when the call fails.
        #[pallet::call_index(4)]
        #[pallet::feeless_if(|origin: &OriginFor<T>, sub_account: &SubAccountIndex, actions: &Vec<BookAction<BlockNumberFor<T>>>, _: &bool| -> bool {
            Pallet::<T>::is_free(origin, *sub_account, lane::actions_of(actions))
        })]
        #[pallet::weight(Pallet::<T>::worst_batch(actions))]
        pub fn batch(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            actions: Vec<BookAction<BlockNumberFor<T>>>,
            atomic: bool,
        ) -> DispatchResultWithPostInfo {
            let account = SubAccount::new(ensure_signed(origin)?, sub_account);
            let mut used = T::WeightInfo::batch(0);
            let done = Self::run_batch(&account, actions, atomic, &mut used)
                .map(|done| Self::deposit_done(&account, done, &mut used));
            charged(done, used)
        }

        /// Places an order with all its terms.
        ///
        /// Like `place_order`, and: `good_till` is the moment from which it is no longer valid;
        /// `client_id` names it while it rests; `self_trade` says what happens when it meets an order
        /// of its own account. A market order is an `ImmediateOrCancel` one at the worst price it
        /// accepts.
        ///
        /// Errors: those of `place_order`; `DuplicateClientId`; `SelfTrade`. Events, complexity:
        /// those of `place_order`.
        #[pallet::call_index(5)]
        #[pallet::feeless_if(|origin: &OriginFor<T>, sub_account: &SubAccountIndex, _: &OrderTerms<BlockNumberFor<T>>| -> bool {
            Pallet::<T>::is_free(origin, *sub_account, 1)
        })]
        #[pallet::weight(
            Pallet::<T>::worst_placement(order.time_in_force.may_take())
                .saturating_add(T::WeightInfo::order_terms())
        )]
        pub fn submit_order(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            order: OrderTerms<BlockNumberFor<T>>,
        ) -> DispatchResultWithPostInfo {
            let account = SubAccount::new(ensure_signed(origin)?, sub_account);
            let mut met = Tally::default();
            let placed = Self::place(&account, order, &mut met);
            let weight = Self::placement_weight(&account, &met);
            let weight = weight.saturating_add(T::WeightInfo::order_terms());
            Self::charged_with_fee(&account, placed, weight)
        }

        /// Cancels the resting order that its owner calls `client_id`.
        ///
        /// Origin: the owner of `sub_account`. Works in every status of the market.
        ///
        /// Errors: `UnknownClientId`. Events: `OrderCancelled`. Complexity: O(1).
        #[pallet::call_index(6)]
        #[pallet::feeless_if(|origin: &OriginFor<T>, sub_account: &SubAccountIndex, _: &ClientOrderId| -> bool {
            Pallet::<T>::is_free(origin, *sub_account, 1)
        })]
        #[pallet::weight(T::WeightInfo::cancel_by_client_id())]
        pub fn cancel_by_client_id(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            client_id: ClientOrderId,
        ) -> DispatchResult {
            let account = SubAccount::new(ensure_signed(origin)?, sub_account);
            Self::cancel_named(&account, client_id)
        }

        /// Lets an order wait until the mark price triggers it: a stop loss or a take profit.
        ///
        /// Origin: the owner of `sub_account`. The mark price of a block triggers it when it is at
        /// `trigger` or beyond, as `condition` says, in this block's successor at the earliest. Then it
        /// is placed like any other order, with `price` as its limit or worst price, and is gone,
        /// whatever comes of it. While it waits it holds no margin and takes one of the account's
        /// places. It waits on while the market fills nothing or has no clean price.
        ///
        /// Errors: `UnknownMarket`, `OffTick`, `TickOutOfRange`, `ZeroQuantity`, `OffLot`,
        /// `QuantityOutOfRange`, `BelowMinimumOrder`, `TooManyStops`, `TooManyOrders`, `StopsDue`. Events:
        /// `StopPlaced`; `StopTriggered` with what came of it. Complexity: O(stops of the account).
        #[pallet::call_index(7)]
        #[pallet::feeless_if(|origin: &OriginFor<T>, sub_account: &SubAccountIndex, _: &NewStop| -> bool {
            Pallet::<T>::is_free(origin, *sub_account, 1)
        })]
        #[pallet::weight(T::WeightInfo::place_stop())]
        pub fn place_stop(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            stop: NewStop,
        ) -> DispatchResult {
            let account = SubAccount::new(ensure_signed(origin)?, sub_account);
            Self::do_place_stop(&account, stop).map(|_| ())
        }

        /// Cancels a waiting stop.
        ///
        /// Origin: the owner of `sub_account`. Works in every status of the market.
        ///
        /// Errors: `UnknownStop`. Events: `StopCancelled`. Complexity: O(stops of the account).
        #[pallet::call_index(8)]
        #[pallet::feeless_if(|origin: &OriginFor<T>, sub_account: &SubAccountIndex, _: &StopId| -> bool {
            Pallet::<T>::is_free(origin, *sub_account, 1)
        })]
        #[pallet::weight(T::WeightInfo::cancel_stop())]
        pub fn cancel_stop(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            stop_id: StopId,
        ) -> DispatchResult {
            let account = SubAccount::new(ensure_signed(origin)?, sub_account);
            Self::do_cancel_stop(&account, stop_id)
        }

        /// Cancels all waiting stops of a sub-account, in one market or in all.
        ///
        /// Origin: the owner of `sub_account`. No stops is no error. Events: `StopCancelled` for each.
        /// Complexity: O(stops of the account), at most `MaxStopsPerAccount`.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::cancel_stops(T::MaxStopsPerAccount::get()))]
        pub fn cancel_all_stops(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            market: Option<MarketId>,
        ) -> DispatchResultWithPostInfo {
            let account = SubAccount::new(ensure_signed(origin)?, sub_account);
            let cancelled = Self::cancel_stops_of(&account, market)?;
            Ok(Some(T::WeightInfo::cancel_stops(cancelled)).into())
        }

        /// Sets or renews the switch that cancels all orders of a sub-account.
        ///
        /// Origin: the owner of `sub_account`. The orders, and with `stops` the waiting stops, are
        /// cancelled in block `now + blocks`, or as soon after it as the budget of the blocks allows,
        /// unless this is called again before. Zero blocks take the switch away.
        ///
        /// Errors: `HeartbeatTooLong`; `TooManyOrders` for an account that may place nothing. Events:
        /// `HeartbeatSet`; `HeartbeatMissed` when all is cancelled. Complexity: O(1).
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::heartbeat())]
        pub fn heartbeat(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            blocks: u32,
            stops: bool,
        ) -> DispatchResult {
            let account = SubAccount::new(ensure_signed(origin)?, sub_account);
            Self::do_heartbeat(&account, blocks, stops)
        }

        /// Sets fees by tier, and quota and fee of orders that die unfilled.
        ///
        /// Origin: `AdminOrigin`. Effects: from the next order on. Errors: `BadSchedule`, see
        /// [`Schedule::is_valid`]. Events: `ScheduleSet`. Complexity: O(tiers).
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::set_schedule())]
        pub fn set_schedule(origin: OriginFor<T>, schedule: Schedule) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_schedule(schedule)?;
            Ok(())
        }

        /// Moves collateral from one sub-account of the signer to another and places an order for the
        /// second: both or neither.
        ///
        /// Origin: the owner. Errors: those of `Margin.transfer` and of `submit_order`, whose events and
        /// complexity it has.
        #[pallet::call_index(12)]
        #[pallet::weight(
            Pallet::<T>::worst_placement(order.time_in_force.may_take())
                .saturating_add(T::WeightInfo::order_terms())
                .saturating_add(T::WeightInfo::transfer())
        )]
        pub fn transfer_and_submit(
            origin: OriginFor<T>,
            from_sub: SubAccountIndex,
            sub_account: SubAccountIndex,
            asset: AssetId,
            amount: u128,
            order: OrderTerms<BlockNumberFor<T>>,
        ) -> DispatchResultWithPostInfo {
            let account = SubAccount::new(ensure_signed(origin)?, sub_account);
            let from = SubAccount::new(account.owner.clone(), from_sub);
            let mut met = Tally::default();
            let placed = T::Trader::transfer(&from, sub_account, asset, amount)
                .and_then(|()| Self::place(&account, order, &mut met));
            let weight = T::WeightInfo::transfer().saturating_add(T::WeightInfo::order_terms());
            let weight = weight.saturating_add(Self::placement_weight(&account, &met));
            Self::charged_with_fee(&account, placed, weight)
        }
    }

    impl<T: Config> Pallet<T> {
        /// Ends a call that places: a fee for unfilled orders is taken when it succeeded.
        fn charged_with_fee<R>(
            account: &SubAccountOf<T>,
            result: Result<R, DispatchError>,
            weight: Weight,
        ) -> DispatchResultWithPostInfo {
            let fee = if result.is_ok() && Self::collect_unfilled(account) {
                T::WeightInfo::unfilled_fee()
            } else {
                Weight::zero()
            };
            charged(result, weight.saturating_add(fee))
        }
    }

    /// The result of a call that used `weight`, whether it failed or not.
    fn charged<R>(result: Result<R, DispatchError>, weight: Weight) -> DispatchResultWithPostInfo {
        match result {
            Ok(_) => Ok(Some(weight).into()),
            Err(error) => Err(error.with_weight(weight)),
        }
    }
}
