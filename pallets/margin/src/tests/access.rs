//! Isolated accounts and delegates.

use crate::{mock::*, Delegates, Error};
use bulwark_primitives::{CollateralParams, MarketParams, Rate, Side, SubAccount, Tier, Usd};
use bulwark_traits::{OrderMargin, TradingAuthority};
use frame_support::{assert_noop, assert_ok};

fn signed(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn trading_call(index: u8) -> Box<RuntimeCall> {
    Box::new(RuntimeCall::System(frame_system::Call::remark_with_event {
        remark: vec![index],
    }))
}

#[test]
fn isolated_account_should_trade_in_its_market_only() {
    new_test_ext().execute_with(|| {
        assert_noop!(
            Margin::isolate(signed(ALICE), 0, Some(MARKET)),
            Error::<Test>::EmptyAccount
        );
        fund(ALICE, 100);
        assert_noop!(
            Margin::isolate(signed(ALICE), 0, Some(bulwark_primitives::MarketId(99))),
            Error::<Test>::UnknownMarket
        );
        assert_ok!(Margin::isolate(signed(ALICE), 0, Some(MARKET)));
        assert_noop!(
            Margin::open_order(
                &sub(ALICE),
                &exposure_in(OTHER, Side::Bid, milli(1), usd(50))
            ),
            Error::<Test>::IsolatedMarket
        );
        assert_ok!(Margin::open_order(
            &sub(ALICE),
            &exposure(Side::Bid, milli(1), usd(100))
        ));
        assert_noop!(
            Margin::isolate(signed(ALICE), 0, None),
            Error::<Test>::PositionsOpen
        );
        Margin::close_order(&sub(ALICE), &exposure(Side::Bid, milli(1), usd(100)));
        assert_ok!(Margin::isolate(signed(ALICE), 0, None));
        assert_ok!(Margin::open_order(
            &sub(ALICE),
            &exposure_in(OTHER, Side::Bid, milli(1), usd(50))
        ));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn isolated_market_should_be_for_isolated_accounts_only() {
    new_test_ext().execute_with(|| {
        Registry::insert_market(
            MARKET,
            MarketParams {
                tier: Tier::Isolated,
                ..market_params()
            },
        );
        fund(ALICE, 100);
        let order = exposure(Side::Bid, milli(1), usd(100));
        assert_noop!(
            Margin::open_order(&sub(ALICE), &order),
            Error::<Test>::IsolatedMarket
        );
        assert_ok!(Margin::isolate(signed(ALICE), 0, Some(MARKET)));
        assert_ok!(Margin::open_order(&sub(ALICE), &order));
    });
}

#[test]
fn isolated_collateral_should_be_held_and_count_in_isolated_accounts_only() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        assert_ok!(Margin::deposit(signed(ALICE), 0, COIN, COIN_UNIT));
        Registry::insert_collateral(
            COIN,
            CollateralParams {
                tier: Tier::Isolated,
                ..coin_params()
            },
        );
        let initial = |index| {
            Margin::owner_health(&SubAccount::new(ALICE, index))
                .unwrap()
                .initial_equity
        };
        assert_eq!(
            initial(0),
            Usd::dollars(100),
            "what was there before counts nothing for new risk"
        );
        assert_noop!(
            Margin::deposit(signed(ALICE), 0, COIN, COIN_UNIT),
            Error::<Test>::IsolatedCollateral
        );
        assert_ok!(Margin::transfer(
            signed(ALICE),
            0,
            1,
            SETTLEMENT,
            10_000_000
        ));
        assert_noop!(
            Margin::transfer(signed(ALICE), 0, 1, COIN, COIN_UNIT),
            Error::<Test>::IsolatedCollateral
        );
        assert_ok!(Margin::isolate(signed(ALICE), 1, Some(MARKET)));
        assert_ok!(Margin::transfer(signed(ALICE), 0, 1, COIN, COIN_UNIT));
        assert_eq!(initial(1), Usd::dollars(18), "80 % of ten");
        assert_noop!(
            Margin::isolate(signed(ALICE), 1, None),
            Error::<Test>::IsolatedCollateral
        );
    });
}

#[test]
fn delegate_should_trade_and_never_take_anything_out() {
    new_test_ext().execute_with(|| {
        assert_noop!(
            Margin::set_delegate(signed(ALICE), 0, BOB, true),
            Error::<Test>::EmptyAccount
        );
        fund(ALICE, 100);
        let account = sub(ALICE);
        assert!(Margin::may_trade(&ALICE, &account) && !Margin::may_trade(&BOB, &account));
        assert_noop!(
            Margin::trade_as(signed(BOB), ALICE, trading_call(0)),
            Error::<Test>::NotADelegate
        );
        assert_ok!(Margin::set_delegate(signed(ALICE), 0, BOB, true));
        assert_ok!(Margin::set_delegate(signed(ALICE), 0, BOB, true));
        assert_ok!(Margin::trade_as(signed(BOB), ALICE, trading_call(0)));
        System::assert_last_event(
            frame_system::Event::Remarked {
                sender: ALICE,
                hash: <<Test as frame_system::Config>::Hashing as sp_runtime::traits::Hash>::hash(
                    &[0],
                ),
            }
            .into(),
        );
        assert_noop!(
            Margin::trade_as(signed(BOB), ALICE, trading_call(1)),
            Error::<Test>::NotADelegate
        );
        let taking = [
            crate::Call::withdraw {
                sub_account: 0,
                asset: SETTLEMENT,
                amount: 1,
            },
            crate::Call::transfer {
                from_sub: 0,
                to_sub: 1,
                asset: SETTLEMENT,
                amount: 1,
            },
            crate::Call::set_delegate {
                sub_account: 0,
                delegate: CAROL,
                allowed: true,
            },
            crate::Call::trade_as {
                owner: ALICE,
                call: trading_call(0),
            },
        ];
        for call in taking {
            assert_noop!(
                Margin::trade_as(signed(BOB), ALICE, Box::new(RuntimeCall::Margin(call))),
                Error::<Test>::NotATrade
            );
        }
        assert_ok!(Margin::set_delegate(signed(ALICE), 0, BOB, false));
        assert_noop!(
            Margin::trade_as(signed(BOB), ALICE, trading_call(0)),
            Error::<Test>::NotADelegate
        );
    });
}

#[test]
fn delegates_should_end_with_the_account_and_be_few() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        for key in 10..14 {
            assert_ok!(Margin::set_delegate(signed(ALICE), 0, key, true));
        }
        assert_noop!(
            Margin::set_delegate(signed(ALICE), 0, 14, true),
            Error::<Test>::TooManyDelegates
        );
        assert_ok!(Margin::withdraw(signed(ALICE), 0, SETTLEMENT, 100_000_000));
        assert_eq!(Delegates::<Test>::iter().count(), 0);
        assert!(!Margin::may_trade(&10, &sub(ALICE)));
    });
}

#[test]
fn what_if_should_be_what_happens_when_the_order_fills() {
    new_test_ext().execute_with(|| {
        set_fees(0, 5);
        fund(ALICE, 1_000);
        fund(BOB, 10_000);
        let quantity = milli(10_000);
        let told =
            Margin::breakdown_after(&sub(ALICE), MARKET, Side::Bid, quantity, usd(101)).unwrap();
        trade(BOB, ALICE, Side::Bid, quantity, usd(101));
        let found = Margin::margin_breakdown(&sub(ALICE)).unwrap();
        assert_eq!(told, found);
        let told = Margin::breakdown_at(&sub(ALICE), &[(INDEX, usd(90))]).unwrap();
        Prices::set(INDEX, 90);
        assert_eq!(told, Margin::margin_breakdown(&sub(ALICE)).unwrap());
        assert_eq!(told.health.maintenance_margin, Usd::dollars(27));
        assert_eq!(told.ratio, Some(Rate(32_944_259_259)), "889.495 / 27");
    });
}

#[test]
fn limits_should_be_what_is_accepted_and_nothing_more() {
    new_test_ext().execute_with(|| {
        set_fees(0, 0);
        fund(ALICE, 100);
        fund(BOB, 100_000);
        assert_ok!(Margin::deposit(signed(ALICE), 0, COIN, 10 * COIN_UNIT));
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        for side in [Side::Bid, Side::Ask] {
            let most = Margin::max_order(&sub(ALICE), MARKET, side);
            assert!(Margin::open_order(&sub(ALICE), &exposure(side, most, usd(100))).is_ok());
            Margin::close_order(&sub(ALICE), &exposure(side, most, usd(100)));
            let more = bulwark_primitives::Quantity(most.0 + market_params().lot_size.0);
            assert_noop!(
                Margin::open_order(&sub(ALICE), &exposure(side, more, usd(100))),
                Error::<Test>::InsufficientMargin
            );
        }
        // 180 USD of initial equity, a tenth of 1,000 has to stay.
        assert_eq!(Margin::max_withdrawal(&sub(ALICE), SETTLEMENT), 80_000_000);
        let coins = Margin::max_withdrawal(&sub(ALICE), COIN);
        assert!(
            (10 * COIN_UNIT - 1_000..=10 * COIN_UNIT).contains(&coins),
            "{coins}"
        );
        fund(ALICE, 1);
        assert_ok!(Margin::withdraw(signed(ALICE), 0, COIN, coins));
        assert_eq!(Margin::max_withdrawal(&sub(CAROL), COIN), 0);
    });
}
