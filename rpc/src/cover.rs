//! `insurance_cover*`, `insurance_policies`, `insurance_underwriter`: policies and who underwrites them.

use crate::{decimal::parse, error, AccountId, Decimal, Reads};
use bulwark_primitives::{MarketId, SubAccount, SubAccountIndex, Usd, USD_DECIMALS};
use bulwark_runtime_api::{
    CoverApi, CoverPolicyInfo, CoverPoolInfo, CoverQuoteInfo, UnderwriterInfo,
};
use jsonrpsee::{
    core::{async_trait, RpcResult},
    proc_macros::rpc,
};
use polkadot_sdk::{
    sp_api::ProvideRuntimeApi, sp_blockchain::HeaderBackend, sp_runtime::traits::Block as BlockT,
};
use serde::{Deserialize, Serialize};

/// What a policy would be if it were bought now: amounts in USD, blocks by number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// What it costs.
    pub premium: Decimal,
    /// First block in which it pays.
    pub from: u32,
    /// First block in which it does not pay any more.
    pub until: u32,
    /// How much of the capacity would be sold then.
    pub utilisation: Decimal,
}

impl From<CoverQuoteInfo> for Quote {
    fn from(quote: CoverQuoteInfo) -> Self {
        Self {
            premium: quote.premium.into(),
            from: quote.from,
            until: quote.until,
            utilisation: quote.utilisation.into(),
        }
    }
}

/// A policy that is not over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// In which market.
    pub market: u32,
    /// What it can still pay.
    pub left: Decimal,
    /// What it cost.
    pub premium: Decimal,
    /// First block in which it pays.
    pub from: u32,
    /// First block in which it does not pay any more.
    pub until: u32,
}

impl From<CoverPolicyInfo> for Policy {
    fn from(policy: CoverPolicyInfo) -> Self {
        Self {
            market: policy.market.0,
            left: policy.left.into(),
            premium: policy.premium.into(),
            from: policy.from,
            until: policy.until,
        }
    }
}

/// The underwriters' pool of a market: amounts in USD, shares as they are counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pool {
    /// What underwriters have, with what is earned of the premiums.
    pub assets: Decimal,
    /// All their shares.
    pub shares: Decimal,
    /// What those have who asked for the way out.
    pub leaving: Decimal,
    /// What can be sold in all.
    pub capacity: Decimal,
    /// What is sold.
    pub sold: Decimal,
    /// How much of the capacity that is, at most 1.
    pub utilisation: Decimal,
    /// Premiums that are paid and not earned.
    pub unearned: Decimal,
}

impl From<CoverPoolInfo> for Pool {
    fn from(pool: CoverPoolInfo) -> Self {
        Self {
            assets: pool.assets.into(),
            shares: Decimal::of(pool.shares, 0),
            leaving: pool.leaving.into(),
            capacity: pool.capacity.into(),
            sold: pool.sold.into(),
            utilisation: pool.utilisation.into(),
            unearned: pool.unearned.into(),
        }
    }
}

/// What somebody has in the underwriters' pool of a market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Underwriter {
    /// Shares, those on their way out included.
    pub shares: Decimal,
    /// What they are worth now.
    pub worth: Decimal,
    /// Shares on their way out.
    pub requested: Decimal,
    /// First and last block in which those may be claimed.
    pub claimable: Option<(u32, u32)>,
}

impl From<UnderwriterInfo> for Underwriter {
    fn from(stake: UnderwriterInfo) -> Self {
        let requested = stake.requested.map_or(0, |(shares, _, _)| shares);
        Self {
            shares: Decimal::of(stake.shares, 0),
            worth: stake.worth.into(),
            requested: Decimal::of(requested, 0),
            claimable: stake.requested.map(|(_, from, until)| (from, until)),
        }
    }
}

/// Cover.
#[rpc(server, namespace = "insurance")]
pub trait CoverRpc<Hash> {
    /// What a policy over `cover` USD would cost now; an error when it would be refused.
    #[method(name = "coverQuote", blocking)]
    fn cover_quote(
        &self,
        market: u32,
        cover: String,
        days: u32,
        at: Option<Hash>,
    ) -> RpcResult<Quote>;

    /// Policies of an account that are not over.
    #[method(name = "policies", blocking)]
    fn policies(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Hash>,
    ) -> RpcResult<Vec<Policy>>;

    /// The underwriters' pool of a market.
    #[method(name = "coverPool", blocking)]
    fn cover_pool(&self, market: u32, at: Option<Hash>) -> RpcResult<Pool>;

    /// What somebody has in it.
    #[method(name = "underwriter", blocking)]
    fn underwriter(&self, market: u32, who: AccountId, at: Option<Hash>) -> RpcResult<Underwriter>;
}

#[async_trait]
impl<C, Block> CoverRpcServer<Block::Hash> for Reads<C, Block>
where
    Block: BlockT,
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
    C::Api: CoverApi<Block, AccountId>,
{
    fn cover_quote(
        &self,
        market: u32,
        cover: String,
        days: u32,
        at: Option<Block::Hash>,
    ) -> RpcResult<Quote> {
        let cover = parse(&cover, USD_DECIMALS.into())
            .and_then(|cover| i128::try_from(cover).ok())
            .map(Usd)
            .ok_or_else(|| error::invalid("the cover"))?;
        let quote = self
            .client
            .runtime_api()
            .cover_quote(self.block(at), MarketId(market), cover, days)
            .map_err(error::runtime)?;
        quote.map(Into::into).ok_or_else(error::not_sold)
    }

    fn policies(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Block::Hash>,
    ) -> RpcResult<Vec<Policy>> {
        let policies = self
            .client
            .runtime_api()
            .policies(self.block(at), SubAccount::new(owner, sub_account))
            .map_err(error::runtime)?;
        Ok(policies.into_iter().map(Into::into).collect())
    }

    fn cover_pool(&self, market: u32, at: Option<Block::Hash>) -> RpcResult<Pool> {
        let pool = self
            .client
            .runtime_api()
            .cover_pool(self.block(at), MarketId(market))
            .map_err(error::runtime)?;
        pool.map(Into::into).ok_or_else(error::overflow)
    }

    fn underwriter(
        &self,
        market: u32,
        who: AccountId,
        at: Option<Block::Hash>,
    ) -> RpcResult<Underwriter> {
        let underwriter = self
            .client
            .runtime_api()
            .underwriter(self.block(at), MarketId(market), who)
            .map_err(error::runtime)?;
        underwriter
            .map(Into::into)
            .ok_or_else(|| error::unknown("underwriter"))
    }
}
