//! Interest: what a loan costs, what a supplier earns, and who gets the rounding.
//!
//! A pool of the settlement asset lends to whoever has a negative settlement balance. The rate
//! follows the use of the pool ([`curve`]), debts grow with one index for all ([`debt`]), and the
//! interest is split between the suppliers and the insurance fund ([`pool`]).
//!
//! # Terminology
//!
//! - *use*: borrowed over supplied, at most 100 %. Losses may be borrowed that nobody supplied.
//! - *kink*: the use above which the rate rises steeply; also the use that the curve is scaled toward.
//! - *scaling*: factor on the whole curve, which follows the use slowly.
//! - *borrow index*: what one unit borrowed at the beginning has grown to.
//! - *scaled debt*: a debt divided by the borrow index, so that it does not change with time.
//! - *share*: what a supplier has. Its price never falls.
//!
//! # Rounding
//!
//! Rates, the borrow index, debts and scaled debts up; shares, payouts and the suppliers' part of the
//! interest down. Fractions of a base unit that one step leaves are carried to the next, so that a small
//! pool with short steps does not lose its interest to rounding; everything else that rounding leaves is
//! the fund's.

pub mod curve;
pub mod debt;
pub mod pool;

pub use curve::{borrow_rate, supply_rate, utilisation, InterestParams, YEAR};
pub use debt::{debt_now, debt_value, scaled_debt};
pub use pool::{accrue, Accrual, Pool};
