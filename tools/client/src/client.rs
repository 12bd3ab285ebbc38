//! JSON-RPC as any client of the chain speaks it.

use bulwark_runtime::{AccountId, BlockNumber, Hash, Nonce};
use jsonrpsee::{
    core::{client::ClientT, params::ArrayParams},
    rpc_params,
    ws_client::{WsClient, WsClientBuilder},
};
use polkadot_sdk::sp_core::{crypto::Ss58Codec, storage::well_known_keys};
use serde::{de::DeserializeOwned, Deserialize};
use std::{collections::BTreeMap, time::Duration};

/// Keys per page; the node's own limit.
const KEY_PAGE: usize = 1_000;
/// Values per request.
const VALUE_PAGE: usize = 1_000;
const MAX_RESPONSE: u32 = 64 * 1024 * 1024;

pub type KeyValues = BTreeMap<Vec<u8>, Vec<u8>>;

/// A connection to one node.
#[derive(Debug)]
pub struct Client {
    ws: WsClient,
    url: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct HeaderJson {
    number: String,
}

#[derive(Debug, Deserialize)]
struct BlockJson {
    extrinsics: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct SignedBlockJson {
    block: BlockJson,
}

#[derive(Debug, Deserialize)]
struct ChangeSetJson {
    changes: Vec<(String, Option<String>)>,
}

/// Which runtime the node runs.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionJson {
    pub spec_name: String,
    pub spec_version: u32,
    pub transaction_version: u32,
}

impl Client {
    /// Connects once, to a node on this machine.
    pub async fn connect(port: u16) -> Result<Self, String> {
        Self::connect_to(&format!("ws://127.0.0.1:{port}")).await
    }

    /// Connects once.
    pub async fn connect_to(url: &str) -> Result<Self, String> {
        let ws = WsClientBuilder::default()
            .max_response_size(MAX_RESPONSE)
            .request_timeout(Duration::from_secs(30))
            .connection_timeout(Duration::from_secs(5))
            .build(url)
            .await
            .map_err(|e| format!("{url}: {e}"))?;
        Ok(Self {
            ws,
            url: url.to_owned(),
        })
    }

    /// Where it is connected to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Any method.
    pub async fn request<R: DeserializeOwned>(
        &self,
        method: &str,
        params: ArrayParams,
    ) -> Result<R, String> {
        self.ws
            .request(method, params)
            .await
            .map_err(|e| format!("{method}: {e}"))
    }

    /// Version of the runtime at the best block.
    pub async fn version(&self) -> Result<VersionJson, String> {
        self.request("state_getRuntimeVersion", rpc_params![]).await
    }

    /// Metadata of the runtime at the best block, as bytes.
    pub async fn metadata(&self) -> Result<Vec<u8>, String> {
        let text: String = self.request("state_getMetadata", rpc_params![]).await?;
        unhex(&text)
    }

    /// Number of the best block.
    pub async fn best_number(&self) -> Result<BlockNumber, String> {
        let header: HeaderJson = self.request("chain_getHeader", rpc_params![]).await?;
        let digits = header
            .number
            .strip_prefix("0x")
            .ok_or("chain_getHeader: number is not hex")?;
        BlockNumber::from_str_radix(digits, 16).map_err(|e| format!("chain_getHeader: {e}"))
    }

    /// Hash of a block of the best chain.
    pub async fn block_hash(&self, number: BlockNumber) -> Result<Option<Hash>, String> {
        self.request("chain_getBlockHash", rpc_params![number])
            .await
    }

    /// The encoded extrinsics of a block.
    pub async fn extrinsics(&self, hash: Hash) -> Result<Vec<Vec<u8>>, String> {
        let block: SignedBlockJson = self.request("chain_getBlock", rpc_params![hash]).await?;
        block
            .block
            .extrinsics
            .iter()
            .map(|text| unhex(text))
            .collect()
    }

    /// The nonce of the account's next transaction, those in the pool counted.
    pub async fn next_nonce(&self, account: &AccountId) -> Result<Nonce, String> {
        self.request(
            "system_accountNextIndex",
            rpc_params![account.to_ss58check()],
        )
        .await
    }

    /// Hands a signed extrinsic to the pool.
    pub async fn submit(&self, extrinsic: &[u8]) -> Result<Hash, String> {
        self.request("author_submitExtrinsic", rpc_params![tohex(extrinsic)])
            .await
    }

    /// The whole state of a block, but for the runtime's code.
    pub async fn state(&self, hash: Hash) -> Result<KeyValues, String> {
        self.pairs(&[], hash).await
    }

    /// What a block's state has under one key.
    pub async fn value(&self, hash: Hash, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let value: Option<String> = self
            .request("state_getStorage", rpc_params![tohex(key), hash])
            .await?;
        value.map(|text| unhex(&text)).transpose()
    }

    /// The part of a block's state whose keys begin with `prefix`, but for the runtime's code.
    pub async fn pairs(&self, prefix: &[u8], hash: Hash) -> Result<KeyValues, String> {
        let mut keys = self.keys(prefix, hash).await?;
        let code = tohex(well_known_keys::CODE);
        keys.retain(|key| *key != code);
        let mut state = KeyValues::new();
        for page in keys.chunks(VALUE_PAGE) {
            self.values(hash, page, &mut state).await?;
        }
        Ok(state)
    }

    async fn keys(&self, prefix: &[u8], hash: Hash) -> Result<Vec<String>, String> {
        let mut keys: Vec<String> = Vec::new();
        loop {
            let page: Vec<String> = self
                .request(
                    "state_getKeysPaged",
                    rpc_params![tohex(prefix), KEY_PAGE, keys.last(), hash],
                )
                .await?;
            let full = page.len() >= KEY_PAGE;
            keys.extend(page);
            if !full {
                return Ok(keys);
            }
        }
    }

    async fn values(
        &self,
        hash: Hash,
        keys: &[String],
        state: &mut KeyValues,
    ) -> Result<(), String> {
        let sets: Vec<ChangeSetJson> = self
            .request("state_queryStorageAt", rpc_params![keys, hash])
            .await?;
        for (key, value) in sets.into_iter().flat_map(|set| set.changes) {
            if let Some(value) = value {
                state.insert(unhex(&key)?, unhex(&value)?);
            }
        }
        Ok(())
    }
}

/// Bytes as JSON-RPC writes them.
pub fn tohex(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

fn unhex(text: &str) -> Result<Vec<u8>, String> {
    hex::decode(text.strip_prefix("0x").unwrap_or(text)).map_err(|e| format!("bad hex: {e}"))
}
