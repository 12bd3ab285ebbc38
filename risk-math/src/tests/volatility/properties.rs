use super::*;
use proptest::prelude::*;

fn any_hour() -> impl Strategy<Value = HourInput> {
    let unsigned = || (any::<u128>(), 0u32..128).prop_map(|(value, shift)| Price(value >> shift));
    (unsigned(), unsigned(), unsigned(), 0u8..168).prop_map(|(high, low, close, hour)| HourInput {
        high,
        low,
        previous_close: close,
        hour: hour_of_week(hour),
    })
}

/// Prices of a market: within a factor of a thousand of each other, below 10^18 USD.
fn sane_hour() -> impl Strategy<Value = HourInput> {
    (1u128..1 << 110, 1u128..=1_000, 1u128..=1_000, 0u8..168).prop_map(|(close, down, up, hour)| {
        HourInput {
            high: Price(close * up),
            low: Price((close / down).min(close)),
            previous_close: Price(close),
            hour: hour_of_week(hour),
        }
    })
}

fn any_state() -> impl Strategy<Value = RecState> {
    let value = || (any::<u64>(), 0u32..64).prop_map(|(value, shift)| value >> shift);
    (value(), value(), value(), value(), value())
        .prop_map(|(a, b, c, mean, multiplier)| state([a, b, c], mean, multiplier))
}

prop_compose! {
    fn valid_params()(
        weights in prop::array::uniform3(0u64..=10_000_000_000_000),
        cap in 1u64..=1_000_000_000_000,
        floor in 0u64..=1_000_000_000_000,
        mut multipliers in prop::array::uniform3(1u64..=10_000_000_000_000),
    ) -> RecParams {
        multipliers.sort_unstable();
        RecParams {
            hour_weight: FineRate(weights[0]),
            day_weight: FineRate(weights[1]),
            half_year_weight: FineRate(weights[2].max(1)),
            range_cap: FineRate(cap),
            floor_share: FineRate(floor),
            min_multiplier: FineRate(multipliers[0]),
            start_multiplier: FineRate(multipliers[1]),
            max_multiplier: FineRate(multipliers[2]),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn model_should_not_panic(
        state in any_state(), hour in any_hour(), weights in prop::array::uniform8(any::<u64>()),
    ) {
        let [a, b, c, cap, floor, start, min, max] = weights.map(FineRate);
        let params = RecParams {
            hour_weight: a,
            day_weight: b,
            half_year_weight: c,
            range_cap: cap,
            floor_share: floor,
            start_multiplier: start,
            min_multiplier: min,
            max_multiplier: max,
        };
        let _ = params.is_valid();
        let _ = rec::update(&state, &hour, &params);
        let _ = rec::forecast(&state, hour.hour, &params);
        let _ = rec::start(a, &params);
        let _ = rec::start_from(&[hour, hour], &params);
        let _ = slow_move(Rate(a.0), Rate(b.0));
        let _ = initial_margin_fraction(Rate(a.0), Rate(b.0), Rate(c.0));
        let _ = maintenance_margin_fraction(Rate(a.0), Rate(b.0), Rate(c.0));
        let _ = FineRate::try_from(Rate(a.0));
    }

    #[test]
    fn model_should_not_fail_when_parameters_and_prices_are_sane(
        params in valid_params(), range in 0u64..=1_000_000_000_000,
        hours in prop::collection::vec(sane_hour(), 1..20),
    ) {
        prop_assert!(params.is_valid());
        let mut state = rec::start(FineRate(range), &params).unwrap();
        // A capped range over the smallest factor of the week.
        let most = range.max(params.range_cap.0 * 10_000 / 7_034 + 1);
        for hour in &hours {
            state = rec::update(&state, hour, &params).unwrap();
            for mean in [state.hour_range, state.day_range, state.half_year_range] {
                prop_assert!(mean.0 <= most);
            }
            prop_assert!(params.min_multiplier <= state.multiplier);
            prop_assert!(state.multiplier <= params.max_multiplier);
            let forecast = rec::forecast(&state, hour.hour.next(), &params).unwrap();
            let floor = u128::from(state.mean_move.0) * u128::from(params.floor_share.0);
            prop_assert!(u128::from(forecast.expected_move.0) * 10u128.pow(15) >= floor);
            let product = u128::from(state.multiplier.0) * u128::from(forecast.expected_move.0);
            prop_assert!(u128::from(forecast.margin_move.0) * 10u128.pow(12) <= product + 10u128.pow(12));
        }
    }

    #[test]
    fn a_wider_hour_should_never_lower_what_is_expected(
        state in any_state(), close in 1u128..1 << 90, moves in prop::array::uniform4(0u128..1_000_000),
        index in 0u8..168,
    ) {
        let state = RecState { multiplier: FineRate(990_000_000_000), ..state };
        // Small enough for every product.
        let fit = |mean: FineRate| FineRate(mean.0 % 1_000_000_000_000);
        let state = RecState {
            hour_range: fit(state.hour_range),
            day_range: fit(state.day_range),
            half_year_range: fit(state.half_year_range),
            mean_move: fit(state.mean_move),
            ..state
        };
        let hour = |down: u128, up: u128| HourInput {
            high: Price(close + close / 1_000_000 * up),
            low: Price(close - close / 1_000_000 * down),
            previous_close: Price(close),
            hour: hour_of_week(index),
        };
        let params = RecParams::default();
        let forecast = |hour: &HourInput| {
            let next = rec::update(&state, hour, &params).unwrap();
            rec::forecast(&next, hour.hour.next(), &params).unwrap()
        };
        let narrow = forecast(&hour(moves[0].min(moves[1]), moves[2].min(moves[3])));
        let wide = forecast(&hour(moves[0].max(moves[1]), moves[2].max(moves[3])));
        prop_assert!(wide.expected_move >= narrow.expected_move);
        prop_assert!(wide.margin_move >= narrow.margin_move);
        prop_assert!(wide.level >= narrow.level);
    }

    #[test]
    fn slow_move_should_stay_between_and_within_its_ramp(
        slow in 1_000_000u64..10_000_000_000, level in 0u64..10_000_000_000,
    ) {
        let next = slow_move(Rate(slow), Rate(level)).unwrap();
        prop_assert!(next >= Rate(slow.min(level)) && next <= Rate(slow.max(level)).max(MIN_SLOW_MOVE));
        prop_assert!(next.0 <= slow + slow / 10);
        if level > slow {
            prop_assert!(next.0 > slow);
        }
    }

    #[test]
    fn initial_should_cover_maintenance_when_the_slow_move_is_not_above(
        base in 0u64..=1_000_000_000, moved in 0u64..2_000_000_000, slow in 0u64..2_000_000_000,
        add_on in 0u64..2_000_000_000,
    ) {
        let slow = Rate(slow.min(moved));
        let initial = initial_margin_fraction(Rate(base), Rate(moved), Rate(add_on)).unwrap();
        let maintenance = maintenance_margin_fraction(Rate(base), slow, Rate(add_on)).unwrap();
        prop_assert!(maintenance <= initial && initial <= Rate::ONE);
    }
}
