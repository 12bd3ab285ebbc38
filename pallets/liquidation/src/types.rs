// The codec derives cast the indices of variants.
#![allow(clippy::as_conversions)]
//! What the due queue stores, and what its steps answer.

use crate::sweep::{BACKLOG_BLOCKS, CALM_BLOCKS};
use bulwark_primitives::{Factor, MarketId, SubAccount, Usd};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Entries of one page.
pub const PAGE_SIZE: u32 = 32;
/// Most factors that may hold triggers at the same time.
pub const MAX_FACTORS: u32 = 512;
/// Class of accounts that could not be closed at the last attempt. They are retried in turn, from
/// a share of the budget of their own, so that an account that nobody can close (a halted market,
/// an empty book) never stands before one that can.
pub const PARKED: u8 = 63;
/// Health classes of accounts that are closed worst first: 0 is bankrupt, 62 just under
/// maintenance.
pub const HEALTH_CLASSES: u8 = PARKED;

/// A list of entries that belong together.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum CellId {
    /// Triggers of a factor whose keys share a bucket.
    #[codec(index = 0)]
    Trigger(Factor, u16),
    /// Accounts under maintenance of one class.
    #[codec(index = 1)]
    Known(u8),
    /// Accounts that changed and were not evaluated since.
    #[codec(index = 2)]
    Stale,
    /// Positions of a side of a market whose entry prices share a bucket.
    #[codec(index = 3)]
    Entry(Factor, u16),
}

/// One account in a cell.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Entry<AccountId> {
    /// Whose it is.
    pub account: SubAccount<AccountId>,
    /// Effective price (18 decimals) below which the account is due; 0 in other cells than those of
    /// triggers.
    pub key: i128,
}

/// A part of a cell. The pages of a cell form a doubly linked list, the newest first; none is empty.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Page<AccountId> {
    /// What is in it, the oldest first.
    pub entries: BoundedVec<Entry<AccountId>, ConstU32<PAGE_SIZE>>,
    /// The page before it, `None` for the first.
    pub previous: Option<u64>,
    /// The page after it, `None` for the last.
    pub next: Option<u64>,
}

/// Where the pages of a cell start and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Head {
    /// The first page, the one that takes new entries.
    pub first: u64,
    /// The last page, the one with the oldest entries.
    pub last: u64,
    /// Id of the next page to be made.
    pub next_id: u64,
}

/// A trigger, as the account it belongs to remembers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct TriggerKey {
    /// What it watches.
    pub factor: Factor,
    /// Bucket of `key`.
    pub bucket: u16,
    /// Page of the cell that holds it.
    pub page: u64,
    /// Effective price (18 decimals) below which the account is due.
    pub key: i128,
}

/// A position, as its account remembers where it is among those of its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RankedPosition {
    /// Side and market.
    pub factor: Factor,
    /// Bucket of its entry price.
    pub bucket: u16,
    /// Page of the cell that holds it.
    pub page: u64,
}

/// Where an open position stands among those that would be closed for others.
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
pub struct AdlRank {
    /// Profit times leverage, 9 decimals; not above zero without profit.
    pub score: i128,
    /// How many of the positions that were looked at come before it.
    pub place: u32,
    /// How many were looked at, this one included.
    pub of: u32,
}

/// An account found under maintenance and not restored yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct KnownAccount<BlockNumber> {
    /// Health class, or [`PARKED`].
    pub class: u8,
    /// Page of the class's cell that holds it.
    pub page: u64,
    /// The market a loss of the account is counted under: the last one it was closed in, or the
    /// first it had a position in.
    pub market: Option<MarketId>,
    /// Block of the last closing that filled anything, or in which the account took part in an auction.
    pub closed_at: Option<BlockNumber>,
    /// Where the next attempt starts, in the order of the markets' ids; `None` when it is to start
    /// with the largest requirements, because the last one filled something or there was none.
    pub resume: Option<MarketId>,
}

/// An account that changed and was not evaluated since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct StaleAccount<BlockNumber> {
    /// Page of the cell that holds it.
    pub page: u64,
    /// Block of the first change.
    pub since: BlockNumber,
}

/// How step 3 keeps up with its work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Load {
    /// Consecutive blocks in which the budget did not suffice.
    pub saturated: u32,
    /// Consecutive blocks in which it did, while there is a backlog; `None` while there is none.
    pub calm: Option<u32>,
}

impl Load {
    /// After one more block.
    ///
    /// A backlog begins after [`BACKLOG_BLOCKS`] saturated blocks in a row and ends after
    /// [`CALM_BLOCKS`] that are not, so that a budget which suffices now and then does not end it.
    pub const fn next(self, saturated: bool) -> Self {
        if saturated {
            let saturated = self.saturated.saturating_add(1);
            let calm = if saturated > BACKLOG_BLOCKS || self.calm.is_some() {
                Some(0)
            } else {
                None
            };
            return Self { saturated, calm };
        }
        let calm = match self.calm {
            Some(blocks) if blocks.saturating_add(1) < CALM_BLOCKS => {
                Some(blocks.saturating_add(1))
            }
            Some(_) | None => None,
        };
        Self { saturated: 0, calm }
    }

    /// Whether the breaker would be told if the next block is saturated.
    pub const fn may_report(self) -> bool {
        self.next(true).calm.is_some()
    }
}

/// Why a factor has no effective price in this block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpriced {
    /// Its market or asset is unknown, or it has no price that liquidation may use: nothing of it
    /// is due.
    Frozen,
    /// The formula failed.
    Failed,
}

/// What an evaluation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Equity at or above maintenance: the triggers are set.
    Healthy,
    /// Under maintenance: the account is in `Known`.
    Under,
    /// A price it depends on may not be used: the account is due again when the price returns.
    Frozen,
    /// A formula failed: the account is in `Known`, parked.
    Failed,
}

/// How an attempt to close an account ended.
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
pub enum Outcome {
    /// Something was closed, or a loss was paid.
    #[codec(index = 0)]
    Progress,
    /// The account is not under maintenance.
    #[codec(index = 1)]
    Healthy,
    /// Its health cannot be known at the prices of this block.
    #[codec(index = 2)]
    Frozen,
    /// It was already closed as far as one block allows.
    #[codec(index = 3)]
    AlreadyClosed,
    /// No market of its positions allows liquidation now.
    #[codec(index = 4)]
    MarketsHalted,
    /// The book had nothing within the price limit.
    #[codec(index = 5)]
    NoLiquidity,
    /// The account is flat and the fund could not pay all of its debt.
    #[codec(index = 6)]
    FundShort,
    /// A formula failed.
    #[codec(index = 7)]
    MathFailure,
    /// Positions of others have to pay, and the budget had no room for that.
    #[codec(index = 8)]
    NoRoom,
}

/// An attempt to close an account, with what its weight depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// How it ended.
    pub outcome: Outcome,
    /// Orders cancelled.
    pub cancelled: u32,
    /// Fills.
    pub fills: u32,
    /// Resting orders of others that could not fill and were taken out.
    pub removed: u32,
    /// Markets in which nothing filled before one did.
    pub misses: u32,
    /// Positions that the backstop vault was asked about.
    pub offers: u32,
    /// Positions that it was given.
    pub taken_over: u32,
    /// Whether the account had been parked before.
    pub again: bool,
    /// Legs of the account.
    pub legs: u32,
    /// Whether their triggers were taken away or set. They are not while the account stays known.
    pub moved: bool,
    /// Whether a loss was brought to the fund.
    pub covered: bool,
    /// Sales of its collateral in pools that were tried for that.
    pub sales: u32,
    /// Whether the account was, or could have been, put into an auction.
    pub joined: bool,
    /// Whether positions of others may pay: there is room for it in the budget.
    pub others: bool,
    /// Searches for positions that pay for the account, one a side and market.
    pub searches: u32,
    /// Positions closed against the account's outside the book.
    pub deleveraged: u32,
    /// Positions of which open profit was taken.
    pub cut: u32,
    /// What the holders of the positions closed outside the book gave up.
    pub given_up: Usd,
    /// What the vault paid beyond mark for what it took over.
    pub by_vault: Usd,
    /// Where the next attempt starts when this one fills nothing.
    pub resume: Option<MarketId>,
}

impl Attempt {
    /// An attempt that has done nothing yet and ends with `outcome`.
    pub const fn new(outcome: Outcome) -> Self {
        Self {
            outcome,
            cancelled: 0,
            fills: 0,
            removed: 0,
            misses: 0,
            offers: 0,
            taken_over: 0,
            again: false,
            legs: 0,
            moved: false,
            covered: false,
            sales: 0,
            joined: false,
            others: false,
            searches: 0,
            deleveraged: 0,
            cut: 0,
            given_up: Usd::ZERO,
            by_vault: Usd::ZERO,
            resume: None,
        }
    }

    /// Whether it found a parked account as it was and left it so: nothing but its place in the turn may
    /// have changed.
    pub const fn is_retry_in_vain(&self) -> bool {
        self.again
            && !self.moved
            && !self.covered
            && self.cancelled == 0
            && self.fills == 0
            && self.removed == 0
            && self.taken_over == 0
            && self.searches == 0
            && self.deleveraged == 0
            && self.cut == 0
    }

    /// Legs whose triggers moved.
    pub const fn moved_legs(&self) -> u32 {
        if self.moved {
            self.legs
        } else {
            0
        }
    }
}

/// The queue cannot hold one more factor or trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueFull;
