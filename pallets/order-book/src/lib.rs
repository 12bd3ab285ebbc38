//! # Order book
//!
//! Orders of perpetual markets and their matching by price, then time.
//!
//! ## Terminology
//!
//! - *Tick*, *lot*: the steps of a market's prices and quantities. Inside the book prices and
//!   quantities are whole numbers of them.
//! - *Level*: all orders of one side at one tick, a first-in first-out queue.
//! - *Maker*: the order that rests. *Taker*: the one that comes in and crosses it.
//! - *Exposure*: quantity and notional that margin has recorded for a resting order.
//! - *Reduce-only*: an order that may only make its account's position smaller.
//!
//! ## Units and rounding
//!
//! Prices and quantities come in and go out as `Price` and `Quantity`. A fill happens at the maker's
//! price. Its notional is `price * quantity` in `Usd`, rounded once, in favour of the maker (down
//! when the maker buys, up when he sells): the taker chooses how an order is split into fills, so
//! the base unit that rounding moves must not be his. Both sides get the same integer.
//!
//! Exposure of a bid rounds up and of an ask down. It is stored with the order; every fill takes
//! the difference to what the rest is worth, and the last one all that is left. So what margin gets
//! back for an order sums up exactly to what it recorded.
//!
//! ## Invariants
//!
//! - 8 (aggregates = recomputed sums): levels hold the sums of their orders, the bitmap exactly the
//!   ticks that have a level, every queue is linked both ways, `AccountOrders` names each order
//!   once, and an order's exposure is its notional at its limit.
//! - 13: the best bid is below the best ask, always: an order that would cross and may not fill is
//!   refused or cancelled.
//!
//! ## Flow
//!
//! `place_order` checks the order against grid, band and status, cuts a reduce-only one to what it
//! can reduce, and sweeps the opposite side from its best level. Each match is settled by margin,
//! which checks both sides. A maker that cannot trade (expired, of the same sub-account, left behind
//! by the band, not reducing, refused by margin) is dead: it is cancelled with its reason and the
//! taker goes on; when the taker is refused, matching stops. What is left rests if margin accepts it
//! as an open order. One call fills at most `MaxFills` makers and cancels at most `MaxRemovals` dead
//! ones, so its work is bounded, and dead orders cost no taker, and no liquidation, a fill. A
//! sweep with a fill ends with `OrderMargin::settled`, which has the taker's triggers put right once.
//!
//! `amend_order` makes an order smaller in its place or puts another one at the end of a queue, with
//! the margin of the first free for the second. `batch` does many actions in one call, each with its
//! own result or all or none; together they meet as many makers as one order may.
//!
//! Within a block cancellations and post-only orders need no favour: all orders of a block see the
//! same price, so there is no newer one to run after. What an author can still do is to order the
//! transactions of his block, and so to take before a cancellation that waits beside it.
//!
//! Expired orders are cancelled when they are met. They cannot pile up: until then each
//! holds its owner's margin and one of his `MaxOrdersPerAccount` places.
//!
//! A call that fills nothing and whose order cannot rest fails and changes nothing. Once there is a
//! fill it stays, and what cannot go on is cancelled with an event.
//!
//! In a market without new risk (`ReduceOnly`) every order is reduce-only, and so is every maker it
//! meets. Liquidation orders are the exception: their maker may take the position over, or nobody
//! could be closed when all others are on one side.
//!
//! Orders that would open a position (*openers*) are dead while the market is reduce-only, but not
//! for ever, and clearing them shall be no way to cost others their places. So a taker cancels those
//! it finds before somebody whom it fills: they stood in the way of an exit. When nobody is behind
//! them they stay, and what is left of the taker's order is refused with `NoReducingMaker`: it may
//! rest where it does not cross them, and whoever comes from the other side finds it there. When
//! `MaxRemovals` are cancelled and the taker may not look further, they are gone: any number of them
//! is cleared in as many calls, and no exit is blocked.
//!
//! Liquidation comes through `LiquidationVenue`: it sweeps like a taker down to its worst price and
//! never rests.
//!
//! ## Storage
//!
//! One item per order and per level, and a three-level bitmap of the ticks that have a level
//! ([`bitmap`]), so insert, cancel and match touch a handful of items whatever the depth.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod bitmap;
pub mod types;
pub mod weights;

mod amend;
mod batch;
mod book;
mod impact;
mod matching;
mod place;
mod queries;
mod try_state;
mod venue;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use batch::MAX_BATCH;
pub use pallet::*;
pub use types::{
    ActionResult, BookAction, CancelReason, Grid, Level, Lots, NewOrder, Order, OrderInfo, Tick,
};
pub use weights::WeightInfo;

use bulwark_primitives::SubAccount;
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
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::{
        amend::{AmendKind, Amendment},
        bitmap::Word,
        matching::Tally,
    };
    use alloc::vec::Vec;
    use bulwark_primitives::{
        FillKind, MarketId, OrderId, Price, Quantity, Side, SubAccountIndex, TimeInForce, Usd,
    };
    use bulwark_traits::{MarketGuard, MarketRegistry, OrderMargin};
    use frame_support::{dispatch::WithPostDispatchInfo, pallet_prelude::*};
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
        /// Margin, which accepts orders and settles fills.
        type Margin: OrderMargin<Self::AccountId>;
        /// Prices for the benchmarks, whose orders have to pass margin.
        #[cfg(feature = "runtime-benchmarks")]
        type Prices: bulwark_traits::PriceSource;
        /// How many resting orders one incoming order may fill.
        #[pallet::constant]
        type MaxFills: Get<u32>;
        /// How many resting orders that cannot fill one incoming order may take out.
        #[pallet::constant]
        type MaxRemovals: Get<u32>;
        /// How many resting orders a sub-account may have, in all markets.
        #[pallet::constant]
        type MaxOrdersPerAccount: Get<u32>;
        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Resting orders.
    #[pallet::storage]
    pub type Orders<T: Config> =
        StorageDoubleMap<_, Twox64Concat, MarketId, Twox64Concat, OrderId, OrderOf<T>, OptionQuery>;

    /// Queues of orders; a level without orders does not exist.
    #[pallet::storage]
    pub type Levels<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Twox64Concat, MarketId>,
            NMapKey<Identity, Side>,
            NMapKey<Twox64Concat, Tick>,
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
            NMapKey<Twox64Concat, MarketId>,
            NMapKey<Identity, Side>,
            NMapKey<Identity, u8>,
            NMapKey<Twox64Concat, u32>,
        ),
        Word,
        OptionQuery,
    >;

    /// The id that a market's next order gets. Orders that never rest use one up as well.
    #[pallet::storage]
    pub type NextOrderId<T: Config> = StorageMap<_, Twox64Concat, MarketId, OrderId, ValueQuery>;

    /// The resting orders of each sub-account, oldest first.
    #[pallet::storage]
    pub type AccountOrders<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        SubAccountOf<T>,
        BoundedVec<(MarketId, OrderId), T::MaxOrdersPerAccount>,
        ValueQuery,
    >;

    /// The price of each market's last fill.
    #[pallet::storage]
    pub type LastTrade<T: Config> = StorageMap<_, Twox64Concat, MarketId, Price, OptionQuery>;

    /// From `OrderRested`, `Filled`, `OrderReduced` and `OrderCancelled` the book can be rebuilt: the
    /// first adds an order, the others take from it by id.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An order was accepted and is about to match.
        OrderPlaced {
            /// The market.
            market: MarketId,
            /// The order.
            order_id: OrderId,
            /// Whose it is.
            account: SubAccountOf<T>,
            /// Its side.
            side: Side,
            /// Its limit.
            price: Price,
            /// How much, after a reduce-only order was cut to what it can reduce.
            quantity: Quantity,
            /// What happens to what does not fill at once.
            time_in_force: TimeInForce,
            /// Whether it may only make the position smaller.
            reduce_only: bool,
            /// The first block in which it is no longer valid.
            expires_at: Option<BlockNumberFor<T>>,
        },
        /// What was left of a placed order went to the end of its level.
        OrderRested {
            /// The market.
            market: MarketId,
            /// The order.
            order_id: OrderId,
            /// Whose it is.
            account: SubAccountOf<T>,
            /// Its side.
            side: Side,
            /// Its limit.
            price: Price,
            /// What is left of it.
            quantity: Quantity,
        },
        /// Two orders matched.
        Filled {
            /// The market.
            market: MarketId,
            /// The resting order.
            maker_order: OrderId,
            /// Whose that is.
            maker: SubAccountOf<T>,
            /// The incoming order; `None` when it is a liquidation.
            taker_order: Option<OrderId>,
            /// Whose that is.
            taker: SubAccountOf<T>,
            /// The maker's limit.
            price: Price,
            /// How much.
            quantity: Quantity,
            /// What the buyer paid and the seller got, before fees.
            notional: Usd,
            /// The side of the incoming order.
            taker_side: Side,
            /// Why.
            kind: FillKind,
        },
        /// An order, or what was left of it, is out.
        OrderCancelled {
            /// The market.
            market: MarketId,
            /// The order.
            order_id: OrderId,
            /// Whose it was.
            account: SubAccountOf<T>,
            /// What had not filled.
            quantity: Quantity,
            /// Why.
            reason: CancelReason,
        },
        /// Its owner made a resting order smaller; it kept its place.
        OrderReduced {
            /// The market.
            market: MarketId,
            /// The order.
            order_id: OrderId,
            /// Whose it is.
            account: SubAccountOf<T>,
            /// What is left of it.
            quantity: Quantity,
        },
        /// The actions of a batch are done.
        BatchDone {
            /// For whom.
            account: SubAccountOf<T>,
            /// What came of each, in their order.
            results: Vec<ActionResult>,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The price is not a multiple of the market's tick.
        OffTick,
        /// The quantity is not a multiple of the market's lot.
        OffLot,
        /// The price is zero or has too many ticks for the book.
        TickOutOfRange,
        /// The quantity has too many lots for the book.
        QuantityOutOfRange,
        /// The quantity is zero.
        ZeroQuantity,
        /// The quantity is below the market's smallest order and does not close the position.
        BelowMinimumOrder,
        /// The order would be expired already.
        Expired,
        /// The price is outside the band of the circuit breaker.
        OutsideBand,
        /// The market takes no orders in its present status.
        MarketHalted,
        /// The order would fill at once, and it or the market only lets orders rest.
        WouldTake,
        /// There is no such market.
        UnknownMarket,
        /// There is no such order.
        UnknownOrder,
        /// The order belongs to another sub-account.
        NotYourOrder,
        /// The sub-account has as many resting orders as it may.
        TooManyOrders,
        /// The order may only reduce and there is nothing it could reduce.
        ReduceOnlyWouldIncrease,
        /// A number does not fit.
        ArithmeticOverflow,
        /// The book contradicts itself: a defect that `try_state` shows.
        Corrupt,
        /// The market is reduce-only and all that the order crosses would open positions. It may
        /// rest at a price that crosses nothing.
        NoReducingMaker,
        /// The order may only fill in full at once and the book does not have that much.
        WouldNotFill,
        /// The order is already as it is to become.
        NothingToAmend,
        /// The batch has too many actions.
        BatchTooLarge,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxFills::get() > 0, "no order could ever fill");
            assert!(T::MaxRemovals::get() > 0, "a dead order would stop all");
            assert!(
                T::MaxOrdersPerAccount::get() > 0,
                "no order could ever rest"
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
        /// not trade and for a rest that may not rest; `OrderRested`.
        ///
        /// Complexity: O(makers met), at most `MaxFills` filled and `MaxRemovals` taken out,
        /// whatever the depth of the book. The weight of makers that were not met is refunded,
        /// also when the call fails.
        #[pallet::call_index(0)]
        #[pallet::weight(Pallet::<T>::worst_placement())]
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
            let placed = Self::place(&account, order, &mut met);
            charged(placed, met.weight::<T>())
        }

        /// Cancels a resting order.
        ///
        /// Origin: the owner of `sub_account`. Works in every status of the market.
        ///
        /// Errors: `UnknownOrder`, `NotYourOrder`. Events: `OrderCancelled`. Complexity: O(1).
        #[pallet::call_index(1)]
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

        /// Cancels all resting orders of a sub-account, in one market or in all.
        ///
        /// Origin: the owner of `sub_account`. Works in every status of the markets; no orders is
        /// no error.
        ///
        /// Events: `OrderCancelled` for each. Complexity: O(orders), at most
        /// `MaxOrdersPerAccount`; the weight of orders that were not there is refunded.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::cancel_all(T::MaxOrdersPerAccount::get()))]
        pub fn cancel_all(
            origin: OriginFor<T>,
            sub_account: SubAccountIndex,
            market: Option<MarketId>,
        ) -> DispatchResultWithPostInfo {
            let account = SubAccount::new(ensure_signed(origin)?, sub_account);
            let limit = T::MaxOrdersPerAccount::get();
            let reason = CancelReason::Requested;
            let cancelled = Self::cancel_orders_of(&account, market, limit, reason)?;
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
        #[pallet::weight(Pallet::<T>::worst_amendment())]
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
            charged(amended, Self::amendment_weight(kind, &met))
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
        /// Complexity: that of the actions, whose fills are those of one order. What was not used is
        /// refunded, also when the call fails.
        #[pallet::call_index(4)]
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
                .map(|results| Self::deposit_event(Event::BatchDone { account, results }));
            charged(done, used)
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
