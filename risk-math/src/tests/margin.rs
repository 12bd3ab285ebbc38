use super::{accounts::*, *};
use crate::*;
use proptest::prelude::*;

#[test]
fn health_should_be_the_balance_when_there_is_nothing_else() {
    let health = health(Usd::dollars(-7), &[], &[]).unwrap();
    assert_eq!(health.equity, Usd::dollars(-7));
    assert_eq!(health.initial_equity, Usd::dollars(-7));
    assert_eq!(health.initial_margin, Usd::ZERO);
    assert_eq!(health.notional, Usd::ZERO);
}

#[test]
fn health_should_sum_all_legs_when_there_are_several() {
    // 10,000 USD, 2 ETH of collateral at 2,000; long 1 at 60,000 (mark 61,000), short 10 at 150
    // (mark 140).
    let health = health(
        Usd::dollars(10_000),
        &[collateral(2, 2_000)],
        &[position(1, 60_000, 61_000), position(-10, -1_500, 140)],
    )
    .unwrap();
    assert_eq!(health.equity, Usd::dollars(10_000 + 3_800 + 1_000 + 100));
    assert_eq!(
        health.initial_equity,
        Usd::dollars(10_000 + 3_600 + 1_000 + 100)
    );
    assert_eq!(health.maintenance_margin, Usd(732_000_000 + 16_800_000));
    assert_eq!(health.initial_margin, Usd::dollars(1_220 + 28));
    assert_eq!(health.notional, Usd::dollars(61_000 + 1_400));
    assert_eq!(
        withdrawal_requirement(&health),
        Ok(Usd::dollars(6_240)),
        "a tenth of the notional is more than initial margin"
    );
}

#[test]
fn initial_margin_should_count_orders_at_their_worst_when_they_rest() {
    let mut long = position(10, 1_000, 100);
    // Bids of 5 at 110 (50 too dear), asks of 30 at 90 (300 too cheap): worst |10 - 30| = 20.
    long.orders = OpenOrders {
        bid_quantity: quantity(5),
        bid_notional: Usd::dollars(550),
        ask_quantity: quantity(30),
        ask_notional: Usd::dollars(2_700),
    };
    let health = health(Usd::ZERO, &[], &[long]).unwrap();
    assert_eq!(health.initial_margin, Usd::dollars(40 + 50 + 300));
    assert_eq!(health.maintenance_margin, Usd::dollars(12));
}

#[test]
fn orders_should_cost_only_margin_when_their_prices_are_favourable() {
    let mut flat = position(0, 0, 100);
    flat.orders = OpenOrders {
        bid_quantity: quantity(5),
        bid_notional: Usd::dollars(450),
        ask_quantity: quantity(4),
        ask_notional: Usd::dollars(440),
    };
    let health = health(Usd::ZERO, &[], &[flat]).unwrap();
    assert_eq!(health.initial_margin, Usd::dollars(10));
    assert_eq!(health.maintenance_margin, Usd::ZERO);
}

#[test]
fn orders_should_be_free_when_they_only_reduce() {
    let mut long = position(10, 1_000, 100);
    long.orders.ask_quantity = quantity(20);
    long.orders.ask_notional = Usd::dollars(2_100);
    let health = health(Usd::ZERO, &[], &[long]).unwrap();
    assert_eq!(health.initial_margin, Usd::dollars(20));
}

#[test]
fn liquidation_price_should_be_where_equity_meets_maintenance() {
    // Long 1 at 60,000 with 1,200 USD: 58,800 / 0.988 = 59,514.17.
    let long = position(1, 60_000, 60_000);
    let account = health(Usd::dollars(1_200), &[], &[long]).unwrap();
    let level = liquidation_price(&account, &long).unwrap();
    assert_eq!(level, Price(59_514_170_040_485_829_959_515));
    // Short: 61,200 / 1.012 = 60,474.30.
    let short = position(-1, -60_000, 60_000);
    let account = health(Usd::dollars(1_200), &[], &[short]).unwrap();
    let level = liquidation_price(&account, &short).unwrap();
    assert_eq!(level, Price(60_474_308_300_395_256_916_996));
}

#[test]
fn liquidation_price_should_be_none_when_no_price_does_it() {
    let long = position(1, 60_000, 60_000);
    let rich = health(Usd::dollars(60_000), &[], &[long]).unwrap();
    assert_eq!(liquidation_price(&rich, &long), None);
    let flat = position(0, 0, 60_000);
    assert_eq!(liquidation_price(&rich, &flat), None);
    let short = position(-1, 0, 60_000);
    let sunk = health(Usd::dollars(-1), &[], &[short]).unwrap();
    assert_eq!(liquidation_price(&sunk, &short), None);
}

proptest! {
    #[test]
    fn initial_margin_should_cover_maintenance_in_every_account(account in any_account()) {
        let health = account.health();
        prop_assert!(health.initial_margin >= health.maintenance_margin);
        prop_assert!(health.initial_equity <= health.equity);
        prop_assert!(withdrawal_requirement(&health).unwrap() >= health.maintenance_margin);
    }

    #[test]
    fn health_should_be_the_exact_sums_up_to_rounding(account in any_account()) {
        let (one, rate) = (big(10u128.pow(30)), big(RATE_SCALE));
        let (mut equity, mut margin) = (big(account.balance.0) * &one, big(0));
        for c in &account.collateral {
            let quantity = scale_collateral(c.amount, c.decimals).unwrap();
            equity += big(quantity.0) * big(c.price.0) * big(c.maintenance_factor.0) / &rate;
        }
        for p in &account.positions {
            equity += big(p.size.0) * big(p.mark.0) - big(p.entry_notional.0) * &one;
            margin += big(p.size.quantity().0) * big(p.mark.0) * big(p.maintenance_margin.0) / &rate;
        }
        let health = account.health();
        let legs = account.legs();
        // One unit for each rounded value, and 10^-18 of price for each unit of quantity.
        let slop = legs.iter().fold(big(0), |sum, leg| sum + &one + big(leg.amount.0));
        let low = equity - big(health.equity.0) * &one;
        let high = big(health.maintenance_margin.0) * &one - margin;
        prop_assert!(low >= big(-2) && low <= slop, "equity rounds down: {}", low);
        prop_assert!(high >= big(-2) && high <= slop, "margin rounds up: {}", high);
    }

    #[test]
    fn account_should_be_at_maintenance_when_the_mark_is_its_liquidation_price(
        position in any_position(), slack in 0i128..10_000_000_000,
    ) {
        let account = Account { balance: Usd::ZERO, collateral: vec![], positions: vec![position] }
            .with_slack(slack);
        if let Some(level) = liquidation_price(&account.health(), &position) {
            // Roundings of health, and of a price step times the size.
            let slop = 4 + (position.size.0 / 10i128.pow(29)).abs();
            let there = account.at(&[level]).slack();
            prop_assert!((-slop..=slop).contains(&there), "{there} at {level:?}");
        } else {
            prop_assert!(position.size.is_long());
            prop_assert!(account.at(&[Price(1)]).slack() >= 0);
        }
    }
}
