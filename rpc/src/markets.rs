//! `markets_*`: which markets and collateral there are, with which parameters, now and later.

use crate::{error, Decimal, Reads};
use bulwark_primitives::{AssetId, CollateralParams, MarketId, MarketParams, Tier};
use bulwark_runtime_api::markets::{CorrelationInfo, MarketsApi, ParameterInfo, StepInfo};
use jsonrpsee::{
    core::{async_trait, RpcResult},
    proc_macros::rpc,
};
use polkadot_sdk::{
    sp_api::ProvideRuntimeApi,
    sp_blockchain::HeaderBackend,
    sp_runtime::traits::{Block as BlockT, Header as _, UniqueSaturatedInto},
};
use serde::{Deserialize, Serialize};

/// A governed parameter. Values are in units: `lowest` and `highest` of a fraction `"0.05"` are 5 %.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParameterJson {
    /// Its path.
    pub name: String,
    /// What it does.
    pub about: String,
    /// What it counts.
    pub unit: String,
    /// Decimals with which it is stored.
    pub decimals: u8,
    /// Lowest value.
    pub lowest: Decimal,
    /// Highest value.
    pub highest: Decimal,
    /// What else has to hold.
    pub rule: String,
    /// How far one change may go: `any`, `double`, `doubleUp` or an amount.
    pub largest_step: String,
    /// Whether it moves from block to block.
    pub ramps: bool,
    /// How a change comes into force.
    pub change: String,
}

impl From<ParameterInfo> for ParameterJson {
    fn from(info: ParameterInfo) -> Self {
        let decimal = |value| Decimal::of(value, info.decimals);
        Self {
            lowest: decimal(info.lowest),
            highest: decimal(info.highest),
            largest_step: match info.largest_step {
                StepInfo::Any => "any".into(),
                StepInfo::By(most) => decimal(most).to_string(),
                StepInfo::Double => "double".into(),
                StepInfo::DoubleUp => "doubleUp".into(),
            },
            name: info.name,
            about: info.about,
            unit: info.unit,
            decimals: info.decimals,
            rule: info.rule,
            ramps: info.ramps,
            change: info.change,
        }
    }
}

/// The whole schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaJson {
    /// Its version.
    pub version: u16,
    /// Parameters of a market.
    pub market: Vec<ParameterJson>,
    /// Parameters of a collateral asset.
    pub collateral: Vec<ParameterJson>,
    /// Parameters of how changes come into force.
    pub schedule: Vec<ParameterJson>,
    /// Parameters of the backstop vault.
    pub vault: Vec<ParameterJson>,
    /// Parameters of cover.
    pub cover: Vec<ParameterJson>,
    /// Parameters of the limits on outflow.
    pub outflow: Vec<ParameterJson>,
    /// Blocks that a loosening waits now.
    pub wait: u32,
    /// Blocks that a ramp takes now.
    pub period: u32,
}

/// A tier of the size add-on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TierJson {
    /// Notional from which it holds.
    pub from: Decimal,
    /// What each further dollar needs on top.
    pub add_on: Decimal,
}

/// What holds of a market in a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MarketJson {
    /// Id.
    pub market: u32,
    /// Asset whose price is the index.
    pub index_asset: AssetId,
    /// Quality class.
    pub tier: Tier,
    /// Smallest price step.
    pub tick_size: Decimal,
    /// Smallest quantity step.
    pub lot_size: Decimal,
    /// Smallest order.
    pub min_order: Decimal,
    /// Initial margin, of notional, volatility counted in.
    pub initial_margin: Decimal,
    /// Maintenance margin, of notional, volatility counted in.
    pub maintenance_margin: Decimal,
    /// Fee of the resting side.
    pub maker_fee: Decimal,
    /// Fee of the incoming side.
    pub taker_fee: Decimal,
    /// Fee on what a liquidation closes.
    pub liquidation_fee: Decimal,
    /// Open interest from which initial margin rises.
    pub lower_open_interest: Decimal,
    /// Cap on the open interest of one side.
    pub max_open_interest: Decimal,
    /// How far a price may be from the reference.
    pub price_band: Decimal,
    /// Tiers of the size add-on that are used.
    pub margin_tiers: Vec<TierJson>,
    /// Default funding per 8 hours.
    pub funding_interest: Decimal,
    /// Notional that the premium is measured by.
    pub impact_notional: Decimal,
}

impl MarketJson {
    fn new(market: MarketId, params: &MarketParams) -> Self {
        Self {
            market: market.0,
            index_asset: params.index_asset,
            tier: params.tier,
            tick_size: params.tick_size.into(),
            lot_size: params.lot_size.into(),
            min_order: params.min_order.into(),
            initial_margin: params.initial_margin.into(),
            maintenance_margin: params.maintenance_margin.into(),
            maker_fee: params.maker_fee.into(),
            taker_fee: params.taker_fee.into(),
            liquidation_fee: params.liquidation_fee.into(),
            lower_open_interest: params.lower_open_interest.into(),
            max_open_interest: params.max_open_interest.into(),
            price_band: params.price_band.into(),
            margin_tiers: params
                .margin_tiers
                .iter()
                .filter(|tier| !tier.is_unused())
                .map(|tier| TierJson {
                    from: tier.from.into(),
                    add_on: tier.add_on.into(),
                })
                .collect(),
            funding_interest: params.funding.interest.into(),
            impact_notional: params.funding.impact_notional.into(),
        }
    }
}

/// A market with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedMarketJson {
    /// Its name.
    pub symbol: String,
    /// What holds of it.
    #[serde(flatten)]
    pub params: MarketJson,
}

/// What holds of a collateral asset in a block. Amounts in whole units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CollateralParamsJson {
    /// Id.
    pub asset: AssetId,
    /// Quality class.
    pub tier: Tier,
    /// Decimals of its base unit.
    pub decimals: u8,
    /// Share of the value that counts for initial margin and withdrawals.
    pub initial_factor: Decimal,
    /// Share of the value that counts for maintenance.
    pub maintenance_factor: Decimal,
    /// Cap on the total deposited.
    pub deposit_cap: Decimal,
    /// Smallest deposit.
    pub min_deposit: Decimal,
    /// Total deposited above which the initial factor shrinks.
    pub scale_start: Decimal,
}

impl CollateralParamsJson {
    fn new(asset: AssetId, params: &CollateralParams) -> Self {
        let amount = |base_units| Decimal::of(base_units, params.decimals);
        Self {
            asset,
            tier: params.tier,
            decimals: params.decimals,
            initial_factor: params.initial_factor.into(),
            maintenance_factor: params.maintenance_factor.into(),
            deposit_cap: amount(params.deposit_cap),
            min_deposit: amount(params.min_deposit),
            scale_start: amount(params.scale_start),
        }
    }
}

/// An asset of the correlation matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CorrelatedJson {
    /// Id.
    pub asset: AssetId,
    /// Share of initial margin that opposite positions may offset; of maintenance margin it is half.
    pub share: Decimal,
    /// Its correlations with the assets before it.
    pub correlations: Vec<Decimal>,
}

impl CorrelatedJson {
    /// Each asset with its row below the diagonal.
    fn rows(info: CorrelationInfo) -> Vec<Self> {
        let mut below = info.below.into_iter();
        info.assets
            .into_iter()
            .enumerate()
            .map(|(row, (asset, share))| Self {
                asset,
                share: share.into(),
                correlations: below.by_ref().take(row).map(Into::into).collect(),
            })
            .collect()
    }
}

/// The registry.
#[rpc(server, namespace = "markets")]
pub trait MarketsRpc<Hash> {
    /// Every governed parameter with unit, bounds, largest step and how it changes.
    #[method(name = "parameters", blocking)]
    fn parameters(&self, at: Option<Hash>) -> RpcResult<SchemaJson>;

    /// Every market.
    #[method(name = "list", blocking)]
    fn list(&self, at: Option<Hash>) -> RpcResult<Vec<NamedMarketJson>>;

    /// Every collateral asset.
    #[method(name = "collaterals", blocking)]
    fn collaterals(&self, at: Option<Hash>) -> RpcResult<Vec<CollateralParamsJson>>;

    /// What holds of a market in block `number`, as far as it is decided; without it, now.
    #[method(name = "market", blocking)]
    fn market(&self, market: u32, number: Option<u32>, at: Option<Hash>) -> RpcResult<MarketJson>;

    /// What holds of a collateral asset in block `number`, as far as it is decided; without it, now.
    #[method(name = "collateral", blocking)]
    fn collateral(
        &self,
        asset: AssetId,
        number: Option<u32>,
        at: Option<Hash>,
    ) -> RpcResult<CollateralParamsJson>;

    /// How assets move together and what of margins may be offset in block `number`, as far as it is decided;
    /// without it, now.
    #[method(name = "correlations", blocking)]
    fn correlations(&self, number: Option<u32>, at: Option<Hash>)
        -> RpcResult<Vec<CorrelatedJson>>;
}

impl<C: HeaderBackend<Block>, Block: BlockT> Reads<C, Block> {
    /// The number that is asked about, or that of the block.
    fn number(&self, number: Option<u32>, block: Block::Hash) -> RpcResult<u32> {
        if let Some(number) = number {
            return Ok(number);
        }
        let header = self.client.header(block).map_err(error::runtime)?;
        let header = header.ok_or_else(|| error::runtime("unknown block"))?;
        Ok((*header.number()).unique_saturated_into())
    }
}

#[async_trait]
impl<C, Block> MarketsRpcServer<Block::Hash> for Reads<C, Block>
where
    Block: BlockT,
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
    C::Api: MarketsApi<Block>,
{
    fn parameters(&self, at: Option<Block::Hash>) -> RpcResult<SchemaJson> {
        let (api, block) = (self.client.runtime_api(), self.block(at));
        let schema = api.parameters(block).map_err(error::runtime)?;
        let schedule = api.schedule(block).map_err(error::runtime)?;
        let json = |infos: Vec<ParameterInfo>| infos.into_iter().map(Into::into).collect();
        Ok(SchemaJson {
            version: schema.version,
            market: json(schema.market),
            collateral: json(schema.collateral),
            schedule: json(schema.schedule),
            vault: json(schema.vault),
            cover: json(schema.cover),
            outflow: json(schema.outflow),
            wait: schedule.wait,
            period: schedule.period,
        })
    }

    fn list(&self, at: Option<Block::Hash>) -> RpcResult<Vec<NamedMarketJson>> {
        let api = self.client.runtime_api();
        let markets = api.markets(self.block(at)).map_err(error::runtime)?;
        Ok(markets
            .into_iter()
            .map(|info| NamedMarketJson {
                symbol: String::from_utf8_lossy(&info.symbol).into_owned(),
                params: MarketJson::new(info.market, &info.params),
            })
            .collect())
    }

    fn collaterals(&self, at: Option<Block::Hash>) -> RpcResult<Vec<CollateralParamsJson>> {
        let api = self.client.runtime_api();
        let assets = api.collaterals(self.block(at)).map_err(error::runtime)?;
        Ok(assets
            .into_iter()
            .map(|(asset, params)| CollateralParamsJson::new(asset, &params))
            .collect())
    }

    fn market(
        &self,
        market: u32,
        number: Option<u32>,
        at: Option<Block::Hash>,
    ) -> RpcResult<MarketJson> {
        let (market, block) = (MarketId(market), self.block(at));
        let number = self.number(number, block)?;
        self.client
            .runtime_api()
            .market_at(block, market, number)
            .map_err(error::runtime)?
            .map(|params| MarketJson::new(market, &params))
            .ok_or_else(|| error::unknown("market"))
    }

    fn collateral(
        &self,
        asset: AssetId,
        number: Option<u32>,
        at: Option<Block::Hash>,
    ) -> RpcResult<CollateralParamsJson> {
        let block = self.block(at);
        let number = self.number(number, block)?;
        self.client
            .runtime_api()
            .collateral_at(block, asset, number)
            .map_err(error::runtime)?
            .map(|params| CollateralParamsJson::new(asset, &params))
            .ok_or_else(|| error::unknown("collateral asset"))
    }

    fn correlations(
        &self,
        number: Option<u32>,
        at: Option<Block::Hash>,
    ) -> RpcResult<Vec<CorrelatedJson>> {
        let block = self.block(at);
        let number = self.number(number, block)?;
        self.client
            .runtime_api()
            .correlations_at(block, number)
            .map(CorrelatedJson::rows)
            .map_err(error::runtime)
    }
}
