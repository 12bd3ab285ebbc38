//! Taking tokens out.

use super::*;
use crate::{Books, Error, Event, Suppliers};
use frame_support::assert_noop;

fn redeem(who: u64, shares: Shares) -> sp_runtime::DispatchResult {
    Lending::redeem(RuntimeOrigin::signed(who), shares)
}

fn short(available_basis_points: u16) -> Error<Test> {
    Error::InsufficientLiquidity {
        available_basis_points,
    }
}

#[test]
fn redeem_should_give_back_what_was_supplied_when_nothing_was_lent() {
    new_test_ext().execute_with(|| {
        supply(ALICE, 1_000);
        minutes(60);
        assert_ok!(redeem(ALICE, shares(400)));
        System::assert_last_event(
            Event::Redeemed {
                who: ALICE,
                amount: Usd::dollars(400),
                shares: shares(400),
            }
            .into(),
        );
        assert_ok!(redeem(ALICE, shares(600)));
        assert_eq!(wallet(ALICE), Usd::dollars(1_000_000));
        assert!(!Suppliers::<Test>::contains_key(ALICE));
        assert_eq!(Books::<Test>::get().supplied, Usd::ZERO);
        check();
    });
}

#[test]
fn redeem_should_pay_interest_when_there_was_any() {
    new_test_ext().execute_with(|| {
        supply(ALICE, 1_000);
        borrow(CAROL, Usd::dollars(400));
        minutes(24 * 60);
        repay(CAROL, Usd::MAX);
        assert_ok!(redeem(ALICE, shares(1_000)));
        // 400 USD at 6 % for a day, the curve falling by less than 5 % meanwhile, and 85 % of it.
        let earned = wallet(ALICE).0 - Usd::dollars(1_000_000).0;
        assert!((53_000..=55_890).contains(&earned), "{earned}");
        check();
    });
}

#[test]
fn redeem_should_wait_when_the_pool_has_lent_too_much() {
    new_test_ext().execute_with(|| {
        supply(ALICE, 600);
        supply(BOB, 400);
        borrow(CAROL, Usd::dollars(700));
        // 300 are there: half of what Alice has, three quarters of what Bob has.
        assert_noop!(redeem(ALICE, shares(600)), short(5_000));
        assert_noop!(redeem(BOB, shares(400)), short(7_500));
        // Who comes first gets it.
        assert_ok!(redeem(BOB, shares(250)));
        assert_noop!(redeem(ALICE, shares(100)), short(5_000));
        assert_ok!(redeem(ALICE, shares(50)));
        assert_noop!(redeem(ALICE, shares(1)), short(0));
        check();
        // A debt is paid, and it goes on.
        repay(CAROL, Usd::dollars(550));
        assert_ok!(redeem(ALICE, shares(550)));
        check();
    });
}

#[test]
fn redeem_should_wait_when_more_is_owed_than_was_supplied() {
    new_test_ext().execute_with(|| {
        supply(ALICE, 100);
        borrow(CAROL, Usd::dollars(5_000));
        set_held(Usd::dollars(100));
        assert_noop!(redeem(ALICE, shares(1)), short(0));
        let pool = Lending::pool().unwrap();
        assert_eq!(pool.utilisation, bulwark_primitives::Rate::ONE);
        assert_eq!(pool.available, Usd::ZERO);
    });
}

#[test]
fn redeem_should_wait_when_the_pot_is_empty() {
    new_test_ext().execute_with(|| {
        supply(ALICE, 100);
        // Profits were paid out before the losses of the other side were realised.
        set_held(Usd::dollars(25));
        assert_noop!(redeem(ALICE, shares(100)), short(2_500));
        assert_ok!(redeem(ALICE, shares(25)));
        set_held(Usd(-1));
        assert_noop!(redeem(ALICE, shares(75)), short(0));
    });
}

#[test]
fn redeem_should_fail_when_shares_are_nothing_or_not_there_or_leave_a_crumb() {
    new_test_ext().execute_with(|| {
        assert_noop!(redeem(ALICE, shares(1)), Error::<Test>::InsufficientShares);
        supply(ALICE, 10);
        assert_noop!(redeem(ALICE, Shares(0)), Error::<Test>::ZeroAmount);
        // Less than a base unit.
        assert_noop!(redeem(ALICE, Shares(999_999)), Error::<Test>::ZeroAmount);
        assert_noop!(
            redeem(ALICE, Shares(shares(10).0 + 1)),
            Error::<Test>::InsufficientShares
        );
        assert_noop!(
            redeem(ALICE, Shares(shares(9).0 + 1)),
            Error::<Test>::BelowMinimumHolding
        );
        assert_noop!(
            redeem(ALICE, Shares(u128::MAX)),
            Error::<Test>::InsufficientShares
        );
        assert_ok!(redeem(ALICE, shares(9)));
        check();
    });
}

/// The inflation attack on share-priced pools: drive the price of a share up by roundings, let a victim
/// buy too few.
#[test]
fn victim_should_lose_nothing_when_somebody_plays_with_roundings() {
    new_test_ext().execute_with(|| {
        supply(ALICE, 1);
        for _ in 0..200 {
            let price = Books::<Test>::get();
            let odd = Usd(2 * price.supplied.0 - 1);
            assert_ok!(Lending::supply(RuntimeOrigin::signed(ALICE), odd));
            let all = Suppliers::<Test>::get(ALICE);
            assert_ok!(redeem(ALICE, Shares(all.0 - shares(1).0)));
        }
        supply(BOB, 1_500);
        let (_, worth) = Lending::supplier(BOB);
        assert!(worth.0 >= Usd::dollars(1_500).0 - 1, "{worth:?}");
        check();
    });
}
