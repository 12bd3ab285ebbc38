//! The feeder's offchain worker.
//!
//! On every block that becomes the best one, a node that holds the `orcl` key of an admitted feeder
//! asks its configured exchanges for prices, all at once, and takes its own value per asset: the
//! median of the quotes, outliers taken out ([`value`]). If that says something new, it signs one
//! `Oracle.feed_values` with all values ([`policy`]). A source that is dead, slow, stale or talks
//! nonsense is skipped, counted and logged; the others go on.
//!
//! ## What the node provides
//!
//! | what | where |
//! |---|---|
//! | the feeder's key | keystore, key type `orcl`, sr25519: it signs the feeds |
//! | the sources | persistent offchain storage, raw bytes under [`SOURCES_KEY`]; see [`sources`] |
//! | TLS | its HTTP client, for `https://` URLs |
//!
//! It validates the sources when it starts, with [`parse_sources`].
//!
//! ## What the node can read back
//!
//! A [`Report`] in persistent offchain storage under [`REPORT_KEY`], and log lines of `key=value`
//! pairs with target [`LOG_TARGET`].
//!
//! ## Failure
//!
//! Nothing here is part of consensus, and nothing panics: bodies, sources and stored state may be any
//! bytes. At worst this node feeds nothing, and says why.

mod decimal;
mod error;
mod fetch;
mod policy;
mod report;
mod round;
pub mod sources;
mod stored;
mod submit;
pub mod tickers;
mod utc;
mod value;

pub use decimal::parse_decimal;
pub use error::SourceError;
pub use policy::{HEARTBEAT_MILLIS, MOVE_BP};
pub use report::{Outcome, Report, VenueReport, REPORT_KEY};
pub use sources::{parse_sources, Source, Sources, SourcesError, Venue};
#[cfg(feature = "std")]
pub use submit::FeederPair;
pub use submit::{FeederCrypto, FeederId, FeederSignature, SignedFeed, SubmitError, SubmitFeed};

use crate::{Assets, Config, Pallet};
use bulwark_primitives::AssetId;
use bulwark_traits::PriceSource;
use codec::Encode;
use frame_support::traits::SortedMembers;
use frame_system::pallet_prelude::BlockNumberFor;
use policy::State;
use sp_core::{crypto::KeyTypeId, offchain::StorageKind};
use sp_runtime::{
    offchain::{
        storage::StorageValueRef,
        storage_lock::{StorageLock, Time},
        Duration, Timestamp,
    },
    traits::UniqueSaturatedInto,
};

/// Type of a feeder's key in the keystore.
pub const KEY_TYPE: KeyTypeId = KeyTypeId(*b"orcl");

/// Where the node writes the bytes of its sources file, in persistent offchain storage.
pub const SOURCES_KEY: &[u8] = b"bulwark/price-sources";

/// Target of the worker's log lines.
pub const LOG_TARGET: &str = "bulwark::feeder";

const LOCK_KEY: &[u8] = b"bulwark/feeder/lock";

/// How long all sources together may take, in milliseconds.
pub const FETCH_MILLIS: u64 = 2_000;

/// When a lock counts as left behind by a worker that died; longer than a round can take.
const LOCK_MILLIS: u64 = 2 * FETCH_MILLIS;

/// How long a round waits for the one before, in milliseconds. With a source that never answers a round
/// takes a little longer than a slot; without this, every other block would go without one.
const WAIT_MILLIS: u64 = 500;

/// Time between two looks at the lock while waiting for it.
const WAIT_STEP_MILLIS: u64 = 50;

/// One round for `block`: does nothing without the key of an admitted feeder, while another round
/// runs, or when the block had its round. So there is at most one feed per block.
pub(crate) fn run<T: Config>(block: BlockNumberFor<T>) {
    let block: u64 = block.unique_saturated_into();
    let feeder = match local_feeder::<T>() {
        Ok(feeder) => feeder,
        Err(outcome) => return without_key(block, outcome),
    };
    wait_for_lock();
    let mut lock =
        StorageLock::<'_, Time>::with_deadline(LOCK_KEY, Duration::from_millis(LOCK_MILLIS));
    let _guard = match lock.try_lock() {
        Ok(guard) => guard,
        Err(until) => return locked(block, until),
    };
    let mut state = State::load(sp_io::hashing::blake2_256(&feeder.encode()));
    if state.last_block == Some(block) {
        return;
    }
    state.last_block = Some(block);
    match load_sources(block) {
        Ok(sources) => round::run::<T>(block, &feeder, &sources, &mut state),
        Err(outcome) => report::update(|report| report.ended(outcome)),
    }
    state.store();
}

/// The first key of this node that belongs to an admitted feeder. Only one: two keys fed from the
/// same sources would be one opinion that counts twice.
fn local_feeder<T: Config>() -> Result<T::AccountId, Outcome> {
    let keys = T::Submit::local_feeders();
    if keys.is_empty() {
        return Err(Outcome::NoKey);
    }
    keys.into_iter()
        .find(|who| may_feed::<T>(who))
        .ok_or(Outcome::NotAdmitted)
}

/// Most nodes never had a key, and for them nothing is written. One that had says so, and one that has a
/// key that does not count.
fn without_key(block: u64, outcome: Outcome) {
    let before = report::load().last_outcome;
    let never_fed = before.is_none() && outcome == Outcome::NoKey;
    log::log!(
        target: LOG_TARGET,
        outcome.level(never_fed || before == Some(outcome)),
        "block={block} outcome={}",
        outcome.as_str(),
    );
    if !never_fed {
        report::update(|report| report.ended(outcome));
    }
}

/// Waits while another round runs, [`WAIT_MILLIS`] at most. Only looks: the lock is taken after it.
fn wait_for_lock() {
    for _ in 0..WAIT_MILLIS / WAIT_STEP_MILLIS {
        let now = sp_io::offchain::timestamp();
        match StorageValueRef::persistent(LOCK_KEY).get::<Timestamp>() {
            Ok(Some(until)) if until >= now => {
                sp_io::offchain::sleep_until(now.add(Duration::from_millis(WAIT_STEP_MILLIS)));
            }
            Ok(_) | Err(_) => return,
        }
    }
}

/// Another round runs, or died and left its lock behind, which then runs out.
fn locked(block: u64, until: Timestamp) {
    let outcome = Outcome::Locked;
    let left = until.diff(&sp_io::offchain::timestamp()).millis();
    log::log!(
        target: LOG_TARGET,
        outcome.level(false),
        "block={block} outcome={} lock_left_ms={left}",
        outcome.as_str(),
    );
    report::update(|report| report.ended(outcome));
    // No round takes a lock for longer: the clock was set back while it was held.
    if left > LOCK_MILLIS {
        log::warn!(target: LOG_TARGET, "block={block} event=lock_removed lock_left_ms={left}");
        StorageValueRef::persistent(LOCK_KEY).clear();
    }
}

fn load_sources(block: u64) -> Result<Sources, Outcome> {
    let bytes = sp_io::offchain::local_storage_get(StorageKind::PERSISTENT, SOURCES_KEY);
    let (outcome, error) = match bytes.as_deref().map(parse_sources) {
        Some(Ok(sources)) => return Ok(sources),
        Some(Err(error)) => (Outcome::BadSources, error),
        None => (
            Outcome::NoSources,
            SourcesError {
                line: 0,
                reason: "the node has no sources file".into(),
            },
        ),
    };
    let SourcesError { line, reason } = error;
    log::log!(
        target: LOG_TARGET,
        outcome.level(report::load().last_outcome == Some(outcome)),
        "block={block} outcome={} line={line} reason={reason:?}",
        outcome.as_str(),
    );
    Err(outcome)
}

// What the worker asks the rest of the pallet.

/// Whether the chain takes feeds signed by `who`.
fn may_feed<T: Config>(who: &T::AccountId) -> bool {
    <Pallet<T> as SortedMembers<T::AccountId>>::contains(who)
}

/// The assets that have a price.
fn listed<T: Config>() -> alloc::vec::Vec<AssetId> {
    Assets::<T>::get().iter().map(|entry| entry.asset).collect()
}

/// Whether the price of `asset` is clean in this block.
fn is_clean<T: Config>(asset: AssetId) -> bool {
    <Pallet<T> as PriceSource>::price(asset).is_ok()
}
