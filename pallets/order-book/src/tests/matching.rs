use crate::{mock::*, CancelReason, Error, LastTrade};
use bulwark_primitives::Side;
use frame_support::{assert_noop, assert_ok, weights::Weight};

#[test]
fn taker_should_fill_by_price_then_time() {
    run(|| {
        assert_ok!(ask(1, 5, 1_002).place());
        assert_ok!(ask(2, 5, 1_001).place());
        assert_ok!(ask(3, 5, 1_001).place());
        assert_ok!(ask(4, 5, 1_003).place());
        events();
        assert_ok!(bid(9, 12, 1_002).place());
        assert_eq!(
            fills(),
            vec![(1, 9, 1_001, 5), (2, 9, 1_001, 5), (0, 9, 1_002, 2)]
        );
        assert_eq!(levels(Side::Ask), vec![(1_002, 3), (1_003, 5)]);
        assert_eq!(
            (size(9), size(1), size(2), size(3), size(4)),
            (12, -2, -5, -5, 0)
        );
        assert_eq!(LastTrade::<Test>::get(MARKET), Some(price(MARKET, 1_002)));
    });
}

#[test]
fn seller_should_meet_the_highest_bid_first() {
    run(|| {
        assert_ok!(bid(1, 5, 999).place());
        assert_ok!(bid(2, 5, 1_000).place());
        events();
        assert_ok!(ask(9, 6, 990).ioc().place());
        assert_eq!(fills(), vec![(1, 9, 1_000, 5), (0, 9, 999, 1)]);
    });
}

#[test]
fn rest_should_go_to_the_book_when_the_order_is_good_till_cancelled() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).place());
        assert_ok!(bid(2, 8, 1_001).place());
        assert_eq!(levels(Side::Ask), vec![]);
        assert_eq!(levels(Side::Bid), vec![(1_001, 3)]);
        assert_eq!(Open::get((account(1), MARKET)), Default::default());
        assert_eq!(
            Open::get((account(2), MARKET)).bid_quantity,
            quantity(MARKET, 3)
        );
    });
}

#[test]
fn rest_should_be_cancelled_when_the_order_is_immediate_or_cancel() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).place());
        events();
        assert_ok!(bid(2, 8, 1_001).ioc().place());
        assert_eq!(cancels(), vec![(1, 3, CancelReason::ImmediateOrCancel)]);
        assert_eq!(levels(Side::Bid), vec![]);
        assert_eq!(Open::get((account(2), MARKET)), Default::default());
    });
}

#[test]
fn maker_should_be_cancelled_when_it_has_expired() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).expires_at(3).place());
        assert_ok!(ask(2, 5, 1_000).place());
        System::set_block_number(3);
        events();
        assert_ok!(bid(9, 5, 1_000).place());
        assert_eq!(size(9), 5);
        assert_eq!((size(1), size(2)), (0, -5));
        assert_eq!(cancels(), vec![(0, 5, CancelReason::Expired)]);
        assert_eq!(Open::get((account(1), MARKET)), Default::default());
    });
}

#[test]
fn maker_should_be_cancelled_when_margin_refuses_it() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).place());
        assert_ok!(ask(2, 5, 1_001).place());
        RefusedFills::insert(account(1), true);
        events();
        assert_ok!(bid(9, 5, 1_001).place());
        assert_eq!(cancels(), vec![(0, 5, CancelReason::Refused(NO_FILL))]);
        assert_eq!((size(9), size(1), size(2)), (5, 0, -5));
        assert_eq!(Open::get((account(1), MARKET)), Default::default());
    });
}

#[test]
fn maker_should_be_cancelled_when_it_is_the_takers_own() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).place());
        assert_ok!(ask(2, 5, 1_000).place());
        events();
        assert_ok!(bid(1, 5, 1_000).place());
        assert_eq!(cancels(), vec![(0, 5, CancelReason::SelfTrade)]);
        assert_eq!((size(1), size(2)), (5, -5));
    });
}

#[test]
fn call_should_fail_when_margin_refuses_the_taker_before_any_fill() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).expires_at(2).place());
        assert_ok!(ask(2, 5, 1_000).place());
        RefusedFills::insert(account(9), true);
        System::set_block_number(2);
        // The expired order comes back with everything else.
        assert_noop!(bid(9, 5, 1_000).place(), NO_FILL);
    });
}

#[test]
fn fills_should_stay_when_margin_refuses_the_taker_later() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).place());
        assert_ok!(ask(2, 5, 1_000).place());
        SizeLimit::put(quantity(MARKET, 7).0 as i128);
        events();
        assert_ok!(bid(9, 9, 1_000).place());
        assert_eq!(cancels(), vec![(2, 4, CancelReason::Refused(NO_FILL))]);
        assert_eq!(size(9), 5);
        assert_eq!(levels(Side::Ask), vec![(1_000, 5)]);
        assert_eq!(levels(Side::Bid), vec![]);
    });
}

#[test]
fn fills_should_stay_when_margin_refuses_the_rest() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).place());
        RefusedOrders::insert(account(9), true);
        events();
        assert_ok!(bid(9, 8, 1_000).place());
        assert_eq!(cancels(), vec![(1, 3, CancelReason::Refused(NO_ORDER))]);
        assert_eq!(size(9), 5);
        assert_eq!(levels(Side::Bid), vec![]);
    });
}

#[test]
fn fills_should_stay_when_the_account_has_no_room_for_the_rest() {
    run(|| {
        for tick in 1..=64 {
            assert_ok!(bid(9, 1, tick).place());
        }
        assert_ok!(ask(1, 5, 1_000).place());
        events();
        assert_ok!(bid(9, 8, 1_000).place());
        let reason = CancelReason::Refused(Error::<Test>::TooManyOrders.into());
        assert_eq!(cancels(), vec![(65, 3, reason)]);
        assert_eq!(size(9), 5);
        assert_eq!(
            Open::get((account(9), MARKET)).bid_quantity,
            quantity(MARKET, 64)
        );
    });
}

#[test]
fn rest_should_be_cancelled_when_it_would_cross_after_the_last_allowed_fill() {
    run(|| {
        MaxFills::set(3);
        for owner in 1..=4 {
            assert_ok!(ask(owner, 1, 1_000).place());
        }
        events();
        assert_ok!(bid(9, 10, 1_000).place());
        assert_eq!(cancels(), vec![(4, 7, CancelReason::FillLimit)]);
        assert_eq!(levels(Side::Ask), vec![(1_000, 1)]);
        assert_eq!(levels(Side::Bid), vec![]);
        // Exactly as many as there are: the rest does not cross any more.
        assert_ok!(bid(9, 2, 1_000).place());
        assert_eq!(levels(Side::Bid), vec![(1_000, 1)]);
    });
}

#[test]
fn cleaning_should_stay_when_only_dead_makers_were_met() {
    run(|| {
        MaxRemovals::set(2);
        for owner in 1..=3 {
            assert_ok!(ask(owner, 1, 1_000).expires_at(2).place());
        }
        System::set_block_number(2);
        assert_ok!(bid(9, 1, 1_000).place());
        assert_eq!(levels(Side::Ask), vec![(1_000, 1)]);
        assert_ok!(bid(9, 1, 1_000).place());
        assert_eq!(levels(Side::Ask), vec![]);
        assert_eq!(levels(Side::Bid), vec![(1_000, 1)]);
    });
}

#[test]
fn reduce_only_taker_should_be_cut_to_its_position() {
    run(|| {
        assert_noop!(
            bid(9, 5, 1_000).reduce_only().place(),
            Error::<Test>::ReduceOnlyWouldIncrease
        );
        set_size(9, -3);
        assert_ok!(ask(1, 5, 1_000).place());
        assert_ok!(bid(9, 5, 1_000).reduce_only().place());
        assert_eq!(size(9), 0);
        assert_eq!(levels(Side::Bid), vec![]);
        assert_eq!(levels(Side::Ask), vec![(1_000, 2)]);
    });
}

#[test]
fn reduce_only_maker_should_never_increase_when_its_position_changed_meanwhile() {
    run(|| {
        set_size(1, 8);
        assert_ok!(ask(1, 5, 1_000).reduce_only().place());
        assert_ok!(ask(1, 8, 1_000).reduce_only().place());
        events();
        assert_ok!(bid(9, 20, 1_000).place());
        assert_eq!(size(1), 0);
        assert_eq!(size(9), 8);
        assert_eq!(cancels(), vec![(1, 5, CancelReason::ReduceOnly)]);
        assert_eq!(Open::get((account(1), MARKET)), Default::default());
        // What the taker still wanted rests.
        assert_eq!(levels(Side::Bid), vec![(1_000, 12)]);
    });
}

#[test]
fn reduce_only_maker_should_be_cancelled_when_it_has_nothing_to_reduce() {
    run(|| {
        set_size(1, 5);
        assert_ok!(ask(1, 5, 1_000).reduce_only().place());
        set_size(1, 0);
        events();
        assert_ok!(bid(9, 5, 1_000).place());
        assert_eq!(cancels(), vec![(0, 5, CancelReason::ReduceOnly)]);
        assert_eq!((size(1), size(9)), (0, 0));
    });
}

#[test]
fn maker_should_keep_its_place_when_it_is_partly_filled() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).place());
        assert_ok!(ask(2, 5, 1_000).place());
        assert_ok!(bid(9, 2, 1_000).place());
        events();
        assert_ok!(bid(9, 4, 1_000).place());
        assert_eq!(fills(), vec![(0, 9, 1_000, 3), (1, 9, 1_000, 1)]);
    });
}

#[test]
fn reduce_only_maker_should_be_cancelled_when_it_reduced_all_in_the_last_allowed_fill() {
    run(|| {
        MaxFills::set(1);
        set_size(1, 5);
        assert_ok!(ask(1, 5, 1_000).reduce_only().place());
        set_size(1, 3);
        events();
        assert_ok!(bid(9, 9, 1_000).place());
        assert_eq!(cancels(), vec![(0, 2, CancelReason::ReduceOnly)]);
        assert_eq!((size(1), size(9)), (0, 3));
        assert_eq!(levels(Side::Bid), vec![(1_000, 6)]);
    });
}

#[test]
fn dead_makers_should_not_count_as_fills() {
    run(|| {
        MaxFills::set(2);
        MaxRemovals::set(8);
        assert_ok!(ask(1, 1, 1_000).expires_at(2).place());
        assert_ok!(ask(9, 1, 1_000).place());
        assert_ok!(ask(2, 1, 1_000).place());
        RefusedFills::insert(account(2), true);
        for owner in 3..=5 {
            assert_ok!(ask(owner, 1, 1_000).place());
        }
        System::set_block_number(2);
        events();
        let weight = bid(9, 5, 1_000).place().unwrap().actual_weight;
        assert_eq!(weight, Some(Weight::from_parts(2, 3_002)));
        assert_eq!((size(3), size(4), size(9)), (-1, -1, 2));
        assert_eq!(levels(Side::Ask), vec![(1_000, 1)]);
        assert_eq!(cancels().pop(), Some((6, 3, CancelReason::FillLimit)));
    });
}

#[test]
fn rest_of_a_cut_maker_should_count_as_taken_out() {
    run(|| {
        MaxRemovals::set(1);
        set_size(1, 5);
        assert_ok!(ask(1, 5, 1_000).reduce_only().place());
        assert_ok!(ask(2, 5, 1_000).place());
        set_size(1, 3);
        events();
        let weight = bid(9, 9, 1_000).place().unwrap().actual_weight;
        assert_eq!(weight, Some(Weight::from_parts(2, 1_001)));
        assert_eq!((size(1), size(2), size(9)), (0, 0, 3));
        assert_eq!(cancels().pop(), Some((2, 6, CancelReason::FillLimit)));
    });
}

#[test]
fn taker_should_be_told_of_once_when_the_sweep_ends() {
    // Done, rest left, limit met, refused on the way.
    for (lots, refused, limit) in [(3, false, 9), (5, false, 9), (3, false, 2), (3, true, 9)] {
        run(|| {
            MaxFills::set(limit);
            for owner in 1..=3 {
                assert_ok!(ask(owner, 1, 1_000).place());
            }
            if refused {
                SizeLimit::put(quantity(MARKET, 2).0 as i128);
            }
            assert_ok!(bid(9, lots, 1_000).place());
            assert!(size(9) >= 2);
            assert_eq!(Told::get(account(9)), 1, "{lots} {refused} {limit}");
            assert_eq!(Told::get(account(1)), 1);
        });
    }
}

#[test]
fn taker_should_not_be_told_of_when_nothing_filled() {
    run(|| {
        assert_ok!(ask(1, 1, 1_000).expires_at(2).place());
        System::set_block_number(2);
        assert_ok!(bid(9, 1, 1_000).place());
        assert_eq!(Told::get(account(9)), 0);
    });
}

#[test]
fn fill_or_kill_should_fill_in_full_or_change_nothing() {
    run(|| {
        assert_ok!(ask(1, 3, 1_000).place());
        assert_ok!(ask(2, 3, 1_001).expires_at(2).place());
        assert_ok!(ask(3, 3, 1_002).place());
        System::set_block_number(2);
        // Too large, too low, and too many makers.
        assert_noop!(bid(9, 7, 1_002).fok().place(), Error::<Test>::WouldNotFill);
        assert_noop!(bid(9, 4, 1_001).fok().place(), Error::<Test>::WouldNotFill);
        MaxFills::set(1);
        assert_noop!(bid(9, 4, 1_002).fok().place(), Error::<Test>::WouldNotFill);
        MaxFills::set(2);
        assert_ok!(bid(9, 4, 1_002).fok().place());
        assert_eq!((size(1), size(2), size(3), size(9)), (-3, 0, -1, 4));
        assert_eq!(levels(Side::Bid), vec![]);
    });
}

#[test]
fn fill_or_kill_should_say_what_margin_says_when_it_is_refused_on_the_way() {
    run(|| {
        assert_ok!(ask(1, 3, 1_000).place());
        assert_ok!(ask(2, 3, 1_000).place());
        SizeLimit::put(quantity(MARKET, 5).0 as i128);
        assert_noop!(bid(9, 6, 1_000).fok().place(), NO_FILL);
        assert_ok!(bid(9, 5, 1_000).fok().place());
    });
}

#[test]
fn fill_or_kill_should_be_cut_first_when_it_may_only_reduce() {
    run(|| {
        set_size(9, -3);
        assert_ok!(ask(1, 3, 1_000).place());
        assert_ok!(bid(9, 5, 1_000).fok().reduce_only().place());
        assert_eq!(size(9), 0);
    });
}

#[test]
fn post_only_should_rest_or_change_nothing() {
    run(|| {
        assert_ok!(ask(1, 3, 1_000).expires_at(2).place());
        assert_ok!(ask(2, 3, 1_001).place());
        assert_ok!(ask(9, 3, 1_001).place());
        assert_noop!(
            bid(9, 5, 1_000).post_only().place(),
            Error::<Test>::WouldTake
        );
        System::set_block_number(2);
        // What is dead is out of the way, but not for one that is refused.
        assert_noop!(
            bid(9, 5, 1_001).post_only().place(),
            Error::<Test>::WouldTake
        );
        assert_ok!(bid(9, 5, 1_000).post_only().place());
        assert_eq!(levels(Side::Bid), vec![(1_000, 5)]);
        assert_eq!(levels(Side::Ask), vec![(1_001, 6)]);
        // Nobody minds who takes it.
        assert_ok!(ask(3, 5, 1_000).place());
        assert_eq!((size(3), size(9)), (-5, 5));
    });
}

#[test]
fn post_only_should_not_clear_openers_when_the_market_is_reduce_only() {
    use bulwark_primitives::MarketStatus;
    run(|| {
        assert_ok!(ask(1, 3, 1_000).place());
        set_size(9, -3);
        bulwark_traits::mock::Guard::set(MARKET, MarketStatus::ReduceOnly);
        assert_noop!(
            bid(9, 3, 1_000).post_only().place(),
            Error::<Test>::WouldTake
        );
        assert_ok!(bid(9, 3, 999).post_only().place());
    });
}

#[test]
fn post_only_order_should_be_cancelled_when_too_many_dead_ones_are_in_its_way() {
    run(|| {
        for owner in 1..=6 {
            assert_ok!(ask(owner, 1, 1_000).expires_at(2).place());
        }
        System::set_block_number(2);
        events();
        assert_ok!(bid(9, 1, 1_000).post_only().place());
        assert_eq!(cancels().last(), Some(&(6, 1, CancelReason::FillLimit)));
        assert_eq!(levels(Side::Ask), vec![(1_000, 2)]);
        assert_ok!(bid(9, 1, 1_000).post_only().place());
        assert_eq!(levels(Side::Bid), vec![(1_000, 1)]);
    });
}

#[test]
fn reference_flow_should_know_how_many_dead_orders_a_post_only_one_clears() {
    assert_eq!(bulwark_flow::POST_REMOVALS, crate::POST_REMOVALS);
}
