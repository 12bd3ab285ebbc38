//! Closing part of an account that is under maintenance: how much, at what price, for what fee.
//!
//! # An account with several positions
//!
//! Liquidation works on one position at a time; [`Closing`] is that position together with the
//! health of the whole account. A position's share of the account's equity is its share of the
//! maintenance margin: `equity * position margin / account margin`. So per whole unit, with
//! `u = mark * maintenance_rate` and `x = equity / maintenance_margin`, a solvent account can give
//! away `x * u` for closing one unit without its health ratio falling (invariant 6), whatever else
//! it holds. `mark - x * u` for a long and `mark + x * u` for a short is the *bankruptcy price of the
//! position's share*: closing everything there leaves exactly nothing.
//!
//! # Use
//!
//! ```
//! # use bulwark_primitives::*; use bulwark_risk_math::*;
//! // 1 The resting orders are cancelled, so that initial margin is of positions only, and health
//! //   is read afterwards. 5 BTC long at 60,000 and 3,000 USD of equity: MM 3,600, IM 6,000.
//! let health = Health {
//!     equity: Usd::dollars(3_000),
//!     initial_equity: Usd::dollars(3_000),
//!     initial_margin: Usd::dollars(6_000),
//!     maintenance_margin: Usd::dollars(3_600),
//!     notional: Usd::dollars(300_000),
//! };
//! // 2 The position with the largest `maintenance_margin(size, mark, rate)` goes first.
//! let closing = Closing {
//!     size: Size(5 * SIZE_SCALE as i128),
//!     mark: Price(60_000 * PRICE_SCALE),
//!     initial_rate: Rate::percent(2),
//!     maintenance_rate: Rate::basis_points(120),
//!     fee_rate: Rate::basis_points(60),
//!     health,
//! };
//! // 3 How much: (6,000 - 3,000) / (60,000 * (2 % - 0.6 %)) = 3.57 BTC, up to whole lots. The
//! //   pallet then applies its share per block and its smallest remainder.
//! let quantity = ceil_to_multiple(quantity_to_restore(&closing).unwrap(), Quantity(SIZE_SCALE / 100)).unwrap();
//! assert_eq!(quantity, Quantity(358 * SIZE_SCALE / 100));
//! // 4 At what price: x = 5/6, so 1/2 + 1/6 of u = 720 USD under the mark; `LiquidationVenue::close`.
//! let worst = worst_price(&closing).unwrap();
//! assert_eq!(worst, Price(59_520 * PRICE_SCALE));
//! // 5 The book gave 1 BTC for 59,900 USD. The fee is what the rate says and the share allows.
//! let (filled, paid) = (Quantity(SIZE_SCALE), Usd::dollars(59_900));
//! let due = fee(paid, closing.fee_rate).unwrap();
//! let room = fee_room(&closing, filled, paid).unwrap();
//! assert_eq!(due, Usd(359_400_000));
//! assert_eq!(room, Usd::dollars(500)); // 5/6 * 720 - (60,000 - 59,900)
//! let charged = due.min(room);
//! # assert_eq!(charged, due);
//! // 6 Still under maintenance: health is read again, and the next closing starts at 2.
//! ```
//!
//! Between two closings of one account health must be read again: every function here is about
//! the account as `health` says it is.

use crate::{
    fraction,
    margin::margin_per_unit,
    math::{add, signed_sub, sub, to_signed},
    mul_div,
    value::{RATE_ONE, VALUE_SCALE},
    MathError, Rounding,
};
use bulwark_primitives::{Health, Price, Quantity, Rate, Size, Usd};

/// How far above maintenance margin a liquidation brings an account: 120 %.
///
/// Initial margin is the other target of [`quantity_to_restore`]; at 1.2 alone every further 0.24 %
/// of a fall would liquidate again.
pub const RECOVERY: Rate = Rate::percent(120);

/// How far from the mark the price limit starts: half of maintenance margin.
///
/// Makers bid a spread away from the mark. A limit that starts at the mark itself, as dYdX's, parks whoever
/// is just under maintenance until the price has taken as much more from him as the spread is. The other half
/// is what the fee is bounded by, so at the start both fit into what the position may give away.
pub const LIMIT_START: Rate = Rate::percent(50);

/// One position of an account under maintenance, about to be closed in part or in whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Signed size of the position.
    pub size: Size,
    /// Mark price of its market.
    pub mark: Price,
    /// Initial margin of its market, fraction of notional.
    pub initial_rate: Rate,
    /// Maintenance margin of its market, fraction of notional.
    pub maintenance_rate: Rate,
    /// Liquidation fee of its market, fraction of the filled notional; at most half of
    /// `maintenance_rate`, or closing might cost more margin than it frees.
    pub fee_rate: Rate,
    /// Health of the whole account, all its orders cancelled.
    pub health: Health,
}

/// Lowest price a long may be sold at, highest price a short may be bought back at.
///
/// With `u = mark * maintenance_rate` and `x = equity / maintenance_margin` the discount from the mark
/// (the premium, for a short) is
///
/// | equity | discount | why |
/// |---|---|---|
/// | at or above maintenance | 0 | nothing has to be closed |
/// | solvent | `u * min(1/2 + 1 - x, x)` | starts at [`LIMIT_START`] of the margin, slides linearly away from the mark as equity falls, as dYdX's fillable price does from the mark, and stops at the bankruptcy price of the position's share: what a solvent account sells never makes its fund or its other positions pay |
/// | zero or less | `u` | what the insurance fund tolerates, so that a bankrupt account is closed at once |
///
/// For a given mark the price is therefore furthest at three quarters of maintenance margin and
/// returns to the mark as equity goes to zero. It is a limit: what fills, fills at the maker's price, the
/// best first. Discounts round down: the price favours the account, and for a bankrupt one the fund.
///
/// # Errors
/// `Overflow` when the price does not fit (a maintenance rate above 100 %, for example).
pub fn worst_price(c: &Closing) -> Result<Price, MathError> {
    let per_unit = margin_per_unit(c.mark, c.maintenance_rate, Rounding::Down)?;
    let discount = match standing(&c.health) {
        Standing::Healthy => 0,
        Standing::Solvent { equity, margin } => {
            let start = mul_div(margin, u128::from(LIMIT_START.0), RATE_ONE, Rounding::Down)?;
            let slide = add(start, sub(margin, equity)?)?.min(equity);
            mul_div(per_unit, slide, margin, Rounding::Down)?
        }
        Standing::Bankrupt => per_unit,
    };
    worse(c, discount)
}

/// The bankruptcy price of the position's share: `mark - x * u` for a long, `mark + x * u` for a short.
///
/// Closing all of it there leaves nothing and owes nothing, up to the rounding; a part leaves the
/// health ratio as it is. For a solvent account it is on the wrong side of the mark for whoever is
/// closed, and what the backstop vault takes over at; for a bankrupt one it is beyond the mark, and the
/// taker bears the debt. What the account gets rounds in its favour: the discount down, and what a bankrupt
/// one gets beyond the mark up.
///
/// # Errors
/// `Overflow` when the price does not fit, or goes below zero; `DivisionByZero` without any
/// maintenance margin.
pub fn bankruptcy_price(c: &Closing) -> Result<Price, MathError> {
    let per_unit = margin_per_unit(c.mark, c.maintenance_rate, Rounding::Down)?;
    let equity = c.health.equity.0;
    let margin = u128::try_from(c.health.maintenance_margin.0).map_err(|_| MathError::Overflow)?;
    if equity >= 0 {
        let share = mul_div(per_unit, equity.unsigned_abs(), margin, Rounding::Down)?;
        return worse(c, share);
    }
    let debt = mul_div(per_unit, equity.unsigned_abs(), margin, Rounding::Up)?;
    let price = if c.size.is_short() {
        sub(c.mark.0, debt)?
    } else {
        add(c.mark.0, debt)?
    };
    Ok(Price(price))
}

/// The mark less a discount for a long, plus a premium for a short.
fn worse(c: &Closing, discount: u128) -> Result<Price, MathError> {
    let price = if c.size.is_short() {
        add(c.mark.0, discount)?
    } else {
        sub(c.mark.0, discount)?
    };
    Ok(Price(price))
}

/// The smallest quantity to close at mark so that afterwards
/// `equity >= max(1.2 * maintenance margin, initial margin)`, the fee paid; rounded up, at most the
/// whole position.
///
/// With `f`, `u`, `v` the fee, maintenance and initial margin of one whole unit, closing `Q` gives
///
/// - `equity - Q * f >= 1.2 * (maintenance_margin - Q * u)`, so `Q = need / (1.2 * u - f)` with
///   `need = 1.2 * maintenance_margin - equity`;
/// - `equity - Q * f >= initial_margin - Q * v`, so `Q = need / (v - f)` with
///   `need = initial_margin - equity`;
///
/// and the larger counts. Needs and fees round up, gains down: the account ends at or above the
/// target, by no more than two base units of USD. Zero when it is there already. The whole position
/// when no smaller quantity does it: then the account's next position follows.
///
/// # Errors
/// `Overflow` when a requirement does not fit.
pub fn quantity_to_restore(c: &Closing) -> Result<Quantity, MathError> {
    let whole = c.size.quantity();
    let equity = c.health.equity.0;
    let fee = margin_per_unit(c.mark, c.fee_rate, Rounding::Up)?;
    let maintenance = margin_per_unit(c.mark, c.maintenance_rate, Rounding::Down)?;
    let recovered = mul_div(
        maintenance,
        u128::from(RECOVERY.0),
        RATE_ONE,
        Rounding::Down,
    )?;
    let initial = margin_per_unit(c.mark, c.initial_rate, Rounding::Down)?;
    let target = fraction(c.health.maintenance_margin, RECOVERY, Rounding::Up)?;

    let for_maintenance = closes(signed_sub(target.0, equity)?, recovered, fee);
    let for_initial = closes(signed_sub(c.health.initial_margin.0, equity)?, initial, fee);
    Ok(match (for_maintenance, for_initial) {
        (Some(a), Some(b)) => whole.min(Quantity(a.max(b))),
        (None, _) | (_, None) => whole,
    })
}

/// Liquidation fee on what was filled: `|filled| * rate`, rounded up in favour of the fund.
///
/// # Errors
/// `Overflow` when the fee does not fit.
pub fn fee(filled: Usd, rate: Rate) -> Result<Usd, MathError> {
    let filled = to_signed(filled.0.unsigned_abs())?;
    fraction(Usd(filled), rate, Rounding::Up)
}

/// How much fee a fill of `quantity` for `notional` leaves room for: the fill against the bankruptcy
/// price of the position's share, `quantity * x * u - loss against the mark`; rounded down in favour
/// of the account, never negative.
///
/// Charging at most this keeps invariant 6: the health ratio of what remains does not fall. Zero
/// for a bankrupt account, whose fee the insurance fund would pay to itself. Source: dYdX, which
/// takes its fee out of the same difference.
///
/// # Errors
/// `Overflow` when a value does not fit.
pub fn fee_room(c: &Closing, quantity: Quantity, notional: Usd) -> Result<Usd, MathError> {
    let per_unit = margin_per_unit(c.mark, c.maintenance_rate, Rounding::Down)?;
    let share = match standing(&c.health) {
        Standing::Healthy => per_unit,
        Standing::Solvent { equity, margin } => mul_div(per_unit, equity, margin, Rounding::Down)?,
        Standing::Bankrupt => return Ok(Usd::ZERO),
    };
    let share = to_signed(mul_div(share, quantity.0, VALUE_SCALE, Rounding::Down)?)?;
    let loss = if c.size.is_short() {
        let fair = crate::notional(c.mark, quantity, Rounding::Down)?;
        signed_sub(notional.0, fair.0)?
    } else {
        let fair = crate::notional(c.mark, quantity, Rounding::Up)?;
        signed_sub(fair.0, notional.0)?
    };
    Ok(Usd(signed_sub(share, loss)?.max(0)))
}

/// Where an account stands against its maintenance margin.
enum Standing {
    /// At or above it.
    Healthy,
    /// Between nothing and it, neither included.
    Solvent { equity: u128, margin: u128 },
    /// Nothing left, or less.
    Bankrupt,
}

fn standing(health: &Health) -> Standing {
    if !health.is_liquidatable() {
        return Standing::Healthy;
    }
    if health.equity <= Usd::ZERO {
        return Standing::Bankrupt;
    }
    // Both are positive: equity is, and the margin is above it.
    Standing::Solvent {
        equity: health.equity.0.unsigned_abs(),
        margin: health.maintenance_margin.0.unsigned_abs(),
    }
}

/// The quantity that frees `need` when each whole unit frees `gain` and costs `cost`; `None` when
/// none does.
fn closes(need: i128, gain: u128, cost: u128) -> Option<u128> {
    if need <= 0 {
        return Some(0);
    }
    let net = gain.checked_sub(cost)?;
    // A quantity that does not fit is more than any position.
    mul_div(need.unsigned_abs(), VALUE_SCALE, net, Rounding::Up).ok()
}
