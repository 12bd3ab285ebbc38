use super::*;
use crate::{probability::*, MathError};

const VECTORS: &str = include_str!("golden/probability.csv");
const HOUR: Moment = 3_600_000;

fn exposure(dollars: i64, volatility: Rate) -> Exposure {
    Exposure {
        notional: Usd::dollars(dollars),
        volatility,
    }
}

fn independent(_: usize, _: usize) -> Correlation {
    Correlation::ZERO
}

#[test]
fn probability_should_be_the_golden_one_to_a_millionth() {
    let mut worst = 0;
    for line in VECTORS.lines() {
        let fields: Vec<i128> = line
            .split(',')
            .map(|field| field.parse().unwrap())
            .collect();
        let n = fields[2] as usize;
        let exposures: Vec<Exposure> = fields[3..3 + 2 * n]
            .chunks(2)
            .map(|pair| Exposure {
                notional: Usd(pair[0]),
                volatility: Rate(pair[1] as u64),
            })
            .collect();
        let below = &fields[3 + 2 * n..fields.len() - 1];
        assert_eq!(below.len(), n * (n - 1) / 2);
        let correlation = |i: usize, j: usize| Correlation(below[i * (i - 1) / 2 + j] as i32);
        let found = within(Usd(fields[0]), &exposures, correlation, fields[1] as u64).unwrap();
        let error = (i128::from(found.0) - fields[fields.len() - 1]).abs();
        assert!(error < 1_000, "{error}: {line}");
        worst = worst.max(error);
    }
    assert_eq!(VECTORS.lines().count(), 90);
    // The approximation is not exact: if it were, this test would not test it.
    assert!(worst > 0);
}

#[test]
fn probability_should_be_whole_when_there_is_no_slack_and_none_when_nothing_moves() {
    let long = [exposure(1_000, Rate::percent(1))];
    for slack in [Usd::ZERO, Usd(-1), Usd(i128::MIN)] {
        assert_eq!(within(slack, &long, independent, HOUR), Ok(Rate::ONE));
    }
    assert_eq!(within(Usd(1), &[], independent, HOUR), Ok(Rate::ZERO));
    assert_eq!(within(Usd(1), &long, independent, 0), Ok(Rate::ZERO));
    let calm = [exposure(1_000, Rate::ZERO)];
    assert_eq!(within(Usd(1), &calm, independent, HOUR), Ok(Rate::ZERO));
    assert_eq!(within(Usd::MAX, &long, independent, HOUR), Ok(Rate::ZERO));
}

#[test]
fn probability_should_vanish_when_legs_hedge_each_other() {
    let legs = [
        exposure(1_000, Rate::percent(1)),
        exposure(-1_000, Rate::percent(1)),
    ];
    let together = |_, _| Correlation::ONE;
    assert_eq!(within(Usd(1), &legs, together, HOUR), Ok(Rate::ZERO));
    let apart = within(Usd::dollars(20), &legs, independent, HOUR).unwrap();
    let against = within(
        Usd::dollars(20),
        &legs,
        |_, _| Correlation(-1_000_000_000),
        HOUR,
    );
    assert!(apart > Rate::ZERO && against.unwrap() > apart);
}

#[test]
fn probability_should_rise_when_time_or_volatility_do_and_fall_with_slack() {
    let p = |slack, volatility, horizon| {
        let legs = [exposure(50_000, Rate::basis_points(volatility))];
        within(Usd::dollars(slack), &legs, independent, horizon).unwrap()
    };
    for step in 1..40 {
        assert!(p(step * 20, 100, HOUR) >= p(step * 20 + 20, 100, HOUR));
        assert!(p(700, 20 * step as u32, HOUR) <= p(700, 20 * step as u32 + 20, HOUR));
        assert!(p(700, 30, step as u64 * HOUR) <= p(700, 30, (step as u64 + 1) * HOUR));
    }
    // Four times the time is twice the volatility.
    assert_eq!(p(700, 40, 4 * HOUR), p(700, 80, HOUR));
}

#[test]
fn errors_should_be_told_when_numbers_are_beyond_reach() {
    let huge = [exposure(i64::MAX, Rate::ONE)];
    assert_eq!(
        within(Usd(1), &huge, independent, HOUR),
        Err(MathError::Overflow)
    );
    let legs = [exposure(1, Rate::ONE); 2];
    let wrong = |_, _| Correlation(1_000_000_001);
    assert_eq!(within(Usd(1), &legs, wrong, HOUR), Err(MathError::Overflow));
    let many = vec![exposure(900_000_000_000_000, Rate::ONE); 64];
    let together = |_, _| Correlation::ONE;
    assert!(within(Usd(1), &many, together, 10 * 365 * 24 * HOUR).unwrap() > Rate::ZERO);
    assert_eq!(
        within(Usd(1), &vec![legs[0]; 4_097], independent, HOUR),
        Err(MathError::Overflow)
    );
}

/// Numbers that only the seed decides.
struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Two independent normals.
    fn normals(&mut self) -> (f64, f64) {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        let angle = core::f64::consts::TAU * self.uniform();
        (radius * angle.cos(), radius * angle.sin())
    }
}

/// Two assets: notionals, volatilities of an hour, correlation.
#[derive(Clone, Copy)]
struct Account {
    slack: f64,
    notionals: [f64; 2],
    volatilities: [f64; 2],
    correlation: f64,
    hours: f64,
}

const PATHS: u32 = 30_000;
const STEPS: u32 = 24;

impl Account {
    fn model(&self) -> f64 {
        let legs: Vec<Exposure> = (0..2)
            .map(|i| Exposure {
                notional: Usd((self.notionals[i] * 1e6) as i128),
                volatility: Rate((self.volatilities[i] * 1e9) as u64),
            })
            .collect();
        let correlation = |_, _| Correlation((self.correlation * 1e9) as i32);
        let horizon = (self.hours * HOUR as f64) as u64;
        within(Usd((self.slack * 1e6) as i128), &legs, correlation, horizon)
            .unwrap()
            .0 as f64
            / 1e9
    }

    /// Share of paths whose slack reaches zero; between two steps by the chance of a Brownian bridge.
    /// Prices are log-normal martingales, or normal.
    fn simulated(&self, log_normal: bool, seed: u64) -> f64 {
        let mut dice = Dice(seed);
        let dt = self.hours / f64::from(STEPS);
        let [v, w] = self.volatilities.map(|v| v * dt.sqrt());
        let rho = self.correlation;
        let mut fallen = 0u32;
        for _ in 0..PATHS {
            let mut prices = [1.0f64; 2];
            let mut slack = self.slack;
            for _ in 0..STEPS {
                let (z, other) = dice.normals();
                let moves = [v * z, w * (rho * z + (1.0 - rho * rho).sqrt() * other)];
                let before = prices;
                for i in 0..2 {
                    let v = [v, w][i];
                    if log_normal {
                        prices[i] *= (moves[i] - v * v / 2.0).exp();
                    } else {
                        prices[i] += moves[i];
                    }
                }
                let step = |i: usize| self.notionals[i] * (prices[i] - before[i]);
                let next = slack + step(0) + step(1);
                let scale = |i: usize| if log_normal { before[i] } else { 1.0 };
                let (x, y) = (
                    self.notionals[0] * v * scale(0),
                    self.notionals[1] * w * scale(1),
                );
                let variance = x * x + y * y + 2.0 * rho * x * y;
                let touched =
                    next <= 0.0 || dice.uniform() < (-2.0 * slack * next / variance).exp();
                if touched {
                    fallen += 1;
                    break;
                }
                slack = next;
            }
        }
        f64::from(fallen) / f64::from(PATHS)
    }
}

fn accounts() -> Vec<Account> {
    let account = |slack, notionals, volatilities, correlation, hours| Account {
        slack,
        notionals,
        volatilities,
        correlation,
        hours,
    };
    vec![
        account(500.0, [40_000.0, 0.0], [0.006, 0.01], 0.0, 1.0),
        account(1_500.0, [40_000.0, 20_000.0], [0.006, 0.008], 0.8, 24.0),
        account(900.0, [60_000.0, -50_000.0], [0.007, 0.009], 0.85, 24.0),
        account(2_000.0, [-30_000.0, -30_000.0], [0.01, 0.01], 0.5, 24.0),
        account(120.0, [10_000.0, 5_000.0], [0.01, 0.02], -0.3, 1.0),
    ]
}

/// Three standard errors of 30,000 paths are at most 0.0087.
#[test]
fn probability_should_be_what_a_simulation_of_the_model_finds() {
    for (seed, account) in accounts().into_iter().enumerate() {
        let (model, found) = (account.model(), account.simulated(false, seed as u64));
        let error = 3.0 * (model * (1.0 - model) / f64::from(PATHS)).sqrt();
        assert!(
            (model - found).abs() < error,
            "case {seed}: {model} against {found}"
        );
        assert!(
            (0.01..0.9).contains(&model),
            "case {seed} says nothing: {model}"
        );
    }
}

/// The error of the model that its doc states: prices that are log-normal.
#[test]
fn probability_should_be_near_when_prices_are_log_normal() {
    for (seed, account) in accounts().into_iter().enumerate() {
        let (model, found) = (account.model(), account.simulated(true, 100 + seed as u64));
        let noise = 3.0 * (model * (1.0 - model) / f64::from(PATHS)).sqrt();
        assert!(
            (model - found).abs() < 0.01 + noise,
            "case {seed}: {model} against {found}"
        );
    }
}

/// What the expected move says of itself: 99.5 % of the hours do not pass it on a side.
#[test]
fn probability_should_be_half_a_percent_when_slack_is_the_expected_move() {
    for expected in [Rate::basis_points(37), Rate::percent(2), Rate::percent(30)] {
        let slack = crate::fraction(Usd::dollars(1_000_000), expected, crate::Rounding::Down);
        let long = [(Usd::dollars(1_000_000), expected)];
        let found = of_account(slack.unwrap(), &long, |_, _| None).unwrap();
        assert!(found.hour.0.abs_diff(5_000_000) < 1_000, "{found:?}");
        // 2 N(-2.807 / 3.5), and 2 N(-2.807 / sqrt 24).
        assert!(
            found.stressed_hour.0.abs_diff(422_547_000) < 10_000,
            "{found:?}"
        );
        assert!(found.day.0.abs_diff(566_656_000) < 10_000, "{found:?}");
        assert!(found.stressed_day > found.day && found.stressed_day > found.stressed_hour);
    }
}

#[test]
fn assets_should_move_against_the_account_when_nothing_is_known_of_them() {
    let legs = |other: i64| {
        [
            (Usd::dollars(10_000), Rate::percent(3)),
            (Usd::dollars(other), Rate::percent(3)),
        ]
    };
    let p = |other, correlation: Option<Correlation>| {
        of_account(Usd::dollars(500), &legs(other), |_, _| correlation).unwrap()
    };
    let opposite = Correlation(-1_000_000_000);
    for (other, worst) in [(8_000, Correlation::ONE), (-8_000, opposite)] {
        assert_eq!(p(other, None), p(other, Some(worst)));
        assert!(p(other, None).hour > p(other, Some(Correlation::ZERO)).hour);
    }
}

/// Lower triangle of the root of a matrix: what makes independent normals correlated.
fn root(n: usize, correlation: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
    let mut rows = vec![vec![0.0f64; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| rows[i][k] * rows[j][k]).sum();
            rows[i][j] = match i == j {
                true => (1.0 - sum).sqrt(),
                false => (correlation(i, j) - sum) / rows[j][j],
            };
        }
    }
    rows
}

/// Five assets with the correlations of hourly returns of 2022 to 2025 (BTC, ETH, SOL, DOT, LINK), as an
/// account has them that is hedged in part; simulated with a matrix root, log-normal prices and
/// steps of half an hour. Beside the noise of 20,000 paths the error is the one that the model's doc states.
#[test]
fn probability_should_be_near_a_simulation_when_five_assets_are_correlated() {
    const BELOW: [f64; 10] = [
        0.8415, 0.7286, 0.7402, 0.7159, 0.7589, 0.7105, 0.7237, 0.7893, 0.7148, 0.7891,
    ];
    let rho = |i: usize, j: usize| BELOW[i.max(j) * (i.max(j) - 1) / 2 + i.min(j)];
    let notionals = [90_000.0, -70_000.0, 20_000.0, -10_000.0, 15_000.0];
    let expected = [0.012, 0.016, 0.024, 0.021, 0.022];
    let legs: Vec<(Usd, Rate)> = notionals
        .iter()
        .zip(expected)
        .map(|(notional, m): (&f64, f64)| (Usd((notional * 1e6) as i128), Rate((m * 1e9) as u64)))
        .collect();
    let known = |i, j| Some(Correlation((rho(i, j) * 1e9) as i32));
    let root = root(5, rho);
    for (seed, slack, hours) in [(7u64, 450.0, 1.0), (8, 1_800.0, 24.0)] {
        let found = of_account(Usd((slack * 1e6) as i128), &legs, known).unwrap();
        let model = if hours > 1.0 { found.day } else { found.hour }.0 as f64 / 1e9;
        let mut dice = Dice(seed);
        let steps = (hours * 2.0_f64).max(24.0) as u32;
        let dt = hours / f64::from(steps);
        let paths = 20_000u32;
        let mut fallen = 0u32;
        for _ in 0..paths {
            let (mut prices, mut left) = ([1.0f64; 5], slack);
            for _ in 0..steps {
                let z: Vec<f64> = (0..5).map(|_| dice.normals().0).collect();
                let before = prices;
                for (i, m) in expected.iter().enumerate() {
                    let v = m / 2.807_033_768 * dt.sqrt();
                    let moved: f64 = (0..=i).map(|k| root[i][k] * z[k]).sum();
                    prices[i] *= (v * moved - v * v / 2.0).exp();
                }
                let x: Vec<f64> = (0..5)
                    .map(|i| notionals[i] * before[i] * expected[i] / 2.807_033_768 * dt.sqrt())
                    .collect();
                let variance: f64 = (0..5)
                    .flat_map(|i| (0..5).map(move |j| (i, j)))
                    .map(|(i, j)| x[i] * x[j] * if i == j { 1.0 } else { rho(i, j) })
                    .sum();
                let next: f64 = left
                    + (0..5)
                        .map(|i| notionals[i] * (prices[i] - before[i]))
                        .sum::<f64>();
                // Between two steps by the chance of a Brownian bridge.
                let touched = next <= 0.0 || dice.uniform() < (-2.0 * left * next / variance).exp();
                if touched {
                    fallen += 1;
                    break;
                }
                left = next;
            }
        }
        let simulated = f64::from(fallen) / f64::from(paths);
        let noise = 3.0 * (model * (1.0 - model) / f64::from(paths)).sqrt();
        assert!((0.01..0.9).contains(&model), "{model} says nothing");
        assert!(
            (model - simulated).abs() < 0.01 + noise,
            "{hours} hours: {model} against {simulated}"
        );
    }
}
