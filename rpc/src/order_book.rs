//! `orderBook_*`: depth, quotes, orders and stops.

use crate::{error, AccountId, Decimal, Reads};
use bulwark_primitives::{MarketId, OrderId, Side, StopCondition, SubAccount, SubAccountIndex};
use bulwark_runtime_api::{AuctionInfo, DepthSide, OrderBookApi, OrderInfo, QuoteInfo, StopInfo};
use jsonrpsee::{
    core::{async_trait, RpcResult},
    proc_macros::rpc,
};
use polkadot_sdk::{
    sp_api::ProvideRuntimeApi,
    sp_blockchain::HeaderBackend,
    sp_runtime::traits::{Block as BlockT, NumberFor},
};
use serde::{Deserialize, Serialize};

/// Price and total quantity of a level.
pub type LevelJson = (Decimal, Decimal);

/// Both sides of a book, best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepthJson {
    /// Highest first.
    pub bids: Vec<LevelJson>,
    /// Lowest first.
    pub asks: Vec<LevelJson>,
}

impl From<(DepthSide, DepthSide)> for DepthJson {
    fn from((bids, asks): (DepthSide, DepthSide)) -> Self {
        let side = |levels: DepthSide| {
            let level = |(price, quantity)| (Decimal::from(price), Decimal::from(quantity));
            levels.into_iter().map(level).collect()
        };
        Self {
            bids: side(bids),
            asks: side(asks),
        }
    }
}

/// The top of a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BestJson {
    /// Highest bid.
    pub bid: Option<Decimal>,
    /// Lowest ask.
    pub ask: Option<Decimal>,
}

/// A resting order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderJson<BlockNumber> {
    /// Its id in its market.
    pub id: OrderId,
    /// The market.
    pub market: u32,
    /// Side.
    pub side: Side,
    /// Limit price.
    pub price: Decimal,
    /// What is left.
    pub quantity: Decimal,
    /// Whether it may only make a position smaller.
    pub reduce_only: bool,
    /// First block in which it is void.
    pub expires_at: Option<BlockNumber>,
    /// Milliseconds since the Unix epoch from which it is void.
    pub good_till: Option<u64>,
    /// Its owner's name for it, in decimal: it may be larger than a JSON number holds exactly.
    pub client_id: Option<String>,
}

/// A waiting stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StopJson {
    /// Its id.
    pub id: u64,
    /// The market.
    pub market: u32,
    /// `AtOrBelow` or `AtOrAbove`.
    pub condition: StopCondition,
    /// The mark price that triggers it.
    pub trigger: Decimal,
    /// Side.
    pub side: Side,
    /// How much.
    pub quantity: Decimal,
    /// Limit or worst price.
    pub price: Decimal,
    /// Whether what does not fill at once rests.
    pub rests: bool,
    /// Whether it may only make a position smaller.
    pub reduce_only: bool,
}

impl From<StopInfo<AccountId>> for StopJson {
    fn from(stop: StopInfo<AccountId>) -> Self {
        Self {
            id: stop.id,
            market: stop.market.0,
            condition: stop.condition,
            trigger: stop.trigger.into(),
            side: stop.side,
            quantity: stop.quantity.into(),
            price: stop.price.into(),
            rests: stop.rests,
            reduce_only: stop.reduce_only,
        }
    }
}

/// What a taker would get from the book as it is, fees apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteJson {
    /// How much of what was asked for.
    pub quantity: Decimal,
    /// For how much USD.
    pub notional: Decimal,
    /// Average price.
    pub average: Decimal,
    /// Worst price.
    pub worst: Decimal,
}

impl From<QuoteInfo> for QuoteJson {
    fn from(quote: QuoteInfo) -> Self {
        Self {
            quantity: quote.quantity.into(),
            notional: quote.notional.into(),
            average: quote.average.into(),
            worst: quote.worst.into(),
        }
    }
}

/// The auction by which a paused market reopens, as it would be now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuctionJson {
    /// Whether no more orders are taken.
    pub uncrossing: bool,
    /// The price of all fills; nothing when nothing would trade.
    pub price: Option<Decimal>,
    /// How much would trade.
    pub quantity: Decimal,
}

impl From<AuctionInfo> for AuctionJson {
    fn from(auction: AuctionInfo) -> Self {
        Self {
            uncrossing: auction.uncrossing,
            price: auction.price.map(Into::into),
            quantity: auction.quantity.into(),
        }
    }
}

impl<BlockNumber> From<OrderInfo<AccountId, BlockNumber>> for OrderJson<BlockNumber> {
    fn from(order: OrderInfo<AccountId, BlockNumber>) -> Self {
        Self {
            id: order.id,
            market: order.market.0,
            side: order.side,
            price: order.price.into(),
            quantity: order.quantity.into(),
            reduce_only: order.reduce_only,
            expires_at: order.expires_at,
            good_till: order.good_till,
            client_id: order.client_id.map(|name| name.to_string()),
        }
    }
}

/// The order book.
#[rpc(server, namespace = "orderBook")]
pub trait OrderBookRpc<Hash, BlockNumber> {
    /// Bids and asks, at most `levels` each (100 at the most).
    #[method(name = "depth", blocking)]
    fn depth(&self, market: u32, levels: u32, at: Option<Hash>) -> RpcResult<DepthJson>;

    /// Best bid and best ask.
    #[method(name = "best", blocking)]
    fn best(&self, market: u32, at: Option<Hash>) -> RpcResult<BestJson>;

    /// Resting orders of an account.
    #[method(name = "openOrders", blocking)]
    fn open_orders(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Hash>,
    ) -> RpcResult<Vec<OrderJson<BlockNumber>>>;

    /// A resting order; nothing when there is none (any more).
    #[method(name = "order", blocking)]
    fn order(
        &self,
        market: u32,
        id: OrderId,
        at: Option<Hash>,
    ) -> RpcResult<Option<OrderJson<BlockNumber>>>;

    /// What a taker on `side` would get of `quantity`, a decimal like `"0.5"`; nothing when there is
    /// nothing on the other side.
    #[method(name = "quote", blocking)]
    fn quote(
        &self,
        market: u32,
        side: Side,
        quantity: Decimal,
        at: Option<Hash>,
    ) -> RpcResult<Option<QuoteJson>>;

    /// The auction by which a paused market is going to reopen, with the orders that rest now; nothing when
    /// none is coming.
    #[method(name = "auction", blocking)]
    fn auction(&self, market: u32, at: Option<Hash>) -> RpcResult<Option<AuctionJson>>;

    /// Waiting stops of an account, oldest first.
    #[method(name = "stops", blocking)]
    fn stops(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Hash>,
    ) -> RpcResult<Vec<StopJson>>;
}

#[async_trait]
impl<C, Block> OrderBookRpcServer<Block::Hash, NumberFor<Block>> for Reads<C, Block>
where
    Block: BlockT,
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
    C::Api: OrderBookApi<Block, AccountId, NumberFor<Block>>,
{
    fn depth(&self, market: u32, levels: u32, at: Option<Block::Hash>) -> RpcResult<DepthJson> {
        let (bids, asks) = self
            .client
            .runtime_api()
            .depth(self.block(at), MarketId(market), levels)
            .map_err(error::runtime)?;
        Ok((bids, asks).into())
    }

    fn best(&self, market: u32, at: Option<Block::Hash>) -> RpcResult<BestJson> {
        let (bid, ask) = self
            .client
            .runtime_api()
            .best(self.block(at), MarketId(market))
            .map_err(error::runtime)?;
        Ok(BestJson {
            bid: bid.map(Into::into),
            ask: ask.map(Into::into),
        })
    }

    fn open_orders(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Block::Hash>,
    ) -> RpcResult<Vec<OrderJson<NumberFor<Block>>>> {
        let orders = self
            .client
            .runtime_api()
            .open_orders(self.block(at), SubAccount::new(owner, sub_account))
            .map_err(error::runtime)?;
        Ok(orders.into_iter().map(Into::into).collect())
    }

    fn order(
        &self,
        market: u32,
        id: OrderId,
        at: Option<Block::Hash>,
    ) -> RpcResult<Option<OrderJson<NumberFor<Block>>>> {
        let order = self
            .client
            .runtime_api()
            .order(self.block(at), MarketId(market), id)
            .map_err(error::runtime)?;
        Ok(order.map(Into::into))
    }

    fn quote(
        &self,
        market: u32,
        side: Side,
        quantity: Decimal,
        at: Option<Block::Hash>,
    ) -> RpcResult<Option<QuoteJson>> {
        let quantity = quantity
            .quantity()
            .ok_or_else(|| error::invalid("the quantity"))?;
        let quote = self
            .client
            .runtime_api()
            .quote(self.block(at), MarketId(market), side, quantity)
            .map_err(error::runtime)?;
        Ok(quote.map(Into::into))
    }

    fn auction(&self, market: u32, at: Option<Block::Hash>) -> RpcResult<Option<AuctionJson>> {
        let auction = self
            .client
            .runtime_api()
            .auction(self.block(at), MarketId(market))
            .map_err(error::runtime)?;
        Ok(auction.map(Into::into))
    }

    fn stops(
        &self,
        owner: AccountId,
        sub_account: SubAccountIndex,
        at: Option<Block::Hash>,
    ) -> RpcResult<Vec<StopJson>> {
        let stops = self
            .client
            .runtime_api()
            .stops(self.block(at), SubAccount::new(owner, sub_account))
            .map_err(error::runtime)?;
        Ok(stops.into_iter().map(Into::into).collect())
    }
}
