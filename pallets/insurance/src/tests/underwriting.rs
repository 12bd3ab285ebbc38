//! Underwriters: in, earning, paying, and out.

use super::*;
use crate::{shares::MIN_STAKE, Error, Event, Underwriters};
use frame_support::assert_noop;

/// Blocks of the cooldown and of the window after it.
const COOLDOWN: u64 = 32 * DAY;
const WINDOW: u64 = 200;

fn shares(who: u64) -> u128 {
    Insurance::underwriter(A, who).map_or(0, |stake| stake.shares)
}

fn request(who: u64, shares: u128) {
    assert_ok!(Insurance::request_withdrawal(by(who), A, shares));
    check();
}

#[test]
fn underwrite_should_fail_when_it_is_too_little_or_not_there_or_for_no_market() {
    new_test_ext(Usd::ZERO).execute_with(|| {
        Wallets::set(1, usd(100));
        for amount in [Usd(-1), Usd::ZERO, Usd(MIN_STAKE.0 - 1)] {
            assert_noop!(
                Insurance::underwrite(by(1), A, amount),
                Error::<Test>::BelowMinimumStake
            );
        }
        assert_noop!(
            Insurance::underwrite(by(1), MarketId(9), usd(50)),
            Error::<Test>::UnknownMarket
        );
        assert!(Insurance::underwrite(by(1), A, usd(101)).is_err());
        assert_eq!(Insurance::cover_pool(A).unwrap().shares, 0);
        assert_eq!(Insurance::underwriter(A, 1), None);
    });
}

#[test]
fn premiums_and_losses_should_be_shared_pro_rata() {
    underwritten().execute_with(|| {
        underwrite(3, 3_000);
        let premium = buy(2, 2_000, 3);
        go_to(50);
        assert_eq!(lose(2, usd(2_000)), usd(2_000));
        let all = usd(2_000).checked_add(premium).unwrap();
        for (who, part) in [(1, 1), (3, 3)] {
            let worth = Insurance::underwriter(A, who).unwrap().worth;
            assert_eq!(worth.0, all.0 * part / 4, "{who}");
        }
    });
}

#[test]
fn who_comes_for_a_block_should_earn_no_more_than_a_block() {
    underwritten().execute_with(|| {
        let premium = buy(2, 900, 30);
        underwrite(3, 99_000);
        go_to(2);
        let visitor = Insurance::underwriter(A, 3).unwrap().worth;
        let gained = visitor.0 - usd(99_000).0;
        assert!(gained <= premium.0 / 3_000, "{gained} of {premium:?}");
    });
}

#[test]
fn withdraw_should_wait_for_the_cooldown_and_lapse_after_the_window() {
    underwritten().execute_with(|| {
        let withdraw = || Insurance::withdraw(by(1), A);
        assert_noop!(withdraw(), Error::<Test>::NothingRequested);
        for shares in [0, u128::MAX, 1_000_000_001] {
            assert_noop!(
                Insurance::request_withdrawal(by(1), A, shares),
                Error::<Test>::NotThatManyShares
            );
        }
        request(1, 1_000_000);
        System::assert_last_event(
            Event::WithdrawalRequested {
                market: A,
                who: 1,
                shares: 1_000_000,
                claimable_from: 1 + COOLDOWN,
            }
            .into(),
        );
        go_to(COOLDOWN);
        assert_noop!(withdraw(), Error::<Test>::CoolingDown);
        go_to(2 + COOLDOWN + WINDOW);
        assert_noop!(withdraw(), Error::<Test>::RequestExpired);
        // A new request starts again, with another amount.
        request(1, 2_000_000);
        assert_noop!(withdraw(), Error::<Test>::CoolingDown);
        go_to(System::block_number() + COOLDOWN);
        Losses::set(true);
        assert_noop!(withdraw(), Error::<Test>::LossOpen);
        Losses::set(false);
        assert_ok!(withdraw());
        check();
        assert_eq!(Wallets::get(1), usd(2));
        assert_eq!(shares(1), 998_000_000);
        request(1, 998_000_000);
        go_to(System::block_number() + COOLDOWN);
        assert_ok!(withdraw());
        check();
        assert_eq!(Wallets::get(1), usd(1_000));
        assert!(!Underwriters::<Test>::contains_key(A, 1));
        assert_eq!(Insurance::cover_pool(A).unwrap().assets, Usd::ZERO);
    });
}

#[test]
fn requested_shares_should_bear_losses_and_back_no_new_policy() {
    underwritten().execute_with(|| {
        underwrite(3, 1_000);
        request(1, shares(1));
        let pool = Insurance::cover_pool(A).unwrap();
        assert_eq!((pool.capacity, pool.leaving), (usd(1_000), usd(1_000)));
        assert_eq!(Insurance::cover_quote(A, usd(1_001), 3), None);
        let premium = buy(2, 1_000, 3);
        go_to(50);
        assert_eq!(lose(2, usd(1_000)), usd(1_000));
        let left = Insurance::underwriter(A, 1).unwrap();
        assert_eq!(left.worth.0, (usd(1_000).0 + premium.0) / 2);
        assert_eq!(
            left.requested,
            Some((1_000_000_000, 1 + COOLDOWN, 1 + COOLDOWN + WINDOW))
        );
        // He may stay after all.
        request(1, 0);
        let pool = Insurance::cover_pool(A).unwrap();
        assert_eq!((pool.capacity, pool.leaving), (pool.assets, Usd::ZERO));
        assert_noop!(
            Insurance::request_withdrawal(by(1), A, 0),
            Error::<Test>::NotThatManyShares
        );
    });
}

#[test]
fn capital_should_stay_while_what_is_sold_needs_it_and_be_free_after_the_cooldown() {
    underwritten().execute_with(|| {
        // All of it is sold for as long as possible, just before he wants out.
        buy(2, 1_000, 30);
        request(1, shares(1));
        let ends = Insurance::policies(sub(2))[0].1.until;
        assert!(u64::from(ends) <= 1 + COOLDOWN);
        // Of new money nothing is sold while the old has to stand for what was sold before.
        underwrite(3, 500);
        go_to(3_000);
        assert_eq!(Insurance::cover_quote(A, usd(10), 1), None);
        // All of it when that is over, beyond the end of the cooldown.
        go_to(3_150);
        buy(4, 500, 30);
        go_to(1 + COOLDOWN);
        assert_ok!(Insurance::withdraw(by(1), A));
        check();
        let pool = Insurance::cover_pool(A).unwrap();
        assert!(pool.sold > Usd::ZERO && pool.sold <= pool.assets);
    });
}

#[test]
fn withdraw_should_be_refused_when_a_policy_outlasts_the_request() {
    underwritten().execute_with(|| {
        request(1, shares(1));
        go_to(1 + COOLDOWN);
        // The books of a market whose request did not keep its shares from being sold.
        crate::CoverBooks::<Test>::mutate(A, |book| book.leaving = 0);
        Wallets::set(2, usd(1_000_000));
        assert_ok!(Insurance::buy_cover(by(2), 0, A, usd(10), 1, Usd::MAX));
        crate::CoverBooks::<Test>::mutate(A, |book| book.leaving = 1_000_000_000);
        assert_noop!(Insurance::withdraw(by(1), A), Error::<Test>::CapitalNeeded);
    });
}

#[test]
fn nobody_should_leave_right_after_a_payment() {
    underwritten().execute_with(|| {
        request(1, 1_000_000);
        go_to(COOLDOWN - 100);
        buy(2, 100, 3);
        go_to(1 + COOLDOWN);
        assert_eq!(lose(2, usd(1)), usd(1));
        assert_noop!(Insurance::withdraw(by(1), A), Error::<Test>::LossOpen);
        go_to(1 + COOLDOWN + 49);
        assert_noop!(Insurance::withdraw(by(1), A), Error::<Test>::LossOpen);
        go_to(1 + COOLDOWN + 50);
        assert_ok!(Insurance::withdraw(by(1), A));
        check();
    });
}
