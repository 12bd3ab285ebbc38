#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]
//! Benchmarks. Every order is alone on its tick, and the ticks are in different words of all layers
//! of the bitmap but the top one, so that each order costs a level and a way through the bitmap.
//! The lists of the accounts' orders are as long as they get, and whoever fills, rests or cancels has
//! as many positions and collateral assets as an account can have.

use super::*;
use crate::matching::Tally;
use alloc::vec::Vec;
use bulwark_primitives::{
    FundingParams, MarginTier, MarketId, MarketParams, MarketStatus, OrderId, Price, Quantity,
    Rate, Side, SubAccount, Tier, TimeInForce, Usd, PRICE_SCALE, SIZE_SCALE,
};
use bulwark_traits::{LiquidationVenue, MarketGuard, MarketRegistry, OrderMargin, PriceSource};
use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use frame_system::RawOrigin;

const MARKET: MarketId = MarketId(1);
/// A market that exists only in the lists of orders, to make them long.
const ELSEWHERE: MarketId = MarketId(u32::MAX);
/// 100 USD of a tick of 0.1 USD, where the price is.
const MARK: Tick = 1_000;
/// Positions that share no word below the top layer.
const APART: Tick = 1 << 16;
/// The lots of each resting order.
const LOTS: Lots = 10;

fn params() -> MarketParams {
    MarketParams {
        index_asset: 2,
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

fn setup<T: Config>() {
    T::Registry::set_market(MARKET, params());
    T::Prices::set_price(params().index_asset, Price(100 * PRICE_SCALE));
    T::Guard::set_status(MARKET, MarketStatus::Active);
    frame_system::Pallet::<T>::set_block_number(1u32.into());
}

fn price(tick: Tick) -> Price {
    Price(params().tick_size.0 * u128::from(tick))
}

fn quantity(lots: Lots) -> Quantity {
    Quantity(params().lot_size.0 * u128::from(lots))
}

/// An account that can afford every order here, and whose list has room for `room` more.
fn trader<T: Config>(name: &'static str, index: u32, room: u32) -> SubAccountOf<T> {
    let account = SubAccount::new(account(name, index, 0), 0);
    T::Margin::endow(&account, Usd::dollars(1_000_000_000));
    let others = T::MaxOrdersPerAccount::get() - room;
    AccountOrders::<T>::mutate(&account, |orders| {
        orders
            .try_extend((0..others).map(|id| (ELSEWHERE, id.into())))
            .unwrap();
    });
    account
}

fn place<T: Config>(account: &SubAccountOf<T>, side: Side, lots: Lots, tick: Tick) {
    let order = NewOrder {
        market: MARKET,
        side,
        quantity: quantity(lots),
        price: price(tick),
        time_in_force: TimeInForce::GoodTillCancelled,
        reduce_only: false,
        expires_at: None,
    };
    Pallet::<T>::place(account, order, &mut Tally::default()).unwrap();
}

/// A trader with the largest ledger entry there can be, in which a position in the market still has
/// room.
fn holder<T: Config>(name: &'static str, index: u32, room: u32) -> SubAccountOf<T> {
    let account = trader::<T>(name, index, room);
    T::Margin::fill_up(&account, MARKET);
    account
}

/// Rests one ask for each of `n` makers who can fill, from `tick` upwards, and returns the tick above
/// them.
fn asks<T: Config>(n: u32, tick: Tick) -> Tick {
    for i in 0..n {
        let maker = holder::<T>("maker", i, 1);
        place::<T>(&maker, Side::Ask, LOTS, tick + i * APART);
    }
    tick + n * APART
}

/// The same with makers whom margin refuses, which is found out when all of the fill is computed.
fn dead_asks<T: Config>(n: u32, tick: Tick) -> Tick {
    for i in 0..n {
        let maker = holder::<T>("dead", i, 1);
        place::<T>(&maker, Side::Ask, LOTS, tick + i * APART);
        T::Margin::drain(&maker);
    }
    tick + n * APART
}

/// Rests bids on both ends and in between, so that the sides are deep.
fn deepen<T: Config>() {
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
            Pallet::<T>::place(account, order.clone(), &mut Tally::default())
        })
    };
    if place().is_err() {
        T::Margin::endow(account, Usd::dollars(1_000_000_000));
        place().unwrap();
    }
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn place_order_rest() {
        setup::<T>();
        deepen::<T>();
        // In a word of the bitmap of its own in each layer below the top one.
        let tick = MARK + APART;
        asks::<T>(20, tick + APART);
        let taker = holder::<T>("taker", 0, 1);

        #[extrinsic_call]
        place_order(
            RawOrigin::Signed(taker.owner.clone()),
            taker.index,
            MARKET,
            Side::Bid,
            quantity(LOTS),
            price(tick),
            TimeInForce::GoodTillCancelled,
            false,
            None,
        );

        assert_eq!(Pallet::<T>::best_bid(MARKET), Some(price(tick)));
    }

    // From one fill on, so that the base has the end of a sweep in it. A sweep ends with the last
    // removal it may do, so that one is not among those before the fills.
    #[benchmark]
    fn place_order_fill(
        f: Linear<1, { T::MaxFills::get() }>,
        r: Linear<0, { T::MaxRemovals::get() - 1 }>,
    ) {
        setup::<T>();
        deepen::<T>();
        let limit = asks::<T>(f, dead_asks::<T>(r, MARK));
        let taker = holder::<T>("taker", 0, 1);

        #[extrinsic_call]
        place_order(
            RawOrigin::Signed(taker.owner.clone()),
            taker.index,
            MARKET,
            Side::Bid,
            quantity(LOTS * Lots::from(f) + 1),
            price(limit),
            TimeInForce::GoodTillCancelled,
            false,
            None,
        );

        // All makers are gone and the rest is in the book.
        assert_eq!(Pallet::<T>::best_ask(MARKET), None);
        assert_eq!(
            Pallet::<T>::depth(MARKET, Side::Bid, 1),
            [(price(limit), quantity(1))]
        );
    }

    #[benchmark]
    fn cancel_order() {
        setup::<T>();
        deepen::<T>();
        let owner = holder::<T>("owner", 0, 1);
        place::<T>(&owner, Side::Ask, LOTS, MARK);
        let id = NextOrderId::<T>::get(MARKET) - 1;

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            MARKET,
            id,
        );

        assert!(!Orders::<T>::contains_key(MARKET, id));
    }

    #[benchmark]
    fn cancel_all(n: Linear<0, { T::MaxOrdersPerAccount::get() }>) {
        setup::<T>();
        deepen::<T>();
        let owner = holder::<T>("owner", 0, T::MaxOrdersPerAccount::get());
        for i in 0..n {
            place::<T>(&owner, Side::Ask, LOTS, MARK + i * APART);
        }

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.owner.clone()), owner.index, None);

        assert!(AccountOrders::<T>::get(&owner).is_empty());
    }

    #[benchmark]
    fn amend_order() {
        setup::<T>();
        deepen::<T>();
        let owner = holder::<T>("owner", 0, 1);
        place::<T>(&owner, Side::Ask, LOTS, MARK);
        let id = NextOrderId::<T>::get(MARKET) - 1;

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            MARKET,
            id,
            quantity(LOTS - 1),
            price(MARK),
            false,
        );

        let order = Orders::<T>::get(MARKET, id).unwrap();
        assert_eq!(order.remaining, LOTS - 1);
    }

    // The actions have weights of their own; here each ends at its first read.
    #[benchmark]
    fn batch(n: Linear<0, MAX_BATCH>) {
        setup::<T>();
        let owner = trader::<T>("owner", 0, 1);
        let actions: Vec<_> = (0..n)
            .map(|i| BookAction::Cancel {
                market: MARKET,
                order_id: OrderId::from(i),
            })
            .collect();
        let results = (0..n)
            .map(|_| Err(Error::<T>::UnknownOrder.into()))
            .collect();

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner.owner.clone()),
            owner.index,
            actions,
            false,
        );

        let account = owner;
        frame_system::Pallet::<T>::assert_last_event(
            Event::<T>::BatchDone { account, results }.into(),
        );
    }

    #[benchmark]
    fn close(f: Linear<1, { T::MaxFills::get() }>, r: Linear<0, { T::MaxRemovals::get() - 1 }>) {
        setup::<T>();
        // A short position, opened against a maker who is not met again, and larger than what is there
        // to buy.
        let closed = holder::<T>("closed", 0, T::MaxOrdersPerAccount::get());
        let lots = LOTS * Lots::from(f) + 1;
        let opener = trader::<T>("opener", 0, 1);
        place::<T>(&opener, Side::Bid, lots, MARK);
        place::<T>(&closed, Side::Ask, lots, MARK);
        deepen::<T>();
        let limit = asks::<T>(f, dead_asks::<T>(r, MARK));

        let execution;
        #[block]
        {
            execution = <Pallet<T> as LiquidationVenue<T::AccountId>>::close(
                &closed,
                MARKET,
                Side::Bid,
                quantity(lots),
                price(limit),
                T::MaxFills::get(),
            );
        }

        assert_eq!((execution.fills, execution.removed), (f, r));
        assert_eq!(execution.quantity, quantity(LOTS * Lots::from(f)));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
