//! Markets of a run, and orders in them.

use crate::{
    assets::{to_price, Spec},
    depth::{Depth, ASKS, BIDS},
    makers::Quoted,
};
use bulwark_primitives::{
    AssetId, CollateralParams, MarketId, MarketParams, Price, Quantity, Side, TimeInForce,
    SIZE_SCALE,
};
use bulwark_runtime::{Runtime, RuntimeGenesisConfig};
use bulwark_testing::USDX;
use pallet_order_book::NewOrder;

/// Decimals of volatile collateral.
pub const DECIMALS: u8 = 8;

/// A market of the run.
#[derive(Debug)]
pub struct Market {
    pub id: MarketId,
    pub asset: AssetId,
    pub params: MarketParams,
    pub spec: &'static Spec,
    /// Units of open interest of one side at the begin.
    pub interest: f64,
    pub depth: Depth,
    /// What its maker quoted last; nothing when not all of it came into the book.
    pub quoted: Option<Quoted>,
}

/// Units as a quantity, on the market's lots, rounded down.
pub fn lots(units: f64, params: &MarketParams) -> Quantity {
    let exact = (units.max(0.0) * SIZE_SCALE as f64) as u128;
    Quantity(exact - exact % params.lot_size.0)
}

/// A price on the market's ticks: bids down, asks up.
pub fn ticks(price: f64, params: &MarketParams, side: usize) -> Price {
    let exact = to_price(price).0;
    let rest = exact % params.tick_size.0;
    let down = exact - rest;
    Price(if side == ASKS && rest > 0 {
        down + params.tick_size.0
    } else {
        down.max(params.tick_size.0)
    })
}

/// Base units of volatile collateral worth so many dollars.
pub fn base_units(dollars: f64, price: f64) -> u128 {
    (dollars / price * 10f64.powi(DECIMALS.into())) as u128
}

/// The market of an asset in the genesis: the one that is there, or a new one.
pub fn list(genesis: &mut RuntimeGenesisConfig, spec: &'static Spec) -> Market {
    let symbol = format!("{}-USD", spec.symbol);
    let markets = &mut genesis.markets.markets;
    let listed = markets.iter().position(|market| market.1 == symbol);
    let place = listed.unwrap_or_else(|| {
        let id = markets.iter().map(|market| market.0 .0).max().unwrap_or(0) + 1;
        let known = genesis.price_oracle.assets.iter().map(|entry| entry.0);
        let asset = known.chain([USDX]).max().unwrap_or(0) + 1;
        genesis.price_oracle.assets.push((asset, spec.tier));
        markets.push((MarketId(id), symbol, spec.market(asset)));
        markets.len() - 1
    });
    // Room for any number of accounts.
    markets[place].2.max_open_interest = pallet_markets::validate::MAX_OPEN_INTEREST;
    markets[place].2.lower_open_interest = pallet_markets::validate::MAX_OPEN_INTEREST;
    let (id, params) = (markets[place].0, markets[place].2);
    let asset = params.index_asset;
    accept(genesis, asset, spec);
    Market {
        id,
        asset,
        params,
        spec,
        interest: 0.0,
        depth: Depth::new(0.0),
        quoted: None,
    }
}

/// Makes an asset collateral, and the settlement asset's pot large enough.
fn accept(genesis: &mut RuntimeGenesisConfig, asset: AssetId, spec: &Spec) {
    let collaterals = &mut genesis.markets.collaterals;
    for (_, params) in collaterals.iter_mut().filter(|entry| entry.0 == USDX) {
        params.deposit_cap = 1_000_000_000_000_000_000;
        params.scale_start = params.deposit_cap;
    }
    {
        // Whatever the presets say of it: all assets of a run have the same decimals, and caps that
        // any number of accounts fits under.
        collaterals.retain(|entry| entry.0 != asset);
        let (initial_factor, maintenance_factor) = spec.factors();
        let params = CollateralParams {
            tier: spec.tier,
            decimals: DECIMALS,
            initial_factor,
            maintenance_factor,
            deposit_cap: 100_000_000_000_000_000,
            min_deposit: 1,
            scale_start: 100_000_000_000_000_000,
        };
        collaterals.push((asset, params));
    }
    let assets = &mut genesis.assets.assets;
    if assets.iter().all(|entry| entry.0 != asset) {
        let owner = bulwark_runtime::configs::AssetOwner::get();
        assets.push((asset, owner, true, 1));
    }
}

/// A side of the book by its index.
pub fn side_of(side: usize) -> Side {
    if side == BIDS {
        Side::Bid
    } else {
        Side::Ask
    }
}

/// An order, taking at once or resting.
pub fn order(
    market: MarketId,
    side: Side,
    quantity: Quantity,
    price: Price,
    taking: bool,
) -> NewOrder<u32> {
    NewOrder {
        market,
        side,
        quantity,
        price,
        time_in_force: if taking {
            TimeInForce::ImmediateOrCancel
        } else {
            TimeInForce::GoodTillCancelled
        },
        reduce_only: false,
        expires_at: None,
    }
}

/// The call that places an order.
pub fn place(sub_account: u16, order: NewOrder<u32>) -> pallet_order_book::Call<Runtime> {
    pallet_order_book::Call::place_order {
        sub_account,
        market: order.market,
        side: order.side,
        quantity: order.quantity,
        price: order.price,
        time_in_force: order.time_in_force,
        reduce_only: order.reduce_only,
        expires_at: order.expires_at,
    }
}
