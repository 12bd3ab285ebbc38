use super::status;
use crate::{mock::*, severity, Event, References, BACKLOG_HOLD};
use bulwark_primitives::{Incident, MarketId, MarketStatus, StatusReason, SLOT_MILLIS};
use bulwark_traits::{mock::MARKET, MarketGuard};
use frame_support::assert_ok;

fn reports() -> usize {
    System::events()
        .iter()
        .filter(|record| {
            matches!(
                record.event,
                RuntimeEvent::CircuitBreaker(Event::IncidentReported { .. })
            )
        })
        .count()
}

#[test]
fn market_should_be_reduce_only_when_an_incident_is_reported() {
    let hold = Some(START + BACKLOG_HOLD);
    let lasting = (StatusReason::Incident, None);
    for (incident, expected) in [
        (Incident::UncoveredLoss, lasting),
        (Incident::LiquidationBacklog, (StatusReason::Backlog, hold)),
        (Incident::MathFailure, lasting),
    ] {
        new_test_ext().execute_with(|| {
            CircuitBreaker::report(MARKET, incident);
            assert_eq!(status(), MarketStatus::ReduceOnly);
            let record = CircuitBreaker::status_record(MARKET).unwrap();
            assert_eq!((record.reason, record.until), expected);
            System::assert_last_event(
                Event::IncidentReported {
                    market: MARKET,
                    incident,
                }
                .into(),
            );
        });
    }
}

fn backlog() {
    CircuitBreaker::report(MARKET, Incident::LiquidationBacklog);
}

fn governed(status: MarketStatus) {
    let root = RuntimeOrigin::root();
    assert_ok!(CircuitBreaker::halt_market(root, MARKET, status));
}

#[test]
fn backlog_should_end_by_itself_when_it_is_not_reported_any_more() {
    new_test_ext().execute_with(|| {
        for _ in 0..100 {
            backlog();
            next_block();
        }
        assert_eq!(reports(), 1);
        let record = CircuitBreaker::status_record(MARKET).unwrap();
        assert_eq!(
            record.since, START,
            "since it began, not since the last report"
        );
        next_block_after(BACKLOG_HOLD - 2 * SLOT_MILLIS);
        assert_eq!(status(), MarketStatus::ReduceOnly);
        let reference = References::<Test>::get(MARKET).unwrap().mean;
        next_block();
        assert_eq!(status(), MarketStatus::Active);
        assert_eq!(CircuitBreaker::status_record(MARKET), None);
        System::assert_last_event(
            Event::MarketResumed {
                market: MARKET,
                status: MarketStatus::Active,
            }
            .into(),
        );
        assert_eq!(References::<Test>::get(MARKET).unwrap().mean, reference);
        // And it is told again when there is another one.
        backlog();
        assert_eq!((status(), reports()), (MarketStatus::ReduceOnly, 2));
    });
}

#[test]
fn backlog_should_lift_nothing_else_when_it_ends() {
    for halt in [
        MarketStatus::PostOnly,
        MarketStatus::ReduceOnly,
        MarketStatus::Paused,
    ] {
        for first in [false, true] {
            new_test_ext().execute_with(|| {
                if first {
                    governed(halt);
                    backlog();
                } else {
                    backlog();
                    governed(halt);
                }
                let tighter = severity(halt).max(severity(MarketStatus::ReduceOnly));
                assert_eq!(severity(status()), tighter);
                hold(100, 2 * BACKLOG_HOLD);
                assert_eq!(status(), halt);
                let record = CircuitBreaker::status_record(MARKET).unwrap();
                assert_eq!(
                    (record.reason, record.until),
                    (StatusReason::Governance, None)
                );
            });
        }
    }
}

#[test]
fn other_incidents_should_wait_for_governance_when_a_backlog_ends() {
    for incident in [Incident::UncoveredLoss, Incident::MathFailure] {
        new_test_ext().execute_with(|| {
            backlog();
            next_block();
            CircuitBreaker::report(MARKET, incident);
            assert_eq!(reports(), 2);
            backlog();
            hold(100, 2 * BACKLOG_HOLD);
            assert_eq!(status(), MarketStatus::ReduceOnly);
            let resume = CircuitBreaker::resume_market(RuntimeOrigin::root(), MARKET);
            assert_ok!(resume);
            assert_eq!(status(), MarketStatus::Active);
        });
    }
}

#[test]
fn makers_should_be_admitted_only_while_a_backlog_is_all_there_is() {
    new_test_ext().execute_with(|| {
        assert!(CircuitBreaker::admits_makers(MARKET));
        assert!(!CircuitBreaker::admits_makers(MarketId(9)));
        backlog();
        assert_eq!(status(), MarketStatus::ReduceOnly);
        assert!(CircuitBreaker::admits_makers(MARKET));
        // A halt by governance, which ends the help, and which no later backlog loosens.
        governed(MarketStatus::ReduceOnly);
        assert!(!CircuitBreaker::admits_makers(MARKET));
        next_block();
        backlog();
        assert!(!CircuitBreaker::admits_makers(MARKET));
        let root = RuntimeOrigin::root();
        assert_ok!(CircuitBreaker::resume_market(root, MARKET));
        assert!(CircuitBreaker::admits_makers(MARKET));
    });
}

#[test]
fn pause_should_give_a_backlog_back_with_its_end_when_it_ends_first() {
    new_test_ext().execute_with(|| {
        hold(150, 18_000);
        governed(MarketStatus::PostOnly);
        assert_eq!(status(), MarketStatus::Paused);
        // Within the pause a backlog adds nothing while it would end before it.
        backlog();
        assert_eq!(CircuitBreaker::status_record(MARKET).unwrap().then.len(), 1);
        hold(150, 290_000);
        backlog();
        assert_eq!(status(), MarketStatus::Paused);
        assert_eq!(CircuitBreaker::status_record(MARKET).unwrap().then.len(), 2);
        hold(150, 10_000);
        assert_eq!(status(), MarketStatus::ReduceOnly);
        hold(150, BACKLOG_HOLD);
        assert_eq!(status(), MarketStatus::PostOnly);
    });
}

#[test]
fn pause_should_take_a_backlog_in_when_it_ends_last() {
    new_test_ext().execute_with(|| {
        backlog();
        hold(150, 18_000);
        assert_eq!(status(), MarketStatus::Paused);
        hold(150, 300_000);
        assert_eq!(status(), MarketStatus::Active);
    });
}

#[test]
fn incident_should_make_one_event_when_reported_every_block() {
    new_test_ext().execute_with(|| {
        for _ in 0..10 {
            CircuitBreaker::report(MARKET, Incident::LiquidationBacklog);
            next_block();
        }
        assert_eq!(reports(), 1);
    });
}

#[test]
fn incident_should_not_loosen_when_the_market_is_halted() {
    new_test_ext().execute_with(|| {
        let paused = MarketStatus::Paused;
        assert_ok!(CircuitBreaker::halt_market(
            RuntimeOrigin::root(),
            MARKET,
            paused
        ));
        CircuitBreaker::report(MARKET, Incident::UncoveredLoss);
        assert_eq!(status(), MarketStatus::Paused);
        assert_eq!(reports(), 0);
    });
}

#[test]
fn incident_should_hold_after_the_pause_when_reported_during_one() {
    new_test_ext().execute_with(|| {
        hold(150, 18_000);
        CircuitBreaker::report(MARKET, Incident::UncoveredLoss);
        assert_eq!(status(), MarketStatus::Paused);
        hold(150, 300_000);
        assert_eq!(status(), MarketStatus::ReduceOnly);
    });
}

#[test]
fn incident_should_change_nothing_when_the_market_is_unknown() {
    new_test_ext().execute_with(|| {
        CircuitBreaker::report(MarketId(9), Incident::MathFailure);
        assert_eq!(CircuitBreaker::status_record(MarketId(9)), None);
        assert_eq!(reports(), 0);
    });
}
