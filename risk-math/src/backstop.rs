//! The backstop vault: who is offered to it, how much it takes and what it risks for that, at what price
//! and in what slices it sells again, and between what values its share price lies.
//!
//! # What a takeover risks
//!
//! The vault keeps each market in an account of its own. Whatever it takes over there is backed by what it
//! has put into that account and by nothing else, so that is the most it can lose: a cap on it is a cap on
//! the loss, however far the price goes.
//!
//! A vault that may put 1,000 USD into a market at 10 % margin takes 10,000 USD of notional:
//! ```
//! # use bulwark_primitives::*; use bulwark_risk_math::backstop::*;
//! let room = Room {
//!     loss: Usd::dollars(1_000),
//!     notional: Usd::dollars(50_000),
//!     margin: Rate::percent(10),
//!     premium: Rate::percent(1),
//!     ..Room::default()
//! };
//! let mark = Price(100 * PRICE_SCALE);
//! let offer = Size(500 * SIZE_SCALE as i128);
//! let (quantity, limit) = taken(&room, offer, mark, mark).unwrap();
//! assert_eq!((quantity.0 / SIZE_SCALE, limit), (99, Limit::Loss)); // 100 but for roundings
//! ```

use crate::{
    ceil_to_multiple, floor_to_multiple, fraction,
    margin::margin_per_unit,
    math::{add, signed_add, signed_sub, sub, to_signed},
    mul_div, notional, price_with_rate, signed_notional,
    value::{RATE_ONE, VALUE_SCALE},
    MathError, Rounding,
};
use bulwark_primitives::{Health, MarketParams, Price, Quantity, Rate, Side, Size, Usd};

/// Share of maintenance margin under which an account is offered to the vault: two thirds, rounded down
/// [Hyperliquid].
pub const ENTRY: Rate = Rate(666_666_666);
/// What the roundings of a takeover can cost the vault's account, in `Usd`.
const ROUNDING_RESERVE: i128 = 8;
/// Shares that one base unit buys at first, times the least that is left of a share's first price before the
/// shares count as lost: a millionth.
const LEAST_PRICE: u128 = 1_000_000_000_000;

/// Whether the vault is offered an account: equity under two thirds of maintenance margin, rounded
/// down. An account that needs no margin has nothing that could be taken over.
///
/// # Errors
/// `Overflow` for a negative maintenance margin.
pub fn is_for_backstop(health: &Health) -> Result<bool, MathError> {
    let margin = u128::try_from(health.maintenance_margin.0).map_err(|_| MathError::Overflow)?;
    let entry = mul_div(margin, u128::from(ENTRY.0), RATE_ONE, Rounding::Down)?;
    Ok(margin > 0 && health.equity.0 < to_signed(entry)?)
}

/// What the vault has in a market, and what it may add.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Its position.
    pub size: Size,
    /// Equity of its account in the market, at mark.
    pub equity: Usd,
    /// Most that may be put into that account now.
    pub loss: Usd,
    /// Most that the whole position may be worth at mark.
    pub notional: Usd,
    /// What the account has to have, as a fraction of that.
    pub margin: Rate,
    /// Furthest price beyond mark, as a fraction of it.
    pub premium: Rate,
}

/// What kept the vault from taking all of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Nothing did.
    None,
    /// The price is further beyond mark than it pays.
    Price,
    /// It may not risk more.
    Loss,
    /// It may not hold more.
    Notional,
}

/// How much of an offer fits into the room, before lots; rounded down, in favour of the vault.
///
/// On the side of its position, or without one: what keeps `margin * mark * |position| + loss at once` at or
/// under the account's equity and what may be added, and the position under its cap. Against its position:
/// as much as closes it, when what is lost by that at once may be lost.
///
/// # Errors
/// `Overflow` when a value does not fit, `DivisionByZero` for a mark of nothing.
pub fn taken(
    room: &Room,
    offer: Size,
    price: Price,
    mark: Price,
) -> Result<(Quantity, Limit), MathError> {
    let loss = loss_per_unit(offer, price, mark);
    let wanted = offer.quantity();
    if loss > margin_per_unit(mark, room.premium, Rounding::Down)? {
        return Ok((Quantity::ZERO, Limit::Price));
    }
    let held = room.size.quantity();
    if is_opposite(room.size, offer) {
        let quantity = wanted.min(held);
        return Ok(
            if top_up(room, offer, quantity, price, mark)? <= room.loss {
                (quantity, Limit::None)
            } else {
                (Quantity::ZERO, Limit::Loss)
            },
        );
    }
    let per_unit = add(margin_per_unit(mark, room.margin, Rounding::Up)?, loss)?;
    let needed = fraction(
        notional(mark, held, Rounding::Up)?,
        room.margin,
        Rounding::Up,
    )?;
    let free = signed_add(signed_sub(room.loss.0, needed.0)?, room.equity.0)?;
    // Once for what [`top_up`] puts in beside the need, and once for what it rounds up itself.
    let reserve = signed_add(ROUNDING_RESERVE, ROUNDING_RESERVE)?;
    let by_loss = quantity_for(signed_sub(free, reserve)?, per_unit)?;
    let worth = notional(mark, held, Rounding::Up)?;
    let by_notional = quantity_for(signed_sub(room.notional.0, worth.0)?, mark.0)?;
    Ok(if wanted <= by_loss && wanted <= by_notional {
        (wanted, Limit::None)
    } else if by_loss <= by_notional {
        (by_loss, Limit::Loss)
    } else {
        (by_notional, Limit::Notional)
    })
}

/// What has to be put into the vault's account for a part of an offer, rounded up; at most `room.loss` for
/// what is [`taken`].
///
/// # Errors
/// `Overflow` when a value does not fit.
pub fn top_up(
    room: &Room,
    offer: Size,
    quantity: Quantity,
    price: Price,
    mark: Price,
) -> Result<Usd, MathError> {
    let loss = notional(
        Price(loss_per_unit(offer, price, mark)),
        quantity,
        Rounding::Up,
    )?;
    if is_opposite(room.size, offer) {
        // It gets smaller, so what it has is enough but for what is lost at once.
        return Ok(loss);
    }
    let held = Quantity(add(room.size.quantity().0, quantity.0)?);
    let needed = fraction(
        notional(mark, held, Rounding::Up)?,
        room.margin,
        Rounding::Up,
    )?;
    let all = signed_add(signed_add(needed.0, loss.0)?, ROUNDING_RESERVE)?;
    Ok(Usd(signed_sub(all, room.equity.0)?.max(0)))
}

/// Whole lots of `part` that leave of `whole` nothing or at least the smallest order; rounded down, `whole`
/// when `part` is not less. Nothing when that is less than the smallest order.
///
/// # Errors
/// `DivisionByZero` for a market without lots.
pub fn in_lots(
    part: Quantity,
    whole: Quantity,
    params: &MarketParams,
) -> Result<Quantity, MathError> {
    if part >= whole {
        return Ok(whole);
    }
    let left_over = whole.0.saturating_sub(params.min_order.0);
    let part = floor_to_multiple(part.min(Quantity(left_over)), params.lot_size)?;
    Ok(if part < params.min_order {
        Quantity::ZERO
    } else {
        part
    })
}

/// How the price of an unwinding follows the age of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Discount from mark at first.
    pub first: Rate,
    /// Discount at last.
    pub last: Rate,
    /// After how many blocks.
    pub blocks: u32,
}

/// The worst price at which the vault sells a long position or buys a short one back, rounded to a tick in
/// its favour: mark less (plus) a discount that goes from the first to the last in a straight line with
/// the age of the position, rounded down; never more than `most`, so that no sale costs more than the
/// margin it frees.
///
/// # Errors
/// `DivisionByZero` without blocks or tick, `Overflow` when the last discount is under the first or above
/// 100 %.
pub fn unwinding_price(
    size: Size,
    mark: Price,
    age: u32,
    patience: &Patience,
    most: Rate,
    tick: Price,
) -> Result<Price, MathError> {
    let span = sub(patience.last.0.into(), patience.first.0.into())?;
    let grown = mul_div(
        span,
        age.min(patience.blocks).into(),
        patience.blocks.into(),
        Rounding::Down,
    )?;
    let discount = add(patience.first.0.into(), grown)?.min(most.0.into());
    let discount = Rate(u64::try_from(discount).map_err(|_| MathError::Overflow)?);
    let tick = Quantity(tick.0);
    let price = if size.is_short() {
        let price = price_with_rate(mark, discount, true, Rounding::Down)?;
        floor_to_multiple(Quantity(price.0), tick)?
    } else {
        let price = price_with_rate(mark, discount, false, Rounding::Up)?;
        ceil_to_multiple(Quantity(price.0), tick)?
    };
    Ok(Price(price.0))
}

/// Which side of the book a position is unwound on.
pub const fn unwinding_side(size: Size) -> Side {
    if size.is_short() {
        Side::Bid
    } else {
        Side::Ask
    }
}

/// How much of a position one block may unwind: a share of it, at least `least` of notional and the
/// smallest order, in whole lots, and all of it when less than the smallest order would be left.
///
/// # Errors
/// `DivisionByZero` for a mark of nothing or a market without lots, `Overflow` when a quantity does not
/// fit.
pub fn unwinding_slice(
    size: Size,
    mark: Price,
    share: Rate,
    least: Usd,
    params: &MarketParams,
) -> Result<Quantity, MathError> {
    let whole = size.quantity();
    let part = mul_div(whole.0, share.0.into(), RATE_ONE, Rounding::Down)?;
    let least = quantity_for(least.0, mark.0)?;
    let part = Quantity(part).max(least).max(params.min_order);
    let part = ceil_to_multiple(part, params.lot_size)?;
    let left = whole.0.saturating_sub(part.0);
    Ok(if part >= whole || left < params.min_order.0 {
        whole
    } else {
        part
    })
}

/// Worse and better value of an account at the prices between which the truth may lie, from its equity
/// at mark; rounded down and up, neither below nothing, because what an account of the vault owes
/// beyond what is in it is not the vault's.
///
/// # Errors
/// `Overflow` when a value does not fit.
pub fn value_range(
    equity: Usd,
    size: Size,
    mark: Price,
    (low, high): (Price, Price),
) -> Result<(Usd, Usd), MathError> {
    let at_mark = |rounding| signed_notional(mark, size, rounding);
    let at = |price, rounding: Rounding| {
        let gained = signed_sub(
            signed_notional(price, size, rounding)?.0,
            at_mark(rounding.reversed())?.0,
        )?;
        signed_add(equity.0, gained)
    };
    let worse = at(low, Rounding::Down)?.min(at(high, Rounding::Down)?);
    let better = at(low, Rounding::Up)?.max(at(high, Rounding::Up)?);
    Ok((
        Usd(worse.min(equity.0).max(0)),
        Usd(better.max(equity.0).max(0)),
    ))
}

/// Whether shares are worth so little - less than a millionth of what they cost at first - that they count
/// as lost: who comes next begins anew, and no number of losses makes shares too many to count.
pub const fn are_worthless(worth: Usd, shares: u128) -> bool {
    match shares.checked_div(LEAST_PRICE) {
        Some(least) => worth.0 <= 0 || worth.0.unsigned_abs() < least,
        None => false,
    }
}

/// What the vault loses at once on each whole unit, as a price: nothing at mark or better.
fn loss_per_unit(offer: Size, price: Price, mark: Price) -> u128 {
    if offer.is_short() {
        mark.0.saturating_sub(price.0)
    } else {
        price.0.saturating_sub(mark.0)
    }
}

const fn is_opposite(held: Size, offer: Size) -> bool {
    held.is_long() && offer.is_short() || held.is_short() && offer.is_long()
}

/// The quantity that `amount` is enough for at so much a unit, rounded down; nothing for less than
/// nothing.
fn quantity_for(amount: i128, per_unit: u128) -> Result<Quantity, MathError> {
    if amount <= 0 {
        return Ok(Quantity::ZERO);
    }
    match mul_div(amount.unsigned_abs(), VALUE_SCALE, per_unit, Rounding::Down) {
        Ok(quantity) => Ok(Quantity(quantity)),
        // More than any position.
        Err(MathError::Overflow) => Ok(Quantity::MAX),
        Err(error @ MathError::DivisionByZero) => Err(error),
    }
}
