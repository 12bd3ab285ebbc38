use super::*;
use crate::*;
use proptest::prelude::*;

fn traded(s: i128, entry: i64, delta: i128, cost: i64) -> (Size, Usd, Usd) {
    let t = apply_trade(
        size(s),
        Usd::dollars(entry),
        size(delta),
        Usd::dollars(cost),
    )
    .unwrap();
    (t.size, t.entry_notional, t.realised)
}

#[test]
fn entry_should_grow_when_the_trade_has_the_same_direction() {
    assert_eq!(
        traded(0, 0, 2, 200),
        (size(2), Usd::dollars(200), Usd::ZERO)
    );
    assert_eq!(
        traded(2, 200, 1, 130),
        (size(3), Usd::dollars(330), Usd::ZERO)
    );
    assert_eq!(
        traded(-2, -200, -1, -90),
        (size(-3), Usd::dollars(-290), Usd::ZERO)
    );
}

#[test]
fn profit_should_be_realised_in_proportion_when_the_position_shrinks() {
    // Long 4 at 100; 1 sold at 130.
    assert_eq!(
        traded(4, 400, -1, -130),
        (size(3), Usd::dollars(300), Usd::dollars(30))
    );
    // Short 4 at 100; 1 bought back at 130.
    assert_eq!(
        traded(-4, -400, 1, 130),
        (size(-3), Usd::dollars(-300), Usd::dollars(-30))
    );
}

#[test]
fn entry_should_be_zero_when_the_position_is_closed() {
    assert_eq!(
        traded(4, 400, -4, -360),
        (size(0), Usd::ZERO, Usd::dollars(-40))
    );
    assert_eq!(
        traded(-4, -400, 4, 360),
        (size(0), Usd::ZERO, Usd::dollars(40))
    );
}

#[test]
fn position_should_be_closed_then_opened_at_the_trades_price_when_it_flips() {
    // Long 1 at 100; 3 sold at 120: 20 of profit, short 2 at 120.
    assert_eq!(
        traded(1, 100, -3, -360),
        (size(-2), Usd::dollars(-240), Usd::dollars(20))
    );
    assert_eq!(
        traded(-1, -100, 3, 360),
        (size(2), Usd::dollars(240), Usd::dollars(-20))
    );
}

#[test]
fn entry_should_round_down_when_it_does_not_divide() {
    let t = apply_trade(Size(3), Usd(100), Size(-1), Usd(-40)).unwrap();
    assert_eq!((t.entry_notional, t.realised), (Usd(66), Usd(6)));
    let t = apply_trade(Size(-3), Usd(-100), Size(1), Usd(40)).unwrap();
    assert_eq!((t.entry_notional, t.realised), (Usd(-67), Usd(-7)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn value_should_be_conserved_exactly_by_every_trade(
        s in -(10i128.pow(30))..10i128.pow(30), delta in -(10i128.pow(30))..10i128.pow(30),
        entry in 0i128..10i128.pow(20), cost in 0i128..10i128.pow(20), flat in 0..8,
    ) {
        let delta = if flat == 0 { -s } else { delta };
        let (entry, cost) = (entry * s.signum(), cost * delta.signum());
        let t = apply_trade(Size(s), Usd(entry), Size(delta), Usd(cost)).unwrap();
        prop_assert_eq!(t.size.0, s + delta);
        prop_assert_eq!(t.realised.0 - t.entry_notional.0, -entry - cost);
        // The entry has the position's sign, or is nothing.
        prop_assert!(t.entry_notional.0 == 0 || t.entry_notional.0.signum() == t.size.0.signum());
        if t.size.is_zero() {
            prop_assert!(t.entry_notional.is_zero());
        }
        if s.signum() * delta.signum() >= 0 && !t.size.is_zero() {
            prop_assert!(t.realised.is_zero());
        }
    }

    #[test]
    fn average_entry_should_stay_when_the_position_shrinks(
        s in 2i128..10i128.pow(30), part in 1u64..1_000_000, entry in 0i128..10i128.pow(20),
    ) {
        let delta = -(s / 1_000_000 * i128::from(part)).max(1);
        prop_assume!(-delta < s);
        let t = apply_trade(Size(s), Usd(entry), Size(delta), Usd(-1)).unwrap();
        let expected = exact(big(entry) * big(s + delta), big(s), false);
        prop_assert_eq!(big(t.entry_notional.0), expected);
    }

    #[test]
    fn sum_of_both_sides_should_not_change_when_they_trade(
        trades in prop::collection::vec((-1_000i128..1_000, 1i128..1_000), 1..30),
    ) {
        let (mut a, mut b) = ((Size(0), Usd(0), 0i128), (Size(0), Usd(0), 0i128));
        for (delta, unit_price) in trades {
            let cost = delta * unit_price;
            for (side, sign) in [(&mut a, 1), (&mut b, -1)] {
                let t = apply_trade(side.0, side.1, Size(sign * delta), Usd(sign * cost)).unwrap();
                *side = (t.size, t.entry_notional, side.2 + t.realised.0);
            }
            prop_assert_eq!(a.0 .0 + b.0 .0, 0);
            prop_assert_eq!(a.2 - a.1 .0 + b.2 - b.1 .0, 0);
        }
    }
}
