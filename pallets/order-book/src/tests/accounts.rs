//! What an account may have: names, places, quota, heartbeat, transfers.

use crate::{
    mock::*, AccountOrders, BookAction, CancelReason, ClientIds, Deadline, Deadlines, Desks, Error,
    Event, Orders, Pallet, Schedule, MAX_CANCELS,
};
use bulwark_primitives::{SelfTrade, Side, Usd};
use frame_support::{
    assert_noop, assert_ok,
    traits::Hooks,
    weights::{Weight, WeightMeter},
};

fn cancel_all(owner: u64) -> u64 {
    OrderBook::cancel_all(RuntimeOrigin::signed(owner), 0, None)
        .unwrap()
        .actual_weight
        .unwrap()
        .proof_size()
}

#[test]
fn name_should_be_unique_among_the_resting_orders_of_an_account() {
    run(|| {
        assert_ok!(bid(1, 5, 1_000).named(7));
        assert_noop!(bid(1, 5, 1_001).named(7), Error::<Test>::DuplicateClientId);
        assert_ok!(bid(2, 5, 1_000).named(7));
        assert_ok!(bid(1, 5, 1_000).named(8));
        let cancel = |name| OrderBook::cancel_by_client_id(RuntimeOrigin::signed(1), 0, name);
        assert_ok!(cancel(7));
        assert_noop!(cancel(7), Error::<Test>::UnknownClientId);
        assert_ok!(bid(1, 5, 1_001).named(7));
        // A fill frees a name as well.
        assert_ok!(ask(3, 5, 1_001).place());
        assert_noop!(cancel(7), Error::<Test>::UnknownClientId);
        assert_eq!(ClientIds::<Test>::iter().count(), 2);
    });
}

#[test]
fn batch_should_submit_and_cancel_by_name() {
    run(|| {
        let mut terms = bid(1, 5, 1_000).terms();
        terms.client_id = Some(1);
        let actions = vec![
            BookAction::Submit(terms.clone()),
            BookAction::Submit(terms),
            BookAction::CancelByClientId { client_id: 1 },
            BookAction::CancelByClientId { client_id: 1 },
        ];
        assert_ok!(OrderBook::batch(
            RuntimeOrigin::signed(1),
            0,
            actions,
            false
        ));
        let done = events().pop().unwrap();
        let Event::BatchDone { results, .. } = done else {
            panic!("{done:?}")
        };
        assert_eq!(
            results,
            vec![
                Ok(Some(0)),
                Err(Error::<Test>::DuplicateClientId.into()),
                Ok(None),
                Err(Error::<Test>::UnknownClientId.into())
            ]
        );
    });
}

#[test]
fn own_order_should_be_met_as_the_incoming_one_says() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).place());
        assert_ok!(ask(2, 5, 1_001).place());
        assert_noop!(
            bid(1, 5, 1_001).preventing(SelfTrade::CancelNewest),
            Error::<Test>::SelfTrade
        );
        events();
        assert_ok!(bid(1, 5, 1_001).preventing(SelfTrade::CancelBoth));
        let reason = CancelReason::SelfTrade;
        assert_eq!(cancels(), vec![(0, 5, reason), (2, 5, reason)]);
        assert_eq!((size(1), levels(Side::Bid)), (0, vec![]));
        assert_ok!(ask(1, 5, 1_000).place());
        events();
        assert_ok!(bid(1, 5, 1_001).preventing(SelfTrade::CancelOldest));
        assert_eq!(cancels(), vec![(3, 5, reason)]);
        assert_eq!((size(1), size(2)), (5, -5));
    });
}

#[test]
fn rest_should_be_cancelled_when_it_meets_an_own_order_after_a_fill() {
    run(|| {
        assert_ok!(ask(2, 3, 1_000).place());
        assert_ok!(ask(1, 5, 1_001).place());
        events();
        assert_ok!(bid(1, 5, 1_001).preventing(SelfTrade::CancelNewest));
        assert_eq!(cancels(), vec![(2, 2, CancelReason::SelfTrade)]);
        assert_eq!((size(1), levels(Side::Ask)), (3, vec![(1_001, 5)]));
        assert_noop!(
            bid(1, 5, 1_001).fok().preventing(SelfTrade::CancelBoth),
            Error::<Test>::WouldNotFill
        );
    });
}

#[test]
fn places_should_follow_equity() {
    run(|| {
        MaxOrdersPerAccount::set(1_000);
        Equities::insert(account(1), 10);
        for tick in 1..=8 {
            assert_ok!(bid(1, 1, tick).place());
        }
        assert_noop!(bid(1, 1, 9).place(), Error::<Test>::TooManyOrders);
        Equities::insert(account(1), 100);
        for tick in 9..=20 {
            assert_ok!(bid(1, 1, tick).place());
        }
        assert_noop!(bid(1, 1, 21).place(), Error::<Test>::TooManyOrders);
        // Less equity counts when it is looked at again.
        Equities::insert(account(1), 5);
        cancel_all(1);
        assert_ok!(bid(1, 1, 9).place());
        System::set_block_number(400);
        assert_noop!(bid(1, 1, 10).place(), Error::<Test>::TooManyOrders);
        set_size(1, -9);
        assert_ok!(bid(1, 1, 10).reduce_only().place());
    });
}

#[test]
fn list_should_have_room_for_a_thousand_orders() {
    run(|| {
        MaxOrdersPerAccount::set(1_000);
        for tick in 1..=1_000 {
            assert_ok!(bid(1, 1, tick).place());
        }
        assert_noop!(bid(1, 1, 1_001).place(), Error::<Test>::TooManyOrders);
        assert_eq!(AccountOrders::<Test>::iter().count(), 16);
        check_invariants();
        assert_ok!(OrderBook::cancel_order(
            RuntimeOrigin::signed(1),
            0,
            MARKET,
            100
        ));
        assert_ok!(bid(1, 1, 1_001).place());
        assert_eq!(Orders::<Test>::get(MARKET, 1_000).unwrap().page, 1);
        assert_eq!(OrderBook::orders_of(&account(1)).len(), 1_000);
        let counts: Vec<u64> = (0..5).map(|_| cancel_all(1)).collect();
        assert_eq!(counts, vec![256, 256, 256, 232, 0]);
        assert_eq!(u64::from(MAX_CANCELS), counts[0]);
        assert_eq!(AccountOrders::<Test>::iter().count(), 0);
    });
}

#[test]
fn unfilled_orders_should_cost_when_they_are_beyond_the_quota() {
    run(|| {
        let schedule = Schedule {
            quota: 3,
            refill: 1,
            unfilled_fee: Usd(500),
            ..Default::default()
        };
        assert_ok!(OrderBook::set_schedule(RuntimeOrigin::root(), schedule));
        for tick in [1_000, 1_001, 1_002] {
            assert_ok!(bid(1, 2, tick).place());
        }
        cancel_all(1);
        assert_eq!(Charged::get(account(1)), 0);
        // One that never rested, one that was amended anew, one that expired.
        assert_ok!(bid(1, 2, 1_000).ioc().place());
        assert_eq!(Charged::get(account(1)), 500);
        assert_ok!(bid(1, 2, 1_000).expires_at(2).place());
        let (quantity, price) = (quantity(MARKET, 2), price(MARKET, 1_001));
        let amend = OrderBook::amend_order(
            RuntimeOrigin::signed(1),
            0,
            MARKET,
            4,
            quantity,
            price,
            false,
        );
        assert_ok!(amend);
        assert_eq!(Charged::get(account(1)), 1_000);
        // A block later one is forgotten.
        poll(2);
        assert_eq!(Charged::get(account(1)), 1_000);
        assert_ok!(bid(1, 2, 1_000).place());
        cancel_all(1);
        // Cancelling is free; the next placement pays.
        assert_eq!(Charged::get(account(1)), 1_000);
        events();
        let placed = bid(1, 2, 1_000).place().unwrap();
        assert_eq!(placed.actual_weight, Some(Weight::from_parts(10_001, 0)));
        assert_eq!(Charged::get(account(1)), 1_500);
        assert!(events().contains(&Event::UnfilledFee {
            account: account(1),
            orders: 1,
            amount: Usd(500)
        }));
    });
}

#[test]
fn order_that_filled_should_not_count_when_the_rest_is_cancelled() {
    run(|| {
        let schedule = Schedule {
            quota: 0,
            refill: 0,
            ..Default::default()
        };
        assert_ok!(OrderBook::set_schedule(RuntimeOrigin::root(), schedule));
        assert_ok!(bid(1, 5, 1_000).place());
        assert_ok!(ask(2, 2, 1_000).place());
        assert_ok!(ask(2, 2, 1_000).place());
        assert_ok!(bid(1, 9, 1_000).place());
        cancel_all(1);
        // Only the second never filled.
        assert_eq!(Desks::<Test>::get(account(1)).unfilled, 1);
        assert_ok!(ask(3, 1, 1_000).place());
        assert_ok!(bid(1, 9, 1_000).place());
        cancel_all(1);
        assert_eq!(Desks::<Test>::get(account(1)).unfilled, 0);
        assert_eq!(Charged::get(account(1)), 10_000);
    });
}

#[test]
fn orders_should_be_cancelled_when_the_heartbeat_is_not_renewed() {
    run(|| {
        let beat = |blocks, stops| OrderBook::heartbeat(RuntimeOrigin::signed(1), 0, blocks, stops);
        assert_ok!(beat(5, false));
        assert_ok!(bid(1, 5, 1_000).place());
        assert_ok!(super::stops::sell_below(1, 5, 900).place());
        poll(5);
        assert_ok!(beat(5, true));
        events();
        poll(9);
        assert_eq!(cancels(), vec![]);
        poll(10);
        let events = events();
        let reason = CancelReason::HeartbeatMissed;
        assert!(events.iter().any(|event| matches!(
            event,
            Event::OrderCancelled { reason: found, .. } if *found == reason
        )));
        assert_eq!(
            events.last(),
            Some(&Event::HeartbeatMissed {
                account: account(1)
            })
        );
        assert_eq!(Desks::<Test>::get(account(1)).stops, 0);
        assert_eq!(Deadlines::<Test>::iter().count(), 0);
        // It is off.
        assert_ok!(bid(1, 5, 1_000).place());
        poll(99);
        assert_eq!(Orders::<Test>::iter().count(), 1);
    });
}

#[test]
fn heartbeat_should_be_off_when_it_is_set_to_nothing() {
    run(|| {
        let beat = |blocks| OrderBook::heartbeat(RuntimeOrigin::signed(1), 0, blocks, false);
        assert_noop!(beat(43_201), Error::<Test>::HeartbeatTooLong);
        assert_ok!(beat(3));
        assert_eq!(
            Desks::<Test>::get(account(1)).deadline,
            Some(Deadline {
                at: 4,
                stops: false
            })
        );
        assert_ok!(bid(1, 5, 1_000).place());
        assert_ok!(beat(0));
        poll(99);
        assert_eq!(Orders::<Test>::iter().count(), 1);
        Equities::insert(account(2), 0);
        let of_pauper = OrderBook::heartbeat(RuntimeOrigin::signed(2), 0, 5, false);
        assert_eq!(of_pauper, Err(Error::<Test>::TooManyOrders.into()));
    });
}

#[test]
fn missed_heartbeat_should_go_on_in_the_next_block_when_the_budget_ends() {
    run(|| {
        for tick in 1..=20 {
            assert_ok!(bid(1, 1, tick).place());
        }
        assert_ok!(OrderBook::heartbeat(RuntimeOrigin::signed(1), 0, 1, false));
        System::set_block_number(2);
        // An order weighs 4 at the most when its room is counted; room for one stop, 1,102, is kept.
        let step = |limit| {
            let mut meter = WeightMeter::with_limit(Weight::from_parts(limit, u64::MAX));
            OrderBook::on_poll(2, &mut meter);
            Pallet::<Test>::do_try_state().unwrap();
            Orders::<Test>::iter().count()
        };
        assert_eq!(step(1 + 1_102 + 1 + 4 * 7), 13);
        assert_eq!(Deadlines::<Test>::iter().count(), 1);
        assert_eq!(step(5_000), 0);
        assert_eq!(Deadlines::<Test>::iter().count(), 0);
    });
}

#[test]
fn transfer_and_order_should_both_happen_or_neither() {
    run(|| {
        let call = |amount, order: New| {
            let terms = order.terms();
            OrderBook::transfer_and_submit(RuntimeOrigin::signed(1), 3, 0, 1, amount, terms)
                .map_err(|e| e.error)
        };
        assert_ok!(call(77, bid(1, 5, 1_000)));
        assert_eq!(Moved::get(account(1)), 77);
        assert_eq!(levels(Side::Bid), vec![(1_000, 5)]);
        assert_noop!(call(0, bid(1, 5, 1_000)), NO_TRANSFER);
        assert_noop!(call(77, bid(1, 0, 1_000)), Error::<Test>::ZeroQuantity);
    });
}
