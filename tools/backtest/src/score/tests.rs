//! Made histories with known answers.

// One asset, one span.
#![allow(clippy::single_range_in_vec_init)]

use super::*;
use crate::data::{tests::asset, WARM_UP};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// 1,000 training and 1,000 scored hours whose sizes are 1, 2, .. 1,000 hundredths of a percent,
/// both sides alike.
fn ladder() -> (Vec<Asset>, Periods) {
    let rung = |i: usize| (i % 1_000 + 1) as f64 / 1e4;
    let moves = (0..WARM_UP + 2_000).map(|i| rung(i.wrapping_sub(WARM_UP)));
    let text = String::new;
    let periods = Periods {
        training: vec![WARM_UP..WARM_UP + 1_000],
        scored: vec![WARM_UP + 1_000..WARM_UP + 2_000],
        training_from: text(),
        training_to: text(),
        scored_from: text(),
        scored_to: text(),
    };
    (vec![asset("X", 0, moves.collect())], periods)
}

fn constant(kind: Kind, training: f64, scored: f64) -> Model {
    let mut margins = vec![training; WARM_UP + 1_000];
    margins.extend(vec![scored; 1_000]);
    Model {
        kind,
        margins: vec![margins],
    }
}

#[test]
fn constant_margin_should_have_the_numbers_of_the_ladder() {
    let (assets, periods) = ladder();
    let models = [
        constant(Kind::Ewma(97), 0.01, 0.02),
        constant(Kind::Rec, 0.01, 0.01),
    ];
    let report = score(&assets, &models, &periods).unwrap();
    let (doubled, tested) = (&report.models[0], &report.models[1]);
    // 0.5 % of 2,000 sides are 10: the five largest rungs, so the margin is the sixth, 9.95 %.
    assert!(close(tested.factor, 9.95) && close(doubled.factor, 9.95));
    assert!(close(tested.training.mean, 9.95));
    assert!(close(tested.scored.exceed_long, 0.5) && close(tested.scored.exceed_short, 0.5));
    assert!(close(tested.scored.close_exceed_long, 0.0));
    assert!(close(tested.equal_coverage_mean, 9.95));
    // 1 + 2 + 3 + 4 + 5 hundredths of a percent in 1,000 hours.
    assert!(close(tested.scored.shortfall, 15.0 / 1_000.0));
    // 0.995 of that, and 0.005 of 1 + .. + 994 below.
    let below = 994.0 * 995.0 / 2.0 / 1_000.0;
    assert!(close(tested.scored.pinball, 0.995 * 0.015 + 0.005 * below));
    // The other asks for twice as much in the scored hours; at equal coverage it is the same.
    assert!(close(doubled.scored.mean, 19.9) && close(doubled.scored.exceed_long, 0.0));
    assert!(close(doubled.equal_coverage_mean, 9.95));
    assert!(close(doubled.equal_mean_shortfall[0], 0.015));
    let (name, margin) = &report.equal_means[0];
    assert!(report.equal_means.len() == 1 && name == "EWMA .97" && close(*margin, 9.95));
    assert!(close(report.comparisons[0].margin_saved, 0.0));
    // Of losses of hundredths of a basis point, so the last digits of the prices show.
    assert!(report.comparisons[0].shortfall_saved.abs() < 1e-3);
    // 5 of 1,000 fit the target, none do not.
    assert_eq!((tested.kupiec_passed, doubled.kupiec_passed), (2, 0));
    // They come one after the other.
    assert_eq!(tested.christoffersen_passed, 0);
    let asset = &tested.assets[0];
    assert_eq!((asset.long.exceedances, asset.hours), (5, 1_000));
    assert!(close(asset.equal_coverage_mean, 9.95) && close(asset.mean, 9.95));
}

#[test]
fn foresight_should_save_margin_and_loss() {
    let (assets, periods) = ladder();
    let perfect = Model {
        kind: Kind::Rec,
        margins: vec![assets[0].hours.iter().map(|hour| hour.rise).collect()],
    };
    let models = [constant(Kind::GarchT, 0.01, 0.01), perfect];
    let report = score(&assets, &models, &periods).unwrap();
    let found = &report.comparisons[0];
    // The mean rung is 5.005 %.
    assert!((found.margin_saved - (1.0 - 5.005 / 9.95) * 100.0).abs() < 1e-6);
    assert!(close(found.shortfall_saved, 100.0));
    assert!(
        close(report.models[1].training.day_rise, 25.0),
        "from 1 to 25"
    );
    assert!(
        close(report.models[1].training.month_swing, 720.0),
        "from 1 to 720"
    );
}

#[test]
fn warning_should_rank_the_hours_before_shocks() {
    let count = WARM_UP + 2_000;
    let shocks = [WARM_UP + 500, WARM_UP + 510, WARM_UP + 1_500];
    let size = |i: usize| if shocks.contains(&i) { 0.2 } else { 0.01 };
    let assets = [asset("X", 0, (0..count).map(size).collect())];
    let spans = vec![WARM_UP..count];
    let warning = |margin: &dyn Fn(usize) -> f64| {
        let model = Model {
            kind: Kind::Rec,
            margins: vec![(0..count).map(margin).collect()],
        };
        let view = View {
            assets: &assets,
            model: &model,
        };
        view.warning(&spans)
    };
    // The second comes ten hours after the first and is not fresh.
    assert_eq!(warning(&|_| 0.02), (Some(0.5), 2));
    assert_eq!(
        warning(&|i| if size(i) > 0.1 { 0.04 } else { 0.02 }),
        (Some(1.0), 2)
    );
    assert_eq!(
        warning(&|i| if size(i) > 0.1 { 0.01 } else { 0.02 }),
        (Some(0.0), 2)
    );
}

#[test]
fn score_should_be_refused_when_nothing_can_be_fitted() {
    let (assets, mut periods) = ladder();
    periods.training = vec![0..0];
    let error = score(&assets, &[constant(Kind::Rec, 0.01, 0.01)], &periods).unwrap_err();
    assert_eq!(error, "there are too few training hours: widen the period");
}

#[test]
fn report_should_be_written_in_every_form() {
    let (assets, periods) = ladder();
    let models: Vec<Model> = Kind::ALL.map(|kind| constant(kind, 0.01, 0.01)).into();
    let report = score(&assets, &models, &periods).unwrap();
    let text = crate::report::text::render(&report);
    for kind in Kind::ALL {
        assert!(text.contains(&kind.name()), "{text}");
    }
    let html = crate::report::html::render(&report, &assets, &models, &periods);
    assert_eq!(html.matches("<svg").count(), 4);
    assert!(
        !html.contains("NaN") && !html.contains("http"),
        "self-contained"
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["models"][6]["assets"][0]["long"]["exceedances"], 5);
}
