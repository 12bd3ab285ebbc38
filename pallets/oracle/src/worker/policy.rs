//! When a feeder submits, and what it remembers for that.
//!
//! A feed costs the chain a transaction, so a value that says nothing new waits; see [`Why`] for what
//! does not wait. All values go in one feed, at most one a block.

use super::{stored, SourceError};
use alloc::{collections::BTreeMap, vec::Vec};
use bulwark_primitives::{AssetId, Price};
use bulwark_risk_math::{mul_div, Rounding};
use codec::{Decode, Encode};

/// Where the worker keeps its [`State`], in persistent offchain storage.
const STATE_KEY: &[u8] = b"bulwark/feeder/state";

/// Longest state that is read: 64 values, 64 gaps and 64 failing sources take less than half.
const MAX_STATE: usize = 8_192;

/// A value that moved by so many basis points since it was submitted does not wait.
pub const MOVE_BP: u128 = 5;

/// A submission that is so many milliseconds old is repeated: well before the chain calls it stale, so
/// that one lost transaction does no harm.
pub const HEARTBEAT_MILLIS: u64 = 10_000;

/// Basis points of the whole.
const WHOLE_BP: u128 = 10_000;

/// What makes a submission due, the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// An asset has no clean price on chain, and had one (or was not there) at the last submission.
    Gap,
    /// An asset's value moved by [`MOVE_BP`] or more since it was last submitted, or never was.
    Moved,
    /// The last submission was [`HEARTBEAT_MILLIS`] ago, or there was none.
    Heartbeat,
}

impl Why {
    /// For log lines.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Moved => "moved",
            Self::Heartbeat => "heartbeat",
        }
    }
}

/// What the worker remembers from one block to the next.
///
/// It belongs to one feeder: with another key it starts again, because nothing of what the old account
/// fed counts for the new one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct State {
    /// BLAKE2 hash of the feeder's account id.
    feeder: [u8; 32],
    /// The last block that had its round.
    pub last_block: Option<u64>,
    /// When a feed was last handed to the pool, milliseconds since the Unix epoch.
    submitted_at: Option<u64>,
    /// What was in it.
    values: Vec<(AssetId, Price)>,
    /// Assets that had no clean price at that time and have not had one since.
    gaps: Vec<AssetId>,
    /// Sources that failed in the last round, by the hash of their URL, and why.
    pub failing: BTreeMap<[u8; 8], SourceError>,
}

impl State {
    /// The state of the feeder with this hash; an empty one when there is none, or a damaged one.
    pub(super) fn load(feeder: [u8; 32]) -> Self {
        stored::load(STATE_KEY, MAX_STATE)
            .filter(|state: &Self| state.feeder == feeder)
            .unwrap_or(Self {
                feeder,
                ..Self::default()
            })
    }

    pub(super) fn store(self) {
        stored::store(STATE_KEY, self);
    }

    /// Whether `values` have to be submitted `now`. `gaps`: those of their assets that have no clean
    /// price on chain.
    pub(super) fn due(
        &self,
        now: u64,
        values: &[(AssetId, Price)],
        gaps: &[AssetId],
    ) -> Option<Why> {
        if values.is_empty() {
            return None;
        }
        if gaps.iter().any(|asset| !self.gaps.contains(asset)) {
            return Some(Why::Gap);
        }
        if values
            .iter()
            .any(|(asset, price)| self.moved(*asset, *price))
        {
            return Some(Why::Moved);
        }
        // A clock that was set back is no reason to be silent until it has caught up.
        let age = self.submitted_at.and_then(|at| now.checked_sub(at));
        match age {
            Some(age) if age < HEARTBEAT_MILLIS => None,
            Some(_) | None => Some(Why::Heartbeat),
        }
    }

    fn moved(&self, asset: AssetId, price: Price) -> bool {
        let last = self.values.iter().find(|(fed, _)| *fed == asset);
        last.is_none_or(|(_, last)| {
            // Up: a move of less than the threshold never counts as one.
            mul_div(last.0, MOVE_BP, WHOLE_BP, Rounding::Up)
                .map_or(true, |least| price.0.abs_diff(last.0) >= least)
        })
    }

    /// Notes that `values` were handed to the pool.
    pub(super) fn submitted(
        &mut self,
        now: u64,
        values: Vec<(AssetId, Price)>,
        gaps: Vec<AssetId>,
    ) {
        self.submitted_at = Some(now);
        self.values = values;
        self.gaps = gaps;
    }

    /// Notes that nothing was: gaps that have closed may open afresh.
    pub(super) fn waited(&mut self, gaps: &[AssetId]) {
        self.gaps.retain(|asset| gaps.contains(asset));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulwark_primitives::PRICE_SCALE;

    const BTC: AssetId = 2;
    const ETH: AssetId = 3;
    const NOW: u64 = 1_760_130_840_000;

    fn usd(whole: u128) -> Price {
        Price(whole.saturating_mul(PRICE_SCALE))
    }

    fn fed(gaps: &[AssetId]) -> State {
        let mut state = State::default();
        let values = vec![(BTC, usd(100_000)), (ETH, usd(4_000))];
        state.submitted(NOW, values, gaps.to_vec());
        state
    }

    fn due(state: &State, later: u64, btc: u128, gaps: &[AssetId]) -> Option<Why> {
        let values = [(BTC, usd(btc)), (ETH, usd(4_000))];
        state.due(NOW.saturating_add(later), &values, gaps)
    }

    #[test]
    fn feed_should_wait_when_nothing_is_new() {
        assert_eq!(due(&fed(&[]), 2_000, 100_000, &[]), None);
        assert_eq!(due(&fed(&[]), 9_999, 100_000, &[]), None);
    }

    #[test]
    fn feed_should_be_due_when_the_last_is_ten_seconds_old() {
        assert_eq!(due(&fed(&[]), 10_000, 100_000, &[]), Some(Why::Heartbeat));
    }

    #[test]
    fn feed_should_be_due_when_the_clock_was_set_back() {
        let values = [(BTC, usd(100_000))];
        let earlier = NOW.saturating_sub(1);
        assert_eq!(fed(&[]).due(earlier, &values, &[]), Some(Why::Heartbeat));
    }

    #[test]
    fn feed_should_be_due_when_a_value_moved_by_five_basis_points() {
        for (btc, expected) in [
            (100_049, None),
            (100_050, Some(Why::Moved)),
            (99_951, None),
            (99_950, Some(Why::Moved)),
        ] {
            assert_eq!(due(&fed(&[]), 2_000, btc, &[]), expected, "{btc}");
        }
        // Five basis points of the smallest prices are less than a unit: any move counts.
        let mut state = State::default();
        state.submitted(NOW, vec![(BTC, Price(7))], vec![]);
        assert_eq!(state.due(NOW, &[(BTC, Price(7))], &[]), None);
        assert_eq!(state.due(NOW, &[(BTC, Price(8))], &[]), Some(Why::Moved));
    }

    #[test]
    fn feed_should_be_due_when_an_asset_was_never_fed() {
        let values = [(BTC, usd(100_000)), (9, usd(1))];
        assert_eq!(fed(&[]).due(NOW, &values, &[]), Some(Why::Moved));
        assert_eq!(
            State::default().due(NOW, &values, &[]),
            Some(Why::Moved),
            "the first feed of all"
        );
    }

    #[test]
    fn feed_should_be_due_once_when_a_gap_opens() {
        let mut state = fed(&[]);
        assert_eq!(due(&state, 2_000, 100_000, &[ETH]), Some(Why::Gap));
        state = fed(&[ETH]);
        assert_eq!(due(&state, 2_000, 100_000, &[ETH]), None, "it lasts");
        assert_eq!(due(&state, 2_000, 100_000, &[BTC, ETH]), Some(Why::Gap));
        assert_eq!(
            due(&state, 10_000, 100_000, &[ETH]),
            Some(Why::Heartbeat),
            "and is fed on"
        );
        state.waited(&[]);
        assert_eq!(due(&state, 2_000, 100_000, &[ETH]), Some(Why::Gap), "again");
    }

    #[test]
    fn feed_should_wait_when_there_is_nothing_in_it() {
        assert_eq!(fed(&[]).due(NOW.saturating_mul(2), &[], &[]), None);
    }
}
