//! Time that is not charged.

use super::*;
use bulwark_primitives::{MarketId, MarketStatus};
use bulwark_traits::LendingPool;

fn index() -> u128 {
    <Lending as LendingPool>::borrow_index().0
}

/// A pool at the kink with a debt.
fn lent() -> sp_io::TestExternalities {
    let mut ext = new_test_ext();
    ext.execute_with(|| {
        supply(ALICE, 1_000);
        borrow(CAROL, Usd::dollars(800));
    });
    ext
}

#[test]
fn interest_should_stand_still_when_all_markets_are_halted() {
    for status in [
        MarketStatus::Paused,
        MarketStatus::Settling,
        MarketStatus::Closed,
    ] {
        lent().execute_with(|| {
            block(2 * SECOND);
            let before = index();
            Guard::set(MARKET, status);
            minutes(30);
            assert_eq!(index(), before);
            assert!(Lending::pool().unwrap().frozen);
            check();
        });
    }
}

#[test]
fn interest_should_not_be_charged_backwards_when_a_halt_ends() {
    lent().execute_with(|| {
        block(2 * SECOND);
        let one_step = {
            let before = index();
            block(2 * SECOND);
            index() - before
        };
        Guard::set(MARKET, MarketStatus::Paused);
        minutes(30);
        let halted = index();
        Guard::set(MARKET, MarketStatus::Active);
        // The step in which the halt ended began in it.
        block(2 * SECOND);
        assert_eq!(index(), halted);
        block(2 * SECOND);
        let step = index() - halted;
        assert!(
            step.abs_diff(one_step) <= one_step / 1_000,
            "{step} {one_step}"
        );
        assert!(!Lending::pool().unwrap().frozen);
        check();
    });
}

#[test]
fn interest_should_go_on_when_any_market_trades() {
    for status in [
        MarketStatus::Active,
        MarketStatus::PostOnly,
        MarketStatus::ReduceOnly,
    ] {
        lent().execute_with(|| {
            Registry::insert_market(MarketId(77), market_params());
            Guard::set(MARKET, MarketStatus::Paused);
            Guard::set(MarketId(77), status);
            block(2 * SECOND);
            let before = index();
            block(2 * SECOND);
            assert!(index() > before);
        });
    }
}

#[test]
fn interest_should_go_on_when_there_are_no_markets() {
    lent().execute_with(|| {
        bulwark_traits::mock::reset();
        block(2 * SECOND);
        let before = index();
        block(2 * SECOND);
        assert!(index() > before);
    });
}

#[test]
fn gap_should_cost_no_more_than_a_minute_when_blocks_are_missing() {
    lent().execute_with(|| {
        let start = index();
        block(60 * SECOND);
        let minute = index() - start;
        let before = index();
        block(7 * DAY);
        let gap = index() - before;
        assert!(gap.abs_diff(minute) <= minute / 1_000, "{gap} {minute}");
        check();
    });
}

#[test]
fn interest_should_not_be_charged_when_the_clock_goes_back() {
    lent().execute_with(|| {
        block(10 * SECOND);
        let before = index();
        Now::set(Now::get() - 5 * SECOND);
        block(0);
        assert_eq!(index(), before);
        check();
    });
}
