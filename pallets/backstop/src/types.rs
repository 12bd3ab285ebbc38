//! What is stored, and what governance sets.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use alloc::vec::Vec;
use bulwark_primitives::{MarketId, Quantity, Rate, Shares, Usd};
use bulwark_risk_math::backstop::Patience;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Blocks of a day, the longest patience.
const DAY: u32 = 43_200;

/// What governance sets. Fractions of capital are of what depositors have in the vault at cost: free and put
/// into markets.
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
pub struct Parameters {
    /// Most that one market may lose in a day, of capital.
    pub market_loss: Rate,
    /// Most that all markets may lose in a day, of capital.
    pub day_loss: Rate,
    /// Largest position in one market, notional of capital.
    pub market_notional: Rate,
    /// What is put behind a position, of its notional; initial margin when that is more.
    pub margin: Rate,
    /// Furthest price beyond mark that is paid for a position.
    pub premium: Rate,
    /// Notional of all positions, of capital, above which nobody leaves.
    pub exit_notional: Rate,
    /// Share of a position that one block unwinds.
    pub slice: Rate,
    /// Discount from mark at which a young position is unwound.
    pub first_discount: Rate,
    /// Discount at which an old one is.
    pub last_discount: Rate,
    /// Blocks after which it is old.
    pub patience: u32,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            market_loss: Rate::percent(5),
            day_loss: Rate::percent(10),
            market_notional: Rate::percent(50),
            margin: Rate::percent(10),
            premium: Rate::percent(5),
            exit_notional: Rate::percent(25),
            slice: Rate::percent(5),
            first_discount: Rate::basis_points(5),
            last_discount: Rate::percent(1),
            patience: 1_800,
        }
    }
}

impl Parameters {
    /// Whether every value is inside its bounds: losses up to 20 % of capital in a market and 50 % in all,
    /// and not more in one than in all; a position up to twice the capital, behind which 5 to 100 % are put;
    /// a premium up to 20 %, discounts up to 5 %, the first not above the last; leaving up to a notional of the
    /// capital; 0.1 to 100 % unwound in a block, old after one block to a day.
    pub fn is_valid(&self) -> bool {
        let most = Rate::percent(5);
        self.market_loss <= Rate::percent(20)
            && self.market_loss <= self.day_loss
            && self.day_loss <= Rate::percent(50)
            && self.market_notional <= Rate::percent(200)
            && (Rate::percent(5)..=Rate::ONE).contains(&self.margin)
            && self.premium <= Rate::percent(20)
            && self.exit_notional <= Rate::ONE
            && (Rate::basis_points(10)..=Rate::ONE).contains(&self.slice)
            && self.first_discount <= self.last_discount
            && self.last_discount <= most
            && (1..=DAY).contains(&self.patience)
    }

    /// Whether it lets the vault risk, pay or let go anything more than `before`.
    pub fn loosens(&self, before: &Self) -> bool {
        self.market_loss > before.market_loss
            || self.day_loss > before.day_loss
            || self.market_notional > before.market_notional
            || self.margin < before.margin
            || self.premium > before.premium
            || self.exit_notional > before.exit_notional
            || self.slice > before.slice
            || self.first_discount > before.first_discount
            || self.last_discount > before.last_discount
            || self.patience < before.patience
    }

    /// How the discount grows.
    pub const fn schedule(&self) -> Patience {
        Patience {
            first: self.first_discount,
            last: self.last_discount,
            blocks: self.patience,
        }
    }
}

/// Quarters of a day that count: those of the last 24 hours, of which the first may have begun before.
const QUARTERS: usize = 5;

/// Losses of the last day, by its quarters.
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
pub struct Losses {
    /// Number of the last quarter of a day, since genesis, of which anything is known.
    pub quarter: u32,
    /// What was put into markets in which positions ended in it, and did not come back, and the same of the
    /// quarters before it. What came back more elsewhere does not make it less.
    pub lost: [Usd; QUARTERS],
    /// Whether it was told in that quarter that a cap is reached.
    pub told: bool,
}

impl Losses {
    /// What was lost in `quarter` and the four before it, so never less than in the last 24 hours; `None` when
    /// it does not fit.
    pub fn until(&self, quarter: u32) -> Option<Usd> {
        self.moved(quarter)
            .iter()
            .try_fold(Usd::ZERO, |sum, lost| sum.checked_add(*lost))
    }

    /// Those until `quarter`, with `more` in it; `None` when they do not fit.
    pub fn with(self, quarter: u32, more: Usd) -> Option<Self> {
        let [last, before @ ..] = self.moved(quarter);
        let [first, second, third, fourth] = before;
        let losses = Self {
            quarter,
            lost: [last.checked_add(more)?, first, second, third, fourth],
            told: self.told && self.quarter == quarter,
        };
        losses.until(quarter).map(|_| losses)
    }

    /// The losses as they are counted in `quarter`, the latest first.
    fn moved(&self, quarter: u32) -> [Usd; QUARTERS] {
        let passed = usize::try_from(quarter.saturating_sub(self.quarter)).unwrap_or(QUARTERS);
        let mut moved = [Usd::ZERO; QUARTERS];
        for (to, from) in moved.iter_mut().skip(passed).zip(&self.lost) {
            *to = *from;
        }
        moved
    }
}

/// What the vault has put into one market.
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
pub struct Book<BlockNumber> {
    /// Put in and not back yet: the most it can lose there. Nothing without a position.
    pub allotted: Usd,
    /// When the position was begun.
    pub since: BlockNumber,
    /// What it lost.
    pub losses: Losses,
}

/// All shares.
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
pub struct Issued {
    /// How many.
    pub shares: Shares,
    /// How often all was lost. Shares of an epoch before are worth nothing.
    pub epoch: u32,
}

/// What one depositor has.
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
pub struct Holding<BlockNumber> {
    /// Shares, those on their way out included.
    pub shares: Shares,
    /// Epoch in which they were bought.
    pub epoch: u32,
    /// What shall go out.
    pub request: Option<Request<BlockNumber>>,
}

/// Shares on their way out. They earn and lose like the others until they are paid.
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
pub struct Request<BlockNumber> {
    /// How many.
    pub shares: Shares,
    /// When it was made.
    pub since: BlockNumber,
}

/// Why the vault takes no more.
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
pub enum Cap {
    /// The market may not lose more within a day.
    #[codec(index = 0)]
    MarketLoss,
    /// All markets together may not lose more within a day.
    #[codec(index = 1)]
    DayLoss,
    /// All capital is in markets.
    #[codec(index = 2)]
    Capital,
    /// The position in the market may not be larger.
    #[codec(index = 3)]
    Notional,
}

/// What all shares are worth, and what stands behind them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// At the worse prices: what shares are redeemed at.
    pub worse: Usd,
    /// At the better prices: what shares are bought at.
    pub better: Usd,
    /// Notional of all positions at mark.
    pub notional: Usd,
}

/// The vault in one look.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Summary {
    /// At the worse and at the better prices; `None` while a price is missing.
    pub value: Option<(Usd, Usd)>,
    /// Not in any market.
    pub free: Usd,
    /// Put into markets.
    pub at_risk: Usd,
    /// All shares.
    pub shares: Shares,
    /// Lost within the last day.
    pub lost_today: Usd,
    /// Markets in which it has a position, with what was put in there.
    pub held: Vec<(MarketId, Usd)>,
}

/// What would be done with an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// How much of it.
    pub quantity: Quantity,
    /// What has to be put in.
    pub top_up: Usd,
    /// What kept it from more.
    pub cap: Option<Cap>,
}
