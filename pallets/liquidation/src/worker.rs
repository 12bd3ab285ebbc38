//! The offchain worker: sends free `liquidate` transactions for accounts that step 3 did not
//! reach. Safety does not depend on it; it only makes liquidation faster when the budget of step
//! 3 is used up. Every node may run it: the transactions of all of them are the same bytes, so the
//! pool keeps one.

use crate::{Call, Config, Pallet};
use bulwark_primitives::SubAccount;
use frame_system::{offchain::SubmitTransaction, pallet_prelude::BlockNumberFor};
use sp_runtime::offchain::{
    storage_lock::{StorageLock, Time},
    Duration,
};

/// Log target of the worker.
pub const LOG_TARGET: &str = "bulwark::liquidator";
/// Transactions of one block.
pub const MAX_TRANSACTIONS: u32 = 16;
/// Due accounts looked at in one block; those that are healthy, parked or closed are skipped.
pub const MAX_LOOKED_AT: u32 = 256;

const LOCK: &[u8] = b"bulwark::liquidator::lock";
/// Longer than a run takes, shorter than the time in which a lock that was left behind would hurt.
const LOCK_MILLIS: u64 = 10_000;

/// Submits at most [`MAX_TRANSACTIONS`] transactions. Runs of different blocks may overlap: the one
/// that finds the lock taken leaves the work to the other.
pub(crate) fn run<T: Config>(now: BlockNumberFor<T>) {
    let mut lock = StorageLock::<Time>::with_deadline(LOCK, Duration::from_millis(LOCK_MILLIS));
    let Ok(_guard) = lock.try_lock() else {
        log::debug!(target: LOG_TARGET, "event=locked block={now:?}");
        return;
    };
    let due = Pallet::<T>::due_accounts(MAX_LOOKED_AT);
    if due.is_empty() {
        return;
    }
    log::debug!(target: LOG_TARGET, "event=run block={now:?} due={}", due.len());
    let mut sent = 0u32;
    for account in due {
        if sent >= MAX_TRANSACTIONS {
            break;
        }
        if Pallet::<T>::may_liquidate(&account).is_ok() && submit::<T>(now, account) {
            sent = sent.saturating_add(1);
        }
    }
}

fn submit<T: Config>(now: BlockNumberFor<T>, account: SubAccount<T::AccountId>) -> bool {
    let owner = account.owner.clone();
    let index = account.index;
    let call = Call::<T>::liquidate { account };
    let transaction = T::create_authorized_transaction(call.into());
    let sent = SubmitTransaction::<T, Call<T>>::submit_transaction(transaction).is_ok();
    log::info!(
        target: LOG_TARGET,
        "event=submit block={now:?} owner={owner:?} sub_account={index} accepted={sent}",
    );
    sent
}
