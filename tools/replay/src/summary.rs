//! What a run came to, in numbers.

use crate::{
    cause::Cause,
    lateness::{self, ByCause, ASKED},
    measure::{Episode, Frame},
    run::Outcome,
    scenario::Scenario,
    statics::StaticResult,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// One run.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    pub scenario: String,
    pub title: String,
    pub sources: Vec<String>,
    pub accounts: usize,
    pub seed: u64,
    /// Positions that could not be opened, with the first reason.
    pub refused: u32,
    pub refusal: Option<String>,
    /// Largest fall of the first asset, %.
    pub fall: f64,
    pub slots: usize,
    pub blocks: u32,
    pub skipped: usize,
    /// USD at the begin: open interest of one side, insurance fund.
    pub interest: f64,
    pub fund: f64,
    pub liquidated: usize,
    pub episodes: usize,
    /// Times under maintenance that had not ended when the scenario did.
    pub unended: usize,
    /// Blocks from the first one under maintenance to the first closing, or to the end of what ended
    /// without one: median, 99th percentile, largest.
    pub delay: [u32; 3],
    /// The same without blocks in which the account's markets were halted or had no price.
    pub delay_open: [u32; 3],
    /// The same without blocks in which it was tried and nobody took any of it: what the chain itself
    /// takes.
    pub delay_own: [u32; 3],
    /// Blocks until it was above maintenance or flat.
    pub restored: [u32; 3],
    /// Times under maintenance that were longer than two blocks before anything was closed; and without
    /// blocks in which the account's markets were halted or had no price.
    pub late: usize,
    pub late_open: usize,
    /// What was in the way of those that were late.
    pub late_by_cause: Vec<ByCause>,
    /// Blocks in which a market was halted, and in which one had no price for liquidation.
    pub halted: usize,
    pub unpriced: usize,
    /// Blocks in which a market took no new risk, so that makers could not quote.
    pub reducing: usize,
    /// USD at the end, and at the worst block: what accounts owe beyond what they own.
    pub debt: f64,
    pub worst_debt: f64,
    pub fund_end: f64,
    /// USD by what the events call it.
    pub losses: BTreeMap<String, f64>,
    pub fees: f64,
    pub parked: BTreeMap<String, u32>,
    /// Shares of a block's weight: mean and largest after the hooks, largest at the end.
    pub hooks: [f64; 2],
    pub weight: f64,
    pub overweight: usize,
    /// Blocks in which a session began; they are full by the SDK's convention and in none of the above.
    pub sessions: usize,
    /// Blocks whose budget of step 3 did not suffice.
    pub saturated: usize,
    /// Accounts evaluated per slot, % of all: mean, 99th percentile, largest.
    pub evaluated: [f64; 3],
    /// Evaluations that found a healthy account, for each account found under.
    pub healthy_per_due: f64,
    pub found: u64,
    /// Most closings of one block, with their notional.
    pub most_closings: u32,
    pub most_closed: f64,
    /// Positions that the vault took over, with their notional.
    pub takeovers: u64,
    pub taken_over: f64,
    /// Times that accounts took part in auctions, and the notional that was closed there.
    pub joined: u64,
    pub auctioned: f64,
    /// Milliseconds of the hooks: mean and largest.
    pub millis: [f64; 2],
    pub checked: u32,
    pub broken: Vec<String>,
    pub seconds: f64,
    pub static_rules: StaticResult,
}

/// Median, 99th percentile and largest of sorted numbers.
pub fn percentiles(sorted: &[u32]) -> [u32; 3] {
    let at = |share: f64| {
        let index = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(index.saturating_sub(1)).copied().unwrap_or(0)
    };
    [at(0.5), at(0.99), sorted.last().copied().unwrap_or(0)]
}

fn spread(values: impl Iterator<Item = u32>) -> [u32; 3] {
    let mut sorted: Vec<u32> = values.collect();
    sorted.sort_unstable();
    percentiles(&sorted)
}

fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}

/// How long it took until an account was above maintenance or flat; to the last block when it did not
/// end.
fn restored(episode: &Episode, last: u32) -> u32 {
    episode.ended.unwrap_or(last).saturating_sub(episode.began)
}

/// How long it took until the first part of an account was closed; the end counts as one.
pub fn delay(episode: &Episode, last: u32) -> u32 {
    episode.first_closing.map_or_else(
        || restored(episode, last),
        |at| at.saturating_sub(episode.began),
    )
}

/// The same without the blocks in which nothing of it could be closed.
fn delay_open(episode: &Episode, last: u32) -> u32 {
    delay(episode, last).saturating_sub(episode.waits.sum(Cause::is_shut))
}

impl Summary {
    /// Of an outcome.
    pub fn new(
        scenario: &Scenario,
        outcome: &Outcome,
        accounts: usize,
        seed: u64,
        refused: (u32, Option<String>),
        last: u32,
        static_rules: StaticResult,
    ) -> Self {
        let record = &outcome.record;
        let frames = &record.frames;
        let count = |wanted: &dyn Fn(&&Frame) -> bool| frames.iter().filter(wanted).count();
        let plain = || frames.iter().filter(|frame| !frame.session);
        let blocks = frames.len().max(1) as f64;
        let episodes = &record.episodes;
        let found: u64 = frames.iter().map(|f| u64::from(f.found)).sum();
        let healthy: u64 = frames.iter().map(|f| u64::from(f.healthy)).sum();
        let busiest = frames.iter().max_by_key(|frame| frame.closings);
        let first = scenario.paths[0].prices[0];
        let low = scenario.paths[0]
            .prices
            .iter()
            .copied()
            .fold(first, f64::min);
        Self {
            scenario: scenario.name.clone(),
            title: scenario.title.clone(),
            sources: scenario.sources.clone(),
            accounts,
            seed,
            refused: refused.0,
            refusal: refused.1,
            fall: (low / first - 1.0) * 100.0,
            slots: scenario.slots(),
            blocks: outcome.blocks,
            skipped: outcome.skipped,
            interest: outcome.interest,
            fund: outcome.fund,
            liquidated: record.liquidated.len(),
            episodes: episodes.len(),
            unended: episodes.iter().filter(|e| e.ended.is_none()).count(),
            delay: spread(episodes.iter().map(|e| delay(e, last))),
            delay_open: spread(episodes.iter().map(|e| delay_open(e, last))),
            delay_own: lateness::without(episodes, last, |cause| {
                cause.is_shut() || cause.is_in_vain()
            }),
            restored: spread(episodes.iter().map(|e| restored(e, last))),
            late: episodes.iter().filter(|e| delay(e, last) > ASKED).count(),
            late_open: episodes
                .iter()
                .filter(|e| delay_open(e, last) > ASKED)
                .count(),
            late_by_cause: lateness::by_cause(episodes, last),
            halted: count(&|frame| frame.halted > 0),
            unpriced: count(&|frame| frame.unpriced > 0),
            reducing: count(&|frame| frame.reducing > 0),
            debt: frames.last().map_or(0.0, |frame| frame.debt),
            worst_debt: largest(frames.iter().map(|frame| frame.debt)),
            fund_end: frames.last().map_or(0.0, |frame| frame.fund),
            losses: record.losses.clone(),
            fees: record.fees,
            parked: record.parked.clone(),
            hooks: [
                frames.iter().map(|frame| frame.hooks).sum::<f64>() / blocks,
                largest(plain().map(|frame| frame.hooks)),
            ],
            weight: largest(plain().map(|frame| frame.weight)),
            overweight: plain().filter(|frame| frame.weight > 1.0).count(),
            sessions: count(&|frame| frame.session),
            saturated: count(&|frame| frame.saturated),
            evaluated: evaluated(frames, outcome.skipped, accounts),
            healthy_per_due: healthy as f64 / found.max(1) as f64,
            found,
            most_closings: busiest.map_or(0, |frame| frame.closings),
            most_closed: busiest.map_or(0.0, |frame| frame.closed),
            takeovers: frames.iter().map(|f| u64::from(f.takeovers)).sum(),
            taken_over: frames.iter().map(|f| f.taken_over).sum(),
            joined: frames.iter().map(|f| u64::from(f.joined)).sum(),
            auctioned: frames.iter().map(|f| f.auctioned).sum(),
            millis: [
                frames.iter().map(|f| f64::from(f.micros)).sum::<f64>() / blocks / 1_000.0,
                largest(frames.iter().map(|f| f64::from(f.micros))) / 1_000.0,
            ],
            checked: outcome.checked,
            broken: outcome.broken.clone(),
            seconds: outcome.seconds,
            static_rules,
        }
    }

    /// Whether everything held that has to.
    pub fn is_sound(&self) -> bool {
        self.broken.is_empty()
    }
}

/// Skipped slots are blocks in which nobody would have been evaluated.
fn evaluated(frames: &[Frame], skipped: usize, accounts: usize) -> [f64; 3] {
    let mut counts: Vec<u32> = frames.iter().map(|frame| frame.evaluated).collect();
    counts.extend(std::iter::repeat_n(0, skipped));
    counts.sort_unstable();
    let percent = |count: f64| count / accounts.max(1) as f64 * 100.0;
    let sum: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    let [_, p99, most] = percentiles(&counts);
    [
        percent(sum as f64 / counts.len().max(1) as f64),
        percent(f64::from(p99)),
        percent(f64::from(most)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cause::Waits;

    #[test]
    fn delay_should_end_with_the_first_closing_or_with_the_time_under_maintenance() {
        let mut waits = Waits::default();
        for cause in [Cause::Halted, Cause::Halted, Cause::Halted, Cause::Drained] {
            waits.add(cause);
        }
        let mut episode = Episode {
            account: 0,
            began: 10,
            first_closing: Some(14),
            lowest: 0.9,
            ended: Some(30),
            waits,
        };
        let of = |e: &Episode| (delay(e, 40), delay_open(e, 40), restored(e, 40));
        assert_eq!(of(&episode), (4, 1, 20));
        episode.first_closing = None;
        assert_eq!(of(&episode), (20, 17, 20));
        episode.ended = None;
        assert_eq!(of(&episode), (30, 27, 30));
    }

    #[test]
    fn percentiles_should_be_those_of_the_sorted_numbers() {
        let numbers: Vec<u32> = (1..=200).collect();
        assert_eq!(percentiles(&numbers), [100, 198, 200]);
        assert_eq!(percentiles(&[]), [0, 0, 0]);
        assert_eq!(percentiles(&[7]), [7, 7, 7]);
    }
}
