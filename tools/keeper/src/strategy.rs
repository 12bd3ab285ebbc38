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
mod tests {
    use super::*;

    const KEEPER: AccountId32 = AccountId32([9; 32]);

    fn candidate(index: u16, equity: i128, maintenance: i128) -> Candidate {
        Candidate {
            account: SubAccount {
                owner: AccountId32([1; 32]),
                index,
            },
            place: index.into(),
            parked: false,
            health: Health {
                equity: Usd(equity),
                maintenance_margin: Usd(maintenance),
                notional: Usd(maintenance * 30),
            },
            positions: vec![Position {
                market: 1,
                notional: Usd(maintenance * 30),
            }],
        }
    }

    fn view(due: Vec<Candidate>) -> View {
        View {
            block: 1,
            keeper: Some(KEEPER),
            closed_by_chain: 0,
            due,
        }
    }

    fn all() -> Standard {
        Standard {
            leave: Leave::Auto,
            min_notional: Usd::ZERO,
            markets: BTreeSet::new(),
            unpaid: false,
        }
    }

    fn chosen(mut strategy: Standard, view: &View) -> Vec<u16> {
        strategy
            .choose(view)
            .into_iter()
            .map(|account| account.index)
            .collect()
    }

    #[test]
    fn standard_should_take_the_worst_first_when_all_can_pay() {
        let due = vec![
            candidate(0, 90, 100),
            candidate(1, 10, 100),
            candidate(2, 1, 2),
            candidate(3, 40, 100),
        ];
        assert_eq!(chosen(all(), &view(due)), [1, 3, 2, 0]);
    }

    #[test]
    fn standard_should_leave_to_the_chain_what_it_closes_first() {
        let due = vec![
            candidate(0, 1, 100),
            candidate(1, 2, 100),
            candidate(2, 60, 100),
            candidate(3, 50, 100),
        ];
        let view = View {
            closed_by_chain: 2,
            ..view(due)
        };
        assert_eq!(chosen(all(), &view), [3, 2]);
        assert_eq!(
            chosen(
                Standard {
                    leave: Leave::Fixed(0),
                    ..all()
                },
                &view
            ),
            [0, 1, 3, 2]
        );
        assert_eq!(
            chosen(
                Standard {
                    leave: Leave::Fixed(9),
                    ..all()
                },
                &view
            ),
            [0u16; 0]
        );
    }

    #[test]
    fn standard_should_leave_out_who_cannot_pay_unless_it_is_told() {
        let bankrupt = candidate(0, -5, 100);
        let parked = Candidate {
            parked: true,
            ..candidate(1, 50, 100)
        };
        let own = Candidate {
            account: SubAccount {
                owner: KEEPER,
                index: 2,
            },
            ..candidate(2, 60, 100)
        };
        let due = vec![bankrupt, parked, own, candidate(3, 70, 100)];
        assert_eq!(chosen(all(), &view(due.clone())), [3]);
        assert_eq!(
            chosen(
                Standard {
                    unpaid: true,
                    ..all()
                },
                &view(due)
            ),
            [0, 1, 2, 3]
        );
    }

    #[test]
    fn standard_should_never_take_who_is_above_maintenance_or_flat() {
        let healthy = candidate(0, 100, 100);
        let flat = Candidate {
            positions: vec![],
            ..candidate(1, -5, 0)
        };
        let everything = Standard {
            unpaid: true,
            ..all()
        };
        assert_eq!(chosen(everything, &view(vec![healthy, flat])), [0u16; 0]);
    }

    #[test]
    fn standard_should_keep_to_its_markets_and_its_least_notional() {
        let mut other = candidate(1, 50, 100);
        other.positions[0].market = 2;
        let due = vec![candidate(0, 50, 10), other, candidate(2, 60, 100)];
        let only = Standard {
            markets: BTreeSet::from([2]),
            ..all()
        };
        assert_eq!(chosen(only, &view(due.clone())), [1]);
        let large = Standard {
            min_notional: Usd(3_000),
            ..all()
        };
        assert_eq!(chosen(large, &view(due)), [1, 2]);
    }

    #[test]
    fn ratio_should_not_overflow_when_numbers_are_extreme() {
        let huge = candidate(0, i128::MAX, 1);
        let none = Candidate {
            health: Health {
                equity: Usd(i128::MIN),
                maintenance_margin: Usd(0),
                notional: Usd(0),
            },
            ..candidate(1, 0, 1)
        };
        assert_eq!(none.by_health(&huge), Ordering::Less);
        assert_eq!(none.by_health(&none), Ordering::Equal);
    }

    #[test]
    fn leave_should_be_read_when_it_is_a_number_or_auto() {
        assert_eq!("auto".parse(), Ok(Leave::Auto));
        assert_eq!("12".parse(), Ok(Leave::Fixed(12)));
        assert!("-1".parse::<Leave>().is_err());
    }
}
