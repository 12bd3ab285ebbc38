//! What a market order of some notional would get.

use crate::{mock::*, Pallet};
use bulwark_primitives::{Price, Usd};
use bulwark_traits::{mock::MARKET, ImpactPrices};
use frame_support::assert_ok;

/// Value of `lots` at `tick`, in `Usd`.
fn worth(lots: u64, tick: u32) -> Usd {
    let (price, quantity) = (price(MARKET, tick), quantity(MARKET, lots));
    bulwark_risk_math::notional(price, quantity, bulwark_risk_math::Rounding::Down).unwrap()
}

#[test]
fn impact_should_be_the_best_price_when_the_first_level_is_enough() {
    run(|| {
        assert_ok!(bid(1, 100, 1_000).place());
        assert_ok!(ask(2, 100, 1_010).place());
        let (sold, bought) = Pallet::<Test>::impact(MARKET, worth(50, 1_000));
        let best = price(MARKET, 1_010);
        assert_eq!(sold, Some(price(MARKET, 1_000)));
        // A buyer's quantity is rounded down, so the mean is a hair dearer.
        let hair = Price(best.0 + best.0 / 1_000_000_000);
        assert!((best..hair).contains(&bought.unwrap()), "{bought:?}");
    });
}

#[test]
fn impact_should_be_the_mean_when_several_levels_are_met() {
    run(|| {
        assert_ok!(bid(1, 100, 1_000).place());
        assert_ok!(bid(1, 100, 900).place());
        let target = Usd(worth(100, 1_000).0 + worth(50, 900).0);
        let (sold, bought) = Pallet::<Test>::impact(MARKET, target);
        // 145,000 for 150 lots.
        let mean = (price(MARKET, 1_000).0 * 100 + price(MARKET, 900).0 * 50) / 150;
        let found = sold.unwrap();
        assert!(
            found <= Price(mean + 1) && found.0 > mean - mean / 1_000_000_000,
            "{found:?}"
        );
        assert_eq!(bought, None);
    });
}

#[test]
fn impact_should_be_none_when_the_side_is_not_deep_enough() {
    run(|| {
        assert_eq!(Pallet::<Test>::impact(MARKET, Usd(1)), (None, None));
        assert_ok!(bid(1, 100, 1_000).place());
        let all = worth(100, 1_000);
        assert!(Pallet::<Test>::impact(MARKET, all).0.is_some());
        assert_eq!(Pallet::<Test>::impact(MARKET, Usd(all.0 + 1)).0, None);
        assert_eq!(Pallet::<Test>::impact(MARKET, Usd(0)), (None, None));
    });
}

#[test]
fn impact_should_be_none_when_crumbs_hide_the_depth() {
    run(|| {
        for n in 0..crate::impact::MAX_LEVELS {
            assert_ok!(bid(1, 1, 1_100 - n).place());
        }
        assert_ok!(bid(2, 1_000, 1_000).place());
        assert_eq!(Pallet::<Test>::impact(MARKET, worth(500, 1_000)).0, None);
    });
}
