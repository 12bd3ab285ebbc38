use crate::{mock::*, Error, Event, Feeders, HoldReason, Registrations};
use bulwark_primitives::PriceError;
use bulwark_traits::PriceSource;
use frame_support::{
    assert_noop, assert_ok,
    traits::{fungible::InspectHold, SortedMembers},
};
use sp_runtime::{DispatchError, TokenError};

fn held(who: u8) -> u128 {
    Balances::balance_on_hold(&HoldReason::FeederBond.into(), &feeder(who))
}

fn register(who: u8) {
    assert_ok!(PriceOracle::register_feeder(RuntimeOrigin::signed(feeder(
        who
    ))));
}

#[test]
fn register_should_hold_the_bond_when_the_account_is_new() {
    new_test_ext().execute_with(|| {
        register(9);
        assert_eq!(held(9), BOND);
        System::assert_last_event(
            Event::FeederRegistered {
                who: feeder(9),
                bond: BOND,
            }
            .into(),
        );
        assert_noop!(
            PriceOracle::register_feeder(RuntimeOrigin::signed(feeder(9))),
            Error::<Test>::AlreadyRegistered
        );
        assert!(
            !PriceOracle::contains(&feeder(9)),
            "a bond alone feeds nothing"
        );
        assert_ok!(PriceOracle::do_try_state());
    });
}

#[test]
fn register_should_fail_when_the_bond_cannot_be_held() {
    new_test_ext().execute_with(|| {
        assert_noop!(
            PriceOracle::register_feeder(RuntimeOrigin::signed(feeder(77))),
            TokenError::FundsUnavailable
        );
    });
}

#[test]
fn feeds_should_count_when_the_feeder_is_admitted() {
    ext_with(vec![], 1).execute_with(|| {
        register(9);
        let values = || vec![(BTC, usd(100))].try_into().unwrap();
        assert_noop!(
            Oracle::feed_values(RuntimeOrigin::signed(feeder(9)), values()),
            pallet_oracle::Error::<Test>::NoPermission
        );
        assert_ok!(PriceOracle::admit_feeder(RuntimeOrigin::root(), feeder(9)));
        System::assert_last_event(Event::FeederAdmitted { who: feeder(9) }.into());
        feed(9, BTC, 100);
        next_block();
        assert_eq!(PriceOracle::price(BTC), Ok(usd(100)));
    });
}

#[test]
fn admit_should_fail_when_it_makes_no_sense() {
    new_test_ext().execute_with(|| {
        assert_noop!(
            PriceOracle::admit_feeder(RuntimeOrigin::root(), feeder(9)),
            Error::<Test>::NotRegistered
        );
        assert_noop!(
            PriceOracle::admit_feeder(RuntimeOrigin::root(), feeder(1)),
            Error::<Test>::AlreadyAdmitted
        );
        assert_noop!(
            PriceOracle::admit_feeder(RuntimeOrigin::signed(feeder(1)), feeder(9)),
            DispatchError::BadOrigin
        );
        for who in 4..=7 {
            register(who);
            assert_ok!(PriceOracle::admit_feeder(
                RuntimeOrigin::root(),
                feeder(who)
            ));
        }
        register(8);
        assert_noop!(
            PriceOracle::admit_feeder(RuntimeOrigin::root(), feeder(8)),
            Error::<Test>::TooManyFeeders
        );
    });
}

#[test]
fn feeders_should_stay_sorted_when_admitted_in_any_order() {
    ext_with(vec![], 1).execute_with(|| {
        for who in [5, 2, 9, 1] {
            register(who);
            assert_ok!(PriceOracle::admit_feeder(
                RuntimeOrigin::root(),
                feeder(who)
            ));
            assert_ok!(PriceOracle::do_try_state());
        }
        assert_eq!(
            PriceOracle::sorted_members(),
            [1, 2, 5, 9].map(feeder).to_vec()
        );
        assert_eq!(<PriceOracle as SortedMembers<AccountId>>::count(), 4);
    });
}

#[test]
fn remove_should_forget_the_feeds_and_keep_the_bond_when_admitted() {
    ext_with(vec![], 1).execute_with(|| {
        register(9);
        assert_ok!(PriceOracle::admit_feeder(RuntimeOrigin::root(), feeder(9)));
        feed(9, BTC, 100);
        assert_ok!(PriceOracle::remove_feeder(RuntimeOrigin::root(), feeder(9)));
        assert_eq!(pallet_oracle::RawValues::<Test>::get(feeder(9), BTC), None);
        assert_eq!(held(9), BOND);
        assert_noop!(
            PriceOracle::remove_feeder(RuntimeOrigin::root(), feeder(9)),
            Error::<Test>::NotAdmitted
        );
        // Not even readmission brings the old feed back.
        assert_ok!(PriceOracle::admit_feeder(RuntimeOrigin::root(), feeder(9)));
        next_block();
        assert_eq!(PriceOracle::price(BTC), Err(PriceError::TooFewFeeds));
    });
}

#[test]
fn unregister_should_forget_the_feeds_and_release_the_bond_when_admitted() {
    ext_with(vec![], 1).execute_with(|| {
        register(9);
        assert_ok!(PriceOracle::admit_feeder(RuntimeOrigin::root(), feeder(9)));
        feed(9, BTC, 100);
        next_block();
        assert_ok!(PriceOracle::unregister_feeder(RuntimeOrigin::signed(
            feeder(9)
        )));
        System::assert_last_event(
            Event::FeederUnregistered {
                who: feeder(9),
                released: BOND,
            }
            .into(),
        );
        assert_eq!(held(9), 0);
        assert_eq!(pallet_oracle::RawValues::<Test>::get(feeder(9), BTC), None);
        assert!(Feeders::<Test>::get().is_empty());
        next_block();
        assert_eq!(PriceOracle::price(BTC), Err(PriceError::TooFewFeeds));
        assert_noop!(
            PriceOracle::unregister_feeder(RuntimeOrigin::signed(feeder(9))),
            Error::<Test>::NotRegistered
        );
    });
}

#[test]
fn unregister_should_work_without_a_bond_when_the_feeder_is_of_the_genesis_block() {
    new_test_ext().execute_with(|| {
        assert_eq!(Registrations::<Test>::get(feeder(1)).unwrap().bond, 0);
        assert_ok!(PriceOracle::unregister_feeder(RuntimeOrigin::signed(
            feeder(1)
        )));
        assert!(!PriceOracle::contains(&feeder(1)));
        assert_ok!(PriceOracle::do_try_state());
    });
}
