//! The command line, and what it asks for.

use crate::{
    node::OffchainWorker,
    units::{date_time, parse_time},
};
use bulwark_primitives::SLOT_MILLIS;
use clap::Parser;
use pallet_circuit_breaker::{Timing, MIN_PAUSE, MIN_WINDOW};
use pallet_price_oracle::Guards;
use price_replay::{Asset, Feeds, Options, Recording, Replay, Scenario};
use std::path::PathBuf;

/// Replayed seconds per second: one block is one replayed minute.
pub const DEFAULT_SPEED: f64 = 30.0;
/// The same crash for everybody who does not ask for another.
pub const DEFAULT_SEED: u64 = 2020;
/// The part of the bundled day that is replayed: minutes from its begin. The second leg, in which a
/// quarter of the price is lost within a quarter of an hour.
const BUNDLED_WINDOW: (u64, u64) = (990, 1_035);
const MINUTE: u64 = 60_000;
/// Faster than this a block would jump over half an hour.
const MAX_SPEED: f64 = 1_000.0;

/// Replays a crash against a development chain and reports what consensus did.
#[derive(Clone, Debug, Parser)]
#[command(name = "bulwark-demo", version, after_help = EXAMPLES)]
pub struct Args {
    /// Recorded bars: `time_utc,open,high,low,close,volume`, or a Binance kline dump. Without it a
    /// crash of the size and speed of March 2020 is made from a seed.
    #[arg(long, value_name = "FILE.csv")]
    pub data: Option<PathBuf>,

    /// Begin of the replay, UTC: 2025-10-10T20:50, or seconds since the epoch.
    #[arg(long, value_name = "T", value_parser = parse_time)]
    pub from: Option<u64>,

    /// End of the replay.
    #[arg(long, value_name = "T", value_parser = parse_time)]
    pub to: Option<u64>,

    /// Replayed seconds per second.
    #[arg(long, value_name = "X", default_value_t = DEFAULT_SPEED, value_parser = parse_speed, allow_negative_numbers = true)]
    pub speed: f64,

    /// Seed of the made crash.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED, conflicts_with = "data")]
    pub seed: u64,

    /// No live table: one line for every few blocks, for CI.
    #[arg(long)]
    pub headless: bool,

    /// Whether the node runs its offchain workers. With `never` the demo feeds the prices, and the
    /// chain closes accounts with no worker alive.
    #[arg(long, value_enum, default_value_t = OffchainWorker::Always)]
    pub offchain_worker: OffchainWorker,

    /// Where the HTML page goes.
    #[arg(long, value_name = "FILE", default_value = "demo-report.html")]
    pub report: PathBuf,

    /// Write everything that was seen as JSON, too.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,

    /// The node to start; default: `bulwark-node` beside this program.
    #[arg(long, value_name = "PATH")]
    pub node: Option<PathBuf>,

    /// Keep node, prices and market maker running after the report, until Ctrl-C.
    #[arg(long)]
    pub keep: bool,

    /// RPC port of the node; default: a free one.
    #[arg(long, value_name = "PORT")]
    pub rpc_port: Option<u16>,

    /// Port of the price replay; default: a free one.
    #[arg(long, value_name = "PORT")]
    pub replay_port: Option<u16>,
}

const EXAMPLES: &str = "\
Examples:
  bulwark-demo
  bulwark-demo --seed 7 --offchain-worker never
  bulwark-demo --data BTCUSDT-5m-2025-10.csv --from 2025-10-10T20:50 --to 2025-10-10T21:30";

fn parse_speed(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|speed| *speed > 0.0 && *speed <= MAX_SPEED)
        .ok_or_else(|| {
            format!("`{text}` is not a speed: write a number above 0, at most {MAX_SPEED}")
        })
}

/// What is going to be replayed.
#[derive(Debug)]
pub struct Plan {
    /// Stands at its begin until it is started.
    pub replay: Replay,
    /// One line for people.
    pub source: String,
    /// First moment, milliseconds since the epoch.
    pub from: u64,
    /// Last moment.
    pub to: u64,
}

/// Reads the data and checks everything about it.
///
/// # Errors
/// One line: which option or which line of which file is wrong, and why.
pub fn plan(args: &Args) -> Result<Plan, String> {
    if let (Some(from), Some(to)) = (args.from, args.to) {
        if from >= to {
            return Err(format!(
                "--from {} is not before --to {}",
                date_time(from),
                date_time(to)
            ));
        }
    }
    let (recording, source, window) = match &args.data {
        Some(path) => {
            let recording = Recording::from_csv(path).map_err(|e| e.to_string())?;
            let minutes = recording.interval() / MINUTE;
            // The name alone: a report is for others, who do not have these folders.
            let name = path.file_name().unwrap_or(path.as_os_str());
            let source = format!("{}, bars of {minutes} min", name.to_string_lossy());
            let whole = (recording.start(), recording.end());
            (recording, source, whole)
        }
        None => {
            let recording = Scenario::march_2020_like(args.seed).recording();
            let start = recording.start();
            let window = (
                start + BUNDLED_WINDOW.0 * MINUTE,
                start + BUNDLED_WINDOW.1 * MINUTE,
            );
            let source = format!(
                "a made crash of the size and speed of March 2020 (seed {})",
                args.seed
            );
            (recording, source, window)
        }
    };
    let from = args.from.unwrap_or(window.0);
    let to = args.to.unwrap_or(window.1);
    let options = Options {
        from: Some(from),
        to: Some(to),
        speed: args.speed,
        wait: true,
    };
    let feeds = Feeds::default().everywhere(Asset::btc(), recording);
    let replay = Replay::new(feeds, options).map_err(|e| format!("--from, --to: {e}"))?;
    Ok(Plan {
        replay,
        source,
        from,
        to,
    })
}

/// The breaker's times, made shorter by the speed of the replay, so that a replayed minute is a minute
/// to it.
pub fn breaker_timing(speed: f64) -> Timing {
    let normal = Timing::default();
    let scaled = |millis: u64| (millis as f64 / speed).round() as u64;
    let window_millis = scaled(normal.window_millis).max(MIN_WINDOW);
    Timing {
        window_millis,
        persistence_millis: scaled(normal.persistence_millis).min(window_millis - 1),
        pause_millis: scaled(normal.pause_millis).max(MIN_PAUSE),
    }
}

/// The oracle's times, made shorter likewise: a price is compared with the mean of five replayed
/// minutes.
pub fn oracle_guards(speed: f64) -> Guards {
    let normal = Guards::default();
    let scaled =
        |millis: u64, least: u64| ((millis as f64 / speed).round() as u64).clamp(least, 600_000);
    let short_window = scaled(normal.short_window, 5 * SLOT_MILLIS);
    Guards {
        quorum_gap: scaled(normal.quorum_gap, 2 * SLOT_MILLIS).min(short_window),
        block_gap: scaled(normal.block_gap, 2 * SLOT_MILLIS),
        grace: scaled(normal.grace, SLOT_MILLIS),
        short_window,
        long_window: ((normal.long_window as f64 / speed).round() as u64)
            .clamp(short_window, 24 * normal.long_window),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Result<Args, String> {
        Args::try_parse_from(line.split(' ')).map_err(|e| e.to_string())
    }

    fn error(line: &str) -> String {
        let error = args(line).and_then(|args| plan(&args)).unwrap_err();
        error.lines().next().unwrap_or_default().to_owned()
    }

    /// A file that is removed when dropped.
    struct Temporary(PathBuf);

    impl Temporary {
        fn new(name: &str, content: &str) -> Self {
            let file = format!("bulwark-demo-{}-{name}", std::process::id());
            let path = std::env::temp_dir().join(file);
            std::fs::write(&path, content).unwrap();
            Self(path)
        }
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    impl std::fmt::Display for Temporary {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.display().fmt(f)
        }
    }

    const BARS: &str = "time_utc,open,high,low,close,volume\n\
        1760129400,100,101,99,100,1\n\
        1760129700,100,101,99,100,1\n";

    #[test]
    fn bundled_crash_should_last_a_minute_and_a_half_and_be_deep_when_nothing_is_asked_for() {
        let plan = plan(&args("demo").unwrap()).unwrap();
        let seconds = (plan.to - plan.from) as f64 / 1_000.0 / DEFAULT_SPEED;
        assert!((60.0..=90.0).contains(&seconds), "{seconds}");
        let prices: Vec<f64> = (plan.from..=plan.to)
            .step_by(10_000)
            .filter_map(|t| plan.replay.price_at(t))
            .map(|p| p.to_f64())
            .collect();
        let low = prices.iter().copied().fold(f64::MAX, f64::min);
        assert!(low / prices[0] < 0.76, "{}", low / prices[0]);
    }

    #[test]
    fn plan_should_use_the_window_when_it_is_in_the_file() {
        let path = Temporary::new("good.csv", BARS);
        let line = format!("demo --data {path} --from 2025-10-10T20:52 --to 1760129880");
        let plan = plan(&args(&line).unwrap()).unwrap();
        assert_eq!((plan.from, plan.to), (1_760_129_520_000, 1_760_129_880_000));
        assert_eq!(plan.replay.now(), plan.from, "it waits");
    }

    #[test]
    fn bad_arguments_should_be_named_in_one_line() {
        let good = Temporary::new("window.csv", BARS);
        let damaged = Temporary::new("damaged.csv", &format!("{BARS}1760130000,100,101\n"));
        let cases = [
            (
                "demo --data no/such.csv".into(),
                "no/such.csv: cannot be read",
            ),
            (format!("demo --data {damaged}"), "damaged.csv:4: 3 columns"),
            ("demo --from yesterday".into(), "`yesterday`"),
            (
                format!("demo --data {good} --from 2025-10-10T20:53 --to 2025-10-10T20:52"),
                "--from 2025-10-10 20:53:00 is not before --to 2025-10-10 20:52:00",
            ),
            (
                format!("demo --data {good} --from 2024-01-01"),
                "2024-01-01T00:00:00.000Z is outside the data",
            ),
            ("demo --speed 0".into(), "`0` is not a speed"),
            ("demo --speed -3".into(), "`-3` is not a speed"),
            ("demo --speed fast".into(), "`fast` is not a speed"),
            ("demo --offchain-worker maybe".into(), "maybe"),
            ("demo --seed 1 --data x.csv".into(), "cannot be used with"),
        ];
        for (line, expected) in cases {
            let found = error(&line);
            assert!(found.contains(expected), "{line}: {found}");
        }
    }

    #[test]
    fn breaker_should_keep_replayed_time_when_scaled_within_its_bounds() {
        assert_eq!(breaker_timing(1.0), Timing::default());
        assert_eq!(oracle_guards(1.0), Guards::default());
        assert_eq!(oracle_guards(30.0).short_window, 10_000);
        let thirty = breaker_timing(30.0);
        assert_eq!(
            (
                thirty.window_millis,
                thirty.persistence_millis,
                thirty.pause_millis
            ),
            (10_000, 500, 10_000)
        );
        for speed in [0.5, 7.0, 100.0, MAX_SPEED] {
            assert!(breaker_timing(speed).is_valid(), "{speed}");
            assert!(oracle_guards(speed).is_valid(), "{speed}");
        }
    }
}
