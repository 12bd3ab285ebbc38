//! What is kept of each block, and what it comes to.

use crate::{
    cause::Waits,
    look::{dollars, Look, MarketLook, Under},
};
use bulwark_primitives::{FillKind, MarketId, Side, SubAccount, Usd, SIZE_SCALE};
use bulwark_runtime::{AccountId, Runtime, RuntimeEvent};
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
    /// Accounts that took part in auctions, and the notional in USD that was closed there.
    pub joined: u32,
    pub auctioned: f64,
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
    /// Markets that take no new risk.
    pub reducing: u32,
    /// Markets whose makers could not quote on both sides.
    pub unquotable: u32,
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
    /// Lowest equity by maintenance margin at the end of a block.
    pub lowest: f64,
    /// Block at whose end it was healthy or flat.
    pub ended: Option<u32>,
    /// Blocks before the first closing, by what was in the way.
    pub waits: Waits,
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
    /// Accounts that step 3 evaluated or tried in the block.
    pub touched: BTreeSet<usize>,
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

    /// The places of accounts by what the keys of a storage map end with.
    pub fn places<'a>(&'a self, keys: &'a BTreeSet<Vec<u8>>) -> impl Iterator<Item = usize> + 'a {
        // A key ends with the account, behind a hash of 16 bytes.
        let accounts = keys.iter().filter_map(|key| decode(key.get(16..)?));
        accounts.filter_map(|account| self.index.get(&account).copied())
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
                    taker,
                    taker_order,
                    notional,
                    quantity,
                    taker_side,
                    kind,
                    ..
                }) => {
                    // In an auction the order of an account that is closed is one of the book's.
                    if taker_order.is_some() && *kind == FillKind::Liquidation {
                        frame.auctioned += dollars(*notional);
                        self.closed(taker, block);
                    }
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
        self.touched = accounts;
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
            Event::JoinedAuction { .. } => frame.joined += 1,
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
            episode.first_closing.get_or_insert(block);
        }
    }

    fn begin(&mut self, account: usize, block: u32) {
        let place = self.episodes.len();
        self.running.entry(account).or_insert_with(|| {
            self.episodes.push(Episode {
                account,
                began: block,
                first_closing: None,
                lowest: 1.0,
                ended: None,
                waits: Waits::default(),
            });
            place
        });
    }

    /// Takes what the scan saw at the end of a block.
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
                    if episode.first_closing.is_none() {
                        episode.waits.add(under.cause);
                    }
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
        let count = |wanted: &dyn Fn(&MarketLook) -> bool| {
            let found = seen.markets.values().filter(|market| wanted(market));
            u32::try_from(found.count()).unwrap_or(u32::MAX)
        };
        frame.halted = count(&|market| !market.open);
        frame.unpriced = count(&|market| !market.priced);
        frame.reducing = count(&|market| !market.risk);
        frame.unquotable = count(&|market| !market.quotable);
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
    use crate::cause::Cause;

    #[test]
    fn amounts_should_be_found_whatever_the_event_calls_them() {
        let text = "Event::LossCovered { account: SubAccount { index: 0 }, market: MarketId(1), \
                    shortfall: Usd(5000000), by_fund: Usd(3000000), by_adl: Usd(-2000000) }";
        let found = amounts(text);
        let expected = [("shortfall", 5.0), ("by_fund", 3.0), ("by_adl", -2.0)];
        assert_eq!(found, expected.map(|(name, usd)| (name.to_owned(), usd)));
    }

    fn account(n: u8) -> SubAccount<AccountId> {
        SubAccount::new(AccountId::new([n; 32]), 0)
    }

    fn seen(under: &[(usize, Cause)]) -> Look {
        let under = under.iter().map(|(account, cause)| Under {
            account: *account,
            ratio: 0.5,
            cause: *cause,
            flat: false,
        });
        Look {
            under: under.collect(),
            ..Look::default()
        }
    }

    #[test]
    fn causes_should_be_counted_until_the_first_closing() {
        let mut record = Record::new(&[account(1)]);
        let mut frame = Frame::default();
        let mut see = |record: &mut Record, block, cause| {
            record.look(block, &seen(&[(0, cause)]), &mut frame);
        };
        see(&mut record, 5, Cause::Halted);
        see(&mut record, 6, Cause::Drained);
        record.closed(&account(1), 7);
        see(&mut record, 7, Cause::Drained);
        record.closed(&account(1), 8);
        let episode = &record.episodes[0];
        assert_eq!((episode.first_closing, episode.lowest), (Some(7), 0.5));
        assert_eq!(episode.waits.of(Cause::Halted), 1);
        assert_eq!(episode.waits.of(Cause::Drained), 1);
        assert_eq!(episode.waits.total(), 2);
    }

    #[test]
    fn episode_should_end_when_the_account_is_healthy_or_flat() {
        let mut record = Record::new(&[account(1), account(2)]);
        let mut frame = Frame::default();
        let both = [(0, Cause::Halted), (1, Cause::Drained)];
        record.look(5, &seen(&both), &mut frame);
        record.look(6, &seen(&both[..1]), &mut frame);
        record.look(7, &seen(&[]), &mut frame);
        let ends: Vec<_> = record
            .episodes
            .iter()
            .map(|e| (e.began, e.ended, e.waits.total()))
            .collect();
        assert_eq!(ends, [(5, Some(7), 2), (5, Some(6), 1)]);
        assert!(!record.is_busy());
    }
}
