//! Where a chain in memory keeps its storage.

use codec::{Compact, Decode, Encode};
use polkadot_sdk::{
    sp_core::storage::{ChildInfo, StateVersion, TrackedStorageKey},
    sp_io::{hashing::blake2_256, TestExternalities},
};
use sp_externalities::{
    set_and_run_with_externalities, Error, Extension, ExtensionStore, Extensions, Externalities,
    MultiRemovalResults,
};
use std::{
    any::{Any, TypeId},
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

/// Bytes of a storage map's prefix: the hashes of its pallet and of itself.
pub(crate) const PREFIX: usize = 32;

/// Storage of a chain.
pub(crate) enum State {
    /// With a state root in each header, as a node has it.
    Trie(Box<TestExternalities>),
    /// Without: headers carry an empty root, which nothing of the runtime reads.
    Flat(Flat),
}

impl State {
    /// Runs a closure on it.
    pub(crate) fn execute_with<R>(&mut self, f: impl FnOnce() -> R) -> R {
        match self {
            Self::Trie(ext) => ext.execute_with(f),
            Self::Flat(flat) => set_and_run_with_externalities(flat, f),
        }
    }
}

/// One sorted map, and what undoes the changes of open transactions.
///
/// A root over 100,000 accounts takes longer than everything else in a block. Without it, and without
/// a change log of each key, a block costs what the runtime does in it.
#[derive(Default)]
pub(crate) struct Flat {
    top: BTreeMap<Vec<u8>, Vec<u8>>,
    open: Vec<Vec<Undo>>,
    watched: Option<Watch>,
    followed: Option<Watch>,
    extensions: Extensions,
}

/// Which keys of one storage map are read, or written.
pub(crate) struct Watch {
    prefix: [u8; PREFIX],
    seen: BTreeSet<Vec<u8>>,
}

/// What was there before a change.
enum Undo {
    Value(Vec<u8>, Option<Vec<u8>>),
    /// A list had so many elements, in so many bytes after the count.
    Appended(Vec<u8>, u32, usize),
}

impl Watch {
    fn new(prefix: [u8; PREFIX]) -> Self {
        Self {
            prefix,
            seen: BTreeSet::new(),
        }
    }

    fn note(&mut self, key: &[u8]) {
        if let Some(rest) = key.strip_prefix(&self.prefix[..]) {
            if !self.seen.contains(rest) {
                self.seen.insert(rest.to_vec());
            }
        }
    }
}

impl Flat {
    /// Notes which keys of a map are read from now on.
    pub(crate) fn watch(&mut self, prefix: [u8; PREFIX]) {
        self.watched = Some(Watch::new(prefix));
    }

    /// Notes which keys of a map are written from now on, also when that is undone.
    pub(crate) fn follow(&mut self, prefix: [u8; PREFIX]) {
        self.followed = Some(Watch::new(prefix));
    }

    /// The keys of the map that were written since the last time, without its prefix; goes on.
    pub(crate) fn followed(&mut self) -> BTreeSet<Vec<u8>> {
        let followed = self.followed.as_mut();
        followed.map_or_else(BTreeSet::new, |watch| std::mem::take(&mut watch.seen))
    }

    /// The keys of the map that were read since, without its prefix.
    pub(crate) fn watched(&mut self) -> BTreeSet<Vec<u8>> {
        self.watched
            .take()
            .map_or_else(BTreeSet::new, |watch| watch.seen)
    }

    fn note(&mut self, key: &[u8]) {
        if let Some(watch) = &mut self.watched {
            watch.note(key);
        }
    }

    fn undo(&mut self, undo: Undo) {
        match undo {
            Undo::Value(key, Some(value)) => {
                self.top.insert(key, value);
            }
            Undo::Value(key, None) => {
                self.top.remove(&key);
            }
            Undo::Appended(key, count, bytes) => {
                if let Some(list) = self.top.get_mut(&key) {
                    let head = count_of(list).1;
                    let mut before = Compact(count).encode();
                    before.extend_from_slice(&list[head..head + bytes]);
                    *list = before;
                }
            }
        }
    }
}

/// Elements of an encoded list, and the bytes that say so.
fn count_of(list: &[u8]) -> (u32, usize) {
    let mut rest = list;
    let count = Compact::<u32>::decode(&mut rest).map_or(0, |count| count.0);
    (count, list.len() - rest.len())
}

impl Externalities for Flat {
    fn set_offchain_storage(&mut self, _key: &[u8], _value: Option<&[u8]>) {}

    fn storage(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.note(key);
        self.top.get(key).cloned()
    }

    fn exists_storage(&mut self, key: &[u8]) -> bool {
        self.note(key);
        self.top.contains_key(key)
    }

    fn storage_hash(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.top.get(key).map(|value| blake2_256(value).to_vec())
    }

    fn next_storage_key(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        let after = (Bound::Excluded(key), Bound::Unbounded);
        self.top
            .range::<[u8], _>(after)
            .next()
            .map(|(key, _)| key.clone())
    }

    fn place_storage(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        if let Some(watch) = &mut self.followed {
            watch.note(&key);
        }
        let journal = !self.open.is_empty();
        let old = match (value, journal) {
            (Some(value), true) => self.top.insert(key.clone(), value),
            (None, true) => self.top.remove(&key),
            (Some(value), false) => {
                self.top.insert(key, value);
                return;
            }
            (None, false) => {
                self.top.remove(&key);
                return;
            }
        };
        if let Some(changes) = self.open.last_mut() {
            changes.push(Undo::Value(key, old));
        }
    }

    fn storage_append(&mut self, key: Vec<u8>, value: Vec<u8>) {
        let list = self.top.entry(key.clone()).or_insert_with(|| vec![0]);
        let (count, head) = count_of(list);
        let bytes = list.len() - head;
        let counted = Compact(count + 1).encode();
        if counted.len() == head {
            list[..head].copy_from_slice(&counted);
        } else {
            list.splice(..head, counted);
        }
        list.extend_from_slice(&value);
        if let Some(changes) = self.open.last_mut() {
            changes.push(Undo::Appended(key, count, bytes));
        }
    }

    fn clear_prefix(
        &mut self,
        prefix: &[u8],
        limit: Option<u32>,
        _cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        let limit = limit.map_or(usize::MAX, |limit| limit as usize);
        let from = (Bound::Included(prefix), Bound::Unbounded);
        let mut found: Vec<Vec<u8>> = self
            .top
            .range::<[u8], _>(from)
            .map(|(key, _)| key)
            .take_while(|key| key.starts_with(prefix))
            .take(limit.saturating_add(1))
            .cloned()
            .collect();
        let maybe_cursor = (found.len() > limit).then(|| found.pop()).flatten();
        let count = found.len() as u32;
        for key in found {
            self.place_storage(key, None);
        }
        MultiRemovalResults {
            maybe_cursor,
            backend: count,
            unique: count,
            loops: count,
        }
    }

    fn storage_root(&mut self, _version: StateVersion) -> Vec<u8> {
        vec![0; 32]
    }

    fn storage_start_transaction(&mut self) {
        self.open.push(Vec::new());
    }

    fn storage_rollback_transaction(&mut self) -> Result<(), ()> {
        for undo in self.open.pop().ok_or(())?.into_iter().rev() {
            self.undo(undo);
        }
        Ok(())
    }

    fn storage_commit_transaction(&mut self) -> Result<(), ()> {
        let done = self.open.pop().ok_or(())?;
        if let Some(outer) = self.open.last_mut() {
            outer.extend(done);
        }
        Ok(())
    }

    // The runtime has no child tries, and nothing here is benchmarked.

    fn child_storage(&mut self, _child: &ChildInfo, _key: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn child_storage_hash(&mut self, _child: &ChildInfo, _key: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn next_child_storage_key(&mut self, _child: &ChildInfo, _key: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn kill_child_storage(
        &mut self,
        _child: &ChildInfo,
        _limit: Option<u32>,
        _cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        unimplemented!("no child tries")
    }

    fn clear_child_prefix(
        &mut self,
        _child: &ChildInfo,
        _prefix: &[u8],
        _limit: Option<u32>,
        _cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        unimplemented!("no child tries")
    }

    fn place_child_storage(&mut self, _child: &ChildInfo, _key: Vec<u8>, _value: Option<Vec<u8>>) {
        unimplemented!("no child tries")
    }

    fn child_storage_root(&mut self, _child: &ChildInfo, _version: StateVersion) -> Vec<u8> {
        unimplemented!("no child tries")
    }

    fn wipe(&mut self) {}

    fn commit(&mut self) {}

    fn read_write_count(&self) -> (u32, u32, u32, u32) {
        (0, 0, 0, 0)
    }

    fn reset_read_write_count(&mut self) {}

    fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
        Vec::new()
    }

    fn set_whitelist(&mut self, _: Vec<TrackedStorageKey>) {}

    fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
        Vec::new()
    }
}

impl ExtensionStore for Flat {
    fn extension_by_type_id(&mut self, type_id: TypeId) -> Option<&mut dyn Any> {
        self.extensions.get_mut(type_id)
    }

    fn register_extension_with_type_id(
        &mut self,
        type_id: TypeId,
        extension: Box<dyn Extension>,
    ) -> Result<(), Error> {
        self.extensions.register_with_type_id(type_id, extension)
    }

    fn deregister_extension_by_type_id(&mut self, type_id: TypeId) -> Result<(), Error> {
        if self.extensions.deregister(type_id) {
            Ok(())
        } else {
            Err(Error::ExtensionIsNotRegistered(type_id))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polkadot_sdk::sp_io::storage;

    fn list(count: u32) -> Vec<u8> {
        (0..count).collect::<Vec<u32>>().encode()
    }

    #[test]
    fn rollback_should_restore_values_and_lists_when_transactions_are_nested() {
        let mut state = State::Flat(Flat::default());
        state.execute_with(|| {
            storage::set(b"a", b"1");
            // 63 to 65 elements: the count grows from one byte to two.
            storage::set(b"list", &list(63));
            storage::start_transaction();
            storage::set(b"a", b"2");
            storage::append(b"list", 63u32.encode());
            storage::start_transaction();
            storage::append(b"list", 64u32.encode());
            storage::clear(b"a");
            storage::set(b"b", b"3");
            assert_eq!(storage::get(b"list").map(|v| v.to_vec()), Some(list(65)));
            storage::commit_transaction();
            assert_eq!(storage::get(b"a"), None);
            storage::rollback_transaction();
            assert_eq!(storage::get(b"a").map(|v| v.to_vec()), Some(b"1".to_vec()));
            assert_eq!(storage::get(b"b"), None);
            assert_eq!(storage::get(b"list").map(|v| v.to_vec()), Some(list(63)));
        });
    }

    #[test]
    fn prefix_should_be_cleared_up_to_the_limit_when_there_is_one() {
        let mut flat = Flat::default();
        for key in [b"p1", b"p2", b"p3", b"q1"] {
            flat.place_storage(key.to_vec(), Some(vec![0]));
        }
        let done = flat.clear_prefix(b"p", Some(2), None);
        assert_eq!((done.unique, done.maybe_cursor.is_some()), (2, true));
        let done = flat.clear_prefix(b"p", None, None);
        assert_eq!((done.unique, done.maybe_cursor.is_some()), (1, false));
        assert_eq!(flat.next_storage_key(b"p"), Some(b"q1".to_vec()));
    }

    #[test]
    fn follow_should_name_the_keys_that_were_written_when_they_are_of_its_map() {
        let mut flat = Flat::default();
        let key = |map: u8, account: u8| [vec![map; PREFIX], vec![account]].concat();
        flat.follow([7; PREFIX]);
        flat.place_storage(key(7, 1), Some(vec![0]));
        flat.place_storage(key(7, 2), None);
        flat.place_storage(key(8, 3), Some(vec![0]));
        flat.storage(&key(7, 4));
        assert_eq!(flat.followed(), BTreeSet::from([vec![1], vec![2]]));
        flat.place_storage(key(7, 5), Some(vec![0]));
        assert_eq!(flat.followed(), BTreeSet::from([vec![5]]));
    }

    #[test]
    fn watch_should_name_the_keys_that_were_read_when_they_are_of_its_map() {
        let mut flat = Flat::default();
        let key = |map: u8, account: u8| [vec![map; PREFIX], vec![account]].concat();
        flat.watch([7; PREFIX]);
        flat.storage(&key(7, 1));
        flat.exists_storage(&key(7, 2));
        flat.storage(&key(8, 3));
        assert_eq!(flat.watched(), BTreeSet::from([vec![1], vec![2]]));
        flat.storage(&key(7, 4));
        assert!(flat.watched().is_empty(), "nobody watches any more");
    }
}
