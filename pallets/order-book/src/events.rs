//! What the book tells, as a section of the pallet.

use frame_support::pallet_macros::pallet_section;

/// The events.
#[pallet_section]
mod events {
    /// From `OrderRested`, `Filled`, `OrderReduced` and `OrderCancelled` the book can be rebuilt: the
    /// first adds an order, the others take from it by id. In an auction both sides of a `Filled` rest.
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
            /// The moment from which it is no longer valid.
            good_till: Option<Moment>,
            /// Its owner's name for it.
            client_id: Option<ClientOrderId>,
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
            /// The incoming order, in an auction the newer one; `None` when it is a liquidation outside of
            /// one.
            taker_order: Option<OrderId>,
            /// Whose that is.
            taker: SubAccountOf<T>,
            /// The maker's limit, or the price of the auction.
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
        /// A stop waits for the mark price.
        StopPlaced {
            /// Its id.
            stop_id: StopId,
            /// Whose it is.
            account: SubAccountOf<T>,
            /// What it is.
            stop: NewStop,
        },
        /// A stop is gone without having been triggered.
        StopCancelled {
            /// The market.
            market: MarketId,
            /// Its id.
            stop_id: StopId,
            /// Whose it was.
            account: SubAccountOf<T>,
        },
        /// The mark price triggered a stop, and it is gone.
        StopTriggered {
            /// The market.
            market: MarketId,
            /// Its id.
            stop_id: StopId,
            /// Whose it was.
            account: SubAccountOf<T>,
            /// The mark price of the block.
            mark: Price,
            /// The order that it became, or why it became none.
            result: Result<OrderId, DispatchError>,
        },
        /// An account set, renewed or took away the switch that cancels its orders.
        HeartbeatSet {
            /// Whose.
            account: SubAccountOf<T>,
            /// When it cancels; `None` when it is taken away.
            deadline: Option<Deadline>,
        },
        /// An account did not renew in time: all its orders are cancelled, and the switch is off.
        HeartbeatMissed {
            /// Whose.
            account: SubAccountOf<T>,
        },
        /// Orders died unfilled beyond the quota.
        UnfilledFee {
            /// Whose.
            account: SubAccountOf<T>,
            /// How many.
            orders: u32,
            /// What was taken for them and went to the insurance fund.
            amount: Usd,
        },
        /// Fees and quota changed.
        ScheduleSet {
            /// The new ones.
            schedule: Schedule,
        },
        /// The price of an auction was found; the fills at it follow. A market whose orders changed
        /// meanwhile, or could not all fill, may have another one after them.
        AuctionPriced {
            /// The market.
            market: MarketId,
            /// The price of all its fills.
            price: Price,
            /// How much can trade at it, as far as all who take part can pay.
            quantity: Quantity,
        },
    }
}
