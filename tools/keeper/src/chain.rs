//! The node: what is asked of it, and how a call gets into a block. Everything goes by names in the
//! metadata that the node itself sends, so an upgrade of the runtime needs no new keeper.

use crate::{
    fate::Receipt,
    strategy::Candidate,
    types::{About, AccountSummary, FeePaid, Known, Liquidated, Parked, SubAccount},
};
use futures::{stream, StreamExt, TryStreamExt};
use std::{collections::BTreeSet, sync::Arc};
use subxt::{
    backend::LegacyBackend,
    client::{Blocks, ClientAtBlock, OnlineClientAtBlockImpl},
    config::{substrate::H256, DefaultExtrinsicParamsBuilder, RpcConfigFor},
    dynamic,
    error::{BackendError, DispatchError, ExtrinsicError, RpcError},
    events::{Event, Phase},
    ext::scale_value::ValueDef,
    rpcs::{self, LegacyRpcMethods, RpcClient},
    transactions::{TransactionInBlock, TransactionProgress},
    utils::AccountId32,
    Error, OnlineClient, SubstrateConfig,
};
use subxt_signer::sr25519::Keypair;

/// Accounts that are asked about at the same time.
const AT_ONCE: usize = 16;

type Result<T> = std::result::Result<T, Error>;
type AtBlockImpl = OnlineClientAtBlockImpl<SubstrateConfig>;
/// The state of one block.
pub type AtBlock = ClientAtBlock<SubstrateConfig, AtBlockImpl>;
/// A transaction on its way.
pub type Progress = TransactionProgress<SubstrateConfig, AtBlockImpl>;
/// A transaction in a block.
pub type InBlock = TransactionInBlock<SubstrateConfig, AtBlockImpl>;

/// A connection to a node.
#[derive(Debug)]
pub struct Chain {
    api: OnlineClient<SubstrateConfig>,
    rpc: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
}

impl Chain {
    /// Connects once.
    pub async fn connect(url: &str) -> Result<Self> {
        let rpc = RpcClient::from_insecure_url(url).await?;
        // The methods that every node has, because blocks and statuses are to come as soon as they are.
        let backend = LegacyBackend::builder().build(rpc.clone());
        let config = SubstrateConfig::new();
        let api = OnlineClient::from_backend_with_config(config, Arc::new(backend)).await?;
        Ok(Self {
            api,
            rpc: LegacyRpcMethods::new(rpc),
        })
    }

    /// The last final block.
    pub async fn final_block(&self) -> Result<AtBlock> {
        Ok(self.api.at_current_block().await?)
    }

    /// Which chain it is.
    pub fn genesis(&self) -> H256 {
        self.api.genesis_hash()
    }

    /// Blocks as they become the best one, or as they become final.
    pub async fn blocks(&self, finalized: bool) -> Result<Blocks<SubstrateConfig>> {
        Ok(if finalized {
            self.api.stream_blocks().await?
        } else {
            self.api.stream_best_blocks().await?
        })
    }

    /// The nonce of the account's next transaction, those in the pool counted.
    pub async fn next_nonce(&self, who: &AccountId32) -> Result<u64> {
        Ok(self.rpc.system_account_next_index(who).await?)
    }
}

/// What a chain lacks that this keeper needs; nothing when it is of the right kind.
pub fn missing(at: &AtBlock) -> Option<&'static str> {
    let metadata = at.metadata_ref();
    let api = |name, method| {
        metadata
            .runtime_api_trait_by_name(name)
            .and_then(|api| api.method_by_name(method))
            .is_some()
    };
    if !api("LiquidationApi", "due_accounts") {
        return Some("the runtime API LiquidationApi.due_accounts");
    }
    if !api("MarginApi", "account_summary") {
        return Some("the runtime API MarginApi.account_summary");
    }
    let pallet = metadata.pallet_by_name("Liquidation");
    if pallet
        .and_then(|pallet| pallet.call_variant_by_name("liquidate"))
        .is_none()
    {
        return Some("the call Liquidation.liquidate");
    }
    None
}

/// Due accounts in the order in which the chain closes them.
pub async fn due(at: &AtBlock, limit: u32) -> Result<Vec<SubAccount>> {
    let call = dynamic::runtime_api_call("LiquidationApi", "due_accounts", (limit,));
    Ok(at.runtime_apis().call(call).await?)
}

/// What can be known of due accounts, each with its place. Those whose health cannot be told are left out.
pub async fn candidates(at: &AtBlock, due: Vec<(usize, SubAccount)>) -> Result<Vec<Candidate>> {
    let found: Vec<Option<Candidate>> = stream::iter(due)
        .map(|(place, account)| candidate(at, place, account))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(found.into_iter().flatten().collect())
}

async fn candidate(at: &AtBlock, place: usize, account: SubAccount) -> Result<Option<Candidate>> {
    let ask = dynamic::runtime_api_call("MarginApi", "account_summary", (account,));
    let summary: Option<AccountSummary> = at.runtime_apis().call(ask).await?;
    let Some(AccountSummary {
        health: Ok(health),
        positions,
    }) = summary
    else {
        return Ok(None);
    };
    let entry = dynamic::storage::<(SubAccount,), Known>("Liquidation", "Known");
    let known = at.storage().try_fetch(entry, (account,)).await?;
    let known = known.map(|value| value.decode()).transpose()?;
    let parked = known.is_some_and(Known::is_parked);
    Ok(Some(Candidate {
        account,
        place,
        parked,
        health,
        positions,
    }))
}

/// How many accounts the chain itself closed, or a part of them, before the block's transactions.
pub async fn closed_by_chain(at: &AtBlock) -> Result<usize> {
    const CLOSED: [&str; 4] = ["Liquidated", "TakenOver", "Deleveraged", "LossCovered"];
    let events = at.events().fetch().await?;
    let mut accounts = BTreeSet::new();
    for event in events.iter() {
        let event = event?;
        let of_chain = event.phase() == Phase::Initialization;
        if of_chain && event.pallet_name() == "Liquidation" && CLOSED.contains(&event.event_name())
        {
            accounts.insert(event.decode_fields_unchecked_as::<About>()?.account);
        }
    }
    Ok(accounts.len())
}

/// A signed call that did not get into the pool.
#[derive(Debug)]
pub enum NotSent {
    /// The node refused it, and says why.
    Refused(String),
    /// It is not known whether the node has it.
    Lost(Box<Error>),
}

impl From<ExtrinsicError> for NotSent {
    fn from(error: ExtrinsicError) -> Self {
        match error {
            ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(
                RpcError::ClientError(rpcs::Error::User(error)),
            )) => {
                let data = error
                    .data
                    .map(|data| format!(": {data}"))
                    .unwrap_or_default();
                Self::Refused(format!("{}{data}", error.message))
            }
            other => Self::Lost(Box::new(other.into())),
        }
    }
}

/// Signs `liquidate` and hands it to the pool. It may be included in `longevity` blocks after the one that
/// was looked at, and in none after them.
pub async fn send(
    at: &AtBlock,
    key: &Keypair,
    nonce: u64,
    longevity: u64,
    account: SubAccount,
) -> std::result::Result<Progress, NotSent> {
    let call = dynamic::tx("Liquidation", "liquidate", (account,));
    let params = DefaultExtrinsicParamsBuilder::new()
        .nonce(nonce)
        .mortal_from_unchecked(longevity, at.block_number(), at.block_hash())
        .build();
    let signed = at
        .transactions()
        .create_signable_offline(&call, params)?
        .sign(key)?;
    Ok(signed.submit_and_watch().await?)
}

/// What a transaction in a block has done.
pub async fn receipt(included: &InBlock) -> Result<Receipt> {
    let at = included.at().await?;
    let events = included.fetch_events().await?;
    let mut receipt = Receipt::default();
    for event in events.iter() {
        let event = event?;
        match (event.pallet_name(), event.event_name()) {
            ("Liquidation", "Liquidated") => {
                let closing = event.decode_fields_unchecked_as::<Liquidated>()?;
                receipt.closings.push(closing);
            }
            ("Liquidation", "Parked") => {
                let Parked { reason } = event.decode_fields_unchecked_as()?;
                if let ValueDef::Variant(variant) = reason.value {
                    receipt.parked = Some(variant.name);
                }
            }
            ("TransactionPayment", "TransactionFeePaid") => {
                receipt.cost = event.decode_fields_unchecked_as::<FeePaid>()?.actual_fee;
            }
            ("System", "ExtrinsicFailed") => receipt.error = Some(name_of_error(&at, &event)),
            _ => {}
        }
    }
    Ok(receipt)
}

/// The error's name as in the metadata: `Liquidation.AlreadyClosed`, or that of an error of no pallet.
fn name_of_error(at: &AtBlock, event: &Event<'_, SubstrateConfig>) -> String {
    match DispatchError::decode_from(event.field_bytes(), at.metadata()) {
        Ok(DispatchError::Module(module)) => module.details_string().replace("::", "."),
        Ok(other) => format!("{other:?}"),
        Err(_) => "UnknownError".into(),
    }
}
