//! Closing an account: how much, at what price, for what fee.

use crate::{
    closing::{plan, Order, MAX_CANCELS, MAX_MISSES},
    mock::*,
    Event,
};
use bulwark_primitives::*;
use bulwark_risk_math::Closing;
use bulwark_traits::{
    mock::{market_params, Fund, Guard, Registry, INDEX, MARKET},
    LiquidationLedger, LossFund,
};

fn closing(size: i128, mark: u128, equity: i64) -> Closing {
    let params = market_params();
    let size = milli(size);
    let position = bulwark_risk_math::PositionInput {
        size,
        entry_notional: Usd::ZERO,
        mark: Price(mark * PRICE_SCALE / 100),
        initial_margin: params.initial_margin,
        maintenance_margin: params.maintenance_margin,
        ..bulwark_risk_math::PositionInput::default()
    };
    let health = bulwark_risk_math::health(Usd::ZERO, &[], &[position]).unwrap();
    let equity = Usd::dollars(equity);
    Closing {
        size,
        mark: position.mark,
        initial_rate: params.initial_margin,
        maintenance_rate: params.maintenance_margin,
        fee_rate: params.liquidation_fee,
        health: Health {
            equity,
            initial_equity: equity,
            ..health
        },
    }
}

fn planned(closing: &Closing, fund: i64) -> Order {
    plan(closing, &market_params(), Usd::dollars(fund)).unwrap()
}

fn tenths(price: u128) -> Price {
    Price(price * PRICE_SCALE / 10)
}

#[test]
fn part_should_be_closed_when_a_part_restores_the_account() {
    // MM 300, IM 500, fee 1 %: (500 - 280) / (100 * (5 % - 1 %)) = 55.
    let order = planned(&closing(100_000, 10_000, 280), 0);
    assert_eq!(order.quantity, milli(55_000).quantity());
    assert_eq!(order.side, Side::Ask);
    // (1/2 + 1 - 280/300) * 3 USD = 1.7 under mark.
    assert_eq!(order.worst, tenths(983));
    let short = planned(&closing(-100_000, 10_000, 280), 0);
    assert_eq!(short.side, Side::Bid);
    assert_eq!(short.quantity, order.quantity);
    assert_eq!(short.worst, tenths(1_017));
}

#[test]
fn price_should_be_rounded_in_favour_of_the_account_when_it_is_between_ticks() {
    // (1/2 + 1 - 285/300) * 3 = 1.65.
    assert_eq!(
        planned(&closing(100_000, 10_000, 285), 0).worst,
        tenths(984)
    );
    assert_eq!(
        planned(&closing(-100_000, 10_000, 285), 0).worst,
        tenths(1_016)
    );
}

#[test]
fn everything_should_be_closed_when_the_position_is_small() {
    let order = planned(&closing(9_000, 10_000, 26), 0);
    assert_eq!(order.quantity, milli(9_000).quantity());
}

#[test]
fn a_fifth_should_be_closed_when_the_position_is_large() {
    let order = planned(&closing(2_000_001, 10_000, 1_000), 0);
    assert_eq!(order.quantity, milli(400_000).quantity());
}

#[test]
fn rest_should_never_be_smaller_than_an_order_may_be() {
    let params = MarketParams {
        min_order: milli(46_000).quantity(),
        ..market_params()
    };
    let order = plan(&closing(100_000, 10_000, 280), &params, Usd::ZERO).unwrap();
    assert_eq!(order.quantity, milli(100_000).quantity());
    let params = MarketParams {
        min_order: milli(60_000).quantity(),
        ..market_params()
    };
    let order = plan(&closing(200_000, 10_000, 590), &params, Usd::ZERO).unwrap();
    // 103 would do.
    assert_eq!(order.quantity, milli(103_000 - 500).quantity());
}

#[test]
fn bankrupt_account_should_be_sold_no_lower_than_the_fund_can_pay() {
    // 100 units at 100 USD, 50 USD of debt; the whole discount is 3 USD a unit.
    let bankrupt = closing(100_000, 10_000, -50);
    assert_eq!(planned(&bankrupt, 10_000).worst, tenths(970));
    assert_eq!(planned(&bankrupt, 150).worst, tenths(990));
    assert_eq!(planned(&bankrupt, 50).worst, tenths(1_000));
    assert_eq!(planned(&bankrupt, 0).worst, tenths(1_000));
    let short = closing(-100_000, 10_000, -50);
    assert_eq!(planned(&short, 150).worst, tenths(1_010));
    assert_eq!(planned(&short, 0).worst, tenths(1_000));
}

#[test]
fn account_should_be_above_maintenance_when_the_book_is_deep() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        Book::rest(MARKET, Side::Bid, 925, 10_000_000);
        let total = Ledger::total() + Fund::balance().0;
        set_cents(INDEX, 9_250);
        next_block();
        let health = Ledger::health(&account).unwrap();
        assert!(health.equity >= health.initial_margin);
        // Equity 250 of MM 277.5, IM 462.5: (462.5 - 250) / (4.625 - 0.925), up to a lot.
        assert_eq!(Ledger::size(&account, MARKET), milli(100_000 - 57_433));
        assert!(!Liquidation::is_due(&account));
        assert_eq!(Ledger::total() + Fund::balance().0, total);
        let fee = Usd(57_433 * 925);
        let liquidated = Event::Liquidated {
            account: account.clone(),
            market: MARKET,
            quantity: milli(57_433).quantity(),
            notional: Usd(57_433 * 92_500),
            fee,
            reward: Usd::ZERO,
            liquidator: None,
            equity_before: Usd::dollars(250),
            equity_after: Usd(250_000_000 - fee.0),
            due_since: 2,
        };
        assert!(events().contains(&liquidated));
        assert_eq!(Fund::balance(), fee);
    });
}

#[test]
fn fee_should_be_halved_between_author_and_fund_in_step_3() {
    new_test_ext().execute_with(|| {
        Author::set(Some(77));
        open(1, 1_000, MARKET, 100_000);
        Book::rest(MARKET, Side::Bid, 925, 10_000_000);
        set_cents(INDEX, 9_250);
        next_block();
        let fee = 57_433 * 925;
        assert_eq!(Ledger::balance(&acc(77)), Usd(fee / 2));
        assert_eq!(Fund::balance(), Usd(fee - fee / 2));
    });
}

#[test]
fn reward_should_go_to_the_fund_when_the_author_is_the_owner() {
    new_test_ext().execute_with(|| {
        Author::set(Some(1));
        open(1, 1_000, MARKET, 100_000);
        Book::rest(MARKET, Side::Bid, 925, 10_000_000);
        set_cents(INDEX, 9_250);
        next_block();
        assert_eq!(Fund::balance(), Usd(57_433 * 925));
    });
}

#[test]
fn health_ratio_should_not_fall_when_the_fill_is_at_the_worst_price() {
    new_test_ext().execute_with(|| {
        for balance in [780, 820, 860, 900, 940, 980] {
            let account = open(balance as u64, balance, MARKET, 100_000);
            set_cents(INDEX, 9_250);
            let before = Ledger::health(&account).unwrap();
            assert!(before.is_liquidatable());
            Book::clear();
            for price in (895..=925).rev() {
                Book::rest(MARKET, Side::Bid, price, 5_000);
            }
            next_block();
            let after = Ledger::health(&account).unwrap();
            // equity' / MM' >= equity / MM, crosswise.
            assert!(
                after.equity.0 * before.maintenance_margin.0
                    >= before.equity.0 * after.maintenance_margin.0,
                "{balance}: {before:?} {after:?}"
            );
            set_cents(INDEX, 10_000);
            next_block();
        }
    });
}

#[test]
fn large_position_should_be_closed_over_several_blocks() {
    new_test_ext().execute_with(|| {
        let account = open(1, 100_000, MARKET, 10_000_000);
        Book::rest(MARKET, Side::Bid, 920, 100_000_000);
        set_cents(INDEX, 9_200);
        next_block();
        assert_eq!(Ledger::size(&account, MARKET), milli(8_000_000));
        assert!(Liquidation::is_due(&account));
        next_block();
        assert_eq!(Ledger::size(&account, MARKET), milli(6_400_000));
    });
}

#[test]
fn largest_requirement_should_be_closed_first() {
    new_test_ext().execute_with(|| {
        let account = open(1, 2_000, MARKET, 100_000);
        enlarge(&account, MARKET_2, -500_000);
        Book::rest(MARKET, Side::Bid, 850, 10_000_000);
        Book::rest(MARKET_2, Side::Ask, 100, 10_000_000);
        set_cents(INDEX, 8_500);
        assert!(!is_under(&account));
        set_cents(INDEX, 8_300);
        assert!(is_under(&account));
        Book::rest(MARKET, Side::Bid, 830, 10_000_000);
        next_block();
        assert!(Ledger::size(&account, MARKET) < milli(100_000));
        assert_eq!(Ledger::size(&account, MARKET_2), milli(-500_000));
    });
}

#[test]
fn next_market_should_be_tried_when_the_first_has_no_bids_or_is_halted() {
    for halted in [false, true] {
        new_test_ext().execute_with(|| {
            let account = open(1, 2_000, MARKET, 100_000);
            enlarge(&account, MARKET_2, -500_000);
            Book::rest(MARKET_2, Side::Ask, 100, 10_000_000);
            if halted {
                Book::rest(MARKET, Side::Bid, 830, 10_000_000);
                Guard::set(MARKET, MarketStatus::Paused);
            }
            set_cents(INDEX, 8_300);
            next_block();
            assert_eq!(Ledger::size(&account, MARKET), milli(100_000));
            assert!(Ledger::size(&account, MARKET_2) > milli(-500_000));
        });
    }
}

#[test]
fn orders_should_be_cancelled_before_anything_is_closed() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        Ledger::set_orders(&account, MAX_CANCELS + 5);
        set_cents(INDEX, 9_250);
        next_block();
        assert_eq!(Ledger::orders(&account), 5);
        next_block();
        assert_eq!(Ledger::orders(&account), 0);
    });
}

#[test]
fn orders_should_not_make_the_closing_larger_when_there_are_more_than_one_block_cancels() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        let twin = open(2, 1_000, MARKET, 100_000);
        Ledger::set_bids(&account, MAX_CANCELS + 20, 1_000);
        Book::rest(MARKET, Side::Bid, 925, 10_000_000);
        set_cents(INDEX, 9_250);
        next_block();
        // As in `account_should_be_above_maintenance_when_the_book_is_deep`, not a lot more.
        for account in [&account, &twin] {
            assert_eq!(Ledger::size(account, MARKET), milli(100_000 - 57_433));
            assert!(!Liquidation::is_due(account));
        }
        assert_eq!(Ledger::orders(&account), 20);
        // They still count for what the owner may do.
        let health = Ledger::health(&account).unwrap();
        assert!(health.equity < health.initial_margin);
    });
}

/// An account with 12 positions that is under maintenance, the one in market 10 the largest, and
/// bids in one of the markets only.
fn spread(liquid: MarketId) -> Account {
    let account = acc(1);
    Ledger::deposit(&account, Usd::dollars(3_420));
    for n in 10..22 {
        Registry::insert_market(MarketId(n), market_params());
        enlarge(&account, MarketId(n), 31_000 - i128::from(n) * 100);
    }
    Book::rest(liquid, Side::Bid, 925, 10_000_000);
    set_cents(INDEX, 9_250);
    assert!(is_under(&account));
    account
}

#[test]
fn every_position_should_be_tried_in_bounded_time_when_most_markets_have_no_bids() {
    for liquid in (10..22).map(MarketId) {
        new_test_ext().execute_with(|| {
            let account = spread(liquid);
            let before = Ledger::size(&account, liquid);
            let attempts = 1 + 12 / MAX_MISSES;
            let closed = (0..attempts).any(|_| {
                next_block();
                Ledger::size(&account, liquid) < before
            });
            assert!(closed, "{liquid:?} was not tried in {attempts} blocks");
            // The next attempt starts with the largest requirement again.
            assert!(Liquidation::known(&account).is_none_or(|known| known.resume.is_none()));
        });
    }
}

#[test]
fn next_attempt_should_go_on_with_a_market_not_tried_when_four_had_no_bids() {
    new_test_ext().execute_with(|| {
        let account = spread(MarketId(30));
        let mut starts = Vec::new();
        for _ in 0..4 {
            next_block();
            starts.push(Liquidation::known(&account).unwrap().resume.unwrap().0);
        }
        // The four largest first, then by id, round and round.
        assert_eq!(starts, vec![14, 18, 10, 14]);
        // What is closed meanwhile does not stop it.
        for n in [14, 15, 16] {
            let size = Ledger::size(&account, MarketId(n));
            Ledger::trade(&account, MarketId(n), Size(-size.0), Usd::ZERO);
        }
        Ledger::deposit(&account, Usd::dollars(7_700));
        next_block();
        assert_eq!(
            Liquidation::known(&account).unwrap().resume,
            Some(MarketId(21))
        );
    });
}

#[test]
fn nothing_should_fill_beyond_the_worst_price() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        // Equity 250 of MM 277.5: 92.5 - (1/2 + 0.0991) * 2.775 = 90.84 is the floor.
        Book::rest(MARKET, Side::Bid, 908, 10_000_000);
        set_cents(INDEX, 9_250);
        next_block();
        assert_eq!(Ledger::size(&account, MARKET), milli(100_000));
        assert!(is_parked(&account));
        Book::rest(MARKET, Side::Bid, 909, 1_000);
        next_block();
        assert_eq!(Ledger::size(&account, MARKET), milli(99_000));
    });
}

#[test]
fn account_just_under_maintenance_should_be_closed_when_makers_bid_a_spread_away() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        // Equity 278 of MM 278.34, and half a percent of spread.
        set_cents(INDEX, 9_278);
        assert!(is_under(&account));
        Book::rest(MARKET, Side::Bid, 923, 10_000_000);
        next_block();
        assert!(!is_under(&account));
        assert_eq!(Liquidation::due_since(&account), None);
    });
}

#[test]
fn fills_should_be_bounded() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        for _ in 0..50 {
            Book::rest(MARKET, Side::Bid, 925, 1_000);
        }
        set_cents(INDEX, 9_250);
        next_block();
        assert_eq!(Ledger::size(&account, MARKET), milli(90_000));
        next_block();
        assert_eq!(Ledger::size(&account, MARKET), milli(80_000));
    });
}
