//! The score of a feeder.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use super::deviates;
use bulwark_primitives::{Price, Rate};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Whether a feed lies outside `median +- max(3 * interquartile range, floor)`.
///
/// `spread` is the interquartile range as a fraction of the median, rounded up (in the feeder's
/// favour). The floor keeps feeders who agree to the cent from convicting the one who asks another
/// exchange; a small group cannot convict by agreeing with itself.
pub fn outside(price: Price, median: Price, spread: Rate, floor: Rate) -> bool {
    // Saturation: beyond every rate nothing is outside.
    let band = Rate(spread.0.saturating_mul(3)).max(floor);
    deviates(price, median, band)
}

/// What a feeder is convicted of.
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
pub enum Offence {
    /// Too many rounds without a fresh value.
    #[codec(index = 0)]
    Missed,
    /// Too many rounds far from the others.
    #[codec(index = 1)]
    Outside,
}

/// When a feeder is convicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// How many of the last rounds count, at most 64.
    pub window: u8,
    /// From how many missed ones on.
    pub missed: u8,
    /// From how many outside on.
    pub outside: u8,
}

/// What a feeder did in its last 64 rounds.
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
pub struct Record {
    /// Rounds in which it was silent about some asset; the last one is bit 0.
    pub missed: u64,
    /// Rounds which it spent far from the others.
    pub outside: u64,
    /// How many rounds the two windows know, up to 64.
    pub rounds: u8,
    /// Good rounds in a row.
    pub honest: u16,
    /// Convictions that are not yet made good.
    pub offences: u8,
}

impl Record {
    /// The record after one more round.
    #[must_use]
    pub fn after(self, missed: bool, outside: bool) -> Self {
        // Saturation: counters that have reached their end need not count on.
        Self {
            missed: push(self.missed, missed),
            outside: push(self.outside, outside),
            rounds: self.rounds.saturating_add(1).min(64),
            honest: if missed || outside {
                0
            } else {
                self.honest.saturating_add(1)
            },
            offences: self.offences,
        }
    }

    /// What the last round convicts of: it was bad itself and there are now too many like it.
    /// Being far from the others is the graver one.
    pub fn verdict(&self, thresholds: &Thresholds) -> Option<Offence> {
        let convicts = |bits: u64, limit: u8| {
            count(bits, 1) == 1 && count(bits, thresholds.window) >= u32::from(limit)
        };
        if convicts(self.outside, thresholds.outside) {
            Some(Offence::Outside)
        } else if convicts(self.missed, thresholds.missed) {
            Some(Offence::Missed)
        } else {
            None
        }
    }

    /// The record after a conviction: empty windows, one more offence.
    #[must_use]
    pub fn convicted(self) -> Self {
        Self {
            // Saturation: 255 offences are as bad as more.
            offences: self.offences.saturating_add(1),
            ..Self::default()
        }
    }

    /// How many of the last `window` rounds were missed, and outside.
    pub fn counts(&self, window: u8) -> (u32, u32) {
        (count(self.missed, window), count(self.outside, window))
    }
}

/// The window a round later; the oldest of 64 falls out.
fn push(bits: u64, bit: bool) -> u64 {
    bits.wrapping_shl(1) | u64::from(bit)
}

/// How many of the `window` youngest bits are set.
fn count(bits: u64, window: u8) -> u32 {
    // 64 and more: all of them.
    let mask = 1u64
        .checked_shl(window.into())
        .map_or(u64::MAX, |end| end.wrapping_sub(1));
    (bits & mask).count_ones()
}
