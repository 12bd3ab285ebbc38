//! Premiums: examples by hand, order, additivity, bounds; streams that sum to the premium.

use super::*;
use crate::{cover::*, MathError};
use proptest::prelude::*;

const YEAR: u32 = 15_768_000;
const DAY: u32 = 43_200;
/// Base units of 10^17 USD.
const MOST: i128 = 100_000_000_000_000_000_000_000;

fn terms(sold: i64, capacity: i64, blocks: u32) -> CoverTerms {
    CoverTerms {
        sold: Usd::dollars(sold),
        capacity: Usd::dollars(capacity),
        tail: Rate::percent(5),
        blocks,
        year: YEAR,
    }
}

fn priced(cover: i64, terms: CoverTerms) -> Usd {
    premium(Usd::dollars(cover), &terms, &PremiumCurve::default()).unwrap()
}

#[test]
fn premium_should_be_the_area_under_the_curve() {
    // 0.5 to 2 times a year up to 80 %: (0.5 + 2) / 2 * 5 % of 800.
    assert_eq!(priced(800, terms(0, 1_000, YEAR)), Usd::dollars(50));
    // 2 to 20 times above: (2 + 20) / 2 * 5 % of 200.
    assert_eq!(priced(200, terms(800, 1_000, YEAR)), Usd::dollars(110));
    // Across the bend it is both.
    assert_eq!(priced(1_000, terms(0, 1_000, YEAR)), Usd::dollars(160));
    // Half a year, a day.
    assert_eq!(priced(800, terms(0, 1_000, YEAR / 2)), Usd::dollars(25));
    // 50 / 365, rounded up.
    assert_eq!(priced(800, terms(0, 1_000, DAY)), Usd(136_987));
}

#[test]
fn premium_should_never_be_nothing_when_something_is_covered() {
    let least = CoverTerms {
        tail: Rate(1),
        blocks: 1,
        ..terms(0, 1_000_000_000, 1)
    };
    assert_eq!(
        premium(Usd(1), &least, &PremiumCurve::default()),
        Ok(Usd(1))
    );
    assert_eq!(
        premium(Usd::ZERO, &least, &PremiumCurve::default()),
        Ok(Usd::ZERO)
    );
}

#[test]
fn premium_should_be_an_error_when_it_is_of_more_than_the_capacity() {
    let curve = PremiumCurve::default();
    for (cover, terms, error) in [
        (1, terms(1_000, 1_000, DAY), MathError::Overflow),
        (1_001, terms(0, 1_000, DAY), MathError::Overflow),
        (-1, terms(10, 1_000, DAY), MathError::Overflow),
        (1, terms(-1, 1_000, DAY), MathError::Overflow),
        (1, terms(0, -1_000, DAY), MathError::Overflow),
        (
            1,
            CoverTerms {
                year: 0,
                ..terms(0, 1_000, DAY)
            },
            MathError::DivisionByZero,
        ),
    ] {
        assert_eq!(premium(Usd::dollars(cover), &terms, &curve), Err(error));
    }
    // Nothing of nothing is nothing.
    assert_eq!(priced(0, terms(0, 0, DAY)), Usd::ZERO);
}

#[test]
fn curve_should_be_refused_when_it_falls_or_leaves_its_bounds() {
    let good = PremiumCurve::default();
    assert!(good.is_valid() && good.is_step_from(&good));
    let bad: [fn(&mut PremiumCurve); 8] = [
        |c| c.kink = Rate::ZERO,
        |c| c.kink = Rate::ONE,
        |c| c.at_zero = Rate(PremiumCurve::MIN_AT_ZERO.0 - 1),
        |c| c.at_zero = Rate(c.at_kink.0 + 1),
        |c| c.at_kink = Rate(c.at_full.0 + 1),
        |c| c.at_full = Rate(PremiumCurve::MAX_AT_FULL.0 + 1),
        |c| {
            c.at_kink = Rate(PremiumCurve::MAX_AT_KINK.0 + 1);
            c.at_full = PremiumCurve::MAX_AT_FULL;
        },
        |c| {
            c.at_zero = Rate(PremiumCurve::MAX_AT_ZERO.0 + 1);
            c.at_kink = PremiumCurve::MAX_AT_KINK;
            c.at_full = PremiumCurve::MAX_AT_FULL;
        },
    ];
    for change in bad {
        let mut curve = good;
        change(&mut curve);
        assert!(!curve.is_valid(), "{curve:?}");
    }
    let far: [fn(&mut PremiumCurve); 5] = [
        |c| c.kink = Rate::percent(86),
        |c| c.kink = Rate::percent(74),
        |c| c.at_zero = Rate::percent(101),
        |c| c.at_kink = Rate::percent(99),
        |c| c.at_full = Rate::percent(4_001),
    ];
    for change in far {
        let mut curve = good;
        change(&mut curve);
        assert!(curve.is_valid() && !curve.is_step_from(&good), "{curve:?}");
    }
}

prop_compose! {
    fn curves()(
        kink in 1u32..=99,
        mut values in prop::array::uniform3(0.0f64..1.0),
    ) -> PremiumCurve {
        values.sort_by(f64::total_cmp);
        let between = |low: Rate, high: Rate, part: f64| {
            Rate(low.0 + ((high.0 - low.0) as f64 * part) as u64)
        };
        let low = PremiumCurve::MIN_AT_ZERO;
        let at_zero = between(low, PremiumCurve::MAX_AT_ZERO, values[0]);
        let at_kink = between(low, PremiumCurve::MAX_AT_KINK, values[1]).max(at_zero);
        let at_full = between(low, PremiumCurve::MAX_AT_FULL, values[2]).max(at_kink);
        let curve = PremiumCurve { kink: Rate::percent(kink), at_zero, at_kink, at_full };
        assert!(curve.is_valid());
        curve
    }
}

prop_compose! {
    /// A pool of any size with a part of it sold, and a cover that fits.
    fn sales()(
        capacity in (20u32..77).prop_flat_map(|bits| 1i128..=(1i128 << bits).min(MOST)),
        parts in prop::array::uniform2(0u32..=1_000),
        tail in 1u64..=1_000_000_000,
        blocks in 1u32..=40 * DAY,
    ) -> (Usd, CoverTerms) {
        let sold = capacity * i128::from(parts[0]) / 1_000;
        let cover = (capacity - sold) * i128::from(parts[1]) / 1_000;
        let terms = CoverTerms {
            sold: Usd(sold), capacity: Usd(capacity), tail: Rate(tail), blocks, year: YEAR,
        };
        (Usd(cover), terms)
    }
}

/// What rounding the ends of the slopes up can be worth, in base units, rounded up.
fn slack(cover: Usd, terms: &CoverTerms) -> i128 {
    let fine = big(cover.0) * big(terms.tail.0) * big(terms.blocks) * 4;
    let units = exact(
        fine,
        big(terms.year) * big(1_000_000_000_000_000_000u64),
        true,
    );
    i128::try_from(units).unwrap() + 1
}

proptest! {
    #[test]
    fn premium_should_never_fall_when_use_tail_period_or_cover_rise(
        (cover, terms) in sales(), curve in curves(), more in 1i128..1_000_000, tail in 0u64..1_000_000,
        blocks in 0u32..DAY,
    ) {
        let before = premium(cover, &terms, &curve).unwrap();
        prop_assert!(before > Usd::ZERO || cover.is_zero());
        let dearer = [
            (cover, CoverTerms { sold: Usd(terms.sold.0 + more), ..terms }),
            (Usd(cover.0 + more), terms),
            (cover, CoverTerms { tail: Rate(terms.tail.0 + tail), ..terms }),
            (cover, CoverTerms { blocks: terms.blocks + blocks, ..terms }),
        ];
        for (cover, terms) in dearer {
            // More than the capacity is not sold at any price.
            let after = premium(cover, &terms, &curve).unwrap_or(Usd::MAX);
            prop_assert!(after >= before, "{after:?} {before:?} {terms:?}");
        }
        // A smaller pool is a fuller one.
        let smaller = CoverTerms { capacity: Usd(terms.capacity.0 - more), ..terms };
        if let Ok(after) = premium(cover, &smaller, &curve) {
            prop_assert!(after.0 + slack(cover, &terms) >= before.0);
        }
    }

    #[test]
    fn parts_should_cost_what_the_whole_costs_when_they_are_bought_in_turn(
        (cover, terms) in sales(), curve in curves(), part in 0u32..=1_000,
    ) {
        let whole = premium(cover, &terms, &curve).unwrap().0;
        let first = Usd(cover.0 * i128::from(part) / 1_000);
        let second = Usd(cover.0 - first.0);
        let later = CoverTerms { sold: Usd(terms.sold.0 + first.0), ..terms };
        let parts = premium(first, &terms, &curve).unwrap().0
            + premium(second, &later, &curve).unwrap().0;
        prop_assert!((parts - whole).abs() <= slack(cover, &terms) + 1, "{parts} {whole}");
    }

    #[test]
    fn premium_should_be_within_the_ends_of_its_curve(
        (cover, terms) in sales(), curve in curves()
    ) {
        let paid = premium(cover, &terms, &curve).unwrap().0;
        let flat = |times: Rate, up: bool| {
            let fine = big(cover.0) * big(terms.tail.0) * big(terms.blocks) * big(times.0);
            exact(fine, big(terms.year) * big(1_000_000_000_000_000_000u64), up)
        };
        prop_assert!(big(paid) >= flat(curve.at_zero, false));
        prop_assert!(big(paid) <= flat(curve.at_full, true) + slack(cover, &terms));
    }

    #[test]
    fn stream_should_sum_to_the_premium_exactly(
        paid in 0i128..=MOST, blocks in 1u32..=40 * DAY, at in 0u32..=1_000,
    ) {
        let stream = Stream::of(Usd(paid), blocks).unwrap();
        let done = (u64::from(blocks) * u64::from(at) / 1_000) as u32;
        let sum = stream.over(done).unwrap() + stream.rest(blocks - done).unwrap();
        prop_assert_eq!(whole_premium(sum), Ok((Usd(paid), 0)));
        // Before the end nothing is earned that is not paid for.
        let (early, _) = whole_premium(stream.over(done).unwrap()).unwrap();
        prop_assert!(early.0 <= paid);
        let two = stream.plus(&stream).unwrap();
        prop_assert_eq!(two.minus(&stream), Ok(stream));
        prop_assert!(stream.minus(&two).is_err() || paid == 0);
    }

    #[test]
    fn nothing_should_fail_at_any_size(
        amounts in prop::array::uniform3(any::<i128>()), tail in any::<u64>(), spans in any::<[u32; 2]>(),
        values in any::<[u64; 4]>(),
    ) {
        let [kink, at_zero, at_kink, at_full] = values.map(Rate);
        let curve = PremiumCurve { kink, at_zero, at_kink, at_full };
        let terms = CoverTerms {
            sold: Usd(amounts[0]), capacity: Usd(amounts[1]), tail: Rate(tail), blocks: spans[0], year: spans[1],
        };
        let _ = premium(Usd(amounts[2]), &terms, &curve);
        let _ = (curve.is_valid(), curve.is_step_from(&PremiumCurve::default()));
        if let Ok(stream) = Stream::of(Usd(amounts[0]), spans[0]) {
            let _ = (stream.rest(spans[1]), stream.plus(&stream), whole_premium(stream.rate));
        }
    }
}
