//! `margin_*`: accounts.

use crate::{error, AccountId, Decimal, Reads};
use bulwark_primitives::{AssetId, Health, MarketId, SubAccount, SubAccountIndex};
use bulwark_runtime_api::{AccountSummary, MarginApi, PositionInfo};
use jsonrpsee::{
    core::{async_trait, RpcResult},
    proc_macros::rpc,
};
use polkadot_sdk::{
    sp_api::ProvideRuntimeApi, sp_blockchain::HeaderBackend, sp_runtime::traits::Block as BlockT,
};
use serde::{Deserialize, Serialize};

/// What an account has and needs, in USD.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthJson {
    /// Value for maintenance.
    pub equity: Decimal,
    /// Value for initial margin.
    pub initial_equity: Decimal,
    /// What opening and withdrawing need.
    pub initial_margin: Decimal,
    /// What keeps the account from being liquidated.
    pub maintenance_margin: Decimal,
    /// Sum of the positions' notionals.
    pub notional: Decimal,
    /// Whether consensus closes the account.
    pub liquidatable: bool,
}

impl From<Health> for HealthJson {
    fn from(health: Health) -> Self {
        Self {
            equity: health.equity.into(),
            initial_equity: health.initial_equity.into(),
            initial_margin: health.initial_margin.into(),
            maintenance_margin: health.maintenance_margin.into(),
            notional: health.notional.into(),
            liquidatable: health.is_liquidatable(),
        }
    }
}

/// An amount of an asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollateralJson {
    /// The asset.
    pub asset: AssetId,
    /// How much, in base units.
    pub amount: String,
}

/// A position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PositionJson {
    /// The market.
    pub market: u32,
    /// Signed size.
    pub size: Decimal,
    /// What was paid for it.
    pub entry_notional: Decimal,
    /// Mark price.
    pub mark: Decimal,
    /// Signed value at mark.
    pub notional: Decimal,
    /// Profit or loss not yet realised.
    pub unrealised: Decimal,
    /// Its part of the maintenance margin.
    pub maintenance_margin: Decimal,
    /// Mark price at which the account falls under maintenance when nothing else moves.
    pub liquidation_price: Option<Decimal>,
}

impl From<PositionInfo> for PositionJson {
    fn from(position: PositionInfo) -> Self {
        Self {
            market: position.market.0,
            size: position.size.into(),
            entry_notional: position.entry_notional.into(),
            mark: position.mark.into(),
            notional: position.notional.into(),
            unrealised: position.unrealised.into(),
            maintenance_margin: position.maintenance_margin.into(),
            liquidation_price: position.liquidation_price.map(Into::into),
        }
    }
}

/// An account in one look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryJson {
    /// Settlement balance; negative when more was lost than deposited.
    pub balance: Decimal,
    /// Other collateral.
    pub collateral: Vec<CollateralJson>,
    /// Health; null while a price is missing.
    pub health: Option<HealthJson>,
    /// Positions by market; empty while a price is missing.
    pub positions: Vec<PositionJson>,
}

impl From<AccountSummary> for SummaryJson {
    fn from(summary: AccountSummary) -> Self {
        Self {
            balance: summary.balance.into(),
            collateral: summary
                .collateral
                .into_iter()
                .map(|(asset, amount)| CollateralJson {
                    asset,
                    amount: amount.to_string(),
                })
                .collect(),
            health: summary.health.ok().map(Into::into),
            positions: summary.positions.into_iter().map(Into::into).collect(),
        }
    }
}

/// Open interest of a market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInterestJson {
    /// Sum of all longs.
    pub long: Decimal,
    /// Sum of all shorts, the same.
    pub short: Decimal,
}

/// Accounts: equity, margin, positions.
#[rpc(server, namespace = "margin")]
pub trait MarginRpc<Hash> {
    /// Health of an account at the prices of the block.
    #[method(name = "accountHealth", blocking)]
    fn account_health(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Hash>,
    ) -> RpcResult<HealthJson>;

    /// Everything about an account; null for one that holds nothing.
    #[method(name = "accountSummary", blocking)]
    fn account_summary(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Hash>,
    ) -> RpcResult<Option<SummaryJson>>;

    /// Open interest of a market.
    #[method(name = "openInterest", blocking)]
    fn open_interest(&self, market: u32, at: Option<Hash>) -> RpcResult<OpenInterestJson>;
}

#[async_trait]
impl<C, Block> MarginRpcServer<Block::Hash> for Reads<C, Block>
where
    Block: BlockT,
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
    C::Api: MarginApi<Block, AccountId>,
{
    fn account_health(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Block::Hash>,
    ) -> RpcResult<HealthJson> {
        self.client
            .runtime_api()
            .account_health(self.block(at), SubAccount::new(owner, sub_account))
            .map_err(error::runtime)?
            .map(Into::into)
            .map_err(error::health)
    }

    fn account_summary(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Block::Hash>,
    ) -> RpcResult<Option<SummaryJson>> {
        let summary = self
            .client
            .runtime_api()
            .account_summary(self.block(at), SubAccount::new(owner, sub_account))
            .map_err(error::runtime)?;
        Ok(summary.map(Into::into))
    }

    fn open_interest(&self, market: u32, at: Option<Block::Hash>) -> RpcResult<OpenInterestJson> {
        let (api, block) = (self.client.runtime_api(), self.block(at));
        let market = MarketId(market);
        if api.market(block, market).map_err(error::runtime)?.is_none() {
            return Err(error::unknown("market"));
        }
        let (long, short) = api.open_interest(block, market).map_err(error::runtime)?;
        Ok(OpenInterestJson {
            long: long.into(),
            short: short.into(),
        })
    }
}
