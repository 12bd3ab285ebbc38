//! Golden vectors from `tools/golden/interest.py`, which knows the formulas and not this code.

use super::*;

const VECTORS: &str = include_str!("../golden/interest.csv");

fn lines(kind: &str) -> Vec<Vec<i128>> {
    VECTORS
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|fields| fields[0] == kind)
        .map(|fields| {
            let numbers = fields[1..].iter().map(|field| field.parse().unwrap());
            numbers.collect()
        })
        .collect()
}

fn params(fields: &[i128]) -> InterestParams {
    let fields: Vec<u64> = fields.iter().map(|field| *field as u64).collect();
    let params = parsed_params(&fields);
    assert!(params.is_valid(), "{params:?}");
    params
}

#[test]
fn vectors_should_be_all_there() {
    let counts = ["curve", "debt", "share", "scale", "step"].map(|kind| lines(kind).len());
    assert_eq!(counts.iter().sum::<usize>(), VECTORS.lines().count());
    assert!(counts.iter().all(|count| *count >= 40) && counts.iter().sum::<usize>() >= 200);
}

/// Up, and by less than the two roundings on the way: a unit times the scaling, and one.
#[test]
fn rates_should_be_the_golden_ones_rounded_up() {
    for fields in lines("curve") {
        let [utilisation, scaling, floor, ceiling] = fields[8..] else {
            panic!("{fields:?}")
        };
        let scaling = FineRate(scaling as u64);
        let found = borrow_rate(Rate(utilisation as u64), scaling, &params(&fields)).unwrap();
        let above = i128::from(found.0) - ceiling;
        assert!((0..=4).contains(&above), "{above}: {fields:?}");
        // Exact where the answer is whole.
        if scaling == FineRate::ONE && floor == ceiling {
            assert_eq!(above, 0, "{fields:?}");
        }
    }
}

#[test]
fn debts_should_be_the_golden_ones_rounded_up() {
    for fields in lines("debt") {
        let (debt, from, now) = (
            Usd(fields[0]),
            Index(fields[1] as u128),
            Index(fields[2] as u128),
        );
        let scaled = scaled_debt(debt, from).unwrap();
        assert_eq!(scaled, Quantity(fields[3] as u128), "{fields:?}");
        let later = debt_now(debt, from, now).unwrap();
        assert_eq!(later, Usd(fields[4]), "{fields:?}");
        // Never less than the exact debt, and less than a unit and what scaling added more.
        assert!(later.0 >= debt.0);
        let followed = debt_value(scaled, now).unwrap();
        assert!(followed >= later && (from == now || followed == later));
    }
}

#[test]
fn shares_should_be_the_golden_ones_rounded_down() {
    for fields in lines("share") {
        let pool = Pool {
            supplied: Usd(fields[0]),
            shares: Shares(fields[1] as u128),
            ..Pool::default()
        };
        let (_, bought) = pool.supply(Usd(fields[2])).unwrap();
        assert_eq!(bought, Shares(fields[3] as u128), "{fields:?}");
        let (_, paid) = pool.redeem(Shares(fields[4] as u128)).unwrap();
        assert_eq!(paid, Usd(fields[5]), "{fields:?}");
    }
}

/// The change is rounded toward none, and so is never more than the exact one, nor short of it by more
/// than three roundings of a billionth of the day's change.
#[test]
fn scalings_should_be_the_golden_ones() {
    for fields in lines("scale") {
        let [scaling, utilisation, elapsed, floor, ceiling] = fields[8..] else {
            panic!("{fields:?}")
        };
        let params = params(&fields);
        let found = curve::scale(
            FineRate(scaling as u64),
            Rate(utilisation as u64),
            elapsed as u64,
            &params,
        );
        let found = i128::from(found.unwrap().0);
        let slack = 2 + 3 * scaling / 1_000_000_000 * (elapsed / curve::DAY as i128 + 1);
        if ceiling >= scaling {
            assert!(
                found <= ceiling && ceiling - found <= slack,
                "{found}: {fields:?}"
            );
        }
        if floor <= scaling {
            assert!(
                found >= floor && found - floor <= slack,
                "{found}: {fields:?}"
            );
        }
    }
}

#[test]
fn steps_should_be_the_golden_ones_to_the_unit() {
    for fields in lines("step") {
        let params = params(&fields);
        let state = &fields[8..];
        let pool = Pool {
            supplied: Usd(state[0]),
            shares: Shares(state[1] as u128),
            reserve: Usd(state[2]),
            unsettled: Usd(state[3]),
            borrow_index: Index(state[4] as u128),
            scaling: FineRate(state[5] as u64),
            interest_rest: state[6] as u128,
            supplier_rest: state[7] as u128,
        };
        let step = accrue(&pool, Quantity(state[8] as u128), state[9] as u64, &params).unwrap();
        let found = [
            i128::from(step.rate.0),
            step.pool.borrow_index.0 as i128,
            step.interest.0,
            step.to_suppliers.0,
            step.pool.interest_rest as i128,
            step.pool.supplier_rest as i128,
            step.pool.supplied.0,
            step.pool.reserve.0,
            step.pool.unsettled.0,
        ];
        assert_eq!(found, state[10..], "{fields:?}");
        assert_eq!(step.pool.shares, pool.shares);
    }
}
