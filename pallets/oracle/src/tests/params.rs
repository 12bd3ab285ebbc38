use crate::{
    mock::*, Assets, Error, Event, GuardSettings, Guards, History, Hours, OracleAsset, Quorum,
    ScoreSettings, Scoring, Settings, Tracks, HOUR, MAX_MAX_AGE, MAX_SLASH, MAX_TOLERANCE,
    MIN_MAX_AGE, MIN_TOLERANCE,
};
use bulwark_primitives::{AssetId, Moment, PriceError, Rate, Tier};
use bulwark_traits::PriceSource;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult, Perbill};

fn add(asset: AssetId, tier: Tier) -> DispatchResult {
    PriceOracle::add_asset(RuntimeOrigin::root(), asset, tier, None, None)
}

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
        assert_ok!(add(7, Tier::B));
        let entry = OracleAsset::new(7, Tier::B);
        System::assert_last_event(Event::AssetAdded { entry }.into());
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
        assert_noop!(add(BTC, Tier::A), Error::<Test>::AssetExists);
        assert_noop!(add(SETTLEMENT, Tier::A), Error::<Test>::SettlementAsset);
        assert_noop!(
            PriceOracle::add_asset(RuntimeOrigin::signed(feeder(1)), 9, Tier::A, None, None),
            DispatchError::BadOrigin
        );
        for asset in [9, 5, 7] {
            assert_ok!(add(asset, Tier::A));
        }
        assert_noop!(add(11, Tier::A), Error::<Test>::TooManyAssets);
        let ids: Vec<_> = Assets::<Test>::get().iter().map(|e| e.asset).collect();
        assert_eq!(ids, vec![BTC, ETH, 5, 7, 9]);
    });
}

#[test]
fn asset_should_be_refused_when_its_rules_are_outside_their_bounds() {
    new_test_ext().execute_with(|| {
        let root = RuntimeOrigin::root;
        let bad: [(Option<Moment>, Option<Rate>); 4] = [
            (Some(MIN_MAX_AGE - 1), None),
            (Some(MAX_MAX_AGE + 1), None),
            (None, Some(Rate(MIN_TOLERANCE.0 - 1))),
            (None, Some(Rate(MAX_TOLERANCE.0 + 1))),
        ];
        for (age, tolerance) in bad {
            assert_noop!(
                PriceOracle::add_asset(root(), 9, Tier::A, age, tolerance),
                Error::<Test>::AssetOutOfBounds
            );
            assert_noop!(
                PriceOracle::set_asset(root(), BTC, Tier::A, age, tolerance),
                Error::<Test>::AssetOutOfBounds
            );
        }
        let (age, tolerance) = (Some(MAX_MAX_AGE), Some(MIN_TOLERANCE));
        assert_ok!(PriceOracle::set_asset(root(), BTC, Tier::C, age, tolerance));
        let entry = OracleAsset {
            asset: BTC,
            tier: Tier::C,
            max_age: age,
            tolerance,
        };
        assert_eq!(Assets::<Test>::get()[0], entry);
        System::assert_last_event(Event::AssetSet { entry }.into());
        assert_noop!(
            PriceOracle::set_asset(root(), 9, Tier::A, None, None),
            Error::<Test>::UnknownAsset
        );
        assert_noop!(
            PriceOracle::set_asset(RuntimeOrigin::signed(feeder(1)), BTC, Tier::A, None, None),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn asset_should_stay_when_something_needs_its_price() {
    new_test_ext().execute_with(|| {
        Used::set(vec![BTC]);
        fed_blocks(3, 100);
        assert_noop!(
            PriceOracle::remove_asset(RuntimeOrigin::root(), BTC),
            Error::<Test>::AssetInUse
        );
        assert_eq!(PriceOracle::price(BTC), Ok(usd(100)));
        Used::set(vec![]);
        assert_ok!(PriceOracle::remove_asset(RuntimeOrigin::root(), BTC));
        System::assert_last_event(Event::AssetRemoved { asset: BTC }.into());
    });
}

#[test]
fn nothing_should_be_left_when_an_asset_is_removed_and_listed_again() {
    new_test_ext().execute_with(|| {
        fed_blocks(300, 100);
        assert_ok!(PriceOracle::remove_asset(RuntimeOrigin::root(), BTC));
        assert!(!Tracks::<Test>::contains_key(BTC));
        assert!(!Hours::<Test>::contains_key(BTC));
        assert_eq!(History::<Test>::iter_prefix(BTC).count(), 0);
        assert!(History::<Test>::iter_prefix(ETH).count() > 0);
        assert_eq!(pallet_oracle::RawValues::<Test>::get(feeder(1), BTC), None);
        assert_ok!(PriceOracle::do_try_state());
        // Its first quorum is its first ever: no grace, no old mean.
        assert_ok!(add(BTC, Tier::A));
        next_block();
        assert_eq!(PriceOracle::price(BTC), Err(PriceError::TooFewFeeds));
        fed_blocks(1, 1_000);
        assert_eq!(PriceOracle::price(BTC), Ok(usd(1_000)));
    });
}

#[test]
fn guards_should_be_set_only_inside_their_bounds() {
    new_test_ext().execute_with(|| {
        let normal = Guards::default();
        let bad = [
            Guards {
                quorum_gap: 3_999,
                ..normal
            },
            Guards {
                quorum_gap: 300_001,
                ..normal
            },
            Guards {
                block_gap: 600_001,
                ..normal
            },
            Guards {
                grace: 1_999,
                ..normal
            },
            Guards {
                grace: HOUR + 1,
                ..normal
            },
            Guards {
                quorum_gap: 4_000,
                short_window: 9_999,
                ..normal
            },
            Guards {
                long_window: 299_999,
                ..normal
            },
            Guards {
                long_window: 24 * HOUR + 1,
                ..normal
            },
        ];
        for guards in bad {
            assert_noop!(
                PriceOracle::set_guards(RuntimeOrigin::root(), guards),
                Error::<Test>::GuardsOutOfBounds
            );
        }
        let guards = Guards {
            grace: 300_000,
            ..normal
        };
        assert_noop!(
            PriceOracle::set_guards(RuntimeOrigin::signed(feeder(1)), guards),
            DispatchError::BadOrigin
        );
        assert_ok!(PriceOracle::set_guards(RuntimeOrigin::root(), guards));
        assert_eq!(GuardSettings::<Test>::get(), guards);
        System::assert_last_event(Event::GuardsSet { guards }.into());
    });
}

#[test]
fn scoring_should_be_set_only_inside_its_bounds() {
    new_test_ext().execute_with(|| {
        let normal = Scoring::default();
        let bad = [
            Scoring {
                window: 7,
                max_missed: 4,
                max_outside: 4,
                ..normal
            },
            Scoring {
                window: 65,
                restore: 65,
                ..normal
            },
            Scoring {
                max_missed: 3,
                ..normal
            },
            Scoring {
                max_outside: 65,
                ..normal
            },
            Scoring {
                suspension: 59_999,
                ..normal
            },
            Scoring {
                restore: 63,
                ..normal
            },
            Scoring {
                slash: Perbill::from_parts(MAX_SLASH.deconstruct() + 1),
                ..normal
            },
        ];
        for scoring in bad {
            assert_noop!(
                PriceOracle::set_scoring(RuntimeOrigin::root(), scoring),
                Error::<Test>::ScoringOutOfBounds
            );
        }
        let scoring = Scoring {
            slash: MAX_SLASH,
            ..normal
        };
        assert_noop!(
            PriceOracle::set_scoring(RuntimeOrigin::signed(feeder(1)), scoring),
            DispatchError::BadOrigin
        );
        assert_ok!(PriceOracle::set_scoring(RuntimeOrigin::root(), scoring));
        assert_eq!(ScoreSettings::<Test>::get(), scoring);
        System::assert_last_event(Event::ScoringSet { scoring }.into());
    });
}
