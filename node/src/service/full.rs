//! The running node.

use polkadot_sdk::*;

use super::{
    new_partial, partial::JUSTIFICATION_PERIOD, Consensus, FullBackend, FullClient, FullPool,
    FullSelectChain,
};
use crate::{
    feeder_metrics::FeederMetrics, liquidator_metrics::LiquidatorMetrics,
    price_sources::PriceSources, rpc, worker_keys,
};
use bulwark_runtime::opaque::Block;
use futures::FutureExt;
use sc_client_api::Backend;
use sc_consensus_babe::{BabeParams, SlotProportion};
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaParams, LinkHalf, SharedVoterState, VotingRulesBuilder,
};
use sc_network::{
    config::{FullNetworkConfiguration, NotificationMetrics},
    service::traits::NetworkService,
    NetworkBackend, NotificationService, ProtocolName,
};
use sc_network_sync::SyncingService;
use sc_offchain::{OffchainWorkerOptions, OffchainWorkers};
use sc_service::{
    config::Configuration, error::Error as ServiceError, BuildNetworkParams, PartialComponents,
    Role, SpawnTasksParams, TaskManager, WarpSyncConfig,
};
use sc_telemetry::{Telemetry, TelemetryHandle};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_keystore::KeystorePtr;
use sp_runtime::traits::Block as BlockT;
use std::{sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;

/// How long GRANDPA waits between two rounds of gossip.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);

/// What the parts of a running node share.
struct Running {
    role: Role,
    client: Arc<FullClient>,
    pool: Arc<FullPool>,
    select_chain: FullSelectChain,
    keystore: KeystorePtr,
    network: Arc<dyn NetworkService>,
    sync: Arc<SyncingService<Block>>,
    registry: Option<Registry>,
    telemetry: Option<TelemetryHandle>,
}

/// What GRANDPA got from the network before the network started.
struct FinalityNetwork {
    protocol_name: ProtocolName,
    notifications: Box<dyn NotificationService>,
}

/// Starts a node over the network backend `N`.
///
/// # Errors
///
/// When a part cannot be built.
pub fn new_full<N: NetworkBackend<Block, <Block as BlockT>::Hash>>(
    config: Configuration,
    price_sources: Option<PriceSources>,
) -> Result<TaskManager, ServiceError> {
    let PartialComponents {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool: pool,
        other: mut consensus,
    } = new_partial(&config)?;

    let metrics = N::register_notification_metrics(config.prometheus_registry());
    let mut net_config = FullNetworkConfiguration::<_, _, N>::new(
        &config.network,
        config.prometheus_registry().cloned(),
    );
    let finality_network = finality_protocol(&config, &client, &metrics, &mut net_config);
    let (network, system_rpc_tx, tx_handler_controller, sync, _bitswap) =
        sc_service::build_network(BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(warp_sync(&backend, &consensus)),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    let running = Running {
        role: config.role,
        client: client.clone(),
        pool: pool.clone(),
        select_chain,
        keystore: keystore_container.keystore(),
        network: network.clone(),
        sync: sync.clone(),
        registry: config.prometheus_registry().cloned(),
        telemetry: consensus.telemetry.as_ref().map(Telemetry::handle),
    };
    start_workers(&config, &running, &backend, price_sources, &task_manager)?;

    let voter_state = SharedVoterState::empty();
    let rpc_deps = rpc_deps(&config, &running, &backend, &consensus, &voter_state);
    let force_authoring = config.force_authoring;
    let follow_finality = !config.disable_grandpa;
    let node_name = config.network.node_name.clone();

    sc_service::spawn_tasks(SpawnTasksParams {
        config,
        client,
        backend,
        task_manager: &mut task_manager,
        keystore: running.keystore.clone(),
        transaction_pool: pool,
        rpc_builder: Box::new(move |executor| {
            rpc::create(&rpc_deps, executor).map_err(ServiceError::Application)
        }),
        network,
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync,
        telemetry: consensus.telemetry.as_mut(),
        tracing_execute_block: None,
    })?;

    if running.role.is_authority() {
        start_authoring(&running, &consensus, force_authoring, &task_manager)?;
    }
    if follow_finality {
        let link = consensus.grandpa_link;
        start_finality(
            &running,
            link,
            finality_network,
            voter_state,
            node_name,
            &task_manager,
        )?;
    }
    Ok(task_manager)
}

/// Reserves the protocol of GRANDPA, before the network starts.
fn finality_protocol<N: NetworkBackend<Block, <Block as BlockT>::Hash>>(
    config: &Configuration,
    client: &FullClient,
    metrics: &NotificationMetrics,
    net_config: &mut FullNetworkConfiguration<Block, <Block as BlockT>::Hash, N>,
) -> FinalityNetwork {
    let protocol_name = sc_consensus_grandpa::protocol_standard_name(
        &client.chain_info().genesis_hash,
        &config.chain_spec,
    );
    let (protocol, notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
        protocol_name.clone(),
        metrics.clone(),
        net_config.peer_store_handle(),
    );
    net_config.add_notification_protocol(protocol);
    FinalityNetwork {
        protocol_name,
        notifications,
    }
}

fn warp_sync(backend: &Arc<FullBackend>, consensus: &Consensus) -> WarpSyncConfig<Block> {
    WarpSyncConfig::WithProvider(Arc::new(
        sc_consensus_grandpa::warp_proof::NetworkProvider::new(
            backend.clone(),
            consensus.grandpa_link.shared_authority_set().clone(),
            Vec::new(),
        ),
    ))
}

fn rpc_deps(
    config: &Configuration,
    running: &Running,
    backend: &Arc<FullBackend>,
    consensus: &Consensus,
    voter_state: &SharedVoterState,
) -> rpc::Deps {
    let authority_set = consensus.grandpa_link.shared_authority_set().clone();
    rpc::Deps {
        client: running.client.clone(),
        pool: running.pool.clone(),
        select_chain: running.select_chain.clone(),
        chain_spec: config.chain_spec.cloned_box(),
        keystore: running.keystore.clone(),
        babe_worker: consensus.babe_worker.clone(),
        grandpa: rpc::GrandpaDeps {
            voter_state: voter_state.clone(),
            authority_set: authority_set.clone(),
            justifications: consensus.grandpa_link.justification_stream(),
            finality_proofs: FinalityProofProvider::new_for_service(
                backend.clone(),
                Some(authority_set),
            ),
        },
    }
}

/// Keys, price sources, offchain workers and their metrics, and a report about the first three.
fn start_workers(
    config: &Configuration,
    running: &Running,
    backend: &Arc<FullBackend>,
    price_sources: Option<PriceSources>,
    task_manager: &TaskManager,
) -> Result<(), ServiceError> {
    worker_keys::insert_development_keys(config, &running.keystore)?;
    let sources = start_price_sources(price_sources, backend, task_manager);
    worker_keys::report(config, &running.keystore, sources);
    if !config.offchain_worker.enabled {
        return Ok(());
    }
    start_worker_metrics(running, backend, task_manager)?;
    let workers = OffchainWorkers::new(OffchainWorkerOptions {
        runtime_api_provider: running.client.clone(),
        keystore: Some(running.keystore.clone()),
        offchain_db: backend.offchain_storage(),
        transaction_pool: Some(OffchainTransactionPoolFactory::new(running.pool.clone())),
        network_provider: Arc::new(running.network.clone()),
        is_validator: running.role.is_authority(),
        // The feeder asks exchanges for quotes.
        enable_http_requests: true,
        custom_extensions: |_| Vec::new(),
    })?;
    task_manager.spawn_handle().spawn(
        "offchain-workers-runner",
        Some("offchain-worker"),
        workers
            .run(running.client.clone(), task_manager.spawn_handle())
            .boxed(),
    );
    Ok(())
}

/// Stores the sources and follows the file. Returns how many sources are in force.
fn start_price_sources(
    file: Option<PriceSources>,
    backend: &Arc<FullBackend>,
    task_manager: &TaskManager,
) -> usize {
    let Some(mut storage) = backend.offchain_storage() else {
        return 0;
    };
    match file {
        Some(mut file) => {
            let count = file.store(&mut storage);
            task_manager.spawn_handle().spawn(
                "price-sources",
                Some("offchain-worker"),
                async move { file.follow(storage).await },
            );
            count
        }
        None => PriceSources::stored(&storage),
    }
}

/// Exports what the workers do, on a node that has a registry for it.
fn start_worker_metrics(
    running: &Running,
    backend: &Arc<FullBackend>,
    task_manager: &TaskManager,
) -> Result<(), ServiceError> {
    let (Some(registry), Some(storage)) = (&running.registry, backend.offchain_storage()) else {
        return Ok(());
    };
    let feeder = FeederMetrics::register(registry)
        .map_err(|error| ServiceError::Application(error.into()))?;
    let liquidator = LiquidatorMetrics::register(registry)
        .map_err(|error| ServiceError::Application(error.into()))?;
    let group = Some("offchain-worker");
    let tasks = task_manager.spawn_handle();
    tasks.spawn("feeder-metrics", group, feeder.follow(storage.clone()));
    tasks.spawn("liquidator-metrics", group, liquidator.follow(storage));
    Ok(())
}

fn start_authoring(
    running: &Running,
    consensus: &Consensus,
    force_authoring: bool,
    task_manager: &TaskManager,
) -> Result<(), ServiceError> {
    let proposer = sc_basic_authorship::ProposerFactory::new(
        task_manager.spawn_handle(),
        running.client.clone(),
        running.pool.clone(),
        running.registry.as_ref(),
        running.telemetry.clone(),
    );
    let author = sc_consensus_babe::start_babe(BabeParams {
        keystore: running.keystore.clone(),
        client: running.client.clone(),
        select_chain: running.select_chain.clone(),
        env: proposer,
        block_import: consensus.block_import.clone(),
        sync_oracle: running.sync.clone(),
        justification_sync_link: running.sync.clone(),
        create_inherent_data_providers: consensus.inherents.clone(),
        force_authoring,
        // No back-off while finality lags: a slower chain is a chain that liquidates later.
        backoff_authoring_blocks: None::<()>,
        babe_link: consensus.babe_link.clone(),
        // The rest of the slot is for import and gossip at the other validators.
        block_proposal_slot_portion: SlotProportion::new(0.5),
        max_block_proposal_slot_portion: None,
        telemetry: running.telemetry.clone(),
    })?;
    task_manager.spawn_essential_handle().spawn_blocking(
        "babe-proposer",
        Some("block-authoring"),
        author,
    );
    Ok(())
}

fn start_finality(
    running: &Running,
    link: LinkHalf<Block, FullClient, FullSelectChain>,
    network: FinalityNetwork,
    voter_state: SharedVoterState,
    node_name: String,
    task_manager: &TaskManager,
) -> Result<(), ServiceError> {
    let config = sc_consensus_grandpa::Config {
        gossip_duration: GOSSIP_DURATION,
        justification_generation_period: JUSTIFICATION_PERIOD,
        observer_enabled: false,
        local_role: running.role,
        name: Some(node_name),
        // Only an authority votes; without keys the voter follows.
        keystore: running
            .role
            .is_authority()
            .then(|| running.keystore.clone()),
        telemetry: running.telemetry.clone(),
        protocol_name: network.protocol_name,
    };
    let voter = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
        config,
        link,
        network: running.network.clone(),
        sync: running.sync.clone(),
        notification_service: network.notifications,
        voting_rule: VotingRulesBuilder::default().build(),
        prometheus_registry: running.registry.clone(),
        shared_voter_state: voter_state,
        telemetry: running.telemetry.clone(),
        // Where a report goes when this node sees a validator vote twice.
        offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(running.pool.clone()),
    })?;
    // Finality is what operators and other chains act on: without it the node stops.
    task_manager
        .spawn_essential_handle()
        .spawn_blocking("grandpa-voter", None, voter);
    Ok(())
}
