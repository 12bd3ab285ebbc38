//! The backstop vault's accounts, and positions that it takes over.

use crate::{mock::*, Accounts, Error, OpenInterests};
use bulwark_primitives::{Fill, MarketId, MarketStatus, Price, Side, Size, SubAccount, Usd};
use bulwark_traits::{BackstopLedger, OrderMargin, TakenOver, Takeover};
use frame_support::{assert_noop, assert_ok};

/// Who owns the vault's accounts.
const VAULT: u64 = 77;

/// Alice long and Bob short 10 at 100, and 1,000 dollars in a market account of the vault.
fn setup() -> SubAccount<u64> {
    fund(ALICE, 100);
    fund(BOB, 5_000);
    trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
    let to = SubAccount::new(VAULT, 2);
    assert_ok!(<Margin as BackstopLedger<u64>>::deposit(
        &CAROL,
        &to,
        Usd::dollars(1_000)
    ));
    to
}

fn offer(account: u64, milli: i128, price: u128) -> Takeover<u64> {
    Takeover {
        account: sub(account),
        market: MARKET,
        size: Size(units(1) / 1_000 * milli),
        price: usd(price),
    }
}

fn position(who: &SubAccount<u64>) -> (i128, Usd) {
    let position = Accounts::<Test>::get(who).position(MARKET);
    (position.size.0, position.entry_notional)
}

fn check() {
    assert_ok!(Margin::do_try_state());
    check_told();
}

#[test]
fn take_over_should_move_a_part_at_its_price() {
    new_test_ext().execute_with(|| {
        let to = setup();
        Prices::set(INDEX, 92);
        let done = <Margin as BackstopLedger<u64>>::take_over(&offer(ALICE, 4_000, 91), &to);
        let expected = TakenOver {
            quantity: milli(4_000),
            notional: Usd::dollars(364),
        };
        assert_eq!(done, Ok(expected));
        // 400 of what Alice paid for it.
        assert_eq!(
            state(ALICE),
            (Usd::dollars(64), units(6), Usd::dollars(600))
        );
        assert_eq!(position(&to), (units(4), Usd::dollars(364)));
        assert_eq!(
            <Margin as BackstopLedger<u64>>::balance(&to),
            Usd::dollars(1_000)
        );
        let interest = OpenInterests::<Test>::get(MARKET);
        assert_eq!(
            (interest.long, interest.short),
            (milli(10_000), milli(10_000))
        );
        check();
        // The other side goes against it, and what both have more than the other is gone.
        let done = <Margin as BackstopLedger<u64>>::take_over(&offer(BOB, -3_000, 93), &to);
        assert_eq!(done.map(|done| done.notional), Ok(Usd::dollars(279)));
        assert_eq!(position(&to), (units(1), Usd::dollars(91)));
        assert_eq!(
            <Margin as BackstopLedger<u64>>::balance(&to),
            Usd::dollars(1_006)
        );
        let interest = OpenInterests::<Test>::get(MARKET);
        assert_eq!(
            (interest.long, interest.short),
            (milli(7_000), milli(7_000))
        );
        check();
    });
}

#[test]
fn take_over_should_go_on_while_the_market_is_paused() {
    new_test_ext().execute_with(|| {
        let to = setup();
        Guard::set(MARKET, MarketStatus::Paused);
        // More than Alice has is what she has.
        let done = <Margin as BackstopLedger<u64>>::take_over(&offer(ALICE, 50_000, 100), &to);
        assert_eq!(done.map(|done| done.quantity), Ok(milli(10_000)));
        assert_eq!(state(ALICE), (Usd::dollars(100), 0, Usd::ZERO));
        check();
    });
}

#[test]
fn take_over_should_round_in_favour_of_the_vault() {
    new_test_ext().execute_with(|| {
        let to = setup();
        // A third of a base unit more than 364.
        let price = |offer: Takeover<u64>| Takeover {
            price: Price(offer.price.0 + 100_000_000_000),
            ..offer
        };
        let done = |offer| <Margin as BackstopLedger<u64>>::take_over(&price(offer), &to).unwrap();
        assert_eq!(done(offer(ALICE, 4_000, 91)).notional, Usd::dollars(364));
        let bought = done(offer(BOB, -4_000, 91)).notional;
        assert_eq!(bought, Usd(Usd::dollars(364).0 + 1));
        check();
    });
}

#[test]
fn take_over_should_fail_and_change_nothing_when_it_is_wrong() {
    new_test_ext().execute_with(|| {
        let to = setup();
        let take = |offer: &Takeover<u64>, to: &SubAccount<u64>| {
            <Margin as BackstopLedger<u64>>::take_over(offer, to)
        };
        let good = offer(ALICE, 4_000, 100);
        assert_noop!(take(&good, &good.account), Error::<Test>::SelfTrade);
        assert_noop!(
            take(&offer(ALICE, -4_000, 100), &to),
            Error::<Test>::NotReducing
        );
        assert_noop!(take(&offer(ALICE, 0, 100), &to), Error::<Test>::NotReducing);
        assert_noop!(take(&offer(CAROL, 1, 100), &to), Error::<Test>::NotReducing);
        let unknown = Takeover {
            market: MarketId(9),
            ..good
        };
        assert_noop!(take(&unknown, &to), Error::<Test>::UnknownMarket);
        // 20 of initial margin against what is lost at once.
        assert_noop!(
            take(&offer(ALICE, 4_000, 346), &to),
            Error::<Test>::InsufficientMargin
        );
        assert_ok!(take(&offer(ALICE, 4_000, 345), &to));
        assert_eq!(Accounts::<Test>::get(&to).isolated, Some(MARKET));
        check();
    });
}

#[test]
fn take_over_should_need_an_account_without_other_markets() {
    new_test_ext().execute_with(|| {
        setup();
        fund(CAROL, 5_000);
        // Carol is long in the other market, and so cannot take this one over as a vault would.
        let order = exposure_in(OTHER, Side::Ask, milli(1_000), usd(50));
        let fill = Fill {
            market: OTHER,
            maker_exposure: order,
            notional: order.notional,
            ..fill_of(BOB, CAROL, Side::Bid, milli(1_000), usd(50))
        };
        assert_ok!(Margin::open_order(&sub(BOB), &order));
        assert_ok!(Margin::settle(&fill));
        Margin::settled(&sub(CAROL));
        assert_noop!(
            <Margin as BackstopLedger<u64>>::take_over(&offer(ALICE, 1_000, 100), &sub(CAROL)),
            Error::<Test>::IsolatedMarket
        );
    });
}

#[test]
fn capital_should_come_and_go_by_the_rules_of_deposits_and_withdrawals() {
    new_test_ext().execute_with(|| {
        type Ledger = dyn Fn(&SubAccount<u64>) -> Usd;
        let balance: &Ledger = &|who| <Margin as BackstopLedger<u64>>::balance(who);
        let free = SubAccount::new(VAULT, 0);
        let market = SubAccount::new(VAULT, 2);
        assert_ok!(<Margin as BackstopLedger<u64>>::deposit(
            &CAROL,
            &free,
            Usd::dollars(500)
        ));
        assert_ok!(Margin::allot(&free, &market, Usd::dollars(200)));
        assert_eq!(
            (balance(&free), balance(&market)),
            (Usd::dollars(300), Usd::dollars(200))
        );
        check();
        assert_noop!(
            Margin::allot(&free, &market, Usd::dollars(301)),
            Error::<Test>::InsufficientBalance
        );
        assert_noop!(
            Margin::allot(&free, &sub(ALICE), Usd::dollars(1)),
            Error::<Test>::NotADelegate
        );
        for bad in [Usd(-1), Usd(i128::MIN)] {
            assert_noop!(
                Margin::allot(&free, &market, bad),
                Error::<Test>::ArithmeticOverflow
            );
            assert_noop!(
                <Margin as BackstopLedger<u64>>::deposit(&CAROL, &free, bad),
                Error::<Test>::ArithmeticOverflow
            );
            assert_noop!(
                <Margin as BackstopLedger<u64>>::withdraw(&free, &CAROL, bad),
                Error::<Test>::ArithmeticOverflow
            );
        }
        let before = Assets::balance(SETTLEMENT, BOB);
        assert_ok!(<Margin as BackstopLedger<u64>>::withdraw(
            &free,
            &BOB,
            Usd::dollars(100)
        ));
        assert_eq!(Assets::balance(SETTLEMENT, BOB) - before, 100_000_000);
        assert_noop!(
            <Margin as BackstopLedger<u64>>::withdraw(&free, &BOB, Usd::dollars(201)),
            Error::<Test>::InsufficientBalance
        );
        check();
    });
}
