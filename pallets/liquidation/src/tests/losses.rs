//! The order of losses: the account's own, the fund, and what stays.

use crate::{mock::*, queue::EffectivePrices, types::Outcome, Event, WeightInfo};
use bulwark_primitives::{Incident, MarketId, Side, Usd};
use bulwark_traits::{
    mock::{Fund, Guard, INDEX, MARKET},
    LossFund,
};

fn losses() -> Vec<(i128, i128, i128)> {
    events()
        .into_iter()
        .filter_map(|event| match event {
            Event::LossCovered {
                shortfall,
                by_fund,
                unpaid,
                ..
            } => {
                assert_eq!(by_fund.0 + unpaid.0, shortfall.0, "layers sum to the loss");
                Some((shortfall.0, by_fund.0, unpaid.0))
            }
            _ => None,
        })
        .collect()
}

const DOLLAR: i128 = 1_000_000;

#[test]
fn fund_should_pay_exactly_the_shortfall_when_it_can() {
    new_test_ext().execute_with(|| {
        Fund::set(Usd::dollars(5_000));
        let account = open(1, 1_000, MARKET, 100_000);
        Book::rest(MARKET, Side::Bid, 850, 10_000_000);
        let total = Ledger::total() + Fund::balance().0;
        set_cents(INDEX, 8_500);
        next_block();
        // 1,000 - 1,500; sold at mark, no fee from a bankrupt account.
        assert_eq!(losses(), vec![(500 * DOLLAR, 500 * DOLLAR, 0)]);
        assert_eq!(Fund::balance(), Usd::dollars(4_500));
        assert_eq!(Ledger::balance(&account), Usd::ZERO);
        assert!(!Liquidation::is_due(&account));
        assert!(Liquidation::due_since(&account).is_none());
        assert_eq!(Ledger::total() + Fund::balance().0, total);
        assert!(Guard::incidents().is_empty());
    });
}

#[test]
fn rest_should_stay_with_the_account_and_stay_due_when_the_fund_is_short() {
    new_test_ext().execute_with(|| {
        Fund::set(Usd::dollars(200));
        let account = open(1, 1_000, MARKET, 100_000);
        Book::rest(MARKET, Side::Bid, 850, 10_000_000);
        set_cents(INDEX, 8_500);
        next_block();
        assert_eq!(losses(), vec![(500 * DOLLAR, 200 * DOLLAR, 300 * DOLLAR)]);
        assert_eq!(Guard::incidents(), vec![(MARKET, Incident::UncoveredLoss)]);
        assert_eq!(Ledger::balance(&account), Usd::dollars(-300));
        assert!(Liquidation::is_due(&account));
        // Nothing new until the fund has something.
        next_block();
        next_block();
        assert_eq!(losses(), vec![]);
        assert_eq!(Guard::incidents().len(), 1);
        assert!(Liquidation::is_due(&account));
        Fund::credit(Usd::dollars(100));
        next_block();
        assert_eq!(losses(), vec![(300 * DOLLAR, 100 * DOLLAR, 200 * DOLLAR)]);
        Fund::credit(Usd::dollars(1_000));
        next_block();
        assert_eq!(losses(), vec![(200 * DOLLAR, 200 * DOLLAR, 0)]);
        assert!(!Liquidation::is_due(&account));
        assert_eq!(Fund::balance(), Usd::dollars(800));
    });
}

#[test]
fn bankrupt_account_should_not_be_sold_into_a_loss_that_nobody_can_pay() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        Book::rest(MARKET, Side::Bid, 849, 10_000_000);
        set_cents(INDEX, 8_500);
        next_block();
        assert_eq!(Ledger::size(&account, MARKET), milli(100_000));
        assert!(is_parked(&account));
        // 500 of debt and 10 for the worse price.
        Fund::set(Usd::dollars(510));
        next_block();
        assert_eq!(losses(), vec![(510 * DOLLAR, 510 * DOLLAR, 0)]);
        assert_eq!(Fund::balance(), Usd::ZERO);
    });
}

#[test]
fn debt_should_be_counted_under_its_market_when_the_account_went_flat_by_itself() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET_2, 1_000_000);
        set_cents(INDEX_2, 850);
        enlarge(&account, MARKET_2, -1_000_000);
        assert!(Liquidation::is_due(&account));
        next_block();
        assert_eq!(
            Guard::incidents(),
            vec![(MARKET_2, Incident::UncoveredLoss)]
        );
        assert!(Liquidation::is_due(&account));
    });
}

#[test]
fn debt_should_be_gone_when_the_owner_pays_it() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        set_cents(INDEX, 8_500);
        enlarge(&account, MARKET, -100_000);
        next_block();
        assert!(Liquidation::is_due(&account));
        Ledger::deposit(&account, Usd::dollars(500));
        assert!(!Liquidation::is_due(&account));
        check();
    });
}

/// Owes 500 USD and has 90 coins at 10 USD, of which 90 % count, and never had a position.
fn loan() -> Account {
    let account = acc(1);
    Ledger::add_collateral(&account, INDEX_2, 90 * 100_000_000);
    Ledger::deposit(&account, Usd::dollars(-500));
    account
}

#[test]
fn pools_should_be_asked_again_when_the_fund_has_nothing() {
    new_test_ext().execute_with(|| {
        let account = loan();
        assert!(!Liquidation::is_due(&account));
        set_cents(INDEX_2, 600);
        next_block();
        assert!(is_parked(&account));
        assert_eq!(losses(), vec![(500 * DOLLAR, 0, 500 * DOLLAR)]);
        // It is no market's loss.
        assert_eq!(
            Guard::incidents(),
            vec![(MarketId::LOANS, Incident::UncoveredLoss)]
        );
        next_block();
        assert!(is_parked(&account));
        assert_eq!(losses(), vec![]);
        // 90 coins at 5.60.
        Bids::set(vec![(INDEX_2, 5_600_000)]);
        next_block();
        assert!(!Liquidation::is_due(&account));
        assert_eq!(Ledger::balance(&account), Usd::dollars(4));
        assert_eq!(losses(), vec![]);
        check();
    });
}

#[test]
fn sales_should_be_weighed_when_collateral_is_sold_in_pools() {
    new_test_ext().execute_with(|| {
        let account = loan();
        set_cents(INDEX_2, 600);
        Bids::set(vec![(INDEX_2, 5_600_000)]);
        let prices = &mut EffectivePrices::default();
        let attempt = Liquidation::close_account(&account, None, 1, false, prices);
        assert_eq!((attempt.outcome, attempt.sales), (Outcome::Progress, 1));
        let without = crate::types::Attempt {
            sales: 0,
            ..attempt
        };
        assert_eq!(
            Liquidation::weight_of(&attempt),
            Liquidation::weight_of(&without).saturating_add(<()>::sell_collateral())
        );
    });
}
