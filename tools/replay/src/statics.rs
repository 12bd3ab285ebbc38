//! The same accounts on the same path and depth under static rules like dYdX's, in floating point.
//!
//! Rules: initial and maintenance margin by tier and nothing else (2 % / 1.2 % for the largest assets,
//! 5 % / 3 % and 10 % / 5 % below); volatile collateral counts 95 %. Per block at most 50 accounts under
//! maintenance are tried, in random order, one random position each, at most the larger of 1,000 USD and 10 %
//! of the position, and at most 100,000 USD. Fills come from the same levels as the chain's makers quote, down to
//! the fillable price `mark * (1 - 1.5 * maintenance * min(1, 1 - equity / requirement))`. What a fill brings
//! above the bankruptcy price, up to 1.5 %, goes to the fund, what it lacks is the fund's; when nothing fills
//! and the account is below zero it is deleveraged at its bankruptcy price against opposite accounts in
//! random order, at most 10 accounts a block. No bands, no halts, no oracle rules: prices are the path's own.

use crate::{
    accounts::Plan,
    assets::Spec,
    depth::{Depth, ASKS, BIDS},
    rng::Rng,
    scenario::Scenario,
};
use serde::Serialize;

const PER_BLOCK: usize = 50;
const DELEVERAGED: usize = 10;
const SLICE: (f64, f64, f64) = (1_000.0, 0.1, 100_000.0);
const SPREAD: f64 = 1.5;
const FEE: f64 = 0.015;
const FACTOR: f64 = 0.95;

/// What static rules came to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StaticResult {
    /// Accounts of which anything was closed.
    pub liquidated: usize,
    /// Slots from under maintenance to healthy or flat: median, 99th percentile, largest.
    pub delay: [u32; 3],
    /// Still under maintenance at the end.
    pub open: usize,
    /// USD: paid by the fund, taken from opposite accounts, owed by nobody at the end.
    pub by_fund: f64,
    pub by_adl: f64,
    pub unpaid: f64,
    /// Notional of winners that deleveraging closed.
    pub deleveraged: f64,
    /// The fund at the end.
    pub fund: f64,
}

struct Account {
    balance: f64,
    collateral: Vec<f64>,
    /// Units and entry price by market.
    size: Vec<f64>,
    entry: Vec<f64>,
    since: Option<usize>,
    touched: bool,
}

impl Account {
    fn equity(&self, prices: &[f64]) -> f64 {
        let open: f64 = (0..prices.len())
            .map(|m| {
                self.size[m] * (prices[m] - self.entry[m]) + self.collateral[m] * prices[m] * FACTOR
            })
            .sum();
        self.balance + open
    }

    fn requirement(&self, prices: &[f64], rates: &[f64]) -> f64 {
        (0..prices.len())
            .map(|m| self.size[m].abs() * prices[m] * rates[m])
            .sum()
    }

    fn is_flat(&self) -> bool {
        self.size.iter().all(|size| *size == 0.0)
    }

    /// Closes units at a price.
    fn close(&mut self, market: usize, units: f64, price: f64) {
        let signed = units.min(self.size[market].abs()) * self.size[market].signum();
        self.balance += signed * (price - self.entry[market]);
        self.size[market] -= signed;
        if self.size[market].abs() < 1e-12 {
            self.size[market] = 0.0;
        }
    }
}

struct Run {
    rates: Vec<f64>,
    accounts: Vec<Account>,
    depth: Vec<Depth>,
    /// Volatility by market in the slot at hand, and what it leaves of the depth.
    factor: Vec<(f64, f64)>,
    prices: Vec<f64>,
    fund: f64,
    rng: Rng,
    result: StaticResult,
}

/// Plays the scenario; `interest` is the open interest of each market in units, `fund` USD.
pub fn play(
    scenario: &Scenario,
    specs: &[&'static Spec],
    plans: &[Plan],
    interest: &[f64],
    fund: f64,
    seed: u64,
) -> StaticResult {
    let first: Vec<f64> = scenario.paths.iter().map(|path| path.prices[0]).collect();
    let volatility: Vec<Vec<f64>> = scenario
        .paths
        .iter()
        .zip(specs)
        .map(|(path, spec)| path.volatility(spec.calm))
        .collect();
    let mut run = Run {
        rates: specs.iter().map(|spec| spec.static_margins().1).collect(),
        accounts: open(plans, &first),
        depth: interest.iter().map(|units| Depth::new(*units)).collect(),
        factor: Vec::new(),
        prices: first,
        fund,
        rng: Rng::new(seed, "static"),
        result: StaticResult::default(),
    };
    let mut delays = Vec::new();
    for slot in 0..scenario.slots() {
        run.prices = scenario
            .paths
            .iter()
            .map(|path| path.prices[slot])
            .collect();
        run.factor = (0..specs.len())
            .map(|m| {
                let now = volatility[m].get(slot).copied().unwrap_or_default();
                let thin = Depth::thin(now, specs[m].calm);
                (now, thin * scenario.depth_at(slot))
            })
            .collect();
        run.slot(slot, &mut delays);
    }
    run.finish(delays)
}

/// The traders, and one hedger who has the other side of each market.
fn open(plans: &[Plan], first: &[f64]) -> Vec<Account> {
    let empty = || Account {
        balance: 0.0,
        collateral: vec![0.0; first.len()],
        size: vec![0.0; first.len()],
        entry: first.to_vec(),
        since: None,
        touched: false,
    };
    let mut hedger = empty();
    let mut all: Vec<Account> = plans
        .iter()
        .map(|plan| {
            let mut account = empty();
            account.balance = plan.deposit;
            for (asset, dollars) in &plan.collateral {
                account.collateral[*asset] += dollars / first[*asset];
            }
            for (market, long, notional) in &plan.legs {
                let units = notional / first[*market] * if *long { 1.0 } else { -1.0 };
                account.size[*market] += units;
                hedger.size[*market] -= units;
            }
            hedger.balance += plan.notional();
            account
        })
        .collect();
    all.push(hedger);
    all
}

impl Run {
    fn slot(&mut self, slot: usize, delays: &mut Vec<u32>) {
        self.mark(slot, delays);
        let mut due: Vec<usize> = (0..self.accounts.len())
            .filter(|index| self.accounts[*index].since.is_some())
            .collect();
        let mut deleveraged = 0;
        for _ in 0..PER_BLOCK.min(due.len()) {
            let index = due.swap_remove(self.rng.below(due.len()));
            let closed = self.close(index);
            let below = self.accounts[index].equity(&self.prices) < 0.0;
            if !closed && below && deleveraged < DELEVERAGED {
                deleveraged += 1;
                self.deleverage(index);
            }
            if self.accounts[index].is_flat() {
                self.cover(index);
            }
        }
        self.mark(slot, delays);
        self.depth.iter_mut().for_each(Depth::refill);
    }

    /// Who is under maintenance, and who no longer is.
    fn mark(&mut self, slot: usize, delays: &mut Vec<u32>) {
        for account in &mut self.accounts {
            let under = !account.is_flat()
                && account.equity(&self.prices) < account.requirement(&self.prices, &self.rates);
            match (under, account.since) {
                (true, None) => account.since = Some(slot),
                (false, Some(since)) => {
                    delays.push(u32::try_from(slot - since).unwrap_or(u32::MAX));
                    account.since = None;
                }
                (true, Some(_)) | (false, None) => {}
            }
        }
    }

    /// A position of an account, at random.
    fn position(&mut self, index: usize) -> Option<usize> {
        let open: Vec<usize> = (0..self.prices.len())
            .filter(|market| self.accounts[index].size[*market] != 0.0)
            .collect();
        (!open.is_empty()).then(|| open[self.rng.below(open.len())])
    }

    /// Price at which closing so many units leaves nothing of their share of the equity.
    fn bankruptcy(&self, index: usize, market: usize) -> f64 {
        let account = &self.accounts[index];
        let equity = account.equity(&self.prices);
        let requirement = account.requirement(&self.prices, &self.rates);
        let part = self.prices[market] * self.rates[market] / requirement;
        self.prices[market] - account.size[market].signum() * equity * part
    }

    /// Sends a slice to the book; whether anything filled.
    fn close(&mut self, index: usize) -> bool {
        let Some(market) = self.position(index) else {
            return false;
        };
        let price = self.prices[market];
        let account = &self.accounts[index];
        let long = account.size[market] > 0.0;
        let whole = account.size[market].abs();
        let slice = (SLICE.1 * whole * price).max(SLICE.0).min(SLICE.2) / price;
        let ratio = account.equity(&self.prices) / account.requirement(&self.prices, &self.rates);
        let reach = SPREAD * self.rates[market] * (1.0 - ratio).clamp(0.0, 1.0);
        let limit = price * if long { 1.0 - reach } else { 1.0 + reach };
        let side = if long { BIDS } else { ASKS };
        let (volatility, factor) = self.factor[market];
        let mut left = slice.min(whole);
        let (mut units, mut worth) = (0.0, 0.0);
        for (at, there) in self.depth[market].levels(side, price, volatility, factor) {
            let beyond = if long { at < limit } else { at > limit };
            if beyond || left <= 0.0 {
                break;
            }
            let taken = left.min(there);
            (left, units, worth) = (left - taken, units + taken, worth + taken * at);
        }
        if units <= 0.0 {
            return false;
        }
        self.depth[market].take(side, units, factor);
        let bankrupt = self.bankruptcy(index, market);
        let got = worth / units;
        let above = (got - bankrupt) * units * if long { 1.0 } else { -1.0 };
        let fee = above.clamp(0.0, FEE * worth);
        let account = &mut self.accounts[index];
        account.close(market, units, got);
        account.balance -= fee;
        account.touched = true;
        self.fund += fee;
        true
    }

    /// Closes a position at the bankruptcy price against opposite accounts.
    fn deleverage(&mut self, index: usize) {
        let Some(market) = self.position(index) else {
            return;
        };
        let bankrupt = self.bankruptcy(index, market);
        let sign = self.accounts[index].size[market].signum();
        let mut left = self.accounts[index].size[market].abs();
        // What the fund has pays before anybody's profit does.
        let missing = (bankrupt - self.prices[market]) * sign * left;
        let paid = missing.clamp(0.0, self.fund.max(0.0));
        let price = bankrupt - sign * paid / left;
        self.fund -= paid;
        self.result.by_fund += paid;
        self.accounts[index].balance += paid;
        let start = self.rng.below(self.accounts.len());
        for offset in 0..self.accounts.len() {
            let other = (start + offset) % self.accounts.len();
            let opposite = self.accounts[other].size[market] * -sign;
            if other == index || opposite <= 0.0 {
                continue;
            }
            let units = left.min(opposite);
            self.accounts[other].close(market, units, price);
            self.accounts[index].close(market, units, price);
            self.result.by_adl += (price - self.prices[market]) * sign * units;
            self.result.deleveraged += units * self.prices[market];
            left -= units;
            if left <= 1e-12 {
                break;
            }
        }
        self.accounts[index].touched = true;
    }

    /// The fund pays what a flat account owes.
    fn cover(&mut self, index: usize) {
        let equity = self.accounts[index].equity(&self.prices);
        if equity < 0.0 {
            let paid = (-equity).min(self.fund.max(0.0));
            self.fund -= paid;
            self.result.by_fund += paid;
            self.accounts[index].balance += paid;
        }
    }

    fn finish(mut self, mut delays: Vec<u32>) -> StaticResult {
        delays.sort_unstable();
        let open = self.accounts.iter().filter(|a| a.since.is_some());
        self.result.open = open.count();
        self.result.liquidated = self.accounts.iter().filter(|a| a.touched).count();
        self.result.delay = crate::summary::percentiles(&delays);
        let owed = self
            .accounts
            .iter()
            .map(|a| a.equity(&self.prices).min(0.0));
        self.result.unpaid = -owed.sum::<f64>();
        self.result.fund = self.fund;
        self.result
    }
}
