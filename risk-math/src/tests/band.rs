use super::*;
use crate::*;
use proptest::prelude::*;

#[test]
fn mean_should_move_by_the_elapsed_share_of_the_window() {
    let mean = |elapsed| mean_update(price(100), price(200), elapsed, 300_000).unwrap();
    assert_eq!(mean(0), price(100));
    assert_eq!(mean(3_000), price(101));
    assert_eq!(mean(300_000), price(200));
    assert_eq!(mean(u64::MAX), price(200));
}

#[test]
fn mean_should_go_to_the_nearest_unit_when_it_is_not_whole() {
    assert_eq!(mean_update(Price(10), Price(11), 1, 3), Ok(Price(10)));
    assert_eq!(mean_update(Price(10), Price(11), 2, 3), Ok(Price(11)));
    assert_eq!(mean_update(Price(10), Price(11), 1, 2), Ok(Price(11)));
    assert_eq!(
        mean_update(Price(1), Price(1), 1, 0),
        Err(MathError::DivisionByZero)
    );
}

#[test]
fn bounds_should_be_inside_the_band_when_they_round() {
    let band = Rate::percent(5);
    assert_eq!(bounds(price(100), band), Ok((price(95), price(105))));
    assert_eq!(bounds(Price(101), band), Ok((Price(96), Price(106))));
    assert_eq!(bounds(price(100), Rate::ONE), Ok((Price(0), price(200))));
    assert_eq!(
        bounds(price(100), Rate::percent(150)),
        Ok((Price(0), price(250)))
    );
}

proptest! {
    #[test]
    fn mean_should_lie_between_its_inputs_and_be_the_nearest(
        a in any::<u128>(), b in any::<u128>(), elapsed in any::<u64>(), window in 1u64..,
    ) {
        let mean = mean_update(Price(a), Price(b), elapsed, window).unwrap().0;
        prop_assert!(a.min(b) <= mean && mean <= a.max(b));
        let dt = elapsed.min(window);
        let sum = big(b) * big(dt) + big(a) * big(window - dt);
        let off = sum * 2 - big(mean) * 2 * big(window);
        prop_assert!(off >= -big(window) && off <= big(window));
    }

    #[test]
    fn bounds_should_enclose_the_reference(reference in 0u128..1 << 120, band in 0u64..=1_000_000_000) {
        let (low, high) = bounds(Price(reference), Rate(band)).unwrap();
        prop_assert!(low.0 <= reference && reference <= high.0);
        let width = exact(big(reference) * big(band), big(RATE_SCALE), true);
        prop_assert!(big(high.0 - reference) <= width && big(reference - low.0) <= width);
    }
}
