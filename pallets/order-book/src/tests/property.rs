//! Random flows: the pallet does what the reference does, and its invariants hold after each step.

use crate::{
    mock::{self, *},
    BookAction, Event, NewOrder, Orders,
};
use bulwark_flow::{Act, New, RefFill, Reference, Resting};
use bulwark_primitives::{MarketId, MarketStatus, Side, TimeInForce};
use bulwark_traits::{mock::Guard, LiquidationVenue};
use proptest::prelude::*;

const OWNERS: u64 = 5;
const SIZE_LIMIT: i128 = 40;
const FILL_LIMIT: u32 = 6;
const REMOVAL_LIMIT: u32 = 3;

#[derive(Clone, Debug)]
enum Step {
    Call(u64, Act),
    Batch {
        owner: u64,
        acts: Vec<Act>,
        atomic: bool,
    },
    Close {
        owner: u64,
        lots: u64,
        worst: u32,
        max_fills: u32,
    },
    NextBlock,
    Status(MarketStatus),
    RefuseOrders(u64, bool),
    RefuseFills(u64, bool),
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Bid), Just(Side::Ask)]
}

fn times_in_force() -> impl Strategy<Value = TimeInForce> {
    use TimeInForce::*;
    prop_oneof![
        7 => Just(GoodTillCancelled),
        2 => Just(ImmediateOrCancel),
        1 => Just(FillOrKill),
        2 => Just(PostOnly),
    ]
}

/// Around 1,000, or across words of the bitmap.
fn tick() -> impl Strategy<Value = u32> {
    prop_oneof![6 => 995u32..1_005, 1 => Just(40), 1 => Just(70_000), 1 => 1_020u32..1_030]
}

prop_compose! {
    fn new_order()(
        owner in 1..=OWNERS,
        side in side(),
        lots in 1u64..12,
        tick in tick(),
        time_in_force in times_in_force(),
        reduce_only in prop::bool::weighted(0.2),
        expires_at in prop::option::weighted(0.3, 2u64..12),
    ) -> New {
        New { owner, side, lots, tick, time_in_force, reduce_only, expires_at }
    }
}

fn status() -> impl Strategy<Value = MarketStatus> {
    use MarketStatus::*;
    prop_oneof![5 => Just(Active), 1 => Just(PostOnly), 2 => Just(ReduceOnly), 1 => Just(Paused)]
}

fn cancel() -> impl Strategy<Value = Act> {
    (0..60u64).prop_map(Act::Cancel)
}

/// Half of them at 1,000, where many orders are.
fn amend() -> impl Strategy<Value = Act> {
    let ticks = prop_oneof![Just(1_000u32), tick()];
    (0..60u64, 0u64..12, ticks, any::<bool>()).prop_map(|(id, lots, tick, post_only)| Act::Amend {
        id,
        lots,
        tick,
        post_only,
    })
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => new_order().prop_map(Act::Place),
        4 => cancel(),
        4 => amend(),
        1 => Just(Act::CancelAll),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let owner = || 1..=OWNERS;
    prop_oneof![
        40 => new_order().prop_map(|new| Step::Call(new.owner, Act::Place(new))),
        5 => (owner(), cancel()).prop_map(|(owner, act)| Step::Call(owner, act)),
        1 => owner().prop_map(|owner| Step::Call(owner, Act::CancelAll)),
        8 => (owner(), amend()).prop_map(|(owner, act)| Step::Call(owner, act)),
        6 => (owner(), prop::collection::vec(act(), 0..6), any::<bool>())
            .prop_map(|(owner, acts, atomic)| Step::Batch { owner, acts, atomic }),
        5 => (owner(), 1..30u64, tick(), 0..5u32).prop_map(|(owner, lots, worst, max_fills)| {
            Step::Close { owner, lots, worst, max_fills }
        }),
        3 => Just(Step::NextBlock),
        2 => status().prop_map(Step::Status),
        1 => (owner(), any::<bool>()).prop_map(|(owner, on)| Step::RefuseOrders(owner, on)),
        1 => (owner(), any::<bool>()).prop_map(|(owner, on)| Step::RefuseFills(owner, on)),
    ]
}

fn reference() -> Reference {
    Reference {
        now: 1,
        status: MarketStatus::Active,
        max_fills: FILL_LIMIT,
        max_removals: REMOVAL_LIMIT,
        size_limit: SIZE_LIMIT,
        next_id: 0,
        orders: vec![],
        sizes: Default::default(),
        refused_orders: Default::default(),
        refused_fills: Default::default(),
        fills: vec![],
        met: (0, 0),
    }
}

/// One lot of `market` in the ledger's units.
fn lot(market: MarketId) -> i128 {
    quantity(market, 1).0 as i128
}

fn action(act: &Act, market: MarketId) -> BookAction<u64> {
    match act.clone() {
        Act::Place(new) => BookAction::Place(NewOrder {
            market,
            side: new.side,
            quantity: quantity(market, new.lots),
            price: price(market, new.tick),
            time_in_force: new.time_in_force,
            reduce_only: new.reduce_only,
            expires_at: new.expires_at,
        }),
        Act::Cancel(order_id) => BookAction::Cancel { market, order_id },
        Act::CancelAll => BookAction::CancelAll { market: None },
        Act::Amend {
            id,
            lots,
            tick,
            post_only,
        } => BookAction::Amend {
            market,
            order_id: id,
            quantity: quantity(market, lots),
            price: price(market, tick),
            post_only,
        },
    }
}

/// The order on a market of the mock.
fn on(new: New, market: MarketId) -> mock::New {
    let New {
        owner,
        side,
        lots,
        tick,
        time_in_force,
        reduce_only,
        expires_at,
    } = new;
    mock::New {
        owner,
        market,
        side,
        lots,
        tick,
        time_in_force,
        reduce_only,
        expires_at,
    }
}

/// Does it in a call of its own; returns whether it succeeds.
pub(super) fn call(owner: u64, act: &Act, market: MarketId) -> bool {
    let origin = RuntimeOrigin::signed(owner);
    match act.clone() {
        Act::Place(new) => on(new, market).place().is_ok(),
        Act::Cancel(id) => OrderBook::cancel_order(origin, 0, market, id).is_ok(),
        Act::CancelAll => OrderBook::cancel_all(origin, 0, None).is_ok(),
        Act::Amend {
            id,
            lots,
            tick,
            post_only,
        } => {
            let (quantity, price) = (quantity(market, lots), price(market, tick));
            OrderBook::amend_order(origin, 0, market, id, quantity, price, post_only).is_ok()
        }
    }
}

/// Which actions of the last batch succeeded.
fn results() -> Vec<bool> {
    match System::events().pop().map(|record| record.event) {
        Some(RuntimeEvent::OrderBook(Event::BatchDone { results, .. })) => {
            results.iter().map(Result::is_ok).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn apply(step: &Step, market: MarketId, reference: &mut Reference) {
    match step.clone() {
        Step::Call(owner, act) => {
            let done = call(owner, &act, market);
            assert_eq!(done, reference.call(owner, &act), "{act:?}");
        }
        Step::Batch {
            owner,
            acts,
            atomic,
        } => {
            let actions = acts.iter().map(|act| action(act, market)).collect();
            let origin = RuntimeOrigin::signed(owner);
            let done = OrderBook::batch(origin, 0, actions, atomic)
                .is_ok()
                .then(results);
            assert_eq!(done, reference.batch(owner, &acts, atomic), "{acts:?}");
        }
        Step::Close {
            owner,
            lots,
            worst,
            max_fills,
        } => {
            let side = if reference.size(owner) > 0 {
                Side::Ask
            } else {
                Side::Bid
            };
            let wanted = quantity(market, lots);
            let bound = price(market, worst);
            let venue = <OrderBook as LiquidationVenue<u64>>::close(
                &account(owner),
                market,
                side,
                wanted,
                bound,
                max_fills,
            );
            let (filled, fills, removed) = reference.close(owner, side, lots, worst, max_fills);
            assert_eq!(venue.quantity, quantity(market, filled));
            assert_eq!((venue.fills, venue.removed), (fills, removed));
        }
        Step::NextBlock => {
            System::set_block_number(System::block_number() + 1);
            reference.now += 1;
        }
        Step::Status(status) => {
            Guard::set(market, status);
            reference.status = status;
        }
        Step::RefuseOrders(owner, on) => {
            RefusedOrders::insert(account(owner), on);
            set(&mut reference.refused_orders, owner, on);
        }
        Step::RefuseFills(owner, on) => {
            RefusedFills::insert(account(owner), on);
            set(&mut reference.refused_fills, owner, on);
        }
    }
}

fn set(owners: &mut std::collections::BTreeSet<u64>, owner: u64, on: bool) {
    if on {
        owners.insert(owner);
    } else {
        owners.remove(&owner);
    }
}

/// The fills since the last call as the reference writes them. Checks notionals on the way.
pub(super) fn new_fills(market: MarketId) -> Vec<RefFill> {
    let (tick, lot) = (price(market, 1).0, quantity(market, 1).0);
    events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Filled {
                maker_order,
                maker,
                taker,
                price,
                quantity,
                notional,
                ..
            } => {
                let exact = price.0 / 1_000_000_000_000 * quantity.0;
                let unit = 1_000_000_000_000_000_000;
                assert!(notional.0 as u128 >= exact / unit);
                assert!(notional.0 as u128 <= exact.div_ceil(unit));
                let lots = (quantity.0 / lot) as u64;
                Some((
                    maker_order,
                    maker.owner,
                    taker.owner,
                    (price.0 / tick) as u32,
                    lots,
                ))
            }
            _ => None,
        })
        .collect()
}

pub(super) fn resting(market: MarketId) -> Vec<Resting> {
    let mut orders: Vec<Resting> = Orders::<Test>::iter_prefix(market)
        .map(|(id, order)| Resting {
            id,
            owner: order.account.owner,
            side: order.side,
            tick: order.tick,
            lots: order.remaining,
            reduce_only: order.reduce_only,
            expires_at: order.expires_at,
        })
        .collect();
    orders.sort_by_key(|order| order.id);
    orders
}

/// What margin has recorded is what the orders say, and positions and cash are zero-sum.
fn check_ledger(market: MarketId, reference: &Reference) {
    let mut cash = 0;
    for owner in 1..=OWNERS {
        let mut open = bulwark_primitives::OpenOrders::default();
        for (_, order) in Orders::<Test>::iter_prefix(market) {
            if order.account.owner != owner {
                continue;
            }
            let quantity = quantity(market, order.remaining).0;
            match order.side {
                Side::Bid => {
                    open.bid_quantity.0 += quantity;
                    open.bid_notional.0 += order.exposure.0;
                }
                Side::Ask => {
                    open.ask_quantity.0 += quantity;
                    open.ask_notional.0 += order.exposure.0;
                }
            }
        }
        assert_eq!(Open::get((account(owner), market)), open);
        let size = Sizes::get((account(owner), market));
        assert_eq!(size, reference.size(owner) * lot(market));
        cash += Cash::get(account(owner));
    }
    assert_eq!(cash, 0);
}

fn flow(market: MarketId, steps: &[Step]) {
    new_test_ext().execute_with(|| {
        MaxFills::set(FILL_LIMIT);
        MaxRemovals::set(REMOVAL_LIMIT);
        SizeLimit::put(SIZE_LIMIT * lot(market));
        let mut reference = reference();
        for step in steps {
            apply(step, market, &mut reference);
            assert_eq!(
                new_fills(market),
                core::mem::take(&mut reference.fills),
                "{step:?}"
            );
            assert_eq!(resting(market), reference.orders, "{step:?}");
            check_invariants();
        }
        check_ledger(market, &reference);
        for owner in 1..=OWNERS {
            OrderBook::cancel_all(RuntimeOrigin::signed(owner), 0, None).unwrap();
            assert_eq!(Open::get((account(owner), market)), Default::default());
        }
        assert_eq!(Orders::<Test>::iter().count(), 0);
        assert_eq!(crate::Bits::<Test>::iter().count(), 0);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(bulwark_traits::mock::cases(48)))]
    #[test]
    fn book_should_fill_like_the_reference(
        fine in any::<bool>(),
        steps in prop::collection::vec(step(), 1..160),
    ) {
        flow(if fine { FINE } else { MARKET }, &steps);
    }
}
