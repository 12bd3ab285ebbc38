//! Blocks in parts, for drivers that want to see what happens inside one.

use crate::{
    account,
    chain::{merge, Chain, Outcome},
    state::{Flat, State, PREFIX},
    USDX,
};
use bulwark_runtime::{
    AccountId, Executive, Runtime, RuntimeCall, RuntimeGenesisConfig, System, UncheckedExtrinsic,
};
use polkadot_sdk::{
    frame_support::{
        dispatch::{extract_actual_weight, DispatchClass, GetDispatchInfo, PerDispatchClass},
        traits::BuildGenesisConfig,
        weights::Weight,
    },
    frame_system::{self, RawOrigin},
    sp_core::sr25519::Pair,
    sp_genesis_builder::DEV_RUNTIME_PRESET,
    sp_io,
    sp_runtime::{traits::Dispatchable, DispatchError},
};
use std::collections::BTreeSet;

/// The `development` preset as a value, for those who want another chain than that.
pub fn development_genesis() -> RuntimeGenesisConfig {
    let json = bulwark_runtime::genesis_presets::get_preset(&DEV_RUNTIME_PRESET.into())
        .expect("the preset exists");
    let patch: serde_json::Value = serde_json::from_slice(&json).expect("it is JSON");
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("it serialises");
    merge(&mut config, patch);
    serde_json::from_value(config).expect("the preset fits the runtime")
}

/// Gives people settlement asset and enough native tokens for any fee.
pub fn endow(genesis: &mut RuntimeGenesisConfig, people: &[Pair], dollars: u128) {
    for who in people.iter().map(account) {
        let native = 1_000_000 * bulwark_runtime::currency::BLW;
        genesis.balances.balances.push((who.clone(), native));
        let wallet = (USDX, who, dollars * 1_000_000);
        genesis.assets.accounts.push(wallet);
    }
}

impl Chain {
    /// A chain on flat storage, at its genesis, that nobody feeds: for long runs with many accounts.
    ///
    /// The runtime and the order of its work in a block are the same. Headers have no state root, and
    /// invariants are checked when the caller asks for it.
    ///
    /// `slot` is the one before the first block.
    pub fn flat(genesis: &RuntimeGenesisConfig, slot: u64) -> Self {
        let mut state = State::Flat(Flat::default());
        state.execute_with(|| genesis.build());
        Self::at_genesis(state, slot)
    }

    /// Begins a block: hooks, the timestamp, and what follows the inherents (the book's own step), no feed.
    pub fn open_block(&mut self) {
        self.begin_unfed();
        // With a transaction from the wire the executive does it; what is dispatched comes after it as well.
        self.state.execute_with(Executive::inherents_applied);
    }

    /// Ends the block; its events can be read then.
    pub fn close_block(&mut self) {
        self.finish();
    }

    /// Dispatches a call in the open block for an account that is trusted to have signed it.
    ///
    /// Weight is counted as if it had come as a transaction. Signature, nonce, fee and pool are left
    /// out: they say nothing of margins, and cost more than the call.
    ///
    /// # Errors
    /// Why the call failed; it changed nothing then.
    pub fn dispatch(
        &mut self,
        who: &AccountId,
        call: impl Into<RuntimeCall>,
    ) -> Result<(), DispatchError> {
        let call = call.into();
        self.state.execute_with(|| {
            let info = call.get_dispatch_info();
            let done = call.dispatch(RawOrigin::Signed(who.clone()).into());
            let base = <Runtime as frame_system::Config>::BlockWeights::get()
                .get(info.class)
                .base_extrinsic;
            let used = extract_actual_weight(&done, &info).saturating_add(base);
            System::register_extra_weight_unchecked(used, info.class);
            done.map(|_| ()).map_err(|failed| failed.error)
        })
    }

    /// Puts an extrinsic as it comes from the wire into the open block.
    pub fn include(&mut self, extrinsic: UncheckedExtrinsic) -> Outcome {
        self.apply(extrinsic)
    }

    /// Fills what user transactions may use of the open block, as transactions with high tips would.
    pub fn fill_block(&mut self) {
        self.state.execute_with(|| {
            let class = DispatchClass::Normal;
            let limits = <Runtime as frame_system::Config>::BlockWeights::get();
            if let Some(most) = limits.get(class).max_total {
                let used = System::block_weight();
                let room = most
                    .saturating_sub(*used.get(class))
                    .min(limits.max_block.saturating_sub(used.total()));
                System::register_extra_weight_unchecked(room, class);
            }
        });
    }

    /// Weight of the open block so far, by class.
    pub fn weight(&mut self) -> PerDispatchClass<Weight> {
        self.state.execute_with(|| System::block_weight().clone())
    }

    /// Notes which keys of a storage map are read from now on; on flat storage only.
    pub fn watch(&mut self, pallet: &str, item: &str) {
        if let State::Flat(flat) = &mut self.state {
            flat.watch(prefix_of(pallet, item));
        }
    }

    /// Notes which keys of a storage map are written from now on; on flat storage only.
    pub fn follow(&mut self, pallet: &str, item: &str) {
        if let State::Flat(flat) = &mut self.state {
            flat.follow(prefix_of(pallet, item));
        }
    }

    /// The keys of the followed map that were written since this was asked last, without its prefix.
    pub fn followed(&mut self) -> BTreeSet<Vec<u8>> {
        match &mut self.state {
            State::Flat(flat) => flat.followed(),
            State::Trie(_) => BTreeSet::new(),
        }
    }

    /// The keys of the watched map that were read, without its prefix; ends the watch.
    pub fn watched(&mut self) -> BTreeSet<Vec<u8>> {
        match &mut self.state {
            State::Flat(flat) => flat.watched(),
            State::Trie(_) => BTreeSet::new(),
        }
    }
}

/// What all keys of a storage map begin with.
fn prefix_of(pallet: &str, item: &str) -> [u8; PREFIX] {
    let mut prefix = [0; PREFIX];
    prefix[..16].copy_from_slice(&sp_io::hashing::twox_128(pallet.as_bytes()));
    prefix[16..].copy_from_slice(&sp_io::hashing::twox_128(item.as_bytes()));
    prefix
}
