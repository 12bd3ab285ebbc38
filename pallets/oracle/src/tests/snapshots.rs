use crate::{mock::*, Event, Settings};
use bulwark_primitives::{Action, AssetId, Price, PriceError, Rate, Tier, PRICE_SCALE};
use bulwark_risk_math::oracle::{MAX_PRICE, MIN_PRICE};
use bulwark_traits::PriceSource;
use frame_support::assert_ok;

fn price(asset: AssetId) -> Result<Price, PriceError> {
    <PriceOracle as PriceSource>::price(asset)
}

fn price_for(asset: AssetId, action: Action) -> Result<Price, PriceError> {
    <PriceOracle as PriceSource>::price_for(asset, action)
}

const ACTIONS: [Action; 6] = [
    Action::Open,
    Action::Withdraw,
    Action::Liquidate,
    Action::Reduce,
    Action::Deposit,
    Action::Cancel,
];

fn snapshot_events() -> usize {
    let count = System::events()
        .iter()
        .filter(|record| {
            matches!(
                record.event,
                RuntimeEvent::PriceOracle(Event::SnapshotTaken { .. })
            )
        })
        .count();
    System::reset_events();
    count
}

#[test]
fn price_should_be_the_median_of_the_last_block_when_there_is_a_quorum() {
    new_test_ext().execute_with(|| {
        feed(1, BTC, 100);
        feed(2, BTC, 102);
        feed(3, BTC, 101);
        // Nothing that happens inside a block moves the price of that block.
        assert_eq!(price(BTC), Err(PriceError::Halted));
        next_block();
        assert_eq!(price(BTC), Ok(usd(101)));
        let snapshot = PriceOracle::snapshot(BTC).unwrap();
        assert_eq!((snapshot.feeds, snapshot.at), (3, Now::get()));
        assert_eq!(snapshot.age, 2_000);
    });
}

#[test]
fn price_should_be_the_mean_of_the_middle_two_when_feeds_are_even() {
    new_test_ext().execute_with(|| {
        feed(1, BTC, 100);
        feed(3, BTC, 101);
        next_block();
        assert_eq!(price(BTC), Ok(Price(100_500_000_000_000_000_000)));
    });
}

#[test]
fn price_should_be_too_few_feeds_when_the_quorum_is_missed() {
    new_test_ext().execute_with(|| {
        next_block();
        assert_eq!(price(BTC), Err(PriceError::TooFewFeeds));
        feed(1, BTC, 100);
        next_block();
        assert_eq!(price(BTC), Err(PriceError::TooFewFeeds));
        assert_eq!(price(ETH), Err(PriceError::TooFewFeeds));
    });
}

#[test]
fn price_should_never_be_the_old_one_when_feeds_stop() {
    new_test_ext().execute_with(|| {
        feed(1, BTC, 100);
        feed(2, BTC, 100);
        next_block_after(60_000);
        assert_eq!(price(BTC), Ok(usd(100)), "exactly the maximal age is fresh");
        feed(1, BTC, 100);
        next_block_after(1);
        assert_eq!(price(BTC), Err(PriceError::TooFewFeeds), "one is too old");
        next_block_after(60_000);
        assert_eq!(price(BTC), Err(PriceError::Stale), "all are too old");
        // That was an outage: the new price is not the old one, and not yet to be acted on.
        feed(1, BTC, 90);
        feed(2, BTC, 90);
        next_block();
        assert_eq!(price(BTC), Err(PriceError::Recovering));
        let snapshot = PriceOracle::snapshot(BTC).unwrap();
        assert_eq!(snapshot.median, Some(usd(90)));
    });
}

#[test]
fn price_should_be_uncertain_when_feeders_disagree_beyond_the_tier() {
    new_test_ext().execute_with(|| {
        // 2 % of the median is the limit of tier A, 4 % of tier C.
        for (first, last, btc_ok, eth_ok) in [
            (99, 101, true, true),
            (98, 101, false, true),
            (98, 102, false, true),
            (97, 102, false, false),
        ] {
            for asset in [BTC, ETH] {
                feed(1, asset, first);
                feed(2, asset, 100);
                feed(3, asset, last);
                end_block();
            }
            next_block();
            assert_eq!(price(BTC).is_ok(), btc_ok, "{first}..{last}");
            assert_eq!(price(ETH).is_ok(), eth_ok, "{first}..{last}");
            if !btc_ok {
                assert_eq!(price(BTC), Err(PriceError::Uncertain));
                assert!(PriceOracle::snapshot(BTC).unwrap().spread > Rate::percent(2));
            }
        }
    });
}

#[test]
fn median_should_be_for_what_tolerates_the_error_when_feeders_disagree() {
    new_test_ext().execute_with(|| {
        feed(1, BTC, 90);
        feed(2, BTC, 100);
        feed(3, BTC, 120);
        next_block();
        let snapshot = PriceOracle::snapshot(BTC).unwrap();
        assert_eq!(snapshot.price, Err(PriceError::Uncertain));
        assert_eq!(snapshot.median, Some(usd(100)));
        for action in ACTIONS {
            let expected = match action {
                Action::Open | Action::Withdraw => Err(PriceError::Uncertain),
                Action::Liquidate | Action::Reduce | Action::Deposit | Action::Cancel => {
                    Ok(usd(100))
                }
            };
            assert_eq!(price_for(BTC, action), expected, "{action:?}");
        }
        // The error is the same, what liquidation sees is not.
        snapshot_events();
        next_block();
        assert_eq!(snapshot_events(), 0);
        feed(2, BTC, 101);
        next_block();
        assert_eq!(price(BTC), Err(PriceError::Uncertain));
        assert_eq!(price_for(BTC, Action::Liquidate), Ok(usd(101)));
        assert_eq!(snapshot_events(), 1);
    });
}

#[test]
fn every_action_should_get_the_clean_price_when_there_is_one() {
    new_test_ext().execute_with(|| {
        feed(1, BTC, 100);
        feed(2, BTC, 100);
        next_block();
        assert_eq!(PriceOracle::snapshot(BTC).unwrap().median, Some(usd(100)));
        for action in ACTIONS {
            assert_eq!(price_for(BTC, action), Ok(usd(100)), "{action:?}");
            assert_eq!(price_for(SETTLEMENT, action), Ok(usd(1)), "{action:?}");
        }
    });
}

#[test]
fn no_action_should_get_a_price_when_it_is_missing_or_old() {
    new_test_ext().execute_with(|| {
        let none = |error| {
            assert_eq!(
                PriceOracle::snapshot(BTC).and_then(|snapshot| snapshot.median),
                None
            );
            for action in ACTIONS {
                assert_eq!(price_for(BTC, action), Err(error), "{action:?}");
            }
        };
        none(PriceError::Halted);
        feed(1, BTC, 90);
        next_block();
        none(PriceError::TooFewFeeds);
        feed(1, BTC, 90);
        feed(2, BTC, 110);
        next_block();
        assert_eq!(price_for(BTC, Action::Liquidate), Ok(usd(100)));
        next_block_after(60_000);
        none(PriceError::Stale);
    });
}

#[test]
fn price_should_hold_when_one_of_five_feeders_lies() {
    ext_with((1..=5).map(feeder).collect(), 5).execute_with(|| {
        for (who, usd) in [(1, 100), (2, 101), (3, 100), (4, 99)] {
            feed(who, BTC, usd);
        }
        feed_raw(5, BTC, MAX_PRICE);
        next_block();
        assert_eq!(price(BTC), Ok(usd(100)));
    });
}

#[test]
fn feed_should_count_as_not_fed_when_it_cannot_be_a_price() {
    for bad in [0, 1, MIN_PRICE.0 - 1, MAX_PRICE.0 + 1, u128::MAX] {
        new_test_ext().execute_with(|| {
            feed(1, BTC, 100);
            feed_raw(2, BTC, Price(bad));
            next_block();
            assert_eq!(price(BTC), Err(PriceError::TooFewFeeds), "{bad}");
            assert_eq!(PriceOracle::snapshot(BTC).unwrap().feeds, 1);
        });
    }
}

#[test]
fn feed_should_be_fresh_for_as_long_as_the_asset_says_when_it_says_so() {
    new_test_ext().execute_with(|| {
        let set = |age| PriceOracle::set_asset(RuntimeOrigin::root(), BTC, Tier::A, age, None);
        assert_ok!(set(Some(10_000)));
        for asset in [BTC, ETH] {
            everybody(asset, 100);
            end_block();
        }
        next_block_after(10_000);
        assert_eq!(price(BTC), Ok(usd(100)));
        next_block_after(1);
        assert_eq!(price(BTC), Err(PriceError::Stale));
        assert_eq!(price(ETH), Ok(usd(100)), "the quorum's age is 60 s");
    });
}

#[test]
fn spread_should_be_as_large_as_the_asset_says_when_it_says_so() {
    new_test_ext().execute_with(|| {
        let set = |tolerance| {
            PriceOracle::set_asset(RuntimeOrigin::root(), BTC, Tier::A, None, Some(tolerance))
        };
        for (who, usd) in [(1, 97), (2, 100), (3, 102)] {
            feed(who, BTC, usd);
        }
        assert_ok!(set(Rate::percent(5)));
        next_block();
        assert_eq!(price(BTC), Ok(usd(100)));
        assert_ok!(set(Rate::basis_points(499)));
        next_block();
        assert_eq!(price(BTC), Err(PriceError::Uncertain));
    });
}

#[test]
fn settlement_should_be_one_usd_and_strangers_halted_when_asked() {
    new_test_ext().execute_with(|| {
        assert_eq!(price(SETTLEMENT), Ok(Price(PRICE_SCALE)));
        assert_eq!(price(99), Err(PriceError::Halted));
        assert_eq!(PriceOracle::current_price(SETTLEMENT), Ok(usd(1)));
        assert_eq!(PriceOracle::snapshot(99), None);
    });
}

#[test]
fn events_should_be_deposited_only_when_the_answer_changes() {
    new_test_ext().execute_with(|| {
        next_block();
        assert_eq!(snapshot_events(), 2, "two assets without feeds");
        next_block();
        assert_eq!(snapshot_events(), 0);
        feed(1, BTC, 100);
        feed(2, BTC, 100);
        next_block();
        assert_eq!(snapshot_events(), 1);
        next_block();
        assert_eq!(snapshot_events(), 0);
        feed(1, BTC, 101);
        next_block();
        assert_eq!(snapshot_events(), 1);
    });
}

#[test]
fn views_should_list_every_asset_when_snapshots_are_taken() {
    new_test_ext().execute_with(|| {
        feed(1, BTC, 100);
        feed(2, BTC, 100);
        next_block();
        let all = PriceOracle::snapshots();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].1.price, Ok(usd(100)));
        assert_eq!(all[1].1.price, Err(PriceError::TooFewFeeds));
        assert_eq!(Some(all[0].1), PriceOracle::snapshot(BTC));
        assert_eq!(Settings::<Test>::get().min_feeders, 2);
    });
}
