//! How fast the matching core is, natively, beside a matching engine that keeps its book in plain
//! memory, on the same flow:
//! `cargo test --release -p pallet-order-book -- --ignored --nocapture matching_core`.

use super::property::{call, new_fills};
use crate::{mock::*, Bits, Level, Levels, OrderOf, Orders};
use bulwark_flow::{Act, Flow, New, Profile, Reference, Step};
use bulwark_primitives::{OrderId, Side, TimeInForce};
use frame_support::storage::with_storage_layer;
use matchcore::{
    AmendCmd, AmendPatch, CancelCmd, Command, CommandKind, CommandMeta, CommandOutcome,
    CommandReport, LimitOrder, LimitOrderPatch, NewOrder, OrderBook as PlainBook, OrderFlags,
    OrderKind, QuantityPolicy, SequenceNumber, SubmitCmd, Timestamp,
};
use sp_runtime::{BuildStorage, DispatchError};
use sp_state_machine::BasicExternalities;
use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};

const ACTIONS: usize = 200_000;
/// More than any order here meets, so that no limit makes the two differ.
const NO_LIMIT: u32 = 10_000;
const CHUNK: usize = 10_000;

/// The flow that both take: quotes that only rest and takers that never do, so that rules which only
/// one of the two has (self-trade, expiry) play no part.
fn record() -> Vec<(u64, Act)> {
    let profile = Profile {
        expiry: false,
        special: false,
        ..Profile::default()
    };
    let mut reference = Reference::new(NO_LIMIT, NO_LIMIT);
    let mut flow = Flow::new(profile, 4);
    let mut acts = Vec::new();
    while acts.len() < ACTIONS {
        let Step::Act(owner, act) = flow.next(&reference) else {
            continue;
        };
        let act = plain(act);
        if !left_out(&reference, &act) && reference.call(owner, &act) {
            acts.push((owner, act));
        }
        reference.fills.clear();
    }
    acts
}

/// What the two do differently: quotes that cross. The book takes a maker's own orders out of their
/// way, and the other engine does not know whose an order is.
fn left_out(book: &Reference, act: &Act) -> bool {
    let crosses = |side: Side, tick: u32| {
        let mut others = book.orders.iter().filter(|order| order.side != side);
        others.any(|order| match side {
            Side::Bid => order.tick <= tick,
            Side::Ask => order.tick >= tick,
        })
    };
    match act {
        Act::Place(new) => {
            new.time_in_force == TimeInForce::PostOnly && crosses(new.side, new.tick)
        }
        Act::Amend { id, tick, .. } => {
            let order = book.orders.iter().find(|order| order.id == *id);
            order.is_some_and(|order| crosses(order.side, *tick))
        }
        Act::CancelAll => true,
        Act::Cancel(_) => false,
    }
}

/// Quotes that only rest; takers who take any price, because the other engine does not look at a limit
/// again once an order crosses.
fn plain(act: Act) -> Act {
    match act {
        Act::Place(new) if new.owner <= Profile::default().makers => Act::Place(New {
            time_in_force: TimeInForce::PostOnly,
            ..new
        }),
        Act::Place(new) => Act::Place(New {
            time_in_force: TimeInForce::ImmediateOrCancel,
            tick: match new.side {
                Side::Bid => 10_000_000,
                Side::Ask => 1,
            },
            ..new
        }),
        Act::Amend { id, lots, tick, .. } => Act::Amend {
            id,
            lots,
            tick,
            post_only: true,
        },
        Act::Cancel(_) | Act::CancelAll => act,
    }
}

/// The same flow in the other engine's commands. It keeps an order's id when it is amended; the book
/// gives a new one to an order that goes to the end of a queue.
fn commands(acts: &[(u64, Act)]) -> Vec<Command> {
    let mut theirs: BTreeMap<OrderId, u64> = BTreeMap::new();
    let mut reference = Reference::new(NO_LIMIT, NO_LIMIT);
    let mut commands = Vec::new();
    for (owner, act) in acts {
        let number = commands.len() as u64;
        let ours = reference.next_id;
        assert!(reference.call(*owner, act));
        reference.fills.clear();
        let kind = match act {
            Act::Place(new) => {
                theirs.insert(ours, number);
                CommandKind::Submit(SubmitCmd {
                    order: NewOrder::Limit(limit_order(new)),
                })
            }
            Act::Cancel(id) => CommandKind::Cancel(CancelCmd {
                order_id: matchcore::OrderId(theirs[id]),
                order_kind: OrderKind::Limit,
            }),
            Act::Amend { id, lots, tick, .. } => {
                let order = theirs[id];
                if reference.next_id > ours {
                    theirs.insert(ours, order);
                }
                let patch = LimitOrderPatch::new()
                    .with_price(matchcore::Price(u64::from(*tick)))
                    .with_quantity_policy(standard(*lots));
                CommandKind::Amend(AmendCmd {
                    order_id: matchcore::OrderId(order),
                    patch: AmendPatch::Limit(patch),
                })
            }
            Act::CancelAll => unreachable!("left out"),
        };
        commands.push(Command {
            meta: CommandMeta {
                sequence_number: SequenceNumber(number),
                timestamp: Timestamp(number),
            },
            kind,
        });
    }
    commands
}

fn standard(lots: u64) -> QuantityPolicy {
    QuantityPolicy::Standard {
        quantity: matchcore::Quantity(lots),
    }
}

fn limit_order(new: &New) -> LimitOrder {
    let side = match new.side {
        Side::Bid => matchcore::Side::Buy,
        Side::Ask => matchcore::Side::Sell,
    };
    let (post_only, time_in_force) = match new.time_in_force {
        TimeInForce::ImmediateOrCancel => (false, matchcore::TimeInForce::Ioc),
        _ => (true, matchcore::TimeInForce::Gtc),
    };
    LimitOrder::new(
        matchcore::Price(u64::from(new.tick)),
        standard(new.lots),
        OrderFlags::new(side, post_only, time_in_force),
    )
}

/// What a run did: its time, its fills and their lots.
#[derive(Debug, Default, PartialEq, Eq)]
struct Run {
    took: Duration,
    fills: u64,
    lots: u64,
}

fn theirs(commands: &[Command]) -> Run {
    let mut book = PlainBook::new("BTC/USD");
    let mut outcomes = Vec::with_capacity(commands.len());
    let begun = Instant::now();
    for command in commands {
        outcomes.push(book.execute(black_box(command)));
    }
    let took = begun.elapsed();
    let mut run = Run {
        took,
        ..Run::default()
    };
    for outcome in &outcomes {
        let effects = match outcome {
            CommandOutcome::Applied(
                CommandReport::Submit(effects) | CommandReport::Amend(effects),
            ) => effects,
            CommandOutcome::Applied(CommandReport::Cancel) => continue,
            CommandOutcome::Rejected(failure) => panic!("{failure}"),
        };
        if let Some(result) = effects.target_order().match_result() {
            run.fills += result.trades().len() as u64;
            run.lots += result.executed_quantity().0;
        }
    }
    run
}

fn chain() -> BasicExternalities {
    let _ = new_test_ext();
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage();
    let mut ext = BasicExternalities::new(storage.unwrap());
    ext.execute_with(|| System::set_block_number(1));
    MaxFills::set(NO_LIMIT);
    MaxRemovals::set(NO_LIMIT);
    ext
}

fn ours(acts: &[(u64, Act)]) -> (Run, BasicExternalities) {
    let mut ext = chain();
    let mut run = Run::default();
    for chunk in acts.chunks(CHUNK) {
        ext.execute_with(|| {
            for few in chunk.chunks(100) {
                let begun = Instant::now();
                for (owner, act) in few {
                    assert!(call(*owner, black_box(act), MARKET));
                }
                run.took += begun.elapsed();
                // Events are read and dropped as a block's are, outside of the time.
                for fill in new_fills(MARKET) {
                    run.fills += 1;
                    run.lots += fill.4;
                }
            }
        });
        // Forgets what was deleted, as a block's end does.
        ext = BasicExternalities::new(ext.into_storages());
    }
    (run, ext)
}

/// Nanoseconds of one call of `f`.
fn nanos<R>(mut f: impl FnMut() -> R) -> f64 {
    const ROUNDS: u32 = 20_000;
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        black_box(f());
    }
    begun.elapsed().as_nanos() as f64 / f64::from(ROUNDS)
}

/// What single steps cost on the same storage.
fn profile(ext: &mut BasicExternalities) -> Vec<(&'static str, f64)> {
    ext.execute_with(|| {
        let (id, order): (OrderId, OrderOf<Test>) =
            Orders::<Test>::iter_prefix(MARKET).next().unwrap();
        let key = (MARKET, order.side, order.tick);
        let level: Level = Levels::<Test>::get(key).unwrap();
        let word = (MARKET, order.side, 0u8, order.tick >> 8);
        vec![
            ("read an order", nanos(|| Orders::<Test>::get(MARKET, id))),
            (
                "write an order",
                nanos(|| Orders::<Test>::insert(MARKET, id, &order)),
            ),
            ("read a level", nanos(|| Levels::<Test>::get(key))),
            (
                "write a level",
                nanos(|| Levels::<Test>::insert(key, &level)),
            ),
            (
                "read a word of the bitmap",
                nanos(|| Bits::<Test>::get(word)),
            ),
            (
                "best tick: 3 words",
                nanos(|| OrderBook::best(MARKET, order.side)),
            ),
            (
                "a storage layer with one write, undone or kept",
                nanos(|| {
                    with_storage_layer::<_, DispatchError, _>(|| {
                        Orders::<Test>::insert(MARKET, id, &order);
                        Ok(())
                    })
                }),
            ),
            (
                "an event",
                nanos(|| {
                    OrderBook::deposit_event(crate::Event::OrderReduced {
                        market: MARKET,
                        order_id: id,
                        account: order.account.clone(),
                        quantity: quantity(MARKET, 1),
                    })
                }),
            ),
        ]
    })
}

#[test]
#[ignore = "measures; run it by name, in release"]
fn matching_core_should_fill_like_a_plain_engine_on_the_same_flow() {
    let acts = record();
    let commands = commands(&acts);
    let per_action = |run: &Run| run.took.as_nanos() as f64 / acts.len() as f64;
    // Twice: the first warms up.
    let _ = theirs(&commands);
    let plain = theirs(&commands);
    let (core, mut ext) = ours(&acts);
    assert_eq!((core.fills, core.lots), (plain.fills, plain.lots));
    println!(
        "{} actions, {} fills, both the same",
        acts.len(),
        core.fills
    );
    let (a, b) = (per_action(&plain), per_action(&core));
    println!("matchcore 0.4     {a:>8.0} ns per action");
    println!(
        "pallet-order-book {b:>8.0} ns per action, {:.1} times",
        b / a
    );
    for (what, time) in profile(&mut ext) {
        println!("  {what:<48}{time:>8.0} ns");
    }
}
