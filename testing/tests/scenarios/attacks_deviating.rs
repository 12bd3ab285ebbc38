//! A price that falls faster than its mean can follow, and who may buy what is liquidated then.

use crate::{bad_input::name, bitcoins_long};
use bulwark_primitives::{Action, PriceError, Side, TimeInForce};
use bulwark_runtime::{PriceOracle, Runtime, RuntimeCall, RuntimeEvent};
use bulwark_testing::{bob, eve, price, quantity, usd, BTC, BTC_USD};
use bulwark_traits::PriceSource;

/// An order for a bitcoin at 89,500 dollars.
fn order(side: Side, time_in_force: TimeInForce) -> RuntimeCall {
    pallet_order_book::Call::<Runtime>::place_order {
        sub_account: 0,
        market: BTC_USD,
        side,
        quantity: quantity(1_000),
        price: price(89_500),
        time_in_force,
        reduce_only: false,
        expires_at: None,
    }
    .into()
}

/// Bob's long bitcoin has equity at the 90,000 dollars that liquidation believes, and not at the 85,000 that feeders
/// tell. An accomplice who buys it at what is believed would leave the difference to the fund; whoever can pay
/// the difference may have it.
#[test]
fn buyer_of_a_liquidation_should_need_margin_at_what_is_told_when_less_of_a_fall_is_believed() {
    let mut chain = bitcoins_long(1_000, 11_500);
    chain.deposit(&eve(), usd(6_000)).expect("eve deposits");
    chain.price(BTC, 85_000);
    chain.blocks(2);
    let believed = chain.read(|| {
        assert_eq!(PriceOracle::price(BTC), Err(PriceError::Deviating));
        assert_eq!(
            PriceOracle::price_for(BTC, Action::Reduce),
            Ok(price(85_000))
        );
        PriceOracle::price_for(BTC, Action::Liquidate)
    });
    let believed = believed.expect("usable").0 / price(1).0;
    assert!((89_000..=91_000).contains(&believed), "{believed}");
    let due = chain.health(&bob()).expect("priced");
    assert!(due.is_liquidatable() && !due.is_bankrupt(), "{due:?}");

    // 6,000 dollars are margin enough for a bitcoin at 90,000, and not at 85,000 after 4,500 are lost.
    let bid = order(Side::Bid, TimeInForce::PostOnly);
    let refused = chain.submit(&eve(), bid.clone());
    assert_eq!(name(refused), "InsufficientMargin");
    chain.deposit(&eve(), usd(24_000)).expect("eve deposits");
    let sell = order(Side::Ask, TimeInForce::ImmediateOrCancel);
    let outcomes = chain.together(vec![(eve(), bid), (bob(), sell)]);
    let names: Vec<_> = outcomes.into_iter().map(name).collect();
    assert_eq!(
        names,
        ["it worked", "OutsideBand"],
        "nobody else gets there"
    );
    let closed = chain.until(3, |event| {
        matches!(
            event,
            RuntimeEvent::Liquidation(pallet_liquidation::Event::Liquidated { .. })
        )
    });
    closed.expect("she takes a part over while the price is still deviating");
    chain.read(|| assert_eq!(PriceOracle::price(BTC), Err(PriceError::Deviating)));
    // At the price that feeders tell she can carry it.
    chain.blocks(150);
    let hers = chain.health(&eve()).expect("priced");
    assert!(hers.equity >= hers.initial_margin, "{hers:?}");
}
