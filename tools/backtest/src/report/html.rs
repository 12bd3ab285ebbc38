//! Charts on one self-contained page: no script, no font, no image from elsewhere.

use super::text;
use crate::{
    data::Asset,
    models::{Kind, Model},
    score::{shortfall_at, Periods, Report},
};
use bulwark_report::{escape, page as shell, Chart, Line, Mark};
use price_replay::utc;
use std::{fmt::Write, ops::Range};

const STYLE: &str = include_str!("style.css");
/// Hours of a day.
const DAY: usize = 24;
/// Hours shown before and after the hour with the largest move.
const AROUND: usize = 48;
/// Labels on a horizontal axis of time.
const LABELS: usize = 8;
const PERCENT: f64 = 100.0;
/// Mean margins at which losses are drawn, as shares of the one at equal coverage.
const SHARES: Range<i32> = 60..161;

/// The models that are drawn, with the classes of their lines and marks.
const DRAWN: [(Kind, &str, &str); 4] = [
    (Kind::Static, "tier", "mark tier"),
    (Kind::Ewma(97), "ewma", "mark ewma"),
    (Kind::GarchT, "garch", "mark garch"),
    (Kind::Rec, "rec", "mark rec"),
];

/// What the charts are made of.
#[derive(Clone, Copy)]
struct Source<'a> {
    report: &'a Report,
    assets: &'a [Asset],
    models: &'a [Model],
    periods: &'a Periods,
}

/// A drawn model: its class, its margins per asset, its factor of equal coverage.
struct Drawn<'a> {
    class: &'static str,
    mark: &'static str,
    model: &'a Model,
    factor: f64,
}

impl<'a> Source<'a> {
    fn drawn(self) -> Vec<Drawn<'a>> {
        let find = |(kind, class, mark)| {
            let index = self.models.iter().position(|model| model.kind == kind)?;
            Some(Drawn {
                class,
                mark,
                model: &self.models[index],
                factor: self.report.models[index].equal_coverage_factor,
            })
        };
        DRAWN.into_iter().filter_map(find).collect()
    }
}

/// The whole page.
pub fn render(report: &Report, assets: &[Asset], models: &[Model], periods: &Periods) -> String {
    let source = Source {
        report,
        assets,
        models,
        periods,
    };
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = page(&mut out, source);
    out
}

fn page(out: &mut String, source: Source) -> std::fmt::Result {
    let report = source.report;
    shell::begin(out, "Volatility model: backtest", STYLE)?;
    writeln!(
        out,
        r#"<h1>Volatility model: backtest</h1>
<p class="note">{}, hourly; trained before {}, scored {} to {}.</p>"#,
        escape(&report.assets.join(", ")),
        report.training_to,
        report.scored_from,
        report.scored_to
    )?;
    section(
        out,
        "Loss beyond the margin, by what the margin costs",
        "Each model scaled to different mean margins in the scored hours; lower is better. The dot is where 0.5 % of \
         the hours of a side exceed the margin.",
        &trade_off(source),
    )?;
    section(
        out,
        "Exceedances as they come",
        "Hours and sides beyond the margin with the factor of the training, all assets; the straight line is the target.",
        &exceedances(source),
    )?;
    for (index, asset) in source.assets.iter().enumerate() {
        let span = source.periods.scored[index].clone();
        if span.is_empty() {
            continue;
        }
        section(
            out,
            &format!("{}: margin", asset.name),
            "Largest margin of each day at equal coverage, and the largest move of the day.",
            &daily(source, index, span),
        )?;
    }
    if let Some((title, chart)) = worst(source) {
        let note = "Hour by hour at equal coverage: the margin asked for before the hour, and what the hour did.";
        section(out, &title, note, &chart)?;
    }
    writeln!(
        out,
        "<section>\n<h2>Numbers</h2>\n<div class=\"scroll\"><pre>{}</pre></div>\n</section>",
        escape(&text::render(report))
    )?;
    shell::end(out);
    Ok(())
}

/// A chart of this page: from zero, tall enough for a title below.
fn chart() -> Chart {
    Chart {
        height: 300.0,
        from_zero: true,
        ..Chart::default()
    }
}

fn section(out: &mut String, title: &str, note: &str, chart: &Chart) -> std::fmt::Result {
    writeln!(
        out,
        "<section>\n<h2>{}</h2>\n<p class=\"note\">{}</p>\n{}\n<p class=\"note\">",
        escape(title),
        escape(note),
        chart.svg()
    )?;
    for (kind, class, _) in DRAWN {
        if chart.lines.iter().any(|line| line.class == class) {
            write!(
                out,
                r#"<span class="key {class}"></span>{}"#,
                escape(&kind.name())
            )?;
        }
    }
    if chart.lines.iter().any(|line| line.class == "move") {
        out.push_str(r#"<span class="key move"></span>move"#);
    }
    out.push_str("</p>\n</section>\n");
    Ok(())
}

fn trade_off(source: Source) -> Chart {
    let mut chart = Chart {
        label: "Mean loss beyond the margin against mean margin, one line per model".into(),
        axes: ["mean margin, %".into(), "mean loss beyond, bp".into()],
        ..chart()
    };
    for drawn in source.drawn() {
        let at = |share: f64| {
            let factor = drawn.factor * share;
            shortfall_at(source.assets, drawn.model, &source.periods.scored, factor)
        };
        let points = SHARES.step_by(4).map(|share| at(f64::from(share) / 100.0));
        chart.lines.push(Line::whole(drawn.class, points));
        let (mean, loss) = at(1.0);
        let title = format!("{}: {mean:.2} %, {loss:.3} bp", drawn.model.kind.name());
        chart.marks.push(Mark {
            x: mean,
            y: loss,
            class: drawn.mark,
            title,
        });
    }
    chart
}

fn exceedances(source: Source) -> Chart {
    let mut chart = Chart {
        label: "Exceedances counted up over time, one line per model".into(),
        axes: [String::new(), "exceedances so far".into()],
        ..chart()
    };
    let spans = &source.periods.scored;
    let mut days: Vec<u64> = Vec::new();
    for (kind, class, _) in DRAWN {
        let Some(index) = source.models.iter().position(|model| model.kind == kind) else {
            continue;
        };
        let factor = source.report.models[index].factor;
        let mut times: Vec<u64> = Vec::new();
        for (asset, span) in spans.iter().enumerate() {
            let margins = &source.models[index].margins[asset];
            for at in span.clone() {
                let hour = &source.assets[asset].hours[at];
                let limit = margins[at] * factor;
                let beyond = [hour.fall, hour.rise]
                    .iter()
                    .filter(|m| **m > limit)
                    .count();
                times.extend(std::iter::repeat_n(hour.time, beyond));
                days.push(hour.time);
            }
        }
        times.sort_unstable();
        let counted = times
            .iter()
            .zip(1..)
            .map(|(time, count)| (*time as f64, f64::from(count)));
        chart.lines.push(Line::whole(class, counted));
    }
    if let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) {
        let target = source.report.scored_hours as f64 * 2.0 * crate::score::TARGET;
        let ends = [(*first as f64, 0.0), (*last as f64, target)];
        chart.lines.push(Line::whole("target", ends.into_iter()));
        chart.ticks = time_ticks(*first, *last);
    }
    chart
}

fn daily(source: Source, asset: usize, span: Range<usize>) -> Chart {
    let hours = &source.assets[asset].hours[span.clone()];
    let mut chart = Chart {
        label: format!("Daily margins of {}", source.assets[asset].name),
        axes: [String::new(), "% of the price".into()],
        ..chart()
    };
    let largest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max) * PERCENT;
    let days = || hours.chunks(DAY).map(|day| day[0].time as f64);
    let moves = hours
        .chunks(DAY)
        .map(|day| largest(&mut day.iter().map(|hour| hour.fall.max(hour.rise))));
    chart.lines.push(Line::whole("move", days().zip(moves)));
    for drawn in source.drawn() {
        let margins = &drawn.model.margins[asset][span.clone()];
        let values = margins
            .chunks(DAY)
            .map(|day| largest(&mut day.iter().map(|margin| margin * drawn.factor)));
        chart
            .lines
            .push(Line::whole(drawn.class, days().zip(values)));
    }
    if let (Some(first), Some(last)) = (hours.first(), hours.last()) {
        chart.ticks = time_ticks(first.time, last.time);
    }
    chart
}

/// The hours around the largest move of all assets.
fn worst(source: Source) -> Option<(String, Chart)> {
    let spans = source.periods.scored.iter().enumerate();
    let all = spans.flat_map(|(asset, span)| span.clone().map(move |hour| (asset, hour)));
    let size = |(asset, at): &(usize, usize)| {
        let hour = &source.assets[*asset].hours[*at];
        hour.fall.max(hour.rise)
    };
    let (asset, at) = all.max_by(|a, b| size(a).total_cmp(&size(b)))?;
    let span = &source.periods.scored[asset];
    let shown = at.saturating_sub(AROUND).max(span.start)..(at + AROUND).min(span.end);
    let hours = &source.assets[asset].hours[shown.clone()];
    let name = &source.assets[asset].name;
    let title = format!(
        "{name} around {}",
        &utc::format(source.assets[asset].hours[at].time)[..16]
    );
    let mut chart = Chart {
        label: title.clone(),
        axes: [String::new(), "% of the price".into()],
        ticks: time_ticks(hours.first()?.time, hours.last()?.time),
        ..chart()
    };
    let moves = hours
        .iter()
        .map(|hour| (hour.time as f64, hour.fall.max(hour.rise) * PERCENT));
    chart.lines.push(Line::whole("move", moves));
    for drawn in source.drawn() {
        let margins = &drawn.model.margins[asset][shown.clone()];
        let points = hours.iter().zip(margins);
        let points =
            points.map(|(hour, margin)| (hour.time as f64, margin * drawn.factor * PERCENT));
        chart.lines.push(Line::whole(drawn.class, points));
    }
    Some((title, chart))
}

/// Labels of an axis of time, with the clock when it is short.
fn time_ticks(first: u64, last: u64) -> Vec<(f64, String)> {
    const DAY_MILLIS: u64 = 86_400_000;
    let short = last - first < 20 * DAY_MILLIS;
    (0..=LABELS as u64)
        .map(|i| first + (last - first) * i / LABELS as u64)
        .map(|time| {
            let text = utc::format(time);
            let label = if short {
                format!("{} {}", &text[5..10], &text[11..13])
            } else {
                text[..10].to_owned()
            };
            (time as f64, label)
        })
        .collect()
}
