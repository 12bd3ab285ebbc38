//! Which value holds in which block.

use crate::{mock::*, record::*, Error, Event};
use bulwark_primitives::{
    CollateralParams, MarginTier, MarketId, MarketParams, Quantity, Rate, Tier, Usd,
};
use bulwark_traits::{MarginMoves, MarketRegistry, MoveObserver};
use frame_support::{assert_noop, assert_ok};

const DAY: u64 = 43_200;

fn set(change: impl FnOnce(&mut MarketParams)) -> frame_support::dispatch::DispatchResult {
    let mut params = crate::Markets::<Test>::get(BTC_USD).unwrap().governed.to;
    change(&mut params);
    Markets::set_market(RuntimeOrigin::root(), BTC_USD, params)
}

fn set_btc(change: impl FnOnce(&mut CollateralParams)) -> frame_support::dispatch::DispatchResult {
    let mut params = crate::Collaterals::<Test>::get(BTC).unwrap().to;
    change(&mut params);
    Markets::set_collateral(RuntimeOrigin::root(), BTC, params)
}

fn now() -> MarketParams {
    assert_ok!(Markets::do_try_state());
    let block = System::block_number() as u32;
    let params = <Markets as MarketRegistry>::market(BTC_USD).unwrap();
    assert_eq!(Markets::market_at(BTC_USD, block), Some(params));
    params
}

fn btc_now() -> CollateralParams {
    assert_ok!(Markets::do_try_state());
    <Markets as MarketRegistry>::collateral(BTC).unwrap()
}

fn at(block: u64) -> MarketParams {
    // What was told before is what comes.
    let told = Markets::market_at(BTC_USD, block as u32);
    System::set_block_number(block);
    assert_eq!(told, Some(now()));
    now()
}

#[test]
fn initial_margin_should_tighten_at_once_and_loosen_late() {
    new_test_ext().execute_with(|| {
        assert_ok!(set(|p| p.initial_margin = Rate::percent(8)));
        assert_eq!(now().initial_margin, Rate::percent(8));
        assert_ok!(set(|p| p.initial_margin = Rate::percent(4)));
        assert_eq!(at(1 + DAY).initial_margin, Rate::percent(8));
        assert_eq!(at(1 + DAY + DAY / 2).initial_margin, Rate::percent(6));
        // Rounded up: a third of the way and one block.
        assert_eq!(at(1 + DAY + DAY / 3 + 1).initial_margin, Rate(66_665_741));
        assert_eq!(at(1 + 2 * DAY - 1).initial_margin, Rate(40_000_926));
        assert_eq!(at(1 + 2 * DAY).initial_margin, Rate::percent(4));
    });
}

#[test]
fn maintenance_margin_should_only_ever_ramp() {
    new_test_ext().execute_with(|| {
        assert_ok!(set(|p| p.maintenance_margin = Rate::percent(4)));
        assert_eq!(now().maintenance_margin, Rate::percent(3));
        assert_eq!(at(1 + DAY / 2).maintenance_margin, Rate::basis_points(350));
        // From where it is, and loosening waits.
        assert_ok!(set(|p| p.maintenance_margin = Rate::percent(3)));
        let start = 1 + DAY / 2;
        assert_eq!(at(start + DAY).maintenance_margin, Rate::basis_points(350));
        assert_eq!(
            at(start + DAY + DAY / 2).maintenance_margin,
            Rate::basis_points(325)
        );
        assert_eq!(at(start + 2 * DAY).maintenance_margin, Rate::percent(3));
        for block in 0..DAY {
            let step = at(start + DAY + block).maintenance_margin.0
                - at(start + DAY + block + 1).maintenance_margin.0;
            if block % 97 == 0 {
                assert!(step <= 5_000_000 / DAY + 1);
            }
            if block > 2_000 {
                break;
            }
        }
    });
}

#[test]
fn caps_and_bands_should_shrink_at_once_and_grow_late() {
    new_test_ext().execute_with(|| {
        let old = now();
        assert_ok!(set(|p| {
            p.max_open_interest = Quantity(old.max_open_interest.0 / 10);
            p.lower_open_interest = Quantity(old.max_open_interest.0 / 20);
            p.price_band = Rate::percent(8);
        }));
        assert_eq!(now().max_open_interest.0, old.max_open_interest.0 / 10);
        assert_eq!(now().lower_open_interest.0, old.max_open_interest.0 / 20);
        assert_eq!(now().price_band, old.price_band);
        assert_eq!(at(1 + DAY + DAY / 2).price_band, Rate::basis_points(650));
        assert_noop!(
            set(|p| p.max_open_interest = Quantity(old.max_open_interest.0)),
            Error::<Test>::StepTooLarge
        );
    });
}

#[test]
fn fees_should_ramp_both_ways_within_half_of_maintenance_margin() {
    new_test_ext().execute_with(|| {
        assert_ok!(set(|p| p.taker_fee = Rate::basis_points(10)));
        assert_eq!(now().taker_fee, Rate::ZERO);
        assert_eq!(at(1 + DAY / 2).taker_fee, Rate::basis_points(5));
        assert_ok!(set(|p| p.taker_fee = Rate::ZERO));
        assert_eq!(at(1 + DAY).taker_fee, Rate(250_000));
        assert_eq!(at(1 + DAY / 2 + DAY).taker_fee, Rate::ZERO);
    });
}

#[test]
fn steps_should_be_refused_when_too_large() {
    new_test_ext().execute_with(|| {
        let refused = |change: fn(&mut MarketParams)| {
            assert_noop!(set(change), Error::<Test>::StepTooLarge);
        };
        refused(|p| p.initial_margin = Rate::basis_points(1_001));
        refused(|p| p.taker_fee = Rate::basis_points(11));
        refused(|p| p.price_band = Rate::basis_points(1_001));
        refused(|p| p.min_order = Quantity(p.min_order.0 * 3));
        assert_ok!(set(|p| p.initial_margin = Rate::percent(10)));
        // It holds at once, so the next step counts from there.
        assert_ok!(set(|p| p.initial_margin = Rate::percent(15)));
        assert_eq!(now().initial_margin, Rate::percent(15));
        assert_noop!(
            set_btc(|p| p.maintenance_factor = Rate::percent(84)),
            Error::<Test>::FactorsUnordered
        );
        assert_noop!(
            set_btc(|p| {
                p.initial_factor = Rate::percent(80);
                p.maintenance_factor = Rate::percent(84);
            }),
            Error::<Test>::StepTooLarge
        );
    });
}

#[test]
fn collateral_should_lose_initial_value_at_once_and_maintenance_value_slowly() {
    new_test_ext().execute_with(|| {
        assert_ok!(set_btc(|p| {
            p.initial_factor = Rate::percent(70);
            p.maintenance_factor = Rate::percent(85);
            p.deposit_cap /= 2;
        }));
        let cap = btc_params().deposit_cap;
        assert_eq!(btc_now().initial_factor, Rate::percent(70));
        assert_eq!(btc_now().maintenance_factor, Rate::percent(95));
        assert_eq!(btc_now().deposit_cap, cap / 2);
        System::set_block_number(1 + DAY / 2);
        assert_eq!(btc_now().maintenance_factor, Rate::percent(90));
        System::set_block_number(1 + DAY);
        assert_eq!(btc_now().maintenance_factor, Rate::percent(85));
        assert_ok!(set_btc(|p| p.initial_factor = Rate::percent(80)));
        assert_eq!(btc_now().initial_factor, Rate::percent(70));
    });
}

#[test]
fn new_collateral_should_count_nothing_first_and_ramp() {
    new_test_ext().execute_with(|| {
        assert_ok!(Markets::set_collateral(
            RuntimeOrigin::root(),
            7,
            btc_params()
        ));
        let factors = |block: u64| {
            System::set_block_number(block);
            assert_ok!(Markets::do_try_state());
            let params = <Markets as MarketRegistry>::collateral(7).unwrap();
            (params.initial_factor, params.maintenance_factor)
        };
        assert_eq!(factors(1 + DAY), (Rate::ZERO, Rate::ZERO));
        assert_eq!(
            factors(1 + DAY + DAY / 10),
            (Rate::percent(9), Rate::basis_points(950))
        );
        assert_eq!(factors(1 + 2 * DAY), (Rate::percent(90), Rate::percent(95)));
    });
}

#[test]
fn new_collateral_should_change_within_what_was_decided_when_it_still_ramps() {
    new_test_ext().execute_with(|| {
        let set = |initial: u32, maintenance: u32| {
            let mut params = btc_params();
            params.initial_factor = Rate::percent(initial);
            params.maintenance_factor = Rate::percent(maintenance);
            Markets::set_collateral(RuntimeOrigin::root(), 7, params)
        };
        assert_ok!(set(60, 70));
        assert_ok!(set(60, 70));
        assert_ok!(set(50, 65));
        assert_noop!(set(51, 65), Error::<Test>::StepTooLarge);
        assert_noop!(set(50, 66), Error::<Test>::StepTooLarge);
    });
}

#[test]
fn tier_of_collateral_should_wait_for_factors_that_it_forbids() {
    new_test_ext().execute_with(|| {
        let lower = |p: &mut CollateralParams| {
            p.tier = Tier::B;
            p.initial_factor = Rate::percent(80);
            p.maintenance_factor = Rate::percent(87);
        };
        // The tier would hold at once, the maintenance factor is still above its bound.
        assert_noop!(set_btc(lower), Error::<Test>::FactorOutOfBounds);
        assert_ok!(set_btc(|p| {
            p.initial_factor = Rate::percent(80);
            p.maintenance_factor = Rate::percent(87);
        }));
        System::set_block_number(1 + DAY);
        assert_ok!(set_btc(lower));
        assert_eq!(btc_now().tier, Tier::B);
        assert_ok!(set_btc(|p| p.tier = Tier::A));
        assert_eq!(btc_now().tier, Tier::B);
        System::set_block_number(1 + 2 * DAY);
        assert_eq!(btc_now().tier, Tier::A);
    });
}

fn tiers(percent: u32) -> [MarginTier; 4] {
    let mut tiers = [MarginTier::UNUSED; 4];
    tiers[0] = MarginTier {
        from: Usd::dollars(1_000_000),
        add_on: Rate::percent(percent),
    };
    tiers
}

#[test]
fn margin_tiers_should_only_loosen_when_somebody_has_a_position() {
    new_test_ext().execute_with(|| {
        assert_ok!(set(|p| p.margin_tiers = tiers(5)));
        assert_eq!(now().margin_tiers, tiers(5));
        Exposed::set(vec![BTC_USD]);
        assert_noop!(
            set(|p| p.margin_tiers = tiers(6)),
            Error::<Test>::TiersInUse
        );
        assert_noop!(
            set(|p| p.margin_tiers[0].from = Usd::dollars(999_999)),
            Error::<Test>::TiersInUse
        );
        assert_ok!(set(|p| p.margin_tiers = tiers(4)));
        assert_eq!(at(DAY).margin_tiers, tiers(5));
        // Cancelled in time: it would still be no tightening.
        assert_ok!(set(|p| p.margin_tiers = tiers(5)));
        assert_eq!(at(1 + 2 * DAY).margin_tiers, tiers(5));
        assert_ok!(set(|p| p.margin_tiers = [MarginTier::UNUSED; 4]));
        assert_eq!(at(1 + 3 * DAY).margin_tiers, [MarginTier::UNUSED; 4]);
        Exposed::set(vec![]);
        assert_ok!(set(|p| p.margin_tiers = tiers(6)));
        assert_eq!(now().margin_tiers, tiers(6));
    });
}

fn moves(initial: u32, maintenance: u32) -> MarginMoves {
    MarginMoves {
        initial: Rate::percent(initial),
        maintenance: Rate::percent(maintenance),
    }
}

#[test]
fn margins_should_follow_moves_initial_at_once_and_maintenance_within_the_hour() {
    new_test_ext().execute_with(|| {
        Markets::moves_changed(BTC, moves(12, 10));
        assert_eq!(now().initial_margin, Rate::percent(12));
        assert_eq!(now().maintenance_margin, Rate::percent(3));
        // 0.6 of 5 % is what it is anyway.
        assert_eq!(at(901).maintenance_margin, Rate::percent(3));
        assert_eq!(at(1_351).maintenance_margin, Rate::basis_points(450));
        assert_eq!(at(1_801).maintenance_margin, Rate::percent(6));
        assert_eq!(at(9_001).maintenance_margin, Rate::percent(6));
        // The next ones start from there, whenever they come.
        Markets::moves_changed(BTC, moves(4, 8));
        assert_eq!(at(9_901).maintenance_margin, Rate::basis_points(540));
        assert_eq!(now().initial_margin, Rate::basis_points(540));
        Markets::moves_changed(BTC, moves(4, 9));
        assert_eq!(now().maintenance_margin, Rate::basis_points(540));
        // Another asset's moves are nobody's here.
        Markets::moves_changed(3, moves(50, 50));
        assert_eq!(now().initial_margin, Rate::basis_points(540));
    });
}

#[test]
fn margins_should_never_be_above_all_of_the_notional() {
    new_test_ext().execute_with(|| {
        let most = MarginMoves {
            initial: Rate(u64::MAX),
            maintenance: Rate(u64::MAX),
        };
        Markets::moves_changed(BTC, most);
        assert_eq!(at(1_801).initial_margin, Rate::ONE);
        assert_eq!(at(1_801).maintenance_margin, Rate::percent(60));
    });
}

#[test]
fn moves_should_forget_a_change_when_it_is_over() {
    new_test_ext().execute_with(|| {
        assert_ok!(set(|p| p.maintenance_margin = Rate::percent(4)));
        let change = || {
            crate::Markets::<Test>::get(BTC_USD)
                .unwrap()
                .governed
                .change
        };
        Markets::moves_changed(BTC, moves(1, 1));
        assert!(change().is_some());
        System::set_block_number(1 + 2 * DAY);
        Markets::moves_changed(BTC, moves(1, 1));
        assert!(change().is_none());
        assert_eq!(now().maintenance_margin, Rate::percent(4));
    });
}

#[test]
fn set_schedule_should_hold_for_later_changes() {
    new_test_ext().execute_with(|| {
        let schedule =
            |wait, period| Markets::set_schedule(RuntimeOrigin::root(), Schedule { wait, period });
        assert_ok!(set(|p| p.maintenance_margin = Rate::percent(4)));
        assert_noop!(schedule(1_799, 43_200), Error::<Test>::ScheduleOutOfBounds);
        assert_noop!(
            schedule(43_200, MAX_PERIOD + 1),
            Error::<Test>::ScheduleOutOfBounds
        );
        assert_noop!(schedule(43_200, 21_599), Error::<Test>::StepTooLarge);
        assert_noop!(
            Markets::set_schedule(RuntimeOrigin::signed(1), Schedule::default()),
            sp_runtime::DispatchError::BadOrigin
        );
        // It has to have held for its own wait before it gets shorter, and so does the next one.
        assert_noop!(schedule(43_200, 21_600), Error::<Test>::ScheduleTooNew);
        assert_noop!(schedule(21_600, 43_200), Error::<Test>::ScheduleTooNew);
        System::set_block_number(DAY);
        assert_ok!(schedule(43_200, 21_600));
        assert_noop!(schedule(43_200, 10_800), Error::<Test>::ScheduleTooNew);
        System::assert_last_event(
            Event::ScheduleChanged {
                schedule: Schedule {
                    wait: 43_200,
                    period: 21_600,
                },
            }
            .into(),
        );
        System::set_block_number(1);
        assert_eq!(at(1 + DAY / 2).maintenance_margin, Rate::basis_points(350));
        assert_ok!(set(|p| p.maintenance_margin = Rate::basis_points(450)));
        assert_eq!(at(1 + DAY).maintenance_margin, Rate::basis_points(450));
        assert_eq!(Markets::market_at(MarketId(9), 1), None);
        assert_eq!(Markets::collateral_at(9, 1), None);
    });
}
