//! Typed values in persistent offchain storage, with a version.
//!
//! Whatever is found there that is not such a value, of this version and of a sane length, is nothing:
//! the worker starts again from the default, and never fails because of what is on a disk.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use alloc::vec::Vec;
use codec::{Decode, DecodeAll, Encode};
use sp_core::offchain::StorageKind;

/// How often a change is tried again that lost a race with another run of the worker.
const ATTEMPTS: usize = 4;

/// A value and the version of its layout. A new layout is a new variant.
#[derive(Encode, Decode)]
enum Versioned<V> {
    #[codec(index = 1)]
    V1(V),
}

pub(super) fn encode<V: Encode>(value: V) -> Vec<u8> {
    Versioned::V1(value).encode()
}

/// `None` for what is longer than `limit`, damaged, or of another version.
pub(super) fn decode<V: Decode>(bytes: &[u8], limit: usize) -> Option<V> {
    if bytes.len() > limit {
        return None;
    }
    match Versioned::decode_all(&mut &*bytes).ok()? {
        Versioned::V1(value) => Some(value),
    }
}

pub(super) fn load<V: Decode>(key: &[u8], limit: usize) -> Option<V> {
    let bytes = sp_io::offchain::local_storage_get(StorageKind::PERSISTENT, key)?;
    decode(&bytes, limit)
}

pub(super) fn store<V: Encode>(key: &[u8], value: V) {
    sp_io::offchain::local_storage_set(StorageKind::PERSISTENT, key, &encode(value));
}

/// Changes a value that other runs of the worker may change at the same time. Gives up after a few lost
/// races; returns whether it was changed.
pub(super) fn update<V: Encode + Decode + Default>(
    key: &[u8],
    limit: usize,
    change: impl Fn(&mut V),
) -> bool {
    for _ in 0..ATTEMPTS {
        let old = sp_io::offchain::local_storage_get(StorageKind::PERSISTENT, key);
        let mut value: V = old
            .as_deref()
            .and_then(|bytes| decode(bytes, limit))
            .unwrap_or_default();
        change(&mut value);
        let new = encode(value);
        if sp_io::offchain::local_storage_compare_and_set(StorageKind::PERSISTENT, key, old, &new) {
            return true;
        }
    }
    false
}
