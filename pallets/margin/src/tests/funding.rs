//! Funding: rates, accrual, pauses, settlement.

use crate::{mock::*, Accounts, Error, Event, Fundings, Premiums};
use bulwark_primitives::{
    Factor, FundingParams, FundingRate, MarketParams, MarketStatus, PriceError, Rate, Side, Usd,
    PRICE_SCALE, SIZE_SCALE,
};
use bulwark_traits::{LiquidationLedger, LossFund};
use frame_support::{assert_noop, assert_ok};

const HOUR: u64 = 3_600_000;

/// A market that pays 0.08 % in eight hours at its index, 0.01 % an hour.
fn paying_market() -> MarketParams {
    MarketParams {
        funding: FundingParams {
            interest: Rate::basis_points(8),
            impact_notional: Usd::dollars(1_000),
        },
        ..market_params()
    }
}

/// ALICE is long 10 at 100 against BOB, in an hour with a rate.
fn with_positions(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        Registry::insert_market(MARKET, paying_market());
        pass(HOUR + 2_000);
        fund(ALICE, 1_000);
        fund(BOB, 1_000);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        test();
        assert_ok!(Margin::do_try_state());
    });
}

fn index() -> i128 {
    Fundings::<Test>::get(MARKET).index
}

fn equity(who: u64) -> i128 {
    Margin::account_health(&sub(who)).unwrap().equity.0
}

#[test]
fn longs_should_pay_shorts_when_the_market_is_at_its_index() {
    with_positions(|| {
        assert_eq!(Fundings::<Test>::get(MARKET).rate, FundingRate(100_000));
        let before = index();
        pass(HOUR);
        // 0.01 % of 100 USD, but for 1,800 roundings down.
        assert!((0..2_000).contains(&(before + PRICE_SCALE as i128 / 100 - index())));
        assert_eq!(equity(ALICE), 999_900_000, "ten units pay 0.10 USD");
        assert_eq!(
            equity(BOB),
            1_000_099_999,
            "what is short of a unit stays behind"
        );
        assert_eq!(
            Accounts::<Test>::get(sub(ALICE)).balance,
            Usd::dollars(1_000)
        );
    });
}

#[test]
fn settlement_should_change_no_health_when_a_position_is_touched() {
    with_positions(|| {
        pass(HOUR);
        let before = equity(ALICE);
        System::reset_events();
        trade(BOB, ALICE, Side::Ask, milli(1_000), usd(100));
        assert_eq!(equity(ALICE), before);
        assert_eq!(state(ALICE).0, Usd(999_900_000));
        System::assert_has_event(
            Event::FundingSettled {
                account: sub(ALICE),
                market: MARKET,
                paid: Usd(100_000),
            }
            .into(),
        );
        let state = Fundings::<Test>::get(MARKET);
        assert!(state.pool >= Usd::ZERO && state.pool <= Usd(1));
        assert_eq!(
            Accounts::<Test>::get(sub(ALICE))
                .position(MARKET)
                .funding_index,
            index()
        );
    });
}

#[test]
fn rounding_should_be_the_funds_when_all_positions_are_closed() {
    with_positions(|| {
        let before = Fund::balance();
        for _ in 0..40 {
            pass(34_000);
            trade(BOB, ALICE, Side::Ask, milli(7), usd(100));
        }
        let left = 10_000 - 40 * 7;
        trade(BOB, ALICE, Side::Ask, milli(left), usd(100));
        let closed = Fundings::<Test>::get(MARKET);
        assert_eq!((closed.pool, closed.dust), (Usd::ZERO, 0));
        let gained = Fund::balance().0 - before.0;
        assert!(
            (1..=82).contains(&gained),
            "less than a unit a settlement: {gained}"
        );
        let balances = state(ALICE).0 .0 + state(BOB).0 .0;
        assert_eq!(balances + gained, Usd::dollars(2_000).0);
    });
}

#[test]
fn nothing_should_be_charged_when_funding_is_paused() {
    with_positions(|| {
        type Act = fn();
        let halts: [(Act, Act); 3] = [
            (
                || Guard::set(MARKET, MarketStatus::Paused),
                || Guard::set(MARKET, MarketStatus::Active),
            ),
            (
                || Guard::set(MARKET, MarketStatus::Closed),
                || Guard::set(MARKET, MarketStatus::PostOnly),
            ),
            (
                || Prices::set_result(INDEX, Err(PriceError::Uncertain)),
                || Prices::set(INDEX, 100),
            ),
        ];
        for (halt, resume) in halts {
            halt();
            let before = index();
            pass(HOUR / 2);
            resume();
            pass(2_000);
            assert_eq!(index(), before, "not charged afterwards");
            pass(2_000);
            assert!(index() > before);
        }
    });
}

#[test]
fn nothing_should_be_charged_for_an_outage() {
    with_positions(|| {
        let before = index();
        Now::mutate(|now| *now += 600_000);
        pass(2_000);
        assert_eq!(index(), before);
    });
}

#[test]
fn rate_should_follow_the_premium_of_the_hour_before() {
    with_positions(|| {
        // Bids two percent above the index.
        Impact::set(MARKET, 102, 103);
        pass(HOUR);
        assert_eq!(Fundings::<Test>::get(MARKET).rate, FundingRate(2_600_000));
        // Asks half below it: more than the clamp of 6 * 2 % in eight hours.
        Impact::set(MARKET, 49, 50);
        pass(HOUR);
        assert_eq!(Fundings::<Test>::get(MARKET).rate, FundingRate(-15_000_000));
        let before = index();
        pass(60_000);
        assert!(index() < before, "shorts pay");
    });
}

#[test]
fn a_spike_should_not_move_the_rate_when_it_is_shorter_than_a_quarter_of_an_hour() {
    with_positions(|| {
        pass(HOUR);
        Impact::set(MARKET, 150, 151);
        pass(14 * 60_000);
        Impact::set(MARKET, 99, 101);
        pass(HOUR - 14 * 60_000);
        assert_eq!(Fundings::<Test>::get(MARKET).rate, FundingRate(100_000));
    });
}

#[test]
fn samples_should_be_forgotten_when_hours_have_passed_without_a_block() {
    with_positions(|| {
        Impact::set(MARKET, 110, 111);
        pass(HOUR / 2);
        assert!(!Premiums::<Test>::get(MARKET).is_empty());
        Now::mutate(|now| *now += 3 * HOUR);
        pass(2_000);
        assert_eq!(Fundings::<Test>::get(MARKET).rate, FundingRate(100_000));
        assert!(Premiums::<Test>::get(MARKET).is_empty());
    });
}

#[test]
fn withdrawal_should_leave_what_is_owed_when_funding_is_not_settled() {
    with_positions(|| {
        // ALICE has 1,000 USD and a requirement of 100.
        pass(24 * HOUR);
        let owed = Usd::dollars(1_000).0 - equity(ALICE);
        assert!(owed > 2_000_000);
        let free = 900_000_000 - owed;
        let withdraw = |amount: i128| {
            Margin::withdraw(RuntimeOrigin::signed(ALICE), 0, SETTLEMENT, amount as u128)
        };
        assert_noop!(withdraw(free + 1), Error::<Test>::InsufficientMargin);
        assert_eq!(
            Margin::max_withdrawal(&sub(ALICE), SETTLEMENT),
            free as u128
        );
        assert_ok!(withdraw(free));
    });
}

#[test]
fn funding_should_be_in_the_effective_prices() {
    with_positions(|| {
        pass(HOUR);
        assert_eq!(Margin::funding(MARKET), index());
        let legs = Margin::legs(&sub(BOB));
        assert_eq!(legs[0].factor, Factor::Short(MARKET));
        assert_eq!(legs[0].amount.0, 10 * SIZE_SCALE);
    });
}
