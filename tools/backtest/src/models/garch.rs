//! GARCH(1,1) with Student-t errors, fitted by maximum likelihood.
//!
//! `s^2(t+1) = w + a r(t)^2 + b s^2(t)`, `r(t) / s(t)` Student-t with `v` degrees of freedom and
//! variance 1, hourly returns of closes. Fitted anew each month to the [`WINDOW`] before it.

use super::simplex::minimise;
use crate::{
    data::{Asset, WARM_UP},
    stats::ln_gamma,
};

/// Hours between two fits: a month.
const REFIT: usize = 730;
/// Hours that a fit looks back: a year. Half a year, two, four and all of the past did worse.
const WINDOW: usize = 8_760;
/// Returns are fitted in percent, or the variances would be tiny.
const PERCENT: f64 = 100.0;
/// Evaluations of the first fit and of those that start from the month before.
const EVALUATIONS: (usize, usize) = (600, 200);

/// Parameters as the search sees them, all unbounded: logarithm of the long-run variance, logits of
/// the persistence `a + b` and of the share of `a` in it, logarithm of `v - 2`.
type Free = [f64; 4];

/// Parameters of the recursion.
#[derive(Clone, Copy, Debug)]
struct Garch {
    constant: f64,
    shock: f64,
    memory: f64,
    freedom: f64,
}

impl Garch {
    fn from_free(free: &Free) -> Self {
        let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
        // Just below 1, or there is no long-run variance.
        let persistence = logistic(free[1]) * 0.999_9;
        let shock = persistence * logistic(free[2]);
        Self {
            constant: free[0].exp() * (1.0 - persistence),
            shock,
            memory: persistence - shock,
            freedom: 2.01 + free[3].exp().min(200.0),
        }
    }

    fn next(&self, variance: f64, square: f64) -> f64 {
        self.constant + self.shock * square + self.memory * variance
    }

    /// Negative log-likelihood per return, up to a constant.
    fn loss(&self, squares: &[f64], start: f64) -> f64 {
        let v = self.freedom;
        let half = (v + 1.0) / 2.0;
        let norm = ln_gamma(half) - ln_gamma(v / 2.0) - 0.5 * (v - 2.0).ln();
        let mut variance = start;
        let mut sum = 0.0;
        for square in squares {
            sum += 0.5 * variance.ln() + half * (square / ((v - 2.0) * variance)).ln_1p();
            variance = self.next(variance, *square);
        }
        sum / squares.len().max(1) as f64 - norm
    }
}

/// Standard deviation of the next hour's return.
pub fn margins(asset: &Asset) -> Vec<f64> {
    let squares: Vec<f64> = asset
        .hours
        .iter()
        .map(|hour| (hour.log_return * PERCENT).powi(2))
        .collect();
    deviations(&squares).iter().map(|s| s / PERCENT).collect()
}

fn deviations(squares: &[f64]) -> Vec<f64> {
    let warm_up = WARM_UP.min(squares.len());
    let mean = mean(&squares[..warm_up]);
    let mut free: Free = [mean.ln(), 4.0, -2.0, 0.5];
    let mut result = Vec::with_capacity(squares.len());
    let mut variance = mean;
    let mut model = Garch::from_free(&free);
    for (index, square) in squares.iter().enumerate() {
        if index >= warm_up && (index - warm_up).is_multiple_of(REFIT) {
            let window = &squares[index.saturating_sub(WINDOW)..index];
            let (step, most) = if index == warm_up {
                (1.0, EVALUATIONS.0)
            } else {
                (0.2, EVALUATIONS.1)
            };
            let start = self::mean(&window[..window.len().min(WARM_UP)]);
            let loss = |free: &Free| Garch::from_free(free).loss(window, start);
            free = minimise(loss, free, step, 1e-7, most).0;
            model = Garch::from_free(&free);
            variance = window.iter().fold(start, |v, s| model.next(v, *s));
        }
        result.push(variance.sqrt());
        variance = model.next(variance, *square);
    }
    result
}

fn mean(values: &[f64]) -> f64 {
    let sum: f64 = values.iter().sum();
    // A market that never moved has no logarithm of its variance.
    (sum / values.len().max(1) as f64).max(1e-12)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Uniform in 0..1, from a seed.
    fn uniform(state: &mut u64) -> f64 {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((*state >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn normal(state: &mut u64) -> f64 {
        (-2.0 * uniform(state).ln()).sqrt() * (std::f64::consts::TAU * uniform(state)).cos()
    }

    /// Student-t with 5 degrees of freedom and variance 1.
    fn student(state: &mut u64) -> f64 {
        let chi: f64 = (0..5).map(|_| normal(state).powi(2)).sum();
        normal(state) / (chi / 5.0).sqrt() * (3.0f64 / 5.0).sqrt()
    }

    #[test]
    fn fit_should_find_the_parameters_that_made_the_returns() {
        let truth = Garch {
            constant: 0.02,
            shock: 0.08,
            memory: 0.9,
            freedom: 5.0,
        };
        let (mut seed, mut variance) = (7, 1.0);
        let squares: Vec<f64> = (0..40_000)
            .map(|_| {
                let square = variance * student(&mut seed).powi(2);
                variance = truth.next(variance, square);
                square
            })
            .collect();
        let loss = |free: &Free| Garch::from_free(free).loss(&squares, 1.0);
        let (free, _) = minimise(loss, [0.0, 2.0, -1.0, 0.5], 1.0, 1e-9, 800);
        let found = Garch::from_free(&free);
        assert!((found.shock - truth.shock).abs() < 0.015, "{found:?}");
        assert!((found.memory - truth.memory).abs() < 0.02, "{found:?}");
        assert!((found.freedom - truth.freedom).abs() < 0.5, "{found:?}");
    }

    #[test]
    fn deviations_should_see_only_the_past() {
        let mut seed = 3;
        let squares: Vec<f64> = (0..3_000).map(|_| normal(&mut seed).powi(2)).collect();
        let mut changed = squares.clone();
        changed[2_500] = 400.0;
        let (a, b) = (deviations(&squares), deviations(&changed));
        assert_eq!(a[..=2_500], b[..=2_500]);
        assert!(b[2_501] > a[2_501]);
    }
}
