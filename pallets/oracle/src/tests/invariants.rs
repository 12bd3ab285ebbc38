use crate::mock::*;
use bulwark_primitives::{Action, AssetId, Moment, Price, PriceError, Rate, Tier, PRICE_SCALE};
use bulwark_traits::PriceSource;
use frame_support::assert_ok;
use proptest::prelude::*;
use sp_runtime::Perbill;

#[derive(Clone, Debug)]
enum Step {
    Register(u8, u8, u128),
    Unregister(u8),
    Withdraw(u8),
    AddBond(u8, u128),
    HotKey(u8, u8),
    Claim(u8),
    Resume(u8),
    Admit(u8),
    Remove(u8),
    Slash(u8, u8),
    Feed(u8, AssetId, u128),
    Everybody(AssetId, u128),
    Quorum(u32, Moment),
    Add(AssetId, Option<Moment>),
    Set(AssetId, Rate),
    Drop(AssetId),
    Block(Moment),
    Blocks(u8, AssetId, u128),
}

fn price() -> impl Strategy<Value = u128> {
    prop_oneof![
        1 => prop_oneof![Just(0), Just(1), Just(u128::MAX), any::<u128>()],
        8 => (80..120u128).prop_map(|usd| usd * PRICE_SCALE),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 1..12u8;
    let asset = || 1..8u32;
    prop_oneof![
        2 => (who(), who(), 0..3_000u128).prop_map(|(w, h, b)| Step::Register(w, h, b)),
        1 => who().prop_map(Step::Unregister),
        1 => who().prop_map(Step::Withdraw),
        1 => (who(), 0..2_000u128).prop_map(|(who, amount)| Step::AddBond(who, amount)),
        1 => (who(), who()).prop_map(|(who, hot)| Step::HotKey(who, hot)),
        2 => who().prop_map(Step::Claim),
        1 => who().prop_map(Step::Resume),
        2 => who().prop_map(Step::Admit),
        1 => who().prop_map(Step::Remove),
        1 => (who(), 0..60u8).prop_map(|(who, percent)| Step::Slash(who, percent)),
        5 => (who(), asset(), price()).prop_map(|(who, asset, price)| Step::Feed(who, asset, price)),
        3 => (asset(), price()).prop_map(|(asset, price)| Step::Everybody(asset, price)),
        1 => (0..9u32, 0..100_000u64).prop_map(|(min, age)| Step::Quorum(min, age)),
        1 => (asset(), prop::option::of(0..100_000u64)).prop_map(|(a, age)| Step::Add(a, age)),
        1 => (asset(), 0..300_000_000u64).prop_map(|(a, rate)| Step::Set(a, Rate(rate))),
        1 => asset().prop_map(Step::Drop),
        3 => prop_oneof![4 => 0..90_000u64, 1 => 0..10_000_000u64].prop_map(Step::Block),
        3 => (1..40u8, asset(), price()).prop_map(|(n, asset, price)| Step::Blocks(n, asset, price)),
    ]
}

/// Lets every active feeder feed, if it may.
fn try_everybody(asset: AssetId, price: u128) {
    for who in crate::Feeders::<Test>::get() {
        let values = vec![(asset, Price(price))].try_into().unwrap();
        let _ = Oracle::feed_values(RuntimeOrigin::signed(who), values);
    }
}

fn run(step: Step) {
    let root = RuntimeOrigin::root;
    let signed = |who| RuntimeOrigin::signed(feeder(who));
    let call = |call: crate::Call<Test>, origin: RuntimeOrigin| {
        use sp_runtime::traits::Dispatchable;
        // Refusals are part of the game, and change nothing.
        let _ = RuntimeCall::PriceOracle(call).dispatch(origin);
    };
    match step {
        Step::Register(who, hot, bond) => {
            let hot_key = feeder(hot);
            call(crate::Call::register_feeder { hot_key, bond }, signed(who));
        }
        Step::Unregister(who) => call(crate::Call::unregister_feeder {}, signed(who)),
        Step::Withdraw(who) => call(crate::Call::withdraw_bond {}, signed(who)),
        Step::AddBond(who, amount) => call(crate::Call::add_bond { amount }, signed(who)),
        Step::HotKey(who, hot) => {
            let hot_key = feeder(hot);
            call(crate::Call::set_hot_key { hot_key }, signed(who));
        }
        Step::Claim(who) => call(crate::Call::claim_seat {}, signed(who)),
        Step::Resume(who) => call(crate::Call::resume_feeder {}, signed(who)),
        Step::Admit(who) => call(crate::Call::admit_feeder { who: feeder(who) }, root()),
        Step::Remove(who) => call(crate::Call::remove_feeder { who: feeder(who) }, root()),
        Step::Slash(who, percent) => {
            let share = Perbill::from_percent(percent.into());
            let who = feeder(who);
            call(crate::Call::slash_feeder { who, share }, root());
        }
        Step::Feed(who, asset, price) => {
            let values = vec![(asset, Price(price))].try_into().unwrap();
            let _ = Oracle::feed_values(signed(who), values);
        }
        Step::Everybody(asset, price) => try_everybody(asset, price),
        Step::Quorum(min_feeders, max_age) => {
            let call_ = crate::Call::set_quorum {
                min_feeders,
                max_age,
            };
            call(call_, root());
        }
        Step::Add(asset, max_age) => {
            let added = crate::Call::add_asset {
                asset,
                tier: Tier::Isolated,
                max_age,
                tolerance: None,
            };
            call(added, root());
        }
        Step::Set(asset, rate) => {
            let set = crate::Call::set_asset {
                asset,
                tier: Tier::A,
                max_age: None,
                tolerance: Some(rate),
            };
            call(set, root());
        }
        Step::Drop(asset) => call(crate::Call::remove_asset { asset }, root()),
        Step::Block(millis) => {
            next_block_after(millis);
            no_old_prices();
        }
        Step::Blocks(count, asset, price) => {
            for _ in 0..count {
                try_everybody(asset, price);
                next_block();
                no_old_prices();
            }
        }
    }
    assert_ok!(PriceOracle::do_try_state());
}

/// No price is ever an old one: it has a quorum of fresh, possible feeds of active feeders behind it
/// and lies between the lowest and the highest of them. Of one that deviates liquidation gets what lies
/// between the mean and it.
fn no_old_prices() {
    let quorum = crate::Settings::<Test>::get();
    for entry in crate::Assets::<Test>::get() {
        let asset = entry.asset;
        let age = entry.max_age.unwrap_or(quorum.max_age);
        let fresh: Vec<Price> = crate::Feeders::<Test>::get()
            .iter()
            .filter_map(|who| pallet_oracle::RawValues::<Test>::get(who, asset))
            .filter(|fed| bulwark_risk_math::oracle::is_price(fed.value))
            .filter(|fed| Now::get() - fed.timestamp <= age)
            .map(|fed| fed.value)
            .collect();
        let snapshot = PriceOracle::snapshot(asset).unwrap();
        if fresh.len() != snapshot.feeds as usize {
            // Somebody was suspended after the snapshot: the next one is without it.
            continue;
        }
        let backed = |price: Price| {
            assert!(fresh.len() >= quorum.min_feeders as usize);
            assert!(fresh.iter().min().unwrap() <= &price);
            assert!(fresh.iter().max().unwrap() >= &price);
        };
        let clean = PriceOracle::price(asset);
        let closing = PriceOracle::price_for(asset, Action::Liquidate);
        assert_eq!(PriceOracle::price_for(asset, Action::Open), clean);
        let tolerated = [PriceError::Uncertain, PriceError::Deviating];
        if !clean.is_err_and(|error| tolerated.contains(&error)) {
            assert_eq!(closing, clean);
        }
        match clean {
            Ok(price) => backed(price),
            Err(PriceError::Uncertain) => backed(closing.unwrap()),
            Err(PriceError::Deviating) => {
                let median = PriceOracle::price_for(asset, Action::Deposit).unwrap();
                backed(median);
                let (closing, mean) = (closing.unwrap(), PriceOracle::means(asset).unwrap().short);
                assert!(median.min(mean) <= closing && closing <= median.max(mean));
            }
            Err(PriceError::Recovering) => {
                backed(PriceOracle::price_for(asset, Action::Deposit).unwrap());
            }
            Err(PriceError::TooFewFeeds) => assert!(fresh.len() < quorum.min_feeders as usize),
            Err(PriceError::Stale) => assert!(fresh.is_empty()),
            Err(PriceError::Halted) => panic!("a listed asset whose formulas failed"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn invariants_should_hold_when_anything_happens_in_any_order(
        steps in prop::collection::vec(step(), 1..80),
    ) {
        new_test_ext().execute_with(|| steps.into_iter().for_each(run));
    }
}
