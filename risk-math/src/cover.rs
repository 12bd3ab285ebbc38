//! What cover against losses for others costs, and how its premium is earned.
//!
//! A policy pays its holder what auto-deleveraging or a haircut takes from him. How likely that is nobody can
//! say beforehand; how much it is when it happens goes with how far the market moves at its worst. So the
//! price is the market's tail measure - the move that one hour in 200 passes, as initial margin asks for it -
//! times how often a year underwriters want to be paid for it: seldom while their pool is free, often when most
//! of it is sold. That frequency is a curve with one bend, as the rate of a loan is
//! ([`interest`](crate::interest)).
//!
//! ```text
//! premium = tail * period / year * integral of frequency(s / capacity) ds, s from sold to sold + cover      (up)
//! ```
//! The integral, and not the frequency at one point: a policy in ten parts costs what the whole costs.
//!
//! Sources: the two slopes are Aave's interest strategy; that a sale raises the price of what is left of a
//! pool is Nexus Mutual's. The measure is the volatility model's ([`volatility`](crate::volatility)). The
//! starting values of the curve are set by hand: no market has a record of such losses to fit them to.

use crate::{
    interest::{curve::two_slopes, utilisation},
    math::{add, sub, to_signed},
    mul_div,
    value::RATE_ONE,
    MathError, Rounding,
};
use bulwark_primitives::{Rate, Usd};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Fractions of a base unit of premium: 10^-12.
pub const PREMIUM_SCALE: u128 = 1_000_000_000_000;

/// How many times a year underwriters are paid the tail measure, by use of their pool.
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
pub struct PremiumCurve {
    /// Use at which the curve bends.
    pub kink: Rate,
    /// Times a year when nothing is sold.
    pub at_zero: Rate,
    /// Times a year at the kink.
    pub at_kink: Rate,
    /// Times a year when everything is sold.
    pub at_full: Rate,
}

impl Default for PremiumCurve {
    /// Half a time / twice / twenty times a year at 0 / 80 / 100 % use. With a tail measure of 5 % that is
    /// 2.5 / 10 / 100 % of the cover a year.
    fn default() -> Self {
        Self {
            kink: Rate::percent(80),
            at_zero: Rate::percent(50),
            at_kink: Rate::percent(200),
            at_full: Rate::percent(2_000),
        }
    }
}

impl PremiumCurve {
    /// Lowest frequency at no use: no policy is free.
    pub const MIN_AT_ZERO: Rate = Rate::percent(5);
    /// Highest frequency at no use.
    pub const MAX_AT_ZERO: Rate = Rate::percent(1_000);
    /// Highest frequency at the kink.
    pub const MAX_AT_KINK: Rate = Rate::percent(5_000);
    /// Highest frequency at full use.
    pub const MAX_AT_FULL: Rate = Rate::percent(20_000);

    /// Whether the curve is one: kink within 1 .. 99 %, frequencies that do not fall with the use, and
    /// everything inside the bounds of this type. With it no premium of a cover of up to 10^17 USD overflows.
    pub fn is_valid(&self) -> bool {
        Rate::percent(1) <= self.kink
            && self.kink <= Rate::percent(99)
            && Self::MIN_AT_ZERO <= self.at_zero
            && self.at_zero <= Self::MAX_AT_ZERO
            && self.at_zero <= self.at_kink
            && self.at_kink <= Self::MAX_AT_KINK
            && self.at_kink <= self.at_full
            && self.at_full <= Self::MAX_AT_FULL
    }

    /// Whether no parameter is farther from `before` than it may go at once: 5 points the kink, a half or the
    /// double the frequencies.
    pub fn is_step_from(&self, before: &Self) -> bool {
        let near = |new: Rate, old: Rate| {
            let (new, old) = (u128::from(new.0), u128::from(old.0));
            new <= old.saturating_mul(2) && old <= new.saturating_mul(2)
        };
        self.kink.0.abs_diff(before.kink.0) <= Rate::percent(5).0
            && near(self.at_zero, before.at_zero)
            && near(self.at_kink, before.at_kink)
            && near(self.at_full, before.at_full)
    }

    /// Times a year when `sold` of `capacity` is sold, 9 decimals, rounded up.
    fn at(&self, sold: u128, capacity: Usd) -> Result<u128, MathError> {
        let sold = to_signed(sold).map(Usd)?;
        let values = [self.at_zero, self.at_kink, self.at_full];
        two_slopes(utilisation(sold, capacity)?, self.kink, values)
    }
}

/// What a policy is sold from, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverTerms {
    /// What is sold already.
    pub sold: Usd,
    /// What can be sold in all.
    pub capacity: Usd,
    /// Tail measure of the market, as a fraction of the price.
    pub tail: Rate,
    /// Blocks for which the capacity is taken.
    pub blocks: u32,
    /// Blocks of a year.
    pub year: u32,
}

/// The premium of a policy of `cover`, rounded up in favour of the underwriters.
///
/// Both ends of each slope are rounded up to 10^-9 times a year before the whole is rounded up once, so that
/// parts may cost less than the whole by `cover * tail * period / year * 10^-9`, and no more.
///
/// A thousandth of a free pool for a thirtieth of a year at a tail of 4 %, half a time a year:
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::cover::*;
/// let terms = CoverTerms {
///     sold: Usd::ZERO, capacity: Usd::dollars(1_000_000), tail: Rate::percent(4), blocks: 1, year: 30,
/// };
/// let curve = PremiumCurve { at_kink: Rate::percent(50), ..PremiumCurve::default() };
/// // 1,000 * 4 % * 0.5 / 30 = 0.6667 USD
/// assert_eq!(premium(Usd::dollars(1_000), &terms, &curve), Ok(Usd(666_667)));
/// ```
///
/// # Errors
/// `Overflow` for a negative amount, for more than the capacity, and when the result does not fit;
/// `DivisionByZero` for a year without blocks.
pub fn premium(cover: Usd, terms: &CoverTerms, curve: &PremiumCurve) -> Result<Usd, MathError> {
    let unsigned = |amount: Usd| u128::try_from(amount.0).map_err(|_| MathError::Overflow);
    let (cover, capacity) = (unsigned(cover)?, unsigned(terms.capacity)?);
    let from = unsigned(terms.sold)?;
    let to = add(from, cover)?;
    if to > capacity {
        return Err(MathError::Overflow);
    }
    // The part below the bend and the part above it are trapezoids.
    let bend = mul_div(capacity, curve.kink.0.into(), RATE_ONE, Rounding::Down)?.clamp(from, to);
    let twice = add(
        trapezoid(from, bend, terms.capacity, curve)?,
        trapezoid(bend, to, terms.capacity, curve)?,
    )?;
    let price = u128::from(terms.tail.0)
        .checked_mul(terms.blocks.into())
        .ok_or(MathError::Overflow)?;
    let divisor = RATE_ONE
        .checked_mul(RATE_ONE)
        .and_then(|ones| ones.checked_mul(2))
        .and_then(|ones| ones.checked_mul(terms.year.into()))
        .ok_or(MathError::Overflow)?;
    to_signed(mul_div(twice, price, divisor, Rounding::Up)?).map(Usd)
}

/// Twice the area under the curve between two amounts sold, on one slope of it; 9 decimals.
fn trapezoid(from: u128, to: u128, capacity: Usd, curve: &PremiumCurve) -> Result<u128, MathError> {
    if from == to {
        return Ok(0);
    }
    let heights = add(curve.at(from, capacity)?, curve.at(to, capacity)?)?;
    sub(to, from)?
        .checked_mul(heights)
        .ok_or(MathError::Overflow)
}

/// How a premium becomes the underwriters': so much a block, in 10^-12 base units, and the rest at the end.
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
pub struct Stream {
    /// In each block.
    pub rate: u128,
    /// At the end: what the division by blocks left.
    pub dust: u128,
}

impl Stream {
    /// The stream of a premium over so many blocks; its sum is the premium exactly.
    ///
    /// # Errors
    /// `Overflow` for a negative premium and one above 10^20 USD, `DivisionByZero` for no blocks.
    pub fn of(premium: Usd, blocks: u32) -> Result<Self, MathError> {
        let fine = u128::try_from(premium.0)
            .ok()
            .and_then(|whole| whole.checked_mul(PREMIUM_SCALE))
            .ok_or(MathError::Overflow)?;
        let blocks = u128::from(blocks);
        Ok(Self {
            rate: fine.checked_div(blocks).ok_or(MathError::DivisionByZero)?,
            dust: fine.checked_rem(blocks).ok_or(MathError::DivisionByZero)?,
        })
    }

    /// What it still brings in so many blocks and at the end of them, in 10^-12 base units.
    ///
    /// # Errors
    /// `Overflow` when it does not fit.
    pub fn rest(&self, blocks: u32) -> Result<u128, MathError> {
        self.over(blocks).and_then(|fine| add(fine, self.dust))
    }

    /// What it brings in so many blocks, in 10^-12 base units.
    ///
    /// # Errors
    /// `Overflow` when it does not fit.
    pub fn over(&self, blocks: u32) -> Result<u128, MathError> {
        self.rate
            .checked_mul(blocks.into())
            .ok_or(MathError::Overflow)
    }

    /// Both together.
    ///
    /// # Errors
    /// `Overflow` when it does not fit.
    pub fn plus(&self, other: &Self) -> Result<Self, MathError> {
        Ok(Self {
            rate: add(self.rate, other.rate)?,
            dust: add(self.dust, other.dust)?,
        })
    }

    /// This one without a part of it.
    ///
    /// # Errors
    /// `Overflow` when it is no part.
    pub fn minus(&self, part: &Self) -> Result<Self, MathError> {
        Ok(Self {
            rate: sub(self.rate, part.rate)?,
            dust: sub(self.dust, part.dust)?,
        })
    }
}

/// Whole base units and the 10^-12 parts that are left of so many parts.
///
/// # Errors
/// Never for a `u128`; the division is checked.
pub fn whole_premium(fine: u128) -> Result<(Usd, u128), MathError> {
    let whole = fine
        .checked_div(PREMIUM_SCALE)
        .ok_or(MathError::DivisionByZero)?;
    let rest = fine
        .checked_rem(PREMIUM_SCALE)
        .ok_or(MathError::DivisionByZero)?;
    Ok((to_signed(whole).map(Usd)?, rest))
}
