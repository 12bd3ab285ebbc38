//! Whatever happens, the vault adds up, a price never reaches its free account, and what it has lost
//! within a day with all that it can still lose stays within the caps.

use super::free;
use crate::{mock::*, AtRisk, Books, DayLosses, Params};
use bulwark_primitives::{MarketId, PriceError, Rate, Shares, Side, Usd};
use bulwark_risk_math::{fraction, Rounding};
use bulwark_traits::{Backstop as _, LiquidationLedger};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Deposit(u64, i64),
    Request(u64, u128),
    Withdraw(u64),
    Offer(MarketId, i128, u128),
    Price(MarketId, u128),
    Stale(MarketId),
    Book(MarketId, bool, u128, u128),
    Liquidate(MarketId),
    Blocks(u64),
}

fn market() -> impl Strategy<Value = MarketId> {
    (1u32..=3).prop_map(MarketId)
}

fn steps() -> impl Strategy<Value = Step> {
    let who = || prop_oneof![Just(ALICE), Just(BOB)];
    prop_oneof![
        2 => (who(), 0i64..200_000).prop_map(|(who, amount)| Step::Deposit(who, amount)),
        1 => (who(), 0u128..200_000_000_000_000_000)
            .prop_map(|(who, shares)| Step::Request(who, shares)),
        2 => who().prop_map(Step::Withdraw),
        5 => (market(), -800i128..800, 4_000u128..25_000)
            .prop_map(|(market, units, cents)| Step::Offer(market, units, cents)),
        4 => (market(), 50u128..200).prop_map(|(market, price)| Step::Price(market, price)),
        1 => market().prop_map(Step::Stale),
        3 => (market(), any::<bool>(), 0u128..500, 4_000u128..25_000)
            .prop_map(|(market, bid, units, cents)| Step::Book(market, bid, units, cents)),
        3 => market().prop_map(Step::Liquidate),
        3 => prop_oneof![1u64..4, 90u64..160].prop_map(Step::Blocks),
    ]
}

fn is_under(market: MarketId) -> bool {
    Ledger::health(&account(market)).is_ok_and(|health| health.is_liquidatable())
}

/// What was lost within a day and can be lost, in a market and in all.
fn exposed(market: MarketId) -> (Usd, Usd) {
    let quarter = Backstop::quarter();
    let book = Books::<Test>::get(market);
    let in_all = DayLosses::<Test>::get().until(quarter).unwrap();
    (
        book.allotted
            .checked_add(book.losses.until(quarter).unwrap())
            .unwrap(),
        AtRisk::<Test>::get().checked_add(in_all).unwrap(),
    )
}

/// An offer never makes the vault exceed what its caps allowed before it.
fn offered(market: MarketId, units: i128, cents: u128) {
    let held = Ledger::position(&debtor(), market).0;
    let more = units - held.0 / bulwark_primitives::SIZE_SCALE as i128;
    if more != 0 {
        Ledger::set_position(market, more, 100);
    }
    let (before, all_before) = exposed(market);
    let capital = Backstop::capital().unwrap();
    let offer = offer(market, units, cents);
    let quote = Backstop::quote(&offer);
    let Ok(done) = Backstop::take_over(&offer) else {
        return;
    };
    assert!(done.quantity <= quote);
    let (after, all_after) = exposed(market);
    let cap = |rate: Rate| fraction(capital, rate, Rounding::Down).unwrap();
    let params = Params::<Test>::get();
    assert!(after <= before.max(cap(params.market_loss)));
    assert!(all_after <= all_before.max(cap(params.day_loss)));
    // Never lent, never out of nothing.
    assert!(free() >= Usd::ZERO);
    assert_eq!(Backstop::capital(), Some(capital));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn vault_should_stay_within_its_caps_when_anything_happens(
        steps in prop::collection::vec(steps(), 1..80),
    ) {
        new_test_ext().execute_with(|| {
            for step in steps {
                match step {
                    Step::Deposit(who, amount) => {
                        let _ = Backstop::deposit(RuntimeOrigin::signed(who), Usd::dollars(amount));
                    }
                    Step::Request(who, shares) => {
                        let origin = RuntimeOrigin::signed(who);
                        let _ = Backstop::request_withdrawal(origin, Shares(shares));
                    }
                    Step::Withdraw(who) => {
                        let before = Backstop::value().ok();
                        let others = Backstop::depositor(3 - who).1;
                        if Backstop::withdraw(RuntimeOrigin::signed(who)).is_ok() {
                            // Whoever stays has no less than before.
                            prop_assert!(before.is_some());
                            prop_assert!(Backstop::depositor(3 - who).1 >= others);
                        }
                    }
                    Step::Offer(market, units, cents) => offered(market, units, cents),
                    Step::Price(market, price) => {
                        let before = free();
                        Prices::set(index_of(market), price);
                        prop_assert_eq!(free(), before);
                    }
                    Step::Stale(market) => {
                        Prices::set_result(index_of(market), Err(PriceError::Stale));
                    }
                    Step::Book(market, bid, units, cents) => {
                        let side = if bid { Side::Bid } else { Side::Ask };
                        Book::set(market, side, units, cents);
                    }
                    Step::Liquidate(market) => {
                        let before = free();
                        if is_under(market) {
                            liquidate_vault(market);
                        }
                        prop_assert_eq!(free(), before);
                    }
                    Step::Blocks(blocks) => pass(blocks),
                }
                check();
            }
            Ok(())
        })?;
    }
}
