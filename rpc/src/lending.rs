//! `lending_*`: the pool and its suppliers.

use crate::{error, AccountId, Decimal, Reads};
use bulwark_runtime_api::{LendingApi, LendingPoolInfo, SupplierInfo};
use jsonrpsee::{
    core::{async_trait, RpcResult},
    proc_macros::rpc,
};
use polkadot_sdk::{
    sp_api::ProvideRuntimeApi, sp_blockchain::HeaderBackend, sp_runtime::traits::Block as BlockT,
};
use serde::{Deserialize, Serialize};

/// The pool: amounts in USD, rates per year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pool {
    /// What all suppliers own.
    pub supplied: Decimal,
    /// All debts.
    pub borrowed: Decimal,
    /// What can be redeemed or borrowed now.
    pub available: Decimal,
    /// What goes to the insurance fund at the end of the hour.
    pub reserve: Decimal,
    /// Shares of all suppliers.
    pub shares: Decimal,
    /// Borrowed over supplied, at most 1.
    pub utilisation: Decimal,
    /// What a loan costs.
    pub borrow_rate: Decimal,
    /// What a supplier earns.
    pub supply_rate: Decimal,
    /// What one unit borrowed at the beginning has grown to.
    pub borrow_index: Decimal,
    /// What one unit supplied at the beginning has grown to.
    pub supply_index: Decimal,
    /// Factor on the curve.
    pub scaling: Decimal,
    /// Whether no interest is charged now.
    pub frozen: bool,
}

impl From<LendingPoolInfo> for Pool {
    fn from(pool: LendingPoolInfo) -> Self {
        Self {
            supplied: pool.supplied.into(),
            borrowed: pool.borrowed.into(),
            available: pool.available.into(),
            reserve: pool.reserve.into(),
            shares: pool.shares.into(),
            utilisation: pool.utilisation.into(),
            borrow_rate: pool.borrow_rate.into(),
            supply_rate: pool.supply_rate.into(),
            borrow_index: pool.borrow_index.into(),
            supply_index: pool.supply_index.into(),
            scaling: pool.scaling.into(),
            frozen: pool.frozen,
        }
    }
}

/// A supplier: amounts in USD.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Supplier {
    /// Shares.
    pub shares: Decimal,
    /// What they are worth.
    pub value: Decimal,
    /// How much of it can be taken out now.
    pub redeemable: Decimal,
}

impl From<SupplierInfo> for Supplier {
    fn from(supplier: SupplierInfo) -> Self {
        Self {
            shares: supplier.shares.into(),
            value: supplier.value.into(),
            redeemable: supplier.redeemable.into(),
        }
    }
}

/// The lending pool.
#[rpc(server, namespace = "lending")]
pub trait LendingRpc<Hash> {
    /// The pool in one look.
    #[method(name = "pool", blocking)]
    fn pool(&self, at: Option<Hash>) -> RpcResult<Pool>;

    /// What a supplier has.
    #[method(name = "supplier", blocking)]
    fn supplier(&self, who: AccountId, at: Option<Hash>) -> RpcResult<Supplier>;
}

#[async_trait]
impl<C, Block> LendingRpcServer<Block::Hash> for Reads<C, Block>
where
    Block: BlockT,
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
    C::Api: LendingApi<Block, AccountId>,
{
    fn pool(&self, at: Option<Block::Hash>) -> RpcResult<Pool> {
        let pool = self
            .client
            .runtime_api()
            .pool(self.block(at))
            .map_err(error::runtime)?;
        pool.map(Into::into).ok_or_else(error::overflow)
    }

    fn supplier(&self, who: AccountId, at: Option<Block::Hash>) -> RpcResult<Supplier> {
        let supplier = self
            .client
            .runtime_api()
            .supplier(self.block(at), who)
            .map_err(error::runtime)?;
        supplier
            .map(Into::into)
            .ok_or_else(|| error::unknown("supplier"))
    }
}
