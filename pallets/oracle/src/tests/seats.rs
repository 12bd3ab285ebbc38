use crate::{mock::*, Error, Event, Registrations};
use bulwark_primitives::{FeederStatus, PriceError, Seat};
use bulwark_traits::PriceSource;
use frame_support::{assert_noop, assert_ok, traits::SortedMembers};

fn claim(who: u8) -> sp_runtime::DispatchResult {
    PriceOracle::claim_seat(RuntimeOrigin::signed(feeder(who)))
}

fn status(who: u8) -> FeederStatus {
    Registrations::<Test>::get(feeder(who)).unwrap().status
}

const OPEN: FeederStatus = FeederStatus::Active(Seat::Open);

/// Four feeders of governance, so that both open seats may be taken.
fn with_governance() -> sp_io::TestExternalities {
    ext_with((1..=4).map(feeder).collect(), 2)
}

#[test]
fn open_seat_should_go_to_a_candidate_when_one_is_free() {
    with_governance().execute_with(|| {
        register_with(9, BOND);
        assert_ok!(claim(9));
        System::assert_last_event(
            Event::FeederAdmitted {
                who: feeder(9),
                seat: Seat::Open,
            }
            .into(),
        );
        assert_eq!(status(9), OPEN);
        feed(9, BTC, 100);
        assert_ok!(PriceOracle::do_try_state());
        assert_noop!(claim(9), Error::<Test>::AlreadyAdmitted);
        assert_noop!(claim(1), Error::<Test>::AlreadyAdmitted);
        assert_noop!(claim(10), Error::<Test>::NotRegistered);
    });
}

#[test]
fn smallest_bond_should_lose_its_seat_when_a_larger_one_comes() {
    with_governance().execute_with(|| {
        for (who, bond) in [(9, 2 * BOND), (10, 3 * BOND), (11, 2 * BOND)] {
            register_with(who, bond);
        }
        assert_ok!(claim(9));
        assert_ok!(claim(10));
        feed(9, BTC, 100);
        assert_noop!(claim(11), Error::<Test>::BondTooSmall);
        assert_ok!(PriceOracle::add_bond(RuntimeOrigin::signed(feeder(11)), 1));
        assert_ok!(claim(11));
        System::assert_has_event(
            Event::FeederDisplaced {
                who: feeder(9),
                by: feeder(11),
            }
            .into(),
        );
        assert_eq!(
            (status(9), status(10), status(11)),
            (FeederStatus::Candidate, OPEN, OPEN)
        );
        assert!(!PriceOracle::contains(&feeder(9)));
        assert_eq!(pallet_oracle::RawValues::<Test>::get(feeder(9), BTC), None);
        assert_ok!(PriceOracle::do_try_state());
        // The displaced one is a candidate like any other.
        assert_ok!(PriceOracle::add_bond(RuntimeOrigin::signed(feeder(9)), 2));
        assert_ok!(claim(9));
        assert_eq!(status(11), FeederStatus::Candidate);
    });
}

#[test]
fn money_should_stay_a_minority_when_governance_has_few_feeders() {
    for (governance, seats) in [(0, 0), (1, 0), (2, 1), (3, 2), (4, 2)] {
        ext_with((1..=governance).map(feeder).collect(), 1).execute_with(|| {
            let mut taken = 0;
            for who in 9..=11 {
                register_with(who, BOND);
                match claim(who) {
                    Ok(()) => taken += 1,
                    Err(error) if taken == 0 => {
                        assert_eq!(error, Error::<Test>::NoOpenSeat.into());
                    }
                    Err(error) => assert_eq!(error, Error::<Test>::BondTooSmall.into()),
                }
            }
            assert_eq!(taken, seats, "of {governance} by governance");
            assert!(taken < governance || taken == 0);
            assert_ok!(PriceOracle::do_try_state());
        });
    }
}

#[test]
fn open_feeders_should_not_move_the_price_out_of_governances_range_when_they_collude() {
    with_governance().execute_with(|| {
        for who in [9, 10] {
            register_with(who, BOND);
            assert_ok!(claim(who));
        }
        for lie in [1, 50, 1_000_000] {
            for (who, price) in [(1, 99), (2, 100), (3, 101), (4, 102), (9, lie), (10, lie)] {
                feed(who, BTC, price);
            }
            next_block();
            let median = PriceOracle::price_for(BTC, bulwark_primitives::Action::Reduce).unwrap();
            assert!(usd(99) <= median && median <= usd(102), "{median:?}");
        }
    });
}

#[test]
fn governance_should_turn_an_open_seat_into_its_own_when_it_admits() {
    with_governance().execute_with(|| {
        register_with(9, BOND);
        assert_ok!(claim(9));
        feed(9, BTC, 100);
        assert_ok!(PriceOracle::admit_feeder(RuntimeOrigin::root(), feeder(9)));
        assert_eq!(status(9), FeederStatus::Active(Seat::Governance));
        assert!(pallet_oracle::RawValues::<Test>::get(feeder(9), BTC).is_some());
        assert_ok!(PriceOracle::do_try_state());
    });
}

#[test]
fn claim_should_fail_when_there_is_no_room_for_another_feeder() {
    ext_with((1..=7).map(feeder).collect(), 2).execute_with(|| {
        register_with(9, BOND);
        assert_noop!(claim(9), Error::<Test>::TooManyFeeders);
    });
}

#[test]
fn price_should_be_too_few_feeds_when_feeders_leave_one_by_one() {
    ext_with((1..=5).map(feeder).collect(), 3).execute_with(|| {
        for gone in 0..=5u8 {
            for who in gone + 1..=5 {
                feed(who, BTC, 100);
            }
            next_block();
            let expected = match gone {
                0..=2 => Ok(usd(100)),
                _ => Err(PriceError::TooFewFeeds),
            };
            assert_eq!(PriceOracle::price(BTC), expected, "{gone} gone");
            if gone < 5 {
                assert_ok!(PriceOracle::unregister_feeder(RuntimeOrigin::signed(
                    feeder(gone + 1)
                )));
            }
        }
    });
}
