//! What the vault takes, what it puts behind it, and where it stops.

use super::{capital, free, last_event};
use crate::{mock::*, types::Cap, AtRisk, Books, Event, Params};
use bulwark_primitives::{
    MarketId, MarketStatus, Price, PriceError, Quantity, Rate, Size, SubAccount, Usd, PRICE_SCALE,
    SIZE_SCALE,
};
use bulwark_traits::{Backstop as _, BackstopLedger, LiquidationLedger, TakenOver, Takeover};
use frame_support::{assert_noop, assert_ok};

fn units(quantity: Quantity) -> u128 {
    quantity.0 / SIZE_SCALE
}

/// Takes over from the debtor, who gets the position first.
fn take(market: MarketId, whole: i128, cents: u128) -> TakenOver {
    Ledger::set_position(market, whole, 100);
    let offer = offer(market, whole, cents);
    let quote = Backstop::quote(&offer);
    let done = Backstop::take_over(&offer).unwrap();
    assert_eq!(done.quantity, quote);
    check();
    done
}

fn equity(account: &SubAccount<u64>) -> Usd {
    Ledger::health(account).unwrap().equity
}

#[test]
fn take_over_should_move_the_position_with_margin_behind_it() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        let done = take(MARKET, 100, 9_900);
        assert_eq!(done.notional, Usd::dollars(9_900));
        assert_eq!(Ledger::position(&debtor(), MARKET).0, Size(0));
        let vault = account(MARKET);
        let (size, entry) = Ledger::position(&vault, MARKET);
        assert_eq!((size.0, entry), (100 * SIZE_SCALE as i128, done.notional));
        // A tenth of 10,000 and a few units for roundings; the rest of the capital is where it was.
        let allotted = Usd(1_000_000_008);
        assert_eq!(Books::<Test>::get(MARKET).allotted, allotted);
        assert_eq!(free(), Usd(100_000_000_000 - allotted.0));
        assert_eq!(equity(&vault), Usd(allotted.0 + 100_000_000));
        assert_eq!(
            last_event(),
            Event::TakenOver {
                account: debtor(),
                market: MARKET,
                long: true,
                quantity: done.quantity,
                notional: done.notional,
                allotted,
            }
            .into()
        );
    });
}

#[test]
fn take_over_should_mirror_a_short() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        let done = take(MARKET, -100, 10_100);
        assert_eq!(done.notional, Usd::dollars(10_100));
        let (size, entry) = Ledger::position(&account(MARKET), MARKET);
        assert_eq!(size.0, -100 * SIZE_SCALE as i128);
        assert_eq!(entry, Usd::dollars(-10_100));
        assert_eq!(equity(&account(MARKET)), Usd(1_100_000_008));
    });
}

#[test]
fn price_beyond_mark_should_be_paid_up_to_the_premium_and_put_in_at_once() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        Params::<Test>::mutate(|params| params.premium = Rate::percent(1));
        assert_eq!(Backstop::quote(&offer(MARKET, 100, 10_101)), Quantity::ZERO);
        let done = take(MARKET, 100, 10_100);
        assert_eq!(done.notional, Usd::dollars(10_100));
        assert_eq!(Books::<Test>::get(MARKET).allotted, Usd(1_100_000_008));
        assert_eq!(equity(&account(MARKET)), Usd(1_000_000_008));
        // The other way round for a short.
        assert_eq!(
            Backstop::quote(&offer(MARKETS[1], -100, 9_899)),
            Quantity::ZERO
        );
        assert_eq!(units(Backstop::quote(&offer(MARKETS[1], -100, 9_900))), 100);
    });
}

#[test]
fn market_should_stop_at_its_cap_of_loss_and_say_so_once() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        // 5,000 of loss at a tenth of notional.
        let done = take(MARKET, 600, 10_000);
        assert_eq!(done.quantity, Quantity(499_999 * SIZE_SCALE / 1_000));
        assert!(Books::<Test>::get(MARKET).allotted <= Usd::dollars(5_000));
        let told = Event::CapReached {
            market: MARKET,
            cap: Cap::MarketLoss,
        };
        assert_eq!(last_event(), told.into());
        let before = System::events().len();
        let offer = offer(MARKET, 100, 10_000);
        assert_eq!(Backstop::quote(&offer), Quantity::ZERO);
        assert_eq!(Backstop::take_over(&offer), Ok(TakenOver::default()));
        assert_eq!(System::events().len(), before);
        // Later it is told again, if it is still so.
        System::set_block_number(1_000);
        assert_eq!(Backstop::take_over(&offer), Ok(TakenOver::default()));
        assert_eq!(System::events().len(), before + 1);
    });
}

#[test]
fn cap_should_be_told_of_when_an_offer_just_fits() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        assert_eq!(units(take(MARKET, 499, 10_000).quantity), 499);
        let told = Event::CapReached {
            market: MARKET,
            cap: Cap::MarketLoss,
        };
        assert_eq!(last_event(), told.into());
    });
}

#[test]
fn all_markets_should_stop_at_the_cap_of_the_day() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        take(MARKETS[0], 600, 10_000);
        assert_eq!(units(take(MARKETS[1], 600, 10_000).quantity), 499);
        // What is left of 10,000 after roundings is less than the least.
        assert_eq!(take(MARKETS[2], 600, 10_000), TakenOver::default());
        let told = Event::CapReached {
            market: MARKETS[2],
            cap: Cap::DayLoss,
        };
        assert_eq!(last_event(), told.into());
        assert!(AtRisk::<Test>::get() <= Usd::dollars(10_000));
    });
}

#[test]
fn position_should_stop_at_its_cap_of_notional() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        Params::<Test>::mutate(|params| params.market_notional = Rate::percent(20));
        assert_eq!(units(take(MARKET, 300, 10_000).quantity), 200);
        let told = Event::CapReached {
            market: MARKET,
            cap: Cap::Notional,
        };
        assert_eq!(last_event(), told.into());
    });
}

#[test]
fn part_should_leave_the_smallest_order_or_nothing() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        let params = bulwark_primitives::MarketParams {
            min_order: Quantity(200 * SIZE_SCALE),
            initial_margin: Rate::percent(2),
            maintenance_margin: Rate::basis_points(120),
            ..market_params()
        };
        Registry::insert_market(MARKET, params);
        // 499.999 fit, but then 100 would be left.
        assert_eq!(units(Backstop::quote(&offer(MARKET, 600, 10_000))), 400);
        // And here less than the smallest order could be taken.
        Params::<Test>::mutate(|params| params.market_notional = Rate::percent(19));
        assert_eq!(Backstop::quote(&offer(MARKET, 600, 10_000)), Quantity::ZERO);
    });
}

#[test]
fn fourfold_price_should_cost_no_more_than_what_was_put_in() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        take(MARKET, -400, 10_000);
        let allotted = Books::<Test>::get(MARKET).allotted;
        let untouched = free();
        Prices::set(INDEX, 400);
        assert!(equity(&account(MARKET)) < Usd::dollars(-100_000));
        assert_eq!(free(), untouched);
        let value = Backstop::value().unwrap();
        assert_eq!((value.worse, value.better), (untouched, untouched));
        // What is under maintenance itself takes nothing.
        assert_eq!(Backstop::quote(&offer(MARKET, -10, 40_000)), Quantity::ZERO);
        liquidate_vault(MARKET);
        pass(1);
        assert_eq!(
            last_event(),
            Event::MarketSettled {
                market: MARKET,
                allotted,
                returned: Usd::ZERO,
            }
            .into()
        );
        assert_eq!(free(), untouched);
        // 4,800 may be lost of 96,000, and 4,000 are: 8,000 of notional at 400 are 20.
        assert_eq!(units(Backstop::quote(&offer(MARKET, -100, 40_000))), 19);
        // Capacity is back after a day, and not with the next one.
        for (block, quantity) in [(1_000, 19), (1_249, 19), (1_250, 100)] {
            System::set_block_number(block);
            assert_eq!(
                units(Backstop::quote(&offer(MARKET, -100, 40_000))),
                quantity
            );
        }
        check();
    });
}

#[test]
fn gain_of_one_market_should_not_pay_for_a_loss_of_another() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        take(MARKETS[0], 400, 10_000);
        take(MARKETS[1], 400, 10_000);
        Prices::set(index_of(MARKETS[0]), 150);
        Prices::set(index_of(MARKETS[1]), 50);
        liquidate_vault(MARKETS[0]);
        liquidate_vault(MARKETS[1]);
        pass(1);
        let lost = crate::DayLosses::<Test>::get().until(0);
        assert_eq!(lost, Some(Usd(4_000_000_008)));
        assert_eq!(free(), Usd::dollars(116_000).checked_sub(Usd(8)).unwrap());
        assert_eq!(AtRisk::<Test>::get(), Usd::ZERO);
        check();
    });
}

#[test]
fn opposite_offer_should_close_what_is_held_without_more_capital() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        take(MARKET, 100, 9_900);
        let before = free();
        let done = take(MARKET, -300, 10_100);
        assert_eq!(units(done.quantity), 100);
        assert_eq!(free(), before);
        assert_eq!(Ledger::position(&account(MARKET), MARKET).0, Size(0));
        pass(1);
        // 100 bought at 99 and sold at 101.
        assert_eq!(free(), Usd::dollars(100_200));
        check();
    });
}

#[test]
fn status_should_decide_where_it_takes() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        let offer = offer(MARKET, 100, 9_900);
        for (status, takes) in [
            (MarketStatus::Active, true),
            (MarketStatus::PostOnly, true),
            (MarketStatus::ReduceOnly, true),
            (MarketStatus::Paused, true),
            (MarketStatus::Settling, false),
            (MarketStatus::Closed, false),
        ] {
            Guard::set(MARKET, status);
            assert_eq!(!Backstop::quote(&offer).is_zero(), takes, "{status:?}");
        }
    });
}

#[test]
fn quote_should_be_nothing_when_it_cannot_or_must_not() {
    new_test_ext().execute_with(|| {
        let good = offer(MARKET, 100, 9_900);
        // No capital.
        assert_eq!(Backstop::quote(&good), Quantity::ZERO);
        capital(100_000);
        assert_eq!(units(Backstop::quote(&good)), 100);
        let unknown = Takeover {
            market: MarketId(99),
            ..good.clone()
        };
        let own = Takeover {
            account: account(MARKETS[1]),
            ..good.clone()
        };
        let no_account = Takeover {
            market: MarketId(u32::MAX),
            ..good.clone()
        };
        for bad in [unknown, own, no_account, offer(MARKET, 0, 9_900)] {
            assert_eq!(Backstop::quote(&bad), Quantity::ZERO, "{bad:?}");
            assert_eq!(Backstop::take_over(&bad), Ok(TakenOver::default()));
        }
        Prices::set_result(INDEX, Err(PriceError::Stale));
        assert_eq!(Backstop::quote(&good), Quantity::ZERO);
        // Liquidation goes on while feeders disagree, and so does this.
        Prices::set_uncertain(INDEX, 100);
        assert_eq!(units(Backstop::quote(&good)), 100);
    });
}

#[test]
fn extremes_should_be_refused_and_never_panic() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        for size in [i128::MIN, i128::MIN + 1, -1, 1, i128::MAX] {
            for price in [0, 1, PRICE_SCALE, u128::MAX] {
                let offer = Takeover {
                    size: Size(size),
                    price: Price(price),
                    ..offer(MARKET, 1, 1)
                };
                let quote = Backstop::quote(&offer);
                assert!(quote <= offer.size.quantity());
                let before = free();
                assert!(Backstop::take_over(&offer).map_or(true, |done| done.quantity.is_zero()));
                assert_eq!(free(), before);
            }
        }
        check();
    });
}

#[test]
fn failure_of_the_ledger_should_change_nothing() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        // The debtor is short and not long.
        Ledger::set_position(MARKET, -100, 100);
        let offer = offer(MARKET, 100, 9_900);
        assert!(!Backstop::quote(&offer).is_zero());
        assert_noop!(
            Backstop::take_over(&offer),
            sp_runtime::DispatchError::Other("not that side")
        );
        check();
    });
}

#[test]
fn more_than_the_account_has_should_be_what_it_has() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        Ledger::set_position(MARKET, 50, 100);
        let done = Backstop::take_over(&offer(MARKET, 100, 9_900)).unwrap();
        assert_eq!(units(done.quantity), 50);
        check();
    });
}

#[test]
fn margin_should_be_initial_margin_when_that_is_more() {
    new_test_ext().execute_with(|| {
        capital(100_000);
        Registry::insert_market(
            MARKET,
            bulwark_primitives::MarketParams {
                initial_margin: Rate::percent(40),
                maintenance_margin: Rate::percent(20),
                ..market_params()
            },
        );
        take(MARKET, 100, 10_000);
        assert_eq!(Books::<Test>::get(MARKET).allotted, Usd(4_000_000_008));
        assert_ok!(Ledger::health(&account(MARKET)));
    });
}

#[test]
fn account_of_the_vault_should_be_known_as_its_own() {
    new_test_ext().execute_with(|| {
        assert!(Backstop::is_own(&Backstop::free_account()));
        assert!(Backstop::is_own(&account(MARKET)));
        assert!(!Backstop::is_own(&debtor()));
        assert_eq!(Ledger::balance(&Backstop::free_account()), Usd::ZERO);
    });
}
