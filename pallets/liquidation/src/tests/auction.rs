//! Due accounts in the auction by which a paused market reopens.

use crate::{mock::*, types::Outcome, Error, Event};
use bulwark_primitives::{Health, MarketStatus, Price, Side, Size, Usd, PRICE_SCALE};
use bulwark_risk_math::{signed_notional, Rounding};
use bulwark_traits::{
    mock::{Fund, Guard, INDEX, MARKET},
    AuctionGuard, ForcedFills, LiquidationLedger, LossFund, Reopening,
};
use frame_support::{assert_noop, assert_ok};
use std::collections::BTreeSet;

fn pause(at: Reopening) {
    Guard::set_reopening(MARKET, at, MarketStatus::Active);
}

/// 100 units bought at 100 with 1,000 dollars.
fn long() -> Account {
    open(1, 1_000, MARKET, 100_000)
}

/// What the book is sent of that account at a price when the market is open and the fund has `fund`.
fn sent(cents: u128, fund: i64) -> Vec<Sent> {
    new_test_ext().execute_with(|| {
        Fund::set(Usd::dollars(fund));
        long();
        set_cents(INDEX, cents);
        next_block();
        let sent = Book::sent();
        assert_eq!(sent.len(), 1);
        sent
    })
}

#[test]
fn account_should_join_with_what_the_book_would_get_when_its_market_is_uncrossed() {
    new_test_ext().execute_with(|| {
        let account = long();
        // Equity 250 of 277.5.
        set_cents(INDEX, 9_250);
        pause(Reopening::Collecting);
        next_block();
        assert_eq!(Book::joined(), vec![], "orders are still collected");
        assert!(is_parked(&account));
        pause(Reopening::Uncrossing);
        events();
        next_block();
        let joined = Book::joined();
        assert_eq!(joined, sent_here(9_250));
        let (.., quantity, worst) = joined[0].clone();
        assert_eq!(
            events(),
            vec![Event::JoinedAuction {
                account: account.clone(),
                market: MARKET,
                quantity,
                worst,
                due_since: 2,
            }]
        );
        // The auction is all of this block.
        assert_noop!(
            Liquidation::liquidate(RuntimeOrigin::signed(9), account.clone()),
            Error::<Runtime>::AlreadyClosed
        );
        // It fills at the mark.
        let size = Size(-(quantity.0 as i128));
        let cost = signed_notional(Price(92_500_000_000_000_000_000), size, Rounding::Up).unwrap();
        Ledger::trade(&account, MARKET, size, cost);
        Guard::reopened(MARKET);
        assert!(!Liquidation::is_due(&account) && !is_under(&account));
        next_block();
        assert_eq!((Book::joined(), Book::sent()), (vec![], vec![]));
    });
}

/// [`sent`] in a test that has externalities of its own: they are thread-local, and so is the mock.
fn sent_here(cents: u128) -> Vec<Sent> {
    std::thread::spawn(move || sent(cents, 0)).join().unwrap()
}

/// What a closing at 92.50 with bids at `tenths` is told to have been, in an open market or an auction.
fn closed(tenths: u128, by_auction: bool) -> (Event<Runtime>, Health, Health) {
    new_test_ext().execute_with(|| {
        Author::set(Some(7));
        let account = long();
        set_cents(INDEX, 9_250);
        let before = Ledger::health(&account).unwrap();
        if by_auction {
            pause(Reopening::Uncrossing);
            next_block();
            let (.., quantity, worst) = Book::joined()[0].clone();
            let price = Price(tenths * PRICE_SCALE / 10);
            assert!(price >= worst);
            let closing = Liquidation::before(&account, MARKET).unwrap();
            let size = Size(-(quantity.0 as i128));
            let cost = signed_notional(price, size, Rounding::Up).unwrap();
            Ledger::trade(&account, MARKET, size, cost);
            let notional = Usd(-cost.0);
            events();
            Liquidation::after(&account, MARKET, closing, quantity, notional);
        } else {
            Book::rest(MARKET, Side::Bid, tenths, 10_000_000);
            next_block();
        }
        let told = events()
            .into_iter()
            .find(|event| matches!(event, Event::Liquidated { .. }));
        let told = told.unwrap();
        let Event::Liquidated { fee, reward, .. } = &told else {
            unreachable!()
        };
        assert_eq!(reward.0, fee.0 / 2);
        assert_eq!(Ledger::balance(&acc(7)), *reward);
        assert_eq!(Fund::balance().0, fee.0 - reward.0);
        (told, before, Ledger::health(&account).unwrap())
    })
}

#[test]
fn fee_should_be_that_of_the_open_book_when_an_auction_fills() {
    for tenths in [925, 923] {
        let run = |by_auction| {
            std::thread::spawn(move || closed(tenths, by_auction))
                .join()
                .unwrap()
        };
        let (told, before, after) = run(true);
        assert_eq!((told.clone(), before, after), run(false));
        let Event::Liquidated { fee, .. } = told else {
            unreachable!()
        };
        assert!(fee > Usd::ZERO);
        // Invariant 6, multiplied out.
        assert!(
            after.equity.0 * before.maintenance_margin.0
                >= before.equity.0 * after.maintenance_margin.0
        );
    }
}

#[test]
fn account_should_be_closed_into_the_book_when_the_auction_left_it_under_maintenance() {
    new_test_ext().execute_with(|| {
        let account = long();
        set_cents(INDEX, 9_250);
        pause(Reopening::Uncrossing);
        next_block();
        assert_eq!(Book::joined().len(), 1);
        Guard::reopened(MARKET);
        Book::rest(MARKET, Side::Bid, 925, 10_000_000);
        next_block();
        assert_eq!(Book::joined(), vec![]);
        assert_eq!(Book::sent(), sent_here(9_250));
        assert!(!is_under(&account));
    });
}

#[test]
fn account_should_join_anew_at_the_prices_of_the_block_when_the_auction_goes_on() {
    new_test_ext().execute_with(|| {
        let account = long();
        Ledger::set_orders(&account, 1);
        pause(Reopening::Uncrossing);
        let mut limits = BTreeSet::new();
        for cents in [9_250, 9_240, 9_230] {
            set_cents(INDEX, cents);
            next_block();
            let joined = Book::joined();
            assert_eq!(joined, sent_here(cents));
            limits.insert(joined[0].4);
            assert_eq!(Ledger::orders(&account), 0, "its own orders go first");
        }
        assert_eq!(limits.len(), 3);
        // Healthy again, it does not.
        set_cents(INDEX, 9_500);
        next_block();
        assert_eq!(Book::joined(), vec![]);
        assert!(!Liquidation::is_due(&account));
    });
}

#[test]
fn call_should_not_put_an_account_into_an_auction_when_the_step_for_it_is_over() {
    new_test_ext().execute_with(|| {
        let account = long();
        set_cents(INDEX, 9_250);
        pause(Reopening::Uncrossing);
        assert_ok!(Liquidation::liquidate(
            RuntimeOrigin::signed(9),
            account.clone()
        ));
        assert_eq!(Book::joined(), vec![]);
        assert!(is_parked(&account));
        check();
    });
}

#[test]
fn one_market_should_be_joined_in_a_block_when_two_are_uncrossed() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        enlarge(&account, MARKET_2, 100_000);
        for market in [MARKET, MARKET_2] {
            Guard::set_reopening(market, Reopening::Uncrossing, MarketStatus::Active);
        }
        set_cents(INDEX, 9_250);
        next_block();
        let markets: Vec<_> = Book::joined().into_iter().map(|order| order.1).collect();
        assert_eq!(markets, vec![MARKET], "the one that needs the most");
    });
}

#[test]
fn open_market_should_be_tried_before_an_auction_is_joined() {
    for has_bids in [false, true] {
        new_test_ext().execute_with(|| {
            let account = open(1, 1_000, MARKET, 100_000);
            enlarge(&account, MARKET_2, 100_000);
            pause(Reopening::Uncrossing);
            if has_bids {
                Book::rest(MARKET_2, Side::Bid, 100, 10_000_000);
            }
            set_cents(INDEX, 9_250);
            next_block();
            assert_eq!(Book::sent().len(), 1);
            assert_eq!(Book::joined().is_empty(), has_bids);
        });
    }
}

#[test]
fn vault_should_come_before_the_auction_when_it_takes_the_account() {
    new_test_ext().execute_with(|| {
        Vault::open(100_000_000);
        let account = long();
        // Equity 150 of 274.5.
        set_cents(INDEX, 9_150);
        pause(Reopening::Uncrossing);
        next_block();
        assert_eq!(Book::joined(), vec![]);
        assert_eq!(Ledger::size(&account, MARKET), Size::ZERO);
    });
}

#[test]
fn bankrupt_account_should_join_when_the_fund_pays_all_of_its_debt() {
    for (fund, joins) in [(99, false), (200, true)] {
        new_test_ext().execute_with(|| {
            Fund::set(Usd::dollars(fund));
            let account = long();
            // 1,000 - 1,100.
            set_cents(INDEX, 8_900);
            pause(Reopening::Uncrossing);
            next_block();
            assert!(events().contains(&Event::Parked {
                account,
                reason: Outcome::MarketsHalted
            }));
            let expected = if joins {
                std::thread::spawn(move || sent(8_900, fund))
                    .join()
                    .unwrap()
            } else {
                vec![]
            };
            assert_eq!(Book::joined(), expected);
        });
    }
}

#[test]
fn accounts_should_join_in_turn_when_the_budget_has_no_room_for_all() {
    new_test_ext().execute_with(|| {
        let accounts: BTreeSet<Account> =
            (1..=100).map(|n| open(n, 1_000, MARKET, 100_000)).collect();
        set_cents(INDEX, 9_250);
        pause(Reopening::Collecting);
        next_block();
        pause(Reopening::Uncrossing);
        StepWeight::set(Liquidation::worst_closing(1) * 3);
        let mut seen = BTreeSet::new();
        let mut blocks = 0;
        while seen != accounts {
            next_block();
            blocks += 1;
            let joined: Vec<Account> = Book::joined().into_iter().map(|order| order.0).collect();
            let once: BTreeSet<Account> = joined.iter().cloned().collect();
            assert_eq!(joined.len(), once.len(), "each once a block");
            seen.extend(once);
            assert!(blocks < 40, "{} of {}", seen.len(), accounts.len());
        }
        assert!(blocks > 1, "the budget has room for all of them");
    });
}
