//! Selling by rule, and bringing back what is left.

use super::{capital, free, last_event};
use crate::{mock::*, AtRisk, Event, Held};
use bulwark_primitives::{
    MarketId, MarketStatus, PriceError, Quantity, Side, Size, Usd, SIZE_SCALE,
};
use bulwark_traits::Backstop as _;

/// The vault takes over so many units of a market at mark.
fn take(market: MarketId, units: i128) {
    Ledger::set_position(market, units, 100);
    let done = Backstop::take_over(&offer(market, units, 10_000)).unwrap();
    assert!(!done.quantity.is_zero());
}

/// Thousandths of a unit that the vault has in a market.
fn size(market: MarketId) -> i128 {
    let (size, _) = Ledger::position(&account(market), market);
    size.0 / (SIZE_SCALE as i128 / 1_000)
}

#[test]
fn slice_should_be_a_share_of_the_position_and_at_least_a_thousand_dollars() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        take(MARKET, 400);
        Book::set(MARKET, Side::Bid, 1_000, 9_995);
        pass(1);
        // 5 % of 400.
        assert_eq!(size(MARKET), 380_000);
        assert_eq!(
            last_event(),
            Event::Unwound {
                market: MARKET,
                quantity: Quantity(20 * SIZE_SCALE),
                notional: Usd::dollars(1_999),
            }
            .into()
        );
        while size(MARKET) > 200_000 {
            pass(1);
        }
        let before = size(MARKET);
        pass(1);
        assert_eq!(before - size(MARKET), 10_000);
        pass(20);
        assert_eq!(size(MARKET), 0);
        assert!(Held::<Test>::get().is_empty());
        // 400 sold five cents under what they were taken over at.
        assert_eq!(free(), Usd::dollars(100_000 - 20));
        assert_eq!(AtRisk::<Test>::get(), Usd::ZERO);
        check();
    });
}

#[test]
fn price_should_give_way_with_age_and_no_further_than_the_last_discount() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        take(MARKET, 100);
        Book::set(MARKET, Side::Bid, 10, 9_950);
        // 0.5 % are reached after 853 of 1,800 blocks.
        pass(850);
        assert_eq!(size(MARKET), 100_000);
        pass(10);
        assert_eq!(size(MARKET), 90_000);
        Book::set(MARKET, Side::Bid, 10, 9_890);
        pass(2_000);
        assert_eq!(size(MARKET), 90_000);
        Book::set(MARKET, Side::Bid, 10, 9_900);
        pass(1);
        assert_eq!(size(MARKET), 80_000);
        check();
    });
}

#[test]
fn short_should_be_bought_back_above_mark() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        take(MARKET, -100);
        Book::set(MARKET, Side::Ask, 1_000, 10_010);
        pass(1);
        assert_eq!(size(MARKET), -100_000);
        pass(200);
        assert_eq!(size(MARKET), 0);
        assert_eq!(free(), Usd::dollars(100_000 - 10));
        check();
    });
}

#[test]
fn nothing_should_be_sold_while_the_market_or_its_price_does_not_allow_it() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        take(MARKET, 100);
        Book::set(MARKET, Side::Bid, 1_000, 10_000);
        for status in [
            MarketStatus::PostOnly,
            MarketStatus::Paused,
            MarketStatus::Settling,
            MarketStatus::Closed,
        ] {
            Guard::set(MARKET, status);
            pass(1);
            assert_eq!(size(MARKET), 100_000, "{status:?}");
        }
        Guard::set(MARKET, MarketStatus::ReduceOnly);
        Prices::set_uncertain(INDEX, 100);
        pass(1);
        Prices::set_result(INDEX, Err(PriceError::Stale));
        pass(1);
        assert_eq!(size(MARKET), 100_000);
        Prices::set(INDEX, 100);
        pass(1);
        assert_eq!(size(MARKET), 90_000);
    });
}

#[test]
fn account_under_maintenance_should_be_left_to_liquidation() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        take(MARKET, 100);
        Prices::set(INDEX, 91);
        Book::set(MARKET, Side::Bid, 1_000, 10_000);
        pass(1);
        // 1,000 - 900 against 1.2 % of 9,100.
        assert_eq!(size(MARKET), 100_000);
        Prices::set(INDEX, 92);
        pass(1);
        // 1,000 dollars, up to a lot.
        assert_eq!(size(MARKET), 89_130);
    });
}

#[test]
fn debt_should_stay_in_its_market_until_it_is_paid() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        take(MARKET, 100);
        let untouched = free();
        // Somebody closed it, and nobody has paid yet.
        Prices::set(INDEX, 50);
        liquidate_vault(MARKET);
        Ledger::set_balance(&account(MARKET), Usd(-1));
        pass(3);
        assert_eq!(Held::<Test>::get().len(), 1);
        assert_eq!(free(), untouched);
        Ledger::set_balance(&account(MARKET), Usd::ZERO);
        pass(1);
        assert!(Held::<Test>::get().is_empty());
        assert_eq!(
            crate::DayLosses::<Test>::get().until(0),
            Some(Usd(1_000_000_008))
        );
        check();
    });
}

#[test]
fn markets_should_take_turns_when_there_are_many() {
    new_test_ext().execute_with(|| {
        let more: Vec<MarketId> = (1..=6).map(MarketId).collect();
        for market in &more {
            let params = bulwark_primitives::MarketParams {
                index_asset: index_of(*market),
                ..market_params()
            };
            Registry::insert_market(*market, params);
            Prices::set(index_of(*market), 100);
        }
        capital(100_000);
        for market in &more {
            take(*market, 100);
            Book::set(*market, Side::Bid, 1_000, 10_000);
        }
        pass(1);
        let touched = |sold: i128| {
            let count = more
                .iter()
                .filter(|market| size(**market) == 100_000 - sold);
            count.count()
        };
        assert_eq!((touched(0), touched(10_000)), (2, 4));
        pass(2);
        assert_eq!(touched(20_000), 6);
        pass(30);
        assert_eq!(Held::<Test>::get().len(), 0);
        assert_eq!(free(), Usd::dollars(100_000));
        check();
    });
}

#[test]
fn position_that_others_closed_should_be_settled() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        take(MARKET, 100);
        Prices::set(INDEX, 110);
        liquidate_vault(MARKET);
        pass(1);
        assert_eq!(free(), Usd::dollars(101_000));
        assert_eq!(Ledger::position(&account(MARKET), MARKET).0, Size(0));
        check();
    });
}
