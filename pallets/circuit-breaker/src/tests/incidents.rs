use super::status;
use crate::{mock::*, Event};
use bulwark_primitives::{Incident, MarketId, MarketStatus, StatusReason};
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
    for incident in [
        Incident::UncoveredLoss,
        Incident::LiquidationBacklog,
        Incident::MathFailure,
    ] {
        new_test_ext().execute_with(|| {
            CircuitBreaker::report(MARKET, incident);
            assert_eq!(status(), MarketStatus::ReduceOnly);
            let record = CircuitBreaker::status_record(MARKET).unwrap();
            assert_eq!(
                (record.reason, record.until),
                (StatusReason::Incident, None)
            );
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
