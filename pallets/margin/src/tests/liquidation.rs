//! The ledger as liquidation sees it.

use crate::{mock::*, Accounts, Error, Event};
use bulwark_primitives::{CollateralParams, Factor, Leg, PriceError, Rate, Side, Usd};
use bulwark_traits::{FillError, LiquidationFee, LiquidationLedger, LossFund, OrderMargin};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

fn fee(fund: i64, liquidator: Option<(u64, i64)>) -> LiquidationFee<u64> {
    LiquidationFee {
        fund: Usd::dollars(fund),
        liquidator: liquidator.map(|(who, part)| (who, Usd::dollars(part))),
    }
}

/// Alice long 10 at 100 with `dollars`, Bob short.
fn alice_long(dollars: u128) {
    fund(ALICE, dollars);
    fund(BOB, 10_000);
    trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
}

/// Alice, flat, owes what a fall from 100 to `price` cost beyond 100 USD.
fn alice_lost(price: u128) {
    alice_long(100);
    Prices::set(INDEX, price);
    trade(BOB, ALICE, Side::Ask, milli(10_000), usd(price));
}

#[test]
fn legs_should_be_positions_and_counting_collateral() {
    new_test_ext().execute_with(|| {
        alice_long(200);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            3 * COIN_UNIT
        ));
        // An order alone moves nothing.
        let order = exposure_in(OTHER, Side::Bid, milli(100), usd(50));
        assert_ok!(Margin::open_order(&sub(ALICE), &order));
        let leg = |factor, amount| Leg {
            factor,
            amount: milli(amount),
        };
        assert_eq!(
            Margin::legs(&sub(ALICE)),
            vec![
                leg(Factor::Long(MARKET), 10_000),
                leg(Factor::Collateral(COIN), 3_000)
            ]
        );
        assert_eq!(
            Margin::legs(&sub(BOB)),
            vec![leg(Factor::Short(MARKET), 10_000)]
        );
        assert_eq!(Margin::positions(&sub(ALICE)).len(), 1);
        let worthless = CollateralParams {
            initial_factor: Rate::ZERO,
            maintenance_factor: Rate::ZERO,
            ..coin_params()
        };
        Registry::insert_collateral(COIN, worthless);
        assert_eq!(Margin::legs(&sub(ALICE)).len(), 1);
        Prices::set_result(COIN, Err(PriceError::Stale));
        assert_ok!(Margin::health(&sub(ALICE)));
    });
}

#[test]
fn health_should_be_unknown_when_a_price_that_counts_is_missing() {
    new_test_ext().execute_with(|| {
        alice_long(200);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            10 * COIN_UNIT
        ));
        let health = Margin::health(&sub(ALICE)).unwrap();
        assert_eq!(health.equity, Usd::dollars(287));
        assert_eq!(health.initial_equity, Usd::dollars(280));
        assert_eq!(health.maintenance_margin, Usd::dollars(30));
        assert_eq!(health.initial_margin, Usd::dollars(50));
        Prices::set_result(COIN, Err(PriceError::Stale));
        assert_eq!(
            Margin::health(&sub(ALICE)),
            Err(Error::<Test>::PriceStale.into())
        );
        Prices::set(COIN, 10);
        // Orders in a market without a price do not hide an account.
        let order = exposure_in(OTHER, Side::Bid, milli(100), usd(50));
        assert_ok!(Margin::open_order(&sub(ALICE), &order));
        Prices::set_result(OTHER_INDEX, Err(PriceError::Halted));
        assert_eq!(Margin::health(&sub(ALICE)), Ok(health));
        Prices::set_result(INDEX, Err(PriceError::Halted));
        assert_eq!(
            Margin::health(&sub(ALICE)),
            Err(Error::<Test>::PriceHalted.into())
        );
    });
}

/// Alice long 10 with 200 dollars, and as many base units of the coin.
fn alice_long_with_coins(units: u128) {
    alice_long(200);
    let alice = RuntimeOrigin::signed(ALICE);
    assert_ok!(Margin::deposit(alice.clone(), 0, COIN, COIN_UNIT));
    assert_ok!(Margin::withdraw(alice, 0, COIN, COIN_UNIT - units));
}

#[test]
fn dust_should_count_nothing_with_a_price_or_without() {
    new_test_ext().execute_with(|| {
        alice_long_with_coins(coin_params().min_deposit - 1);
        // So dear that it would show.
        Prices::set(COIN, 1_000_000);
        let health = Margin::health(&sub(ALICE)).unwrap();
        assert_eq!(
            (health.equity, health.initial_equity),
            (Usd::dollars(200), Usd::dollars(200))
        );
        assert_eq!(Margin::legs(&sub(ALICE)).len(), 1);
        for error in [
            PriceError::TooFewFeeds,
            PriceError::Stale,
            PriceError::Deviating,
            PriceError::Uncertain,
            PriceError::Halted,
        ] {
            Prices::set_result(COIN, Err(error));
            assert_eq!(Margin::health(&sub(ALICE)), Ok(health));
            assert_eq!(
                Margin::charge_fee(&sub(ALICE), fee(0, None)),
                Ok(fee(0, None))
            );
        }
        // What counts nothing may leave.
        assert_ok!(Margin::withdraw(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            coin_params().min_deposit - 1
        ));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn smallest_deposit_should_count_and_make_health_unknown_without_a_price() {
    new_test_ext().execute_with(|| {
        alice_long_with_coins(coin_params().min_deposit);
        Prices::set(COIN, 1_000_000);
        // A hundred thousandth of a coin at 87 %.
        assert_eq!(
            Margin::health(&sub(ALICE)).unwrap().equity,
            Usd(208_700_000)
        );
        assert_eq!(Margin::legs(&sub(ALICE)).len(), 2);
        Prices::set_result(COIN, Err(PriceError::Stale));
        assert_eq!(
            Margin::health(&sub(ALICE)),
            Err(Error::<Test>::PriceStale.into())
        );
    });
}

#[test]
fn health_should_be_at_the_median_when_feeders_disagree() {
    new_test_ext().execute_with(|| {
        alice_long(200);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            10 * COIN_UNIT
        ));
        Prices::set(INDEX, 95);
        Prices::set(COIN, 8);
        let health = Margin::health(&sub(ALICE)).unwrap();
        Prices::set_uncertain(INDEX, 95);
        Prices::set_uncertain(COIN, 8);
        assert_eq!(Margin::health(&sub(ALICE)), Ok(health));
        let breakdown = Margin::margin_breakdown(&sub(ALICE)).unwrap();
        assert_eq!(breakdown.positions[0].mark, usd(95));
        assert_eq!(
            Margin::charge_fee(&sub(ALICE), fee(5, None)),
            Ok(fee(5, None))
        );
        assert_ok!(Margin::do_try_state());
        // A median helps only against the error that liquidation tolerates, and not without one.
        Prices::set_unclean(COIN, PriceError::Recovering, usd(8));
        assert_eq!(
            Margin::health(&sub(ALICE)),
            Err(Error::<Test>::PriceRecovering.into())
        );
        Prices::set_result(COIN, Err(PriceError::Uncertain));
        assert_eq!(
            Margin::health(&sub(ALICE)),
            Err(Error::<Test>::PriceUncertain.into())
        );
    });
}

#[test]
fn owner_should_still_need_clean_prices_when_liquidation_does_not() {
    new_test_ext().execute_with(|| {
        alice_long(60);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            10 * COIN_UNIT
        ));
        let order = exposure(Side::Bid, milli(1_000), usd(100));
        let withdraw = || Margin::withdraw(RuntimeOrigin::signed(ALICE), 0, SETTLEMENT, 1_000_000);
        Prices::set_uncertain(INDEX, 100);
        assert_ok!(Margin::health(&sub(ALICE)));
        assert_noop!(withdraw(), Error::<Test>::PriceUncertain);
        // An order may rest for liquidations, and nobody else fills it.
        assert_ok!(Margin::open_order(&sub(ALICE), &order));
        let fill = fill_of(ALICE, BOB, Side::Ask, milli(1_000), usd(100));
        assert_noop!(
            Margin::settle(&fill),
            FillError::Taker(Error::<Test>::PriceUncertain.into())
        );
        Margin::close_order(&sub(ALICE), &order);
        // 60 of 140 USD are left for initial margin without the coins: enough for 10 units, for 14
        // it is not. For maintenance the coins count.
        Prices::set(INDEX, 100);
        Prices::set_uncertain(COIN, 10);
        assert_eq!(
            Margin::health(&sub(ALICE)).unwrap().equity,
            Usd::dollars(147)
        );
        let order = exposure(Side::Bid, milli(4_000), usd(100));
        assert_noop!(
            Margin::open_order(&sub(ALICE), &order),
            Error::<Test>::InsufficientMargin
        );
        Prices::set(COIN, 10);
        assert_ok!(Margin::open_order(&sub(ALICE), &order));
    });
}

/// What an account owed beyond its collateral, and what was paid of it.
fn absorb(who: u64, pay: &mut dyn FnMut(Usd) -> Usd) -> Result<(Usd, Usd), DispatchError> {
    Margin::absorb(&sub(who), pay).map(|absorbed| (absorbed.shortfall, absorbed.paid))
}

#[test]
fn absorb_should_value_collateral_at_the_median_when_feeders_disagree() {
    new_test_ext().execute_with(|| {
        alice_lost(88);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            COIN_UNIT
        ));
        // 20 owed, 1 coin at 5 USD, of which the fund pays 93.5 % for it.
        Prices::set_uncertain(COIN, 5);
        let absorbed = absorb(ALICE, &mut |asked| Fund::draw(MARKET, asked));
        assert_eq!(absorbed, Ok((Usd(15_325_000), Usd(15_325_000))));
        assert_eq!(Margin::health(&sub(ALICE)).unwrap().equity, Usd::ZERO);
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn charge_fee_should_pay_fund_and_liquidator_when_the_account_can() {
    new_test_ext().execute_with(|| {
        alice_long(100);
        let asked = fee(5, Some((CAROL, 4)));
        assert_eq!(Margin::charge_fee(&sub(ALICE), asked.clone()), Ok(asked));
        assert_eq!(state(ALICE).0, Usd::dollars(91));
        assert_eq!(state(CAROL).0, Usd::dollars(4));
        assert_eq!(Fund::balance(), Usd(FUND.0 + 5_000_000));
        System::assert_last_event(
            Event::LiquidationFeePaid {
                account: sub(ALICE),
                fund: Usd::dollars(5),
                liquidator: Usd::dollars(4),
            }
            .into(),
        );
        // A liquidator may close himself.
        let own = fee(0, Some((ALICE, 3)));
        assert_ok!(Margin::charge_fee(&sub(ALICE), own));
        assert_eq!(state(ALICE).0, Usd::dollars(91));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn charge_fee_should_leave_equity_at_zero_when_asked_for_more() {
    new_test_ext().execute_with(|| {
        alice_long(100);
        Prices::set(INDEX, 91);
        let taken = Margin::charge_fee(&sub(ALICE), fee(20, Some((CAROL, 10)))).unwrap();
        assert_eq!(taken.fund, Usd(6_666_667));
        assert_eq!(taken.liquidator, Some((CAROL, Usd(3_333_333))));
        assert_eq!(Margin::health(&sub(ALICE)).unwrap().equity, Usd::ZERO);
        // Nothing is left to take.
        let nothing = Margin::charge_fee(&sub(ALICE), fee(20, Some((CAROL, 10)))).unwrap();
        assert_eq!(nothing, fee(0, None));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn charge_fee_should_change_nothing_when_health_is_unknown_or_the_fee_is_negative() {
    new_test_ext().execute_with(|| {
        alice_long(100);
        assert_noop!(
            Margin::charge_fee(&sub(ALICE), fee(-1, None)),
            Error::<Test>::ArithmeticOverflow
        );
        assert_noop!(
            Margin::charge_fee(&sub(ALICE), fee(1, Some((BOB, -1)))),
            Error::<Test>::ArithmeticOverflow
        );
        Prices::set_result(INDEX, Err(PriceError::Stale));
        assert_noop!(
            Margin::charge_fee(&sub(ALICE), fee(1, None)),
            Error::<Test>::PriceStale
        );
    });
}

#[test]
fn absorb_should_lift_a_flat_account_to_zero_when_the_payer_can() {
    new_test_ext().execute_with(|| {
        alice_lost(88);
        assert_eq!(state(ALICE).0, Usd::dollars(-20));
        let absorbed = absorb(ALICE, &mut |asked| Fund::draw(MARKET, asked));
        assert_eq!(absorbed, Ok((Usd::dollars(20), Usd::dollars(20))));
        assert!(!Accounts::<Test>::contains_key(sub(ALICE)));
        System::assert_last_event(
            Event::LossAbsorbed {
                account: sub(ALICE),
                shortfall: Usd::dollars(20),
                paid: Usd::dollars(20),
            }
            .into(),
        );
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn absorb_should_leave_the_rest_when_the_payer_has_less() {
    new_test_ext().execute_with(|| {
        Fund::set(Usd::ZERO);
        alice_lost(88);
        let mut asked = Usd::ZERO;
        let absorbed = absorb(ALICE, &mut |amount| {
            asked = amount;
            Usd::ZERO
        });
        assert_eq!(asked, Usd::dollars(20));
        assert_eq!(absorbed, Ok((Usd::dollars(20), Usd::ZERO)));
        assert_eq!(state(ALICE).0, Usd::dollars(-20));
        assert!(Margin::health(&sub(ALICE)).unwrap().is_liquidatable());
    });
}

#[test]
fn absorb_should_use_own_collateral_first_when_there_is_some() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        assert_ok!(Margin::deposit(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            COIN_UNIT
        ));
        fund(BOB, 10_000);
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        Prices::set(INDEX, 88);
        trade(BOB, ALICE, Side::Ask, milli(10_000), usd(88));
        // Owes 20, and has a coin that counts 8.70; the fund takes it for 9.35.
        let absorbed = absorb(ALICE, &mut |asked| Fund::draw(MARKET, asked));
        assert_eq!(absorbed, Ok((Usd(10_650_000), Usd(10_650_000))));
        assert_eq!(state(ALICE).0, Usd::ZERO);
        assert!(!Accounts::<Test>::contains_key(sub(ALICE)));
        assert_eq!(Margin::health(&sub(ALICE)).unwrap().equity, Usd::ZERO);
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn absorb_should_do_nothing_when_nothing_is_owed_or_positions_are_open() {
    new_test_ext().execute_with(|| {
        alice_long(100);
        let absorb = |who| absorb(who, &mut |_| panic!("nobody has to pay"));
        assert_noop!(absorb(ALICE), Error::<Test>::PositionsOpen);
        fund(CAROL, 5);
        assert_eq!(absorb(CAROL), Ok((Usd::ZERO, Usd::ZERO)));
    });
}
