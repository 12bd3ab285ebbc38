//! Gaps: what a price is worth after an outage.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use bulwark_primitives::Moment;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What counts as an outage, and for how long it is felt; milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GapRule {
    /// Longer than this without a quorum is an outage.
    pub quorum: Moment,
    /// Longer than this between two blocks is one too.
    pub blocks: Moment,
    /// How long a quorum must have held after it.
    pub grace: Moment,
}

/// How an asset's quorum has held so far.
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
pub enum Continuity {
    /// Never a quorum yet. Nothing can depend on the price, so the first one needs no grace.
    #[default]
    #[codec(index = 0)]
    Never,
    /// There is one.
    #[codec(index = 1)]
    Held,
    /// There was one at this time, not long ago.
    #[codec(index = 2)]
    Lost(Moment),
    /// An outage that has not ended.
    #[codec(index = 3)]
    Outage,
    /// The quorum is back since this time; the grace runs.
    #[codec(index = 4)]
    Recovering(Moment),
}

impl Continuity {
    /// What becomes of it at `now`, when `before` was the block before and a fresh `quorum` is
    /// there or not.
    ///
    /// Without blocks nobody knows how long the quorum was missing, so a gap between two blocks
    /// counts on its own, longer, terms. A grace in which the quorum is lost starts again.
    #[must_use]
    pub const fn next(self, quorum: bool, now: Moment, before: Moment, rule: &GapRule) -> Self {
        let jumped = now.saturating_sub(before) > rule.blocks;
        match (self, quorum) {
            (Self::Never, false) => Self::Never,
            (Self::Never, true) => Self::Held,
            (Self::Held, true) if !jumped => Self::Held,
            (Self::Held, false) if !jumped => Self::lost(before, now, rule),
            (Self::Lost(since), true) if !jumped && now.saturating_sub(since) <= rule.quorum => {
                Self::Held
            }
            (Self::Lost(since), false) if !jumped => Self::lost(since, now, rule),
            (Self::Recovering(since), true) if !jumped => {
                if now.saturating_sub(since) >= rule.grace {
                    Self::Held
                } else {
                    Self::Recovering(since)
                }
            }
            (Self::Held | Self::Lost(_) | Self::Outage | Self::Recovering(_), true) => {
                Self::Recovering(now)
            }
            (Self::Held | Self::Lost(_) | Self::Outage | Self::Recovering(_), false) => {
                Self::Outage
            }
        }
    }

    const fn lost(since: Moment, now: Moment, rule: &GapRule) -> Self {
        if now.saturating_sub(since) > rule.quorum {
            Self::Outage
        } else {
            Self::Lost(since)
        }
    }

    /// Whether a quorum's median is not yet to be acted on.
    pub const fn is_recovering(self) -> bool {
        match self {
            Self::Recovering(_) => true,
            Self::Never | Self::Held | Self::Lost(_) | Self::Outage => false,
        }
    }
}
