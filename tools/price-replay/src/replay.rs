//! Recordings, a clock over them, and faults.

use crate::{
    clock::{Clock, MAX_SPEED},
    utc,
    venue::Quote,
    Asset, Price, Recording, Scenario, Venue,
};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

/// What a venue answers in a gap: while its file has no bar, and after the last one.
///
/// A file does not say why a bar is missing. Either nobody traded, or the exchange was down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gaps {
    /// Nobody traded: the last price stands, as it does on the real venues. Where the answer carries a
    /// time (Coinbase, OKX, Bybit) that time is the end of the last bar, so the quote turns stale.
    /// Binance and Kraken tell no time, here as there. (Bybit proper stamps its answers as it sends
    /// them; here its stamp ages like the others', so that all three can be seen to be refused.)
    #[default]
    Last,
    /// The exchange was down: it answers that it is unavailable, each in its own words.
    Error,
}

impl FromStr for Gaps {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "last" => Ok(Self::Last),
            "error" => Ok(Self::Error),
            other => Err(format!("`{other}` is neither `last` nor `error`")),
        }
    }
}

/// Which recording each venue quotes for each asset.
#[derive(Clone, Debug, Default)]
pub struct Feeds {
    recordings: BTreeMap<(Asset, Venue), Arc<Recording>>,
    gaps: Gaps,
}

impl Feeds {
    /// Every venue that has no recording for `asset` yet quotes it from `recording`.
    #[must_use]
    pub fn everywhere(mut self, asset: Asset, recording: Recording) -> Self {
        let recording = Arc::new(recording);
        for venue in Venue::ALL {
            self.recordings
                .entry((asset.clone(), venue))
                .or_insert_with(|| recording.clone());
        }
        self
    }

    /// `venue` quotes `asset` from `recording`.
    #[must_use]
    pub fn at(mut self, venue: Venue, asset: Asset, recording: Recording) -> Self {
        self.recordings.insert((asset, venue), Arc::new(recording));
        self
    }

    /// What the venues answer in gaps.
    #[must_use]
    pub const fn with_gaps(mut self, gaps: Gaps) -> Self {
        self.gaps = gaps;
        self
    }

    /// Reads the files of `specs`. One with a venue wins over one without.
    ///
    /// # Errors
    /// The first thing wrong in a file.
    pub fn read(specs: &[DataSpec]) -> Result<Self, crate::DataError> {
        let mut feeds = Self::default();
        for spec in specs {
            if let Some(venue) = spec.venue {
                feeds = feeds.at(venue, spec.asset.clone(), Recording::from_csv(&spec.file)?);
            }
        }
        for spec in specs.iter().filter(|spec| spec.venue.is_none()) {
            feeds = feeds.everywhere(spec.asset.clone(), Recording::from_csv(&spec.file)?);
        }
        Ok(feeds)
    }

    /// The time that all recordings cover, milliseconds since the epoch.
    fn common_range(&self) -> Option<(u64, u64)> {
        let from = self.recordings.values().map(|r| r.start()).max()?;
        let to = self.recordings.values().map(|r| r.end()).min()?;
        (from < to).then_some((from, to))
    }

    /// The time that any recording covers, milliseconds since the epoch.
    fn whole_range(&self) -> Option<(u64, u64)> {
        let from = self.recordings.values().map(|r| r.start()).min()?;
        let to = self.recordings.values().map(|r| r.end()).max()?;
        Some((from, to))
    }
}

/// `[VENUE=]FILE[:ASSET]`, as on the command line. Without a venue: all. Without an asset: BTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSpec {
    /// Who quotes it; `None` is everybody.
    pub venue: Option<Venue>,
    /// Where the bars are.
    pub file: PathBuf,
    /// What they are of.
    pub asset: Asset,
}

impl FromStr for DataSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (venue, rest) = match text.split_once('=') {
            Some((venue, rest)) if !venue.contains(['/', '.']) => (Some(venue.parse()?), rest),
            _ => (None, text),
        };
        let (file, asset) = match rest.rsplit_once(':') {
            Some((file, asset)) if !asset.contains(['/', '.']) => (file, asset.parse()?),
            _ => (rest, Asset::btc()),
        };
        if file.is_empty() {
            return Err(format!(
                "`{text}` names no file; write [VENUE=]FILE[:ASSET]"
            ));
        }
        Ok(Self {
            venue,
            file: file.into(),
            asset,
        })
    }
}

/// What to replay of the feeds, and how.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// First moment, milliseconds since the epoch; default: from when all files have data.
    pub from: Option<u64>,
    /// Last moment, milliseconds since the epoch; default: until when all files have data.
    pub to: Option<u64>,
    /// Replay seconds per second.
    pub speed: f64,
    /// Stand at `from` until [`Replay::start`].
    pub wait: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            from: None,
            to: None,
            speed: 1.0,
            wait: false,
        }
    }
}

/// Why a replay cannot be had, or a control is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplayError {
    /// The recordings share no moment, or there is none.
    NothingToPlay,
    /// The moment is not in the recordings.
    OutOfRange {
        /// The moment, milliseconds since the epoch.
        time: u64,
        /// First moment there is.
        from: u64,
        /// Last moment there is.
        to: u64,
    },
    /// `from` is not before `to`.
    EmptyRange,
    /// Not a positive number up to [`MAX_SPEED`].
    Speed(f64),
    /// A fault's value makes no sense.
    FaultValue(f64),
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingToPlay => f.write_str("the recordings have no time in common"),
            Self::OutOfRange { time, from, to } => write!(
                f,
                "{} is outside the data, which reaches from {} to {}",
                utc::format(*time),
                utc::format(*from),
                utc::format(*to)
            ),
            Self::EmptyRange => f.write_str("the end is not after the beginning"),
            Self::Speed(speed) => write!(f, "speed {speed} is not between 0 and {MAX_SPEED}"),
            Self::FaultValue(value) => write!(f, "{value} makes no sense for this fault"),
        }
    }
}

impl std::error::Error for ReplayError {}

/// How a venue misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Fault {
    /// Answers after so many real seconds, and then with an empty error.
    Timeout(f64),
    /// JSON that is cut off, or of the wrong types, or with absurd numbers; another one each time.
    Garbage,
    /// A maintenance page with status 200.
    Html,
    /// Status 200 and nothing.
    Empty,
    /// What the venue says when it is down.
    Unavailable,
    /// The quote of so many seconds ago, with the time of then.
    Stale(f64),
    /// Prices that are off by so many percent.
    OffPercent(f64),
}

impl Fault {
    /// A fault by the name it has over HTTP.
    ///
    /// # Errors
    /// A sentence for the user, when there is no such fault or its value makes no sense.
    pub fn parse(kind: &str, value: Option<f64>) -> Result<Self, String> {
        let fault = match kind {
            "timeout" => Self::Timeout(value.unwrap_or(30.0)),
            "garbage" => Self::Garbage,
            "html" => Self::Html,
            "empty" => Self::Empty,
            "unavailable" => Self::Unavailable,
            "stale" => Self::Stale(value.unwrap_or(120.0)),
            "off_percent" => Self::OffPercent(value.ok_or("off_percent needs a `value`")?),
            other => {
                return Err(format!(
                    "no fault `{other}`; there are timeout, garbage, html, empty, unavailable, \
                     stale, off_percent"
                ))
            }
        };
        fault.validated().map_err(|error| error.to_string())
    }

    fn validated(self) -> Result<Self, ReplayError> {
        match self {
            Self::Timeout(seconds) | Self::Stale(seconds)
                if !(0.0..=3_600.0).contains(&seconds) =>
            {
                Err(ReplayError::FaultValue(seconds))
            }
            Self::OffPercent(percent) if !(percent > -100.0 && percent <= 1_000.0) => {
                Err(ReplayError::FaultValue(percent))
            }
            fault => Ok(fault),
        }
    }
}

/// What [`Replay::status`] tells.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Replay time, UTC.
    pub time: String,
    /// Replay time, milliseconds since the epoch.
    pub time_ms: u64,
    /// First moment, UTC.
    pub from: String,
    /// Last moment, UTC.
    pub to: String,
    /// Price of the first asset at the first venue, before faults.
    pub price: String,
    /// All prices, by asset and venue, before faults.
    pub prices: BTreeMap<Asset, BTreeMap<Venue, String>>,
    /// Replay seconds per second.
    pub speed: f64,
    /// Not started yet.
    pub waiting: bool,
    /// Stopped after it was started.
    pub paused: bool,
    /// At the end.
    pub done: bool,
    /// Faults in force.
    pub faults: BTreeMap<Venue, Fault>,
    /// Tickers asked for since the server began.
    pub requests: BTreeMap<Venue, u64>,
    /// What is replayed, by asset and venue.
    pub sources: BTreeMap<Asset, BTreeMap<Venue, String>>,
}

#[derive(Debug)]
struct State {
    clock: Clock,
    faults: BTreeMap<Venue, Fault>,
    requests: BTreeMap<Venue, u64>,
}

/// A replay: feeds, the clock over them, and the faults of the venues.
///
/// A handle: clones share everything, so the one who serves it over HTTP can also steer it.
#[derive(Clone, Debug)]
pub struct Replay {
    feeds: Arc<Feeds>,
    state: Arc<Mutex<State>>,
}

impl Replay {
    /// A replay of `feeds`.
    ///
    /// # Errors
    /// The range is empty or outside all of the data, or the speed makes no sense.
    pub fn new(feeds: Feeds, options: Options) -> Result<Self, ReplayError> {
        let (first, last) = feeds.whole_range().ok_or(ReplayError::NothingToPlay)?;
        let common = feeds.common_range();
        let moment = |time: Option<u64>, default: Option<u64>| match time {
            Some(time) if (first..=last).contains(&time) => Ok(time),
            Some(time) => Err(ReplayError::OutOfRange {
                time,
                from: first,
                to: last,
            }),
            None => default.ok_or(ReplayError::NothingToPlay),
        };
        let from = moment(options.from, common.map(|(from, _)| from))?;
        let to = moment(options.to, common.map(|(_, to)| to))?;
        if from >= to {
            return Err(ReplayError::EmptyRange);
        }
        let mut clock = Clock::new(from, to, valid_speed(options.speed)?);
        if !options.wait {
            clock.run(Instant::now());
        }
        Ok(Self {
            feeds: Arc::new(feeds),
            state: Arc::new(Mutex::new(State {
                clock,
                faults: BTreeMap::new(),
                requests: BTreeMap::new(),
            })),
        })
    }

    /// Bitcoin from one file, at all venues.
    ///
    /// # Errors
    /// What is wrong with the file, or with the options.
    pub fn from_csv(
        path: impl AsRef<Path>,
        options: Options,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let recording = Recording::from_csv(path)?;
        let feeds = Feeds::default().everywhere(Asset::btc(), recording);
        Ok(Self::new(feeds, options)?)
    }

    /// Bitcoin from a made-up day, at all venues.
    ///
    /// # Errors
    /// What is wrong with the options.
    pub fn from_scenario(scenario: &Scenario, options: Options) -> Result<Self, ReplayError> {
        let feeds = Feeds::default().everywhere(Asset::btc(), scenario.recording());
        Self::new(feeds, options)
    }

    /// First and last moment, milliseconds since the epoch.
    pub fn range(&self) -> (u64, u64) {
        self.state().clock.range()
    }

    /// Replay time, milliseconds since the epoch.
    pub fn now(&self) -> u64 {
        self.state().clock.now(Instant::now())
    }

    /// Whether the end is reached.
    pub fn is_done(&self) -> bool {
        let state = self.state();
        state.clock.now(Instant::now()) >= state.clock.range().1
    }

    /// The price of the first asset at the first venue at `time`, whatever the clock says and
    /// without faults. `None` before the data begins.
    pub fn price_at(&self, time: u64) -> Option<Price> {
        self.feeds.recordings.values().next()?.price_at(time)
    }

    /// As [`Self::price_at`], of `asset` at `venue`. `None` also where it is not listed.
    pub fn price_of(&self, venue: Venue, asset: &Asset, time: u64) -> Option<Price> {
        self.feeds
            .recordings
            .get(&(asset.clone(), venue))?
            .price_at(time)
    }

    /// The listed assets and venues.
    pub fn markets(&self) -> impl Iterator<Item = (&Asset, Venue)> {
        self.feeds
            .recordings
            .keys()
            .map(|(asset, venue)| (asset, *venue))
    }

    /// Lets time run, for the first time or after [`Self::pause`].
    pub fn start(&self) {
        self.state().clock.run(Instant::now());
    }

    /// Stops time.
    pub fn pause(&self) {
        self.state().clock.pause(Instant::now());
    }

    /// Changes the speed, replay seconds per second.
    ///
    /// # Errors
    /// [`ReplayError::Speed`].
    pub fn set_speed(&self, speed: f64) -> Result<(), ReplayError> {
        let speed = valid_speed(speed)?;
        self.state().clock.set_speed(speed, Instant::now());
        Ok(())
    }

    /// Goes to `time`, milliseconds since the epoch.
    ///
    /// # Errors
    /// [`ReplayError::OutOfRange`].
    pub fn jump(&self, time: u64) -> Result<(), ReplayError> {
        let mut state = self.state();
        let (from, to) = state.clock.range();
        if !(from..=to).contains(&time) {
            return Err(ReplayError::OutOfRange { time, from, to });
        }
        state.clock.jump(time, Instant::now());
        Ok(())
    }

    /// Makes `venue` misbehave until told otherwise.
    ///
    /// # Errors
    /// [`ReplayError::FaultValue`].
    pub fn set_fault(&self, venue: Venue, fault: Fault) -> Result<(), ReplayError> {
        let fault = fault.validated()?;
        self.state().faults.insert(venue, fault);
        Ok(())
    }

    /// Makes `venue` behave.
    pub fn clear_fault(&self, venue: Venue) {
        self.state().faults.remove(&venue);
    }

    /// Makes all venues behave.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// Everything at a glance.
    pub fn status(&self) -> Status {
        let state = self.state();
        let time = state.clock.now(Instant::now());
        let (from, to) = state.clock.range();
        let table = |text: &dyn Fn(&Recording) -> Option<String>| {
            let mut table = BTreeMap::<Asset, BTreeMap<Venue, String>>::new();
            for ((asset, venue), recording) in &self.feeds.recordings {
                if let Some(text) = text(recording) {
                    table.entry(asset.clone()).or_default().insert(*venue, text);
                }
            }
            table
        };
        Status {
            time: utc::format(time),
            time_ms: time,
            from: utc::format(from),
            to: utc::format(to),
            price: self.price_at(time).unwrap_or_default().to_string(),
            prices: table(&|r| r.price_at(time).map(|p| p.to_string())),
            speed: state.clock.speed(),
            waiting: state.clock.is_waiting(),
            paused: state.clock.is_paused(),
            done: time >= to,
            faults: state.faults.clone(),
            requests: state.requests.clone(),
            sources: table(&|r| Some(r.name().to_string())),
        }
    }

    /// What `venue` says now about `asset`, the fault it has, and how often it was asked before.
    pub(crate) fn ask(&self, venue: Venue, asset: Option<&Asset>) -> Answer {
        let mut state = self.state();
        let fault = state.faults.get(&venue).copied();
        let count = state.requests.entry(venue).or_default();
        let earlier = *count;
        *count += 1;
        let time = state.clock.now(Instant::now());
        Answer {
            said: self.said(venue, asset, time, fault),
            fault,
            earlier,
        }
    }

    fn said(&self, venue: Venue, asset: Option<&Asset>, time: u64, fault: Option<Fault>) -> Said {
        let recording = asset.and_then(|asset| self.feeds.recordings.get(&(asset.clone(), venue)));
        let Some(recording) = recording else {
            return Said::Unlisted;
        };
        // A stuck venue goes on saying what it said then.
        let stuck = match fault {
            Some(Fault::Stale(seconds)) => (seconds * 1_000.0) as u64,
            Some(
                Fault::Timeout(_)
                | Fault::Garbage
                | Fault::Html
                | Fault::Empty
                | Fault::Unavailable
                | Fault::OffPercent(_),
            )
            | None => 0,
        };
        let time = time.saturating_sub(stuck).max(recording.start());
        let quote = || {
            Some(Quote {
                time,
                age: recording.age_at(time)?,
                price: recording.price_at(time)?,
                bar: *recording.bar_at(time)?,
            })
        };
        match quote() {
            None => Said::Unavailable,
            Some(quote) if quote.age > 0 && self.feeds.gaps == Gaps::Error => Said::Unavailable,
            Some(mut quote) => {
                quote.age = quote.age.saturating_add(stuck);
                Said::Quote(quote)
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every update is a single assignment, so a panic of another holder left nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a venue has to say about an asset, faults of the transport aside.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Said {
    /// No such market.
    Unlisted,
    /// The venue is down, or its file has not begun.
    Unavailable,
    /// A price.
    Quote(Quote),
}

/// See [`Replay::ask`].
pub(crate) struct Answer {
    pub said: Said,
    pub fault: Option<Fault>,
    pub earlier: u64,
}

fn valid_speed(speed: f64) -> Result<f64, ReplayError> {
    (speed > 0.0 && speed <= MAX_SPEED)
        .then_some(speed)
        .ok_or(ReplayError::Speed(speed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(usd: u64, start: u64, bars: u64) -> Recording {
        let price = Price::from_whole(usd);
        let bars = (0..bars)
            .map(|i| crate::Bar {
                time: start + i * 60_000,
                open: price,
                high: price,
                low: price,
                close: price,
                volume: 1.0,
            })
            .collect();
        Recording::new("flat", bars, 60_000).unwrap()
    }

    #[test]
    fn range_should_be_what_all_recordings_cover_when_they_differ() {
        let eth: Asset = "ETH".parse().unwrap();
        let feeds = Feeds::default()
            .everywhere(Asset::btc(), flat(100, 0, 10))
            .at(Venue::Kraken, eth.clone(), flat(5, 120_000, 20));
        let replay = Replay::new(feeds, Options::default()).unwrap();
        assert_eq!(replay.range(), (120_000, 600_000));
        let at = |venue| replay.price_of(venue, &eth, 130_000);
        assert_eq!(at(Venue::Kraken), Some(Price::from_whole(5)));
        assert_eq!(at(Venue::Binance), None);
        assert_eq!(replay.price_at(0), Some(Price::from_whole(100)));
        assert_eq!(replay.markets().count(), 6);
    }

    #[test]
    fn range_should_reach_beyond_what_is_common_when_asked_for() {
        let feeds = || {
            Feeds::default()
                .at(Venue::Kraken, Asset::btc(), flat(1, 0, 2))
                .at(Venue::Okx, Asset::btc(), flat(2, 600_000, 2))
        };
        let options = Options {
            from: Some(0),
            to: Some(720_000),
            ..Options::default()
        };
        let replay = Replay::new(feeds(), options).unwrap();
        assert_eq!(replay.range(), (0, 720_000));
        let outside = Options {
            to: Some(720_001),
            ..options
        };
        assert!(matches!(
            Replay::new(feeds(), outside).unwrap_err(),
            ReplayError::OutOfRange { to: 720_000, .. }
        ));
    }

    fn ages(replay: &Replay, venue: Venue) -> Option<(Price, u64)> {
        match replay.ask(venue, Some(&Asset::btc())).said {
            Said::Quote(quote) => Some((quote.price, quote.age)),
            Said::Unavailable => None,
            Said::Unlisted => panic!("{venue} lists it"),
        }
    }

    /// Five venues from five files; OKX has a gap from 1 to 4 minutes, Bybit begins at 2 minutes.
    fn five(gaps: Gaps) -> Replay {
        let mut bars = flat(40, 0, 1).bars().to_vec();
        bars.extend_from_slice(flat(41, 240_000, 6).bars());
        let feeds = Feeds::default()
            .at(Venue::Binance, Asset::btc(), flat(10, 0, 10))
            .at(Venue::Coinbase, Asset::btc(), flat(20, 0, 10))
            .at(Venue::Kraken, Asset::btc(), flat(30, 0, 10))
            .at(
                Venue::Okx,
                Asset::btc(),
                Recording::new("gap", bars, 60_000).unwrap(),
            )
            .at(Venue::Bybit, Asset::btc(), flat(50, 120_000, 8))
            .with_gaps(gaps);
        let options = Options {
            from: Some(0),
            wait: true,
            ..Options::default()
        };
        Replay::new(feeds, options).unwrap()
    }

    #[test]
    fn venues_should_quote_their_own_series_when_each_has_a_file() {
        let replay = five(Gaps::Last);
        replay.jump(250_000).unwrap();
        let quoted = Venue::ALL.map(|venue| ages(&replay, venue).unwrap());
        assert_eq!(
            quoted,
            [10, 20, 30, 41, 50].map(|usd| (Price::from_whole(usd), 0))
        );
    }

    #[test]
    fn quote_should_age_when_its_venue_has_no_bar() {
        let replay = five(Gaps::Last);
        replay.jump(100_000).unwrap();
        assert_eq!(
            ages(&replay, Venue::Okx),
            Some((Price::from_whole(40), 40_000))
        );
        assert_eq!(
            ages(&replay, Venue::Kraken),
            Some((Price::from_whole(30), 0))
        );
        assert_eq!(ages(&replay, Venue::Bybit), None, "it has not begun");
    }

    #[test]
    fn venue_should_be_down_when_it_has_no_bar_and_gaps_are_errors() {
        let replay = five(Gaps::Error);
        replay.jump(60_000).unwrap();
        assert_eq!(ages(&replay, Venue::Okx), Some((Price::from_whole(40), 0)));
        replay.jump(60_001).unwrap();
        assert_eq!(ages(&replay, Venue::Okx), None);
        replay.jump(240_000).unwrap();
        assert_eq!(ages(&replay, Venue::Okx), Some((Price::from_whole(41), 0)));
    }

    #[test]
    fn quote_should_be_of_then_when_the_venue_is_stuck() {
        let replay = five(Gaps::Last);
        replay.jump(250_000).unwrap();
        replay.set_fault(Venue::Okx, Fault::Stale(200.0)).unwrap();
        // At 50 seconds OKX said 40.
        assert_eq!(
            ages(&replay, Venue::Okx),
            Some((Price::from_whole(40), 200_000))
        );
        // Before the file nothing is known, so the first moment it is.
        replay.set_fault(Venue::Bybit, Fault::Stale(200.0)).unwrap();
        assert_eq!(
            ages(&replay, Venue::Bybit),
            Some((Price::from_whole(50), 200_000))
        );
    }

    #[test]
    fn replay_should_be_refused_when_options_make_no_sense() {
        let new = |options| {
            let feeds = Feeds::default().everywhere(Asset::btc(), flat(1, 60_000, 2));
            Replay::new(feeds, options).map(|_| ()).unwrap_err()
        };
        let base = Options::default();
        let out = ReplayError::OutOfRange {
            time: 1,
            from: 60_000,
            to: 180_000,
        };
        assert_eq!(
            new(Options {
                from: Some(1),
                ..base
            }),
            out
        );
        assert_eq!(
            new(Options {
                to: Some(60_000),
                ..base
            }),
            ReplayError::EmptyRange
        );
        assert_eq!(new(Options { speed: 0.0, ..base }), ReplayError::Speed(0.0));
        assert!(matches!(
            new(Options {
                speed: f64::NAN,
                ..base
            }),
            ReplayError::Speed(_)
        ));
        let apart = Feeds::default()
            .at(Venue::Kraken, Asset::btc(), flat(1, 0, 1))
            .at(Venue::Binance, Asset::btc(), flat(1, 600_000, 1));
        let error = Replay::new(apart, base).unwrap_err();
        assert_eq!(error, ReplayError::NothingToPlay);
        assert_eq!(
            Replay::new(Feeds::default(), base).unwrap_err(),
            ReplayError::NothingToPlay
        );
    }

    #[test]
    fn specific_recording_should_win_when_a_general_one_is_there_too() {
        for general_first in [true, false] {
            let one = |feeds: Feeds| feeds.at(Venue::Kraken, Asset::btc(), flat(7, 0, 1));
            let all = |feeds: Feeds| feeds.everywhere(Asset::btc(), flat(1, 0, 1));
            let feeds = match general_first {
                true => one(all(Feeds::default())),
                false => all(one(Feeds::default())),
            };
            let replay = Replay::new(feeds, Options::default()).unwrap();
            let price = |venue| replay.price_of(venue, &Asset::btc(), 0);
            assert_eq!(price(Venue::Kraken), Some(Price::from_whole(7)));
            assert_eq!(price(Venue::Binance), Some(Price::from_whole(1)));
        }
    }

    #[test]
    fn data_spec_should_be_split_when_parts_are_given() {
        let spec = |text: &str| text.parse::<DataSpec>();
        let btc = Asset::btc();
        let eth: Asset = "ETH".parse().unwrap();
        let of = |venue, file: &str, asset: &Asset| {
            Ok(DataSpec {
                venue,
                file: file.into(),
                asset: asset.clone(),
            })
        };
        assert_eq!(spec("a/b.csv"), of(None, "a/b.csv", &btc));
        assert_eq!(spec("a/b.csv:ETHUSDT"), of(None, "a/b.csv", &eth));
        assert_eq!(
            spec("kraken=b.csv:ETH"),
            of(Some(Venue::Kraken), "b.csv", &eth)
        );
        assert_eq!(spec("a/x=1/b.csv"), of(None, "a/x=1/b.csv", &btc));
        assert_eq!(
            spec("bybit=b.csv:USDEUSDT"),
            of(Some(Venue::Bybit), "b.csv", &"USDE".parse().unwrap())
        );
        assert!(spec("bitmex=b.csv")
            .unwrap_err()
            .contains("no venue `bitmex`; there are binance, coinbase, kraken, okx, bybit"));
        assert!(spec("kraken=").unwrap_err().contains("names no file"));
    }

    #[test]
    fn file_and_line_should_be_named_when_one_of_many_is_damaged() {
        let folder = std::env::temp_dir().join(format!("price-replay-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let specs: Vec<DataSpec> = Venue::ALL
            .into_iter()
            .map(|venue| {
                let file = folder.join(format!("{venue}.csv"));
                let close = if venue == Venue::Okx { "much" } else { "5" };
                let text = format!("time_utc,open,high,low,close\n60,5,6,4,5\n120,5,6,4,{close}\n");
                std::fs::write(&file, text).unwrap();
                format!("{venue}={}:ETH", file.display()).parse().unwrap()
            })
            .collect();
        let error = Feeds::read(&specs).unwrap_err().to_string();
        assert!(
            error.ends_with("okx.csv:3: close `much` is not a plain decimal number"),
            "{error}"
        );
        let good: Vec<_> = specs
            .into_iter()
            .filter(|spec| spec.venue != Some(Venue::Okx))
            .collect();
        let replay = Replay::new(Feeds::read(&good).unwrap(), Options::default()).unwrap();
        assert_eq!(replay.markets().count(), 4);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn fault_should_be_refused_when_its_value_makes_no_sense() {
        assert_eq!(
            Fault::parse("off_percent", Some(-5.0)),
            Ok(Fault::OffPercent(-5.0))
        );
        assert_eq!(Fault::parse("timeout", None), Ok(Fault::Timeout(30.0)));
        assert!(Fault::parse("off_percent", None).is_err());
        assert!(Fault::parse("off_percent", Some(-100.0)).is_err());
        assert!(Fault::parse("off_percent", Some(f64::NAN)).is_err());
        assert!(Fault::parse("timeout", Some(-1.0)).is_err());
        assert_eq!(Fault::parse("stale", None), Ok(Fault::Stale(120.0)));
        assert!(Fault::parse("stale", Some(f64::NAN)).is_err());
        assert!(Fault::parse("fire", None)
            .unwrap_err()
            .contains("no fault `fire`"));
    }
}
