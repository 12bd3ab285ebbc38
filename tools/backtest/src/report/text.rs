//! Tables for a terminal.

use crate::score::{AssetScore, Comparison, ModelScore, Report, SHOCK};
use std::fmt::Write;

/// What the model under test has to be better by: against whom, percent less margin at equal
/// coverage, percent less loss at equal mean margin; first version and aim.
pub const WANTED: [(&str, [f64; 2], [f64; 2]); 2] = [
    ("GARCH(1,1)-t", [3.0, 12.0], [6.0, 18.0]),
    ("EWMA .97", [9.0, 27.0], [11.0, 33.0]),
];
/// And the early warning aimed at.
pub const WANTED_AUC: f64 = 0.83;

/// Everything, as text.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_all(&mut out, report);
    out
}

fn write_all(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(
        out,
        "\n{} assets ({}), 0.5 % of the hours of a side may exceed the margin",
        report.assets.len(),
        report.assets.join(" ")
    )?;
    writeln!(
        out,
        "training {} to {} ({} asset hours), scored {} to {} ({})\n",
        report.training_from,
        report.training_to,
        report.training_hours,
        report.scored_from,
        report.scored_to,
        report.scored_hours
    )?;
    training(out, report)?;
    scored(out, report)?;
    comparisons(out, report)?;
    assets(out, report)
}

fn training(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "Training: one factor per model, fitted here")?;
    writeln!(
        out,
        "{:<20}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}",
        "", "factor", "mean %", "loss bp", "pin bp", "d1 x", "pt x"
    )?;
    for model in &report.models {
        let p = &model.training;
        writeln!(
            out,
            "{:<20}{:>8.3}{:>8.2}{:>8.3}{:>8.2}{:>8.1}{:>8.1}",
            model.model, model.factor, p.mean, p.shortfall, p.pinball, p.day_rise, p.month_swing
        )?;
    }
    out.push('\n');
    Ok(())
}

fn scored(out: &mut String, report: &Report) -> std::fmt::Result {
    let sides = 2 * report.assets.len();
    writeln!(out, "Scored: exceedances in % of the hours of a side (L long, S short), on the worst price and on the close;")?;
    writeln!(out, "eq: mean margin at equal coverage, eq(c) of closes; sh: mean loss beyond the margin at an equal mean margin")?;
    write!(
        out,
        "{:<20}{:>13}{:>13}{:>8}{:>8}{:>8}",
        "", "worst L / S", "close L / S", "mean %", "eq %", "eq(c) %"
    )?;
    for (_, margin) in &report.equal_means {
        write!(out, "{:>9}", format!("sh@{margin:.2}"))?;
    }
    writeln!(
        out,
        "{:>8}{:>6}{:>6}{:>6}{:>7}{:>8}{:>7}{:>7}",
        "pin bp",
        format!("K/{sides}"),
        format!("C/{sides}"),
        format!("KC/{sides}"),
        "d1 x",
        "pt x",
        "AUC",
        "scored"
    )?;
    for model in &report.models {
        scored_line(out, model)?;
    }
    writeln!(
        out,
        "K, C, KC: asset sides that Kupiec, Christoffersen (independence), both together do not reject at 5 %; AUC: early\n\
         warning of {} moves of {:.0} % after a week without, training included, and of the {} scored ones\n",
        report.shocks,
        SHOCK * 100.0,
        report.scored_shocks
    )
}

fn scored_line(out: &mut String, model: &ModelScore) -> std::fmt::Result {
    let p = &model.scored;
    write!(
        out,
        "{:<20}{:>13}{:>13}{:>8.2}{:>8.3}{:>8.2}",
        model.model,
        format!("{:.2} / {:.2}", p.exceed_long, p.exceed_short),
        format!("{:.2} / {:.2}", p.close_exceed_long, p.close_exceed_short),
        p.mean,
        model.equal_coverage_mean,
        model.close_equal_coverage_mean,
    )?;
    for shortfall in &model.equal_mean_shortfall {
        write!(out, "{shortfall:>9.3}")?;
    }
    let auc = |auc: Option<f64>| auc.map_or("-".into(), |auc| format!("{auc:.3}"));
    writeln!(
        out,
        "{:>8.2}{:>6}{:>6}{:>6}{:>7.1}{:>8.1}{:>7}{:>7}",
        p.pinball,
        model.kupiec_passed,
        model.christoffersen_passed,
        model.conditional_passed,
        p.day_rise,
        p.month_swing,
        auc(model.auc),
        auc(model.scored_auc)
    )
}

fn comparisons(out: &mut String, report: &Report) -> std::fmt::Result {
    let Some(tested) = report.models.last() else {
        return Ok(());
    };
    writeln!(
        out,
        "{} against others, scored hours (wanted: first version, aim)",
        tested.model
    )?;
    for line in &report.comparisons {
        let wanted = WANTED.iter().find(|(name, ..)| *name == line.against);
        comparison(out, line, wanted.map(|(_, first, aim)| (first, aim)))?;
    }
    if let Some(auc) = tested.auc {
        writeln!(out, "  early warning: {auc:.3} (aim {WANTED_AUC})")?;
    }
    out.push('\n');
    Ok(())
}

fn comparison(
    out: &mut String,
    line: &Comparison,
    wanted: Option<(&[f64; 2], &[f64; 2])>,
) -> std::fmt::Result {
    let wish = |index: usize| {
        wanted.map_or(String::new(), |(first, aim)| {
            format!(" ({:.0}, {:.0})", first[index], aim[index])
        })
    };
    writeln!(
        out,
        "  {:<20}{:>6.1} % less margin at equal coverage{:<9}{:>6.1} % less loss at its mean margin{}",
        line.against,
        line.margin_saved,
        wish(0),
        line.shortfall_saved,
        wish(1)
    )
}

fn assets(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "Per asset, scored hours, with the factor of the training; p of Kupiec and of Christoffersen (independence)")?;
    writeln!(
        out,
        "{:<12}{:<20}{:>7}{:>7}{:>8}{:>13}{:>13}{:>14}{:>14}",
        "",
        "",
        "mean %",
        "eq %",
        "loss bp",
        "worst L / S",
        "close L / S",
        "Kupiec L / S",
        "Chr. L / S"
    )?;
    for name in &report.assets {
        for model in &report.models {
            for asset in model.assets.iter().filter(|asset| asset.asset == *name) {
                asset_line(out, &model.model, asset)?;
            }
        }
    }
    Ok(())
}

fn asset_line(out: &mut String, model: &str, asset: &AssetScore) -> std::fmt::Result {
    let (l, s) = (&asset.long, &asset.short);
    writeln!(
        out,
        "{:<12}{:<20}{:>7.2}{:>7.2}{:>8.3}{:>13}{:>13}{:>14}{:>14}",
        asset.asset,
        model,
        asset.mean,
        asset.equal_coverage_mean,
        asset.shortfall,
        format!("{:.2} / {:.2}", l.exceed_percent, s.exceed_percent),
        format!(
            "{:.2} / {:.2}",
            l.close_exceed_percent, s.close_exceed_percent
        ),
        format!("{:.3} / {:.3}", l.kupiec_p, s.kupiec_p),
        format!("{:.3} / {:.3}", l.christoffersen_p, s.christoffersen_p),
    )
}
