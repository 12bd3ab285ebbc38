//! Open profit that pays for somebody else's loss.

use crate::{mock::*, Error, Event, OpenInterests};
use bulwark_primitives::{Fill, PriceError, Quantity, Side, Usd};
use bulwark_traits::{Custody, Deleveraged, Deleveraging, LossCover, LossLedger, OrderMargin};
use frame_support::{assert_noop, assert_ok};

/// Alice long and Bob short 10 at 100, with so many dollars.
fn opposite(alice: u128, bob: u128) {
    fund(ALICE, alice);
    fund(BOB, bob);
    trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
}

fn close(quantity: Quantity, give_up: Usd) -> Deleveraging<u64> {
    Deleveraging {
        account: sub(ALICE),
        counterparty: sub(BOB),
        market: MARKET,
        quantity,
        give_up,
    }
}

fn equity(who: u64) -> Usd {
    Margin::account_health(&sub(who)).unwrap().equity
}

#[test]
fn deleverage_should_close_both_at_mark_less_what_is_given_up() {
    new_test_ext().execute_with(|| {
        opposite(100, 500);
        Prices::set(INDEX, 85);
        // 100 - 150: half of it at 90.
        let done = Margin::deleverage(&close(milli(5_000), Usd::dollars(25))).unwrap();
        assert_eq!(
            done,
            Deleveraged {
                quantity: milli(5_000),
                notional: Usd::dollars(450),
                given_up: Usd::dollars(25),
            }
        );
        assert_eq!(
            state(ALICE),
            (Usd::dollars(50), units(5), Usd::dollars(500))
        );
        assert_eq!(
            state(BOB),
            (Usd::dollars(550), units(-5), Usd::dollars(-500))
        );
        let interest = OpenInterests::<Test>::get(MARKET);
        assert_eq!(
            (interest.long, interest.short),
            (milli(5_000), milli(5_000))
        );
        // More than both have is what they have.
        let done = Margin::deleverage(&close(milli(50_000), Usd::dollars(25))).unwrap();
        assert_eq!(done.quantity, milli(5_000));
        assert_eq!((equity(ALICE), equity(BOB)), (Usd::ZERO, Usd::dollars(600)));
        assert_ok!(Margin::do_try_state());
        check_told();
    });
}

#[test]
fn deleverage_should_take_no_more_than_was_won() {
    new_test_ext().execute_with(|| {
        opposite(100, 500);
        Prices::set(INDEX, 88);
        let done = Margin::deleverage(&close(milli(10_000), Usd::dollars(10_000))).unwrap();
        assert_eq!(done.given_up, Usd::dollars(120));
        assert_eq!(equity(BOB), Usd::dollars(500));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn deleverage_should_take_nothing_when_the_other_side_has_lost() {
    new_test_ext().execute_with(|| {
        opposite(100, 500);
        Prices::set(INDEX, 110);
        let done = Margin::deleverage(&close(milli(4_000), Usd::dollars(50))).unwrap();
        assert_eq!(
            (done.given_up, done.notional),
            (Usd::ZERO, Usd::dollars(440))
        );
        assert_eq!(equity(BOB), Usd::dollars(400));
        assert_eq!(equity(ALICE), Usd::dollars(200));
    });
}

#[test]
fn nobody_should_fall_under_maintenance_by_what_is_taken() {
    new_test_ext().execute_with(|| {
        opposite(200, 100);
        fund(CAROL, 1_000);
        // Bob is long elsewhere too.
        Prices::set(INDEX, 80);
        let order = exposure_in(OTHER, Side::Ask, milli(20_000), usd(50));
        let fill = Fill {
            market: OTHER,
            maker_exposure: order,
            notional: order.notional,
            ..fill_of(CAROL, BOB, Side::Bid, milli(20_000), usd(50))
        };
        assert_ok!(Margin::open_order(&sub(CAROL), &order));
        assert_ok!(Margin::settle(&fill));
        Margin::settled(&sub(BOB));
        Prices::set(OTHER_INDEX, 40);
        // 100 + 200 - 200 over 24 + 48.
        let slack = Margin::account_health(&sub(BOB)).unwrap().slack().unwrap();
        assert_eq!(slack, Usd::dollars(28));
        let cut = Margin::cut_profit(&sub(BOB), MARKET, &sub(ALICE), Usd::dollars(100));
        assert_eq!(cut, Ok(slack));
        let health = Margin::account_health(&sub(BOB)).unwrap();
        assert_eq!(health.slack(), Some(Usd::ZERO));
        assert!(!health.is_liquidatable());
        // Closing frees the 24 of this market, which he can spare then.
        let done = Margin::deleverage(&close(milli(10_000), Usd::dollars(100))).unwrap();
        assert_eq!(done.given_up, Usd::dollars(24));
        assert!(!Margin::account_health(&sub(BOB)).unwrap().is_liquidatable());
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn cut_profit_should_move_the_entry_and_nothing_else() {
    new_test_ext().execute_with(|| {
        opposite(1_000, 1_000);
        Prices::set(INDEX, 120);
        assert_eq!(
            Margin::cut_profit(&sub(ALICE), MARKET, &sub(CAROL), Usd::dollars(50)),
            Ok(Usd::dollars(50))
        );
        assert_eq!(
            state(ALICE),
            (Usd::dollars(1_000), units(10), Usd::dollars(1_050))
        );
        assert_eq!(state(CAROL).0, Usd::dollars(50));
        System::assert_last_event(
            Event::ProfitCut {
                account: sub(ALICE),
                market: MARKET,
                amount: Usd::dollars(50),
                entry_notional: Usd::dollars(1_050),
                paid_to: sub(CAROL),
            }
            .into(),
        );
        // Who has lost has nothing to give, and a negative amount takes nothing.
        for (who, amount) in [(BOB, Usd::dollars(5)), (ALICE, Usd(-5))] {
            assert_eq!(
                Margin::cut_profit(&sub(who), MARKET, &sub(CAROL), amount),
                Ok(Usd::ZERO)
            );
        }
        // All that is left of the profit, and no more.
        assert_eq!(
            Margin::cut_profit(&sub(ALICE), MARKET, &sub(CAROL), Usd::MAX),
            Ok(Usd::dollars(150))
        );
        assert_eq!(equity(ALICE), Usd::dollars(1_000));
        assert_ok!(Margin::do_try_state());
        check_told();
    });
}

#[test]
fn cover_should_give_back_what_was_taken_when_there_is_some() {
    new_test_ext().execute_with(|| {
        opposite(100, 500);
        assert_ok!(<Margin as Custody<u64>>::collect(&CAROL, Usd::dollars(30)));
        Insurer::set(Usd::dollars(30));
        Prices::set(INDEX, 85);
        let done = Margin::deleverage(&close(milli(5_000), Usd::dollars(25))).unwrap();
        assert_eq!(done.given_up, Usd::dollars(25));
        // 500 and all of the fall; the other side of the trade gets what it was closed at.
        assert_eq!(equity(BOB), Usd::dollars(650));
        assert_eq!(state(ALICE).0, Usd::dollars(50));
        assert_eq!(<Insurer as LossCover<u64>>::held(), Usd::dollars(5));
        // Of 20 more it has 5.
        let cut = Margin::cut_profit(&sub(BOB), MARKET, &sub(ALICE), Usd::dollars(20));
        assert_eq!(cut, Ok(Usd::dollars(20)));
        assert_eq!(equity(BOB), Usd::dollars(635));
        assert_eq!(<Insurer as LossCover<u64>>::held(), Usd::ZERO);
        assert_ok!(Margin::do_try_state());
        check_told();
    });
}

#[test]
fn flat_accounts_and_wrong_sides_should_be_refused_and_change_nothing() {
    new_test_ext().execute_with(|| {
        opposite(500, 500);
        fund(CAROL, 500);
        let with = |account, counterparty| Deleveraging {
            account: sub(account),
            counterparty: sub(counterparty),
            ..close(milli(1_000), Usd::dollars(1))
        };
        for (order, error) in [
            (with(ALICE, CAROL), Error::<Test>::NotReducing),
            (with(CAROL, ALICE), Error::<Test>::NotReducing),
            (with(ALICE, ALICE), Error::<Test>::SelfTrade),
            (close(Quantity::ZERO, Usd::ZERO), Error::<Test>::ZeroAmount),
        ] {
            assert_noop!(Margin::deleverage(&order), error);
        }
        let cut = |from, to| Margin::cut_profit(&sub(from), MARKET, &sub(to), Usd(1));
        assert_noop!(cut(CAROL, ALICE), Error::<Test>::NotReducing);
        assert_noop!(cut(ALICE, ALICE), Error::<Test>::SameAccount);
        Prices::set_result(INDEX, Err(PriceError::Stale));
        assert_noop!(
            Margin::deleverage(&close(milli(1_000), Usd::ZERO)),
            Error::<Test>::PriceStale
        );
        assert_noop!(cut(ALICE, BOB), Error::<Test>::PriceStale);
        assert_eq!(Margin::open_profit(&sub(ALICE), MARKET), None);
        assert_eq!(Margin::open_profit(&sub(CAROL), MARKET), None);
    });
}
