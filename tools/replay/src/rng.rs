//! Seeded randomness: the same seed is the same run on every machine.

/// SplitMix64.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// Of a seed and what it is for, so that one part of a run does not move another.
    pub fn new(seed: u64, purpose: &str) -> Self {
        let mixed = purpose
            .bytes()
            .fold(seed, |hash, byte| mix(hash ^ u64::from(byte)));
        Self(mixed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// In 0 to 1, without 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One of so many.
    pub fn below(&mut self, count: usize) -> usize {
        ((self.unit() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// Standard normal.
    pub fn gaussian(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Lognormal with a median.
    pub fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.gaussian()).exp()
    }

    /// Pareto from `least` on, cut at `most`.
    pub fn pareto(&mut self, least: f64, alpha: f64, most: f64) -> f64 {
        (least * (1.0 - self.unit()).powf(-1.0 / alpha)).min(most)
    }

    /// An index by weight.
    pub fn pick(&mut self, weights: &[f64]) -> usize {
        let mut at = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            at -= weight;
            if at < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_should_have_the_moments_they_claim_when_there_are_many() {
        let mut rng = Rng::new(1, "test");
        let draws: Vec<f64> = (0..20_000).map(|_| rng.gaussian()).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let square = draws.iter().map(|x| x * x).sum::<f64>() / 20_000.0;
        assert!(
            mean.abs() < 0.03 && (square - 1.0).abs() < 0.05,
            "{mean} {square}"
        );
        let above = (0..20_000)
            .filter(|_| rng.lognormal(5.0, 0.9) > 5.0)
            .count();
        assert!((9_700..10_300).contains(&above), "{above}");
        let mut counts = [0; 3];
        (0..10_000).for_each(|_| counts[rng.pick(&[0.5, 0.3, 0.2])] += 1);
        assert!((4_800..5_200).contains(&counts[0]), "{counts:?}");
    }

    #[test]
    fn runs_should_differ_by_seed_and_purpose_and_by_nothing_else() {
        let first = |seed, purpose| Rng::new(seed, purpose).next();
        assert_eq!(first(1, "a"), first(1, "a"));
        assert_ne!(first(1, "a"), first(2, "a"));
        assert_ne!(first(1, "a"), first(1, "b"));
    }
}
