//! A chain in memory.

use crate::{account, alice, development_genesis, state::State, BTC};
use bulwark_primitives::{
    AssetId, Health, MarketId, Moment, Price, Quantity, Side, SubAccount, TimeInForce, Usd,
    PRICE_SCALE, SLOT_MILLIS,
};
use bulwark_runtime::{
    invariants, AccountId, Executive, Header, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeGenesisConfig, SignedPayload, System, TxExtension, UncheckedExtrinsic, VERSION,
};
use codec::Encode;
use polkadot_sdk::{
    frame_support::traits::BuildGenesisConfig,
    frame_system,
    sp_consensus_babe::digests::{PreDigest, SecondaryPlainPreDigest},
    sp_core::{sr25519::Pair, Pair as _},
    sp_io::TestExternalities,
    sp_runtime::{
        generic::Era, traits::Header as _, transaction_validity::TransactionValidityError, Digest,
        DigestItem, DispatchError, MultiSignature,
    },
    *,
};
use std::collections::BTreeMap;

/// What became of an extrinsic: refused by the pool, failed in its dispatch, or done.
pub type Outcome = Result<(), Failure>;

/// Why an extrinsic did nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// It would not enter a block.
    Invalid(TransactionValidityError),
    /// It was in a block and failed, with the error's name.
    Dispatch(DispatchError),
}

/// The real runtime on in-memory storage, with one feeder.
pub struct Chain {
    pub(crate) state: State,
    prices: BTreeMap<AssetId, Price>,
    header: Option<Header>,
    slot: u64,
    number: u32,
    feeding: bool,
    events: Vec<RuntimeEvent>,
}

impl Chain {
    /// The `development` preset: one validator, one feeder, BTC at 100,000 USD.
    pub fn development() -> Self {
        Self::development_with(|_| {})
    }

    /// The same with a genesis that was changed first.
    pub fn development_with(change: impl FnOnce(&mut RuntimeGenesisConfig)) -> Self {
        let mut genesis = development_genesis();
        change(&mut genesis);
        let mut ext = TestExternalities::default();
        ext.execute_with(|| genesis.build());
        let mut chain = Self::at_genesis(State::Trie(Box::new(ext)), 900_000_000);
        chain.feeding = true;
        // One block to feed, one to take the first snapshot.
        chain.blocks(2);
        chain
    }

    /// A chain whose storage holds a genesis, and that nobody feeds.
    pub(crate) fn at_genesis(state: State, slot: u64) -> Self {
        Self {
            state,
            prices: BTreeMap::from([(BTC, Price(100_000 * PRICE_SCALE))]),
            header: None,
            slot,
            number: 0,
            feeding: false,
            events: Vec::new(),
        }
    }

    /// What the feeder says from the next block on; the snapshot shows it a block later.
    pub fn price(&mut self, asset: AssetId, dollars: u128) {
        self.exact_price(asset, Price(dollars * PRICE_SCALE));
    }

    /// The same for what is not a number of whole dollars.
    pub fn exact_price(&mut self, asset: AssetId, price: Price) {
        self.prices.insert(asset, price);
    }

    /// Whether the feeder is awake.
    pub fn feeding(&mut self, awake: bool) {
        self.feeding = awake;
    }

    /// Lets slots pass without a block.
    pub fn skip_slots(&mut self, slots: u64) {
        self.slot += slots;
    }

    /// Makes blocks without transactions but the feeder's.
    pub fn blocks(&mut self, count: u32) {
        for _ in 0..count {
            self.begin();
            self.end();
        }
    }

    /// Makes blocks until an event matches, at most `limit`; returns how many it took.
    pub fn until(
        &mut self,
        limit: u32,
        mut wanted: impl FnMut(&RuntimeEvent) -> bool,
    ) -> Option<u32> {
        (1..=limit).find(|_| {
            self.blocks(1);
            self.events.iter().any(&mut wanted)
        })
    }

    /// Number of the last block.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Events of the last block.
    pub fn events(&self) -> &[RuntimeEvent] {
        &self.events
    }

    /// Runs a closure on the state after the last block, without changing it.
    pub fn read<R>(&mut self, f: impl FnOnce() -> R) -> R {
        self.state.execute_with(|| {
            frame_support::storage::with_transaction_unchecked(|| {
                frame_support::storage::TransactionOutcome::Rollback(f())
            })
        })
    }

    /// A signed extrinsic in a block of its own (after the feed).
    pub fn submit(&mut self, who: &Pair, call: impl Into<RuntimeCall>) -> Outcome {
        self.submit_with_tip(who, call, 0)
    }

    /// The same with a tip.
    pub fn submit_with_tip(
        &mut self,
        who: &Pair,
        call: impl Into<RuntimeCall>,
        tip: bulwark_runtime::Balance,
    ) -> Outcome {
        self.begin();
        let extrinsic = signed(&mut self.state, who, call.into(), tip);
        let outcome = self.apply(extrinsic);
        self.end();
        outcome
    }

    /// Signed extrinsics in one block (after the feed), in order, and what became of each.
    pub fn together(&mut self, calls: Vec<(Pair, RuntimeCall)>) -> Vec<Outcome> {
        self.begin();
        let outcomes = calls
            .into_iter()
            .map(|(who, call)| {
                let extrinsic = signed(&mut self.state, &who, call, 0);
                self.apply(extrinsic)
            })
            .collect();
        self.end();
        outcomes
    }

    /// An extrinsic as it comes from the wire, in a block of its own.
    pub fn submit_raw(&mut self, extrinsic: UncheckedExtrinsic) -> Outcome {
        self.begin();
        let outcome = self.apply(extrinsic);
        self.end();
        outcome
    }

    /// Signs a call at the account's present nonce without submitting it.
    pub fn sign(&mut self, who: &Pair, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
        signed(&mut self.state, who, call.into(), 0)
    }

    /// The same with a tip.
    pub fn sign_with_tip(
        &mut self,
        who: &Pair,
        call: impl Into<RuntimeCall>,
        tip: bulwark_runtime::Balance,
    ) -> UncheckedExtrinsic {
        signed(&mut self.state, who, call.into(), tip)
    }

    /// A call in the form the node's workers send it: unsigned, authorised by the runtime.
    pub fn authorized(&mut self, call: pallet_liquidation::Call<Runtime>) -> UncheckedExtrinsic {
        use frame_system::offchain::CreateAuthorizedTransaction;
        <Runtime as CreateAuthorizedTransaction<pallet_liquidation::Call<Runtime>>>::create_authorized_transaction(call.into())
    }

    /// All storage of the risk pallets that users' calls can change, for "changed nothing". Funding is
    /// left out: every block moves it.
    pub fn risk_state(&mut self) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let pallets = ["Margin", "OrderBook", "Liquidation", "Insurance", "Markets"];
        let moving = ["Fundings", "Premiums"].map(|item| sp_io::hashing::twox_128(item.as_bytes()));
        self.state.execute_with(|| {
            let mut state = BTreeMap::new();
            for pallet in pallets {
                let prefix = sp_io::hashing::twox_128(pallet.as_bytes()).to_vec();
                let mut key = prefix.clone();
                while let Some(next) = sp_io::storage::next_key(&key) {
                    if !next.starts_with(&prefix) {
                        break;
                    }
                    if moving.iter().any(|item| next.get(16..32) == Some(item)) {
                        key = next;
                        continue;
                    }
                    let value = sp_io::storage::get(&next)
                        .map(|v| v.to_vec())
                        .unwrap_or_default();
                    state.insert(next.clone(), value);
                    key = next;
                }
            }
            state
        })
    }

    /// What the pool would say of an extrinsic: its priority, or why not.
    pub fn validate(
        &mut self,
        extrinsic: UncheckedExtrinsic,
    ) -> polkadot_sdk::sp_runtime::transaction_validity::TransactionValidity {
        use polkadot_sdk::sp_runtime::transaction_validity::TransactionSource;
        let hash = self.header.as_ref().map(Header::hash).unwrap_or_default();
        self.state.execute_with(|| {
            frame_support::storage::with_transaction_unchecked(|| {
                frame_support::storage::TransactionOutcome::Rollback(
                    Executive::validate_transaction(TransactionSource::External, extrinsic, hash),
                )
            })
        })
    }

    /// Deposits settlement asset into sub-account 0.
    pub fn deposit(&mut self, who: &Pair, amount: Usd) -> Outcome {
        let amount = u128::try_from(amount.0).expect("a deposit is positive");
        self.submit(
            who,
            pallet_margin::Call::deposit {
                sub_account: 0,
                asset: crate::USDX,
                amount,
            },
        )
    }

    /// Places a good-till-cancelled order from sub-account 0.
    pub fn order(
        &mut self,
        who: &Pair,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        price: Price,
    ) -> Outcome {
        self.submit(
            who,
            pallet_order_book::Call::place_order {
                sub_account: 0,
                market,
                side,
                quantity,
                price,
                time_in_force: TimeInForce::GoodTillCancelled,
                reduce_only: false,
                expires_at: None,
            },
        )
    }

    /// Health of somebody's sub-account 0.
    pub fn health(&mut self, who: &Pair) -> Option<Health> {
        let account = SubAccount::new(account(who), 0);
        self.read(|| pallet_margin::Pallet::<Runtime>::account_health(&account).ok())
    }

    /// The hooks and the timestamp of the next block.
    pub(crate) fn begin_unfed(&mut self) {
        self.slot += 1;
        self.number += 1;
        let digest = PreDigest::SecondaryPlain(SecondaryPlainPreDigest {
            authority_index: 0,
            slot: self.slot.into(),
        });
        let parent = self.header.as_ref().map(Header::hash).unwrap_or_default();
        let header = Header::new(
            self.number,
            Default::default(),
            Default::default(),
            parent,
            Digest {
                logs: vec![DigestItem::PreRuntime(
                    sp_consensus_babe::BABE_ENGINE_ID,
                    digest.encode(),
                )],
            },
        );
        let now: Moment = self.slot * SLOT_MILLIS;
        self.state.execute_with(|| {
            Executive::initialize_block(&header);
            let inherent =
                UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(pallet_timestamp::Call::set {
                    now,
                }));
            Executive::apply_extrinsic(inherent)
                .expect("the inherent is valid")
                .expect("the inherent succeeds");
        });
    }

    fn begin(&mut self) {
        self.begin_unfed();
        if self.feeding {
            let values: Vec<_> = self
                .prices
                .iter()
                .map(|(asset, price)| (*asset, *price))
                .collect();
            let call = pallet_oracle::Call::feed_values {
                values: values.try_into().expect("few assets"),
            };
            let extrinsic = signed(&mut self.state, &alice(), call.into(), 0);
            self.apply(extrinsic).expect("the feed is accepted");
        }
    }

    pub(crate) fn apply(&mut self, extrinsic: UncheckedExtrinsic) -> Outcome {
        self.state
            .execute_with(|| match Executive::apply_extrinsic(extrinsic) {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(Failure::Dispatch(error)),
                Err(invalid) => Err(Failure::Invalid(invalid)),
            })
    }

    /// Ends a block and keeps its header and events.
    pub(crate) fn finish(&mut self) {
        let (header, events) = self.state.execute_with(|| {
            let header = Executive::finalize_block();
            let events = System::read_events_no_consensus()
                .map(|record| record.event)
                .collect();
            (header, events)
        });
        self.header = Some(header);
        self.events = events;
    }

    fn end(&mut self) {
        self.finish();
        for check in self.read(invariants::check) {
            if let Err(broken) = check.result {
                panic!(
                    "invariant {} ({}) is broken after block {}: {broken}",
                    check.number, check.name, self.number
                );
            }
        }
    }
}

fn signed(
    state: &mut State,
    who: &Pair,
    call: RuntimeCall,
    tip: bulwark_runtime::Balance,
) -> UncheckedExtrinsic {
    state.execute_with(|| {
        let id: AccountId = account(who);
        let extension: TxExtension = (
            frame_system::AuthorizeCall::new(),
            frame_system::CheckNonZeroSender::new(),
            frame_system::CheckSpecVersion::new(),
            frame_system::CheckTxVersion::new(),
            frame_system::CheckGenesis::new(),
            frame_system::CheckEra::from(Era::Immortal),
            frame_system::CheckNonce::from(System::account_nonce(&id)),
            bulwark_runtime::lanes::InLane::new(frame_system::CheckWeight::new()),
            bulwark_runtime::lanes::ChargeWithLane::from(tip),
            frame_metadata_hash_extension::CheckMetadataHash::new(false),
            bulwark_runtime::lanes::InLane::new(frame_system::WeightReclaim::new()),
        );
        let genesis = System::block_hash(0);
        let implicit = (
            (),
            (),
            VERSION.spec_version,
            VERSION.transaction_version,
            genesis,
            genesis,
            (),
            (),
            (),
            None,
            (),
        );
        let payload = SignedPayload::from_raw(call, extension, implicit);
        let signature = payload.using_encoded(|bytes| who.sign(bytes));
        let (call, extension, _) = payload.deconstruct();
        UncheckedExtrinsic::new_signed(
            call,
            id.into(),
            MultiSignature::Sr25519(signature),
            extension,
        )
    })
}

/// Lays a genesis patch over the defaults.
pub(crate) fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
    match (base, patch) {
        (serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
            for (key, value) in patch {
                merge(base.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (base, patch) => *base = patch,
    }
}
