//! The expected move on the chain against the model itself.

use crate::{mock::*, start_range, Event, ExpectedMove, HourBar, Hours, Volatility, HOUR};
use bulwark_primitives::{AssetId, Moment, Price, Rate, Tier};
use bulwark_risk_math::{
    oracle::{MAX_PRICE, MIN_PRICE},
    volatility::{
        slow_move, HourInput, HourOfWeek, Rec, RecParams, RecState, VolatilityModel, MIN_SLOW_MOVE,
    },
};
use bulwark_traits::MarginMoves;
use frame_support::assert_ok;
use proptest::prelude::*;
use std::{fs, path::PathBuf};

/// An hour begins here.
const FULL: Moment = START - START % HOUR;

fn state(asset: AssetId) -> Volatility {
    Hours::<Test>::get(asset).moves.unwrap()
}

fn expected(asset: AssetId) -> ExpectedMove {
    PriceOracle::expected_move(asset).unwrap()
}

/// A chain on which a full hour has just begun, with nothing fed yet.
fn fresh() -> sp_io::TestExternalities {
    let mut ext = new_test_ext();
    ext.execute_with(|| {
        Now::set(FULL);
    });
    ext
}

/// Gives BTC one price at `now`. The first one of an hour closes the hour before it.
fn price_at(now: Moment, price: Price) {
    Now::set(now);
    everybody_raw(BTC, price);
    next_block_after(1);
}

/// Gives BTC four prices in an hour, a quarter of an hour apart.
fn hour_at(start: Moment, prices: [Price; 4]) {
    for (quarter, price) in (0..).zip(prices) {
        price_at(start + quarter * HOUR / 4, price);
    }
}

fn bar(start: Moment, low: u128, high: u128, close: u128) -> HourBar {
    HourBar {
        start,
        open: usd(close),
        high: usd(high),
        low: usd(low),
        close: usd(close),
    }
}

/// The model itself: state and slow move after hours of (start, high, low, close before).
fn direct(tier: Tier, hours: &[(Moment, Price, Price, Price)]) -> (RecState, Rate) {
    let params = RecParams::default();
    let mut model = Rec::start(start_range(tier), &params).unwrap();
    let level = |model: &RecState, hour| Rec::forecast(model, hour, &params).unwrap().level;
    let mut slow = level(&model, HourOfWeek::at(0));
    for (start, high, low, previous_close) in hours {
        let hour = HourOfWeek::at(*start);
        let input = HourInput {
            high: *high,
            low: *low,
            previous_close: *previous_close,
            hour,
        };
        model = Rec::update(&model, &input, &params).unwrap();
        slow = slow_move(slow, level(&model, hour.next())).unwrap();
    }
    (model, slow)
}

/// A few days of recorded BTC hours that hold 10 October 2025: start, open, high, low, close.
fn recorded() -> Option<Vec<(Moment, [Price; 4])>> {
    let file = "../../../shared/data/market/binance_spot_BTCUSDT_1h_2022-2025.csv";
    let text = fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)).ok()?;
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let price = |at: usize| {
            let (whole, fraction) = cells[at].split_once('.').unwrap_or((cells[at], ""));
            Price(format!("{whole}{fraction:0<18}").parse().unwrap())
        };
        let start: Moment = cells[0].parse().unwrap();
        (start * 1_000, [price(1), price(2), price(3), price(4)])
    };
    let days = 1_759_968_000_000..1_760_313_600_000;
    let rows = text.lines().skip(1).map(row);
    Some(rows.filter(|(start, _)| days.contains(start)).collect())
}

#[test]
fn move_should_start_from_the_tier_and_margins_be_told_when_an_asset_is_listed() {
    fresh().execute_with(|| {
        let tiers = [(10, Tier::A), (11, Tier::B), (12, Tier::Isolated)];
        let mut last = Rate::ZERO;
        for (asset, tier) in tiers {
            let added = PriceOracle::add_asset(RuntimeOrigin::root(), asset, tier, None, None);
            assert_ok!(added);
            let expected = expected(asset);
            assert_eq!(expected.hours, 0);
            assert_eq!(expected.hour, FULL);
            assert_eq!(expected.slow, expected.forecast.level);
            assert_eq!(Told::get().last(), Some(&(asset, expected.margins())));
            System::assert_has_event(Event::MoveExpected { asset, expected }.into());
            assert!(expected.slow > last, "{tier:?}");
            last = expected.slow;
        }
        // 1.25 % * 2.838 * 0.99.
        assert_eq!(expected(10).slow.0 / 100_000, 351);
        assert_eq!(PriceOracle::expected_move(99), None);
        assert_eq!(PriceOracle::expected_move(SETTLEMENT), None);
    });
}

#[test]
fn move_should_start_again_when_the_tier_changes_before_the_first_hour_and_not_later() {
    fresh().execute_with(|| {
        let set = |tier| PriceOracle::set_asset(RuntimeOrigin::root(), BTC, tier, None, None);
        let start = state(BTC);
        assert_ok!(set(Tier::Isolated));
        assert!(state(BTC).slow > start.slow);
        assert_eq!(Told::get().last(), Some(&(BTC, expected(BTC).margins())));
        assert_ok!(set(Tier::A));
        assert_eq!(
            state(BTC),
            Volatility {
                hour: FULL,
                ..start
            }
        );
        for hour in 0..3 {
            price_at(FULL + hour * HOUR, usd(100));
        }
        let known = state(BTC);
        assert_eq!(known.hours, 1);
        let told = Told::get().len();
        assert_ok!(set(Tier::Isolated));
        assert_eq!((state(BTC), Told::get().len()), (known, told));
    });
}

#[test]
fn state_should_be_that_of_the_model_when_recorded_hours_are_fed() {
    let Some(hours) = recorded() else {
        eprintln!(
            "skipped: no recorded market data in ../shared/data/market beside the repository"
        );
        return;
    };
    assert!(hours.len() >= 90);
    fresh().execute_with(|| {
        for (start, prices) in &hours {
            hour_at(*start, *prices);
        }
        let last = hours.last().unwrap();
        price_at(last.0 + HOUR, last.1[3]);
        // The first hour gives only its close.
        let inputs: Vec<_> = hours
            .windows(2)
            .map(|pair| (pair[1].0, pair[1].1[1], pair[1].1[2], pair[0].1[3]))
            .collect();
        let (model, slow) = direct(Tier::A, &inputs);
        assert_eq!(
            state(BTC),
            Volatility {
                model,
                slow,
                close: Some(last.1[3]),
                hour: last.0 + HOUR,
                hours: inputs.len() as u32,
            }
        );
        let hour = HourOfWeek::at(last.0 + HOUR);
        let forecast = Rec::forecast(&model, hour, &RecParams::default()).unwrap();
        assert_eq!(expected(BTC).forecast, forecast);
        let told = MarginMoves {
            initial: forecast.margin_move,
            maintenance: slow,
        };
        assert_eq!(Told::get().last(), Some(&(BTC, told)));
        // One for each hour: nothing was told in between.
        let of_btc = Told::get().iter().filter(|told| told.0 == BTC).count();
        assert_eq!(of_btc, 1 + hours.len());
        assert_eq!(state(ETH).hours, 0, "another asset learnt nothing");
    });
}

#[test]
fn first_hour_should_give_only_its_close_when_it_is_not_whole() {
    fresh().execute_with(|| {
        let start = state(BTC);
        price_at(FULL + HOUR - 4_000, usd(100));
        price_at(FULL + HOUR, usd(100));
        let state = state(BTC);
        assert_eq!(state.model, start.model, "a still minute is no still hour");
        assert_eq!((state.close, state.hours), (Some(usd(100)), 0));
        assert_eq!(state.hour, FULL + HOUR);
    });
}

#[test]
fn hours_without_a_price_should_be_left_out_and_their_move_count_in_the_next() {
    fresh().execute_with(|| {
        hour_at(FULL, [usd(100), usd(101), usd(99), usd(100)]);
        hour_at(FULL + HOUR, [usd(100), usd(102), usd(98), usd(100)]);
        price_at(FULL + 2 * HOUR, usd(100));
        let before = state(BTC);
        let told = Told::get().len();
        // Ten hours of nothing: what was told stands.
        for _ in 0..20 {
            next_block_after(HOUR / 2);
        }
        assert_eq!((state(BTC), Told::get().len()), (before, told));
        // The hour that was running when the prices stopped is closed by the first price after it.
        let back = FULL + 13 * HOUR;
        price_at(back, usd(80));
        assert_eq!(state(BTC).hours, 2);
        assert_eq!(state(BTC).hour, back);
        assert_eq!(state(BTC).close, Some(usd(100)));
        assert_eq!(Told::get().len(), told + 1);
        price_at(back + HOUR, usd(80));
        let (model, _) = direct(
            Tier::A,
            &[
                (FULL + HOUR, usd(102), usd(98), usd(100)),
                (FULL + 2 * HOUR, usd(100), usd(100), usd(100)),
                (back, usd(80), usd(80), usd(100)),
            ],
        );
        assert_eq!(state(BTC).model, model);
        // A fifth of the price in a gap: seen by initial margin at once, by maintenance as a ramp.
        assert!(expected(BTC).forecast.margin_move > Rate::percent(15));
        assert!(u128::from(state(BTC).slow.0) * 10 <= u128::from(before.slow.0) * 11 * 11 / 10);
    });
}

#[test]
fn state_should_stand_when_an_hour_makes_no_sense() {
    let start = Volatility::start(Tier::A, FULL).unwrap();
    let known = start.after(&bar(FULL, 99, 101, 100), FULL + HOUR).unwrap();
    assert!(known
        .after(&bar(FULL + HOUR, 101, 99, 100), FULL + 2 * HOUR)
        .is_err());
    fresh().execute_with(|| {
        Hours::<Test>::mutate(BTC, |hours| hours.moves = Some(known));
        let told = Told::get().len();
        let entry = crate::OracleAsset::new(BTC, Tier::A);
        crate::Pallet::<Test>::take_hour(&entry, &bar(FULL + HOUR, 101, 99, 100), FULL + 2 * HOUR);
        assert_eq!((state(BTC), Told::get().len()), (known, told));
    });
}

#[test]
fn move_should_go_with_the_asset_when_it_is_removed() {
    fresh().execute_with(|| {
        assert_ok!(PriceOracle::remove_asset(RuntimeOrigin::root(), BTC));
        assert_eq!(PriceOracle::expected_move(BTC), None);
        assert_ok!(PriceOracle::do_try_state());
        Hours::<Test>::mutate(ETH, |hours| hours.moves = None);
        assert!(PriceOracle::do_try_state().is_err());
    });
}

fn any_price() -> impl Strategy<Value = Price> {
    prop_oneof![
        Just(MIN_PRICE),
        Just(MAX_PRICE),
        (MIN_PRICE.0..=MAX_PRICE.0).prop_map(Price),
        (1..200u128).prop_map(usd),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any prices in their range, any gaps: never an error, always inside the bounds, and the slow move
    /// within its ramp.
    #[test]
    fn state_should_stay_inside_its_bounds_when_prices_are_extreme(
        hours in prop::collection::vec((prop::array::uniform4(any_price()), 1..200u64), 1..60),
        isolated in any::<bool>(),
    ) {
        let tier = if isolated { Tier::Isolated } else { Tier::A };
        let mut state = Volatility::start(tier, FULL).unwrap();
        let mut start = FULL;
        for (prices, gap) in hours {
            let bar = HourBar {
                start,
                open: prices[0],
                high: *prices.iter().max().unwrap(),
                low: *prices.iter().min().unwrap(),
                close: prices[3],
            };
            start += gap * HOUR;
            let next = state.after(&bar, start + 1).unwrap();
            prop_assert!(next.fits(), "{next:?}");
            let ramp = u128::from(state.slow.max(MIN_SLOW_MOVE).0) * 11 / 10;
            prop_assert!(u128::from(next.slow.0) <= ramp);
            state = next;
        }
    }
}
