//! Collateral that is sold in a pool, and what the fund still takes over.

use super::seizure::{absorb, coins, indebted, indebted_by, vault};
use crate::{mock::*, Event};
use bulwark_primitives::Usd;
use bulwark_traits::{LiquidationLedger, LossFund, SpotSource};
use frame_support::assert_ok;

/// A pool of so many coins and dollars.
fn pool(coins: u128, dollars: u128) {
    Pool::set(COIN, coins * COIN_UNIT, dollars * 1_000_000);
}

/// What was sold in pools and what for, and what the fund took over and for how much.
fn sold() -> ((u128, Usd), (u128, Usd)) {
    let mut sums = ((0, Usd::ZERO), (0, Usd::ZERO));
    let add = |sum: &mut (u128, Usd), amount: u128, paid: Usd| {
        *sum = (sum.0 + amount, Usd(sum.1 .0 + paid.0));
    };
    for record in System::events() {
        match record.event {
            RuntimeEvent::Margin(Event::CollateralSold {
                amount, proceeds, ..
            }) => add(&mut sums.0, amount, proceeds),
            RuntimeEvent::Margin(Event::CollateralSeized { amount, paid, .. }) => {
                add(&mut sums.1, amount, paid);
            }
            _ => {}
        }
    }
    sums
}

/// Everything adds up, and nothing is left on the way.
fn check() {
    assert_ok!(Margin::do_try_state());
    check_told();
    for asset in [COIN, SETTLEMENT] {
        assert_eq!(Assets::balance(asset, Margin::broker()), 0);
    }
}

/// Lets the fund have so many dollars; what it had more somebody has.
fn leave_fund(dollars: i64) {
    let more = Fund::draw(MARKET, Usd(Fund::balance().0 - Usd::dollars(dollars).0));
    crate::Accounts::<Test>::mutate(sub(BOB), |account| account.balance.0 += more.0);
    <Watcher as bulwark_traits::AccountObserver<u64>>::account_changed(&sub(BOB));
}

#[test]
fn pool_should_take_all_the_debt_needs_when_it_pays_more() {
    new_test_ext().execute_with(|| {
        indebted(90, 10, 10);
        pool(100_000, 1_000_000);
        assert_eq!(absorb(), Ok((Usd::ZERO, Usd::ZERO)));
        let (in_pool, by_fund) = sold();
        // 9.97 a coin and a little less with each: the fund would have got 9.6257 for it.
        assert!(
            in_pool.0 > 902_000_000 && in_pool.0 < 903_000_000,
            "{in_pool:?}"
        );
        assert!(in_pool.1 >= Usd::dollars(90) && in_pool.1 < Usd(90_000_010));
        assert_eq!(by_fund, (0, Usd::ZERO));
        assert_eq!(coins(ALICE), 10 * COIN_UNIT - in_pool.0);
        assert_eq!(state(ALICE).0, Usd(in_pool.1 .0 - 90_000_000));
        assert_eq!(Fund::balance(), FUND);
        check();
    });
}

#[test]
fn fund_should_take_over_when_the_pool_pays_less() {
    new_test_ext().execute_with(|| {
        indebted(90, 10, 10);
        // 9.36 a coin would be more than 9.35, but for the pool's fee.
        pool(100_000, 936_000);
        assert_eq!(absorb(), Ok((Usd::ZERO, Usd::ZERO)));
        assert_eq!(sold(), ((0, Usd::ZERO), (962_566_845, Usd::dollars(90))));
        check();
    });
}

#[test]
fn pool_and_fund_should_share_when_the_pool_is_better_for_a_part() {
    new_test_ext().execute_with(|| {
        indebted(180, 20, 10);
        pool(100, 1_000);
        assert_eq!(absorb(), Ok((Usd::ZERO, Usd::ZERO)));
        let (in_pool, by_fund) = sold();
        // 3.27 coins bring it down to 9.35, of which each would be worth that to the fund.
        assert_eq!(in_pool.0, 327_211_149);
        assert!(in_pool.1 .0 > 327_211_149 * 935 / 10_000);
        assert_eq!(by_fund.1, Usd(180_000_000 - in_pool.1 .0));
        assert_eq!(vault(), by_fund.0);
        // For less than 180 / 9.35 together.
        assert!(in_pool.0 + by_fund.0 < 1_925_133_690);
        assert_eq!(coins(ALICE), 20 * COIN_UNIT - in_pool.0 - by_fund.0);
        assert_eq!(state(ALICE).0, Usd::ZERO);
        assert_eq!(Fund::balance(), Usd(FUND.0 - by_fund.1 .0));
        check();
    });
}

#[test]
fn pool_should_pay_what_the_fund_cannot_and_no_less_than_counted() {
    new_test_ext().execute_with(|| {
        indebted(90, 10, 10);
        leave_fund(45);
        // Nothing but what is below the fund's price.
        pool(100_000, 930_000);
        let before = Margin::health(&sub(ALICE)).unwrap().equity;
        assert_eq!(absorb(), Ok((Usd::ZERO, Usd::ZERO)));
        let (in_pool, by_fund) = sold();
        assert_eq!(
            by_fund.1,
            Usd::dollars(45).min(Usd(90_000_000 - in_pool.1 .0))
        );
        assert!(in_pool.1 .0 >= 45_000_000 && in_pool.1 .0 < 45_000_010);
        assert!(in_pool.1 .0 > in_pool.0 as i128 * 87 / 1_000);
        assert!(state(ALICE).0 >= Usd::ZERO);
        assert!(Margin::health(&sub(ALICE)).unwrap().equity > before);
        check();
    });
}

#[test]
fn account_should_keep_what_counts_when_the_fund_has_nothing_and_the_pool_pays_less() {
    new_test_ext().execute_with(|| {
        indebted(90, 10, 10);
        leave_fund(0);
        pool(100_000, 870_000);
        assert_eq!(absorb(), Ok((Usd::dollars(3), Usd::ZERO)));
        assert_eq!(sold(), ((0, Usd::ZERO), (0, Usd::ZERO)));
        assert_eq!(coins(ALICE), 10 * COIN_UNIT);
        check();
    });
}

#[test]
fn moving_the_pool_before_should_not_sell_below_the_floor() {
    // Whatever somebody does to the pool just before, and undoes after.
    for (in_fund, floor) in [(1_000, 9_350), (0, 8_700)] {
        for dumped in [0u128, 100, 300, 1_000, 3_000, 10_000, 1_000_000] {
            new_test_ext().execute_with(|| {
                indebted(90, 10, 10);
                leave_fund(in_fund);
                pool(10_000, 100_000);
                let before = Margin::health(&sub(ALICE)).unwrap().equity;
                let (had, held) = wealth(CAROL);
                let got = if dumped > 0 {
                    Pool::swap(CAROL, COIN, dumped * COIN_UNIT).0 as u128
                } else {
                    0
                };
                assert_ok!(absorb());
                let (in_pool, by_fund) = sold();
                assert!(
                    in_pool.1 .0 * 10_000_000 >= in_pool.0 as i128 * floor,
                    "{dumped}"
                );
                let after = Margin::health(&sub(ALICE)).unwrap().equity;
                assert!(after >= before, "{dumped}: others pay no more");
                if in_fund > 0 {
                    // 90 / 9.35 coins at the most, as if there were no pool.
                    assert!(in_pool.0 + by_fund.0 <= 962_566_846, "{dumped}");
                    assert_eq!(state(ALICE).0.max(Usd::ZERO), state(ALICE).0);
                }
                if dumped > 0 {
                    Pool::buy(CAROL, COIN, got);
                    // At the oracle's price the round trip has earned no more than the account's discount
                    // from it, and without a victim it costs.
                    let (has, holds) = wealth(CAROL);
                    let earned = has as i128 - had as i128 + (holds as i128 - held as i128) / 10;
                    let discount = in_pool.0 as i128 / 10 - in_pool.1 .0;
                    assert!(earned <= discount.max(0), "{dumped}: {earned} {discount}");
                }
                check();
            });
        }
    }
}

/// USD and coins in somebody's wallet, in base units.
fn wealth(who: u64) -> (u128, u128) {
    (Assets::balance(SETTLEMENT, who), Assets::balance(COIN, who))
}

#[test]
fn pumping_the_pool_should_only_help_the_account() {
    new_test_ext().execute_with(|| {
        indebted(90, 10, 10);
        // 20 USD a coin: the oracle says 10, and nobody is told otherwise.
        pool(1_000, 20_000);
        assert_eq!(absorb(), Ok((Usd::ZERO, Usd::ZERO)));
        let (in_pool, _) = sold();
        assert!(in_pool.0 < 5 * COIN_UNIT);
        assert_eq!(
            <Prices as bulwark_traits::PriceSource>::price(COIN),
            Ok(usd(10))
        );
        check();
    });
}

#[test]
fn fund_should_take_over_when_the_sale_fails_anywhere() {
    let as_without_a_pool = ((0, Usd::ZERO), (962_566_845, Usd::dollars(90)));
    // The pool fails after it has the tokens.
    new_test_ext().execute_with(|| {
        indebted(90, 10, 10);
        pool(100_000, 1_000_000);
        Broken::set(true);
        let reserves = Pool::pool(COIN);
        let absorbed = Margin::absorb(&sub(ALICE), &mut |_| Usd::ZERO).unwrap();
        assert_eq!(absorbed.sales, 1, "it is counted, because it has cost");
        assert_eq!(sold(), as_without_a_pool);
        assert_eq!(Pool::pool(COIN), reserves);
        check();
        Broken::set(false);
    });
    // Nobody may move the asset: the ledger still can.
    new_test_ext().execute_with(|| {
        indebted(90, 10, 10);
        pool(100_000, 1_000_000);
        Pool::freeze(COIN);
        assert_ok!(absorb());
        assert_eq!(sold(), as_without_a_pool);
        check();
    });
    // What is left in the pot would be less than the asset's minimum.
    new_test_ext().execute_with(|| {
        indebted_by(Usd(9_969_989), 1, 10);
        // It would leave five units, of which the asset wants ten.
        Pool::set(COIN, 100_000_005_000_000, 10_000_000_000_000);
        let absorbed = Margin::absorb(&sub(ALICE), &mut |_| Usd::ZERO).unwrap();
        let (in_pool, by_fund) = sold();
        assert_eq!(absorbed.sales, 1);
        assert_eq!(in_pool, (0, Usd::ZERO));
        assert_eq!(by_fund, (COIN_UNIT, Usd(9_350_000)));
        check();
    });
}

#[test]
fn tokens_sent_to_the_broker_should_stay_and_change_nothing() {
    new_test_ext().execute_with(|| {
        indebted(90, 10, 10);
        pool(100_000, 1_000_000);
        let transfer = Assets::transfer(
            RuntimeOrigin::signed(CAROL),
            SETTLEMENT,
            Margin::broker(),
            777,
        );
        assert_ok!(transfer);
        assert_ok!(absorb());
        assert!(state(ALICE).0 >= Usd::ZERO && state(ALICE).0 < Usd(10));
        assert_eq!(Assets::balance(SETTLEMENT, Margin::broker()), 777);
        assert_ok!(Margin::do_try_state());
    });
}
