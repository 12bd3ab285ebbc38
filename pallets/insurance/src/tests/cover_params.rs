//! What governance may say of cover.

use super::*;
use crate::{book::MAX_DAYS, CoverParameters, CoverParams, Error, Event};
use bulwark_primitives::Rate;
use frame_support::assert_noop;
use sp_runtime::{DispatchError, DispatchResult};

fn set(params: CoverParams) -> DispatchResult {
    Insurance::set_cover_params(RuntimeOrigin::root(), params)
}

#[test]
fn parameters_should_hold_for_policies_to_come_when_governance_sets_them() {
    underwritten().execute_with(|| {
        let before = buy(2, 100, 5);
        let mut params = CoverParams {
            longest_days: 23,
            waiting_minutes: 120,
            ..CoverParams::default()
        };
        params.curve.at_zero = Rate::percent(100);
        assert_ok!(set(params));
        System::assert_last_event(Event::CoverParamsChanged { params }.into());
        assert_eq!(CoverParameters::<Test>::get(), params);
        let quote = Insurance::cover_quote(A, usd(100), 5).unwrap();
        // Two hours are 8.3 blocks.
        assert_eq!(quote.from, 1 + 9);
        assert!(quote.premium > before);
        assert_eq!(Insurance::cover_quote(A, usd(100), 24), None);
        assert_eq!(Insurance::policies(sub(2))[0].1.from, 6);
        check();
    });
}

#[test]
fn parameters_should_not_change_when_they_are_wrong_or_too_far_or_too_soon() {
    new_test_ext(Usd::ZERO).execute_with(|| {
        let good = CoverParams::default();
        assert_noop!(
            Insurance::set_cover_params(by(1), good),
            DispatchError::BadOrigin
        );
        let wrong: [fn(&mut CoverParams); 5] = [
            |p| p.curve.kink = Rate::ONE,
            |p| p.longest_days = 0,
            |p| p.longest_days = MAX_DAYS + 1,
            |p| p.waiting_minutes = 9,
            |p| p.waiting_minutes = 1_441,
        ];
        for change in wrong {
            let mut params = good;
            change(&mut params);
            assert_noop!(set(params), Error::<Test>::InvalidParams);
        }
        let far: [fn(&mut CoverParams); 3] = [
            |p| p.curve.at_full = Rate::percent(4_001),
            |p| p.longest_days = MAX_DAYS - 8,
            |p| p.waiting_minutes = 121,
        ];
        for change in far {
            let mut params = good;
            change(&mut params);
            assert!(params.is_valid(), "{params:?}");
            assert_noop!(set(params), Error::<Test>::StepTooLarge);
        }
        assert_ok!(set(good));
        go_to(DAY);
        assert_noop!(set(good), Error::<Test>::ChangedRecently);
        go_to(1 + DAY);
        assert_ok!(set(good));
    });
}
