use super::{accounts::*, *};
use crate::*;
use proptest::prelude::*;

const ONE: i128 = PRICE_SCALE as i128;

fn leg(units: u128, price: i128) -> LegInput {
    LegInput {
        amount: quantity(units),
        price: price * ONE,
    }
}

#[test]
fn effective_prices_should_round_against_the_account() {
    // 1.2 % of 101 units is 1.212.
    let (mark, rate) = (Price(101), Rate::basis_points(120));
    assert_eq!(long_price(mark, rate), Ok(99));
    assert_eq!(short_price(mark, rate), Ok(-103));
    assert_eq!(collateral_price(Price(101), Rate::percent(90)), Ok(90));
    assert_eq!(long_price(price(100), rate), Ok(98_800_000_000_000_000_000));
    assert_eq!(
        short_price(price(100), rate),
        Ok(-101_200_000_000_000_000_000)
    );
}

#[test]
fn keys_should_be_above_the_prices_when_there_is_no_slack() {
    let legs = [leg(1, 100), leg(2, -50)];
    for slack in [i128::MIN, -1, 0, 1, 2 * RESERVE_PER_LEG] {
        let keys = keys(Usd(slack), &legs).unwrap();
        assert!(keys[0] > 100 * ONE && keys[1] > -50 * ONE, "slack {slack}");
    }
    let none_missing = keys(Usd(2 * RESERVE_PER_LEG), &legs);
    assert_eq!(none_missing, Ok(vec![100 * ONE + 1, -50 * ONE + 1]));
    let keys = keys(Usd(2 * RESERVE_PER_LEG + 1), &legs).unwrap();
    assert!(keys[0] <= 100 * ONE && keys[1] <= -50 * ONE);
}

#[test]
fn keys_should_be_where_the_account_recovers_when_it_is_under_maintenance() {
    // 20 USD are missing; both legs weigh the same and have to win 10.
    let slack = Usd(-20 * USD_SCALE + 2 * RESERVE_PER_LEG);
    let keys = keys(slack, &[leg(1, 100), leg(2, -50)]).unwrap();
    assert_eq!(keys, vec![110 * ONE, -45 * ONE]);
}

#[test]
fn slack_should_be_halved_when_two_legs_weigh_the_same() {
    let slack = Usd(200 * USD_SCALE + 2 * RESERVE_PER_LEG);
    let keys = keys(slack, &[leg(1, 10_000), leg(100, -100)]).unwrap();
    assert_eq!(keys, vec![9_900 * ONE, -101 * ONE]);
}

#[test]
fn slack_should_go_to_the_other_leg_when_a_small_one_is_covered() {
    // Collateral of 1 USD can lose no more than 1 USD; the short gets the other 199.
    let slack = Usd(200 * USD_SCALE + 2 * RESERVE_PER_LEG);
    let keys = keys(slack, &[leg(1, 1), leg(1, -1_000)]).unwrap();
    assert_eq!(keys, vec![0, -1_199 * ONE]);
}

#[test]
fn keys_should_be_unreachable_when_a_leg_is_nothing() {
    let slack = Usd(100 * USD_SCALE + 2 * RESERVE_PER_LEG);
    let keys = keys(slack, &[leg(0, 5), leg(1, 1_000)]).unwrap();
    assert_eq!(keys, vec![i128::MIN, 900 * ONE]);
    assert_eq!(crate::keys(slack, &[leg(0, 5)]), Ok(vec![i128::MIN]));
    assert_eq!(crate::keys(Usd(-1), &[leg(0, 5)]), Ok(vec![i128::MAX]));
    assert_eq!(crate::keys(slack, &[]), Ok(vec![]));
}

#[test]
fn stale_collateral_should_not_be_due_when_it_is_worth_nothing() {
    let slack = Usd(100 * USD_SCALE + 2 * RESERVE_PER_LEG);
    let keys = keys(slack, &[leg(7, 0), leg(1, 1_000)]).unwrap();
    assert_eq!(keys, vec![0, 900 * ONE]);
}

#[test]
fn buckets_should_span_all_of_u16_and_meet_at_zero() {
    assert_eq!(bucket(i128::MIN), 0);
    assert_eq!(bucket(-1), 32_767);
    assert_eq!(bucket(0), 32_768);
    assert_eq!(u32::from(bucket(i128::MAX)), BUCKETS - 1);
    // Each end of the fine range.
    assert_eq!(bucket((1 << 30) - 1), 32_768);
    assert_eq!(bucket((1 << 30) + (1 << 21)), 32_769);
    assert_eq!(bucket((1 << 94) - 1), 65_535);
    assert_eq!(bucket((1 << 94) - (1 << 84) - 1), 65_534);
    assert_eq!(bucket(-(1 << 94) + 1), 0);
}

#[test]
fn buckets_should_never_fall_when_the_price_rises_across_their_edges() {
    let mut edges = vec![i128::MIN, i128::MAX, 0];
    for exponent in 0..127 {
        for part in 0..512i128 {
            let edge = (512 + part) << exponent >> 9;
            if edge > 0 {
                edges.extend([edge, -edge]);
            }
        }
    }
    let mut prices: Vec<i128> = edges
        .iter()
        .flat_map(|e| [e.saturating_sub(1), *e, e.saturating_add(1)])
        .collect();
    prices.sort_unstable();
    let mut used = 1;
    for pair in prices.windows(2) {
        let (low, high) = (bucket(pair[0]), bucket(pair[1]));
        assert!(
            low <= high && high - low <= 1,
            "{pair:?}: {low} then {high}"
        );
        used += u32::from(high - low);
    }
    assert_eq!(used, BUCKETS, "no bucket is wasted");
}

/// The highest price of the leg's market at which its effective price is at or barely above `key`,
/// found from the key; `None` where no price is.
fn price_at(leg: usize, key: i128, account: &Account) -> Option<Price> {
    let (rate, one) = (|r: Rate| i128::from(r.0), 1_000_000_000i128);
    let scale = |n: i128, d: i128, up: bool| {
        let value = exact(big(n) * big(one), big(d), up);
        u128::try_from(value).ok().map(|p| Price(p.max(1)))
    };
    match leg.checked_sub(account.collateral.len()) {
        None => match rate(account.collateral[leg].maintenance_factor) {
            0 => None,
            factor => scale(key, factor, true),
        },
        Some(i) => {
            let p = account.positions[i];
            let mu = rate(p.maintenance_margin);
            if p.size.is_short() {
                scale(-key, one + mu, false)
            } else {
                scale(key, one - mu, true)
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn buckets_should_be_monotone_over_all_prices(
        a in any::<i128>(), b in any::<i128>(), x in 0u32..128, y in 0u32..128,
    ) {
        let (a, b) = (a >> x, b >> y);
        prop_assert!(bucket(a.min(b)) <= bucket(a.max(b)));
        prop_assert!(bucket(a.saturating_sub(1)) <= bucket(a));
    }

    #[test]
    fn buckets_should_be_narrow_where_prices_are(a in any_price(), nearby in 0u128..3_000) {
        let (low, high) = (a.0 as i128, (a.0 + a.0 / 1_000_000 * nearby) as i128);
        if bucket(low) == bucket(high) {
            prop_assert!(high - low <= low / 512);
        }
        if bucket(-low) == bucket(-high) {
            prop_assert!(high - low <= low / 512);
        }
    }

    #[test]
    fn keys_should_give_away_no_more_than_the_slack(account in any_account()) {
        let (slack, legs, keys) = (account.slack(), account.legs(), account.keys());
        let reserve = RESERVE_PER_LEG * legs.len() as i128;
        if slack <= reserve {
            for (leg, key) in legs.iter().zip(&keys) {
                prop_assert!(*key > leg.price);
            }
        } else {
            let lost = legs.iter().zip(&keys).fold(big(0), |sum, (leg, key)| {
                prop_assert_key(leg, *key);
                sum + big(leg.amount.0) * (big(leg.price) - big(*key)).max(big(0))
            });
            // What only an impossible price below zero could take away is not lost.
            let beyond = legs.iter().zip(&keys).fold(big(0), |sum, (leg, key)| {
                let negative = if leg.price >= 0 && *key < 0 { -big(*key) } else { big(0) };
                sum + negative * big(leg.amount.0)
            });
            let free = big(slack - reserve) * big(10u128.pow(30));
            prop_assert!(lost - beyond <= free);
        }
    }

    #[test]
    fn account_should_be_above_maintenance_when_no_price_is_below_its_key(
        (account, moved) in any_move(),
    ) {
        if !moved.is_due(&account, &account.keys()) {
            prop_assert!(moved.slack() >= 0, "{} after {}", moved.slack(), account.slack());
        }
    }

    #[test]
    fn account_should_be_above_maintenance_when_all_prices_are_at_their_keys(
        account in any_account(), jitter in prop::collection::vec(-3i128..4, 6),
    ) {
        let keys = account.keys();
        let prices: Vec<Price> = account
            .prices()
            .into_iter()
            .enumerate()
            .map(|(i, now)| {
                price_at(i, keys[i].saturating_add(jitter[i]), &account).unwrap_or(now)
            })
            .collect();
        let there = account.at(&prices);
        if !there.is_due(&account, &keys) {
            prop_assert!(there.slack() >= 0, "{}", there.slack());
        }
    }

    #[test]
    fn account_with_one_leg_should_be_due_exactly_when_it_is_under_maintenance(
        position in any_position(), slack in any_slack(),
        by in prop_oneof![Just(0i128), -20i128..20, -10i128.pow(20)..10i128.pow(20)],
    ) {
        let account = Account { balance: Usd::ZERO, collateral: vec![], positions: vec![position] }
            .with_slack(slack);
        let keys = account.keys();
        if let Some(price) = price_at(0, keys[0].saturating_add(by), &account) {
            let there = account.at(&[price]);
            let slack = there.slack();
            if there.is_due(&account, &keys) {
                // The reserve, two roundings of health, and one step of price times the size.
                let early = RESERVE_PER_LEG + 3 + (position.size.0 / 10i128.pow(30)).abs();
                prop_assert!(slack <= early, "due with a slack of {slack}");
            } else {
                prop_assert!(slack >= 0, "not due with a slack of {slack}");
            }
        }
    }
}

fn prop_assert_key(leg: &LegInput, key: i128) {
    assert!(key <= leg.price, "a healthy leg is not due where it is");
}
