//! From blocks to frames: what a client can work out about each block by itself.

use crate::{
    actors::Trader,
    chain::Block,
    timeline::{Act, Frame, Route, Standing},
};
use bulwark_primitives::{Health, MarketParams, Price, PriceError, Size, SubAccount, Usd};
use bulwark_runtime::{
    genesis_presets::{BTC, BTC_USD},
    invariants, AccountId, CircuitBreaker, Insurance, Margin, Markets, OrderBook, PriceOracle,
    Runtime, RuntimeEvent,
};
use bulwark_traits::{LiquidationLedger, LossFund, MarketGuard, MarketRegistry, PriceSource};
use polkadot_sdk::frame_system::{self, Phase};

/// Base units that a comparison of health ratios may be off by rounding.
const ROUNDING: i128 = 4;

/// One row of a check: number, name, result.
pub type CheckRow = (u8, String, Result<(), String>);

fn health(account: &SubAccount<AccountId>) -> Option<Health> {
    <Margin as LiquidationLedger<AccountId>>::health(account).ok()
}

fn size(account: &SubAccount<AccountId>) -> Size {
    <Margin as LiquidationLedger<AccountId>>::positions(account)
        .into_iter()
        .find(|position| position.market == BTC_USD)
        .map_or(Size::ZERO, |position| position.size)
}

fn balance(account: &SubAccount<AccountId>) -> Usd {
    pallet_margin::Accounts::<Runtime>::get(account).balance
}

/// The chain's BTC price after a block.
pub fn price(block: &Block) -> Result<Price, PriceError> {
    block.view.read(|| <PriceOracle as PriceSource>::price(BTC))
}

/// Parameters of the demo's market.
pub fn market(block: &Block) -> Result<MarketParams, String> {
    block
        .view
        .read(|| <Markets as MarketRegistry>::market(BTC_USD))
        .ok_or_else(|| "the chain has no market BTC-USD".into())
}

/// Position of an account after a block.
pub fn position(block: &Block, account: &SubAccount<AccountId>) -> Size {
    block.view.read(|| size(account))
}

/// Settlement balance of an account after a block.
pub fn settlement(block: &Block, account: &SubAccount<AccountId>) -> Usd {
    block.view.read(|| balance(account))
}

/// Everything the report needs of `block`; `previous` is its parent.
pub fn frame(
    previous: Option<&Block>,
    block: &Block,
    replay: Option<u64>,
    traders: &[Trader],
) -> Frame {
    let accounts: Vec<SubAccount<AccountId>> =
        traders.iter().map(|t| t.person.margin_account()).collect();
    let due_before = due_before(previous, block, &accounts);
    let mut standings: Vec<Standing> = block.view.read(|| {
        accounts
            .iter()
            .map(|account| {
                let health = health(account);
                Standing {
                    balance: balance(account),
                    equity: health.map(|h| h.equity),
                    maintenance: health.map(|h| h.maintenance_margin),
                    size: size(account),
                    due_before: None,
                    due_after: health.map(|h| h.is_liquidatable()),
                    acts: Vec::new(),
                }
            })
            .collect()
    });
    for (standing, due) in standings.iter_mut().zip(due_before) {
        standing.due_before = due;
    }
    for (account, act) in acts(block) {
        let index = accounts.iter().position(|a| *a == account);
        if let Some(standing) = index.and_then(|i| standings.get_mut(i)) {
            standing.acts.push(act);
        }
    }
    block.view.read(|| Frame {
        block: block.number,
        time: block.time,
        replay,
        price: <PriceOracle as PriceSource>::price(BTC),
        status: <CircuitBreaker as MarketGuard>::status(BTC_USD),
        bid: OrderBook::best_bid(BTC_USD),
        ask: OrderBook::best_ask(BTC_USD),
        fund: <Insurance as LossFund>::balance(),
        standings,
    })
}

/// Who was under maintenance when the block began: the state its parent left, at its own price.
/// The chain's due queue is not asked.
fn due_before(
    previous: Option<&Block>,
    block: &Block,
    accounts: &[SubAccount<AccountId>],
) -> Vec<Option<bool>> {
    let Some(previous) = previous else {
        return vec![None; accounts.len()];
    };
    let snapshot = block
        .view
        .read(|| pallet_price_oracle::Tracks::<Runtime>::get(BTC).snapshot);
    previous.view.read(|| {
        if let Some(snapshot) = snapshot {
            pallet_price_oracle::Tracks::<Runtime>::mutate(BTC, |track| {
                track.snapshot = Some(snapshot);
            });
        }
        accounts
            .iter()
            .map(|account| health(account).map(|h| h.is_liquidatable()))
            .collect()
    })
}

fn acts(block: &Block) -> Vec<(SubAccount<AccountId>, Act)> {
    let mut acts = Vec::new();
    for record in &block.events {
        let RuntimeEvent::Liquidation(event) = &record.event else {
            continue;
        };
        match event {
            pallet_liquidation::Event::Liquidated {
                account,
                quantity,
                notional,
                fee,
                ..
            } => {
                let route = match record.phase {
                    Phase::Initialization => Route::Consensus,
                    Phase::ApplyExtrinsic(_) | Phase::Finalization => Route::Call,
                };
                acts.push((
                    account.clone(),
                    Act::Closed {
                        route,
                        quantity: *quantity,
                        notional: *notional,
                    },
                ));
                acts.push((account.clone(), Act::Fee(*fee)));
            }
            pallet_liquidation::Event::LossCovered {
                account,
                shortfall,
                by_fees,
                by_fund,
                by_stakers,
                by_deleveraging,
                by_haircut,
                ..
            } => acts.push((
                account.clone(),
                Act::Shortfall {
                    owed: *shortfall,
                    paid: sum(&[*by_fees, *by_fund, *by_stakers]),
                    winners: sum(&[*by_deleveraging, *by_haircut]),
                },
            )),
            _ => {}
        }
    }
    acts
}

fn sum(parts: &[Usd]) -> Usd {
    parts
        .iter()
        .try_fold(Usd::ZERO, |total, part| total.checked_add(*part))
        .unwrap_or(Usd::MAX)
}

/// The numbered invariants after a block: those about a state by the runtime's own list, run here on
/// the state read over RPC, and those about a step from the two states around it.
pub fn checks(previous: Option<&Block>, block: &Block, traders: &[Trader]) -> Vec<CheckRow> {
    let mut rows: Vec<CheckRow> = block
        .view
        .read(invariants::check)
        .into_iter()
        .map(|check| (check.number, check.name.to_owned(), check.result))
        .collect();
    if let Some(previous) = previous {
        rows.push((
            5,
            "an account without positions never loses".into(),
            flat_accounts(previous, block, traders),
        ));
        rows.push((
            6,
            "closing never lowers the health ratio of what remains".into(),
            health_ratios(previous, block),
        ));
    }
    rows.push((10, "no block exceeds its weight".into(), weight(block)));
    rows
}

fn flat_accounts(previous: &Block, block: &Block, traders: &[Trader]) -> Result<(), String> {
    for trader in traders.iter().filter(|t| t.leverage == 0) {
        let account = trader.person.margin_account();
        let (before, after) = (settlement(previous, &account), settlement(block, &account));
        if after < before {
            return Err(format!("{} fell from {before:?} to {after:?}", trader.name));
        }
    }
    Ok(())
}

/// Compares equity per unit of position before and after each closing: at one price and one rate the
/// maintenance margin is proportional to the size, so this is the health ratio.
fn health_ratios(previous: &Block, block: &Block) -> Result<(), String> {
    for record in &block.events {
        let RuntimeEvent::Liquidation(pallet_liquidation::Event::Liquidated {
            account,
            quantity,
            equity_before,
            equity_after,
            ..
        }) = &record.event
        else {
            continue;
        };
        // Only what closed at the begin of the block started from the state of the last one.
        if record.phase != Phase::Initialization || equity_before.is_negative() {
            continue;
        }
        let before = position(previous, account).quantity();
        let Some(left) = before.checked_sub(*quantity) else {
            return Err(format!("{account:?}: more was closed than there was"));
        };
        let ratio_kept = (equity_after.0 + ROUNDING)
            .checked_mul(i128::try_from(before.0 / LOT).unwrap_or(i128::MAX))
            .zip(
                equity_before
                    .0
                    .checked_mul(i128::try_from(left.0 / LOT).unwrap_or(i128::MAX)),
            )
            .is_none_or(|(after, before)| after >= before);
        if !ratio_kept {
            return Err(format!(
                "{account:?}: equity {equity_before:?} on {before:?} became {equity_after:?} on {left:?}"
            ));
        }
    }
    Ok(())
}

/// Positions are whole lots; counting in them keeps the products small.
const LOT: u128 = 100_000_000_000_000;

fn weight(block: &Block) -> Result<(), String> {
    let (used, most) = block.view.read(|| {
        let used = frame_system::BlockWeight::<Runtime>::get().total();
        let most = <Runtime as frame_system::Config>::BlockWeights::get().max_block;
        (used, most)
    });
    // Mandatory work is the only kind that may go over, and hooks are mandatory.
    if used.all_lte(most) {
        Ok(())
    } else {
        Err(format!("{used:?} of {most:?}"))
    }
}
