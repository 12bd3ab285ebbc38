//! Opposite positions over the real runtime: margins that are offset, the due queue that watches them, the
//! probability of liquidation, and loans that are asked for.

use bulwark_primitives::{MarketId, Side, SubAccount, Usd};
use bulwark_runtime::{AccountId, Block, Lending, Margin, Runtime, RuntimeCall, RuntimeEvent};
use bulwark_runtime_api::{runtime_decl_for_margin_api::MarginApi, AccountSummary};
use bulwark_testing::{
    account, bob, charlie, dave, price, quantity, usd, Chain, Failure, BTC, BTC_USD,
};
use polkadot_sdk::{sp_core::sr25519::Pair, sp_runtime::DispatchError};

const ETH: u32 = 3;
const ETH_USD: MarketId = MarketId(2);

fn liquidated(event: &RuntimeEvent) -> bool {
    matches!(
        event,
        RuntimeEvent::Liquidation(pallet_liquidation::Event::Liquidated { .. })
    )
}

fn trade(chain: &mut Chain, market: MarketId, side: Side, thousandths: u128, at: u128) {
    let (size, at) = (quantity(thousandths), price(at));
    chain
        .order(&charlie(), market, side.opposite(), size, at)
        .expect("charlie quotes");
    chain
        .order(&bob(), market, side, size, at)
        .expect("bob takes");
}

/// Bob long one BTC at 100,000 and short 25 ETH at 4,000, with 10,700 USD.
fn hedged() -> Chain {
    let mut chain = Chain::development();
    chain.price(ETH, 4_000);
    chain.blocks(2);
    chain.deposit(&bob(), usd(10_700)).expect("bob deposits");
    for who in [charlie(), dave()] {
        chain.deposit(&who, usd(1_000_000)).expect("deposits");
    }
    trade(&mut chain, BTC_USD, Side::Bid, 1_000, 100_000);
    trade(&mut chain, ETH_USD, Side::Ask, 25_000, 4_000);
    chain
}

fn summary(chain: &mut Chain, who: &Pair) -> AccountSummary {
    let who = SubAccount::new(account(who), 0);
    chain
        .read(|| <Runtime as MarginApi<Block, AccountId>>::account_summary(who))
        .expect("it holds something")
}

#[test]
fn hedged_account_should_live_on_its_offset_and_be_closed_when_that_is_used_up() {
    let mut chain = hedged();
    let told = summary(&mut chain, &bob());
    let details = told.details.expect("prices are clean");
    // 84.15 % of 25 % of 3,000.
    assert_eq!(details.maintenance_offset, Usd(631_125_000));
    assert_eq!(details.initial_offset, Usd(2_103_750_000));
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(5_000), price(95_000))
        .expect("dave bids");
    // Equity 5,620 at 95,000 is under 5,850 of gross maintenance margin, and over 5,250 of net.
    chain.price(BTC, 95_000);
    assert_eq!(chain.until(4, liquidated), None);
    let health = chain.health(&bob()).expect("the price is clean");
    assert!(health.equity < usd(5_700) && !health.is_liquidatable());
    chain.price(BTC, 94_500);
    assert_eq!(chain.until(3, liquidated), Some(2));
    let health = chain.health(&bob()).expect("the price is clean");
    assert!(
        !health.is_liquidatable() && !health.is_bankrupt(),
        "{health:?}"
    );
    chain.blocks(3);
}

#[test]
fn probability_should_rise_when_the_hedge_goes() {
    let mut chain = hedged();
    let of = |told: &AccountSummary| {
        told.details
            .as_ref()
            .and_then(|details| details.probability)
            .expect("it is known")
    };
    let told = summary(&mut chain, &bob());
    let with = of(&told);
    assert!(with.hour <= with.day && with.hour <= with.stressed_hour);
    assert!(with.stressed_hour < with.stressed_day);
    // What would be without the short, told before it is closed.
    let account = SubAccount::new(account(&bob()), 0);
    let (size, at) = (quantity(25_000), price(4_000));
    let after = chain
        .read(|| {
            <Runtime as MarginApi<Block, AccountId>>::summary_after(
                account,
                ETH_USD,
                Side::Bid,
                size,
                at,
            )
        })
        .expect("it can be told");
    let without = of(&after);
    assert!(
        without.stressed_day > with.stressed_day,
        "{with:?} {without:?}"
    );
    // And nothing is likely when nothing is held.
    let flat = of(&summary(&mut chain, &dave()));
    assert_eq!(flat.stressed_day.0, 0);
}

#[test]
fn loan_should_be_lent_by_the_pool_and_paid_back_with_interest() {
    let mut chain = Chain::development();
    let call = |amount| -> RuntimeCall {
        pallet_margin::Call::borrow {
            sub_account: 0,
            amount,
        }
        .into()
    };
    let refused = |chain: &mut Chain, amount| match chain.submit(&bob(), call(amount)) {
        Err(Failure::Dispatch(DispatchError::Module(error))) => error.message,
        other => panic!("{other:?}"),
    };
    let bitcoin = pallet_margin::Call::deposit {
        sub_account: 0,
        asset: BTC,
        amount: 100_000_000,
    };
    chain.submit(&bob(), bitcoin).expect("bob deposits");
    assert_eq!(refused(&mut chain, usd(1)), Some("PoolExhausted"));
    let supply = pallet_lending::Call::supply {
        amount: usd(200_000),
    };
    chain.submit(&dave(), supply).expect("dave supplies");
    // A bitcoin is worth 90 % of 100,000.
    assert_eq!(refused(&mut chain, usd(90_001)), Some("LoanNotCovered"));
    let who = SubAccount::new(account(&bob()), 0);
    let most = chain.read(|| <Runtime as MarginApi<Block, AccountId>>::max_borrow(who.clone()));
    assert_eq!(most, usd(90_000));
    chain
        .submit(&bob(), call(usd(60_000)))
        .expect("bob borrows");
    let pool = chain.read(|| Lending::pool().expect("it fits"));
    assert!(pool.borrowed >= usd(60_000) && pool.available <= usd(140_000));
    chain.blocks(30);
    let owed = chain.read(|| Margin::load(&who).balance);
    assert!(owed < usd(-60_000) && owed > usd(-60_100), "{owed:?}");
    chain.deposit(&bob(), usd(60_100)).expect("bob pays");
    let pool = chain.read(|| Lending::pool().expect("it fits"));
    assert_eq!(pool.borrowed, Usd::ZERO);
    assert!(pool.supplied > usd(200_000));
}
