//! Tests and measures on series of numbers.

use std::collections::VecDeque;

/// Kupiec's test that a share `expected` of `total` days are exceedances: the likelihood ratio,
/// chi-squared with one degree of freedom.
///
/// Source: Kupiec, "Techniques for verifying the accuracy of risk measurement models", 1995.
pub fn kupiec(exceedances: u64, total: u64, expected: f64) -> f64 {
    let (x, n) = (exceedances as f64, total as f64);
    if total == 0 {
        return 0.0;
    }
    let seen = log_likelihood(n - x, x, x / n);
    2.0 * (seen - log_likelihood(n - x, x, expected))
}

/// How exceedances follow each other: `[[quiet after quiet, hit after quiet], [quiet after hit, hit
/// after hit]]`.
pub type Transitions = [[u64; 2]; 2];

/// Counts them.
pub fn transitions(hits: impl IntoIterator<Item = bool>) -> Transitions {
    let mut counts = [[0; 2]; 2];
    let mut before: Option<bool> = None;
    for hit in hits {
        if let Some(before) = before {
            counts[usize::from(before)][usize::from(hit)] += 1;
        }
        before = Some(hit);
    }
    counts
}

/// Christoffersen's test that an exceedance does not depend on whether there was one before: the
/// likelihood ratio, chi-squared with one degree of freedom. Added to [`kupiec`] it tests both at
/// once, with two degrees.
///
/// Source: Christoffersen, "Evaluating interval forecasts", 1998.
pub fn christoffersen(counts: &Transitions) -> f64 {
    let [[n00, n01], [n10, n11]] = counts.map(|row| row.map(|count| count as f64));
    let share = |hits: f64, quiet: f64| {
        if hits + quiet > 0.0 {
            hits / (hits + quiet)
        } else {
            0.0
        }
    };
    let free =
        log_likelihood(n00, n01, share(n01, n00)) + log_likelihood(n10, n11, share(n11, n10));
    let tied = log_likelihood(n00 + n10, n01 + n11, share(n01 + n11, n00 + n10));
    2.0 * (free - tied)
}

/// `ln((1 - p)^quiet p^hits)`, with `0 ln 0 = 0`.
fn log_likelihood(quiet: f64, hits: f64, p: f64) -> f64 {
    let term = |count: f64, p: f64| if count > 0.0 { count * p.ln() } else { 0.0 };
    term(quiet, 1.0 - p) + term(hits, p)
}

/// The chance that chi-squared with one degree of freedom is above `x`.
pub fn chi2_one_tail(x: f64) -> f64 {
    erfc((x.max(0.0) / 2.0).sqrt())
}

/// The same with two degrees.
pub fn chi2_two_tail(x: f64) -> f64 {
    (-x.max(0.0) / 2.0).exp()
}

/// Complementary error function, relative error below 1.2e-7. Source: Numerical Recipes, 6.2.
fn erfc(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.5 * x.abs());
    let terms = [
        -1.26551223,
        1.00002368,
        0.37409196,
        0.09678418,
        -0.18628806,
        0.27886807,
        -1.13520398,
        1.48851587,
        -0.82215223,
        0.17087277,
    ];
    let sum = terms.iter().rev().fold(0.0, |sum, term| sum * t + term);
    let value = t * (-x * x + sum).exp();
    if x >= 0.0 {
        value
    } else {
        2.0 - value
    }
}

/// Logarithm of the gamma function for `x > 0`, relative error below 1e-14. Source: Lanczos, g = 7.
pub fn ln_gamma(x: f64) -> f64 {
    const G: f64 = 7.0;
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let mut sum = 0.999_999_999_999_809_9;
    let mut place = x;
    for term in TERMS {
        place += 1.0;
        sum += term / place;
    }
    let t = x + G + 0.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// How often a score before a hit is above one before quiet, ties half: area under the ROC curve.
/// `None` when one of the two is missing.
pub fn auc(hits: &[f64], quiet: &[f64]) -> Option<f64> {
    if hits.is_empty() || quiet.is_empty() {
        return None;
    }
    let mut sorted = quiet.to_vec();
    sorted.sort_by(f64::total_cmp);
    let below: f64 = hits
        .iter()
        .map(|hit| {
            let less = sorted.partition_point(|score| score < hit);
            let most = sorted.partition_point(|score| score <= hit);
            (less + most) as f64 / 2.0
        })
        .sum();
    Some(below / (hits.len() as f64 * quiet.len() as f64))
}

/// The factor by which `ratios` may be divided so that at most a share `target` of them is above 1:
/// with `n` the whole part of `target * len`, the largest but `n`. `None` without ratios.
///
/// Reorders them.
pub fn multiplier(ratios: &mut [f64], target: f64) -> Option<f64> {
    let allowed = (target * ratios.len() as f64).floor() as usize;
    if allowed >= ratios.len() {
        return None;
    }
    let (_, factor, _) = ratios.select_nth_unstable_by(allowed, |a, b| b.total_cmp(a));
    Some(*factor)
}

/// The loss of a quantile forecast: `q (y - forecast)` above it, `(1 - q) (forecast - y)` below.
pub fn pinball(y: f64, forecast: f64, q: f64) -> f64 {
    if y > forecast {
        q * (y - forecast)
    } else {
        (1.0 - q) * (forecast - y)
    }
}

/// For each value the median of the last `window` up to and with it; of fewer at the begin.
pub fn running_median(values: &[f64], window: usize) -> Vec<f64> {
    let mut sorted: Vec<f64> = Vec::with_capacity(window + 1);
    let mut medians = Vec::with_capacity(values.len());
    for (i, value) in values.iter().enumerate() {
        if let Some(old) = i.checked_sub(window) {
            let at = sorted.partition_point(|v| *v < values[old]);
            sorted.remove(at);
        }
        let at = sorted.partition_point(|v| v < value);
        sorted.insert(at, *value);
        medians.push((sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]) / 2.0);
    }
    medians
}

/// The largest ratio of a value to the one `distance` before it; 1 when it never rises.
pub fn largest_rise(values: &[f64], distance: usize) -> f64 {
    let pairs = values.iter().zip(values.iter().skip(distance));
    pairs
        .map(|(before, after)| after / before)
        .fold(1.0, f64::max)
}

/// The largest ratio of peak to trough, in whatever order, within any `window` values in a row.
pub fn largest_swing(values: &[f64], window: usize) -> f64 {
    // Indexes that may still become the extreme of a window, the present extreme first.
    let (mut lows, mut highs) = (VecDeque::new(), VecDeque::new());
    let mut largest = 1.0f64;
    for (i, value) in values.iter().enumerate() {
        push(&mut lows, i, window, |other| values[other] >= *value);
        push(&mut highs, i, window, |other| values[other] <= *value);
        if let (Some(low), Some(high)) = (lows.front(), highs.front()) {
            largest = largest.max(values[*high] / values[*low]);
        }
    }
    largest
}

/// Appends `index`, without those that it outdoes and the one that left the window.
fn push(queue: &mut VecDeque<usize>, index: usize, window: usize, outdone: impl Fn(usize) -> bool) {
    if queue.front().is_some_and(|first| first + window <= index) {
        queue.pop_front();
    }
    while queue.back().is_some_and(|last| outdone(*last)) {
        queue.pop_back();
    }
    queue.push_back(index);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chi-squared with one degree of freedom passes this in 5 % of the cases.
    const CHI2_ONE: f64 = 3.841_458_820_694_124;
    /// The same with two.
    const CHI2_TWO: f64 = 5.991_464_547_107_979;

    fn close(a: f64, b: f64, tolerance: f64) -> bool {
        (a - b).abs() <= tolerance
    }

    /// J.P. Morgan 1998: 20 exceedances of 5 % in 252 days, 6 of them on the day after another.
    /// Source: Jorion, "Value at Risk", chapter on backtesting: 3.91, 9.53 and together 13.44.
    #[test]
    fn likelihood_ratios_should_be_those_of_the_textbook() {
        assert!(close(kupiec(20, 252, 0.05), 3.91, 0.005));
        let counts = [[218, 14], [14, 6]];
        assert!(close(christoffersen(&counts), 9.53, 0.005));
        assert!(close(
            kupiec(20, 252, 0.05) + christoffersen(&counts),
            13.44,
            0.01
        ));
    }

    /// Kupiec's table: at 1 % of 255 days fewer than 7 exceedances are not rejected, of 1,000 days
    /// 5 to 16 are not.
    #[test]
    fn kupiec_should_accept_the_published_ranges() {
        let accepted = |total: u64| {
            (0..60)
                .filter(|x| kupiec(*x, total, 0.01) < CHI2_ONE)
                .collect::<Vec<_>>()
        };
        assert_eq!(accepted(255), (1..7).collect::<Vec<_>>());
        assert_eq!(accepted(1_000), (5..17).collect::<Vec<_>>());
        assert_eq!(kupiec(0, 0, 0.01), 0.0);
        assert!(kupiec(0, 255, 0.01) > CHI2_ONE && kupiec(255, 255, 0.01).is_finite());
    }

    #[test]
    fn christoffersen_should_be_nothing_when_hits_are_independent_or_absent() {
        assert!(close(christoffersen(&[[81, 9], [9, 1]]), 0.0, 1e-12));
        assert_eq!(christoffersen(&[[100, 0], [0, 0]]), 0.0);
        let hits = [true, true, false, true, false, false];
        assert_eq!(transitions(hits), [[1, 1], [2, 1]]);
    }

    #[test]
    fn tails_should_be_five_percent_at_the_critical_values() {
        assert!(close(chi2_one_tail(CHI2_ONE), 0.05, 1e-7));
        assert!(close(chi2_two_tail(CHI2_TWO), 0.05, 1e-9));
        assert!(close(chi2_one_tail(0.0), 1.0, 1e-6));
        assert!(close(erfc(-1.0), 2.0 - erfc(1.0), 1e-12));
    }

    #[test]
    fn ln_gamma_should_be_the_logarithm_of_factorials() {
        let mut factorial = 1.0f64;
        for n in 1..20 {
            assert!(close(ln_gamma(f64::from(n)), factorial.ln(), 1e-11), "{n}");
            factorial *= f64::from(n);
        }
        assert!(close(
            ln_gamma(0.5),
            std::f64::consts::PI.sqrt().ln(),
            1e-12
        ));
    }

    #[test]
    fn auc_should_count_pairs_when_scores_overlap() {
        assert_eq!(auc(&[2.0, 3.0], &[0.0, 1.0]), Some(1.0));
        assert_eq!(auc(&[0.0], &[1.0, 2.0]), Some(0.0));
        assert_eq!(auc(&[1.0, 1.0], &[1.0]), Some(0.5));
        // Of six pairs four are in order and one is even.
        assert_eq!(auc(&[1.0, 3.0], &[0.0, 1.0, 2.0]), Some(4.5 / 6.0));
        assert_eq!(auc(&[], &[1.0]), None);
    }

    #[test]
    fn multiplier_should_leave_the_allowed_share_above_one() {
        let mut ratios: Vec<f64> = (1..=1_000).map(f64::from).collect();
        let factor = multiplier(&mut ratios, 0.005).unwrap();
        assert_eq!(factor, 995.0);
        assert_eq!(ratios.iter().filter(|r| **r / factor > 1.0).count(), 5);
        assert_eq!(multiplier(&mut [7.0], 0.005), Some(7.0));
        assert_eq!(multiplier(&mut [], 0.005), None);
    }

    #[test]
    fn pinball_should_weigh_a_miss_by_its_quantile() {
        assert!(close(pinball(3.0, 1.0, 0.995), 1.99, 1e-12));
        assert!(close(pinball(1.0, 3.0, 0.995), 0.01, 1e-12));
    }

    #[test]
    fn running_median_should_be_that_of_the_window() {
        assert_eq!(
            running_median(&[1.0, 3.0, 2.0, 2.0, 9.0], 3),
            [1.0, 2.0, 2.0, 2.0, 2.0]
        );
        let values: Vec<f64> = (0..200).map(|i| f64::from(i * 37 % 101)).collect();
        for (i, median) in running_median(&values, 10).into_iter().enumerate().skip(9) {
            let mut window = values[i - 9..=i].to_vec();
            window.sort_by(f64::total_cmp);
            assert_eq!(median, (window[4] + window[5]) / 2.0);
        }
    }

    #[test]
    fn rises_should_be_over_the_distance_and_swings_within_the_window() {
        let values = [4.0, 1.0, 2.0, 3.0, 6.0];
        assert_eq!(largest_rise(&values, 1), 2.0);
        assert_eq!(largest_rise(&values, 3), 6.0);
        assert_eq!(largest_rise(&[3.0, 2.0, 1.0], 2), 1.0);
        assert_eq!(largest_swing(&values, 2), 4.0, "falls count, too");
        assert_eq!(largest_swing(&values, 4), 6.0);
        assert_eq!(largest_swing(&[], 2), 1.0);
        let values: Vec<f64> = (1..300).map(|i| f64::from(i * 37 % 101 + 1)).collect();
        let swings = values.windows(20).map(|window| {
            let high = window.iter().copied().fold(0.0, f64::max);
            high / window.iter().copied().fold(f64::MAX, f64::min)
        });
        assert_eq!(largest_swing(&values, 20), swings.fold(1.0, f64::max));
    }
}
