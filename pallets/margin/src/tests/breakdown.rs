//! What people are told about an account.

use crate::mock::*;
use bulwark_primitives::{Price, PriceError, Side, Usd};
use frame_support::assert_ok;

#[test]
fn breakdown_should_agree_with_health_when_there_are_positions() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        fund(BOB, 1_000);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            COIN_UNIT
        ));
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        Prices::set(INDEX, 98);
        let breakdown = Margin::margin_breakdown(&sub(ALICE)).unwrap();
        assert_eq!(
            breakdown.health,
            Margin::account_health(&sub(ALICE)).unwrap()
        );
        assert_eq!(breakdown.balance, Usd::dollars(100));
        assert_eq!(breakdown.collateral, vec![(COIN, COIN_UNIT)]);
        let position = &breakdown.positions[0];
        assert_eq!(position.mark, usd(98));
        assert_eq!(position.notional, Usd::dollars(980));
        assert_eq!(position.unrealised, Usd::dollars(-20));
        assert_eq!(position.maintenance_margin, Usd(29_400_000));
        assert_eq!(Margin::health_of(ALICE, 0), Some(breakdown.health));
        assert_eq!(Margin::account(ALICE, 0).balance, Usd::dollars(100));
    });
}

#[test]
fn liquidation_price_should_be_where_the_account_becomes_due() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        fund(BOB, 100);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        let due_at = |who: u64, price: Price| {
            Prices::set_result(INDEX, Ok(price));
            Margin::account_health(&sub(who)).unwrap().is_liquidatable()
        };
        for (who, step) in [(ALICE, -1i128), (BOB, 1)] {
            Prices::set(INDEX, 100);
            let breakdown = Margin::margin_breakdown(&sub(who)).unwrap();
            let price = breakdown.positions[0].liquidation_price.unwrap();
            // A thousandth of a dollar to either side.
            let delta = 1_000_000_000_000_000i128 * step;
            assert!(!due_at(who, Price((price.0 as i128 - delta) as u128)));
            assert!(due_at(who, Price((price.0 as i128 + delta) as u128)));
        }
    });
}

#[test]
fn breakdown_should_be_none_when_nothing_is_there_or_a_price_is_missing() {
    new_test_ext().execute_with(|| {
        assert_eq!(Margin::margin_breakdown(&sub(ALICE)), None);
        fund(ALICE, 100);
        fund(BOB, 100);
        trade(BOB, ALICE, Side::Bid, milli(1_000), usd(100));
        Prices::set_result(INDEX, Err(PriceError::Stale));
        assert_eq!(Margin::margin_breakdown(&sub(ALICE)), None);
        assert_eq!(Margin::health_of(ALICE, 0), None);
    });
}
