//! The books of cover in one market, as pure state: what underwriters have, what is sold, what is not earned.
//!
//! Policies end with a day, and what ends with one day is one entry ([`Expiring`]). So the books of a market move on
//! from day to day whatever the number of policies, and no policy has to be looked at for it to be over.

use crate::types::Pool;
use bulwark_primitives::{Rate, Usd};
use bulwark_risk_math::{
    cover::{whole_premium, PremiumCurve, Stream},
    interest::utilisation,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Most days of a policy, whatever governance says.
pub const MAX_DAYS: u32 = 30;
/// Least and most minutes before a policy is in force, whatever governance says.
pub const WAITING_MINUTES: (u32, u32) = (10, 1_440);
/// Minutes of a day.
const DAY_MINUTES: u32 = 1_440;
/// Most policies of an account in one market.
pub const MAX_POLICIES: u32 = 4;
/// Smallest cover.
pub const MIN_COVER: Usd = Usd::dollars(10);

/// What governance says of cover.
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
pub struct CoverParams {
    /// How often a year underwriters are paid the market's tail measure.
    pub curve: PremiumCurve,
    /// Most days of a policy.
    pub longest_days: u32,
    /// Minutes from the purchase until a policy is in force.
    pub waiting_minutes: u32,
}

impl Default for CoverParams {
    /// 30 days at the most, in force after an hour.
    fn default() -> Self {
        Self {
            curve: PremiumCurve::default(),
            longest_days: MAX_DAYS,
            waiting_minutes: 60,
        }
    }
}

impl CoverParams {
    /// Whether everything is inside its bounds.
    pub fn is_valid(&self) -> bool {
        let (least, most) = WAITING_MINUTES;
        self.curve.is_valid()
            && (1..=MAX_DAYS).contains(&self.longest_days)
            && (least..=most).contains(&self.waiting_minutes)
    }

    /// Whether nothing is farther from `before` than it may go at once: what the curve says, 7 days, an hour.
    pub fn is_step_from(&self, before: &Self) -> bool {
        self.curve.is_step_from(&before.curve)
            && self.longest_days.abs_diff(before.longest_days) <= 7
            && self.waiting_minutes.abs_diff(before.waiting_minutes) <= 60
    }

    /// Blocks from a purchase until the policy is in force, rounded up; `day` is the blocks of a day.
    pub fn waiting(&self, day: u32) -> Option<u32> {
        let minutes = u64::from(self.waiting_minutes).checked_mul(day.into())?;
        u32::try_from(minutes.div_ceil(DAY_MINUTES.into())).ok()
    }
}

/// One policy of an account in a market.
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
pub struct Policy {
    /// First block in which it pays.
    pub from: u32,
    /// First block in which it does not pay any more: the begin of a day.
    pub until: u32,
    /// What it can still pay.
    pub left: Usd,
    /// What was paid for it.
    pub premium: Usd,
    /// How that becomes the underwriters', from the purchase to the end.
    pub stream: Stream,
}

impl Policy {
    /// Whether it pays in this block.
    pub const fn is_in_force(&self, now: u32) -> bool {
        self.from <= now && now < self.until
    }

    /// Whether it never pays again.
    pub const fn is_over(&self, now: u32) -> bool {
        now >= self.until || self.left.is_zero()
    }
}

/// What ends with one day.
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
pub struct Expiring {
    /// What its policies can still pay.
    pub cover: Usd,
    /// Their premiums.
    pub stream: Stream,
}

impl Expiring {
    /// With one more policy.
    pub(crate) fn with(&self, policy: &Policy) -> Option<Self> {
        Some(Self {
            cover: self.cover.checked_add(policy.left)?,
            stream: self.stream.plus(&policy.stream).ok()?,
        })
    }

    /// After a payment, with which the premium of a policy that has paid all it can is earned.
    pub(crate) fn paid(&self, part: Usd, earned: Option<&Stream>) -> Option<Self> {
        Some(Self {
            cover: self.cover.checked_sub(part)?,
            stream: match earned {
                Some(stream) => self.stream.minus(stream).ok()?,
                None => self.stream,
            },
        })
    }
}

/// The books of a market.
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
pub struct CoverBook {
    /// What underwriters have, premiums included as far as they are earned.
    pub pool: Pool,
    /// Shares on their way out. They bear losses and earn, and back no new policy.
    pub leaving: u128,
    /// What all policies can still pay: never more than the underwriters have.
    pub sold: Usd,
    /// Premiums that are not earned.
    pub unearned: Usd,
    /// What is earned in a block, in 10^-12 base units.
    pub rate: u128,
    /// What is earned and no whole base unit yet, in 10^-12 of one.
    pub rest: u128,
    /// Up to which block premiums are earned.
    pub earned_to: u32,
    /// Block of the last payment.
    pub last_loss: Option<u32>,
}

impl CoverBook {
    /// Whether there is nothing that time would change.
    pub const fn is_idle(&self) -> bool {
        self.sold.is_zero() && self.unearned.is_zero()
    }

    /// What policies can be sold for in all: what those underwriters have that stay, rounded down.
    pub fn capacity(&self) -> Option<Usd> {
        self.pool.worth(self.pool.shares.checked_sub(self.leaving)?)
    }

    /// How much of the capacity is sold, rounded up, at most 100 %.
    pub fn utilisation(&self) -> Option<Rate> {
        utilisation(self.sold, self.capacity()?).ok()
    }

    /// What underwriters and premiums have of the pot.
    pub(crate) fn held(&self) -> Option<Usd> {
        self.pool.assets.checked_add(self.unearned)
    }

    /// With the premiums up to a block earned; until then no day ends.
    pub(crate) fn earned(self, until: u32) -> Option<Self> {
        let blocks = until.checked_sub(self.earned_to)?;
        let fine = self.rate.checked_mul(blocks.into())?;
        Self {
            earned_to: until,
            ..self
        }
        .gaining(fine)
    }

    /// With the policies of a day over, whose premiums are earned but for what the division left.
    pub(crate) fn without(self, ended: &Expiring) -> Option<Self> {
        Self {
            sold: self.sold.checked_sub(ended.cover)?,
            rate: self.rate.checked_sub(ended.stream.rate)?,
            ..self
        }
        .gaining(ended.stream.dust)
    }

    /// With one more policy.
    pub(crate) fn selling(self, policy: &Policy) -> Option<Self> {
        Some(Self {
            sold: self.sold.checked_add(policy.left)?,
            unearned: self.unearned.checked_add(policy.premium)?,
            rate: self.rate.checked_add(policy.stream.rate)?,
            ..self
        })
    }

    /// After a payment of `part`. The premium of a policy that has paid all it can bears no risk any more: the rest
    /// of it is earned now, by those who paid.
    pub(crate) fn paying(self, part: Usd, finished: Option<&Policy>, now: u32) -> Option<Self> {
        let book = match finished {
            Some(policy) => {
                let blocks = policy.until.checked_sub(self.earned_to)?;
                Self {
                    rate: self.rate.checked_sub(policy.stream.rate)?,
                    ..self
                }
                .gaining(policy.stream.rest(blocks).ok()?)?
            }
            None => self,
        };
        let assets = book.pool.assets.checked_sub(part)?;
        let pool = book.pool.left_with(assets);
        Some(Self {
            pool,
            // Requests of an epoch that is over are for nothing.
            leaving: if pool.epoch == book.pool.epoch {
                book.leaving
            } else {
                0
            },
            sold: book.sold.checked_sub(part)?,
            last_loss: Some(now),
            ..book
        })
    }

    /// With so many 10^-12 base units of premiums earned.
    fn gaining(self, fine: u128) -> Option<Self> {
        let (whole, rest) = whole_premium(self.rest.checked_add(fine)?).ok()?;
        Some(Self {
            pool: Pool {
                assets: self.pool.assets.checked_add(whole)?,
                ..self.pool
            },
            unearned: self.unearned.checked_sub(whole)?,
            rest,
            ..self
        })
    }
}
