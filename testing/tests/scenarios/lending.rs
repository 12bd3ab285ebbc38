//! The lending pool over the real runtime: suppliers, a debt with interest, and what waits for it.

use bulwark_primitives::{Index, MarketStatus, Shares, Side, SubAccount, Usd};
use bulwark_runtime::{Lending, Margin, Markets, RuntimeCall};
use bulwark_testing::{
    account, alice, bob, charlie, dave, eve, price, quantity, usd, Chain, Failure, BTC, BTC_USD,
};
use bulwark_traits::MarketRegistry;
use polkadot_sdk::{pallet_sudo, sp_core::sr25519::Pair, sp_runtime::DispatchError};

fn supply(dollars: i64) -> RuntimeCall {
    pallet_lending::Call::supply {
        amount: usd(dollars),
    }
    .into()
}

fn redeem(shares: Shares) -> RuntimeCall {
    pallet_lending::Call::redeem { shares }.into()
}

fn shares_of(chain: &mut Chain, who: &Pair) -> Shares {
    let who = account(who);
    chain.read(|| Lending::supplier(who).0)
}

fn balance(chain: &mut Chain) -> Usd {
    let account = SubAccount::new(account(&bob()), 0);
    chain.read(|| Margin::load(&account).balance)
}

/// Dave has 10,000 USD in the pool; Bob, flat with a bitcoin as collateral, owes about 3,000.
fn bob_owes() -> Chain {
    let mut chain = Chain::development();
    chain
        .submit(&dave(), supply(10_000))
        .expect("dave supplies");
    chain.deposit(&bob(), usd(1_000)).expect("bob deposits");
    let bitcoin = pallet_margin::Call::deposit {
        sub_account: 0,
        asset: BTC,
        amount: 100_000_000,
    };
    chain
        .submit(&bob(), bitcoin)
        .expect("bob deposits a bitcoin");
    for who in [charlie(), eve()] {
        chain.deposit(&who, usd(100_000)).expect("deposits");
    }
    let one = quantity(1_000);
    let trade = |chain: &mut Chain, side: Side, at: u128| {
        let (maker, taker) = (side.opposite(), side);
        chain
            .order(&charlie(), BTC_USD, maker, one, price(at))
            .expect("charlie quotes");
        chain
            .order(&bob(), BTC_USD, taker, one, price(at))
            .expect("bob takes");
    };
    trade(&mut chain, Side::Bid, 100_000);
    chain.price(BTC, 96_000);
    chain.blocks(2);
    trade(&mut chain, Side::Ask, 96_000);
    chain
}

#[test]
fn debt_should_pay_the_supplier_and_hold_his_money_until_it_is_paid() {
    let mut chain = bob_owes();
    let owed = balance(&mut chain);
    // 1,000 - 4,000 and the fees of both trades.
    assert!(owed < usd(-3_000) && owed > usd(-3_300), "{owed:?}");
    let pool = chain.read(|| Lending::pool().expect("it fits"));
    assert!(pool.borrowed >= Usd(-owed.0) && pool.available < usd(7_000));
    // Nothing that is lent can be taken out.
    let shares = shares_of(&mut chain, &dave());
    let refused = chain.submit(&dave(), redeem(shares));
    let Err(Failure::Dispatch(DispatchError::Module(error))) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(error.message, Some("InsufficientLiquidity"));
    // Part of it can.
    chain
        .submit(&dave(), redeem(Shares(shares.0 / 2)))
        .expect("half is there");
    chain.blocks(30);
    let later = balance(&mut chain);
    assert!(later < owed, "interest accrues in each block");
    let pool = chain.read(|| Lending::pool().expect("it fits"));
    assert!(pool.supplied > usd(5_000), "{pool:?}");
    assert!(pool.supply_index > Index::ONE);
    // Paid back, with its interest, and everything can leave.
    chain.deposit(&bob(), usd(4_000)).expect("bob pays");
    assert!(balance(&mut chain) > usd(600));
    let pool = chain.read(|| Lending::pool().expect("it fits"));
    assert_eq!(pool.borrowed, Usd::ZERO);
    let rest = shares_of(&mut chain, &dave());
    chain.submit(&dave(), redeem(rest)).expect("all is there");
    let pool = chain.read(|| Lending::pool().expect("it fits"));
    assert_eq!(pool.supplied, Usd::ZERO);
}

#[test]
fn interest_should_not_be_charged_when_all_markets_are_halted_or_blocks_are_missing() {
    let mut chain = bob_owes();
    let before = balance(&mut chain);
    // An hour without blocks is charged as a minute at the most.
    chain.skip_slots(1_800);
    chain.blocks(1);
    let after = balance(&mut chain);
    // 3,100 USD at less than 10 % a year for a minute are less than 600 units.
    assert!(before.0 - after.0 < 1_000, "{before:?} {after:?}");
    let markets = chain.read(<Markets as MarketRegistry>::market_ids);
    for market in markets {
        let halt = RuntimeCall::CircuitBreaker(pallet_circuit_breaker::Call::halt_market {
            market,
            status: MarketStatus::Paused,
        });
        let call = Box::new(halt);
        chain
            .submit(&alice(), pallet_sudo::Call::sudo { call })
            .expect("governance halts");
    }
    chain.blocks(1);
    let halted = balance(&mut chain);
    chain.blocks(20);
    assert_eq!(balance(&mut chain), halted);
    assert!(chain.read(|| Lending::pool().expect("it fits").frozen));
}
