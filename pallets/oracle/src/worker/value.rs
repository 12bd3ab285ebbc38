//! The feeder's own value of an asset: a median from which outliers are taken out.

use alloc::vec::Vec;
use bulwark_primitives::{Moment, Price, Rate, RATE_SCALE};
use bulwark_risk_math::{aggregate, mul_div, Quote, Rounding};

/// How far from the median a quote counts, as a fraction of it: the spread up to which a snapshot of
/// tier A is a clean price.
pub(super) const OUTLIER_LIMIT: Rate = Rate::percent(2);

/// Fewest quotes among which one can be an outlier. Of two that disagree nobody knows which is wrong.
const MIN_FOR_OUTLIERS: usize = 3;

/// What the sources of one asset say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// What is fed.
    pub price: Price,
    /// Quotes from here
    pub low: Price,
    /// to here count; those outside are outliers.
    pub high: Price,
}

impl Value {
    pub(super) fn counts(&self, price: Price) -> bool {
        (self.low..=self.high).contains(&price)
    }
}

/// The median of the quotes within [`OUTLIER_LIMIT`] of the median of all.
///
/// All count when there are fewer than three, or when no majority is within the limit: then the
/// venues disagree, and the plain median is the best there is. Medians of an even number are the mean
/// of the middle two, rounded down; the limit is rounded down too, which favours nobody. `None` without
/// quotes. `O(n log n)`.
///
/// Fewer than half of the quotes, wherever they are, cannot move the value out of the range of the
/// others by more than the limit, and not at all while the others are within the limit of each other:
/// then none of those is taken out, so they stay the majority.
pub(super) fn own_value(prices: &[Price]) -> Option<Value> {
    let all = median(prices)?;
    let everything = Value {
        price: all,
        low: Price::ZERO,
        high: Price::MAX,
    };
    if prices.len() < MIN_FOR_OUTLIERS {
        return Some(everything);
    }
    let limit = mul_div(
        all.0,
        OUTLIER_LIMIT.0.into(),
        RATE_SCALE.into(),
        Rounding::Down,
    )
    .ok()?;
    // Saturation: a bound beyond every price is one that takes nothing out.
    let mut value = Value {
        price: all,
        low: Price(all.0.saturating_sub(limit)),
        high: Price(all.0.saturating_add(limit)),
    };
    let kept: Vec<Price> = prices
        .iter()
        .copied()
        .filter(|price| value.counts(*price))
        .collect();
    if kept.len() <= prices.len() / 2 {
        return Some(everything);
    }
    value.price = median(&kept)?;
    Some(value)
}

fn median(prices: &[Price]) -> Option<Price> {
    // The age is looked at before, one source at a time.
    let at = Moment::MIN;
    let mut quotes: Vec<Quote> = prices.iter().map(|&price| Quote { price, at }).collect();
    Some(aggregate(&mut quotes)?.median)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing
    )]

    use super::*;
    use bulwark_primitives::PRICE_SCALE;
    use proptest::prelude::*;

    fn cents(cents: &[u128]) -> Vec<Price> {
        cents
            .iter()
            .map(|cents| Price(cents * PRICE_SCALE / 100))
            .collect()
    }

    fn value(prices: &[u128]) -> u128 {
        own_value(&cents(prices)).unwrap().price.0 * 100 / PRICE_SCALE
    }

    #[test]
    fn value_should_be_the_median_when_the_sources_agree() {
        assert_eq!(own_value(&[]), None);
        assert_eq!(value(&[10_000]), 10_000);
        assert_eq!(value(&[10_000, 10_100]), 10_050);
        assert_eq!(value(&[10_000, 10_100, 9_950]), 10_000);
        assert_eq!(value(&[10_000, 10_100, 9_950, 10_020, 9_990]), 10_000);
    }

    #[test]
    fn outlier_should_be_taken_out_when_there_are_three_quotes() {
        // 2.86 everywhere but one: the one that is far off takes no part in the median.
        assert_eq!(value(&[63, 286, 288]), 287);
        assert_eq!(value(&[10_000, 10_010, 10_020, 20_000, 30_000]), 10_010);
        let value = own_value(&cents(&[10_000, 10_010, 10_020, 5_000])).unwrap();
        assert_eq!(value.price, cents(&[10_010])[0]);
        assert!(!value.counts(cents(&[5_000])[0]));
        assert!(value.counts(cents(&[10_020])[0]));
    }

    #[test]
    fn limit_should_be_two_percent_when_a_quote_is_near_it() {
        for (far, counts) in [
            (10_200, true),
            (10_201, false),
            (9_800, true),
            (9_799, false),
        ] {
            let prices = cents(&[10_000, 10_000, far, 10_000]);
            let value = own_value(&prices).unwrap();
            assert_eq!(value.counts(prices[2]), counts, "{far}");
        }
    }

    #[test]
    fn all_quotes_should_count_when_no_majority_agrees() {
        // Two camps: the median of all is in the middle of nowhere, and nobody is near it.
        let prices = cents(&[10_000, 10_050, 10_500, 10_600]);
        let value = own_value(&prices).unwrap();
        assert_eq!(value.price, cents(&[10_275])[0]);
        assert!(prices.iter().all(|price| value.counts(*price)));
        // Two quotes that disagree are not told apart either.
        let two = cents(&[63, 286]);
        assert!(two
            .iter()
            .all(|price| own_value(&two).unwrap().counts(*price)));
    }

    #[test]
    fn value_should_exist_when_prices_are_extreme() {
        assert_eq!(
            own_value(&[Price(1), Price(1), Price(1)]).unwrap().price,
            Price(1)
        );
        assert_eq!(
            own_value(&[Price::MAX, Price::MAX, Price::MAX])
                .unwrap()
                .price,
            Price::MAX
        );
        assert!(own_value(&[Price(1), Price::MAX, Price(1), Price::MAX]).is_some());
    }

    proptest! {
        #[test]
        fn value_should_be_among_honest_quotes_when_fewer_than_half_lie(
            base in 1_000u128..1_000_000_000_000_000_000_000_000,
            honest in prop::collection::vec(0u128..=1_000, 1..8),
            lies in prop::collection::vec(1u128..=u128::MAX, 0..7),
        ) {
            // Within 1 % of each other, so within the limit of any median among them.
            let honest: Vec<Price> = honest
                .iter()
                .map(|part| Price(base + base / 100_000 * part))
                .collect();
            let low = *honest.iter().min().unwrap();
            let high = *honest.iter().max().unwrap();
            let lies = lies.into_iter().map(Price).take(honest.len() - 1);
            let prices: Vec<Price> = honest.iter().copied().chain(lies).collect();
            let value = own_value(&prices).unwrap();
            prop_assert!((low..=high).contains(&value.price));
            prop_assert!(honest.iter().all(|price| value.counts(*price)));
        }

        #[test]
        fn value_should_be_near_honest_quotes_when_they_disagree(
            honest in prop::collection::vec(1u128..1_000_000_000, 1..8),
            lies in prop::collection::vec(1u128..=u128::MAX, 0..7),
        ) {
            let honest: Vec<Price> = honest.into_iter().map(Price).collect();
            let low = honest.iter().min().unwrap().0;
            let high = honest.iter().max().unwrap().0;
            let lies = lies.into_iter().map(Price).take(honest.len() - 1);
            let prices: Vec<Price> = honest.iter().copied().chain(lies).collect();
            let price = own_value(&prices).unwrap().price.0;
            prop_assert!(price >= low - low / 50 - 1 && price <= high + high / 50);
        }
    }
}
