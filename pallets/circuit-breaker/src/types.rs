//! What the pallet stores, and the two state machines as pure functions on it.

use bulwark_primitives::{MarketStatus, Moment, Price, Rate, StatusReason, SLOT_MILLIS};
use bulwark_risk_math::{bounds, mean_update, MathError};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
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

/// A status that holds until somebody ends it.
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
}

/// The status of a market that is not simply active.
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
pub struct StatusRecord {
    /// The status, never `Active`.
    pub status: MarketStatus,
    /// Why.
    pub reason: StatusReason,
    /// Since when.
    pub since: Moment,
    /// When it ends by itself; `None` when somebody has to end it.
    pub until: Option<Moment>,
    /// What holds when a timed status ends: a pause must not lift a halt that was there before it
    /// or came during it. `None`: the market is active again.
    pub then: Option<Standing>,
}

impl From<Standing> for StatusRecord {
    fn from(standing: Standing) -> Self {
        Self {
            status: standing.status,
            reason: standing.reason,
            since: standing.since,
            until: None,
            then: None,
        }
    }
}

/// What tightening a status came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tightened {
    /// It holds from now on.
    Now(StatusRecord),
    /// It holds when the running pause ends.
    Later(StatusRecord),
    /// The market has that very status.
    Same,
    /// The market has a tighter one.
    Looser,
}

/// `halt` on top of what a market has.
pub(crate) fn tighten(current: Option<&StatusRecord>, halt: Standing) -> Tightened {
    let Some(current) = current else {
        return Tightened::Now(halt.into());
    };
    let (new, old) = (severity(halt.status), severity(current.status));
    if current.until.is_none() {
        return if new > old {
            Tightened::Now(halt.into())
        } else if new == old {
            Tightened::Same
        } else {
            Tightened::Looser
        };
    }
    // A halt as tight as a timed one is still more: it does not end by itself.
    if new >= old {
        return Tightened::Now(halt.into());
    }
    let waiting = current.then.map_or(0, |then| severity(then.status));
    if new > waiting {
        Tightened::Later(StatusRecord {
            then: Some(halt),
            ..*current
        })
    } else if new == waiting {
        Tightened::Same
    } else {
        Tightened::Looser
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
    Some(StatusRecord {
        status: MarketStatus::Paused,
        reason: StatusReason::PriceBand,
        since: now,
        // Saturation: a pause that ends after the end of time does not end.
        until: Some(now.saturating_add(timing.pause_millis)),
        then: current.map(|record| Standing {
            status: record.status,
            reason: record.reason,
            since: record.since,
        }),
    })
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
