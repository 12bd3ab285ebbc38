//! The three calls.

use crate::{mock::*, Error, Event, MarketIds, Symbol};
use bulwark_primitives::{MarketId, Price, Quantity, Rate};
use bulwark_traits::MarketRegistry;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError::BadOrigin;

fn symbol(text: &str) -> Symbol {
    text.as_bytes().to_vec().try_into().unwrap()
}

#[test]
fn list_market_should_keep_the_list_in_order_when_ids_come_in_any_order() {
    new_test_ext().execute_with(|| {
        for id in [9, 4] {
            assert_ok!(Markets::list_market(
                RuntimeOrigin::root(),
                MarketId(id),
                symbol("X-USD"),
                market_params()
            ));
        }
        assert_eq!(
            MarketIds::<Test>::get().into_inner(),
            [1, 4, 9].map(MarketId)
        );
        assert_eq!(
            <Markets as MarketRegistry>::market_ids(),
            [1, 4, 9].map(MarketId)
        );
        System::assert_last_event(
            Event::MarketListed {
                market: MarketId(4),
                symbol: symbol("X-USD"),
                params: market_params(),
            }
            .into(),
        );
        assert_ok!(Markets::do_try_state());
    });
}

#[test]
fn list_market_should_fail_when_taken_full_or_invalid() {
    new_test_ext().execute_with(|| {
        let list = |id: u32, name: &str| {
            Markets::list_market(
                RuntimeOrigin::root(),
                MarketId(id),
                symbol(name),
                market_params(),
            )
        };
        assert_noop!(list(1, "A"), Error::<Test>::MarketExists);
        assert_noop!(list(0, "A"), Error::<Test>::ReservedMarket);
        assert_noop!(list(2, "a"), Error::<Test>::InvalidSymbol);
        for id in 2..=4 {
            assert_ok!(list(id, "A"));
        }
        assert_noop!(list(5, "A"), Error::<Test>::TooManyMarkets);
        assert_ok!(Markets::do_try_state());
    });
}

#[test]
fn calls_should_fail_when_the_origin_is_not_the_admin() {
    new_test_ext().execute_with(|| {
        let user = || RuntimeOrigin::signed(1);
        assert_noop!(
            Markets::list_market(user(), MarketId(2), symbol("A"), market_params()),
            BadOrigin
        );
        assert_noop!(
            Markets::set_market(user(), BTC_USD, market_params()),
            BadOrigin
        );
        assert_noop!(
            Markets::set_collateral(user(), BTC, btc_params()),
            BadOrigin
        );
    });
}

#[test]
fn set_market_should_replace_parameters_when_they_are_valid() {
    new_test_ext().execute_with(|| {
        let mut params = market_params();
        params.initial_margin = Rate::percent(8);
        assert_ok!(Markets::set_market(RuntimeOrigin::root(), BTC_USD, params));
        assert_eq!(<Markets as MarketRegistry>::market(BTC_USD), Some(params));
        params.initial_margin = Rate::percent(1);
        assert_noop!(
            Markets::set_market(RuntimeOrigin::root(), BTC_USD, params),
            Error::<Test>::InitialMarginOutOfBounds
        );
        assert_noop!(
            Markets::set_market(RuntimeOrigin::root(), MarketId(7), market_params()),
            Error::<Test>::UnknownMarket
        );
    });
}

#[test]
fn set_market_should_fail_when_it_would_change_what_the_book_is_built_on() {
    new_test_ext().execute_with(|| {
        let set = |change: fn(&mut bulwark_primitives::MarketParams)| {
            let mut params = market_params();
            change(&mut params);
            Markets::set_market(RuntimeOrigin::root(), BTC_USD, params)
        };
        assert_noop!(
            set(|p| p.tick_size = Price(p.tick_size.0 * 2)),
            Error::<Test>::TickOrLotFixed
        );
        assert_noop!(
            set(|p| p.lot_size = Quantity(p.lot_size.0 / 2)),
            Error::<Test>::TickOrLotFixed
        );
        assert_noop!(set(|p| p.index_asset = 3), Error::<Test>::IndexAssetFixed);
        assert_ok!(set(|p| p.min_order = Quantity(p.lot_size.0 * 2)));
    });
}

#[test]
fn set_collateral_should_add_and_replace_when_valid() {
    new_test_ext().execute_with(|| {
        let set = |asset, params| Markets::set_collateral(RuntimeOrigin::root(), asset, params);
        assert_ok!(set(7, btc_params()));
        assert_ok!(set(3, btc_params()));
        let mut params = btc_params();
        params.deposit_cap /= 2;
        assert_ok!(set(7, params));
        assert_eq!(Markets::collateral_at(7, u32::MAX), Some(params));
        assert_noop!(set(8, btc_params()), Error::<Test>::TooManyCollaterals);
        params.decimals = 9;
        assert_noop!(set(7, params), Error::<Test>::DecimalsFixed);
        assert_noop!(set(USDX, btc_params()), Error::<Test>::SettlementFixed);
        let ids: Vec<_> = Markets::list_collaterals()
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        assert_eq!(ids, vec![1, 2, 3, 7]);
        assert_ok!(Markets::do_try_state());
    });
}
