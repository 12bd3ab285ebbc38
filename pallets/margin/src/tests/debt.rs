//! Negative balances: interest, the sum of all debts, and what a debt does to health and withdrawals.

use crate::{mock::*, Accounts, Debts, Error, Event, TotalDebt};
use bulwark_primitives::{Factor, Index, Leg, Quantity, Side, Usd, SIZE_SCALE};
use bulwark_risk_math::interest::scaled_debt;
use bulwark_traits::{Custody, LiquidationLedger, LossFund, OrderMargin, PoolCustody};
use frame_support::{assert_noop, assert_ok};

/// An index that has grown by so many hundredths of a percent.
fn grown(basis_points: u128) -> Index {
    Index(Index::ONE.0 / 10_000 * (10_000 + basis_points))
}

/// Alice, flat, with 100 coins worth 870 USD for maintenance, owes 400 USD.
fn alice_owes() {
    fund(ALICE, 100);
    fund(BOB, 10_000);
    assert_ok!(Margin::deposit(
        RuntimeOrigin::signed(ALICE),
        0,
        COIN,
        100 * COIN_UNIT
    ));
    trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
    Prices::set(INDEX, 50);
    trade(BOB, ALICE, Side::Ask, milli(10_000), usd(50));
}

fn stored(owner: u64) -> Usd {
    Accounts::<Test>::get(sub(owner)).balance
}

fn balance(owner: u64) -> Usd {
    Margin::load(&sub(owner)).balance
}

fn check() {
    assert_ok!(Margin::do_try_state());
}

#[test]
fn debt_should_be_kept_with_its_index_when_losses_exceed_the_balance() {
    new_test_ext().execute_with(|| {
        Lender::set_index(grown(2_500));
        alice_owes();
        assert_eq!(stored(ALICE), Usd::dollars(-400));
        assert_eq!(Debts::<Test>::get(sub(ALICE)), Some(grown(2_500)));
        // 400 / 1.25.
        assert_eq!(TotalDebt::<Test>::get(), Quantity(320 * SIZE_SCALE));
        assert!(Debts::<Test>::get(sub(BOB)).is_none());
        check();
    });
}

#[test]
fn interest_should_accrue_when_the_index_rises_and_settle_when_touched() {
    new_test_ext().execute_with(|| {
        alice_owes();
        Lender::set_index(grown(500));
        // Seen at once, stored and paid at the next touch.
        assert_eq!(balance(ALICE), Usd::dollars(-420));
        assert_eq!(Margin::account(ALICE, 0).balance, Usd::dollars(-420));
        assert_eq!(stored(ALICE), Usd::dollars(-400));
        let health = Margin::account_health(&sub(ALICE)).unwrap();
        assert_eq!(health.equity, Usd::dollars(870 - 420));
        check();
        fund(ALICE, 20);
        assert_eq!(stored(ALICE), Usd::dollars(-400));
        assert_eq!(Lender::settled(), Usd::dollars(20));
        System::assert_has_event(
            Event::InterestPaid {
                account: sub(ALICE),
                amount: Usd::dollars(20),
            }
            .into(),
        );
        assert_eq!(
            TotalDebt::<Test>::get(),
            scaled_debt(Usd::dollars(400), grown(500)).unwrap()
        );
        check();
        // A second touch at the same index costs nothing, whatever rounds.
        Lender::set_index(Index(grown(500).0 + 7));
        fund(ALICE, 1);
        let after = stored(ALICE);
        fund(ALICE, 1);
        assert_eq!(stored(ALICE), Usd(after.0 + 1_000_000));
        check();
    });
}

#[test]
fn debt_should_end_when_it_is_paid() {
    new_test_ext().execute_with(|| {
        alice_owes();
        Lender::set_index(grown(1));
        fund(ALICE, 401);
        assert_eq!(stored(ALICE), Usd(960_000));
        assert_eq!(TotalDebt::<Test>::get(), Quantity::ZERO);
        assert!(Debts::<Test>::get(sub(ALICE)).is_none());
        check();
        // What is not owed does not grow.
        Lender::set_index(grown(5_000));
        assert_eq!(balance(ALICE), Usd(960_000));
        check();
    });
}

#[test]
fn sum_should_follow_when_several_accounts_owe() {
    new_test_ext().execute_with(|| {
        alice_owes();
        Lender::set_index(grown(300));
        fund(CAROL, 10);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(CAROL),
            0,
            COIN,
            1_000 * COIN_UNIT
        ));
        trade(BOB, CAROL, Side::Bid, milli(3_000), usd(50));
        Prices::set(INDEX, 40);
        trade(BOB, CAROL, Side::Ask, milli(3_000), usd(40));
        let alice = scaled_debt(Usd::dollars(400), Index::ONE).unwrap();
        let carol = scaled_debt(Usd::dollars(20), grown(300)).unwrap();
        assert_eq!(TotalDebt::<Test>::get(), Quantity(alice.0 + carol.0));
        check();
    });
}

#[test]
fn nothing_should_leave_when_the_account_owes() {
    new_test_ext().execute_with(|| {
        alice_owes();
        for (asset, amount) in [(COIN, COIN_UNIT), (SETTLEMENT, 1)] {
            let withdrawal = Margin::withdraw(RuntimeOrigin::signed(ALICE), 0, asset, amount);
            assert!(withdrawal.is_err());
        }
        assert_noop!(
            Margin::withdraw(RuntimeOrigin::signed(ALICE), 0, COIN, COIN_UNIT),
            Error::<Test>::SettlementDebt
        );
        Lender::set_index(grown(100));
        // Exactly the debt of then is not enough any more.
        fund(ALICE, 400);
        assert_noop!(
            Margin::withdraw(RuntimeOrigin::signed(ALICE), 0, COIN, COIN_UNIT),
            Error::<Test>::SettlementDebt
        );
        fund(ALICE, 4);
        assert_ok!(Margin::withdraw(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            COIN_UNIT
        ));
        check();
    });
}

#[test]
fn leg_should_be_the_debt_over_its_index() {
    new_test_ext().execute_with(|| {
        alice_owes();
        Lender::set_index(grown(2_500));
        let debt = Leg {
            factor: Factor::Debt,
            // 400 USD of the first index, which are 500 of this one.
            amount: Quantity(400 * SIZE_SCALE),
        };
        assert!(Margin::legs(&sub(ALICE)).contains(&debt));
        assert!(Margin::legs(&sub(BOB))
            .iter()
            .all(|leg| leg.factor != Factor::Debt));
        assert_eq!(
            <Margin as LiquidationLedger<u64>>::borrow_index(),
            grown(2_500)
        );
    });
}

#[test]
fn interest_should_be_settled_when_a_fill_touches_the_account_and_not_by_an_order() {
    new_test_ext().execute_with(|| {
        alice_owes();
        Lender::set_index(grown(100));
        let order = exposure(Side::Bid, milli(1_000), usd(50));
        assert_ok!(Margin::open_order(&sub(ALICE), &order));
        assert_eq!(stored(ALICE), Usd::dollars(-400));
        check();
        Lender::set_index(grown(200));
        Margin::close_order(&sub(ALICE), &order);
        assert_eq!(stored(ALICE), Usd::dollars(-400));
        assert_eq!(balance(ALICE), Usd::dollars(-408));
        check();
        Lender::set_index(grown(300));
        trade(BOB, ALICE, Side::Bid, milli(1_000), usd(50));
        assert_eq!(stored(ALICE).0, -412_000_000);
        assert_eq!(Lender::settled(), Usd::dollars(12));
        check();
    });
}

#[test]
fn fund_should_pay_the_debt_of_now_when_a_loss_is_absorbed() {
    new_test_ext().execute_with(|| {
        alice_owes();
        // 870 USD of coins fall to 87, for which the fund pays 93.5 when it takes them over.
        Prices::set(COIN, 1);
        Lender::set_index(grown(1_000));
        let fund = Fund::balance();
        let absorbed =
            Margin::absorb(&sub(ALICE), &mut |amount| Fund::draw(MARKET, amount)).unwrap();
        let all = Usd(346_500_000);
        assert_eq!((absorbed.shortfall, absorbed.paid), (all, all));
        assert_eq!(Fund::balance(), Usd(fund.0 - 440_000_000));
        assert_eq!(stored(ALICE), Usd::ZERO);
        check();
    });
}

#[test]
fn withdrawal_should_fail_by_name_when_the_pot_is_short() {
    new_test_ext().execute_with(|| {
        alice_owes();
        // Bob's profit of 500 is more than Alice's 100: the pool would lend the rest, and is empty. What
        // there is is Bob's own, Alice's 100 and the fund's 1,000.
        assert_eq!(stored(BOB), Usd::dollars(10_500));
        assert_eq!(<Margin as PoolCustody<u64>>::held(), Usd::dollars(11_100));
        assert_ok!(Margin::withdraw(
            RuntimeOrigin::signed(BOB),
            0,
            SETTLEMENT,
            10_500_000_000
        ));
        check();
        assert_noop!(
            <Margin as Custody<u64>>::pay_out(&BOB, Usd::dollars(601)),
            Error::<Test>::InsufficientLiquidity
        );
        for amount in [Usd::ZERO, Usd(-1)] {
            assert!(<Margin as Custody<u64>>::pay_out(&BOB, amount).is_err());
        }
    });
}

#[test]
fn state_should_be_refused_when_the_sum_or_an_index_is_wrong() {
    new_test_ext().execute_with(|| {
        alice_owes();
        TotalDebt::<Test>::mutate(|sum| sum.0 += 1);
        assert!(Margin::do_try_state().is_err());
        TotalDebt::<Test>::mutate(|sum| sum.0 -= 1);
        Debts::<Test>::insert(sub(BOB), Index::ONE);
        assert!(Margin::do_try_state().is_err());
        Debts::<Test>::remove(sub(BOB));
        Debts::<Test>::insert(sub(CAROL), Index::ONE);
        assert!(Margin::do_try_state().is_err());
        Debts::<Test>::remove(sub(CAROL));
        Debts::<Test>::insert(sub(ALICE), grown(1));
        assert!(Margin::do_try_state().is_err());
    });
}
