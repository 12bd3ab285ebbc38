//! Golden vectors from `tools/golden/margin.py`, which knows the formulas and not this code.

use super::*;
use crate::{funding::*, *};
use std::str::FromStr;

const VECTORS: &str = include_str!("golden/margin.csv");

/// The fields of one line, taken in order.
struct Fields {
    line: &'static str,
    left: std::str::Split<'static, char>,
}

impl Fields {
    fn text(&mut self) -> &'static str {
        self.left.next().unwrap()
    }

    fn next<N: FromStr>(&mut self) -> N
    where
        N::Err: std::fmt::Debug,
    {
        self.text().parse().unwrap()
    }

    fn tiers(&mut self) -> [MarginTier; 4] {
        [(); 4].map(|()| MarginTier {
            from: Usd(self.next()),
            add_on: Rate(self.next()),
        })
    }

    fn position(&mut self) -> PositionInput {
        PositionInput {
            size: Size(self.next()),
            entry_notional: Usd(self.next()),
            mark: Price(self.next()),
            range: Some((Price(self.next()), Price(self.next()))),
            initial_margin: Rate(self.next()),
            maintenance_margin: Rate(self.next()),
            tiers: self.tiers(),
            profit_share: profit_share(match self.text() {
                "A" => Tier::A,
                "B" => Tier::B,
                "C" => Tier::C,
                other => {
                    assert_eq!(other, "I");
                    Tier::Isolated
                }
            }),
            funding: self.next(),
            orders: OpenOrders {
                bid_quantity: Quantity(self.next()),
                bid_notional: Usd(self.next()),
                ask_quantity: Quantity(self.next()),
                ask_notional: Usd(self.next()),
            },
        }
    }

    fn collateral(&mut self) -> CollateralInput {
        CollateralInput {
            amount: self.next(),
            decimals: self.next(),
            price: Price(self.next()),
            low: Some(Price(self.next())),
            initial_factor: Rate(self.next()),
            maintenance_factor: Rate(self.next()),
        }
    }
}

fn lines(kind: &'static str) -> impl Iterator<Item = Fields> {
    VECTORS.lines().filter_map(move |line| {
        let mut left = line.split(',');
        (left.next() == Some(kind)).then_some(Fields { line, left })
    })
}

#[test]
fn vectors_should_be_all_there() {
    let kinds = [
        "addon", "crowd", "factor", "premium", "mean", "rate", "accrual", "payment", "health",
        "level",
    ];
    let counts = kinds.map(|kind| lines(kind).count());
    assert_eq!(counts.iter().sum::<usize>(), VECTORS.lines().count());
    assert!(counts.iter().all(|count| *count >= 15) && counts.iter().sum::<usize>() >= 200);
}

#[test]
fn add_ons_should_be_the_golden_ones() {
    for mut f in lines("addon") {
        let (notional, tiers) = (Usd(f.next()), f.tiers());
        assert_eq!(
            size_add_on(notional, &tiers),
            Ok(Usd(f.next())),
            "{}",
            f.line
        );
        assert_eq!(
            maintenance_add_on(notional, &tiers),
            Ok(Usd(f.next())),
            "{}",
            f.line
        );
    }
}

#[test]
fn rates_of_crowds_should_be_the_golden_ones() {
    for mut f in lines("crowd") {
        let (base, open) = (Rate(f.next()), Quantity(f.next()));
        let (lower, upper) = (Quantity(f.next()), Quantity(f.next()));
        assert_eq!(
            crowded_rate(base, open, lower, upper),
            Ok(Rate(f.next())),
            "{}",
            f.line
        );
    }
    for mut f in lines("factor") {
        let (factor, start, total) = (Rate(f.next()), f.next(), f.next());
        assert_eq!(
            crowded_factor(factor, start, total),
            Ok(Rate(f.next())),
            "{}",
            f.line
        );
    }
}

#[test]
fn premiums_should_be_the_golden_ones() {
    let side = |text: &str| text.parse().ok().map(Price);
    for mut f in lines("premium") {
        let (bid, ask) = (side(f.text()), side(f.text()));
        let index = Price(f.next());
        assert_eq!(
            premium(bid, ask, index),
            Ok(FundingRate(f.next())),
            "{}",
            f.line
        );
    }
    for mut f in lines("mean") {
        let expected = FundingRate(f.next());
        let values: Vec<_> = f
            .left
            .map(|value| FundingRate(value.parse().unwrap()))
            .collect();
        assert_eq!(trimmed_mean(&values), Ok(expected), "{}", f.line);
    }
}

#[test]
fn funding_should_be_the_golden_one() {
    for mut f in lines("rate") {
        let (premium, interest) = (FundingRate(f.next()), Rate(f.next()));
        let (initial, maintenance) = (Rate(f.next()), Rate(f.next()));
        let found = hourly_rate(premium, interest, initial, maintenance);
        assert_eq!(found, Ok(FundingRate(f.next())), "{}", f.line);
    }
    for mut f in lines("accrual") {
        let (rate, price, elapsed) = (FundingRate(f.next()), Price(f.next()), f.next());
        assert_eq!(accrual(rate, price, elapsed), Ok(f.next()), "{}", f.line);
    }
    for mut f in lines("payment") {
        let found = payment(Size(f.next()), f.next()).unwrap();
        assert_eq!(
            (found.paid, found.dust),
            (Usd(f.next()), f.next()),
            "{}",
            f.line
        );
    }
}

#[test]
fn healths_should_be_the_golden_ones() {
    for mut f in lines("health") {
        let (balance, assets, markets) = (Usd(f.next()), f.next::<usize>(), f.next::<usize>());
        let collateral: Vec<_> = (0..assets).map(|_| f.collateral()).collect();
        let positions: Vec<_> = (0..markets).map(|_| f.position()).collect();
        let found = health(balance, &collateral, &positions).unwrap();
        let expected = Health {
            equity: Usd(f.next()),
            initial_equity: Usd(f.next()),
            initial_margin: Usd(f.next()),
            maintenance_margin: Usd(f.next()),
            notional: Usd(f.next()),
        };
        assert_eq!(found, expected, "{}", f.line);
        assert_eq!(
            withdrawal_requirement(&found),
            Ok(Usd(f.next())),
            "{}",
            f.line
        );
    }
}

/// Toward the mark, so that the owner is warned early, and by no more than a part in 10^7.
#[test]
fn liquidation_prices_should_be_the_golden_ones() {
    for mut f in lines("level") {
        let (slack, position) = (f.next::<i128>(), f.position());
        let exact: u128 = f.next();
        let mut account = health(Usd::ZERO, &[], &[position]).unwrap();
        account.equity = Usd(account.maintenance_margin.0 + slack);
        let found = liquidation_price(&account, &position).unwrap().0;
        // One unit of slack, which the rounding of health takes, may move it the other way.
        let unit = 4 * 10u128.pow(30) / position.size.quantity().0 + 4;
        let (early, late) = if position.size.is_short() {
            (exact.saturating_sub(found), found.saturating_sub(exact))
        } else {
            (found.saturating_sub(exact), exact.saturating_sub(found))
        };
        assert!(late <= unit, "{late} late: {}", f.line);
        assert!(
            early <= exact / 10_000_000 + unit,
            "{early} early: {}",
            f.line
        );
    }
}
