//! What is seen in each block, and what it comes to.
//!
//! The truth is a scan of all accounts at the end of each block, with the health that the runtime computes,
//! at the median of the feeds even where the chain does not use it.

use crate::world::Market;
use bulwark_primitives::{Action, MarketId, Side, SubAccount, Usd, SIZE_SCALE, USD_SCALE};
use bulwark_runtime::{
    AccountId, CircuitBreaker, Liquidation, Margin, PriceOracle, Runtime, RuntimeEvent,
};
use bulwark_traits::{LiquidationLedger, LossFund, MarketGuard, PriceSource};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One block.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Frame {
    pub slot: usize,
    /// Prices of the slot, USD.
    pub prices: Vec<f64>,
    /// Accounts that step 3 evaluated because a trigger was hit or they had changed.
    pub evaluated: u32,
    /// Of those, how many were not under maintenance.
    pub healthy: u32,
    /// Accounts known from earlier blocks that it tried to close.
    pub tried: u32,
    /// Whether a session began, whose hook counts as a full block by the SDK's convention.
    pub session: bool,
    /// Accounts that it found under maintenance for the first time.
    pub found: u32,
    /// Accounts under maintenance at the end of the block.
    pub under: u32,
    /// Closings, and their notional in USD.
    pub closings: u32,
    pub closed: f64,
    /// Positions that the vault took over, and their notional in USD.
    pub takeovers: u32,
    pub taken_over: f64,
    /// Insurance fund, and sum of what accounts owe beyond what they own.
    pub fund: f64,
    pub debt: f64,
    /// Weight after the hooks, and at the end, as shares of the block.
    pub hooks: f64,
    pub weight: f64,
    /// Whether the budget of step 3 did not suffice.
    pub saturated: bool,
    /// Markets that do not allow liquidation, and that have no price for it.
    pub halted: u32,
    pub unpriced: u32,
    /// Markets that take no new risk: nobody can put in a bid that liquidations could fill.
    pub reducing: u32,
    /// Time to run the hooks.
    pub micros: u32,
}

/// An account's time under maintenance.
#[derive(Clone, Debug, Serialize)]
pub struct Episode {
    pub account: usize,
    pub began: u32,
    /// First block in which a part of it was closed, taken over or deleveraged.
    pub first_closing: Option<u32>,
    /// What `waited` was then.
    pub waited_before: u32,
    /// Lowest equity by maintenance margin at the end of a block.
    pub lowest: f64,
    /// Block at whose end it was healthy or flat.
    pub ended: Option<u32>,
    /// Blocks in which no market of its positions allowed a closing, or one had no price.
    pub waited: u32,
    /// Other blocks before the first closing in which it was tried and nobody took any of it.
    pub dry: u32,
}

/// An account as the scan sees it.
#[derive(Clone, Copy, Debug)]
pub struct Under {
    pub account: usize,
    /// Equity by maintenance margin.
    pub ratio: f64,
    /// Whether nothing of it could be closed: halted, or without a price.
    pub blocked: bool,
    /// Whether it was tried and nobody took any of it.
    pub parked: bool,
    /// Whether it has no positions.
    pub flat: bool,
}

/// What the state says at the end of a block.
#[derive(Debug, Default)]
pub struct Look {
    pub under: Vec<Under>,
    pub debt: f64,
    pub fund: f64,
    pub saturated: bool,
    pub halted: u32,
    pub unpriced: u32,
    pub reducing: u32,
    /// Accounts under maintenance that the chain does not have in its due set (invariant 9).
    pub missed: u32,
}

/// Dollars of an amount.
pub fn dollars(amount: Usd) -> f64 {
    amount.0 as f64 / USD_SCALE as f64
}

/// Reads the state; to be run where changes are rolled back.
pub fn look(accounts: &[(usize, SubAccount<AccountId>)], markets: &[Market]) -> Look {
    let mut open: BTreeMap<MarketId, (bool, bool)> = BTreeMap::new();
    for market in markets {
        let allowed = <CircuitBreaker as MarketGuard>::status(market.id).allows_liquidation();
        let priced =
            <PriceOracle as PriceSource>::price_for(market.asset, Action::Liquidate).is_ok();
        open.insert(market.id, (allowed, priced));
    }
    let reducing =
        |market: &&Market| !<CircuitBreaker as MarketGuard>::status(market.id).allows_new_risk();
    let count = |wanted: &dyn Fn(&(bool, bool)) -> bool| {
        u32::try_from(open.values().filter(|state| wanted(state)).count()).unwrap_or(u32::MAX)
    };
    let mut seen = Look {
        fund: dollars(<bulwark_runtime::Insurance as LossFund>::balance()),
        saturated: pallet_liquidation::Workload::<Runtime>::get().saturated > 0,
        halted: count(&|(allowed, _)| !allowed),
        unpriced: count(&|(_, priced)| !priced),
        reducing: u32::try_from(markets.iter().filter(reducing).count()).unwrap_or(u32::MAX),
        ..Look::default()
    };
    use_medians();
    for (index, account) in accounts {
        let Ok(health) = Margin::account_health(account) else {
            continue;
        };
        seen.debt += dollars(health.equity).min(0.0).abs();
        if !health.is_liquidatable() {
            continue;
        }
        let positions = <Margin as LiquidationLedger<AccountId>>::positions(account);
        // Without prices nobody is due; with them everybody here has to be.
        if seen.unpriced == 0 && !Liquidation::is_due(account) {
            seen.missed += 1;
        }
        let states = || {
            let known = positions
                .iter()
                .filter_map(|position| open.get(&position.market));
            known.copied()
        };
        seen.under.push(Under {
            account: *index,
            ratio: dollars(health.equity) / dollars(health.maintenance_margin).max(1e-6),
            parked: Liquidation::known(account)
                .is_some_and(|known| known.class == pallet_liquidation::types::PARKED),
            flat: positions.is_empty(),
            blocked: states().any(|(_, priced)| !priced) || states().all(|(allowed, _)| !allowed),
        });
    }
    seen
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

/// Everything that is kept of a run.
#[derive(Debug, Default)]
pub struct Record {
    pub frames: Vec<Frame>,
    pub episodes: Vec<Episode>,
    /// Accounts of which anything was closed.
    pub liquidated: BTreeSet<usize>,
    /// Sums in USD by what they are, from the events that are about losses.
    pub losses: BTreeMap<String, f64>,
    /// Fees of closings.
    pub fees: f64,
    /// Attempts that closed nothing, by reason.
    pub parked: BTreeMap<String, u32>,
    /// What one maker filled in the block: market, whether he bought, units.
    pub fills: Vec<(MarketId, bool, f64)>,
    running: BTreeMap<usize, usize>,
    known: BTreeSet<usize>,
    index: BTreeMap<SubAccount<AccountId>, usize>,
}

impl Record {
    /// Of these accounts.
    pub fn new(accounts: &[SubAccount<AccountId>]) -> Self {
        Self {
            index: accounts.iter().cloned().zip(0..).collect(),
            ..Self::default()
        }
    }

    /// Whether any account is under maintenance as far as was seen.
    pub fn is_busy(&self) -> bool {
        !self.running.is_empty()
    }

    /// Accounts that are being followed.
    pub fn followed(&self) -> Vec<usize> {
        self.running.keys().copied().collect()
    }

    /// Reads a block's events.
    pub fn events(
        &mut self,
        block: u32,
        events: &[RuntimeEvent],
        touched: &BTreeSet<Vec<u8>>,
        maker: &AccountId,
        frame: &mut Frame,
    ) {
        let known = self.known.clone();
        let mut due = BTreeSet::new();
        let mut makers = BTreeSet::new();
        self.fills.clear();
        for event in events {
            match event {
                RuntimeEvent::Liquidation(event) => self.liquidation(block, event, &mut due, frame),
                RuntimeEvent::OrderBook(pallet_order_book::Event::Filled {
                    market,
                    maker: of,
                    quantity,
                    taker_side,
                    ..
                }) => {
                    if of.owner == *maker {
                        let units = quantity.0 as f64 / SIZE_SCALE as f64;
                        self.fills.push((*market, *taker_side == Side::Ask, units));
                    }
                    makers.insert(of.clone());
                }
                RuntimeEvent::Session(_) => frame.session = true,
                _ => {}
            }
        }
        // A key of the map ends with the account, behind a hash of 16 bytes.
        let accounts: BTreeSet<usize> = touched
            .iter()
            .filter_map(|key| decode(key.get(16..)?))
            .filter(|account| !makers.contains(account))
            .filter_map(|account| self.index.get(&account).copied())
            .collect();
        let count =
            |set: &mut dyn Iterator<Item = &usize>| u32::try_from(set.count()).unwrap_or(u32::MAX);
        frame.tried = count(&mut accounts.intersection(&known));
        frame.evaluated = count(&mut accounts.difference(&known));
        frame.healthy = count(
            &mut accounts
                .difference(&known)
                .filter(|account| !due.contains(*account)),
        );
        frame.found = count(&mut due.iter());
    }

    fn liquidation(
        &mut self,
        block: u32,
        event: &pallet_liquidation::Event<Runtime>,
        due: &mut BTreeSet<usize>,
        frame: &mut Frame,
    ) {
        use pallet_liquidation::Event;
        match event {
            Event::AccountDue { account, .. } => {
                if let Some(index) = self.index.get(account).copied() {
                    due.insert(index);
                    self.known.insert(index);
                    self.begin(index, block);
                }
            }
            Event::AccountRestored { account, .. } => {
                if let Some(index) = self.index.get(account) {
                    self.known.remove(index);
                }
            }
            Event::Liquidated {
                account,
                notional,
                fee,
                ..
            } => {
                frame.closings += 1;
                frame.closed += dollars(*notional);
                self.fees += dollars(*fee);
                self.closed(account, block);
            }
            Event::TakenOver {
                account,
                notional,
                borne,
                ..
            } => {
                frame.takeovers += 1;
                frame.taken_over += dollars(*notional);
                *self.losses.entry("borne".into()).or_default() += dollars(*borne);
                self.closed(account, block);
            }
            Event::Deleveraged {
                account, given_up, ..
            } => {
                *self.losses.entry("given_up".into()).or_default() += dollars(*given_up);
                self.closed(account, block);
            }
            Event::Parked { reason, .. } => {
                *self.parked.entry(format!("{reason:?}")).or_default() += 1;
            }
            // Layers come and go with versions of the pallet: whatever an event calls an amount is summed
            // under that name.
            other => {
                for (name, amount) in amounts(&format!("{other:?}")) {
                    *self.losses.entry(name).or_default() += amount;
                }
            }
        }
    }

    /// A part of an account is gone.
    fn closed(&mut self, account: &SubAccount<AccountId>, block: u32) {
        let Some(index) = self.index.get(account).copied() else {
            return;
        };
        self.liquidated.insert(index);
        if let Some(at) = self.running.get(&index) {
            let episode = &mut self.episodes[*at];
            if episode.first_closing.is_none() {
                episode.first_closing = Some(block);
                episode.waited_before = episode.waited;
            }
        }
    }

    fn begin(&mut self, account: usize, block: u32) {
        let place = self.episodes.len();
        self.running.entry(account).or_insert_with(|| {
            self.episodes.push(Episode {
                account,
                began: block,
                first_closing: None,
                waited_before: 0,
                lowest: 1.0,
                ended: None,
                waited: 0,
                dry: 0,
            });
            place
        });
    }

    /// Takes what the scan saw at the end of a block. `all` tells whether it saw every account.
    pub fn look(&mut self, block: u32, seen: &Look, frame: &mut Frame) {
        for under in seen.under.iter().filter(|under| !under.flat) {
            self.begin(under.account, block);
        }
        let still: BTreeMap<usize, &Under> = seen
            .under
            .iter()
            .filter(|under| !under.flat)
            .map(|under| (under.account, under))
            .collect();
        let episodes = &mut self.episodes;
        self.running.retain(|account, place| {
            let episode = &mut episodes[*place];
            match still.get(account) {
                Some(under) => {
                    episode.waited += u32::from(under.blocked);
                    let dry = under.parked && !under.blocked && episode.first_closing.is_none();
                    episode.dry += u32::from(dry);
                    episode.lowest = episode.lowest.min(under.ratio);
                    true
                }
                None => {
                    episode.ended = Some(block);
                    false
                }
            }
        });
        frame.under = u32::try_from(still.len()).unwrap_or(u32::MAX);
        frame.debt = seen.debt;
        frame.fund = seen.fund;
        frame.saturated = seen.saturated;
        frame.halted = seen.halted;
        frame.unpriced = seen.unpriced;
        frame.reducing = seen.reducing;
    }
}

fn decode(bytes: &[u8]) -> Option<SubAccount<AccountId>> {
    let owner: [u8; 32] = bytes.get(..32)?.try_into().ok()?;
    let index: [u8; 2] = bytes.get(32..34)?.try_into().ok()?;
    Some(SubAccount::new(
        AccountId::new(owner),
        u16::from_le_bytes(index),
    ))
}

/// Amounts of an event's text: the names before each `Usd(...)`.
fn amounts(text: &str) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(": Usd(") {
        let name = rest[..at]
            .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .next()
            .unwrap_or_default();
        let number = &rest[at + 6..];
        let digits = number.split(')').next().unwrap_or_default();
        if let Ok(amount) = digits.parse::<i128>() {
            found.push((name.to_owned(), dollars(Usd(amount))));
        }
        rest = number;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_should_be_found_whatever_the_event_calls_them() {
        let text = "Event::LossCovered { account: SubAccount { index: 0 }, market: MarketId(1), \
                    shortfall: Usd(5000000), by_fund: Usd(3000000), by_adl: Usd(-2000000) }";
        let found = amounts(text);
        let expected = [("shortfall", 5.0), ("by_fund", 3.0), ("by_adl", -2.0)];
        assert_eq!(found, expected.map(|(name, usd)| (name.to_owned(), usd)));
    }

    #[test]
    fn first_closing_should_be_counted_without_what_the_account_waited_for_afterwards() {
        let account = SubAccount::new(AccountId::new([1; 32]), 0);
        let mut record = Record::new(std::slice::from_ref(&account));
        let mut frame = Frame::default();
        let seen = Look {
            under: vec![Under {
                account: 0,
                ratio: 0.5,
                blocked: true,
                parked: true,
                flat: false,
            }],
            ..Look::default()
        };
        record.look(5, &seen, &mut frame);
        record.closed(&account, 6);
        record.look(6, &seen, &mut frame);
        record.closed(&account, 7);
        let episode = &record.episodes[0];
        let counted = (
            episode.first_closing,
            episode.waited_before,
            episode.waited,
            episode.lowest,
        );
        assert_eq!(counted, (Some(6), 1, 2, 0.5));
    }

    #[test]
    fn episode_should_end_when_the_account_is_healthy_or_flat() {
        let account = |n: u8| SubAccount::new(AccountId::new([n; 32]), 0);
        let mut record = Record::new(&[account(1), account(2)]);
        let mut frame = Frame::default();
        let under = |index, blocked| Under {
            account: index,
            ratio: 0.9,
            blocked,
            parked: true,
            flat: false,
        };
        let mut see = |block, under: Vec<Under>| {
            let seen = Look {
                under,
                ..Look::default()
            };
            record.look(block, &seen, &mut frame);
        };
        see(5, vec![under(0, true), under(1, false)]);
        see(6, vec![under(0, false)]);
        see(7, Vec::new());
        let ends: Vec<_> = record
            .episodes
            .iter()
            .map(|e| (e.began, e.ended, e.waited, e.dry))
            .collect();
        assert_eq!(ends, [(5, Some(7), 1, 1), (5, Some(6), 0, 1)]);
        assert!(!record.is_busy());
    }
}
