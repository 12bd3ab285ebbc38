use super::*;
use crate::*;
use proptest::prelude::*;

fn quotes(prices: &[u128]) -> Vec<Quote> {
    let quote = |(i, price): (usize, &u128)| Quote {
        price: Price(*price),
        at: 1_000 + i as u64,
    };
    prices.iter().enumerate().map(quote).collect()
}

fn median(prices: &[u128]) -> Option<u128> {
    aggregate(&mut quotes(prices)).map(|a| a.median.0)
}

#[test]
fn median_should_be_the_middle_or_the_mean_of_two_rounded_down() {
    assert_eq!(median(&[5]), Some(5));
    assert_eq!(median(&[9, 4]), Some(6));
    assert_eq!(median(&[9, 1, 5]), Some(5));
    assert_eq!(median(&[9, 1, 5, 4]), Some(4));
    assert_eq!(median(&[u128::MAX, u128::MAX]), Some(u128::MAX));
}

#[test]
fn aggregate_should_be_none_when_there_is_no_price() {
    assert_eq!(aggregate(&mut []), None);
    assert_eq!(median(&[0]), None);
    assert_eq!(median(&[0, 0, 5]), None);
}

#[test]
fn spread_should_be_the_full_range_up_to_four_quotes_and_ignore_outliers_beyond() {
    let spread = |prices: &[u128]| aggregate(&mut quotes(prices)).unwrap().spread;
    assert_eq!(spread(&[100]), Rate(0));
    assert_eq!(spread(&[99, 101]), Rate::percent(2));
    assert_eq!(spread(&[99, 100, 101]), Rate::percent(2));
    assert_eq!(spread(&[99, 100, 100, 101]), Rate::percent(2));
    assert_eq!(spread(&[1, 99, 100, 101, 900]), Rate::percent(2));
    assert_eq!(spread(&[1, u128::MAX]), Rate(2_000_000_000));
    assert_eq!(spread(&[1, 1, u128::MAX]), Rate::MAX);
}

#[test]
fn aggregate_should_know_the_number_and_the_oldest_of_the_quotes() {
    let all = aggregate(&mut quotes(&[9, 1, 5])).unwrap();
    assert_eq!((all.count, all.oldest), (3, 1_000));
}

proptest! {
    #[test]
    fn median_should_lie_within_the_quotes_whatever_their_order(
        mut prices in prop::collection::vec(1u128.., 1..12), by in 0usize..12,
    ) {
        let all = aggregate(&mut quotes(&prices)).unwrap();
        let (low, high) = (*prices.iter().min().unwrap(), *prices.iter().max().unwrap());
        prop_assert!(low <= all.median.0 && all.median.0 <= high);
        let n = prices.len();
        prices.rotate_left(by % n);
        let again = aggregate(&mut quotes(&prices)).unwrap();
        prop_assert_eq!((all.median, all.spread), (again.median, again.spread));
    }

    #[test]
    fn median_should_stay_within_the_honest_when_fewer_than_half_lie(
        honest in prop::collection::vec(1_000u128..2_000, 2..8),
        lies in prop::collection::vec(any::<u128>(), 1..8),
    ) {
        let mut all = honest.clone();
        all.extend(lies.into_iter().take(honest.len() - 1));
        let middle = median(&all).unwrap();
        prop_assert!(honest.iter().min().unwrap() <= &middle);
        prop_assert!(&middle <= honest.iter().max().unwrap());
    }
}
