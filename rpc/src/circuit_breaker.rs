//! `circuitBreaker_*`: what markets allow.

use crate::{error, Decimal, Reads};
use bulwark_primitives::{MarketId, MarketStatus, Moment, StatusReason};
use bulwark_runtime_api::{CircuitBreakerApi, StatusInfo};
use jsonrpsee::{
    core::{async_trait, RpcResult},
    proc_macros::rpc,
};
use polkadot_sdk::{
    sp_api::ProvideRuntimeApi, sp_blockchain::HeaderBackend, sp_runtime::traits::Block as BlockT,
};
use serde::{Deserialize, Serialize};

/// What a market allows now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusJson {
    /// The status; `Closed` for a market that does not exist.
    pub status: MarketStatus,
    /// Why.
    pub reason: StatusReason,
    /// When it ends by itself.
    pub until: Option<Moment>,
    /// Mean price that the band is around.
    pub reference: Option<Decimal>,
    /// Lowest and highest price of an order.
    pub band: Option<(Decimal, Decimal)>,
}

impl From<StatusInfo> for StatusJson {
    fn from(info: StatusInfo) -> Self {
        Self {
            status: info.status,
            reason: info.reason,
            until: info.until,
            reference: info.reference.map(Into::into),
            band: info.band.map(|(low, high)| (low.into(), high.into())),
        }
    }
}

/// The circuit breaker.
#[rpc(server, namespace = "circuitBreaker")]
pub trait CircuitBreakerRpc<Hash> {
    /// Status of a market.
    #[method(name = "marketStatus", blocking)]
    fn market_status(&self, market: u32, at: Option<Hash>) -> RpcResult<StatusJson>;
}

#[async_trait]
impl<C, Block> CircuitBreakerRpcServer<Block::Hash> for Reads<C, Block>
where
    Block: BlockT,
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
    C::Api: CircuitBreakerApi<Block>,
{
    fn market_status(&self, market: u32, at: Option<Block::Hash>) -> RpcResult<StatusJson> {
        let status = self
            .client
            .runtime_api()
            .market_status(self.block(at), MarketId(market))
            .map_err(error::runtime)?;
        Ok(status.into())
    }
}
