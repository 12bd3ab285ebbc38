//! Random calls keep the registry consistent and inside its bounds.

use crate::mock::*;
use bulwark_primitives::{CollateralParams, MarketId, MarketParams, Price, Quantity, Rate, Tier};
use frame_support::assert_ok;
use proptest::prelude::*;

fn tiers() -> impl Strategy<Value = Tier> {
    prop_oneof![
        Just(Tier::A),
        Just(Tier::B),
        Just(Tier::C),
        Just(Tier::Isolated)
    ]
}

fn rates() -> impl Strategy<Value = Rate> {
    prop_oneof![
        (0u64..=1_100_000_000).prop_map(Rate),
        (0u64..=60_000_000).prop_map(Rate),
        Just(Rate(u64::MAX)),
    ]
}

fn amounts() -> impl Strategy<Value = u128> {
    prop_oneof![
        0u128..10,
        (0u32..127).prop_map(|bits| 1 << bits),
        Just(u128::MAX)
    ]
}

prop_compose! {
    fn market_params()(
        tier in tiers(),
        tick in amounts(),
        lot in amounts(),
        min_order in amounts(),
        margins in (rates(), rates()),
        fees in (rates(), rates(), rates()),
        max_open_interest in amounts(),
        price_band in rates(),
    ) -> MarketParams {
        MarketParams {
            index_asset: BTC,
            tier,
            tick_size: Price(tick),
            lot_size: Quantity(lot),
            min_order: Quantity(min_order),
            initial_margin: margins.0,
            maintenance_margin: margins.1,
            maker_fee: fees.0,
            taker_fee: fees.1,
            liquidation_fee: fees.2,
            max_open_interest: Quantity(max_open_interest),
            price_band,
        }
    }
}

prop_compose! {
    fn collateral_params()(
        tier in tiers(),
        decimals in 0u8..25,
        factors in (rates(), rates()),
        deposit_cap in amounts(),
        min_deposit in amounts(),
    ) -> CollateralParams {
        CollateralParams {
            tier,
            decimals,
            initial_factor: factors.0,
            maintenance_factor: factors.1,
            deposit_cap,
            min_deposit,
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    List(u32, MarketParams),
    Set(u32, MarketParams),
    Collateral(u32, CollateralParams),
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0u32..8, market_params()).prop_map(|(id, params)| Step::List(id, params)),
        (0u32..8, market_params()).prop_map(|(id, params)| Step::Set(id, params)),
        (0u32..8, collateral_params()).prop_map(|(id, params)| Step::Collateral(id, params)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn registry_should_stay_valid_when_any_calls_are_made(steps in prop::collection::vec(steps(), 1..40)) {
        new_test_ext().execute_with(|| {
            for step in steps {
                let root = RuntimeOrigin::root();
                let _ = match step {
                    Step::List(id, params) => Markets::list_market(
                        root, MarketId(id), b"A-USD".to_vec().try_into().unwrap(), params,
                    ),
                    Step::Set(id, params) => Markets::set_market(root, MarketId(id), params),
                    Step::Collateral(id, params) => Markets::set_collateral(root, id, params),
                };
                assert_ok!(Markets::do_try_state());
            }
        });
    }
}
