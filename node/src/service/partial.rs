//! The parts that every command needs.

use polkadot_sdk::*;

use super::{
    FullBackend, FullBlockImport, FullClient, FullPool, FullSelectChain, InherentProviders,
};
use bulwark_runtime::opaque::Block;
use sc_consensus_babe::{BabeLink, BabeWorkerHandle, ImportQueueParams};
use sc_consensus_grandpa::GrandpaPruningFilter;
use sc_service::{error::Error as ServiceError, Configuration, PartialComponents, TaskManager};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_babe::SlotDuration;
use std::sync::Arc;

/// Blocks between two justifications that are kept and imported. More would cost every node a
/// signature set per justification; fewer would make finality proofs for old blocks longer.
pub const JUSTIFICATION_PERIOD: u32 = 512;

/// Buffered telemetry messages before new ones are dropped.
const TELEMETRY_BUFFER: usize = 16;

/// The consensus half of the parts.
pub struct Consensus {
    /// Imports a block after all checks.
    pub block_import: FullBlockImport,
    /// Makes the inherents of a block.
    pub inherents: InherentProviders,
    /// Shared state of BABE.
    pub babe_link: BabeLink<Block>,
    /// Answers questions about BABE epochs.
    pub babe_worker: BabeWorkerHandle<Block>,
    /// Shared state of GRANDPA.
    pub grandpa_link: sc_consensus_grandpa::LinkHalf<Block, FullClient, FullSelectChain>,
    /// Telemetry, when an endpoint is configured.
    pub telemetry: Option<Telemetry>,
}

/// The parts of a node.
pub type Partial = PartialComponents<
    FullClient,
    FullBackend,
    FullSelectChain,
    sc_consensus::DefaultImportQueue<Block>,
    FullPool,
    Consensus,
>;

/// Builds the parts.
///
/// # Errors
///
/// When the database cannot be opened, genesis cannot be built, or the runtime does not answer the
/// questions of BABE and GRANDPA.
pub fn new_partial(config: &Configuration) -> Result<Partial, ServiceError> {
    let telemetry = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| -> Result<_, sc_telemetry::Error> {
            let worker = TelemetryWorker::new(TELEMETRY_BUFFER)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok((worker, telemetry))
        })
        .transpose()?;

    // Blocks that change the authorities stay in a pruned database: warp sync is proven with them.
    let keep: Vec<Arc<dyn sc_service::PruningFilter>> = vec![Arc::new(GrandpaPruningFilter)];
    let (client, backend, keystore_container, task_manager) = sc_service::new_full_parts(
        config,
        telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
        sc_service::new_wasm_executor(&config.executor),
        keep,
    )?;
    let client: Arc<FullClient> = Arc::new(client);

    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager
            .spawn_handle()
            .spawn("telemetry", None, worker.run());
        telemetry
    });

    let select_chain = FullSelectChain::new(backend.clone());
    let transaction_pool = Arc::new(
        sc_transaction_pool::Builder::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );

    let (import_queue, consensus) = consensus_parts(
        config,
        &client,
        &select_chain,
        &transaction_pool,
        &task_manager,
        telemetry,
    )?;

    Ok(PartialComponents {
        client,
        backend,
        task_manager,
        keystore_container,
        select_chain,
        import_queue,
        transaction_pool,
        other: consensus,
    })
}

fn consensus_parts(
    config: &Configuration,
    client: &Arc<FullClient>,
    select_chain: &FullSelectChain,
    transaction_pool: &Arc<FullPool>,
    task_manager: &TaskManager,
    telemetry: Option<Telemetry>,
) -> Result<(sc_consensus::DefaultImportQueue<Block>, Consensus), ServiceError> {
    let telemetry_handle = telemetry.as_ref().map(Telemetry::handle);

    let (grandpa_import, grandpa_link) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        client,
        select_chain.clone(),
        telemetry_handle.clone(),
    )?;

    let babe_config = sc_consensus_babe::configuration(&**client)?;
    let slot_duration = babe_config.slot_duration();
    let inherents = inherent_providers(slot_duration);
    // The pool is where a report goes when this node sees a validator make two blocks in one slot.
    let (block_import, babe_link) = sc_consensus_babe::block_import(
        babe_config,
        grandpa_import.clone(),
        client.clone(),
        inherents.clone(),
        select_chain.clone(),
        OffchainTransactionPoolFactory::new(transaction_pool.clone()),
    )?;

    let (import_queue, babe_worker) = sc_consensus_babe::import_queue(ImportQueueParams {
        link: babe_link.clone(),
        block_import: block_import.clone(),
        justification_import: Some(Box::new(grandpa_import)),
        client: client.clone(),
        slot_duration,
        spawner: &task_manager.spawn_essential_handle(),
        registry: config.prometheus_registry(),
        telemetry: telemetry_handle,
    })?;

    let consensus = Consensus {
        block_import,
        inherents,
        babe_link,
        babe_worker,
        grandpa_link,
        telemetry,
    };
    Ok((import_queue, consensus))
}

fn inherent_providers(slot_duration: SlotDuration) -> InherentProviders {
    Arc::new(move |_parent, ()| async move {
        let timestamp = sp_timestamp::InherentDataProvider::from_system_time();
        let slot =
            sp_consensus_babe::inherents::InherentDataProvider::from_timestamp_and_slot_duration(
                *timestamp,
                slot_duration,
            );
        Ok((slot, timestamp))
    })
}
