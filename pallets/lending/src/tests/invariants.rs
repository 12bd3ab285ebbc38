//! Random lives of the pool: the pot is exact after every step, and nobody takes out more than he gave
//! and earned.

use super::*;
use crate::{Books, Suppliers};
use bulwark_primitives::MarketStatus;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Supply(u64, i128),
    Redeem(u64, u128),
    Borrow(u64, u128),
    Repay(u64, u128),
    Block(u64),
    Halt(bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = || (20u32..40).prop_flat_map(|bits| 0i128..1 << bits);
    let step = prop_oneof![
        (ALICE..=BOB, amount()).prop_map(|(who, amount)| Step::Supply(who, amount)),
        (ALICE..=BOB, 0u128..=1_000).prop_map(|(who, part)| Step::Redeem(who, part)),
        (CAROL..=CAROL + 1, 0u128..=1_000).prop_map(|(who, part)| Step::Borrow(who, part)),
        (CAROL..=CAROL + 1, 0u128..=1_000).prop_map(|(who, part)| Step::Repay(who, part)),
        prop_oneof![Just(2 * SECOND), 0..2 * HOUR].prop_map(Step::Block),
        any::<bool>().prop_map(Step::Halt),
    ];
    prop::collection::vec(step, 1..80)
}

fn play(step: Step) {
    match step {
        Step::Supply(who, amount) => {
            let _ = Lending::supply(RuntimeOrigin::signed(who), Usd(amount));
        }
        Step::Redeem(who, part) => {
            let shares = Suppliers::<Test>::get(who).0 * part / 1_000;
            let _ = Lending::redeem(RuntimeOrigin::signed(who), Shares(shares));
        }
        Step::Borrow(who, part) => {
            // Now and then more than there is, as losses do; tokens are there as in a pot with others'.
            let available = Lending::pool().unwrap().available.0;
            borrow(who, Usd(available * part as i128 / 800));
        }
        Step::Repay(who, part) => {
            let debt = touch(who);
            repay(who, Usd(debt.0 * part as i128 / 900));
        }
        Step::Block(elapsed) => block(elapsed),
        Step::Halt(true) => Guard::set(MARKET, MarketStatus::Paused),
        Step::Halt(false) => Guard::set(MARKET, MarketStatus::Active),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn invariants_should_hold_when_steps_are_random(steps in steps()) {
        new_test_ext().execute_with(|| {
            for step in steps {
                let before = Books::<Test>::get();
                play(step);
                check();
                let after = Books::<Test>::get();
                assert!(after.borrow_index >= before.borrow_index);
                if !before.shares.is_zero() && !after.shares.is_zero() {
                    assert!(after.supply_index().unwrap() >= before.supply_index().unwrap());
                }
            }
            // Everybody leaves, and what is left is the fund's.
            repay(CAROL, Usd::MAX);
            repay(CAROL + 1, Usd::MAX);
            for who in [ALICE, BOB] {
                let shares = Suppliers::<Test>::get(who);
                if !shares.is_zero() {
                    assert_ok!(Lending::redeem(RuntimeOrigin::signed(who), shares));
                }
            }
            check();
            assert_eq!(Books::<Test>::get().supplied, Usd::ZERO);
        });
    }
}
