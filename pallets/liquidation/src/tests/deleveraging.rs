//! Layers 6 and 7: who is closed for others, who gives up how much, and who never does.

use crate::{
    losses::{DELEVERAGE_AFTER, DELEVERAGE_BANKRUPT_AFTER},
    mock::*,
    ranking::MAX_COUNTERPARTIES,
    Event,
};
use bulwark_primitives::{Incident, MarketStatus, PriceError, Side, Usd};
use bulwark_traits::{
    mock::{Fund, Guard, Prices, INDEX, MARKET},
    LiquidationLedger, LossFund,
};

const DOLLAR: i128 = 1_000_000;

/// What the events since the last time say: counterparties with what they gave up, and losses by
/// layer (shortfall, fund, deleveraging, haircut, unpaid). Each loss sums up.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    closed: Vec<(AccountId, i128)>,
    losses: Vec<[i128; 5]>,
}

fn told() -> Told {
    let mut told = Told::default();
    for event in events() {
        match event {
            Event::Deleveraged {
                counterparty,
                given_up,
                ..
            } => told.closed.push((counterparty.owner, given_up.0)),
            Event::LossCovered {
                shortfall,
                by_fees,
                by_fund,
                by_stakers,
                by_deleveraging,
                by_haircut,
                unpaid,
                ..
            } => {
                let reserves = by_fees.0 + by_fund.0 + by_stakers.0;
                let sum = reserves + by_deleveraging.0 + by_haircut.0 + unpaid.0;
                assert_eq!(sum, shortfall.0, "layers sum to the loss");
                told.losses.push([
                    shortfall.0,
                    reserves,
                    by_deleveraging.0,
                    by_haircut.0,
                    unpaid.0,
                ]);
            }
            _ => {}
        }
    }
    told
}

fn equity(account: &Account) -> i128 {
    Ledger::health(account).unwrap().equity.0
}

fn blocks(count: u32) {
    for _ in 0..count {
        next_block();
    }
}

/// Everything there is, before and after.
fn total() -> i128 {
    Ledger::total() + Fund::balance().0
}

#[test]
fn winner_should_give_up_exactly_the_shortfall_when_the_fund_is_empty() {
    new_test_ext().execute_with(|| {
        let long = open(1, 1_000, MARKET, 100_000);
        let short = open(2, 5_000, MARKET, -100_000);
        let before = total();
        set_cents(INDEX, 8_500);
        next_block();
        // 1,000 - 1,500: closed at 90, where the long has nothing and the short has won 1,000 of 1,500.
        let lost = 500 * DOLLAR;
        assert_eq!(
            told(),
            Told {
                closed: vec![(2, lost)],
                losses: vec![[lost, 0, lost, 0, 0]],
            }
        );
        assert_eq!(Ledger::balance(&long), Usd::ZERO);
        assert_eq!(Ledger::balance(&short), Usd::dollars(6_000));
        assert_eq!(Ledger::size(&short, MARKET).0, 0);
        assert!(!Liquidation::is_due(&long));
        assert!(Guard::incidents().is_empty());
        assert_eq!(total(), before);
    });
}

#[test]
fn bankrupt_short_should_be_closed_like_a_long_when_the_price_rises() {
    new_test_ext().execute_with(|| {
        let short = open(1, 1_000, MARKET, -100_000);
        let long = open(2, 5_000, MARKET, 100_000);
        let before = total();
        set_cents(INDEX, 12_345);
        next_block();
        assert_eq!(
            told().losses,
            vec![[1_345 * DOLLAR, 0, 1_345 * DOLLAR, 0, 0]]
        );
        assert_eq!(Ledger::balance(&short), Usd::ZERO);
        assert_eq!(Ledger::balance(&long), Usd::dollars(6_000));
        assert_eq!(total(), before);
    });
}

#[test]
fn winner_should_give_up_only_what_the_fund_cannot_pay() {
    new_test_ext().execute_with(|| {
        Fund::set(Usd::dollars(200));
        let long = open(1, 1_000, MARKET, 100_000);
        open(2, 5_000, MARKET, -100_000);
        // The book is passed over: at mark it would leave 300 to nobody.
        Book::rest(MARKET, Side::Bid, 850, 10_000_000);
        set_cents(INDEX, 8_500);
        next_block();
        let [d500, d300, d200] = [500, 300, 200].map(|n| n * DOLLAR);
        assert_eq!(told().losses, vec![[d500, d200, d300, 0, 0]]);
        assert_eq!(Fund::balance(), Usd::ZERO);
        assert_eq!(Ledger::balance(&long), Usd::ZERO);
    });
}

#[test]
fn nobody_should_be_deleveraged_when_the_book_takes_what_the_fund_can_pay() {
    new_test_ext().execute_with(|| {
        Fund::set(Usd::dollars(5_000));
        open(1, 1_000, MARKET, 100_000);
        open(2, 5_000, MARKET, -100_000);
        Book::rest(MARKET, Side::Bid, 850, 10_000_000);
        set_cents(INDEX, 8_500);
        next_block();
        assert_eq!(
            told(),
            Told {
                closed: vec![],
                losses: vec![[500 * DOLLAR, 500 * DOLLAR, 0, 0, 0]],
            }
        );
    });
}

#[test]
fn highest_rank_should_be_closed_first_and_nothing_more_than_needed() {
    new_test_ext().execute_with(|| {
        open(1, 1_000, MARKET, 100_000);
        // All have won the same per unit; 4 has the most leverage, then 3, then 2.
        for (n, balance) in [(2, 50_000), (3, 8_000), (4, 1_600)] {
            open(n, balance, MARKET, -60_000);
        }
        // And one who sold 5 % lower, with as much leverage as 4.
        set_cents(INDEX, 9_500);
        open(5, 1_600, MARKET, -60_000);
        let places = || {
            [2, 3, 4, 5].map(|n| {
                let rank = Liquidation::adl_rank(&acc(n), MARKET).unwrap();
                (rank.place, rank.of)
            })
        };
        assert_eq!(places(), [(2, 4), (1, 4), (0, 4), (3, 4)]);
        set_cents(INDEX, 8_000);
        // 20 % x 1.7, 16 % x 1.9, 20 % x 0.5, 20 % x 0.08.
        assert_eq!(places(), [(3, 4), (2, 4), (0, 4), (1, 4)]);
        let before = total();
        next_block();
        // 1,000 - 2,000. 60 of 100 from the first, 40 from the second, in proportion.
        assert_eq!(told().closed, vec![(4, 600 * DOLLAR), (5, 400 * DOLLAR)]);
        let sizes = [2, 3, 4, 5].map(|n| Ledger::size(&acc(n), MARKET));
        assert_eq!(sizes, [-60_000, -60_000, 0, -20_000].map(milli));
        assert_eq!(total(), before);
    });
}

#[test]
fn debt_should_go_to_the_next_when_one_has_not_won_enough() {
    new_test_ext().execute_with(|| {
        let long = open(1, 1_000, MARKET, 100_000);
        // Sold at 82 and 100; at 80 the first has won 2 a unit and the second 20.
        let second = open(3, 50_000, MARKET, -50_000);
        set_cents(INDEX, 9_900);
        set_cents(INDEX, 8_200);
        // Opened while the long is already bankrupt and nobody has looked yet.
        let first = open(2, 100, MARKET, -50_000);
        set_cents(INDEX, 8_000);
        let before = total();
        next_block();
        // The first one's leverage puts him first; he gives his 100 and no more.
        assert_eq!(Ledger::balance(&long), Usd::ZERO);
        assert!(
            equity(&first) >= 100 * DOLLAR,
            "he lost more than he had won"
        );
        assert!(equity(&second) >= 50_000 * DOLLAR);
        let told = told();
        assert_eq!(told.losses.iter().map(|loss| loss[4]).sum::<i128>(), 0);
        assert_eq!(total(), before);
    });
}

#[test]
fn nobody_should_fall_under_maintenance_by_what_he_gives_up() {
    new_test_ext().execute_with(|| {
        open(1, 1_000, MARKET, 100_000);
        // Short here with profit, and long elsewhere at the edge: all he can spare is little.
        let winner = open(2, 1_000, MARKET, -100_000);
        enlarge(&winner, MARKET_2, 2_000_000);
        set_cents(INDEX, 8_500);
        set_cents(INDEX_2, 920);
        let slack = Ledger::health(&winner).unwrap().slack().unwrap();
        assert!(
            slack > Usd::ZERO && slack < Usd::dollars(2_000),
            "{slack:?}"
        );
        next_block();
        assert!(!told().closed.is_empty());
        assert!(!is_under(&winner));
    });
}

#[test]
fn every_account_should_be_closed_in_the_end_when_there_are_more_counterparties_than_one_block_takes(
) {
    new_test_ext().execute_with(|| {
        let long = open(1, 1_000, MARKET, 100_000);
        let count = 3 * u64::from(MAX_COUNTERPARTIES);
        for n in 0..count {
            open(10 + n, 2_000, MARKET, -(100_000 / count as i128) - 1);
        }
        let before = total();
        set_cents(INDEX, 8_000);
        next_block();
        let first = told();
        assert_eq!(first.closed.len() as u32, MAX_COUNTERPARTIES);
        assert_ne!(Ledger::size(&long, MARKET).0, 0);
        blocks(3);
        let rest = told();
        assert_eq!(Ledger::size(&long, MARKET).0, 0);
        assert_eq!(Ledger::balance(&long), Usd::ZERO);
        let all: i128 = first
            .losses
            .iter()
            .chain(&rest.losses)
            .map(|loss| loss[0])
            .sum();
        assert_eq!(all, 1_000 * DOLLAR);
        assert_eq!(total(), before);
        assert!(Guard::incidents().is_empty());
    });
}

#[test]
fn solvent_account_should_be_closed_at_mark_when_nobody_bids_for_long_enough() {
    new_test_ext().execute_with(|| {
        let long = open(1, 1_000, MARKET, 100_000);
        let short = open(2, 5_000, MARKET, -100_000);
        // Equity 200 under 276 of maintenance margin.
        set_cents(INDEX, 9_200);
        next_block();
        assert!(is_parked(&long));
        let (had, won) = (equity(&long), equity(&short));
        blocks(DELEVERAGE_AFTER - 1);
        assert_eq!(told().closed, vec![]);
        next_block();
        assert_eq!(told().closed, vec![(2, 0)]);
        // Nobody gained or lost, and only as much was closed as restores the account.
        assert_eq!((equity(&long), equity(&short)), (had, won));
        assert!(!is_under(&long));
        assert_ne!(Ledger::size(&long, MARKET).0, 0);
    });
}

#[test]
fn bankrupt_account_should_wait_a_little_for_the_book_when_the_fund_can_pay() {
    new_test_ext().execute_with(|| {
        Fund::set(Usd::dollars(10_000));
        let long = open(1, 1_000, MARKET, 100_000);
        open(2, 5_000, MARKET, -100_000);
        set_cents(INDEX, 8_500);
        blocks(DELEVERAGE_BANKRUPT_AFTER);
        assert_eq!(told().closed, vec![]);
        assert!(is_parked(&long));
        blocks(2);
        // At mark: the fund pays, who is closed gives up nothing.
        let paid = 500 * DOLLAR;
        assert_eq!(
            told(),
            Told {
                closed: vec![(2, 0)],
                losses: vec![[paid, paid, 0, 0, 0]],
            }
        );
        assert_eq!(Ledger::balance(&acc(2)), Usd::dollars(6_500));
    });
}

#[test]
fn nothing_should_be_closed_when_the_market_is_paused() {
    new_test_ext().execute_with(|| {
        let long = open(1, 1_000, MARKET, 100_000);
        open(2, 5_000, MARKET, -100_000);
        Guard::set(MARKET, MarketStatus::Paused);
        set_cents(INDEX, 8_500);
        blocks(20);
        assert_eq!(told(), Told::default());
        Guard::set(MARKET, MarketStatus::ReduceOnly);
        blocks(2);
        assert_eq!(Ledger::balance(&long), Usd::ZERO);
    });
}

#[test]
fn profits_should_be_cut_by_one_fraction_when_a_flat_account_owes_what_the_fund_lacks() {
    new_test_ext().execute_with(|| {
        Fund::set(Usd::dollars(100));
        let debtor = open(1, 1_000, MARKET, 100_000);
        let [rich, poor] =
            [(2, 60_000), (3, 20_000)].map(|(n, size)| open(n, 50_000, MARKET, -size));
        let loser = open(4, 50_000, MARKET, 10_000);
        let flat = open(5, 5_000, MARKET, 0);
        set_cents(INDEX, 8_000);
        // Closed by its owner, at mark, before anybody looked: 1,000 - 2,000.
        enlarge(&debtor, MARKET, -100_000);
        let before = total();
        let was = [&rich, &poor, &loser, &flat].map(equity);
        next_block();
        // 900 of 1,600 won: 1,200 and 400.
        let [d1000, d100, d900] = [1_000, 100, 900].map(|n| n * DOLLAR);
        assert_eq!(told().losses, vec![[d1000, d100, 0, d900, 0]]);
        let is = [&rich, &poor, &loser, &flat].map(equity);
        let lost: Vec<_> = was.iter().zip(is).map(|(was, is)| was - is).collect();
        assert_eq!(lost, vec![675 * DOLLAR, 225 * DOLLAR, 0, 0]);
        assert_eq!(Ledger::size(&rich, MARKET), milli(-60_000));
        assert_eq!(Ledger::balance(&debtor), Usd::ZERO);
        assert_eq!(total(), before);
        assert!(Guard::incidents().is_empty());
    });
}

#[test]
fn rest_should_be_paid_by_later_profits_when_there_are_none_yet() {
    new_test_ext().execute_with(|| {
        let debtor = open(1, 1_000, MARKET, 100_000);
        set_cents(INDEX, 8_000);
        enlarge(&debtor, MARKET, -100_000);
        let winner = open(2, 50_000, MARKET, -100_000);
        next_block();
        assert_eq!(
            told().losses,
            vec![[1_000 * DOLLAR, 0, 0, 0, 1_000 * DOLLAR]]
        );
        assert_eq!(Guard::incidents(), vec![(MARKET, Incident::UncoveredLoss)]);
        blocks(3);
        assert_eq!(told(), Told::default());
        assert_eq!(Guard::incidents().len(), 1);
        set_cents(INDEX, 7_600);
        next_block();
        // 400 won, all of it goes; then another 600 of 1,600.
        assert_eq!(
            told().losses,
            vec![[1_000 * DOLLAR, 0, 0, 400 * DOLLAR, 600 * DOLLAR]]
        );
        set_cents(INDEX, 6_000);
        next_block();
        assert_eq!(told().losses, vec![[600 * DOLLAR, 0, 0, 600 * DOLLAR, 0]]);
        assert!(!Liquidation::is_due(&debtor));
        assert_eq!(equity(&winner), 51_000 * DOLLAR);
    });
}

#[test]
fn rank_should_follow_entry_and_leverage_when_positions_change() {
    new_test_ext().execute_with(|| {
        let account = open(1, 10_000, MARKET, 100_000);
        assert_eq!(Liquidation::adl_rank(&account, MARKET).unwrap().score, 0);
        assert_eq!(Liquidation::adl_rank(&account, MARKET_2), None);
        set_cents(INDEX, 12_000);
        // 20 % on 10,000, leverage 12,000 / 12,000.
        let rank = Liquidation::adl_rank(&account, MARKET).unwrap();
        assert_eq!((rank.score, rank.place, rank.of), (200_000_000, 0, 1));
        enlarge(&account, MARKET, 100_000);
        check();
        // 2,000 on 22,000; 24,000 / 12,000.
        assert_eq!(
            Liquidation::adl_rank(&account, MARKET).unwrap().score,
            181_818_180
        );
        enlarge(&account, MARKET, -300_000);
        check();
        assert!(Liquidation::adl_rank(&account, MARKET).unwrap().score <= 0);
        enlarge(&account, MARKET, 100_000);
        check();
        assert_eq!(Liquidation::adl_rank(&account, MARKET), None);
        assert_eq!(crate::Ranked::<Runtime>::iter().count(), 0);
        // Without a price there is no rank.
        enlarge(&account, MARKET, 1_000);
        Prices::set_result(INDEX, Err(PriceError::Stale));
        assert_eq!(Liquidation::adl_rank(&account, MARKET), None);
    });
}

#[test]
fn search_should_end_when_an_account_has_more_holdings_than_it_may_value() {
    new_test_ext().execute_with(|| {
        let long = open(1, 1_000, MARKET, 100_000);
        for n in 0..40 {
            let account = open(10 + n, 2_000, MARKET, -2_500);
            Ledger::add_collateral(&account, INDEX_2, 100);
        }
        set_cents(INDEX, 8_000);
        blocks(16);
        assert_eq!(Ledger::size(&long, MARKET).0, 0);
        assert!(equity(&long) == 0, "all of it is paid");
    });
}
