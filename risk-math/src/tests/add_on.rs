use super::{accounts::*, *};
use crate::*;
use proptest::prelude::*;

fn tier(from: i64, basis_points: u32) -> MarginTier {
    MarginTier {
        from: Usd::dollars(from),
        add_on: Rate::basis_points(basis_points),
    }
}

const TIERS: [MarginTier; 4] = [
    MarginTier {
        from: Usd::dollars(1_000_000),
        add_on: Rate::percent(1),
    },
    MarginTier {
        from: Usd::dollars(5_000_000),
        add_on: Rate::percent(2),
    },
    NO_TIERS[0],
    NO_TIERS[0],
];

#[test]
fn add_on_should_be_continuous_when_a_tier_begins() {
    let add_on = |units: i128| size_add_on(Usd(units), &TIERS).unwrap().0;
    let million = Usd::dollars(1_000_000).0;
    assert_eq!(add_on(0), 0);
    assert_eq!(add_on(-million), 0);
    assert_eq!(add_on(million), 0);
    assert_eq!(add_on(million + 1), 1, "a hundredth of a unit rounds up");
    assert_eq!(add_on(million + 100), 1);
    assert_eq!(add_on(5 * million), 4 * million / 100);
    assert_eq!(add_on(5 * million + 50), 4 * million / 100 + 1);
    assert_eq!(
        maintenance_add_on(Usd(5 * million), &TIERS),
        Ok(Usd::dollars(24_000))
    );
    assert_eq!(
        steepest_maintenance_add_on(&TIERS),
        Ok(Rate::basis_points(120))
    );
    assert_eq!(first_tier(&TIERS), Some(Usd::dollars(1_000_000)));
    assert_eq!(first_tier(&NO_TIERS), None);
}

#[test]
fn add_on_should_ignore_a_tier_that_is_not_dearer() {
    let tiers = [
        tier(100, 100),
        tier(200, 50),
        tier(300, 100),
        tier(400, 200),
    ];
    // 1 % of 900 and 1 % more of 600.
    assert_eq!(
        size_add_on(Usd::dollars(1_000), &tiers),
        Ok(Usd::dollars(15))
    );
}

#[test]
fn initial_margin_should_have_the_add_on_and_end_at_the_notional() {
    let mut large = position(100, 6_000_000, 60_000);
    large.tiers = [
        tier(1_000_000, 100),
        tier(2_000_000, 10_000),
        NO_TIERS[0],
        NO_TIERS[0],
    ];
    // 2 % of 6 million, 1 % of one million, 100 % of four million.
    assert_eq!(
        initial_margin(&large),
        Ok(Usd::dollars(120_000 + 10_000 + 4_000_000))
    );
    assert_eq!(
        position_maintenance(&large),
        Ok(Usd::dollars(72_000 + 6_000 + 2_400_000))
    );
    large.size = size(1_000);
    assert_eq!(
        initial_margin(&large),
        Ok(Usd::dollars(58_000_000 + 10_000 + 1_200_000))
    );
    large.tiers[0].add_on = Rate::percent(90);
    large.initial_margin = Rate::percent(30);
    assert_eq!(
        initial_margin(&large),
        Ok(Usd::dollars(60_000_000)),
        "never above the notional"
    );
}

#[test]
fn valuation_should_be_the_worse_one_when_prices_differ() {
    let mut long = position(10, 1_000, 100);
    long.range = Some((price(90), price(110)));
    let account = |p: PositionInput| health(Usd::ZERO, &[], &[p]).unwrap();
    let health = account(long);
    assert_eq!(health.equity, Usd::ZERO);
    assert_eq!(health.initial_equity, Usd::dollars(-100));
    assert_eq!(
        health.initial_margin,
        Usd::dollars(22),
        "2 % of the higher notional"
    );
    assert_eq!(health.maintenance_margin, Usd::dollars(12));
    assert_eq!(health.notional, Usd::dollars(1_000));
    let mut short = position(-10, -1_000, 100);
    short.range = long.range;
    let health = account(short);
    assert_eq!(health.initial_equity, Usd::dollars(-100));
    assert_eq!(health.initial_margin, Usd::dollars(22));
    let mut eth = collateral(2, 2_000);
    eth.low = Some(price(1_900));
    let health = crate::health(Usd::ZERO, &[eth], &[]).unwrap();
    assert_eq!(health.equity, Usd::dollars(3_800));
    assert_eq!(health.initial_equity, Usd::dollars(3_420));
}

#[test]
fn profit_should_count_by_tier_when_it_is_open() {
    let shares = [Tier::A, Tier::B, Tier::C, Tier::Isolated].map(profit_share);
    assert_eq!(
        shares,
        [Rate::ONE, Rate::percent(50), Rate::ZERO, Rate::ZERO]
    );
    for (share, gain) in shares.into_iter().zip([100, 50, 0, 0]) {
        let mut long = position(10, 900, 100);
        long.profit_share = share;
        let health = crate::health(Usd::ZERO, &[], &[long]).unwrap();
        assert_eq!(health.equity, Usd::dollars(100));
        assert_eq!(health.initial_equity, Usd::dollars(gain));
        long.entry_notional = Usd::dollars(1_100);
        let health = crate::health(Usd::ZERO, &[], &[long]).unwrap();
        assert_eq!(
            health.initial_equity,
            Usd::dollars(-100),
            "a loss counts in full"
        );
    }
}

#[test]
fn funding_should_be_in_both_equities_when_it_is_not_settled() {
    let mut long = position(10, 1_000, 100);
    long.funding = 1_500_000_000_000_000_000;
    long.profit_share = Rate::ZERO;
    let health = crate::health(Usd::ZERO, &[], &[long]).unwrap();
    assert_eq!(health.equity, Usd::dollars(-15));
    assert_eq!(health.initial_equity, Usd::dollars(-15));
    long.size = size(-10);
    long.entry_notional = Usd::dollars(-1_000);
    let health = crate::health(Usd::ZERO, &[], &[long]).unwrap();
    assert_eq!(health.initial_equity, Usd::dollars(15));
}

#[test]
fn mean_rates_should_free_no_more_than_closing_does() {
    let mut large = position(100, 6_000_000, 60_000);
    assert_eq!(
        mean_rates(&large),
        Ok((Rate::percent(2), Rate::basis_points(120)))
    );
    large.tiers = TIERS;
    // 40,000 + 20,000 of 6 million are 1 %.
    assert_eq!(
        mean_rates(&large),
        Ok((Rate::percent(3), Rate::basis_points(180)))
    );
}

#[test]
fn size_leg_should_be_there_when_the_position_could_need_it() {
    let at =
        |units: i128, tiers: &[MarginTier]| size_leg(size(units), price(1_000), tiers).unwrap();
    let nothing = SizeLeg {
        own: Quantity::ZERO,
        separate: Quantity::ZERO,
    };
    assert_eq!(at(1_000_000, &NO_TIERS), nothing);
    assert_eq!(at(125, &TIERS), nothing, "an eighth of the first tier");
    assert_eq!(
        at(-125, &TIERS),
        SizeLeg {
            own: Quantity(3 * SIZE_SCALE / 2),
            ..nothing
        }
    );
    assert_eq!(at(126, &TIERS).own, Quantity::ZERO);
    let steep = [
        tier(1_000_000, 3_500),
        NO_TIERS[0],
        NO_TIERS[0],
        NO_TIERS[0],
    ];
    assert_eq!(at(100, &steep).separate, quantity(21));
    assert_eq!(
        at(500, &TIERS),
        SizeLeg {
            separate: quantity(6),
            ..nothing
        }
    );
    assert_eq!(
        at(-500, &TIERS),
        SizeLeg {
            separate: quantity(6),
            ..nothing
        }
    );
}

#[test]
fn crowded_rate_should_rise_from_the_lower_cap_to_the_upper() {
    let rate = |open| {
        crowded_rate(
            Rate::percent(10),
            quantity(open),
            quantity(100),
            quantity(200),
        )
        .unwrap()
    };
    assert_eq!(rate(0), Rate::percent(10));
    assert_eq!(rate(100), Rate::percent(10));
    assert_eq!(rate(150), Rate::percent(55));
    assert_eq!(rate(200), Rate::ONE);
    assert_eq!(rate(500), Rate::ONE);
    let edge = crowded_rate(Rate::percent(10), quantity(5), quantity(5), quantity(5));
    assert_eq!(
        edge,
        Ok(Rate::percent(10)),
        "equal caps: only the hard cap is left"
    );
}

/// A position with tiers near its notional.
fn any_tiered() -> impl Strategy<Value = PositionInput> {
    (
        any_position(),
        prop::collection::vec((1u64..60_000, 0u64..80_000_000), 4),
        0u64..=1_000_000_000,
    )
        .prop_map(|(position, tiers, share)| {
            let worth = notional(position.mark, position.size.quantity(), Rounding::Up)
                .unwrap()
                .0;
            let (mut from, mut rate) = (0i128, 0u64);
            let tiers = [0, 1, 2, 3].map(|i| {
                // Thousandths of the notional: from far below it to 60 times above.
                from += (worth / 1_000).max(1) * i128::from(tiers[i].0);
                rate += tiers[i].1;
                MarginTier {
                    from: Usd(from),
                    add_on: Rate(rate),
                }
            });
            PositionInput {
                tiers,
                profit_share: Rate(share),
                ..position
            }
        })
}

/// What moves of a market: mark and maintenance rate in millionths, funding in thousandths of what it
/// may be.
type Move = (u128, u64, i128);

fn any_market_move() -> impl Strategy<Value = Move> {
    let mark = prop_oneof![
        2 => Just(1_000_000u128),
        3 => 900_000u128..1_100_000,
        3 => 300_000u128..4_000_000,
        1 => 1u128..20_000_000,
    ];
    let rate = prop_oneof![2 => Just(1_000_000u64), 3 => 300_000u64..2_000_000];
    (
        mark,
        rate,
        prop_oneof![1 => Just(0i128), 2 => -1_000i128..1_000],
    )
}

/// The account after its markets moved. Rates stay under 40 %, and funding under what the proof for
/// small positions asks for.
fn after(account: &Account, moves: &[Move]) -> Account {
    let mut moved = account.clone();
    for (position, (mark, rate, funding)) in moved.positions.iter_mut().zip(moves) {
        let now = (position.mark.0 / 1_000_000 * mark).max(1);
        let most = (now.min(position.mark.0) / 20) as i128;
        position.mark = Price(now);
        position.maintenance_margin = Rate(
            (position.maintenance_margin.0 as u128 * *rate as u128 / 1_000_000).min(400_000_000)
                as u64,
        );
        position.funding += most / 1_000 * funding;
    }
    moved
}

/// Accounts at or above maintenance, which are the ones that get keys.
fn any_tiered_account() -> impl Strategy<Value = Account> {
    (
        prop::collection::vec(any_collateral(), 0..2),
        prop::collection::vec(any_tiered(), 1..4),
        any_slack(),
    )
        .prop_map(|(collateral, positions, slack)| {
            Account {
                balance: Usd::ZERO,
                collateral,
                positions,
            }
            .with_slack(slack.abs())
        })
}

fn cases() -> u32 {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    wanted.and_then(|cases| cases.parse().ok()).unwrap_or(2_000)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    /// Invariant 9 with everything that can hide a move: marks, maintenance rates and funding at once.
    #[test]
    fn account_should_be_above_maintenance_when_nothing_is_due_whatever_moved(
        account in any_tiered_account(), moves in prop::collection::vec(any_market_move(), 3),
    ) {
        let keys = account.keys();
        let moved = after(&account, &moves);
        if !moved.is_due(&account, &keys) {
            prop_assert!(moved.slack() >= 0, "{} after {}", moved.slack(), account.slack());
        }
    }

    /// The same just at the keys, where a unit decides.
    #[test]
    fn account_should_be_above_maintenance_when_marks_are_just_at_their_keys(
        account in any_tiered_account(), by in -2i128..3, rates in prop::collection::vec(300_000u64..2_000_000, 3),
    ) {
        let keys = account.keys();
        let mut moved = account.clone();
        for (i, position) in moved.positions.iter_mut().enumerate() {
            let rate = (position.maintenance_margin.0 as u128 * rates[i] as u128 / 1_000_000).min(400_000_000);
            position.maintenance_margin = Rate(rate as u64);
            let key = keys[account.collateral.len() + i];
            let up = position.size.is_short();
            let level = if up { key.saturating_neg() } else { key };
            let divisor = if up { 1_000_000_000 + rate } else { 1_000_000_000 - rate };
            let Ok(level) = u128::try_from(level.saturating_add(by)) else { continue };
            if let Ok(mark) = mul_div(level, 1_000_000_000, divisor, Rounding::Down) {
                if mark > 0 && mark < i128::MAX as u128 / 100 {
                    position.mark = Price(mark);
                }
            }
        }
        if let Ok(there) = health(moved.balance, &moved.collateral, &moved.positions) {
            if !moved.is_due(&account, &keys) {
                prop_assert!(there.slack().unwrap().0 >= 0, "{there:?}");
            }
        }
    }

    #[test]
    fn initial_margin_should_cover_maintenance_when_there_are_tiers(
        account in any_tiered_account(), low in 0u128..=1_000, high in 1_000u128..3_000,
    ) {
        let mut account = account;
        for position in &mut account.positions {
            let mark = position.mark.0;
            position.range = Some((Price(mark / 1_000 * low), Price(mark / 1_000 * high)));
        }
        let health = account.health();
        prop_assert!(health.initial_margin >= health.maintenance_margin);
        prop_assert!(health.initial_equity <= health.equity);
    }

    #[test]
    fn closing_a_part_should_free_what_the_mean_rates_say(
        position in any_tiered(), part in 1u128..=1_000,
    ) {
        let (initial, maintenance) = mean_rates(&position).unwrap();
        let mut rest = position;
        let closed = position.size.0 / 1_000 * part as i128;
        rest.size.0 -= closed;
        let worth = notional(position.mark, Quantity(closed.unsigned_abs()), Rounding::Down).unwrap();
        let freed = |of: fn(&PositionInput) -> Result<Usd, MathError>| {
            of(&position).unwrap().0 - of(&rest).unwrap().0
        };
        let least = |rate: Rate| fraction(worth, rate, Rounding::Down).unwrap().0 - 8;
        // Rates of a millionth of a millionth of a unit are lost in the price's last digit.
        let slop = (position.size.0.unsigned_abs() / 10u128.pow(30)) as i128;
        prop_assert!(freed(position_maintenance) + slop >= least(maintenance));
        let capped = initial_margin(&position).unwrap().0
            >= notional(position.mark, position.size.quantity(), Rounding::Up).unwrap().0;
        prop_assert!(capped || freed(initial_margin) + slop >= least(initial));
    }

    #[test]
    fn account_should_be_at_maintenance_when_the_mark_is_its_liquidation_price_with_tiers(
        position in any_tiered(), slack in 0i128..10_000_000_000,
    ) {
        let account = Account { balance: Usd::ZERO, collateral: vec![], positions: vec![position] }
            .with_slack(slack);
        if let Some(level) = liquidation_price(&account.health(), &position) {
            let worth = notional(position.mark, position.size.quantity(), Rounding::Up).unwrap().0;
            // Roundings of health, of a price step times the size, and of a line's rate.
            let slop = 8 + (position.size.0 / 10i128.pow(29)).abs() + worth / 100_000_000
                + notional(level, position.size.quantity(), Rounding::Up).unwrap().0 / 50_000_000;
            let there = account.at(&[level]).slack();
            prop_assert!((-slop..=slop).contains(&there), "{there} at {level:?}");
        } else {
            prop_assert!(position.size.is_long());
            prop_assert!(account.at(&[Price(1)]).slack() >= 0);
        }
    }
}
