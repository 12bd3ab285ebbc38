//! The backstop vault as a source: when it is asked, at what price, and what it bears.

use crate::{mock::*, types::Outcome, Event};
use bulwark_primitives::{MarketStatus, Side, Size, Usd};
use bulwark_traits::{
    mock::{Fund, Guard, INDEX, MARKET},
    LiquidationLedger, LossFund,
};

const DOLLAR: i128 = 1_000_000;

fn total() -> i128 {
    Ledger::total() + Fund::balance().0
}

fn equity(account: &Account) -> Usd {
    Ledger::health(account).unwrap().equity
}

/// What was taken over, and the losses with what the vault bore of them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    taken: Vec<(Size, Usd)>,
    /// Shortfall, by the vault, by the fund, unpaid.
    losses: Vec<[i128; 4]>,
    filled: usize,
}

fn told() -> Told {
    let mut told = Told::default();
    for event in events() {
        match event {
            Event::TakenOver {
                quantity, borne, ..
            } => told.taken.push((Size(quantity.0 as i128), borne)),
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
                let fund = by_fees.0 + by_fund.0 + by_stakers.0;
                let others = by_deleveraging.0 + by_haircut.0;
                let sum = by_vault.0 + fund + others + unpaid.0;
                assert_eq!(sum, shortfall.0, "layers sum to the loss");
                told.losses.push([shortfall.0, by_vault.0, fund, unpaid.0]);
            }
            Event::Liquidated { .. } => told.filled += 1,
            _ => {}
        }
    }
    told
}

#[test]
fn vault_should_take_the_position_at_the_floor_when_the_book_is_empty() {
    new_test_ext().execute_with(|| {
        Vault::open(100_000_000);
        let account = open(1, 1_000, MARKET, 100_000);
        let before = total();
        // Equity 150 of MM 274.5: under two thirds.
        set_cents(INDEX, 9_150);
        next_block();
        assert_eq!(Ledger::size(&account, MARKET), Size::ZERO);
        assert_eq!(Ledger::size(&Vault::account(), MARKET), milli(100_000));
        // The vault has what was left of it, up to the rounding of the price.
        assert!(
            (0..=1).contains(&equity(&account).0),
            "{:?}",
            equity(&account)
        );
        assert_eq!(
            equity(&Vault::account()).0,
            1_000_150 * DOLLAR - equity(&account).0
        );
        assert!(!Liquidation::is_due(&account));
        assert_eq!(total(), before);
        let told = told();
        assert_eq!(told.taken, vec![(milli(100_000), Usd::ZERO)]);
        assert_eq!(told.losses, Vec::<[i128; 4]>::new());
    });
}

#[test]
fn vault_should_not_be_asked_when_equity_is_above_two_thirds_of_maintenance() {
    new_test_ext().execute_with(|| {
        Vault::open(100_000_000);
        let account = open(1, 1_000, MARKET, 100_000);
        // Equity 190 of MM 275.7.
        set_cents(INDEX, 9_190);
        next_block();
        assert!(is_parked(&account));
        assert_eq!(Ledger::size(&account, MARKET), milli(100_000));
        // 180 of 275.4.
        set_cents(INDEX, 9_180);
        next_block();
        assert_eq!(Ledger::size(&account, MARKET), Size::ZERO);
    });
}

#[test]
fn book_should_come_first_when_it_has_bids_within_the_floor() {
    new_test_ext().execute_with(|| {
        Vault::open(100_000_000);
        let account = open(1, 1_000, MARKET, 100_000);
        set_cents(INDEX, 9_150);
        // 91.5 - 1.5 is the floor of this account, and what the vault pays.
        Book::rest(MARKET, Side::Bid, 901, 10_000_000);
        next_block();
        let told = told();
        assert_eq!((told.taken.len(), told.filled), (0, 1));
        assert_eq!(Ledger::size(&Vault::account(), MARKET), Size::ZERO);
        assert!(Ledger::size(&account, MARKET) < milli(100_000));
    });
}

#[test]
fn vault_should_bear_a_debt_before_the_fund_does() {
    new_test_ext().execute_with(|| {
        Fund::set(Usd::dollars(10_000));
        Vault::open(100_000_000);
        let account = open(1, 1_000, MARKET, 100_000);
        Book::rest(MARKET, Side::Bid, 850, 10_000_000);
        let before = total();
        // 1,000 - 1,500.
        set_cents(INDEX, 8_500);
        next_block();
        let told = told();
        assert_eq!(told.taken, vec![(milli(100_000), Usd::dollars(500))]);
        assert_eq!(told.losses, vec![[500 * DOLLAR, 500 * DOLLAR, 0, 0]]);
        assert_eq!(told.filled, 0);
        assert_eq!(Fund::balance(), Usd::dollars(10_000));
        assert_eq!(equity(&account), Usd::ZERO);
        assert_eq!(equity(&Vault::account()), Usd::dollars(999_500));
        assert!(!Liquidation::is_due(&account));
        assert_eq!(total(), before);
    });
}

#[test]
fn next_layer_should_start_where_the_vault_stops() {
    new_test_ext().execute_with(|| {
        Fund::set(Usd::dollars(10_000));
        Vault::open(40_000);
        let account = open(1, 1_000, MARKET, 100_000);
        Book::rest(MARKET, Side::Bid, 850, 10_000_000);
        let before = total();
        set_cents(INDEX, 8_500);
        next_block();
        // Two fifths of the position with two fifths of the debt, and no more of it in this block.
        assert_eq!(Ledger::size(&account, MARKET), milli(60_000));
        assert_eq!(equity(&account), Usd::dollars(-300));
        next_block();
        assert_eq!(Ledger::size(&account, MARKET), Size::ZERO);
        let told = told();
        assert_eq!(
            told.losses,
            vec![
                [200 * DOLLAR, 200 * DOLLAR, 0, 0],
                [300 * DOLLAR, 0, 300 * DOLLAR, 0],
            ]
        );
        assert_eq!(Fund::balance(), Usd::dollars(9_700));
        assert_eq!(total(), before);
    });
}

#[test]
fn vault_should_be_all_there_is_when_the_market_is_paused() {
    for size in [100_000, -100_000] {
        new_test_ext().execute_with(|| {
            Vault::open(100_000_000);
            let account = open(1, 1_000, MARKET, size);
            Book::rest(MARKET, Side::Bid, 925, 10_000_000);
            Book::rest(MARKET, Side::Ask, 1_072, 10_000_000);
            Guard::set(MARKET, MarketStatus::Paused);
            let under = |cents: u128| {
                if size > 0 {
                    10_000 - cents
                } else {
                    10_000 + cents
                }
            };
            // Equity 250 of 277.5, or 280 of 321.6: under maintenance, but not for the vault.
            set_cents(INDEX, under(if size > 0 { 750 } else { 720 }));
            next_block();
            assert!(is_parked(&account));
            assert_eq!(Ledger::size(&account, MARKET), milli(size));
            let reason = Outcome::MarketsHalted;
            let parked = Event::Parked {
                account: account.clone(),
                reason,
            };
            assert!(events().contains(&parked));
            // 150 of 274.5, or of 325.5.
            set_cents(INDEX, under(850));
            next_block();
            assert_eq!(Ledger::size(&account, MARKET), Size::ZERO);
            assert_eq!(Ledger::size(&Vault::account(), MARKET), milli(size));
            let told = told();
            assert_eq!((told.taken.len(), told.filled), (1, 0));
        });
    }
}

#[test]
fn account_should_wait_when_the_market_is_paused_and_the_vault_takes_nothing() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        set_cents(INDEX, 9_150);
        Guard::set(MARKET, MarketStatus::Paused);
        for _ in 0..3 {
            next_block();
            assert!(is_parked(&account));
        }
        let other = open(2, 1_950, MARKET_2, 1_000_000);
        enlarge(&other, MARKET, 1_000);
        Book::rest(MARKET_2, Side::Bid, 82, 10_000_000);
        // 150 of 249: the open market is tried, whatever the paused one is good for.
        set_cents(INDEX_2, 820);
        next_block();
        assert!(Ledger::size(&other, MARKET_2) < milli(1_000_000));
    });
}
