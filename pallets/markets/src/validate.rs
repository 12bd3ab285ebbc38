//! The compile-time bounds of every governed parameter.
//!
//! No vote reaches a value outside them. Each check names the bound it enforces, and each bound
//! says why it is where it is.

use crate::record::{Schedule, MAX_PERIOD, MAX_WAIT, MIN_DELAY};
use bulwark_primitives::{
    CollateralParams, MarginTier, MarketParams, Price, Quantity, Rate, Tier, Usd, PRICE_SCALE,
    SIZE_SCALE, USD_DECIMALS,
};
use bulwark_risk_math::scale_collateral;

/// Coarsest tick: 1,000 USD.
pub const MAX_TICK: Price = Price(1_000 * PRICE_SCALE);
/// Coarsest lot: a million units.
pub const MAX_LOT: Quantity = Quantity(1_000_000 * SIZE_SCALE);
/// Largest smallest order: a thousand million units.
pub const MAX_MIN_ORDER: Quantity = Quantity(1_000_000_000 * SIZE_SCALE);
/// Highest cap on open interest: 10^12 units. Sizes and their sums stay far from overflow below it.
pub const MAX_OPEN_INTEREST: Quantity = Quantity(1_000_000_000_000 * SIZE_SCALE);
/// Highest margin: all of the notional.
pub const MAX_INITIAL_MARGIN: Rate = Rate::ONE;
/// Lowest maintenance margin. Below half a percent a single tick of a volatile market costs more
/// than a liquidation can save.
pub const MIN_MAINTENANCE_MARGIN: Rate = Rate::basis_points(50);
/// Highest trading fee of either side.
pub const MAX_TRADING_FEE: Rate = Rate::percent(1);
/// Highest liquidation fee.
pub const MAX_LIQUIDATION_FEE: Rate = Rate::basis_points(150);
/// Narrowest price band: closer than that, ordinary trading trips the breaker.
pub const MIN_PRICE_BAND: Rate = Rate::percent(1);
/// Widest price band: wider than that, it stops nothing.
pub const MAX_PRICE_BAND: Rate = Rate::percent(50);
/// Highest begin of a margin tier: a million million dollars, more than all that is traded.
pub const MAX_TIER_START: Usd = Usd::dollars(1_000_000_000_000);
/// Highest default funding per 8 hours: ten times what is usual.
pub const MAX_FUNDING_INTEREST: Rate = Rate::basis_points(10);
/// Lowest impact notional: less is a single careless order.
pub const MIN_IMPACT_NOTIONAL: Usd = Usd::dollars(100);
/// Highest impact notional: more than any book holds.
pub const MAX_IMPACT_NOTIONAL: Usd = Usd::dollars(100_000_000);
/// Most decimals of an asset, because the ledger scales amounts to 18.
pub const MAX_DECIMALS: u8 = 18;
/// Highest deposit cap, scaled to 18 decimals: 10^18 units. The value of a pot at any sane price
/// stays far from overflow below it.
pub const MAX_DEPOSITS: Quantity = Quantity(SIZE_SCALE * SIZE_SCALE);

/// Lowest initial margin of a tier: the floors that hold when the market is calm.
pub const fn min_initial_margin(tier: Tier) -> Rate {
    match tier {
        Tier::A => Rate::percent(2),
        Tier::B => Rate::percent(3),
        Tier::C => Rate::percent(5),
        Tier::Isolated => Rate::percent(10),
    }
}

/// Highest maintenance factor of a tier. What is only good for accounts of its own counts nothing
/// in a cross-margined one.
pub const fn max_maintenance_factor(tier: Tier) -> Rate {
    match tier {
        Tier::A => Rate::percent(97),
        Tier::B => Rate::percent(90),
        Tier::C => Rate::percent(80),
        Tier::Isolated => Rate::ZERO,
    }
}

/// The bound that a parameter violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// Empty symbol, or a byte that is no capital letter, digit or `-`.
    Symbol,
    /// Index asset 0.
    IndexAsset,
    /// Tick 0 or above [`MAX_TICK`].
    Tick,
    /// Lot 0 or above [`MAX_LOT`].
    Lot,
    /// Smallest order 0, above [`MAX_MIN_ORDER`] or no multiple of the lot.
    MinOrder,
    /// Outside [`min_initial_margin`] to [`MAX_INITIAL_MARGIN`].
    InitialMargin,
    /// Below [`MIN_MAINTENANCE_MARGIN`] or not below initial margin.
    MaintenanceMargin,
    /// Above [`MAX_TRADING_FEE`] or half of maintenance margin.
    TakerFee,
    /// Above the taker fee.
    MakerFee,
    /// Above [`MAX_LIQUIDATION_FEE`] or half of maintenance margin.
    LiquidationFee,
    /// Below the smallest order or above [`MAX_OPEN_INTEREST`].
    OpenInterestCap,
    /// Outside [`MIN_PRICE_BAND`] to [`MAX_PRICE_BAND`].
    PriceBand,
    /// Tiers that do not rise, one above [`MAX_TIER_START`] or with an add-on above 100 %, or a used
    /// one after an unused one.
    MarginTiers,
    /// Below the smallest order or above the cap on open interest.
    LowerOpenInterest,
    /// Interest above [`MAX_FUNDING_INTEREST`], or an impact notional outside
    /// [`MIN_IMPACT_NOTIONAL`] to [`MAX_IMPACT_NOTIONAL`].
    Funding,
    /// Above [`MAX_DECIMALS`].
    Decimals,
    /// Maintenance factor above [`max_maintenance_factor`].
    Factor,
    /// Initial factor above maintenance factor.
    FactorOrder,
    /// Smallest deposit 0.
    MinDeposit,
    /// Above [`MAX_DEPOSITS`].
    DepositCap,
    /// Zero or above [`MAX_DEPOSITS`].
    ScaleStart,
    /// A wait or a ramp shorter than [`MIN_DELAY`], a wait above [`MAX_WAIT`] or a ramp above
    /// [`MAX_PERIOD`].
    Schedule,
    /// The settlement asset with other decimals than [`USD_DECIMALS`], a factor other than 1, or one
    /// that is scaled under its deposit cap.
    Settlement,
}

fn check(holds: bool, violation: Violation) -> Result<(), Violation> {
    if holds {
        Ok(())
    } else {
        Err(violation)
    }
}

/// Whether a symbol is not empty and made of capital letters, digits and `-`.
pub fn symbol(symbol: &[u8]) -> Result<(), Violation> {
    let sane = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'-';
    check(
        !symbol.is_empty() && symbol.iter().all(sane),
        Violation::Symbol,
    )
}

/// Whether all parameters of a market are inside their bounds and agree with each other.
pub fn market(params: &MarketParams) -> Result<(), Violation> {
    check(params.index_asset != 0, Violation::IndexAsset)?;
    steps(params)?;
    margins(params)?;
    check(
        params.taker_fee <= MAX_TRADING_FEE
            && at_most_half(params.taker_fee, params.maintenance_margin),
        Violation::TakerFee,
    )?;
    check(params.maker_fee <= params.taker_fee, Violation::MakerFee)?;
    check(
        params.max_open_interest >= params.min_order
            && params.max_open_interest <= MAX_OPEN_INTEREST,
        Violation::OpenInterestCap,
    )?;
    check(
        params.price_band >= MIN_PRICE_BAND && params.price_band <= MAX_PRICE_BAND,
        Violation::PriceBand,
    )?;
    check(are_tiers(&params.margin_tiers), Violation::MarginTiers)?;
    check(
        params.lower_open_interest >= params.min_order
            && params.lower_open_interest <= params.max_open_interest,
        Violation::LowerOpenInterest,
    )?;
    check(
        params.funding.interest <= MAX_FUNDING_INTEREST
            && params.funding.impact_notional >= MIN_IMPACT_NOTIONAL
            && params.funding.impact_notional <= MAX_IMPACT_NOTIONAL,
        Violation::Funding,
    )
}

/// Whether used tiers start higher and ask for more one after the other, and unused ones come last.
/// So the add-on is convex: two accounts never need more than one with both positions.
fn are_tiers(tiers: &[MarginTier]) -> bool {
    let mut last = MarginTier::UNUSED;
    let mut ended = false;
    tiers.iter().all(|tier| {
        if tier.is_unused() {
            ended = true;
            return true;
        }
        let rises = tier.from > last.from && tier.add_on > last.add_on;
        last = *tier;
        !ended && rises && tier.from <= MAX_TIER_START && tier.add_on <= Rate::ONE
    })
}

fn steps(params: &MarketParams) -> Result<(), Violation> {
    check(
        !params.tick_size.is_zero() && params.tick_size <= MAX_TICK,
        Violation::Tick,
    )?;
    check(
        !params.lot_size.is_zero() && params.lot_size <= MAX_LOT,
        Violation::Lot,
    )?;
    let whole_lots = params.min_order.0.checked_rem(params.lot_size.0) == Some(0);
    check(
        !params.min_order.is_zero() && params.min_order <= MAX_MIN_ORDER && whole_lots,
        Violation::MinOrder,
    )
}

fn margins(params: &MarketParams) -> Result<(), Violation> {
    check(
        params.initial_margin >= min_initial_margin(params.tier)
            && params.initial_margin <= MAX_INITIAL_MARGIN,
        Violation::InitialMargin,
    )?;
    check(
        params.maintenance_margin >= MIN_MAINTENANCE_MARGIN
            && params.maintenance_margin < params.initial_margin,
        Violation::MaintenanceMargin,
    )?;
    check(
        params.liquidation_fee <= MAX_LIQUIDATION_FEE
            && at_most_half(params.liquidation_fee, params.maintenance_margin),
        Violation::LiquidationFee,
    )
}

/// Whether closing frees at least twice the margin that it costs (invariant 6): a fee above half of
/// maintenance margin could sink an account that closes at mark.
fn at_most_half(fee: Rate, margin: Rate) -> bool {
    fee.checked_add(fee).is_some_and(|twice| twice <= margin)
}

/// Whether all parameters of a collateral asset are inside their bounds; `settlement` tells that
/// it is the unit of account, which always counts in full.
pub fn collateral(params: &CollateralParams, settlement: bool) -> Result<(), Violation> {
    check(params.decimals <= MAX_DECIMALS, Violation::Decimals)?;
    if settlement {
        check(
            params.decimals == USD_DECIMALS
                && params.initial_factor == Rate::ONE
                && params.maintenance_factor == Rate::ONE
                && params.scale_start >= params.deposit_cap,
            Violation::Settlement,
        )?;
    } else {
        check(
            params.maintenance_factor <= max_maintenance_factor(params.tier),
            Violation::Factor,
        )?;
        check(
            params.initial_factor <= params.maintenance_factor,
            Violation::FactorOrder,
        )?;
    }
    check(params.min_deposit > 0, Violation::MinDeposit)?;
    check(
        scale_collateral(params.deposit_cap, params.decimals).is_ok_and(|cap| cap <= MAX_DEPOSITS),
        Violation::DepositCap,
    )?;
    check(
        params.scale_start > 0
            && scale_collateral(params.scale_start, params.decimals)
                .is_ok_and(|start| start <= MAX_DEPOSITS),
        Violation::ScaleStart,
    )
}

/// Whether changes wait and ramp long enough, and not for ever.
pub fn schedule(schedule: &Schedule) -> Result<(), Violation> {
    check(
        (MIN_DELAY..=MAX_WAIT).contains(&schedule.wait)
            && (MIN_DELAY..=MAX_PERIOD).contains(&schedule.period),
        Violation::Schedule,
    )
}
