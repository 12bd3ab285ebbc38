//! Step 3: budget, order, backlog.

use crate::{
    mock::*,
    sweep::{StepReport, BACKLOG_BLOCKS, CALM_BLOCKS, STALE_BLOCKS},
    types::{Load, PAGE_SIZE},
    weights::WeightInfo,
    Cursor, Error, Event, Outcome, Workload,
};
use bulwark_primitives::{Incident, MarketId, MarketStatus, Side, Size, Usd};
use bulwark_traits::{
    mock::{Guard, INDEX, MARKET},
    LiquidationLedger,
};
use frame_support::{traits::Hooks, weights::Weight};

fn step(limit: Weight) -> StepReport {
    System::set_block_number(System::block_number() + 1);
    let (report, used) = Liquidation::step(limit);
    assert!(used.all_lte(limit));
    check();
    report
}

/// A budget in which everything fits.
const AMPLE: Weight = Weight::from_parts(100_000_000_000_000, 1_000_000);

/// A budget in which the sweep finds about `found` accounts.
fn budget(found: u64) -> Weight {
    let base = <() as WeightInfo>::step_base(2) + <() as WeightInfo>::read_page();
    let one = <() as WeightInfo>::sweep_under(1);
    (base + Liquidation::worst_evaluation() + one * (found - 1)) * 10 / 6 + Weight::from_parts(1, 0)
}

#[test]
fn step_should_use_only_its_base_when_nothing_is_due() {
    new_test_ext().execute_with(|| {
        open(1, 1_000, MARKET, 100_000);
        let (report, used) = Liquidation::step(StepWeight::get());
        assert_eq!(report, StepReport::default());
        assert_eq!(used, <() as WeightInfo>::step_base(1));
    });
}

#[test]
fn unreached_accounts_should_stay_due_and_be_found_later_when_the_budget_ends() {
    new_test_ext().execute_with(|| {
        let count = 60;
        for n in 1..=count {
            open(n, 1_000, MARKET, 100_000);
        }
        set_cents(INDEX, 9_200);
        let mut blocks = 0;
        let mut found = 0;
        while found < count as u32 {
            let report = step(budget(10));
            assert!(report.found > 0, "each block gets on");
            assert!(report.saturated || found + report.found == count as u32);
            assert_eq!(Liquidation::due_accounts(1_000).len() as u64, count);
            found += report.found;
            blocks += 1;
        }
        assert!((5..=7).contains(&blocks), "{blocks}");
    });
}

#[test]
fn deepest_should_be_found_first_when_the_budget_ends() {
    new_test_ext().execute_with(|| {
        // The less an account has, the deeper it is under.
        for n in 1..=20 {
            open(n, 600 + 20 * n as i64, MARKET, 100_000);
        }
        set_cents(INDEX, 9_200);
        step(budget(5));
        let found: Vec<_> = (1..=20).filter(|n| class(&acc(*n)).is_some()).collect();
        assert!(!found.is_empty() && found.len() < 20);
        assert_eq!(found, (1..=found.len() as u64).collect::<Vec<_>>());
    });
}

#[test]
fn worst_should_be_closed_first_when_the_budget_ends() {
    new_test_ext().execute_with(|| {
        for n in 1..=20 {
            open(n, 840 + 5 * n as i64, MARKET, 100_000);
        }
        set_cents(INDEX, 9_200);
        // Without bids all are found and parked; money then makes each of them ready again.
        next_block();
        for n in 1..=20 {
            Ledger::deposit(&acc(n), Usd(1));
        }
        assert!((1..=20).all(|n| !is_parked(&acc(n)) && is_under(&acc(n))));
        Book::rest(MARKET, Side::Bid, 920, 10_000_000);
        MaxFills::set(1);
        let report = step((Liquidation::worst_closing(1) + <() as WeightInfo>::read_page()) * 2);
        assert!(
            report.saturated && report.closed > 0 && report.closed < 20,
            "{report:?}"
        );
        let closed: Vec<_> = (1..=20)
            .filter(|n| Ledger::size(&acc(*n), MARKET) != milli(100_000))
            .collect();
        assert_eq!(closed, (1..=closed.len() as u64).collect::<Vec<_>>());
    });
}

#[test]
fn factors_should_take_turns_when_the_budget_ends() {
    new_test_ext().execute_with(|| {
        for n in 1..=80 {
            open(n, 1_000, MARKET, 100_000);
            open(100 + n, 1_000, MARKET_2, 1_000_000);
        }
        set_cents(INDEX, 9_200);
        set_cents(INDEX_2, 920);
        step(budget(50));
        assert!(Cursor::<Runtime>::get().is_some());
        let found = |from: u64| {
            (from..from + 80)
                .filter(|n| class(&acc(*n)).is_some())
                .count()
        };
        assert!(found(1) > 0 && found(101) > 0);
        for _ in 0..5 {
            step(budget(50));
        }
        assert_eq!((found(1), found(101)), (80, 80));
    });
}

#[test]
fn healthy_account_should_be_evaluated_once_and_get_new_triggers() {
    new_test_ext().execute_with(|| {
        let account = open(1, 3_000, MARKET, 100_000);
        enlarge(&account, MARKET_2, -1_000_000);
        // One leg falls below its trigger, the other gains.
        set_cents(INDEX, 8_000);
        set_cents(INDEX_2, 800);
        assert!(Liquidation::is_due(&account) && !is_under(&account));
        let report = step(StepWeight::get());
        assert_eq!((report.evaluated, report.found), (1, 0));
        assert!(!Liquidation::is_due(&account));
    });
}

#[test]
fn breaker_should_be_told_in_each_block_of_a_backlog_until_it_has_been_calm() {
    new_test_ext().execute_with(|| {
        for n in 1..=200 {
            open(n, 1_000, MARKET, 100_000);
        }
        set_cents(INDEX, 9_200);
        for block in 1..=BACKLOG_BLOCKS {
            assert!(step(budget(2)).saturated);
            assert!(Guard::incidents().is_empty(), "{block}");
        }
        let told = [
            (MARKET, Incident::LiquidationBacklog),
            (MARKET_2, Incident::LiquidationBacklog),
        ];
        for block in 1..=2 {
            assert!(step(budget(2)).saturated);
            assert_eq!(Guard::incidents(), told.repeat(block));
        }
        let blocks = BACKLOG_BLOCKS + 1;
        assert!(events().contains(&Event::Backlog { blocks }));
        // Half of the calm that would end it, and one block that is not.
        for _ in 0..CALM_BLOCKS / 2 {
            assert!(!step(AMPLE).saturated);
        }
        assert!(Liquidation::note_load(true));
        assert_eq!(Guard::incidents(), told.repeat(3));
        for _ in 0..CALM_BLOCKS {
            assert!(Workload::<Runtime>::get().calm.is_some());
            assert!(!events().contains(&Event::BacklogEnded));
            step(AMPLE);
        }
        assert!(events().contains(&Event::BacklogEnded));
        assert!(!Workload::<Runtime>::exists());
        assert_eq!(Guard::incidents(), told.repeat(3));
        // From here on it takes a whole backlog again.
        assert!(!Liquidation::note_load(true));
    });
}

#[test]
fn load_should_be_forgotten_when_the_budget_suffices_before_there_is_a_backlog() {
    let mut load = Load::default();
    for _ in 0..100 {
        for _ in 0..BACKLOG_BLOCKS {
            assert!(!load.may_report());
            load = load.next(true);
            assert_eq!(load.calm, None);
        }
        assert!(load.may_report());
        load = load.next(false);
        assert_eq!(load, Load::default());
    }
}

/// An account that is long in 8 markets and has changed since it was evaluated.
fn changed(n: AccountId) {
    Ledger::deposit(&acc(n), Usd::dollars(1_000));
    for market in more_markets(8) {
        enlarge(&acc(n), market, 1_000);
    }
    assert!(is_stale(&acc(n)));
}

fn stale(accounts: core::ops::RangeInclusive<u64>) -> usize {
    accounts.filter(|n| is_stale(&acc(*n))).count()
}

#[test]
fn stale_accounts_and_triggers_should_both_get_on_when_neither_fits() {
    const STALE: u64 = 120;
    const DUE: u64 = 300;
    new_test_ext().execute_with(|| {
        (1..=STALE).for_each(changed);
        for n in 1..=DUE {
            open(1_000 + n, 1_000, MARKET_2, 1_000_000);
        }
        set_cents(INDEX_2, 920);
        let found = || {
            (1..=DUE)
                .filter(|n| class(&acc(1_000 + n)).is_some())
                .count() as u64
        };
        let (mut waiting, mut known) = (STALE, 0);
        for block in 0.. {
            step(Liquidation::smallest_step());
            let (still, now) = (stale(1..=STALE) as u64, found());
            assert!(still < waiting || waiting == 0, "stale accounts starve");
            assert!(now > known || known == DUE, "triggers starve");
            if block == 0 {
                // Half of the budget each: a stale account costs about five times as much.
                assert!(still > 0 && now < DUE);
                assert!(waiting - still >= 3 && now >= 25, "{still} {now}");
            }
            (waiting, known) = (still, now);
            if waiting == 0 && known == DUE {
                break;
            }
        }
    });
}

#[test]
fn stale_account_should_be_evaluated_in_its_turn_when_others_change_in_every_block() {
    new_test_ext().execute_with(|| {
        (1..=50).for_each(changed);
        for _ in 0..50 {
            step(Liquidation::smallest_step());
            if !is_stale(&acc(50)) {
                return;
            }
            // More than a block has room for, always the same ones.
            for n in 1..=30 {
                Ledger::deposit(&acc(n), Usd::dollars(1));
            }
        }
        panic!("account 50 starves");
    });
}

#[test]
fn step_should_count_as_saturated_only_when_a_stale_account_waits_too_long() {
    new_test_ext().execute_with(|| {
        (1..=900).for_each(changed);
        let since = System::block_number();
        let mut late = false;
        while stale(1..=900) > 0 {
            let report = step(Liquidation::smallest_step());
            let waited = System::block_number() - since;
            let expected = stale(1..=900) > 0 && waited > u64::from(STALE_BLOCKS);
            assert_eq!(report.saturated, expected, "{waited}");
            late |= expected;
        }
        assert!(late, "the budget has to be too small for this");
    });
}

#[test]
fn liquidate_should_evaluate_and_close_a_stale_account() {
    new_test_ext().execute_with(|| {
        changed(1);
        let account = acc(1);
        let refused = Liquidation::liquidate(RuntimeOrigin::signed(9), account.clone());
        assert_eq!(
            refused.unwrap_err().error,
            Error::<Runtime>::NotLiquidatable.into()
        );
        Ledger::deposit(&account, Usd::dollars(-990));
        for n in (10..18).step_by(2).map(MarketId) {
            Book::rest(n, Side::Bid, 1_000, 10_000_000);
        }
        assert!(is_stale(&account) && is_under(&account));
        let before: Size = Ledger::size(&account, MarketId(10));
        Liquidation::liquidate(RuntimeOrigin::signed(9), account.clone()).unwrap();
        assert!(!is_stale(&account));
        assert!(Ledger::size(&account, MarketId(10)) < before);
        assert_eq!(
            Liquidation::due_since(&account).is_some(),
            is_under(&account)
        );
        check();
    });
}

#[test]
fn liquidate_should_evaluate_a_known_account_that_is_stale() {
    new_test_ext().execute_with(|| {
        changed(1);
        let account = acc(1);
        Ledger::deposit(&account, Usd::dollars(-990));
        step(AMPLE);
        assert!(is_parked(&account));
        events();
        Ledger::deposit(&account, Usd(1));
        assert!(is_stale(&account) && is_parked(&account));
        Liquidation::liquidate(RuntimeOrigin::signed(9), account.clone()).unwrap();
        assert!(!is_stale(&account));
        // It had its class again before it was tried in vain and parked.
        let reason = Outcome::NoLiquidity;
        assert_eq!(events(), vec![Event::Parked { account, reason }]);
        check();
    });
}

#[test]
fn attempt_should_be_charged_for_triggers_only_when_they_moved() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        let close = || Liquidation::close_account(&account, None, 1, true, &mut Default::default());
        set_cents(INDEX, 9_250);
        let found = close();
        assert_eq!(
            (found.outcome, found.moved, found.legs),
            (Outcome::NoLiquidity, true, 1)
        );
        let again = close();
        assert_eq!(
            (again.outcome, again.moved, again.legs),
            (Outcome::NoLiquidity, false, 1)
        );
        let saved = Liquidation::weight_of(&found).saturating_sub(Liquidation::weight_of(&again));
        assert!(saved.ref_time() > 0);
        // Tried and left as it was: no trigger, no order, no fill to pay for.
        assert!(!found.is_retry_in_vain() && again.is_retry_in_vain());
        assert_eq!(
            Liquidation::weight_of(&again),
            <() as WeightInfo>::retry_account(1)
        );
        Book::rest(MARKET, Side::Bid, 925, 10_000_000);
        let closed = close();
        assert_eq!((closed.outcome, closed.moved), (Outcome::Progress, true));
    });
}

#[test]
fn rest_of_a_cell_should_be_swept_when_its_first_page_vanishes_in_another_lane() {
    new_test_ext().execute_with(|| {
        // Two pages of the same key in `MARKET`; the one account of the first page has another leg
        // whose lane comes before.
        for n in 1..=u64::from(PAGE_SIZE) {
            open(n, 1_000, MARKET_2, 1_000_000);
        }
        let both = open(99, 2_000, MARKET, 100_000);
        enlarge(&both, MARKET_2, 1_000_000);
        set_cents(INDEX, 8_000);
        set_cents(INDEX_2, 800);
        let report = step(StepWeight::get());
        assert!(!report.saturated);
        assert_eq!(report.found, PAGE_SIZE + 1);
    });
}

#[test]
fn parked_accounts_should_not_stand_before_others_when_their_market_is_halted() {
    new_test_ext().execute_with(|| {
        // The worst ones cannot be closed at all.
        for n in 1..=50 {
            open(n, 850, MARKET_2, 1_000_000);
        }
        Guard::set(MARKET_2, MarketStatus::Paused);
        set_cents(INDEX_2, 915);
        step(StepWeight::get());
        step(StepWeight::get());
        assert!((1..=50).all(|n| is_parked(&acc(n))));
        let account = open(100, 1_000, MARKET, 100_000);
        Book::rest(MARKET, Side::Bid, 920, 10_000_000);
        set_cents(INDEX, 9_200);
        let limit = Liquidation::worst_closing(1) * 12;
        step(limit.max(budget(2)));
        assert!(Ledger::size(&account, MARKET) < milli(100_000));
        assert!((1..=50).all(|n| is_parked(&acc(n))));
    });
}

#[test]
fn parked_accounts_should_take_turns_when_the_budget_ends() {
    new_test_ext().execute_with(|| {
        for n in 1..=50 {
            open(n, 850, MARKET_2, 1_000_000);
        }
        Guard::set(MARKET_2, MarketStatus::Paused);
        set_cents(INDEX_2, 915);
        step(StepWeight::get());
        step(StepWeight::get());
        events();
        Guard::set(MARKET_2, MarketStatus::Active);
        Book::rest(MARKET_2, Side::Bid, 92, 100_000_000);
        for _ in 0..60 {
            step(Liquidation::worst_closing(1) * 4);
        }
        let closed = events()
            .iter()
            .filter(|event| matches!(event, Event::Liquidated { .. }))
            .count();
        assert_eq!(closed, 50);
    });
}

#[test]
fn parked_account_should_get_bids_when_a_large_one_could_take_all_of_them() {
    new_test_ext().execute_with(|| {
        let large = open(1, 19_900, MARKET, 2_000_000);
        set_cents(INDEX, 9_200);
        let bids = || Book::rest(MARKET, Side::Bid, 920, 50_000);
        bids();
        next_block();
        // Nearer to maintenance than the large one, so it comes after it.
        let small = open(2, 260, MARKET, 100_000);
        bids();
        next_block();
        assert!(is_parked(&small) && !is_parked(&large));
        bids();
        next_block();
        assert!(Ledger::size(&small, MARKET) < milli(100_000));
        // What the small one left goes to the large one, whose turn it is again in the next block.
        let before = Ledger::size(&large, MARKET);
        bids();
        next_block();
        assert!(Ledger::size(&large, MARKET) < before);
    });
}

#[test]
fn account_should_be_parked_with_the_reason_when_nothing_can_be_closed() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        set_cents(INDEX, 9_200);
        next_block();
        let reason = Outcome::NoLiquidity;
        assert!(events().contains(&Event::Parked {
            account: account.clone(),
            reason
        }));
        next_block();
        assert!(events().is_empty(), "once");
        assert!(is_parked(&account) && Liquidation::is_due(&account));
        // It gets out when the price recovers.
        set_cents(INDEX, 10_000);
        next_block();
        assert!(!Liquidation::is_due(&account));
        assert!(Ledger::health(&account).unwrap().equity == Usd::dollars(1_000));
    });
}

#[test]
fn budget_check_should_pass_with_the_budget_of_the_mock() {
    new_test_ext().execute_with(|| {
        Liquidation::check_budget();
        <Liquidation as Hooks<u64>>::integrity_test();
    });
}

#[test]
#[should_panic(expected = "too small for one account")]
fn budget_check_should_fail_when_no_account_fits() {
    new_test_ext().execute_with(|| {
        StepWeight::set(Weight::from_parts(1_000_000, u64::MAX));
        Liquidation::check_budget();
    });
}
