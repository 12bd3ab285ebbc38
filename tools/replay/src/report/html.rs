//! Everything on one self-contained page.

use super::{text, usd};
use crate::{measure::Frame, Played};
use bulwark_primitives::SLOT_MILLIS;
use bulwark_report::{escape, page, Band, Chart, Line};
use price_replay::utc;
use std::fmt::Write;

const STYLE: &str = include_str!("style.css");
/// Labels of an axis of time.
const LABELS: usize = 8;
/// Colours of the lines of prices, by rank of the asset.
const COLOURS: [&str; 6] = ["c0", "c1", "c2", "c3", "c4", "c5"];
/// Most points of a line: a chart has fewer pixels.
const POINTS: usize = 1_200;

/// The whole page.
pub fn render(played: &[Played]) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, played);
    out
}

fn write(out: &mut String, played: &[Played]) -> std::fmt::Result {
    page::begin(out, "Liquidation replays", STYLE)?;
    out.push_str("<h1>Liquidation replays</h1>\n");
    if let Some(first) = played.first() {
        writeln!(
            out,
            "<p class=\"note\">The full runtime, block by block, with {} accounts of seed {}. Delays are \
             median / 99th percentile / largest, in blocks of 2 s; amounts are USD.</p>",
            first.summary.accounts, first.summary.seed
        )?;
    }
    html_table(
        out,
        &text::HEADS,
        played.iter().map(|one| text::line(&one.summary)),
    )?;
    for one in played {
        scenario(out, one)?;
    }
    page::end(out);
    Ok(())
}

fn html_table(
    out: &mut String,
    heads: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> std::fmt::Result {
    out.push_str("<div class=\"scroll\"><table>\n<tr>");
    for head in heads {
        write!(out, "<th>{}</th>", escape(head))?;
    }
    out.push_str("</tr>\n");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            write!(out, "<td>{}</td>", escape(&cell))?;
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table></div>\n");
    Ok(())
}

fn scenario(out: &mut String, one: &Played) -> std::fmt::Result {
    let of = &one.summary;
    let class = if of.is_sound() { "good" } else { "bad" };
    writeln!(
        out,
        "<section>\n<h2>{}: {}</h2>\n<p class=\"note\">{}</p>\n<p class=\"verdict {class}\">{} accounts \
         liquidated, {} USD owed beyond the fund, invariants {} in {} blocks checked.</p>",
        escape(&of.scenario),
        escape(&of.title),
        escape(&of.sources.join("; ")),
        of.liquidated,
        usd(of.debt),
        if of.is_sound() { "held" } else { "BROKE" },
        of.checked
    )?;
    let halts = halts(one);
    chart(
        out,
        one,
        "Prices, 100 at the begin",
        &prices(one),
        &halts,
        false,
    )?;
    let count = |f: &dyn Fn(&Frame) -> f64, class| vec![line(one, class, f)];
    let under = count(&|frame| f64::from(frame.under), "c1");
    chart(
        out,
        one,
        "Accounts under maintenance at the end of a block",
        &under,
        &halts,
        true,
    )?;
    let evaluated = count(&|frame| f64::from(frame.evaluated), "c0");
    chart(
        out,
        one,
        "Accounts evaluated by step 3",
        &evaluated,
        &halts,
        true,
    )?;
    let hooks = count(&|frame| frame.hooks * 100.0, "c2");
    chart(
        out,
        one,
        "Weight after the hooks, % of a block",
        &hooks,
        &halts,
        true,
    )?;
    let fund = vec![
        line(one, "c3", &|frame| frame.fund),
        line(one, "c1", &|frame| frame.debt),
    ];
    chart(
        out,
        one,
        "Insurance fund, and what accounts owe beyond what they own, USD",
        &fund,
        &halts,
        true,
    )?;
    let rows = text::rows(of);
    html_table(
        out,
        &["", "chain", "static rules"],
        rows.into_iter()
            .map(|(name, value, fixed)| vec![name, value, fixed]),
    )?;
    html_table(out, &text::CAUSES, text::causes(of))?;
    out.push_str("</section>\n");
    Ok(())
}

/// A line over the slots, each point the largest of those it stands for.
fn line(one: &Played, class: &'static str, value: &dyn Fn(&Frame) -> f64) -> Line {
    let each = one.frames.len().div_ceil(POINTS).max(1);
    let points = one.frames.chunks(each).map(|frames| {
        let most = frames.iter().map(value).fold(f64::MIN, f64::max);
        (frames[0].slot as f64, most)
    });
    Line::whole(class, points)
}

fn prices(one: &Played) -> Vec<Line> {
    let Some(first) = one.frames.first() else {
        return Vec::new();
    };
    let lines = COLOURS.iter().zip(&first.prices).enumerate();
    lines
        .map(|(asset, (class, start))| {
            line(one, class, &move |frame| {
                frame.prices[asset] / start * 100.0
            })
        })
        .collect()
}

/// Stretches in which a market was halted or had no price.
fn halts(one: &Played) -> Vec<(f64, f64)> {
    let mut found: Vec<(f64, f64)> = Vec::new();
    for frame in &one.frames {
        if frame.halted + frame.unpriced == 0 {
            continue;
        }
        let at = frame.slot as f64;
        match found.last_mut().filter(|(_, to)| at - *to <= 1.0) {
            Some((_, to)) => *to = at,
            None => found.push((at, at)),
        }
    }
    found
}

fn chart(
    out: &mut String,
    one: &Played,
    title: &str,
    lines: &[Line],
    halts: &[(f64, f64)],
    from_zero: bool,
) -> std::fmt::Result {
    let bands = halts.iter().map(|(from, to)| Band {
        from: from - 0.5,
        to: to + 0.5,
        label: "a market halted or without a price".into(),
    });
    let chart = Chart {
        label: format!("{}: {title}", one.summary.scenario),
        height: 190.0,
        lines: lines
            .iter()
            .map(|line| Line {
                class: line.class,
                points: line.points.clone(),
            })
            .collect(),
        bands: bands.collect(),
        from_zero,
        ticks: ticks(one),
        ..Chart::default()
    };
    write!(out, "<figure><figcaption>{}", escape(title))?;
    if !from_zero {
        for (class, symbol) in COLOURS.iter().zip(&one.symbols) {
            write!(out, "<span class=\"key {class}\"></span>{}", escape(symbol))?;
        }
    }
    writeln!(out, "</figcaption>{}</figure>", chart.svg())
}

fn ticks(one: &Played) -> Vec<(f64, String)> {
    let slots = one.summary.slots;
    (0..=LABELS)
        .map(|part| slots * part / LABELS)
        .map(|slot| {
            let time = utc::format(one.start + slot as u64 * SLOT_MILLIS);
            (slot as f64, time[11..16].to_owned())
        })
        .collect()
}
