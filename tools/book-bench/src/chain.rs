//! A chain in memory whose blocks a compiled runtime makes, call by call as a node's author does.

use crate::{
    actors::{feed, Actor, DEPOSIT},
    counted::{Counted, Counts},
    StateKind,
};
use bulwark_client::chain::signed;
use bulwark_primitives::SLOT_MILLIS;
use bulwark_runtime::{
    genesis_presets::USDX, Hash, Header, Runtime, RuntimeCall, RuntimeEvent, UncheckedExtrinsic,
};
use codec::{Decode, Encode};
use pallet_order_book::{Event, NextOrderId};
use polkadot_sdk::{
    frame_system::EventRecord,
    pallet_timestamp,
    sc_executor::WasmExecutor,
    sp_consensus_babe::{
        digests::{PreDigest, SecondaryPlainPreDigest},
        BABE_ENGINE_ID,
    },
    sp_core::{
        storage::Storage,
        traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
        Blake2Hasher,
    },
    sp_externalities::Externalities,
    sp_io::{
        self,
        hashing::{blake2_256, twox_128},
    },
    sp_runtime::{traits::Header as _, ApplyExtrinsicResult, Digest, DigestItem},
    sp_state_machine::{BasicExternalities, TestExternalities},
};
use serde_json::{json, Value};
use std::time::{Duration, Instant};

type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;

/// Native tokens of everybody, for fees: ten million.
const FEES: u64 = 10_000_000_000_000_000_000;
/// What a profiler knows all other calls by.
const UNLABELLED: &str = "rest";
/// Parts of `System` that fill up in a block. They are emptied between extrinsics, so that one block
/// takes all that is to be measured.
const BLOCK_LIMITS: [&str; 6] = [
    "BlockWeight",
    "AllExtrinsicsLen",
    "BlockSize",
    "Events",
    "EventCount",
    "ExtrinsicWeightReclaimed",
];

enum State {
    Flat(Box<BasicExternalities>),
    Trie(Box<TestExternalities<Blake2Hasher>>),
}

pub struct Chain {
    executor: Executor,
    code: Vec<u8>,
    hash: Vec<u8>,
    state: State,
    header: Option<Header>,
    slot: u64,
    /// What the runtime does with its storage, while it is counted.
    pub counts: Option<Counts>,
    /// What a profiler is to know the next call by.
    label: &'static str,
    /// Whether the wasm compiler tells one what it compiled.
    profiled: bool,
}

fn system(item: &str) -> Vec<u8> {
    [twox_128(b"System"), twox_128(item.as_bytes())].concat()
}

/// Lays a genesis patch over the defaults.
fn merge(base: &mut Value, patch: Value) {
    match (base, patch) {
        (Value::Object(base), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, patch) => *base = patch,
    }
}

/// Adds rows to a list of the genesis.
pub fn list(
    config: &mut Value,
    pallet: &str,
    field: &str,
    rows: impl IntoIterator<Item = Value>,
) -> Result<(), String> {
    config[pallet][field]
        .as_array_mut()
        .map(|list| list.extend(rows))
        .ok_or_else(|| format!("the preset has no {pallet}.{field}"))
}

/// Gives people native tokens for fees and settlement asset.
pub fn endow(config: &mut Value, people: &[Actor]) -> Result<(), String> {
    let ids: Vec<String> = people.iter().map(|p| p.account().to_string()).collect();
    let native = ids.iter().map(|id| json!([id, FEES]));
    list(config, "balances", "balances", native)?;
    let dollars = ids.iter().map(|id| json!([USDX, id, 2 * DEPOSIT]));
    list(config, "assets", "accounts", dollars)
}

impl Chain {
    /// The `development` preset with more accounts that have money. Two blocks long, so that there is a
    /// price, and in a third one.
    pub fn new(code: Vec<u8>, people: &[Actor], feeder: &mut Actor) -> Result<Self, String> {
        let endow = |config: &mut Value| endow(config, people);
        Self::on_genesis(code, feeder, feed()?, endow)
    }

    /// The same with a genesis that was changed first, and with what the feeder says.
    pub fn on_genesis(
        code: Vec<u8>,
        feeder: &mut Actor,
        feed: RuntimeCall,
        change: impl FnOnce(&mut Value) -> Result<(), String>,
    ) -> Result<Self, String> {
        let mut chain = Self {
            executor: WasmExecutor::builder()
                // A runtime with benchmarks asks for more, and calls none of it here.
                .with_allow_missing_host_functions(true)
                .build(),
            hash: blake2_256(&code).to_vec(),
            code,
            state: State::Flat(Box::new(BasicExternalities::new_empty())),
            header: None,
            slot: 900_000_000,
            counts: None,
            label: UNLABELLED,
            profiled: std::env::var_os("WASMTIME_PROFILING_STRATEGY").is_some(),
        };
        chain.genesis(change)?;
        for _ in 0..2 {
            chain.begin()?;
            chain.apply(feeder, feed.clone())?;
            chain.end()?;
        }
        chain.begin()?;
        Ok(chain)
    }

    fn genesis(
        &mut self,
        change: impl FnOnce(&mut Value) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut config = self.preset(None)?;
        merge(&mut config, self.preset(Some("development".into()))?);
        change(&mut config)?;
        let json = serde_json::to_vec(&config).map_err(|e| e.to_string())?;
        let built = self.call("GenesisBuilder_build_state", &json.encode())?;
        Result::<(), String>::decode(&mut &built[..])
            .map_err(|e| format!("genesis: {e}"))?
            .map_err(|e| format!("genesis: {e}"))
    }

    fn preset(&mut self, name: Option<String>) -> Result<Value, String> {
        let json = self.call("GenesisBuilder_get_preset", &name.encode())?;
        let json = Option::<Vec<u8>>::decode(&mut &json[..])
            .map_err(|e| format!("preset: {e}"))?
            .ok_or("the runtime has no such preset")?;
        serde_json::from_slice(&json).map_err(|e| format!("preset: {e}"))
    }

    /// Puts the state where it is to be measured.
    pub fn settle(mut self, kind: StateKind) -> Self {
        self.state = match (self.state, kind) {
            (State::Flat(ext), StateKind::Flat) => {
                State::Flat(Box::new(BasicExternalities::new(ext.into_storages())))
            }
            (State::Flat(ext), StateKind::Trie) => {
                let Storage {
                    top,
                    children_default,
                } = ext.into_storages();
                State::Trie(Box::new(TestExternalities::new(Storage {
                    top,
                    children_default,
                })))
            }
            (trie, _) => trie,
        };
        self
    }

    /// Names the next call.
    pub fn labelled(&mut self, label: &'static str) -> &mut Self {
        self.label = label;
        self
    }

    /// The thread is called by its label while it works, which is how a profile tells the kinds of calls
    /// apart.
    fn rename(&self, name: &str) {
        if self.profiled {
            // Without it the profile is not split.
            let _ = std::fs::write("/proc/thread-self/comm", name);
        }
    }

    /// A call into the runtime.
    pub fn call(&mut self, method: &str, data: &[u8]) -> Result<Vec<u8>, String> {
        self.rename(self.label);
        let result = self.execute(method, data);
        self.label = UNLABELLED;
        self.rename(UNLABELLED);
        result
    }

    fn execute(&mut self, method: &str, data: &[u8]) -> Result<Vec<u8>, String> {
        let fetcher = WrappedRuntimeCode(self.code.as_slice().into());
        let code = RuntimeCode {
            code_fetcher: &fetcher,
            hash: self.hash.clone(),
            heap_pages: None,
        };
        let context = CallContext::Onchain { import: false };
        let executor = &self.executor;
        let mut run = |ext: &mut dyn Externalities| match &mut self.counts {
            None => executor.call(ext, &code, method, data, context).0,
            Some(counts) => {
                let mut counted = Counted { inner: ext, counts };
                executor.call(&mut counted, &code, method, data, context).0
            }
        };
        let result = match &mut self.state {
            State::Flat(ext) => run(&mut **ext),
            State::Trie(ext) => run(&mut ext.ext()),
        };
        result.map_err(|e| format!("{method}: {e}"))
    }

    fn with<R>(&mut self, f: impl FnOnce(&mut dyn Externalities) -> R) -> R {
        match &mut self.state {
            State::Flat(ext) => f(&mut **ext),
            State::Trie(ext) => f(&mut ext.ext()),
        }
    }

    fn begin(&mut self) -> Result<(), String> {
        self.slot += 1;
        let digest = PreDigest::SecondaryPlain(SecondaryPlainPreDigest {
            authority_index: 0,
            slot: self.slot.into(),
        });
        let (parent, number) = match &self.header {
            Some(header) => (header.hash(), header.number() + 1),
            None => (Hash::default(), 1),
        };
        let header = Header::new(
            number,
            Default::default(),
            Default::default(),
            parent,
            Digest {
                logs: vec![DigestItem::PreRuntime(BABE_ENGINE_ID, digest.encode())],
            },
        );
        self.call("Core_initialize_block", &header.encode())?;
        let now = self.slot * SLOT_MILLIS;
        let inherent =
            UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(pallet_timestamp::Call::set {
                now,
            }));
        self.apply_encoded(&inherent.encode()).map(drop)
    }

    fn end(&mut self) -> Result<(), String> {
        let header = self.call("BlockBuilder_finalize_block", &[])?;
        self.header = Some(Header::decode(&mut &header[..]).map_err(|e| format!("header: {e}"))?);
        Ok(())
    }

    /// Signs and applies; the time that takes without the signing. The call has to succeed.
    pub fn apply(&mut self, who: &mut Actor, call: RuntimeCall) -> Result<Duration, String> {
        let (took, failed) = self.attempt(who, call)?;
        match failed {
            None => Ok(took),
            Some(error) => Err(error),
        }
    }

    /// As [`Self::apply`], for a call that may fail: then with why.
    pub fn attempt(
        &mut self,
        who: &mut Actor,
        call: RuntimeCall,
    ) -> Result<(Duration, Option<String>), String> {
        let genesis = Hash::default();
        let bytes = signed(&who.pair, call, who.nonce, genesis).encode();
        self.empty_block();
        let outcome = self.apply_encoded(&bytes)?;
        who.nonce += 1;
        Ok(outcome)
    }

    /// Applies in a storage transaction of its own, as a block builder does.
    fn apply_encoded(&mut self, bytes: &[u8]) -> Result<(Duration, Option<String>), String> {
        let begun = Instant::now();
        self.with(|ext| ext.storage_start_transaction());
        let answer = self.call("BlockBuilder_apply_extrinsic", bytes)?;
        self.with(|ext| ext.storage_commit_transaction())
            .map_err(|()| "no transaction")?;
        let took = begun.elapsed();
        match ApplyExtrinsicResult::decode(&mut &answer[..]) {
            Ok(Ok(Ok(()))) => Ok((took, None)),
            Ok(Ok(Err(error))) => Ok((took, Some(format!("the call failed: {error:?}")))),
            Ok(Err(invalid)) => Err(format!("the extrinsic is invalid: {invalid:?}")),
            Err(error) => Err(format!("result of an extrinsic: {error}")),
        }
    }

    /// Forgets how full the block is, and its events.
    fn empty_block(&mut self) {
        self.with(|ext| {
            for item in BLOCK_LIMITS {
                ext.place_storage(system(item), None);
            }
        });
    }

    /// How many actions of the last batch failed, and why the first did.
    pub fn failed_actions(&mut self) -> Result<(usize, String), String> {
        let bytes = self.with(|ext| ext.storage(&system("Events")));
        let events =
            Vec::<EventRecord<RuntimeEvent, Hash>>::decode(&mut &bytes.unwrap_or_default()[..])
                .map_err(|e| format!("events: {e}; is the runtime of this checkout?"))?;
        let results = events
            .into_iter()
            .rev()
            .find_map(|record| match record.event {
                RuntimeEvent::OrderBook(Event::BatchDone { results, .. }) => Some(results),
                _ => None,
            });
        let results = results.ok_or("there was no batch")?;
        let failed: Vec<_> = results.iter().filter_map(|r| r.err()).collect();
        Ok((
            failed.len(),
            failed.first().map(|e| format!("{e:?}")).unwrap_or_default(),
        ))
    }

    /// The id that the next order gets.
    pub fn next_order(&mut self) -> u64 {
        let key = NextOrderId::<Runtime>::hashed_key_for(crate::actors::MARKET);
        let bytes = self.with(|ext| ext.storage(&key)).unwrap_or_default();
        u64::decode(&mut &bytes[..]).unwrap_or(0)
    }
}
