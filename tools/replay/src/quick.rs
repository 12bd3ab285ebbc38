//! Who cannot have come under maintenance since he was last looked at, so that a scan need not value him again.
//!
//! A scan of 2,000 accounts costs several times what the block does. But the equity of an account whose record
//! is the same falls, and its maintenance margin rises, by no more than what prices have moved makes of its
//! positions and collateral; what else changes both - margins that ramp, funding, interest - is small within a
//! minute. So an account is left out while its slack is more than a bound of all that, taken wide, and is
//! valued again when its record changes, when a price is missing, and after a minute in any case.

use crate::{
    look::dollars,
    market::{Market, DECIMALS},
};
use bulwark_primitives::{Health, Price, SubAccount, PRICE_SCALE, SIZE_SCALE};
use bulwark_runtime::{AccountId, Margin, Runtime};
use bulwark_traits::LiquidationLedger;

/// Blocks after which everybody is valued again.
const BLOCKS: u32 = 30;
/// Loss of slack for each dollar that a position or holding moves: a dollar of equity, and less than one of
/// maintenance margin with its size add-on.
const FACTOR: f64 = 2.0;
/// What ramps, funding and interest take within that time, of all notional.
const DRIFT: f64 = 0.005;

/// An account when it was valued.
#[derive(Debug)]
struct Seen {
    block: u32,
    /// Equity beyond maintenance margin, and notional of all positions, USD.
    slack: f64,
    gross: f64,
    /// Dollars by asset, and what the assets were worth.
    exposed: Vec<(usize, f64)>,
    prices: Vec<f64>,
}

/// What is remembered of all accounts.
#[derive(Debug, Default)]
pub struct Quick {
    seen: Vec<Option<Seen>>,
}

/// Medians of the markets' assets, USD; nothing when one has none.
pub fn medians(markets: &[Market]) -> Option<Vec<f64>> {
    let median = |market: &Market| {
        let track = pallet_price_oracle::Tracks::<Runtime>::get(market.asset);
        track.snapshot.and_then(|snapshot| snapshot.median)
    };
    markets
        .iter()
        .map(|market| median(market).map(|Price(price)| price as f64 / PRICE_SCALE as f64))
        .collect()
}

impl Quick {
    /// For so many accounts.
    pub fn new(accounts: usize) -> Self {
        Self {
            seen: (0..accounts).map(|_| None).collect(),
        }
    }

    /// Forgets accounts whose records were written.
    pub fn forget(&mut self, accounts: impl Iterator<Item = usize>) {
        for account in accounts {
            if let Some(seen) = self.seen.get_mut(account) {
                *seen = None;
            }
        }
    }

    /// Whether it cannot be under maintenance.
    pub fn is_safe(&self, account: usize, block: u32, prices: &[f64]) -> bool {
        let Some(Some(seen)) = self.seen.get(account) else {
            return false;
        };
        let moved = |(asset, dollars): &(usize, f64)| {
            dollars * (prices[*asset] / seen.prices[*asset] - 1.0).abs()
        };
        let lost = FACTOR * seen.exposed.iter().map(moved).sum::<f64>() + DRIFT * seen.gross;
        block < seen.block + BLOCKS && lost < seen.slack
    }

    /// Remembers an account that was valued.
    pub fn note(
        &mut self,
        account: usize,
        who: &SubAccount<AccountId>,
        health: &Health,
        block: u32,
        markets: &[Market],
        prices: &[f64],
    ) {
        let mut exposed = Vec::new();
        for position in <Margin as LiquidationLedger<AccountId>>::positions(who) {
            let place = markets
                .iter()
                .position(|market| market.id == position.market);
            let units = position.size.quantity().0 as f64 / SIZE_SCALE as f64;
            exposed.extend(place.map(|place| (place, units * prices[place])));
        }
        let gross = exposed.iter().map(|(_, dollars)| dollars).sum();
        for (asset, amount) in pallet_margin::Accounts::<Runtime>::get(who).collateral {
            let place = markets.iter().position(|market| market.asset == asset);
            exposed.extend(place.map(|place| {
                (
                    place,
                    amount as f64 / 10f64.powi(DECIMALS.into()) * prices[place],
                )
            }));
        }
        let slack = dollars(health.equity) - dollars(health.maintenance_margin);
        if let Some(seen) = self.seen.get_mut(account) {
            *seen = Some(Seen {
                block,
                slack,
                gross,
                exposed,
                prices: prices.to_vec(),
            });
        }
    }
}
