use crate::mock::*;
use bulwark_primitives::{Action, AssetId, Moment, Price, PriceError, Tier};
use bulwark_traits::PriceSource;
use frame_support::assert_ok;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Register(u8),
    Unregister(u8),
    Admit(u8),
    Remove(u8),
    Feed(u8, AssetId, u128),
    Quorum(u32, Moment),
    Add(AssetId),
    Drop(AssetId),
    Block(Moment),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 1..10u8;
    let asset = 1..8u32;
    prop_oneof![
        1 => who.clone().prop_map(Step::Register),
        1 => who.clone().prop_map(Step::Unregister),
        1 => who.clone().prop_map(Step::Admit),
        1 => who.clone().prop_map(Step::Remove),
        4 => (who, asset.clone(), prop_oneof![Just(0), 1..200u128, Just(u128::MAX)])
            .prop_map(|(who, asset, price)| Step::Feed(who, asset, price)),
        1 => (0..9u32, 0..100_000u64).prop_map(|(min, age)| Step::Quorum(min, age)),
        1 => asset.clone().prop_map(Step::Add),
        1 => asset.prop_map(Step::Drop),
        3 => (0..90_000u64).prop_map(Step::Block),
    ]
}

fn run(step: Step) {
    let root = RuntimeOrigin::root;
    let signed = |who| RuntimeOrigin::signed(feeder(who));
    // Refusals are part of the game.
    let _ = match step {
        Step::Register(who) => PriceOracle::register_feeder(signed(who)),
        Step::Unregister(who) => PriceOracle::unregister_feeder(signed(who)),
        Step::Admit(who) => PriceOracle::admit_feeder(root(), feeder(who)),
        Step::Remove(who) => PriceOracle::remove_feeder(root(), feeder(who)),
        Step::Feed(who, asset, price) => {
            let values = vec![(asset, Price(price))].try_into().unwrap();
            let _ = Oracle::feed_values(signed(who), values);
            Ok(())
        }
        Step::Quorum(min, age) => PriceOracle::set_quorum(root(), min, age),
        Step::Add(asset) => PriceOracle::add_asset(root(), asset, Tier::Isolated),
        Step::Drop(asset) => PriceOracle::remove_asset(root(), asset),
        Step::Block(millis) => {
            next_block_after(millis);
            no_old_prices();
            Ok(())
        }
    };
    assert_ok!(PriceOracle::do_try_state());
}

/// Neither a clean price nor what liquidation gets is ever an old one: it has a quorum of fresh,
/// positive feeds of admitted feeders behind it and lies between the lowest and the highest of them.
fn no_old_prices() {
    let quorum = crate::Settings::<Test>::get();
    for asset in 1..8 {
        if asset == SETTLEMENT {
            continue;
        }
        let fresh: Vec<Price> = crate::Feeders::<Test>::get()
            .iter()
            .filter_map(|who| pallet_oracle::RawValues::<Test>::get(who, asset))
            .filter(|fed| !fed.value.is_zero() && Now::get() - fed.timestamp <= quorum.max_age)
            .map(|fed| fed.value)
            .collect();
        let backed = |price: Price| {
            assert!(fresh.len() >= quorum.min_feeders as usize);
            assert!(fresh.iter().min().unwrap() <= &price);
            assert!(fresh.iter().max().unwrap() >= &price);
        };
        let clean = PriceOracle::price(asset);
        let closing = PriceOracle::price_for(asset, Action::Liquidate);
        assert_eq!(PriceOracle::price_for(asset, Action::Open), clean);
        if clean != Err(PriceError::Uncertain) {
            assert_eq!(closing, clean);
        }
        match clean {
            Ok(price) => backed(price),
            Err(PriceError::Uncertain) => backed(closing.unwrap()),
            Err(PriceError::TooFewFeeds) => assert!(fresh.len() < quorum.min_feeders as usize),
            Err(PriceError::Stale) => assert!(fresh.is_empty()),
            Err(PriceError::Halted | PriceError::Deviating) => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn invariants_should_hold_when_anything_happens_in_any_order(
        steps in prop::collection::vec(step(), 1..50),
    ) {
        new_test_ext().execute_with(|| steps.into_iter().for_each(run));
    }
}
