//! Finds files of hourly bars, reads them, joins them to one history per asset.

use bulwark_primitives::Price;
use bulwark_risk_math::volatility::{HourInput, HourOfWeek, HOUR_MILLIS};
use price_replay::{Bar, Recording};
use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
};

/// Hours at the begin of each history that start the models and are not scored: 60 days.
pub const WARM_UP: usize = 1_440;
/// A price of a recording has 8 decimals, one of the chain 18.
const PRICE_UNITS: u128 = 10_000_000_000;
/// What a file of hours has in its name.
const HOURLY: &str = "_1h";
/// Ends of symbols that are the currency they are quoted in.
const QUOTES: [&str; 6] = ["USDT", "USDC", "BUSD", "FDUSD", "USD", "EUR"];

/// One hour of one asset, and how far it went from the close before, as fractions of that close.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hour {
    /// Begin, milliseconds since the epoch.
    pub time: u64,
    /// What the model under test is told.
    pub input: HourInput,
    /// Logarithm of close over close before.
    pub log_return: f64,
    /// How far the lowest price fell.
    pub fall: f64,
    /// How far the highest price rose.
    pub rise: f64,
    /// Close over close before, less one.
    pub change: f64,
}

/// The history of one asset, without its first hour, which has no hour before.
#[derive(Clone, Debug)]
pub struct Asset {
    /// For people.
    pub name: String,
    /// Oldest first.
    pub hours: Vec<Hour>,
}

impl Asset {
    /// The scored hours that begin in `from..to`.
    pub fn scored(&self, from: u64, to: u64) -> Range<usize> {
        let at = |time| {
            self.hours
                .partition_point(|hour| hour.time < time)
                .max(WARM_UP.min(self.hours.len()))
        };
        at(from)..at(to.max(from))
    }

    /// Of recordings that follow each other.
    fn new(name: String, mut parts: Vec<Recording>) -> Result<Self, String> {
        parts.sort_by_key(Recording::start);
        for (a, b) in parts.iter().zip(parts.iter().skip(1)) {
            if b.start() < a.end() {
                return Err(format!(
                    "{} and {} are both about {name} and overlap: leave one out",
                    a.name(),
                    b.name()
                ));
            }
        }
        let bars: Vec<&Bar> = parts.iter().flat_map(Recording::bars).collect();
        let hours = bars
            .iter()
            .zip(bars.iter().skip(1))
            .map(|(before, bar)| hour(before.close, bar))
            .collect();
        Ok(Self { name, hours })
    }
}

fn hour(before: price_replay::Price, bar: &Bar) -> Hour {
    let close = before.to_f64();
    let price = |price: price_replay::Price| Price(u128::from(price.0) * PRICE_UNITS);
    Hour {
        time: bar.time,
        input: HourInput {
            high: price(bar.high),
            low: price(bar.low),
            previous_close: price(before),
            hour: HourOfWeek::at(bar.time),
        },
        log_return: (bar.close.to_f64() / close).ln(),
        fall: 1.0 - bar.low.to_f64() / close,
        rise: bar.high.to_f64() / close - 1.0,
        change: bar.close.to_f64() / close - 1.0,
    }
}

/// Histories, and what was left out and why.
#[derive(Debug)]
pub struct Loaded {
    /// In the order asked for, otherwise by name.
    pub assets: Vec<Asset>,
    /// A line each.
    pub left_out: Vec<String>,
}

/// Reads every file, and of every directory those files of hours that are about one of `wanted`.
///
/// # Errors
/// File, line and reason, or what is missing and what to do.
pub fn load(paths: &[PathBuf], wanted: &[String]) -> Result<Loaded, String> {
    let mut series = BTreeMap::<String, Vec<Recording>>::new();
    for path in paths {
        if path.is_dir() {
            for (key, file) in hourly_files(path)? {
                if wanted.iter().any(|name| *name == base(&key)) {
                    series.entry(key).or_default().push(read(&file)?);
                }
            }
        } else {
            series.entry(key(path)).or_default().push(read(path)?);
        }
    }
    let mut left_out = Vec::new();
    let mut assets: Vec<(String, Asset)> = Vec::new();
    for (key, parts) in series {
        let asset = Asset::new(key.clone(), parts)?;
        if asset.hours.len() > WARM_UP {
            assets.push((base(&key), asset));
        } else {
            let count = asset.hours.len();
            left_out.push(format!(
                "{key}: {count} hours, the first {WARM_UP} only start the models"
            ));
        }
    }
    if assets.is_empty() {
        let reason = if left_out.is_empty() {
            format!("no hourly bars of {} there", wanted.join(", "))
        } else {
            left_out.join("; ")
        };
        return Err(format!("nothing to score: {reason}"));
    }
    let short: Vec<String> = assets.iter().map(|(base, _)| base.clone()).collect();
    for (base, asset) in &mut assets {
        // The short name, where it is clear.
        if short.iter().filter(|name| *name == base).count() == 1 {
            asset.name.clone_from(base);
        }
    }
    let rank = |base: &str| wanted.iter().position(|name| name == base);
    assets.sort_by_key(|(base, _)| rank(base).unwrap_or(usize::MAX));
    let assets = assets.into_iter().map(|(_, asset)| asset).collect();
    Ok(Loaded { assets, left_out })
}

fn read(path: &Path) -> Result<Recording, String> {
    let recording = Recording::from_csv(path).map_err(|error| error.to_string())?;
    let name = recording.name();
    if recording.interval() != HOUR_MILLIS {
        let minutes = recording.interval() / 60_000;
        return Err(format!("{name}: bars of {minutes} min; hours are needed"));
    }
    match recording
        .bars()
        .iter()
        .position(|bar| bar.time % HOUR_MILLIS != 0)
    {
        None => Ok(recording),
        Some(index) => Err(format!(
            "{name}: bar {} begins at {}, which is not a full hour",
            index + 1,
            price_replay::utc::format(recording.bars()[index].time)
        )),
    }
}

/// Files of hours in a directory, with what they are about.
fn hourly_files(directory: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let shown = directory.display();
    let entries = directory
        .read_dir()
        .map_err(|error| format!("{shown}: cannot be read: {error}"))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|error| format!("{shown}: cannot be read: {error}"))?
            .path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".csv") && name.contains(HOURLY) {
            files.push((key(&path), path));
        }
    }
    if files.is_empty() {
        return Err(format!(
            "{shown}: no hourly files there; they are called like binance_spot_BTCUSDT{HOURLY}_2025.csv, \
             or name the files themselves"
        ));
    }
    files.sort();
    Ok(files)
}

/// What a file is about: its name up to the hours (`binance_spot_BTCUSDT`).
fn key(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let end = stem.find(HOURLY).unwrap_or(stem.len());
    stem[..end].to_owned()
}

/// The asset of a key: `BTC` of `binance_spot_BTCUSDT`.
fn base(key: &str) -> String {
    let symbol = key.rsplit('_').next().unwrap_or(key);
    QUOTES
        .iter()
        .find_map(|quote| symbol.strip_suffix(quote))
        .filter(|base| !base.is_empty())
        .unwrap_or(symbol)
        .to_owned()
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use std::fs;

    /// An asset whose hours fall and rise by these shares of 100 USD and close where they began.
    pub fn asset(name: &str, start: u64, moves: Vec<f64>) -> Asset {
        let price = |share: f64| price_replay::Price((share * 1e10) as u64);
        let bars = moves.iter().zip(1..).map(|(size, count)| Bar {
            time: start + (count - 1) * HOUR_MILLIS,
            open: price(1.0),
            high: price(1.0 + size),
            low: price(1.0 - size),
            close: price(1.0),
            volume: 1.0,
        });
        let hours = bars.map(|bar| hour(price(1.0), &bar)).collect();
        Asset {
            name: name.into(),
            hours,
        }
    }

    /// A directory that is removed when dropped.
    struct Temporary(PathBuf);

    impl Temporary {
        fn new(name: &str) -> Self {
            let directory = format!("bulwark-backtest-{}-{name}", std::process::id());
            let path = std::env::temp_dir().join(directory);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn file(&self, name: &str, text: &str) -> PathBuf {
            let path = self.0.join(name);
            fs::write(&path, text).unwrap();
            path
        }
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn bars(from: u64, count: u64) -> String {
        let line = |i| format!("{},100,10{}.5,99,101,1\n", (from + i) * 3_600, i % 7 + 1);
        (0..count).map(line).collect()
    }

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn files_about_one_asset_should_be_joined_and_others_left() {
        let there = Temporary::new("joined");
        there.file("x_spot_ETHUSD_1h_2024.csv", &bars(480_000, 1_500));
        there.file("x_spot_BTCUSDT_1h_b.csv", &bars(481_000, 1_000));
        there.file("x_spot_BTCUSDT_1h_a.csv", &bars(480_000, 1_000));
        there.file("x_spot_BTCUSDT_5m_a.csv", "nonsense");
        there.file("x_spot_XYZUSDT_1h_a.csv", "nonsense");
        there.file("y_spot_BTCUSD_1h.csv", &bars(480_000, 700));
        let loaded = load(std::slice::from_ref(&there.0), &names(&["ETH", "BTC"])).unwrap();
        let found: Vec<_> = loaded
            .assets
            .iter()
            .map(|a| (&*a.name, a.hours.len()))
            .collect();
        assert_eq!(found, [("ETH", 1_499), ("BTC", 1_999)]);
        assert_eq!(loaded.left_out.len(), 1);
        assert!(loaded.left_out[0].starts_with("y_spot_BTCUSD: 699 hours"));
    }

    #[test]
    fn hour_should_be_measured_from_the_close_before() {
        let there = Temporary::new("measured");
        let file = there.file("one.csv", &bars(480_000, 1_500));
        let loaded = load(&[file], &[]).unwrap();
        assert_eq!(loaded.assets[0].name, "one");
        let hour = loaded.assets[0].hours[0];
        assert_eq!(hour.time, 480_001 * HOUR_MILLIS);
        assert_eq!(hour.input.hour, HourOfWeek::at(hour.time));
        assert_eq!(hour.input.previous_close, Price(101 * 10u128.pow(18)));
        assert_eq!(hour.input.high, Price(1_025 * 10u128.pow(17)));
        assert!((hour.fall - 2.0 / 101.0).abs() < 1e-12);
        assert!((hour.rise - 1.5 / 101.0).abs() < 1e-12);
        assert!(hour.change == 0.0 && hour.log_return == 0.0);
    }

    #[test]
    fn scored_hours_should_not_be_of_the_warm_up() {
        let asset = asset("a", 0, vec![0.01; 2_000]);
        assert_eq!(asset.scored(0, u64::MAX), 1_440..2_000);
        assert_eq!(asset.scored(0, HOUR_MILLIS), 1_440..1_440);
        assert_eq!(
            asset.scored(1_500 * HOUR_MILLIS, 1_501 * HOUR_MILLIS),
            1_500..1_501
        );
        assert!(asset.scored(9_000 * HOUR_MILLIS, u64::MAX).is_empty());
    }

    #[test]
    fn bad_files_should_be_named_with_line_and_reason() {
        let there = Temporary::new("bad");
        let good = bars(480_000, 1_500);
        let cut = there.file("cut.csv", &format!("{good}1733400000,1,2\n"));
        let minutes = there.file(
            "minutes.csv",
            "1733400000,1,1,1,1,1\n1733400300,1,1,1,1,1\n",
        );
        let shifted = there.file(
            "shifted.csv",
            "1733400060,1,1,1,1,1\n1733403660,1,1,1,1,1\n",
        );
        let short = there.file("short.csv", &bars(480_000, 100));
        let a = there.file("a_BTCUSDT_1h_1.csv", &good);
        let b = there.file("a_BTCUSDT_1h_2.csv", &bars(480_001, 1_500));
        let empty = Temporary::new("empty");
        let cases: [(&[PathBuf], &str); 7] = [
            (&[cut], "cut.csv:1501: 3 columns"),
            (&[minutes], "minutes.csv: bars of 5 min; hours are needed"),
            (
                &[shifted],
                "bar 1 begins at 2024-12-05T12:01:00.000Z, which is not a full hour",
            ),
            (&[short], "nothing to score: short: 99 hours"),
            (
                &[a, b],
                "a_BTCUSDT_1h_2.csv are both about a_BTCUSDT and overlap",
            ),
            (std::slice::from_ref(&empty.0), "no hourly files there"),
            (&["no/such.csv".into()], "no/such.csv: cannot be read"),
        ];
        for (paths, expected) in cases {
            let error = load(paths, &names(&["BTC"])).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
        let error = load(std::slice::from_ref(&there.0), &names(&["DOT"])).unwrap_err();
        assert_eq!(error, "nothing to score: no hourly bars of DOT there");
    }

    #[test]
    fn asset_should_be_read_from_its_key() {
        for (key, expected) in [
            ("binance_spot_BTCUSDT", "BTC"),
            ("BTC", "BTC"),
            ("kraken_ETHEUR", "ETH"),
            ("USDT", "USDT"),
        ] {
            assert_eq!(base(key), expected);
        }
    }
}
