//! Fees by tier of volume.

use crate::{
    fees::{decayed, fill_fees},
    mock::*,
    Desks, Error, FeeTier, Schedule,
};
use bulwark_primitives::{FillFees, FillKind, MakerFee, MarketParams, Rate, Usd};
use bulwark_traits::mock::{market_params, Registry};
use frame_support::{assert_noop, assert_ok};
use proptest::prelude::*;
use sp_runtime::DispatchError;

const DAY: u64 = 24 * 3_600_000;

fn tier(min_volume: i64, taker: u32, maker: u32, rebate: u32) -> FeeTier {
    FeeTier {
        min_volume: Usd::dollars(min_volume),
        taker: Rate::percent(taker),
        maker: Rate::percent(maker),
        rebate: Rate::percent(rebate),
    }
}

fn schedule(tiers: &[FeeTier]) -> Schedule {
    Schedule {
        tiers: tiers.to_vec().try_into().unwrap(),
        ..Default::default()
    }
}

fn set(tiers: &[FeeTier]) -> Result<(), DispatchError> {
    OrderBook::set_schedule(RuntimeOrigin::root(), schedule(tiers))
}

/// A market with a maker fee of 2 and a taker fee of 5 basis points.
fn with_fees() -> MarketParams {
    MarketParams {
        maker_fee: Rate::basis_points(2),
        taker_fee: Rate::basis_points(5),
        ..market_params()
    }
}

fn last_fees() -> FillFees {
    LastFees::get().unwrap()
}

#[test]
fn schedule_should_be_refused_when_it_breaks_a_bound() {
    run(|| {
        let bad: [&[FeeTier]; 6] = [
            &[tier(10, 90, 90, 0), tier(10, 80, 80, 0)],
            &[tier(0, 90, 90, 0)],
            &[tier(10, 80, 80, 0), tier(20, 90, 80, 0)],
            &[tier(10, 80, 80, 0), tier(20, 80, 90, 0)],
            &[tier(10, 101, 80, 0)],
            // A rebate of the first tier above the taker fee of the last.
            &[tier(10, 80, 80, 50), tier(20, 40, 0, 0)],
        ];
        for tiers in bad {
            assert_noop!(set(tiers), Error::<Test>::BadSchedule);
        }
        let dear = Schedule {
            unfilled_fee: Usd::dollars(2),
            ..Default::default()
        };
        assert_noop!(
            OrderBook::set_schedule(RuntimeOrigin::root(), dear),
            Error::<Test>::BadSchedule
        );
        assert_noop!(
            OrderBook::set_schedule(RuntimeOrigin::signed(1), schedule(&[])),
            DispatchError::BadOrigin
        );
        assert_ok!(set(&[tier(10, 80, 80, 0), tier(20, 40, 0, 40)]));
    });
}

#[test]
fn fees_should_be_those_of_the_market_when_there_is_no_tier() {
    run(|| {
        Registry::insert_market(MARKET, with_fees());
        assert_ok!(ask(1, 5, 1_000).place());
        assert_ok!(bid(2, 5, 1_000).place());
        let expected = FillFees {
            maker: MakerFee::Pays(Rate::basis_points(2)),
            taker: Rate::basis_points(5),
        };
        assert_eq!(last_fees(), expected);
        assert_eq!(Desks::<Test>::get(account(1)).volume, Usd::ZERO);
    });
}

#[test]
fn fees_should_fall_with_the_volume_of_each_side() {
    run(|| {
        Registry::insert_market(MARKET, with_fees());
        assert_ok!(set(&[tier(1, 80, 50, 0), tier(2, 60, 0, 40)]));
        let trade = |maker, taker, lots| {
            assert_ok!(ask(maker, lots, 1_000).place());
            assert_ok!(bid(taker, lots, 1_000).place());
            last_fees()
        };
        // 0.01 at 100 USD is one USD.
        assert_eq!(trade(1, 2, 10).taker, Rate::basis_points(5));
        let fees = trade(1, 2, 10);
        assert_eq!(fees.maker, MakerFee::Pays(Rate::basis_points(1)));
        assert_eq!(fees.taker, Rate::basis_points(4));
        let fees = trade(1, 3, 10);
        assert_eq!(fees.maker, MakerFee::Gets(Rate::basis_points(2)));
        assert_eq!(fees.taker, Rate::basis_points(5));
        assert_eq!(OrderBook::volume_of(&account(1)), Usd::dollars(3));
        // A month later it is as if there were nothing.
        Now::set(Now::get() + 90 * DAY);
        assert!(OrderBook::volume_of(&account(1)) < Usd::dollars(1));
        assert_eq!(trade(1, 2, 10).maker, MakerFee::Pays(Rate::basis_points(2)));
    });
}

#[test]
fn maker_should_get_no_rebate_when_the_taker_is_liquidated() {
    let rebate = tier(1, 50, 0, 50);
    let fees = fill_fees(&with_fees(), &rebate, &rebate, FillKind::Liquidation).unwrap();
    assert_eq!(fees.maker, MakerFee::Gets(Rate::ZERO));
}

#[test]
fn volume_should_lose_a_thirtieth_a_day() {
    let volume = Usd::dollars(3_000);
    assert_eq!(decayed(volume, 0), Ok(volume));
    let day = decayed(volume, 1).unwrap();
    assert!(day <= Usd::dollars(2_900) && day >= Usd(2_899_999_000));
    // (29/30)^30 = 0.3617.
    let month = decayed(volume, 30).unwrap();
    assert!(
        month > Usd::dollars(1_084) && month < Usd::dollars(1_086),
        "{month:?}"
    );
    assert_eq!(decayed(volume, 5_000), Ok(Usd::ZERO));
    assert_eq!(decayed(Usd::MAX, u32::MAX), Ok(Usd::ZERO));
}

proptest! {
    #[test]
    fn taker_should_pay_what_the_maker_gets_in_every_valid_schedule(
        raw in prop::collection::vec((1i64..20, 0u32..101, 0u32..101, 0u32..101), 0..5),
        fee in 0u32..101,
    ) {
        let (mut volume, mut taker, mut maker) = (0, 100, 100);
        let mut tiers = vec![];
        for (step, of_taker, of_maker, rebate) in raw {
            (volume, taker, maker) = (volume + step, taker.min(of_taker), maker.min(of_maker));
            tiers.push((volume, maker, rebate, taker));
        }
        let tiers: Vec<FeeTier> = tiers
            .into_iter()
            // No rebate is above the least of the taker shares, which is the last.
            .map(|(volume, maker, rebate, own)| tier(volume, own, maker, rebate.min(taker)))
            .collect();
        let schedule = schedule(&tiers);
        prop_assert!(schedule.is_valid());
        let params = MarketParams { taker_fee: Rate::basis_points(fee), ..market_params() };
        for maker in 0..99 {
            for taker in [0, 50, 99] {
                let maker = schedule.tier(Usd::dollars(maker));
                let taker = schedule.tier(Usd::dollars(taker));
                let fees = fill_fees(&params, &maker, &taker, FillKind::Trade).unwrap();
                if let MakerFee::Gets(rebate) = fees.maker {
                    prop_assert!(rebate <= fees.taker);
                }
            }
        }
    }
}
