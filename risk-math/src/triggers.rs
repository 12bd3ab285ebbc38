//! Effective prices, trigger levels and buckets: how due accounts are found without a scan.
//!
//! Everything that moves an account's health is written as an *effective price* `q` (USD per unit,
//! 18 decimals, signed) that hurts when it falls:
//!
//! | leg | effective price |
//! |---|---|
//! | long | `mark * (1 - maintenance) - funding` |
//! | short | `-mark * (1 + maintenance) + funding` |
//! | size | `-mark` |
//! | collateral | `index * maintenance factor` |
//! | offset | `mark * maintenance * share`, see [`offset`](crate::offset) |
//!
//! with `funding` the market's cumulative funding per unit. Then `slack = equity - maintenance margin
//! = constant + sum amount_j * q_j - size add-on` with all amounts positive, and the constant moves
//! only with trades, deposits and the like.
//!
//! **The size add-on** `A(N)` of a position of notional `N = amount * mark` is convex and grows by at
//! most `r` per USD of `N`, so since the evaluation it has grown by at most `amount * r * max(0, rise
//! of the mark)`. A *size leg* of `amount * r` units at the effective price `-mark` loses exactly that
//! when the mark rises and is not credited when it falls. So the add-on is covered whatever else moves at
//! the same time: a tangent, or a larger amount of the position's own leg, would miss it when a
//! rise of the mark is hidden in `q` by a move of `maintenance` or of funding. See
//! [`size_leg`] for positions too small to need one.
//!
//! **The offset** between opposite positions is part of slack, and falls with the offset legs' prices by
//! no more than those legs lose: [`offset`](crate::offset) has the proof.
//!
//! **An account is due if and only if one of its effective prices is below its key.** When nothing
//! is due, `slack >= 0`: since [`keys`] was called the account lost at most
//! `sum amount_j * (q_j - key_j) <= sum b_j`, and the `b_j` sum to no more than the slack of then
//! less the reserve. No path, no bound on a jump, no logarithm enters this. The same holds for an
//! account that was under maintenance at that time, with a negative `b_j` (a rise that is needed).
//!
//! **Rounding.** [`health`](crate::health) is made of the same integers `q_j` and rounds at most
//! three times a leg, each time by less than one base unit, against the account; an offset rounds less than
//! two units away in all, and has two legs or more. Computed slack is
//! therefore never above the exact one and less than three units a leg below it:
//! [`RESERVE_PER_LEG`] of them are kept out of the split. `b_j` and `b_j / amount_j` round down, so
//! a key rounds up: an account may be due some units early, never late.

use crate::{
    add_on::{first_tier, steepest_maintenance_add_on},
    margin::margin_per_unit,
    math::{add, cube_root, signed_sub, sub, to_signed},
    mul_div,
    offset::{maintenance_share, offset_price},
    value::{RATE_ONE, VALUE_SCALE},
    MathError, Rounding,
};
use alloc::vec::Vec;
use bulwark_primitives::{Index, MarginTier, Price, Quantity, Rate, Size, Usd};

/// How many base units of `Usd` each leg keeps out of the split for the rounding of health: one
/// for its value, one for its margin, one for its funding; those of a size leg are for the add-on.
pub const RESERVE_PER_LEG: i128 = 3;

/// Number of buckets: every `u16` is one.
pub const BUCKETS: u32 = 65_536;

/// How many bits after the leading one make a bucket: 512 buckets an octave, 10 to 20 basis
/// points wide.
const PREFIX_BITS: u32 = 9;
/// Buckets of one octave.
const PER_OCTAVE: u128 = 512;
/// Magnitudes under 2^30 (about 10^-9 USD) share the bucket next to zero.
const LOWEST_EXPONENT: u32 = 30;
/// Buckets of one sign: 64 octaves, so that magnitudes of 2^94 (about 2 * 10^10 USD) and more
/// share the last one.
const PER_SIGN: u16 = 32_768;

/// Effective price of a long: `mark * (1 - maintenance)`, rounded down against the account.
///
/// # Errors
/// `Overflow` when a price does not fit.
pub fn long_price(mark: Price, maintenance: Rate) -> Result<i128, MathError> {
    let margin = margin_per_unit(mark, maintenance, Rounding::Up)?;
    signed_sub(to_signed(mark.0)?, to_signed(margin)?)
}

/// Effective price of a short: `-mark * (1 + maintenance)`, rounded down (more negative) against
/// the account.
///
/// # Errors
/// `Overflow` when a price does not fit.
pub fn short_price(mark: Price, maintenance: Rate) -> Result<i128, MathError> {
    let margin = margin_per_unit(mark, maintenance, Rounding::Up)?;
    signed_sub(0, to_signed(add(mark.0, margin)?)?)
}

/// Effective price of collateral: `index * factor`, rounded down against the account.
///
/// # Errors
/// `Overflow` when the price does not fit.
pub fn collateral_price(index: Price, factor: Rate) -> Result<i128, MathError> {
    to_signed(mul_div(
        index.0,
        u128::from(factor.0),
        RATE_ONE,
        Rounding::Down,
    )?)
}

/// Effective price of a size leg: `-mark`, exact.
///
/// # Errors
/// `Overflow` when the price does not fit.
pub fn size_price(mark: Price) -> Result<i128, MathError> {
    signed_sub(0, to_signed(mark.0)?)
}

/// Effective price of an offset leg: `mark * maintenance * share`, with half of an asset's share;
/// rounded down. Health is made of the same integer.
///
/// # Errors
/// `Overflow` when the price does not fit.
pub fn offset_leg_price(mark: Price, maintenance: Rate, share: Rate) -> Result<i128, MathError> {
    to_signed(offset_price(mark, maintenance, maintenance_share(share))?)
}

/// Effective price of a debt that is divided by the borrow index: minus the index, exact. It falls as interest
/// accrues.
///
/// # Errors
/// `Overflow` when the price does not fit.
pub fn debt_price(index: Index) -> Result<i128, MathError> {
    signed_sub(0, to_signed(index.0)?)
}

/// What a position of some notional has as legs beside its own: for the size add-on.
///
/// A position worth at least an eighth of where the first tier begins has a size leg of `quantity *
/// r`, rounded up, with `r` the steepest add-on of maintenance: sound by the argument above. So has
/// every position of a market with an `r` above 20 %.
///
/// A smaller one, of an account at or above maintenance, has no add-on until the mark has risen
/// eightfold since its evaluation, and no leg of its own, which would double the triggers of everybody.
/// Let `N0 <= first / 8` be its notional then, `N > first` now, `f` the funding it has paid in between.
/// - Long: its own leg has gained `N * (1 - maintenance) - N0 * (1 - old maintenance) - f >= N * (7/8 -
///   maintenance) - f`, which is more than the add-on, at most `r * N`, while `maintenance + r + f / N
///   <= 7/8`: maintenance is at most 60 %, so while funding costs less than 7 % of the notional of now.
/// - Short: the amount of its own leg is larger by `r`, so the leg pays `r * (N * (1 + maintenance) -
///   N0 * (1 + old maintenance) + f)` beyond what the position loses, which is at least `r * (N -
///   2 * N0 + f)` and so more than the add-on, at most `r * (N - first)`, unless the short
///   has received more than `first - 2 * N0` of funding since it was evaluated, so three quarters of
///   `first` and more than six times what it is worth.
///
/// Tiers change only toward less while a market has open interest.
///
/// # Errors
/// `Overflow` when an amount does not fit.
pub fn size_leg(size: Size, mark: Price, tiers: &[MarginTier]) -> Result<SizeLeg, MathError> {
    let steepest = steepest_maintenance_add_on(tiers)?;
    let quantity = size.quantity();
    let part = mul_div(quantity.0, u128::from(steepest.0), RATE_ONE, Rounding::Up)?;
    let Some(first) = first_tier(tiers) else {
        return Ok(SizeLeg::NONE);
    };
    let worth = crate::notional(mark, quantity, Rounding::Up)?;
    let small = steepest <= STEEP
        && worth
            .0
            .checked_mul(SMALL_SHARE)
            .is_some_and(|most| most <= first.0);
    Ok(match (small, size.is_short()) {
        (true, true) => SizeLeg {
            own: Quantity(part),
            separate: Quantity::ZERO,
        },
        (true, false) => SizeLeg::NONE,
        (false, _) => SizeLeg {
            own: Quantity::ZERO,
            separate: Quantity(part),
        },
    })
}

/// A position worth at most one part in so many of the first tier needs no size leg.
const SMALL_SHARE: i128 = 8;
/// Steepest add-on of maintenance up to which that holds.
const STEEP: Rate = Rate::percent(20);

/// What the size add-on of a position adds to the legs of its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeLeg {
    /// To the amount of the position's own leg.
    pub own: Quantity,
    /// As a leg of its own at [`size_price`].
    pub separate: Quantity,
}

impl SizeLeg {
    /// No add-on that could matter.
    const NONE: Self = Self {
        own: Quantity::ZERO,
        separate: Quantity::ZERO,
    };
}

/// One leg of an account, at the prices of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegInput {
    /// How much of it, 18 decimals.
    pub amount: Quantity,
    /// Its effective price, 18 decimals.
    pub price: i128,
}

/// The key of each leg, in the order of `legs`: the account is due as soon as one effective price
/// is below its key.
///
/// `key_j = q_j - b_j / amount_j`, rounded up, where `sum b_j <= slack - 3 * legs`. The split is by
/// `(amount * |q|)^(2/3)`, which minimises false alarms when all prices are equally restless. A leg
/// that cannot fall below zero (long, collateral) never gets more than its whole value while
/// another leg can use the rest. An account with one leg gets all of it: its key is its
/// liquidation level.
///
/// With a slack at or below the reserve what is missing is split instead: `key_j = q_j + missing_j /
/// amount_j`, rounded up and at least `q_j + 1`. The account is due now, and stays due until its
/// prices have won back what is missing: `q_j + 1` alone would let go of an account under
/// maintenance as soon as its prices rise by one unit.
///
/// A leg of nothing, or one whose level does not fit, gets `i128::MIN`, which is never due, while
/// there is slack, and `i128::MAX`, which always is, while there is none.
///
/// 1 BTC long, effective price 59,280 USD, slack 300 USD: due under 58,980 USD.
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// let leg = LegInput { amount: Quantity(SIZE_SCALE), price: 59_280 * PRICE_SCALE as i128 };
/// let reserve = RESERVE_PER_LEG;
/// let keys = keys(Usd(300 * USD_SCALE + reserve), &[leg]).unwrap();
/// assert_eq!(keys, vec![58_980 * PRICE_SCALE as i128]);
/// ```
///
/// # Errors
/// `Overflow` when an effective price is the largest `i128` and the account is due now.
pub fn keys(slack: Usd, legs: &[LegInput]) -> Result<Vec<i128>, MathError> {
    let weights: Vec<u128> = legs.iter().map(weight).collect();
    let all = total(weights.iter().copied())?;
    let free = match split_of(slack, legs)? {
        Split::Free(free) => free,
        Split::Missing(missing) => {
            return legs
                .iter()
                .zip(weights)
                .map(|(leg, weight)| key_above(leg, share(missing, weight, all, Rounding::Up)?))
                .collect();
        }
    };
    let mut covered = Vec::with_capacity(legs.len());
    for (leg, weight) in legs.iter().zip(&weights) {
        covered.push(cover(leg, share(free, *weight, all, Rounding::Down)?));
    }
    // Only worth it while a leg is left that can use what the covered ones do not need.
    if covered.iter().all(Option::is_some) {
        covered.fill(None);
    }
    let used = total(covered.iter().flatten().copied())?;
    let free = sub(free, used)?;
    let open = total(
        weights
            .iter()
            .zip(&covered)
            .filter(|(_, covered)| covered.is_none())
            .map(|(weight, _)| *weight),
    )?;
    legs.iter()
        .zip(weights)
        .zip(covered)
        .map(|((leg, weight), covered)| {
            let budget = match covered {
                Some(budget) => budget,
                None => share(free, weight, open, Rounding::Down)?,
            };
            Ok(key_below(leg, budget))
        })
        .collect()
}

/// The bucket of an effective price or key: a floating-point prefix of its magnitude (exponent and
/// the 9 bits after the leading one), mirrored for negative ones.
///
/// Monotone over all of `i128`: `a <= b` implies `bucket(a) <= bucket(b)`. So every key in a bucket
/// above `bucket(q)` is due at `q`, none in a bucket below is, and only within `bucket(q)` itself
/// the exact keys decide. Buckets are 10 to 20 basis points wide between 10^-9 and 2 * 10^10 USD;
/// beyond, the ends share one bucket each, which costs reads and never correctness.
pub fn bucket(price: i128) -> u16 {
    let prefix = prefix(price.unsigned_abs());
    // prefix < PER_SIGN = 2^15, so neither end is reached.
    if price < 0 {
        PER_SIGN.saturating_sub(1).saturating_sub(prefix)
    } else {
        PER_SIGN.saturating_add(prefix)
    }
}

/// Position of a magnitude among the buckets of its sign, below [`PER_SIGN`].
fn prefix(magnitude: u128) -> u16 {
    let last = PER_SIGN.saturating_sub(1);
    let Some(octave) = magnitude
        .checked_ilog2()
        .and_then(|exponent| exponent.checked_sub(LOWEST_EXPONENT))
    else {
        return 0;
    };
    // octave <= 97 and the shifted magnitude < 2^(PREFIX_BITS + 1), so nothing saturates here;
    // what exceeds the last bucket belongs into it.
    let shift = octave
        .saturating_add(LOWEST_EXPONENT)
        .saturating_sub(PREFIX_BITS);
    let top = magnitude.checked_shr(shift).unwrap_or(0);
    let within = top.saturating_sub(PER_OCTAVE);
    let index = u128::from(octave)
        .saturating_mul(PER_OCTAVE)
        .saturating_add(within);
    u16::try_from(index).unwrap_or(last).min(last)
}

/// Slack against the rounding reserve.
enum Split {
    /// What there is beyond the reserve, not zero: the legs may lose it.
    Free(u128),
    /// What is missing up to the reserve, or nothing: the legs have to win it first.
    Missing(u128),
}

fn split_of(slack: Usd, legs: &[LegInput]) -> Result<Split, MathError> {
    let count = i128::try_from(legs.len()).map_err(|_| MathError::Overflow)?;
    let reserve = count
        .checked_mul(RESERVE_PER_LEG)
        .ok_or(MathError::Overflow)?;
    let difference = slack.0.abs_diff(reserve);
    Ok(if slack.0 > reserve {
        Split::Free(difference)
    } else {
        Split::Missing(difference)
    })
}

/// `(amount * |price|)^(2/3)` in base units of USD, at least one. Any weights are sound, so the root
/// is of integers and a value beyond `u128` counts as the largest.
fn weight(leg: &LegInput) -> u128 {
    if leg.amount.is_zero() {
        return 0;
    }
    let root = cube_root(leg_value(leg, Rounding::Down).unwrap_or(u128::MAX)).max(1);
    // root < 2^43, so its square is below 2^86.
    root.saturating_mul(root)
}

fn leg_value(leg: &LegInput, rounding: Rounding) -> Result<u128, MathError> {
    mul_div(
        leg.amount.0,
        leg.price.unsigned_abs(),
        VALUE_SCALE,
        rounding,
    )
}

/// The whole value of a leg when its share is enough for a fall to zero.
fn cover(leg: &LegInput, share: u128) -> Option<u128> {
    if leg.price < 0 {
        return None;
    }
    leg_value(leg, Rounding::Up)
        .ok()
        .filter(|value| *value <= share)
}

/// `amount * weight / all`; nothing when nothing has weight.
fn share(amount: u128, weight: u128, all: u128, rounding: Rounding) -> Result<u128, MathError> {
    if all == 0 {
        return Ok(0);
    }
    mul_div(amount, weight, all, rounding)
}

/// `price - budget / amount`, rounded up. A level under `i128::MIN` is rounded up to it, which is
/// the careful direction and still unreachable.
fn key_below(leg: &LegInput, budget: u128) -> i128 {
    mul_div(budget, VALUE_SCALE, leg.amount.0, Rounding::Down)
        .ok()
        .and_then(|fall| leg.price.checked_sub_unsigned(fall))
        .unwrap_or(i128::MIN)
}

/// `price + missing / amount`, rounded up, and above the price in any case. A level that does not
/// fit, or that a leg of nothing would have to reach, is the largest one: due at every price.
fn key_above(leg: &LegInput, missing: u128) -> Result<i128, MathError> {
    let due = leg.price.checked_add(1).ok_or(MathError::Overflow)?;
    Ok(mul_div(missing, VALUE_SCALE, leg.amount.0, Rounding::Up)
        .ok()
        .and_then(|rise| leg.price.checked_add_unsigned(rise))
        .unwrap_or(i128::MAX)
        .max(due))
}

fn total(mut values: impl Iterator<Item = u128>) -> Result<u128, MathError> {
    values.try_fold(0, add)
}
