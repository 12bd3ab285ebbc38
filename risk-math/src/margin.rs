//! What an account has and what it needs.

use crate::{
    add_on::{lines, maintenance_add_on, size_add_on},
    fraction, funding,
    math::{add, signed_add, signed_sub, sub, to_signed},
    mul_div, notional, signed_mul_div, signed_notional, triggers,
    value::{RATE_ONE, VALUE_SCALE},
    volatility::MAINTENANCE_SHARE,
    MathError, Rounding,
};
use bulwark_primitives::{Health, MarginTier, OpenOrders, Price, Quantity, Rate, Size, Usd};

/// Share of the notional that must stay behind after a withdrawal, whatever initial margin says.
/// Source: Hyperliquid.
pub const WITHDRAWAL_MARGIN: Rate = Rate::percent(10);

/// Tiers of a market without a size add-on.
pub const NO_TIERS: [MarginTier; 4] = [MarginTier {
    from: Usd::ZERO,
    add_on: Rate::ZERO,
}; 4];

/// One position with the prices and the rates of its market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionInput {
    /// Signed size; zero when there are only orders.
    pub size: Size,
    /// What was paid for it: positive for a long, negative for a short.
    pub entry_notional: Usd,
    /// Mark price of the market.
    pub mark: Price,
    /// Lower and higher price for initial margin, the mark between them; `None` when it is the only
    /// one.
    pub range: Option<(Price, Price)>,
    /// Initial margin as a fraction of notional, open interest taken into account.
    pub initial_margin: Rate,
    /// Maintenance margin as a fraction of notional; not above `initial_margin`.
    pub maintenance_margin: Rate,
    /// Size add-on of the market.
    pub tiers: [MarginTier; 4],
    /// How much of an open profit counts for initial margin.
    pub profit_share: Rate,
    /// Funding that is not settled, USD per unit with 18 decimals: what the market's funding index
    /// has gained since the position's last settlement.
    pub funding: i128,
    /// The account's resting orders in the market.
    pub orders: OpenOrders,
}

impl Default for PositionInput {
    /// Nothing, in a market with one price, without add-on, whose profit counts in full.
    fn default() -> Self {
        Self {
            size: Size::ZERO,
            entry_notional: Usd::ZERO,
            mark: Price::ZERO,
            range: None,
            initial_margin: Rate::ZERO,
            maintenance_margin: Rate::ZERO,
            tiers: NO_TIERS,
            profit_share: Rate::ONE,
            funding: 0,
            orders: OpenOrders::default(),
        }
    }
}

impl PositionInput {
    /// Lower and higher price for initial margin.
    pub fn range(&self) -> (Price, Price) {
        let (low, high) = self.range.unwrap_or((self.mark, self.mark));
        (low.min(self.mark), high.max(self.mark))
    }
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
    /// The lower price for initial margin; `None` when it is the index price.
    pub low: Option<Price>,
    /// Share of the value that counts for initial margin and withdrawals, the deposits of all taken
    /// into account.
    pub initial_factor: Rate,
    /// Share of the value that counts for maintenance.
    pub maintenance_factor: Rate,
}

/// Health of an account: value, requirements and total notional, all in `Usd`.
///
/// - `equity = balance + sum collateral at its maintenance factor + sum (profit - funding)`, with
///   `profit = size * mark - entry_notional` and `funding = size * unsettled funding per unit`;
///   collateral and profit round down, funding up.
/// - `initial_equity`: the same with the initial factor, each price the worse of its range (lower for
///   what is owned, higher for what is owed), and of a profit only its share.
/// - `maintenance_margin = sum |size| * (mark - long price)` for longs, `(-short price - mark)` for
///   shorts, plus 60 % of the size add-on of the notional, rounded up. The prices are the integers of
///   [`triggers`], so that `slack = equity - maintenance_margin` is linear in the effective prices but
///   for the add-on, up to [`RESERVE_PER_LEG`](crate::RESERVE_PER_LEG) units a leg. Resting orders
///   never count, nor does the range of prices, nor what others hold.
/// - `initial_margin = sum min(exposure, initial rate * exposure + add-on)`, with `exposure = high *
///   max(|size|, |size + bids|, |size - asks|)`, never below the position's maintenance margin, plus
///   what the orders would lose at once: `max(0, bid notional - bids * low)` and `max(0, asks * high -
///   ask notional)`; rounded up. Orders count at their worst case.
/// - `notional = sum |size| * mark`, rounded up, because a requirement is made of it.
///
/// `initial_margin >= maintenance_margin` holds to the last unit, whatever the parameters
/// (invariant 12), and `initial_equity <= equity` when the initial factors are not above the
/// others.
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
///     ..PositionInput::default()
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
            |price, factor| crate::collateral_value(asset.amount, asset.decimals, price, factor);
        let low = asset.low.map_or(asset.price, |low| low.min(asset.price));
        health.equity = sum(health.equity, at(asset.price, asset.maintenance_factor)?)?;
        health.initial_equity = sum(health.initial_equity, at(low, asset.initial_factor)?)?;
    }
    for position in positions {
        let funding = Usd(signed_sub(
            0,
            funding::payment(position.size, position.funding)?.paid.0,
        )?);
        health.equity = sum(
            sum(health.equity, profit(position, position.mark)?)?,
            funding,
        )?;
        health.initial_equity = sum(
            sum(health.initial_equity, initial_profit(position)?)?,
            funding,
        )?;
        let maintenance = position_maintenance(position)?;
        health.maintenance_margin = sum(health.maintenance_margin, maintenance)?;
        health.initial_margin = sum(
            health.initial_margin,
            initial_margin_above(position, maintenance)?,
        )?;
        health.notional = sum(
            health.notional,
            notional(position.mark, position.size.quantity(), Rounding::Up)?,
        )?;
    }
    Ok(health)
}

/// Maintenance margin of one position with its size add-on, rounded up: what [`health`] sums, and by
/// what the position to close first is chosen.
///
/// # Errors
/// As [`maintenance_margin`] and [`size_add_on`].
pub fn position_maintenance(position: &PositionInput) -> Result<Usd, MathError> {
    let worth = notional(position.mark, position.size.quantity(), Rounding::Up)?;
    sum(
        maintenance_margin(position.size, position.mark, position.maintenance_margin)?,
        maintenance_add_on(worth, &position.tiers)?,
    )
}

/// Mean initial and maintenance margin of a position, add-on included, as fractions of its
/// notional, rounded down; at least the market's own rates. What closing a part of it frees at least:
/// the add-on is dearest at the top.
///
/// # Errors
/// As [`size_add_on`].
pub fn mean_rates(position: &PositionInput) -> Result<(Rate, Rate), MathError> {
    let worth = notional(position.mark, position.size.quantity(), Rounding::Up)?;
    let with = |base: Rate, add_on: Usd| {
        if add_on.is_zero() {
            return Ok(base);
        }
        let on_top = mul_div(
            add_on.0.unsigned_abs(),
            RATE_ONE,
            worth.0.unsigned_abs(),
            Rounding::Down,
        )?;
        let rate = add(u128::from(base.0), on_top)?;
        u64::try_from(rate)
            .map(Rate)
            .map_err(|_| MathError::Overflow)
    };
    let initial = with(
        position.initial_margin,
        size_add_on(worth, &position.tiers)?,
    )?;
    Ok((
        // As initial margin, never more than the notional.
        initial.min(Rate::ONE),
        with(
            position.maintenance_margin,
            maintenance_add_on(worth, &position.tiers)?,
        )?,
    ))
}

/// Maintenance margin of one position at the market's rate alone, rounded up.
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
/// The size add-on is the largest of some lines `notional * r - d`, so slack falls to zero where it
/// does for the first of them. Long, for each line: `(q - (slack + add-on + d) / size) / (1 - rate -
/// r)` with `q = mark * (1 - rate)`, rounded up, and the highest counts. Short: `(mark * (1 + rate) +
/// (slack + add-on + d) / size) / (1 + rate + r)`, rounded down, and the lowest counts. Both round
/// toward the mark, so the owner is warned early. For an account under maintenance the price lies
/// beyond the mark.
///
/// `None` when the position is flat, when no price can do it (a long whose loss the rest of the
/// account covers down to zero), when every price does (a short that the rest of the account
/// sinks), or when a number does not fit.
pub fn liquidation_price(health: &Health, position: &PositionInput) -> Option<Price> {
    let worth = notional(position.mark, position.size.quantity(), Rounding::Up).ok()?;
    let add_on = maintenance_add_on(worth, &position.tiers).ok()?;
    let free = health.slack()?.checked_add(add_on)?;
    let mut level = level_of(position, free, Rate::ZERO);
    for line in lines(&position.tiers) {
        let (rate, offset) = line.ok()?;
        let rate = fraction(Usd(i128::from(rate.0)), MAINTENANCE_SHARE, Rounding::Up).ok()?;
        let rate = Rate(u64::try_from(rate.0).ok()?);
        let offset = fraction(offset, MAINTENANCE_SHARE, Rounding::Down).ok()?;
        let next = level_of(position, free.checked_add(offset)?, rate);
        level = if position.size.is_short() {
            Some(level?.min(next?))
        } else {
            level.max(next)
        };
    }
    level
}

/// [`liquidation_price`] when the add-on is one line of slope `add_on` and `free` is the slack
/// without it.
fn level_of(position: &PositionInput, free: Usd, add_on: Rate) -> Option<Price> {
    let quantity = position.size.quantity().0;
    let room = signed_mul_div(free.0, VALUE_SCALE, quantity, Rounding::Down).ok()?;
    let rate = add(
        u128::from(position.maintenance_margin.0),
        u128::from(add_on.0),
    )
    .ok()?;
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

/// Unrealised profit or loss at a price, rounded down.
fn profit(position: &PositionInput, price: Price) -> Result<Usd, MathError> {
    let value = signed_notional(price, position.size, Rounding::Down)?;
    signed_sub(value.0, position.entry_notional.0).map(Usd)
}

/// What of the profit counts for initial margin, at the worse price and rounded down; all of a loss.
fn initial_profit(position: &PositionInput) -> Result<Usd, MathError> {
    let (low, high) = position.range();
    let worse = if position.size.is_short() { high } else { low };
    let profit = profit(position, worse)?;
    if profit.is_negative() {
        return Ok(profit);
    }
    fraction(profit, position.profit_share.min(Rate::ONE), Rounding::Down)
}

/// Initial margin of one market with its orders at their worst case, rounded up; what [`health`] sums.
///
/// # Errors
/// `Overflow` when a term or a sum does not fit.
pub fn initial_margin(position: &PositionInput) -> Result<Usd, MathError> {
    initial_margin_above(position, position_maintenance(position)?)
}

fn initial_margin_above(position: &PositionInput, maintenance: Usd) -> Result<Usd, MathError> {
    let orders = &position.orders;
    let (low, high) = position.range();
    let size = position.size.0;
    let bought = signed_add(size, to_signed(orders.bid_quantity.0)?)?.unsigned_abs();
    let sold = signed_sub(size, to_signed(orders.ask_quantity.0)?)?.unsigned_abs();
    let worst = size.unsigned_abs().max(bought).max(sold);
    let per_unit = margin_per_unit(high, position.initial_margin, Rounding::Up)?;
    let at_rate = to_signed(mul_div(worst, per_unit, VALUE_SCALE, Rounding::Up)?)?;
    let exposure = notional(high, Quantity(worst), Rounding::Up)?;
    let margin = signed_add(at_rate, size_add_on(exposure, &position.tiers)?.0)?
        .min(exposure.0)
        .max(maintenance.0);

    let bids = notional(low, orders.bid_quantity, Rounding::Down)?;
    let asks = notional(high, orders.ask_quantity, Rounding::Up)?;
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
