//! What finding due accounts costs: how many the due queue evaluates in a block, beside a scan of all of them.
//!
//! The runtime is the real one, accounts open through real fills, and what is counted is counted from outside:
//! step 3 reads one storage map for each account that it evaluates, and for no other but the makers of its fills.

use crate::{account, alice, development_genesis, Chain, BTC, USDX};
use bulwark_flow::Rng;
use bulwark_primitives::{
    AssetId, MarketId, Price, Quantity, Side, SubAccount, TimeInForce, PRICE_SCALE, SIZE_SCALE,
};
use bulwark_runtime::{AccountId, Liquidation, Margin, Runtime, RuntimeEvent};
use codec::Decode;
use pallet_order_book::{BookAction, NewOrder};
use polkadot_sdk::{pallet_oracle, sp_io::hashing::blake2_256};
use std::collections::BTreeSet;

/// Markets with their index assets: Bitcoin, Ether, SOL.
pub const MARKETS: [(MarketId, AssetId); 3] =
    [(MarketId(1), BTC), (MarketId(2), 3), (MarketId(3), 4)];
/// Those who are on the other side of everybody.
const HEDGERS: usize = 8;
/// What each hedger, and each maker, has in dollars.
const DEEP: u128 = 20_000_000_000;
/// Calls of the opening in one block.
const CALLS: usize = 300;
/// A maker quotes anew when the price has moved by so many hundred-thousandths, so far from the price.
const REQUOTE: u128 = 50;
const SPREAD: u128 = 50;
/// Dollars that a maker offers on each side.
const QUOTED: u128 = 200_000_000;

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Blocks.
    pub blocks: u32,
    /// Evaluations of accounts that were not known to be under maintenance before, and most of a block.
    pub evaluated: u64,
    /// The most of one block.
    pub most: u32,
    /// Of those, how many found a healthy account.
    pub healthy: u64,
    /// Accounts that were found under maintenance.
    pub found: u64,
    /// Full scans.
    pub scans: u32,
    /// Accounts under maintenance that scans saw.
    pub under: u64,
    /// Those of them that the chain did not have in its due set: none may be.
    pub missed: u64,
}

/// A chain with many accounts, whose prices are moved block by block.
pub struct Finding {
    chain: Chain,
    traders: Vec<SubAccount<AccountId>>,
    quoted: [Option<Price>; 3],
    tally: Tally,
}

fn named(role: &str, index: usize) -> AccountId {
    AccountId::new(blake2_256(format!("finding {role} {index}").as_bytes()))
}

fn maker(market: usize) -> AccountId {
    named("maker", market)
}

/// A position that an account opens: market, side, dollars.
type Leg = (usize, bool, u128);

/// What an account is to have: positions, dollars, and thousandths of a bitcoin as collateral.
struct Plan {
    legs: Vec<Leg>,
    deposit: u128,
    bitcoin: u128,
}

/// One to three positions of 500 to some 100,000 dollars, few of them large; leverage the lower one of two numbers
/// between 1.5 and 15, its median 5.5; 60 % of all legs long; a quarter of the accounts hold Bitcoin for about a
/// third of their equity.
fn plan(rng: &mut Rng, bitcoin_price: u128) -> Plan {
    let count = 1 + usize::from(rng.chance(1, 2)) + usize::from(rng.chance(1, 5));
    let first = rng.below(3) as usize;
    let legs: Vec<Leg> = (0..count)
        .map(|leg| {
            let dollars = 500 * u128::from(rng.heavy(8));
            ((first + leg) % 3, rng.chance(3, 5), dollars)
        })
        .collect();
    let notional: u128 = legs.iter().map(|leg| leg.2).sum();
    let tenths = rng.range(15, 150).min(rng.range(15, 150));
    let equity = notional * 10 / u128::from(tenths);
    let least = notional * 67 / 1_000;
    let bitcoin = if rng.chance(1, 4) {
        (equity / 3 * 1_000 / bitcoin_price).max(1)
    } else {
        0
    };
    let held = bitcoin * bitcoin_price / 1_000 * 8 / 10;
    let deposit = equity.saturating_sub(held).max(least) + 10;
    Plan {
        legs,
        deposit,
        bitcoin,
    }
}

impl Finding {
    /// So many accounts at the first prices of [`MARKETS`], all open. `start` is a time in slots.
    ///
    /// # Panics
    /// When an account cannot be opened: the numbers would be of others than those that were asked for.
    pub fn new(accounts: usize, seed: u64, first: [Price; 3], start: u64) -> Self {
        let mut rng = Rng::new(seed);
        let bitcoin = first[0].0 / PRICE_SCALE;
        let plans: Vec<Plan> = (0..accounts).map(|_| plan(&mut rng, bitcoin)).collect();
        let traders: Vec<_> = (0..accounts)
            .map(|index| SubAccount::new(named("trader", index), 0))
            .collect();
        let mut genesis = development_genesis();
        for (_, _, params) in &mut genesis.markets.markets {
            params.max_open_interest = pallet_markets::validate::MAX_OPEN_INTEREST;
            params.lower_open_interest = params.max_open_interest;
        }
        for (asset, params) in &mut genesis.markets.collaterals {
            if *asset == USDX {
                params.deposit_cap = 1_000_000_000_000_000_000;
            }
            params.scale_start = params.scale_start.max(params.deposit_cap);
        }
        let wallets = &mut genesis.assets.accounts;
        for (who, plan) in traders.iter().zip(&plans) {
            wallets.push((USDX, who.owner.clone(), plan.deposit * 1_000_000));
            wallets.push((BTC, who.owner.clone(), plan.bitcoin * 100_000 + 1));
        }
        for who in deep() {
            wallets.push((USDX, who, DEEP * 1_000_000));
        }
        let mut finding = Self {
            chain: Chain::flat(&genesis, start),
            traders,
            quoted: [None; 3],
            tally: Tally::default(),
        };
        finding.open(&plans, first);
        finding
    }

    fn open(&mut self, plans: &[Plan], prices: [Price; 3]) {
        // One block to feed, one to take the first snapshot.
        for _ in 0..2 {
            self.chain.open_block();
            self.feed(prices);
            self.chain.close_block();
        }
        self.chain.open_block();
        for who in deep() {
            self.deposit(&who, USDX, DEEP * 1_000_000);
        }
        let mut calls = 0;
        let traders = std::mem::take(&mut self.traders);
        for (index, (who, plan)) in traders.iter().zip(plans).enumerate() {
            self.deposit(&who.owner, USDX, plan.deposit * 1_000_000);
            if plan.bitcoin > 0 {
                self.deposit(&who.owner, BTC, plan.bitcoin * 100_000);
            }
            let hedger = named("hedger", index % HEDGERS);
            for (market, long, dollars) in &plan.legs {
                let quantity = lots(*dollars, prices[*market], *market);
                let (maker, taker) = if *long {
                    (Side::Ask, Side::Bid)
                } else {
                    (Side::Bid, Side::Ask)
                };
                let at = on_tick(prices[*market], *market);
                for (who, side) in [(&hedger, maker), (&who.owner, taker)] {
                    let call = place(order(*market, side, quantity, at));
                    let done = self.chain.dispatch(who, call);
                    done.unwrap_or_else(|error| panic!("{index}: {error:?} {quantity:?}"));
                }
                calls += 2;
            }
            if calls >= CALLS {
                calls = 0;
                self.feed(prices);
                self.chain.close_block();
                self.chain.open_block();
            }
        }
        self.traders = traders;
        self.feed(prices);
        self.chain.close_block();
        // What changed in the opening is evaluated before anything is counted.
        for _ in 0..5 {
            self.block(prices, false);
        }
        self.tally = Tally::default();
    }

    fn deposit(&mut self, who: &AccountId, asset: AssetId, amount: u128) {
        let call = pallet_margin::Call::<Runtime>::deposit {
            sub_account: 0,
            asset,
            amount,
        };
        let done = self.chain.dispatch(who, call);
        done.unwrap_or_else(|error| panic!("{error:?}"));
    }

    fn feed(&mut self, prices: [Price; 3]) {
        let values: Vec<(AssetId, Price)> = MARKETS
            .iter()
            .zip(prices)
            .map(|((_, asset), price)| (*asset, price))
            .collect();
        let values = values.try_into().expect("three values");
        let feed = pallet_oracle::Call::<Runtime>::feed_values { values };
        let fed = self.chain.dispatch(&account(&alice()), feed);
        fed.expect("alice feeds");
    }

    /// Makers who stand close to the price with more than anybody has to sell.
    fn quote(&mut self, prices: [Price; 3]) {
        for (market, price) in prices.into_iter().enumerate() {
            let stands = self.quoted[market]
                .is_some_and(|quoted| quoted.0.abs_diff(price.0) * 100_000 / price.0 < REQUOTE);
            if stands {
                continue;
            }
            let away = price.0 * SPREAD / 100_000;
            let quantity = lots(QUOTED, price, market);
            let quote = |side, at| {
                BookAction::Place(NewOrder {
                    time_in_force: TimeInForce::PostOnly,
                    ..order(market, side, quantity, on_tick(Price(at), market))
                })
            };
            let actions = vec![
                BookAction::CancelAll { market: None },
                quote(Side::Bid, price.0 - away),
                quote(Side::Ask, price.0 + away),
            ];
            let call = pallet_order_book::Call::<Runtime>::batch {
                sub_account: 0,
                actions,
                atomic: false,
            };
            // While a market is halted nobody quotes.
            if self.chain.dispatch(&maker(market), call).is_ok() {
                self.quoted[market] = Some(price);
            }
        }
    }

    /// One block, at whose end `prices` are fed for the next one; with a full scan after it, or without.
    pub fn block(&mut self, prices: [Price; 3], scan: bool) {
        let known: BTreeSet<SubAccount<AccountId>> = self
            .chain
            .read(|| pallet_liquidation::Known::<Runtime>::iter_keys().collect());
        self.chain.watch("Liquidation", "Stale");
        self.chain.open_block();
        let touched = self.chain.watched();
        self.feed(prices);
        self.quote(prices);
        self.chain.close_block();
        self.count(&known, &touched);
        if scan {
            self.scan();
        }
    }

    fn count(&mut self, known: &BTreeSet<SubAccount<AccountId>>, touched: &BTreeSet<Vec<u8>>) {
        let mut makers = BTreeSet::new();
        let mut due = BTreeSet::new();
        for event in self.chain.events() {
            match event {
                RuntimeEvent::OrderBook(pallet_order_book::Event::Filled { maker, .. }) => {
                    makers.insert(maker.clone());
                }
                RuntimeEvent::Liquidation(pallet_liquidation::Event::AccountDue {
                    account,
                    ..
                }) => {
                    due.insert(account.clone());
                }
                // Whoever is closed against another changes as a maker does.
                RuntimeEvent::Liquidation(pallet_liquidation::Event::Deleveraged {
                    counterparty,
                    ..
                }) => {
                    makers.insert(counterparty.clone());
                }
                _ => {}
            }
        }
        // A key of the map ends with the account, behind a hash of 16 bytes.
        let evaluated: BTreeSet<SubAccount<AccountId>> = touched
            .iter()
            .filter_map(|key| SubAccount::decode(&mut key.get(16..)?).ok())
            .filter(|account| !known.contains(account) && !makers.contains(account))
            .collect();
        let count = evaluated.len();
        let tally = &mut self.tally;
        tally.blocks += 1;
        tally.evaluated += count as u64;
        tally.most = tally.most.max(u32::try_from(count).unwrap_or(u32::MAX));
        tally.healthy += evaluated.difference(&due).count() as u64;
        tally.found += due.len() as u64;
    }

    fn scan(&mut self) {
        let traders = &self.traders;
        let (under, missed) = self.chain.read(|| {
            let mut seen = (0, 0);
            for who in traders {
                let health = Margin::account_health(who);
                if health.is_ok_and(|health| health.is_liquidatable()) {
                    seen.0 += 1;
                    seen.1 += u64::from(!Liquidation::is_due(who));
                }
            }
            seen
        });
        self.tally.scans += 1;
        self.tally.under += under;
        self.tally.missed += missed;
    }

    /// What was counted since the accounts were opened.
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    /// Share of all accounts that a block evaluated in the mean, in percent.
    pub fn percent(&self) -> f64 {
        let all = f64::from(self.tally.blocks) * self.traders.len() as f64;
        self.tally.evaluated as f64 / all.max(1.0) * 100.0
    }
}

fn deep() -> impl Iterator<Item = AccountId> {
    let hedgers = (0..HEDGERS).map(|index| named("hedger", index));
    hedgers.chain((0..MARKETS.len()).map(maker))
}

/// Ticks and lots of the three markets, as the genesis has them.
const TICKS: [u128; 3] = [PRICE_SCALE / 10, PRICE_SCALE / 100, PRICE_SCALE / 100];
const LOTS: [u128; 3] = [SIZE_SCALE / 1_000, SIZE_SCALE / 100, SIZE_SCALE / 10];

fn on_tick(price: Price, market: usize) -> Price {
    Price(price.0 - price.0 % TICKS[market])
}

/// Dollars at a price, in multiples of the smallest order; at least one of them.
fn lots(dollars: u128, price: Price, market: usize) -> Quantity {
    let exact = dollars * SIZE_SCALE / (price.0 / 1_000_000_000) * 1_000_000_000;
    Quantity((exact - exact % LOTS[market]).max(LOTS[market]))
}

fn order(market: usize, side: Side, quantity: Quantity, price: Price) -> NewOrder<u32> {
    NewOrder {
        market: MARKETS[market].0,
        side,
        quantity,
        price,
        time_in_force: TimeInForce::GoodTillCancelled,
        reduce_only: false,
        expires_at: None,
    }
}

fn place(order: NewOrder<u32>) -> pallet_order_book::Call<Runtime> {
    pallet_order_book::Call::place_order {
        sub_account: 0,
        market: order.market,
        side: order.side,
        quantity: order.quantity,
        price: order.price,
        time_in_force: order.time_in_force,
        reduce_only: order.reduce_only,
        expires_at: order.expires_at,
    }
}
