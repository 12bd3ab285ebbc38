//! Interest over time, and where it goes.

use super::*;
use crate::{Books, Event};
use bulwark_primitives::{Index, Rate};
use bulwark_traits::{LendingPool, LossFund};

#[test]
fn interest_should_be_shared_when_a_debt_stands() {
    new_test_ext().execute_with(|| {
        supply(ALICE, 1_000);
        borrow(CAROL, Usd::dollars(800));
        // 80 % use: 10 % a year; at the kink the curve does not move.
        let pool = Lending::pool().unwrap();
        assert_eq!(pool.borrow_rate, Rate::percent(10));
        assert_eq!(pool.supply_rate, Rate::basis_points(680));
        minutes(60);
        let pool = Lending::pool().unwrap();
        let interest = pool.borrowed.0 - Usd::dollars(800).0;
        // 800 USD * 10 % / 8,760 hours = 9,132.4; the use, and so the rate, rises a little.
        assert!((9_132..=9_140).contains(&interest), "{interest}");
        let earned = pool.supplied.0 - Usd::dollars(1_000).0;
        assert!((interest * 85 / 100 - 1..=interest * 85 / 100 + 1).contains(&earned));
        check();
        // At the touch the debt is what was booked, or a unit of rounding more.
        let debt = touch(CAROL);
        assert!((0..=1).contains(&(debt.0 - pool.borrowed.0)), "{debt:?}");
        check();
    });
}

#[test]
fn reserve_should_go_to_the_fund_when_the_hour_is_over() {
    new_test_ext().execute_with(|| {
        supply(ALICE, 1_000);
        borrow(CAROL, Usd::dollars(800));
        minutes(59);
        assert_eq!(Fund::balance(), Usd::ZERO);
        assert!(Books::<Test>::get().reserve > Usd::ZERO);
        minutes(1);
        let fund = Fund::balance();
        assert!((1_369..=1_372).contains(&fund.0), "{fund:?}");
        assert_eq!(Books::<Test>::get().reserve, Usd::ZERO);
        let found = System::events()
            .into_iter()
            .find_map(|record| match record.event {
                RuntimeEvent::Lending(Event::HourClosed { reserve, .. }) => Some(reserve),
                _ => None,
            });
        assert_eq!(found, Some(fund));
        check();
    });
}

#[test]
fn indices_should_rise_when_time_passes_and_never_within_a_block() {
    new_test_ext().execute_with(|| {
        supply(ALICE, 1_000);
        borrow(CAROL, Usd::dollars(900));
        let before = Lending::pool().unwrap();
        assert_eq!(before.borrow_index, Index::ONE);
        borrow(CAROL, Usd::dollars(1));
        repay(CAROL, Usd::dollars(1));
        assert_eq!(Lending::pool().unwrap(), before);
        minutes(60);
        let after = Lending::pool().unwrap();
        assert!(after.borrow_index > before.borrow_index);
        assert!(after.supply_index > before.supply_index);
        // Above the kink the curve rises.
        assert!(after.scaling > Rate::ONE);
        check();
    });
}

#[test]
fn curve_should_stop_at_its_bound_when_nobody_borrows() {
    new_test_ext().execute_with(|| {
        supply(ALICE, 1_000);
        let mut last = Lending::pool().unwrap().borrow_rate;
        assert_eq!(last, Rate::percent(2));
        for _ in 0..20 {
            minutes(24 * 60);
            let rate = Lending::pool().unwrap().borrow_rate;
            assert!(rate <= last);
            last = rate;
        }
        assert_eq!(last, Rate::percent(1));
        check();
    });
}

#[test]
fn fund_should_have_all_interest_when_nobody_supplies() {
    new_test_ext().execute_with(|| {
        borrow(CAROL, Usd::dollars(1_000));
        minutes(60);
        // 150 % a year.
        let fund = Fund::balance();
        assert!((171_000..=172_000).contains(&fund.0), "{fund:?}");
        check();
        repay(CAROL, Usd::MAX);
        assert_eq!(Books::<Test>::get().unsettled, Usd::ZERO);
        check();
    });
}

#[test]
fn settling_should_do_nothing_when_there_is_no_interest() {
    new_test_ext().execute_with(|| {
        let before = Books::<Test>::get();
        for interest in [Usd::ZERO, Usd(-1), Usd(i128::MIN)] {
            <Lending as LendingPool>::settle(interest);
        }
        assert_eq!(Books::<Test>::get(), before);
        // Nobody booked it: it is the fund's.
        <Lending as LendingPool>::settle(Usd(3));
        assert_eq!(Books::<Test>::get().reserve, Usd(3));
        assert_eq!(<Lending as LendingPool>::booked(), Usd(3));
    });
}
