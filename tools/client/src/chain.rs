//! Blocks, state and transactions of the node, in the runtime's own types.
//!
//! State is read over RPC and looked at with the runtime's native code on top of it. So nothing the
//! node says about itself is taken for granted: prices, health and invariants are worked out here.

use crate::client::{Client, KeyValues};
use bulwark_runtime::{
    AccountId, BlockNumber, Hash, Nonce, Runtime, RuntimeCall, RuntimeError, RuntimeEvent,
    SignedPayload, System, TxExtension, UncheckedExtrinsic, VERSION,
};
use codec::Encode;
use polkadot_sdk::{
    frame_metadata_hash_extension,
    frame_support::storage::{with_transaction_unchecked, TransactionOutcome},
    frame_system::{self, EventRecord, Phase},
    pallet_sudo, pallet_timestamp, pallet_utility,
    sp_core::{sr25519, storage::Storage, Pair as _},
    sp_runtime::{
        generic::Era,
        traits::{BlakeTwo256, Hash as _},
        DispatchError, MultiSignature,
    },
    sp_state_machine::BasicExternalities,
};
use std::{
    cell::RefCell,
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// Blocks in which a transaction can be included.
const ERA: u64 = 64;
/// Blocks after which a transaction that was not included is given up.
const PATIENCE: BlockNumber = 16;
const POLL: Duration = Duration::from_millis(40);
/// Without a new block for so long the chain counts as dead.
const SILENCE: Duration = Duration::from_secs(40);

/// The state after a block.
pub struct View(RefCell<BasicExternalities>);

impl View {
    /// On these keys and values.
    pub fn new(state: KeyValues) -> Self {
        Self(RefCell::new(BasicExternalities::new(Storage {
            top: state,
            children_default: Default::default(),
        })))
    }

    /// Runs native runtime code on the state; what it writes is forgotten.
    pub fn read<R>(&self, f: impl FnOnce() -> R) -> R {
        self.0
            .borrow_mut()
            .execute_with(|| with_transaction_unchecked(|| TransactionOutcome::Rollback(f())))
    }
}

/// A block with the state after it.
pub struct Block {
    /// Its number.
    pub number: BlockNumber,
    /// Its timestamp, milliseconds.
    pub time: u64,
    /// The state after it.
    pub view: View,
    /// What happened in it.
    pub events: Vec<EventRecord<RuntimeEvent, Hash>>,
}

/// What became of a transaction.
#[derive(Debug)]
pub struct Outcome {
    /// What it was for.
    pub label: String,
    /// Why it failed, by the name of the error.
    pub result: Result<(), String>,
}

#[derive(Debug)]
struct Pending {
    digest: Hash,
    label: String,
    sent: BlockNumber,
}

/// The node's best chain, followed block by block.
pub struct Chain {
    client: Client,
    nonces: BTreeMap<AccountId, Nonce>,
    pending: Vec<Pending>,
    /// The last block.
    pub block: Block,
    /// The block before it.
    pub previous: Option<Block>,
}

/// The account of a key pair.
pub fn account(pair: &sr25519::Pair) -> AccountId {
    pair.public().into()
}

/// The key pair of a development seed such as `//Alice`.
pub fn dev_pair(seed: &str) -> Result<sr25519::Pair, String> {
    sr25519::Pair::from_string(seed, None).map_err(|e| format!("{seed}: {e}"))
}

/// Whether the node runs the runtime that this program was built with; `view` is a state of it.
///
/// # Errors
/// When it does not.
pub async fn check_runtime(client: &Client, view: &View) -> Result<(), String> {
    let version = client.version().await?;
    if version.spec_name != VERSION.spec_name
        || version.spec_version != VERSION.spec_version
        || version.transaction_version != VERSION.transaction_version
    {
        return Err(format!(
            "the node runs {} {}, this program was built with {} {}: build both from one checkout",
            version.spec_name, version.spec_version, VERSION.spec_name, VERSION.spec_version
        ));
    }
    // The state is decoded with types of this binary: a node of other types would be misread, not
    // refused, whatever version it says it is.
    // Constants of the metadata may come from the state.
    let own: Vec<u8> = view.read(|| Runtime::metadata().into());
    if client.metadata().await? != own {
        return Err(
            "the node's runtime is not the one this program was built with: build both from one checkout"
                .into(),
        );
    }
    Ok(())
}

impl Chain {
    /// Starts to follow the chain at its best block.
    pub async fn follow(client: Client) -> Result<Self, String> {
        let number = client.best_number().await?;
        let (block, _) = fetch(&client, number, false).await?;
        check_runtime(&client, &block.view).await?;
        Ok(Self {
            client,
            nonces: BTreeMap::new(),
            pending: Vec::new(),
            block,
            previous: None,
        })
    }

    /// The node's address.
    pub fn url(&self) -> &str {
        self.client.url()
    }

    /// The connection.
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Waits for the next block; returns what became of transactions.
    pub async fn advance(&mut self) -> Result<Vec<Outcome>, String> {
        let number = self.block.number + 1;
        let since = Instant::now();
        while self.client.best_number().await? < number {
            if since.elapsed() > SILENCE {
                return Err(format!(
                    "no block after {} for {} seconds",
                    self.block.number,
                    SILENCE.as_secs()
                ));
            }
            tokio::time::sleep(POLL).await;
        }
        let (block, extrinsics) = fetch(&self.client, number, !self.pending.is_empty()).await?;
        self.previous = Some(std::mem::replace(&mut self.block, block));
        Ok(self.resolve(&extrinsics))
    }

    /// Signs a call with the account's next nonce and hands it to the pool. Its outcome comes with
    /// one of the next blocks.
    pub async fn send(
        &mut self,
        who: &sr25519::Pair,
        call: impl Into<RuntimeCall>,
        label: &str,
    ) -> Result<(), String> {
        let id = account(who);
        let nonce = match self.nonces.get(&id) {
            Some(nonce) => *nonce,
            None => self.client.next_nonce(&id).await?,
        };
        let extrinsic = self.sign(who, call.into(), nonce)?.encode();
        match self.client.submit(&extrinsic).await {
            Ok(_) => {
                self.nonces.insert(id, nonce + 1);
                self.pending.push(Pending {
                    digest: BlakeTwo256::hash(&extrinsic),
                    label: label.to_owned(),
                    sent: self.block.number,
                });
                Ok(())
            }
            Err(error) => {
                self.nonces.remove(&id);
                Err(format!("{label}: {error}"))
            }
        }
    }

    /// As [`Self::send`], for an account that others sign for too: the nonce is asked for, and
    /// nobody waits for the outcome.
    pub async fn try_send(
        &mut self,
        who: &sr25519::Pair,
        call: impl Into<RuntimeCall>,
    ) -> Result<(), String> {
        let id = account(who);
        self.nonces.remove(&id);
        let nonce = self.client.next_nonce(&id).await?;
        let extrinsic = self.sign(who, call.into(), nonce)?.encode();
        self.client.submit(&extrinsic).await.map(drop)
    }

    fn sign(
        &self,
        who: &sr25519::Pair,
        call: RuntimeCall,
        nonce: Nonce,
    ) -> Result<UncheckedExtrinsic, String> {
        // The hash of the last block is not in its own state, that of its parent is.
        let era = match self.block.number.checked_sub(1) {
            Some(birth) if birth > 0 => Era::mortal(ERA, birth.into()),
            _ => Era::Immortal,
        };
        let payload = self
            .block
            .view
            .read(|| SignedPayload::new(call, extension(nonce, era)))
            .map_err(|e| format!("cannot sign: {e:?}"))?;
        let signature = payload.using_encoded(|bytes| who.sign(bytes));
        let (call, extension, _) = payload.deconstruct();
        Ok(UncheckedExtrinsic::new_signed(
            call,
            account(who).into(),
            MultiSignature::Sr25519(signature),
            extension,
        ))
    }

    fn resolve(&mut self, extrinsics: &[Vec<u8>]) -> Vec<Outcome> {
        let digests: Vec<Hash> = extrinsics
            .iter()
            .map(|bytes| BlakeTwo256::hash(bytes))
            .collect();
        let mut outcomes = Vec::new();
        let mut pending = std::mem::take(&mut self.pending);
        pending.retain(|transaction| {
            let result = match digests.iter().position(|d| *d == transaction.digest) {
                Some(index) => self.result_of(index),
                None if self.block.number > transaction.sent + PATIENCE => {
                    Err(format!("not included within {PATIENCE} blocks"))
                }
                None => return true,
            };
            outcomes.push(Outcome {
                label: transaction.label.clone(),
                result,
            });
            false
        });
        self.pending = pending;
        if outcomes.iter().any(|o| o.result.is_err()) {
            // A lost transaction leaves a gap in the nonces.
            self.nonces.clear();
        }
        outcomes
    }

    /// The first failure of the extrinsic at `index`, batches and sudo looked into.
    fn result_of(&self, index: usize) -> Result<(), String> {
        self.block
            .events
            .iter()
            .filter(|record| {
                u32::try_from(index).is_ok_and(|i| record.phase == Phase::ApplyExtrinsic(i))
            })
            .find_map(|record| failure(&record.event))
            .map_or(Ok(()), |error| Err(error_name(error)))
    }
}

fn failure(event: &RuntimeEvent) -> Option<DispatchError> {
    match event {
        RuntimeEvent::System(frame_system::Event::ExtrinsicFailed { dispatch_error, .. }) => {
            Some(*dispatch_error)
        }
        RuntimeEvent::Utility(
            pallet_utility::Event::BatchInterrupted { error, .. }
            | pallet_utility::Event::ItemFailed { error },
        ) => Some(*error),
        RuntimeEvent::OrderBook(pallet_order_book::Event::BatchDone { results, .. }) => {
            results.iter().find_map(|result| result.err())
        }
        RuntimeEvent::Sudo(pallet_sudo::Event::Sudid { sudo_result }) => sudo_result.err(),
        _ => None,
    }
}

/// `OrderBook(OutsideBand)` as `OrderBook.OutsideBand`.
fn error_name(error: DispatchError) -> String {
    match RuntimeError::from_dispatch_error(error) {
        Some(named) => {
            let text = format!("{named:?}");
            match text.split_once('(') {
                Some((pallet, rest)) => format!("{pallet}.{}", rest.trim_end_matches(')')),
                None => text,
            }
        }
        None => format!("{error:?}"),
    }
}

fn extension(nonce: Nonce, era: Era) -> TxExtension {
    (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(era),
        frame_system::CheckNonce::from(nonce),
        bulwark_runtime::lanes::InLane::new(frame_system::CheckWeight::new()),
        bulwark_runtime::lanes::ChargeWithLane::from(0),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        bulwark_runtime::lanes::InLane::new(frame_system::WeightReclaim::new()),
    )
}

/// A signed transaction without an end of its validity, made without asking a node.
pub fn signed(
    who: &sr25519::Pair,
    call: RuntimeCall,
    nonce: Nonce,
    genesis: Hash,
) -> UncheckedExtrinsic {
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
    let payload = SignedPayload::from_raw(call, extension(nonce, Era::Immortal), implicit);
    let signature = payload.using_encoded(|bytes| who.sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(
        call,
        account(who).into(),
        MultiSignature::Sr25519(signature),
        extension,
    )
}

async fn fetch(
    client: &Client,
    number: BlockNumber,
    with_extrinsics: bool,
) -> Result<(Block, Vec<Vec<u8>>), String> {
    let hash = client
        .block_hash(number)
        .await?
        .ok_or_else(|| format!("block {number} has no hash"))?;
    let state = client.state(hash).await?;
    let extrinsics = if with_extrinsics {
        client.extrinsics(hash).await?
    } else {
        Vec::new()
    };
    let view = View::new(state);
    let (events, time) = view.read(|| {
        let events = System::read_events_no_consensus()
            .map(|record| *record)
            .collect();
        (events, pallet_timestamp::Now::<Runtime>::get())
    });
    Ok((
        Block {
            number,
            time,
            view,
            events,
        },
        extrinsics,
    ))
}
