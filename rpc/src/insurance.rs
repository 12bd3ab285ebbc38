//! `insurance_*`: the fund.

use crate::{error, Decimal, Reads};
use bulwark_runtime_api::InsuranceApi;
use jsonrpsee::{
    core::{async_trait, RpcResult},
    proc_macros::rpc,
};
use polkadot_sdk::{
    sp_api::ProvideRuntimeApi, sp_blockchain::HeaderBackend, sp_runtime::traits::Block as BlockT,
};

/// The insurance fund.
#[rpc(server, namespace = "insurance")]
pub trait InsuranceRpc<Hash> {
    /// What is in it, in USD.
    #[method(name = "fund", blocking)]
    fn fund(&self, at: Option<Hash>) -> RpcResult<Decimal>;
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
}
