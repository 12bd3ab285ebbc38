//! Load on a running node: makers who move all of their quotes with every block, takers who fill a few of
//! them, and how many of their actions the chain accepts.

use crate::{
    actors::{batch, deposit, feed, order, place, place_call, replace, Actor, DEPOSIT, MID},
    LoadArgs,
};
use bulwark_client::{chain::signed, Client, KeyValues, View};
use bulwark_flow::Rng;
use bulwark_primitives::{OrderId, Side, TimeInForce, SLOT_MILLIS};
use bulwark_runtime::{
    currency::BLW, genesis_presets::USDX, BlockNumber, Hash, Runtime, RuntimeCall, RuntimeEvent,
    System,
};
use codec::Encode;
use pallet_order_book::{ActionResult, Error, Event};
use polkadot_sdk::{
    frame_support::dispatch::DispatchClass, frame_system, pallet_assets, pallet_balances,
    pallet_timestamp, pallet_utility, sp_io::hashing::twox_128, sp_runtime::DispatchError,
};
use std::time::{Duration, Instant};

/// Transactions of one sender that may wait in the pool: the ids of moved orders are known when they are
/// in a block.
const AHEAD: u32 = 1;
/// One taker for so many makers.
const MAKERS_PER_TAKER: u32 = 8;
/// Blocks that a step of the set-up may take.
const PATIENCE: u32 = 15;
const POLL: Duration = Duration::from_millis(50);
/// Most that a sender's quotes are away from the price, in ticks.
const NEAR: u64 = 200;

/// What the blocks of a run had in them.
#[derive(Debug, Default)]
struct Totals {
    blocks: u32,
    batches: u64,
    accepted: u64,
    refused: u64,
    fills: u64,
    /// Orders of takers.
    takes: u64,
    /// What the blocks weighed without inherents and hooks, milliseconds, and the heaviest of them.
    weight: u64,
    heaviest: u64,
    /// Slots in which there was no block.
    missed: u64,
    /// Time of the last block.
    last: Option<u64>,
}

/// Somebody who trades.
#[derive(Clone)]
struct Sender {
    actor: Actor,
    /// A maker's quotes: bids in the even places, asks in the others. Empty for a taker.
    quotes: Vec<Option<OrderId>>,
}

/// What a block had in it.
struct Seen {
    events: Vec<RuntimeEvent>,
    time: u64,
    /// Milliseconds.
    weight: u64,
}

struct Load {
    client: Client,
    genesis: Hash,
    feeder: Actor,
    senders: Vec<Sender>,
    /// The last block that was looked at.
    seen: BlockNumber,
    rng: Rng,
}

impl Sender {
    fn new(seed: &str, quotes: u32) -> Result<Self, String> {
        Ok(Self {
            actor: Actor::new(seed)?,
            quotes: vec![None; quotes as usize],
        })
    }

    /// All quotes moved, those placed anew that were filled; or an order that takes.
    fn next_call(&self, rng: &mut Rng) -> RuntimeCall {
        if self.quotes.is_empty() {
            let (side, tick) = if rng.chance(1, 2) {
                (Side::Bid, MID + NEAR as u32)
            } else {
                (Side::Ask, MID - NEAR as u32)
            };
            return place_call(order(side, tick, TimeInForce::ImmediateOrCancel));
        }
        let quotes = self.quotes.iter().enumerate().map(|(at, quote)| {
            let distance = 1 + rng.below(NEAR) as u32;
            let (side, tick) = if at.is_multiple_of(2) {
                (Side::Bid, MID - distance)
            } else {
                (Side::Ask, MID + distance)
            };
            match quote {
                Some(id) => replace(*id, tick),
                None => place(side, tick, TimeInForce::PostOnly),
            }
        });
        batch(quotes.collect())
    }

    /// Takes the ids of the quotes from what came of moving them.
    fn note(&mut self, results: &[ActionResult]) {
        let gone: DispatchError = Error::<Runtime>::UnknownOrder.into();
        for (quote, result) in self.quotes.iter_mut().zip(results) {
            match result {
                Ok(id) => *quote = *id,
                Err(error) if *error == gone => *quote = None,
                // It rests as before.
                Err(_) => {}
            }
        }
    }
}

impl Load {
    async fn connect(args: &LoadArgs) -> Result<Self, String> {
        let client = Client::connect_to(&args.node).await?;
        let genesis = client.block_hash(0).await?.ok_or("no genesis")?;
        let seen = client.best_number().await?;
        let mut senders = Vec::new();
        // New ones for each run, so that no old orders are in the way.
        for index in 0..args.senders {
            senders.push(Sender::new(&format!("//Load/{seen}/{index}"), args.batch)?);
        }
        for index in 0..args.senders.div_ceil(MAKERS_PER_TAKER) {
            senders.push(Sender::new(&format!("//Take/{seen}/{index}"), 0)?);
        }
        Ok(Self {
            client,
            genesis,
            feeder: Actor::new("//Alice")?,
            senders,
            seen,
            rng: Rng::new(1),
        })
    }

    async fn send(&self, who: &Actor, call: RuntimeCall) -> Result<(), String> {
        let bytes = signed(&who.pair, call, who.nonce, self.genesis).encode();
        self.client.submit(&bytes).await.map(drop)
    }

    /// Feeds the price. One that the pool does not want is followed by the next block's.
    async fn feed(&mut self) -> Result<(), String> {
        let id = self.feeder.account();
        self.feeder.nonce = self.client.next_nonce(&id).await?;
        let _ = self.send(&self.feeder, feed()?).await;
        Ok(())
    }

    /// What there is to know of a block.
    async fn block(&self, number: BlockNumber) -> Result<Seen, String> {
        let hash = self
            .client
            .block_hash(number)
            .await?
            .ok_or("a block is gone")?;
        let mut state = KeyValues::new();
        for (pallet, item) in [
            ("System", "Events"),
            ("System", "BlockWeight"),
            ("Timestamp", "Now"),
        ] {
            let key = [twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat();
            if let Some(value) = self.client.value(hash, &key).await? {
                state.insert(key, value);
            }
        }
        Ok(View::new(state).read(|| {
            let events = System::read_events_no_consensus().map(|record| record.event);
            let weight = *System::block_weight().get(DispatchClass::Normal);
            Seen {
                events: events.collect(),
                time: pallet_timestamp::Now::<Runtime>::get(),
                weight: weight.ref_time() / 1_000_000_000,
            }
        }))
    }

    /// Waits for the next block.
    async fn next(&mut self) -> Result<(), String> {
        let next = self.seen + 1;
        let since = Instant::now();
        while self.client.best_number().await? < next {
            if since.elapsed() > Duration::from_secs(40) {
                return Err(format!("no block after {}", self.seen));
            }
            tokio::time::sleep(POLL).await;
        }
        self.seen = next;
        Ok(())
    }

    /// Sends a call of each sender and waits until all are in blocks.
    async fn everybody(
        &mut self,
        what: &str,
        call: impl Fn() -> RuntimeCall,
    ) -> Result<(), String> {
        for index in 0..self.senders.len() {
            let Some(who) = self.senders.get(index).cloned() else {
                continue;
            };
            self.send(&who.actor, call())
                .await
                .map_err(|e| format!("{what}: {e}"))?;
            if let Some(who) = self.senders.get_mut(index) {
                who.actor.nonce += 1;
            }
        }
        for _ in 0..PATIENCE {
            self.feed().await?;
            self.next().await?;
            let mut done = true;
            for Sender { actor, .. } in &self.senders {
                done &= self.on_chain_nonce(actor).await? == actor.nonce;
            }
            if done {
                return Ok(());
            }
        }
        Err(format!("{what}: not done within {PATIENCE} blocks"))
    }

    /// The nonce after the last block that was looked at.
    async fn on_chain_nonce(&self, who: &Actor) -> Result<u32, String> {
        let hash = self.client.block_hash(self.seen).await?;
        let hash = hash.ok_or("a block is gone")?;
        let key = frame_system::Account::<Runtime>::hashed_key_for(who.account());
        let value = self.client.value(hash, &key).await?.unwrap_or_default();
        let state = KeyValues::from([(key, value)]);
        Ok(View::new(state).read(|| System::account_nonce(who.account())))
    }

    /// Money for everybody, from a rich account.
    async fn fund(&mut self) -> Result<(), String> {
        let mut rich = Actor::new("//Ferdie")?;
        rich.nonce = self.client.next_nonce(&rich.account()).await?;
        let calls = self
            .senders
            .iter()
            .flat_map(|Sender { actor: who, .. }| {
                [
                    pallet_balances::Call::transfer_keep_alive {
                        dest: who.account().into(),
                        value: 1_000 * BLW,
                    }
                    .into(),
                    RuntimeCall::Assets(pallet_assets::Call::transfer {
                        id: USDX.into(),
                        target: who.account().into(),
                        amount: u128::from(DEPOSIT) + 1_000_000,
                    }),
                ]
            })
            .collect();
        self.feed().await?;
        let call = pallet_utility::Call::batch_all { calls }.into();
        self.send(&rich, call).await?;
        for _ in 0..PATIENCE {
            self.next().await?;
            self.feed().await?;
            if self.client.next_nonce(&rich.account()).await? > rich.nonce {
                let hash = self.client.block_hash(self.seen).await?;
                let key = frame_system::Account::<Runtime>::hashed_key_for(rich.account());
                let hash = hash.ok_or("a block is gone")?;
                if let Some(value) = self.client.value(hash, &key).await? {
                    let state = KeyValues::from([(key, value)]);
                    let nonce = View::new(state).read(|| System::account_nonce(rich.account()));
                    if nonce > rich.nonce {
                        return Ok(());
                    }
                }
            }
        }
        Err("funding: not done in time".into())
    }

    /// Keeps a transaction of every sender in the pool.
    async fn fill_pool(&mut self) -> Result<(), String> {
        for index in 0..self.senders.len() {
            let Some(mut who) = self.senders.get(index).cloned() else {
                continue;
            };
            let included = self.on_chain_nonce(&who.actor).await?;
            // After what was dropped it begins again where the chain is.
            who.actor.nonce = who.actor.nonce.max(included);
            while who.actor.nonce < included + AHEAD {
                let call = who.next_call(&mut self.rng);
                if self.send(&who.actor, call).await.is_err() {
                    break;
                }
                who.actor.nonce += 1;
            }
            if let Some(place) = self.senders.get_mut(index) {
                *place = who;
            }
        }
        Ok(())
    }

    /// Counts a block in.
    async fn count(&mut self, totals: &mut Totals) -> Result<(), String> {
        let block = self.block(self.seen).await?;
        totals.blocks += 1;
        if let Some(last) = totals.last {
            totals.missed += ((block.time - last) / SLOT_MILLIS).saturating_sub(1);
        }
        totals.last = Some(block.time);
        totals.weight += block.weight;
        totals.heaviest = totals.heaviest.max(block.weight);
        for event in block.events {
            match event {
                RuntimeEvent::OrderBook(Event::BatchDone { account, results }) => {
                    totals.batches += 1;
                    let accepted = results.iter().filter(|r| r.is_ok()).count() as u64;
                    totals.accepted += accepted;
                    totals.refused += results.len() as u64 - accepted;
                    let sender = self
                        .senders
                        .iter_mut()
                        .find(|who| who.actor.account() == account.owner);
                    if let Some(sender) = sender {
                        sender.note(&results);
                    }
                }
                RuntimeEvent::OrderBook(Event::OrderPlaced {
                    time_in_force: TimeInForce::ImmediateOrCancel,
                    ..
                }) => {
                    totals.takes += 1;
                    totals.accepted += 1;
                }
                RuntimeEvent::OrderBook(Event::Filled { .. }) => totals.fills += 1,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Loads the node and prints what it did.
pub async fn run(args: &LoadArgs) -> Result<(), String> {
    let mut load = Load::connect(args).await?;
    println!("funding {} accounts", load.senders.len());
    load.fund().await?;
    load.everybody("deposit", deposit).await?;
    let mut totals = Totals::default();
    println!("sending batches of {} for {} s", args.batch, args.seconds);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(args.seconds) {
        load.feed().await?;
        load.fill_pool().await?;
        load.next().await?;
        load.count(&mut totals).await?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("{totals:?}");
    println!(
        "{:.0} accepted actions per second over {seconds:.0} s, {} fills, {} blocks of {} ms by weight, {} \
         slots without one",
        totals.accepted as f64 / seconds,
        totals.fills,
        totals.blocks,
        totals.weight / u64::from(totals.blocks.max(1)),
        totals.missed,
    );
    Ok(())
}
