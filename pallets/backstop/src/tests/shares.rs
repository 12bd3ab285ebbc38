//! What depositors get for what they put in and what they get out.

use super::{capital, free, last_event};
use crate::{mock::*, types::Holding, Books, Error, Event, Holdings, Total, MIN_DEPOSIT};
use bulwark_primitives::{PriceError, Shares, Usd};
use bulwark_traits::Backstop as _;
use frame_support::{assert_noop, assert_ok};

/// Shares of a dollar at first.
const DOLLAR: u128 = 1_000_000_000_000;

fn deposit(who: u64, amount: Usd) -> sp_runtime::DispatchResult {
    Backstop::deposit(RuntimeOrigin::signed(who), amount)
        .map(|_| ())
        .map_err(|failed| failed.error)
}

fn withdraw(who: u64) -> sp_runtime::DispatchResult {
    Backstop::withdraw(RuntimeOrigin::signed(who))
        .map(|_| ())
        .map_err(|failed| failed.error)
}

fn request(who: u64, shares: u128) -> sp_runtime::DispatchResult {
    Backstop::request_withdrawal(RuntimeOrigin::signed(who), Shares(shares))
}

fn shares(who: u64) -> u128 {
    Backstop::holding_of(&who).shares.0
}

/// The vault takes over so many units of the first market at mark.
fn take(units: i128) {
    Ledger::set_position(MARKET, units, 100);
    let done = Backstop::take_over(&offer(MARKET, units, 10_000)).unwrap();
    assert!(!done.quantity.is_zero());
}

#[test]
fn deposit_should_buy_a_million_shares_a_unit_when_it_is_the_first() {
    new_test_ext().execute_with(|| {
        assert_ok!(deposit(ALICE, Usd::dollars(1_000)));
        assert_eq!(shares(ALICE), 1_000 * DOLLAR);
        assert_eq!(free(), Usd::dollars(1_000));
        assert_eq!(
            last_event(),
            Event::Deposited {
                who: ALICE,
                amount: Usd::dollars(1_000),
                shares: Shares(1_000 * DOLLAR),
            }
            .into()
        );
        check();
    });
}

#[test]
fn deposit_should_buy_at_the_better_value_and_withdraw_pay_the_worse() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        take(200);
        // Worth 100,000 at mark and 98,000 at the slow price.
        Prices::set_slow(INDEX, 90);
        let value = Backstop::value().unwrap();
        assert_eq!(value.worse, Usd::dollars(98_000));
        assert_eq!(value.better, Usd::dollars(100_000));
        assert_eq!(value.notional, Usd::dollars(20_000));
        assert_ok!(deposit(BOB, Usd::dollars(10_000)));
        assert_eq!(shares(BOB), 10_000 * DOLLAR);
        // The other way round it is the slow price that is better.
        Prices::set_slow(INDEX, 110);
        assert_eq!(Backstop::value().unwrap().better, Usd::dollars(112_000));
        Prices::set_slow(INDEX, 90);
        assert_ok!(request(BOB, 10_000 * DOLLAR));
        System::set_block_number(101);
        assert_ok!(withdraw(BOB));
        // 108,000 / 11, rounded down.
        assert_eq!(
            Ledger::wallet(BOB),
            Usd(990_000_000_000 + 108_000_000_000 / 11)
        );
        assert_eq!(Holdings::<Test>::get(BOB), Holding::default());
        check();
    });
}

#[test]
fn deposit_should_fail_and_change_nothing_when_it_is_bad() {
    new_test_ext().execute_with(|| {
        for amount in [Usd(MIN_DEPOSIT.0 - 1), Usd::ZERO, Usd(-1), Usd(i128::MIN)] {
            assert_noop!(deposit(ALICE, amount), Error::<Test>::BelowMinimumDeposit);
        }
        for amount in [Usd::dollars(1_000_001), Usd::MAX] {
            let failed = deposit(ALICE, amount);
            assert!(failed.is_err(), "{amount:?}");
        }
        capital(10_000);
        take(50);
        Prices::set_uncertain(INDEX, 100);
        assert_noop!(deposit(BOB, MIN_DEPOSIT), Error::<Test>::NoPrice);
        Prices::set_result(INDEX, Err(PriceError::Stale));
        assert_noop!(deposit(BOB, MIN_DEPOSIT), Error::<Test>::NoPrice);
    });
}

#[test]
fn nobody_should_drive_the_price_of_a_share_up_when_he_is_alone() {
    new_test_ext().execute_with(|| {
        // A dollar's shares, and a gain of 5,000 USD on it.
        assert_ok!(deposit(ALICE, Usd::dollars(100)));
        assert_ok!(request(ALICE, 99 * DOLLAR));
        System::set_block_number(101);
        assert_ok!(withdraw(ALICE));
        let there = Usd::dollars(5_001);
        Ledger::set_balance(&Backstop::free_account(), there);
        assert_ok!(deposit(BOB, Usd::dollars(1_000)));
        let worth = Backstop::depositor(BOB).1.unwrap();
        // Less than a cent is lost by rounding.
        assert!(worth.0 > 999_990_000 && worth.0 <= 1_000_000_000);
        check();
    });
}

#[test]
fn withdraw_should_wait_for_the_cooldown_and_end_with_the_window() {
    new_test_ext().execute_with(|| {
        capital(1_000);
        assert_noop!(withdraw(ALICE), Error::<Test>::NothingRequested);
        assert_ok!(request(ALICE, 500 * DOLLAR));
        assert_eq!(
            last_event(),
            Event::WithdrawalRequested {
                who: ALICE,
                shares: Shares(500 * DOLLAR),
                claimable_from: 101,
            }
            .into()
        );
        System::set_block_number(100);
        assert_noop!(withdraw(ALICE), Error::<Test>::CoolingDown);
        System::set_block_number(152);
        assert_noop!(withdraw(ALICE), Error::<Test>::RequestExpired);
        assert_ok!(request(ALICE, 500 * DOLLAR));
        System::set_block_number(252);
        assert_ok!(withdraw(ALICE));
        assert_eq!(Ledger::wallet(ALICE), Usd::dollars(999_500));
        assert_eq!(shares(ALICE), 500 * DOLLAR);
        assert_noop!(withdraw(ALICE), Error::<Test>::NothingRequested);
        check();
    });
}

#[test]
fn request_should_be_of_what_is_there() {
    new_test_ext().execute_with(|| {
        capital(1_000);
        for bad in [0, 1_000 * DOLLAR + 1, u128::MAX] {
            assert_noop!(request(ALICE, bad), Error::<Test>::NotThatManyShares);
        }
        assert_noop!(request(BOB, 1), Error::<Test>::NotThatManyShares);
        assert_ok!(request(ALICE, 1_000 * DOLLAR - 1));
        assert_ok!(request(ALICE, 1_000 * DOLLAR));
    });
}

#[test]
fn nobody_should_leave_while_a_loss_is_open_or_too_much_is_held() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        assert_ok!(deposit(BOB, Usd::dollars(100_000)));
        assert_ok!(request(BOB, 100_000 * DOLLAR));
        take(300);
        System::set_block_number(101);
        Open::set(true);
        assert_noop!(withdraw(BOB), Error::<Test>::LossOpen);
        Open::set(false);
        // 30,000 is more than a quarter of the 100,000 that would be left.
        assert_noop!(withdraw(BOB), Error::<Test>::HoldsTooMuch);
        Prices::set_uncertain(INDEX, 100);
        assert_noop!(withdraw(BOB), Error::<Test>::NoPrice);
        Prices::set(INDEX, 100);
        Book::set(MARKET, bulwark_primitives::Side::Bid, 300, 10_000);
        // 68 units are sold in five blocks.
        pass(5);
        assert_ok!(withdraw(BOB));
        check();
    });
}

#[test]
fn withdraw_should_fail_when_what_is_asked_for_is_in_a_market() {
    new_test_ext().execute_with(|| {
        capital(1_000);
        take(4);
        crate::Params::<Test>::mutate(|params| {
            params.exit_notional = bulwark_primitives::Rate::ONE;
        });
        assert_ok!(request(ALICE, 1_000 * DOLLAR));
        System::set_block_number(101);
        assert_noop!(withdraw(ALICE), Error::<Test>::HoldsTooMuch);
        assert_ok!(request(ALICE, 600 * DOLLAR));
        System::set_block_number(201);
        assert_ok!(withdraw(ALICE));
        // A gain that is not realised is worth something, and nobody can be paid with it.
        Ledger::set_balance(&Backstop::free_account(), Usd::dollars(10));
        Prices::set(INDEX, 190);
        assert_ok!(request(ALICE, 50 * DOLLAR));
        System::set_block_number(301);
        crate::Params::<Test>::mutate(|params| {
            params.exit_notional = bulwark_primitives::Rate(u64::MAX);
        });
        assert_noop!(withdraw(ALICE), Error::<Test>::CapitalAtRisk);
    });
}

#[test]
fn leavers_should_bear_losses_while_they_wait() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        assert_ok!(request(ALICE, 100_000 * DOLLAR));
        take(400);
        Prices::set(INDEX, 50);
        liquidate_vault(MARKET);
        pass(1);
        System::set_block_number(101);
        assert_ok!(withdraw(ALICE));
        // 4,000 and 8 units were put into the market.
        assert_eq!(Ledger::wallet(ALICE), Usd(996_000_000_000 - 8));
        assert_eq!(Total::<Test>::get().shares, Shares(0));
        check();
    });
}

#[test]
fn new_epoch_should_begin_when_next_to_nothing_is_left() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        Ledger::set_balance(&Backstop::free_account(), Usd(99_999));
        assert_ok!(deposit(BOB, Usd::dollars(1_000)));
        // What is left counts for who comes.
        assert_eq!(shares(BOB), 1_000_000_000 * DOLLAR / 1_099_999);
        assert_eq!((shares(ALICE), Total::<Test>::get().epoch), (0, 1));
        assert_noop!(request(ALICE, 1), Error::<Test>::NotThatManyShares);
        assert_eq!(Backstop::depositor(ALICE), (Shares(0), Some(Usd::ZERO)));
        // She may come again.
        assert_ok!(deposit(ALICE, Usd::dollars(1_000)));
        check();
    });
}

#[test]
fn old_shares_should_count_while_a_millionth_is_left() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        Ledger::set_balance(&Backstop::free_account(), Usd(100_000));
        assert_ok!(deposit(BOB, Usd::dollars(1_000)));
        assert_eq!(Total::<Test>::get().epoch, 0);
        // He pays at most a dollar for what is virtual.
        let worth = Backstop::depositor(BOB).1.unwrap();
        assert!(worth > Usd::dollars(998) && worth <= Usd::dollars(1_000));
        assert!(Backstop::depositor(ALICE).1.unwrap() >= Usd(100_000));
        check();
    });
}

#[test]
fn deposit_should_wait_when_nothing_is_left_but_a_position() {
    new_test_ext().execute_with(|| {
        capital(1_000);
        take(4);
        Ledger::set_balance(&Backstop::free_account(), Usd::ZERO);
        Prices::set(INDEX, 50);
        assert!(!Books::<Test>::get(MARKET).allotted.is_zero());
        assert_noop!(deposit(BOB, Usd::dollars(1_000)), Error::<Test>::Exhausted);
    });
}

#[test]
fn summary_should_say_what_is_where() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        take(100);
        let summary = Backstop::vault();
        assert_eq!(
            summary.value,
            Some((Usd::dollars(100_000), Usd::dollars(100_000)))
        );
        assert_eq!(summary.at_risk, Usd(1_000_000_008));
        assert_eq!(summary.free.0 + summary.at_risk.0, 100_000_000_000);
        assert_eq!(summary.held, vec![(MARKET, Usd(1_000_000_008))]);
        assert_eq!(summary.lost_today, Usd::ZERO);
        Prices::set_result(INDEX, Err(PriceError::Stale));
        assert_eq!(Backstop::vault().value, None);
    });
}
