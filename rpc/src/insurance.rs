//! `insurance_*`: the fund.

use crate::{error, Decimal, Reads};
use bulwark_primitives::MarketId;
use bulwark_runtime_api::InsuranceApi;
use jsonrpsee::{
    core::{async_trait, RpcResult},
    proc_macros::rpc,
};
use polkadot_sdk::{
    sp_api::ProvideRuntimeApi, sp_blockchain::HeaderBackend, sp_runtime::traits::Block as BlockT,
};
use serde::{Deserialize, Serialize};

/// What the fund would pay for a loss, in the order of use and in USD.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FundReserves {
    /// Liquidation fees of the market itself.
    pub fees: Decimal,
    /// The fund's own money, within the market's share of it.
    pub own: Decimal,
    /// Stakers' money, within the same share.
    pub stakers: Decimal,
}

/// The insurance fund.
#[rpc(server, namespace = "insurance")]
pub trait InsuranceRpc<Hash> {
    /// What is in it, in USD, stakers' money included.
    #[method(name = "fund", blocking)]
    fn fund(&self, at: Option<Hash>) -> RpcResult<Decimal>;

    /// What it would pay for a loss in a market now.
    #[method(name = "available", blocking)]
    fn available(&self, market: u32, at: Option<Hash>) -> RpcResult<FundReserves>;
}

#[async_trait]
impl<C, Block> InsuranceRpcServer<Block::Hash> for Reads<C, Block>
where
    Block: BlockT,
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
    C::Api: InsuranceApi<Block>,
{
    fn fund(&self, at: Option<Block::Hash>) -> RpcResult<Decimal> {
        let fund = self
            .client
            .runtime_api()
            .fund(self.block(at))
            .map_err(error::runtime)?;
        Ok(fund.into())
    }

    fn available(&self, market: u32, at: Option<Block::Hash>) -> RpcResult<FundReserves> {
        let reserves = self
            .client
            .runtime_api()
            .available(self.block(at), MarketId(market))
            .map_err(error::runtime)?;
        Ok(FundReserves {
            fees: reserves.fees.into(),
            own: reserves.own.into(),
            stakers: reserves.stakers.into(),
        })
    }
}
