#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions,
    missing_debug_implementations
)]
//! A runtime with the book and a ledger of positions in place of margin.

use crate::{
    self as pallet_order_book, CancelReason, Config, Event, Lots, NewOrder, OrderTerms, Pallet,
    Tick,
};
use bulwark_primitives::{
    AssetId, Fill, FillFees, FillKind, MarketId, Moment, OpenOrders, OrderExposure, OrderId, Price,
    Quantity, SelfTrade, Side, SubAccount, TimeInForce, Usd, PRICE_SCALE, SIZE_SCALE,
};
use bulwark_traits::{
    mock::{market_params, reset, Guard, Registry},
    FillError, ForcedFills, OrderMargin, TraderAccount,
};
use frame_support::{
    derive_impl,
    dispatch::DispatchResultWithPostInfo,
    parameter_types, storage_alias,
    traits::{Hooks, Time},
    weights::{Weight, WeightMeter},
    Blake2_128Concat,
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};

pub use bulwark_traits::mock::MARKET;

type Block = frame_system::mocking::MockBlock<Test>;
pub type Account = SubAccount<u64>;

/// A market whose ticks and lots make every small notional round.
pub const FINE: MarketId = MarketId(2);
pub const FINE_TICK: u128 = PRICE_SCALE * 3 / 100_000;
pub const FINE_LOT: u128 = SIZE_SCALE * 7 / 1_000;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        OrderBook: pallet_order_book,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

parameter_types! {
    pub static MaxFills: u32 = 32;
    pub static MaxRemovals: u32 = 64;
    pub static MaxOrdersPerAccount: u32 = 64;
    pub const MaxStopsPerAccount: u32 = 4;
    pub static FreeActionsPerBlock: u32 = 100;
    /// The largest quantity that an account may have open.
    pub static MaxOpen: u128 = u128::MAX;
    /// How often margin was checked for orders.
    pub static Checks: u32 = 0;
    /// How often equity was looked at.
    pub static Looks: u32 = 0;
    pub static PollWeight: Weight = Weight::from_parts(1_000_000, u64::MAX);
    /// Milliseconds since the Unix epoch.
    pub static Now: Moment = 1_000_000_000;
    /// What the last fill cost its sides.
    pub static LastFees: Option<FillFees> = None;
}

/// The time that a test sets.
pub struct Clock;

impl Time for Clock {
    type Moment = Moment;

    fn now() -> Moment {
        Now::get()
    }
}

/// Counts in the proof size, so that tests see what was charged: fills, and a thousand for each
/// order taken out.
pub struct CountingWeight;

impl crate::WeightInfo for CountingWeight {
    fn place_order_rest() -> Weight {
        Weight::from_parts(1, 0)
    }
    fn place_order_fill(f: u32, r: u32) -> Weight {
        Weight::from_parts(2, u64::from(f) + 1_000 * u64::from(r))
    }
    fn cancel_order() -> Weight {
        Weight::from_parts(3, 0)
    }
    fn cancel_all(n: u32) -> Weight {
        Weight::from_parts(4, n.into())
    }
    fn amend_order() -> Weight {
        Weight::from_parts(6, 0)
    }
    fn batch(n: u32) -> Weight {
        Weight::from_parts(7, u64::from(n) * 1_000_000)
    }
    fn order_terms() -> Weight {
        Weight::from_parts(100, 0)
    }
    fn cancel_by_client_id() -> Weight {
        Weight::from_parts(8, 0)
    }
    fn place_stop() -> Weight {
        Weight::from_parts(9, 0)
    }
    fn cancel_stop() -> Weight {
        Weight::from_parts(10, 0)
    }
    fn cancel_stops(n: u32) -> Weight {
        Weight::from_parts(11, n.into())
    }
    fn heartbeat() -> Weight {
        Weight::from_parts(12, 0)
    }
    fn set_schedule() -> Weight {
        Weight::from_parts(13, 0)
    }
    fn transfer() -> Weight {
        Weight::from_parts(1_000, 0)
    }
    fn poll_markets(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }
    fn sweep_order() -> Weight {
        Weight::from_parts(1_000, 0)
    }
    fn sweep_deadline() -> Weight {
        Weight::from_parts(1, 0)
    }
    fn trigger_stop() -> Weight {
        Weight::from_parts(1_000, 0)
    }
    fn unfilled_fee() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn free_action() -> Weight {
        Weight::from_parts(14, 0)
    }
    fn free_action_counted() -> Weight {
        Weight::from_parts(15, 0)
    }
    fn place_order_light() -> Weight {
        Weight::from_parts(1, 0)
    }
    fn batch_place(n: u32) -> Weight {
        Weight::from_parts(n.into(), 0)
    }
    fn batch_replace(n: u32) -> Weight {
        Weight::from_parts(4 * u64::from(n), 0)
    }
    fn batch_cancel(n: u32) -> Weight {
        Weight::from_parts(3 * u64::from(n), 0)
    }
    fn batch_undone(n: u32) -> Weight {
        Weight::from_parts(1_000 * u64::from(n), 0)
    }
    fn batch_markets(m: u32) -> Weight {
        Weight::from_parts(100_000 * u64::from(m), 0)
    }
    fn batch_take(n: u32) -> Weight {
        Weight::from_parts(20 * u64::from(n), n.into())
    }
    fn check_margin(n: u32) -> Weight {
        Weight::from_parts(1_000_000 * u64::from(n), 0)
    }
    fn check_margin_light(n: u32) -> Weight {
        Weight::from_parts(1_000_000 * u64::from(n), 0)
    }
    fn auction_level() -> Weight {
        Weight::from_parts(10, 0)
    }
    fn auction_fill() -> Weight {
        Weight::from_parts(1_000, 0)
    }
    fn close(f: u32, r: u32) -> Weight {
        Weight::from_parts(5, u64::from(f) + 1_000 * u64::from(r))
    }
}

impl Config for Test {
    type Registry = Registry;
    type Guard = Guard;
    type Auctions = Guard;
    type Forced = Closings;
    type ForcedWeight = ForcedWeight;
    type Margin = Ledger;
    type Trader = Ledger;
    type Prices = bulwark_traits::mock::Prices;
    type Clock = Clock;
    type AdminOrigin = frame_system::EnsureRoot<u64>;
    type MaxFills = MaxFills;
    type MaxRemovals = MaxRemovals;
    type MaxOrdersPerAccount = MaxOrdersPerAccount;
    type FreeActionsPerBlock = FreeActionsPerBlock;
    type MaxStopsPerAccount = MaxStopsPerAccount;
    type PollWeight = PollWeight;
    type WeightInfo = CountingWeight;
}

/// Liquidation that remembers what was filled: whose, the size before and after, how much and for how much.
pub struct Closings;

parameter_types! {
    pub static ForcedWeight: Weight = Weight::from_parts(1, 0);
    pub static ForcedFilled: Vec<(u64, i128, i128, Quantity, Usd)> = Vec::new();
}

impl ForcedFills<u64> for Closings {
    type Before = i128;

    fn before(account: &Account, market: MarketId) -> Option<i128> {
        Some(Sizes::get((account.clone(), market)))
    }

    fn after(account: &Account, market: MarketId, before: i128, quantity: Quantity, notional: Usd) {
        let after = Sizes::get((account.clone(), market));
        let filled = (account.owner, before, after, quantity, notional);
        ForcedFilled::mutate(|all| all.push(filled));
    }
}

/// Margin with positions, cash and the exposure of orders, all in storage so that a failed call
/// undoes it. It refuses on demand, and positions above [`SizeLimit`].
pub struct Ledger;

#[storage_alias]
pub type Sizes = StorageMap<
    Ledger,
    Blake2_128Concat,
    (Account, MarketId),
    i128,
    frame_support::pallet_prelude::ValueQuery,
>;
#[storage_alias]
pub type Cash =
    StorageMap<Ledger, Blake2_128Concat, Account, i128, frame_support::pallet_prelude::ValueQuery>;
#[storage_alias]
pub type Open = StorageMap<
    Ledger,
    Blake2_128Concat,
    (Account, MarketId),
    OpenOrders,
    frame_support::pallet_prelude::ValueQuery,
>;
#[storage_alias]
pub type RefusedOrders =
    StorageMap<Ledger, Blake2_128Concat, Account, bool, frame_support::pallet_prelude::ValueQuery>;
#[storage_alias]
pub type RefusedFills =
    StorageMap<Ledger, Blake2_128Concat, Account, bool, frame_support::pallet_prelude::ValueQuery>;
#[storage_alias]
pub type SizeLimit = StorageValue<Ledger, i128>;
/// Takers whose triggers nobody has put right since their last fill.
#[storage_alias]
pub type Untold =
    StorageMap<Ledger, Blake2_128Concat, Account, u32, frame_support::pallet_prelude::OptionQuery>;
/// How often an account was told of.
#[storage_alias]
pub type Told =
    StorageMap<Ledger, Blake2_128Concat, Account, u32, frame_support::pallet_prelude::ValueQuery>;

/// What an account is worth in whole USD; a million unless a test sets it.
#[storage_alias]
pub type Equities =
    StorageMap<Ledger, Blake2_128Concat, Account, i64, frame_support::pallet_prelude::OptionQuery>;
/// What was charged to an account.
#[storage_alias]
pub type Charged =
    StorageMap<Ledger, Blake2_128Concat, Account, i128, frame_support::pallet_prelude::ValueQuery>;
/// What was moved to an account.
#[storage_alias]
pub type Moved =
    StorageMap<Ledger, Blake2_128Concat, Account, u128, frame_support::pallet_prelude::ValueQuery>;

pub const NO_ORDER: DispatchError = DispatchError::Unavailable;
pub const NO_FILL: DispatchError = DispatchError::CannotLookup;
pub const NO_TRANSFER: DispatchError = DispatchError::Exhausted;

impl Ledger {
    fn refuses(account: &Account, market: MarketId, delta: i128) -> bool {
        let before = Sizes::get((account.clone(), market));
        let after = (before + delta).abs();
        let too_large = SizeLimit::get().is_some_and(|limit| after > limit);
        RefusedFills::get(account) || (after > before.abs() && too_large)
    }

    fn check_open(account: &Account) -> DispatchResult {
        let open = Open::iter().filter(|((who, _), _)| who == account);
        let lots: u128 = open
            .map(|(_, open)| open.bid_quantity.0.max(open.ask_quantity.0))
            .sum();
        if RefusedOrders::get(account) || lots > MaxOpen::get() {
            return Err(NO_ORDER);
        }
        Ok(())
    }

    fn book(account: &Account, market: MarketId, delta: i128, cost: i128) {
        Sizes::mutate((account.clone(), market), |size| *size += delta);
        Cash::mutate(account, |cash| *cash -= cost);
    }
}

impl OrderMargin<u64> for Ledger {
    fn open_order(account: &Account, order: &OrderExposure) -> DispatchResult {
        frame_support::storage::with_storage_layer(|| {
            Self::record_order(account, order)?;
            Checks::mutate(|checks| *checks += 1);
            Self::check_open(account)
        })
    }

    fn check_orders(account: &Account) -> DispatchResult {
        Checks::mutate(|checks| *checks += 1);
        Self::check_open(account)
    }

    fn record_order(account: &Account, order: &OrderExposure) -> Result<bool, DispatchError> {
        Open::mutate((account.clone(), order.market), |open| {
            let (quantity, notional) = match order.side {
                Side::Bid => (&mut open.bid_quantity, &mut open.bid_notional),
                Side::Ask => (&mut open.ask_quantity, &mut open.ask_notional),
            };
            quantity.0 += order.quantity.0;
            notional.0 += order.notional.0;
        });
        Ok(true)
    }

    fn close_order(account: &Account, order: &OrderExposure) {
        Open::mutate((account.clone(), order.market), |open| {
            let (quantity, notional) = match order.side {
                Side::Bid => (&mut open.bid_quantity, &mut open.bid_notional),
                Side::Ask => (&mut open.ask_quantity, &mut open.ask_notional),
            };
            quantity.0 = quantity
                .0
                .checked_sub(order.quantity.0)
                .expect("was opened");
            notional.0 -= order.notional.0;
            assert!(order.notional.0 >= 0 && notional.0 >= 0, "was opened");
        });
    }

    fn settle(fill: &Fill<u64>) -> Result<(), FillError> {
        let quantity = fill.quantity.0 as i128;
        let (delta, cost) = match fill.taker_side {
            Side::Bid => (quantity, fill.notional.0),
            Side::Ask => (-quantity, -fill.notional.0),
        };
        assert_ne!(
            fill.maker, fill.taker,
            "the book never lets an account trade with itself"
        );
        let exposure = fill.maker_exposure;
        assert!(
            exposure.quantity == fill.quantity
                || (exposure.quantity.is_zero() && fill.kind == FillKind::Liquidation),
            "what fills was open, or liquidation placed both"
        );
        LastFees::set(Some(fill.fees));
        if Self::refuses(&fill.maker, fill.market, -delta) {
            return Err(FillError::Maker(NO_FILL));
        }
        if fill.kind == FillKind::Trade && Self::refuses(&fill.taker, fill.market, delta) {
            return Err(FillError::Taker(NO_FILL));
        }
        Self::close_order(&fill.maker, &fill.maker_exposure);
        Self::book(&fill.taker, fill.market, delta, cost);
        Self::book(&fill.maker, fill.market, -delta, -cost);
        Told::mutate(&fill.maker, |told| *told += 1);
        Untold::mutate(&fill.taker, |fills| *fills = Some(fills.unwrap_or(0) + 1));
        Ok(())
    }

    fn settled(taker: &Account) {
        assert!(
            Untold::take(taker).is_some(),
            "the book tells only of a taker who filled, and once"
        );
        Told::mutate(taker, |told| *told += 1);
    }

    fn reducible(account: &Account, market: MarketId, side: Side) -> Quantity {
        let size = Sizes::get((account.clone(), market));
        Quantity(match side {
            Side::Bid => (-size).max(0),
            Side::Ask => size.max(0),
        } as u128)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow(account: &Account, _: bulwark_primitives::Usd) {
        RefusedOrders::remove(account);
        RefusedFills::remove(account);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn fill_up(_: &Account, _: MarketId) {}

    #[cfg(feature = "runtime-benchmarks")]
    fn drain(account: &Account) {
        RefusedFills::insert(account, true);
    }
}

impl TraderAccount<u64> for Ledger {
    fn equity(account: &Account) -> Option<Usd> {
        Looks::mutate(|looks| *looks += 1);
        Some(Usd::dollars(Equities::get(account).unwrap_or(1_000_000)))
    }

    fn charge(account: &Account, amount: Usd) -> Usd {
        Charged::mutate(account, |charged| *charged += amount.0);
        amount
    }

    fn transfer(from: &Account, to: u16, _: AssetId, amount: u128) -> DispatchResult {
        if amount == 0 {
            return Err(NO_TRANSFER);
        }
        Moved::mutate(SubAccount::new(from.owner, to), |moved| *moved += amount);
        Ok(())
    }
}

/// Runs the book's step of block `block`.
pub fn poll(block: u64) {
    System::set_block_number(block);
    Pallet::<Test>::on_poll(block, &mut WeightMeter::new());
}

/// A chain in block 1 with the two markets.
pub fn new_test_ext() -> sp_io::TestExternalities {
    let storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| {
        reset();
        MaxFills::set(32);
        MaxRemovals::set(64);
        MaxOrdersPerAccount::set(64);
        FreeActionsPerBlock::set(100);
        MaxOpen::set(u128::MAX);
        Checks::set(0);
        PollWeight::set(Weight::from_parts(1_000_000, u64::MAX));
        Now::set(1_000_000_000);
        let mut fine = market_params();
        fine.tick_size = Price(FINE_TICK);
        fine.lot_size = Quantity(FINE_LOT);
        fine.min_order = Quantity(FINE_LOT);
        Registry::insert_market(FINE, fine);
        System::set_block_number(1);
    });
    ext
}

/// A chain whose accounts may have as many orders as the benchmarks rest.
#[cfg(feature = "runtime-benchmarks")]
pub fn benchmark_ext() -> sp_io::TestExternalities {
    let mut ext = new_test_ext();
    ext.execute_with(|| MaxOrdersPerAccount::set(1_000));
    ext
}

/// Runs a test and checks the invariants after it.
pub fn run(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        check_invariants();
    });
}

/// The book is sound, and nobody's triggers are out of date.
pub fn check_invariants() {
    Pallet::<Test>::do_try_state().unwrap();
    assert_eq!(Untold::iter().count(), 0, "a taker's triggers were left");
}

pub fn account(owner: u64) -> Account {
    SubAccount::new(owner, 0)
}

pub fn price(market: MarketId, tick: Tick) -> Price {
    let step = if market == FINE {
        FINE_TICK
    } else {
        market_params().tick_size.0
    };
    Price(step * u128::from(tick))
}

pub fn quantity(market: MarketId, lots: Lots) -> Quantity {
    let step = if market == FINE {
        FINE_LOT
    } else {
        market_params().lot_size.0
    };
    Quantity(step * u128::from(lots))
}

/// An order in ticks and lots; place it with [`New::place`].
#[derive(Clone, Copy, Debug)]
pub struct New {
    pub owner: u64,
    pub market: MarketId,
    pub side: Side,
    pub lots: Lots,
    pub tick: Tick,
    pub time_in_force: TimeInForce,
    pub reduce_only: bool,
    pub expires_at: Option<u64>,
}

impl New {
    /// Places it; an error comes without its weight, so that it can be compared.
    pub fn place(self) -> DispatchResultWithPostInfo {
        self.place_weighed().map_err(|e| e.error.into())
    }

    pub fn place_weighed(self) -> DispatchResultWithPostInfo {
        OrderBook::place_order(
            RuntimeOrigin::signed(self.owner),
            0,
            self.market,
            self.side,
            quantity(self.market, self.lots),
            price(self.market, self.tick),
            self.time_in_force,
            self.reduce_only,
            self.expires_at,
        )
    }

    pub fn on(self, market: MarketId) -> Self {
        Self { market, ..self }
    }

    pub fn ioc(self) -> Self {
        Self {
            time_in_force: TimeInForce::ImmediateOrCancel,
            ..self
        }
    }

    pub fn fok(self) -> Self {
        Self {
            time_in_force: TimeInForce::FillOrKill,
            ..self
        }
    }

    pub fn post_only(self) -> Self {
        Self {
            time_in_force: TimeInForce::PostOnly,
            ..self
        }
    }

    pub fn reduce_only(self) -> Self {
        Self {
            reduce_only: true,
            ..self
        }
    }

    pub fn expires_at(self, block: u64) -> Self {
        Self {
            expires_at: Some(block),
            ..self
        }
    }
}

impl New {
    /// Its terms, for `submit_order`.
    pub fn terms(self) -> OrderTerms<u64> {
        NewOrder {
            market: self.market,
            side: self.side,
            quantity: quantity(self.market, self.lots),
            price: price(self.market, self.tick),
            time_in_force: self.time_in_force,
            reduce_only: self.reduce_only,
            expires_at: self.expires_at,
        }
        .into()
    }

    /// Places it with other terms.
    pub fn submit(self, change: impl FnOnce(&mut OrderTerms<u64>)) -> DispatchResultWithPostInfo {
        let mut terms = self.terms();
        change(&mut terms);
        OrderBook::submit_order(RuntimeOrigin::signed(self.owner), 0, terms)
            .map_err(|e| e.error.into())
    }

    /// Places it with a name.
    pub fn named(self, name: u128) -> DispatchResultWithPostInfo {
        self.submit(|terms| terms.client_id = Some(name))
    }

    /// Places it with a mode of self-trade prevention.
    pub fn preventing(self, mode: SelfTrade) -> DispatchResultWithPostInfo {
        self.submit(|terms| terms.self_trade = mode)
    }
}

fn order(owner: u64, side: Side, lots: Lots, tick: Tick) -> New {
    New {
        owner,
        market: MARKET,
        side,
        lots,
        tick,
        time_in_force: TimeInForce::GoodTillCancelled,
        reduce_only: false,
        expires_at: None,
    }
}

/// A good-till-cancelled bid in [`MARKET`].
pub fn bid(owner: u64, lots: Lots, tick: Tick) -> New {
    order(owner, Side::Bid, lots, tick)
}

/// A good-till-cancelled ask in [`MARKET`].
pub fn ask(owner: u64, lots: Lots, tick: Tick) -> New {
    order(owner, Side::Ask, lots, tick)
}

/// The position of sub-account 0 in [`MARKET`], in lots.
pub fn size(owner: u64) -> i128 {
    Sizes::get((account(owner), MARKET)) / market_params().lot_size.0 as i128
}

/// Gives a position in [`MARKET`], in lots.
pub fn set_size(owner: u64, lots: i128) {
    Sizes::insert(
        (account(owner), MARKET),
        lots * market_params().lot_size.0 as i128,
    );
}

/// The book's events since the last call.
pub fn events() -> Vec<Event<Test>> {
    let events = System::events();
    System::reset_events();
    events
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::OrderBook(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// The fills since the last call as (maker's order, taker, tick in [`MARKET`], lots).
pub fn fills() -> Vec<(OrderId, u64, u128, u128)> {
    let params = market_params();
    events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Filled {
                maker_order,
                taker,
                price,
                quantity,
                ..
            } => Some((
                maker_order,
                taker.owner,
                price.0 / params.tick_size.0,
                quantity.0 / params.lot_size.0,
            )),
            _ => None,
        })
        .collect()
}

/// The cancellations since the last call as (order, lots in [`MARKET`], reason).
pub fn cancels() -> Vec<(OrderId, u128, CancelReason)> {
    events()
        .into_iter()
        .filter_map(|event| match event {
            Event::OrderCancelled {
                order_id,
                quantity,
                reason,
                ..
            } => Some((order_id, quantity.0 / market_params().lot_size.0, reason)),
            _ => None,
        })
        .collect()
}

/// One side of [`MARKET`] as (tick, lots), best first.
pub fn levels(side: Side) -> Vec<(u128, u128)> {
    let params = market_params();
    OrderBook::depth(MARKET, side, u32::MAX)
        .into_iter()
        .map(|(price, quantity)| (price.0 / params.tick_size.0, quantity.0 / params.lot_size.0))
        .collect()
}
