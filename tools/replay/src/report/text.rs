//! Tables for a terminal.

use super::{three, usd};
use crate::{summary::Summary, Played};
use bulwark_report::text::table;
use std::fmt::Write;

/// What a value is, and the value under the chain's rules and under static ones.
pub type Row = (String, String, String);

/// One run, row by row.
pub fn rows(of: &Summary) -> Vec<Row> {
    let other = &of.static_rules;
    let mut rows: Vec<Row> = Vec::new();
    let mut add = |name: &str, value: String, fixed: String| rows.push((name.into(), value, fixed));
    let none = String::new;
    add(
        "accounts liquidated",
        format!("{} of {}", of.liquidated, of.accounts),
        other.liquidated.to_string(),
    );
    add(
        "delay to the first closing, blocks: p50 / p99 / max",
        three(of.delay),
        none(),
    );
    add(
        "  without halts and price errors",
        three(of.delay_open),
        none(),
    );
    add(
        "  without blocks in which nobody took any of it",
        three(of.delay_own),
        none(),
    );
    add(
        "times longer than 2 blocks",
        format!("{} of {}", of.late, of.episodes),
        none(),
    );
    add(
        "  without halts and price errors",
        of.late_open.to_string(),
        none(),
    );
    add(
        "until restored or flat",
        three(of.restored),
        three(other.delay),
    );
    add(
        "positions taken over by the vault, USD",
        format!("{} for {}", of.takeovers, usd(of.taken_over)),
        none(),
    );
    add(
        "orders of liquidation in auctions, closed there, USD",
        format!("{}, {}", of.joined, usd(of.auctioned)),
        none(),
    );
    add(
        "still under maintenance at the end",
        of.unended.to_string(),
        other.open.to_string(),
    );
    add(
        "owed beyond the fund at the end, USD",
        usd(of.debt),
        usd(other.unpaid),
    );
    add("  at the worst block", usd(of.worst_debt), none());
    for (name, amount) in &of.losses {
        let fixed = match name.as_str() {
            "by_fund" => usd(other.by_fund),
            _ => none(),
        };
        add(&format!("loss, {name}, USD"), usd(*amount), fixed);
    }
    if !of.losses.contains_key("by_fund") {
        add("loss, by_fund, USD", "0".into(), usd(other.by_fund));
    }
    if !of.losses.contains_key("by_adl") {
        add("loss, by_adl, USD", "0".into(), usd(other.by_adl));
    }
    add(
        "winners' notional closed by ADL, USD",
        none(),
        usd(other.deleveraged),
    );
    add("liquidation fees, USD", usd(of.fees), none());
    add(
        "fund: begin -> end, USD",
        format!("{} -> {}", usd(of.fund), usd(of.fund_end)),
        usd(other.fund),
    );
    add("blocks with a market halted", of.halted.to_string(), none());
    add(
        "blocks with a market unpriced",
        of.unpriced.to_string(),
        none(),
    );
    add(
        "blocks with a market that takes no new risk",
        of.reducing.to_string(),
        none(),
    );
    for (reason, count) in &of.parked {
        add(
            &format!("attempts in vain, {reason}"),
            count.to_string(),
            none(),
        );
    }
    add(
        "accounts evaluated, %: mean / p99 / max",
        of.evaluated.map(|share| format!("{share:.4}")).join(" / "),
        none(),
    );
    add(
        "healthy evaluations per account found",
        format!("{:.2} of {}", of.healthy_per_due, of.found),
        none(),
    );
    add(
        "most closings in a block",
        format!("{} ({} USD)", of.most_closings, usd(of.most_closed)),
        none(),
    );
    add(
        "block weight used by hooks: mean / max",
        of.hooks
            .map(|share| format!("{:.1} %", share * 100.0))
            .join(" / "),
        none(),
    );
    add(
        "blocks over weight / budget of step 3 exhausted / sessions begun",
        format!("{} / {} / {}", of.overweight, of.saturated, of.sessions),
        none(),
    );
    add(
        "hooks, ms: mean / max",
        of.millis.map(|millis| format!("{millis:.2}")).join(" / "),
        none(),
    );
    add(
        "invariants",
        match of.broken.first() {
            None => format!("held in {} blocks checked", of.checked),
            Some(first) => format!("BROKEN {} times: {first}", of.broken.len()),
        },
        none(),
    );
    rows
}

/// One run.
pub fn one(of: &Summary) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_one(&mut out, of);
    out
}

fn write_one(out: &mut String, of: &Summary) -> std::fmt::Result {
    writeln!(out, "\n{}: {}", of.scenario, of.title)?;
    for source in &of.sources {
        writeln!(out, "  {source}")?;
    }
    writeln!(
        out,
        "  {} accounts of seed {}, open interest {} USD, first asset {:.1} %; {} blocks in {:.0} s, {} quiet slots without one",
        of.accounts,
        of.seed,
        usd(of.interest),
        of.fall,
        of.blocks,
        of.seconds,
        of.skipped
    )?;
    if of.refused > 0 {
        let why = of.refusal.as_deref().unwrap_or_default();
        writeln!(
            out,
            "  {} positions or deposits refused, the first: {why}",
            of.refused
        )?;
    }
    let rows = rows(of);
    table(
        out,
        &["", "chain", "static rules"],
        rows.into_iter()
            .map(|(name, value, fixed)| vec![name, value, fixed]),
    )?;
    if of.late_by_cause.is_empty() {
        return Ok(());
    }
    out.push('\n');
    table(out, &CAUSES, causes(of))
}

/// Heads of the table of what was in the way.
pub const CAUSES: [&str; 5] = [
    "late by cause",
    "times",
    "blocks",
    "delay without it",
    "without it and those above",
];

/// What was in the way of those that were late, line by line.
pub fn causes(of: &Summary) -> impl Iterator<Item = Vec<String>> + '_ {
    of.late_by_cause.iter().map(|by| {
        vec![
            by.cause.name().to_owned(),
            by.late.to_string(),
            by.blocks.to_string(),
            three(by.without),
            three(by.without_so_far),
        ]
    })
}

/// Heads of the table of all runs.
pub const HEADS: [&str; 12] = [
    "scenario",
    "fall %",
    "liquidated",
    "delay",
    "delay, open",
    "tried in vain apart",
    "restored",
    "by fund",
    "owed",
    "evaluated %",
    "invariants",
    "static: by fund / ADL / owed",
];

/// A line of it.
pub fn line(of: &Summary) -> Vec<String> {
    let other = &of.static_rules;
    vec![
        of.scenario.clone(),
        format!("{:.1}", of.fall),
        of.liquidated.to_string(),
        three(of.delay),
        three(of.delay_open),
        three(of.delay_own),
        three(of.restored),
        usd(of.losses.get("by_fund").copied().unwrap_or(0.0)),
        usd(of.debt),
        format!("{:.4}", of.evaluated[0]),
        if of.is_sound() {
            "hold".into()
        } else {
            "BROKEN".into()
        },
        format!(
            "{} / {} / {}",
            usd(other.by_fund),
            usd(other.by_adl),
            usd(other.unpaid)
        ),
    ]
}

/// All runs in one table.
pub fn all(played: &[Played]) -> String {
    let mut out = String::from("\n");
    let _ = table(
        &mut out,
        &HEADS,
        played.iter().map(|one| line(&one.summary)),
    );
    out
}
