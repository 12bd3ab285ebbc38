//! The correlation matrix: what it may be, and how it changes.

use crate::{
    correlations::{CORRELATION_STEP, SHARE_STEP},
    mock::*,
    Error, Event, RampSchedule,
};
use bulwark_primitives::{AssetId, Correlation, Rate};
use bulwark_traits::{CorrelatedAsset, Correlations, MarketRegistry};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{BuildStorage, DispatchError::BadOrigin};

fn matrix(assets: &[(AssetId, u32)], below: &[i8]) -> Correlations {
    let assets: Vec<_> = assets
        .iter()
        .map(|(asset, percent)| CorrelatedAsset {
            asset: *asset,
            share: Rate::percent(*percent),
        })
        .collect();
    let below: Vec<_> = below.iter().map(|p| Correlation::percent(*p)).collect();
    Correlations {
        assets: assets.try_into().unwrap(),
        below: below.try_into().unwrap(),
    }
}

fn set(to: &Correlations) -> frame_support::dispatch::DispatchResult {
    Markets::set_correlations(RuntimeOrigin::root(), to.clone())
}

/// Decides, and lets it come into force.
fn force(to: &Correlations) {
    assert_ok!(set(to));
    let schedule = RampSchedule::<Test>::get();
    pass(schedule.wait + schedule.period);
    assert_eq!(&now(), to);
}

fn pass(blocks: u32) {
    System::set_block_number(System::block_number() + u64::from(blocks));
    assert_ok!(Markets::do_try_state());
}

fn now() -> Correlations {
    <Markets as MarketRegistry>::correlations()
}

#[test]
fn call_should_fail_when_the_origin_or_the_shape_is_wrong() {
    new_test_ext().execute_with(|| {
        let good = matrix(&[(2, 0), (3, 0)], &[20]);
        assert_noop!(
            Markets::set_correlations(RuntimeOrigin::signed(1), good.clone()),
            BadOrigin
        );
        for wrong in [
            matrix(&[(3, 0), (2, 0)], &[20]),
            matrix(&[(2, 0), (2, 0)], &[20]),
            matrix(&[(0, 0), (2, 0)], &[20]),
            matrix(&[(2, 0), (3, 0)], &[]),
            matrix(&[(2, 0)], &[20]),
        ] {
            assert_noop!(set(&wrong), Error::<Test>::MatrixShape);
        }
        assert_noop!(
            set(&matrix(&[(2, 61), (3, 0)], &[20])),
            Error::<Test>::OffsetShareOutOfBounds
        );
        // Each pair may be so far apart, but not all three.
        assert_noop!(
            set(&matrix(&[(2, 0), (3, 0), (4, 0)], &[-60, -60, -60])),
            Error::<Test>::MatrixNotPositive
        );
        assert_noop!(
            set(&matrix(&[(2, 0), (3, 0)], &[101])),
            Error::<Test>::MatrixNotPositive
        );
        assert_ok!(set(&good));
        System::assert_last_event(Event::CorrelationsChanged { correlations: good }.into());
        assert_ok!(Markets::do_try_state());
    });
}

#[test]
fn changes_should_be_refused_when_a_step_is_too_large() {
    new_test_ext().execute_with(|| {
        assert_eq!(
            (CORRELATION_STEP, SHARE_STEP),
            (250_000_000, Rate::percent(10))
        );
        for wrong in [
            matrix(&[(2, 0), (3, 0)], &[26]),
            matrix(&[(2, 0), (3, 0)], &[-26]),
            matrix(&[(2, 11), (3, 0)], &[25]),
        ] {
            assert_noop!(set(&wrong), Error::<Test>::StepTooLarge);
        }
        force(&matrix(&[(2, 10), (3, 10)], &[25]));
        assert_noop!(
            set(&matrix(&[(2, 21), (3, 10)], &[25])),
            Error::<Test>::StepTooLarge
        );
        force(&matrix(&[(2, 20), (3, 20)], &[50]));
        // Nor may an asset be forgotten.
        assert_noop!(set(&matrix(&[(3, 20)], &[])), Error::<Test>::AssetMissing);
    });
}

#[test]
fn loosening_should_wait_and_ramp_when_decided() {
    new_test_ext().execute_with(|| {
        let schedule = RampSchedule::<Test>::get();
        assert_ok!(set(&matrix(&[(2, 10), (3, 8)], &[20])));
        let nothing = matrix(&[(2, 0), (3, 0)], &[0]);
        assert_eq!(now(), nothing);
        pass(schedule.wait);
        assert_eq!(now(), nothing);
        pass(schedule.period / 2);
        assert_eq!(now(), matrix(&[(2, 5), (3, 4)], &[10]));
        // Asked before, the answer is the same.
        let at = u32::try_from(System::block_number()).unwrap();
        assert_eq!(Markets::correlations_at(at), now());
        pass(schedule.period);
        assert_eq!(now(), matrix(&[(2, 10), (3, 8)], &[20]));
    });
}

#[test]
fn share_should_ramp_at_once_when_it_falls() {
    new_test_ext().execute_with(|| {
        force(&matrix(&[(2, 10), (3, 10)], &[20]));
        let schedule = RampSchedule::<Test>::get();
        assert_ok!(set(&matrix(&[(2, 0), (3, 10)], &[20])));
        assert_eq!(now(), matrix(&[(2, 10), (3, 10)], &[20]));
        pass(schedule.period / 2);
        assert_eq!(now(), matrix(&[(2, 5), (3, 10)], &[20]));
        pass(schedule.period / 2);
        assert_eq!(now(), matrix(&[(2, 0), (3, 10)], &[20]));
    });
}

/// What the due queue rests on: no offset gets worse but by a price.
#[test]
fn correlation_should_fall_only_when_a_share_is_zero() {
    new_test_ext().execute_with(|| {
        force(&matrix(&[(2, 10), (3, 10)], &[20]));
        let lower = |share| matrix(&[(2, share), (3, 10)], &[5]);
        assert_noop!(set(&lower(10)), Error::<Test>::OffsetInUse);
        // Zero to come is not zero.
        assert_noop!(set(&lower(0)), Error::<Test>::OffsetInUse);
        force(&matrix(&[(2, 0), (3, 10)], &[20]));
        // Nor is zero that is to end.
        assert_noop!(set(&lower(5)), Error::<Test>::OffsetInUse);
        assert_ok!(set(&lower(0)));
        // On its way down the share stays where it is.
        pass(RampSchedule::<Test>::get().wait + 1);
        assert_noop!(set(&lower(5)), Error::<Test>::OffsetInUse);
        pass(RampSchedule::<Test>::get().period);
        assert_ok!(set(&lower(5)));
        // Below zero there is no offset to lose.
        force(&matrix(&[(2, 5), (3, 10), (4, 0)], &[5, 0, 0]));
        force(&matrix(&[(2, 5), (3, 10), (4, 9)], &[5, -25, -25]));
        force(&matrix(&[(2, 5), (3, 10), (4, 9)], &[5, -40, -40]));
    });
}

#[test]
fn new_asset_should_begin_with_nothing_when_it_is_added() {
    new_test_ext().execute_with(|| {
        force(&matrix(&[(2, 10), (4, 10)], &[25]));
        assert_ok!(set(&matrix(&[(2, 10), (3, 10), (4, 10)], &[20, 25, 15])));
        assert_eq!(now(), matrix(&[(2, 10), (3, 0), (4, 10)], &[0, 25, 0]));
        assert_eq!(now().between(2, 4), Some(Correlation::percent(25)));
        assert_eq!(now().between(2, 9), None);
        assert_eq!(now().between(4, 4), Some(Correlation::ONE));
        assert_eq!(now().share_of(9), Rate::ZERO);
    });
}

#[test]
#[should_panic(expected = "genesis correlations: Indefinite")]
fn genesis_should_fail_when_the_matrix_is_none() {
    let wrong = crate::GenesisConfig::<Test> {
        correlated: vec![(2, Rate::ZERO), (3, Rate::ZERO), (4, Rate::ZERO)],
        correlations: vec![Correlation::percent(-60); 3],
        ..genesis()
    };
    let _ = wrong.build_storage();
}
