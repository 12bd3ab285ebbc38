//! The report as one self-contained page: no script, no font, no image from elsewhere.

use super::{ending, headline, price_error, routes, status, waited};
use crate::{
    timeline::{Act, Ending, Frame, Timeline},
    units::{clock, date_time, price_f64, size, usd, usd_f64},
};
use bulwark_report::{escape, page as shell, Band, Chart, Line, Mark};
use std::fmt::Write;

const STYLE: &str = include_str!("style.css");

/// Labels on a horizontal axis.
const TICKS: usize = 8;

/// The whole page.
pub fn render(timeline: &Timeline) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = page(&mut out, timeline);
    out
}

fn page(out: &mut String, timeline: &Timeline) -> std::fmt::Result {
    let good = timeline.problems().is_empty();
    let outcome = if good { "passed" } else { "failed" };
    shell::begin(out, &format!("Bulwark demo: {outcome}"), STYLE)?;
    writeln!(
        out,
        r#"<h1>Bulwark demo</h1>
<p class="source">{}</p>
<p class="verdict {}"><strong>{}</strong> {}</p>"#,
        escape(&timeline.setup.source),
        if good { "good" } else { "bad" },
        if good { "Passed." } else { "" },
        escape(&headline(timeline)),
    )?;
    problems(out, timeline)?;
    facts(out, timeline)?;
    prices(out, timeline)?;
    episodes(out, timeline)?;
    losses(out, timeline)?;
    accounts(out, timeline)?;
    fund(out, timeline)?;
    invariants(out, timeline)?;
    parameters(out, timeline)?;
    shell::end(out);
    Ok(())
}

fn problems(out: &mut String, timeline: &Timeline) -> std::fmt::Result {
    let problems = timeline.problems();
    if problems.len() > 1 {
        out.push_str("<ul class=\"problems\">\n");
        for problem in problems {
            writeln!(out, "<li>{}</li>", escape(&problem.to_string()))?;
        }
        out.push_str("</ul>\n");
    }
    Ok(())
}

fn fact(out: &mut String, value: &str, label: &str) -> std::fmt::Result {
    writeln!(
        out,
        "<div><dt>{}</dt><dd>{}</dd></div>",
        escape(label),
        escape(value)
    )
}

fn facts(out: &mut String, timeline: &Timeline) -> std::fmt::Result {
    let setup = &timeline.setup;
    let prices: Vec<f64> = timeline
        .frames
        .iter()
        .filter_map(|f| f.price.ok().map(price_f64))
        .collect();
    out.push_str("<dl class=\"facts\">\n");
    if let (Some(first), Some(low)) = (
        prices.first(),
        prices.iter().copied().min_by(f64::total_cmp),
    ) {
        fact(
            out,
            &format!("{:.1} %", (low / first - 1.0) * 100.0),
            "deepest fall of the price",
        )?;
    }
    if let (Some(first), Some(last)) = (timeline.frames.first(), timeline.frames.last()) {
        fact(
            out,
            &format!("{} to {}", first.block, last.block),
            "blocks, 2 s each",
        )?;
    }
    let closed = timeline
        .episodes
        .iter()
        .filter(|e| matches!(e.ending, Ending::Closed(_)))
        .count();
    fact(
        out,
        &closed.to_string(),
        "times the chain closed an account",
    )?;
    let worst = timeline.episodes.iter().filter_map(|e| e.delay()).max();
    fact(
        out,
        &worst.map_or("\u{2013}".into(), |d| d.to_string()),
        "blocks of delay at the most",
    )?;
    let halted: u32 = timeline
        .halts()
        .iter()
        .map(|(from, to, _)| to - from + 1)
        .sum();
    fact(out, &halted.to_string(), "blocks with the market halted")?;
    fact(out, setup.offchain_worker, "offchain workers")?;
    out.push_str("</dl>\n");
    Ok(())
}

fn ticks(frames: &[Frame]) -> Vec<(f64, String)> {
    let step = (frames.len() / TICKS).max(1);
    frames
        .iter()
        .step_by(step)
        .map(|frame| {
            let label = match frame.replay {
                Some(time) => clock(time)[..5].to_owned(),
                None => format!("#{}", frame.block),
            };
            (f64::from(frame.block), label)
        })
        .collect()
}

fn bands(timeline: &Timeline) -> Vec<Band> {
    timeline
        .halts()
        .into_iter()
        .map(|(from, to, halt)| Band {
            from: f64::from(from) - 0.5,
            to: f64::from(to) + 0.5,
            label: format!("market {} in blocks {from} to {to}", status(halt)),
        })
        .collect()
}

fn block_label(frame: &Frame) -> String {
    match frame.replay {
        Some(time) => format!("block {} ({})", frame.block, clock(time)),
        None => format!("block {}", frame.block),
    }
}

/// What liquidation did in one block to one account, in words; `None` when it closed nothing.
fn closing_title(name: &str, frame: &Frame, acts: &[Act]) -> Option<String> {
    let parts: Vec<String> = acts
        .iter()
        .map(|act| match act {
            Act::Closed {
                route, quantity, ..
            } => format!(
                "closed {} by {}",
                quantity.long().map_or_else(String::new, size),
                route.as_str()
            ),
            Act::Fee(fee) => format!("fee {}", usd(*fee)),
            Act::Shortfall {
                owed,
                paid,
                winners,
            } => format!(
                "owed {}, fund paid {}, profits of others {}",
                usd(*owed),
                usd(*paid),
                usd(*winners)
            ),
        })
        .collect();
    acts.iter()
        .any(|act| matches!(act, Act::Closed { .. }))
        .then(|| format!("{name}, {}: {}", block_label(frame), parts.join("; ")))
}

fn prices(out: &mut String, timeline: &Timeline) -> std::fmt::Result {
    let x = |frame: &Frame| f64::from(frame.block);
    let marks = timeline
        .frames
        .iter()
        .filter_map(|frame| frame.price.ok().map(|price| (frame, price_f64(price))))
        .flat_map(|(frame, price)| {
            frame
                .standings
                .iter()
                .enumerate()
                .filter_map(move |(actor, standing)| {
                    closing_title(&timeline.name(actor), frame, &standing.acts).map(|title| Mark {
                        x: x(frame),
                        y: price,
                        class: "mark",
                        title,
                    })
                })
        })
        .collect();
    let chart = Chart {
        label: "BTC price by block, with the best bid and ask and the liquidations".into(),
        height: 320.0,
        lines: vec![
            Line {
                class: "book",
                points: timeline
                    .frames
                    .iter()
                    .map(|f| (x(f), f.bid.map(price_f64)))
                    .collect(),
            },
            Line {
                class: "book",
                points: timeline
                    .frames
                    .iter()
                    .map(|f| (x(f), f.ask.map(price_f64)))
                    .collect(),
            },
            Line {
                class: "price",
                points: timeline
                    .frames
                    .iter()
                    .map(|f| (x(f), f.price.ok().map(price_f64)))
                    .collect(),
            },
        ],
        bands: bands(timeline),
        marks,
        ticks: ticks(&timeline.frames),
        ..Default::default()
    };
    out.push_str("<section>\n<h2>Price</h2>\n<p class=\"legend\"><span class=\"key price\"></span>price of the chain (USD) <span class=\"key book\"></span>best bid and ask after the block <span class=\"dot\"></span>an account is closed");
    if !timeline.halts().is_empty() {
        out.push_str(" <span class=\"area\"></span>market halted");
    }
    out.push_str("</p>\n");
    out.push_str(&chart.svg());
    let errors: Vec<String> = timeline
        .frames
        .iter()
        .filter_map(|f| f.price.err().map(|e| (f.block, e)))
        .map(|(block, error)| format!("{block} ({})", price_error(error)))
        .collect();
    if !errors.is_empty() {
        let shown = errors
            .iter()
            .take(12)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        let more = errors.len().saturating_sub(12);
        let rest = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        writeln!(
            out,
            "<p class=\"note\">No price in block {}{rest}: nothing is closed on a price the chain does not have.</p>",
            escape(&shown)
        )?;
    }
    out.push_str("</section>\n");
    Ok(())
}

fn head(out: &mut String, columns: &[(&str, bool)]) -> std::fmt::Result {
    out.push_str("<div class=\"scroll\"><table>\n<thead><tr>");
    for (column, numeric) in columns {
        let class = if *numeric { " class=\"n\"" } else { "" };
        write!(out, "<th{class}>{}</th>", escape(column))?;
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    Ok(())
}

fn row(out: &mut String, columns: &[(&str, bool)], cells: &[String]) -> std::fmt::Result {
    out.push_str("<tr>");
    for (cell, (_, numeric)) in cells.iter().zip(columns) {
        let class = if *numeric { " class=\"n\"" } else { "" };
        write!(out, "<td{class}>{}</td>", escape(cell))?;
    }
    out.push_str("</tr>\n");
    Ok(())
}

const FOOT: &str = "</tbody></table></div>\n";

fn episodes(out: &mut String, timeline: &Timeline) -> std::fmt::Result {
    out.push_str("<section>\n<h2>Accounts under maintenance</h2>\n");
    if timeline.episodes.is_empty() {
        out.push_str("<p>Nobody fell under maintenance.</p>\n</section>\n");
        return Ok(());
    }
    out.push_str("<p>An account is due when its equity is under its maintenance margin at the price of the block. The delay counts blocks from the one in which it became due, or from the first in which a halted market allowed closing again.</p>\n");
    let columns = [
        ("account", false),
        ("due in block", true),
        ("ended", false),
        ("delay", true),
        ("position", true),
        ("closed", true),
        ("for (USD)", true),
        ("fee (USD)", true),
        ("by", false),
        ("note", false),
    ];
    head(out, &columns)?;
    for episode in &timeline.episodes {
        row(
            out,
            &columns,
            &[
                timeline.name(episode.actor),
                episode.due.to_string(),
                ending(episode),
                episode.delay().map_or("\u{2013}".into(), |d| d.to_string()),
                size(episode.size),
                episode.closed.long().map_or_else(String::new, size),
                usd(episode.notional),
                usd(episode.fee),
                routes(episode),
                waited(episode),
            ],
        )?;
    }
    out.push_str(FOOT);
    out.push_str("</section>\n");
    Ok(())
}

fn losses(out: &mut String, timeline: &Timeline) -> std::fmt::Result {
    out.push_str("<section>\n<h2>Losses by layer</h2>\n<p>In the order in which layers pay, in USD: the account's own collateral, then the insurance fund, then the profits of others (deleveraging and haircut). What is unpaid stays with the account. Losses of positions that are still open are counted in.</p>\n");
    let columns = [
        ("account", false),
        ("plan", false),
        ("deposit", true),
        ("equity at the end", true),
        ("own collateral", true),
        ("insurance fund", true),
        ("profits of others", true),
        ("unpaid", true),
    ];
    head(out, &columns)?;
    for (index, actor) in timeline.actors.iter().enumerate() {
        let losses = timeline.losses(index);
        row(
            out,
            &columns,
            &[
                actor.name.clone(),
                actor.plan.clone(),
                usd(actor.deposit),
                usd(losses.equity),
                usd(losses.own),
                usd(losses.fund),
                usd(losses.winners),
                usd(losses.unpaid),
            ],
        )?;
    }
    out.push_str(FOOT);
    out.push_str("</section>\n");
    Ok(())
}

fn accounts(out: &mut String, timeline: &Timeline) -> std::fmt::Result {
    out.push_str("<section>\n<h2>Equity against maintenance margin</h2>\n<p class=\"legend\"><span class=\"key equity\"></span>equity (USD) <span class=\"key maintenance\"></span>maintenance margin <span class=\"dot\"></span>closed, wholly or in part</p>\n<div class=\"grid2\">\n");
    for (index, actor) in timeline.actors.iter().enumerate() {
        let line = |class, pick: fn(&crate::timeline::Standing) -> Option<f64>| Line {
            class,
            points: timeline
                .frames
                .iter()
                .filter_map(|f| {
                    let standing = f.standings.get(index)?;
                    Some((f64::from(f.block), pick(standing)))
                })
                .collect(),
        };
        let marks = timeline
            .frames
            .iter()
            .filter_map(|frame| {
                let standing = frame.standings.get(index)?;
                let title = closing_title(&actor.name, frame, &standing.acts)?;
                Some(Mark {
                    x: f64::from(frame.block),
                    y: usd_f64(standing.equity?),
                    class: "mark",
                    title,
                })
            })
            .collect();
        let chart = Chart {
            label: format!("Equity and maintenance margin of {}", actor.name),
            width: 480.0,
            height: 210.0,
            lines: vec![
                line("maintenance", |s| s.maintenance.map(usd_f64)),
                line("equity", |s| s.equity.map(usd_f64)),
            ],
            bands: bands(timeline),
            marks,
            from_zero: true,
            ticks: ticks(&timeline.frames).into_iter().step_by(2).collect(),
            ..Chart::default()
        };
        writeln!(
            out,
            "<figure><figcaption><strong>{}</strong> {}</figcaption>{}</figure>",
            escape(&actor.name),
            escape(&actor.plan),
            chart.svg()
        )?;
    }
    out.push_str("</div>\n</section>\n");
    Ok(())
}

fn fund(out: &mut String, timeline: &Timeline) -> std::fmt::Result {
    let chart = Chart {
        label: "Insurance fund by block".into(),
        height: 200.0,
        lines: vec![Line {
            class: "fund",
            points: timeline
                .frames
                .iter()
                .map(|f| (f64::from(f.block), Some(usd_f64(f.fund))))
                .collect(),
        }],
        bands: bands(timeline),
        ticks: ticks(&timeline.frames),
        ..Default::default()
    };
    writeln!(
        out,
        "<section>\n<h2>Insurance fund</h2>\n<p class=\"legend\"><span class=\"key fund\"></span>balance (USD); fees lift it, shortfalls lower it</p>\n{}</section>",
        chart.svg()
    )
}

fn invariants(out: &mut String, timeline: &Timeline) -> std::fmt::Result {
    out.push_str("<section>\n<h2>Invariants</h2>\n<p>Checked from outside: the demo reads the chain's state over RPC and runs the checks on it.</p>\n");
    let columns = [
        ("number", true),
        ("invariant", false),
        ("result", false),
        ("times checked", true),
    ];
    head(out, &columns)?;
    for ((number, _), invariant) in &timeline.invariants {
        let result = match &invariant.failure {
            None => "holds".into(),
            Some((block, detail)) => format!("FAILED in block {block}: {detail}"),
        };
        row(
            out,
            &columns,
            &[
                number.to_string(),
                invariant.name.clone(),
                result,
                invariant.checks.to_string(),
            ],
        )?;
    }
    out.push_str(FOOT);
    writeln!(out, "<p class=\"note\">{}</p>", escape(super::NOT_SEEN))?;
    out.push_str("</section>\n");
    Ok(())
}

fn parameters(out: &mut String, timeline: &Timeline) -> std::fmt::Result {
    let setup = &timeline.setup;
    out.push_str("<section>\n<h2>Set-up</h2>\n");
    let columns = [("", false), ("", false)];
    out.push_str("<div class=\"scroll\"><table class=\"plain\">\n<tbody>\n");
    let window = format!(
        "{} to {} UTC, {} times faster",
        date_time(setup.from),
        date_time(setup.to),
        setup.speed
    );
    let fixed = [
        ("replayed".to_owned(), window),
        ("prices".to_owned(), setup.feeder.clone()),
        (
            "offchain workers".to_owned(),
            setup.offchain_worker.to_owned(),
        ),
    ];
    for (name, value) in fixed.into_iter().chain(setup.parameters.iter().cloned()) {
        row(out, &columns, &[name, value])?;
    }
    for actor in &timeline.actors {
        row(out, &columns, &[actor.name.clone(), actor.address.clone()])?;
    }
    for (reason, times) in &timeline.failures {
        row(
            out,
            &columns,
            &[format!("refused {times} times"), reason.clone()],
        )?;
    }
    out.push_str(FOOT);
    out.push_str("</section>\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::tests::example;
    use bulwark_primitives::MarketStatus;

    #[test]
    fn page_should_stand_alone_and_be_well_formed() {
        let html = render(&example(4, |_| MarketStatus::Active));
        for outside in ["http:", "https:", "<script", "<link", "@import", "url("] {
            assert!(!html.contains(outside), "{outside}");
        }
        for element in [
            "svg", "table", "section", "main", "figure", "div", "tr", "p",
        ] {
            let open = html.matches(&format!("<{element} ")).count()
                + html.matches(&format!("<{element}>")).count();
            let close = html.matches(&format!("</{element}>")).count();
            assert_eq!(open, close, "{element}");
        }
        assert!(!html.contains("NaN"));
    }

    #[test]
    fn page_should_escape_text_when_it_holds_markup() {
        let html = render(&example(4, |_| MarketStatus::Active));
        assert!(html.contains("an &lt;example&gt;"));
        assert!(!html.contains("<example>"));
    }

    #[test]
    fn page_should_show_every_account_mark_and_halt() {
        let html = render(&example(6, |block| {
            if block == 5 {
                MarketStatus::Paused
            } else {
                MarketStatus::Active
            }
        }));
        assert!(html.contains("Ada"));
        assert!(html.contains("closed in 6"));
        assert_eq!(html.matches("<circle").count(), 2, "price and equity");
        assert!(html.contains("market paused in blocks 5 to 5"));
    }

    #[test]
    fn page_should_say_failed_when_something_is_wrong() {
        let html = render(&example(100, |_| MarketStatus::Active));
        assert!(html.contains("verdict bad"));
        assert!(html.contains("was never closed"));
    }
}
