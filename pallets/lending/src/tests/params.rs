//! Changes of the curve.

use super::*;
use crate::{Error, InterestParams, Params};
use bulwark_primitives::Rate;
use frame_support::assert_noop;
use sp_runtime::DispatchError;

fn set(params: InterestParams) -> sp_runtime::DispatchResult {
    Lending::set_params(RuntimeOrigin::root(), params)
}

#[test]
fn curve_should_change_when_governance_says_so() {
    new_test_ext().execute_with(|| {
        let params = InterestParams {
            rate_at_kink: Rate::percent(12),
            ..InterestParams::default()
        };
        assert_ok!(set(params));
        assert_eq!(Params::<Test>::get(), params);
        supply(ALICE, 1_000);
        borrow(CAROL, Usd::dollars(800));
        assert_eq!(Lending::pool().unwrap().borrow_rate, Rate::percent(12));
        System::assert_has_event(crate::Event::ParamsChanged { params }.into());
    });
}

#[test]
fn curve_should_not_change_when_the_change_is_too_large_or_too_soon_or_wrong() {
    new_test_ext().execute_with(|| {
        let good = InterestParams::default();
        assert_noop!(
            Lending::set_params(RuntimeOrigin::signed(ALICE), good),
            DispatchError::BadOrigin
        );
        let invalid = InterestParams {
            kink: Rate::ONE,
            ..good
        };
        assert_noop!(set(invalid), Error::<Test>::InvalidParams);
        let steps: [fn(&mut InterestParams); 8] = [
            |p| p.kink = Rate::percent(86),
            |p| p.rate_at_zero = Rate::basis_points(401),
            |p| p.rate_at_kink = Rate::percent(16),
            |p| p.rate_at_full = Rate::percent(201),
            |p| p.reserve_share = Rate::percent(21),
            |p| p.daily_adjustment = Rate::percent(11),
            |p| p.min_scaling = Rate::percent(76),
            |p| p.max_scaling = Rate::percent(226),
        ];
        for step in steps {
            let mut params = good;
            step(&mut params);
            assert!(params.is_valid(), "{params:?}");
            assert_noop!(set(params), Error::<Test>::StepTooLarge);
        }
        assert_ok!(set(good));
        Now::set(Now::get() + DAY - 1);
        assert_noop!(set(good), Error::<Test>::ChangedRecently);
        Now::set(Now::get() + 1);
        assert_ok!(set(good));
    });
}
