//! Rules of initial margin: worse prices, crowds, tiers; and of the size add-on in the legs.

use crate::{mock::*, Error};
use bulwark_primitives::{
    CollateralParams, Factor, FillKind, MarginTier, MarketParams, Quantity, Rate, Side, Tier, Usd,
    SIZE_SCALE,
};
use bulwark_traits::{FillError, LiquidationLedger, OrderMargin};
use frame_support::{assert_noop, assert_ok};

fn health(who: u64) -> bulwark_primitives::Health {
    Margin::owner_health(&sub(who)).unwrap()
}

fn units_of(quantity: u128) -> Quantity {
    Quantity(quantity * SIZE_SCALE)
}

#[test]
fn pumped_price_should_buy_nothing_when_the_slow_price_has_not_followed() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        fund(BOB, 10_000);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        // Tripled within minutes: 2,000 USD of open profit.
        Prices::set(INDEX, 300);
        Prices::set_slow(INDEX, 105);
        let health = health(ALICE);
        assert_eq!(health.equity, Usd::dollars(2_100));
        assert_eq!(health.initial_equity, Usd::dollars(150));
        assert_eq!(
            health.initial_margin,
            Usd::dollars(150),
            "5 % of the higher price"
        );
        assert_noop!(
            Margin::withdraw(RuntimeOrigin::signed(ALICE), 0, SETTLEMENT, 1),
            Error::<Test>::InsufficientMargin
        );
        let order = exposure(Side::Bid, milli(1_000), usd(300));
        assert_noop!(
            Margin::open_order(&sub(ALICE), &order),
            Error::<Test>::InsufficientMargin
        );
        assert!(!health.is_liquidatable());
    });
}

#[test]
fn slow_price_should_liquidate_nobody() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        fund(BOB, 10_000);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        Prices::set_slow(INDEX, 50);
        let health = health(ALICE);
        assert_eq!(health.equity, Usd::dollars(100));
        assert_eq!(health.initial_equity, Usd::dollars(-400));
        assert_eq!(
            Margin::account_health(&sub(ALICE)).unwrap().initial_equity,
            Usd::dollars(100)
        );
        assert!(!health.is_liquidatable());
    });
}

#[test]
fn collateral_should_count_less_when_much_of_it_is_deposited() {
    new_test_ext().execute_with(|| {
        Registry::insert_collateral(
            COIN,
            CollateralParams {
                scale_start: 10 * COIN_UNIT,
                ..coin_params()
            },
        );
        let deposit = |who, coins| {
            assert_ok!(Margin::deposit(
                RuntimeOrigin::signed(who),
                0,
                COIN,
                coins * COIN_UNIT
            ));
        };
        deposit(ALICE, 10);
        assert_eq!(health(ALICE).initial_equity, Usd::dollars(80));
        deposit(BOB, 30);
        let alice = health(ALICE);
        assert_eq!(alice.initial_equity, Usd::dollars(20), "a quarter of 80 %");
        assert_eq!(
            alice.equity,
            Usd::dollars(87),
            "maintenance is nobody else's"
        );
    });
}

#[test]
fn open_interest_should_stop_new_risk_and_liquidate_nobody() {
    new_test_ext().execute_with(|| {
        Registry::insert_market(
            MARKET,
            MarketParams {
                lower_open_interest: units_of(10),
                max_open_interest: units_of(110),
                ..market_params()
            },
        );
        fund(ALICE, 200);
        fund(BOB, 100_000);
        fund(CAROL, 100_000);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        assert_eq!(health(ALICE).initial_margin, Usd::dollars(50));
        trade(BOB, CAROL, Side::Bid, milli(50_000), usd(100));
        // Halfway: 52.5 %.
        assert_eq!(health(ALICE).initial_margin, Usd::dollars(525));
        assert_eq!(health(ALICE).maintenance_margin, Usd::dollars(30));
        assert_eq!(
            Margin::account_health(&sub(ALICE)).unwrap().initial_margin,
            Usd::dollars(50)
        );
        assert!(!health(ALICE).is_liquidatable());
        assert_noop!(
            Margin::open_order(&sub(ALICE), &exposure(Side::Bid, milli(1), usd(100))),
            Error::<Test>::InsufficientMargin
        );
        trade(BOB, ALICE, Side::Ask, milli(10_000), usd(100));
        assert_eq!(
            Margin::market_summary(MARKET).unwrap().initial_margin,
            Rate(430_000_000)
        );
    });
}

#[test]
fn one_large_fill_should_be_held_to_the_open_interest_it_makes() {
    new_test_ext().execute_with(|| {
        Registry::insert_market(
            MARKET,
            MarketParams {
                lower_open_interest: units_of(10),
                max_open_interest: units_of(110),
                ..market_params()
            },
        );
        fund(ALICE, 1_000);
        fund(BOB, 100_000);
        // 52.5 % of 6,000 USD are more than 1,000.
        assert!(matches!(
            try_trade(BOB, ALICE, Side::Bid, milli(60_000), usd(100)),
            Err(FillError::Taker(_))
        ));
        assert_eq!(
            Margin::max_order(&sub(BOB), MARKET, Side::Bid),
            units_of(110)
        );
        let most = Margin::max_order(&sub(ALICE), MARKET, Side::Bid);
        assert_ok!(try_trade(BOB, ALICE, Side::Bid, most, usd(100)));
    });
}

#[test]
fn maker_of_a_liquidation_should_not_be_held_to_the_crowd() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 60);
        fund(BOB, 10_000);
        fund(CAROL, 100);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        assert_ok!(Margin::open_order(
            &sub(CAROL),
            &exposure(Side::Bid, milli(10_000), usd(96))
        ));
        Registry::insert_market(
            MARKET,
            MarketParams {
                lower_open_interest: units_of(1),
                max_open_interest: units_of(10),
                ..market_params()
            },
        );
        Prices::set(INDEX, 96);
        let mut fill = fill_of(CAROL, ALICE, Side::Ask, milli(10_000), usd(96));
        fill.kind = FillKind::Liquidation;
        assert_ok!(Margin::settle(&fill));
    });
}

#[test]
fn profit_should_open_nothing_when_the_tier_does_not_let_it() {
    new_test_ext().execute_with(|| {
        for (tier, free) in [(Tier::A, 95), (Tier::B, 45), (Tier::C, -5)] {
            Registry::insert_market(
                MARKET,
                MarketParams {
                    tier,
                    ..market_params()
                },
            );
            let who = ALICE + 10 * (free + 5) as u64;
            assert_ok!(Assets::transfer(
                RuntimeOrigin::signed(CAROL),
                SETTLEMENT,
                who,
                1_000_000_000
            ));
            Prices::set(INDEX, 100);
            fund(who, 50);
            fund(BOB, 1_000);
            trade(BOB, who, Side::Bid, milli(10_000), usd(100));
            Prices::set(INDEX, 110);
            let breakdown = Margin::margin_breakdown(&sub(who)).unwrap();
            assert_eq!(breakdown.free_collateral, Usd::dollars(free), "{tier:?}");
            assert_eq!(breakdown.health.equity, Usd::dollars(150));
        }
    });
}

#[test]
fn large_positions_should_have_an_add_on_and_a_leg_for_it() {
    new_test_ext().execute_with(|| {
        let mut params = market_params();
        params.margin_tiers[0] = MarginTier {
            from: Usd::dollars(10_000),
            add_on: Rate::percent(10),
        };
        Registry::insert_market(MARKET, params);
        fund(ALICE, 10_000);
        fund(BOB, 10_000);
        trade(BOB, ALICE, Side::Bid, milli(12_500), usd(100));
        assert_eq!(
            Margin::legs(&sub(ALICE)).len(),
            1,
            "an eighth of the first tier"
        );
        assert_eq!(
            Margin::legs(&sub(BOB))[0].amount,
            Quantity(12_500 * SIZE_SCALE / 1_000 * 106 / 100)
        );
        trade(BOB, ALICE, Side::Bid, milli(187_500), usd(100));
        // 5 % of 20,000 and 10 % of 10,000; 3 % and 6 %.
        let health = health(ALICE);
        assert_eq!(health.initial_margin, Usd::dollars(2_000));
        assert_eq!(health.maintenance_margin, Usd::dollars(1_200));
        for who in [ALICE, BOB] {
            let legs = Margin::legs(&sub(who));
            assert_eq!(legs[0].amount, units_of(200));
            assert_eq!(
                (legs[1].factor, legs[1].amount),
                (Factor::Size(MARKET), units_of(12))
            );
        }
        assert_eq!(
            Margin::margin_at(MARKET, Usd::dollars(20_000)),
            Some((Rate::percent(10), Rate::percent(6)))
        );
        assert_eq!(
            Margin::margin_at(MARKET, Usd::ZERO),
            Some((Rate::percent(5), Rate::percent(3)))
        );
    });
}
