//! Minimum of a function of a few variables, without derivatives.

/// The best point found and its value. Source: Nelder and Mead, 1965, with the usual coefficients.
///
/// Starts with steps of `step` in each direction; ends after `most` evaluations, or when the values
/// at all corners are within `tolerance`.
pub fn minimise<const N: usize>(
    f: impl Fn(&[f64; N]) -> f64,
    start: [f64; N],
    step: f64,
    tolerance: f64,
    most: usize,
) -> ([f64; N], f64) {
    let mut corners: Vec<([f64; N], f64)> = vec![(start, f(&start))];
    for i in 0..N {
        let mut corner = start;
        corner[i] += step;
        corners.push((corner, f(&corner)));
    }
    let mut evaluations = corners.len();
    while evaluations < most {
        corners.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (best, worst, second) = (corners[0].1, corners[N].1, corners[N - 1].1);
        if worst - best <= tolerance {
            break;
        }
        let last = corners[N].0;
        let centre: [f64; N] = std::array::from_fn(|i| {
            corners[..N].iter().map(|corner| corner.0[i]).sum::<f64>() / N as f64
        });
        let along = |share: f64| -> ([f64; N], f64) {
            let point = std::array::from_fn(|i| centre[i] + share * (last[i] - centre[i]));
            (point, f(&point))
        };
        let reflected = along(-1.0);
        evaluations += 1;
        if reflected.1 < best {
            let expanded = along(-2.0);
            evaluations += 1;
            corners[N] = if expanded.1 < reflected.1 {
                expanded
            } else {
                reflected
            };
        } else if reflected.1 < second {
            corners[N] = reflected;
        } else {
            let contracted = along(if reflected.1 < worst { -0.5 } else { 0.5 });
            evaluations += 1;
            if contracted.1 < reflected.1.min(worst) {
                corners[N] = contracted;
            } else {
                let best = corners[0].0;
                for corner in &mut corners[1..] {
                    corner.0 = std::array::from_fn(|i| (corner.0[i] + best[i]) / 2.0);
                    corner.1 = f(&corner.0);
                }
                evaluations += N;
            }
        }
    }
    corners.sort_by(|a, b| a.1.total_cmp(&b.1));
    corners[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minimum_should_be_found_when_the_valley_is_curved() {
        let rosenbrock = |p: &[f64; 2]| (1.0 - p[0]).powi(2) + 100.0 * (p[1] - p[0] * p[0]).powi(2);
        let (point, value) = minimise(rosenbrock, [-1.2, 1.0], 0.5, 1e-14, 1_000);
        assert!(value < 1e-10, "{value}");
        assert!((point[0] - 1.0).abs() < 1e-4 && (point[1] - 1.0).abs() < 1e-4);
    }

    #[test]
    fn search_should_end_when_it_has_evaluated_enough() {
        let count = std::cell::Cell::new(0);
        let f = |p: &[f64; 3]| {
            count.set(count.get() + 1);
            p.iter().map(|x| x.abs()).sum::<f64>()
        };
        minimise(f, [9.0, 9.0, 9.0], 1.0, 0.0, 50);
        assert!(count.get() <= 50 + 5, "{}", count.get());
    }
}
