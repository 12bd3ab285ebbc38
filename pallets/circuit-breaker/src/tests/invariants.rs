use crate::{mock::*, severity, StatusRecord, Statuses, Timing};
use bulwark_primitives::{Incident, MarketId, MarketStatus, Moment, Price, PriceError};
use bulwark_traits::{
    mock::{market_params, Prices, Registry, INDEX},
    MarketGuard,
};
use frame_support::assert_ok;
use proptest::prelude::*;
use MarketStatus::*;

#[derive(Clone, Debug)]
enum Step {
    Halt(MarketId, MarketStatus),
    Resume(MarketId),
    Report(MarketId, Incident),
    Price(Result<u128, PriceError>),
    Timing(Moment, Moment, Moment),
    Block(Moment),
}

fn step() -> impl Strategy<Value = Step> {
    let market = || (1..4u32).prop_map(MarketId);
    let status = prop::sample::select(vec![Active, PostOnly, ReduceOnly, Paused, Closed]);
    let incident = prop::sample::select(vec![
        Incident::UncoveredLoss,
        Incident::LiquidationBacklog,
        Incident::LiquidationBacklog,
        Incident::MathFailure,
    ]);
    let price = prop_oneof![
        4 => (50..200u128).prop_map(|usd| Ok(usd * bulwark_primitives::PRICE_SCALE)),
        1 => Just(Ok(1)),
        1 => Just(Ok(u128::MAX)),
        1 => Just(Err(PriceError::Stale)),
    ];
    prop_oneof![
        2 => (market(), status).prop_map(|(market, status)| Step::Halt(market, status)),
        1 => market().prop_map(Step::Resume),
        2 => (market(), incident).prop_map(|(market, incident)| Step::Report(market, incident)),
        3 => price.prop_map(Step::Price),
        1 => (0..400_000u64, 0..20_000u64, 0..400_000u64)
            .prop_map(|(window, persistence, pause)| Step::Timing(window, persistence, pause)),
        5 => prop_oneof![Just(2_000), 0..400_000u64].prop_map(Step::Block),
    ]
}

/// What holds without an end: nothing but governance may take it away.
fn endless() -> Vec<u8> {
    let endless = |record: StatusRecord| {
        core::iter::once(record.standing())
            .chain(record.then.clone())
            .filter(|standing| standing.until.is_none() && !standing.is_auction())
            .map(|standing| severity(standing.status))
            .max()
    };
    (1..4)
        .map(|market| Statuses::<Test>::get(MarketId(market)).and_then(endless))
        .map(Option::unwrap_or_default)
        .collect()
}

fn severities() -> Vec<u8> {
    (1..4)
        .map(|market| severity(CircuitBreaker::status(MarketId(market))))
        .collect()
}

fn run(step: Step) {
    let before = severities();
    let endless_before = endless();
    let resumes = matches!(step, Step::Resume(_));
    let may_loosen = matches!(step, Step::Resume(_) | Step::Block(_));
    let timed: Vec<bool> = (1..4)
        .map(|market| {
            let ends = |r: StatusRecord| r.until.is_some() || r.standing().is_auction();
            Statuses::<Test>::get(MarketId(market)).is_some_and(ends)
        })
        .collect();
    let is_block = matches!(step, Step::Block(_));
    // Refusals are part of the game.
    let _ = match step {
        Step::Halt(market, status) => {
            CircuitBreaker::halt_market(RuntimeOrigin::root(), market, status)
        }
        Step::Resume(market) => CircuitBreaker::resume_market(RuntimeOrigin::root(), market),
        Step::Report(market, incident) => {
            CircuitBreaker::report(market, incident);
            Ok(())
        }
        Step::Price(price) => {
            Prices::set_result(INDEX, price.map(Price));
            Ok(())
        }
        Step::Timing(window_millis, persistence_millis, pause_millis) => {
            let timing = Timing {
                window_millis,
                persistence_millis,
                pause_millis,
            };
            CircuitBreaker::set_timing(RuntimeOrigin::root(), timing)
        }
        Step::Block(millis) => {
            next_block_after(millis);
            Ok(())
        }
    };
    assert_ok!(CircuitBreaker::do_try_state());
    let after = severities();
    for (index, (old, new)) in before.iter().zip(&after).enumerate() {
        // Only time and governance loosen, and time only what has an end.
        assert!(new >= old || (may_loosen && (!is_block || timed[index])));
    }
    for (old, new) in endless_before.iter().zip(&endless()) {
        assert!(new >= old || resumes, "time lifted what has no end");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn invariants_should_hold_when_anything_happens_in_any_order(
        steps in prop::collection::vec(step(), 1..80),
    ) {
        new_test_ext().execute_with(|| {
            Registry::insert_market(MarketId(2), market_params());
            steps.into_iter().for_each(run);
        });
    }
}
