use crate::{mock::*, ActionResult, BookAction, Error, Event, NewOrder, MAX_BATCH};
use bulwark_primitives::{OrderId, Side};
use frame_support::{
    assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo, weights::Weight,
};

fn place(new: New) -> BookAction<u64> {
    BookAction::Place(NewOrder {
        market: new.market,
        side: new.side,
        quantity: quantity(new.market, new.lots),
        price: price(new.market, new.tick),
        time_in_force: new.time_in_force,
        reduce_only: new.reduce_only,
        expires_at: new.expires_at,
    })
}

fn cancel(order_id: OrderId) -> BookAction<u64> {
    let market = MARKET;
    BookAction::Cancel { market, order_id }
}

fn amend(order_id: OrderId, lots: u64, tick: u32) -> BookAction<u64> {
    BookAction::Amend {
        market: MARKET,
        order_id,
        quantity: quantity(MARKET, lots),
        price: price(MARKET, tick),
        post_only: true,
    }
}

/// For sub-account 0 of 9.
fn batch(actions: Vec<BookAction<u64>>, atomic: bool) -> DispatchResultWithPostInfo {
    OrderBook::batch(RuntimeOrigin::signed(9), 0, actions, atomic)
}

fn results() -> Vec<ActionResult> {
    match events().pop() {
        Some(Event::BatchDone {
            account: of,
            results,
        }) => {
            assert_eq!(of, account(9));
            results
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn actions_should_have_results_of_their_own() {
    run(|| {
        assert_ok!(ask(1, 5, 1_000).place());
        assert_ok!(bid(9, 5, 990).place());
        let actions = vec![
            cancel(1),
            cancel(0),
            cancel(7),
            place(bid(9, 2, 1_000)),
            place(bid(9, 2, 1_000).post_only()),
            place(bid(9, 3, 991)),
            amend(3, 1, 991),
            amend(3, 1, 992),
            place(bid(9, 0, 991)),
        ];
        assert_ok!(batch(actions, false));
        let error = |error: Error<Test>| Err(error.into());
        assert_eq!(
            results(),
            vec![
                Ok(None),
                error(Error::NotYourOrder),
                error(Error::UnknownOrder),
                Ok(Some(2)),
                error(Error::WouldTake),
                Ok(Some(3)),
                Ok(Some(3)),
                Ok(Some(4)),
                error(Error::ZeroQuantity),
            ]
        );
        assert_eq!(size(9), 2);
        assert_eq!(levels(Side::Bid), vec![(992, 1)]);
    });
}

#[test]
fn batch_should_change_nothing_when_it_is_atomic_and_an_action_fails() {
    run(|| {
        assert_ok!(bid(9, 5, 990).place());
        let actions = |last| vec![cancel(0), place(bid(9, 3, 991)), last];
        let failing = batch(actions(cancel(7)), true).map_err(|e| e.error);
        assert_eq!(failing, Err(Error::<Test>::UnknownOrder.into()));
        let batch_of =
            |last| batch(actions(last), true).map_err(|e| -> sp_runtime::DispatchError { e.error });
        assert_noop!(batch_of(cancel(7)), Error::<Test>::UnknownOrder);
        assert_ok!(batch_of(amend(1, 2, 991)));
        assert_eq!(results(), vec![Ok(None), Ok(Some(1)), Ok(Some(1))]);
        assert_eq!(levels(Side::Bid), vec![(991, 2)]);
    });
}

#[test]
fn ladder_should_be_replaced_in_one_batch() {
    run(|| {
        for tick in 1..=64 {
            assert_ok!(bid(9, 1, tick).place());
        }
        let market = Some(MARKET);
        let mut actions = vec![BookAction::CancelAll { market }];
        actions.extend((1..64).map(|tick| place(bid(9, 2, 100 + tick))));
        assert_ok!(batch(actions.clone(), true));
        assert_eq!(OrderBook::orders_of(&account(9)).len(), 63);
        actions.push(place(bid(9, 2, 300)));
        assert_eq!(actions.len() as u32, MAX_BATCH + 1);
        let too_large = batch(actions, false).map_err(|e| e.error);
        assert_eq!(too_large, Err(Error::<Test>::BatchTooLarge.into()));
    });
}

#[test]
fn actions_should_share_the_fills_of_one_order() {
    run(|| {
        MaxFills::set(3);
        for owner in 1..=5 {
            assert_ok!(ask(owner, 1, 1_000).place());
        }
        assert_ok!(ask(6, 1, 1_001).place());
        RefusedFills::insert(account(2), true);
        // The one that is killed has done its two fills and the removal all the same.
        let actions = vec![
            place(bid(9, 9, 1_000).fok()),
            place(bid(9, 2, 1_000).ioc()),
            place(bid(9, 1, 999)),
        ];
        let done = batch(actions, false).unwrap();
        assert_eq!(
            results(),
            vec![
                Err(Error::<Test>::WouldNotFill.into()),
                Ok(Some(6)),
                Ok(Some(7))
            ]
        );
        // The first order has used up the fills of all; the third needs none.
        assert_eq!(size(9), 0);
        // Three actions; a killed order with three fills and a removal; two that met nobody.
        let weight = Weight::from_parts(7 + 2 + 1 + 1, 3_000_000 + 1_003);
        assert_eq!(done.actual_weight, Some(weight));
    });
}

#[test]
fn taker_should_be_told_of_after_each_order_that_fills() {
    run(|| {
        for owner in 1..=3 {
            assert_ok!(ask(owner, 1, 1_000).place());
        }
        assert_ok!(batch(
            vec![place(bid(9, 2, 1_000)), place(bid(9, 1, 1_000))],
            true
        ));
        assert_eq!((size(9), Told::get(account(9))), (3, 2));
    });
}

#[test]
fn declared_weight_should_cover_what_is_used() {
    run(|| {
        for tick in 1..=40 {
            assert_ok!(bid(9, 1, tick).place());
            assert_ok!(ask(1, 1, 1_000).place());
        }
        let market = None;
        let actions = vec![
            BookAction::CancelAll { market },
            place(bid(9, 20, 1_000).ioc()),
            place(bid(9, 5, 999)),
            BookAction::CancelAll { market },
            place(bid(9, 20, 1_000).ioc()),
            amend(0, 2, 3),
            cancel(1),
        ];
        let declared = OrderBook::worst_batch(&actions);
        let used = batch(actions, false).unwrap().actual_weight.unwrap();
        assert!(used.all_lte(declared), "{used:?} {declared:?}");
    });
}

#[test]
fn opener_should_keep_its_place_when_a_batch_comes_for_it_again_and_again() {
    use bulwark_primitives::MarketStatus;
    run(|| {
        MaxRemovals::set(4);
        for owner in 1..=3 {
            assert_ok!(ask(owner, 1, 1_000).place());
        }
        set_size(9, -2);
        bulwark_traits::mock::Guard::set(MARKET, MarketStatus::ReduceOnly);
        // The first finds out that nobody is behind them, the second has no room to find out.
        let actions = vec![place(bid(9, 2, 1_000)), place(bid(9, 2, 1_000))];
        assert_ok!(batch(actions, false));
        assert_eq!(
            results(),
            vec![Err(Error::<Test>::NoReducingMaker.into()), Ok(Some(3))]
        );
        assert_eq!(levels(Side::Ask), vec![(1_000, 3)]);
        assert_eq!(levels(Side::Bid), vec![]);
    });
}

/// A ladder of bids that only rest, from tick 900 up.
fn ladder(owner: u64, rungs: u32) -> Vec<BookAction<u64>> {
    (0..rungs)
        .map(|rung| place(bid(owner, 1, 900 + rung).post_only()))
        .collect()
}

#[test]
fn margin_should_be_checked_once_when_a_batch_rests_many_orders() {
    run(|| {
        assert_ok!(batch(ladder(9, 60), false));
        assert_eq!(Checks::get(), 1);
        assert_eq!(OrderBook::orders_of(&account(9)).len(), 60);
        // What cancels many orders stands between two rows.
        Checks::set(0);
        let market = Some(MARKET);
        let mut actions = vec![BookAction::CancelAll { market }];
        actions.extend(ladder(9, 3));
        actions.push(BookAction::CancelAll { market });
        actions.extend(ladder(9, 3));
        assert_ok!(batch(actions, false));
        assert_eq!(Checks::get(), 2);
    });
}

#[test]
fn margin_should_be_checked_for_each_order_when_one_of_a_batch_may_take() {
    run(|| {
        let mut actions = ladder(9, 3);
        actions.push(place(bid(9, 1, 890)));
        actions.extend(ladder(9, 3));
        let declared = OrderBook::worst_batch(&actions);
        let used = batch(actions, false).unwrap().actual_weight.unwrap();
        assert!(used.all_lte(declared), "{used:?} {declared:?}");
        assert_eq!(Checks::get(), 7);
    });
}

#[test]
fn orders_that_are_affordable_should_stay_when_those_of_a_batch_together_are_not() {
    run(|| {
        MaxOpen::set(quantity(MARKET, 3).0);
        let mut actions = ladder(9, 5);
        actions.insert(4, cancel(0));
        actions.push(place(bid(9, 1, 950).post_only()));
        let declared = OrderBook::worst_batch(&actions);
        let used = batch(actions, false).unwrap().actual_weight.unwrap();
        assert!(used.all_lte(declared), "{used:?} {declared:?}");
        let refused = Err(NO_ORDER);
        assert_eq!(
            results(),
            vec![
                Ok(Some(0)),
                Ok(Some(1)),
                Ok(Some(2)),
                refused,
                Ok(None),
                Ok(Some(3)),
                refused
            ]
        );
        assert_eq!(levels(Side::Bid), vec![(904, 1), (902, 1), (901, 1)]);
        let before = Open::get((account(9), MARKET)).bid_quantity;
        assert_eq!(before, quantity(MARKET, 3));
    });
}

#[test]
fn atomic_batch_should_fail_when_its_orders_together_are_not_affordable() {
    run(|| {
        MaxOpen::set(quantity(MARKET, 3).0);
        let failed =
            || batch(ladder(9, 4), true).map_err(|e| -> sp_runtime::DispatchError { e.error });
        assert_noop!(failed(), NO_ORDER);
        assert_ok!(batch(ladder(9, 3), true));
    });
}

#[test]
fn batch_of_stops_should_do_what_the_calls_do() {
    use crate::NewStop;
    use bulwark_primitives::StopCondition;
    run(|| {
        let stop = |tick| NewStop {
            market: MARKET,
            condition: StopCondition::AtOrBelow,
            trigger: price(MARKET, tick),
            side: Side::Ask,
            quantity: quantity(MARKET, 2),
            price: price(MARKET, tick),
            rests: false,
            reduce_only: false,
            client_id: None,
        };
        let call = |actions| batch(actions, false);
        let actions = vec![
            BookAction::PlaceStop(stop(900)),
            BookAction::PlaceStop(stop(910)),
            BookAction::CancelStop { stop_id: 0 },
            BookAction::CancelStop { stop_id: 7 },
        ];
        let declared = OrderBook::worst_batch(&actions);
        let used = call(actions).unwrap().actual_weight.unwrap();
        assert!(used.all_lte(declared));
        assert_eq!(
            results(),
            vec![
                Ok(Some(0)),
                Ok(Some(1)),
                Ok(None),
                Err(Error::<Test>::UnknownStop.into())
            ]
        );
        let ids: Vec<_> = OrderBook::stops_of(&account(9))
            .iter()
            .map(|s| s.id)
            .collect();
        assert_eq!(ids, [1]);
        assert_ok!(call(vec![BookAction::CancelAllStops { market: None }]));
        assert_eq!(OrderBook::stops_of(&account(9)), vec![]);
    });
}

#[test]
fn orders_that_cannot_take_should_reserve_far_less_than_those_that_can() {
    use bulwark_primitives::TimeInForce::{GoodTillCancelled, PostOnly};
    let order = |time_in_force| {
        BookAction::Place(NewOrder::<u64> {
            market: MARKET,
            side: Side::Bid,
            quantity: quantity(MARKET, 1),
            price: price(MARKET, 1_000),
            time_in_force,
            reduce_only: false,
            expires_at: None,
        })
    };
    run(|| {
        // Fills and removals, as the mock counts them.
        let reserved = |actions: &[_]| OrderBook::worst_batch(actions).proof_size() % 1_000_000;
        assert_eq!(reserved(&[order(GoodTillCancelled)]), 32 + 64_000);
        assert_eq!(reserved(&[order(PostOnly)]), 4_000);
        // They share one check of margin, and may have to be done once more without.
        assert_eq!(reserved(&[order(PostOnly), order(PostOnly)]), 2 * 4_000);
        assert_eq!(
            reserved(&[order(PostOnly), order(GoodTillCancelled)]),
            32 + 64_000
        );
        let cancel = BookAction::Cancel {
            market: MARKET,
            order_id: 0,
        };
        assert_eq!(reserved(&[cancel]), 0);
    });
}
