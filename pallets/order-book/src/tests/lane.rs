use crate::{
    desk::PLACES_BLOCKS, lane::CANCEL_ALL_ACTIONS, mock::*, BookAction, Call, FeeSchedule, Pallet,
    Schedule,
};
use bulwark_primitives::TimeInForce;
use frame_support::{assert_ok, dispatch::CheckIfFeeless};

fn cancel(order_id: u64) -> Call<Test> {
    Call::cancel_order {
        sub_account: 0,
        market: MARKET,
        order_id,
    }
}

fn is_free(owner: u64, call: &Call<Test>) -> bool {
    call.is_feeless(&RuntimeOrigin::signed(owner))
}

/// As the transaction extension does it.
fn note(owner: u64, call: &Call<Test>) {
    let (sub_account, actions) = Pallet::<Test>::lane_of(call).unwrap();
    Pallet::<Test>::note_free(
        &bulwark_primitives::SubAccount::new(owner, sub_account),
        actions,
    );
}

#[test]
fn lane_should_be_as_wide_as_the_account_has_places() {
    run(|| {
        // 10 USD: eight places.
        Equities::insert(account(1), 10);
        for _ in 0..8 {
            assert!(is_free(1, &cancel(0)));
            note(1, &cancel(0));
        }
        assert!(
            !is_free(1, &cancel(0)),
            "the quota of this block is used up"
        );
        assert!(is_free(2, &cancel(0)), "another's is not");
        System::set_block_number(2);
        assert!(is_free(1, &cancel(0)));
    });
}

#[test]
fn account_without_collateral_should_pay() {
    run(|| {
        Equities::insert(account(1), 9);
        assert!(!is_free(1, &cancel(0)));
        assert!(!cancel(0).is_feeless(&RuntimeOrigin::root()));
        assert!(!cancel(0).is_feeless(&RuntimeOrigin::none()));
    });
}

#[test]
fn account_should_pay_when_too_many_of_its_orders_died_unfilled() {
    run(|| {
        FeeSchedule::<Test>::put(Schedule {
            quota: 2,
            refill: 1,
            ..Schedule::default()
        });
        for id in 0..2 {
            assert!(is_free(1, &cancel(id)));
            assert_ok!(bid(1, 1, 990).place());
            assert_ok!(OrderBook::cancel_order(
                RuntimeOrigin::signed(1),
                0,
                MARKET,
                id
            ));
        }
        assert!(!is_free(1, &cancel(0)));
        System::set_block_number(2);
        assert!(is_free(1, &cancel(0)), "one is forgotten");
    });
}

#[test]
fn lane_should_be_full_when_many_accounts_use_it() {
    run(|| {
        FreeActionsPerBlock::set(10);
        for owner in 1..=10 {
            assert!(is_free(owner, &cancel(0)));
            note(owner, &cancel(0));
        }
        assert!(!is_free(11, &cancel(0)));
        System::set_block_number(2);
        assert!(is_free(11, &cancel(0)));
    });
}

#[test]
fn batch_should_count_as_its_actions_and_one() {
    run(|| {
        let batch = |n: u64| Call::<Test>::batch {
            sub_account: 0,
            actions: (0..n)
                .map(|order_id| BookAction::Cancel {
                    market: MARKET,
                    order_id,
                })
                .collect(),
            atomic: false,
        };
        Equities::insert(account(1), 10);
        assert!(is_free(1, &batch(7)));
        assert!(!is_free(1, &batch(8)));
        let all = Call::<Test>::cancel_all {
            sub_account: 0,
            market: None,
        };
        assert_eq!(Pallet::<Test>::lane_of(&all), Some((0, CANCEL_ALL_ACTIONS)));
        assert!(is_free(1, &all));
        note(1, &all);
        assert!(!is_free(1, &cancel(0)));
    });
}

#[test]
fn every_call_of_the_lane_should_ask_for_what_it_is_noted_as() {
    run(|| {
        let order = bid(1, 1, 990);
        let calls = [
            cancel(0),
            Call::place_order {
                sub_account: 0,
                market: MARKET,
                side: order.side,
                quantity: quantity(MARKET, 1),
                price: price(MARKET, 990),
                time_in_force: TimeInForce::GoodTillCancelled,
                reduce_only: false,
                expires_at: None,
            },
            Call::submit_order {
                sub_account: 0,
                order: order.terms(),
            },
            Call::cancel_by_client_id {
                sub_account: 0,
                client_id: 1,
            },
            Call::cancel_stop {
                sub_account: 0,
                stop_id: 1,
            },
        ];
        for call in calls {
            assert_eq!(Pallet::<Test>::lane_of(&call), Some((0, 1)));
            assert!(is_free(1, &call), "{call:?}");
        }
        let dear = Call::<Test>::heartbeat {
            sub_account: 0,
            blocks: 1,
            stops: false,
        };
        assert_eq!(Pallet::<Test>::lane_of(&dear), None);
        assert!(!is_free(1, &dear));
    });
}

#[test]
fn equity_should_be_looked_at_again_when_the_places_were_counted_long_ago() {
    run(|| {
        note(1, &cancel(0));
        Equities::insert(account(1), 0);
        System::set_block_number(u64::from(PLACES_BLOCKS));
        assert!(is_free(1, &cancel(0)));
        System::set_block_number(u64::from(PLACES_BLOCKS) + 1);
        assert!(!is_free(1, &cancel(0)));
    });
}
