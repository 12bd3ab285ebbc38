//! Orders that end by themselves: expiry by block and by time, and markets that are over.

use crate::{
    mock::*, AccountOrders, BlockExpiries, CancelReason, Desks, Error, Event, Orders, Pallet,
    TimeExpiries,
};
use bulwark_primitives::{MarketStatus, Side};
use bulwark_traits::mock::Guard;
use frame_support::{
    assert_noop, assert_ok,
    traits::Hooks,
    weights::{Weight, WeightMeter},
};

fn good_till(new: New, moment: u64) -> frame_support::dispatch::DispatchResultWithPostInfo {
    new.submit(|terms| terms.good_till = Some(moment))
}

#[test]
fn order_should_be_swept_when_its_block_has_come() {
    run(|| {
        assert_ok!(bid(1, 5, 1_000).expires_at(4).place());
        assert_ok!(bid(1, 5, 1_000).expires_at(3).place());
        assert_ok!(bid(1, 5, 1_000).place());
        events();
        poll(2);
        assert_eq!(cancels(), vec![]);
        poll(3);
        assert_eq!(cancels(), vec![(1, 5, CancelReason::Expired)]);
        poll(9);
        assert_eq!(cancels(), vec![(0, 5, CancelReason::Expired)]);
        assert_eq!(levels(Side::Bid), vec![(1_000, 5)]);
        assert_eq!(BlockExpiries::<Test>::iter().count(), 0);
    });
}

#[test]
fn order_should_be_swept_when_its_time_has_come() {
    run(|| {
        let now = Now::get();
        assert_noop!(good_till(bid(1, 5, 1_000), now), Error::<Test>::Expired);
        assert_ok!(good_till(bid(1, 5, 1_000), now + 1));
        poll(2);
        assert_eq!(levels(Side::Bid), vec![(1_000, 5)]);
        Now::set(now + 1);
        events();
        poll(3);
        assert_eq!(cancels(), vec![(0, 5, CancelReason::Expired)]);
        assert_eq!(TimeExpiries::<Test>::iter().count(), 0);
        assert_eq!(Open::get((account(1), MARKET)), Default::default());
    });
}

#[test]
fn order_should_not_fill_when_its_time_has_come() {
    run(|| {
        assert_ok!(good_till(ask(1, 5, 1_000), Now::get() + 1));
        Now::set(Now::get() + 1);
        events();
        assert_ok!(bid(2, 5, 1_000).place());
        assert_eq!(cancels(), vec![(0, 5, CancelReason::Expired)]);
        assert_eq!(size(2), 0);
    });
}

#[test]
fn queue_should_forget_an_order_when_it_ends_before_it_expires() {
    run(|| {
        let both = |new: New| {
            new.submit(|terms| {
                terms.expires_at = Some(50);
                terms.good_till = Some(Now::get() + 99);
            })
        };
        for id in 0..3 {
            assert_ok!(both(ask(1, 5, 1_000 + id)));
        }
        assert_ok!(bid(2, 5, 1_000).place());
        assert_ok!(OrderBook::cancel_order(
            RuntimeOrigin::signed(1),
            0,
            MARKET,
            1
        ));
        assert_ok!(OrderBook::cancel_all(RuntimeOrigin::signed(1), 0, None));
        assert_eq!(BlockExpiries::<Test>::iter().count(), 0);
        assert_eq!(TimeExpiries::<Test>::iter().count(), 0);
    });
}

#[test]
fn order_with_both_expiries_should_end_once() {
    run(|| {
        assert_ok!(bid(1, 5, 1_000).submit(|terms| {
            terms.expires_at = Some(2);
            terms.good_till = Some(Now::get() + 1);
        }));
        Now::set(Now::get() + 5);
        events();
        poll(5);
        assert_eq!(cancels(), vec![(0, 5, CancelReason::Expired)]);
    });
}

#[test]
fn amended_order_should_keep_its_expiry_and_name() {
    run(|| {
        let till = Now::get() + 9;
        assert_ok!(bid(1, 5, 1_000).submit(|terms| {
            terms.good_till = Some(till);
            terms.client_id = Some(7);
        }));
        let (quantity, price) = (quantity(MARKET, 6), price(MARKET, 999));
        assert_ok!(OrderBook::amend_order(
            RuntimeOrigin::signed(1),
            0,
            MARKET,
            0,
            quantity,
            price,
            false
        ));
        let order = OrderBook::order_by_client_id(&account(1), 7).unwrap();
        assert_eq!((order.order_id, order.good_till), (1, Some(till)));
    });
}

#[test]
fn sweep_should_go_on_in_the_next_block_when_its_budget_ends() {
    run(|| {
        for owner in 1..=10 {
            assert_ok!(bid(owner, 5, 1_000).expires_at(2).place());
        }
        // Half of the budget is for what is over, an order weighs 1,000.
        let budget = |limit| {
            let mut meter = WeightMeter::with_limit(Weight::from_parts(limit, u64::MAX));
            OrderBook::on_poll(0, &mut meter);
            meter.consumed().ref_time()
        };
        System::set_block_number(2);
        assert_eq!(budget(8_001), 4_001);
        assert_eq!(Orders::<Test>::iter().count(), 6);
        Pallet::<Test>::do_try_state().unwrap();
        // Not enough for anything.
        assert_eq!(budget(0), 0);
        assert_eq!(budget(1_000), 1);
        assert_eq!(Orders::<Test>::iter().count(), 6);
        budget(8_001);
        budget(8_001);
        assert_eq!(Orders::<Test>::iter().count(), 0);
    });
}

#[test]
fn sweep_should_go_on_when_a_queue_names_a_missing_order() {
    new_test_ext().execute_with(|| {
        BlockExpiries::<Test>::insert(1u64.to_be_bytes(), (MARKET, 77), ());
        TimeExpiries::<Test>::insert(1u64.to_be_bytes(), (MARKET, 78), ());
        assert_ok!(bid(1, 5, 1_000).expires_at(2).place());
        poll(2);
        check_invariants();
        assert_eq!(Orders::<Test>::iter().count(), 0);
    });
}

#[test]
fn orders_and_stops_should_be_swept_when_their_market_is_over() {
    for status in [MarketStatus::Settling, MarketStatus::Closed] {
        run(|| {
            assert_ok!(bid(1, 5, 1_000).place());
            assert_ok!(ask(2, 5, 1_001).place());
            assert_ok!(ask(2, 5, 1_001).on(FINE).place());
            assert_ok!(super::stops::sell_below(3, 5, 900).place());
            poll(2);
            events();
            Guard::set(MARKET, status);
            poll(3);
            let events = events();
            let closed = |event: &&Event<Test>| {
                matches!(
                    event,
                    Event::OrderCancelled {
                        reason: CancelReason::MarketClosed,
                        ..
                    } | Event::StopCancelled { .. }
                )
            };
            assert_eq!(events.iter().filter(closed).count(), 3);
            assert_eq!(Orders::<Test>::iter().count(), 1);
            assert_eq!(AccountOrders::<Test>::iter().count(), 1);
            assert_eq!(Desks::<Test>::get(account(3)).stops, 0);
        });
    }
}
