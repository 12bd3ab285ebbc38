//! Fills between two accounts.

use crate::{mock::*, Accounts, Error, Event, OpenInterests};
use bulwark_primitives::{
    Fill, FillKind, MarketParams, MarketStatus, PriceError, Quantity, Side, Size, SubAccount, Usd,
};
use bulwark_traits::{FillError, LossFund, OrderMargin};
use frame_support::{assert_ok, assert_storage_noop};
use sp_runtime::DispatchError;

fn refused(fill: &Fill<u64>) -> FillError {
    assert_storage_noop!(Margin::settle(fill).unwrap_err());
    Margin::settle(fill).unwrap_err()
}

fn taker(error: Error<Test>) -> FillError {
    FillError::Taker(DispatchError::from(error))
}

fn maker(error: Error<Test>) -> FillError {
    FillError::Maker(DispatchError::from(error))
}

#[test]
fn fill_should_open_both_sides_when_both_have_margin() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        fund(BOB, 100);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        assert_eq!(
            state(ALICE),
            (Usd::dollars(100), units(10), Usd::dollars(1_000))
        );
        assert_eq!(
            state(BOB),
            (Usd::dollars(100), units(-10), Usd::dollars(-1_000))
        );
        let interest = OpenInterests::<Test>::get(MARKET);
        assert_eq!(
            (interest.long, interest.short),
            (milli(10_000), milli(10_000))
        );
        System::assert_has_event(
            Event::PositionChanged {
                account: sub(ALICE),
                market: MARKET,
                size: Size(units(10)),
                entry_notional: Usd::dollars(1_000),
                realised: Usd::ZERO,
            }
            .into(),
        );
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn fill_should_realise_profit_when_a_position_is_closed_or_turned() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 500);
        fund(BOB, 500);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        Prices::set(INDEX, 110);
        trade(BOB, ALICE, Side::Ask, milli(4_000), usd(110));
        assert_eq!(
            state(ALICE),
            (Usd::dollars(540), units(6), Usd::dollars(600))
        );
        assert_eq!(
            state(BOB),
            (Usd::dollars(460), units(-6), Usd::dollars(-600))
        );
        trade(BOB, ALICE, Side::Ask, milli(8_000), usd(110));
        assert_eq!(
            state(ALICE),
            (Usd::dollars(600), units(-2), Usd::dollars(-220))
        );
        assert_eq!(state(BOB), (Usd::dollars(400), units(2), Usd::dollars(220)));
        assert_eq!(OpenInterests::<Test>::get(MARKET).long, milli(2_000));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn fill_should_charge_fees_to_the_fund_when_the_market_has_fees() {
    new_test_ext().execute_with(|| {
        set_fees(2, 5);
        fund(ALICE, 100);
        fund(BOB, 100);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        assert_eq!(state(ALICE).0, Usd(99_500_000));
        assert_eq!(state(BOB).0, Usd(99_800_000));
        assert_eq!(Fund::balance(), Usd(FUND.0 + 700_000));
        System::assert_has_event(
            Event::FeePaid {
                account: sub(ALICE),
                market: MARKET,
                amount: Usd(500_000),
            }
            .into(),
        );
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn fill_should_be_refused_when_the_taker_lacks_margin() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 49);
        fund(BOB, 100);
        let fill = fill_of(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        assert_ok!(Margin::open_order(&fill.maker, &fill.maker_exposure));
        assert_eq!(refused(&fill), taker(Error::InsufficientMargin));
        fund(ALICE, 1);
        assert_ok!(Margin::settle(&fill));
    });
}

#[test]
fn fill_should_blame_the_maker_when_only_he_lacks_margin() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 500);
        fund(BOB, 50);
        let fill = fill_of(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        assert_ok!(Margin::open_order(&fill.maker, &fill.maker_exposure));
        Prices::set(INDEX, 101);
        assert_eq!(refused(&fill), maker(Error::InsufficientMargin));
        Prices::set(INDEX, 100);
        assert_ok!(Margin::settle(&fill));
    });
}

#[test]
fn fill_should_count_its_own_price_when_it_is_off_mark() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 99);
        fund(BOB, 500);
        // 10 units 5 USD above mark: 50 of margin and 50 lost at once.
        let fill = fill_of(BOB, ALICE, Side::Bid, milli(10_000), usd(105));
        assert_ok!(Margin::open_order(&fill.maker, &fill.maker_exposure));
        assert_eq!(refused(&fill), taker(Error::InsufficientMargin));
        fund(ALICE, 1);
        assert_ok!(Margin::settle(&fill));
    });
}

#[test]
fn fill_should_be_refused_when_both_sides_are_the_same_account() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 500);
        let mut fill = fill_of(ALICE, ALICE, Side::Bid, milli(1_000), usd(100));
        assert_ok!(Margin::open_order(&fill.maker, &fill.maker_exposure));
        assert_eq!(refused(&fill), maker(Error::SelfTrade));
        // Another sub-account of the same owner is another account.
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            1,
            SETTLEMENT,
            100_000_000
        ));
        fill.taker = SubAccount::new(ALICE, 1);
        assert_ok!(Margin::settle(&fill));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn fill_should_be_refused_when_the_market_does_not_allow_it() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 500);
        fund(BOB, 500);
        let fill = fill_of(BOB, ALICE, Side::Bid, milli(1_000), usd(100));
        assert_ok!(Margin::open_order(&fill.maker, &fill.maker_exposure));
        for status in [
            MarketStatus::PostOnly,
            MarketStatus::Paused,
            MarketStatus::Closed,
        ] {
            Guard::set(MARKET, status);
            assert_eq!(refused(&fill), taker(Error::MarketNotOpen));
        }
        Guard::set(MARKET, MarketStatus::ReduceOnly);
        assert_eq!(refused(&fill), taker(Error::MarketReduceOnly));
        Guard::set(MARKET, MarketStatus::Active);
        Prices::set_result(INDEX, Err(PriceError::Deviating));
        assert_eq!(refused(&fill), taker(Error::PriceDeviating));
        let nothing = Fill {
            quantity: Quantity(0),
            ..fill.clone()
        };
        assert_eq!(refused(&nothing), taker(Error::ZeroAmount));
        let unknown = Fill {
            market: bulwark_primitives::MarketId(9),
            ..fill
        };
        assert_eq!(refused(&unknown), taker(Error::UnknownMarket));
    });
}

#[test]
fn fill_should_stop_at_the_cap_when_it_adds_open_interest() {
    new_test_ext().execute_with(|| {
        Registry::insert_market(
            MARKET,
            MarketParams {
                max_open_interest: milli(10_000),
                ..market_params()
            },
        );
        for who in [ALICE, BOB, CAROL] {
            fund(who, 5_000);
        }
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        let fill = fill_of(BOB, CAROL, Side::Bid, milli(1), usd(100));
        assert_ok!(Margin::open_order(&fill.maker, &fill.maker_exposure));
        assert_eq!(refused(&fill), taker(Error::OpenInterestCapExceeded));
        // A position that changes hands adds none.
        trade(ALICE, CAROL, Side::Bid, milli(4_000), usd(100));
        assert_eq!(OpenInterests::<Test>::get(MARKET).long, milli(10_000));
        assert_eq!(state(CAROL).1, units(4));
    });
}

#[test]
fn fill_should_release_the_exposure_that_it_uses_when_partial() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 500);
        fund(BOB, 500);
        let order = exposure(Side::Ask, milli(3_000), usd(100));
        assert_ok!(Margin::open_order(&sub(BOB), &order));
        let fill = fill_of(BOB, ALICE, Side::Bid, milli(1_000), usd(100));
        assert_ok!(Margin::settle(&fill));
        let position = Accounts::<Test>::get(sub(BOB)).position(MARKET);
        assert_eq!(position.orders.ask_quantity, milli(2_000));
        assert_eq!(position.orders.ask_notional, Usd::dollars(200));
        assert_eq!(position.size, Size(units(-1)));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn liquidation_fill_should_skip_taker_checks_and_fee_when_it_reduces() {
    new_test_ext().execute_with(|| {
        set_fees(2, 5);
        fund(ALICE, 100);
        fund(BOB, 1_000);
        fund(CAROL, 1_000);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        let before = state(ALICE).0;
        Prices::set(INDEX, 85);
        Guard::set(MARKET, MarketStatus::PostOnly);
        let mut fill = fill_of(CAROL, ALICE, Side::Ask, milli(10_000), usd(83));
        fill.kind = FillKind::Liquidation;
        assert_ok!(Margin::open_order(&fill.maker, &fill.maker_exposure));
        assert_ok!(Margin::settle(&fill));
        assert_eq!(state(ALICE), (Usd(before.0 - 170_000_000), 0, Usd::ZERO));
        assert_eq!(state(CAROL).0, Usd(1_000_000_000 - 166_000));
        assert_ok!(Margin::do_try_state());
        // It never opens anything.
        assert_eq!(refused(&fill), taker(Error::NotReducing));
    });
}

/// Alice long 10 with 100 USD, which a fall to 92 puts under maintenance; Carol bids for all of it.
fn bid_for_alice() -> Fill<u64> {
    fund(ALICE, 100);
    fund(BOB, 1_000);
    fund(CAROL, 1_000);
    trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
    let mut fill = fill_of(CAROL, ALICE, Side::Ask, milli(10_000), usd(91));
    fill.kind = FillKind::Liquidation;
    assert_ok!(Margin::open_order(&fill.maker, &fill.maker_exposure));
    Prices::set(INDEX, 92);
    fill
}

#[test]
fn liquidation_fill_should_let_the_maker_enlarge_when_the_market_is_reduce_only() {
    new_test_ext().execute_with(|| {
        let fill = bid_for_alice();
        Guard::set(MARKET, MarketStatus::ReduceOnly);
        let before = OpenInterests::<Test>::get(MARKET);
        // Alice reduces, but for a trade Carol would still be new risk.
        let traded = Fill {
            kind: FillKind::Trade,
            ..fill.clone()
        };
        assert_eq!(refused(&traded), maker(Error::MarketReduceOnly));
        assert_ok!(Margin::settle(&fill));
        assert_eq!((state(ALICE).1, state(CAROL).1), (0, units(10)));
        assert_eq!(OpenInterests::<Test>::get(MARKET), before);
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn liquidation_fill_should_blame_the_maker_when_he_lacks_margin_in_a_reduce_only_market() {
    new_test_ext().execute_with(|| {
        let fill = bid_for_alice();
        assert_ok!(Margin::withdraw(
            RuntimeOrigin::signed(CAROL),
            0,
            SETTLEMENT,
            900_000_000
        ));
        // 46 of margin; at this price Carol would have 36 left.
        Guard::set(MARKET, MarketStatus::ReduceOnly);
        Prices::set(INDEX, 84);
        assert_eq!(refused(&fill), maker(Error::InsufficientMargin));
        Guard::set(MARKET, MarketStatus::Paused);
        assert_eq!(refused(&fill), taker(Error::MarketNotOpen));
    });
}

#[test]
fn liquidation_fill_should_go_on_at_the_median_when_feeders_disagree() {
    new_test_ext().execute_with(|| {
        let fill = bid_for_alice();
        Prices::set_uncertain(INDEX, 92);
        // For a trade it would be new risk, which needs a clean price.
        let traded = Fill {
            kind: FillKind::Trade,
            ..fill.clone()
        };
        assert_eq!(refused(&traded), taker(Error::PriceUncertain));
        assert_ok!(Margin::settle(&fill));
        Margin::settled(&fill.taker);
        assert_eq!((state(ALICE).1, state(CAROL).1), (0, units(10)));
        check_told();
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn liquidation_fill_should_stop_when_the_price_has_any_other_error() {
    new_test_ext().execute_with(|| {
        let fill = bid_for_alice();
        // The maker cannot help it: his order is not cancelled for it.
        for (reason, error) in [
            (PriceError::TooFewFeeds, Error::PriceTooFewFeeds),
            (PriceError::Stale, Error::PriceStale),
            (PriceError::Recovering, Error::PriceRecovering),
            (PriceError::Halted, Error::PriceHalted),
        ] {
            Prices::set_unclean(INDEX, reason, usd(92));
            assert_eq!(refused(&fill), taker(error));
        }
        Prices::set_result(INDEX, Err(PriceError::Uncertain));
        assert_eq!(refused(&fill), taker(Error::PriceUncertain));
        // Bob is short and closes.
        let mut closing = fill_of(BOB, ALICE, Side::Ask, milli(4_000), usd(91));
        closing.kind = FillKind::Liquidation;
        assert_ok!(Margin::open_order(&closing.maker, &closing.maker_exposure));
        assert_ok!(Margin::settle(&closing));
        assert_eq!((state(ALICE).1, state(BOB).1), (units(6), units(-6)));
    });
}

#[test]
fn liquidation_maker_should_need_initial_margin_at_medians_when_feeders_disagree() {
    new_test_ext().execute_with(|| {
        let fill = bid_for_alice();
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(CAROL),
            0,
            COIN,
            10 * COIN_UNIT
        ));
        assert_ok!(Margin::withdraw(
            RuntimeOrigin::signed(CAROL),
            0,
            SETTLEMENT,
            990_000_000
        ));
        let order = exposure_in(OTHER, Side::Bid, milli(100), usd(50));
        assert_ok!(Margin::open_order(&sub(CAROL), &order));
        // 46 of margin and 0.5 for the order: 10 of cash and 10 of profit are too little, 80 of coins
        // are enough.
        Prices::set_uncertain(INDEX, 92);
        Prices::set_result(COIN, Err(PriceError::Stale));
        assert_eq!(refused(&fill), maker(Error::InsufficientMargin));
        Prices::set_uncertain(COIN, 3);
        assert_eq!(refused(&fill), maker(Error::InsufficientMargin));
        Prices::set_uncertain(COIN, 10);
        // What is wrong with the maker's other prices is his own affair.
        Prices::set_result(OTHER_INDEX, Err(PriceError::Stale));
        assert_eq!(refused(&fill), maker(Error::PriceStale));
        Prices::set_uncertain(OTHER_INDEX, 50);
        assert_ok!(Margin::settle(&fill));
    });
}

#[test]
fn taker_should_be_told_of_when_the_fills_are_over() {
    new_test_ext().execute_with(|| {
        for who in [ALICE, BOB, CAROL] {
            fund(who, 1_000);
        }
        let before = Observer::touched();
        for who in [BOB, CAROL] {
            let fill = fill_of(who, ALICE, Side::Bid, milli(1_000), usd(100));
            assert_ok!(Margin::open_order(&fill.maker, &fill.maker_exposure));
            assert_ok!(Margin::settle(&fill));
        }
        // The two makers.
        assert_eq!(Observer::touched(), before + 2);
        Margin::settled(&sub(ALICE));
        assert_eq!(Observer::touched(), before + 3);
        check_told();
    });
}
