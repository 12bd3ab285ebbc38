//! Random deposits, withdrawals, transfers, orders, fills, liquidations and price moves keep every
//! numbered invariant.

use crate::{mock::*, Accounts};
use bulwark_primitives::{
    Action, CollateralParams, Correlation, Factor, Fill, FillKind, FundingParams, Health,
    MarginTier, MarketId, MarketParams, MarketStatus, OrderExposure, Price, PriceError, Rate, Side,
    SubAccount, Tier, Usd, PRICE_SCALE,
};
use bulwark_risk_math::{
    collateral_price, keys, long_price, notional, short_price, size_price,
    triggers::{debt_price, offset_leg_price},
    LegInput, Rounding,
};
use bulwark_traits::{
    Absorbed, Deleveraging, FillError, LiquidationFee, LiquidationLedger, LossFund, LossLedger,
    MarketRegistry, OrderMargin, PriceSource,
};
use frame_support::{assert_ok, storage::with_storage_layer};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Deposit {
        who: u64,
        index: u16,
        coin: bool,
        amount: u128,
    },
    Withdraw {
        who: u64,
        index: u16,
        coin: bool,
        amount: u128,
    },
    Transfer {
        who: u64,
        to: u16,
        coin: bool,
        amount: u128,
    },
    Rest {
        who: u64,
        order: OrderExposure,
    },
    Cancel {
        nth: usize,
    },
    Trade {
        maker: u64,
        taker: u64,
        other: bool,
        side: Side,
        thousandths: u128,
        offset: i128,
    },
    Liquidate {
        taker: u64,
        maker: u64,
        thousandths: u128,
        offset: i128,
    },
    Fee {
        who: u64,
        liquidator: u64,
        amount: i128,
    },
    Absorb {
        who: u64,
    },
    /// Somebody made the pool of coins what it is.
    Pool {
        coins: u128,
        tenths: u128,
    },
    Deleverage {
        who: u64,
        other: u64,
        thousandths: u128,
        give_up: i128,
    },
    Cut {
        from: u64,
        to: u64,
        amount: i128,
    },
    Move {
        asset: u32,
        thousandths: u128,
    },
    Jump {
        asset: u32,
        tenths: u128,
    },
    Break {
        asset: u32,
    },
    Blur {
        asset: u32,
    },
    Wait {
        minutes: u64,
    },
    Book {
        other: bool,
        bid: u128,
        ask: u128,
    },
    Status {
        other: bool,
        status: MarketStatus,
    },
    Slow {
        asset: u32,
        tenths: u128,
    },
    Ramp {
        other: bool,
        basis_points: u32,
    },
    Delegate {
        who: u64,
        key: u64,
        allowed: bool,
    },
    Borrow {
        who: u64,
        amount: i128,
    },
    Correlate {
        first: u32,
        second: u32,
        rise: i32,
    },
}

fn people() -> impl Strategy<Value = u64> {
    prop_oneof![Just(ALICE), Just(BOB), Just(CAROL)]
}

fn sides() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Bid), Just(Side::Ask)]
}

/// Mostly active, or nothing else would happen.
fn statuses() -> impl Strategy<Value = MarketStatus> {
    prop_oneof![
        6 => Just(MarketStatus::Active),
        1 => Just(MarketStatus::ReduceOnly),
        1 => Just(MarketStatus::Paused),
    ]
}

fn assets() -> impl Strategy<Value = u32> {
    prop_oneof![Just(INDEX), Just(OTHER_INDEX), Just(COIN)]
}

fn amounts() -> impl Strategy<Value = u128> {
    prop_oneof![4 => 0u128..300_000_000, 1 => Just(u128::MAX), 2 => Just(1), 2 => Just(1_000)]
}

prop_compose! {
    fn orders()(
        other in any::<bool>(),
        side in sides(),
        thousandths in 1u128..30_000,
        tenths in 1u128..2_000,
    ) -> OrderExposure {
        let market = if other { OTHER } else { MARKET };
        exposure_in(market, side, milli(thousandths), tenth(tenths))
    }
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (people(), 0u16..2, any::<bool>(), amounts())
            .prop_map(|(who, index, coin, amount)| Step::Deposit { who, index, coin, amount }),
        2 => (people(), 0u16..2, any::<bool>(), amounts())
            .prop_map(|(who, index, coin, amount)| Step::Withdraw { who, index, coin, amount }),
        1 => (people(), 0u16..3, any::<bool>(), amounts())
            .prop_map(|(who, to, coin, amount)| Step::Transfer { who, to, coin, amount }),
        2 => (people(), orders()).prop_map(|(who, order)| Step::Rest { who, order }),
        1 => (0usize..8).prop_map(|nth| Step::Cancel { nth }),
        8 => (people(), people(), any::<bool>(), sides(), 1u128..150_000, -80i128..80).prop_map(
            |(maker, taker, other, side, thousandths, offset)| Step::Trade {
                maker, taker, other, side, thousandths, offset,
            }
        ),
        2 => (people(), people(), 1u128..150_000, -80i128..80).prop_map(
            |(taker, maker, thousandths, offset)| Step::Liquidate { taker, maker, thousandths, offset }
        ),
        1 => (people(), people(), -5i128..200_000_000)
            .prop_map(|(who, liquidator, amount)| Step::Fee { who, liquidator, amount }),
        2 => people().prop_map(|who| Step::Absorb { who }),
        1 => (0u128..50, 0u128..200).prop_map(|(coins, tenths)| Step::Pool { coins, tenths }),
        2 => (people(), people(), 1u128..150_000, -5i128..2_000_000_000).prop_map(
            |(who, other, thousandths, give_up)| Step::Deleverage { who, other, thousandths, give_up }
        ),
        1 => (people(), people(), -5i128..2_000_000_000)
            .prop_map(|(from, to, amount)| Step::Cut { from, to, amount }),
        4 => (assets(), 900u128..1_110)
            .prop_map(|(asset, thousandths)| Step::Move { asset, thousandths }),
        1 => (assets(), 1u128..2_000).prop_map(|(asset, tenths)| Step::Jump { asset, tenths }),
        1 => assets().prop_map(|asset| Step::Break { asset }),
        1 => assets().prop_map(|asset| Step::Blur { asset }),
        3 => (0u64..90).prop_map(|minutes| Step::Wait { minutes }),
        1 => (any::<bool>(), 1u128..200, 1u128..200)
            .prop_map(|(other, bid, ask)| Step::Book { other, bid, ask }),
        1 => (any::<bool>(), statuses()).prop_map(|(other, status)| Step::Status { other, status }),
        1 => (assets(), 1u128..2_000).prop_map(|(asset, tenths)| Step::Slow { asset, tenths }),
        2 => (any::<bool>(), 100u32..1_000)
            .prop_map(|(other, basis_points)| Step::Ramp { other, basis_points }),
        1 => (people(), people(), any::<bool>())
            .prop_map(|(who, key, allowed)| Step::Delegate { who, key, allowed }),
        1 => (people(), -5i128..800_000_000).prop_map(|(who, amount)| Step::Borrow { who, amount }),
        1 => (0u32..=60, 0u32..=60, 0i32..300_000_000)
            .prop_map(|(first, second, rise)| Step::Correlate { first, second, rise }),
    ]
}

fn tenth(tenths: u128) -> Price {
    Price(tenths * PRICE_SCALE / 10)
}

fn asset_of(coin: bool) -> u32 {
    if coin {
        COIN
    } else {
        SETTLEMENT
    }
}

/// The last price of each asset in tenths of a USD, and the resting orders.
struct World {
    prices: std::collections::BTreeMap<u32, u128>,
    resting: Vec<(SubAccount<u64>, OrderExposure)>,
}

impl World {
    fn near(&self, market: MarketId, offset: i128) -> Price {
        let asset = if market == OTHER { OTHER_INDEX } else { INDEX };
        let tenths = self.prices[&asset] as i128;
        tenth((tenths + tenths * offset / 1_000).max(1) as u128)
    }

    fn fill(
        &self,
        market: MarketId,
        maker: u64,
        taker: u64,
        side: Side,
        q: u128,
        offset: i128,
    ) -> Fill<u64> {
        let price = self.near(market, offset);
        Fill {
            market,
            maker_exposure: exposure_in(market, side.opposite(), milli(q), price),
            notional: notional(price, milli(q), Rounding::Down).unwrap(),
            ..fill_of(maker, taker, side, milli(q), price)
        }
    }

    /// A trade, after which nobody who was above maintenance is below zero (invariant 4). Without a
    /// clean price a reduction is measured against its own, which says nothing about the median.
    fn trade(&self, fill: &Fill<u64>) {
        if Margin::open_order(&fill.maker, &fill.maker_exposure).is_err() {
            return;
        }
        let sides = [&fill.maker, &fill.taker];
        let before = sides.map(Margin::account_health);
        let index = if fill.market == OTHER {
            OTHER_INDEX
        } else {
            INDEX
        };
        let clean = Prices::price(index).is_ok();
        match Margin::settle(fill) {
            Ok(()) => {
                Margin::settled(&fill.taker);
                for (who, before) in sides.into_iter().zip(before) {
                    let (Ok(before), Ok(after)) = (before, Margin::account_health(who)) else {
                        continue;
                    };
                    if clean && !before.is_liquidatable() {
                        assert!(!after.is_bankrupt(), "{who:?} {before:?} {after:?}");
                    }
                }
            }
            Err(FillError::Maker(_) | FillError::Taker(_)) => {
                Margin::close_order(&fill.maker, &fill.maker_exposure);
            }
        }
    }

    /// The same fill twice in a row, after which the taker is told of.
    fn sweep(&self, fill: &Fill<u64>) {
        let mut filled = false;
        for _ in 0..2 {
            if Margin::open_order(&fill.maker, &fill.maker_exposure).is_err() {
                break;
            }
            if Margin::settle(fill).is_err() {
                Margin::close_order(&fill.maker, &fill.maker_exposure);
                break;
            }
            filled = true;
        }
        if filled {
            Margin::settled(&fill.taker);
        }
    }

    fn set_price(&mut self, asset: u32, tenths: u128) {
        self.prices.insert(asset, tenths);
        Prices::set_result(asset, Ok(tenth(tenths)));
    }

    fn run(&mut self, step: Step) {
        match step {
            Step::Deposit {
                who,
                index,
                coin,
                amount,
            } => {
                let _ = with_storage_layer(|| {
                    Margin::deposit(RuntimeOrigin::signed(who), index, asset_of(coin), amount)
                });
            }
            Step::Withdraw {
                who,
                index,
                coin,
                amount,
            } => {
                let account = SubAccount::new(who, index);
                let done = with_storage_layer(|| {
                    Margin::withdraw(RuntimeOrigin::signed(who), index, asset_of(coin), amount)
                });
                if let (Ok(()), Ok(health)) = (done, Margin::account_health(&account)) {
                    assert!(!health.is_liquidatable(), "{health:?}");
                }
            }
            Step::Transfer {
                who,
                to,
                coin,
                amount,
            } => {
                let _ = with_storage_layer(|| {
                    Margin::transfer(RuntimeOrigin::signed(who), 0, to, asset_of(coin), amount)
                });
            }
            Step::Rest { who, order } => {
                if Margin::open_order(&sub(who), &order).is_ok() {
                    self.resting.push((sub(who), order));
                }
            }
            Step::Cancel { nth } => {
                if nth < self.resting.len() {
                    let (who, order) = self.resting.remove(nth);
                    Margin::close_order(&who, &order);
                }
            }
            Step::Trade {
                maker,
                taker,
                other,
                side,
                thousandths,
                offset,
            } => {
                let market = if other { OTHER } else { MARKET };
                self.trade(&self.fill(market, maker, taker, side, thousandths, offset));
            }
            Step::Liquidate {
                taker,
                maker,
                thousandths,
                offset,
            } => {
                let size = Accounts::<Test>::get(sub(taker)).position(MARKET).size;
                let side = if size.is_long() { Side::Ask } else { Side::Bid };
                let mut fill = self.fill(MARKET, maker, taker, side, thousandths, offset);
                fill.kind = FillKind::Liquidation;
                self.sweep(&fill);
            }
            Step::Fee {
                who,
                liquidator,
                amount,
            } => {
                let fee = LiquidationFee {
                    fund: Usd(amount),
                    liquidator: Some((liquidator, Usd(amount / 2))),
                };
                let before = Margin::account_health(&sub(who));
                if Margin::charge_fee(&sub(who), fee).is_ok() && !before.unwrap().is_bankrupt() {
                    assert!(!Margin::account_health(&sub(who)).unwrap().is_bankrupt());
                }
            }
            Step::Pool { coins, tenths } => {
                Pool::set(COIN, coins * COIN_UNIT, coins * tenths * 100_000);
            }
            Step::Absorb { who } => {
                let before = Margin::account_health(&sub(who));
                if let Ok(Absorbed {
                    shortfall, paid, ..
                }) = Margin::absorb(&sub(who), &mut |asked| Fund::draw(MARKET, asked))
                {
                    assert!(paid <= shortfall);
                    // Selling its collateral never makes what it is missing larger, but for what is left of it
                    // and counts as dust: 999 units at 200 USD.
                    let missing = before.map_or(Usd::ZERO, |health| health.equity);
                    assert!(
                        shortfall.0 <= 1_998 - missing.0.min(0),
                        "{shortfall:?} {missing:?}"
                    );
                    if paid == shortfall {
                        let health = Margin::account_health(&sub(who));
                        assert!(health.map_or(true, |health| !health.is_bankrupt()));
                    }
                }
            }
            Step::Deleverage {
                who,
                other,
                thousandths,
                give_up,
            } => {
                let was = Margin::account_health(&sub(other));
                let order = Deleveraging {
                    account: sub(who),
                    counterparty: sub(other),
                    market: MARKET,
                    quantity: milli(thousandths),
                    give_up: Usd(give_up),
                };
                if let Ok(done) = Margin::deleverage(&order) {
                    assert!(done.given_up <= Usd(give_up.max(0)));
                    check_giver(other, was.ok(), done.given_up);
                }
            }
            Step::Cut { from, to, amount } => {
                let was = Margin::account_health(&sub(from));
                if let Ok(cut) = Margin::cut_profit(&sub(from), MARKET, &sub(to), Usd(amount)) {
                    assert!(cut <= Usd(amount.max(0)));
                    check_giver(from, was.ok(), cut);
                }
            }
            Step::Move { asset, thousandths } => {
                let tenths = (self.prices[&asset] * thousandths / 1_000).max(1);
                self.set_price(asset, tenths);
            }
            Step::Jump { asset, tenths } => self.set_price(asset, tenths),
            Step::Break { asset } => Prices::set_result(asset, Err(PriceError::Stale)),
            // Steps of a minute, or a case would take too long.
            Step::Wait { minutes } => {
                // A part in a hundred thousand, so that interest is never whole.
                Lender::grow(u128::from(minutes) * 10_000_019);
                for _ in 0..minutes {
                    Now::mutate(|now| *now += 58_000);
                    pass(2_000);
                }
            }
            Step::Book { other, bid, ask } => {
                Impact::set(if other { OTHER } else { MARKET }, bid, ask);
            }
            Step::Status { other, status } => {
                Guard::set(if other { OTHER } else { MARKET }, status);
            }
            Step::Slow { asset, tenths } => Prices::set_slow(asset, tenths.div_ceil(10)),
            // Both margins at once: what volatility and ramps come to.
            Step::Ramp {
                other,
                basis_points,
            } => {
                let market = if other { OTHER } else { MARKET };
                let params = Registry::market(market).unwrap();
                Registry::insert_market(
                    market,
                    MarketParams {
                        maintenance_margin: Rate::basis_points(basis_points),
                        initial_margin: Rate::basis_points(basis_points * 5 / 3),
                        ..params
                    },
                );
            }
            Step::Delegate { who, key, allowed } => {
                let _ = with_storage_layer(|| {
                    Margin::set_delegate(RuntimeOrigin::signed(who), 0, key, allowed)
                });
            }
            Step::Borrow { who, amount } => {
                let done = with_storage_layer(|| {
                    Margin::borrow(RuntimeOrigin::signed(who), 0, Usd(amount))
                });
                if let (Ok(()), Ok(health)) = (done, Margin::account_health(&sub(who))) {
                    assert!(!health.is_liquidatable(), "{health:?}");
                }
            }
            // Shares go anywhere, as on a ramp; a correlation rises only, as the registry sees to.
            Step::Correlate {
                first,
                second,
                rise,
            } => {
                let was = Registry::correlations()
                    .between(INDEX, OTHER_INDEX)
                    .unwrap();
                let assets = [
                    (INDEX, Rate::percent(first)),
                    (OTHER_INDEX, Rate::percent(second)),
                ];
                let risen = Correlation(was.0.saturating_add(rise).min(1_000_000_000));
                Registry::set_matrix(&assets, &[risen]);
            }
            Step::Blur { asset } => {
                let median = tenth(self.prices[&asset]);
                Prices::set_unclean(asset, PriceError::Uncertain, median);
            }
        }
    }
}

/// Effective price of a leg, as the due queue has it.
fn effective(factor: Factor) -> Option<i128> {
    let market = |id| {
        let params = Registry::market(id)?;
        let mark = Prices::price_for(params.index_asset, Action::Liquidate).ok()?;
        Some((mark, params.maintenance_margin, Margin::funding(id)))
    };
    match factor {
        Factor::Long(id) => {
            let (mark, rate, funding) = market(id)?;
            Some(long_price(mark, rate).unwrap() - funding)
        }
        Factor::Short(id) => {
            let (mark, rate, funding) = market(id)?;
            Some(short_price(mark, rate).unwrap() + funding)
        }
        Factor::Size(id) => Some(size_price(market(id)?.0).unwrap()),
        Factor::Offset(id) => {
            let (mark, rate, _) = market(id)?;
            let share = Registry::correlations().share_of(Registry::market(id)?.index_asset);
            Some(offset_leg_price(mark, rate, share).unwrap())
        }
        Factor::Collateral(asset) => {
            let rate = Registry::collateral(asset)?.maintenance_factor;
            let index = Prices::price_for(asset, Action::Liquidate).ok()?;
            Some(collateral_price(index, rate).unwrap())
        }
        Factor::Debt => Some(debt_price(Margin::borrow_index()).unwrap()),
    }
}

type Keys = Vec<(Factor, i128)>;

/// The keys of healthy accounts since their last evaluation; everybody else is looked at after each
/// step, as a known or stale account is.
#[derive(Default)]
struct Queue(std::collections::BTreeMap<(u64, u16), (Watched, Keys)>);

impl Queue {
    /// Invariant 9: nobody is under maintenance of whom no key says so. What is due and healthy, or has
    /// changed, gets new keys.
    fn check(&mut self) {
        for who in Accounts::<Test>::iter_keys() {
            let id = (who.owner, who.index);
            let (now, health) = (watched(&who), Margin::account_health(&who));
            let waits = self.0.get(&id).is_some_and(|(then, keys)| {
                let due = |(factor, key): &(Factor, i128)| {
                    effective(*factor).is_some_and(|price| price < *key)
                };
                *then == now && !keys.iter().any(due)
            });
            let Ok(health) = health else { continue };
            if waits {
                assert!(!health.is_liquidatable(), "{who:?} is not due: {health:?}");
                continue;
            }
            self.0.remove(&id);
            if health.is_liquidatable() {
                continue;
            }
            let legs = Margin::legs(&who);
            let inputs: Vec<_> = legs
                .iter()
                .map(|leg| LegInput {
                    amount: leg.amount,
                    price: effective(leg.factor).unwrap(),
                })
                .collect();
            let keys = keys(health.slack().unwrap(), &inputs).unwrap();
            let keys = legs.iter().map(|leg| leg.factor).zip(keys).collect();
            self.0.insert(id, (now, keys));
        }
    }
}

/// Who gave has lost what he gave and no more, and is not under maintenance by it.
fn check_giver(who: u64, was: Option<Health>, given: Usd) {
    let (Some(was), Ok(is)) = (was, Margin::account_health(&sub(who))) else {
        return;
    };
    // The value at mark of what was closed is rounded once.
    assert!(was.equity.0 - is.equity.0 - given.0 <= 1, "{was:?} {is:?}");
    assert!(
        was.is_liquidatable() || !is.is_liquidatable(),
        "{was:?} {is:?}"
    );
}

/// Health is known exactly when every leg has a price (invariant 9 rests on it).
fn check_legs() {
    for who in Accounts::<Test>::iter_keys() {
        let priced = Margin::legs(&who).into_iter().all(|leg| {
            let asset = match leg.factor {
                Factor::Long(market)
                | Factor::Short(market)
                | Factor::Size(market)
                | Factor::Offset(market) => Registry::market(market).unwrap().index_asset,
                Factor::Collateral(asset) => asset,
                Factor::Debt => return true,
            };
            Prices::price_for(asset, Action::Liquidate).is_ok()
        });
        assert_eq!(Margin::account_health(&who).is_ok(), priced, "{who:?}");
    }
}

/// Fees, tiers, caps, concentration and funding that matter at the amounts of these flows.
fn set_rules() {
    let rules = MarketParams {
        maker_fee: Rate::basis_points(2),
        taker_fee: Rate::basis_points(5),
        lower_open_interest: milli(50_000),
        max_open_interest: milli(200_000),
        funding: FundingParams {
            interest: Rate::basis_points(3),
            impact_notional: Usd::dollars(100),
        },
        ..market_params()
    };
    let tier = |from, percent| MarginTier {
        from: Usd::dollars(from),
        add_on: Rate::percent(percent),
    };
    let mut sized = rules;
    sized.margin_tiers[0] = tier(500, 1);
    sized.margin_tiers[1] = tier(2_000, 10);
    Registry::insert_market(MARKET, sized);
    Registry::insert_market(
        OTHER,
        MarketParams {
            index_asset: OTHER_INDEX,
            tier: Tier::B,
            initial_margin: Rate::percent(10),
            maintenance_margin: Rate::percent(6),
            ..rules
        },
    );
    let shares = [(INDEX, Rate::percent(60)), (OTHER_INDEX, Rate::percent(50))];
    Registry::set_matrix(&shares, &[Correlation::percent(70)]);
    Lender::set_available(Usd::dollars(500));
    Registry::insert_collateral(
        COIN,
        CollateralParams {
            scale_start: 2 * COIN_UNIT,
            ..coin_params()
        },
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(bulwark_traits::mock::cases(64)))]

    #[test]
    fn ledger_should_add_up_when_anything_happens(steps in prop::collection::vec(steps(), 1..120)) {
        new_test_ext().execute_with(|| {
            set_rules();
            for who in [ALICE, BOB, CAROL] {
                fund(who, 1_000);
            }
            let mut world = World {
                prices: [(INDEX, 1_000), (OTHER_INDEX, 500), (COIN, 100)].into(),
                resting: Vec::new(),
            };
            let mut queue = Queue::default();
            for step in steps {
                world.run(step);
                assert_ok!(Margin::do_try_state());
                check_told();
                check_legs();
                queue.check();
            }
        });
    }
}
