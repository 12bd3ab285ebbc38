//! Extrinsics and batches in the compiled runtime, at books of several sizes.

use crate::{
    actors::{
        batch, cancel, cancel_call, deposit, order, place, place_call, replace, Action, Actor, MID,
    },
    chain::Chain,
    counted::Counts,
    StateKind, WasmArgs,
};
use bulwark_flow::Rng;
use bulwark_primitives::{MarketId, Side, TimeInForce};
use bulwark_runtime::RuntimeCall;
use polkadot_sdk::{
    frame_system, pallet_balances,
    sp_core::{sr25519, Pair as _},
    sp_io::{self, hashing::twox_128},
};
use std::time::{Duration, Instant};

/// Actions of a batch, and fills of one: what the runtime allows.
const BATCH: u32 = 64;
const FILLS: u32 = 24;
/// Resting orders of one account of the crowd.
const EACH: u32 = 60;
/// The crowd's orders are at most so many ticks from the price, inside the band.
const DEEP: u64 = 20_000;
/// The measured ones are at most so many from it, among the crowd's.
const NEAR: u64 = 2_000;
/// Between the best orders of the crowd, so that fills happen where they are to.
const GAP: u32 = 100;

/// Times of one kind of extrinsic, or of one action of a batch.
#[derive(Default)]
pub struct Times(Vec<f64>);

impl Times {
    pub fn add(&mut self, took: Duration, actions: u32) {
        self.0
            .push(took.as_nanos() as f64 / 1e3 / f64::from(actions));
    }

    /// Median in microseconds.
    pub fn median(&mut self) -> f64 {
        self.0.sort_by(f64::total_cmp);
        self.0.get(self.0.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

/// What is measured.
#[derive(Default)]
struct Measured {
    remark: Times,
    transfer: Times,
    refused: Times,
    place: Times,
    cancel: Times,
    fill: Times,
    batch_refused: Times,
    batch_place: Times,
    batch_replace: Times,
    batch_cancel: Times,
    batch_match: Times,
    batch_flow: Times,
}

struct Bench {
    chain: Chain,
    rng: Rng,
    maker: Actor,
    taker: Actor,
}

impl Bench {
    fn new(code: Vec<u8>, orders: u32, state: StateKind) -> Result<Self, String> {
        let mut feeder = Actor::new("//Alice")?;
        let mut people = vec![Actor::new("//Maker")?, Actor::new("//Taker")?];
        for index in 0..orders.div_ceil(EACH) {
            people.push(Actor::new(&format!("//Crowd/{index}"))?);
        }
        let mut chain = Chain::new(code, &people, &mut feeder)?;
        let mut rng = Rng::new(1);
        for actor in &mut people {
            chain.apply(actor, deposit())?;
        }
        let mut left = orders;
        for actor in people.iter_mut().skip(2) {
            let count = left.min(EACH);
            left -= count;
            let actions = (0..count).map(|_| resting(&mut rng, DEEP)).collect();
            apply_batch(&mut chain, actor, actions)?;
        }
        let mut people = people.into_iter();
        let missing = || "an actor is missing".to_owned();
        Ok(Self {
            chain: chain.settle(state),
            rng,
            maker: people.next().ok_or_else(missing)?,
            taker: people.next().ok_or_else(missing)?,
        })
    }

    /// One round of everything. It leaves the book as it was.
    fn round(&mut self, times: &mut Measured) -> Result<(), String> {
        self.singles(times)?;
        self.batches(times)?;
        self.matches(times)
    }

    fn singles(&mut self, times: &mut Measured) -> Result<(), String> {
        let Self {
            chain,
            maker,
            taker,
            rng,
        } = self;
        let remark = frame_system::Call::remark { remark: vec![] };
        times
            .remark
            .add(chain.labelled("remark").apply(maker, remark.into())?, 1);
        let transfer: RuntimeCall = pallet_balances::Call::transfer_keep_alive {
            dest: taker.account().into(),
            value: 1_000_000_000_000,
        }
        .into();
        times
            .transfer
            .add(chain.labelled("transfer").apply(maker, transfer)?, 1);
        let mut nowhere = order(Side::Bid, MID - 1, TimeInForce::PostOnly);
        nowhere.market = MarketId(u32::MAX);
        let (took, failed) = chain.attempt(maker, place_call(nowhere))?;
        failed.ok_or("an order in no market was accepted")?;
        times.refused.add(took, 1);

        let (side, tick) = spot(rng, NEAR);
        let id = chain.next_order();
        let call = place_call(order(side, tick, TimeInForce::PostOnly));
        times
            .place
            .add(chain.labelled("place").apply(maker, call)?, 1);
        let done = chain.labelled("cancel").apply(maker, cancel_call(id))?;
        times.cancel.add(done, 1);

        let (side, tick) = best(rng);
        chain.apply(maker, place_call(order(side, tick, TimeInForce::PostOnly)))?;
        let call = place_call(order(side.opposite(), tick, TimeInForce::FillOrKill));
        times
            .fill
            .add(chain.labelled("fill").apply(taker, call)?, 1);
        Ok(())
    }

    fn batches(&mut self, times: &mut Measured) -> Result<(), String> {
        let Self {
            chain, maker, rng, ..
        } = self;
        let nothing = (0..BATCH).map(|_| cancel(u64::MAX)).collect();
        times.batch_refused.add(
            chain
                .labelled("batch-nothing")
                .apply(maker, batch(nothing))?,
            BATCH,
        );

        // Fewer than 64: an account may not have more at rest.
        let count = BATCH - 4;
        let first = chain.next_order();
        let spots: Vec<(Side, u32)> = (0..count).map(|_| spot(rng, NEAR)).collect();
        let actions = spots
            .iter()
            .map(|(side, tick)| place(*side, *tick, TimeInForce::PostOnly))
            .collect();
        times.batch_place.add(
            apply_batch(chain.labelled("batch-place"), maker, actions)?,
            count,
        );
        let second = chain.next_order();
        let actions = (first..)
            .zip(&spots)
            .map(|(id, (side, tick))| match side {
                // Away from the other side, to where nobody is by chance only.
                Side::Bid => replace(id, tick - 1 - rng.below(NEAR) as u32),
                Side::Ask => replace(id, tick + 1 + rng.below(NEAR) as u32),
            })
            .collect();
        times.batch_replace.add(
            apply_batch(chain.labelled("batch-replace"), maker, actions)?,
            count,
        );
        let actions = (0..count).map(|i| cancel(second + u64::from(i))).collect();
        times.batch_cancel.add(
            apply_batch(chain.labelled("batch-cancel"), maker, actions)?,
            count,
        );
        Ok(())
    }

    fn matches(&mut self, times: &mut Measured) -> Result<(), String> {
        let Self {
            chain,
            maker,
            taker,
            rng,
        } = self;
        let (side, tick) = best(rng);
        let makers = (0..FILLS).map(|_| place(side, tick, TimeInForce::PostOnly));
        apply_batch(chain, maker, makers.collect())?;
        let takers = (0..FILLS).map(|_| place(side.opposite(), tick, TimeInForce::FillOrKill));
        times.batch_match.add(
            apply_batch(chain.labelled("batch-fill"), taker, takers.collect())?,
            FILLS,
        );

        // As a real flow: mostly replaced, some in and out, a fill now and then.
        let mut next = chain.next_order();
        let mut live: Vec<(u64, u32)> = (next..next + 20).map(|id| (id, below(rng))).collect();
        let quotes = live
            .iter()
            .map(|(_, tick)| place(Side::Bid, *tick, TimeInForce::PostOnly));
        apply_batch(chain, maker, quotes.collect())?;
        let asks = (0..BATCH / 16).map(|_| place(Side::Ask, MID, TimeInForce::PostOnly));
        apply_batch(chain, taker, asks.collect())?;
        next = chain.next_order().max(next);
        let mut actions = Vec::new();
        for step in 0..BATCH {
            let at = rng.below(live.len() as u64) as usize;
            let tick = below(rng);
            match step % 16 {
                3 => actions.push(place(Side::Bid, MID, TimeInForce::FillOrKill)),
                7 => {
                    actions.push(cancel(live.swap_remove(at).0));
                    continue;
                }
                11 => {
                    actions.push(place(Side::Bid, tick, TimeInForce::PostOnly));
                    live.push((next, tick));
                }
                _ => {
                    let (id, old) = live.swap_remove(at);
                    // Another price, or there would be nothing to replace.
                    let tick = if tick == old { tick - 1 } else { tick };
                    actions.push(replace(id, tick));
                    live.push((next, tick));
                }
            }
            next += 1;
        }
        times.batch_flow.add(
            apply_batch(chain.labelled("batch-flow"), maker, actions)?,
            BATCH,
        );
        let rest = live.into_iter().map(|(id, _)| cancel(id)).collect();
        apply_batch(chain, maker, rest).map(drop)
    }
}

/// A tick of a bid below the gap.
fn below(rng: &mut Rng) -> u32 {
    MID - GAP - 1 - rng.below(NEAR) as u32
}

/// A side and a tick that crosses nothing.
fn spot(rng: &mut Rng, depth: u64) -> (Side, u32) {
    let distance = GAP + 1 + rng.below(depth) as u32;
    if rng.chance(1, 2) {
        (Side::Bid, MID - distance)
    } else {
        (Side::Ask, MID + distance)
    }
}

/// A side and a tick inside the gap.
fn best(rng: &mut Rng) -> (Side, u32) {
    if rng.chance(1, 2) {
        (Side::Bid, MID - 1)
    } else {
        (Side::Ask, MID + 1)
    }
}

fn resting(rng: &mut Rng, depth: u64) -> Action {
    let (side, tick) = spot(rng, depth);
    place(side, tick, TimeInForce::PostOnly)
}

/// Applies a batch all of whose actions have to succeed.
fn apply_batch(
    chain: &mut Chain,
    who: &mut Actor,
    actions: Vec<Action>,
) -> Result<Duration, String> {
    let took = chain.apply(who, batch(actions))?;
    match chain.failed_actions()? {
        (0, _) => Ok(took),
        (count, first) => Err(format!(
            "{count} actions of a batch failed, the first: {first}"
        )),
    }
}

/// Microseconds of one signature check, natively.
fn signature_check() -> f64 {
    let pair = sr25519::Pair::from_seed(&[7; 32]);
    let message = [1u8; 32];
    let signature = pair.sign(&message);
    let begun = Instant::now();
    const ROUNDS: u32 = 500;
    for _ in 0..ROUNDS {
        std::hint::black_box(sp_io::crypto::sr25519_verify(
            &signature,
            &message,
            &pair.public(),
        ));
    }
    begun.elapsed().as_nanos() as f64 / 1e3 / f64::from(ROUNDS)
}

/// Microseconds of an instance of the runtime that does nothing.
pub fn instance(chain: &mut Chain) -> Result<f64, String> {
    let mut times = Times::default();
    for _ in 0..200 {
        let begun = Instant::now();
        chain.call("Core_version", &[])?;
        times.add(begun.elapsed(), 1);
    }
    Ok(times.median())
}

/// Pallets whose storage an action may touch.
const PALLETS: [&str; 9] = [
    "OrderBook",
    "Margin",
    "Liquidation",
    "Markets",
    "PriceOracle",
    "CircuitBreaker",
    "Insurance",
    "System",
    "Timestamp",
];

/// Prints accesses and their time for each extrinsic of `rounds` rounds, divided by `per`.
fn print_counts(name: &str, counts: &Counts, per: f64, took: f64) {
    let sum: f64 = counts.values().map(|c| c.took.as_nanos() as f64).sum();
    println!(
        "{name}: {took:.1} us, of which in storage {:.1}",
        sum / 1e3 / per
    );
    let mut rows: Vec<_> = counts.iter().collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(count.took));
    for (key, count) in rows {
        let pallet = PALLETS
            .iter()
            .find(|pallet| twox_128(pallet.as_bytes()) == key[..]);
        let pallet = match (pallet, key.is_empty()) {
            (_, true) => "storage layers",
            (Some(pallet), _) => pallet,
            (None, _) => "others",
        };
        println!(
            "  {pallet:<16}{:>6.1} reads {:>6.1} writes {:>7.1} us",
            count.reads as f64 / per,
            count.writes as f64 / per,
            count.took.as_nanos() as f64 / 1e3 / per
        );
    }
}

/// What a batch of each kind does with storage, an action.
fn profile(bench: &mut Bench) -> Result<(), String> {
    const ROUNDS: u32 = 10;
    let Bench {
        chain, maker, rng, ..
    } = bench;
    let count = BATCH - 4;
    let (mut placing, mut cancelling) = (Counts::new(), Counts::new());
    let (mut place, mut take) = (Times::default(), Times::default());
    for _ in 0..ROUNDS {
        let first = chain.next_order();
        let actions = (0..count).map(|_| resting(rng, NEAR)).collect();
        chain.counts = Some(std::mem::take(&mut placing));
        place.add(chain.apply(maker, batch(actions))?, count);
        placing = chain.counts.take().unwrap_or_default();
        let actions = (first..).take(count as usize).map(cancel).collect();
        chain.counts = Some(std::mem::take(&mut cancelling));
        take.add(chain.apply(maker, batch(actions))?, count);
        cancelling = chain.counts.take().unwrap_or_default();
    }
    let per = f64::from(ROUNDS * count);
    print_counts("An action that places", &placing, per, place.median());
    print_counts("An action that cancels", &cancelling, per, take.median());
    Ok(())
}

/// Measures and prints.
pub fn run(args: &WasmArgs) -> Result<(), String> {
    let code = std::fs::read(&args.wasm).map_err(|e| format!("{}: {e}", args.wasm.display()))?;
    println!(
        "Medians in microseconds, state {:?}; whole extrinsics:",
        args.state
    );
    println!(
        "{:>8} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7}",
        "orders", "remark", "transfer", "refused", "place", "cancel", "fill", "place/t"
    );
    let mut batches = Vec::new();
    let mut overhead = (0.0, 0.0);
    for orders in &args.orders {
        let mut bench = Bench::new(code.clone(), *orders, args.state)?;
        // Warms up.
        bench.round(&mut Measured::default())?;
        let mut times = Measured::default();
        for _ in 0..args.rounds {
            bench.round(&mut times)?;
        }
        overhead = (signature_check(), instance(&mut bench.chain)?);
        if args.profile && batches.is_empty() {
            profile(&mut bench)?;
        }
        let transfer = times.transfer.median();
        let place = times.place.median();
        println!(
            "{orders:>8} {:>9.1} {transfer:>9.1} {:>9.1} {place:>9.1} {:>9.1} {:>9.1} {:>7.2}",
            times.remark.median(),
            times.refused.median(),
            times.cancel.median(),
            times.fill.median(),
            place / transfer,
        );
        batches.push((*orders, transfer, times));
    }
    println!("One action of a batch of {BATCH}, the batch's share of the extrinsic included:");
    println!(
        "{:>8} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7}",
        "orders", "no order", "place", "replace", "cancel", "match", "flow", "flow/t"
    );
    for (orders, transfer, mut times) in batches {
        let flow = times.batch_flow.median();
        println!(
            "{orders:>8} {:>9.1} {:>9.1} {:>9.1} {:>9.1} {:>9.1} {flow:>9.1} {:>7.2}",
            times.batch_refused.median(),
            times.batch_place.median(),
            times.batch_replace.median(),
            times.batch_cancel.median(),
            times.batch_match.median(),
            flow / transfer,
        );
    }
    println!(
        "Of an extrinsic: signature check {:.1}, instance of the runtime {:.1}",
        overhead.0, overhead.1
    );
    Ok(())
}
