//! Whatever the input, an answer or an error: never a panic.

use super::*;
use crate::*;
use proptest::prelude::*;

/// The ends, and everything between them at every magnitude.
fn unsigned() -> impl Strategy<Value = u128> {
    prop_oneof![
        1 => Just(0),
        1 => Just(u128::MAX),
        1 => Just(i128::MAX as u128),
        4 => (any::<u128>(), 0u32..128).prop_map(|(v, s)| v >> s),
    ]
}

fn signed() -> impl Strategy<Value = i128> {
    prop_oneof![
        1 => Just(0),
        1 => Just(i128::MIN),
        1 => Just(i128::MAX),
        4 => (any::<i128>(), 0u32..128).prop_map(|(v, s)| v >> s),
    ]
}

fn rate() -> impl Strategy<Value = Rate> {
    prop_oneof![
        Just(Rate(0)),
        Just(Rate::MAX),
        any::<u64>().prop_map(Rate),
        (0u64..2_000_000_000).prop_map(Rate)
    ]
}

fn tiers() -> impl Strategy<Value = [MarginTier; 4]> {
    let tier = || {
        (signed(), rate()).prop_map(|(from, add_on)| MarginTier {
            from: Usd(from),
            add_on,
        })
    };
    [tier(), tier(), tier(), tier()]
}

prop_compose! {
    fn any_input()(
        size in signed(), entry in signed(), mark in unsigned(), initial in rate(), maintenance in rate(),
        bids in unsigned(), asks in unsigned(), bid in signed(), ask in signed(), funding in signed(),
        tiers in tiers(),
    ) -> PositionInput {
        PositionInput {
            size: Size(size),
            entry_notional: Usd(entry),
            mark: Price(mark),
            range: Some((Price(mark / 2), Price(mark))),
            initial_margin: initial,
            maintenance_margin: maintenance,
            tiers,
            profit_share: initial,
            funding,
            orders: OpenOrders {
                bid_quantity: Quantity(bids),
                bid_notional: Usd(bid),
                ask_quantity: Quantity(asks),
                ask_notional: Usd(ask),
            },
        }
    }
}

prop_compose! {
    fn any_health()(v in prop::collection::vec(signed(), 5)) -> Health {
        Health {
            equity: Usd(v[0]),
            initial_equity: Usd(v[1]),
            initial_margin: Usd(v[2]),
            maintenance_margin: Usd(v[3]),
            notional: Usd(v[4]),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn values_should_not_panic(
        a in unsigned(), b in unsigned(), s in signed(), r in rate(), decimals in any::<u8>(),
        flag in any::<bool>(),
    ) {
        let rounding = if flag { Rounding::Up } else { Rounding::Down };
        let _ = notional(Price(a), Quantity(b), rounding);
        let _ = signed_notional(Price(a), Size(s), rounding);
        let _ = collateral_value(a, decimals, Price(b), r);
        let _ = fraction(Usd(s), r, rounding);
        let _ = price_with_rate(Price(a), r, flag, rounding);
        let _ = floor_to_multiple(Quantity(a), Quantity(b));
        let _ = ceil_to_multiple(Quantity(a), Quantity(b));
        let _ = bounds(Price(a), r);
        let _ = fee(Usd(s), r);
        let _ = bucket(s);
        let _ = crowded_rate(r, Quantity(a), Quantity(b), Quantity(a / 2));
        let _ = crowded_factor(r, a, b);
        let _ = crate::funding::premium(Some(Price(a)), Some(Price(b)), Price(b / 2));
        let _ = crate::funding::accrual(FundingRate(s as i64), Price(a), r.0);
        let _ = crate::funding::hourly_rate(FundingRate(s as i64), r, r, Rate(r.0 / 2));
        let _ = crate::funding::payment(Size(s), (b >> 1) as i128);
        let _ = crate::funding::gather(a, b);
    }

    #[test]
    fn positions_and_health_should_not_panic(
        a in signed(), b in signed(), c in signed(), d in signed(),
        positions in prop::collection::vec(any_input(), 0..3),
        collateral in prop::collection::vec((unsigned(), any::<u8>(), unsigned(), rate(), rate()), 0..3),
        health in any_health(),
    ) {
        let _ = apply_trade(Size(a), Usd(b), Size(c), Usd(d));
        let collateral: Vec<_> = collateral
            .into_iter()
            .map(|(amount, decimals, price, initial_factor, maintenance_factor)| CollateralInput {
                amount,
                decimals,
                price: Price(price),
                low: Some(Price(price / 3)),
                initial_factor,
                maintenance_factor,
            })
            .collect();
        let _ = crate::health(Usd(a), &collateral, &positions);
        let _ = withdrawal_requirement(&health);
        for position in &positions {
            let _ = liquidation_price(&health, position);
            let _ = mean_rates(position);
            let _ = size_leg(position.size, position.mark, &position.tiers);
            let _ = size_add_on(position.entry_notional, &position.tiers);
        }
    }

    #[test]
    fn keys_should_not_panic(
        slack in signed(), legs in prop::collection::vec((unsigned(), signed()), 0..6),
    ) {
        let legs: Vec<_> = legs
            .into_iter()
            .map(|(amount, price)| LegInput { amount: Quantity(amount), price })
            .collect();
        match keys(Usd(slack), &legs) {
            Ok(keys) => prop_assert_eq!(keys.len(), legs.len()),
            Err(error) => {
                prop_assert_eq!(error, MathError::Overflow);
                prop_assert!(legs.iter().any(|leg| leg.price == i128::MAX));
            }
        }
    }

    #[test]
    fn closings_should_not_panic(
        size in signed(), mark in unsigned(), rates in (rate(), rate(), rate()), health in any_health(),
        quantity in unsigned(), notional in signed(),
    ) {
        let c = Closing {
            size: Size(size),
            mark: Price(mark),
            initial_rate: rates.0,
            maintenance_rate: rates.1,
            fee_rate: rates.2,
            health,
        };
        let _ = worst_price(&c);
        let _ = bankruptcy_price(&c);
        let _ = fee_room(&c, Quantity(quantity), Usd(notional));
        if let Ok(closed) = quantity_to_restore(&c) {
            prop_assert!(closed <= c.size.quantity());
        }
    }

    #[test]
    fn feeds_and_means_should_not_panic(
        prices in prop::collection::vec((unsigned(), any::<u64>()), 0..9),
        elapsed in any::<u64>(), window in any::<u64>(), a in unsigned(), b in unsigned(),
    ) {
        let mut quotes: Vec<_> = prices
            .into_iter()
            .map(|(price, at)| Quote { price: Price(price), at })
            .collect();
        let _ = aggregate(&mut quotes);
        prop_assert_eq!(mean_update(Price(a), Price(b), elapsed, window).is_err(), window == 0);
    }
}
