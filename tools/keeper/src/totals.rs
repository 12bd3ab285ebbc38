//! What the keeper has done since it was started.

use crate::{fate::Fate, types::Usd};
use serde_json::{json, Value};
use std::collections::BTreeMap;

/// Counters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Blocks that were looked at.
    pub blocks: u64,
    /// Liquidations that were handed to the node.
    pub sent: u64,
    /// Those that earned.
    pub earned: u64,
    /// What they earned.
    pub reward: Usd,
    /// What the others cost, in base units of the native token.
    pub cost: u128,
    /// The others by the name of their end.
    pub failures: BTreeMap<String, u64>,
}

impl Totals {
    /// Counts the end of a liquidation.
    pub fn count(&mut self, fate: &Fate) {
        match fate {
            Fate::Earned { reward, .. } => {
                self.earned = self.earned.saturating_add(1);
                self.reward = self.reward.plus(*reward);
            }
            Fate::InVain { reason, cost } => {
                self.cost = self.cost.saturating_add(*cost);
                self.fail(reason);
            }
            Fate::Dropped { reason, .. } => self.fail(reason),
        }
    }

    fn fail(&mut self, reason: &str) {
        let count = self.failures.entry(reason.into()).or_default();
        *count = count.saturating_add(1);
    }

    /// For the log.
    pub fn fields(&self) -> [(&'static str, Value); 6] {
        [
            ("blocks", json!(self.blocks)),
            ("sent", json!(self.sent)),
            ("earned", json!(self.earned)),
            ("reward", json!(self.reward.to_string())),
            ("cost", json!(self.cost.to_string())),
            ("failures", json!(self.failures)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_should_count_each_end_by_its_name() {
        let mut totals = Totals::default();
        let closed = || Fate::InVain {
            reason: "Liquidation.AlreadyClosed".into(),
            cost: 5,
        };
        for fate in [
            Fate::Earned {
                market: 1,
                notional: Usd(100),
                reward: Usd(3),
            },
            closed(),
            Fate::Earned {
                market: 1,
                notional: Usd(100),
                reward: Usd(4),
            },
            closed(),
            Fate::Dropped {
                reason: "Expired",
                detail: String::new(),
            },
        ] {
            totals.count(&fate);
        }
        assert_eq!((totals.earned, totals.reward, totals.cost), (2, Usd(7), 10));
        let failures = [
            ("Expired".into(), 1),
            ("Liquidation.AlreadyClosed".into(), 2),
        ];
        assert_eq!(totals.failures, BTreeMap::from(failures));
    }
}
