//! The RPC methods of this node beyond those every SDK node has.
//!
//! Chain, state, author, system, offchain, `chainHead_v1` and its family come with `sc-service`.
//! Reads of accounts and markets are runtime APIs, which every typed client reaches through
//! `state_call`; `bulwark-rpc` has the same as plain JSON.

use polkadot_sdk::*;

use crate::service::{FullBackend, FullClient, FullPool, FullSelectChain};
use bulwark_runtime::{opaque::Block, Hash};
use jsonrpsee::RpcModule;
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_rpc::SubscriptionTaskExecutor;
use sp_keystore::KeystorePtr;
use sp_runtime::traits::NumberFor;
use std::sync::Arc;

/// What the methods need.
pub struct Deps {
    /// The client.
    pub client: Arc<FullClient>,
    /// The transaction pool.
    pub pool: Arc<FullPool>,
    /// The rule for the best chain.
    pub select_chain: FullSelectChain,
    /// The specification the node runs.
    pub chain_spec: Box<dyn sc_service::ChainSpec>,
    /// The keys of the node.
    pub keystore: KeystorePtr,
    /// Answers questions about BABE epochs.
    pub babe_worker: BabeWorkerHandle<Block>,
    /// What GRANDPA exposes.
    pub grandpa: GrandpaDeps,
}

/// What GRANDPA exposes.
pub struct GrandpaDeps {
    /// State of the voter, empty on a node that does not vote.
    pub voter_state: SharedVoterState,
    /// The current authorities.
    pub authority_set: SharedAuthoritySet<Hash, NumberFor<Block>>,
    /// New justifications.
    pub justifications: GrandpaJustificationStream<Block>,
    /// Proofs of finality for blocks in the database.
    pub finality_proofs: Arc<FinalityProofProvider<FullBackend, Block>>,
}

/// Builds the module.
///
/// # Errors
///
/// When two methods share a name, or the specification lacks the light-client extension.
pub fn create(
    deps: &Deps,
    executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>> {
    use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
    use sc_consensus_babe_rpc::{Babe, BabeApiServer};
    use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
    use sc_sync_state_rpc::{SyncState, SyncStateApiServer};
    use substrate_frame_rpc_system::{System, SystemApiServer};

    let mut module = RpcModule::new(());
    let client = &deps.client;
    let grandpa = &deps.grandpa;

    module.merge(
        System::<FullPool, FullClient, Block>::new(client.clone(), deps.pool.clone()).into_rpc(),
    )?;
    module.merge(TransactionPayment::<FullClient, Block>::new(client.clone()).into_rpc())?;
    module.merge(
        Babe::new(
            client.clone(),
            deps.babe_worker.clone(),
            deps.keystore.clone(),
            deps.select_chain.clone(),
        )
        .into_rpc(),
    )?;
    module.merge(
        Grandpa::new(
            executor,
            grandpa.authority_set.clone(),
            grandpa.voter_state.clone(),
            grandpa.justifications.clone(),
            grandpa.finality_proofs.clone(),
        )
        .into_rpc(),
    )?;
    module.merge(
        SyncState::new(
            deps.chain_spec.cloned_box(),
            client.clone(),
            grandpa.authority_set.clone(),
            deps.babe_worker.clone(),
        )?
        .into_rpc(),
    )?;
    module.merge(bulwark_rpc::module::<_, Block>(client.clone())?)?;
    Ok(module)
}
