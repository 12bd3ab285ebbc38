//! The feeder's offchain worker.
//!
//! On every block that becomes the best one, a node that holds the `orcl` key of an admitted feeder
//! asks its configured exchanges for prices, all at once, takes its own median per asset and signs
//! one `Oracle.feed_values`. A source that is dead, slow or talks nonsense is skipped, counted and
//! logged; the others go on.
//!
//! ## What the node provides
//!
//! | what | where |
//! |---|---|
//! | the feeder's key | keystore, key type `orcl`, sr25519; the feeder is the account of that key |
//! | the sources | persistent offchain storage, raw bytes under [`SOURCES_KEY`]; see [`sources`] |
//!
//! It validates the sources when it starts, with [`parse_sources`].
//!
//! ## What the node can read back
//!
//! SCALE-encoded [`Counters`] in persistent offchain storage under [`COUNTERS_KEY`], and log lines
//! of `key=value` pairs with target [`LOG_TARGET`].

mod fetch;
pub mod sources;
mod submit;
pub mod tickers;

pub use sources::{parse_sources, Source, Sources, SourcesError, Venue};
#[cfg(feature = "std")]
pub use submit::FeederPair;
pub use submit::{FeederCrypto, FeederId, FeederSignature, SignedFeed, SubmitError, SubmitFeed};

use crate::{Assets, Config, Feeders};
use alloc::{collections::BTreeMap, vec::Vec};
use bulwark_primitives::{AssetId, Price};
use bulwark_risk_math::{aggregate, Quote};
use codec::{Decode, Encode};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::{crypto::KeyTypeId, offchain::StorageKind};
use sp_runtime::{
    offchain::{
        storage::StorageValueRef,
        storage_lock::{StorageLock, Time},
        Duration,
    },
    traits::UniqueSaturatedInto,
};

/// Type of a feeder's key in the keystore.
pub const KEY_TYPE: KeyTypeId = KeyTypeId(*b"orcl");

/// Where the node writes the bytes of its sources file, in persistent offchain storage.
pub const SOURCES_KEY: &[u8] = b"bulwark/price-sources";

/// Where the worker keeps its [`Counters`], in persistent offchain storage.
pub const COUNTERS_KEY: &[u8] = b"bulwark/feeder/counters";

/// Target of the worker's log lines.
pub const LOG_TARGET: &str = "bulwark::feeder";

const LOCK_KEY: &[u8] = b"bulwark/feeder/lock";

/// How long all sources together may take, in milliseconds.
const FETCH_MILLIS: u64 = 2_000;

/// When a lock counts as left behind by a worker that died; longer than a round can take.
const LOCK_MILLIS: u64 = 2 * FETCH_MILLIS;

/// What the worker has done since its node's database was created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Counters {
    /// Answers of sources that could be used.
    pub sources_ok: u64,
    /// Sources that did not answer, too late, or with something that is not their price.
    pub sources_failed: u64,
    /// Feeds handed to the transaction pool.
    pub submitted: u64,
    /// Feeds that could not be signed or that the pool refused.
    pub refused: u64,
    /// The last block a round was made for.
    pub last_block: Option<u64>,
}

impl Counters {
    fn load() -> Self {
        // Counters of another layout are not worth an error: counting starts again.
        StorageValueRef::persistent(COUNTERS_KEY)
            .get()
            .ok()
            .flatten()
            .unwrap_or_default()
    }

    fn store(&self) {
        StorageValueRef::persistent(COUNTERS_KEY).set(self);
    }

    // Saturation: a counter that ever reaches 2^64 should stay there.
    fn count(&mut self, round: &Round) {
        self.sources_ok = self.sources_ok.saturating_add(round.ok);
        self.sources_failed = self.sources_failed.saturating_add(round.failed);
    }
}

/// What one round brought.
#[derive(Debug, Default, PartialEq, Eq)]
struct Round {
    ok: u64,
    failed: u64,
    values: Vec<(AssetId, Price)>,
}

/// One round for `block`: does nothing without the key of an admitted feeder, while another round
/// runs, or when the block had its round. So there is at most one feed in flight per block.
pub(crate) fn run<T: Config>(block: BlockNumberFor<T>) {
    let block: u64 = block.unique_saturated_into();
    let Some(feeder) = local_feeder::<T>() else {
        log::debug!(target: LOG_TARGET, "block={block} outcome=no_feeder_key");
        return;
    };
    let mut lock =
        StorageLock::<'_, Time>::with_deadline(LOCK_KEY, Duration::from_millis(LOCK_MILLIS));
    let Ok(_guard) = lock.try_lock() else {
        log::debug!(target: LOG_TARGET, "block={block} outcome=still_running");
        return;
    };
    let mut counters = Counters::load();
    if counters.last_block == Some(block) {
        return;
    }
    counters.last_block = Some(block);
    let Some(sources) = load_sources(block) else {
        counters.store();
        return;
    };

    let round = gather::<T>(&sources);
    counters.count(&round);
    let assets = round.values.len();
    let outcome = if round.values.is_empty() {
        "nothing_to_feed"
    } else {
        match T::Submit::submit(&feeder, round.values) {
            Ok(()) => {
                counters.submitted = counters.submitted.saturating_add(1);
                "submitted"
            }
            Err(error) => {
                counters.refused = counters.refused.saturating_add(1);
                error.as_str()
            }
        }
    };
    counters.store();
    log::info!(
        target: LOG_TARGET,
        "block={block} outcome={outcome} assets={assets} sources_ok={} sources_failed={}",
        round.ok,
        round.failed,
    );
}

/// The first key of this node that belongs to an admitted feeder. Only one: two keys fed from the
/// same sources would be one opinion that counts twice.
fn local_feeder<T: Config>() -> Option<T::AccountId> {
    let feeders = Feeders::<T>::get();
    T::Submit::local_feeders()
        .into_iter()
        .find(|who| feeders.binary_search(who).is_ok())
}

fn load_sources(block: u64) -> Option<Sources> {
    let Some(bytes) = sp_io::offchain::local_storage_get(StorageKind::PERSISTENT, SOURCES_KEY)
    else {
        log::warn!(target: LOG_TARGET, "block={block} outcome=no_sources");
        return None;
    };
    match parse_sources(&bytes) {
        Ok(sources) => Some(sources),
        Err(SourcesError { line, reason }) => {
            log::error!(
                target: LOG_TARGET,
                "block={block} outcome=bad_sources line={line} reason={reason:?}"
            );
            None
        }
    }
}

/// Asks every source of a listed asset and takes the median per asset.
fn gather<T: Config>(sources: &Sources) -> Round {
    let assets = Assets::<T>::get();
    let wanted: Vec<&Source> = sources
        .iter()
        .filter(|source| {
            assets
                .binary_search_by_key(&source.asset, |entry| entry.asset)
                .is_ok()
        })
        .collect();
    let mut round = Round::default();
    let mut quotes = BTreeMap::<AssetId, Vec<Quote>>::new();
    let at = sp_io::offchain::timestamp().unix_millis();
    let bodies = fetch::all(&wanted, Duration::from_millis(FETCH_MILLIS));
    for (source, body) in wanted.iter().zip(bodies) {
        let price = match body {
            Ok(body) => {
                tickers::parse(source.venue, &source.symbol, &body).map_err(|error| error.as_str())
            }
            Err(error) => Err(error.as_str()),
        };
        match price {
            Ok(price) => {
                round.ok = round.ok.saturating_add(1);
                quotes
                    .entry(source.asset)
                    .or_default()
                    .push(Quote { price, at });
            }
            Err(error) => {
                round.failed = round.failed.saturating_add(1);
                log::warn!(
                    target: LOG_TARGET,
                    "venue={} asset={} symbol={} error={error}",
                    source.venue.as_str(),
                    source.asset,
                    source.symbol,
                );
            }
        }
    }
    round.values = quotes
        .into_iter()
        .filter_map(|(asset, mut quotes)| Some((asset, aggregate(&mut quotes)?.median)))
        .collect();
    round
}
