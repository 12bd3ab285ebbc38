//! `liquidation_*`: the due queue.

use crate::{error, Account, AccountId, Decimal, Reads};
use bulwark_primitives::{MarketId, SubAccount, SubAccountIndex};
use bulwark_runtime_api::LiquidationApi;
use jsonrpsee::{
    core::{async_trait, RpcResult},
    proc_macros::rpc,
};
use polkadot_sdk::{
    sp_api::ProvideRuntimeApi, sp_blockchain::HeaderBackend, sp_runtime::traits::Block as BlockT,
};
use serde::{Deserialize, Serialize};

/// Where a position stands among those that would be closed against a bankrupt account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AdlRank {
    /// Profit times leverage; not above zero without profit.
    pub score: Decimal,
    /// How many of the positions of its side that were looked at come before it.
    pub place: u32,
    /// How many were looked at, this one included.
    pub of: u32,
}

/// The due queue.
#[rpc(server, namespace = "liquidation")]
pub trait LiquidationRpc<Hash> {
    /// Accounts that the next step of liquidation looks at, at most `limit` (256 at the most).
    #[method(name = "dueAccounts", blocking)]
    fn due_accounts(&self, limit: u32, at: Option<Hash>) -> RpcResult<Vec<Account>>;

    /// Whether an account is among them.
    #[method(name = "isDue", blocking)]
    fn is_due(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Hash>,
    ) -> RpcResult<bool>;

    /// How close a position is to being closed for somebody else's loss; null without a position
    /// or a price.
    #[method(name = "adlRank", blocking)]
    fn adl_rank(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        market: u32,
        at: Option<Hash>,
    ) -> RpcResult<Option<AdlRank>>;
}

#[async_trait]
impl<C, Block> LiquidationRpcServer<Block::Hash> for Reads<C, Block>
where
    Block: BlockT,
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
    C::Api: LiquidationApi<Block, AccountId>,
{
    fn due_accounts(&self, limit: u32, at: Option<Block::Hash>) -> RpcResult<Vec<Account>> {
        let accounts = self
            .client
            .runtime_api()
            .due_accounts(self.block(at), limit)
            .map_err(error::runtime)?;
        Ok(accounts.into_iter().map(Into::into).collect())
    }

    fn is_due(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Block::Hash>,
    ) -> RpcResult<bool> {
        self.client
            .runtime_api()
            .is_due(self.block(at), SubAccount::new(owner, sub_account))
            .map_err(error::runtime)
    }

    fn adl_rank(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        market: u32,
        at: Option<Block::Hash>,
    ) -> RpcResult<Option<AdlRank>> {
        let account = SubAccount::new(owner, sub_account);
        let rank = self
            .client
            .runtime_api()
            .adl_rank(self.block(at), account, MarketId(market))
            .map_err(error::runtime)?;
        Ok(rank.map(|rank| AdlRank {
            score: Decimal::of_score(rank.score),
            place: rank.place,
            of: rank.of,
        }))
    }
}
