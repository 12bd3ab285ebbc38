use crate::{mock::*, Error, Event, Registrations, ScoreSettings, Scoring};
use bulwark_primitives::{FeederStatus, Seat};
use bulwark_risk_math::oracle::{Offence, Record};
use bulwark_traits::PriceSource;
use frame_support::{assert_noop, assert_ok, traits::SortedMembers};
use sp_runtime::Perbill;

const SUSPENSION: u64 = 60_000;

/// `count` bonded feeders of governance, a quorum of `min`, and four bad rounds of eight as the limit.
fn chain(count: u8, min: u32) -> sp_io::TestExternalities {
    let mut ext = ext_with(vec![], min);
    ext.execute_with(|| {
        ScoreSettings::<Test>::put(Scoring {
            window: 8,
            max_missed: 4,
            max_outside: 4,
            suspension: SUSPENSION,
            restore: 8,
            slash: Perbill::from_percent(10),
        });
        for who in 1..=count {
            register_with(who, BOND);
            assert_ok!(PriceOracle::admit_feeder(
                RuntimeOrigin::root(),
                feeder(who)
            ));
        }
        // The first block ends the round of the time before the chain.
        next_block();
    });
    ext
}

/// Blocks of two seconds in which each active feeder says `price(who, block)`.
fn blocks(count: u32, price: impl Fn(u8, u32) -> Option<u128>) {
    for block in 0..count {
        for who in 1..=20 {
            if PriceOracle::contains(&feeder(who)) {
                if let Some(price) = price(who, block) {
                    feed(who, BTC, price);
                }
            }
        }
        next_block();
    }
}

/// Whole rounds.
fn rounds(count: u32, price: impl Fn(u8) -> Option<u128>) {
    blocks(count * 15, |who, _| price(who));
}

fn honest(_: u8) -> Option<u128> {
    Some(100)
}

/// Everybody honest but one, who says something else or nothing.
fn but(bad: u8, says: Option<u128>) -> impl Fn(u8) -> Option<u128> {
    move |who| if who == bad { says } else { Some(100) }
}

fn record(who: u8) -> Record {
    Registrations::<Test>::get(feeder(who)).unwrap().record
}

fn status(who: u8) -> FeederStatus {
    Registrations::<Test>::get(feeder(who)).unwrap().status
}

fn bond(who: u8) -> u128 {
    Registrations::<Test>::get(feeder(who)).unwrap().bond
}

fn resume(who: u8) -> sp_runtime::DispatchResult {
    PriceOracle::resume_feeder(RuntimeOrigin::signed(feeder(who)))
}

const ACTIVE: FeederStatus = FeederStatus::Active(Seat::Governance);

#[test]
fn records_should_be_clean_when_everybody_is_honest() {
    chain(5, 3).execute_with(|| {
        rounds(10, honest);
        for who in 1..=5 {
            assert_eq!(record(who).counts(64), (0, 0));
            assert_eq!((record(who).rounds, record(who).honest), (10, 10));
        }
    });
}

#[test]
fn feeder_should_be_suspended_when_it_is_silent_for_too_many_rounds() {
    chain(5, 3).execute_with(|| {
        rounds(3, but(5, None));
        assert_eq!((status(5), record(5).counts(8)), (ACTIVE, (3, 0)));
        rounds(1, but(5, None));
        let until = Now::get() + SUSPENSION;
        let seat = Seat::Governance;
        assert_eq!(status(5), FeederStatus::Suspended { seat, until });
        System::assert_has_event(
            Event::FeederSuspended {
                who: feeder(5),
                offence: Offence::Missed,
                until,
            }
            .into(),
        );
        assert!(!PriceOracle::contains(&feeder(5)));
        assert_eq!((bond(5), record(5).offences), (BOND, 1), "a first warning");
        for who in 1..=4 {
            assert_eq!((status(who), record(who).offences), (ACTIVE, 0));
        }
    });
}

#[test]
fn silence_about_one_asset_should_be_silence_when_others_have_its_price() {
    chain(5, 3).execute_with(|| {
        for _ in 0..60 {
            for who in 1..=5u8 {
                if !PriceOracle::contains(&feeder(who)) {
                    continue;
                }
                let mut values = vec![(BTC, usd(100))];
                if who != 5 {
                    values.push((ETH, usd(10)));
                }
                let origin = RuntimeOrigin::signed(feeder(who));
                assert_ok!(Oracle::feed_values(origin, values.try_into().unwrap()));
            }
            next_block();
        }
        assert!(matches!(status(5), FeederStatus::Suspended { .. }));
    });
}

#[test]
fn feeders_value_should_stop_counting_at_once_when_it_is_suspended_for_lies() {
    chain(5, 3).execute_with(|| {
        blocks(59, |who, _| but(5, Some(104))(who));
        assert_eq!(PriceOracle::snapshot(BTC).unwrap().feeds, 5);
        blocks(1, |who, _| but(5, Some(104))(who));
        assert!(matches!(status(5), FeederStatus::Suspended { .. }));
        // Its last value is two seconds old.
        next_block();
        assert_eq!(PriceOracle::snapshot(BTC).unwrap().feeds, 4);
        let values = vec![(BTC, usd(104))].try_into().unwrap();
        assert_noop!(
            Oracle::feed_values(RuntimeOrigin::signed(feeder(5)), values),
            pallet_oracle::Error::<Test>::NoPermission
        );
        // The round after the conviction begins with the others alone.
        rounds(2, honest);
        assert_eq!(PriceOracle::price(BTC), Ok(usd(100)));
    });
}

#[test]
fn feeder_should_come_back_without_its_old_value_when_the_suspension_is_over() {
    chain(5, 3).execute_with(|| {
        rounds(4, but(5, Some(104)));
        assert_noop!(resume(5), Error::<Test>::TooEarly);
        assert_noop!(resume(4), Error::<Test>::NotSuspended);
        assert_noop!(resume(9), Error::<Test>::NotRegistered);
        // One block before the end of its suspension, and of the freshness of its last value.
        blocks(29, |who, _| honest(who));
        assert_noop!(resume(5), Error::<Test>::TooEarly);
        blocks(1, |who, _| honest(who));
        assert_ok!(resume(5));
        System::assert_last_event(
            Event::FeederAdmitted {
                who: feeder(5),
                seat: Seat::Governance,
            }
            .into(),
        );
        assert_eq!(pallet_oracle::RawValues::<Test>::get(feeder(5), BTC), None);
        next_block();
        assert_eq!(PriceOracle::snapshot(BTC).unwrap().feeds, 4);
        blocks(1, |who, _| honest(who));
        assert_eq!(PriceOracle::snapshot(BTC).unwrap().feeds, 5);
    });
}

/// Suspends feeder 5 and brings it back.
fn convicted_once() {
    rounds(4, but(5, Some(104)));
    rounds(2, honest);
    assert_ok!(resume(5));
}

#[test]
fn bond_should_be_slashed_when_the_feeder_goes_on_after_its_suspension() {
    chain(5, 3).execute_with(|| {
        convicted_once();
        assert_eq!(bond(5), BOND);
        rounds(4, but(5, Some(104)));
        System::assert_has_event(
            Event::FeederSlashed {
                who: feeder(5),
                amount: BOND / 10,
            }
            .into(),
        );
        assert_eq!((bond(5), record(5).offences), (BOND - BOND / 10, 2));
        assert_eq!(Balances::free_balance(feeder(200)), BOND / 10);
        assert!(matches!(status(5), FeederStatus::Suspended { .. }));
        // What is left is under the least bond: it has to put up more to come back.
        rounds(2, honest);
        assert_noop!(resume(5), Error::<Test>::BondTooSmall);
        assert_ok!(PriceOracle::add_bond(
            RuntimeOrigin::signed(feeder(5)),
            BOND / 10
        ));
        assert_ok!(resume(5));
    });
}

#[test]
fn offences_should_be_made_good_by_a_run_of_honest_rounds() {
    chain(5, 3).execute_with(|| {
        convicted_once();
        rounds(7, honest);
        assert_eq!((record(5).offences, record(5).honest), (1, 7));
        rounds(1, honest);
        System::assert_has_event(Event::FeederRestored { who: feeder(5) }.into());
        assert_eq!(record(5).offences, 0);
        rounds(4, but(5, Some(104)));
        assert!(matches!(status(5), FeederStatus::Suspended { .. }));
        assert_eq!(bond(5), BOND, "a first warning again");
    });
}

#[test]
fn nobody_should_be_suspended_when_more_than_a_third_do_badly() {
    // Two of five: an outage of a hosting provider, or two liars. The score cannot tell.
    for says in [None, Some(104)] {
        chain(5, 3).execute_with(|| {
            rounds(20, |who| if who > 3 { says } else { Some(100) });
            for who in 1..=5 {
                assert_eq!((status(who), record(who).counts(64)), (ACTIVE, (0, 0)));
            }
        });
    }
    // Two of six are a third.
    chain(6, 3).execute_with(|| {
        rounds(4, |who| if who > 4 { None } else { Some(100) });
        assert!(matches!(status(5), FeederStatus::Suspended { .. }));
        assert!(matches!(status(6), FeederStatus::Suspended { .. }));
    });
}

#[test]
fn nobody_should_be_blamed_when_there_is_no_quorum() {
    chain(5, 3).execute_with(|| {
        rounds(20, |who| (who < 3).then_some(100));
        for who in 1..=5 {
            assert_eq!((status(who), record(who).counts(64)), (ACTIVE, (0, 0)));
        }
    });
}

#[test]
fn nobody_should_be_suspended_whom_the_quorum_needs() {
    chain(5, 5).execute_with(|| {
        rounds(10, but(5, Some(104)));
        assert_eq!((status(5), record(5).counts(8)), (ACTIVE, (0, 8)));
        assert_ok!(PriceOracle::set_quorum(RuntimeOrigin::root(), 4, 60_000));
        rounds(1, but(5, Some(104)));
        assert!(matches!(status(5), FeederStatus::Suspended { .. }));
    });
}

#[test]
fn feeder_should_not_be_blamed_when_it_lags_a_fast_market_for_less_than_half_of_a_round() {
    chain(5, 3).execute_with(|| {
        blocks(300, |who, block| {
            let lags = who == 5 && block % 15 < 7;
            Some(if lags { 104 } else { 100 })
        });
        assert_eq!((status(5), record(5).counts(64)), (ACTIVE, (0, 0)));
        // One block more of each round is most of it.
        blocks(60, |who, block| {
            let lags = who == 5 && block % 15 < 8;
            Some(if lags { 104 } else { 100 })
        });
        assert!(matches!(status(5), FeederStatus::Suspended { .. }));
    });
}

#[test]
fn another_hot_key_should_be_no_new_beginning() {
    chain(5, 3).execute_with(|| {
        rounds(3, but(5, Some(104)));
        blocks(14, |who, _| but(5, Some(104))(who));
        let signed = RuntimeOrigin::signed(feeder(5));
        assert_ok!(PriceOracle::set_hot_key(signed, feeder(15)));
        assert_ok!(PriceOracle::do_try_state());
        blocks(1, |who, _| honest(who));
        assert!(matches!(status(5), FeederStatus::Suspended { .. }));
    });
}

#[test]
fn others_should_keep_their_tallies_when_feeders_come_and_go() {
    chain(5, 3).execute_with(|| {
        rounds(3, but(5, Some(104)));
        blocks(14, |who, _| but(5, Some(104))(who));
        // In the order of their accounts one leaves before and one comes in before the liar.
        register_with(4 + 16, BOND);
        assert_ok!(PriceOracle::unregister_feeder(RuntimeOrigin::signed(
            feeder(1)
        )));
        assert_ok!(PriceOracle::admit_feeder(RuntimeOrigin::root(), feeder(20)));
        assert_ok!(PriceOracle::do_try_state());
        blocks(1, |who, _| but(5, Some(104))(who));
        assert!(matches!(status(5), FeederStatus::Suspended { .. }));
        assert_eq!(status(20), ACTIVE);
    });
}

#[test]
fn round_should_not_count_when_it_has_too_few_blocks() {
    chain(5, 3).execute_with(|| {
        for _ in 0..60 {
            for who in 1..=5 {
                feed(who, BTC, if who == 5 { 104 } else { 100 });
            }
            next_block_after(8_000);
        }
        assert_eq!((status(5), record(5).rounds), (ACTIVE, 0));
    });
}

#[test]
fn suspended_feeder_should_have_to_win_its_open_seat_again() {
    chain(4, 3).execute_with(|| {
        for (who, bond) in [(9, BOND), (10, BOND), (11, 2 * BOND)] {
            register_with(who, bond);
        }
        let claim = |who| PriceOracle::claim_seat(RuntimeOrigin::signed(feeder(who)));
        assert_ok!(claim(9));
        assert_ok!(claim(10));
        rounds(6, but(9, Some(104)));
        let FeederStatus::Suspended { seat, .. } = status(9) else {
            panic!("not suspended");
        };
        assert_eq!(seat, Seat::Open);
        assert_noop!(claim(9), Error::<Test>::Suspended);
        assert_ok!(claim(11));
        rounds(2, honest);
        assert_noop!(resume(9), Error::<Test>::BondTooSmall);
        assert_ok!(PriceOracle::add_bond(RuntimeOrigin::signed(feeder(9)), 1));
        assert_ok!(resume(9));
        assert_eq!(status(10), FeederStatus::Candidate);
        assert_ok!(PriceOracle::do_try_state());
    });
}

#[test]
fn governance_should_be_able_to_lift_a_suspension() {
    chain(5, 3).execute_with(|| {
        rounds(4, but(5, None));
        assert_ok!(PriceOracle::admit_feeder(RuntimeOrigin::root(), feeder(5)));
        assert_eq!(status(5), ACTIVE);
        assert_eq!(record(5).offences, 1);
    });
}
