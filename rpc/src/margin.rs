//! `margin_*`: accounts.

use crate::{
    decimal::{parse, parse_fine},
    error, AccountId, Decimal, Reads,
};
use bulwark_primitives::{
    AssetId, Health, MarketId, Price, Quantity, Side, Size, SubAccount, SubAccountIndex, Usd,
    USD_DECIMALS,
};
use bulwark_runtime_api::{
    AccountDetails, AccountSummary, LiquidationProbability, MarginApi, MarketSummary, OutflowInfo,
    PositionInfo,
};
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

/// How much of an asset may leave, in base units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutflowJson {
    /// Now.
    pub now: String,
    /// Within an hour in which nothing has left yet.
    pub hour: String,
    /// Within a day in which nothing has left yet.
    pub day: String,
}

impl From<OutflowInfo> for OutflowJson {
    fn from(room: OutflowInfo) -> Self {
        Self {
            now: room.now.to_string(),
            hour: room.hour.to_string(),
            day: room.day.to_string(),
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
    /// Funding it owes and has not settled; negative when it gets some.
    pub funding: Decimal,
    /// Its part of the initial margin.
    pub initial_margin: Decimal,
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
            funding: position.funding.into(),
            initial_margin: position.initial_margin.into(),
            maintenance_margin: position.maintenance_margin.into(),
            liquidation_price: position.liquidation_price.map(Into::into),
        }
    }
}

/// Probabilities of falling under maintenance, as fractions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProbabilityJson {
    /// Within an hour, with the volatility of now.
    pub hour: Decimal,
    /// Within a day, with the volatility of now.
    pub day: Decimal,
    /// Within an hour, with 3.5 times that.
    pub stressed_hour: Decimal,
    /// Within a day, with 3.5 times that.
    pub stressed_day: Decimal,
}

impl From<LiquidationProbability> for ProbabilityJson {
    fn from(probability: LiquidationProbability) -> Self {
        Self {
            hour: probability.hour.into(),
            day: probability.day.into(),
            stressed_hour: probability.stressed_hour.into(),
            stressed_day: probability.stressed_day.into(),
        }
    }
}

/// An account in one look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SummaryJson {
    /// Settlement balance; negative when more was lost than deposited.
    pub balance: Decimal,
    /// Other collateral.
    pub collateral: Vec<CollateralJson>,
    /// The one market of an isolated account.
    pub isolated: Option<u32>,
    /// Health; null while a price is missing.
    pub health: Option<HealthJson>,
    /// Equity over maintenance margin; null without a requirement or while a price is missing.
    pub health_ratio: Option<Decimal>,
    /// What is left for new risk; null while a price is missing.
    pub free_collateral: Option<Decimal>,
    /// What is missing for new risk, in words; null when nothing is.
    pub missing: Option<String>,
    /// Initial equity less what has to stay after a withdrawal; null while a price is missing.
    pub withdrawal_room: Option<Decimal>,
    /// Funding that is not settled; null while a price is missing.
    pub funding: Option<Decimal>,
    /// What opposite positions take off initial margin; null while a price is missing.
    pub initial_offset: Option<Decimal>,
    /// What opposite positions take off maintenance margin; null while a price is missing.
    pub maintenance_offset: Option<Decimal>,
    /// How likely the account falls under maintenance; null while a price is missing.
    pub liquidation_probability: Option<ProbabilityJson>,
    /// Positions by market; empty while a price is missing.
    pub positions: Vec<PositionJson>,
}

impl From<AccountSummary> for SummaryJson {
    fn from(summary: AccountSummary) -> Self {
        let details = summary.details;
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
            isolated: summary.isolated.map(|market| market.0),
            health: summary.health.ok().map(Into::into),
            health_ratio: details
                .as_ref()
                .and_then(|details| details.ratio)
                .map(Into::into),
            free_collateral: details.as_ref().map(|d| d.free_collateral.into()),
            missing: details.as_ref().and_then(missing),
            withdrawal_room: details.as_ref().map(|d| d.withdrawal_room.into()),
            funding: details.as_ref().map(|d| d.funding.into()),
            initial_offset: details.as_ref().map(|d| d.initial_offset.into()),
            maintenance_offset: details.as_ref().map(|d| d.maintenance_offset.into()),
            liquidation_probability: details.and_then(|d| d.probability).map(Into::into),
            positions: summary.positions.into_iter().map(Into::into).collect(),
        }
    }
}

/// What is missing for new risk, in words.
fn missing(details: &AccountDetails) -> Option<String> {
    let short = details
        .free_collateral
        .checked_neg()
        .filter(|short| *short > Usd::ZERO)?;
    Some(format!(
        "free collateral {} USDX short",
        Decimal::from(short)
    ))
}

/// A market as margin sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MarketJson {
    /// Sum of all longs.
    pub long: Decimal,
    /// Sum of all shorts, the same.
    pub short: Decimal,
    /// What a long pays an hour, as a fraction of its value.
    pub funding_rate: Decimal,
    /// What one unit of long has paid since the market exists, USD.
    pub funding_index: Decimal,
    /// Whether funding is paused.
    pub funding_paused: bool,
    /// Initial margin with the open interest of now, before a size add-on.
    pub initial_margin: Decimal,
    /// Initial margin before open interest.
    pub base_initial_margin: Decimal,
    /// Maintenance margin before a size add-on.
    pub maintenance_margin: Decimal,
}

impl From<MarketSummary> for MarketJson {
    fn from(summary: MarketSummary) -> Self {
        Self {
            long: summary.long.into(),
            short: summary.short.into(),
            funding_rate: summary.funding_rate.into(),
            // As a size, the index is a signed number with 18 decimals.
            funding_index: Size(summary.funding_index).into(),
            funding_paused: summary.funding_paused,
            initial_margin: summary.initial_margin.into(),
            base_initial_margin: summary.base_initial_margin.into(),
            maintenance_margin: summary.maintenance_margin.into(),
        }
    }
}

/// Margin of a position of some size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MarginAtJson {
    /// Initial margin as a fraction of the notional.
    pub initial_margin: Decimal,
    /// Maintenance margin as a fraction of the notional.
    pub maintenance_margin: Decimal,
}

/// An order that is supposed to fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupposedOrder {
    /// The market.
    pub market: u32,
    /// `"Bid"` or `"Ask"`.
    pub side: Side,
    /// How much, in whole units: `"0.1"`.
    pub quantity: String,
    /// At what price, in USD.
    pub price: String,
}

/// The largest orders that margin accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaxOrderJson {
    /// To buy.
    pub bid: Decimal,
    /// To sell.
    pub ask: Decimal,
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

    /// The account after an order that fills in full at its price as a taker.
    #[method(name = "accountAfterOrder", blocking)]
    fn account_after_order(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        order: SupposedOrder,
        at: Option<Hash>,
    ) -> RpcResult<SummaryJson>;

    /// The account at other prices of some assets: pairs of asset and price.
    #[method(name = "accountAtPrices", blocking)]
    fn account_at_prices(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        prices: Vec<(AssetId, String)>,
        at: Option<Hash>,
    ) -> RpcResult<SummaryJson>;

    /// The largest orders at the mark price that margin accepts.
    #[method(name = "maxOrder", blocking)]
    fn max_order(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        market: u32,
        at: Option<Hash>,
    ) -> RpcResult<MaxOrderJson>;

    /// The most of an asset that may be withdrawn, in base units.
    #[method(name = "maxWithdrawal", blocking)]
    fn max_withdrawal(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        asset: AssetId,
        at: Option<Hash>,
    ) -> RpcResult<String>;

    /// How much of an asset may leave the chain now, whoever wants it, and the limits of an hour and a day; base
    /// units.
    #[method(name = "outflow", blocking)]
    fn outflow(&self, asset: AssetId, at: Option<Hash>) -> RpcResult<Option<OutflowJson>>;

    /// How likely an account falls under maintenance; null for one that holds nothing or while a price is
    /// missing. Part of every summary too.
    #[method(name = "liquidationProbability", blocking)]
    fn liquidation_probability(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Hash>,
    ) -> RpcResult<Option<ProbabilityJson>>;

    /// The most settlement asset that may be taken out with a loan from the lending pool.
    #[method(name = "maxBorrow", blocking)]
    fn max_borrow(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Hash>,
    ) -> RpcResult<Decimal>;

    /// Open interest, funding and margins of a market.
    #[method(name = "marketSummary", blocking)]
    fn market_summary(&self, market: u32, at: Option<Hash>) -> RpcResult<MarketJson>;

    /// Initial and maintenance margin of a position worth `notional`.
    #[method(name = "marginAt", blocking)]
    fn margin_at(&self, market: u32, notional: String, at: Option<Hash>)
        -> RpcResult<MarginAtJson>;

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

    fn account_after_order(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        order: SupposedOrder,
        at: Option<Block::Hash>,
    ) -> RpcResult<SummaryJson> {
        let quantity = parse_fine(&order.quantity).ok_or_else(|| error::invalid("quantity"))?;
        let price = parse_fine(&order.price).ok_or_else(|| error::invalid("price"))?;
        self.client
            .runtime_api()
            .summary_after(
                self.block(at),
                SubAccount::new(owner, sub_account),
                MarketId(order.market),
                order.side,
                Quantity(quantity),
                Price(price),
            )
            .map_err(error::runtime)?
            .map(Into::into)
            .ok_or_else(error::impossible)
    }

    fn account_at_prices(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        prices: Vec<(AssetId, String)>,
        at: Option<Block::Hash>,
    ) -> RpcResult<SummaryJson> {
        let prices = prices
            .into_iter()
            .map(|(asset, price)| Some((asset, Price(parse_fine(&price)?))))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| error::invalid("price"))?;
        self.client
            .runtime_api()
            .summary_at(self.block(at), SubAccount::new(owner, sub_account), prices)
            .map_err(error::runtime)?
            .map(Into::into)
            .ok_or_else(error::impossible)
    }

    fn max_order(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        market: u32,
        at: Option<Block::Hash>,
    ) -> RpcResult<MaxOrderJson> {
        let account = SubAccount::new(owner, sub_account);
        let (bid, ask) = self
            .client
            .runtime_api()
            .max_order(self.block(at), account, MarketId(market))
            .map_err(error::runtime)?;
        Ok(MaxOrderJson {
            bid: bid.into(),
            ask: ask.into(),
        })
    }

    fn max_withdrawal(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        asset: AssetId,
        at: Option<Block::Hash>,
    ) -> RpcResult<String> {
        let account = SubAccount::new(owner, sub_account);
        let most = self
            .client
            .runtime_api()
            .max_withdrawal(self.block(at), account, asset)
            .map_err(error::runtime)?;
        Ok(most.to_string())
    }

    fn outflow(&self, asset: AssetId, at: Option<Block::Hash>) -> RpcResult<Option<OutflowJson>> {
        let room = self
            .client
            .runtime_api()
            .outflow(self.block(at), asset)
            .map_err(error::runtime)?;
        Ok(room.map(Into::into))
    }

    fn liquidation_probability(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Block::Hash>,
    ) -> RpcResult<Option<ProbabilityJson>> {
        let summary = self
            .client
            .runtime_api()
            .account_summary(self.block(at), SubAccount::new(owner, sub_account))
            .map_err(error::runtime)?;
        let details = summary.and_then(|summary| summary.details);
        Ok(details
            .and_then(|details| details.probability)
            .map(Into::into))
    }

    fn max_borrow(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Block::Hash>,
    ) -> RpcResult<Decimal> {
        self.client
            .runtime_api()
            .max_borrow(self.block(at), SubAccount::new(owner, sub_account))
            .map(Into::into)
            .map_err(error::runtime)
    }

    fn market_summary(&self, market: u32, at: Option<Block::Hash>) -> RpcResult<MarketJson> {
        self.client
            .runtime_api()
            .market_summary(self.block(at), MarketId(market))
            .map_err(error::runtime)?
            .map(Into::into)
            .ok_or_else(|| error::unknown("market"))
    }

    fn margin_at(
        &self,
        market: u32,
        notional: String,
        at: Option<Block::Hash>,
    ) -> RpcResult<MarginAtJson> {
        let notional = parse(&notional, USD_DECIMALS.into())
            .and_then(|usd| i128::try_from(usd).ok())
            .ok_or_else(|| error::invalid("notional"))?;
        let (initial, maintenance) = self
            .client
            .runtime_api()
            .margin_at(self.block(at), MarketId(market), Usd(notional))
            .map_err(error::runtime)?
            .ok_or_else(|| error::unknown("market"))?;
        Ok(MarginAtJson {
            initial_margin: initial.into(),
            maintenance_margin: maintenance.into(),
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_should_say_what_is_missing_when_collateral_is_short() {
        let details = |free: i128| AccountDetails {
            ratio: None,
            free_collateral: Usd(free),
            withdrawal_room: Usd::ZERO,
            funding: Usd::ZERO,
            initial_offset: Usd::ZERO,
            maintenance_offset: Usd::ZERO,
            probability: None,
        };
        let text = missing(&details(-12_300_000));
        assert_eq!(text.as_deref(), Some("free collateral 12.3 USDX short"));
        assert_eq!(missing(&details(0)), None);
    }
}
