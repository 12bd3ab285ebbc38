//! Long flows like those of a real market: the same fills, the same orders in the same places of the
//! same queues as the reference, never a crossed book, and as much bought as sold.
//!
//! Short in every run of the tests. The long one is
//! `cargo test -p pallet-order-book -- --ignored --nocapture two_million`; `BULWARK_FLOW_ACTIONS` is
//! how many actions each of its seeds has.

use super::property::{call, new_fills, resting};
use crate::{mock::*, Levels, Orders};
use bulwark_flow::{Flow, Profile, Reference, Shape, Step};
use bulwark_primitives::{OrderId, Side};
use sp_runtime::BuildStorage;
use sp_state_machine::BasicExternalities;
use std::{collections::BTreeMap, time::Instant};

const FILL_LIMIT: u32 = 32;
const REMOVAL_LIMIT: u32 = 64;
/// Some makers come to it, and are taken out where they cannot fill.
const SIZE_LIMIT: i128 = 4_000;
/// After so many actions the whole book is compared, and what was deleted is forgotten.
const CHUNK: u64 = 2_000;

/// What came of a flow.
#[derive(Debug, Default)]
struct Totals {
    shape: Shape,
    done: u64,
    fills: u64,
    lots: u64,
    most_orders: usize,
}

impl Totals {
    fn add(&mut self, other: &Self) {
        self.shape.places += other.shape.places;
        self.shape.replaces += other.shape.replaces;
        self.shape.cancels += other.shape.cancels;
        self.shape.takes += other.shape.takes;
        self.done += other.done;
        self.fills += other.fills;
        self.lots += other.lots;
        self.most_orders = self.most_orders.max(other.most_orders);
    }
}

/// A chain without a trie under it: what is written stays in one map.
fn externalities() -> BasicExternalities {
    // For the tables of the mock.
    let _ = new_test_ext();
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage();
    let mut ext = BasicExternalities::new(storage.unwrap());
    ext.execute_with(|| {
        MaxFills::set(FILL_LIMIT);
        MaxRemovals::set(REMOVAL_LIMIT);
        SizeLimit::put(SIZE_LIMIT * quantity(MARKET, 1).0 as i128);
        System::set_block_number(1);
    });
    ext
}

/// The queues as they are linked in storage.
fn queues(side: Side) -> BTreeMap<u32, Vec<(OrderId, u64)>> {
    Levels::<Test>::iter_prefix((MARKET, side))
        .map(|(tick, level)| {
            let mut queue = Vec::new();
            let mut at = Some(level.head);
            while let Some(id) = at {
                let order = Orders::<Test>::get(MARKET, id).unwrap();
                queue.push((id, order.remaining));
                at = order.next;
            }
            (tick, queue)
        })
        .collect()
}

fn check_book(reference: &Reference) {
    assert_eq!(resting(MARKET), reference.orders);
    for side in [Side::Bid, Side::Ask] {
        assert_eq!(queues(side), reference.queues(side));
    }
    check_invariants();
    let mut long_and_short = (0, 0);
    for (owner, size) in &reference.sizes {
        assert_eq!(crate::mock::size(*owner), *size);
        long_and_short.0 += (*size).max(0);
        long_and_short.1 += (-size).max(0);
    }
    assert_eq!(long_and_short.0, long_and_short.1, "long is short");
}

/// Does one step in both and compares what came of it.
fn step(step: &Step, reference: &mut Reference, totals: &mut Totals) {
    let (owner, act) = match step {
        Step::NextBlock => {
            System::set_block_number(System::block_number() + 1);
            reference.now += 1;
            return;
        }
        Step::Act(owner, act) => (*owner, act),
    };
    let done = call(owner, act, MARKET);
    assert_eq!(done, reference.call(owner, act), "{act:?}");
    let fills = new_fills(MARKET);
    assert_eq!(fills, core::mem::take(&mut reference.fills), "{act:?}");
    if let (Some(bid), Some(ask)) = (OrderBook::best_bid(MARKET), OrderBook::best_ask(MARKET)) {
        assert!(bid < ask, "crossed by {act:?}");
    }
    totals.shape.count(act, owner <= Profile::default().makers);
    totals.done += u64::from(done);
    totals.fills += fills.len() as u64;
    totals.lots += fills.iter().map(|fill| fill.4).sum::<u64>();
    totals.most_orders = totals.most_orders.max(reference.orders.len());
}

fn flow(seed: u64, actions: u64) -> Totals {
    let mut ext = externalities();
    let mut reference = Reference::new(FILL_LIMIT, REMOVAL_LIMIT);
    reference.size_limit = SIZE_LIMIT;
    let mut flow = Flow::new(Profile::default(), seed);
    let mut totals = Totals::default();
    while totals.shape.total() < actions {
        let end = actions.min(totals.shape.total() + CHUNK);
        ext.execute_with(|| {
            while totals.shape.total() < end {
                let next = flow.next(&reference);
                step(&next, &mut reference, &mut totals);
            }
            check_book(&reference);
        });
        ext = BasicExternalities::new(ext.into_storages());
    }
    totals
}

#[test]
fn book_should_be_the_reference_when_a_real_flow_runs() {
    let totals = flow(1, 6_000);
    assert!(totals.fills > 100, "{totals:?}");
    assert!(totals.done > 4_000, "{totals:?}");
}

#[test]
#[ignore = "takes minutes; run it by name"]
fn book_should_be_the_reference_when_two_million_actions_flow() {
    let wanted = std::env::var("BULWARK_FLOW_ACTIONS").ok();
    let actions = wanted.map_or(520_000, |text| text.parse().expect("a number of actions"));
    let begun = Instant::now();
    let mut sum = Totals::default();
    std::thread::scope(|scope| {
        let seeds = [11, 12, 13, 14].map(|seed| scope.spawn(move || flow(seed, actions)));
        for seed in seeds {
            sum.add(&seed.join().unwrap());
        }
    });
    println!(
        "{} actions in {:.0} s: {sum:?}",
        sum.shape.total(),
        begun.elapsed().as_secs_f64()
    );
}
