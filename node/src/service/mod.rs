//! The node as a set of services.
//!
//! [`new_partial`] builds what every command needs (client, database, import queue, pool);
//! [`new_full`] adds networking, RPC, block authoring, finality and offchain workers.

use polkadot_sdk::*;

mod full;
mod partial;

pub use full::new_full;
pub use partial::{new_partial, Consensus};

use bulwark_runtime::{opaque::Block, RuntimeApi};

/// Functions the runtime may call on the node.
#[cfg(not(feature = "runtime-benchmarks"))]
pub type HostFunctions = sp_io::SubstrateHostFunctions;
/// Functions the runtime may call on the node.
#[cfg(feature = "runtime-benchmarks")]
pub type HostFunctions = (
    sp_io::SubstrateHostFunctions,
    frame_benchmarking::benchmarking::HostFunctions,
);

/// Executes the runtime.
pub type RuntimeExecutor = sc_executor::WasmExecutor<HostFunctions>;
/// The client.
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, RuntimeExecutor>;
/// The database behind the client.
pub type FullBackend = sc_service::TFullBackend<Block>;
/// The rule for the best chain: the longest that GRANDPA allows.
pub type FullSelectChain = sc_consensus::LongestChain<FullBackend, Block>;
/// The transaction pool.
pub type FullPool = sc_transaction_pool::TransactionPoolHandle<Block, FullClient>;
/// Checks of finality, innermost.
pub type FullGrandpaBlockImport =
    sc_consensus_grandpa::GrandpaBlockImport<FullBackend, Block, FullClient, FullSelectChain>;
/// Checks of authorship around it.
pub type FullBlockImport = sc_consensus_babe::BabeBlockImport<
    Block,
    FullClient,
    FullGrandpaBlockImport,
    InherentProviders,
    FullSelectChain,
>;
/// Makes the inherents of a block: its slot and its time.
pub type InherentProviders = sp_consensus_babe::inherents::BabeCreateInherentDataProviders<Block>;
