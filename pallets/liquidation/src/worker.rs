//! The offchain worker: sends free `liquidate` transactions for accounts that step 3 did not
//! reach. Safety does not depend on it; it only makes liquidation faster when the budget of step
//! 3 is used up. Every node may run it: the transactions of all of them are the same bytes, so the
//! pool keeps one. It needs no key, for its transactions are not signed.
//!
//! What it did is in its [`Report`], which the node reads for its metrics.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use crate::{Call, Config, Pallet};
use alloc::vec::Vec;
use bulwark_primitives::{Moment, SubAccount};
use codec::{Decode, DecodeAll, Encode};
use frame_system::{offchain::SubmitTransaction, pallet_prelude::BlockNumberFor};
use sp_runtime::offchain::{
    storage::{MutateStorageError, StorageRetrievalError, StorageValueRef},
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

/// Where the worker keeps its [`Report`], in persistent offchain storage.
pub const REPORT_KEY: &[u8] = b"bulwark/liquidator/report";
/// Longest report that is read; it takes half of that.
const MAX_REPORT: usize = 128;

/// What the worker has done since its node's database was created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Report {
    /// Runs that looked for due accounts.
    pub runs: u64,
    /// Runs that found another one at work.
    pub locked: u64,
    /// Due accounts that the last run saw, at most [`MAX_LOOKED_AT`].
    pub due: u32,
    /// Transactions handed to the pool.
    pub sent: u64,
    /// Transactions that the pool refused.
    pub rejected: u64,
    /// When the last run looked, milliseconds since the Unix epoch; 0 before the first.
    pub last_run: Moment,
}

/// A report and the version of its layout. A new layout is a new variant.
#[derive(Encode, Decode)]
enum Versioned {
    #[codec(index = 1)]
    V1(Report),
}

impl Report {
    /// Reads what the worker stored. `None` when that is damaged or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_REPORT {
            return None;
        }
        match Versioned::decode_all(&mut &*bytes).ok()? {
            Versioned::V1(report) => Some(report),
        }
    }

    /// What the worker stores.
    pub fn to_bytes(&self) -> Vec<u8> {
        Versioned::V1(*self).encode()
    }

    /// Changes the stored report. A run that finds the lock taken counts that while the other one works,
    /// so this is atomic; one that loses the race is not counted. What is damaged starts again.
    fn update(change: impl Fn(&mut Self)) {
        let next = |stored: Result<Option<Versioned>, StorageRetrievalError>| {
            let mut report = match stored {
                Ok(Some(Versioned::V1(report))) => report,
                Ok(None) | Err(StorageRetrievalError::Undecodable) => Self::default(),
            };
            change(&mut report);
            Ok::<_, core::convert::Infallible>(Versioned::V1(report))
        };
        match StorageValueRef::persistent(REPORT_KEY).mutate(next) {
            Ok(_) => {}
            Err(
                MutateStorageError::ConcurrentModification(_)
                | MutateStorageError::ValueFunctionFailed(_),
            ) => {
                log::debug!(target: LOG_TARGET, "event=report_contended");
            }
        }
    }
}

/// Submits at most [`MAX_TRANSACTIONS`] transactions. Runs of different blocks may overlap: the one
/// that finds the lock taken leaves the work to the other.
pub(crate) fn run<T: Config>(now: BlockNumberFor<T>) {
    let mut lock = StorageLock::<Time>::with_deadline(LOCK, Duration::from_millis(LOCK_MILLIS));
    let Ok(_guard) = lock.try_lock() else {
        log::debug!(target: LOG_TARGET, "event=locked block={now:?}");
        // Saturation: a counter that ever reaches its end should stay there. So everywhere here.
        Report::update(|report| report.locked = report.locked.saturating_add(1));
        return;
    };
    let due = Pallet::<T>::due_accounts(MAX_LOOKED_AT);
    let seen = u32::try_from(due.len()).unwrap_or(u32::MAX);
    let (sent, rejected) = submit_all::<T>(now, due);
    Report::update(|report| {
        report.runs = report.runs.saturating_add(1);
        report.due = seen;
        report.sent = report.sent.saturating_add(sent.into());
        report.rejected = report.rejected.saturating_add(rejected.into());
        report.last_run = sp_io::offchain::timestamp().unix_millis();
    });
}

/// Returns how many transactions the pool took, and how many it refused.
fn submit_all<T: Config>(now: BlockNumberFor<T>, due: Vec<SubAccount<T::AccountId>>) -> (u32, u32) {
    let (mut sent, mut rejected) = (0u32, 0u32);
    if due.is_empty() {
        return (sent, rejected);
    }
    log::debug!(target: LOG_TARGET, "event=run block={now:?} due={}", due.len());
    for account in due {
        if sent >= MAX_TRANSACTIONS {
            break;
        }
        if Pallet::<T>::may_liquidate(&account).is_err() {
            continue;
        }
        if submit::<T>(now, account) {
            sent = sent.saturating_add(1);
        } else {
            rejected = rejected.saturating_add(1);
        }
    }
    (sent, rejected)
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
