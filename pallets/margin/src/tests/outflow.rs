//! What may leave the pots within an hour and within a day.

use crate::{
    mock::*,
    outflow::{OutflowLimit, OutflowParams, DAY, HOUR},
    Error, Event, OutflowLimits, Outflows, TotalDeposited,
};
use bulwark_primitives::Rate;
use frame_support::{assert_noop, assert_ok, storage::with_storage_layer};
use proptest::prelude::*;
use sp_runtime::DispatchResult;

fn deposit(who: u64, coins: u128) {
    let origin = RuntimeOrigin::signed(who);
    assert_ok!(Margin::deposit(origin, 0, COIN, coins * COIN_UNIT));
}

fn withdraw(who: u64, amount: u128) -> DispatchResult {
    with_storage_layer(|| Margin::withdraw(RuntimeOrigin::signed(who), 0, COIN, amount))
}

fn later(millis: u64) {
    Now::mutate(|now| *now += millis);
}

fn room() -> u128 {
    Margin::outflow_room(COIN).unwrap().now
}

/// 500,000 coins of ALICE and BOB that came in long ago: 5,000 may leave within an hour, 50,000 within a day.
fn with_old_deposits(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        deposit(ALICE, 300_000);
        deposit(BOB, 200_000);
        later(2 * DAY);
        test();
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn withdrawal_should_fail_when_the_hour_is_used_up() {
    with_old_deposits(|| {
        assert_eq!(room(), 5_000 * COIN_UNIT);
        assert_noop!(
            withdraw(ALICE, 5_000 * COIN_UNIT + 1),
            Error::<Test>::OutflowLimited
        );
        assert_ok!(withdraw(ALICE, 3_000 * COIN_UNIT));
        // It is the pot's limit and not that of an account.
        assert_ok!(withdraw(BOB, 2_000 * COIN_UNIT));
        assert_noop!(withdraw(BOB, 1), Error::<Test>::OutflowLimited);
        assert_eq!(Margin::max_withdrawal(&sub(BOB), COIN), 0);
        // Another asset has limits of its own, and everything but leaving goes on.
        fund(BOB, 10);
        assert_ok!(Margin::withdraw(
            RuntimeOrigin::signed(BOB),
            0,
            SETTLEMENT,
            1
        ));
        assert_ok!(Margin::transfer(
            RuntimeOrigin::signed(BOB),
            0,
            1,
            COIN,
            COIN_UNIT
        ));
    });
}

#[test]
fn room_should_come_back_in_a_straight_line_when_time_passes() {
    with_old_deposits(|| {
        assert_ok!(withdraw(ALICE, 5_000 * COIN_UNIT));
        later(HOUR / 4);
        // A quarter of 5,000 is back, and of what is left for good 1 % may not leave again.
        let quarter = 1_250 * COIN_UNIT - 1_250 * COIN_UNIT / 100;
        assert_eq!(room(), quarter);
        assert_noop!(withdraw(ALICE, quarter + 1), Error::<Test>::OutflowLimited);
        assert_ok!(withdraw(ALICE, quarter));
        later(HOUR);
        // All of it, and a little less for what has left for good.
        assert!(
            (4_937..=4_950).contains(&(room() / COIN_UNIT)),
            "{}",
            room()
        );
    });
}

#[test]
fn day_should_limit_when_every_hour_is_used() {
    with_old_deposits(|| {
        let mut left = 0;
        for _ in 0..24 {
            let may = room();
            assert_ok!(withdraw(ALICE, may));
            left += may;
            later(HOUR);
        }
        let fraction = left * 1_000 / (500_000 * COIN_UNIT);
        // 10 %, and what most of a day gave back of it.
        assert!((100..200).contains(&fraction), "{fraction}");
        let outflow = Outflows::<Test>::get(COIN);
        assert!(outflow.hour.net.unsigned_abs() < outflow.day.net.unsigned_abs());
    });
}

#[test]
fn withdrawal_should_work_when_as_much_just_came_in() {
    with_old_deposits(|| {
        assert_ok!(withdraw(ALICE, 5_000 * COIN_UNIT));
        deposit(CAROL, 100_000);
        assert_ok!(withdraw(CAROL, 100_000 * COIN_UNIT));
        // Who comes and goes takes nothing of the others' room, and gives none.
        assert_noop!(withdraw(ALICE, 1), Error::<Test>::OutflowLimited);
        later(HOUR / 4);
        assert_eq!(room() / COIN_UNIT, 1_237);
    });
}

#[test]
fn small_pot_should_be_held_to_its_cap_only() {
    new_test_ext().execute_with(|| {
        deposit(ALICE, 900);
        later(2 * DAY);
        // A thousandth of the cap of a million.
        assert_eq!(Margin::outflow_room(COIN).unwrap().hour, 1_000 * COIN_UNIT);
        assert_eq!(room(), 900 * COIN_UNIT);
        assert_ok!(withdraw(ALICE, 900 * COIN_UNIT));
        assert!(!TotalDeposited::<Test>::contains_key(COIN));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn limits_should_hold_from_the_next_withdrawal_on_when_they_are_set() {
    with_old_deposits(|| {
        let root = RuntimeOrigin::root;
        let narrow = OutflowParams {
            hour: OutflowLimit {
                pot: Rate::basis_points(50),
                cap: Rate::basis_points(1),
            },
            ..OutflowParams::default()
        };
        assert_ok!(withdraw(ALICE, 5_000 * COIN_UNIT));
        assert_ok!(Margin::set_outflow_limits(root(), narrow));
        System::assert_last_event(Event::OutflowLimitsSet { limits: narrow }.into());
        assert_eq!(room(), 0);
        assert_ok!(Margin::do_try_state());
        // What comes in afterwards changes nothing of what was let out by the old limit.
        deposit(CAROL, 1);
        assert_ok!(Margin::do_try_state());

        let wide = OutflowParams::default();
        assert_noop!(
            Margin::set_outflow_limits(root(), wide),
            Error::<Test>::ChangedRecently
        );
        later(DAY);
        assert_ok!(Margin::set_outflow_limits(root(), wide));
    });
}

#[test]
fn limits_should_be_refused_when_out_of_bounds_or_not_from_governance() {
    new_test_ext().execute_with(|| {
        let good = OutflowParams::default();
        assert!(good.is_valid());
        assert_noop!(
            Margin::set_outflow_limits(RuntimeOrigin::signed(ALICE), good),
            sp_runtime::DispatchError::BadOrigin
        );
        let bad = |change: fn(&mut OutflowParams)| {
            let mut params = good;
            change(&mut params);
            assert_noop!(
                Margin::set_outflow_limits(RuntimeOrigin::root(), params),
                Error::<Test>::InvalidOutflowLimits
            );
        };
        bad(|p| p.hour.pot = Rate::ZERO);
        bad(|p| p.hour.pot = Rate::percent(11));
        bad(|p| p.day.pot = Rate::percent(51));
        bad(|p| p.hour.cap = Rate::ZERO);
        bad(|p| p.hour.cap = Rate::basis_points(101));
        bad(|p| p.day.cap = Rate::percent(21));
        assert_eq!(OutflowLimits::<Test>::get(), good);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// From any moment of a random run on, no more leaves on balance than the limit, what time gave back, and
    /// what had come in shortly before.
    #[test]
    fn outflow_should_stay_within_every_window_when_people_come_and_go(
        steps in prop::collection::vec((0..3u64, any::<bool>(), 1..30_000u128, 0..2_000_000u64), 1..120),
    ) {
        new_test_ext().execute_with(|| {
            for who in [ALICE, BOB, CAROL] {
                deposit(who, 200_000);
            }
            later(2 * DAY);
            // Moment, pot, and what had come in and not been forgotten of both windows, before each step.
            let mut seen: Vec<(u64, u128, [u128; 2])> = Vec::new();
            for (who, into, coins, pause) in steps {
                let pot = TotalDeposited::<Test>::get(COIN);
                let outflow = Outflows::<Test>::get(COIN);
                let came_in = [outflow.hour, outflow.day].map(|window| (-window.net.min(0)).unsigned_abs());
                seen.push((Now::get(), pot, came_in));
                let who = who + 1;
                let amount = coins * COIN_UNIT;
                let origin = RuntimeOrigin::signed(who);
                let _ = with_storage_layer(|| match into {
                    true => Margin::deposit(origin, 0, COIN, amount),
                    false => Margin::withdraw(origin, 0, COIN, amount),
                });
                let pot = TotalDeposited::<Test>::get(COIN);
                for (at, before, came_in) in &seen {
                    let elapsed = Now::get() - at;
                    // The largest the pot has been since: limits follow it.
                    let most = seen.iter().filter(|(other, ..)| other >= at).map(|(_, pot, _)| *pot).max().unwrap();
                    for (period, share, floor, came_in) in [(HOUR, 100, 1_000, came_in[0]), (DAY, 10, 100, came_in[1])] {
                        let limit = (most / share).max(1_000_000 * COIN_UNIT / floor);
                        let back = limit * u128::from(elapsed) / u128::from(period);
                        let out = before.saturating_sub(pot);
                        assert!(out <= limit + back + came_in, "{out} of {limit} and {back} in {elapsed} ms");
                    }
                }
                assert_ok!(Margin::do_try_state());
                later(pause);
            }
        });
    }
}
