//! Why the book refuses, as a section of the pallet.

use frame_support::pallet_macros::pallet_section;

/// The errors.
#[pallet_section]
mod errors {
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
        /// The order belongs to another sub-account, or is one of liquidation that is to be amended.
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
        /// A resting order of the sub-account has that name already.
        DuplicateClientId,
        /// No resting order of the sub-account has that name.
        UnknownClientId,
        /// The order met one of the same sub-account before anything filled, and was to give way.
        SelfTrade,
        /// The sub-account has no such stop.
        UnknownStop,
        /// The sub-account has as many stops as it may.
        TooManyStops,
        /// Stops with triggers like this one are due already and have to be triggered first.
        StopsDue,
        /// The heartbeat is longer than a day.
        HeartbeatTooLong,
        /// The schedule of fees breaks a bound.
        BadSchedule,
        /// The market collects orders for an auction and takes only those that may rest.
        CannotRest,
    }
}
