//! Exposures of resting orders.

use crate::{mock::*, Accounts, Error};
use bulwark_primitives::{
    Fill, FillKind, MarketId, MarketParams, MarketStatus, OrderExposure, PriceError, Quantity,
    Side, Usd,
};
use bulwark_traits::{FillError, OrderMargin};
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

/// The price of the market has fallen to 90 USD faster than its mean follows, or feeders disagree.
const UNCLEAN: [PriceError; 2] = [PriceError::Deviating, PriceError::Uncertain];

#[test]
fn order_should_rest_for_liquidations_when_they_alone_may_use_the_price() {
    for error in UNCLEAN {
        new_test_ext().execute_with(|| {
            fund(ALICE, 100);
            fund(BOB, 1_000);
            fund(CAROL, 1_000);
            trade(BOB, CAROL, Side::Bid, milli(1_000), usd(100));
            Prices::set_unclean(INDEX, error, usd(90));
            let bid = fill_of(ALICE, CAROL, Side::Ask, milli(1_000), usd(90));
            assert_ok!(open(&bid.maker_exposure));
            // Carol only reduces, and still nobody opens against her at such a price.
            let refused = FillError::Taker(match error {
                PriceError::Deviating => Error::<Test>::PriceDeviating.into(),
                _ => Error::<Test>::PriceUncertain.into(),
            });
            assert_noop!(Margin::settle(&bid), refused);
            // Nor does a buyer against Bob, who is short.
            let buys = fill_of(BOB, ALICE, Side::Bid, milli(1_000), usd(90));
            assert_ok!(Margin::open_order(&buys.maker, &buys.maker_exposure));
            assert_noop!(Margin::settle(&buys), refused);
            assert_ok!(Margin::settle(&Fill {
                kind: FillKind::Liquidation,
                ..bid
            }));
            assert_eq!((state(ALICE).1, state(CAROL).1), (units(1), 0));
            assert_ok!(Margin::do_try_state());
        });
    }
}

#[test]
fn order_for_liquidations_should_need_margin_at_the_worst_price_told() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        fund(BOB, 1_000);
        fund(CAROL, 1_000);
        trade(BOB, CAROL, Side::Bid, milli(20_000), usd(100));
        Prices::set_unclean(INDEX, PriceError::Deviating, usd(90));
        // What is bid above the price is lost at once: 10 units for 100 USD and 45 USD of margin.
        let above = |quantity| exposure(Side::Bid, quantity, usd(100));
        assert_noop!(
            open(&above(milli(10_000))),
            Error::<Test>::InsufficientMargin
        );
        // Who could afford 20 units at the price cannot when the slow price is lower: 10 USD of each are lost
        // then, beside 4.50 of margin.
        let at = |quantity| exposure(Side::Bid, quantity, usd(90));
        Prices::set_slow(INDEX, 80);
        assert_noop!(open(&at(milli(7_000))), Error::<Test>::InsufficientMargin);
        assert_ok!(open(&at(milli(6_000))));
        // The same when it fills, and then also at a price that has got worse since.
        Prices::set_slow(INDEX, 70);
        let fill = Fill {
            kind: FillKind::Liquidation,
            ..fill_of(ALICE, CAROL, Side::Ask, milli(6_000), usd(90))
        };
        assert_noop!(
            Margin::settle(&fill),
            FillError::Maker(Error::<Test>::InsufficientMargin.into())
        );
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn order_should_not_rest_for_liquidations_when_they_may_not_use_the_price_either() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        for (error, refused) in [
            (PriceError::Stale, Error::<Test>::PriceStale),
            (PriceError::TooFewFeeds, Error::PriceTooFewFeeds),
            (PriceError::Recovering, Error::PriceRecovering),
            (PriceError::Halted, Error::PriceHalted),
        ] {
            Prices::set_unclean(INDEX, error, usd(90));
            assert_noop!(open(&exposure(Side::Bid, milli(1_000), usd(90))), refused);
        }
    });
}

#[test]
fn orders_should_need_clean_prices_when_others_than_liquidations_could_fill_one_of_them() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 1_000);
        let here = exposure(Side::Bid, milli(1_000), usd(90));
        let there = exposure_in(OTHER, Side::Bid, milli(1_000), usd(10));
        Prices::set_unclean(INDEX, PriceError::Deviating, usd(90));
        // In whatever order, one by one or in a row.
        assert_ok!(open(&here));
        assert_noop!(open(&there), Error::<Test>::PriceDeviating);
        assert_ok!(Margin::check_orders(&sub(ALICE)));
        assert_eq!(Margin::record_order(&sub(ALICE), &there), Ok(true));
        assert_noop!(
            Margin::check_orders(&sub(ALICE)),
            Error::<Test>::PriceDeviating
        );
        Margin::close_order(&sub(ALICE), &here);
        assert_ok!(Margin::check_orders(&sub(ALICE)));
        assert_noop!(open(&here), Error::<Test>::PriceDeviating);
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
