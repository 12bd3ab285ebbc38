use crate::{
    mock::*, AccountOrders, Bits, BlockExpiries, ClientIds, Deadlines, Desks, Levels, NextOrderId,
    Orders, Pallet, TimeExpiries,
};
use bulwark_primitives::{Side, Usd};
use frame_support::assert_ok;
use sp_runtime::TryRuntimeError;

const KEY: (bulwark_primitives::MarketId, Side, u32) = (MARKET, Side::Bid, 1_000);

/// Breaks a sound book of three orders in one level and one ask, and returns what is found.
fn broken(how: impl FnOnce()) -> String {
    new_test_ext().execute_with(|| {
        for owner in 1..=3 {
            assert_ok!(bid(owner, 5, 1_000).place());
        }
        assert_ok!(ask(4, 5, 1_001).place());
        Pallet::<Test>::do_try_state().unwrap();
        how();
        match Pallet::<Test>::do_try_state() {
            Err(TryRuntimeError::Other(message)) => message.into(),
            other => panic!("{other:?}"),
        }
    })
}

fn change(id: u64, how: impl FnOnce(&mut crate::OrderOf<Test>)) {
    Orders::<Test>::mutate(MARKET, id, |order| how(order.as_mut().unwrap()));
}

fn change_level(how: impl FnOnce(&mut crate::Level)) {
    Levels::<Test>::mutate(KEY, |level| how(level.as_mut().unwrap()));
}

#[test]
fn try_state_should_name_invariant_8_when_a_queue_is_broken() {
    for how in [
        || change(1, |order| order.next = None),
        || change(1, |order| order.previous = None),
        || change(2, |order| order.next = Some(0)),
        || change(1, |order| order.tick = 999),
        || change(1, |order| order.remaining = 6),
        || change(1, |order| order.remaining = 0),
        || change(1, |order| order.exposure = Usd(1)),
        || change_level(|level| level.lots += 1),
        || change_level(|level| level.orders += 1),
        || change_level(|level| level.head = 1),
        || change_level(|level| level.tail = 1),
        || Orders::<Test>::remove(MARKET, 2),
        || NextOrderId::<Test>::insert(MARKET, 3),
    ] as [fn(); 13]
    {
        assert!(broken(how).starts_with("invariant 8"));
    }
}

#[test]
fn try_state_should_name_invariant_8_when_an_index_is_broken() {
    for how in [
        || Levels::<Test>::remove(KEY),
        || Bits::<Test>::remove((MARKET, Side::Bid, 0, 3)),
        || Bits::<Test>::insert((MARKET, Side::Bid, 1, 0), [9, 0, 0, 0]),
        || Bits::<Test>::insert((MARKET, Side::Ask, 0, 77), [0, 0, 0, 0]),
        || AccountOrders::<Test>::remove(account(2), 0),
        || AccountOrders::<Test>::insert(account(9), 0, AccountOrders::<Test>::get(account(2), 0)),
        || AccountOrders::<Test>::mutate(account(2), 0, |list| list.try_push((MARKET, 1)).unwrap()),
        || change(1, |order| order.page = 1),
        || Desks::<Test>::mutate(account(2), |desk| desk.orders = 2),
        || Desks::<Test>::mutate(account(2), |desk| desk.full = 2),
        || Desks::<Test>::remove(account(2)),
        || Desks::<Test>::mutate(account(9), |desk| desk.stops = 1),
        || change(1, |order| order.client_id = Some(7)),
        || change(1, |order| order.expires_at = Some(7)),
        || change(1, |order| order.good_till = Some(7)),
        || ClientIds::<Test>::insert(account(1), 7, (MARKET, 0)),
        || BlockExpiries::<Test>::insert([0; 8], (MARKET, 0), ()),
        || TimeExpiries::<Test>::insert([0; 8], (MARKET, 0), ()),
        || Deadlines::<Test>::insert([0; 4], account(1), ()),
    ] as [fn(); 19]
    {
        assert!(broken(how).starts_with("invariant 8"));
    }
}

#[test]
fn try_state_should_name_invariant_13_when_the_book_is_crossed() {
    let found = broken(|| {
        let order = crate::Order {
            account: account(5),
            side: Side::Ask,
            tick: 1_000,
            remaining: 1,
            exposure: Usd(100_000),
            expires_at: None,
            good_till: None,
            client_id: None,
            reduce_only: false,
            filled: false,
            forced: false,
            page: 0,
            previous: None,
            next: None,
        };
        NextOrderId::<Test>::insert(MARKET, 5);
        Pallet::<Test>::insert(MARKET, 4, order, None).unwrap();
    });
    assert_eq!(found, "invariant 13: the book is crossed");
}
