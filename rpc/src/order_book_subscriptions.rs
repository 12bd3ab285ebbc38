//! `orderBook_subscribeDepth` and `orderBook_subscribeTrades`: what changes with each best block.

use crate::{
    order_book::{DepthJson, LevelJson},
    Account, AccountId, Decimal, Reads,
};
use bulwark_primitives::{MarketId, OrderId, Side};
use bulwark_runtime_api::{OrderBookApi, OrderBookTradesApi, TradeInfo};
use futures::{FutureExt, StreamExt};
use jsonrpsee::{
    core::{async_trait, StringError, SubscriptionResult},
    proc_macros::rpc,
    PendingSubscriptionSink, SubscriptionMessage, SubscriptionSink,
};
use polkadot_sdk::{
    sc_client_api::{BlockImportNotification, BlockchainEvents},
    sp_api::{ApiError, ProvideRuntimeApi},
    sp_blockchain::HeaderBackend,
    sp_runtime::traits::{Block as BlockT, Header as HeaderT, NumberFor},
};
use serde::{Deserialize, Serialize};

/// What is new in the best levels of a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepthUpdateJson<Hash, BlockNumber> {
    /// The block after which the book is so.
    pub block: Hash,
    /// Its number.
    pub number: BlockNumber,
    /// Whether these are all levels, as the first message has them. Otherwise they are the levels that
    /// changed: each replaces the one of its price, and one of `"0"` is no longer among the best.
    pub snapshot: bool,
    /// Bids, highest first.
    pub bids: Vec<LevelJson>,
    /// Asks, lowest first.
    pub asks: Vec<LevelJson>,
}

/// A fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TradeJson {
    /// The market.
    pub market: u32,
    /// The maker's limit.
    pub price: Decimal,
    /// How much.
    pub quantity: Decimal,
    /// What the buyer paid, before fees.
    pub notional: Decimal,
    /// The side of the incoming order.
    pub taker_side: Side,
    /// Whose order rested.
    pub maker: Account,
    /// Which.
    pub maker_order: OrderId,
    /// Whose order came in.
    pub taker: Account,
    /// Which; none for a liquidation.
    pub taker_order: Option<OrderId>,
    /// Whether the chain closed the taker.
    pub liquidation: bool,
}

impl From<TradeInfo<AccountId>> for TradeJson {
    fn from(trade: TradeInfo<AccountId>) -> Self {
        Self {
            market: trade.market.0,
            price: trade.price.into(),
            quantity: trade.quantity.into(),
            notional: trade.notional.into(),
            taker_side: trade.taker_side,
            maker: trade.maker.into(),
            maker_order: trade.maker_order,
            taker: trade.taker.into(),
            taker_order: trade.taker_order,
            liquidation: trade.liquidation,
        }
    }
}

/// The trades of a block, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradesJson<Hash, BlockNumber> {
    /// The block.
    pub block: Hash,
    /// Its number.
    pub number: BlockNumber,
    /// At least one.
    pub trades: Vec<TradeJson>,
}

/// Subscriptions to the order book.
#[rpc(server, namespace = "orderBook")]
pub trait OrderBookSubscriptionsRpc<Hash, BlockNumber> {
    /// The best `levels` levels of each side (100 at the most), then what changes in them. A client
    /// that is slow gets the changes of several blocks at once.
    #[subscription(
        name = "subscribeDepth" => "depthUpdate",
        unsubscribe = "unsubscribeDepth",
        item = DepthUpdateJson<Hash, BlockNumber>
    )]
    async fn subscribe_depth(&self, market: u32, levels: u32) -> SubscriptionResult;

    /// The trades of every block of the best chain that has some, of one market or of all. After a
    /// re-organisation those of the blocks that are new to the chain are sent.
    #[subscription(
        name = "subscribeTrades" => "trades",
        unsubscribe = "unsubscribeTrades",
        item = TradesJson<Hash, BlockNumber>
    )]
    async fn subscribe_trades(&self, market: Option<u32>) -> SubscriptionResult;
}

/// Levels of `before` that are not in `after`, and those of `after` that are new or different.
fn changed(before: &[LevelJson], after: &[LevelJson]) -> Vec<LevelJson> {
    let is_in = |levels: &[LevelJson], price: &Decimal| levels.iter().any(|(p, _)| p == price);
    let gone = before
        .iter()
        .filter(|(price, _)| !is_in(after, price))
        .map(|(price, _)| (price.clone(), Decimal::zero()));
    let new = after.iter().filter(|level| !before.contains(level));
    gone.chain(new.cloned()).collect()
}

/// The message for a book that was `before`, if there is anything to say.
fn depth_update<Hash, BlockNumber>(
    block: Hash,
    number: BlockNumber,
    before: Option<&DepthJson>,
    after: &DepthJson,
) -> Option<DepthUpdateJson<Hash, BlockNumber>> {
    let (bids, asks) = match before {
        None => (after.bids.clone(), after.asks.clone()),
        Some(before) => (
            changed(&before.bids, &after.bids),
            changed(&before.asks, &after.asks),
        ),
    };
    let snapshot = before.is_none();
    let anything = snapshot || !bids.is_empty() || !asks.is_empty();
    anything.then_some(DepthUpdateJson {
        block,
        number,
        snapshot,
        bids,
        asks,
    })
}

/// Sends a message; whether somebody still listens.
async fn send(sink: &SubscriptionSink, item: &impl Serialize) -> Result<bool, StringError> {
    let message = SubscriptionMessage::from_json(item)?;
    Ok(sink.send(message).await.is_ok())
}

/// A look into the runtime, off the threads that serve connections.
async fn blocking<R: Send + 'static>(
    look: impl FnOnce() -> Result<R, ApiError> + Send + 'static,
) -> Result<R, StringError> {
    Ok(tokio::task::spawn_blocking(look).await??)
}

type Notification<Block> = BlockImportNotification<Block>;

impl<C, Block> Reads<C, Block>
where
    Block: BlockT,
    C: ProvideRuntimeApi<Block>
        + HeaderBackend<Block>
        + BlockchainEvents<Block>
        + Send
        + Sync
        + 'static,
    C::Api: OrderBookApi<Block, AccountId, NumberFor<Block>> + OrderBookTradesApi<Block, AccountId>,
{
    async fn depth_at(
        &self,
        block: Block::Hash,
        market: MarketId,
        levels: u32,
    ) -> Result<DepthJson, StringError> {
        let client = self.client.clone();
        let sides = blocking(move || client.runtime_api().depth(block, market, levels)).await?;
        Ok(sides.into())
    }

    async fn trades_at(
        &self,
        block: Block::Hash,
    ) -> Result<Vec<TradeInfo<AccountId>>, StringError> {
        let client = self.client.clone();
        blocking(move || client.runtime_api().trades(block)).await
    }

    /// Sends the book and then what changes in it, until nobody listens.
    async fn follow_depth(
        &self,
        sink: &SubscriptionSink,
        market: MarketId,
        levels: u32,
    ) -> SubscriptionResult {
        let mut blocks = self.client.import_notification_stream();
        let info = self.client.info();
        let (mut hash, mut number) = (info.best_hash, info.best_number);
        let mut before = None;
        loop {
            let depth = self.depth_at(hash, market, levels).await?;
            if let Some(update) = depth_update(hash, number, before.as_ref(), &depth) {
                if !send(sink, &update).await? {
                    return Ok(());
                }
            }
            before = Some(depth);
            let Some(mut newest) = next_best(&mut blocks, sink).await else {
                return Ok(());
            };
            // What came meanwhile is in the newest one.
            while let Some(Some(block)) = blocks.next().now_or_never() {
                if block.is_new_best {
                    newest = block;
                }
            }
            (hash, number) = (newest.hash, *newest.header.number());
        }
    }

    /// Sends the trades of new blocks until nobody listens.
    async fn follow_trades(
        &self,
        sink: &SubscriptionSink,
        market: Option<MarketId>,
    ) -> SubscriptionResult {
        let mut blocks = self.client.import_notification_stream();
        while let Some(best) = next_best(&mut blocks, sink).await {
            let missed = best.tree_route.iter().flat_map(|route| route.enacted());
            let missed = missed.map(|block| (block.hash, block.number));
            let news = missed.chain([(best.hash, *best.header.number())]);
            for (block, number) in news.collect::<Vec<_>>() {
                let trades = self.trades_at(block).await?.into_iter();
                let wanted = trades.filter(|trade| market.is_none_or(|only| only == trade.market));
                let trades: Vec<TradeJson> = wanted.map(Into::into).collect();
                if trades.is_empty() {
                    continue;
                }
                let message = TradesJson {
                    block,
                    number,
                    trades,
                };
                if !send(sink, &message).await? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// The next best block; none when the client is gone.
async fn next_best<Block: BlockT>(
    blocks: &mut (impl StreamExt<Item = Notification<Block>> + Unpin),
    sink: &SubscriptionSink,
) -> Option<Notification<Block>> {
    loop {
        let block = tokio::select! {
            block = blocks.next() => block?,
            () = sink.closed() => return None,
        };
        if block.is_new_best {
            return Some(block);
        }
    }
}

#[async_trait]
impl<C, Block> OrderBookSubscriptionsRpcServer<Block::Hash, NumberFor<Block>> for Reads<C, Block>
where
    Block: BlockT,
    NumberFor<Block>: Serialize,
    C: ProvideRuntimeApi<Block>
        + HeaderBackend<Block>
        + BlockchainEvents<Block>
        + Send
        + Sync
        + 'static,
    C::Api: OrderBookApi<Block, AccountId, NumberFor<Block>> + OrderBookTradesApi<Block, AccountId>,
{
    async fn subscribe_depth(
        &self,
        pending: PendingSubscriptionSink,
        market: u32,
        levels: u32,
    ) -> SubscriptionResult {
        let sink = pending.accept().await?;
        self.follow_depth(&sink, MarketId(market), levels).await
    }

    async fn subscribe_trades(
        &self,
        pending: PendingSubscriptionSink,
        market: Option<u32>,
    ) -> SubscriptionResult {
        let sink = pending.accept().await?;
        self.follow_trades(&sink, market.map(MarketId)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulwark_primitives::{Price, Quantity, PRICE_SCALE, SIZE_SCALE};

    fn level(price: u128, quantity: u128) -> LevelJson {
        (
            Price(price * PRICE_SCALE).into(),
            Quantity(quantity * SIZE_SCALE).into(),
        )
    }

    fn depth(bids: &[LevelJson], asks: &[LevelJson]) -> DepthJson {
        DepthJson {
            bids: bids.to_vec(),
            asks: asks.to_vec(),
        }
    }

    #[test]
    fn first_message_should_have_all_levels() {
        let book = depth(&[level(100, 1)], &[]);
        let update = depth_update("a", 1, None, &book).unwrap();
        assert!(update.snapshot);
        assert_eq!((update.bids, update.asks), (book.bids, book.asks));
    }

    #[test]
    fn later_messages_should_have_what_changed() {
        let before = depth(&[level(100, 1), level(99, 2)], &[level(101, 3)]);
        let after = depth(&[level(100, 4), level(98, 5)], &[level(101, 3)]);
        let update = depth_update("b", 2, Some(&before), &after).unwrap();
        assert!(!update.snapshot);
        assert_eq!(update.bids, [level(99, 0), level(100, 4), level(98, 5)]);
        assert_eq!(update.asks, []);
    }

    #[test]
    fn nothing_should_be_sent_when_nothing_changed() {
        let book = depth(&[level(100, 1)], &[level(101, 3)]);
        assert_eq!(depth_update("c", 3, Some(&book), &book), None);
    }
}
