//! Random accounts on random price paths: invariant 9 by full scan after each step, nothing is
//! created or lost, each loss is told of exactly, every layer of losses is reached, and a change moves few
//! pages whatever the account has.

use crate::{mock::*, queue::PROMPT_LEGS, Event};
use bulwark_primitives::*;
use bulwark_traits::{
    mock::{Fund, Guard, Prices, Registry, INDEX, MARKET},
    Backstop, LiquidationLedger, LossFund, MarketRegistry, PriceSource,
};
use frame_support::weights::Weight;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use std::collections::BTreeMap;

const ACCOUNTS: u64 = 12;
/// Accounts from here on are in all markets.
const WIDE: u64 = 9;
/// Markets beside the two of the mock.
const MORE: u32 = 8;
/// Pages that one change may move: each trigger leaves one that has two neighbours and enters one
/// that may push another aside; so does the account among the known, and each position among those
/// of its side.
const MOST_PAGES: usize = (2 * PROMPT_LEGS + 1) * 5;

#[derive(Clone, Debug)]
enum Step {
    /// Both index prices in cents, jumps and all.
    Prices(u128, u128),
    /// A small move in basis points.
    Drift(i32, i32),
    /// The same and a block.
    Tick(i32, i32),
    /// Which account trades where, how many thousandths of a unit.
    Trade(u64, u32, i128),
    Deposit(u64, i64),
    Collateral(u64, u128),
    PriceError(bool),
    /// The feeders disagree about an index, around its price in basis points.
    Uncertain(bool, i32),
    Maintenance(u32),
    Factor(u32),
    /// In which market, and how much on each side.
    Bids(u32, u128),
    Halt(bool, bool),
    Fund(i64),
    /// Money of the fund's stakers.
    Stake(i64),
    /// Thousandths of a unit that the vault takes from now on.
    Vault(u128),
    Call(u64),
    /// Blocks, and the share of the budget they have, in per mille.
    Blocks(u8, u64),
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (1u128..40_000, 1u128..4_000).prop_map(|(a, b)| Step::Prices(a, b)),
        3 => (-800i32..800, -800i32..800).prop_map(|(a, b)| Step::Drift(a, b)),
        30 => (-300i32..300, -300i32..300).prop_map(|(a, b)| Step::Tick(a, b)),
        8 => (0..WIDE, 0..2u32, -200_000i128..200_000)
            .prop_map(|(n, m, s)| Step::Trade(n, m, s)),
        3 => (WIDE..ACCOUNTS, 0..2 + MORE, -30_000i128..30_000)
            .prop_map(|(n, m, s)| Step::Trade(n, m, s)),
        3 => (0..ACCOUNTS, -500i64..2_000).prop_map(|(n, d)| Step::Deposit(n, d)),
        2 => (0..ACCOUNTS, 0u128..100_000_000_000).prop_map(|(n, a)| Step::Collateral(n, a)),
        1 => any::<bool>().prop_map(Step::PriceError),
        2 => (any::<bool>(), -800i32..800).prop_map(|(m, p)| Step::Uncertain(m, p)),
        1 => (100u32..450).prop_map(Step::Maintenance),
        1 => (0u32..=100).prop_map(Step::Factor),
        5 => (0..2 + MORE, 100u128..500_000).prop_map(|(m, q)| Step::Bids(m, q)),
        16 => (0..2u32, 100u128..50_000).prop_map(|(m, q)| Step::Bids(m, q)),
        1 => (any::<bool>(), any::<bool>()).prop_map(|(m, h)| Step::Halt(m, h)),
        1 => (0i64..2_000).prop_map(Step::Fund),
        1 => (0i64..500).prop_map(Step::Stake),
        1 => (0u128..100_000).prop_map(Step::Vault),
        1 => Just(Step::Vault(0)),
        2 => (0..ACCOUNTS).prop_map(Step::Call),
        6 => (1u8..4, 0u64..1_000).prop_map(|(n, b)| Step::Blocks(n, b)),
    ]
}

/// The first two are those of the mock.
fn market(n: u32) -> MarketId {
    match n {
        0 => MARKET,
        1 => MARKET_2,
        _ => MarketId(8 + n),
    }
}

fn index_of(market: MarketId) -> AssetId {
    Registry::market(market).unwrap().index_asset
}

fn cents(index: AssetId) -> Option<u128> {
    Prices::price(index)
        .ok()
        .map(|price| price.0 * 100 / PRICE_SCALE)
}

fn drift(index: AssetId, points: i32) {
    if let Some(cents) = cents(index) {
        let moved = (cents as i128 * (10_000 + i128::from(points)) / 10_000).max(1);
        set_cents(index, moved as u128);
    }
}

/// Value of everything: what the accounts own and owe, and the fund.
fn total() -> i128 {
    Ledger::total() + Fund::balance().0
}

/// Accounts without a position, and what they have. The vault's and the one behind the book choose to take
/// risk, and may open and lose within a block.
fn flat_accounts() -> Vec<(Account, Usd)> {
    Ledger::accounts()
        .into_iter()
        .filter(|account| !Vault::is_own(account) && account.owner != MAKER)
        .filter(|account| Ledger::positions(account).is_empty())
        .map(|account| {
            let had = Ledger::balance(&account);
            (account, had)
        })
        .collect()
}

/// A block in which flat accounts pay nothing.
fn block() {
    let flat = flat_accounts();
    next_block();
    for (account, had) in flat {
        let has = Ledger::balance(&account);
        assert!(
            has >= had,
            "5: {account:?} was flat and paid: {had:?} {has:?}"
        );
    }
}

/// What has to happen in flows that are to show anything. The last ones are the layers of losses.
const KINDS: [&str; 13] = [
    "steps",
    "blocks",
    "closed",
    "closed bankrupt",
    "restored",
    "taken over",
    "by fees",
    "by vault",
    "by fund",
    "by stakers",
    "by deleveraging",
    "by haircut",
    "unpaid",
];

/// How often each of [`KINDS`] happened.
#[derive(Debug, Default)]
struct Counts(BTreeMap<&'static str, u64>);

impl Counts {
    fn of(&self, kind: &'static str) -> u64 {
        self.0.get(kind).copied().unwrap_or(0)
    }

    fn add(&mut self, kind: &'static str, times: u64) {
        *self.0.entry(kind).or_default() += times;
    }

    fn add_event(&mut self, event: &Event<Runtime>) {
        match event {
            Event::Liquidated { equity_before, .. } => {
                self.add("closed", 1);
                self.add("closed bankrupt", equity_before.is_negative().into());
            }
            Event::AccountRestored { .. } => self.add("restored", 1),
            Event::TakenOver { .. } => self.add("taken over", 1),
            Event::LossCovered {
                shortfall,
                by_fees,
                by_fund,
                by_stakers,
                by_deleveraging,
                by_haircut,
                unpaid,
                by_vault,
                ..
            } => {
                let layers = [
                    ("by fees", by_fees),
                    ("by vault", by_vault),
                    ("by fund", by_fund),
                    ("by stakers", by_stakers),
                    ("by deleveraging", by_deleveraging),
                    ("by haircut", by_haircut),
                    ("unpaid", unpaid),
                ];
                let sum: i128 = layers.iter().map(|(_, amount)| amount.0).sum();
                assert_eq!(sum, shortfall.0, "a loss is not the sum of its layers");
                for (layer, amount) in layers {
                    assert!(!amount.is_negative(), "{layer}");
                    self.add(layer, (*amount > Usd::ZERO).into());
                }
            }
            _ => {}
        }
    }
}

fn apply(step: Step, counts: &mut Counts) {
    let change = matches!(
        step,
        Step::Trade(..) | Step::Deposit(..) | Step::Collateral(..)
    );
    // A block checks at its end.
    let checked = matches!(step, Step::Tick(..) | Step::Blocks(..));
    let pages_before = change.then(pages);
    let before = total();
    let mut added = 0;
    match step {
        Step::Prices(a, b) => {
            set_cents(INDEX, a);
            set_cents(INDEX_2, b);
        }
        Step::Drift(a, b) => {
            drift(INDEX, a);
            drift(INDEX_2, b);
        }
        Step::Tick(a, b) => {
            drift(INDEX, a);
            drift(INDEX_2, b);
            counts.add("blocks", 1);
            block();
        }
        Step::Trade(n, m, size) => {
            let market = market(m);
            if cents(index_of(market)).is_some() {
                // The price at which nobody gains: the sum over accounts stays.
                let before = Ledger::total();
                enlarge(&acc(n), market, size);
                added = Ledger::total() - before;
            }
        }
        Step::Deposit(n, amount) => {
            Ledger::deposit(&acc(n), Usd::dollars(amount));
            added = Usd::dollars(amount).0;
        }
        Step::Collateral(n, amount) => Ledger::add_collateral(&acc(n), INDEX_2, amount),
        Step::PriceError(second) => {
            let index = if second { INDEX_2 } else { INDEX };
            match cents(index) {
                Some(_) => Prices::set_result(index, Err(PriceError::Stale)),
                None => Prices::set(index, 50),
            }
        }
        Step::Uncertain(second, points) => {
            let index = if second { INDEX_2 } else { INDEX };
            drift(index, points);
            if let Ok(median) = Prices::price_for(index, Action::Liquidate) {
                Prices::set_unclean(index, PriceError::Uncertain, median);
            }
        }
        Step::Maintenance(points) => {
            let params = Registry::market(MARKET).unwrap();
            let maintenance_margin = Rate::basis_points(points);
            Registry::insert_market(
                MARKET,
                MarketParams {
                    maintenance_margin,
                    ..params
                },
            );
        }
        Step::Factor(percent) => {
            let params = Registry::collateral(INDEX_2).unwrap();
            let maintenance_factor = Rate::percent(percent);
            Registry::insert_collateral(
                INDEX_2,
                CollateralParams {
                    maintenance_factor,
                    ..params
                },
            );
        }
        Step::Bids(m, quantity) => {
            let market = market(m);
            if let Some(cents) = cents(index_of(market)) {
                let tenths = (cents / 10).max(1);
                Book::rest(market, Side::Bid, tenths, quantity);
                Book::rest(market, Side::Ask, tenths + 1, quantity);
            }
        }
        Step::Halt(second, halted) => {
            let status = if halted {
                MarketStatus::Paused
            } else {
                MarketStatus::Active
            };
            Guard::set(market(u32::from(second)), status);
        }
        Step::Fund(amount) => {
            Fund::credit(Usd::dollars(amount));
            added = Usd::dollars(amount).0;
        }
        Step::Stake(amount) => {
            Reserve::stake(Usd::dollars(amount));
            added = Usd::dollars(amount).0;
        }
        Step::Vault(capacity) => Vault::open(capacity),
        Step::Call(n) => {
            let _ = Liquidation::liquidate(RuntimeOrigin::signed(50), acc(n));
        }
        Step::Blocks(blocks, share) => {
            let full = StepWeight::get();
            StepWeight::set(full * share / 1_000 + Liquidation::smallest_step());
            counts.add("blocks", blocks.into());
            (0..blocks).for_each(|_| block());
            StepWeight::set(full);
        }
    }
    assert_eq!(total(), before + added, "value was created or lost");
    counts.add("steps", 1);
    for event in events() {
        counts.add_event(&event);
    }
    if let Some(before) = pages_before {
        let moved = changed_pages(&before);
        assert!(moved <= MOST_PAGES, "a change moved {moved} pages");
    }
    if !checked {
        check();
    }
}

/// With the budget of a whole block and all prices, clean or not, everything under maintenance is found.
fn settle() {
    for (index, usd) in [(INDEX, 50), (INDEX_2, 5)] {
        if Prices::price_for(index, Action::Liquidate).is_err() {
            Prices::set(index, usd);
        }
    }
    StepWeight::set(Weight::from_parts(100_000_000_000_000, 1_000_000));
    next_block();
    for account in Ledger::accounts() {
        let Ok(health) = Ledger::health(&account) else {
            continue;
        };
        let known = Liquidation::known(&account).is_some();
        assert_eq!(known, health.is_liquidatable(), "{account:?} {health:?}");
    }
}

/// Plays one flow and returns what happened in it.
fn play(steps: Vec<Step>) -> Counts {
    in_plain_state(|| {
        let mut counts = Counts::default();
        Splitting::set(true);
        more_markets(MORE);
        for n in 0..ACCOUNTS {
            Ledger::deposit(&acc(n), Usd::dollars(500 * (n as i64 + 1)));
            let first = n as u32 % 2;
            enlarge(
                &acc(n),
                market(1 - first),
                if n % 3 == 0 { -50_000 } else { 50_000 },
            );
            if n % 4 == 0 {
                enlarge(&acc(n), market(first), 100_000);
            }
        }
        for n in WIDE..ACCOUNTS {
            for m in 0..2 + MORE {
                enlarge(&acc(n), market(m), if m % 3 == 0 { -5_000 } else { 5_000 });
            }
            assert!(is_stale(&acc(n)));
        }
        check();
        for step in steps {
            apply(step, &mut counts);
        }
        settle();
        counts
    })
}

/// Steps between two reports of what has happened.
const PROGRESS: u64 = 10_000;

/// Flows of one seed until they have so many steps together.
fn play_on(seed: u64, least: u64) -> Counts {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let flows = prop::collection::vec(steps(), 40..80);
    let mut counts = Counts::default();
    while counts.of("steps") < least {
        let flow = flows.new_tree(&mut runner).unwrap().current();
        let before = counts.of("steps") / PROGRESS;
        for (kind, times) in play(flow).0 {
            counts.add(kind, times);
        }
        if counts.of("steps") / PROGRESS > before {
            println!("{counts:?}");
        }
    }
    for kind in KINDS {
        assert!(counts.of(kind) > 0, "never {kind}: {counts:?}");
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(bulwark_traits::mock::cases(24)))]

    #[test]
    fn no_account_should_be_missing_from_the_due_set_when_anything_happens(
        steps in prop::collection::vec(steps(), 1..80)
    ) {
        play(steps);
    }
}

#[test]
fn every_layer_of_losses_should_be_reached_when_anything_happens() {
    play_on(1, 1_500);
}

/// `BULWARK_STEPS` steps (a million) of the seed `BULWARK_SEED` (1).
#[test]
#[ignore = "takes ten minutes or more"]
fn invariants_should_hold_over_a_million_steps() {
    let number =
        |name, default| std::env::var(name).map_or(default, |value: String| value.parse().unwrap());
    let counts = play_on(
        number("BULWARK_SEED", 1),
        number("BULWARK_STEPS", 1_000_000),
    );
    println!("{counts:?}");
}

#[test]
fn wide_accounts_should_be_stale_and_evaluated_often_when_they_trade() {
    // The property above is about nothing if they are not.
    new_test_ext().execute_with(|| {
        let markets = more_markets(MORE);
        let account = acc(WIDE);
        Ledger::deposit(&account, Usd::dollars(5_000));
        for _ in 0..3 {
            for market in &markets {
                enlarge(&account, *market, 1_000);
                check();
            }
            assert!(is_stale(&account));
            next_block();
            assert!(!is_stale(&account));
        }
    });
}
