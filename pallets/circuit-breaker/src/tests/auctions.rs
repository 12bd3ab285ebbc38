use super::status;
use crate::{mock::*, Collected, Event, Statuses, PRICE_WAIT};
use bulwark_primitives::{Incident, MarketStatus, PriceError, StatusReason, SLOT_MILLIS};
use bulwark_traits::{
    mock::{Prices, INDEX, MARKET},
    AuctionGuard, MarketGuard, Reopening,
};
use frame_support::{assert_ok, traits::Hooks};
use MarketStatus::*;

fn reopening() -> Option<Reopening> {
    CircuitBreaker::reopening(MARKET)
}

/// A block whose book is still crossed after it.
fn crossed_block_after(millis: u64) {
    let block = System::block_number() + 1;
    System::set_block_number(block);
    Now::mutate(|now| *now += millis);
    CircuitBreaker::on_initialize(block);
    assert_ok!(CircuitBreaker::do_try_state());
}

/// Paused for its price, with an auction that has just opened.
fn auction() {
    hold(150, 18_000);
    assert_eq!(
        (status(), reopening()),
        (Paused, Some(Reopening::Collecting))
    );
    crossed_block_after(300_000);
    assert_eq!(
        (status(), reopening()),
        (Paused, Some(Reopening::Uncrossing))
    );
}

#[test]
fn market_should_stay_paused_when_its_book_is_still_crossed() {
    new_test_ext().execute_with(|| {
        auction();
        System::assert_last_event(Event::AuctionOpened { market: MARKET }.into());
        for _ in 0..3 {
            crossed_block_after(SLOT_MILLIS);
            assert_eq!(
                (status(), reopening()),
                (Paused, Some(Reopening::Uncrossing))
            );
        }
        CircuitBreaker::reopened(MARKET);
        assert_eq!((status(), reopening()), (Active, None));
        assert_eq!(Collected::<Test>::iter().count(), 0);
    });
}

#[test]
fn auction_should_wait_when_the_price_is_not_clean_but_not_for_ever() {
    new_test_ext().execute_with(|| {
        auction();
        Prices::set_result(INDEX, Err(PriceError::Stale));
        assert_eq!(reopening(), Some(Reopening::Collecting));
        crossed_block_after(PRICE_WAIT - 1);
        assert_eq!(reopening(), Some(Reopening::Collecting));
        crossed_block_after(1);
        assert_eq!(reopening(), Some(Reopening::Uncrossing));
    });
}

#[test]
fn orders_should_be_judged_by_what_follows_when_an_auction_is_coming() {
    new_test_ext().execute_with(|| {
        let order_status = || CircuitBreaker::order_status(MARKET);
        assert_eq!(order_status(), Active);
        hold(150, 18_000);
        assert_eq!(order_status(), Active);
        let halt = |status| CircuitBreaker::halt_market(RuntimeOrigin::root(), MARKET, status);
        assert_ok!(halt(PostOnly));
        assert_eq!(order_status(), Active, "nobody takes in an auction");
        assert_ok!(halt(ReduceOnly));
        assert_eq!(order_status(), ReduceOnly);
        assert_ok!(halt(Paused));
        assert_eq!((order_status(), reopening()), (Paused, None));
    });
}

#[test]
fn halt_and_incident_should_hold_after_the_auction_when_they_come_during_it() {
    new_test_ext().execute_with(|| {
        auction();
        CircuitBreaker::report(MARKET, Incident::UncoveredLoss);
        assert_eq!(
            (status(), reopening()),
            (Paused, Some(Reopening::Uncrossing))
        );
        assert_ok!(CircuitBreaker::do_try_state());
        CircuitBreaker::reopened(MARKET);
        assert_eq!(status(), ReduceOnly);
    });
}

#[test]
fn resumed_market_should_go_through_the_auction_when_it_collected_orders() {
    new_test_ext().execute_with(|| {
        hold(150, 18_000);
        assert_ok!(CircuitBreaker::halt_market(
            RuntimeOrigin::root(),
            MARKET,
            Paused
        ));
        crossed_block_after(600_000);
        assert_eq!((status(), reopening()), (Paused, None));
        assert_ok!(CircuitBreaker::resume_market(RuntimeOrigin::root(), MARKET));
        assert_eq!(
            (status(), reopening()),
            (Paused, Some(Reopening::Uncrossing))
        );
        let record = Statuses::<Test>::get(MARKET).unwrap();
        assert_eq!(record.reason, StatusReason::Auction);
        CircuitBreaker::reopened(MARKET);
        assert_eq!(status(), Active);
    });
}

#[test]
fn reopened_should_do_nothing_when_there_is_no_auction() {
    new_test_ext().execute_with(|| {
        CircuitBreaker::reopened(MARKET);
        assert_eq!(status(), Active);
        hold(150, 18_000);
        CircuitBreaker::reopened(MARKET);
        assert_eq!(status(), Paused);
    });
}
