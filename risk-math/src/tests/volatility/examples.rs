use super::*;
use crate::MathError;
use codec::{Decode, Encode, MaxEncodedLen};

/// Saturday 00:00: 0.9976, and Sunday 08:00: 0.7642.
const SATURDAY: u8 = 120;
const SUNDAY: u8 = 152;

fn params() -> RecParams {
    RecParams::default()
}

#[test]
fn hour_of_week_should_begin_on_monday_when_weeks_pass() {
    const DAY: u64 = 24 * HOUR_MILLIS;
    // 1 January 1970 was a Thursday.
    assert_eq!(HourOfWeek::at(0).index(), 72);
    assert_eq!(HourOfWeek::at(4 * DAY - 1).index(), 167);
    assert_eq!(HourOfWeek::at(4 * DAY).index(), 0);
    for week in [0, 1, 2_912, 5_000_000] {
        for index in 0..168u8 {
            let begin = 4 * DAY + (week * 168 + u64::from(index)) * HOUR_MILLIS;
            assert_eq!(HourOfWeek::at(begin).index(), index);
            assert_eq!(HourOfWeek::at(begin + HOUR_MILLIS - 1).index(), index);
            assert_eq!(
                HourOfWeek::at(begin).next(),
                HourOfWeek::at(begin + HOUR_MILLIS)
            );
        }
    }
    assert_eq!(HourOfWeek::at(u64::MAX), HourOfWeek::at(u64::MAX - 1));
    assert_eq!(HourOfWeek::new(168), None);
}

#[test]
fn state_should_be_forty_bytes_in_a_fixed_order() {
    let state = state([1, 2, 3], 4, 5);
    let bytes = state.encode();
    let expected: Vec<u8> = (1u64..=5).flat_map(u64::to_le_bytes).collect();
    assert_eq!(bytes, expected);
    assert_eq!(RecState::max_encoded_len(), 40);
    assert_eq!(RecState::decode(&mut &bytes[..]), Ok(state));
}

#[test]
fn new_asset_should_start_at_its_mean_range() {
    let state = rec::start(FineRate(PERCENT), &params()).unwrap();
    // 1.888 + 0.381 + 0.569 percent.
    assert_eq!(
        state,
        super::state([PERCENT; 3], 28_380_000_000, 990_000_000_000)
    );
    assert_eq!(Rec::start(FineRate(PERCENT), &params()), Ok(state));
}

#[test]
fn new_asset_should_know_its_hours_when_it_has_some() {
    let hours: Vec<HourInput> = (0..1_440u32)
        .map(|i| hour(101, 99, 100, (i % 168) as u8))
        .collect();
    let mean = rec::mean_range(&hours, &params()).unwrap();
    let state = rec::start_from(&hours, &params()).unwrap();
    // 2 % an hour at a shape whose inverse is a little above 1 on average.
    assert!(
        (20_000_000_000..21_500_000_000).contains(&mean.0),
        "{mean:?}"
    );
    // 60 of 180 days: most of the start is still there.
    assert!(state.half_year_range.0.abs_diff(mean.0) < mean.0 / 100);
    assert_eq!(
        rec::mean_range(&[], &params()),
        Err(MathError::DivisionByZero)
    );
    assert_eq!(
        rec::start_from(&[], &params()),
        Err(MathError::DivisionByZero)
    );
}

#[test]
fn means_should_move_by_their_half_lives() {
    let mut quiet = state([PERCENT; 3], PERCENT, 1_000_000_000_000);
    let begin = quiet;
    for i in 0..4_320u32 {
        quiet = rec::update(&quiet, &hour(100, 100, 100, (i % 168) as u8), &params()).unwrap();
        if i == 0 {
            assert_eq!(quiet.hour_range.0, begin.hour_range.0 / 2);
        }
        if i == 23 {
            assert!(quiet.day_range.0.abs_diff(begin.day_range.0 / 2) < 100);
        }
    }
    assert!(
        quiet
            .half_year_range
            .0
            .abs_diff(begin.half_year_range.0 / 2)
            < 10_000
    );
}

#[test]
fn move_should_follow_the_clock_and_the_level_should_not() {
    let state = state([PERCENT; 3], 0, 1_000_000_000_000);
    let at = |index| rec::forecast(&state, hour_of_week(index), &params()).unwrap();
    assert_eq!(at(SATURDAY).expected_move, Rate(28_311_888));
    assert_eq!(at(SUNDAY).expected_move, Rate(21_687_996));
    assert_eq!(at(SATURDAY).level, Rate(28_380_000));
    assert_eq!(at(SUNDAY).level, Rate(28_380_000));
    assert_eq!(
        expected_move(&state, hour_of_week(SUNDAY), &params()),
        Ok(Rate(21_687_996))
    );
}

#[test]
fn move_should_stop_at_half_its_mean_when_it_falls() {
    let state = state([PERCENT / 10; 3], 6 * PERCENT, 900_000_000_000);
    let forecast = rec::forecast(&state, hour_of_week(SUNDAY), &params()).unwrap();
    assert_eq!(forecast.expected_move, Rate::percent(3));
    assert_eq!(forecast.multiplier, Rate::percent(90));
    assert_eq!(forecast.margin_move, Rate::basis_points(270));
    assert_eq!(forecast.level, Rate::basis_points(270));
}

#[test]
fn tracker_should_count_the_sides_that_went_beyond_the_margin_in_force() {
    // In force in this hour: 2 % exactly, by the floor.
    let state = state([0; 3], 4 * PERCENT, 1_000_000_000_000);
    let multiplier = |high, low| {
        let hour = hour(high, low, 10_000, SUNDAY);
        rec::update(&state, &hour, &params()).unwrap().multiplier.0
    };
    assert_eq!(
        multiplier(10_200, 9_800),
        999_900_005_000,
        "just not beyond"
    );
    assert_eq!(multiplier(10_201, 9_800), 1_009_949_167_118);
    assert_eq!(multiplier(10_200, 9_799), 1_009_949_167_118);
    assert_eq!(multiplier(10_201, 9_799), 1_020_099_324_994);
    // The hour stayed away from the close before.
    assert_eq!(multiplier(10_900, 10_300), 1_009_949_167_118);
    assert_eq!(multiplier(9_700, 9_100), 1_009_949_167_118);
}

#[test]
fn tracker_should_be_level_when_half_a_percent_of_each_side_exceeds() {
    // 99 quiet hours and one with one side: 1 % of the hours, 0.5 % of the sides.
    let product = 0.999_900_005_000f64.powi(99) * 1.009_949_167_118;
    assert!((product - 1.0).abs() < 1e-10, "{product}");
}

#[test]
fn tracker_should_stop_at_its_bounds() {
    let wild = hour(150, 50, 100, 0);
    let calm = hour(100, 100, 100, 0);
    let top = state([0; 3], 0, 1_799_999_999_999);
    let next = rec::update(&top, &wild, &params()).unwrap();
    assert_eq!(next.multiplier, params().max_multiplier);
    let bottom = state([PERCENT; 3], 0, 600_000_000_001);
    let next = rec::update(&bottom, &calm, &params()).unwrap();
    assert_eq!(next.multiplier, params().min_multiplier);
}

#[test]
fn range_should_be_capped_when_one_print_is_wild() {
    let calm = state([PERCENT; 3], 3 * PERCENT, 1_000_000_000_000);
    let after = |low: u128, high: u128| {
        let hour = HourInput {
            high: Price(high),
            low: Price(low),
            previous_close: price(100),
            hour: hour_of_week(SATURDAY),
        };
        rec::update(&calm, &hour, &params()).unwrap()
    };
    // 30 % of the price over the shape of 0.9976.
    let capped = after(price(70).0, price(100).0);
    assert_eq!(capped.hour_range.0, (PERCENT + 300_721_732_157).div_ceil(2));
    assert_eq!(after(1, price(100).0), capped);
    assert_eq!(after(0, price(100).0), capped);
    let both = after(0, u128::MAX);
    assert_eq!(both.hour_range, capped.hour_range);
    assert!(both.multiplier > capped.multiplier);
}

#[test]
fn update_should_name_its_error_when_the_hour_makes_no_sense() {
    let state = state([PERCENT; 3], 3 * PERCENT, 1_000_000_000_000);
    let update = |hour| rec::update(&state, &hour, &params());
    assert_eq!(update(hour(99, 101, 100, 0)), Err(MathError::Overflow));
    assert_eq!(update(hour(101, 99, 0, 0)), Err(MathError::DivisionByZero));
    assert_eq!(update(hour(0, 0, 0, 0)), Err(MathError::DivisionByZero));
    assert!(update(hour(101, 99, 100, 0)).is_ok());
}

#[test]
fn params_should_be_refused_when_the_model_would_not_work() {
    assert!(params().is_valid());
    let with = |change: fn(&mut RecParams)| {
        let mut params = params();
        change(&mut params);
        params.is_valid()
    };
    assert!(!with(|p| p.hour_weight = FineRate(10_000_000_000_001)));
    assert!(!with(|p| {
        p.hour_weight = FineRate(0);
        p.day_weight = FineRate(0);
        p.half_year_weight = FineRate(0);
    }));
    assert!(!with(|p| p.range_cap = FineRate(0)));
    assert!(!with(|p| p.range_cap = FineRate(1_000_000_000_001)));
    assert!(!with(|p| p.floor_share = FineRate(1_000_000_000_001)));
    assert!(!with(|p| p.min_multiplier = FineRate(0)));
    assert!(!with(|p| p.min_multiplier = FineRate(991_000_000_000)));
    assert!(!with(|p| p.max_multiplier = FineRate(989_000_000_000)));
    assert!(!with(|p| p.max_multiplier = FineRate(10_000_000_000_001)));
    assert!(
        with(|p| p.floor_share = FineRate(700_000_000_000)),
        "a calmer margin"
    );
}

#[test]
fn slow_move_should_ramp_when_volatility_jumps_and_linger_when_it_falls() {
    let mut slow = Rate::percent(2);
    for _ in 0..16 {
        slow = slow_move(slow, Rate::percent(10)).unwrap();
    }
    assert!(
        slow > Rate::basis_points(918) && slow < Rate::percent(10),
        "{slow:?}"
    );
    assert_eq!(slow_move(slow, Rate::percent(10)), Ok(Rate::percent(10)));
    let mut slow = Rate::percent(10);
    for _ in 0..24 {
        slow = slow_move(slow, Rate::percent(2)).unwrap();
    }
    assert!(slow.0.abs_diff(Rate::percent(6).0) < 100, "{slow:?}");
}

#[test]
fn slow_move_should_rise_again_when_it_has_been_nothing() {
    let mut slow = slow_move(Rate(0), Rate(0)).unwrap();
    assert_eq!(slow, MIN_SLOW_MOVE);
    for _ in 0..40 {
        slow = slow_move(slow, Rate::percent(4)).unwrap();
    }
    assert_eq!(slow, Rate::percent(4));
    assert_eq!(slow_move(Rate::MAX, Rate::MAX), Ok(Rate::MAX));
}

#[test]
fn fractions_should_be_the_rules_of_margin() {
    let (base, add_on) = (Rate::percent(2), Rate::percent(1));
    let initial = |moved| initial_margin_fraction(base, moved, add_on);
    assert_eq!(initial(Rate::percent(1)), Ok(Rate::percent(3)));
    assert_eq!(initial(Rate::percent(5)), Ok(Rate::percent(6)));
    assert_eq!(initial(Rate::percent(99)), Ok(Rate::ONE));
    assert_eq!(initial(Rate::percent(120)), Ok(Rate::ONE));
    let maintenance = |slow| maintenance_margin_fraction(base, slow, add_on);
    assert_eq!(maintenance(Rate::percent(1)), Ok(Rate::basis_points(180)));
    assert_eq!(maintenance(Rate(50_000_001)), Ok(Rate(36_000_001)), "up");
    assert_eq!(maintenance(Rate::percent(200)), Ok(Rate::ONE));
    assert_eq!(
        initial_margin_fraction(base, Rate::MAX, add_on),
        Err(MathError::Overflow)
    );
    assert_eq!(
        maintenance_margin_fraction(base, Rate::MAX, add_on),
        Err(MathError::Overflow)
    );
}

#[test]
fn fine_rate_should_round_up_when_it_becomes_a_rate() {
    assert_eq!(FineRate(1_000).rate_up(), Ok(Rate(1)));
    assert_eq!(FineRate(1_001).rate_up(), Ok(Rate(2)));
    assert_eq!(FineRate::try_from(Rate::ONE), Ok(FineRate::ONE));
    assert_eq!(FineRate::try_from(Rate::MAX), Err(MathError::Overflow));
}
