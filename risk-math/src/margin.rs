//! What an account has and what it needs.

use crate::{
    fraction,
    math::{add, signed_add, signed_sub, sub, to_signed},
    mul_div, notional, signed_mul_div, signed_notional, triggers,
    value::{RATE_ONE, VALUE_SCALE},
    MathError, Rounding,
};
use bulwark_primitives::{Health, OpenOrders, Price, Rate, Size, Usd};

/// Share of the notional that must stay behind after a withdrawal, whatever initial margin says.
/// Source: Hyperliquid.
pub const WITHDRAWAL_MARGIN: Rate = Rate::percent(10);

/// One position with the price and the rates of its market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionInput {
    /// Signed size; zero when there are only orders.
    pub size: Size,
    /// What was paid for it: positive for a long, negative for a short.
    pub entry_notional: Usd,
    /// Mark price of the market.
    pub mark: Price,
    /// Initial margin as a fraction of notional.
    pub initial_margin: Rate,
    /// Maintenance margin as a fraction of notional; not above `initial_margin`.
    pub maintenance_margin: Rate,
    /// The account's resting orders in the market.
    pub orders: OpenOrders,
}

/// One collateral asset of an account; the settlement asset is the balance and not one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralInput {
    /// How much, in base units of the asset.
    pub amount: u128,
    /// Decimals of the base unit.
    pub decimals: u8,
    /// Index price of the asset.
    pub price: Price,
    /// Share of the value that counts for initial margin and withdrawals.
    pub initial_factor: Rate,
    /// Share of the value that counts for maintenance.
    pub maintenance_factor: Rate,
}

/// Health of an account: value, requirements and total notional, all in `Usd`.
///
/// - `equity = balance + sum collateral at its maintenance factor + sum profit`, with
///   `profit = size * mark - entry_notional`; collateral and profit round down.
/// - `initial_equity`: the same with the initial factor.
/// - `maintenance_margin = sum |size| * (mark - long price)` for longs, `(-short price - mark)` for
///   shorts, rounded up. These are the integers of [`triggers`], so that
///   `slack = equity - maintenance_margin` is linear in the effective prices up to
///   [`RESERVE_PER_LEG`](crate::RESERVE_PER_LEG) units a leg. Resting orders never count.
/// - `initial_margin = sum initial rate * mark * max(|size|, |size + bids|, |size - asks|)` plus what
///   the orders would lose at once: `max(0, bid notional - bids * mark)` and
///   `max(0, asks * mark - ask notional)`; rounded up. Orders count at their worst case.
/// - `notional = sum |size| * mark`, rounded up, because a requirement is made of it.
///
/// With `initial rate >= maintenance rate` in each market, `initial_margin >= maintenance_margin`
/// holds to the last unit (invariant 12): both are made of `mark * rate` rounded up per unit.
///
/// 1,000 USD and long 1 BTC, bought at 60,000, now 59,500, with 2 % and 1.2 %:
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// let btc = PositionInput {
///     size: Size(SIZE_SCALE as i128),
///     entry_notional: Usd::dollars(60_000),
///     mark: Price(59_500 * PRICE_SCALE),
///     initial_margin: Rate::percent(2),
///     maintenance_margin: Rate::basis_points(120),
///     orders: OpenOrders::default(),
/// };
/// let health = health(Usd::dollars(1_000), &[], &[btc]).unwrap();
/// assert_eq!(health.equity, Usd::dollars(500));
/// assert_eq!(health.initial_margin, Usd::dollars(1_190));
/// assert_eq!(health.maintenance_margin, Usd::dollars(714));
/// assert!(health.is_liquidatable());
/// ```
///
/// # Errors
/// `Overflow` when any term or sum does not fit.
pub fn health(
    balance: Usd,
    collateral: &[CollateralInput],
    positions: &[PositionInput],
) -> Result<Health, MathError> {
    let mut health = Health {
        equity: balance,
        initial_equity: balance,
        ..Health::default()
    };
    for asset in collateral {
        let at =
            |factor| crate::collateral_value(asset.amount, asset.decimals, asset.price, factor);
        health.equity = sum(health.equity, at(asset.maintenance_factor)?)?;
        health.initial_equity = sum(health.initial_equity, at(asset.initial_factor)?)?;
    }
    for position in positions {
        let profit = profit(position)?;
        health.equity = sum(health.equity, profit)?;
        health.initial_equity = sum(health.initial_equity, profit)?;
        health.maintenance_margin = sum(
            health.maintenance_margin,
            maintenance_margin(position.size, position.mark, position.maintenance_margin)?,
        )?;
        health.initial_margin = sum(health.initial_margin, initial_margin(position)?)?;
        health.notional = sum(
            health.notional,
            notional(position.mark, position.size.quantity(), Rounding::Up)?,
        )?;
    }
    Ok(health)
}

/// Maintenance margin of one position, rounded up; what [`health`] sums, and by what the position
/// to close first is chosen.
///
/// # Errors
/// `Overflow` when an effective price or the margin does not fit.
pub fn maintenance_margin(size: Size, mark: Price, rate: Rate) -> Result<Usd, MathError> {
    let marked = to_signed(mark.0)?;
    let per_unit = if size.is_short() {
        let short = triggers::short_price(mark, rate)?;
        signed_sub(short.checked_neg().ok_or(MathError::Overflow)?, marked)?
    } else {
        signed_sub(marked, triggers::long_price(mark, rate)?)?
    };
    signed_mul_div(per_unit, size.quantity().0, VALUE_SCALE, Rounding::Up).map(Usd)
}

/// What `initial_equity` must be after value has left an account: `max(initial margin, 10 % of the
/// notional)`, rounded up.
///
/// # Errors
/// None in practice: a tenth of a `Usd` fits.
pub fn withdrawal_requirement(health: &Health) -> Result<Usd, MathError> {
    let floor = fraction(health.notional, WITHDRAWAL_MARGIN, Rounding::Up)?;
    Ok(health.initial_margin.max(floor))
}

/// The mark price at which `position` alone, everything else of the account staying as it is,
/// brings equity down to maintenance margin; for display and tests, no rule depends on it.
///
/// Long: `(q - slack / size) / (1 - rate)` with `q = mark * (1 - rate)`, rounded up. Short:
/// `(mark * (1 + rate) + slack / size) / (1 + rate)`, rounded down. Both round toward the mark, so
/// the owner is warned early. For an account under maintenance the price lies beyond the mark.
///
/// `None` when the position is flat, when no price can do it (a long whose loss the rest of the
/// account covers down to zero), when every price does (a short that the rest of the account
/// sinks), or when a number does not fit.
pub fn liquidation_price(health: &Health, position: &PositionInput) -> Option<Price> {
    let slack = health.slack()?.0;
    let quantity = position.size.quantity().0;
    let room = signed_mul_div(slack, VALUE_SCALE, quantity, Rounding::Down).ok()?;
    let rate = u128::from(position.maintenance_margin.0);
    let (level, divisor, rounding) = if position.size.is_short() {
        let now = triggers::short_price(position.mark, position.maintenance_margin).ok()?;
        let level = now.checked_sub(room)?.checked_neg()?;
        (level, add(RATE_ONE, rate).ok()?, Rounding::Down)
    } else {
        let now = triggers::long_price(position.mark, position.maintenance_margin).ok()?;
        (
            now.checked_sub(room)?,
            sub(RATE_ONE, rate).ok()?,
            Rounding::Up,
        )
    };
    let level = u128::try_from(level).ok().filter(|level| *level > 0)?;
    mul_div(level, RATE_ONE, divisor, rounding).ok().map(Price)
}

/// Unrealised profit or loss, rounded down.
fn profit(position: &PositionInput) -> Result<Usd, MathError> {
    let value = signed_notional(position.mark, position.size, Rounding::Down)?;
    signed_sub(value.0, position.entry_notional.0).map(Usd)
}

/// Initial margin of one market with its orders at their worst case, rounded up.
fn initial_margin(position: &PositionInput) -> Result<Usd, MathError> {
    let orders = &position.orders;
    let size = position.size.0;
    let bought = signed_add(size, to_signed(orders.bid_quantity.0)?)?.unsigned_abs();
    let sold = signed_sub(size, to_signed(orders.ask_quantity.0)?)?.unsigned_abs();
    let worst = size.unsigned_abs().max(bought).max(sold);
    let per_unit = margin_per_unit(position.mark, position.initial_margin, Rounding::Up)?;
    let margin = to_signed(mul_div(worst, per_unit, VALUE_SCALE, Rounding::Up)?)?;

    let bids = notional(position.mark, orders.bid_quantity, Rounding::Down)?;
    let asks = notional(position.mark, orders.ask_quantity, Rounding::Up)?;
    let overpaid = signed_sub(orders.bid_notional.0, bids.0)?.max(0);
    let undersold = signed_sub(asks.0, orders.ask_notional.0)?.max(0);
    signed_add(signed_add(margin, overpaid)?, undersold).map(Usd)
}

/// `mark * rate`: margin of one whole unit, in USD with 18 decimals.
pub(crate) fn margin_per_unit(
    mark: Price,
    rate: Rate,
    rounding: Rounding,
) -> Result<u128, MathError> {
    mul_div(mark.0, u128::from(rate.0), RATE_ONE, rounding)
}

fn sum(a: Usd, b: Usd) -> Result<Usd, MathError> {
    signed_add(a.0, b.0).map(Usd)
}
