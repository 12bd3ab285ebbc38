//! The hour of the week, and how lively each is.

use crate::MathError;
use bulwark_primitives::Moment;

/// Milliseconds of an hour.
pub const HOUR_MILLIS: Moment = 3_600_000;
/// Hours of a week.
const WEEK: u8 = 168;
/// The epoch was a Thursday, 00:00 UTC: this many hours after Monday, 00:00.
const EPOCH: u64 = 72;
/// One as a factor of [`SHAPE`].
pub(super) const SHAPE_SCALE: u128 = 10_000;

/// Range of an hour relative to the mean hour, 4 decimals, Monday 00:00 UTC first; the mean of all
/// is 1. From 0.70 (Sunday 06:00) to 1.41 (Tuesday 14:00, when New York opens).
///
/// Source: BTC, ETH, SOL, DOGE, LINK and DOT on Binance, hourly bars to the end of 2024 without the
/// first 60 days of each. Mean of `ln(range + 0.00001)` by hour of the week over all assets, smoothed
/// over neighbouring hours with weights 1/4, 1/2, 1/4, `exp`, divided by the mean.
#[rustfmt::skip]
const SHAPE: [u16; 168] = [
    // Monday
    11_912, 11_436, 10_071, 9142, 8709, 8821, 9251, 9717, 10_096, 10_135, 9845, 9947,
    10_959, 12_372, 13_123, 13_173, 12_655, 11_466, 10_670, 10_551, 10_468, 10_390, 10_334, 10_830,
    // Tuesday
    11_628, 11_043, 9785, 9121, 8836, 8804, 8978, 9328, 9779, 9826, 9682, 10_133,
    11_364, 13_021, 14_060, 13_809, 12_845, 11_721, 11_025, 10_812, 10_531, 10_113, 9821, 10_352,
    // Wednesday
    11_294, 10_836, 9689, 9077, 8840, 8870, 9126, 9570, 9789, 9598, 9568, 10_248,
    11_715, 13_018, 13_356, 13_264, 12_699, 11_791, 11_567, 11_750, 11_466, 10_874, 10_426, 10_743,
    // Thursday
    11_532, 11_158, 9922, 9066, 8713, 8724, 8984, 9413, 9736, 9732, 9703, 10_330,
    11_752, 13_037, 13_496, 13_410, 12_848, 11_787, 10_912, 10_646, 10_553, 10_269, 9954, 10_340,
    // Friday
    11_327, 11_312, 10_196, 9171, 8802, 8865, 9145, 9818, 10_165, 9796, 9533, 10_050,
    11_277, 12_543, 13_313, 13_338, 12_495, 11_071, 10_070, 9809, 9727, 9522, 9280, 9530,
    // Saturday
    9976, 9318, 8135, 7481, 7371, 7431, 7379, 7505, 7747, 7749, 7699, 7845,
    8165, 8444, 8713, 9150, 9319, 8746, 7961, 7620, 7739, 7965, 8087, 8630,
    // Sunday
    9317, 8850, 7879, 7363, 7177, 7094, 7034, 7206, 7642, 7855, 7830, 8116,
    8602, 8979, 9272, 9588, 9700, 9099, 8484, 8589, 9089, 9775, 10_385, 11_057,
];

/// An hour of the week, Monday 00:00 UTC first: 0 to 167 by construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HourOfWeek(u8);

impl HourOfWeek {
    /// The hour of the week at `moment` (milliseconds since the Unix epoch).
    ///
    /// ```
    /// # use bulwark_risk_math::volatility::HourOfWeek;
    /// // Friday, 10 October 2025, 21:15:00 UTC
    /// assert_eq!(HourOfWeek::at(1_760_130_900_000).index(), 4 * 24 + 21);
    /// ```
    pub const fn at(moment: Moment) -> Self {
        // Below 168 + 72, so the sum fits and so does its remainder in a u8.
        #[allow(clippy::arithmetic_side_effects, clippy::as_conversions)]
        Self(((moment / HOUR_MILLIS % 168 + EPOCH) % 168) as u8)
    }

    /// The one with this index, or `None` from 168 on.
    pub const fn new(index: u8) -> Option<Self> {
        if index < WEEK {
            Some(Self(index))
        } else {
            None
        }
    }

    /// Hours since Monday 00:00 UTC.
    pub const fn index(self) -> u8 {
        self.0
    }

    /// The hour after it; after Sunday's last comes Monday's first.
    pub const fn next(self) -> Self {
        match self.0.checked_add(1) {
            Some(index) if index < WEEK => Self(index),
            Some(_) | None => Self(0),
        }
    }

    /// Its factor in [`SHAPE`], 4 decimals. Never zero.
    pub(super) fn shape(self) -> Result<u128, MathError> {
        // An index by construction, so the error is for the compiler.
        SHAPE
            .get(usize::from(self.0))
            .map(|factor| u128::from(*factor))
            .ok_or(MathError::DivisionByZero)
    }
}
