//! What an account cannot pay: who gives up how much of his open profit for it.
//!
//! Two layers need this. Auto-deleveraging closes the positions of a bankrupt account against
//! opposite ones in the order of [`score`]; what is left after that is taken out of the open profits of the
//! market by [`haircut`]. In both nobody gives more than profit he has not realised, and nobody is
//! brought under maintenance ([`can_give`]).
//!
//! 100 USD short of 1,000 USD of open profit cost each of two winners a tenth of his:
//! ```
//! # use bulwark_primitives::*; use bulwark_risk_math::*;
//! let all = Usd::dollars(1_000);
//! let [first, second] = [700, 300].map(|profit| {
//!     haircut(Usd::dollars(100), Usd::dollars(profit), all).unwrap()
//! });
//! assert_eq!((first, second), (Usd::dollars(70), Usd::dollars(30)));
//! ```

use crate::{
    math::to_signed,
    mul_div,
    value::{RATE_ONE, VALUE_SCALE},
    MathError, Rounding,
};
use bulwark_primitives::{Size, Usd};

/// Place of a position among those of its side: the higher, the more it has won per unit at
/// any mark. Minus the entry price for a long, the entry price for a short, 18 decimals.
///
/// It does not depend on the mark, so an index by it moves only when the position does. Rounded
/// toward zero. Zero for no position; what does not fit is the end of the scale, which costs the
/// order and nothing else.
pub fn entry_key(size: Size, entry_notional: Usd) -> i128 {
    let entry = mul_div(
        entry_notional.0.unsigned_abs(),
        VALUE_SCALE,
        size.quantity().0.max(1),
        Rounding::Down,
    )
    .ok()
    .and_then(|price| i128::try_from(price).ok())
    .unwrap_or(i128::MAX);
    // A long of which more was given up than it had cost has a negative entry, and so on: they won
    // or lost the more.
    let positive = !entry_notional.is_negative();
    match (size.is_long(), size.is_short()) {
        (true, _) if positive => entry.saturating_neg(),
        (true, _) => entry,
        (false, true) if positive => entry.saturating_neg(),
        (false, true) => entry,
        (false, false) => 0,
    }
}

/// Rank of a position for auto-deleveraging: profit times leverage, 9 decimals, rounded down.
///
/// ```text
/// profit > 0    (profit / |entry notional|) * (notional / equity)
/// otherwise     (profit / |entry notional|)                        not above zero
/// ```
///
/// Hyperliquid's index `(mark / entry) * (notional / account value)` with the profit itself in the
/// place of `mark / entry`, so that a position without profit is never before one with it. An account
/// without equity has the leverage of one with a base unit. Saturates: it is an order, not money.
///
/// 10 % of profit at 5 x leverage rank like 50 % at 1 x:
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// let usd = Usd::dollars;
/// assert_eq!(score(usd(100), usd(1_000), usd(1_100), usd(220)), 500_000_000);
/// assert_eq!(score(usd(500), usd(1_000), usd(1_500), usd(1_500)), 500_000_000);
/// assert_eq!(score(usd(-100), usd(1_000), usd(900), usd(90)), -100_000_000);
/// ```
pub fn score(profit: Usd, entry_notional: Usd, notional: Usd, equity: Usd) -> i128 {
    let ratio = |value: u128, of: u128| {
        mul_div(value, RATE_ONE, of.max(1), Rounding::Down).unwrap_or(u128::MAX)
    };
    let gained = ratio(profit.0.unsigned_abs(), entry_notional.0.unsigned_abs());
    if profit.is_negative() {
        return 0i128.saturating_sub_unsigned(gained);
    }
    let leverage = ratio(notional.0.unsigned_abs(), equity.0.max(1).unsigned_abs());
    mul_div(gained, leverage, RATE_ONE, Rounding::Down)
        .ok()
        .and_then(|score| i128::try_from(score).ok())
        .unwrap_or(i128::MAX)
}

/// What closing a part of a bankrupt account has to bring in beyond its mark value.
///
/// `missing` is what the account owes and the fund cannot pay, `part` the maintenance margin of
/// what is closed and `whole` that of all its positions: the share of the part, rounded up, at most all of
/// it. At this price - the bankruptcy price, less what the fund pays - the rest of the account is as
/// bankrupt as before and no more, and closing all of it brings in `missing` exactly.
///
/// # Errors
/// `Overflow` for a negative amount. Never for others: the share is at most `missing`.
pub fn to_give_up(missing: Usd, part: Usd, whole: Usd) -> Result<Usd, MathError> {
    haircut(missing, part, whole)
}

/// What one of several gives of `missing` when all give the same fraction of what they can: his
/// share, rounded up, at most all of `missing` and at most what he can.
///
/// # Errors
/// `Overflow` for a negative amount.
pub fn haircut(missing: Usd, his: Usd, all: Usd) -> Result<Usd, MathError> {
    let unsigned = |amount: Usd| u128::try_from(amount.0).map_err(|_| MathError::Overflow);
    let (missing, his, all) = (unsigned(missing)?, unsigned(his)?, unsigned(all)?);
    if his >= all {
        return to_signed(missing).map(Usd);
    }
    // his < all, so the share is at most `missing` and `all` is not zero.
    to_signed(mul_div(missing, his, all, Rounding::Up)?).map(Usd)
}

/// Most that a holder can give: what he has won and not realised, as far as his account stays
/// at or above maintenance without it. `slack` is equity less maintenance margin.
pub fn can_give(profit: Usd, slack: Usd) -> Usd {
    profit.min(slack).max(Usd::ZERO)
}
