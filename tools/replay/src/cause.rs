//! Why nothing of an account under maintenance was closed in a block.

use serde::Serialize;
use std::collections::BTreeMap;

/// What was in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Cause {
    /// Something of it had no price that liquidation may use.
    Unpriced,
    /// All its markets were halted, and the vault took nothing.
    Halted,
    /// It was tried. Nothing stood within its limit in any of its open markets, in one of which makers could not
    /// bid anew in the block before, for want of a clean price or because the market took no new risk.
    NoQuotes,
    /// It was tried. Makers could quote, and nothing stood within its limit.
    BeyondLimit,
    /// It was tried. What stood in the book within its limit at the begin of the block went to those before it.
    Drained,
    /// It was tried, and something within its limit was left, as that is reckoned here: without size add-on and
    /// offsets.
    PassedOver,
    /// It was under maintenance at the median of the feeds, and not at the price that liquidation may use
    /// while that is too far from its mean.
    Bounded,
    /// It was found, and the budget of step 3 ended before it was tried.
    Budget,
    /// It was due, and the budget of step 3 ended before it was evaluated.
    NotEvaluated,
    /// The chain did not have it in its due set.
    Missed,
}

impl Cause {
    /// All of them, in their order.
    pub const ALL: [Self; 10] = [
        Self::Unpriced,
        Self::Halted,
        Self::NoQuotes,
        Self::BeyondLimit,
        Self::Drained,
        Self::PassedOver,
        Self::Bounded,
        Self::Budget,
        Self::NotEvaluated,
        Self::Missed,
    ];

    /// Whether nothing of the account could be closed whoever had wanted to take it.
    pub const fn is_shut(self) -> bool {
        matches!(self, Self::Unpriced | Self::Halted)
    }

    /// Whether the chain tried it, and nobody took any of it.
    pub const fn is_in_vain(self) -> bool {
        matches!(
            self,
            Self::Drained | Self::NoQuotes | Self::BeyondLimit | Self::PassedOver
        )
    }

    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unpriced => "no price for liquidation",
            Self::PassedOver => "in vain though a bid within its limit was left",
            Self::Bounded => "healthy at the bounded price",
            Self::Halted => "all its markets halted",
            Self::Drained => "bids taken by those before it",
            Self::NoQuotes => "makers could not quote",
            Self::BeyondLimit => "no bid within its limit",
            Self::Budget => "budget ended before it was tried",
            Self::NotEvaluated => "budget ended before it was evaluated",
            Self::Missed => "not in the due set",
        }
    }
}

/// Blocks by cause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Waits(BTreeMap<Cause, u32>);

impl Waits {
    /// One more block.
    pub fn add(&mut self, cause: Cause) {
        *self.0.entry(cause).or_default() += 1;
    }

    /// Blocks of one cause.
    pub fn of(&self, cause: Cause) -> u32 {
        self.0.get(&cause).copied().unwrap_or(0)
    }

    /// Blocks of some causes.
    pub fn sum(&self, wanted: impl Fn(Cause) -> bool) -> u32 {
        let all = self.0.iter().filter(|(cause, _)| wanted(**cause));
        all.map(|(_, blocks)| blocks).sum()
    }

    /// Blocks of all causes.
    pub fn total(&self) -> u32 {
        self.sum(|_| true)
    }

    /// The cause of most of them; the first of those that are equal.
    pub fn largest(&self) -> Option<Cause> {
        let of = |cause: &Cause| (self.of(*cause), std::cmp::Reverse(*cause));
        self.0.keys().copied().max_by_key(of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_should_be_the_cause_of_most_blocks() {
        let mut waits = Waits::default();
        assert_eq!(waits.largest(), None);
        for cause in [Cause::Halted, Cause::Budget, Cause::Budget, Cause::Halted] {
            waits.add(cause);
        }
        assert_eq!(waits.largest(), Some(Cause::Halted));
        waits.add(Cause::Budget);
        assert_eq!(waits.largest(), Some(Cause::Budget));
        assert_eq!((waits.total(), waits.sum(Cause::is_shut)), (5, 2));
    }
}
