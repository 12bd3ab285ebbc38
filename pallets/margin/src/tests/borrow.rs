//! Loans that are asked for.

use crate::{mock::*, Debts, Error, Event, TotalDebt};
use bulwark_primitives::{Index, PriceError, Quantity, Side, Usd, SIZE_SCALE};
use frame_support::{assert_noop, assert_ok, storage::with_storage_layer};
use sp_runtime::DispatchResult;

fn borrow(amount: Usd) -> DispatchResult {
    with_storage_layer(|| Margin::borrow(RuntimeOrigin::signed(ALICE), 0, amount))
}

fn deposit_coins(amount: u128) {
    assert_ok!(Margin::deposit(
        RuntimeOrigin::signed(ALICE),
        0,
        COIN,
        amount * COIN_UNIT
    ));
}

/// Alice with 100 coins, worth 800 USD for a loan, and a pool with enough.
fn alice_has_coins() {
    fund(BOB, 10_000);
    deposit_coins(100);
    Lender::set_available(Usd::dollars(10_000));
}

#[test]
fn borrow_should_make_a_debt_when_collateral_covers_it() {
    new_test_ext().execute_with(|| {
        alice_has_coins();
        let had = Assets::balance(SETTLEMENT, ALICE);
        assert_noop!(borrow(Usd(800_000_001)), Error::<Test>::LoanNotCovered);
        assert_ok!(borrow(Usd::dollars(800)));
        assert_eq!(Assets::balance(SETTLEMENT, ALICE), had + 800_000_000);
        assert_eq!(Margin::load(&sub(ALICE)).balance, Usd::dollars(-800));
        assert_eq!(Debts::<Test>::get(sub(ALICE)), Some(Index::ONE));
        assert_eq!(TotalDebt::<Test>::get(), Quantity(800 * SIZE_SCALE));
        System::assert_last_event(
            Event::Withdrawn {
                account: sub(ALICE),
                asset: SETTLEMENT,
                amount: 800_000_000,
            }
            .into(),
        );
        assert_ok!(Margin::do_try_state());
        // The collateral stays until it is paid back, with the interest.
        Lender::set_index(Index(Index::ONE.0 / 100 * 101));
        assert_noop!(
            Margin::withdraw(RuntimeOrigin::signed(ALICE), 0, COIN, COIN_UNIT),
            Error::<Test>::SettlementDebt
        );
        fund(ALICE, 808);
        assert_eq!(Lender::settled(), Usd::dollars(8));
        assert_eq!(TotalDebt::<Test>::get(), Quantity::ZERO);
        assert_ok!(Margin::withdraw(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            100 * COIN_UNIT
        ));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn borrow_should_fail_when_the_pool_has_less() {
    new_test_ext().execute_with(|| {
        alice_has_coins();
        fund(ALICE, 50);
        Lender::set_available(Usd::dollars(100));
        // Its own balance is no loan.
        assert_noop!(borrow(Usd(150_000_001)), Error::<Test>::PoolExhausted);
        assert_ok!(borrow(Usd::dollars(150)));
        Lender::set_available(Usd::ZERO);
        assert_noop!(borrow(Usd(1)), Error::<Test>::PoolExhausted);
        fund(ALICE, 101);
        assert_ok!(borrow(Usd::dollars(1)));
        assert_noop!(borrow(Usd::ZERO), Error::<Test>::ZeroAmount);
        assert_noop!(borrow(Usd(-1)), Error::<Test>::ZeroAmount);
        assert_noop!(borrow(Usd::MAX), Error::<Test>::PoolExhausted);
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn borrow_should_count_the_worse_price_and_nothing_without_one() {
    new_test_ext().execute_with(|| {
        alice_has_coins();
        Prices::set_slow(COIN, 5);
        assert_noop!(borrow(Usd(400_000_001)), Error::<Test>::LoanNotCovered);
        Prices::set_result(COIN, Err(PriceError::Stale));
        assert_noop!(borrow(Usd(1)), Error::<Test>::LoanNotCovered);
        Prices::set(COIN, 10);
        assert_ok!(borrow(Usd::dollars(400)));
        assert_ok!(Margin::do_try_state());
    });
}

/// The pump of Mango: profit that is not realised is no collateral for what leaves.
#[test]
fn borrow_should_fail_when_only_open_profit_covers_it() {
    new_test_ext().execute_with(|| {
        alice_has_coins();
        assert_ok!(Margin::withdraw(
            RuntimeOrigin::signed(ALICE),
            0,
            COIN,
            100 * COIN_UNIT
        ));
        fund(ALICE, 100);
        trade(BOB, ALICE, Side::Bid, milli(1_000), usd(100));
        Prices::set(INDEX, 600);
        // A tenth of the notional stays.
        assert_noop!(borrow(Usd(40_000_001)), Error::<Test>::LoanNotCovered);
        assert_ok!(borrow(Usd::dollars(40)));
        // Loss counts.
        Prices::set(INDEX, 90);
        assert_noop!(borrow(Usd(41_000_001)), Error::<Test>::LoanNotCovered);
        assert_ok!(borrow(Usd::dollars(41)));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn most_should_be_what_just_passes_when_asked() {
    new_test_ext().execute_with(|| {
        alice_has_coins();
        fund(ALICE, 30);
        trade(BOB, ALICE, Side::Bid, milli(10_123), usd(100));
        for (pool, price) in [(10_000, 100), (10_000, 97), (200, 103), (0, 100)] {
            Lender::set_available(Usd::dollars(pool));
            Prices::set(INDEX, price);
            let most = Margin::max_borrow(&sub(ALICE));
            assert!(most > Usd::ZERO);
            assert!(borrow(Usd(most.0 + 1)).is_err());
            let undone = with_storage_layer(|| -> DispatchResult {
                assert_ok!(borrow(most));
                Err(sp_runtime::DispatchError::Other("undone"))
            });
            assert!(undone.is_err());
        }
        Prices::set_result(INDEX, Err(PriceError::Stale));
        assert_eq!(Margin::max_borrow(&sub(ALICE)), Usd::ZERO);
        assert_noop!(borrow(Usd(1)), Error::<Test>::PriceStale);
    });
}
