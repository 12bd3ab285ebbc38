//! Chain specifications.
//!
//! Genesis itself is a preset inside the runtime (`sp_genesis_builder`), so that a specification is
//! only a name, a runtime blob and the name of a preset, and any tool can build the same genesis.

use polkadot_sdk::*;

use bulwark_runtime::{opaque::Block, WASM_BINARY};
use sc_chain_spec::{ChainSpecExtension, Properties};
use sc_service::ChainType;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Prefix of the network protocol names. A file may override it.
const PROTOCOL_ID: &str = "blw";
/// Symbol of the native token. Wallets hash it with the metadata: it must equal the one the runtime
/// is built with.
const TOKEN_SYMBOL: &str = "BLW";
/// Decimals of the native token.
const TOKEN_DECIMALS: u8 = 12;
/// Address prefix: the runtime's `SS58Prefix`.
const SS58_FORMAT: u16 = 42;

/// What a specification may carry besides genesis.
#[derive(Default, Clone, Serialize, Deserialize, ChainSpecExtension)]
#[serde(rename_all = "camelCase")]
pub struct Extensions {
    /// Blocks with known hashes.
    #[serde(default)]
    pub fork_blocks: sc_client_api::ForkBlocks<Block>,
    /// Blocks known to be bad.
    #[serde(default)]
    pub bad_blocks: sc_client_api::BadBlocks<Block>,
    /// Checkpoint for light clients; the RPC `sync_state_genSyncSpec` fills it.
    #[serde(default)]
    pub light_sync_state: sc_sync_state_rpc::LightSyncStateExtension,
}

/// A Bulwark chain specification.
pub type ChainSpec = sc_service::GenericChainSpec<Extensions>;

/// Resolves the value of `--chain`.
///
/// `dev` is one validator with well-known keys, `local` (also the default) two of them; anything
/// else is the path of a specification file.
///
/// # Errors
///
/// When the file cannot be read or parsed, or when the node was built without a runtime blob.
pub fn load(id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
    Ok(Box::new(match id {
        "dev" => development()?,
        "" | "local" => local()?,
        path => ChainSpec::from_json_file(PathBuf::from(path))?,
    }))
}

fn development() -> Result<ChainSpec, String> {
    preset(
        "Bulwark Development",
        "bulwark_dev",
        ChainType::Development,
        sp_genesis_builder::DEV_RUNTIME_PRESET,
    )
}

fn local() -> Result<ChainSpec, String> {
    preset(
        "Bulwark Local Testnet",
        "bulwark_local",
        ChainType::Local,
        sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET,
    )
}

fn preset(name: &str, id: &str, kind: ChainType, preset: &str) -> Result<ChainSpec, String> {
    let code = WASM_BINARY.ok_or(
        "This node was built without a runtime (SKIP_WASM_BUILD was set). Build it again without, \
         or pass --chain with a specification file.",
    )?;
    Ok(ChainSpec::builder(code, Extensions::default())
        .with_name(name)
        .with_id(id)
        .with_chain_type(kind)
        .with_protocol_id(PROTOCOL_ID)
        .with_properties(properties())
        .with_genesis_config_preset_name(preset)
        .build())
}

fn properties() -> Properties {
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), TOKEN_SYMBOL.into());
    properties.insert("tokenDecimals".into(), TOKEN_DECIMALS.into());
    properties.insert("ss58Format".into(), SS58_FORMAT.into());
    properties
}
