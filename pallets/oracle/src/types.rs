//! What the pallet stores.

use bulwark_primitives::{AssetId, Moment, Price, PriceError, Rate, Tier, SLOT_MILLIS};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Shortest maximal age governance may set: two slots. A feed of block N is first seen in N+1, so
/// anything shorter would call every feed stale.
pub const MIN_MAX_AGE: Moment = 2 * SLOT_MILLIS;

/// Longest maximal age governance may set, in milliseconds.
pub const MAX_MAX_AGE: Moment = 600_000;

/// The one price of an asset in one block, with its quality.
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
pub struct Snapshot {
    /// Median of the fresh feeds, or why there is no clean one. Never zero.
    pub price: Result<Price, PriceError>,
    /// Median of a quorum of fresh feeds, also when they disagree too much for a clean price; `None`
    /// without a quorum. Never zero. Only for what tolerates the error in `price`.
    pub median: Option<Price>,
    /// `(third quartile - first quartile) / median` of the fresh feeds; nothing without a quorum.
    pub spread: Rate,
    /// How many fresh feeds there were.
    pub feeds: u32,
    /// When it was taken.
    pub at: Moment,
}

/// An asset that has a price.
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
pub struct OracleAsset {
    /// The asset.
    pub asset: AssetId,
    /// Its quality class: how far its feeders may disagree.
    pub tier: Tier,
}

impl OracleAsset {
    /// The largest spread at which the price is not `Uncertain`: 2 %, twice that for tier C, four
    /// times for isolated assets.
    pub const fn tolerance(&self) -> Rate {
        match self.tier {
            Tier::A | Tier::B => Rate::percent(2),
            Tier::C => Rate::percent(4),
            Tier::Isolated => Rate::percent(8),
        }
    }
}

/// When feeds make a price.
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
pub struct Quorum {
    /// Fewest fresh feeds.
    pub min_feeders: u32,
    /// Age in milliseconds up to which a feed is fresh.
    pub max_age: Moment,
}

impl Default for Quorum {
    fn default() -> Self {
        Self {
            min_feeders: 5,
            max_age: 60_000,
        }
    }
}

impl Quorum {
    /// Whether it is inside the compile-time bounds: between one and `max_feeders` feeds, and an
    /// age between [`MIN_MAX_AGE`] and [`MAX_MAX_AGE`].
    pub const fn is_valid(&self, max_feeders: u32) -> bool {
        self.min_feeders >= 1
            && self.min_feeders <= max_feeders
            && self.max_age >= MIN_MAX_AGE
            && self.max_age <= MAX_MAX_AGE
    }
}

/// Somebody who put up a bond to feed prices.
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
pub struct Registration<Balance> {
    /// What is held, in the native token. Nothing for feeders of the genesis block.
    pub bond: Balance,
    /// Whether the feeds count.
    pub admitted: bool,
}
