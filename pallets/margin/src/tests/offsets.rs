//! What opposite positions take off margins.

use crate::{mock::*, offsets::Hedge, Error};
use bulwark_primitives::{
    Correlation, Factor, Fill, MarketId, Price, Quantity, Rate, Side, Size, Usd, SIZE_SCALE,
};
use bulwark_risk_math::{notional, offset::MAX_POSITIONS, Rounding};
use bulwark_traits::{LiquidationLedger, OrderMargin};
use frame_support::{assert_noop, assert_ok};

fn trade_in(market: MarketId, taker: u64, side: Side, quantity: Quantity, price: u128) {
    let price = usd(price);
    let fill = Fill {
        market,
        maker_exposure: exposure_in(market, side.opposite(), quantity, price),
        notional: notional(price, quantity, Rounding::Down).unwrap(),
        ..fill_of(BOB, taker, side, quantity, price)
    };
    assert_ok!(Margin::open_order(&fill.maker, &fill.maker_exposure));
    assert_ok!(Margin::settle(&fill));
    Margin::settled(&fill.taker);
}

fn set_matrix(percent: i8) {
    let shares = [(INDEX, Rate::percent(60)), (OTHER_INDEX, Rate::percent(50))];
    Registry::set_matrix(&shares, &[Correlation::percent(percent)]);
}

/// Alice with 200 USD: 10 long at 100 (margins 50 and 30), 20 of the other short at 50 (100 and 60).
fn hedged() {
    fund(ALICE, 200);
    fund(BOB, 100_000);
    trade_in(MARKET, ALICE, Side::Bid, milli(10_000), 100);
    trade_in(OTHER, ALICE, Side::Ask, milli(20_000), 50);
}

fn health() -> bulwark_primitives::Health {
    Margin::owner_health(&sub(ALICE)).unwrap()
}

fn margins() -> (Usd, Usd) {
    (health().initial_margin, health().maintenance_margin)
}

#[test]
fn margins_should_be_less_by_the_smaller_leg_when_positions_are_opposite() {
    new_test_ext().execute_with(|| {
        hedged();
        assert_eq!(margins(), (Usd::dollars(150), Usd::dollars(90)));
        // 80 % of 60 % of 50, and 80 % of 30 % of 30.
        set_matrix(80);
        assert_eq!(margins(), (Usd::dollars(126), Usd(82_800_000)));
        let told = Margin::margin_breakdown(&sub(ALICE)).unwrap();
        assert_eq!(told.initial_offset, Usd::dollars(24));
        assert_eq!(told.maintenance_offset, Usd(7_200_000));
        assert_eq!(told.health, health());
        // The other leg is smaller now: 80 % of 50 % of 10, and 80 % of 25 % of 6.
        trade_in(OTHER, ALICE, Side::Bid, milli(18_000), 50);
        assert_eq!(
            margins(),
            (Usd::dollars(60 - 4), Usd(36_000_000 - 1_200_000))
        );
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn margins_should_be_whole_when_positions_are_on_one_side_or_move_apart() {
    new_test_ext().execute_with(|| {
        hedged();
        set_matrix(-80);
        assert_eq!(margins(), (Usd::dollars(150), Usd::dollars(90)));
        set_matrix(80);
        // Another asset has no part in the matrix.
        Registry::set_matrix(&[(INDEX, Rate::percent(60))], &[]);
        assert_eq!(margins(), (Usd::dollars(150), Usd::dollars(90)));
        set_matrix(80);
        trade_in(OTHER, ALICE, Side::Bid, milli(30_000), 50);
        assert_eq!(margins(), (Usd::dollars(100), Usd::dollars(60)));
        let factors = Margin::legs(&sub(ALICE)).into_iter().map(|leg| leg.factor);
        assert!(!factors
            .into_iter()
            .any(|factor| matches!(factor, Factor::Offset(_))));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn offset_should_count_what_no_order_can_close_when_orders_rest() {
    new_test_ext().execute_with(|| {
        hedged();
        set_matrix(80);
        let ask = exposure(Side::Ask, milli(5_000), usd(100));
        assert_ok!(Margin::open_order(&sub(ALICE), &ask));
        assert_eq!(margins(), (Usd::dollars(150 - 12), Usd(82_800_000)));
        // An order that would turn the position leaves nothing to offset, and needs margin itself.
        let more = exposure(Side::Ask, milli(15_000), usd(100));
        assert_ok!(Margin::open_order(&sub(ALICE), &more));
        assert_eq!(margins(), (Usd::dollars(150), Usd(82_800_000)));
        let too_much = exposure(Side::Ask, milli(10_100), usd(100));
        assert_noop!(
            Margin::open_order(&sub(ALICE), &too_much),
            Error::<Test>::InsufficientMargin
        );
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn legs_should_follow_the_mean_correlation_when_positions_are_opposite() {
    new_test_ext().execute_with(|| {
        hedged();
        set_matrix(80);
        let legs: Vec<_> = Margin::legs(&sub(ALICE))
            .into_iter()
            .map(|leg| (leg.factor, leg.amount))
            .collect();
        assert_eq!(
            legs,
            [
                (Factor::Long(MARKET), milli(10_000)),
                (Factor::Short(OTHER), milli(20_000)),
                (Factor::Offset(MARKET), milli(8_000)),
                (Factor::Offset(OTHER), milli(16_000)),
            ]
        );
    });
}

#[test]
fn liquidation_price_should_be_where_the_account_becomes_due_when_an_offset_falls_with_it() {
    new_test_ext().execute_with(|| {
        hedged();
        set_matrix(80);
        let told = Margin::margin_breakdown(&sub(ALICE)).unwrap();
        let level = told.positions[0].liquidation_price.unwrap();
        let due_at = |price: Price| {
            Prices::set_result(INDEX, Ok(price));
            Margin::account_health(&sub(ALICE))
                .unwrap()
                .is_liquidatable()
        };
        // To the rounding of some base units.
        assert!(!due_at(Price(level.0 / 100_000 * 100_001)));
        assert!(due_at(Price(level.0 / 100_000 * 99_999)));
        // A short's is early, never late: the offset is counted as it was.
        Prices::set(INDEX, 100);
        let level = told.positions[1].liquidation_price.unwrap();
        Prices::set_result(OTHER_INDEX, Ok(Price(level.0 / 100_000 * 99_999)));
        let health = Margin::account_health(&sub(ALICE)).unwrap();
        assert!(!health.is_liquidatable(), "{health:?}");
    });
}

#[test]
fn exposures_should_be_what_slack_gains_when_a_price_doubles() {
    new_test_ext().execute_with(|| {
        hedged();
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            10 * COIN_UNIT
        ));
        let told = Margin::margin_breakdown(&sub(ALICE)).unwrap();
        // 1,000 less 30 of margin; 87 % of 100; -1,000 less 60.
        assert_eq!(
            told.exposures,
            [
                (INDEX, Usd::dollars(970)),
                (COIN, Usd::dollars(87)),
                (OTHER_INDEX, Usd::dollars(-1_060)),
            ]
        );
        let slack = told.health.slack().unwrap();
        Prices::set(INDEX, 200);
        let after = Margin::account_health(&sub(ALICE)).unwrap().slack();
        assert_eq!(after, slack.checked_add(Usd::dollars(970)));
    });
}

#[test]
fn offset_should_end_when_an_account_has_more_positions_than_the_queue_has_legs_for() {
    new_test_ext().execute_with(|| {
        set_matrix(80);
        let positions = |count: usize| -> Vec<_> {
            let one = SIZE_SCALE as i128;
            let mut all = vec![(Size(one), INDEX); count];
            all[0] = (Size(-one), OTHER_INDEX);
            all
        };
        assert!(Hedge::of::<Test>(&positions(MAX_POSITIONS)).is_some());
        assert!(Hedge::of::<Test>(&positions(MAX_POSITIONS + 1)).is_none());
        assert!(Hedge::of::<Test>(&positions(1)).is_none());
        assert!(Hedge::of::<Test>(&[]).is_none());
    });
}
