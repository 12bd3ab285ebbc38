use super::status;
use crate::{
    mock::*, Error, Event, Settings, Timing, MAX_PAUSE, MAX_WINDOW, MIN_PAUSE, MIN_WINDOW,
};
use bulwark_primitives::MarketStatus;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

const fn timing(window_millis: u64, persistence_millis: u64, pause_millis: u64) -> Timing {
    Timing {
        window_millis,
        persistence_millis,
        pause_millis,
    }
}

#[test]
fn timing_should_be_the_documented_one_when_never_set() {
    new_test_ext().execute_with(|| {
        assert_eq!(Settings::<Test>::get(), timing(300_000, 15_000, 300_000));
        assert!(Timing::default().is_valid());
    });
}

#[test]
fn bands_should_be_faster_when_the_timing_is_scaled_down() {
    new_test_ext().execute_with(|| {
        // A replay at twenty times the speed.
        let fast = timing(15_000, 750, 15_000);
        assert_ok!(CircuitBreaker::set_timing(RuntimeOrigin::root(), fast));
        System::assert_last_event(Event::TimingSet { timing: fast }.into());
        hold(120, 2_000);
        assert_eq!(status(), MarketStatus::Active);
        hold(120, 2_000);
        assert_eq!(status(), MarketStatus::Paused);
        hold(120, 16_000);
        assert_eq!(status(), MarketStatus::Active);
    });
}

#[test]
fn timing_should_be_refused_when_outside_its_bounds() {
    new_test_ext().execute_with(|| {
        for bad in [
            timing(MIN_WINDOW - 1, 0, MIN_PAUSE),
            timing(MAX_WINDOW + 1, 0, MIN_PAUSE),
            timing(MIN_WINDOW, MIN_WINDOW, MIN_PAUSE),
            timing(MIN_WINDOW, 0, MIN_PAUSE - 1),
            timing(MIN_WINDOW, 0, MAX_PAUSE + 1),
        ] {
            assert_noop!(
                CircuitBreaker::set_timing(RuntimeOrigin::root(), bad),
                Error::<Test>::TimingOutOfBounds
            );
        }
        for good in [
            timing(MIN_WINDOW, 0, MIN_PAUSE),
            timing(MAX_WINDOW, MAX_WINDOW - 1, MAX_PAUSE),
        ] {
            assert_ok!(CircuitBreaker::set_timing(RuntimeOrigin::root(), good));
        }
        assert_noop!(
            CircuitBreaker::set_timing(RuntimeOrigin::signed(GUARDIAN), Timing::default()),
            DispatchError::BadOrigin
        );
    });
}
