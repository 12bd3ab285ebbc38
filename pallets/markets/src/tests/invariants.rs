//! Random calls keep the registry consistent and inside its bounds.

use crate::mock::*;
use bulwark_primitives::{
    CollateralParams, FundingParams, MarginTier, MarketId, MarketParams, Price, Quantity, Rate,
    Tier, Usd,
};
use bulwark_traits::{MarginMoves, MarketRegistry, MoveObserver};
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
    Nudge(i64, i64),
    Moves(Rate, Rate),
    Expose(bool),
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0u32..8, market_params()).prop_map(|(id, params)| Step::List(id, params)),
        (0u32..8, market_params()).prop_map(|(id, params)| Step::Set(id, params)),
        (0u32..8, collateral_params()).prop_map(|(id, params)| Step::Collateral(id, params)),
        (-30i64..=30, -30i64..=30).prop_map(|(a, b)| Step::Nudge(a, b)),
        (-30i64..=30, -30i64..=30).prop_map(|(a, b)| Step::Nudge(a, b)),
        (rates(), rates()).prop_map(|(a, b)| Step::Moves(a, b)),
        any::<bool>().prop_map(Step::Expose),
        (1u64..60_000).prop_map(Step::Wait),
    ]
}

/// Moves every number of a known market and asset by some tenths of a percent, up or down.
fn nudge(up: i64, down: i64) {
    let moved = |rate: Rate, by: i64| Rate(rate.0.saturating_add_signed(by * 1_000_000));
    let scaled = |value: u128, by: i64| {
        value * (100 + by as u128 % 50) / (100 + by.unsigned_abs() as u128 % 40)
    };
    if let Some(record) = crate::Markets::<Test>::get(BTC_USD) {
        let mut params = record.governed.to;
        params.initial_margin = moved(params.initial_margin, up);
        params.maintenance_margin = moved(params.maintenance_margin, down);
        params.liquidation_fee = moved(params.liquidation_fee, up / 6);
        params.taker_fee = moved(params.taker_fee, up / 30);
        params.price_band = moved(params.price_band, down);
        params.lower_open_interest = Quantity(scaled(params.lower_open_interest.0, up.abs()));
        params.max_open_interest = Quantity(scaled(params.max_open_interest.0, down.abs()));
        params.tier = if up > 10 { Tier::B } else { Tier::A };
        let _ = Markets::set_market(RuntimeOrigin::root(), BTC_USD, params);
    }
    if let Some(record) = crate::Collaterals::<Test>::get(BTC) {
        let mut params = record.to;
        params.initial_factor = moved(params.initial_factor, up);
        params.maintenance_factor = moved(params.maintenance_factor, down);
        params.deposit_cap = scaled(params.deposit_cap, up.abs());
        params.tier = if down > 10 { Tier::B } else { Tier::A };
        let _ = Markets::set_collateral(RuntimeOrigin::root(), BTC, params);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn registry_should_stay_valid_when_any_calls_are_made(steps in prop::collection::vec(steps(), 1..60)) {
        new_test_ext().execute_with(|| {
            for step in steps {
                let root = RuntimeOrigin::root();
                let before = maintenance();
                let waited = matches!(step, Step::Wait(_));
                let _ = match step {
                    Step::List(id, params) => Markets::list_market(
                        root, MarketId(id), b"A-USD".to_vec().try_into().unwrap(), params,
                    ),
                    Step::Set(id, params) => Markets::set_market(root, MarketId(id), params),
                    Step::Collateral(id, params) => Markets::set_collateral(root, id, params),
                    Step::Nudge(up, down) => { nudge(up, down); Ok(()) }
                    Step::Moves(initial, maintenance) => {
                        Markets::moves_changed(BTC, MarginMoves { initial, maintenance });
                        Ok(())
                    }
                    Step::Expose(open) => {
                        Exposed::set(if open { vec![BTC_USD] } else { vec![] });
                        Ok(())
                    }
                    Step::Wait(blocks) => {
                        System::set_block_number(System::block_number() + blocks);
                        Ok(())
                    }
                };
                // No call and no move liquidates anybody: what maintenance asks for only ramps.
                if !waited {
                    prop_assert_eq!(before, maintenance());
                }
                assert_ok!(Markets::do_try_state());
            }
            Ok(())
        })?;
    }
}

/// Maintenance margin of the genesis market and maintenance factor of the genesis collateral.
fn maintenance() -> (Rate, Rate) {
    (
        <Markets as MarketRegistry>::market(BTC_USD)
            .unwrap()
            .maintenance_margin,
        <Markets as MarketRegistry>::collateral(BTC)
            .unwrap()
            .maintenance_factor,
    )
}
