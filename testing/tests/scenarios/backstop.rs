//! The backstop vault over the real runtime: what liquidation hands to it, what it sells, and what its
//! other capital does not feel. The driver checks every numbered invariant after every block.

use bulwark_primitives::{MarketStatus, Shares, Side, Size, SubAccount, Usd};
use bulwark_runtime::{AccountId, Backstop, Margin, Runtime, RuntimeCall, RuntimeEvent};
use bulwark_testing::{
    account, alice, bob, charlie, dave, eve, price, quantity, usd, Chain, Failure, BTC, BTC_USD,
};
use bulwark_traits::LiquidationLedger;
use pallet_backstop::{Cap, Event, Summary};
use polkadot_sdk::{pallet_sudo, sp_core::sr25519::Pair, sp_runtime::DispatchError};

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

/// Ten bitcoins at 100,000 between Bob, who has 60,000 dollars, and Charlie; a million in the vault.
fn ten_bitcoins(bobs: Side) -> Chain {
    let mut chain = Chain::development();
    for (who, dollars) in [(bob(), 60_000), (charlie(), 1_000_000), (eve(), 1_000_000)] {
        chain.deposit(&who, usd(dollars)).expect("deposits");
    }
    chain
        .submit(&dave(), put_in(1_000_000))
        .expect("dave puts in");
    let (size, at) = (quantity(10_000), price(100_000));
    chain
        .order(&charlie(), BTC_USD, bobs.opposite(), size, at)
        .expect("charlie quotes");
    chain
        .order(&bob(), BTC_USD, bobs, size, at)
        .expect("bob takes");
    chain
}

fn vault(chain: &mut Chain) -> Summary {
    chain.read(Backstop::vault)
}

fn size_of(chain: &mut Chain, who: SubAccount<AccountId>) -> Size {
    chain.read(|| {
        <Margin as LiquidationLedger<AccountId>>::positions(&who)
            .first()
            .map_or(Size::ZERO, |position| position.size)
    })
}

/// The vault's position.
fn held(chain: &mut Chain) -> Size {
    size_of(
        chain,
        Backstop::market_account(BTC_USD).expect("the id is small"),
    )
}

fn of_bob(chain: &mut Chain) -> Size {
    size_of(chain, SubAccount::new(account(&bob()), 0))
}

/// The vault's events of the last block.
fn told(chain: &Chain) -> Vec<Event<Runtime>> {
    let events = chain.events().iter().filter_map(|event| match event {
        RuntimeEvent::Backstop(event) => Some(event.clone()),
        _ => None,
    });
    events.collect()
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
fn vault_should_take_what_the_book_does_not_and_sell_it_by_rule() {
    let mut chain = ten_bitcoins(Side::Bid);
    let before = vault(&mut chain);
    // Bob has about 15,000 of 28,650, and nobody bids.
    chain.price(BTC, 95_500);
    // A feed is the next block's price.
    chain.blocks(2);
    let taken = held(&mut chain);
    assert!(taken.is_long(), "{:?}", chain.events());
    // 50,000 may be lost in a market: behind at most 500,000 of notional at a tenth.
    assert!(taken.quantity() <= quantity(5_236), "{taken:?}");
    let left = of_bob(&mut chain);
    let health = chain.health(&bob()).expect("a clean price");
    assert!(left.is_long() && !health.is_bankrupt(), "{health:?}");
    assert_eq!(taken.0 + left.0, quantity(10_000).0 as i128);
    let cap = Event::CapReached {
        market: BTC_USD,
        cap: Cap::MarketLoss,
    };
    assert!(told(&chain).contains(&cap), "{:?}", told(&chain));
    let after = vault(&mut chain);
    assert!(after.at_risk > usd(40_000) && after.at_risk <= usd(50_000));
    assert_eq!(after.free.0 + after.at_risk.0, before.free.0);
    // It paid what left Bob nothing of it, and the mark is above that: it has won that already.
    let (worse, _) = after.value.expect("a clean price");
    assert!(worse > usd(1_005_000), "{worse:?}");

    // Bids come back: Bob's rest goes first, and the vault sells a twentieth a block.
    chain
        .order(&eve(), BTC_USD, Side::Bid, quantity(9_000), price(95_500))
        .expect("eve bids");
    let sells =
        |event: &RuntimeEvent| matches!(event, RuntimeEvent::Backstop(Event::Unwound { .. }));
    assert!(chain.until(3, sells).is_some());
    let sold = |size: Size| taken.quantity().0 - size.quantity().0;
    assert!(sold(held(&mut chain)) > 0);
    let mut last = held(&mut chain);
    for _ in 0..5 {
        chain.blocks(1);
        let now = held(&mut chain);
        // At most a twentieth, up to a lot.
        let slice = last.quantity().0 - now.quantity().0;
        assert!(slice <= last.quantity().0 / 20 + quantity(1).0, "{slice}");
        last = now;
    }
}

#[test]
fn pump_of_an_inherited_short_should_not_reach_the_vaults_other_capital() {
    let mut chain = ten_bitcoins(Side::Ask);
    chain.price(BTC, 104_500);
    chain.blocks(2);
    let inherited = held(&mut chain);
    assert!(inherited.is_short(), "{:?}", chain.events());
    let start = vault(&mut chain);
    assert!(start.at_risk > usd(30_000));
    // Nobody offers a bitcoin, and the price runs: as much as is believed, again and again. What is at risk
    // is lost, Bob's rest and the vault's account are closed by the layers behind, and that is all.
    for dollars in [113_000, 122_000, 131_000, 141_000, 152_000] {
        chain.price(BTC, dollars);
        for _ in 0..40 {
            chain.blocks(1);
            let now = vault(&mut chain);
            // What comes back of a part only makes it more.
            assert!(now.free >= start.free, "{now:?}");
            assert!(now.at_risk <= usd(50_000), "{now:?}");
            assert!(now.lost_today <= usd(50_000), "{now:?}");
        }
    }
    // A market that the breaker has stopped goes on later.
    let is_settled =
        |event: &RuntimeEvent| matches!(event, RuntimeEvent::Backstop(Event::MarketSettled { .. }));
    if !vault(&mut chain).at_risk.is_zero() {
        chain.until(1_000, is_settled).expect("it is over");
    }
    let end = vault(&mut chain);
    assert_eq!(held(&mut chain), Size::ZERO);
    assert_eq!(end.at_risk, Usd::ZERO);
    let (worse, better) = end.value.expect("nothing is held");
    assert_eq!((worse, better), (end.free, end.free));
    assert!(worse >= usd(950_000), "{worse:?}");
}

#[test]
fn vault_should_be_all_that_takes_while_the_market_is_paused() {
    let mut chain = ten_bitcoins(Side::Bid);
    let halt = pallet_circuit_breaker::Call::<Runtime>::halt_market {
        market: BTC_USD,
        status: MarketStatus::Paused,
    };
    let halt = pallet_sudo::Call::<Runtime>::sudo {
        call: Box::new(halt.into()),
    };
    chain.submit(&alice(), halt).expect("alice halts");
    chain.price(BTC, 95_500);
    // A feed is the next block's price.
    chain.blocks(2);
    let taken = held(&mut chain);
    assert!(taken.is_long(), "{:?}", chain.events());
    // Nothing fills, so nothing is sold.
    chain.blocks(5);
    assert_eq!(held(&mut chain), taken);
}

#[test]
fn next_layers_should_start_when_the_vault_is_empty() {
    let mut chain = Chain::development();
    for (who, dollars) in [(bob(), 60_000), (charlie(), 1_000_000)] {
        chain.deposit(&who, usd(dollars)).expect("deposits");
    }
    let (size, at) = (quantity(10_000), price(100_000));
    chain
        .order(&charlie(), BTC_USD, Side::Ask, size, at)
        .expect("charlie offers");
    chain
        .order(&bob(), BTC_USD, Side::Bid, size, at)
        .expect("bob buys");
    chain.price(BTC, 95_500);
    chain.blocks(3);
    assert_eq!(held(&mut chain), Size::ZERO);
    assert_eq!(of_bob(&mut chain).quantity(), quantity(10_000));
    assert!(told(&chain).is_empty());
}
