//! Who acts, and with which calls.

use bulwark_primitives::{MarketId, OrderId, Price, Quantity, Side, TimeInForce, PRICE_SCALE};
use bulwark_runtime::{
    genesis_presets::{btc_usd, BTC, BTC_USD, USDX},
    AccountId, BlockNumber, RuntimeCall,
};
use pallet_order_book::{BookAction, NewOrder};
use polkadot_sdk::{pallet_oracle, sp_core::sr25519::Pair};

pub use bulwark_client::chain::{account, dev_pair};

pub const MARKET: MarketId = BTC_USD;
/// Where the price is, in USD.
pub const PRICE: u128 = 100_000;
/// The same in ticks.
pub const MID: u32 = 1_000_000;
/// What everybody deposits, in base units: a hundred thousand dollars.
pub const DEPOSIT: u64 = 100_000_000_000;

pub type Action = BookAction<BlockNumber>;

/// A key and its next nonce.
#[derive(Clone)]
pub struct Actor {
    pub pair: Pair,
    pub nonce: u32,
}

impl Actor {
    pub fn new(seed: &str) -> Result<Self, String> {
        Ok(Self {
            pair: dev_pair(seed)?,
            nonce: 0,
        })
    }

    pub fn account(&self) -> AccountId {
        account(&self.pair)
    }
}

/// An order of the smallest size at a tick.
pub fn order(side: Side, tick: u32, time_in_force: TimeInForce) -> NewOrder<BlockNumber> {
    NewOrder {
        market: MARKET,
        side,
        quantity: smallest(),
        price: price(tick),
        time_in_force,
        reduce_only: false,
        expires_at: None,
    }
}

pub fn smallest() -> Quantity {
    btc_usd().min_order
}

pub fn price(tick: u32) -> Price {
    Price(btc_usd().tick_size.0 * u128::from(tick))
}

pub fn place(side: Side, tick: u32, time_in_force: TimeInForce) -> Action {
    BookAction::Place(order(side, tick, time_in_force))
}

pub fn cancel(order_id: OrderId) -> Action {
    BookAction::Cancel {
        market: MARKET,
        order_id,
    }
}

pub fn replace(order_id: OrderId, tick: u32) -> Action {
    BookAction::Amend {
        market: MARKET,
        order_id,
        quantity: smallest(),
        price: price(tick),
        post_only: true,
    }
}

pub fn batch(actions: Vec<Action>) -> RuntimeCall {
    pallet_order_book::Call::batch {
        sub_account: 0,
        actions,
        atomic: false,
    }
    .into()
}

pub fn place_call(new: NewOrder<BlockNumber>) -> RuntimeCall {
    pallet_order_book::Call::place_order {
        sub_account: 0,
        market: new.market,
        side: new.side,
        quantity: new.quantity,
        price: new.price,
        time_in_force: new.time_in_force,
        reduce_only: new.reduce_only,
        expires_at: new.expires_at,
    }
    .into()
}

pub fn cancel_call(order_id: OrderId) -> RuntimeCall {
    pallet_order_book::Call::cancel_order {
        sub_account: 0,
        market: MARKET,
        order_id,
    }
    .into()
}

pub fn deposit() -> RuntimeCall {
    pallet_margin::Call::deposit {
        sub_account: 0,
        asset: USDX,
        amount: DEPOSIT.into(),
    }
    .into()
}

/// The feeder's transaction.
pub fn feed() -> Result<RuntimeCall, String> {
    let values = vec![(BTC, Price(PRICE * PRICE_SCALE))]
        .try_into()
        .map_err(|_| "one value is too many for a feed".to_owned())?;
    Ok(pallet_oracle::Call::feed_values { values }.into())
}
