//! What each command does.

use polkadot_sdk::*;

use crate::{
    chain_spec,
    cli::{Cli, Subcommand},
    price_sources::PriceSources,
    service::{self, new_partial, FullClient},
};
use bulwark_runtime::opaque::Block;
use log::info;
use sc_cli::{CliConfiguration, SubstrateCli};
use sc_network::config::{NetworkBackendType, NodeKeyConfig, Secret};
use sc_service::{ChainType, Configuration, PartialComponents};
use sp_runtime::traits::Block as BlockT;
use std::sync::Arc;

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Bulwark Node".into()
    }

    fn impl_version() -> String {
        env!("SUBSTRATE_CLI_IMPL_VERSION").into()
    }

    fn description() -> String {
        "The Bulwark validator node: perpetual futures whose risk rules are consensus rules".into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        "the issue tracker of the repository this node was built from".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        chain_spec::load(id)
    }
}

/// Parses the command line and does what it says.
///
/// # Errors
///
/// Those of the command; the message is meant for the operator.
pub fn run() -> sc_cli::Result<()> {
    let cli = Cli::from_args();
    match &cli.subcommand {
        None => run_node(cli),
        Some(Subcommand::Key(cmd)) => cmd.run(&cli),
        Some(Subcommand::Sign(cmd)) => cmd.run(),
        Some(Subcommand::Verify(cmd)) => cmd.run(),
        Some(Subcommand::Vanity(cmd)) => cmd.run(),
        Some(Subcommand::ExportChainSpec(cmd)) => cmd.run(cli.load_spec(&cmd.chain)?),
        Some(Subcommand::BuildSpec(cmd)) => cli
            .create_runner(cmd)?
            .sync_run(|config| cmd.run(config.chain_spec, config.network)),
        Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                import_queue,
                ..
            } = new_partial(&config)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                ..
            } = new_partial(&config)?;
            Ok((cmd.run(client, config.database), task_manager))
        }),
        Some(Subcommand::ExportState(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                ..
            } = new_partial(&config)?;
            Ok((cmd.run(client, config.chain_spec), task_manager))
        }),
        Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                import_queue,
                ..
            } = new_partial(&config)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::PurgeChain(cmd)) => cli
            .create_runner(cmd)?
            .sync_run(|config| cmd.run(config.database)),
        Some(Subcommand::Revert(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                backend,
                ..
            } = new_partial(&config)?;
            // The consensus engines keep records beside the blocks; they go back together.
            let consensus = Box::new(|client: Arc<FullClient>, backend, blocks| {
                sc_consensus_babe::revert(client.clone(), backend, blocks)?;
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((cmd.run(client, backend, Some(consensus)), task_manager))
        }),
        Some(Subcommand::ChainInfo(cmd)) => cli
            .create_runner(cmd)?
            .sync_run(|config| cmd.run::<Block>(&config)),
        #[cfg(feature = "runtime-benchmarks")]
        Some(Subcommand::Benchmark(cmd)) => cli
            .create_runner(cmd)?
            .sync_run(|config| benchmark(cmd, config)),
    }
}

fn run_node(mut cli: Cli) -> sc_cli::Result<()> {
    let price_sources = cli
        .price_sources
        .take()
        .map(PriceSources::open)
        .transpose()
        .map_err(|error| sc_cli::Error::Input(error.to_string()))?;
    let may_make_key = allow_new_node_key(&mut cli)?;
    let runner = cli.create_runner(&cli.run)?;
    if may_make_key {
        announce_new_node_key(runner.config());
    }
    runner.run_node_until_exit(|config| async move {
        match config.network.network_backend {
            NetworkBackendType::Litep2p => {
                service::new_full::<sc_network::Litep2pNetworkBackend>(config, price_sources)
            }
            NetworkBackendType::Libp2p => service::new_full::<
                sc_network::NetworkWorker<Block, <Block as BlockT>::Hash>,
            >(config, price_sources),
        }
        .map_err(sc_cli::Error::Service)
    })
}

/// Lets a validator of a local chain start without a network key, as `--dev` does.
///
/// On a live chain a validator must not invent a new identity when its key is missing, so the SDK
/// stops with `NetworkKeyNotFound`. The identities of a local chain matter to nobody.
fn allow_new_node_key(cli: &mut Cli) -> sc_cli::Result<bool> {
    let is_dev = cli.run.is_dev()?;
    let node_key = &cli.run.network_params.node_key_params;
    let decided = node_key.node_key.is_some() || node_key.unsafe_force_node_key_generation;
    if is_dev || decided || !cli.run.role(is_dev)?.is_authority() {
        return Ok(false);
    }
    let spec = cli.load_spec(&cli.run.chain_id(is_dev)?)?;
    let is_local = matches!(spec.chain_type(), ChainType::Development | ChainType::Local);
    cli.run
        .network_params
        .node_key_params
        .unsafe_force_node_key_generation = is_local;
    Ok(is_local)
}

fn announce_new_node_key(config: &Configuration) {
    if let NodeKeyConfig::Ed25519(Secret::File(path)) = &config.network.node_key {
        if !path.exists() {
            info!(
                "🔑 Making a network key in {}, because this chain is local. On a live chain a \
                 validator makes it once, with `key generate-node-key`",
                path.display(),
            );
        }
    }
}

#[cfg(feature = "runtime-benchmarks")]
fn benchmark(
    cmd: &frame_benchmarking_cli::BenchmarkCmd,
    config: Configuration,
) -> sc_cli::Result<()> {
    use frame_benchmarking_cli::{
        BenchmarkCmd, ExtrinsicFactory, SubstrateRemarkBuilder, SUBSTRATE_REFERENCE_HARDWARE,
    };
    use sp_runtime::traits::HashingFor;

    match cmd {
        BenchmarkCmd::Pallet(cmd) => {
            cmd.run_with_spec::<HashingFor<Block>, ()>(Some(config.chain_spec))
        }
        BenchmarkCmd::Overhead(cmd) => {
            cmd.run_with_default_builder_and_spec::<Block, ()>(Some(config.chain_spec))
        }
        BenchmarkCmd::Machine(cmd) => cmd.run(&config, SUBSTRATE_REFERENCE_HARDWARE.clone()),
        BenchmarkCmd::Block(cmd) => {
            // `parts` also keeps the tasks of the database alive; so below.
            let parts = new_partial(&config)?;
            cmd.run(parts.client)
        }
        BenchmarkCmd::Storage(cmd) => {
            let parts = new_partial(&config)?;
            let db = parts.backend.expose_db();
            let storage = parts.backend.expose_storage();
            let trie_cache = parts.backend.expose_shared_trie_cache();
            cmd.run(config, parts.client, db, storage, trie_cache)
        }
        BenchmarkCmd::Extrinsic(cmd) => {
            let parts = new_partial(&config)?;
            let remark = SubstrateRemarkBuilder::new_from_client(parts.client.clone())?;
            let builders = ExtrinsicFactory(vec![Box::new(remark)]);
            cmd.run(parts.client, benchmark_inherents()?, Vec::new(), &builders)
        }
    }
}

/// The inherents of a block at time zero, which is the slot of a block without a BABE digest.
#[cfg(feature = "runtime-benchmarks")]
fn benchmark_inherents() -> sc_cli::Result<sp_inherents::InherentData> {
    use sp_inherents::InherentDataProvider as _;

    let timestamp = sp_timestamp::InherentDataProvider::new(sp_timestamp::Timestamp::new(0));
    futures::executor::block_on(timestamp.create_inherent_data())
        .map_err(|error| sc_cli::Error::Input(format!("inherents of a benchmark: {error}")))
}
