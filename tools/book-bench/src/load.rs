//! Load on a running node: batches from many accounts, and how many of their actions the chain accepts.

use crate::{
    actors::{batch, deposit, feed, place, Action, Actor, DEPOSIT, MARKET, MID},
    LoadArgs,
};
use bulwark_client::{chain::signed, Client, KeyValues, View};
use bulwark_flow::Rng;
use bulwark_primitives::{Side, TimeInForce, SLOT_MILLIS};
use bulwark_runtime::{
    currency::BLW, genesis_presets::USDX, BlockNumber, Hash, Runtime, RuntimeCall, RuntimeEvent,
    System,
};
use codec::Encode;
use pallet_order_book::{BookAction, Event};
use polkadot_sdk::{
    frame_system, pallet_assets, pallet_balances, pallet_timestamp, pallet_utility,
    sp_io::hashing::twox_128,
};
use std::time::{Duration, Instant};

/// Transactions of one sender that may wait in the pool.
const AHEAD: u32 = 2;
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
    /// Slots in which there was no block.
    missed: u64,
    /// Time of the last block.
    last: Option<u64>,
}

struct Load {
    client: Client,
    genesis: Hash,
    feeder: Actor,
    senders: Vec<Actor>,
    /// The last block that was looked at.
    seen: BlockNumber,
    rng: Rng,
}

/// One round of quotes: everything out, new orders in, now and then one that takes.
fn quotes(rng: &mut Rng, count: u32) -> Vec<Action> {
    let mut actions = vec![BookAction::CancelAll {
        market: Some(MARKET),
    }];
    while actions.len() < count as usize {
        let side = if rng.chance(1, 2) {
            Side::Bid
        } else {
            Side::Ask
        };
        let distance = 1 + rng.below(NEAR) as u32;
        let takes = rng.chance(1, 20);
        let tick = match (side, takes) {
            (Side::Bid, false) | (Side::Ask, true) => MID - distance,
            (Side::Ask, false) | (Side::Bid, true) => MID + distance,
        };
        let time_in_force = if takes {
            TimeInForce::ImmediateOrCancel
        } else {
            TimeInForce::PostOnly
        };
        actions.push(place(side, tick, time_in_force));
    }
    actions
}

impl Load {
    async fn connect(args: &LoadArgs) -> Result<Self, String> {
        let client = Client::connect_to(&args.node).await?;
        let genesis = client.block_hash(0).await?.ok_or("no genesis")?;
        let seen = client.best_number().await?;
        let mut senders = Vec::new();
        for index in 0..args.senders {
            // New ones for each run, so that no old orders are in the way.
            senders.push(Actor::new(&format!("//Load/{seen}/{index}"))?);
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

    /// The events and the time of a block.
    async fn block(&self, number: BlockNumber) -> Result<(Vec<RuntimeEvent>, u64), String> {
        let hash = self
            .client
            .block_hash(number)
            .await?
            .ok_or("a block is gone")?;
        let mut state = KeyValues::new();
        for (pallet, item) in [("System", "Events"), ("Timestamp", "Now")] {
            let key = [twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat();
            if let Some(value) = self.client.value(hash, &key).await? {
                state.insert(key, value);
            }
        }
        Ok(View::new(state).read(|| {
            let events = System::read_events_no_consensus().map(|record| record.event);
            (events.collect(), pallet_timestamp::Now::<Runtime>::get())
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
        mut call: impl FnMut(&mut Rng) -> RuntimeCall,
    ) -> Result<(), String> {
        for index in 0..self.senders.len() {
            let call = call(&mut self.rng);
            let Some(who) = self.senders.get(index).cloned() else {
                continue;
            };
            self.send(&who, call)
                .await
                .map_err(|e| format!("{what}: {e}"))?;
            if let Some(who) = self.senders.get_mut(index) {
                who.nonce += 1;
            }
        }
        for _ in 0..PATIENCE {
            self.feed().await?;
            self.next().await?;
            let mut done = true;
            for who in &self.senders {
                done &= self.on_chain_nonce(who).await? == who.nonce;
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
            .flat_map(|who| {
                [
                    pallet_balances::Call::transfer_keep_alive {
                        dest: who.account().into(),
                        value: 1_000 * BLW,
                    }
                    .into(),
                    pallet_assets::Call::transfer {
                        id: USDX.into(),
                        target: who.account().into(),
                        amount: u128::from(DEPOSIT) + 1_000_000,
                    }
                    .into(),
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

    /// Keeps every sender's transactions in the pool.
    async fn fill_pool(&mut self, count: u32) -> Result<(), String> {
        for index in 0..self.senders.len() {
            let Some(mut who) = self.senders.get(index).cloned() else {
                continue;
            };
            let included = self.on_chain_nonce(&who).await?;
            // After what was dropped it begins again where the chain is.
            who.nonce = who.nonce.max(included);
            while who.nonce < included + AHEAD {
                let call = batch(quotes(&mut self.rng, count));
                if self.send(&who, call).await.is_err() {
                    break;
                }
                who.nonce += 1;
            }
            if let Some(place) = self.senders.get_mut(index) {
                *place = who;
            }
        }
        Ok(())
    }

    /// Counts a block in.
    async fn count(&self, totals: &mut Totals) -> Result<(), String> {
        let (events, time) = self.block(self.seen).await?;
        totals.blocks += 1;
        if let Some(last) = totals.last {
            totals.missed += ((time - last) / SLOT_MILLIS).saturating_sub(1);
        }
        totals.last = Some(time);
        for event in events {
            match event {
                RuntimeEvent::OrderBook(Event::BatchDone { results, .. }) => {
                    totals.batches += 1;
                    let accepted = results.iter().filter(|r| r.is_ok()).count() as u64;
                    totals.accepted += accepted;
                    totals.refused += results.len() as u64 - accepted;
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
    println!("funding {} accounts", args.senders);
    load.fund().await?;
    load.everybody("deposit", |_| deposit()).await?;
    let mut totals = Totals::default();
    println!("sending batches of {} for {} s", args.batch, args.seconds);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(args.seconds) {
        load.feed().await?;
        load.fill_pool(args.batch).await?;
        load.next().await?;
        load.count(&mut totals).await?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("{totals:?}");
    println!(
        "{:.0} accepted actions per second over {seconds:.0} s, {} fills, {} blocks, {} slots without one",
        totals.accepted as f64 / seconds,
        totals.fills,
        totals.blocks,
        totals.missed,
    );
    Ok(())
}
