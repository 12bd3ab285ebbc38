//! The command line.

use clap::Parser;
use price_replay::utc;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  cargo xtask replay --scenario gap
  cargo xtask replay --data ../shared/data/market --scenario crashes --html replay.html
  cargo xtask replay --data BTCUSDT-1m.csv --scenario own --from 2025-10-10T21:00:00Z --to 2025-10-10T22:00:00Z";

/// Plays crashes against the full runtime with many accounts and measures liquidation.
#[derive(Clone, Debug, Parser)]
#[command(name = "bulwark-replay", version, after_help = EXAMPLES)]
pub struct Args {
    /// Where recorded bars are: directories, or files for `--scenario own`.
    #[arg(long, value_name = "DIR|FILE", num_args = 1..)]
    pub data: Vec<PathBuf>,

    /// 2020-03, 2021-05, 2022-06, 2022-11, 2024-08, 2025-10 or `crashes` for all of them; calm, gap, depth,
    /// outage, congested, due-at-once or `made`; `own` for the files of --data.
    #[arg(long, value_name = "NAME", default_value = "gap")]
    pub scenario: String,

    /// How many accounts trade.
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub accounts: usize,

    /// Seed of accounts, noise and made prices.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,

    /// Begin of the window, UTC, instead of the scenario's own.
    #[arg(long, value_name = "T", value_parser = utc::parse)]
    pub from: Option<u64>,

    /// End of the window.
    #[arg(long, value_name = "T", value_parser = utc::parse)]
    pub to: Option<u64>,

    /// Insurance fund at the begin, % of open interest.
    #[arg(long, value_name = "PERCENT", default_value_t = 1.0)]
    pub fund: f64,

    /// Capital of the backstop vault at the begin, % of open interest; 0 is none.
    #[arg(long, value_name = "PERCENT", default_value_t = 1.0)]
    pub vault: f64,

    /// Check all invariants in every so many blocks; 0 is never.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub check_every: u32,

    /// Value every account at the end of every block, also who cannot be under maintenance.
    #[arg(long)]
    pub full_scan: bool,

    /// No lines of progress.
    #[arg(long)]
    pub headless: bool,

    /// Write everything that was measured as JSON.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,

    /// Write one page with charts.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}
