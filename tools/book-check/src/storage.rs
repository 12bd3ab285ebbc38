//! The book as the state has it.

use crate::book::{place, Book, Entry, Market};
use bulwark_client::View;
use bulwark_primitives::{MarketId, OrderId, Side};
use bulwark_runtime::{Markets, Runtime};
use bulwark_traits::MarketRegistry;
use pallet_order_book::{Grid, Level, Levels, Orders};

/// What of the state is read, as prefixes of its keys.
pub const PALLETS: [&str; 2] = ["OrderBook", "Markets"];

/// The books in a state that has at least the keys of [`PALLETS`].
///
/// # Errors
/// When the state contradicts itself: broken links, sums that are not those of the orders.
pub fn from_storage(view: &View) -> Result<Book, String> {
    view.read(|| {
        let mut book = Book::default();
        for (market, id, order) in Orders::<Runtime>::iter() {
            let grid = grid(market)?;
            let price = grid.price::<Runtime>(order.tick);
            let quantity = grid.quantity::<Runtime>(order.remaining.into());
            let entry = Entry {
                account: order.account,
                side: order.side,
                price: price.map_err(|e| format!("order {id}: {e:?}"))?,
                quantity: quantity.map_err(|e| format!("order {id}: {e:?}"))?,
            };
            let orders = &mut book.markets.entry(market).or_default().orders;
            orders.insert(id, entry);
        }
        for ((market, side, tick), level) in Levels::<Runtime>::iter() {
            let name = format!("market {}, {side:?} at tick {tick}", market.0);
            let price = grid(market)?.price::<Runtime>(tick);
            let price = price.map_err(|e| format!("{name}: {e:?}"))?;
            let queue = queue(market, side, &level).map_err(|e| format!("{name}: {e}"))?;
            let book: &mut Market = book.markets.entry(market).or_default();
            book.queues.insert(place(side, price), queue);
        }
        Ok(book)
    })
}

fn grid(market: MarketId) -> Result<Grid, String> {
    <Markets as MarketRegistry>::market(market)
        .map(|params| Grid::new(&params))
        .ok_or_else(|| format!("market {} has orders and does not exist", market.0))
}

/// Walks a queue from its head and adds up what the level says of it.
fn queue(market: MarketId, side: Side, level: &Level) -> Result<Vec<OrderId>, String> {
    let mut ids = Vec::new();
    let (mut lots, mut at) = (0u128, Some(level.head));
    while let Some(id) = at {
        let order = Orders::<Runtime>::get(market, id)
            .filter(|order| order.side == side && order.previous == ids.last().copied())
            .ok_or_else(|| format!("order {id} is linked wrongly"))?;
        lots += u128::from(order.remaining);
        ids.push(id);
        if ids.len() > level.orders as usize {
            return Err("the queue is longer than its level says".into());
        }
        at = order.next;
    }
    let sound =
        ids.last() == Some(&level.tail) && ids.len() == level.orders as usize && lots == level.lots;
    if sound {
        Ok(ids)
    } else {
        Err("the level does not have the sums of its orders".into())
    }
}
