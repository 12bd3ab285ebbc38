//! The end of a run: as text, as one HTML page, as JSON.

pub mod html;
pub mod json;
pub mod text;

use crate::timeline::{Ending, Episode, Timeline};
use bulwark_primitives::{MarketStatus, PriceError};
use std::path::Path;

/// Which numbers of the list are missing, and why.
const NOT_SEEN: &str = "Not in the list: 4 (nobody pays for a healthy account's call) is about \
    single calls, which the scenario tests try.";

/// Writes a report where it was asked for.
pub fn write(path: &Path, content: &str) -> Result<(), String> {
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    std::fs::write(path, content).map_err(|e| format!("{}: {e}", path.display()))
}

/// The status in words.
pub const fn status(status: MarketStatus) -> &'static str {
    match status {
        MarketStatus::Active => "active",
        MarketStatus::PostOnly => "post-only",
        MarketStatus::ReduceOnly => "reduce-only",
        MarketStatus::Paused => "paused",
        MarketStatus::Settling => "settling",
        MarketStatus::Closed => "closed",
    }
}

/// The lack of a price in words.
pub const fn price_error(error: PriceError) -> &'static str {
    match error {
        PriceError::TooFewFeeds => "too few feeds",
        PriceError::Stale => "stale",
        PriceError::Deviating => "deviating",
        PriceError::Uncertain => "uncertain",
        PriceError::Halted => "halted",
        PriceError::Recovering => "recovering",
    }
}

/// The outcome of a run in one sentence.
fn headline(timeline: &Timeline) -> String {
    let problems = timeline.problems();
    if let Some(first) = problems.first() {
        let more = problems.len() - 1;
        return if more == 0 {
            format!("Failed: {first}.")
        } else {
            format!("Failed: {first}; {more} more below.")
        };
    }
    let invariants = format!(
        "All {} invariants held whenever they were checked.",
        numbers(timeline)
    );
    match timeline.episodes.len() {
        0 => format!("No account became due in this window. {invariants}"),
        1 => format!(
            "The one account that fell under maintenance was closed {}. {invariants}",
            worst_delay(timeline)
        ),
        n => format!(
            "Accounts fell under maintenance {n} times; each was closed {}. {invariants}",
            worst_delay(timeline)
        ),
    }
}

/// How many different numbers the checked invariants have.
fn numbers(timeline: &Timeline) -> usize {
    let mut numbers: Vec<u8> = timeline.invariants.keys().map(|(n, _)| *n).collect();
    numbers.dedup();
    numbers.len()
}

fn worst_delay(timeline: &Timeline) -> &'static str {
    let worst = timeline.episodes.iter().filter_map(Episode::delay).max();
    let halted = timeline.episodes.iter().any(|e| e.waited() > 0);
    match (worst, halted) {
        (Some(0) | None, false) => "in the very block in which it became due",
        (Some(0) | None, true) => {
            "in the first block that allowed it, the block in which it became due unless the market was halted then"
        }
        (Some(_), false) => "in the block after it became due or sooner",
        (Some(_), true) => {
            "in the block after it became due or sooner, counted from the end of the halt where the market was halted"
        }
    }
}

/// The ending of an episode in words.
fn ending(episode: &Episode) -> String {
    match episode.ending {
        Ending::Closed(block) => format!("closed in {block}"),
        Ending::Recovered(block) => format!("price came back in {block}"),
        Ending::Open => "still due".into(),
    }
}

/// Why an episode had to wait, if it had to.
fn waited(episode: &Episode) -> String {
    match episode.waited() {
        0 if episode.allowed.is_none() => "never allowed".into(),
        0 => String::new(),
        1 => "market halted for 1 block".into(),
        n => format!("market halted for {n} blocks"),
    }
}

fn routes(episode: &Episode) -> String {
    let names: Vec<&str> = episode.routes.iter().map(|r| r.as_str()).collect();
    names.join(", ")
}
