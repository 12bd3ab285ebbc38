//! What the pallet stores, and the two state machines as pure functions on it.

use alloc::vec::Vec;
use bulwark_primitives::{MarketStatus, Moment, Price, Rate, StatusReason, SLOT_MILLIS};
use bulwark_risk_math::{bounds, mean_update, MathError};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Shortest window of the mean governance may set: five slots. In a shorter one every block would
/// be the whole mean, and nothing would ever be outside its band.
pub const MIN_WINDOW: Moment = 5 * SLOT_MILLIS;
/// Longest window of the mean governance may set: one hour.
pub const MAX_WINDOW: Moment = 3_600_000;
/// Shortest pause governance may set: one slot.
pub const MIN_PAUSE: Moment = SLOT_MILLIS;
/// Longest pause governance may set: one day.
pub const MAX_PAUSE: Moment = 86_400_000;
/// How long an auction waits for a clean price, without which nobody may take new risk: 30 slots. Then it
/// goes on with those who reduce.
pub const PRICE_WAIT: Moment = 30 * SLOT_MILLIS;
/// How long a backlog of liquidations keeps a market reduce-only after it was last reported: 30
/// slots. It is reported in every block of it, so this is how long it has to be gone.
pub const BACKLOG_HOLD: Moment = 30 * SLOT_MILLIS;
/// Most statuses that can wait behind another one: each is looser than the one before it, and five
/// take anything away, one of them more or less.
pub const MAX_FOLLOWING: u32 = 5;

/// The times of the price bands, in milliseconds.
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
pub struct Timing {
    /// Over which the reference is the mean of the price.
    pub window_millis: Moment,
    /// How long the price has to be outside the band to pause the market.
    pub persistence_millis: Moment,
    /// How long such a pause is.
    pub pause_millis: Moment,
}

impl Default for Timing {
    /// A mean of 5 minutes, 15 seconds outside, a pause of 5 minutes.
    fn default() -> Self {
        Self {
            window_millis: 300_000,
            persistence_millis: 15_000,
            pause_millis: 300_000,
        }
    }
}

impl Timing {
    /// Whether it is inside the compile-time bounds. The persistence has to be shorter than the
    /// window, or the mean would follow the price before anything happened.
    pub const fn is_valid(&self) -> bool {
        self.window_millis >= MIN_WINDOW
            && self.window_millis <= MAX_WINDOW
            && self.persistence_millis < self.window_millis
            && self.pause_millis >= MIN_PAUSE
            && self.pause_millis <= MAX_PAUSE
    }
}

/// How much a status takes away. A halt may only go up in it; the order is that of the statuses
/// from `Active` to `Closed`.
pub const fn severity(status: MarketStatus) -> u8 {
    match status {
        MarketStatus::Active => 0,
        MarketStatus::PostOnly => 1,
        MarketStatus::ReduceOnly => 2,
        MarketStatus::Paused => 3,
        MarketStatus::Settling => 4,
        MarketStatus::Closed => 5,
    }
}

/// A status that holds until its time is over or, without an end, until somebody ends it.
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
pub struct Standing {
    /// The status, never `Active`.
    pub status: MarketStatus,
    /// Why.
    pub reason: StatusReason,
    /// Since when.
    pub since: Moment,
    /// When it ends by itself; `None` when somebody has to end it.
    pub until: Option<Moment>,
}

impl Standing {
    /// How much it takes away: as [`severity`] says, and of two that are reduce-only less when it is for a
    /// backlog, because makers may still help then ([`MarketStatus::allows_makers`]).
    pub(crate) const fn rank(&self) -> u8 {
        let helped = matches!(self.reason, StatusReason::Backlog);
        let whole = if helped { 0 } else { 1 };
        severity(self.status)
            .saturating_mul(2)
            .saturating_add(whole)
    }

    /// Whether `other` adds nothing to this one: it takes away no more, and for no longer.
    pub const fn covers(&self, other: &Self) -> bool {
        self.rank() >= other.rank() && self.outlasts(other)
    }

    /// An auction outlasts nothing: it ends as soon as the book is uncrossed.
    const fn outlasts(&self, other: &Self) -> bool {
        if self.is_auction() {
            return false;
        }
        match (self.until, other.until) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(theirs)) => mine >= theirs,
        }
    }

    /// Whether the book is being uncrossed.
    pub const fn is_auction(&self) -> bool {
        matches!(self.reason, StatusReason::Auction)
    }

    /// Whether its time is over.
    pub fn has_ended(&self, now: Moment) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

/// The status of a market that is not simply active, and what follows it.
///
/// Halts, pauses and backlogs come and end independently, and none may lift another. So a record
/// keeps all of them that are not covered by another ([`Standing::covers`]): the tightest holds,
/// and each of those behind it is looser and lasts longer.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct StatusRecord {
    /// The status, never `Active`.
    pub status: MarketStatus,
    /// Why.
    pub reason: StatusReason,
    /// Since when.
    pub since: Moment,
    /// When it ends by itself; `None` when somebody has to end it.
    pub until: Option<Moment>,
    /// What holds when it ends, in turn; the market is active after the last.
    pub then: BoundedVec<Standing, ConstU32<MAX_FOLLOWING>>,
}

impl From<Standing> for StatusRecord {
    fn from(standing: Standing) -> Self {
        Self {
            status: standing.status,
            reason: standing.reason,
            since: standing.since,
            until: standing.until,
            then: BoundedVec::new(),
        }
    }
}

impl StatusRecord {
    /// What holds now.
    pub const fn standing(&self) -> Standing {
        Standing {
            status: self.status,
            reason: self.reason,
            since: self.since,
            until: self.until,
        }
    }

    /// A pause for the auction that follows a pause, with what is left of a record behind it.
    pub(crate) fn auction(left: Option<&Self>, now: Moment) -> Self {
        let auction = Standing {
            status: MarketStatus::Paused,
            reason: StatusReason::Auction,
            since: now,
            until: None,
        };
        let left = left.into_iter().flat_map(Self::standings);
        Self::of(core::iter::once(auction).chain(left)).unwrap_or_else(|| auction.into())
    }

    /// What follows the tightest status at `now`; `None` when the market is active then.
    pub(crate) fn after(&self, now: Moment) -> Option<Self> {
        Self::of(self.then.iter().copied().filter(|s| !s.has_ended(now)))
    }

    /// All it knows of, the tightest first.
    fn standings(&self) -> impl Iterator<Item = Standing> + '_ {
        core::iter::once(self.standing()).chain(self.then.iter().copied())
    }

    /// A record of `standings`, the tightest first; `None` when there are none.
    fn of(standings: impl IntoIterator<Item = Standing>) -> Option<Self> {
        let mut standings = standings.into_iter();
        let first = standings.next()?;
        Some(Self {
            // Each is looser than the one before it, so there is room for all of them.
            then: BoundedVec::truncate_from(standings.collect()),
            ..first.into()
        })
    }

    /// What is left of it at `now`; `None` when the market is active again.
    pub(crate) fn at(&self, now: Moment) -> Option<Self> {
        Self::of(self.standings().filter(|s| !s.has_ended(now)))
    }

    /// Whether each status is looser and lasts longer than the one before it.
    pub fn is_ordered(&self) -> bool {
        self.standings()
            .zip(&self.then)
            .all(|(first, then)| then.rank() < first.rank() && !first.outlasts(then))
    }

    /// Whether `check` holds for each status.
    pub fn all(&self, check: impl Fn(&Standing) -> bool) -> bool {
        self.standings().all(|standing| check(&standing))
    }
}

/// What tightening a status came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tightened {
    /// It holds from now on.
    Now(StatusRecord),
    /// It holds when what is tighter ends.
    Later(StatusRecord),
    /// What was there for the same reason lasts longer.
    Renewed(StatusRecord),
    /// The market has that very status for as long.
    Same,
    /// The market has a tighter one for as long.
    Looser,
}

/// `new` beside what a market has.
pub(crate) fn tighten(current: Option<&StatusRecord>, new: Standing) -> Tightened {
    let standings: Vec<Standing> = current
        .map(|record| record.standings().collect())
        .unwrap_or_default();
    if let Some(cover) = standings.iter().find(|standing| standing.covers(&new)) {
        return if cover.status == new.status {
            Tightened::Same
        } else {
            Tightened::Looser
        };
    }
    let renewed = standings.iter().find(|standing| {
        standing.status == new.status
            && standing.reason == new.reason
            && standing.until.is_some()
            && new.until.is_some()
    });
    let new = Standing {
        since: renewed.map_or(new.since, |standing| standing.since),
        ..new
    };
    let is_tighter = |standing: &&Standing| standing.rank() > new.rank();
    let tighter = standings.iter().filter(is_tighter);
    let looser = standings
        .iter()
        .filter(|standing| !is_tighter(standing) && !new.covers(standing));
    let at_once = tighter.clone().next().is_none();
    let record = StatusRecord::of(tighter.copied().chain([new]).chain(looser.copied()))
        .unwrap_or_else(|| new.into());
    match (renewed, at_once) {
        (Some(_), _) => Tightened::Renewed(record),
        (None, true) => Tightened::Now(record),
        (None, false) => Tightened::Later(record),
    }
}

/// A pause for the price band on top of what a market has; `None` when it changes nothing, because
/// the market is paused or beyond.
pub(crate) fn pause(
    current: Option<&StatusRecord>,
    now: Moment,
    timing: &Timing,
) -> Option<StatusRecord> {
    if current.is_some_and(|record| severity(record.status) >= severity(MarketStatus::Paused)) {
        return None;
    }
    let pause = Standing {
        status: MarketStatus::Paused,
        reason: StatusReason::PriceBand,
        since: now,
        // Saturation: a pause that ends after the end of time does not end.
        until: Some(now.saturating_add(timing.pause_millis)),
    };
    match tighten(current, pause) {
        Tightened::Now(record) => Some(record),
        Tightened::Later(_) | Tightened::Renewed(_) | Tightened::Same | Tightened::Looser => None,
    }
}

/// What the price of a market is compared with.
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
pub struct Reference {
    /// Mean of the price over the window.
    pub mean: Price,
    /// When a clean price last went into it.
    pub updated: Moment,
    /// Since when the price is outside the band; `None` while it is inside.
    pub outside_since: Option<Moment>,
}

impl Reference {
    /// A reference that knows one price.
    pub const fn new(price: Price, now: Moment) -> Self {
        Self {
            mean: price,
            updated: now,
            outside_since: None,
        }
    }

    /// The same band, to be replaced by the next clean price.
    ///
    /// Used when a market reopens without one: going on without a band would let two accounts of
    /// one owner trade at any price they like.
    pub const fn expired(&self) -> Self {
        Self {
            mean: self.mean,
            updated: 0,
            outside_since: None,
        }
    }

    /// Takes `price` in, and answers whether it has been outside for long enough to pause.
    ///
    /// The price is compared with the mean before it goes into it. After a gap of a whole window the
    /// old mean says nothing and a new reference starts.
    ///
    /// # Errors
    /// `Overflow` when the band around the mean does not fit.
    pub fn next(
        &self,
        price: Price,
        now: Moment,
        band: Rate,
        timing: &Timing,
    ) -> Result<(Self, bool), MathError> {
        let elapsed = now.saturating_sub(self.updated);
        if elapsed >= timing.window_millis {
            return Ok((Self::new(price, now), false));
        }
        let (low, high) = bounds(self.mean, band)?;
        let outside_since = if (low..=high).contains(&price) {
            None
        } else {
            Some(self.outside_since.unwrap_or(now))
        };
        let trips = outside_since
            .is_some_and(|since| now.saturating_sub(since) >= timing.persistence_millis);
        let next = Self {
            mean: mean_update(self.mean, price, elapsed, timing.window_millis)?,
            updated: now,
            outside_since,
        };
        Ok((next, trips))
    }
}
