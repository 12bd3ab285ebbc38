//! What can be played: six recorded crashes, made ones that need no data, and bars of one's own.

use crate::{
    assets::{spec_of, Spec, SPECS},
    path::{bridge, Path},
    rng::Rng,
};
use bulwark_primitives::SLOT_MILLIS;
use price_replay::{utc, Recording};
use std::{ops::Range, path::PathBuf};

/// Slots of a minute.
const MINUTE: usize = 30;
/// Where made scenarios are in time.
const MADE_START: u64 = 1_767_225_600_000;

/// How the accounts are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crowd {
    /// From the distributions of [`crate::accounts`].
    Mixed,
    /// One long each, all near the highest leverage: a small fall makes all of them due.
    AtTheEdge,
}

/// One thing to play.
#[derive(Debug)]
pub struct Scenario {
    pub name: String,
    pub title: String,
    /// Milliseconds since the epoch at the first slot.
    pub start: u64,
    pub paths: Vec<Path>,
    pub crowd: Crowd,
    /// What is left of the depth from a slot on, before volatility.
    pub depth: Option<(usize, f64)>,
    /// Slots in which no feeder says anything.
    pub silence: Range<usize>,
    /// Whether user transactions with the highest tips fill every block.
    pub congested: bool,
    /// Where the prices come from, one line each.
    pub sources: Vec<String>,
}

impl Scenario {
    /// Number of slots.
    pub fn slots(&self) -> usize {
        self.paths.first().map_or(0, |path| path.prices.len())
    }

    /// Share of the depth that the scenario leaves in a slot.
    pub fn depth_at(&self, slot: usize) -> f64 {
        match self.depth {
            Some((from, share)) if slot >= from => share,
            Some(_) | None => 1.0,
        }
    }

    /// The assets of its paths.
    pub fn specs(&self) -> Vec<&'static Spec> {
        let of = |path: &Path| spec_of(&path.symbol).unwrap_or(&SPECS[0]);
        self.paths.iter().map(of).collect()
    }
}

/// A recorded crash: its files and its hours.
#[derive(Debug)]
pub struct Recorded {
    pub name: &'static str,
    pub title: &'static str,
    from: &'static str,
    to: &'static str,
    /// Symbol, file, file of a venue with a wick of its own.
    series: &'static [(&'static str, &'static str, Option<&'static str>)],
}

/// The recorded crashes, in their order.
pub const RECORDED: [Recorded; 6] = [
    Recorded {
        name: "2020-03",
        title: "12 March 2020: Bitcoin from 7,400 to 5,550 in half an hour",
        from: "2020-03-12T10:15:00Z",
        to: "2020-03-12T12:15:00Z",
        series: &[
            ("BTC", "binance_spot_BTCUSDT_5m_2020-03.csv", None),
            ("ETH", "binance_spot_ETHUSDT_1h_2018-2021.csv", None),
            ("BCH", "binance_spot_BCHUSDT_5m_2020-03.csv", None),
            ("XTZ", "binance_spot_XTZUSDT_5m_2020-03.csv", None),
        ],
    },
    Recorded {
        name: "2021-05",
        title: "19 May 2021: Bitcoin to 30,000, alternatives down 40 % in the hour",
        from: "2021-05-19T12:15:00Z",
        to: "2021-05-19T14:15:00Z",
        series: &[
            ("BTC", "binance_spot_BTCUSDT_1m_2021-05.csv", None),
            ("ETH", "binance_spot_ETHUSDT_1m_2021-05.csv", None),
            ("DOGE", "binance_spot_DOGEUSDT_1m_2021-05.csv", None),
            ("LINK", "binance_spot_LINKUSDT_1m_2021-05.csv", None),
            ("DOT", "binance_spot_DOTUSDT_1m_2021-05.csv", None),
        ],
    },
    Recorded {
        name: "2022-06",
        title: "18 June 2022: Bitcoin under 20,000",
        from: "2022-06-18T06:15:00Z",
        to: "2022-06-18T07:15:00Z",
        series: &[
            ("BTC", "binance_spot_BTCUSDT_1h_2022-2025.csv", None),
            ("ETH", "binance_spot_ETHUSDT_1h_2022-2025.csv", None),
            ("SOL", "binance_spot_SOLUSDT_15m_2022-05_06.csv", None),
            ("AVAX", "binance_spot_AVAXUSDT_15m_2022-05_06.csv", None),
            ("DOT", "binance_spot_DOTUSDT_15m_2022-05_06.csv", None),
        ],
    },
    Recorded {
        name: "2022-11",
        title: "8 November 2022: the fall of FTX",
        from: "2022-11-08T18:50:00Z",
        to: "2022-11-08T19:50:00Z",
        series: &[
            ("BTC", "binance_spot_BTCUSDT_1h_2022-2025.csv", None),
            ("ETH", "binance_spot_ETHUSDT_5m_2022-11.csv", None),
            ("SOL", "binance_perp_SOLUSDT_15m_2022-11.csv", None),
            ("BNB", "binance_perp_BNBUSDT_15m_2022-11.csv", None),
            ("DOT", "binance_spot_DOTUSDT_1h_2022-2025.csv", None),
        ],
    },
    Recorded {
        name: "2024-08",
        title: "5 August 2024: the yen carry trade",
        from: "2024-08-05T00:45:00Z",
        to: "2024-08-05T02:45:00Z",
        series: &[
            ("BTC", "binance_spot_BTCUSDT_5m_2024-08.csv", None),
            ("ETH", "binance_spot_ETHUSDT_15m_2024-07_09.csv", None),
            ("SOL", "binance_spot_SOLUSDT_1h_2022-2025.csv", None),
            ("DOT", "binance_spot_DOTUSDT_1h_2022-2025.csv", None),
        ],
    },
    Recorded {
        name: "2025-10",
        title: "10 October 2025: the largest liquidation of all",
        from: "2025-10-10T20:45:00Z",
        to: "2025-10-10T22:15:00Z",
        series: &[
            ("BTC", "gemini_spot_BTCUSD_1m_2025-10-10.csv", None),
            ("ETH", "gemini_spot_ETHUSD_1m_2025-10-10.csv", None),
            ("SOL", "gemini_spot_SOLUSD_1m_2025-10-10.csv", None),
            (
                "AVAX",
                "coinbase_spot_AVAXUSD_1m_2025-10-10.csv",
                Some("binance_coinm_AVAXUSD_1m_2025-10-10.csv"),
            ),
            (
                "DOT",
                "coinbase_spot_DOTUSD_1m_2025-10-10.csv",
                Some("binance_coinm_DOTUSD_1m_2025-10-10.csv"),
            ),
        ],
    },
];

/// Names of the made scenarios, with what they are.
pub const MADE: [(&str, &str); 6] = [
    ("calm", "an hour in which nothing happens"),
    ("gap", "a gap of 40 % in one block"),
    ("depth", "a fall of 15 % with a tenth of the depth"),
    (
        "outage",
        "feeders silent for three minutes in the middle of a fall of 12 %",
    ),
    (
        "congested",
        "a fall of 12 % while user transactions with the highest tips fill every block",
    ),
    ("due-at-once", "every account due in the same block"),
];

/// What to play, by name: `--scenario`.
///
/// # Errors
/// One line: an unknown name, or which file is missing or wrong.
pub fn load(
    name: &str,
    data: &[PathBuf],
    window: [Option<u64>; 2],
    seed: u64,
) -> Result<Vec<Scenario>, String> {
    let recorded = |name: &str| {
        let found = RECORDED.iter().find(|recorded| recorded.name == name);
        found.map(|recorded| from_files(recorded, data, window, seed))
    };
    let made = |name: &str| make(name, seed);
    match name {
        "crashes" => RECORDED.iter().filter_map(|r| recorded(r.name)).collect(),
        "made" => MADE
            .iter()
            .filter_map(|(name, _)| made(name))
            .map(Ok)
            .collect(),
        "own" => own(data, window, seed).map(|scenario| vec![scenario]),
        name => match (recorded(name), made(name)) {
            (Some(scenario), _) => Ok(vec![scenario?]),
            (None, Some(scenario)) => Ok(vec![scenario]),
            (None, None) => Err(format!(
                "there is no scenario `{name}`; there are {}, crashes, {}, made, own",
                RECORDED.map(|r| r.name).join(", "),
                MADE.map(|(name, _)| name).join(", "),
            )),
        },
    }
}

/// A file by name in the directories, or among the files, of `--data`.
fn find(data: &[PathBuf], name: &str) -> Result<PathBuf, String> {
    let mut inside = data.iter().map(|path| {
        if path.is_dir() {
            path.join(name)
        } else {
            path.clone()
        }
    });
    inside
        .find(|path| path.is_file() && path.ends_with(name))
        .ok_or_else(|| format!("{name} is in none of the places that --data names"))
}

/// Reads the part of a file around a window.
fn read(path: impl AsRef<std::path::Path>) -> Result<Recording, String> {
    Recording::from_csv(path).map_err(|error| error.to_string())
}

fn from_files(
    recorded: &Recorded,
    data: &[PathBuf],
    window: [Option<u64>; 2],
    seed: u64,
) -> Result<Scenario, String> {
    let from = window[0].map_or_else(|| utc::parse(recorded.from), Ok)?;
    let to = window[1].map_or_else(|| utc::parse(recorded.to), Ok)?;
    let mut paths = Vec::new();
    let mut sources = Vec::new();
    for (symbol, file, wick) in recorded.series {
        let main = read(find(data, file)?)?;
        let wick = wick
            .map(|file| find(data, file).and_then(read))
            .transpose()?;
        let wicked = wick.as_ref().map_or(String::new(), |wick| {
            format!(", one feeder on {}", short(wick.name()))
        });
        sources.push(format!(
            "{symbol}: {}, {} bars{wicked}",
            short(main.name()),
            length(main.interval())
        ));
        paths.push(path(symbol, &main, wick.as_ref(), [from, to], seed)?);
    }
    Ok(plain(recorded.name, recorded.title, from, paths, sources))
}

fn short(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn length(millis: u64) -> String {
    match millis / 60_000 {
        60 => "1 h".into(),
        minutes => format!("{minutes} min"),
    }
}

fn path(
    symbol: &str,
    main: &Recording,
    wick: Option<&Recording>,
    [from, to]: [u64; 2],
    seed: u64,
) -> Result<Path, String> {
    if from >= to {
        return Err("the window ends before it begins".into());
    }
    let slots = ((to - from) / SLOT_MILLIS) as usize;
    let missing =
        |recording: &Recording| format!("{} begins after {}", recording.name(), utc::format(from));
    let walk = |recording: &Recording, venue: &str| {
        let mut rng = Rng::new(seed, &format!("path {symbol} {venue}"));
        bridge(recording, from, slots, &mut rng).ok_or_else(|| missing(recording))
    };
    if main.end() < to {
        return Err(format!(
            "{} ends at {}, before {}",
            main.name(),
            utc::format(main.end()),
            utc::format(to)
        ));
    }
    Ok(Path {
        symbol: symbol.to_owned(),
        prices: walk(main, "main")?,
        wick: wick.map(|wick| walk(wick, "wick")).transpose()?,
    })
}

fn plain(name: &str, title: &str, start: u64, paths: Vec<Path>, sources: Vec<String>) -> Scenario {
    Scenario {
        name: name.to_owned(),
        title: title.to_owned(),
        start,
        paths,
        crowd: Crowd::Mixed,
        depth: None,
        silence: 0..0,
        congested: false,
        sources,
    }
}

/// Bars of one's own: each file is of the asset whose symbol its name contains.
fn own(data: &[PathBuf], window: [Option<u64>; 2], seed: u64) -> Result<Scenario, String> {
    let mut recordings: Vec<(&'static Spec, Recording)> = Vec::new();
    for file in data.iter().filter(|path| path.is_file()) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let spec = SPECS
            .iter()
            .find(|spec| name.to_uppercase().contains(spec.symbol))
            .ok_or_else(|| format!("{name} names no known asset; put BTC, ETH, ... in its name"))?;
        if recordings
            .iter()
            .any(|(known, _)| known.symbol == spec.symbol)
        {
            return Err(format!("{name} is a second file of {}", spec.symbol));
        }
        recordings.push((spec, read(file)?));
    }
    let starts = recordings.iter().map(|(_, recording)| recording.start());
    let ends = recordings.iter().map(|(_, recording)| recording.end());
    let none = || "--scenario own plays the files that --data names; there are none".to_owned();
    let from = window[0].or(starts.max()).ok_or_else(none)?;
    let to = window[1].or(ends.min()).ok_or_else(none)?;
    let mut paths = Vec::new();
    let mut sources = Vec::new();
    for (spec, recording) in &recordings {
        paths.push(path(spec.symbol, recording, None, [from, to], seed)?);
        sources.push(format!("{}: {}", spec.symbol, short(recording.name())));
    }
    Ok(plain("own", "Bars of one's own", from, paths, sources))
}

/// A leg of a made path: until a slot, to a level, with noise per slot.
struct Leg(usize, f64, f64);

/// Prices that go through levels (1 is the begin) with noise around straight lines in the logarithm.
fn walk(start: f64, legs: &[Leg], beta: f64, rng: &mut Rng) -> Vec<f64> {
    let mut prices = Vec::new();
    let mut from = (0usize, 0.0f64);
    for Leg(until, level, noise) in legs {
        let to = level.ln() * beta;
        let length = (until - from.0).max(1);
        let mut drift = 0.0;
        for at in 0..until - from.0 {
            let left = (length - at) as f64;
            drift *= 1.0 - 1.0 / left;
            drift += noise * rng.gaussian();
            let share = (at + 1) as f64 / length as f64;
            prices.push(start * (from.1 + (to - from.1) * share + drift).exp());
        }
        from = (*until, to);
    }
    prices
}

/// The markets of made scenarios, with their first prices and how much of a move they make.
const MADE_MARKETS: [(&str, f64, f64); 4] = [
    ("BTC", 100_000.0, 1.0),
    ("ETH", 4_000.0, 1.15),
    ("SOL", 200.0, 1.3),
    ("DOT", 5.0, 1.3),
];

/// Noise of a slot in a calm market, and in a crash.
const CALM: f64 = 0.000_08;
const WILD: f64 = 0.000_8;

fn make(name: &str, seed: u64) -> Option<Scenario> {
    let (name, title) = MADE.iter().find(|(known, _)| *known == name)?;
    let fall = |level: f64, minutes: usize| {
        vec![
            Leg(10 * MINUTE, 1.0, CALM),
            Leg((10 + minutes) * MINUTE, level, WILD),
            Leg((20 + minutes) * MINUTE, level * 1.02, WILD / 2.0),
            Leg((40 + minutes) * MINUTE, level * 1.03, CALM),
        ]
    };
    let legs = match *name {
        "calm" => vec![Leg(60 * MINUTE, 1.001, CALM)],
        "gap" => vec![
            Leg(5 * MINUTE, 1.0, CALM),
            Leg(5 * MINUTE + 1, 0.6, 0.0),
            Leg(25 * MINUTE, 0.6, WILD / 2.0),
        ],
        "depth" => fall(0.85, 6),
        "due-at-once" => vec![
            Leg(2 * MINUTE, 1.0, CALM / 4.0),
            Leg(2 * MINUTE + 1, 0.965, 0.0),
            Leg(12 * MINUTE, 0.965, CALM),
        ],
        _ => fall(0.88, 6),
    };
    let markets = if *name == "due-at-once" { 1 } else { 4 };
    let paths = MADE_MARKETS[..markets]
        .iter()
        .map(|(symbol, start, beta)| {
            let beta = if *name == "gap" { 1.0 } else { *beta };
            let mut rng = Rng::new(seed, &format!("made {name} {symbol}"));
            Path {
                symbol: (*symbol).to_owned(),
                prices: walk(*start, &legs, beta, &mut rng),
                wick: None,
            }
        })
        .collect();
    let sources = vec![format!("made from seed {seed}")];
    Some(Scenario {
        crowd: if *name == "due-at-once" {
            Crowd::AtTheEdge
        } else {
            Crowd::Mixed
        },
        depth: match *name {
            "depth" => Some((10 * MINUTE, 0.1)),
            // What limits it is to be the chain, not the book.
            "due-at-once" => Some((0, 200.0)),
            _ => None,
        },
        silence: if *name == "outage" {
            12 * MINUTE..15 * MINUTE
        } else {
            0..0
        },
        congested: *name == "congested",
        ..plain(name, title, MADE_START, paths, sources)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_scenarios_should_all_load_and_be_the_same_for_the_same_seed() {
        let all = load("made", &[], [None, None], 3).expect("they need no data");
        assert_eq!(all.len(), MADE.len());
        let again = load("made", &[], [None, None], 3).expect("they need no data");
        for (a, b) in all.iter().zip(&again) {
            assert_eq!(a.paths[0].prices, b.paths[0].prices, "{}", a.name);
            assert!(a.paths.iter().all(|path| path.prices.len() == a.slots()));
        }
    }

    #[test]
    fn gap_should_be_forty_percent_in_one_slot() {
        let scenario = make("gap", 1).expect("made");
        for path in &scenario.paths {
            let steps = path.prices.windows(2).map(|pair| pair[1] / pair[0]);
            let worst = steps.fold(1.0f64, f64::min);
            assert!((0.59..0.61).contains(&worst), "{worst}");
        }
    }

    #[test]
    fn missing_data_should_be_named() {
        let error = load("2020-03", &[], [None, None], 1).expect_err("no data");
        assert!(
            error.contains("binance_spot_BTCUSDT_5m_2020-03.csv"),
            "{error}"
        );
        let error = load("2019-01", &[], [None, None], 1).expect_err("unknown");
        assert!(
            error.contains("2020-03") && error.contains("gap"),
            "{error}"
        );
    }

    #[test]
    fn recorded_crashes_should_load_when_there_is_market_data() {
        let data = PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/data/market"
        ));
        if !data.is_dir() {
            println!("SKIPPED: no recorded market data beside the checkout");
            return;
        }
        let all = load("crashes", &[data], [None, None], 1).expect("all files");
        for scenario in all {
            let prices = &scenario.paths[0].prices;
            let low = prices.iter().copied().fold(f64::MAX, f64::min);
            assert!(
                low / prices[0] < 0.95,
                "{}: {}",
                scenario.name,
                low / prices[0]
            );
            let known = scenario
                .paths
                .iter()
                .all(|path| spec_of(&path.symbol).is_some());
            assert!(known, "{}", scenario.name);
        }
    }
}
