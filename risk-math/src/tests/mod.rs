//! Worked examples by hand and properties over random input, one file per module of the crate.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod accounts;
mod add_on;
mod backstop;
mod band;
mod cover;
mod extremes;
mod funding;
mod golden;
mod interest;
mod liquidation;
mod losses;
mod margin;
mod math;
mod median;
mod offset;
mod oracle;
mod outflow;
mod position;
mod probability;
mod seizure;
mod spot;
mod triggers;
mod value;
mod volatility;

use crate::{CollateralInput, PositionInput};
use bulwark_primitives::*;
use num_bigint::BigInt;

/// Whole dollars a unit.
fn price(dollars: u128) -> Price {
    Price(dollars * PRICE_SCALE)
}

/// Whole units, signed.
fn size(units: i128) -> Size {
    Size(units * SIZE_SCALE as i128)
}

/// Whole units.
fn quantity(units: u128) -> Quantity {
    Quantity(units * SIZE_SCALE)
}

/// A position in a market with 2 % initial and 1.2 % maintenance margin, without orders.
fn position(units: i128, entry: i64, mark: u128) -> PositionInput {
    PositionInput {
        size: size(units),
        entry_notional: Usd::dollars(entry),
        mark: price(mark),
        initial_margin: Rate::percent(2),
        maintenance_margin: Rate::basis_points(120),
        ..PositionInput::default()
    }
}

/// Collateral with 18 decimals and factors of 90 and 95 %.
fn collateral(units: u128, index: u128) -> CollateralInput {
    CollateralInput {
        amount: units * SIZE_SCALE,
        decimals: 18,
        price: price(index),
        low: None,
        initial_factor: Rate::percent(90),
        maintenance_factor: Rate::percent(95),
    }
}

/// The exact `n / d` rounded toward minus or plus infinity.
fn exact(n: BigInt, d: BigInt, up: bool) -> BigInt {
    let zero = BigInt::from(0);
    assert!(d > zero);
    let (quotient, rest) = (&n / &d, &n % &d);
    if rest == zero {
        quotient
    } else if up && n > zero {
        quotient + 1
    } else if !up && n < zero {
        quotient - 1
    } else {
        quotient
    }
}

fn big<T: Into<BigInt>>(value: T) -> BigInt {
    value.into()
}
