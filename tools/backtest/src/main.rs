//! Backtest of the volatility model: recorded hours, the chain's own code, other models beside it.
//!
//! The margins under test are made by the functions of `bulwark-risk-math` that the chain runs, in
//! its fixed point. What they are scored with is floating point: no rule depends on it.

mod args;
mod data;
mod models;
mod report;
mod score;
mod stats;

use args::Args;
use clap::Parser;
use score::{Periods, Report};
use std::{io::Write, path::Path, process::ExitCode, time::Instant};

/// The run could not be made.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bulwark-backtest: {error}");
            USAGE.into()
        }
    }
}

fn run(args: &Args) -> Result<(), String> {
    let begun = Instant::now();
    let said = |line: &str| eprintln!("{:>6.1} s  {line}", begun.elapsed().as_secs_f64());
    let paths = args.paths()?;
    said("reading");
    let loaded = data::load(&paths, &args.assets)?;
    for line in &loaded.left_out {
        said(&format!("left out: {line}"));
    }
    let assets = loaded.assets;
    let periods = args.periods(&assets)?;
    if args.from.is_some_and(|from| from < args.train_end) {
        said("the scored hours are partly those of the training: their coverage is no test");
    }
    let hours: usize = assets.iter().map(|asset| asset.hours.len()).sum();
    said(&format!(
        "{} assets, {hours} hours; running the models",
        assets.len()
    ));
    let models = models::run(&assets, said)?;
    said("scoring");
    let report = score::score(&assets, &models, &periods)?;
    show(&report::text::render(&report));
    write(args, &report, &assets, &models, &periods)?;
    said("done");
    Ok(())
}

fn write(
    args: &Args,
    report: &Report,
    assets: &[data::Asset],
    models: &[models::Model],
    periods: &Periods,
) -> Result<(), String> {
    if let Some(path) = &args.json {
        let json = serde_json::to_string_pretty(report).map_err(|error| error.to_string())?;
        save(path, &json)?;
        show(&format!("\nJSON: {}\n", path.display()));
    }
    if let Some(directory) = &args.plots {
        std::fs::create_dir_all(directory)
            .map_err(|error| format!("{}: cannot be made: {error}", directory.display()))?;
        let path = directory.join("backtest.html");
        save(
            &path,
            &report::html::render(report, assets, models, periods),
        )?;
        show(&format!("\nPlots: {}\n", path.display()));
    }
    Ok(())
}

/// Prints. Who reads may stop early, as `head` does: what is written to files is written all the same.
fn show(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn save(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text)
        .map_err(|error| format!("{}: cannot be written: {error}", path.display()))
}
