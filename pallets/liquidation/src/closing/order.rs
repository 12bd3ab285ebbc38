//! How much of a position is closed, on which side, and at what price at worst.

use super::target::Holding;
use bulwark_primitives::{Health, MarketParams, Price, Quantity, Rate, Side, Usd, RATE_SCALE};
use bulwark_risk_math::{
    ceil_to_multiple, fee, fee_room, floor_to_multiple, mul_div, notional, quantity_to_restore,
    worst_price, Closing, MathError, Rounding,
};
use bulwark_traits::Execution;

/// Position notional below which all of it is closed at once.
pub const WHOLE_BELOW: Usd = Usd::dollars(1_000);
/// Position notional above which a block closes at most [`LARGE_SHARE`] of the position.
pub const LARGE_ABOVE: Usd = Usd::dollars(100_000);
/// Share of a large position that one block may close, rounded down to a lot.
pub const LARGE_SHARE: Rate = Rate::percent(20);

/// USD (6 decimals) per quantity (18 decimals), as a price (18 decimals).
const USD_PER_QUANTITY: u128 = 1_000_000_000_000_000_000_000_000_000_000;

/// What is sent to the book.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub side: Side,
    pub quantity: Quantity,
    pub worst: Price,
}

/// A position as `risk-math` closes it.
pub(crate) fn closing_of(holding: &Holding, health: Health) -> Closing {
    let maintenance_rate = holding.params.maintenance_margin;
    // The registry bounds the fee by half of maintenance margin (invariant 6); a closing holds to
    // it whatever the registry says.
    let most = Rate(maintenance_rate.0.checked_div(2).unwrap_or(0));
    Closing {
        size: holding.position.size,
        mark: holding.mark,
        initial_rate: holding.params.initial_margin,
        maintenance_rate,
        fee_rate: holding.params.liquidation_fee.min(most),
        health,
    }
}

/// The fee of what was filled: what the rate says, at most what keeps the health ratio of the rest.
pub(crate) fn fee_of(closing: &Closing, execution: &Execution) -> Result<Usd, MathError> {
    let due = fee(execution.notional, closing.fee_rate)?;
    let room = fee_room(closing, execution.quantity, execution.notional)?;
    Ok(due.min(room))
}

/// How much of a position to close, on which side, and at what price at worst.
///
/// Quantity: enough to restore the account, rounded up to a lot; all of it when the position is
/// worth less than [`WHOLE_BELOW`], at most [`LARGE_SHARE`] when more than [`LARGE_ABOVE`]; never
/// below the smallest order, and never leaving a rest below it.
///
/// Price: [`worst_price`], rounded to a tick in favour of the account. For an account below zero
/// every step away from mark is the fund's: the price is no further away than what is left of the
/// fund after the debt there already is.
///
/// # Errors
/// `Overflow`, or `DivisionByZero` for a market without tick or lot.
pub(crate) fn plan(
    closing: &Closing,
    params: &MarketParams,
    fund: Usd,
) -> Result<Order, MathError> {
    let whole = closing.size.quantity();
    let value = notional(closing.mark, whole, Rounding::Up)?;
    let mut quantity = if value < WHOLE_BELOW {
        whole
    } else {
        ceil_to_multiple(quantity_to_restore(closing)?, params.lot_size)?
    };
    if value > LARGE_ABOVE {
        let share = mul_div(
            whole.0,
            u128::from(LARGE_SHARE.0),
            u128::from(RATE_SCALE),
            Rounding::Down,
        )?;
        quantity = quantity.min(floor_to_multiple(Quantity(share), params.lot_size)?);
    }
    quantity = quantity.max(params.min_order).min(whole);
    let rest = whole.checked_sub(quantity).ok_or(MathError::Overflow)?;
    if rest < params.min_order {
        quantity = whole;
    }

    let mut worst = worst_price(closing)?;
    let tick = Quantity(params.tick_size.0);
    let reach = if closing.health.equity <= Usd::ZERO {
        let left = fund
            .checked_add(closing.health.equity)
            .ok_or(MathError::Overflow)?;
        let left = left.0.max(0).unsigned_abs();
        // A reach that does not fit, here or added to the mark below, is no limit.
        mul_div(left, USD_PER_QUANTITY, quantity.0, Rounding::Down).unwrap_or(u128::MAX)
    } else {
        u128::MAX
    };
    let mark = closing.mark.0;
    let (side, worst) = if closing.size.is_short() {
        let highest = Price(mark.saturating_add(reach));
        worst = worst.min(highest);
        (Side::Bid, floor_to_multiple(Quantity(worst.0), tick)?)
    } else {
        let lowest = Price(mark.saturating_sub(reach));
        worst = worst.max(lowest);
        (Side::Ask, ceil_to_multiple(Quantity(worst.0), tick)?)
    };
    Ok(Order {
        side,
        quantity,
        worst: Price(worst.0),
    })
}
