//! Recordings, a clock over them, and faults.

use crate::{
    clock::{Clock, MAX_SPEED},
    utc,
    venue::Quote,
    Asset, Fault, Feeds, Gaps, Price, Recording, Scenario, Venue,
};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    fmt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

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
        // At most to where its file begins, and never forward to there.
        let time = time.saturating_sub(stuck).max(recording.start().min(time));
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
mod tests;
