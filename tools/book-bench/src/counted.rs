//! Storage that counts what the runtime does with it, by pallet, and how long that takes.

use polkadot_sdk::{
    sp_core::storage::{ChildInfo, StateVersion, TrackedStorageKey},
    sp_externalities::{Error, Extension, ExtensionStore, Externalities, MultiRemovalResults},
};
use std::{
    any::{Any, TypeId},
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// Accesses and their time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub reads: u64,
    pub writes: u64,
    pub took: Duration,
}

/// By the first half of the key, which is the pallet's; transactions and all else by nothing.
pub type Counts = BTreeMap<Vec<u8>, Count>;

/// Storage with counters.
pub struct Counted<'a> {
    pub inner: &'a mut dyn Externalities,
    pub counts: &'a mut Counts,
}

impl Counted<'_> {
    fn count<R>(
        &mut self,
        key: &[u8],
        (reads, writes): (u64, u64),
        access: impl FnOnce(&mut dyn Externalities) -> R,
    ) -> R {
        let begun = Instant::now();
        let result = access(self.inner);
        let took = begun.elapsed();
        let pallet = key.get(..16).unwrap_or_default();
        let count = match self.counts.get_mut(pallet) {
            Some(count) => count,
            None => self.counts.entry(pallet.to_vec()).or_default(),
        };
        count.reads += reads;
        count.writes += writes;
        count.took += took;
        result
    }
}

impl ExtensionStore for Counted<'_> {
    fn extension_by_type_id(&mut self, type_id: TypeId) -> Option<&mut dyn Any> {
        self.inner.extension_by_type_id(type_id)
    }

    fn register_extension_with_type_id(
        &mut self,
        type_id: TypeId,
        extension: Box<dyn Extension>,
    ) -> Result<(), Error> {
        self.inner
            .register_extension_with_type_id(type_id, extension)
    }

    fn deregister_extension_by_type_id(&mut self, type_id: TypeId) -> Result<(), Error> {
        self.inner.deregister_extension_by_type_id(type_id)
    }
}

impl Externalities for Counted<'_> {
    fn set_offchain_storage(&mut self, key: &[u8], value: Option<&[u8]>) {
        self.inner.set_offchain_storage(key, value);
    }

    fn storage(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.count(key, (1, 0), |ext| ext.storage(key))
    }

    fn storage_hash(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.count(key, (1, 0), |ext| ext.storage_hash(key))
    }

    fn child_storage_hash(&mut self, child: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
        self.inner.child_storage_hash(child, key)
    }

    fn child_storage(&mut self, child: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
        self.inner.child_storage(child, key)
    }

    fn exists_storage(&mut self, key: &[u8]) -> bool {
        self.count(key, (1, 0), |ext| ext.exists_storage(key))
    }

    fn next_storage_key(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.count(key, (1, 0), |ext| ext.next_storage_key(key))
    }

    fn next_child_storage_key(&mut self, child: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
        self.inner.next_child_storage_key(child, key)
    }

    fn kill_child_storage(
        &mut self,
        child: &ChildInfo,
        limit: Option<u32>,
        cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        self.inner.kill_child_storage(child, limit, cursor)
    }

    fn clear_prefix(
        &mut self,
        prefix: &[u8],
        limit: Option<u32>,
        cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        self.count(prefix, (0, 1), |ext| {
            ext.clear_prefix(prefix, limit, cursor)
        })
    }

    fn clear_child_prefix(
        &mut self,
        child: &ChildInfo,
        prefix: &[u8],
        limit: Option<u32>,
        cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        self.inner.clear_child_prefix(child, prefix, limit, cursor)
    }

    fn place_storage(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        let pallet = key.clone();
        self.count(&pallet, (0, 1), |ext| ext.place_storage(key, value));
    }

    fn place_child_storage(&mut self, child: &ChildInfo, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.inner.place_child_storage(child, key, value);
    }

    fn storage_root(&mut self, version: StateVersion) -> Vec<u8> {
        self.inner.storage_root(version)
    }

    fn child_storage_root(&mut self, child: &ChildInfo, version: StateVersion) -> Vec<u8> {
        self.inner.child_storage_root(child, version)
    }

    fn storage_append(&mut self, key: Vec<u8>, value: Vec<u8>) {
        let pallet = key.clone();
        self.count(&pallet, (0, 1), |ext| ext.storage_append(key, value));
    }

    fn storage_start_transaction(&mut self) {
        self.count(&[], (0, 1), |ext| ext.storage_start_transaction());
    }

    fn storage_rollback_transaction(&mut self) -> Result<(), ()> {
        self.count(&[], (0, 1), |ext| ext.storage_rollback_transaction())
    }

    fn storage_commit_transaction(&mut self) -> Result<(), ()> {
        self.count(&[], (0, 1), |ext| ext.storage_commit_transaction())
    }

    fn wipe(&mut self) {
        self.inner.wipe();
    }

    fn commit(&mut self) {
        self.inner.commit();
    }

    fn read_write_count(&self) -> (u32, u32, u32, u32) {
        self.inner.read_write_count()
    }

    fn reset_read_write_count(&mut self) {
        self.inner.reset_read_write_count();
    }

    fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
        self.inner.get_whitelist()
    }

    fn set_whitelist(&mut self, new: Vec<TrackedStorageKey>) {
        self.inner.set_whitelist(new);
    }

    fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
        self.inner.get_read_and_written_keys()
    }
}
