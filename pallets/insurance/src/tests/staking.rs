//! Stakers: in, earning, losing, and out.

use crate::{mock::*, shares::MIN_STAKE, types::Stake, Error, Event, StakePool};
use bulwark_primitives::{MarketId, Usd};
use bulwark_traits::{LossFund, Reserves};
use frame_support::{assert_noop, assert_ok};

const A: MarketId = MarketId(1);
const B: MarketId = MarketId(2);

fn usd(dollars: i64) -> Usd {
    Usd::dollars(dollars)
}

fn by(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Stakers 1 and 2 with 300 and 100, behind 400 of the fund's own.
fn staked() -> sp_io::TestExternalities {
    let mut ext = new_test_ext(usd(400));
    ext.execute_with(|| {
        for (who, amount) in [(1, 300), (2, 100)] {
            Wallets::set(who, usd(amount));
            assert_ok!(Insurance::stake(by(who), usd(amount)));
        }
        check();
    });
    ext
}

fn leave(who: u64) -> Usd {
    let shares = Insurance::stake_of(&who).shares;
    assert_ok!(Insurance::request_unstake(by(who), shares));
    System::set_block_number(System::block_number() + 1_000);
    assert_ok!(Insurance::unstake(by(who)));
    check();
    Wallets::get(who)
}

#[test]
fn income_should_be_shared_by_whose_money_stands_for_it() {
    staked().execute_with(|| {
        // In the test the pot gets what is credited.
        Wallets::set(9, usd(80));
        assert_ok!(Insurance::contribute(by(9), usd(80)));
        assert_eq!(
            StakePool::<Test>::get().assets,
            usd(400),
            "a gift is the fund's"
        );
        Insurance::credit(usd(88));
        // 400 of 880.
        assert_eq!(StakePool::<Test>::get().assets, usd(440));
        assert_eq!(<Insurance as LossFund>::balance(), usd(968));
        System::assert_last_event(
            Event::StakersCredited {
                amount: usd(40),
                assets: usd(440),
            }
            .into(),
        );
        assert_ok!(Insurance::do_try_state());
    });
}

#[test]
fn stakers_should_pay_after_the_fund_and_pro_rata() {
    staked().execute_with(|| {
        assert_eq!(Insurance::draw(A, usd(400)), usd(400));
        assert_eq!(StakePool::<Test>::get().assets, usd(400));
        assert_eq!(
            Insurance::available(A),
            Reserves {
                stakers: usd(400),
                ..Reserves::default()
            }
        );
        assert_eq!(Insurance::draw(A, usd(200)), usd(200));
        Wallets::lose(usd(600));
        assert_eq!((leave(1), leave(2)), (usd(150), usd(50)));
        assert_eq!(StakePool::<Test>::get().shares, 0);
    });
}

#[test]
fn cap_of_a_tier_should_be_of_stakes_too() {
    staked().execute_with(|| {
        // 20 % of 800, and the fund's own pays them.
        assert_eq!(Insurance::available(B).own, usd(160));
        assert_eq!(Insurance::draw(A, usd(300)), usd(300));
        // 20 % of 500: all of it the fund's own 100.
        let reserves = Insurance::available(B);
        assert_eq!((reserves.own, reserves.stakers), (usd(100), Usd::ZERO));
    });
}

#[test]
fn new_stakers_should_not_share_with_those_who_lost_everything() {
    staked().execute_with(|| {
        assert_eq!(Insurance::draw(A, usd(5_000)), usd(800));
        Wallets::lose(usd(800));
        check();
        Wallets::set(3, usd(50));
        assert_ok!(Insurance::stake(by(3), usd(50)));
        assert_eq!(
            Insurance::stake_of(&1),
            Stake {
                epoch: 1,
                ..Stake::default()
            }
        );
        assert_noop!(
            Insurance::request_unstake(by(1), 1),
            Error::<Test>::NotThatManyShares
        );
        assert_eq!(leave(3), usd(50));
        // Who lost may come again.
        Wallets::set(1, usd(70));
        assert_ok!(Insurance::stake(by(1), usd(70)));
        check();
        assert_eq!(leave(1), usd(70));
    });
}

#[test]
fn stake_should_fail_when_it_is_too_small_or_not_there() {
    new_test_ext(Usd::ZERO).execute_with(|| {
        for amount in [Usd(-1), Usd::ZERO, Usd(MIN_STAKE.0 - 1)] {
            assert_noop!(
                Insurance::stake(by(1), amount),
                Error::<Test>::BelowMinimumStake
            );
        }
        assert!(Insurance::stake(by(1), MIN_STAKE).is_err());
        assert_eq!(StakePool::<Test>::get().shares, 0);
    });
}

#[test]
fn unstake_should_wait_for_the_cooldown_and_lapse_after_the_window() {
    staked().execute_with(|| {
        assert_noop!(Insurance::unstake(by(1)), Error::<Test>::NothingRequested);
        for shares in [0, u128::MAX] {
            assert_noop!(
                Insurance::request_unstake(by(1), shares),
                Error::<Test>::NotThatManyShares
            );
        }
        assert_ok!(Insurance::request_unstake(by(1), 1_000_000));
        System::set_block_number(1_000);
        assert_noop!(Insurance::unstake(by(1)), Error::<Test>::CoolingDown);
        System::set_block_number(1_202);
        assert_noop!(Insurance::unstake(by(1)), Error::<Test>::RequestExpired);
        // A new request starts again, with another amount.
        assert_ok!(Insurance::request_unstake(by(1), 2_000_000));
        assert_noop!(Insurance::unstake(by(1)), Error::<Test>::CoolingDown);
        System::set_block_number(2_202);
        assert_ok!(Insurance::unstake(by(1)));
        assert_eq!(Wallets::get(1), usd(2));
        assert_noop!(Insurance::unstake(by(1)), Error::<Test>::NothingRequested);
        check();
    });
}

#[test]
fn nobody_should_leave_while_a_loss_is_open_or_just_was() {
    staked().execute_with(|| {
        assert_ok!(Insurance::request_unstake(by(1), 1_000_000));
        System::set_block_number(1_010);
        Losses::set(true);
        assert_noop!(Insurance::unstake(by(1)), Error::<Test>::LossOpen);
        Losses::set(false);
        Insurance::draw(B, usd(1));
        Wallets::lose(usd(1));
        System::set_block_number(1_059);
        assert_noop!(Insurance::unstake(by(1)), Error::<Test>::LossOpen);
        System::set_block_number(1_060);
        assert_ok!(Insurance::unstake(by(1)));
        check();
    });
}

#[test]
fn requested_shares_should_bear_losses_until_they_are_paid() {
    staked().execute_with(|| {
        let shares = Insurance::stake_of(&1).shares;
        assert_ok!(Insurance::request_unstake(by(1), shares));
        assert_eq!(Insurance::draw(A, usd(600)), usd(600));
        Wallets::lose(usd(600));
        System::set_block_number(1_001);
        assert_ok!(Insurance::unstake(by(1)));
        assert_eq!(Wallets::get(1), usd(150));
        check();
    });
}
