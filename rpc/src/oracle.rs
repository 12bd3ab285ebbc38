//! `oracle_*`: prices and who feeds them.

use crate::{error, AccountId, Decimal, Reads};
use bulwark_primitives::{AssetId, FeederStatus, Moment, Price, PriceError};
use bulwark_runtime_api::{
    ExpectedMoveInfo, FeederInfo, HourInfo, OracleApi, PriceInfo, SlowPriceInfo, TwapInfo,
};
use jsonrpsee::{
    core::{async_trait, RpcResult},
    proc_macros::rpc,
};
use polkadot_sdk::{
    sp_api::ProvideRuntimeApi, sp_blockchain::HeaderBackend, sp_runtime::traits::Block as BlockT,
};
use serde::{Deserialize, Serialize};

/// Balance of the native token, of which bonds are made.
pub type Balance = u128;

/// Price of an asset in one block, with its quality. Either `price` or `error` is null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceJson {
    /// The clean price.
    pub price: Option<Decimal>,
    /// Why there is none.
    pub error: Option<PriceError>,
    /// Median of a quorum, also when the price is an error: only for what tolerates that error.
    pub median: Option<Decimal>,
    /// What liquidation uses; null when it does not tolerate the error.
    pub bounded: Option<Decimal>,
    /// Interquartile range over median.
    pub spread: Decimal,
    /// Fresh feeds that took part.
    pub feeds: u32,
    /// Age of the oldest of them in milliseconds.
    pub age: Moment,
    /// Time of the snapshot.
    pub at: Moment,
}

impl From<PriceInfo> for PriceJson {
    fn from(info: PriceInfo) -> Self {
        Self {
            price: info.price.ok().map(Into::into),
            error: info.price.err(),
            median: info.median.map(Into::into),
            bounded: info.bounded.map(Into::into),
            spread: info.spread.into(),
            feeds: info.feeds,
            age: info.age,
            at: info.at,
        }
    }
}

/// A price and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetPriceJson {
    /// The asset.
    pub asset: AssetId,
    /// Its price.
    #[serde(flatten)]
    pub price: PriceJson,
}

/// Time-weighted means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwapJson {
    /// Over five minutes.
    pub short: Decimal,
    /// Over one hour.
    pub long: Decimal,
    /// When they were last moved.
    pub at: Moment,
}

impl From<TwapInfo> for TwapJson {
    fn from(info: TwapInfo) -> Self {
        Self {
            short: info.short.into(),
            long: info.long.into(),
            at: info.at,
        }
    }
}

/// The slow price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlowPriceJson {
    /// Follows the snapshot by at most 0.03 % a second.
    pub slow: Decimal,
    /// The price of a day ago, which damps it.
    pub delayed: Decimal,
    /// Lower and higher of snapshot and slow price; null while the snapshot is an error.
    pub range: Option<(Decimal, Decimal)>,
}

impl From<SlowPriceInfo> for SlowPriceJson {
    fn from(info: SlowPriceInfo) -> Self {
        let pair = |(low, high): (Price, Price)| (Decimal::from(low), Decimal::from(high));
        Self {
            slow: info.slow.into(),
            delayed: info.delayed.into(),
            range: info.range.ok().map(pair),
        }
    }
}

/// Open, high, low and close of one UTC hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourJson {
    /// Begin of the hour.
    pub start: Moment,
    /// First snapshot.
    pub open: Decimal,
    /// Highest.
    pub high: Decimal,
    /// Lowest.
    pub low: Decimal,
    /// Last.
    pub close: Decimal,
}

impl From<HourInfo> for HourJson {
    fn from(info: HourInfo) -> Self {
        Self {
            start: info.start,
            open: info.open.into(),
            high: info.high.into(),
            low: info.low.into(),
            close: info.close.into(),
        }
    }
}

/// How far a price may go within the running hour, as fractions of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExpectedMoveJson {
    /// The move that 99.5 % of the hours of a side do not pass.
    pub expected_move: Decimal,
    /// The multiplier that tracks realised coverage.
    pub multiplier: Decimal,
    /// Both multiplied: what initial margin asks for.
    pub margin_move: Decimal,
    /// The same without the shape of the week.
    pub level: Decimal,
    /// What maintenance margin is made of.
    pub slow_move: Decimal,
    /// Begin of the hour since which they are in force.
    pub hour: Moment,
    /// How many hours the model has seen.
    pub hours: u32,
}

impl From<ExpectedMoveInfo> for ExpectedMoveJson {
    fn from(info: ExpectedMoveInfo) -> Self {
        Self {
            expected_move: info.expected_move.into(),
            multiplier: info.multiplier.into(),
            margin_move: info.margin_move.into(),
            level: info.level.into(),
            slow_move: info.slow_move.into(),
            hour: info.hour,
            hours: info.hours,
        }
    }
}

/// How well a feeder did, in rounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreJson {
    /// Rounds looked at.
    pub rounds: u32,
    /// In how many of them it was silent about an asset.
    pub missed: u32,
    /// In how many of them it was far from the others.
    pub outside: u32,
    /// Good rounds in a row.
    pub honest: u32,
    /// Suspensions that are not yet made good.
    pub offences: u32,
}

/// A feeder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FeederJson {
    /// The account that holds the bond.
    pub who: AccountId,
    /// The account that signs feeds.
    pub hot_key: AccountId,
    /// What is held, in base units of the native token.
    pub bond: String,
    /// Its seat, or why its values do not count.
    pub status: FeederStatus,
    /// Its score.
    pub score: ScoreJson,
}

impl From<FeederInfo<AccountId, Balance>> for FeederJson {
    fn from(info: FeederInfo<AccountId, Balance>) -> Self {
        Self {
            who: info.who,
            hot_key: info.hot_key,
            bond: info.bond.to_string(),
            status: info.status,
            score: ScoreJson {
                rounds: info.score.rounds,
                missed: info.score.missed,
                outside: info.score.outside,
                honest: info.score.honest,
                offences: info.score.offences,
            },
        }
    }
}

/// Prices and who feeds them.
#[rpc(server, namespace = "oracle")]
pub trait OracleRpc<Hash> {
    /// Price of an asset.
    #[method(name = "price", blocking)]
    fn price(&self, asset: AssetId, at: Option<Hash>) -> RpcResult<PriceJson>;

    /// Prices of all assets, in order of their ids.
    #[method(name = "prices", blocking)]
    fn prices(&self, at: Option<Hash>) -> RpcResult<Vec<AssetPriceJson>>;

    /// Time-weighted means; null for an asset that never had a price.
    #[method(name = "twap", blocking)]
    fn twap(&self, asset: AssetId, at: Option<Hash>) -> RpcResult<Option<TwapJson>>;

    /// Slow price; null for an asset that never had a price.
    #[method(name = "slowPrice", blocking)]
    fn slow_price(&self, asset: AssetId, at: Option<Hash>) -> RpcResult<Option<SlowPriceJson>>;

    /// The running hour; null for an asset that never had a price.
    #[method(name = "hourRange", blocking)]
    fn hour_range(&self, asset: AssetId, at: Option<Hash>) -> RpcResult<Option<HourJson>>;

    /// The last snapshots of an asset, newest first: at most `limit` of the 256 that are kept.
    #[method(name = "history", blocking)]
    fn history(&self, asset: AssetId, limit: u32, at: Option<Hash>) -> RpcResult<Vec<PriceJson>>;

    /// Everybody who registered, with seat, bond and score.
    #[method(name = "feeders", blocking)]
    fn feeders(&self, at: Option<Hash>) -> RpcResult<Vec<FeederJson>>;

    /// How far the price may go within the running hour.
    #[method(name = "expectedMove", blocking)]
    fn expected_move(&self, asset: AssetId, at: Option<Hash>) -> RpcResult<ExpectedMoveJson>;
}

#[async_trait]
impl<C, Block> OracleRpcServer<Block::Hash> for Reads<C, Block>
where
    Block: BlockT,
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
    C::Api: OracleApi<Block, AccountId, Balance>,
{
    fn price(&self, asset: AssetId, at: Option<Block::Hash>) -> RpcResult<PriceJson> {
        let price = self
            .client
            .runtime_api()
            .price(self.block(at), asset)
            .map_err(error::runtime)?;
        price.map(Into::into).ok_or_else(|| error::unknown("asset"))
    }

    fn prices(&self, at: Option<Block::Hash>) -> RpcResult<Vec<AssetPriceJson>> {
        let prices = self
            .client
            .runtime_api()
            .prices(self.block(at))
            .map_err(error::runtime)?;
        let json = |(asset, price): (AssetId, PriceInfo)| AssetPriceJson {
            asset,
            price: price.into(),
        };
        Ok(prices.into_iter().map(json).collect())
    }

    fn twap(&self, asset: AssetId, at: Option<Block::Hash>) -> RpcResult<Option<TwapJson>> {
        let twap = self
            .client
            .runtime_api()
            .twap(self.block(at), asset)
            .map_err(error::runtime)?;
        Ok(twap.map(Into::into))
    }

    fn slow_price(
        &self,
        asset: AssetId,
        at: Option<Block::Hash>,
    ) -> RpcResult<Option<SlowPriceJson>> {
        let slow = self
            .client
            .runtime_api()
            .slow_price(self.block(at), asset)
            .map_err(error::runtime)?;
        Ok(slow.map(Into::into))
    }

    fn hour_range(&self, asset: AssetId, at: Option<Block::Hash>) -> RpcResult<Option<HourJson>> {
        let hour = self
            .client
            .runtime_api()
            .hour_range(self.block(at), asset)
            .map_err(error::runtime)?;
        Ok(hour.map(Into::into))
    }

    fn history(
        &self,
        asset: AssetId,
        limit: u32,
        at: Option<Block::Hash>,
    ) -> RpcResult<Vec<PriceJson>> {
        let history = self
            .client
            .runtime_api()
            .history(self.block(at), asset, limit)
            .map_err(error::runtime)?;
        Ok(history.into_iter().map(Into::into).collect())
    }

    fn feeders(&self, at: Option<Block::Hash>) -> RpcResult<Vec<FeederJson>> {
        let feeders = self
            .client
            .runtime_api()
            .feeders(self.block(at))
            .map_err(error::runtime)?;
        Ok(feeders.into_iter().map(Into::into).collect())
    }

    fn expected_move(
        &self,
        asset: AssetId,
        at: Option<Block::Hash>,
    ) -> RpcResult<ExpectedMoveJson> {
        let expected = self
            .client
            .runtime_api()
            .expected_move(self.block(at), asset)
            .map_err(error::runtime)?;
        expected
            .map(Into::into)
            .ok_or_else(|| error::unknown("asset"))
    }
}
