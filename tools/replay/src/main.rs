//! Plays crashes against the full runtime, block by block, with thousands of accounts.
//!
//! What runs is the runtime: its hooks, its dispatches, its events, in the order of a block. What is left
//! out of a block is said at [`bulwark_testing::Chain::flat`] and [`bulwark_testing::Chain::dispatch`]: state
//! root, signatures and fees.

mod accounts;
mod args;
mod assets;
mod cause;
mod depth;
mod feeders;
mod lateness;
mod look;
mod makers;
mod market;
mod measure;
mod path;
mod quick;
mod report;
mod rng;
mod run;
mod scenario;
mod statics;
mod summary;
mod world;

use args::Args;
use clap::Parser;
use measure::{Episode, Frame};
use run::{Watch, SCANNED};
use scenario::Scenario;
use serde::Serialize;
use std::{io::Write, path::Path, process::ExitCode, time::Instant};
use summary::Summary;
use world::World;

/// The run could not be made.
const USAGE: u8 = 2;
/// An invariant did not hold.
const BROKEN: u8 = 1;

/// One scenario's run, as it is written.
#[derive(Debug, Serialize)]
pub struct Played {
    pub summary: Summary,
    pub symbols: Vec<String>,
    pub start: u64,
    pub frames: Vec<Frame>,
    pub episodes: Vec<Episode>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => BROKEN.into(),
        Err(error) => {
            eprintln!("bulwark-replay: {error}");
            USAGE.into()
        }
    }
}

fn run(args: &Args) -> Result<bool, String> {
    let begun = Instant::now();
    let headless = args.headless;
    let mut say = |line: &str| {
        if !headless {
            eprintln!("{:>7.1} s  {line}", begun.elapsed().as_secs_f64());
        }
    };
    let is_share = |percent: f64| (0.0..=100.0).contains(&percent);
    if args.accounts == 0 || !is_share(args.fund) || !is_share(args.vault) {
        return Err("there has to be an account, and a fund and a vault of 0 to 100 %".into());
    }
    let scenarios = scenario::load(&args.scenario, &args.data, [args.from, args.to], args.seed)?;
    let mut played = Vec::new();
    for scenario in &scenarios {
        say(&format!("{}: {}", scenario.name, scenario.title));
        let one = play(scenario, args, &mut say)?;
        show(&report::text::one(&one.summary));
        played.push(one);
        // After each, so that what is done is there when a later one is stopped.
        write(args, &played)?;
    }
    if played.len() > 1 {
        show(&report::text::all(&played));
    }
    Ok(played.iter().all(|one| one.summary.is_sound()))
}

fn play(scenario: &Scenario, args: &Args, say: &mut dyn FnMut(&str)) -> Result<Played, String> {
    let shares = world::Shares {
        fund: args.fund / 100.0,
        vault: args.vault / 100.0,
    };
    let mut world = World::new(scenario, args.accounts, args.seed, shares, say)?;
    say(&format!(
        "{} accounts open, {} positions refused",
        args.accounts, world.refused.0
    ));
    let watch = Watch {
        check_every: args.check_every,
        scan_all: args.accounts <= SCANNED,
        quick: !args.full_scan,
    };
    let outcome = run::play(&mut world, scenario, watch, say);
    let interest: Vec<f64> = world.markets.iter().map(|market| market.interest).collect();
    let specs = scenario.specs();
    let static_rules = statics::play(
        scenario,
        &specs,
        &world.plans,
        &interest,
        outcome.fund,
        args.seed,
    );
    let refused = (
        world.refused.0,
        world.refused.1.map(|error| format!("{error:?}")),
    );
    let summary = Summary::new(
        scenario,
        &outcome,
        args.accounts,
        args.seed,
        refused,
        world.chain.number(),
        static_rules,
    );
    Ok(Played {
        summary,
        symbols: scenario.paths.iter().map(|p| p.symbol.clone()).collect(),
        start: scenario.start,
        frames: outcome.record.frames,
        episodes: outcome.record.episodes,
    })
}

/// Writes what has been played.
fn write(args: &Args, played: &[Played]) -> Result<(), String> {
    if let Some(path) = &args.json {
        let json = serde_json::to_string(played).map_err(|error| error.to_string())?;
        save(path, &json)?;
    }
    if let Some(path) = &args.html {
        save(path, &report::html::render(played))?;
    }
    Ok(())
}

/// Prints. Who reads may stop early, as `head` does.
fn show(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn save(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text)
        .map_err(|error| format!("{}: cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(name: &str, accounts: &str) -> Played {
        played_with(name, accounts, &["--check-every", "1"], 90)
    }

    fn played_with(name: &str, accounts: &str, more: &[&str], slots: usize) -> Played {
        let args = ["bulwark-replay", "--scenario", name, "--accounts", accounts];
        let args = Args::parse_from([&args[..], more].concat());
        let mut scenarios = scenario::load(name, &[], [None, None], 1).expect("made");
        for path in &mut scenarios[0].paths {
            // The crash and what follows at once are enough.
            path.prices.truncate(slots);
        }
        play(&scenarios[0], &args, &mut |_| {}).expect("it can be played")
    }

    /// Runs what `REPLAY` says, for where only tests are built.
    #[test]
    #[ignore = "a run of its own, as long as it takes"]
    fn command_line_should_run() {
        let line = std::env::var("REPLAY").expect("REPLAY has the arguments");
        let args = ["bulwark-replay"].into_iter().chain(line.split(' '));
        assert_eq!(run(&Args::parse_from(args)), Ok(true));
    }

    #[test]
    fn every_account_should_be_found_in_one_block_when_all_are_due_at_once() {
        let one = played("due-at-once", "30");
        let of = &one.summary;
        assert_eq!(of.broken, Vec::<String>::new());
        assert!(one.frames.iter().any(|frame| frame.found == 30));
        // Not all in that block: makers stand further away than the price floor of some.
        assert_eq!((of.refused, of.liquidated), (0, 30));
        assert!(of.checked > 0 && of.most_closings >= 10 && of.debt == 0.0);
    }

    #[test]
    fn scan_should_see_the_same_when_it_leaves_out_who_cannot_be_under_maintenance() {
        let seen = |more: &[&str]| {
            let one = played_with("depth", "60", more, 420);
            let rows = one.frames.into_iter();
            let rows = rows.map(|frame| (frame.under, frame.debt.to_bits(), frame.found));
            (rows.collect::<Vec<_>>(), format!("{:?}", one.episodes))
        };
        let full = seen(&["--check-every", "0", "--full-scan"]);
        assert!(full.0.iter().any(|frame| frame.0 > 0));
        assert_eq!(seen(&["--check-every", "0"]), full);
    }

    #[test]
    fn nobody_should_be_evaluated_when_nothing_happens() {
        let of = played("calm", "30").summary;
        assert_eq!((of.refused, of.liquidated, of.found), (0, 0, 0));
        assert!(of.skipped > 0 && of.blocks > 0);
        assert!(of.interest > 0.0 && (0.5..1.5).contains(&(of.fund / of.interest * 100.0)));
    }
}
