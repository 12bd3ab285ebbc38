//! A model's margins on the assets, and what can be measured of them.

use super::{numbers::Coverage, Spans, QUIET, SHOCK, TARGET};
use crate::{
    data::Asset,
    models::Model,
    stats::{auc, multiplier, pinball, running_median, transitions},
};
use std::ops::Range;

/// Hours of which the median is what a margin is compared with before a shock: 30 days.
const MEDIAN: usize = 720;

/// The two sides and what is looked at.
#[derive(Clone, Copy, Debug)]
pub enum Side {
    Long,
    Short,
}

pub const SIDES: [Side; 2] = [Side::Long, Side::Short];

/// A model's margins on the assets.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub assets: &'a [Asset],
    pub model: &'a Model,
}

impl View<'_> {
    /// Move and margin before the factor, for the hours of one side.
    pub fn side(
        &self,
        asset: usize,
        span: Range<usize>,
        side: Side,
        closes: bool,
    ) -> impl Iterator<Item = (f64, f64)> + '_ {
        let hours = &self.assets[asset].hours[span.clone()];
        let margins = &self.model.margins[asset][span];
        hours.iter().zip(margins).map(move |(hour, margin)| {
            let adverse = match (side, closes) {
                (Side::Long, false) => hour.fall,
                (Side::Short, false) => hour.rise,
                (Side::Long, true) => -hour.change,
                (Side::Short, true) => hour.change,
            };
            (adverse.max(0.0), *margin)
        })
    }

    /// The factor that lets a share [`TARGET`] of the moves in `spans` exceed the margins.
    pub fn factor(&self, spans: &Spans, closes: bool) -> Option<f64> {
        let mut ratios = Vec::new();
        for (asset, span) in spans.iter().enumerate() {
            for side in SIDES {
                let moves = self.side(asset, span.clone(), side, closes);
                ratios
                    .extend(moves.map(|(adverse, margin)| adverse / margin.max(f64::MIN_POSITIVE)));
            }
        }
        multiplier(&mut ratios, TARGET)
    }

    /// Mean margin of one asset.
    pub fn mean(&self, asset: usize, span: Range<usize>, factor: f64) -> f64 {
        mean(self.model.margins[asset][span].iter().map(|m| m * factor))
    }

    /// The mean of `of` over the assets that have hours.
    pub fn over_assets(&self, spans: &Spans, of: impl Fn(usize, Range<usize>) -> f64) -> f64 {
        let with_hours = spans
            .iter()
            .enumerate()
            .filter(|(_, span)| !span.is_empty());
        mean(with_hours.map(|(asset, span)| of(asset, span.clone())))
    }

    pub fn mean_of_all(&self, spans: &Spans, factor: f64) -> f64 {
        self.over_assets(spans, |asset, span| self.mean(asset, span, factor))
    }

    /// Mean over hours and sides of a function of move and margin.
    fn mean_loss(
        &self,
        asset: usize,
        span: Range<usize>,
        factor: f64,
        loss: fn(f64, f64) -> f64,
    ) -> f64 {
        mean(SIDES.into_iter().flat_map(|side| {
            self.side(asset, span.clone(), side, false)
                .map(move |(adverse, margin)| loss(adverse, margin * factor))
        }))
    }

    pub fn shortfall(&self, spans: &Spans, factor: f64) -> f64 {
        self.over_assets(spans, |asset, span| {
            self.mean_loss(asset, span, factor, |y, m| (y - m).max(0.0))
        })
    }

    pub fn pinball(&self, spans: &Spans, factor: f64) -> f64 {
        self.over_assets(spans, |asset, span| {
            self.mean_loss(asset, span, factor, |y, m| pinball(y, m, 1.0 - TARGET))
        })
    }

    /// The median over the assets of a measure of their margins.
    pub fn median(&self, spans: &Spans, of: impl Fn(&[f64]) -> f64) -> f64 {
        let with_hours = spans
            .iter()
            .enumerate()
            .filter(|(_, span)| !span.is_empty());
        let mut values: Vec<f64> = with_hours
            .map(|(asset, span)| of(&self.model.margins[asset][span.clone()]))
            .collect();
        values.sort_by(f64::total_cmp);
        match values.len() {
            0 => 1.0,
            count => (values[(count - 1) / 2] + values[count / 2]) / 2.0,
        }
    }

    /// Early warning over `spans`, and how many shocks it is made of.
    pub fn warning(&self, spans: &Spans) -> (Option<f64>, usize) {
        let (mut before_shock, mut otherwise) = (Vec::new(), Vec::new());
        for (asset, span) in spans.iter().enumerate() {
            let margins = &self.model.margins[asset];
            let medians = running_median(margins, MEDIAN);
            let mut last: Option<usize> = None;
            for (index, hour) in self.assets[asset].hours.iter().enumerate() {
                let shock = hour.fall.max(hour.rise) >= SHOCK;
                let fresh = last.is_none_or(|last| index - last > QUIET);
                if shock {
                    last = Some(index);
                }
                if !span.contains(&index) {
                    continue;
                }
                let score = margins[index] / medians[index];
                match (shock, fresh) {
                    (true, true) => before_shock.push(score),
                    (true, false) => {}
                    (false, _) => otherwise.push(score),
                }
            }
        }
        (auc(&before_shock, &otherwise), before_shock.len())
    }

    pub fn coverage(&self, asset: usize, span: Range<usize>, side: Side, factor: f64) -> Coverage {
        let hits = |closes| {
            self.side(asset, span.clone(), side, closes)
                .map(|(adverse, margin)| adverse > margin * factor)
        };
        let count = |closes| hits(closes).filter(|hit| *hit).count() as u64;
        Coverage::new(
            span.len() as u64,
            count(false),
            count(true),
            &transitions(hits(false)),
        )
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0u64), |(sum, count), value| (sum + value, count + 1));
    sum / count.max(1) as f64
}
