//! Which of the due accounts to liquidate. [`Strategy`] is what to write for a strategy of one's own;
//! [`Standard`] is the one of the command line.

use crate::types::{Health, Position, SubAccount, Usd};
use std::{cmp::Ordering, collections::BTreeSet};
use subxt::utils::AccountId32;

/// A due account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub account: SubAccount,
    /// Where it stands in the order in which the chain closes accounts, from 0.
    pub place: usize,
    /// Whether the chain's last attempt could close nothing of it.
    pub parked: bool,
    /// Its health.
    pub health: Health,
    /// Its positions.
    pub positions: Vec<Position>,
}

impl Candidate {
    /// Orders by equity over maintenance margin, lowest first.
    pub fn by_health(&self, other: &Self) -> Ordering {
        self.ratio().cmp(&other.ratio())
    }

    /// Equity over maintenance margin, in billionths, rounded down. It only orders accounts, so what does
    /// not fit is taken for the end of the range.
    fn ratio(&self) -> i128 {
        const ONE: i128 = 1_000_000_000;
        let Health {
            equity,
            maintenance_margin,
            ..
        } = self.health;
        equity
            .0
            .saturating_mul(ONE)
            .checked_div_euclid(maintenance_margin.0)
            .unwrap_or(i128::MIN)
    }

    fn is_under(&self) -> bool {
        self.health.equity < self.health.maintenance_margin
    }
}

/// A block as a strategy sees it.
#[derive(Clone, Debug)]
pub struct View {
    /// Its number.
    pub block: u64,
    /// The keeper's own account, which earns nothing by being liquidated.
    pub keeper: Option<AccountId32>,
    /// Most accounts that the chain closed by itself in one of the last blocks: as many of the first will
    /// be closed at the beginning of the next one, before any transaction.
    pub closed_by_chain: usize,
    /// Due accounts in the chain's order, without those for which a transaction is pending.
    pub due: Vec<Candidate>,
}

/// Chooses whom to liquidate.
pub trait Strategy: Send {
    /// The accounts to liquidate now, the best first. As many of them are sent as the limit of pending
    /// transactions allows.
    fn choose(&mut self, view: &View) -> Vec<SubAccount>;
}

/// How many accounts to leave to the chain, from the first in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// As many as it closed by itself in one of the last blocks.
    Auto,
    /// So many.
    Fixed(usize),
}

impl std::str::FromStr for Leave {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        text.parse()
            .map(Self::Fixed)
            .map_err(|_| format!("`{text}` is neither a number nor `auto`"))
    }
}

/// Worst health first among the accounts that the chain will not reach in the next block and of which a
/// reward can be expected.
#[derive(Clone, Debug)]
pub struct Standard {
    /// How many to leave to the chain.
    pub leave: Leave,
    /// Least value of an account's positions.
    pub min_notional: Usd,
    /// Only accounts with a position in one of these markets; all when it is empty.
    pub markets: BTreeSet<u32>,
    /// Also those that are not expected to pay: bankrupt, parked, and the keeper's own.
    pub unpaid: bool,
}

impl Standard {
    fn wants(&self, candidate: &Candidate, view: &View) -> bool {
        let Candidate {
            account,
            place,
            parked,
            health,
            positions,
        } = candidate;
        let left = match self.leave {
            Leave::Auto => view.closed_by_chain,
            Leave::Fixed(count) => count,
        };
        let pays = !parked && health.equity > Usd::ZERO && view.keeper != Some(account.owner);
        let in_markets = self.markets.is_empty()
            || positions
                .iter()
                .any(|position| self.markets.contains(&position.market));
        candidate.is_under()
            && *place >= left
            && !positions.is_empty()
            && (pays || self.unpaid)
            && health.notional >= self.min_notional
            && in_markets
    }
}

impl Strategy for Standard {
    fn choose(&mut self, view: &View) -> Vec<SubAccount> {
        let mut chosen: Vec<&Candidate> = view
            .due
            .iter()
            .filter(|candidate| self.wants(candidate, view))
            .collect();
        chosen.sort_by(|a, b| a.by_health(b));
        chosen
            .into_iter()
            .map(|candidate| candidate.account)
            .collect()
    }
}

#[cfg(test)]
mod tests;
