//! Who and what the benchmarks are of: accounts as large as there are, books in which every order is alone.

use super::*;

pub(super) const MARKET: MarketId = MarketId(1);
/// A market that exists only in the lists of orders, to make them long.
pub(super) const ELSEWHERE: MarketId = MarketId(u32::MAX);
/// 100 USD of a tick of 0.1 USD, where the price is.
pub(super) const MARK: Tick = 1_000;
/// Positions that share no word below the top layer.
pub(super) const APART: Tick = 1 << 16;
/// The lots of each resting order.
pub(super) const LOTS: Lots = 10;

/// Markets in each of which an account of a batch has a position: as many as a batch has fills.
pub(super) const MARKETS: u32 = 24;

pub(super) fn params() -> MarketParams {
    params_of(2)
}

pub(super) fn params_of(index_asset: AssetId) -> MarketParams {
    MarketParams {
        index_asset,
        tier: Tier::A,
        tick_size: Price(PRICE_SCALE / 10),
        lot_size: Quantity(SIZE_SCALE / 1_000),
        min_order: Quantity(SIZE_SCALE / 1_000),
        initial_margin: Rate::percent(5),
        maintenance_margin: Rate::percent(3),
        maker_fee: Rate::basis_points(2),
        taker_fee: Rate::basis_points(5),
        liquidation_fee: Rate::percent(1),
        max_open_interest: Quantity(1_000_000 * SIZE_SCALE),
        price_band: Rate::percent(50),
        margin_tiers: [MarginTier::UNUSED; 4],
        lower_open_interest: Quantity(1_000_000 * SIZE_SCALE),
        funding: FundingParams {
            interest: Rate::basis_points(1),
            impact_notional: Usd::dollars(10_000),
        },
    }
}

pub(super) fn setup<T: Config>() {
    T::Registry::set_market(MARKET, params());
    T::Prices::set_price(params().index_asset, Price(100 * PRICE_SCALE));
    T::Guard::set_status(MARKET, MarketStatus::Active);
    FeeSchedule::<T>::put(dear_schedule());
    frame_system::Pallet::<T>::set_block_number(1u32.into());
}

pub(super) fn price(tick: Tick) -> Price {
    Price(params().tick_size.0 * u128::from(tick))
}

pub(super) fn quantity(lots: Lots) -> Quantity {
    Quantity(params().lot_size.0 * u128::from(lots))
}

/// An account that can afford every order here and whose first page has room for `room` more orders,
/// with volume to decay and a quota that is used up.
pub(super) fn trader<T: Config>(name: &'static str, index: u32, room: u32) -> SubAccountOf<T> {
    let account = SubAccount::new(account(name, index, 0), 0);
    T::Margin::endow(&account, Usd::dollars(1_000_000_000));
    let others = PAGE_LEN - room;
    let listed: Vec<_> = (0..others).map(|id| (ELSEWHERE, id.into())).collect();
    if !listed.is_empty() {
        AccountOrders::<T>::insert(&account, 0, BoundedVec::try_from(listed).unwrap());
    }
    Desks::<T>::insert(
        &account,
        Desk {
            orders: others,
            volume: Usd::dollars(1_000_000),
            unfilled: u32::MAX,
            unfilled_at: 1,
            ..Default::default()
        },
    );
    account
}

/// Tiers so that volume is counted and looked up, and a fee for every order that dies unfilled.
pub(super) fn dear_schedule() -> Schedule {
    let tiers: Vec<_> = (1..=MAX_TIERS)
        .map(|i| FeeTier {
            min_volume: Usd::dollars(i64::from(i) * 10_000_000),
            taker: Rate::percent(90),
            maker: Rate::percent(90),
            rebate: Rate::ZERO,
        })
        .collect();
    Schedule {
        tiers: tiers.try_into().unwrap(),
        quota: 0,
        refill: 0,
        unfilled_fee: Usd(1),
    }
}

/// An order with an expiry of each kind and a name.
pub(super) fn terms<T: Config>(
    side: Side,
    lots: Lots,
    tick: Tick,
    name: u128,
) -> OrderTerms<BlockNumberFor<T>> {
    terms_in::<T>(MARKET, side, lots, tick, name)
}

pub(super) fn terms_in<T: Config>(
    market: MarketId,
    side: Side,
    lots: Lots,
    tick: Tick,
    name: u128,
) -> OrderTerms<BlockNumberFor<T>> {
    OrderTerms {
        market,
        side,
        quantity: quantity(lots),
        price: price(tick),
        time_in_force: TimeInForce::GoodTillCancelled,
        reduce_only: false,
        expires_at: Some(1_000u32.into()),
        good_till: T::Clock::now().checked_add(1_000_000),
        client_id: Some(name),
        self_trade: SelfTrade::CancelOldest,
    }
}

/// A stop that sells when the mark price falls to `tick`.
pub(super) fn stop(tick: Tick) -> NewStop {
    NewStop {
        market: MARKET,
        condition: StopCondition::AtOrBelow,
        trigger: price(tick),
        side: Side::Ask,
        quantity: quantity(LOTS),
        price: price(1),
        rests: false,
        reduce_only: false,
        client_id: Some(1),
    }
}

/// Fills an account up with stops, all but `room`; they are far below the price.
pub(super) fn stops<T: Config>(account: &SubAccountOf<T>, room: u32) {
    for i in 0..T::MaxStopsPerAccount::get() - room {
        Pallet::<T>::do_place_stop(account, stop(1 + i)).unwrap();
    }
}

/// Lets the next order or stop look at the account's equity.
pub(super) fn forget_places<T: Config>(account: &SubAccountOf<T>) {
    Desks::<T>::mutate(account, |desk| desk.places = 0);
}

/// Rests an order that is named after its tick.
pub(super) fn place<T: Config>(account: &SubAccountOf<T>, side: Side, lots: Lots, tick: Tick) {
    let order = terms::<T>(side, lots, tick, u128::from(tick));
    Pallet::<T>::place(account, order, &mut Tally::default()).unwrap();
}

/// The same in any market, with a name of its own.
pub(super) fn place_in<T: Config>(
    account: &SubAccountOf<T>,
    market: MarketId,
    side: Side,
    lots: Lots,
    tick: Tick,
) {
    let name = u128::from(market.0 - MARKET.0) << 32 | u128::from(tick);
    let order = terms_in::<T>(market, side, lots, tick, name);
    Pallet::<T>::place(account, order, &mut Tally::default()).unwrap();
}

/// A trader with the largest ledger entry there can be, in which a position in the market still has
/// room.
pub(super) fn holder<T: Config>(name: &'static str, index: u32, room: u32) -> SubAccountOf<T> {
    let account = trader::<T>(name, index, room);
    T::Margin::fill_up(&account, MARKET);
    account
}

/// The holder of a batch in a deep book, with a position in the market, and with a page that is full when
/// `n` orders are on it. A row may be on more pages than one: see [`Workload::weight`].
pub(super) fn quoter<T: Config>(n: u32) -> SubAccountOf<T> {
    setup::<T>();
    deepen::<T>();
    let owner = holder::<T>("owner", 0, n);
    place::<T>(&trader::<T>("opener", 0, 1), Side::Ask, LOTS, MARK);
    place::<T>(&owner, Side::Bid, LOTS, MARK);
    forget_places::<T>(&owner);
    owner
}

/// The tick of a row's order, in words of the bitmap of its own.
pub(super) fn rung(n: u32) -> Tick {
    MARK + n * APART
}

/// An order that only rests.
pub(super) fn quote<T: Config>(
    market: MarketId,
    side: Side,
    tick: Tick,
) -> NewOrder<BlockNumberFor<T>> {
    NewOrder {
        market,
        side,
        quantity: quantity(LOTS),
        price: price(tick),
        time_in_force: TimeInForce::PostOnly,
        reduce_only: false,
        expires_at: None,
    }
}

/// An order of a [`quoter`] that has the most to check: by itself it only reduces, so the position is asked
/// for, and with the others it does more.
pub(super) fn exit<T: Config>(n: u32) -> NewOrder<BlockNumberFor<T>> {
    NewOrder {
        reduce_only: true,
        ..quote::<T>(MARKET, Side::Ask, rung(n))
    }
}

/// Moves orders, which were placed one after the other from the market's first on, to rungs from `to` on.
pub(super) fn moves<T: Config>(
    first: OrderId,
    n: u32,
    to: u32,
) -> Vec<BookAction<BlockNumberFor<T>>> {
    (0..n)
        .map(|i| BookAction::Amend {
            market: MARKET,
            order_id: first + OrderId::from(i),
            quantity: quantity(LOTS),
            price: price(rung(to + i)),
            post_only: true,
        })
        .collect()
}

/// An account with the largest ledger entry there can be, with a position in each of [`MARKETS`] markets
/// from the first on.
pub(super) fn spread<T: Config>() -> SubAccountOf<T> {
    setup::<T>();
    let owner = trader::<T>("owner", 0, MARKETS);
    let opener = trader::<T>("opener", 0, PAGE_LEN);
    for n in 0..MARKETS {
        let (market, asset) = (MarketId(MARKET.0 + n), params().index_asset + n);
        T::Registry::set_market(market, params_of(asset));
        T::Prices::set_price(asset, Price(100 * PRICE_SCALE));
        T::Guard::set_status(market, MarketStatus::Active);
        place_in::<T>(&opener, market, Side::Ask, LOTS, MARK);
        place_in::<T>(&owner, market, Side::Bid, LOTS, MARK);
    }
    T::Margin::fill_up(&owner, MARKET);
    forget_places::<T>(&owner);
    owner
}

/// Rests one ask for each of `n` makers who can fill, from `tick` upwards, and returns the tick above
/// them.
pub(super) fn asks<T: Config>(n: u32, tick: Tick) -> Tick {
    for i in 0..n {
        let maker = holder::<T>("maker", i, 1);
        place::<T>(&maker, Side::Ask, LOTS, tick + i * APART);
    }
    tick + n * APART
}

/// The same with makers whom margin refuses, which is found out when all of the fill is computed.
pub(super) fn dead_asks<T: Config>(n: u32, tick: Tick) -> Tick {
    for i in 0..n {
        let maker = holder::<T>("dead", i, 1);
        place::<T>(&maker, Side::Ask, LOTS, tick + i * APART);
        T::Margin::drain(&maker);
    }
    tick + n * APART
}

/// Rests bids on both ends and in between, so that the sides are deep.
pub(super) fn deepen<T: Config>() {
    for i in 0..20 {
        let maker = trader::<T>("deep", i, 1);
        place::<T>(&maker, Side::Bid, LOTS, 1 + i * 7);
    }
}

/// Rests an order for the liquidation benchmarks: with what the account has if that is enough,
/// else with funds that make it enough.
pub(crate) fn rest<T: Config>(
    account: &SubAccountOf<T>,
    market: MarketId,
    side: Side,
    quantity: Quantity,
    price: Price,
) {
    let order = NewOrder {
        market,
        side,
        quantity,
        price,
        time_in_force: TimeInForce::GoodTillCancelled,
        reduce_only: false,
        expires_at: None,
    };
    let place = || {
        frame_support::storage::with_storage_layer(|| {
            Pallet::<T>::place(account, order.clone().into(), &mut Tally::default())
        })
    };
    if place().is_err() {
        T::Margin::endow(account, Usd::dollars(1_000_000_000));
        place().unwrap();
    }
}
