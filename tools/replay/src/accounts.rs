//! Who trades: accounts drawn from stated distributions.
//!
//! - Positions: 1 to 6 markets with 45 / 25 / 13 / 8 / 5 / 4 %, cut at the markets there are; which ones by
//!   rank, with weight `rank ^ -0.8`.
//! - Of those with several: 12 % are basis trades (spot as collateral, short of the same asset), of the
//!   others half have one side and half a mixture; 40 % hold one or two volatile assets for a part of
//!   their collateral.
//! - Side: 60 % of what has one side is long.
//! - Notional: Pareto with exponent 1.1 from 2,000 to 40,000,000 USD.
//! - Leverage: lognormal, median 5, sigma 0.9, cut where initial margin ends, with 5 % to spare.
//!
//! Every account opens at the first price. Longs and shorts trade with hedgers, who keep what does not
//! match: so long open interest is short open interest, through real fills.

use crate::{assets::fraction, rng::Rng, scenario::Crowd};
use bulwark_primitives::{MarketParams, Rate};

/// Share of accounts by number of positions.
const POSITIONS: [f64; 6] = [0.45, 0.25, 0.13, 0.08, 0.05, 0.04];
/// Exponent of the weight of a market by rank.
const RANK: f64 = -0.8;
const LONG: f64 = 0.6;
const BASIS: f64 = 0.12;
const VOLATILE: f64 = 0.4;
const NOTIONAL: (f64, f64, f64) = (2_000.0, 1.1, 40_000_000.0);
const LEVERAGE: (f64, f64) = (5.0, 0.9);
/// Initial margin is covered so many times at opening.
const SPARE: f64 = 1.05;
/// For taker fees, as a share of notional.
const FEES: f64 = 0.001;

/// What an account is to become.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Market, whether long, USD.
    pub legs: Vec<(usize, bool, f64)>,
    /// Volatile collateral: asset, USD at the first price.
    pub collateral: Vec<(usize, f64)>,
    /// Settlement asset, USD.
    pub deposit: f64,
}

impl Plan {
    /// Sum of its positions.
    pub fn notional(&self) -> f64 {
        self.legs.iter().map(|(_, _, notional)| notional).sum()
    }
}

/// A market as far as opening needs it: its margin, and its asset's initial factor as collateral.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub initial: f64,
    pub factor: f64,
}

impl Terms {
    /// Of a market and its asset's initial factor.
    pub fn new(params: &MarketParams, factor: Rate) -> Self {
        Self {
            initial: fraction(params.initial_margin),
            factor: fraction(factor),
        }
    }
}

/// So many accounts.
pub fn draw(count: usize, crowd: Crowd, terms: &[Terms], seed: u64) -> Vec<Plan> {
    let mut rng = Rng::new(seed, "accounts");
    (0..count)
        .map(|_| match crowd {
            Crowd::Mixed => mixed(terms, &mut rng),
            Crowd::AtTheEdge => at_the_edge(&terms[0], &mut rng),
        })
        .collect()
}

/// One long just above initial margin.
fn at_the_edge(terms: &Terms, rng: &mut Rng) -> Plan {
    // Small enough to be closed at once.
    let notional = rng.pareto(2_000.0, 1.1, 50_000.0);
    Plan {
        legs: vec![(0, true, notional)],
        collateral: Vec::new(),
        deposit: notional * (terms.initial * (1.02 + 0.06 * rng.unit()) + FEES),
    }
}

fn mixed(terms: &[Terms], rng: &mut Rng) -> Plan {
    let count = (rng.pick(&POSITIONS) + 1).min(terms.len());
    let notional = rng.pareto(NOTIONAL.0, NOTIONAL.1, NOTIONAL.2);
    let leverage = rng.lognormal(LEVERAGE.0, LEVERAGE.1);
    let several = count > 1;
    if several && rng.unit() < BASIS {
        return basis(terms, notional, rng);
    }
    let markets = choose(terms.len(), count, rng);
    let long = rng.unit() < LONG;
    let one_sided = !several || rng.unit() < 0.5;
    let weights: Vec<f64> = markets.iter().map(|_| 0.2 + rng.unit()).collect();
    let sum: f64 = weights.iter().sum();
    let legs: Vec<(usize, bool, f64)> = markets
        .iter()
        .zip(&weights)
        .map(|(market, weight)| {
            let long = if one_sided { long } else { rng.unit() < 0.5 };
            (*market, long, notional * weight / sum)
        })
        .collect();
    let equity = notional / leverage;
    let mut collateral = Vec::new();
    if several && rng.unit() < VOLATILE {
        let assets = choose(terms.len(), 1 + usize::from(rng.unit() < 0.5), rng);
        let share = (0.3 + 0.4 * rng.unit()) / assets.len() as f64;
        collateral.extend(assets.into_iter().map(|asset| (asset, equity * share)));
    }
    with_margin(legs, collateral, equity, terms)
}

/// Spot and a short of the same asset.
fn basis(terms: &[Terms], notional: f64, rng: &mut Rng) -> Plan {
    let market = choose(terms.len(), 1, rng)[0];
    let cash = 0.05 + 0.1 * rng.unit();
    with_margin(
        vec![(market, false, notional)],
        vec![(market, notional)],
        notional * (1.0 + cash),
        terms,
    )
}

/// Deposits what makes `equity`, and at least what initial margin needs.
fn with_margin(
    legs: Vec<(usize, bool, f64)>,
    collateral: Vec<(usize, f64)>,
    equity: f64,
    terms: &[Terms],
) -> Plan {
    let needed: f64 = legs
        .iter()
        .map(|(market, _, notional)| notional * (terms[*market].initial * SPARE + FEES))
        .sum();
    let held: f64 = collateral.iter().map(|(_, usd)| usd).sum();
    let counted: f64 = collateral
        .iter()
        .map(|(asset, usd)| usd * terms[*asset].factor)
        .sum();
    Plan {
        deposit: (equity - held).max(needed - counted).max(10.0),
        legs,
        collateral,
    }
}

/// Different indices, small ones more often.
fn choose(from: usize, count: usize, rng: &mut Rng) -> Vec<usize> {
    let mut weights: Vec<f64> = (1..=from).map(|rank| (rank as f64).powf(RANK)).collect();
    (0..count.min(from))
        .map(|_| {
            let index = rng.pick(&weights);
            weights[index] = 0.0;
            index
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: [Terms; 4] = [Terms {
        initial: 0.05,
        factor: 0.9,
    }; 4];

    #[test]
    fn accounts_should_follow_the_distributions_they_claim() {
        let plans = draw(4_000, Crowd::Mixed, &TERMS, 1);
        let share = |wanted: &dyn Fn(&Plan) -> bool| {
            plans.iter().filter(|plan| wanted(plan)).count() as f64 / 4_000.0
        };
        let basis = |plan: &Plan| plan.legs.len() == 1 && !plan.collateral.is_empty();
        let single = share(&|plan| plan.legs.len() == 1 && !basis(plan));
        assert!((0.42..0.48).contains(&single), "{single}");
        let spot = share(&basis);
        assert!((0.04..0.1).contains(&spot), "{spot}");
        let mut notionals: Vec<f64> = plans.iter().map(Plan::notional).collect();
        notionals.sort_by(f64::total_cmp);
        // The median of a Pareto distribution is `least * 2 ^ (1 / alpha)`.
        assert!(
            (3_500.0..4_100.0).contains(&notionals[2_000]),
            "{}",
            notionals[2_000]
        );
        assert_eq!(plans, draw(4_000, Crowd::Mixed, &TERMS, 1));
        assert_ne!(plans, draw(4_000, Crowd::Mixed, &TERMS, 2));
    }

    #[test]
    fn every_account_should_cover_initial_margin() {
        for plan in draw(2_000, Crowd::Mixed, &TERMS, 5) {
            let counted: f64 = plan.collateral.iter().map(|(_, usd)| usd * 0.9).sum();
            let needed: f64 = plan.legs.iter().map(|leg| leg.2 * 0.05).sum();
            assert!(plan.deposit + counted > needed, "{plan:?}");
            let mut markets: Vec<usize> = plan.legs.iter().map(|leg| leg.0).collect();
            markets.dedup();
            assert_eq!(markets.len(), plan.legs.len(), "{plan:?}");
        }
    }
}
