//! Rounds: which feeders were silent or far from the others, and what comes of it.

use crate::{
    seats, snapshot::Mark, Config, CurrentRound, Event, HotKeys, Pallet, Quorum, Registrations,
    ScoreSettings, Scoring, Tally, MIN_ROUND_BLOCKS, ROUND,
};
use alloc::vec::Vec;
use bulwark_primitives::{FeederStatus, Moment};
use bulwark_risk_math::oracle::Offence;
use frame_support::traits::Time;

/// Whether so many of a round's blocks are most of them.
fn most(part: u16, blocks: u16) -> bool {
    u32::from(part).saturating_mul(2) > u32::from(blocks)
}

impl Tally {
    /// The tally after one more block.
    fn after(self, mark: Mark) -> Self {
        // Saturation: a round of 65,535 blocks is judged by those.
        Self {
            missed: self.missed.saturating_add(mark.missed.into()),
            outside: self.outside.saturating_add(mark.outside.into()),
        }
    }

    /// Whether the feeder missed the round, and whether it was outside for it: for most of its
    /// blocks, so that one who lags a fast market for a moment is not blamed.
    fn of_round(self, blocks: u16) -> Mark {
        Mark {
            missed: most(self.missed, blocks),
            outside: most(self.outside, blocks),
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Counts one block and closes the round when its time is over. Returns whether it did.
    pub(crate) fn run_round(
        feeders: &[T::AccountId],
        marks: &[Mark],
        now: Moment,
        quorum: &Quorum,
    ) -> bool {
        let mut round = CurrentRound::<T>::get();
        round.blocks = round.blocks.saturating_add(1);
        for (tally, mark) in round.tallies.iter_mut().zip(marks) {
            *tally = tally.after(*mark);
        }
        let closed = now.saturating_sub(round.started) >= ROUND;
        if closed {
            let blocks = round.blocks;
            let results: Vec<Mark> = round
                .tallies
                .iter()
                .map(|tally| tally.of_round(blocks))
                .collect();
            for tally in &mut round.tallies {
                *tally = Tally::default();
            }
            (round.started, round.blocks) = (now, 0);
            CurrentRound::<T>::put(round);
            if counts(&results, blocks) {
                Self::score(feeders, &results, quorum);
            }
        } else {
            CurrentRound::<T>::put(round);
        }
        closed
    }

    /// Writes a round into the feeders' records and suspends those it convicts, unless too few
    /// would be left for a quorum.
    fn score(feeders: &[T::AccountId], results: &[Mark], quorum: &Quorum) {
        let scoring = ScoreSettings::<T>::get();
        let mut convicted = Vec::new();
        for (hot_key, mark) in feeders.iter().zip(results) {
            let Some(who) = HotKeys::<T>::get(hot_key) else {
                continue;
            };
            Registrations::<T>::mutate_extant(&who, |registration| {
                registration.record = registration.record.after(mark.missed, mark.outside);
                if registration.record.offences > 0 && registration.record.honest >= scoring.restore
                {
                    registration.record.offences = 0;
                    Self::deposit_event(Event::FeederRestored { who: who.clone() });
                }
                if let Some(offence) = registration.record.verdict(&scoring.thresholds()) {
                    convicted.push((who.clone(), offence));
                }
            });
        }
        let left = feeders.len().saturating_sub(convicted.len());
        if u32::try_from(left).unwrap_or(u32::MAX) < quorum.min_feeders {
            return;
        }
        for (who, offence) in convicted {
            Self::suspend(&who, offence, &scoring);
        }
    }

    /// Takes the seat of a convicted feeder for a while and, if it is not the first time, a part
    /// of its bond. Its last values stop counting with it; they are forgotten when it comes back.
    fn suspend(who: &T::AccountId, offence: Offence, scoring: &Scoring) {
        Registrations::<T>::mutate_extant(who, |registration| match registration.status {
            FeederStatus::Active(seat) => {
                seats::leave::<T>(&registration.hot_key);
                // Saturation: the clock is 500 million years from its end.
                let until = T::Clock::now().saturating_add(scoring.suspension);
                registration.status = FeederStatus::Suspended { seat, until };
                Self::deposit_event(Event::FeederSuspended {
                    who: who.clone(),
                    offence,
                    until,
                });
                if registration.record.offences > 0 {
                    Self::slash(who, registration, scoring.slash);
                }
                registration.record = registration.record.convicted();
            }
            FeederStatus::Candidate
            | FeederStatus::Suspended { .. }
            | FeederStatus::Barred
            | FeederStatus::Leaving { .. } => {}
        });
    }
}

/// Whether a round says anything of single feeders: it has enough blocks, and at most a third of
/// them did badly. When more do, it is the network, the market or a plot, and no score can tell which.
fn counts(results: &[Mark], blocks: u16) -> bool {
    let bad = results
        .iter()
        .filter(|mark| mark.missed || mark.outside)
        .count();
    blocks >= MIN_ROUND_BLOCKS && bad.saturating_mul(3) <= results.len()
}
