//! What a model's margins would have been worth.
//!
//! # Definitions
//!
//! A *move* is how far the lowest (for longs) or highest price (for shorts) of an hour is from the
//! close before, as a share of that close; a *close move* the same of the hour's close. A side is
//! one of the two. An *exceedance* is a move above the margin. Averages over assets weigh assets
//! alike; exceedances of all assets are counted together.
//!
//! Each model's margins are multiplied by one factor for all assets, fitted to the hours
//! before the end of the training so that a share [`TARGET`] of all moves exceeds them. *Equal coverage* fits the factor
//! to the scored hours themselves: what is compared then is only how well a model spreads its
//! margin. *Equal mean* fits it so that the mean margin of all assets is a given one.

mod numbers;
#[cfg(test)]
mod tests;
mod view;

pub use numbers::{AssetScore, Comparison, Coverage, ModelScore, Pooled, Report};

use crate::{
    data::Asset,
    models::{Kind, Model},
    stats::{largest_rise, largest_swing},
};
use std::ops::Range;
use view::{Side, View};

/// Share of the hours of a side that may exceed the margin.
pub const TARGET: f64 = 0.005;
/// A test rejects when its value is less likely than this.
const REJECTED: f64 = 0.05;
/// A shock is an hour with a move of at least this on one side.
pub const SHOCK: f64 = 0.1;
/// And a fresh one comes after so many hours without: a week.
pub const QUIET: usize = 168;
/// Hours of the two rise ratios.
const DAY: usize = 24;
const MONTH: usize = 720;
/// Basis points and percent.
const BP: f64 = 1e4;
const PERCENT: f64 = 100.0;

/// Which hours of each asset.
pub type Spans = Vec<Range<usize>>;

/// Which hours train, which are scored.
#[derive(Clone, Debug)]
pub struct Periods {
    pub training: Spans,
    pub scored: Spans,
    /// For people, UTC.
    pub training_from: String,
    pub training_to: String,
    pub scored_from: String,
    pub scored_to: String,
}

/// Those whose mean margin at equal coverage the losses of all are compared at.
const YARDSTICKS: [Kind; 2] = [Kind::Ewma(97), Kind::GarchT];

/// Scores all models.
///
/// # Errors
/// When a period has too few hours for a factor.
pub fn score(assets: &[Asset], models: &[Model], periods: &Periods) -> Result<Report, String> {
    let few = |what: &str| format!("there are too few {what} hours: widen the period");
    let total = |spans: &Spans| spans.iter().map(Range::len).sum::<usize>();
    let mut equal_factors = Vec::new();
    for model in models {
        let view = View { assets, model };
        let factor = view.factor(&periods.scored, false);
        equal_factors.push(factor.filter(|f| *f > 0.0).ok_or_else(|| few("scored"))?);
    }
    let equal_mean = |index: usize| {
        let view = View {
            assets,
            model: &models[index],
        };
        view.mean_of_all(&periods.scored, equal_factors[index]) * PERCENT
    };
    let position = |kind| models.iter().position(|model| model.kind == kind);
    let equal_means: Vec<(String, f64)> = YARDSTICKS
        .into_iter()
        .filter_map(|kind| Some((kind.name(), equal_mean(position(kind)?))))
        .collect();

    let mut scores = Vec::new();
    let (mut shocks, mut scored_shocks) = (0, 0);
    for (model, equal_factor) in models.iter().zip(&equal_factors) {
        let view = View { assets, model };
        let factor = view.factor(&periods.training, false);
        let factor = factor.filter(|f| *f > 0.0).ok_or_else(|| few("training"))?;
        let (score, counts) = score_model(view, periods, factor, *equal_factor, &equal_means);
        (shocks, scored_shocks) = counts;
        scores.push(score);
    }
    let comparisons = compare(assets, models, &equal_factors, periods);
    Ok(Report {
        assets: assets.iter().map(|asset| asset.name.clone()).collect(),
        training_from: periods.training_from.clone(),
        training_to: periods.training_to.clone(),
        scored_from: periods.scored_from.clone(),
        scored_to: periods.scored_to.clone(),
        training_hours: total(&periods.training),
        scored_hours: total(&periods.scored),
        shocks,
        scored_shocks,
        equal_means,
        models: scores,
        comparisons,
    })
}

fn score_model(
    view: View,
    periods: &Periods,
    factor: f64,
    equal_factor: f64,
    equal_means: &[(String, f64)],
) -> (ModelScore, (usize, usize)) {
    let spans = &periods.scored;
    let assets: Vec<AssetScore> = spans
        .iter()
        .enumerate()
        .filter(|(_, span)| !span.is_empty())
        .map(|(asset, span)| score_asset(&view, asset, span.clone(), factor))
        .collect();
    let passed = |p: fn(&Coverage) -> f64| {
        let sides = assets.iter().flat_map(|asset| [&asset.long, &asset.short]);
        sides.filter(|coverage| p(coverage) >= REJECTED).count()
    };
    let mean = view.mean_of_all(spans, 1.0) * PERCENT;
    let everything: Spans = periods
        .training
        .iter()
        .zip(spans)
        .map(|(training, scored)| training.start.min(scored.start)..scored.end)
        .collect();
    let (auc, shocks) = view.warning(&everything);
    let (scored_auc, scored_shocks) = view.warning(spans);
    let close_factor = view.factor(spans, true).unwrap_or(f64::NAN);
    let score = ModelScore {
        model: view.model.kind.name(),
        factor,
        equal_coverage_factor: equal_factor,
        training: pooled(&view, &periods.training, factor),
        scored: pooled(&view, spans, factor),
        equal_coverage_mean: mean * equal_factor,
        close_equal_coverage_mean: mean * close_factor,
        equal_mean_shortfall: equal_means
            .iter()
            .map(|(_, margin)| view.shortfall(spans, margin / mean) * BP)
            .collect(),
        kupiec_passed: passed(|coverage| coverage.kupiec_p),
        christoffersen_passed: passed(|coverage| coverage.christoffersen_p),
        conditional_passed: passed(|coverage| coverage.conditional_p),
        auc,
        scored_auc,
        assets,
    };
    (score, (shocks, scored_shocks))
}

fn score_asset(view: &View, asset: usize, span: Range<usize>, factor: f64) -> AssetScore {
    let alone: Spans = (0..view.assets.len())
        .map(|index| if index == asset { span.clone() } else { 0..0 })
        .collect();
    let equal_factor = view.factor(&alone, false).unwrap_or(f64::NAN);
    AssetScore {
        asset: view.assets[asset].name.clone(),
        hours: span.len() as u64,
        mean: view.mean(asset, span.clone(), factor) * PERCENT,
        equal_coverage_mean: view.mean(asset, span.clone(), equal_factor) * PERCENT,
        shortfall: view.shortfall(&alone, factor) * BP,
        long: view.coverage(asset, span.clone(), Side::Long, factor),
        short: view.coverage(asset, span, Side::Short, factor),
    }
}

fn pooled(view: &View, spans: &Spans, factor: f64) -> Pooled {
    let hours: usize = spans.iter().map(Range::len).sum();
    let exceed = |side, closes| {
        let hits: usize = spans
            .iter()
            .enumerate()
            .map(|(asset, span)| {
                view.side(asset, span.clone(), side, closes)
                    .filter(|(adverse, margin)| *adverse > margin * factor)
                    .count()
            })
            .sum();
        hits as f64 / hours.max(1) as f64 * PERCENT
    };
    Pooled {
        exceed_long: exceed(Side::Long, false),
        exceed_short: exceed(Side::Short, false),
        close_exceed_long: exceed(Side::Long, true),
        close_exceed_short: exceed(Side::Short, true),
        mean: view.mean_of_all(spans, factor) * PERCENT,
        shortfall: view.shortfall(spans, factor) * BP,
        pinball: view.pinball(spans, factor) * BP,
        day_rise: view.median(spans, |margins| largest_rise(margins, DAY)),
        month_swing: view.median(spans, |margins| largest_swing(margins, MONTH)),
    }
}

/// The last model against each of the others.
fn compare(
    assets: &[Asset],
    models: &[Model],
    equal_factors: &[f64],
    periods: &Periods,
) -> Vec<Comparison> {
    let spans = &periods.scored;
    let Some(((tested, tested_factor), others)) = models
        .iter()
        .zip(equal_factors)
        .collect::<Vec<_>>()
        .split_last()
        .map(|(last, others)| (*last, others.to_vec()))
    else {
        return Vec::new();
    };
    let tested = View {
        assets,
        model: tested,
    };
    let plain = tested.mean_of_all(spans, 1.0);
    others
        .into_iter()
        .map(|(model, factor)| {
            let other = View { assets, model };
            let mean = other.mean_of_all(spans, *factor);
            let saved = |ours: f64, theirs: f64| (1.0 - ours / theirs) * PERCENT;
            Comparison {
                against: model.kind.name(),
                margin_saved: saved(plain * tested_factor, mean),
                shortfall_saved: saved(
                    tested.shortfall(spans, mean / plain),
                    other.shortfall(spans, *factor),
                ),
            }
        })
        .collect()
}

/// Mean margin (percent) and mean loss beyond it (basis points) of a model with a factor; for charts.
pub fn shortfall_at(assets: &[Asset], model: &Model, spans: &Spans, factor: f64) -> (f64, f64) {
    let view = View { assets, model };
    let mean = view.mean_of_all(spans, factor) * PERCENT;
    (mean, view.shortfall(spans, factor) * BP)
}
