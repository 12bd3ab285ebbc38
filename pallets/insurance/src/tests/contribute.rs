//! Gifts to the fund.

use crate::{mock::*, Error, Event};
use bulwark_primitives::Usd;
use bulwark_traits::LossFund;
use frame_support::{assert_noop, assert_ok};

#[test]
fn contribute_should_move_tokens_and_grow_the_fund_when_the_wallet_can_pay() {
    new_test_ext(Usd::dollars(5)).execute_with(|| {
        Wallets::set(7, Usd::dollars(10));
        assert_ok!(Insurance::contribute(
            RuntimeOrigin::signed(7),
            Usd::dollars(4)
        ));
        assert_eq!(<Insurance as LossFund>::balance(), Usd::dollars(9));
        assert_eq!(Wallets::pot(), Usd::dollars(9));
        System::assert_last_event(
            Event::Contributed {
                who: 7,
                amount: Usd::dollars(4),
            }
            .into(),
        );
        assert_ok!(Insurance::do_try_state());
    });
}

#[test]
fn contribute_should_fail_when_there_is_nothing_to_give() {
    new_test_ext(Usd::ZERO).execute_with(|| {
        for amount in [Usd::ZERO, Usd(-1)] {
            assert_noop!(
                Insurance::contribute(RuntimeOrigin::signed(7), amount),
                Error::<Test>::NothingContributed
            );
        }
        assert!(Insurance::contribute(RuntimeOrigin::signed(7), Usd(1)).is_err());
        assert_eq!(Insurance::fund(), (Usd::ZERO, Usd::ZERO, Usd::ZERO));
    });
}

#[test]
#[should_panic(expected = "negative insurance fund")]
fn genesis_should_panic_when_the_fund_is_negative() {
    new_test_ext(Usd(-1));
}
