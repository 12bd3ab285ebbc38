//! The books of the pool: shares, interest of a step, and the fund's part of it.

use super::{
    curve::{self, borrow_rate, utilisation, InterestParams, YEAR},
    debt::debt_value,
};
use crate::{
    math::{add, signed_add, signed_sub, sub, to_signed},
    mul_div,
    value::{RATE_ONE, VALUE_SCALE},
    volatility::FineRate,
    MathError, Rounding,
};
use bulwark_primitives::{Index, Moment, Quantity, Rate, Shares, Usd};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::U256;
use scale_info::TypeInfo;

/// Shares that the first base unit of the settlement asset buys.
const FIRST_SHARES: u128 = 1_000_000;
/// Scale of [`Pool::supplier_rest`].
const PART_SCALE: u128 = 1_000_000_000_000_000_000;

/// The books of the pool.
///
/// Interest is booked when time passes and settled when an account is touched; `unsettled` is what lies
/// between. So `supplied + reserve - unsettled` is what the pool has of the ledger, in whole base units.
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
pub struct Pool {
    /// What all suppliers own, interest included.
    pub supplied: Usd,
    /// All shares.
    pub shares: Shares,
    /// The fund's part of the interest that was not handed over yet.
    pub reserve: Usd,
    /// Interest that was booked and that no account has settled yet. Never more than what the accounts
    /// owe beyond their stored balances.
    pub unsettled: Usd,
    /// What one unit borrowed at the beginning has grown to.
    pub borrow_index: Index,
    /// Factor on the curve.
    pub scaling: FineRate,
    /// Interest that is not a whole base unit yet, in 10^-30 of one.
    pub interest_rest: u128,
    /// The suppliers' part that is not a whole base unit yet, in 10^-18 of one.
    pub supplier_rest: u128,
}

impl Default for Pool {
    fn default() -> Self {
        Self {
            supplied: Usd::ZERO,
            shares: Shares::ZERO,
            reserve: Usd::ZERO,
            unsettled: Usd::ZERO,
            borrow_index: Index::ONE,
            scaling: FineRate::ONE,
            interest_rest: 0,
            supplier_rest: 0,
        }
    }
}

impl Pool {
    /// The least that a supplier may hold: what a dollar buys at first. As nobody holds less, all shares
    /// together are none or at least this many, and what rounding gives away is at most a
    /// 10^-12 part of the pool: nobody can drive the price of a share up by it.
    pub const MIN_HOLDING: Shares = Shares(1_000_000_000_000);

    /// What the pool has of the ledger: its part of the pot identity.
    ///
    /// # Errors
    /// `Overflow` when it does not fit.
    pub fn booked(&self) -> Result<Usd, MathError> {
        let owned = signed_add(self.supplied.0, self.reserve.0)?;
        signed_sub(owned, self.unsettled.0).map(Usd)
    }

    /// What can be borrowed or redeemed; nothing when more is borrowed than was supplied.
    ///
    /// # Errors
    /// `Overflow` when it does not fit.
    pub fn available(&self, borrowed: Usd) -> Result<Usd, MathError> {
        Ok(Usd(signed_sub(self.supplied.0, borrowed.0)?.max(0)))
    }

    /// What shares are worth: `shares * supplied / all shares`, rounded down in favour of the others.
    ///
    /// # Errors
    /// `Overflow` when it does not fit, `DivisionByZero` without shares.
    pub fn value(&self, shares: Shares) -> Result<Usd, MathError> {
        let supplied = unsigned(self.supplied)?;
        to_signed(mul_div(shares.0, supplied, self.shares.0, Rounding::Down)?).map(Usd)
    }

    /// What a share is worth against its first price, rounded down: what the suppliers of the beginning
    /// have earned.
    ///
    /// # Errors
    /// `Overflow` when it does not fit.
    pub fn supply_index(&self) -> Result<Index, MathError> {
        if self.shares.is_zero() {
            return Ok(Index::ONE);
        }
        let one = Index::ONE
            .0
            .checked_mul(FIRST_SHARES)
            .ok_or(MathError::Overflow)?;
        mul_div(unsigned(self.supplied)?, one, self.shares.0, Rounding::Down).map(Index)
    }

    /// The pool after `amount` came in, and the shares for it: `amount * all shares / supplied`, rounded
    /// down in favour of those who are in it already.
    ///
    /// # Errors
    /// `Overflow` when `amount` is negative or a number does not fit.
    pub fn supply(&self, amount: Usd) -> Result<(Self, Shares), MathError> {
        let amount_in = unsigned(amount)?;
        let shares = if self.shares.is_zero() {
            amount_in
                .checked_mul(FIRST_SHARES)
                .ok_or(MathError::Overflow)?
        } else {
            mul_div(
                amount_in,
                self.shares.0,
                unsigned(self.supplied)?,
                Rounding::Down,
            )?
        };
        let mut pool = *self;
        pool.supplied = Usd(signed_add(self.supplied.0, amount.0)?);
        pool.shares = Shares(add(self.shares.0, shares)?);
        Ok((pool, Shares(shares)))
    }

    /// The pool after `shares` left it, and what they were worth ([`Self::value`]).
    ///
    /// # Errors
    /// `Overflow` when there are fewer shares, `DivisionByZero` without any.
    pub fn redeem(&self, shares: Shares) -> Result<(Self, Usd), MathError> {
        let amount = self.value(shares)?;
        let mut pool = *self;
        pool.shares = Shares(sub(self.shares.0, shares.0)?);
        pool.supplied = Usd(signed_sub(self.supplied.0, amount.0)?);
        Ok((pool, amount))
    }

    /// The pool after an account settled `interest`, which left its balance. What is more than was
    /// booked comes from debts rounded up, and is the fund's.
    ///
    /// # Errors
    /// `Overflow` when a number does not fit.
    pub fn settle(&self, interest: Usd) -> Result<Self, MathError> {
        unsigned(interest)?;
        let mut pool = *self;
        let booked = interest.min(self.unsettled);
        pool.unsettled = Usd(signed_sub(self.unsettled.0, booked.0)?);
        let dust = signed_sub(interest.0, booked.0)?;
        pool.reserve = Usd(signed_add(self.reserve.0, dust)?);
        Ok(pool)
    }
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accrual {
    /// The pool after it.
    pub pool: Pool,
    /// Interest booked.
    pub interest: Usd,
    /// The suppliers' part of it; the rest is the reserve's.
    pub to_suppliers: Usd,
    /// The rate that was charged, per year.
    pub rate: Rate,
}

/// The pool after `elapsed` milliseconds in which `scaled_debt` was borrowed.
///
/// ```text
/// U = min(1, borrowed / supplied)            rate = scaling * curve(U)
/// index'    = index + index * rate * elapsed / year                  (up)
/// interest  = scaled debt * (index' - index) + rest                  (down, the rest is carried)
/// suppliers = interest * (1 - reserve) * min(1, supplied / borrowed) (down, the rest is carried)
/// reserve   = interest - suppliers
/// ```
/// Simple interest inside a step, compounded by the steps. Debts beyond what was supplied are owed to
/// those whose profits they are, not to the suppliers: their interest is the fund's, so that a pool with
/// almost nothing in it does not earn the interest of all debts.
///
/// The interest booked over all steps is at most what the scaled debts have grown by, and short of it by less
/// than one base unit.
///
/// # Errors
/// `Overflow` when `elapsed` is more than a year or a number does not fit.
/// Complexity: constant.
pub fn accrue(
    pool: &Pool,
    scaled_debt: Quantity,
    elapsed: Moment,
    params: &InterestParams,
) -> Result<Accrual, MathError> {
    if elapsed > YEAR {
        return Err(MathError::Overflow);
    }
    let borrowed = debt_value(scaled_debt, pool.borrow_index)?;
    let utilisation = utilisation(borrowed, pool.supplied)?;
    let rate = borrow_rate(utilisation, pool.scaling, params)?;
    let growth = growth(pool.borrow_index, rate, elapsed)?;
    let (interest, interest_rest) =
        carried(scaled_debt.0, growth, pool.interest_rest, VALUE_SCALE)?;
    let part = supplier_part(pool, borrowed, params)?;
    let (to_suppliers, supplier_rest) = carried(interest, part, pool.supplier_rest, PART_SCALE)?;
    let interest = to_signed(interest)?;
    let to_suppliers = to_signed(to_suppliers)?;
    let to_reserve = signed_sub(interest, to_suppliers)?;
    Ok(Accrual {
        pool: Pool {
            supplied: Usd(signed_add(pool.supplied.0, to_suppliers)?),
            shares: pool.shares,
            reserve: Usd(signed_add(pool.reserve.0, to_reserve)?),
            unsettled: Usd(signed_add(pool.unsettled.0, interest)?),
            borrow_index: Index(add(pool.borrow_index.0, growth)?),
            scaling: curve::scale(pool.scaling, utilisation, elapsed, params)?,
            interest_rest,
            supplier_rest,
        },
        interest: Usd(interest),
        to_suppliers: Usd(to_suppliers),
        rate,
    })
}

/// `index * rate * elapsed / year`, rounded up.
fn growth(index: Index, rate: Rate, elapsed: Moment) -> Result<u128, MathError> {
    let numerator = u128::from(rate.0)
        .checked_mul(elapsed.into())
        .ok_or(MathError::Overflow)?;
    let denominator = RATE_ONE
        .checked_mul(YEAR.into())
        .ok_or(MathError::Overflow)?;
    mul_div(index.0, numerator, denominator, Rounding::Up)
}

/// The suppliers' part of the interest, 18 decimals, rounded down.
fn supplier_part(pool: &Pool, borrowed: Usd, params: &InterestParams) -> Result<u128, MathError> {
    if pool.shares.is_zero() {
        return Ok(0);
    }
    let kept = sub(RATE_ONE, params.reserve_share.0.into())?;
    let part = mul_div(PART_SCALE, kept, RATE_ONE, Rounding::Down)?;
    if borrowed <= pool.supplied {
        return Ok(part);
    }
    mul_div(
        part,
        unsigned(pool.supplied)?,
        unsigned(borrowed)?,
        Rounding::Down,
    )
}

/// Quotient and remainder of `(a * b + rest) / scale`.
fn carried(a: u128, b: u128, rest: u128, scale: u128) -> Result<(u128, u128), MathError> {
    let sum = U256::from(a)
        .checked_mul(U256::from(b))
        .and_then(|product| product.checked_add(U256::from(rest)))
        .ok_or(MathError::Overflow)?;
    if scale == 0 {
        return Err(MathError::DivisionByZero);
    }
    let (quotient, remainder) = sum.div_mod(U256::from(scale));
    let quotient = u128::try_from(quotient).map_err(|_| MathError::Overflow)?;
    let remainder = u128::try_from(remainder).map_err(|_| MathError::Overflow)?;
    Ok((quotient, remainder))
}

fn unsigned(amount: Usd) -> Result<u128, MathError> {
    u128::try_from(amount.0).map_err(|_| MathError::Overflow)
}
