//! Offsets: by hand, against golden vectors, and what the due queue and closings rely on.

use super::*;
use crate::{
    keys, long_price, margin, offset::*, short_price, triggers::offset_leg_price, LegInput,
    MathError,
};
use proptest::prelude::*;

const VECTORS: &str = include_str!("golden/offset.csv");

fn golden(kind: &str) -> Vec<Vec<i128>> {
    let lines = VECTORS.lines().filter_map(|line| line.split_once(','));
    lines
        .filter(|(name, _)| *name == kind)
        .map(|(_, rest)| {
            rest.split(',')
                .map(|field| field.parse().unwrap())
                .collect()
        })
        .collect()
}

fn entry(below: &[i32], i: usize, j: usize) -> Correlation {
    if i == j {
        return Correlation::ONE;
    }
    let (row, column) = (i.max(j), i.min(j));
    Correlation(below[row * (row - 1) / 2 + column])
}

#[test]
fn offsets_should_be_the_golden_ones_rounded_down() {
    let (mut lines, mut most) = (0, 0);
    for fields in golden("offset") {
        let n = fields[0] as usize;
        let legs: Vec<OffsetLeg> = fields[1..=5 * n]
            .chunks(5)
            .map(|leg| OffsetLeg {
                is_long: leg[0] == 1,
                quantity: Quantity(leg[1] as u128),
                per_unit: offset_price(
                    Price(leg[2] as u128),
                    Rate(leg[3] as u64),
                    Rate(leg[4] as u64),
                )
                .unwrap(),
            })
            .collect();
        let below: Vec<i32> = fields[5 * n + 1..fields.len() - 1]
            .iter()
            .map(|entry| *entry as i32)
            .collect();
        assert_eq!(below.len(), n * (n - 1) / 2);
        let found = offset(&legs, |i, j| entry(&below, i, j)).unwrap();
        let exact = *fields.last().unwrap();
        // Never more, and less by less than what a unit of price is worth in all.
        let coarse: i128 = legs
            .iter()
            .map(|l| (l.quantity.0 / 10u128.pow(29)) as i128 + 1)
            .sum();
        assert!(
            (0..=coarse).contains(&(exact - found.0)),
            "{found:?} {exact}"
        );
        most = most.max(found.0);
        lines += 1;
    }
    assert_eq!(lines, 160);
    assert!(most > 0);
}

#[test]
fn matrices_should_be_told_apart_when_golden_ones_are() {
    let (mut good, mut bad) = (0, 0);
    for fields in golden("matrix") {
        let below: Vec<Correlation> = fields[1..fields.len() - 1]
            .iter()
            .map(|entry| Correlation(*entry as i32))
            .collect();
        let expected = *fields.last().unwrap() == 1;
        let found = is_positive_semidefinite(fields[0] as usize, &below);
        assert_eq!(found, expected, "{fields:?}");
        match expected {
            true => good += 1,
            false => bad += 1,
        }
    }
    assert_eq!((good, bad), (30, 30));
}

/// All pairs have one correlation: the eigenvalues are 1 - rho and 1 + (n - 1) * rho.
#[test]
fn matrix_should_pass_to_the_tolerance_when_an_eigenvalue_is_near_zero() {
    let passes = |n: usize, rho: i32| {
        is_positive_semidefinite(n, &vec![Correlation(rho); n * n.saturating_sub(1) / 2])
    };
    assert!(passes(3, -500_000_000));
    assert!(passes(3, -500_000_400));
    assert!(!passes(3, -500_000_600));
    // Rounded away from zero.
    assert!(passes(32, -32_258_065));
    assert!(!passes(32, -32_258_120));
    for n in [0, 1, 2, 31, 32] {
        assert!(passes(n, 1_000_000_000) && passes(n, 0));
    }
    assert!(!passes(2, 1_000_000_001) && !passes(2, i32::MIN));
    // Not the right number of them.
    assert!(!is_positive_semidefinite(3, &[Correlation::ZERO; 2]));
    assert!(!is_positive_semidefinite(usize::MAX, &[]));
}

#[test]
fn offset_should_be_nothing_when_all_positions_are_on_one_side_or_move_apart() {
    let leg = |is_long| OffsetLeg {
        is_long,
        quantity: quantity(1),
        per_unit: PRICE_SCALE,
    };
    let together = |_, _| Correlation::ONE;
    assert_eq!(offset(&[], together), Ok(Usd::ZERO));
    for side in [true, false] {
        assert_eq!(offset(&[leg(side); 3], together), Ok(Usd::ZERO));
        assert_eq!(mean_correlation(&[side; 3], 1, together), Ok(Rate::ZERO));
    }
    let pair = [leg(true), leg(false)];
    assert_eq!(offset(&pair, together), Ok(Usd::dollars(1)));
    let against = |_, _| Correlation(-1_000_000_000);
    assert_eq!(offset(&pair, against), Ok(Usd::ZERO));
}

#[test]
fn offset_should_tell_when_a_number_does_not_fit() {
    let leg = |is_long| OffsetLeg {
        is_long,
        quantity: Quantity::MAX,
        per_unit: u128::MAX,
    };
    let together = |_, _| Correlation::ONE;
    assert_eq!(
        offset(&[leg(true), leg(false)], together),
        Err(MathError::Overflow)
    );
    assert_eq!(
        offset_price(Price::MAX, Rate::MAX, Rate::ONE),
        Err(MathError::Overflow)
    );
    assert_eq!(
        freed_rate(Rate::ONE, Rate::ONE, Rate(1_000_000_001)),
        Err(MathError::Overflow)
    );
}

/// A market: mark in thousandths of a USD, maintenance rate and share in basis points.
#[derive(Clone, Copy, Debug)]
struct Market {
    mark: u128,
    rate: u32,
    share: u32,
}

impl Market {
    fn price(&self) -> Price {
        Price(self.mark * PRICE_SCALE / 1_000)
    }

    fn rates(&self) -> (Rate, Rate) {
        (
            Rate::basis_points(self.rate),
            Rate::basis_points(self.share),
        )
    }
}

fn markets() -> impl Strategy<Value = Market> {
    (1u128..100_000_000, 50u32..5_000, 0u32..=6_000).prop_map(|(mark, rate, share)| Market {
        mark,
        rate,
        share,
    })
}

/// How prices move between an evaluation and a look.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// Everything by itself.
    Any,
    /// Shares only: the positions' own legs see nothing of it.
    Share,
    /// Marks so that the positions' own prices stay just where they are: a move of the mark is hidden by
    /// one of the rate.
    Hidden,
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Any), Just(Kind::Share), Just(Kind::Hidden)]
}

/// The mark at which a position's own effective price is as it was, or just above.
fn hidden(was: &Market, rate: u32, is_long: bool) -> u128 {
    let (old, new) = (u128::from(was.rate), u128::from(rate));
    let mark = match is_long {
        true => (was.mark * (10_000 - old)).div_ceil(10_000 - new),
        false => was.mark * (10_000 + old) / (10_000 + new),
    };
    mark.max(1)
}

/// A position: market, signed thousandths.
type Held = (Market, i128);

fn book() -> impl Strategy<Value = Vec<Held>> {
    let size = prop_oneof![1i128..10_000_000, -10_000_000i128..0];
    prop::collection::vec((markets(), size), 2..8)
}

/// Correlations of up to eight: any, because soundness does not depend on the matrix being one.
fn matrix() -> impl Strategy<Value = Vec<i32>> {
    prop::collection::vec(-1_000_000_000i32..=1_000_000_000, 28)
}

fn legs_of(book: &[Held]) -> Vec<OffsetLeg> {
    book.iter()
        .map(|(market, size)| {
            let (rate, share) = market.rates();
            OffsetLeg {
                is_long: *size > 0,
                quantity: Size(size * SIZE_SCALE as i128 / 1_000).quantity(),
                per_unit: offset_price(market.price(), rate, maintenance_share(share)).unwrap(),
            }
        })
        .collect()
}

fn positions_of(book: &[Held]) -> Vec<PositionInput> {
    book.iter()
        .map(|(market, size)| PositionInput {
            size: Size(size * SIZE_SCALE as i128 / 1_000),
            mark: market.price(),
            initial_margin: Rate(market.rates().0 .0 * 5 / 3).min(Rate::ONE),
            maintenance_margin: market.rates().0,
            ..PositionInput::default()
        })
        .collect()
}

fn healthy(book: &[Held], below: &[i32], balance: i128) -> Health {
    let gross = margin::health(Usd(balance), &[], &positions_of(book)).unwrap();
    let credit = offset(&legs_of(book), |i, j| entry(below, i, j)).unwrap();
    let doubled = Usd(credit.0 * 2);
    with_offsets(gross, doubled, credit).unwrap()
}

/// Effective prices and amounts, own legs first and then offset legs.
fn due_legs(book: &[Held], below: &[i32]) -> Vec<LegInput> {
    let sides: Vec<bool> = book.iter().map(|(_, size)| *size > 0).collect();
    let mut legs: Vec<LegInput> = book
        .iter()
        .map(|(market, size)| LegInput {
            amount: Size(size * SIZE_SCALE as i128 / 1_000).quantity(),
            price: match *size > 0 {
                true => long_price(market.price(), market.rates().0).unwrap(),
                false => short_price(market.price(), market.rates().0).unwrap(),
            },
        })
        .collect();
    for (place, (market, _)) in book.iter().enumerate() {
        let mean = mean_correlation(&sides, place, |i, j| entry(below, i, j)).unwrap();
        let (rate, share) = market.rates();
        legs.push(LegInput {
            amount: offset_quantity(legs[place].amount, mean).unwrap(),
            price: offset_leg_price(market.price(), rate, share).unwrap(),
        });
    }
    legs
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Invariant 9: whatever marks, maintenance rates and shares do, and as long as correlations only rise,
    /// an account that is under maintenance has a leg below its key.
    #[test]
    fn account_should_be_due_when_an_offset_shrinks(
        before in book(),
        below in matrix(),
        rises in prop::collection::vec(0i32..400_000_000, 28),
        moves in prop::collection::vec((1u128..3_000, 1u32..2_000, 0u32..2_000), 8),
        slack in 0i128..5_000_000_000,
        near in any::<bool>(),
        kind in kinds(),
    ) {
        // The slack is what it is to be: the balance follows.
        let flat = healthy(&before, &below, 0);
        let slack = if near { slack % 1_000 } else { slack };
        let balance = slack - flat.slack().unwrap().0;
        let keys = keys(Usd(slack), &due_legs(&before, &below)).unwrap();
        let after: Vec<Held> = before
            .iter()
            .zip(&moves)
            .map(|((market, size), (mark, rate, share))| {
                // Near, everything moves by parts of a thousand only.
                let by = |value: u128, thousandths: u128, most: u128| {
                    let part = if near { 990 + thousandths % 21 } else { thousandths };
                    (value * part / 1_000).clamp(1, most)
                };
                let moved = Market {
                    mark: by(market.mark, *mark, 200_000_000),
                    rate: by(market.rate.into(), (*rate).into(), 9_000) as u32,
                    share: by(market.share.into(), (*share).into(), 6_000) as u32,
                };
                let seen = match kind {
                    Kind::Any => moved,
                    Kind::Share => Market {
                        share: moved.share,
                        ..*market
                    },
                    Kind::Hidden => Market {
                        mark: hidden(market, moved.rate, *size > 0),
                        ..moved
                    },
                };
                (seen, *size)
            })
            .collect();
        let risen: Vec<i32> = below
            .iter()
            .zip(rises)
            .map(|(entry, rise)| entry.saturating_add(rise).min(1_000_000_000))
            .collect();
        let is_due = due_legs(&after, &below)
            .iter()
            .zip(&keys)
            .any(|(leg, key)| leg.price < *key);
        let health = healthy(&after, &risen, balance);
        prop_assert!(is_due || !health.is_liquidatable(), "{health:?}");
    }

    /// Invariant 12, and no offset is more than the shares allow.
    #[test]
    fn initial_margin_should_not_be_below_maintenance_margin_when_offset(
        book in book(),
        below in matrix(),
    ) {
        let health = healthy(&book, &below, 0);
        prop_assert!(health.initial_margin >= health.maintenance_margin);
        let gross = margin::health(Usd::ZERO, &[], &positions_of(&book)).unwrap();
        let most = gross.maintenance_margin.0 * 3 / 10;
        let credit = gross.maintenance_margin.0 - health.maintenance_margin.0;
        prop_assert!((0..=most).contains(&credit), "{credit} of {most}");
    }

    /// Invariant 6 rests on it: closing a part frees at least what [`freed_rate`] says.
    #[test]
    fn closing_should_free_what_the_rate_says_when_legs_are_opposite(
        book in book(),
        below in matrix(),
        place in 0usize..8,
        thousandths in 1i128..=1_000,
    ) {
        let place = place % book.len();
        let (market, size) = book[place];
        let closed = (size * thousandths / 1_000).clamp(-size.abs(), size.abs());
        prop_assume!(closed != 0);
        let mut rest = book.clone();
        rest[place].1 -= closed;
        let mut matrix_of_rest = below.clone();
        if rest[place].1 == 0 {
            rest.remove(place);
            // The matrix without the asset.
            let left: Vec<usize> = (0..book.len()).filter(|i| *i != place).collect();
            matrix_of_rest = left
                .iter()
                .enumerate()
                .flat_map(|(row, i)| left[..row].iter().map(move |j| (*i, *j)))
                .map(|(i, j)| entry(&below, i, j).0)
                .collect();
        }
        let sides: Vec<bool> = book.iter().map(|(_, size)| *size > 0).collect();
        let mean = mean_correlation(&sides, place, |i, j| entry(&below, i, j)).unwrap();
        let (rate, share) = market.rates();
        let rate = freed_rate(rate, maintenance_share(share), mean).unwrap();
        let worth = crate::notional(
            market.price(),
            Size(closed * SIZE_SCALE as i128 / 1_000).quantity(),
            crate::Rounding::Down,
        )
        .unwrap();
        let least = crate::fraction(worth, rate, crate::Rounding::Down).unwrap();
        let margin = |book: &[Held], below: &[i32]| healthy(book, below, 0).maintenance_margin.0;
        let freed = margin(&book, &below) - margin(&rest, &matrix_of_rest);
        // Two margins and two offsets are rounded.
        prop_assert!(freed + 4 >= least.0, "{freed} {least:?}");
    }

    /// What the bound of the module says: never up when an `x` falls, and down by the mean at most.
    #[test]
    fn offset_should_fall_slowly_when_one_leg_shrinks(
        book in book(),
        below in matrix(),
        place in 0usize..8,
        thousandths in 0u128..=1_000,
    ) {
        let place = place % book.len();
        let legs = legs_of(&book);
        let mut less = legs.clone();
        less[place].per_unit = legs[place].per_unit * thousandths / 1_000;
        let correlation = |i: usize, j: usize| entry(&below, i, j);
        let (was, is) = (offset(&legs, correlation).unwrap(), offset(&less, correlation).unwrap());
        prop_assert!(is <= was);
        let sides: Vec<bool> = book.iter().map(|(_, size)| *size > 0).collect();
        let mean = mean_correlation(&sides, place, correlation).unwrap();
        let units = offset_quantity(legs[place].quantity, mean).unwrap();
        let fall = Price(legs[place].per_unit - less[place].per_unit);
        let bound = crate::notional(fall, units, crate::Rounding::Up).unwrap();
        prop_assert!(was.0 - is.0 <= bound.0 + 1, "{was:?} {is:?} {bound:?}");
    }
}
