//! One scenario, from the first slot to the last.

use crate::{
    depth::{Depth, ASKS, BIDS},
    feeders::HEARTBEAT,
    look::{best, look, Before, Look},
    measure::{Frame, Record},
    quick::Quick,
    scenario::Scenario,
    world::World,
};
use bulwark_primitives::SubAccount;
use bulwark_runtime::{invariants, AccountId, Runtime};
use polkadot_sdk::{frame_support::weights::Weight, frame_system};
use std::time::{Duration, Instant};

/// Accounts up to which every block ends with a scan of all of them.
pub const SCANNED: usize = 5_000;
/// With more, every so many blocks; those that are followed are looked at in every block.
pub const SCAN_EVERY: u32 = 30;
/// In congested blocks the makers' transactions get through in one of so many.
const CONGESTED: usize = 5;
/// Time between two lines of progress.
const PROGRESS: Duration = Duration::from_secs(10);

/// How a run is watched.
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    /// Invariants are checked in every so many blocks; 0 is never.
    pub check_every: u32,
    /// Whether every block ends with a full scan.
    pub scan_all: bool,
    /// Whether a scan leaves out who cannot be under maintenance.
    pub quick: bool,
}

/// What a run was.
#[derive(Debug)]
pub struct Outcome {
    pub record: Record,
    /// Slots in which no block was made.
    pub skipped: usize,
    /// Blocks whose invariants were checked, and what was broken.
    pub checked: u32,
    pub broken: Vec<String>,
    /// Insurance fund and open interest, USD, at the first slot.
    pub fund: f64,
    pub interest: f64,
    pub blocks: u32,
    pub seconds: f64,
}

/// Who looks at the end of each block.
struct Observer {
    watch: Watch,
    accounts: Vec<(usize, SubAccount<AccountId>)>,
    before: Before,
    quick: Option<Quick>,
}

/// Everybody who could owe something.
fn everybody(world: &World) -> Vec<(usize, SubAccount<AccountId>)> {
    let all = world.traders.iter().chain(&world.hedgers);
    all.cloned().enumerate().collect()
}

/// Plays a scenario on a world that is at its first price.
pub fn play(
    world: &mut World,
    scenario: &Scenario,
    watch: Watch,
    say: &mut dyn FnMut(&str),
) -> Outcome {
    let begun = Instant::now();
    let mut told = begun;
    let accounts = everybody(world);
    let all: Vec<SubAccount<AccountId>> = accounts.iter().map(|(_, who)| who.clone()).collect();
    let volatility: Vec<Vec<f64>> = scenario
        .paths
        .iter()
        .zip(&world.markets)
        .map(|(path, market)| path.volatility(market.spec.calm))
        .collect();
    let mut outcome = Outcome {
        record: Record::new(&all),
        skipped: 0,
        checked: 0,
        broken: Vec::new(),
        fund: 0.0,
        interest: interest(world, scenario),
        blocks: 0,
        seconds: 0.0,
    };
    let markets = std::mem::take(&mut world.markets);
    let first = world
        .chain
        .read(|| look(&[], &markets, &Before::default(), None));
    world.markets = markets;
    outcome.fund = first.fund;
    // What has happened until now is no change: nobody has been valued yet.
    world.chain.follow("Margin", "Accounts");
    let mut observer = Observer {
        watch,
        quick: watch.quick.then(|| Quick::new(accounts.len())),
        accounts,
        before: Before {
            markets: first.markets,
            ..Before::default()
        },
    };
    let mut quiet = Quiet::default();
    for slot in 0..scenario.slots() {
        if quiet.may_skip(world, scenario, slot, outcome.record.is_busy()) {
            world.chain.skip_slots(1);
            outcome.skipped += 1;
            continue;
        }
        let frame = block(
            world,
            scenario,
            &volatility,
            slot,
            &mut observer,
            &mut outcome,
        );
        quiet.after(&frame);
        outcome.blocks += 1;
        if told.elapsed() >= PROGRESS {
            told = Instant::now();
            say(&progress(scenario, &frame, &outcome));
        }
        outcome.record.frames.push(frame);
    }
    outcome.seconds = begun.elapsed().as_secs_f64();
    outcome
}

fn progress(scenario: &Scenario, frame: &Frame, outcome: &Outcome) -> String {
    format!(
        "{}: slot {} of {}, {} {:.2}, {} under maintenance, {} liquidated",
        scenario.name,
        frame.slot,
        scenario.slots(),
        scenario.paths[0].symbol,
        frame.prices[0],
        frame.under,
        outcome.record.liquidated.len()
    )
}

/// Open interest of one side over all markets, USD at the first prices.
fn interest(world: &World, scenario: &Scenario) -> f64 {
    world
        .markets
        .iter()
        .zip(&scenario.paths)
        .map(|(market, path)| market.interest * path.prices[0])
        .sum()
}

/// When a slot may pass without a block.
///
/// The due set is a function of storage and snapshot, and a snapshot changes only with what is fed: in a
/// block without news nobody can become due. So a slot is skipped when no feeder has anything to say, the
/// last block's feeds have been seen, nobody is under maintenance, every market is open and priced, and
/// fewer than [`HEARTBEAT`] slots have been skipped in a row, which keeps gaps under what the oracle
/// takes for an outage.
#[derive(Default)]
struct Quiet {
    since: usize,
    fed: bool,
    unsettled: bool,
}

impl Quiet {
    fn may_skip(&mut self, world: &World, scenario: &Scenario, slot: usize, busy: bool) -> bool {
        let silent = scenario.silence.contains(&slot);
        let news = !silent && world.has_news(scenario, slot);
        let skips = !(self.fed
            || busy
            || news
            || self.unsettled
            || scenario.congested
            || self.since + 1 >= HEARTBEAT);
        self.since = if skips { self.since + 1 } else { 0 };
        self.fed = news;
        skips
    }

    fn after(&mut self, frame: &Frame) {
        self.unsettled = frame.halted + frame.unpriced + frame.under > 0 || frame.saturated;
    }
}

fn share(used: Weight) -> f64 {
    let most = <Runtime as frame_system::Config>::BlockWeights::get().max_block;
    used.ref_time() as f64 / most.ref_time() as f64
}

fn block(
    world: &mut World,
    scenario: &Scenario,
    volatility: &[Vec<f64>],
    slot: usize,
    observer: &mut Observer,
    outcome: &mut Outcome,
) -> Frame {
    let mut frame = Frame {
        slot,
        prices: scenario
            .paths
            .iter()
            .map(|path| path.prices[slot])
            .collect(),
        ..Frame::default()
    };
    // Step 3 touches this map for each account that it evaluates, and for no other but the makers of
    // its fills.
    world.chain.watch("Liquidation", "Stale");
    let begun = Instant::now();
    world.chain.open_block();
    frame.micros = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
    let touched = world.chain.watched();
    let markets = &world.markets;
    observer.before.left = world.chain.read(|| {
        let ids = markets.iter().map(|market| market.id);
        ids.map(|id| (id, best(id))).collect()
    });
    frame.hooks = share(world.chain.weight().total());
    if !scenario.silence.contains(&slot) {
        world.feed(scenario, slot, false);
    }
    if !scenario.congested || slot.is_multiple_of(CONGESTED) {
        world.quote(scenario, volatility, slot);
    }
    if scenario.congested {
        world.chain.fill_block();
    }
    frame.weight = share(world.chain.weight().total());
    world.chain.close_block();
    let number = world.chain.number();
    let record = &mut outcome.record;
    record.events(
        number,
        world.chain.events(),
        &touched,
        &world.maker,
        &mut frame,
    );
    take_fills(world, scenario, volatility, slot, &record.fills);
    observer.before.touched = std::mem::take(&mut record.touched);
    let seen = observer.scan(world, record, number);
    record.look(number, &seen, &mut frame);
    if seen.missed > 0 {
        let what = format!("block {number}: 9: {} accounts are not due", seen.missed);
        outcome.broken.push(what);
    }
    observer.before.markets = seen.markets;
    let watch = observer.watch;
    if watch.check_every > 0 && number.is_multiple_of(watch.check_every) {
        outcome.checked += 1;
        for check in world.chain.read(invariants::check) {
            if let Err(broken) = check.result {
                let what = format!("block {number}: {} {}: {broken}", check.number, check.name);
                outcome.broken.push(what);
            }
        }
    }
    frame
}

/// What the makers sold and bought is gone from their depth; then it comes back in part.
fn take_fills(
    world: &mut World,
    scenario: &Scenario,
    volatility: &[Vec<f64>],
    slot: usize,
    fills: &[(bulwark_primitives::MarketId, bool, f64)],
) {
    for (index, market) in world.markets.iter_mut().enumerate() {
        let thin = Depth::thin(volatility[index][slot], market.spec.calm);
        let factor = scenario.depth_at(slot) * thin;
        for (_, bought, units) in fills.iter().filter(|fill| fill.0 == market.id) {
            let side = if *bought { BIDS } else { ASKS };
            market.depth.take(side, *units, factor);
        }
        market.depth.refill();
    }
}

impl Observer {
    fn scan(&mut self, world: &mut World, record: &Record, number: u32) -> Look {
        let written = world.chain.followed();
        if let Some(quick) = &mut self.quick {
            quick.forget(record.places(&written));
        }
        let (chain, markets) = (&mut world.chain, &world.markets);
        let (before, quick) = (&self.before, self.quick.as_mut());
        if self.watch.scan_all || number.is_multiple_of(SCAN_EVERY) {
            return chain.read(|| look(&self.accounts, markets, before, quick));
        }
        let followed: Vec<_> = record
            .followed()
            .into_iter()
            .filter_map(|index| self.accounts.get(index).cloned())
            .collect();
        chain.read(|| look(&followed, markets, before, None))
    }
}
