//! Random accounts for the property tests.

use super::*;
use crate::{
    collateral_price, health, keys, long_price, scale_collateral, short_price, size_leg,
    size_price, LegInput, SizeLeg,
};
use proptest::prelude::*;

/// An account at the prices of its markets.
#[derive(Clone, Debug)]
pub struct Account {
    pub balance: Usd,
    pub collateral: Vec<CollateralInput>,
    pub positions: Vec<PositionInput>,
}

impl Account {
    pub fn health(&self) -> Health {
        health(self.balance, &self.collateral, &self.positions).unwrap()
    }

    pub fn slack(&self) -> i128 {
        self.health().slack().unwrap().0
    }

    /// Moves the balance so that the slack is this one, exactly.
    pub fn with_slack(mut self, slack: i128) -> Self {
        let now = self.slack();
        self.balance = Usd(self.balance.0 + slack - now);
        self
    }

    /// Collateral first, then positions, then the size legs of those that have one.
    pub fn legs(&self) -> Vec<LegInput> {
        self.legs_like(self)
    }

    /// The legs that `evaluated` has, at the prices, rates and funding of this one.
    pub fn legs_like(&self, evaluated: &Self) -> Vec<LegInput> {
        let collateral = self.collateral.iter().map(|c| LegInput {
            amount: scale_collateral(c.amount, c.decimals).unwrap(),
            price: collateral_price(c.price, c.maintenance_factor).unwrap(),
        });
        let sizes: Vec<SizeLeg> = evaluated
            .positions
            .iter()
            .map(|p| size_leg(p.size, p.mark, &p.tiers).unwrap())
            .collect();
        let positions = self.positions.iter().zip(&sizes).map(|(p, size)| LegInput {
            amount: Quantity(p.size.quantity().0 + size.own.0),
            price: if p.size.is_short() {
                short_price(p.mark, p.maintenance_margin).unwrap() + p.funding
            } else {
                long_price(p.mark, p.maintenance_margin).unwrap() - p.funding
            },
        });
        let sized = self.positions.iter().zip(&sizes).map(|(p, size)| LegInput {
            amount: size.separate,
            price: size_price(p.mark).unwrap(),
        });
        let sized = sized.filter(|leg| !leg.amount.is_zero());
        collateral.chain(positions).chain(sized).collect()
    }

    pub fn keys(&self) -> Vec<i128> {
        keys(self.health().slack().unwrap(), &self.legs()).unwrap()
    }

    /// The same account when the price behind leg `i` is `prices[i]`.
    pub fn at(&self, prices: &[Price]) -> Self {
        let mut moved = self.clone();
        let (collateral, positions) = prices.split_at(self.collateral.len());
        for (asset, price) in moved.collateral.iter_mut().zip(collateral) {
            asset.price = *price;
        }
        for (position, price) in moved.positions.iter_mut().zip(positions) {
            position.mark = *price;
        }
        moved
    }

    /// The prices behind the legs.
    pub fn prices(&self) -> Vec<Price> {
        let collateral = self.collateral.iter().map(|c| c.price);
        let positions = self.positions.iter().map(|p| p.mark);
        collateral.chain(positions).collect()
    }

    /// Whether it is due by the keys of the account that `evaluated` was.
    pub fn is_due(&self, evaluated: &Self, keys: &[i128]) -> bool {
        self.legs_like(evaluated)
            .iter()
            .zip(keys)
            .any(|(leg, key)| leg.price < *key)
    }
}

/// A price between 10^-6 and 10^7 USD, evenly over the magnitudes.
pub fn any_price() -> impl Strategy<Value = Price> {
    (12u32..25, 1_000_000u128..10_000_000).prop_map(|(e, m)| Price(m * 10u128.pow(e) / 1_000_000))
}

/// A value between 1 cent and 100 million USD, as a quantity at `price`.
fn quantity_at(price: Price) -> impl Strategy<Value = u128> {
    (4u32..14, 100u128..1_000).prop_map(move |(e, m)| {
        let usd = m * 10u128.pow(e) / 100;
        crate::mul_div(usd, 10u128.pow(30), price.0, crate::Rounding::Up).unwrap()
    })
}

pub fn any_position() -> impl Strategy<Value = PositionInput> {
    any_price().prop_flat_map(|mark| {
        (
            quantity_at(mark),
            any::<bool>(),
            500_000u64..400_000_000,
            1_000_000_000u64..=3_000_000_000,
            -20i128..20,
        )
            .prop_map(move |(quantity, long, maintenance, more, shift)| {
                let size = if long {
                    quantity as i128
                } else {
                    -(quantity as i128)
                };
                let value =
                    crate::signed_notional(mark, Size(size), crate::Rounding::Down).unwrap();
                PositionInput {
                    size: Size(size),
                    entry_notional: Usd(value.0 + value.0 / 100 * shift),
                    mark,
                    initial_margin: Rate(
                        (maintenance as u128 * more as u128 / 1_000_000_000).min(1_000_000_000)
                            as u64,
                    ),
                    maintenance_margin: Rate(maintenance),
                    ..PositionInput::default()
                }
            })
    })
}

pub fn any_collateral() -> impl Strategy<Value = CollateralInput> {
    (any_price(), 0u8..=24).prop_flat_map(|(price, decimals)| {
        (
            quantity_at(price),
            0u64..=1_000_000_000,
            0u64..=1_000_000_000,
        )
            .prop_map(move |(quantity, a, b)| CollateralInput {
                amount: if decimals <= 18 {
                    quantity / 10u128.pow(18 - u32::from(decimals))
                } else {
                    quantity * 10u128.pow(u32::from(decimals) - 18)
                },
                decimals,
                price,
                low: None,
                initial_factor: Rate(a.min(b)),
                maintenance_factor: Rate(a.max(b)),
            })
    })
}

/// An account with one to six legs, positive or negative slack.
pub fn any_account() -> impl Strategy<Value = Account> {
    (
        prop::collection::vec(any_collateral(), 0..3),
        prop::collection::vec(any_position(), 1..5),
        any_slack(),
    )
        .prop_map(|(collateral, positions, slack)| {
            Account {
                balance: Usd::ZERO,
                collateral,
                positions,
            }
            .with_slack(slack)
        })
}

/// Slack from nothing to a hundred million USD, small and round ones often.
pub fn any_slack() -> impl Strategy<Value = i128> {
    prop_oneof![
        -3i128..40,
        -1_000_000_000_000i128..0,
        (0u32..14, 1i128..10).prop_map(|(e, m)| m * 10i128.pow(e)),
        0i128..100_000_000_000_000,
    ]
}

/// A price that moved: a little, a lot, to nearly nothing, or not at all.
pub fn moved(price: Price) -> impl Strategy<Value = Price> {
    let scale = move |parts: u128| Price((price.0 / 1_000_000 * parts).max(1));
    prop_oneof![
        1 => Just(price),
        3 => (990_000u128..1_010_000).prop_map(scale),
        3 => (800_000u128..1_250_000).prop_map(scale),
        2 => (1u128..20_000_000).prop_map(scale),
    ]
}

/// An account and the same account at other prices.
pub fn any_move() -> impl Strategy<Value = (Account, Account)> {
    any_account().prop_flat_map(|account| {
        let prices: Vec<_> = account.prices().into_iter().map(moved).collect();
        prices.prop_map(move |prices| (account.clone(), account.at(&prices)))
    })
}
