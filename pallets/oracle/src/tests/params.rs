use crate::{mock::*, Assets, Error, Event, Quorum, Settings, MAX_MAX_AGE, MIN_MAX_AGE};
use bulwark_primitives::{PriceError, Tier};
use bulwark_traits::PriceSource;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn quorum_should_be_set_when_inside_its_bounds() {
    new_test_ext().execute_with(|| {
        for (min_feeders, max_age) in [(1, MIN_MAX_AGE), (7, MAX_MAX_AGE)] {
            let quorum = Quorum {
                min_feeders,
                max_age,
            };
            assert_ok!(PriceOracle::set_quorum(
                RuntimeOrigin::root(),
                min_feeders,
                max_age
            ));
            assert_eq!(Settings::<Test>::get(), quorum);
            System::assert_last_event(Event::QuorumSet { quorum }.into());
        }
    });
}

#[test]
fn quorum_should_be_refused_when_outside_its_bounds() {
    new_test_ext().execute_with(|| {
        for (min_feeders, max_age) in [
            (0, 60_000),
            (8, 60_000),
            (1, MIN_MAX_AGE - 1),
            (1, MAX_MAX_AGE + 1),
        ] {
            assert_noop!(
                PriceOracle::set_quorum(RuntimeOrigin::root(), min_feeders, max_age),
                Error::<Test>::QuorumOutOfBounds
            );
        }
        assert_noop!(
            PriceOracle::set_quorum(RuntimeOrigin::signed(feeder(1)), 1, 60_000),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn asset_should_have_a_price_when_listed_and_none_when_removed() {
    new_test_ext().execute_with(|| {
        assert_ok!(PriceOracle::add_asset(RuntimeOrigin::root(), 7, Tier::B));
        System::assert_last_event(
            Event::AssetAdded {
                asset: 7,
                tier: Tier::B,
            }
            .into(),
        );
        feed(1, 7, 10);
        feed(2, 7, 10);
        next_block();
        assert_eq!(PriceOracle::price(7), Ok(usd(10)));
        assert_ok!(PriceOracle::remove_asset(RuntimeOrigin::root(), 7));
        assert_eq!(PriceOracle::price(7), Err(PriceError::Halted));
        assert_ok!(PriceOracle::do_try_state());
        assert_noop!(
            PriceOracle::remove_asset(RuntimeOrigin::root(), 7),
            Error::<Test>::UnknownAsset
        );
    });
}

#[test]
fn asset_should_be_refused_when_it_cannot_be_listed() {
    new_test_ext().execute_with(|| {
        let add = |asset| PriceOracle::add_asset(RuntimeOrigin::root(), asset, Tier::A);
        assert_noop!(add(BTC), Error::<Test>::AssetExists);
        assert_noop!(add(SETTLEMENT), Error::<Test>::SettlementAsset);
        assert_noop!(
            PriceOracle::add_asset(RuntimeOrigin::signed(feeder(1)), 9, Tier::A),
            DispatchError::BadOrigin
        );
        for asset in [9, 5, 7] {
            assert_ok!(add(asset));
        }
        assert_noop!(add(11), Error::<Test>::TooManyAssets);
        let ids: Vec<_> = Assets::<Test>::get().iter().map(|e| e.asset).collect();
        assert_eq!(ids, vec![BTC, ETH, 5, 7, 9]);
    });
}
