//! What the state says at the end of a block.
//!
//! The truth is a scan of all accounts, with the health that the runtime computes, at the median of the feeds
//! even where the chain does not use it. For each account under maintenance it is then asked why step 3 of the
//! block did not close any of it.

use crate::{
    cause::Cause,
    makers::Door,
    market::Market,
    quick::{medians, Quick},
};
use bulwark_primitives::{Action, Health, MarketId, Position, Price, SubAccount, Usd, USD_SCALE};
use bulwark_risk_math::{worst_price, Closing};
use bulwark_runtime::{
    AccountId, CircuitBreaker, Liquidation, Margin, Markets, OrderBook, PriceOracle, Runtime,
};
use bulwark_traits::{LiquidationLedger, LossFund, MarketGuard, MarketRegistry, PriceSource};
use polkadot_sdk::frame_support::storage::{with_transaction_unchecked, TransactionOutcome};
use std::collections::{BTreeMap, BTreeSet};

/// An account as the scan sees it.
#[derive(Clone, Copy, Debug)]
pub struct Under {
    pub account: usize,
    /// Equity by maintenance margin.
    pub ratio: f64,
    /// Why nothing of it was closed, if nothing was.
    pub cause: Cause,
    /// Whether it has no positions.
    pub flat: bool,
}

/// A market at the end of a block.
#[derive(Clone, Copy, Debug)]
pub struct MarketLook {
    /// Whether accounts may be closed into its book.
    pub open: bool,
    /// Whether it takes new risk.
    pub risk: bool,
    /// Whether it has a price for liquidation.
    pub priced: bool,
    /// Whether its makers could quote.
    pub quotable: bool,
    best: Best,
}

impl MarketLook {
    fn of(market: &Market) -> Self {
        let status = <CircuitBreaker as MarketGuard>::status(market.id);
        let price = <PriceOracle as PriceSource>::price_for(market.asset, Action::Liquidate);
        Self {
            open: status.allows_liquidation(),
            risk: status.allows_new_risk(),
            priced: price.is_ok(),
            quotable: Door::of(market) == Door::Open,
            best: best(market.id),
        }
    }
}

/// Best bid and best ask of a market.
pub type Best = [Option<Price>; 2];

/// The best prices of a market's book; reads the state.
pub fn best(market: MarketId) -> Best {
    [OrderBook::best_bid(market), OrderBook::best_ask(market)]
}

/// Whether anybody would take a position at its limit.
fn takes([bid, ask]: Best, position: &Position, limit: Price) -> bool {
    if position.size.is_short() {
        ask.is_some_and(|ask| ask <= limit)
    } else {
        bid.is_some_and(|bid| bid >= limit)
    }
}

/// What is known of a block before it is looked at.
#[derive(Debug, Default)]
pub struct Before {
    /// The markets at the end of the block before: what step 3 met.
    pub markets: BTreeMap<MarketId, MarketLook>,
    /// What the hooks of the block left in the books.
    pub left: BTreeMap<MarketId, Best>,
    /// Accounts that step 3 evaluated or tried.
    pub touched: BTreeSet<usize>,
}

/// What the state says.
#[derive(Debug, Default)]
pub struct Look {
    pub under: Vec<Under>,
    pub debt: f64,
    pub fund: f64,
    pub saturated: bool,
    pub markets: BTreeMap<MarketId, MarketLook>,
    /// Accounts under maintenance that the chain does not have in its due set (invariant 9).
    pub missed: u32,
}

/// Dollars of an amount.
pub fn dollars(amount: Usd) -> f64 {
    amount.0 as f64 / USD_SCALE as f64
}

/// Reads the state; to be run where changes are rolled back. `quick` leaves out who cannot be under maintenance.
pub fn look(
    accounts: &[(usize, SubAccount<AccountId>)],
    listed: &[Market],
    before: &Before,
    mut quick: Option<&mut Quick>,
) -> Look {
    let block = bulwark_runtime::System::block_number();
    let prices = medians(listed);
    let markets: BTreeMap<_, _> = listed
        .iter()
        .map(|market| (market.id, MarketLook::of(market)))
        .collect();
    let mut seen = Look {
        fund: dollars(<bulwark_runtime::Insurance as LossFund>::balance()),
        saturated: pallet_liquidation::Workload::<Runtime>::get().saturated > 0,
        ..Look::default()
    };
    // Without prices nobody is due; with them everybody under maintenance has to be.
    let priced = markets.values().all(|market| market.priced);
    let found = with_transaction_unchecked(|| {
        use_medians();
        let mut found = Vec::new();
        for (index, account) in accounts {
            let known = quick.as_deref_mut().zip(prices.as_deref());
            if known.is_some_and(|(quick, prices)| quick.is_safe(*index, block, prices)) {
                continue;
            }
            let Ok(health) = Margin::account_health(account) else {
                continue;
            };
            if let Some((quick, prices)) = quick.as_deref_mut().zip(prices.as_deref()) {
                quick.note(*index, account, &health, block, listed, prices);
            }
            seen.debt += dollars(health.equity).min(0.0).abs();
            if health.is_liquidatable() {
                let due = Liquidation::is_due(account);
                seen.missed += u32::from(priced && !due);
                found.push((*index, account, health, due));
            }
        }
        TransactionOutcome::Rollback(found)
    });
    for (index, account, health, due) in found {
        let positions = <Margin as LiquidationLedger<AccountId>>::positions(account);
        let tried = before.touched.contains(&index);
        seen.under.push(Under {
            account: index,
            ratio: dollars(health.equity) / dollars(health.maintenance_margin).max(1e-6),
            cause: cause_of(account, &positions, due, tried, &markets, before),
            flat: positions.is_empty(),
        });
    }
    seen.markets = markets;
    seen
}

/// Why nothing of an account was closed in the block that ends.
fn cause_of(
    account: &SubAccount<AccountId>,
    positions: &[Position],
    due: bool,
    tried: bool,
    now: &BTreeMap<MarketId, MarketLook>,
    before: &Before,
) -> Cause {
    let health = match Margin::account_health(account) {
        Err(_) => return Cause::Unpriced,
        Ok(health) if !health.is_liquidatable() => return Cause::Bounded,
        Ok(health) => health,
    };
    // A pause that ended was there in step 3: the auction comes after it.
    let was_open = |position: &&Position| {
        let is_open = |looks: &BTreeMap<MarketId, MarketLook>| {
            looks.get(&position.market).is_none_or(|look| look.open)
        };
        is_open(now) && is_open(&before.markets)
    };
    let open: Vec<&Position> = positions.iter().filter(was_open).collect();
    if open.is_empty() && !positions.is_empty() {
        return Cause::Halted;
    }
    match Liquidation::known(account) {
        Some(known) if known.class == pallet_liquidation::types::PARKED && tried => {
            in_vain(&open, &health, before)
        }
        Some(_) => Cause::Budget,
        None if due => Cause::NotEvaluated,
        None => Cause::Missed,
    }
}

/// Why an account was tried in vain in its open markets.
fn in_vain(open: &[&Position], health: &Health, before: &Before) -> Cause {
    let look = |position: &Position| before.markets.get(&position.market);
    let within = |position: &Position, best: Option<Best>| {
        let limit = limit_of(position, health);
        best.zip(limit)
            .is_some_and(|(best, limit)| takes(best, position, limit))
    };
    let left = |position: &Position| before.left.get(&position.market).copied();
    if open.iter().any(|position| within(position, left(position))) {
        Cause::PassedOver
    } else if open
        .iter()
        .any(|position| within(position, look(position).map(|look| look.best)))
    {
        Cause::Drained
    } else if open
        .iter()
        .any(|position| look(position).is_some_and(|look| !look.quotable))
    {
        Cause::NoQuotes
    } else {
        Cause::BeyondLimit
    }
}

/// The worst price at which a position would be closed, size add-on and offsets apart.
fn limit_of(position: &Position, health: &Health) -> Option<Price> {
    let params = Markets::market(position.market)?;
    let mark =
        <PriceOracle as PriceSource>::price_for(params.index_asset, Action::Liquidate).ok()?;
    worst_price(&Closing {
        size: position.size,
        mark,
        initial_rate: params.initial_margin,
        maintenance_rate: params.maintenance_margin,
        fee_rate: params.liquidation_fee,
        health: *health,
    })
    .ok()
}

/// Takes the median for the price of every asset that has one.
fn use_medians() {
    let assets: Vec<_> = pallet_price_oracle::Tracks::<Runtime>::iter_keys().collect();
    for asset in assets {
        pallet_price_oracle::Tracks::<Runtime>::mutate_extant(asset, |track| {
            if let Some(snapshot) = &mut track.snapshot {
                if let Some(median) = snapshot.median {
                    snapshot.price = Ok(median);
                }
            }
        });
    }
}
