//! Where delays come from.

use crate::{
    cause::Cause,
    measure::Episode,
    summary::{delay, percentiles},
};
use serde::Serialize;

/// Delays up to this are asked for, in blocks.
pub const ASKED: u32 = 2;

/// One cause of delays.
#[derive(Clone, Debug, Serialize)]
pub struct ByCause {
    pub cause: Cause,
    /// Times under maintenance with a longer delay than [`ASKED`], most of whose blocks it was.
    pub late: usize,
    /// Blocks of it in all those that were late.
    pub blocks: u64,
    /// Delays without its blocks: median, 99th percentile, largest.
    pub without: [u32; 3],
    /// Delays without its blocks and those of all causes before it.
    pub without_so_far: [u32; 3],
}

/// Delays without the blocks of some causes.
pub fn without(episodes: &[Episode], last: u32, left_out: impl Fn(Cause) -> bool) -> [u32; 3] {
    let mut rest: Vec<u32> = episodes
        .iter()
        .map(|e| delay(e, last).saturating_sub(e.waits.sum(&left_out)))
        .collect();
    rest.sort_unstable();
    percentiles(&rest)
}

/// All causes that there were, in their order.
pub fn by_cause(episodes: &[Episode], last: u32) -> Vec<ByCause> {
    let late: Vec<&Episode> = episodes.iter().filter(|e| delay(e, last) > ASKED).collect();
    Cause::ALL
        .into_iter()
        .map(|cause| ByCause {
            cause,
            late: late
                .iter()
                .filter(|e| e.waits.largest() == Some(cause))
                .count(),
            blocks: late.iter().map(|e| u64::from(e.waits.of(cause))).sum(),
            without: without(episodes, last, |other| other == cause),
            without_so_far: without(episodes, last, |other| other <= cause),
        })
        .filter(|of| of.blocks > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cause::Waits;

    fn episode(began: u32, closed: u32, causes: &[(Cause, u32)]) -> Episode {
        let mut waits = Waits::default();
        for (cause, blocks) in causes {
            (0..*blocks).for_each(|_| waits.add(*cause));
        }
        Episode {
            account: 0,
            began,
            first_closing: Some(closed),
            lowest: 0.5,
            ended: Some(closed),
            waits,
        }
    }

    #[test]
    fn late_times_should_be_those_of_their_largest_cause() {
        let episodes = [
            episode(5, 5, &[]),
            episode(5, 7, &[(Cause::Budget, 2)]),
            episode(5, 15, &[(Cause::Halted, 7), (Cause::Drained, 3)]),
        ];
        let found = by_cause(&episodes, 20);
        let rows: Vec<_> = found
            .iter()
            .map(|of| {
                (
                    of.cause,
                    of.late,
                    of.blocks,
                    of.without[2],
                    of.without_so_far[2],
                )
            })
            .collect();
        // What is not late has no part in it.
        let expected = [(Cause::Halted, 1, 7, 3, 3), (Cause::Drained, 0, 3, 7, 2)];
        assert_eq!(rows, expected);
    }
}
