//! Random calls keep the registry consistent and inside its bounds.

use crate::mock::*;
use bulwark_primitives::{
    CollateralParams, FundingParams, MarginTier, MarketId, MarketParams, Price, Quantity, Rate,
    Tier, Usd,
};
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

fn margin_tiers() -> impl Strategy<Value = [MarginTier; 4]> {
    let tier = || {
        (0i64..100_000_000, rates()).prop_map(|(from, add_on)| MarginTier {
            from: Usd::dollars(from),
            add_on,
        })
    };
    prop_oneof![
        Just([MarginTier::UNUSED; 4]),
        [tier(), tier(), tier(), tier()],
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
        margin_tiers in margin_tiers(),
        lower_open_interest in amounts(),
        funding in (rates(), 0i64..1_000_000_000),
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
            margin_tiers,
            lower_open_interest: Quantity(lower_open_interest),
            funding: FundingParams {
                interest: funding.0,
                impact_notional: Usd::dollars(funding.1),
            },
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
        scale_start in amounts(),
    ) -> CollateralParams {
        CollateralParams {
            tier,
            decimals,
            initial_factor: factors.0,
            maintenance_factor: factors.1,
            deposit_cap,
            min_deposit,
            scale_start,
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
