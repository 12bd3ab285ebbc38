use super::status;
use crate::{mock::*, Error, Event, Reference, References, Statuses};
use bulwark_primitives::{MarketId, MarketStatus, Price, StatusReason, PRICE_SCALE};
use bulwark_traits::mock::{Prices, INDEX, MARKET};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult};
use MarketStatus::*;

fn halt(status: MarketStatus) -> DispatchResult {
    CircuitBreaker::halt_market(RuntimeOrigin::signed(GUARDIAN), MARKET, status)
}

fn resume() -> DispatchResult {
    CircuitBreaker::resume_market(RuntimeOrigin::root(), MARKET)
}

#[test]
fn halt_should_only_go_up_when_repeated() {
    new_test_ext().execute_with(|| {
        for tighter in [PostOnly, ReduceOnly, Paused] {
            assert_ok!(halt(tighter));
            assert_eq!(status(), tighter);
            System::assert_last_event(
                Event::MarketHalted {
                    market: MARKET,
                    status: tighter,
                    reason: StatusReason::Governance,
                    until: None,
                }
                .into(),
            );
            assert_noop!(halt(tighter), Error::<Test>::AlreadyHalted);
            assert_ok!(CircuitBreaker::do_try_state());
        }
        assert_noop!(halt(ReduceOnly), Error::<Test>::Loosening);
        assert_noop!(halt(PostOnly), Error::<Test>::Loosening);
    });
}

#[test]
fn halt_should_be_refused_when_it_is_not_one() {
    new_test_ext().execute_with(|| {
        for not_a_halt in [Active, Settling, Closed] {
            assert_noop!(halt(not_a_halt), Error::<Test>::NotAHalt);
        }
        assert_noop!(
            CircuitBreaker::halt_market(RuntimeOrigin::root(), MarketId(9), Paused),
            Error::<Test>::UnknownMarket
        );
        assert_noop!(
            CircuitBreaker::halt_market(RuntimeOrigin::signed(1), MARKET, Paused),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn halt_should_stay_when_time_passes() {
    new_test_ext().execute_with(|| {
        assert_ok!(halt(Paused));
        hold(100, 600_000);
        next_block_after(86_400_000);
        assert_eq!(status(), Paused);
    });
}

#[test]
fn resume_should_make_active_and_restart_the_reference_when_halted() {
    new_test_ext().execute_with(|| {
        assert_ok!(halt(Paused));
        hold(100, 10_000);
        Prices::set(INDEX, 200);
        next_block();
        assert_ok!(resume());
        assert_eq!(status(), Active);
        System::assert_last_event(
            Event::MarketResumed {
                market: MARKET,
                status: Active,
            }
            .into(),
        );
        let restarted = Reference::new(Price(200 * PRICE_SCALE), Now::get());
        assert_eq!(References::<Test>::get(MARKET), Some(restarted));
        assert_noop!(resume(), Error::<Test>::NotHalted);
    });
}

#[test]
fn resume_should_be_refused_when_the_guardian_asks() {
    new_test_ext().execute_with(|| {
        assert_ok!(halt(Paused));
        assert_noop!(
            CircuitBreaker::resume_market(RuntimeOrigin::signed(GUARDIAN), MARKET),
            DispatchError::BadOrigin
        );
        assert_noop!(
            CircuitBreaker::resume_market(RuntimeOrigin::root(), MarketId(9)),
            Error::<Test>::UnknownMarket
        );
    });
}

#[test]
fn halt_should_wait_when_it_is_looser_than_a_running_pause() {
    new_test_ext().execute_with(|| {
        hold(150, 18_000);
        assert_eq!(status(), Paused);
        assert_ok!(halt(PostOnly));
        assert_ok!(halt(ReduceOnly));
        System::assert_last_event(
            Event::HaltQueued {
                market: MARKET,
                status: ReduceOnly,
                reason: StatusReason::Governance,
            }
            .into(),
        );
        assert_noop!(halt(ReduceOnly), Error::<Test>::AlreadyHalted);
        assert_noop!(halt(PostOnly), Error::<Test>::Loosening);
        assert_eq!(status(), Paused);
        hold(150, 300_000);
        assert_eq!(status(), ReduceOnly);
    });
}

#[test]
fn halt_should_take_the_end_away_when_it_is_as_tight_as_a_running_pause() {
    new_test_ext().execute_with(|| {
        hold(150, 18_000);
        assert_ok!(halt(Paused));
        let record = Statuses::<Test>::get(MARKET).unwrap();
        assert_eq!(
            (record.reason, record.until),
            (StatusReason::Governance, None)
        );
        hold(150, 300_000);
        assert_eq!(status(), Paused);
    });
}

#[test]
fn resume_should_end_a_pause_when_it_runs() {
    new_test_ext().execute_with(|| {
        hold(150, 18_000);
        assert_ok!(halt(ReduceOnly));
        assert_ok!(resume());
        // Its book may be crossed.
        assert_eq!(status(), Paused);
        next_block();
        assert_eq!(status(), Active);
        hold(150, 600_000);
        assert_eq!(status(), Active);
    });
}
