//! The report in a terminal.

use super::{ending, headline, routes, waited};
use crate::{
    timeline::{Losses, Timeline},
    units::{date_time, size, usd},
};
use bulwark_report::text::table;
use std::fmt::Write;

/// The whole report.
pub fn render(timeline: &Timeline) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_report(&mut out, timeline);
    out
}

fn write_report(out: &mut String, timeline: &Timeline) -> std::fmt::Result {
    let setup = &timeline.setup;
    writeln!(out, "\nReport")?;
    writeln!(out, "  {}", setup.source)?;
    writeln!(
        out,
        "  {} to {} UTC, {} times faster; offchain workers: {}",
        date_time(setup.from),
        date_time(setup.to),
        setup.speed,
        setup.offchain_worker
    )?;
    if let (Some(first), Some(last)) = (timeline.frames.first(), timeline.frames.last()) {
        writeln!(out, "  blocks {} to {}", first.block, last.block)?;
    }
    writeln!(out, "\nUnder maintenance")?;
    if timeline.episodes.is_empty() {
        writeln!(out, "  nobody")?;
    } else {
        table(
            out,
            &[
                "account", "due in", "ended", "delay", "position", "closed", "fee", "by", "",
            ],
            timeline.episodes.iter().map(|e| {
                vec![
                    timeline.name(e.actor),
                    e.due.to_string(),
                    ending(e),
                    e.delay().map_or("-".into(), |d| d.to_string()),
                    size(e.size),
                    e.closed.long().map_or("-".into(), size),
                    usd(e.fee),
                    routes(e),
                    waited(e),
                ]
            }),
        )?;
    }
    writeln!(out, "\nLosses by layer (USD)")?;
    let losses: Vec<Losses> = (0..timeline.actors.len())
        .map(|actor| timeline.losses(actor))
        .collect();
    table(
        out,
        &[
            "account",
            "plan",
            "deposit",
            "equity now",
            "own collateral",
            "insurance fund",
            "profits of others",
            "unpaid",
        ],
        timeline.actors.iter().zip(&losses).map(|(actor, loss)| {
            vec![
                actor.name.clone(),
                actor.plan.clone(),
                usd(actor.deposit),
                usd(loss.equity),
                usd(loss.own),
                usd(loss.fund),
                usd(loss.winners),
                usd(loss.unpaid),
            ]
        }),
    )?;
    if let (Some(first), Some(last)) = (timeline.frames.first(), timeline.frames.last()) {
        writeln!(
            out,
            "  insurance fund: {} at the start, {} at the end",
            usd(first.fund),
            usd(last.fund)
        )?;
    }
    writeln!(out, "\nInvariants, checked on the state read over RPC")?;
    for ((number, _), row) in &timeline.invariants {
        match &row.failure {
            None => writeln!(
                out,
                "  {number:>2} ok      {} ({} times)",
                row.name, row.checks
            )?,
            Some((block, detail)) => {
                writeln!(
                    out,
                    "  {number:>2} FAILED  {} in block {block}: {detail}",
                    row.name
                )?;
            }
        }
    }
    writeln!(out, "  {}", super::NOT_SEEN)?;
    if !timeline.failures.is_empty() {
        writeln!(out, "\nTransactions that were refused")?;
        for (reason, times) in &timeline.failures {
            writeln!(out, "  {times} x {reason}")?;
        }
    }
    writeln!(out, "\n{}", headline(timeline))?;
    for problem in timeline.problems() {
        writeln!(out, "  - {problem}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::tests::example;
    use bulwark_primitives::MarketStatus;

    #[test]
    fn report_should_say_when_an_account_became_due_and_was_closed() {
        let text = render(&example(4, |_| MarketStatus::Active));
        assert!(text.contains("closed in 4"), "{text}");
        assert!(text.contains("block execution"), "{text}");
        assert!(
            text.contains("in the block after it became due or sooner."),
            "{text}"
        );
    }

    #[test]
    fn report_should_say_what_is_wrong_when_something_is() {
        let text = render(&example(100, |_| MarketStatus::Active));
        assert!(
            text.contains("Failed: Ada became due in block 3 and was never closed."),
            "{text}"
        );
    }
}
