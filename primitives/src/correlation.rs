//! How two prices move together.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A correlation, 9 decimals, from -1 to 1.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct Correlation(pub i32);

impl Correlation {
    /// Move always together.
    pub const ONE: Self = Self(1_000_000_000);
    /// Move independently.
    pub const ZERO: Self = Self(0);

    /// So many percent, for constants: a number from -100 to 100.
    pub const fn percent(percent: i8) -> Self {
        #[allow(clippy::as_conversions)]
        Self((percent as i32).saturating_mul(10_000_000))
    }

    /// Whether it is from -1 to 1.
    pub const fn is_valid(self) -> bool {
        self.0 >= -1_000_000_000 && self.0 <= 1_000_000_000
    }

    /// As a part of a billion, nothing when it is negative.
    pub fn positive(self) -> u32 {
        self.0.max(0).unsigned_abs()
    }
}
