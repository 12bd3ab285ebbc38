//! The backstop vault over the real ledger and book. The driver checks every numbered invariant after
//! every block.

use bulwark_primitives::{
    MarketStatus, Quantity, Shares, Side, Size, SubAccount, TimeInForce, Usd,
};
use bulwark_runtime::{
    invariants, AccountId, Backstop, Margin, Runtime, RuntimeCall, RuntimeOrigin,
};
use bulwark_testing::{
    account, bob, charlie, dave, eve, price, quantity, usd, Chain, Failure, BTC, BTC_USD,
};
use bulwark_traits::{
    Backstop as _, BackstopLedger, LiquidationLedger, MarketGuard, TakenOver, Takeover,
};
use polkadot_sdk::{
    frame_support::traits::Hooks,
    sp_core::sr25519::Pair,
    sp_runtime::{traits::Dispatchable, DispatchError},
};

fn put_in(dollars: i64) -> RuntimeCall {
    pallet_backstop::Call::deposit {
        amount: usd(dollars),
    }
    .into()
}

fn shares(chain: &mut Chain, who: &Pair) -> Shares {
    let who = account(who);
    chain.read(|| Backstop::depositor(who).0)
}

fn is(outcome: Result<(), Failure>, error: pallet_backstop::Error<Runtime>) -> bool {
    matches!(outcome, Err(Failure::Dispatch(failed)) if failed == DispatchError::from(error))
}

/// Everything that can be seen in the state at hand.
fn check() {
    for check in invariants::check() {
        assert_eq!(check.result, Ok(()), "{}: {}", check.number, check.name);
    }
}

/// Bob long ten bitcoins at 100,000 with 60,000 dollars, Charlie short, and a million in the vault.
fn bob_is_long() -> Chain {
    let mut chain = Chain::development();
    for (who, dollars) in [(bob(), 60_000), (charlie(), 1_000_000), (eve(), 1_000_000)] {
        chain.deposit(&who, usd(dollars)).expect("deposits");
    }
    chain
        .submit(&dave(), put_in(1_000_000))
        .expect("dave puts in");
    let size = quantity(10_000);
    chain
        .order(&charlie(), BTC_USD, Side::Ask, size, price(100_000))
        .expect("charlie offers");
    chain
        .order(&bob(), BTC_USD, Side::Bid, size, price(100_000))
        .expect("bob buys");
    chain
}

fn offer(at: u128) -> Takeover<AccountId> {
    Takeover {
        account: SubAccount::new(account(&bob()), 0),
        market: BTC_USD,
        size: quantity(10_000).long().expect("fits"),
        price: price(at),
    }
}

/// The vault's account in the market.
fn of_market() -> SubAccount<AccountId> {
    Backstop::market_account(BTC_USD).expect("the id is small")
}

fn held() -> Size {
    <Margin as LiquidationLedger<AccountId>>::positions(&of_market())
        .first()
        .map_or(Size::ZERO, |position| position.size)
}

#[test]
fn depositor_should_wait_and_get_out_what_he_put_in_when_nothing_happens() {
    let mut chain = Chain::development();
    let before = chain.read(Backstop::vault);
    assert_eq!((before.free, before.shares), (Usd::ZERO, Shares(0)));
    for bad in [0, -1, 99, i64::MIN, i64::MAX] {
        assert!(chain.submit(&dave(), put_in(bad)).is_err(), "{bad}");
    }
    chain.submit(&dave(), put_in(1_000)).expect("dave puts in");
    let all = shares(&mut chain, &dave());
    let request = |shares| pallet_backstop::Call::<Runtime>::request_withdrawal { shares };
    let leave = || pallet_backstop::Call::<Runtime>::withdraw {};
    let none = chain.submit(&dave(), leave());
    assert!(is(none, pallet_backstop::Error::NothingRequested));
    let more = chain.submit(&dave(), request(Shares(u128::MAX)));
    assert!(is(more, pallet_backstop::Error::NotThatManyShares));
    chain.submit(&dave(), request(all)).expect("dave asks");
    let early = chain.submit(&dave(), leave());
    assert!(is(early, pallet_backstop::Error::CoolingDown));
    let who = account(&dave());
    assert_eq!(chain.read(|| Backstop::depositor(who).1), Some(usd(1_000)));
    let parameters = pallet_backstop::Call::<Runtime>::set_parameters {
        parameters: pallet_backstop::Parameters::default(),
    };
    assert!(chain.submit(&dave(), parameters).is_err());
}

#[test]
fn vault_should_take_a_position_over_and_unwind_it_on_the_real_ledger() {
    let mut chain = bob_is_long();
    chain.price(BTC, 95_500);
    chain.blocks(1);
    chain.read(|| {
        let bob_before = Margin::account_health(&offer(0).account).expect("clean price");
        // 50,000 may be lost in a market: at most 500,000 of notional.
        let quote = Backstop::quote(&offer(95_400));
        assert!(
            quote > quantity(5_000) && quote < quantity(5_300),
            "{quote:?}"
        );
        let done = Backstop::take_over(&offer(95_400)).expect("takes over");
        assert_eq!(done.quantity, quote);
        check();
        assert_eq!(held().quantity(), quote);
        let bob_after = Margin::account_health(&offer(0).account).expect("clean price");
        assert!(bob_after.equity < bob_before.equity);
        assert!(bob_after.maintenance_margin < bob_before.maintenance_margin);
        // It stops there, and what it has is worth what was won: 100 a bitcoin.
        assert_eq!(
            Backstop::take_over(&offer(95_400)),
            Ok(TakenOver::default())
        );
        let vault = Backstop::vault();
        let (worse, better) = vault.value.expect("clean price");
        assert!(
            worse <= better && better > usd(1_000_500),
            "{worse:?} {better:?}"
        );
        assert!(vault.at_risk <= usd(50_000) && vault.at_risk > usd(49_000));
        assert_eq!(vault.free.0 + vault.at_risk.0, usd(1_000_000).0);

        // Eve bids, and the vault sells a twentieth in each block.
        let order = pallet_order_book::Call::<Runtime>::place_order {
            sub_account: 0,
            market: BTC_USD,
            side: Side::Bid,
            quantity: quantity(1_000),
            price: price(95_500),
            time_in_force: TimeInForce::GoodTillCancelled,
            reduce_only: false,
            expires_at: None,
        };
        RuntimeCall::from(order)
            .dispatch(RuntimeOrigin::signed(account(&eve())))
            .expect("eve bids");
        let before = held().quantity();
        Backstop::on_initialize(0);
        let sold = before.checked_sub(held().quantity()).expect("less");
        assert!(sold >= quantity(250) && sold <= quantity(270), "{sold:?}");
        check();
    });
}

#[test]
fn vault_should_lose_no_more_than_it_put_into_a_market_when_the_price_runs_away() {
    let mut chain = bob_is_long();
    chain.price(BTC, 95_500);
    chain.blocks(1);
    chain.read(|| {
        let done = Backstop::take_over(&offer(95_400)).expect("takes over");
        assert!(!done.quantity.is_zero());
        let before = Backstop::vault();
        // The ledger closes what is left at a tenth of the price; the vault's other capital does not
        // know of it.
        let ruin = Takeover {
            account: of_market(),
            size: held(),
            price: price(9_550),
            ..offer(0)
        };
        let somebody = SubAccount::new(account(&eve()), 7);
        <Margin as BackstopLedger<AccountId>>::deposit(&account(&eve()), &somebody, usd(1_000_000))
            .expect("eve deposits");
        <Margin as BackstopLedger<AccountId>>::take_over(&ruin, &somebody).expect("is ruined");
        let owed = <Margin as BackstopLedger<AccountId>>::balance(&of_market());
        assert!(owed < usd(-300_000), "{owed:?}");
        check();
        let after = Backstop::vault();
        assert_eq!(after.free, before.free);
        let (worse, better) = after.value.expect("no position is left");
        assert_eq!((worse, better), (before.free, before.free));
        // Nothing comes back before others have paid, and nothing more is risked.
        Backstop::on_initialize(0);
        assert_eq!(Backstop::vault().free, before.free);
        assert_eq!(Backstop::quote(&offer(95_400)), Quantity::ZERO);
    });
}

#[test]
fn vault_should_take_over_while_the_market_is_paused() {
    let mut chain = bob_is_long();
    chain.price(BTC, 95_500);
    chain.blocks(1);
    chain.read(|| {
        let halt = pallet_circuit_breaker::Call::<Runtime>::halt_market {
            market: BTC_USD,
            status: MarketStatus::Paused,
        };
        RuntimeCall::from(halt)
            .dispatch(RuntimeOrigin::root())
            .expect("root halts");
        let status = <bulwark_runtime::CircuitBreaker as MarketGuard>::status(BTC_USD);
        assert_eq!(status, MarketStatus::Paused);
        let done = Backstop::take_over(&offer(95_400)).expect("takes over");
        assert!(done.quantity > quantity(5_000));
        check();
        // And sells nothing.
        let before = held();
        Backstop::on_initialize(0);
        assert_eq!(held(), before);
    });
}

#[test]
fn liquidation_should_bring_a_position_to_the_vault_when_nobody_bids() {
    let mut chain = bob_is_long();
    // Equity of about 17,500 under 28,740 of maintenance margin, and no bid in the book.
    chain.price(BTC, 95_800);
    chain.blocks(3);
    assert!(chain.read(held).is_long());
    let bob = SubAccount::new(account(&bob()), 0);
    let left = chain.read(|| <Margin as LiquidationLedger<AccountId>>::positions(&bob)[0].size);
    // As much as the vault may hold, and the rest of it stays with what goes with it.
    assert!(left.is_long() && left.quantity() < quantity(10_000));
    let health = chain
        .read(|| Margin::account_health(&bob))
        .expect("clean price");
    assert!(!health.is_bankrupt());
}
