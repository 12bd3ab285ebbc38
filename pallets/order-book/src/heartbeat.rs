//! The dead man's switch of a sub-account.

use crate::{
    desk::{Deadline, MAX_HEARTBEAT},
    Config, Deadlines, Error, Event, Pallet, SubAccountOf,
};
use frame_support::ensure;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Moves the deadline of an account to `blocks` from now; none takes it away.
    ///
    /// # Errors
    /// See `heartbeat`.
    pub(crate) fn do_heartbeat(
        account: &SubAccountOf<T>,
        blocks: u32,
        stops: bool,
    ) -> DispatchResult {
        ensure!(blocks <= MAX_HEARTBEAT, Error::<T>::HeartbeatTooLong);
        let at = Self::now()
            .checked_add(blocks)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        let deadline = (blocks > 0).then_some(Deadline { at, stops });
        Self::on_desk(account, |desk| {
            if desk.orders == 0 && desk.stops == 0 && deadline.is_some() {
                // Whoever can place nothing has nothing to watch either.
                Self::ensure_place(account, desk, false, None)?;
            }
            if let Some(old) = desk.deadline {
                Deadlines::<T>::remove(old.at.to_be_bytes(), account);
            }
            if let Some(new) = deadline {
                Deadlines::<T>::insert(new.at.to_be_bytes(), account, ());
            }
            desk.deadline = deadline;
            Ok(())
        })?;
        Self::deposit_event(Event::HeartbeatSet {
            account: account.clone(),
            deadline,
        });
        Ok(())
    }

    /// Takes the switch of an account away because it has done its work.
    pub(crate) fn end_heartbeat(account: &SubAccountOf<T>) -> DispatchResult {
        Self::on_desk(account, |desk| {
            if let Some(old) = desk.deadline.take() {
                Deadlines::<T>::remove(old.at.to_be_bytes(), account);
            }
            Ok(())
        })?;
        Self::deposit_event(Event::HeartbeatMissed {
            account: account.clone(),
        });
        Ok(())
    }
}
