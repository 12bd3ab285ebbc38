//! `orderBook_*`: depth and orders.

use crate::{error, AccountId, Decimal, Reads};
use bulwark_primitives::{MarketId, OrderId, Side, SubAccount, SubAccountIndex};
use bulwark_runtime_api::{DepthSide, OrderBookApi, OrderInfo};
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
}
