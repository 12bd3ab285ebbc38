//! The book as events tell of it.

use bulwark_primitives::{MarketId, OrderId, Price, Quantity, Side, SubAccount};
use bulwark_runtime::{AccountId, Runtime};
use pallet_order_book::Event;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
};

/// A resting order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose.
    pub account: SubAccount<AccountId>,
    /// Its side.
    pub side: Side,
    /// Its limit.
    pub price: Price,
    /// What is left of it.
    pub quantity: Quantity,
}

/// A queue's place: whether it is of bids, and its price.
pub type Place = (bool, Price);

/// The place of an order's queue.
pub fn place(side: Side, price: Price) -> Place {
    (side == Side::Bid, price)
}

/// One market's book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Market {
    /// Resting orders.
    pub orders: BTreeMap<OrderId, Entry>,
    /// Queues, oldest first. An empty one does not exist.
    pub queues: BTreeMap<Place, Vec<OrderId>>,
}

/// The books of all markets that have orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// By market.
    pub markets: BTreeMap<MarketId, Market>,
}

impl Market {
    fn rest(&mut self, id: OrderId, entry: Entry) -> Result<(), String> {
        let queue = self.queues.entry(place(entry.side, entry.price));
        queue.or_default().push(id);
        match self.orders.insert(id, entry) {
            None => Ok(()),
            Some(_) => Err(format!("order {id} rests twice")),
        }
    }

    fn remove(&mut self, id: OrderId) {
        let Some(entry) = self.orders.remove(&id) else {
            return;
        };
        let place = place(entry.side, entry.price);
        if let Some(queue) = self.queues.get_mut(&place) {
            queue.retain(|other| *other != id);
            if queue.is_empty() {
                self.queues.remove(&place);
            }
        }
    }

    fn fill(&mut self, id: OrderId, quantity: Quantity) -> Result<(), String> {
        let entry = self
            .orders
            .get_mut(&id)
            .ok_or_else(|| format!("order {id} fills and does not rest"))?;
        entry.quantity.0 = entry
            .quantity
            .0
            .checked_sub(quantity.0)
            .ok_or_else(|| format!("order {id} fills more than it has"))?;
        if entry.quantity.is_zero() {
            self.remove(id);
        }
        Ok(())
    }

    fn reduce(&mut self, id: OrderId, quantity: Quantity) -> Result<(), String> {
        let entry = self
            .orders
            .get_mut(&id)
            .filter(|entry| quantity < entry.quantity && !quantity.is_zero())
            .ok_or_else(|| format!("order {id} is reduced and cannot be"))?;
        entry.quantity = quantity;
        Ok(())
    }

    fn cancel(&mut self, id: OrderId, quantity: Quantity) -> Result<(), String> {
        // What is left of a taker's order is cancelled without ever having rested.
        if let Some(entry) = self.orders.get(&id) {
            if entry.quantity != quantity {
                return Err(format!("order {id} is cancelled with another rest"));
            }
            self.remove(id);
        }
        Ok(())
    }
}

impl Book {
    /// Whether an event changes the book, and so what it is after it.
    ///
    /// # Errors
    /// When the event cannot have happened to this book.
    pub fn apply(&mut self, event: &Event<Runtime>) -> Result<bool, String> {
        let (id, result) = match event {
            Event::OrderRested {
                market,
                order_id,
                account,
                side,
                price,
                quantity,
            } => {
                let entry = Entry {
                    account: account.clone(),
                    side: *side,
                    price: *price,
                    quantity: *quantity,
                };
                (*market, self.market(*market).rest(*order_id, entry))
            }
            Event::Filled {
                market,
                maker_order,
                taker_order,
                quantity,
                ..
            } => {
                let book = self.market(*market);
                let mut result = book.fill(*maker_order, *quantity);
                // An order that comes in rests afterwards, if at all; in an auction both rest.
                let rests = taker_order.filter(|id| book.orders.contains_key(id));
                if let (Ok(()), Some(id)) = (&result, rests) {
                    result = book.fill(id, *quantity);
                }
                (*market, result)
            }
            Event::OrderReduced {
                market,
                order_id,
                quantity,
                ..
            } => (*market, self.market(*market).reduce(*order_id, *quantity)),
            Event::OrderCancelled {
                market,
                order_id,
                quantity,
                ..
            } => (*market, self.market(*market).cancel(*order_id, *quantity)),
            // No other event changes the book: if one did, the comparison would show it.
            _ => return Ok(false),
        };
        if self.market(id).orders.is_empty() {
            self.markets.remove(&id);
        }
        result.map_err(|error| format!("market {}: {error}", id.0))?;
        Ok(true)
    }

    fn market(&mut self, market: MarketId) -> &mut Market {
        self.markets.entry(market).or_default()
    }

    /// How many orders rest.
    pub fn orders(&self) -> usize {
        self.markets.values().map(|book| book.orders.len()).sum()
    }

    /// What is different in `storage`, a line each.
    pub fn differences(&self, storage: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        let markets: BTreeSet<_> = self.markets.keys().chain(storage.markets.keys()).collect();
        let empty = Market::default();
        for market in markets {
            let ours = self.markets.get(market).unwrap_or(&empty);
            let theirs = storage.markets.get(market).unwrap_or(&empty);
            let name = |what: &str| format!("market {}, {what}", market.0);
            compare(&mut lines, &name("order"), &ours.orders, &theirs.orders);
            compare(&mut lines, &name("queue"), &ours.queues, &theirs.queues);
        }
        lines
    }
}

fn compare<K: Ord + Debug, V: Eq + Debug>(
    lines: &mut Vec<String>,
    what: &str,
    ours: &BTreeMap<K, V>,
    theirs: &BTreeMap<K, V>,
) {
    let keys: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    for key in keys {
        match (ours.get(key), theirs.get(key)) {
            (Some(a), Some(b)) if a == b => {}
            (a, b) => lines.push(format!("{what} {key:?}: events {a:?}, storage {b:?}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulwark_primitives::{FillKind, Usd};
    use pallet_order_book::CancelReason;

    const MARKET: MarketId = MarketId(1);

    fn account() -> SubAccount<AccountId> {
        SubAccount::new(AccountId::new([1; 32]), 0)
    }

    fn rested(order_id: OrderId, side: Side, price: u128, quantity: u128) -> Event<Runtime> {
        Event::OrderRested {
            market: MARKET,
            order_id,
            account: account(),
            side,
            price: Price(price),
            quantity: Quantity(quantity),
        }
    }

    fn reduced(order_id: OrderId, quantity: u128) -> Event<Runtime> {
        Event::OrderReduced {
            market: MARKET,
            order_id,
            account: account(),
            quantity: Quantity(quantity),
        }
    }

    fn cancelled(order_id: OrderId, quantity: u128) -> Event<Runtime> {
        Event::OrderCancelled {
            market: MARKET,
            order_id,
            account: account(),
            quantity: Quantity(quantity),
            reason: CancelReason::Requested,
        }
    }

    fn book(events: &[Event<Runtime>]) -> Book {
        let mut book = Book::default();
        for event in events {
            assert_eq!(book.apply(event), Ok(true), "{event:?}");
        }
        book
    }

    #[test]
    fn queues_should_keep_their_order_when_orders_leave() {
        let book = book(&[
            rested(1, Side::Bid, 100, 5),
            rested(2, Side::Bid, 100, 5),
            rested(3, Side::Bid, 100, 5),
            rested(4, Side::Ask, 101, 5),
            reduced(1, 2),
            cancelled(2, 5),
            cancelled(9, 1),
        ]);
        let market = &book.markets[&MARKET];
        assert_eq!(market.queues[&(true, Price(100))], [1, 3]);
        assert_eq!(market.orders[&1].quantity, Quantity(2));
        assert_eq!(book.orders(), 3);
    }

    #[test]
    fn market_should_be_gone_when_its_last_order_is() {
        let book = book(&[rested(1, Side::Ask, 7, 5), cancelled(1, 5)]);
        assert_eq!(book, Book::default());
    }

    #[test]
    fn both_orders_should_shrink_when_they_fill_in_an_auction() {
        let filled = Event::Filled {
            market: MARKET,
            maker_order: 2,
            maker: account(),
            taker_order: Some(1),
            taker: account(),
            price: Price(99),
            quantity: Quantity(3),
            notional: Usd(297),
            taker_side: Side::Bid,
            kind: FillKind::Trade,
        };
        let book = book(&[
            rested(2, Side::Ask, 98, 3),
            rested(1, Side::Bid, 100, 5),
            filled,
        ]);
        let market = &book.markets[&MARKET];
        assert_eq!(market.orders.len(), 1);
        assert_eq!(market.orders[&1].quantity, Quantity(2));
        assert_eq!(market.queues.len(), 1);
    }

    #[test]
    fn impossible_events_should_be_told() {
        let mut book = book(&[rested(1, Side::Bid, 100, 5)]);
        for event in [
            rested(1, Side::Bid, 100, 5),
            reduced(1, 5),
            reduced(2, 1),
            cancelled(1, 4),
        ] {
            assert!(book.clone().apply(&event).is_err(), "{event:?}");
        }
        let market = book.markets.get_mut(&MARKET).unwrap();
        assert!(market.fill(1, Quantity(6)).is_err());
        assert!(market.fill(2, Quantity(1)).is_err());
        assert_eq!(market.fill(1, Quantity(5)), Ok(()));
        assert!(market.orders.is_empty() && market.queues.is_empty());
    }

    #[test]
    fn every_difference_should_be_found() {
        let two = [rested(1, Side::Bid, 100, 5), rested(2, Side::Bid, 100, 5)];
        let ours = book(&two);
        assert_eq!(ours.differences(&book(&two)), Vec::<String>::new());
        let swapped = [two[1].clone(), two[0].clone()];
        assert_eq!(ours.differences(&book(&swapped)).len(), 1, "the queue");
        let smaller = book(&[two[0].clone(), two[1].clone(), reduced(2, 1)]);
        assert_eq!(ours.differences(&smaller).len(), 1, "the order");
        assert_eq!(ours.differences(&Book::default()).len(), 3);
    }
}
