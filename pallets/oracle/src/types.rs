//! What the pallet stores.

use crate::moves::Volatility;
use bulwark_primitives::{
    AssetId, FeederStatus, Moment, Price, PriceError, Rate, Tier, SLOT_MILLIS,
};
use bulwark_risk_math::oracle::{Continuity, GapRule, Record, Thresholds};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    pallet_prelude::{ConstU32, Get},
    BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, PartialEqNoBound,
};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::Perbill;

/// Shortest maximal age governance may set: two slots. A feed of block N is first seen in N+1, so
/// anything shorter would call every feed stale.
pub const MIN_MAX_AGE: Moment = 2 * SLOT_MILLIS;

/// Longest maximal age governance may set, in milliseconds.
pub const MAX_MAX_AGE: Moment = 600_000;

/// Smallest tolerance governance may set for the spread of an asset's feeders: 0.05 %.
pub const MIN_TOLERANCE: Rate = Rate::basis_points(5);

/// Largest tolerance governance may set.
pub const MAX_TOLERANCE: Rate = Rate::percent(20);

/// Largest share of a bond that one slash may take.
pub const MAX_SLASH: Perbill = Perbill::from_percent(50);

/// Length of a round of the feeders' score, in milliseconds.
pub const ROUND: Moment = 30_000;

/// Fewest blocks that a round has to have to say anything of a feeder.
pub const MIN_ROUND_BLOCKS: u16 = 5;

/// Length of a bar of the hour range, in milliseconds.
pub const HOUR: Moment = 3_600_000;

/// How many snapshots of an asset are kept for queries: as many as a ring position has values.
pub const HISTORY: u32 = 256;

/// Hourly prices of which the oldest damps the slow price.
pub type Delays = BoundedVec<Price, ConstU32<24>>;

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
    /// Median of a quorum of fresh feeds, also when they disagree too much, are suspect or fresh
    /// from an outage; `None` without a quorum. Never zero. Only for what tolerates the error in
    /// `price`.
    pub median: Option<Price>,
    /// What liquidation may use: the median, of which no more is believed than the deviation that its
    /// tier allows from the short mean; `None` when liquidation tolerates the error in `price` not at
    /// all.
    pub bounded: Option<Price>,
    /// `(third quartile - first quartile) / median` of the fresh feeds; nothing without a quorum.
    pub spread: Rate,
    /// How many fresh feeds there were.
    pub feeds: u32,
    /// Age of the oldest of them, in milliseconds; nothing without a quorum.
    pub age: Moment,
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
    /// Its quality class: how far its price may move and its feeders may disagree.
    pub tier: Tier,
    /// Age in milliseconds up to which its feeds are fresh; the quorum's when there is none.
    pub max_age: Option<Moment>,
    /// The largest spread at which its price is not `Uncertain`; its tier's when there is none.
    pub tolerance: Option<Rate>,
}

impl OracleAsset {
    /// An asset with the rules of its tier.
    pub const fn new(asset: AssetId, tier: Tier) -> Self {
        Self {
            asset,
            tier,
            max_age: None,
            tolerance: None,
        }
    }

    /// Whether its own rules are inside the compile-time bounds.
    pub fn is_valid(&self) -> bool {
        self.max_age
            .is_none_or(|age| (MIN_MAX_AGE..=MAX_MAX_AGE).contains(&age))
            && self
                .tolerance
                .is_none_or(|rate| (MIN_TOLERANCE..=MAX_TOLERANCE).contains(&rate))
    }

    /// The largest spread at which the price is not `Uncertain`: its own, or 2 %, twice that for
    /// tier C, four times for isolated assets.
    pub const fn tolerance(&self) -> Rate {
        match (self.tolerance, self.tier) {
            (Some(tolerance), _) => tolerance,
            (None, Tier::A | Tier::B) => Rate::percent(2),
            (None, Tier::C) => Rate::percent(4),
            (None, Tier::Isolated) => Rate::percent(8),
        }
    }

    /// How far a feed may always be from the median without being outside: an eighth of the
    /// tolerance (0.25 % in tier A). Exchanges that quote in different dollars differ by less.
    pub fn floor(&self) -> Rate {
        Rate(self.tolerance().0 / 8)
    }

    /// How far the price may be from its mean, and an input of a mean from that mean: 10 / 20 /
    /// 50 % by tier.
    pub const fn move_limit(&self) -> Rate {
        match self.tier {
            Tier::A => Rate::percent(10),
            Tier::B => Rate::percent(20),
            Tier::C | Tier::Isolated => Rate::percent(50),
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

/// What guards a price against outages and jumps. Milliseconds.
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
pub struct Guards {
    /// Longer than this without a quorum is an outage of the asset.
    pub quorum_gap: Moment,
    /// Longer than this between two blocks is an outage of every asset.
    pub block_gap: Moment,
    /// How long a quorum must have held after an outage before anybody is closed on its price.
    pub grace: Moment,
    /// Window of the mean that a price is compared with.
    pub short_window: Moment,
    /// Window of the longer mean, and of the hourly one behind the slow price.
    pub long_window: Moment,
}

impl Default for Guards {
    fn default() -> Self {
        Self {
            quorum_gap: 30_000,
            block_gap: 60_000,
            grace: 60_000,
            short_window: 300_000,
            long_window: HOUR,
        }
    }
}

impl Guards {
    /// Whether everything is inside the compile-time bounds: gaps of 2 slots to 10 minutes, a grace
    /// of one slot to one hour, windows of 5 slots to one hour and up to a day. A mean that starts
    /// again after a silence of its whole window must do so in a grace, so the quorum's gap is not
    /// longer than the short window.
    pub fn is_valid(&self) -> bool {
        let gaps = 2 * SLOT_MILLIS..=600_000;
        gaps.contains(&self.quorum_gap)
            && gaps.contains(&self.block_gap)
            && (SLOT_MILLIS..=HOUR).contains(&self.grace)
            && (5 * SLOT_MILLIS..=HOUR).contains(&self.short_window)
            && (self.short_window..=24 * HOUR).contains(&self.long_window)
            && self.quorum_gap <= self.short_window
    }

    pub(crate) const fn gap_rule(&self) -> GapRule {
        GapRule {
            quorum: self.quorum_gap,
            blocks: self.block_gap,
            grace: self.grace,
        }
    }
}

/// How feeders are judged.
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
pub struct Scoring {
    /// How many of the last rounds count.
    pub window: u8,
    /// From how many missed rounds on a feeder is suspended.
    pub max_missed: u8,
    /// From how many rounds outside on.
    pub max_outside: u8,
    /// How long, in milliseconds, before it may come back.
    pub suspension: Moment,
    /// Good rounds in a row that make its offences good.
    pub restore: u16,
    /// Share of the bond that every offence after the first costs.
    pub slash: Perbill,
}

impl Default for Scoring {
    fn default() -> Self {
        Self {
            window: 64,
            max_missed: 32,
            max_outside: 16,
            suspension: HOUR,
            // A day.
            restore: 2_880,
            slash: Perbill::from_percent(10),
        }
    }
}

impl Scoring {
    /// Whether everything is inside the compile-time bounds: 8 to 64 rounds, thresholds of at least
    /// four and at most all of them, a suspension of one minute to thirty days, a way back of
    /// at least one window, and at most [`MAX_SLASH`].
    pub fn is_valid(&self) -> bool {
        let thresholds = 4..=self.window;
        (8..=64).contains(&self.window)
            && thresholds.contains(&self.max_missed)
            && thresholds.contains(&self.max_outside)
            && (60_000..=720 * HOUR).contains(&self.suspension)
            && self.restore >= u16::from(self.window)
            && self.slash <= MAX_SLASH
    }

    pub(crate) const fn thresholds(&self) -> Thresholds {
        Thresholds {
            window: self.window,
            missed: self.max_missed,
            outside: self.max_outside,
        }
    }
}

/// Somebody who put up a bond to feed prices.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Registration<AccountId, Balance> {
    /// The account that signs feeds.
    pub hot_key: AccountId,
    /// What is held, in the native token.
    pub bond: Balance,
    /// Whether it is a feeder of the genesis block, which needs no bond.
    pub exempt: bool,
    /// Where it stands.
    pub status: FeederStatus,
    /// What it did in its last rounds.
    pub record: Record,
}

/// In how many blocks of the running round a feeder was silent, and far from the others.
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
pub struct Tally {
    /// Blocks without a fresh value for some asset that had a quorum.
    pub missed: u16,
    /// Blocks with a value outside for some asset.
    pub outside: u16,
}

/// The running round of the feeders' score.
#[derive(
    CloneNoBound,
    DebugNoBound,
    DefaultNoBound,
    PartialEqNoBound,
    Encode,
    Decode,
    MaxEncodedLen,
    TypeInfo,
)]
#[scale_info(skip_type_params(MaxFeeders))]
pub struct Round<MaxFeeders: Get<u32>> {
    /// When it began.
    pub started: Moment,
    /// How many blocks it has seen.
    pub blocks: u16,
    /// One for each active feeder, in their order.
    pub tallies: BoundedVec<Tally, MaxFeeders>,
}

/// What is known of an asset's price, now and over time: all that every block writes but the history.
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
pub struct Track {
    /// What this block sees; `None` before the first block that has the asset.
    pub snapshot: Option<Snapshot>,
    /// How its quorum has held.
    pub continuity: Continuity,
    /// Its means, from the first quorum on.
    pub means: Option<Means>,
    /// The ring position of the next snapshot.
    pub next: u8,
}

/// One UTC hour of an asset's snapshots: medians of a quorum, clean or not.
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
pub struct HourBar {
    /// Begin of the hour, a multiple of 3,600,000.
    pub start: Moment,
    /// The first snapshot.
    pub open: Price,
    /// The highest.
    pub high: Price,
    /// The lowest.
    pub low: Price,
    /// The last.
    pub close: Price,
}

/// What only the end of an hour changes.
#[derive(
    Clone,
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
pub struct Hourly {
    /// Hourly prices, the oldest first; empty before the first price.
    pub delays: Delays,
    /// How far the asset may go within an hour. Every listed asset has it.
    pub moves: Option<Volatility>,
}

/// Means of an asset's medians.
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
pub struct Means {
    /// Time-weighted over the short window.
    pub short: Price,
    /// Time-weighted over the long window.
    pub long: Price,
    /// The slow price.
    pub slow: Price,
    /// The price of a day ago that damps it.
    pub delayed: Price,
    /// When they were last moved.
    pub at: Moment,
    /// The running hour.
    pub hour: HourBar,
}
