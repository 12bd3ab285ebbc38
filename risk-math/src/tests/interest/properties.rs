use super::*;
use proptest::prelude::*;

prop_compose! {
    fn valid_params()(
        kink in 10_000_000u64..=990_000_000,
        mut rates in prop::array::uniform3(0u64..=100_000_000),
        full in 0u64..=4_900_000_000,
        reserve in 0u64..=500_000_000,
        daily in 0u64..=200_000_000,
        low in 250_000_000u64..=1_000_000_000,
        high in 1_000_000_000u64..=4_000_000_000,
    ) -> InterestParams {
        rates.sort_unstable();
        let params = parsed_params(
            &[kink, rates[0], rates[1], rates[2] + full, reserve, daily, low, high],
        );
        assert!(params.is_valid());
        params
    }
}

/// One thing that happens to a pool.
#[derive(Clone, Copy, Debug)]
enum Step {
    Supply(usize, i128),
    Redeem(usize, u128),
    Borrow(usize, i128),
    Repay(usize, u128),
    Touch(usize),
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = || (0u32..48).prop_flat_map(|bits| 1i128..=(1 << bits).max(2));
    let step = prop_oneof![
        (0usize..3, amount()).prop_map(|(who, amount)| Step::Supply(who, amount)),
        (0usize..3, 0u128..=1_000).prop_map(|(who, part)| Step::Redeem(who, part)),
        (0usize..3, amount()).prop_map(|(who, amount)| Step::Borrow(who, amount)),
        (0usize..3, 0u128..=1_000).prop_map(|(who, part)| Step::Repay(who, part)),
        (0usize..3).prop_map(Step::Touch),
        prop_oneof![1u64..=60_000, 1u64..=YEAR / 12].prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..60)
}

/// A pool with three suppliers and three debtors, and what the whole ledger of it has to add up to.
struct World {
    params: InterestParams,
    pool: Pool,
    shares: [u128; 3],
    /// Put in and taken out, by supplier; and the interest booked for all of them.
    given: [i128; 3],
    taken: [i128; 3],
    to_suppliers: i128,
    /// Stored debts, with the index at which they were stored.
    debts: [(i128, Index); 3],
    /// Tokens: what was supplied and repaid less what was redeemed and lent.
    cash: i128,
}

impl World {
    fn new(params: InterestParams) -> Self {
        Self {
            params,
            pool: Pool::default(),
            shares: [0; 3],
            given: [0; 3],
            taken: [0; 3],
            to_suppliers: 0,
            debts: [(0, Index::ONE); 3],
            cash: 0,
        }
    }

    fn scaled(&self) -> Quantity {
        let sum = self
            .debts
            .iter()
            .map(|(debt, index)| scaled_debt(Usd(*debt), *index).unwrap().0);
        Quantity(sum.sum())
    }

    fn touch(&mut self, who: usize) {
        let (debt, from) = self.debts[who];
        let now = debt_now(Usd(debt), from, self.pool.borrow_index).unwrap().0;
        self.pool = self.pool.settle(Usd(now - debt)).unwrap();
        self.debts[who] = (now, self.pool.borrow_index);
    }

    fn play(&mut self, step: Step) {
        match step {
            Step::Supply(who, amount) => {
                let (pool, shares) = self.pool.supply(Usd(amount)).unwrap();
                // As the pallet does: nobody holds less than the least.
                if self.shares[who] + shares.0 < Pool::MIN_HOLDING.0 {
                    return;
                }
                self.pool = pool;
                self.shares[who] += shares.0;
                self.given[who] += amount;
                self.cash += amount;
            }
            Step::Redeem(who, part) => {
                let mut shares = self.shares[who] * part / 1_000;
                if self.shares[who] - shares < Pool::MIN_HOLDING.0 {
                    shares = self.shares[who];
                }
                if shares == 0 {
                    return;
                }
                let (pool, amount) = self.pool.redeem(Shares(shares)).unwrap();
                self.pool = pool;
                self.shares[who] -= shares;
                self.taken[who] += amount.0;
                self.cash -= amount.0;
            }
            Step::Borrow(who, amount) => {
                self.touch(who);
                self.debts[who].0 += amount;
                self.cash -= amount;
            }
            Step::Repay(who, part) => {
                self.touch(who);
                let amount = self.debts[who].0 * part as i128 / 1_000;
                self.debts[who].0 -= amount;
                self.cash += amount;
            }
            Step::Touch(who) => self.touch(who),
            Step::Wait(elapsed) => {
                let step = accrue(&self.pool, self.scaled(), elapsed, &self.params).unwrap();
                assert!(step.pool.borrow_index >= self.pool.borrow_index);
                assert!(step.to_suppliers <= step.interest && step.to_suppliers >= Usd::ZERO);
                self.to_suppliers += step.to_suppliers.0;
                self.pool = step.pool;
            }
        }
    }

    fn check(&self) {
        // Tokens + debts as stored = what suppliers and fund own, less what is not settled: exactly.
        let stored: i128 = self.debts.iter().map(|(debt, _)| debt).sum();
        assert_eq!(self.cash + stored, self.pool.booked().unwrap().0);
        // What is booked and not settled is owed by somebody.
        let owed: i128 = self
            .debts
            .iter()
            .map(|(debt, from)| {
                debt_now(Usd(*debt), *from, self.pool.borrow_index)
                    .unwrap()
                    .0
            })
            .sum();
        assert!(self.pool.unsettled.0 <= owed - stored);
        // No value from nothing: all that suppliers took and could take is what they gave and earned.
        let given: i128 = self.given.iter().sum();
        let taken: i128 = self.taken.iter().sum();
        let worth: i128 = if self.pool.shares.is_zero() {
            0
        } else {
            self.shares
                .iter()
                .map(|shares| self.pool.value(Shares(*shares)).unwrap().0)
                .sum()
        };
        assert!(taken + worth <= given + self.to_suppliers);
        assert_eq!(self.pool.supplied.0, given + self.to_suppliers - taken);
        // Nobody is in with less than the least.
        assert!(self
            .shares
            .iter()
            .all(|shares| *shares == 0 || *shares >= Pool::MIN_HOLDING.0));
        assert!(self.pool.reserve.0 >= 0 && self.pool.unsettled.0 >= 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn books_should_add_up_when_a_pool_lives(params in valid_params(), steps in steps()) {
        let mut world = World::new(params);
        for step in steps {
            let price = world.pool.supply_index().unwrap();
            let was_empty = world.pool.shares.is_zero();
            world.play(step);
            world.check();
            // Nothing lowers the price of a share, but leaving the pool empty.
            prop_assert!(
                was_empty || world.pool.shares.is_zero()
                    || world.pool.supply_index().unwrap() >= price
            );
        }
        // When all is repaid, nothing that was booked is left open.
        for who in 0..3 {
            world.play(Step::Repay(who, 1_000));
        }
        world.check();
        prop_assert_eq!(world.pool.unsettled, Usd::ZERO);
    }

    #[test]
    fn supplier_should_not_gain_when_no_time_passes(
        supplied in 1_000_000i128..1 << 60, price in 1u128..1 << 40, amount in 1i128..1 << 60,
    ) {
        let pool = Pool {
            supplied: Usd(supplied),
            shares: Shares((supplied as u128 * 1_000_000 / price).max(Pool::MIN_HOLDING.0)),
            ..Pool::default()
        };
        let (pool, shares) = pool.supply(Usd(amount)).unwrap();
        let (_, back) = pool.redeem(shares).unwrap();
        prop_assert!(back.0 <= amount);
        // Nor lose more than a share and a base unit.
        let share = pool.value(Shares(1)).unwrap().0 + 1;
        prop_assert!(amount - back.0 <= share + 1);
    }

    #[test]
    fn rate_should_not_fall_when_use_rises(
        params in valid_params(), uses in prop::array::uniform2(0u64..=1_000_000_000),
        scaling in 250_000_000_000u64..=4_000_000_000_000,
    ) {
        let rate = |of: u64| borrow_rate(Rate(of), FineRate(scaling), &params).unwrap();
        prop_assert!(rate(uses[0].min(uses[1])) <= rate(uses[0].max(uses[1])));
        let supplier = |of: u64| supply_rate(rate(of), Rate(of), &params).unwrap();
        prop_assert!(supplier(uses[0].min(uses[1])) <= supplier(uses[0].max(uses[1])));
        prop_assert!(supplier(uses[0]) <= rate(uses[0]));
    }

    #[test]
    fn scaling_should_stay_in_its_bounds_and_follow_the_use(
        params in valid_params(), used in 0u64..=1_000_000_000, elapsed in 0u64..=YEAR,
        scaling in 250_000_000_000u64..=4_000_000_000_000,
    ) {
        let before = FineRate(scaling)
            .max(FineRate(params.min_scaling.0 * 1_000))
            .min(FineRate(params.max_scaling.0 * 1_000));
        let after = curve::scale(before, Rate(used), elapsed, &params).unwrap();
        prop_assert!(after.0 >= params.min_scaling.0 * 1_000);
        prop_assert!(after.0 <= params.max_scaling.0 * 1_000);
        if used > params.kink.0 {
            prop_assert!(after >= before);
        } else {
            prop_assert!(after <= before);
        }
    }

    #[test]
    fn books_should_not_panic_when_numbers_are_extreme(
        numbers in prop::array::uniform5((any::<i128>(), 0u32..127).prop_map(|(n, by)| n >> by)),
        index in any::<u128>(), scaled in any::<u128>(), elapsed in any::<u64>(),
        params in prop::collection::vec(any::<u64>(), 8), shares in any::<u128>(),
    ) {
        let pool = Pool {
            supplied: Usd(numbers[0]),
            shares: Shares(shares),
            reserve: Usd(numbers[1]),
            unsettled: Usd(numbers[2]),
            borrow_index: Index(index),
            scaling: FineRate(params[0]),
            interest_rest: scaled,
            supplier_rest: index,
        };
        let params = parsed_params(&params);
        let _ = accrue(&pool, Quantity(scaled), elapsed, &params);
        let _ = pool.supply(Usd(numbers[3]));
        let _ = pool.redeem(Shares(scaled));
        let _ = pool.settle(Usd(numbers[4]));
        let _ = (pool.booked(), pool.available(Usd(numbers[3])), pool.supply_index());
        let _ = (scaled_debt(Usd(numbers[0]), pool.borrow_index), params.is_valid());
    }
}

/// Two seconds at a time for a day, from a pool of 100 USD: the interest of the day is that of the rate,
/// although a step earns a hundredth of a base unit.
#[test]
fn small_pool_should_earn_its_interest_when_steps_are_short() {
    let params = InterestParams {
        daily_adjustment: Rate::ZERO,
        ..InterestParams::default()
    };
    let (mut pool, _) = Pool::default().supply(Usd::dollars(100)).unwrap();
    // 40 % use: 6 % a year.
    let debt = scaled_debt(Usd::dollars(40), Index::ONE).unwrap();
    for _ in 0..43_200 {
        pool = accrue(&pool, debt, 2_000, &params).unwrap().pool;
    }
    // 40 USD * 6 % / 365 = 6,575.3 units, of which suppliers have 85 %, 5,589.0; the use rises a little.
    let earned = pool.supplied.0 - 100_000_000;
    assert!((5_588..=5_590).contains(&earned), "{earned}");
    assert!((986..=988).contains(&pool.reserve.0), "{}", pool.reserve.0);
    assert_eq!(pool.unsettled.0, earned + pool.reserve.0);
}

#[test]
fn suppliers_should_not_earn_on_what_they_did_not_lend() {
    let params = InterestParams::default();
    let (pool, _) = Pool::default().supply(Usd::dollars(1)).unwrap();
    let debt = scaled_debt(Usd::dollars(1_000_000), Index::ONE).unwrap();
    let step = accrue(&pool, debt, YEAR, &params).unwrap();
    // 150 % on a million, and 85 % of 150 % on the one dollar.
    assert_eq!(step.interest, Usd::dollars(1_500_000));
    assert!((1_274_999..=1_275_000).contains(&step.to_suppliers.0));
    assert_eq!(step.pool.available(Usd::dollars(1_000_000)), Ok(Usd::ZERO));
}

#[test]
fn interest_should_be_the_funds_when_nobody_supplies() {
    let debt = scaled_debt(Usd::dollars(100), Index::ONE).unwrap();
    let step = accrue(&Pool::default(), debt, YEAR, &InterestParams::default()).unwrap();
    assert_eq!(step.pool.reserve, Usd::dollars(150));
    assert_eq!(step.pool.supplied, Usd::ZERO);
}

#[test]
fn params_should_be_refused_when_out_of_bounds() {
    let good = InterestParams::default();
    assert!(good.is_valid());
    let wrong: [fn(&mut InterestParams); 12] = [
        |p| p.kink = Rate::ZERO,
        |p| p.kink = Rate::ONE,
        |p| p.rate_at_zero = Rate::percent(11),
        |p| p.rate_at_kink = Rate::percent(1),
        |p| p.rate_at_kink = Rate::percent(101),
        |p| p.rate_at_full = Rate::percent(9),
        |p| p.rate_at_full = Rate::percent(501),
        |p| p.reserve_share = Rate::percent(51),
        |p| p.daily_adjustment = Rate::percent(21),
        |p| p.min_scaling = Rate::percent(24),
        |p| p.min_scaling = Rate::percent(101),
        |p| p.max_scaling = Rate::percent(401),
    ];
    for change in wrong {
        let mut params = good;
        change(&mut params);
        assert!(!params.is_valid(), "{params:?}");
    }
}

#[test]
fn errors_should_be_told_when_there_is_no_answer() {
    let pool = Pool::default();
    assert_eq!(pool.redeem(Shares(1)), Err(MathError::DivisionByZero));
    assert_eq!(pool.supply(Usd(-1)), Err(MathError::Overflow));
    assert_eq!(pool.settle(Usd(-1)), Err(MathError::Overflow));
    assert_eq!(utilisation(Usd(-1), Usd(1)), Err(MathError::Overflow));
    let params = InterestParams::default();
    assert_eq!(
        accrue(&pool, Quantity::ZERO, YEAR + 1, &params),
        Err(MathError::Overflow)
    );
    assert_eq!(
        borrow_rate(Rate(1_000_000_001), FineRate::ONE, &params),
        Err(MathError::Overflow)
    );
}
