//! What a report is made of.

use super::{PERCENT, TARGET};
use crate::stats::{chi2_one_tail, chi2_two_tail, christoffersen, kupiec, Transitions};
use serde::Serialize;

/// How often one side of one asset exceeded its margin, and whether that fits the target.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Coverage {
    /// Hours with a move above the margin.
    pub exceedances: u64,
    /// The same as a share of all hours, percent.
    pub exceed_percent: f64,
    /// Hours whose close was above the margin.
    pub close_exceedances: u64,
    /// The same, percent.
    pub close_exceed_percent: f64,
    /// Kupiec's likelihood ratio and how likely a larger one is.
    pub kupiec: f64,
    pub kupiec_p: f64,
    /// Christoffersen's, of independence.
    pub christoffersen: f64,
    pub christoffersen_p: f64,
    /// Of both together.
    pub conditional_p: f64,
}

impl Coverage {
    pub fn new(hours: u64, hits: u64, close_hits: u64, counts: &Transitions) -> Self {
        let share = |count: u64| count as f64 / hours.max(1) as f64 * PERCENT;
        let unconditional = kupiec(hits, hours, TARGET);
        let independence = christoffersen(counts);
        Self {
            exceedances: hits,
            exceed_percent: share(hits),
            close_exceedances: close_hits,
            close_exceed_percent: share(close_hits),
            kupiec: unconditional,
            kupiec_p: chi2_one_tail(unconditional),
            christoffersen: independence,
            christoffersen_p: chi2_one_tail(independence),
            conditional_p: chi2_two_tail(unconditional + independence),
        }
    }
}

/// One asset under one model in the scored hours. Margins in percent, losses in basis points.
#[derive(Clone, Debug, Serialize)]
pub struct AssetScore {
    pub asset: String,
    pub hours: u64,
    /// Mean margin with the factor of the training.
    pub mean: f64,
    /// Mean margin when the asset alone is brought to the target in the scored hours.
    pub equal_coverage_mean: f64,
    /// Mean loss beyond the margin.
    pub shortfall: f64,
    pub long: Coverage,
    pub short: Coverage,
}

/// All assets under one model in one period, with the factor of the training.
#[derive(Clone, Debug, Serialize)]
pub struct Pooled {
    /// Exceedances of moves and of closes, percent of the hours of a side.
    pub exceed_long: f64,
    pub exceed_short: f64,
    pub close_exceed_long: f64,
    pub close_exceed_short: f64,
    /// Mean margin, percent.
    pub mean: f64,
    /// Mean loss beyond the margin per hour and side, basis points.
    pub shortfall: f64,
    /// Pinball loss at 99.5 %, basis points.
    pub pinball: f64,
    /// Largest ratio of a margin to that of a day before, median of the assets; `d1`.
    pub day_rise: f64,
    /// Largest ratio of peak to trough within 30 days, median of the assets; `pt`.
    pub month_swing: f64,
}

/// One model.
#[derive(Clone, Debug, Serialize)]
pub struct ModelScore {
    pub model: String,
    /// What its margins are multiplied by: fitted to the training hours.
    pub factor: f64,
    /// The same fitted to the scored hours.
    pub equal_coverage_factor: f64,
    pub training: Pooled,
    pub scored: Pooled,
    /// Mean margin at equal coverage in the scored hours, percent; `eq`.
    pub equal_coverage_mean: f64,
    /// The same when closes are to be covered and not moves.
    pub close_equal_coverage_mean: f64,
    /// Mean loss beyond the margin at each of [`Report::equal_means`], basis points; `sh`.
    pub equal_mean_shortfall: Vec<f64>,
    /// Of asset sides, those not rejected at 5 % by Kupiec, by Christoffersen (independence), by both.
    pub kupiec_passed: usize,
    pub christoffersen_passed: usize,
    pub conditional_passed: usize,
    /// Early warning: in all hours, training included, and in the scored ones.
    pub auc: Option<f64>,
    pub scored_auc: Option<f64>,
    pub assets: Vec<AssetScore>,
}

/// The model under test against another one, in the scored hours.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    pub against: String,
    /// How much less mean margin at equal coverage, percent.
    pub margin_saved: f64,
    /// How much less loss at the mean margin that the other one has at equal coverage, percent.
    pub shortfall_saved: f64,
}

/// Everything that was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub assets: Vec<String>,
    /// UTC.
    pub training_from: String,
    pub training_to: String,
    pub scored_from: String,
    pub scored_to: String,
    /// Asset hours.
    pub training_hours: usize,
    pub scored_hours: usize,
    /// Fresh shocks in all hours and in the scored ones.
    pub shocks: usize,
    pub scored_shocks: usize,
    /// Mean margins, percent, at which losses are compared, and whose they are.
    pub equal_means: Vec<(String, f64)>,
    pub models: Vec<ModelScore>,
    pub comparisons: Vec<Comparison>,
}
