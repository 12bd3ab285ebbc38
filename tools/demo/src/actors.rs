//! Who trades in the demo, all through ordinary signed transactions.

use crate::chain::{account, dev_pair};
use bulwark_primitives::{
    MarketParams, MarketStatus, Price, Quantity, Side, SubAccount, TimeInForce, Usd, PRICE_SCALE,
    SIZE_SCALE, SLOT_MILLIS, USD_SCALE,
};
use bulwark_runtime::{
    currency::BLW,
    genesis_presets::{BTC, BTC_USD, USDX},
    AccountId, CircuitBreaker, Markets, Runtime, RuntimeCall,
};
use bulwark_traits::{MarketGuard, MarketRegistry};
use pallet_order_book::{BookAction, NewOrder};
use polkadot_sdk::{
    pallet_assets, pallet_babe, pallet_balances, pallet_oracle, pallet_utility,
    sp_core::sr25519::Pair,
};

/// Sub-account that everybody in the demo uses.
const SUB_ACCOUNT: u16 = 0;
/// Native tokens for fees.
const FEES: u128 = 1_000 * BLW;
/// What the market maker brings: enough for its whole ladder and for what it takes over.
const MAKER_DEPOSIT: i64 = 5_000_000;
/// The maker's ladder: distance from the price in hundredths of a basis point, and quantity in
/// thousandths of a BTC.
const LADDER: [(u128, u128); 6] = [
    (100, 400),
    (300, 800),
    (800, 1_500),
    (2_000, 2_000),
    (4_500, 3_000),
    (9_000, 4_000),
];
const HUNDREDTHS_OF_BP: u128 = 1_000_000;
/// How far inside the band the maker stays, in hundredths of a basis point: the mean behind the band
/// may move before the order gets there.
const BAND_MARGIN: u128 = 5_000;
/// How far from the price a trader's order may fill.
const SLIPPAGE_PERCENT: u128 = 1;

/// An order of the demo.
fn place(side: Side, quantity: Quantity, price: Price, time_in_force: TimeInForce) -> RuntimeCall {
    pallet_order_book::Call::place_order {
        sub_account: SUB_ACCOUNT,
        market: BTC_USD,
        side,
        quantity,
        price,
        time_in_force,
        reduce_only: false,
        expires_at: None,
    }
    .into()
}

/// The price on the market's grid, rounded away from the spread.
fn on_tick(price: u128, side: Side, market: &MarketParams) -> Price {
    let tick = market.tick_size.0.max(1);
    match side {
        Side::Bid => Price(price / tick * tick),
        Side::Ask => Price(price.div_ceil(tick) * tick),
    }
}

fn shifted(price: Price, distance: u128, side: Side) -> u128 {
    let step = price.0 / HUNDREDTHS_OF_BP * distance;
    match side {
        Side::Bid => price.0.saturating_sub(step),
        Side::Ask => price.0.saturating_add(step),
    }
}

/// A participant with its own key.
pub struct Person {
    /// Signs.
    pub pair: Pair,
    /// What it deposits.
    pub deposit: Usd,
}

impl Person {
    fn new(seed: &str, dollars: i64) -> Result<Self, String> {
        Ok(Self {
            pair: dev_pair(seed)?,
            deposit: Usd::dollars(dollars),
        })
    }

    /// Its wallet.
    pub fn account(&self) -> AccountId {
        account(&self.pair)
    }

    /// Its margin account.
    pub fn margin_account(&self) -> SubAccount<AccountId> {
        SubAccount::new(self.account(), SUB_ACCOUNT)
    }

    fn deposit_units(&self) -> u128 {
        self.deposit.0.unsigned_abs()
    }

    /// Brings the whole wallet into the margin account.
    pub fn deposit_call(&self) -> RuntimeCall {
        pallet_margin::Call::deposit {
            sub_account: SUB_ACCOUNT,
            asset: USDX,
            amount: self.deposit_units(),
        }
        .into()
    }

    /// Transfers that give it fees and its deposit.
    fn funding_calls(&self) -> [RuntimeCall; 2] {
        [
            pallet_balances::Call::transfer_keep_alive {
                dest: self.account().into(),
                value: FEES,
            }
            .into(),
            RuntimeCall::Assets(pallet_assets::Call::transfer {
                id: USDX.into(),
                target: self.account().into(),
                // One dollar stays in the wallet, so that the asset account lives on.
                amount: self.deposit_units() + USD_SCALE.unsigned_abs(),
            }),
        ]
    }
}

/// One transaction of a rich account that funds everybody.
pub fn fund<'a>(people: impl Iterator<Item = &'a Person>) -> RuntimeCall {
    let calls = people.flat_map(Person::funding_calls).collect();
    pallet_utility::Call::batch_all { calls }.into()
}

/// A trader with one plan.
pub struct Trader {
    /// Who.
    pub person: Person,
    /// Short name.
    pub name: String,
    /// Times its deposit; negative when short, zero when it only deposits.
    pub leverage: i32,
}

impl Trader {
    /// The demo's traders: some near the edge, one on the other side, one who only deposits.
    pub fn all() -> Result<Vec<Self>, String> {
        [
            ("18x long", 18, 3_500),
            ("15x long", 15, 4_000),
            ("10x long", 10, 6_000),
            ("5x long", 5, 12_000),
            ("5x short", -5, 12_000),
            ("no position", 0, 10_000),
        ]
        .into_iter()
        .enumerate()
        .map(|(index, (name, leverage, dollars))| {
            Ok(Self {
                person: Person::new(&format!("//Trader/{index}"), dollars)?,
                name: name.to_owned(),
                leverage,
            })
        })
        .collect()
    }

    /// In words.
    pub fn plan(&self) -> String {
        match self.leverage {
            0 => "deposits and never trades".into(),
            times if times > 0 => format!("buys {times} times its deposit"),
            times => format!("sells {} times its deposit", times.unsigned_abs()),
        }
    }

    /// The order that opens its position at `price`.
    pub fn open_call(&self, price: Price, market: &MarketParams) -> Option<RuntimeCall> {
        if self.leverage == 0 {
            return None;
        }
        let side = if self.leverage > 0 {
            Side::Bid
        } else {
            Side::Ask
        };
        let notional = self.person.deposit_units() * u128::from(self.leverage.unsigned_abs());
        // 6 decimals to 18, and the price's 18 out again, in lots.
        let lots_per_btc = SIZE_SCALE / market.lot_size.0.max(1);
        let lots = notional * (PRICE_SCALE / USD_SCALE.unsigned_abs()) * lots_per_btc / price.0;
        let quantity = Quantity(lots * market.lot_size.0);
        let worst = price.0 / 100
            * match side {
                Side::Bid => 100 + SLIPPAGE_PERCENT,
                Side::Ask => 100 - SLIPPAGE_PERCENT,
            };
        Some(place(
            side,
            quantity,
            on_tick(worst, side, market),
            TimeInForce::ImmediateOrCancel,
        ))
    }
}

/// The market maker: bids and asks around the exchanges' price, anew in every block.
///
/// It quotes as long as the chain takes quotes, so in a fall that is faster than the price band it
/// stands at the edge of the band, above the exchanges. That is its loss and others' luck; without it
/// the book would be empty, and what is due could not be closed until the pause is over.
pub struct Maker {
    /// Who.
    pub person: Person,
    /// Whether its quotes of the last block may be in the book.
    quoting: bool,
}

impl Maker {
    /// A maker with its deposit.
    pub fn new() -> Result<Self, String> {
        Ok(Self {
            person: Person::new("//Maker", MAKER_DEPOSIT)?,
            quoting: false,
        })
    }

    /// What it sends after a block, to be executed in the next one; runs on the state of the block.
    ///
    /// While the market is paused it takes its quotes out and waits. When the pause ends with the next
    /// block, it is there with new ones.
    pub fn quote_call(&mut self, fair: Price) -> Option<RuntimeCall> {
        let market = <Markets as MarketRegistry>::market(BTC_USD)?;
        let cancel = pallet_order_book::Call::cancel_all {
            sub_account: SUB_ACCOUNT,
            market: Some(BTC_USD),
        }
        .into();
        if !self.may_quote_next() {
            let was_quoting = std::mem::replace(&mut self.quoting, false);
            return was_quoting.then_some(cancel);
        }
        self.quoting = true;
        let reopening = !<CircuitBreaker as MarketGuard>::status(BTC_USD).allows_orders();
        let band = <CircuitBreaker as MarketGuard>::band(BTC_USD).filter(|_| !reopening);
        let fair = match band {
            Some((low, high)) => {
                let low = shifted(low, BAND_MARGIN, Side::Ask);
                let high = shifted(high, BAND_MARGIN, Side::Bid);
                Price(fair.0.min(high).max(low))
            }
            None => fair,
        };
        let orders = LADDER.into_iter().flat_map(|(distance, thousandths)| {
            let quantity = Quantity(SIZE_SCALE / 1_000 * thousandths);
            [Side::Bid, Side::Ask].map(|side| {
                let price = on_tick(shifted(fair, distance, side), side, &market);
                (side, quantity, price)
            })
        });
        let in_band = |price: Price| band.is_none_or(|(low, high)| low <= price && price <= high);
        let fresh = BookAction::CancelAll {
            market: Some(BTC_USD),
        };
        let quotes =
            orders
                .filter(|(_, _, price)| in_band(*price))
                .map(|(side, quantity, price)| {
                    BookAction::Place(NewOrder {
                        market: BTC_USD,
                        side,
                        quantity,
                        price,
                        time_in_force: TimeInForce::GoodTillCancelled,
                        reduce_only: false,
                        expires_at: None,
                    })
                });
        let call = pallet_order_book::Call::batch {
            sub_account: SUB_ACCOUNT,
            actions: std::iter::once(fresh).chain(quotes).collect(),
            // One order that is refused must not take the others with it.
            atomic: false,
        };
        Some(call.into())
    }

    /// Whether the market takes orders in the next block.
    fn may_quote_next(&self) -> bool {
        let status = <CircuitBreaker as MarketGuard>::status(BTC_USD);
        if status.allows_orders() {
            return true;
        }
        let slot: u64 = pallet_babe::CurrentSlot::<Runtime>::get().into();
        let next = (slot + 1) * SLOT_MILLIS;
        pallet_circuit_breaker::Statuses::<Runtime>::get(BTC_USD).is_some_and(|record| {
            record.until.is_some_and(|until| until <= next)
                && record
                    .then
                    .first()
                    .map_or(MarketStatus::Active, |then| then.status)
                    .allows_orders()
        })
    }
}

/// The transaction of an outside feeder.
pub fn feed_call(price: Price) -> Result<RuntimeCall, String> {
    let values = vec![(BTC, price)]
        .try_into()
        .map_err(|_| "one value is too many for a feed".to_owned())?;
    Ok(pallet_oracle::Call::feed_values { values }.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulwark_runtime::genesis_presets::btc_usd;

    const PRICE: Price = Price(116_830 * PRICE_SCALE + PRICE_SCALE / 10 * 3);

    #[test]
    fn traders_should_open_at_their_leverage_in_whole_lots_below_the_large_size() {
        let market = btc_usd();
        for trader in Trader::all().unwrap() {
            let Some(RuntimeCall::OrderBook(pallet_order_book::Call::place_order {
                side,
                quantity,
                price,
                ..
            })) = trader.open_call(PRICE, &market)
            else {
                assert_eq!(trader.leverage, 0);
                continue;
            };
            assert_eq!(side == Side::Bid, trader.leverage > 0);
            assert_eq!(quantity.0 % market.lot_size.0, 0);
            assert_eq!(price.0 % market.tick_size.0, 0);
            let notional = quantity.0 as f64 / SIZE_SCALE as f64 * 116_830.3;
            let leverage = notional / (trader.person.deposit.0 as f64 / 1e6);
            assert!((leverage - f64::from(trader.leverage.abs())).abs() < 0.1);
            assert!(notional < 100_000.0, "closed in one block");
        }
    }

    #[test]
    fn prices_should_move_away_from_the_spread_when_put_on_the_grid() {
        let market = btc_usd();
        let off = PRICE.0 + 1;
        assert_eq!(on_tick(off, Side::Bid, &market), PRICE);
        assert_eq!(
            on_tick(off, Side::Ask, &market),
            Price(PRICE.0 + market.tick_size.0)
        );
    }
}
