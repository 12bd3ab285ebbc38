use crate::{mock::*, ActionResult, BookAction, Error, Event, NewOrder, MAX_BATCH};
use bulwark_primitives::{OrderId, Side};
use frame_support::{
    assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo, weights::Weight,
};
use proptest::prelude::*;

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
        // Three actions in a market, all of which place; one of them filled, and three fills and a removal
        // in all; a look at equity and a check of margin for each.
        let weight = Weight::from_parts(
            7 + 100_000 + 3 + (2 + 20) + (1 + 3) * 1_000_000,
            3_000_000 + 1_003,
        );
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
fn margin_should_be_checked_once_a_row_when_an_order_between_two_may_take() {
    run(|| {
        let mut actions = ladder(9, 3);
        actions.push(place(bid(9, 1, 890)));
        actions.extend(ladder(9, 3));
        let declared = OrderBook::worst_batch(&actions);
        let used = batch(actions, false).unwrap().actual_weight.unwrap();
        assert!(used.all_lte(declared), "{used:?} {declared:?}");
        assert_eq!(Checks::get(), 3);
    });
}

#[test]
fn batch_should_weigh_what_it_did_when_a_row_was_undone() {
    run(|| {
        MaxOpen::set(quantity(MARKET, 3).0);
        assert_ok!(bid(9, 1, 800).place());
        let mut actions = ladder(9, 4);
        actions.push(amend(0, 1, 801));
        actions.push(cancel(7));
        let used = batch(actions, false).unwrap().actual_weight.unwrap();
        // Six actions were undone; then four orders were placed, one replaced and none cancelled. A look at
        // equity, a check for the row, and one for each order.
        let done = 4 + 4 + 3 + 6 * 1_000 + (1 + 1 + 5) * 1_000_000;
        assert_eq!(used, Weight::from_parts(7 + 100_000 + done, 6_000_000));
    });
}

#[test]
fn terms_should_be_weighed_when_an_order_has_them() {
    run(|| {
        let named = BookAction::Submit(crate::OrderTerms {
            client_id: Some(5),
            ..bid(9, 1, 900).post_only().terms()
        });
        let expiring = place(bid(9, 1, 901).post_only().expires_at(7));
        let plain = place(bid(9, 1, 902).post_only());
        let moved = vec![amend(0, 1, 903), amend(1, 1, 904), amend(2, 1, 905)];
        let terms = |actions: Vec<_>| {
            let declared = OrderBook::worst_batch(&actions);
            let used = batch(actions, false).unwrap().actual_weight.unwrap();
            assert!(used.all_lte(declared), "{used:?} {declared:?}");
            used.ref_time() / 100 % 10
        };
        assert_eq!(terms(vec![named, expiring, plain]), 2);
        assert_eq!(terms(moved), 4);
    });
}

#[test]
fn equity_should_be_looked_at_once_when_a_batch_has_more_orders_than_places() {
    run(|| {
        Equities::insert(account(9), 10);
        Looks::set(0);
        assert_ok!(batch(ladder(9, 20), false));
        assert_eq!(Looks::get(), 1);
        let errors = results().into_iter().filter(|done| done.is_err()).count();
        assert_eq!(errors, 12);
        // They are known now, and enough for as many in place of those.
        let moved = (0..8).map(|id| amend(id, 1, 950 + id as u32)).collect();
        MaxOrdersPerAccount::set(64);
        Equities::insert(account(9), 1_000);
        assert_ok!(batch(moved, false));
        assert_eq!(Looks::get(), 2);
        assert_eq!(crate::Desks::<Test>::get(account(9)).places, 64);
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
        assert_eq!(reserved(&[order(PostOnly)]), 0);
        // An order in a market, the four it may clear, a look at equity, a check and the fee.
        let alone = 7 + 100_000 + 1 + 4 * 3 + 2 * 1_000_000 + 10_000;
        let [one, two] = [1, 2].map(|n| OrderBook::worst_batch(&vec![order(PostOnly); n]));
        assert_eq!(one.ref_time(), alone);
        // They share one check of margin, and may have to be done once more without, and clear as many.
        let more = 1 + 2 * 1_000 + 4 * 3 + 2 * 1_000_000;
        assert_eq!(two.ref_time(), alone + more);
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

/// Any action of the account, which may be nonsense.
fn any_action() -> impl Strategy<Value = BookAction<u64>> {
    let order = (any::<bool>(), 1u64..4, 995u32..1_006, 0u8..4, any::<bool>()).prop_map(
        |(buys, lots, tick, kind, expires)| {
            let new = if buys {
                bid(9, lots, tick)
            } else {
                ask(9, lots, tick)
            };
            let new = match kind {
                0 => new,
                1 => new.ioc(),
                2 => new.fok(),
                _ => new.post_only(),
            };
            if expires {
                new.expires_at(9)
            } else {
                new
            }
        },
    );
    let quote = (any::<bool>(), 1u64..4, 0u32..9).prop_map(|(buys, lots, away)| {
        if buys {
            bid(9, lots, 999 - away).post_only()
        } else {
            ask(9, lots, 1_001 + away).post_only()
        }
    });
    let market = prop_oneof![Just(MARKET), Just(FINE)];
    prop_oneof![
        4 => quote.clone().prop_map(place),
        2 => order.prop_map(place),
        2 => (quote, prop::option::of(0u128..4)).prop_map(|(new, client_id)| {
            BookAction::Submit(crate::OrderTerms { client_id, ..new.terms() })
        }),
        3 => (0u64..30, 1u64..4, 990u32..1_010, any::<bool>(), market.clone()).prop_map(
            |(order_id, lots, tick, post_only, market)| BookAction::Amend {
                market,
                order_id,
                quantity: quantity(market, lots),
                price: price(market, tick),
                post_only,
            }
        ),
        2 => (0u64..30, market.clone())
            .prop_map(|(order_id, market)| BookAction::Cancel { market, order_id }),
        1 => (0u128..4).prop_map(|client_id| BookAction::CancelByClientId { client_id }),
        1 => prop::option::of(market.clone()).prop_map(|market| BookAction::CancelAll { market }),
        1 => (0u64..6).prop_map(|stop_id| BookAction::CancelStop { stop_id }),
        1 => prop::option::of(market).prop_map(|market| BookAction::CancelAllStops { market }),
        1 => (1u32..900).prop_map(|tick| BookAction::PlaceStop(crate::NewStop {
            market: MARKET,
            condition: bulwark_primitives::StopCondition::AtOrBelow,
            trigger: price(MARKET, tick),
            side: Side::Ask,
            quantity: quantity(MARKET, 2),
            price: price(MARKET, tick),
            rests: false,
            reduce_only: false,
            client_id: None,
        })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn batch_should_use_at_most_what_it_reserves_whatever_its_actions(
        batches in prop::collection::vec(
            (prop::collection::vec(any_action(), 0..24), any::<bool>()),
            1..4,
        ),
        max_open in 2u64..30,
        equity in prop_oneof![Just(0i64), Just(10), Just(1_000_000)],
    ) {
        run(|| {
            MaxFills::set(3);
            MaxRemovals::set(6);
            MaxOpen::set(quantity(MARKET, max_open).0);
            Equities::insert(account(9), equity);
            for owner in 1..=4 {
                assert_ok!(ask(owner, 1, 1_000 + owner as u32).place());
                assert_ok!(bid(owner, 1, 1_000 - owner as u32).place());
            }
            RefusedFills::insert(account(2), true);
            RefusedFills::insert(account(3), true);
            for (actions, atomic) in batches {
                let declared = OrderBook::worst_batch(&actions);
                let used = match batch(actions, atomic) {
                    Ok(done) => done.actual_weight,
                    Err(failed) => failed.post_info.actual_weight,
                }
                .unwrap();
                assert!(used.all_lte(declared), "{used:?} of {declared:?}");
            }
        });
    }
}
