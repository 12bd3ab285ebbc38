//! Exposures of resting orders.

use crate::{mock::*, Accounts, Error};
use bulwark_primitives::{
    MarketId, MarketParams, MarketStatus, OrderExposure, PriceError, Quantity, Side, Usd,
};
use bulwark_traits::OrderMargin;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;

fn open(order: &OrderExposure) -> DispatchResult {
    Margin::open_order(&sub(ALICE), order)
}

#[test]
fn open_order_should_need_initial_margin_at_the_worst_case() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        // 5 % of 2,000 USD is all there is.
        let order = exposure(Side::Bid, milli(20_000), usd(100));
        assert_ok!(open(&order));
        // The other side is no worse than this one.
        assert_ok!(open(&exposure(Side::Ask, milli(20_000), usd(100))));
        assert_noop!(
            open(&exposure(Side::Bid, milli(1), usd(100))),
            Error::<Test>::InsufficientMargin
        );
        Margin::close_order(&sub(ALICE), &order);
        assert_ok!(open(&exposure(Side::Bid, milli(1), usd(100))));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn open_order_should_count_what_a_bad_price_would_lose_at_once() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        // 10 units: 50 USD of margin, and 10 USD above mark per unit.
        assert_noop!(
            open(&exposure(Side::Bid, milli(10_000), usd(110))),
            Error::<Test>::InsufficientMargin
        );
        assert_ok!(open(&exposure(Side::Bid, milli(10_000), usd(105))));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn open_order_should_pass_without_margin_or_price_when_it_only_reduces() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        fund(BOB, 1_000);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        Prices::set(INDEX, 91);
        assert_ok!(open(&exposure(Side::Ask, milli(6_000), usd(91))));
        Prices::set_result(INDEX, Err(PriceError::Stale));
        Guard::set(MARKET, MarketStatus::ReduceOnly);
        assert_ok!(open(&exposure(Side::Ask, milli(4_000), usd(91))));
        // Together they would turn the position.
        assert_noop!(
            open(&exposure(Side::Ask, milli(1), usd(91))),
            Error::<Test>::MarketReduceOnly
        );
        Guard::set(MARKET, MarketStatus::Active);
        assert_noop!(
            open(&exposure(Side::Ask, milli(1), usd(91))),
            Error::<Test>::PriceStale
        );
        assert_noop!(
            open(&exposure(Side::Bid, milli(1), usd(91))),
            Error::<Test>::PriceStale
        );
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn open_order_should_fail_when_market_or_quantity_is_not_there() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        let in_market = |market| exposure_in(market, Side::Bid, milli(1), usd(100));
        assert_noop!(open(&in_market(MarketId(9))), Error::<Test>::UnknownMarket);
        assert_noop!(
            open(&exposure(Side::Bid, Quantity(0), usd(100))),
            Error::<Test>::ZeroAmount
        );
        for status in [
            MarketStatus::Paused,
            MarketStatus::Settling,
            MarketStatus::Closed,
        ] {
            Guard::set(MARKET, status);
            assert_noop!(open(&in_market(MARKET)), Error::<Test>::MarketNotOpen);
        }
        Guard::set(MARKET, MarketStatus::PostOnly);
        assert_ok!(open(&in_market(MARKET)));
    });
}

#[test]
fn open_order_should_fail_when_the_account_is_in_too_many_markets() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 1_000);
        for id in 10..14 {
            Registry::insert_market(
                MarketId(id),
                MarketParams {
                    index_asset: INDEX,
                    ..market_params()
                },
            );
            assert_ok!(open(&exposure_in(
                MarketId(id),
                Side::Bid,
                milli(1),
                usd(100)
            )));
        }
        assert_noop!(
            open(&exposure(Side::Bid, milli(1), usd(100))),
            Error::<Test>::TooManyPositions
        );
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn close_order_should_remove_the_entry_when_nothing_is_left() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        let order = exposure(Side::Bid, milli(1_000), usd(100));
        assert_ok!(open(&order));
        let part = OrderExposure {
            quantity: milli(400),
            notional: Usd::dollars(40),
            ..order
        };
        Margin::close_order(&sub(ALICE), &part);
        let orders = Accounts::<Test>::get(sub(ALICE)).position(MARKET).orders;
        assert_eq!(orders.bid_quantity, milli(600));
        assert_eq!(orders.bid_notional, Usd::dollars(60));
        // More than is left: what is not there is not taken.
        Margin::close_order(&sub(ALICE), &order);
        assert!(Accounts::<Test>::get(sub(ALICE)).positions.is_empty());
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn reducible_should_be_the_position_when_the_side_is_opposite() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 1_000);
        fund(BOB, 1_000);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        let reducible = |who, side| Margin::reducible(&sub(who), MARKET, side);
        assert_eq!(reducible(ALICE, Side::Ask), milli(10_000));
        assert_eq!(reducible(ALICE, Side::Bid), Quantity(0));
        assert_eq!(reducible(BOB, Side::Bid), milli(10_000));
        assert_eq!(reducible(BOB, Side::Ask), Quantity(0));
        assert_eq!(reducible(CAROL, Side::Bid), Quantity(0));
    });
}
