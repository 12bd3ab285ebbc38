use crate::{mock::*, Event, Orders, Pallet};
use bulwark_primitives::Side;
use frame_support::assert_ok;

/// In `FINE` a lot at tick 1 is worth 0.21 of a base unit.
#[test]
fn fine_market_should_round_when_orders_are_small() {
    run(|| {
        assert_ok!(bid(1, 1, 1).on(FINE).place());
        assert_ok!(ask(2, 1, 101).on(FINE).place());
        // 0.21 up, 21.21 down.
        assert_eq!(Open::get((account(1), FINE)).bid_notional.0, 1);
        assert_eq!(Open::get((account(2), FINE)).ask_notional.0, 21);
    });
}

#[test]
fn exposure_should_be_zero_when_an_order_is_filled_in_parts_that_round() {
    for side in [Side::Bid, Side::Ask] {
        run(|| {
            let maker = New {
                side,
                ..bid(1, 29, 101).on(FINE)
            };
            let taker = New {
                side: side.opposite(),
                owner: 2,
                ..maker
            };
            assert_ok!(maker.place());
            for lots in [1, 1, 2, 3, 5, 7, 10] {
                assert_ok!(New { lots, ..taker }.place());
                Pallet::<Test>::do_try_state().unwrap();
            }
            assert_eq!(Orders::<Test>::iter().count(), 0);
            assert_eq!(Open::get((account(1), FINE)), Default::default());
            assert_eq!(Cash::get(account(1)) + Cash::get(account(2)), 0);
        });
    }
}

#[test]
fn exposure_should_be_zero_when_a_partly_filled_order_is_cancelled() {
    run(|| {
        for lots in [3, 11, 17] {
            assert_ok!(bid(1, lots, 101).on(FINE).place());
        }
        for lots in [1, 4, 1, 6] {
            assert_ok!(ask(2, lots, 101).on(FINE).place());
            Pallet::<Test>::do_try_state().unwrap();
        }
        assert_ok!(OrderBook::cancel_all(RuntimeOrigin::signed(1), 0, None));
        assert_eq!(Open::get((account(1), FINE)), Default::default());
    });
}

#[test]
fn notional_should_be_rounded_for_the_maker() {
    run(|| {
        let notional = || {
            events()
                .into_iter()
                .find_map(|event| match event {
                    Event::Filled { notional, .. } => Some(notional.0),
                    _ => None,
                })
                .unwrap()
        };
        // 21.21 base units: the buyer who rests pays 21, the seller who rests gets 22.
        assert_ok!(bid(1, 1, 101).on(FINE).place());
        assert_ok!(ask(2, 1, 101).on(FINE).place());
        assert_eq!(notional(), 21);
        assert_ok!(ask(1, 1, 101).on(FINE).place());
        assert_ok!(bid(2, 1, 101).on(FINE).place());
        assert_eq!(notional(), 22);
        assert_eq!((Cash::get(account(1)), Cash::get(account(2))), (1, -1));
    });
}
