//! `backstop_*`: the vault and its depositors.

use crate::{error, AccountId, Decimal, Reads};
use bulwark_runtime_api::{BackstopApi, BackstopDepositorInfo, BackstopInfo};
use jsonrpsee::{
    core::{async_trait, RpcResult},
    proc_macros::rpc,
};
use polkadot_sdk::{
    sp_api::ProvideRuntimeApi, sp_blockchain::HeaderBackend, sp_runtime::traits::Block as BlockT,
};
use serde::{Deserialize, Serialize};

/// The vault, in USD.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Vault {
    /// What all shares are worth at the worse prices: what is paid for them.
    pub worse_value: Option<Decimal>,
    /// At the better ones: what they are bought at.
    pub better_value: Option<Decimal>,
    /// In no market.
    pub free: Decimal,
    /// Put into markets: the most that can be lost there.
    pub at_risk: Decimal,
    /// Lost today, gains apart.
    pub lost_today: Decimal,
    /// All shares.
    pub shares: Decimal,
    /// Markets in which it has a position.
    pub markets: Vec<VaultMarket>,
}

/// A market in which the vault has a position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VaultMarket {
    /// Which.
    pub market: u32,
    /// What was put in there, in USD.
    pub at_risk: Decimal,
}

impl From<BackstopInfo> for Vault {
    fn from(vault: BackstopInfo) -> Self {
        Self {
            worse_value: vault.worse_value.map(Into::into),
            better_value: vault.better_value.map(Into::into),
            free: vault.free.into(),
            at_risk: vault.at_risk.into(),
            lost_today: vault.lost_today.into(),
            shares: vault.shares.into(),
            markets: vault
                .markets
                .into_iter()
                .map(|(market, at_risk)| VaultMarket {
                    market: market.0,
                    at_risk: at_risk.into(),
                })
                .collect(),
        }
    }
}

/// A depositor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Depositor {
    /// Shares.
    pub shares: Decimal,
    /// What they are worth at the worse prices, in USD; nothing while that is not known.
    pub value: Option<Decimal>,
}

impl From<BackstopDepositorInfo> for Depositor {
    fn from(depositor: BackstopDepositorInfo) -> Self {
        Self {
            shares: depositor.shares.into(),
            value: depositor.value.map(Into::into),
        }
    }
}

/// The backstop vault.
#[rpc(server, namespace = "backstop")]
pub trait BackstopRpc<Hash> {
    /// The vault in one look.
    #[method(name = "vault", blocking)]
    fn vault(&self, at: Option<Hash>) -> RpcResult<Vault>;

    /// What a depositor has.
    #[method(name = "depositor", blocking)]
    fn depositor(&self, who: AccountId, at: Option<Hash>) -> RpcResult<Depositor>;
}

#[async_trait]
impl<C, Block> BackstopRpcServer<Block::Hash> for Reads<C, Block>
where
    Block: BlockT,
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
    C::Api: BackstopApi<Block, AccountId>,
{
    fn vault(&self, at: Option<Block::Hash>) -> RpcResult<Vault> {
        let vault = self
            .client
            .runtime_api()
            .vault(self.block(at))
            .map_err(error::runtime)?;
        Ok(vault.into())
    }

    fn depositor(&self, who: AccountId, at: Option<Block::Hash>) -> RpcResult<Depositor> {
        let depositor = self
            .client
            .runtime_api()
            .depositor(self.block(at), who)
            .map_err(error::runtime)?;
        depositor
            .map(Into::into)
            .ok_or_else(|| error::unknown("depositor"))
    }
}
