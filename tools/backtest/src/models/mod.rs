//! The model under test and those it is measured against.
//!
//! A model gives, for every hour of an asset, the margin it would have asked for at the begin of
//! that hour, up to one factor for all assets that the scores fit. It sees nothing later than the
//! close of the hour before.

mod garch;
mod others;
mod rec;
mod simplex;

use crate::data::Asset;
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

/// Which model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 5 % for BTC and ETH, 10 % for others, always.
    Static,
    /// Exponentially weighted mean of squared hourly returns; decay in hundredths.
    Ewma(u8),
    /// GARCH(1,1) with Student-t errors, fitted to the past of the asset once a month.
    GarchT,
    /// `m` of the chain's model, its tracker left out.
    RecUntracked,
    /// `k * m` of the chain's model.
    Rec,
}

impl Kind {
    /// All, the model under test last.
    pub const ALL: [Self; 7] = [
        Self::Static,
        Self::Ewma(94),
        Self::Ewma(97),
        Self::Ewma(99),
        Self::GarchT,
        Self::RecUntracked,
        Self::Rec,
    ];

    /// For tables.
    pub fn name(self) -> String {
        match self {
            Self::Static => "static tiers 5/10 %".into(),
            Self::Ewma(decay) => format!("EWMA .{decay}"),
            Self::GarchT => "GARCH(1,1)-t".into(),
            Self::RecUntracked => "REC, no tracker".into(),
            Self::Rec => "REC".into(),
        }
    }

    fn margins(self, asset: &Asset) -> Result<Vec<f64>, String> {
        match self {
            Self::Static => Ok(others::tier(asset)),
            Self::Ewma(decay) => Ok(others::ewma(asset, f64::from(decay) / 100.0)),
            Self::GarchT => Ok(garch::margins(asset)),
            Self::RecUntracked => rec::margins(asset, false),
            Self::Rec => rec::margins(asset, true),
        }
    }
}

/// A model's margins: one list per asset, one value per hour. The hours of the warm-up have values,
/// too, but may have been fitted to themselves.
#[derive(Clone, Debug)]
pub struct Model {
    /// Which.
    pub kind: Kind,
    /// As fractions of the price, up to a factor.
    pub margins: Vec<Vec<f64>>,
}

/// Runs all models on all assets, as many at once as there are processors. `said` is told about
/// those that took long.
///
/// # Errors
/// Asset, hour and reason, when the model under test refuses an hour.
pub fn run(assets: &[Asset], said: impl Fn(&str) + Sync) -> Result<Vec<Model>, String> {
    let jobs: Vec<(Kind, usize)> = Kind::ALL
        .into_iter()
        .flat_map(|kind| (0..assets.len()).map(move |asset| (kind, asset)))
        .collect();
    let results = in_parallel(jobs.len(), |job| {
        let (kind, asset) = jobs[job];
        let begun = Instant::now();
        let margins = kind.margins(&assets[asset]);
        let took = begun.elapsed().as_secs_f64();
        if took > 1.0 {
            let name = &assets[asset].name;
            said(&format!("{}, {name}: {took:.1} s", kind.name()));
        }
        margins
    });
    let mut results = results.into_iter();
    let mut models = Vec::new();
    for kind in Kind::ALL {
        let margins: Result<Vec<_>, _> = results.by_ref().take(assets.len()).collect();
        models.push(Model {
            kind,
            margins: margins?,
        });
    }
    Ok(models)
}

/// `job(0)` to `job(count - 1)`, in order.
fn in_parallel<T: Send>(count: usize, job: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return done;
            }
            done.push((index, job(index)));
        }
    };
    let mut results: Vec<(usize, T)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.min(count))
            .map(|_| scope.spawn(worker))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a worker does not panic"))
            .collect()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hours that fall and rise by a size that wanders, from a seed.
    fn wandering(count: u64) -> Asset {
        let mut state = 5u64;
        let mut size = 0.01f64;
        let moves = (0..count).map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let uniform = (state >> 11) as f64 / (1u64 << 53) as f64;
            size = (size * (0.9 + 0.2 * uniform)).clamp(0.001, 0.2);
            size
        });
        let mut asset = crate::data::tests::asset("X", 0, moves.collect());
        for (hour, index) in asset.hours.iter_mut().zip(0..) {
            hour.log_return = if index % 2 == 0 {
                hour.rise
            } else {
                -hour.fall
            };
        }
        asset
    }

    #[test]
    fn models_should_see_only_the_past() {
        let asset = wandering(2_000);
        let mut changed = asset.clone();
        let from = 1_700;
        for hour in &mut changed.hours[from..] {
            hour.log_return *= 3.0;
            hour.input.low.0 /= 2;
        }
        for kind in Kind::ALL {
            let (a, b) = (
                kind.margins(&asset).unwrap(),
                kind.margins(&changed).unwrap(),
            );
            assert_eq!(a.len(), 2_000);
            assert_eq!(a[..=from], b[..=from], "{}", kind.name());
            assert_eq!(
                a[from + 1] != b[from + 1],
                kind != Kind::Static,
                "{}",
                kind.name()
            );
        }
    }

    #[test]
    fn model_under_test_should_be_the_one_of_the_chain() {
        use bulwark_risk_math::volatility::{rec, RecParams};
        let asset = wandering(1_600);
        let inputs: Vec<_> = asset.hours.iter().map(|hour| hour.input).collect();
        let params = RecParams::default();
        let state = rec::start_from(&inputs[..1_440], &params).unwrap();
        let forecast = rec::forecast(&state, inputs[1_440].hour, &params).unwrap();
        let tracked = Kind::Rec.margins(&asset).unwrap()[1_440];
        assert_eq!(tracked, forecast.margin_move.0 as f64 / 1e9);
        let untracked = Kind::RecUntracked.margins(&asset).unwrap()[1_440];
        assert_eq!(untracked, forecast.expected_move.0 as f64 / 1e9);
    }

    #[test]
    fn hour_should_be_named_when_the_model_refuses_it() {
        let mut asset = wandering(1_600);
        asset.hours[1_500].input.high.0 = 1;
        let error = run(&[asset], |_| ()).unwrap_err();
        assert!(
            error.starts_with("X, 1970-03-04T12:00:00.000Z: "),
            "{error}"
        );
    }

    #[test]
    fn ewma_should_be_the_weighted_mean_of_squares() {
        let asset = wandering(1_450);
        let margins = Kind::Ewma(94).margins(&asset).unwrap();
        let square = |i: usize| asset.hours[i].log_return.powi(2);
        let expected = 0.94 * margins[1_448].powi(2) + 0.06 * square(1_448);
        assert!((margins[1_449].powi(2) - expected).abs() < 1e-15);
    }

    #[test]
    fn jobs_should_come_back_in_order() {
        assert_eq!(
            in_parallel(100, |i| i * i),
            (0..100).map(|i| i * i).collect::<Vec<_>>()
        );
        assert!(in_parallel(0, |i| i).is_empty());
    }
}
