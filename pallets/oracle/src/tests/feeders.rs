use crate::{
    mock::*, Error, Event, FeedRights, Feeders, HoldReason, HotKeys, Registrations, MAX_SLASH,
};
use bulwark_primitives::{FeederStatus, PriceError, Seat};
use bulwark_traits::PriceSource;
use frame_support::{
    assert_noop, assert_ok,
    traits::{fungible::InspectHold, SortedMembers},
};
use sp_runtime::{DispatchError, Perbill, TokenError};

fn held(who: u8) -> u128 {
    Balances::balance_on_hold(&HoldReason::FeederBond.into(), &feeder(who))
}

fn status(who: u8) -> FeederStatus {
    Registrations::<Test>::get(feeder(who)).unwrap().status
}

fn signed(who: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(feeder(who))
}

/// Registers and admits `who`, its own hot key.
fn admitted(who: u8) {
    register_with(who, BOND);
    assert_ok!(PriceOracle::admit_feeder(
        RuntimeOrigin::root(),
        feeder(who)
    ));
}

#[test]
fn register_should_hold_the_bond_when_the_account_is_new() {
    new_test_ext().execute_with(|| {
        assert_ok!(PriceOracle::register_feeder(
            signed(9),
            feeder(19),
            2 * BOND
        ));
        assert_eq!(held(9), 2 * BOND);
        System::assert_last_event(
            Event::FeederRegistered {
                who: feeder(9),
                hot_key: feeder(19),
                bond: 2 * BOND,
            }
            .into(),
        );
        assert_eq!(status(9), FeederStatus::Candidate);
        assert!(
            !PriceOracle::contains(&feeder(19)),
            "a bond alone feeds nothing"
        );
        assert_ok!(PriceOracle::do_try_state());
    });
}

#[test]
fn register_should_fail_when_it_makes_no_sense() {
    new_test_ext().execute_with(|| {
        let register = |who, hot, bond| {
            PriceOracle::register_feeder(RuntimeOrigin::signed(feeder(who)), feeder(hot), bond)
        };
        assert_noop!(register(9, 9, BOND - 1), Error::<Test>::BondTooSmall);
        assert_noop!(register(9, 1, BOND), Error::<Test>::HotKeyTaken);
        assert_noop!(register(1, 9, BOND), Error::<Test>::AlreadyRegistered);
        assert_noop!(register(77, 77, BOND), TokenError::FundsUnavailable);
        assert_noop!(
            PriceOracle::register_feeder(RuntimeOrigin::root(), feeder(9), BOND),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn add_bond_should_hold_more_when_the_feeder_stays() {
    new_test_ext().execute_with(|| {
        register_with(9, BOND);
        assert_ok!(PriceOracle::add_bond(signed(9), 5));
        assert_eq!(held(9), BOND + 5);
        System::assert_last_event(
            Event::BondAdded {
                who: feeder(9),
                bond: BOND + 5,
            }
            .into(),
        );
        assert_noop!(
            PriceOracle::add_bond(signed(9), 0),
            Error::<Test>::ZeroAmount
        );
        assert_noop!(
            PriceOracle::add_bond(signed(8), 5),
            Error::<Test>::NotRegistered
        );
        assert_noop!(
            PriceOracle::add_bond(signed(9), 20 * BOND),
            TokenError::FundsUnavailable
        );
        // A feeder of the genesis block may have one too.
        assert_ok!(PriceOracle::add_bond(signed(1), BOND));
        assert_ok!(PriceOracle::unregister_feeder(signed(9)));
        assert_noop!(PriceOracle::add_bond(signed(9), 5), Error::<Test>::Leaving);
        assert_ok!(PriceOracle::do_try_state());
    });
}

#[test]
fn feeds_should_count_when_the_feeder_is_admitted() {
    ext_with(vec![], 1).execute_with(|| {
        assert_ok!(PriceOracle::register_feeder(signed(9), feeder(19), BOND));
        let values = || vec![(BTC, usd(100))].try_into().unwrap();
        assert_noop!(
            Oracle::feed_values(signed(19), values()),
            pallet_oracle::Error::<Test>::NoPermission
        );
        assert_ok!(PriceOracle::admit_feeder(RuntimeOrigin::root(), feeder(9)));
        System::assert_last_event(
            Event::FeederAdmitted {
                who: feeder(9),
                seat: Seat::Governance,
            }
            .into(),
        );
        assert_noop!(
            Oracle::feed_values(signed(9), values()),
            pallet_oracle::Error::<Test>::NoPermission
        );
        feed(19, BTC, 100);
        next_block();
        assert_eq!(PriceOracle::price(BTC), Ok(usd(100)));
    });
}

#[test]
fn admit_should_fail_when_it_makes_no_sense() {
    new_test_ext().execute_with(|| {
        let admit = |who| PriceOracle::admit_feeder(RuntimeOrigin::root(), feeder(who));
        assert_noop!(admit(9), Error::<Test>::NotRegistered);
        assert_noop!(admit(1), Error::<Test>::AlreadyAdmitted);
        assert_noop!(
            PriceOracle::admit_feeder(signed(1), feeder(9)),
            DispatchError::BadOrigin
        );
        for who in 4..=7 {
            admitted(who);
        }
        register_with(8, BOND);
        assert_noop!(admit(8), Error::<Test>::TooManyFeeders);
        assert_ok!(PriceOracle::unregister_feeder(signed(8)));
        assert_noop!(admit(8), Error::<Test>::Leaving);
    });
}

#[test]
fn feeders_should_stay_sorted_when_admitted_in_any_order() {
    ext_with(vec![], 1).execute_with(|| {
        for who in [5, 2, 9, 1] {
            admitted(who);
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
fn hot_key_should_change_without_a_price_in_between_being_the_old_keys() {
    new_test_ext().execute_with(|| {
        everybody(BTC, 100);
        next_block();
        assert_eq!(PriceOracle::price(BTC), Ok(usd(100)));
        assert_ok!(PriceOracle::set_hot_key(signed(3), feeder(13)));
        System::assert_last_event(
            Event::HotKeyChanged {
                who: feeder(3),
                hot_key: feeder(13),
            }
            .into(),
        );
        // Seat and registration are the cold account's; the old key is nobody.
        assert_eq!(status(3), FeederStatus::Active(Seat::Governance));
        assert!(PriceOracle::contains(&feeder(13)) && !PriceOracle::contains(&feeder(3)));
        assert_eq!(HotKeys::<Test>::get(feeder(3)), None);
        assert_eq!(HotKeys::<Test>::get(feeder(13)), Some(feeder(3)));
        assert_eq!(pallet_oracle::RawValues::<Test>::get(feeder(3), BTC), None);
        next_block();
        assert_eq!(PriceOracle::snapshot(BTC).unwrap().feeds, 2);
        feed(13, BTC, 100);
        next_block();
        assert_eq!(PriceOracle::snapshot(BTC).unwrap().feeds, 3);
        // And back again: what the key said in its first life is forgotten.
        assert_ok!(PriceOracle::set_hot_key(signed(3), feeder(3)));
        next_block();
        assert_eq!(PriceOracle::snapshot(BTC).unwrap().feeds, 2);
    });
}

#[test]
fn hot_key_should_not_change_when_it_makes_no_sense() {
    new_test_ext().execute_with(|| {
        let set = |who, hot| PriceOracle::set_hot_key(RuntimeOrigin::signed(feeder(who)), hot);
        assert_noop!(set(9, feeder(10)), Error::<Test>::NotRegistered);
        assert_noop!(set(1, feeder(2)), Error::<Test>::HotKeyTaken);
        assert_noop!(set(1, feeder(1)), Error::<Test>::HotKeyTaken);
        register_with(9, BOND);
        assert_ok!(set(9, feeder(10)));
        assert_ok!(PriceOracle::unregister_feeder(signed(9)));
        assert_noop!(set(9, feeder(11)), Error::<Test>::Leaving);
        assert_ok!(PriceOracle::do_try_state());
    });
}

#[test]
fn remove_should_forget_the_feeds_and_keep_the_bond_when_admitted() {
    ext_with(vec![], 1).execute_with(|| {
        admitted(9);
        feed(9, BTC, 100);
        assert_ok!(PriceOracle::remove_feeder(RuntimeOrigin::root(), feeder(9)));
        System::assert_last_event(Event::FeederRemoved { who: feeder(9) }.into());
        assert_eq!(pallet_oracle::RawValues::<Test>::get(feeder(9), BTC), None);
        assert_eq!((held(9), status(9)), (BOND, FeederStatus::Barred));
        assert_noop!(
            PriceOracle::remove_feeder(RuntimeOrigin::root(), feeder(9)),
            Error::<Test>::NotAdmitted
        );
        assert_noop!(PriceOracle::claim_seat(signed(9)), Error::<Test>::Barred);
        // Not even readmission brings the old feed back.
        assert_ok!(PriceOracle::admit_feeder(RuntimeOrigin::root(), feeder(9)));
        next_block();
        assert_eq!(PriceOracle::price(BTC), Err(PriceError::TooFewFeeds));
    });
}

#[test]
fn unregister_should_stop_the_feeds_at_once_and_release_the_bond_after_the_cooldown() {
    ext_with(vec![], 1).execute_with(|| {
        admitted(9);
        feed(9, BTC, 100);
        next_block();
        assert_ok!(PriceOracle::unregister_feeder(signed(9)));
        let until = Now::get() + UNBONDING;
        System::assert_last_event(
            Event::FeederLeft {
                who: feeder(9),
                until,
            }
            .into(),
        );
        assert_eq!(
            (held(9), status(9)),
            (BOND, FeederStatus::Leaving { until })
        );
        assert_eq!(pallet_oracle::RawValues::<Test>::get(feeder(9), BTC), None);
        assert!(Feeders::<Test>::get().is_empty());
        next_block();
        assert_eq!(PriceOracle::price(BTC), Err(PriceError::TooFewFeeds));
        for refused in [
            PriceOracle::unregister_feeder(signed(9)),
            PriceOracle::claim_seat(signed(9)),
            PriceOracle::remove_feeder(RuntimeOrigin::root(), feeder(9)),
        ] {
            assert_eq!(refused, Err(Error::<Test>::Leaving.into()));
        }
        Now::set(until - 1);
        assert_noop!(
            PriceOracle::withdraw_bond(signed(9)),
            Error::<Test>::TooEarly
        );
        Now::set(until);
        assert_ok!(PriceOracle::withdraw_bond(signed(9)));
        System::assert_last_event(
            Event::FeederUnregistered {
                who: feeder(9),
                released: BOND,
            }
            .into(),
        );
        assert_eq!((held(9), HotKeys::<Test>::get(feeder(9))), (0, None));
        assert_noop!(
            PriceOracle::withdraw_bond(signed(9)),
            Error::<Test>::NotRegistered
        );
        // It may begin anew.
        register_with(9, BOND);
        assert_ok!(PriceOracle::do_try_state());
    });
}

#[test]
fn bond_should_stay_when_the_feeder_does() {
    new_test_ext().execute_with(|| {
        register_with(9, BOND);
        assert_noop!(
            PriceOracle::withdraw_bond(signed(9)),
            Error::<Test>::NotLeaving
        );
        assert_noop!(
            PriceOracle::withdraw_bond(signed(1)),
            Error::<Test>::NotLeaving
        );
    });
}

#[test]
fn unregister_should_work_without_a_bond_when_the_feeder_is_of_the_genesis_block() {
    new_test_ext().execute_with(|| {
        assert_eq!(Registrations::<Test>::get(feeder(1)).unwrap().bond, 0);
        assert_ok!(PriceOracle::unregister_feeder(signed(1)));
        assert!(!PriceOracle::contains(&feeder(1)));
        Now::mutate(|now| *now += UNBONDING);
        assert_ok!(PriceOracle::withdraw_bond(signed(1)));
        assert_ok!(PriceOracle::do_try_state());
    });
}

#[test]
fn slash_should_take_a_share_of_the_bond_when_the_feeder_is_already_leaving() {
    new_test_ext().execute_with(|| {
        let slash =
            |who, share| PriceOracle::slash_feeder(RuntimeOrigin::root(), feeder(who), share);
        admitted(9);
        assert_ok!(PriceOracle::unregister_feeder(signed(9)));
        assert_ok!(slash(9, Perbill::from_percent(30)));
        System::assert_last_event(
            Event::FeederSlashed {
                who: feeder(9),
                amount: 300,
            }
            .into(),
        );
        assert_eq!((held(9), Balances::free_balance(feeder(200))), (700, 300));
        // Rounded down.
        assert_ok!(slash(9, Perbill::from_rational(1u32, 1_000u32)));
        assert_eq!(held(9), 700);
        assert_noop!(
            slash(9, Perbill::from_parts(MAX_SLASH.deconstruct() + 1)),
            Error::<Test>::SlashTooLarge
        );
        assert_noop!(slash(8, MAX_SLASH), Error::<Test>::NotRegistered);
        assert_noop!(
            PriceOracle::slash_feeder(signed(1), feeder(9), MAX_SLASH),
            DispatchError::BadOrigin
        );
        Now::mutate(|now| *now += UNBONDING);
        assert_ok!(PriceOracle::withdraw_bond(signed(9)));
        assert_eq!(Balances::free_balance(feeder(9)), 10 * BOND - 300);
        // Nothing to take, nothing taken.
        assert_ok!(slash(1, MAX_SLASH));
        assert_ok!(PriceOracle::do_try_state());
    });
}

#[test]
fn feed_should_read_nothing_of_other_feeders_when_there_are_many() {
    ext_with((1..=7).map(feeder).collect(), 2).execute_with(|| {
        for _ in 0..3 {
            everybody(BTC, 100);
            next_block();
        }
        assert_eq!(MostCombined::get(), 0);
        assert_eq!(PriceOracle::snapshot(BTC).unwrap().feeds, 7);
        // The SDK's oracle has nobody to list, and still knows who may feed.
        assert_eq!(FeedRights::<Test>::sorted_members(), vec![]);
        assert_eq!(<FeedRights<Test> as SortedMembers<AccountId>>::count(), 7);
        assert!(FeedRights::<Test>::contains(&feeder(7)));
        assert!(!FeedRights::<Test>::contains(&feeder(8)));
        let values = vec![(BTC, usd(1))].try_into().unwrap();
        assert_noop!(
            Oracle::feed_values(RuntimeOrigin::signed(feeder(8)), values),
            pallet_oracle::Error::<Test>::NoPermission
        );
    });
}
