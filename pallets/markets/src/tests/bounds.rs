//! Every bound, from both sides.

use crate::{mock::*, validate::*};
use bulwark_primitives::{
    CollateralParams, MarginTier, MarketParams, Price, Quantity, Rate, Tier, Usd,
};

fn market_with(change: impl FnOnce(&mut MarketParams)) -> Result<(), Violation> {
    let mut params = market_params();
    change(&mut params);
    market(&params)
}

fn btc_with(change: impl FnOnce(&mut CollateralParams)) -> Result<(), Violation> {
    let mut params = btc_params();
    change(&mut params);
    collateral(&params, false)
}

#[test]
fn steps_should_be_refused_when_zero_or_not_multiples() {
    let lot = market_params().lot_size.0;
    assert_eq!(
        market_with(|p| p.index_asset = 0),
        Err(Violation::IndexAsset)
    );
    assert_eq!(
        market_with(|p| p.tick_size = Price(0)),
        Err(Violation::Tick)
    );
    assert_eq!(
        market_with(|p| p.tick_size = Price(MAX_TICK.0 + 1)),
        Err(Violation::Tick)
    );
    assert_eq!(market_with(|p| p.tick_size = MAX_TICK), Ok(()));
    assert_eq!(
        market_with(|p| p.lot_size = Quantity(0)),
        Err(Violation::Lot)
    );
    assert_eq!(
        market_with(|p| p.lot_size = Quantity(MAX_LOT.0 + 1)),
        Err(Violation::Lot)
    );
    assert_eq!(
        market_with(|p| p.min_order = Quantity(0)),
        Err(Violation::MinOrder)
    );
    assert_eq!(
        market_with(|p| p.min_order = Quantity(lot + 1)),
        Err(Violation::MinOrder)
    );
    assert_eq!(market_with(|p| p.min_order = Quantity(3 * lot)), Ok(()));
}

#[test]
fn margins_should_be_refused_when_out_of_order_or_below_the_tier() {
    assert_eq!(
        market_with(|p| p.initial_margin = p.maintenance_margin),
        Err(Violation::MaintenanceMargin)
    );
    assert_eq!(
        market_with(|p| p.initial_margin = Rate(RATE_OVER_ONE)),
        Err(Violation::InitialMargin)
    );
    assert_eq!(
        market_with(|p| p.maintenance_margin = Rate(MIN_MAINTENANCE_MARGIN.0 - 1)),
        Err(Violation::MaintenanceMargin)
    );
    for tier in [Tier::A, Tier::B, Tier::C, Tier::Isolated] {
        let floor = min_initial_margin(tier);
        let with = |initial: Rate| {
            market_with(|p| {
                p.tier = tier;
                p.initial_margin = initial;
                p.maintenance_margin = Rate::percent(1);
                p.liquidation_fee = Rate::basis_points(50);
            })
        };
        assert_eq!(with(floor), Ok(()));
        assert_eq!(with(Rate(floor.0 - 1)), Err(Violation::InitialMargin));
    }
}

const RATE_OVER_ONE: u64 = Rate::ONE.0 + 1;

#[test]
fn liquidation_fee_should_be_refused_when_closing_would_cost_more_than_it_frees() {
    let half = Rate(market_params().maintenance_margin.0 / 2);
    assert_eq!(market_with(|p| p.liquidation_fee = half), Ok(()));
    assert_eq!(
        market_with(|p| p.liquidation_fee = Rate(half.0 + 1)),
        Err(Violation::LiquidationFee)
    );
    let wide = |fee: Rate| {
        market_with(|p| {
            p.initial_margin = Rate::percent(20);
            p.maintenance_margin = Rate::percent(10);
            p.liquidation_fee = fee;
        })
    };
    assert_eq!(wide(MAX_LIQUIDATION_FEE), Ok(()));
    assert_eq!(
        wide(Rate(MAX_LIQUIDATION_FEE.0 + 1)),
        Err(Violation::LiquidationFee)
    );
    assert_eq!(wide(Rate(u64::MAX)), Err(Violation::LiquidationFee));
}

#[test]
fn trading_fees_should_be_refused_when_the_maker_pays_more_than_the_taker() {
    assert_eq!(
        market_with(|p| p.maker_fee = Rate(1)),
        Err(Violation::MakerFee)
    );
    assert_eq!(market_with(|p| p.taker_fee = MAX_TRADING_FEE), Ok(()));
    assert_eq!(
        market_with(|p| p.taker_fee = Rate(MAX_TRADING_FEE.0 + 1)),
        Err(Violation::TakerFee)
    );
}

#[test]
fn taker_fee_should_be_refused_when_closing_would_cost_more_than_it_frees() {
    let with = |fee: u32| {
        market_with(|p| {
            p.maintenance_margin = Rate::percent(1);
            p.liquidation_fee = Rate::ZERO;
            p.taker_fee = Rate::basis_points(fee);
        })
    };
    assert_eq!(with(50), Ok(()));
    assert_eq!(with(51), Err(Violation::TakerFee));
}

#[test]
fn limits_should_be_refused_when_they_stop_nothing_or_everything() {
    assert_eq!(
        market_with(|p| p.max_open_interest = Quantity(p.min_order.0 - 1)),
        Err(Violation::OpenInterestCap)
    );
    assert_eq!(
        market_with(|p| p.max_open_interest = Quantity(MAX_OPEN_INTEREST.0 + 1)),
        Err(Violation::OpenInterestCap)
    );
    assert_eq!(
        market_with(|p| p.price_band = Rate(MIN_PRICE_BAND.0 - 1)),
        Err(Violation::PriceBand)
    );
    assert_eq!(
        market_with(|p| p.price_band = Rate(MAX_PRICE_BAND.0 + 1)),
        Err(Violation::PriceBand)
    );
}

#[test]
fn factors_should_be_refused_when_out_of_order_or_above_the_tier() {
    assert_eq!(
        btc_with(|p| p.initial_factor = Rate(p.maintenance_factor.0 + 1)),
        Err(Violation::FactorOrder)
    );
    for tier in [Tier::A, Tier::B, Tier::C, Tier::Isolated] {
        let most = max_maintenance_factor(tier);
        let with = |factor: Rate| {
            btc_with(|p| {
                p.tier = tier;
                p.initial_factor = Rate::ZERO;
                p.maintenance_factor = factor;
            })
        };
        assert_eq!(with(most), Ok(()));
        assert_eq!(with(Rate(most.0 + 1)), Err(Violation::Factor));
    }
}

#[test]
fn collateral_should_be_refused_when_amounts_cannot_be_scaled() {
    assert_eq!(btc_with(|p| p.decimals = 19), Err(Violation::Decimals));
    assert_eq!(btc_with(|p| p.min_deposit = 0), Err(Violation::MinDeposit));
    assert_eq!(
        btc_with(|p| p.deposit_cap = u128::MAX),
        Err(Violation::DepositCap)
    );
    let most = MAX_DEPOSITS.0 / 10u128.pow(10);
    assert_eq!(btc_with(|p| p.deposit_cap = most), Ok(()));
    assert_eq!(
        btc_with(|p| p.deposit_cap = most + 1),
        Err(Violation::DepositCap)
    );
}

#[test]
fn margin_tiers_should_be_refused_when_they_do_not_rise() {
    let tier = |from: i64, percent: u32| MarginTier {
        from: Usd::dollars(from),
        add_on: Rate::percent(percent),
    };
    let unused = MarginTier::UNUSED;
    let with = |tiers| market_with(|p| p.margin_tiers = tiers);
    let rising = [tier(100, 1), tier(200, 2), tier(300, 3), tier(400, 100)];
    assert_eq!(with(rising), Ok(()));
    assert_eq!(with([tier(100, 1), unused, unused, unused]), Ok(()));
    for wrong in [
        [tier(0, 1), unused, unused, unused],
        [tier(100, 0), unused, unused, unused],
        [tier(-100, 1), unused, unused, unused],
        [unused, tier(100, 1), unused, unused],
        [tier(100, 1), tier(100, 2), unused, unused],
        [tier(100, 2), tier(200, 2), unused, unused],
        [tier(100, 1), tier(200, 2), tier(300, 3), tier(400, 101)],
        [tier(100, 1), tier(1_000_000_000_001, 2), unused, unused],
    ] {
        assert_eq!(with(wrong), Err(Violation::MarginTiers), "{wrong:?}");
    }
}

#[test]
fn lower_open_interest_should_be_refused_when_it_is_no_begin_of_a_rise() {
    let with = |change: fn(&MarketParams) -> u128| {
        market_with(|p| p.lower_open_interest = Quantity(change(p)))
    };
    assert_eq!(with(|p| p.max_open_interest.0), Ok(()));
    assert_eq!(with(|p| p.min_order.0), Ok(()));
    for wrong in [
        with(|p| p.max_open_interest.0 + 1),
        with(|p| p.min_order.0 - 1),
    ] {
        assert_eq!(wrong, Err(Violation::LowerOpenInterest));
    }
}

#[test]
fn funding_should_be_refused_when_out_of_bounds() {
    let interest = |rate| market_with(|p| p.funding.interest = rate);
    assert_eq!(interest(Rate::ZERO), Ok(()));
    assert_eq!(interest(MAX_FUNDING_INTEREST), Ok(()));
    assert_eq!(
        interest(Rate(MAX_FUNDING_INTEREST.0 + 1)),
        Err(Violation::Funding)
    );
    let impact = |usd: i128| market_with(|p| p.funding.impact_notional = Usd(usd));
    assert_eq!(impact(MIN_IMPACT_NOTIONAL.0), Ok(()));
    assert_eq!(impact(MAX_IMPACT_NOTIONAL.0), Ok(()));
    assert_eq!(impact(MIN_IMPACT_NOTIONAL.0 - 1), Err(Violation::Funding));
    assert_eq!(impact(MAX_IMPACT_NOTIONAL.0 + 1), Err(Violation::Funding));
}

#[test]
fn scale_start_should_be_refused_when_nothing_would_count_or_all() {
    assert_eq!(btc_with(|p| p.scale_start = 1), Ok(()));
    assert_eq!(btc_with(|p| p.scale_start = 0), Err(Violation::ScaleStart));
    let most = MAX_DEPOSITS.0 / 10u128.pow(10);
    assert_eq!(btc_with(|p| p.scale_start = most), Ok(()));
    assert_eq!(
        btc_with(|p| p.scale_start = most + 1),
        Err(Violation::ScaleStart)
    );
}

#[test]
fn settlement_asset_should_be_refused_when_it_does_not_count_in_full() {
    let check = |change: fn(&mut CollateralParams)| {
        let mut params = settlement_params();
        change(&mut params);
        collateral(&params, true)
    };
    assert_eq!(check(|_| ()), Ok(()));
    assert_eq!(
        check(|p| p.initial_factor = Rate::percent(99)),
        Err(Violation::Settlement)
    );
    assert_eq!(check(|p| p.decimals = 8), Err(Violation::Settlement));
    assert_eq!(
        check(|p| p.scale_start = p.deposit_cap - 1),
        Err(Violation::Settlement)
    );
}

#[test]
fn symbol_should_be_refused_when_empty_or_strange() {
    assert_eq!(symbol(b"BTC-USD"), Ok(()));
    assert_eq!(symbol(b"1000PEPE-USD"), Ok(()));
    assert_eq!(symbol(b""), Err(Violation::Symbol));
    assert_eq!(symbol(b"btc"), Err(Violation::Symbol));
    assert_eq!(symbol(b"BTC USD"), Err(Violation::Symbol));
}
