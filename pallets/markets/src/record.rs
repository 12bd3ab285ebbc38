//! What is stored of a market and of a collateral asset, and what of it holds in which block.
//!
//! A record is one storage item: the governed values, the change on its way to them if there is one,
//! and the moves that the market's volatility asks margins for. Reading a value that ramps costs no
//! other read than reading one that stands still.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use crate::schema::Parameters;
use bulwark_primitives::{CollateralParams, MarketParams, Rate};
use bulwark_risk_math::{
    ramp,
    volatility::{initial_margin_fraction, maintenance_margin_fraction},
    Rounding,
};
use bulwark_traits::MarginMoves;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Number of a block. Its 32 bits last for 270 years.
pub type BlockNumber = u32;

/// Blocks of an hour, over which the slow move goes to its next value.
pub const MOVE_RAMP: BlockNumber = 1_800;
/// Shortest wait and shortest ramp: an hour.
pub const MIN_DELAY: BlockNumber = 1_800;
/// Longest wait: two weeks.
pub const MAX_WAIT: BlockNumber = 14 * DAY;
/// Longest ramp: thirty days.
pub const MAX_PERIOD: BlockNumber = 30 * DAY;
/// Blocks of a day.
const DAY: BlockNumber = 43_200;

/// When changes come into force.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct Schedule {
    /// How long a loosening waits before it ramps.
    pub wait: BlockNumber,
    /// How long a ramp takes.
    pub period: BlockNumber,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            wait: DAY,
            period: DAY,
        }
    }
}

impl Schedule {
    /// Blocks after which everything is at its new value. Bounds keep the sum far below its limit.
    const fn length(&self) -> BlockNumber {
        self.wait.saturating_add(self.period)
    }
}

/// A change under way.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Change<P> {
    /// What was in force when it was decided.
    pub from: P,
    /// When it was.
    pub start: BlockNumber,
    /// How it comes into force.
    pub schedule: Schedule,
}

/// Governed values with the change on its way to them.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Governed<P> {
    /// The values that were decided.
    pub to: P,
    /// How they are reached, until they are.
    pub change: Option<Change<P>>,
}

impl<P: Parameters> Governed<P> {
    /// Values that hold at once.
    pub const fn settled(to: P) -> Self {
        Self { to, change: None }
    }

    /// What holds in block `now`; before the change was decided as when it was.
    pub fn at(&self, now: BlockNumber) -> P {
        let Some(change) = &self.change else {
            return self.to;
        };
        let since = now.saturating_sub(change.start);
        if since >= change.schedule.length() {
            return self.to;
        }
        let mut value = self.to;
        for parameter in P::TABLE {
            if let Some(access) = &parameter.value {
                let (from, to) = ((access.get)(&change.from), (access.get)(&self.to));
                let course = parameter.course;
                (access.set)(&mut value, course.value(from, to, since, &change.schedule));
            }
        }
        value.place_wholes(&change.from, &self.to, since, &change.schedule);
        value
    }

    /// The change to `to`, decided in block `now`, from what holds then.
    pub fn changed(&self, to: P, schedule: Schedule, now: BlockNumber) -> Self {
        Self::on_the_way(self.at(now), to, schedule, now)
    }

    /// The change from `from` to `to`, decided in block `now`.
    pub fn on_the_way(from: P, to: P, schedule: Schedule, now: BlockNumber) -> Self {
        let change = Change {
            from,
            start: now,
            schedule,
        };
        Self {
            to,
            change: (from != to).then_some(change),
        }
    }

    /// Forgets a change that is over.
    fn forget(&mut self, now: BlockNumber) {
        if let Some(change) = &self.change {
            if now.saturating_sub(change.start) >= change.schedule.length() {
                self.change = None;
            }
        }
    }
}

impl Governed<CollateralParams> {
    /// A new collateral asset: its factors start at nothing and ramp.
    pub fn listed(to: CollateralParams, schedule: Schedule, now: BlockNumber) -> Self {
        let from = CollateralParams {
            initial_factor: Rate::ZERO,
            maintenance_factor: Rate::ZERO,
            ..to
        };
        Self::on_the_way(from, to, schedule, now)
    }
}

/// The moves that margins are made of.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct MoveRamp {
    /// For initial margin, in force at once.
    pub initial: Rate,
    /// The slow move from which maintenance margin comes.
    pub from: Rate,
    /// The slow move it goes to, linearly over [`MOVE_RAMP`] blocks.
    pub to: Rate,
    /// When it was told.
    pub start: BlockNumber,
}

impl MoveRamp {
    /// The slow move of block `now`, rounded up.
    pub fn slow_at(&self, now: BlockNumber) -> Rate {
        let elapsed = now.saturating_sub(self.start);
        let (from, to) = (u128::from(self.from.0), u128::from(self.to.0));
        // Lies between the two, so it always fits.
        ramp(from, to, elapsed, MOVE_RAMP, Rounding::Up)
            .ok()
            .and_then(|slow| u64::try_from(slow).ok())
            .map_or(self.to, Rate)
    }

    /// Goes from where it is to new moves. A move above 100 % asks for no more than all.
    fn told(&self, moves: MarginMoves, now: BlockNumber) -> Self {
        Self {
            initial: moves.initial.min(Rate::ONE),
            from: self.slow_at(now),
            to: moves.maintenance.min(Rate::ONE),
            start: now,
        }
    }
}

/// Everything about a market's parameters.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct MarketRecord {
    /// The governed values.
    pub governed: Governed<MarketParams>,
    /// What the volatility of the index asset asks for.
    pub moves: MoveRamp,
}

impl MarketRecord {
    /// A market whose values hold at once. Its margins follow volatility from the next hour on.
    pub fn settled(params: MarketParams) -> Self {
        Self {
            governed: Governed::settled(params),
            moves: MoveRamp::default(),
        }
    }

    /// What holds in block `now`: the governed values, with
    ///
    /// - maintenance margin `max(base, 0.6 * m_slow)`, at most 100 %,
    /// - initial margin `max(base, k * m)`, never below maintenance margin (invariant 12).
    ///
    /// Rounded up, by less than one unit of a rate.
    pub fn at(&self, now: BlockNumber) -> MarketParams {
        let base = self.governed.at(now);
        let slow = self.moves.slow_at(now);
        // Rates of at most 100 % always fit. Nobody is liquidated by a formula that failed, and nobody
        // opens a position by one.
        let maintenance = maintenance_margin_fraction(Rate::ZERO, slow, Rate::ZERO)
            .unwrap_or(Rate::ZERO)
            .max(base.maintenance_margin);
        let initial = initial_margin_fraction(base.initial_margin, self.moves.initial, Rate::ZERO)
            .unwrap_or(Rate::ONE)
            .max(maintenance);
        MarketParams {
            initial_margin: initial,
            maintenance_margin: maintenance,
            ..base
        }
    }

    /// Takes new moves in: initial margin has them at once, maintenance margin within the hour.
    pub fn tell(&mut self, moves: MarginMoves, now: BlockNumber) {
        self.governed.forget(now);
        self.moves = self.moves.told(moves, now);
    }
}
