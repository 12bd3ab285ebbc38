use crate::{mock::*, AccountOrders, Bits, CancelReason, Error, Levels, Orders, Pallet};
use bulwark_primitives::{MarketStatus, Side};
use bulwark_traits::mock::Guard;
use frame_support::{assert_noop, assert_ok, weights::Weight};

fn cancel(owner: u64, order: u64) -> sp_runtime::DispatchResult {
    OrderBook::cancel_order(RuntimeOrigin::signed(owner), 0, MARKET, order)
}

#[test]
fn order_should_be_gone_when_its_owner_cancels_it() {
    run(|| {
        assert_ok!(bid(1, 5, 1_000).place());
        assert_noop!(cancel(2, 0), Error::<Test>::NotYourOrder);
        events();
        assert_ok!(cancel(1, 0));
        assert_eq!(cancels(), vec![(0, 5, CancelReason::Requested)]);
        assert_noop!(cancel(1, 0), Error::<Test>::UnknownOrder);
        assert_eq!(Open::get((account(1), MARKET)), Default::default());
        assert_eq!(Orders::<Test>::iter().count(), 0);
        assert_eq!(Levels::<Test>::iter().count(), 0);
        assert_eq!(Bits::<Test>::iter().count(), 0);
        assert_eq!(AccountOrders::<Test>::iter().count(), 0);
    });
}

#[test]
fn queue_should_stay_whole_when_any_of_its_orders_goes() {
    for first in 0..3 {
        for second in 0..3u64 {
            run(|| {
                for owner in 1..=3 {
                    assert_ok!(bid(owner, 5, 1_000).place());
                }
                assert_ok!(cancel(first + 1, first));
                Pallet::<Test>::do_try_state().unwrap();
                if second != first {
                    assert_ok!(cancel(second + 1, second));
                    Pallet::<Test>::do_try_state().unwrap();
                }
                // A new one goes to the end.
                assert_ok!(bid(4, 5, 1_000).place());
                events();
                assert_ok!(ask(9, 15, 1_000).ioc().place());
                let makers: Vec<u64> = fills().iter().map(|fill| fill.0).collect();
                let expected: Vec<u64> =
                    (0..4).filter(|id| *id != first && *id != second).collect();
                assert_eq!(makers, expected);
            });
        }
    }
}

#[test]
fn cancelling_should_work_in_every_status() {
    run(|| {
        use MarketStatus::*;
        for status in [Active, PostOnly, ReduceOnly, Paused, Settling, Closed] {
            Guard::set(MARKET, Active);
            assert_ok!(bid(1, 5, 1_000).place());
            assert_ok!(bid(1, 5, 1_000).place());
            let id = OrderBook::orders_of(&account(1))[0].order_id;
            Guard::set(MARKET, status);
            assert_ok!(cancel(1, id));
            assert_ok!(OrderBook::cancel_all(RuntimeOrigin::signed(1), 0, None));
            assert_eq!(levels(Side::Bid), vec![]);
        }
    });
}

#[test]
fn cancel_all_should_keep_the_other_market_when_it_names_one() {
    run(|| {
        for tick in [10, 11, 12] {
            assert_ok!(bid(1, 5, tick).place());
            assert_ok!(bid(1, 5, tick).on(FINE).place());
            assert_ok!(bid(2, 5, tick).place());
        }
        let all = |market| OrderBook::cancel_all(RuntimeOrigin::signed(1), 0, market).unwrap();
        assert_eq!(
            all(Some(MARKET)).actual_weight,
            Some(Weight::from_parts(4, 3))
        );
        Pallet::<Test>::do_try_state().unwrap();
        assert_eq!(OrderBook::orders_of(&account(1)).len(), 3);
        assert_eq!(OrderBook::orders_of(&account(2)).len(), 3);
        assert_eq!(all(None).actual_weight, Some(Weight::from_parts(4, 3)));
        assert_eq!(all(None).actual_weight, Some(Weight::from_parts(4, 0)));
        for market in [MARKET, FINE] {
            assert_eq!(Open::get((account(1), market)), Default::default());
        }
    });
}
