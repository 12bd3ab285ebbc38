//! The markets and collateral of the genesis, and what is published of their parameters.

use bulwark_primitives::{MarketId, Rate, Side, SubAccount};
use bulwark_runtime::{Runtime, RuntimeCall};
use bulwark_runtime_api::markets::runtime_decl_for_markets_api::MarketsApi;
use bulwark_runtime_api::{
    markets::StepInfo, runtime_decl_for_margin_api::MarginApi,
    runtime_decl_for_oracle_api::OracleApi,
};
use bulwark_testing::{
    account, alice, bob, charlie, price, quantity, usd, Chain, BTC, BTC_USD, USDX,
};
use polkadot_sdk::pallet_sudo;

const ETH: u32 = 3;
const ETH_USD: MarketId = MarketId(2);
/// A wrapped Ether in base units.
const ETHER: u128 = 1_000_000_000_000_000_000;

#[test]
fn genesis_should_list_markets_and_collateral_when_the_chain_starts() {
    Chain::development().read(|| {
        let symbols: Vec<_> = Runtime::markets()
            .into_iter()
            .map(|info| String::from_utf8(info.symbol).expect("ASCII"))
            .collect();
        let wanted = ["BTC-USD", "ETH-USD", "SOL-USD", "DOT-USD", "LINK-USD"];
        assert_eq!(symbols, wanted);
        let assets: Vec<_> = Runtime::collaterals()
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        assert_eq!(assets, [USDX, BTC, ETH, 5]);
        // Each index and each collateral but the unit of account has a price, or will have one.
        let priced: Vec<_> = Runtime::prices().into_iter().map(|(id, _)| id).collect();
        assert_eq!(priced, [2, 3, 4, 5, 6]);
    });
}

#[test]
fn market_should_wait_for_its_price_and_trade_when_it_has_one() {
    let mut chain = Chain::development();
    for person in [bob(), charlie()] {
        chain.deposit(&person, usd(100_000)).expect("has dollars");
    }
    let order = |chain: &mut Chain, who: &_, side| {
        chain.order(who, ETH_USD, side, quantity(1_000), price(4_000))
    };
    assert!(order(&mut chain, &bob(), Side::Bid).is_err());
    chain.price(ETH, 4_000);
    chain.blocks(40);
    order(&mut chain, &bob(), Side::Bid).expect("a price is there");
    order(&mut chain, &charlie(), Side::Ask).expect("a price is there");
    let position = chain.read(|| Runtime::account_summary(SubAccount::new(account(&bob()), 0)));
    let position = position.expect("he traded").positions;
    assert_eq!(position[0].market, ETH_USD);
    assert_eq!(position[0].maintenance_margin, usd(120));
}

#[test]
fn wrapped_ether_should_count_by_its_factors_when_it_has_a_price() {
    let mut chain = Chain::development();
    chain.price(ETH, 4_000);
    chain.blocks(2);
    let deposit = pallet_margin::Call::deposit {
        sub_account: 0,
        asset: ETH,
        amount: 10 * ETHER,
    };
    chain.submit(&bob(), deposit).expect("bob has ether");
    let health = chain.health(&bob()).expect("all has a price");
    assert_eq!(
        (health.initial_equity, health.equity),
        (usd(36_000), usd(38_000))
    );
}

#[test]
fn parameters_should_be_published_with_what_will_hold_when_governance_changes_them() {
    let mut chain = Chain::development();
    let mut params = chain
        .read(|| <Runtime as MarketsApi<_>>::market_at(BTC_USD, 0))
        .expect("it is listed");
    params.initial_margin = Rate::percent(6);
    params.maintenance_margin = Rate::percent(4);
    let call = RuntimeCall::Markets(pallet_markets::Call::set_market {
        market: BTC_USD,
        params,
    });
    let call = pallet_sudo::Call::sudo {
        call: Box::new(call),
    };
    chain.submit(&alice(), call).expect("alice is sudo");
    let now = chain.number();
    chain.read(|| {
        let margins = |block| {
            let params = Runtime::market_at(BTC_USD, block).expect("it is listed");
            (params.initial_margin, params.maintenance_margin)
        };
        let period = Runtime::schedule().period;
        assert_eq!(margins(now), (Rate::percent(6), Rate::percent(3)));
        assert_eq!(
            margins(now + period / 2),
            (Rate::percent(6), Rate::basis_points(350))
        );
        assert_eq!(margins(now + period), (Rate::percent(6), Rate::percent(4)));
        let margin = <Runtime as MarginApi<_, _>>::market(BTC_USD).expect("it is listed");
        assert_eq!(
            margin,
            Runtime::market_at(BTC_USD, now).expect("it is listed")
        );
        let schema = Runtime::parameters();
        let info = schema
            .market
            .iter()
            .find(|info| info.name == "maintenance_margin")
            .expect("it is governed");
        assert_eq!(info.largest_step, StepInfo::By(30_000_000));
        assert!(info.ramps && info.lowest == 5_000_000 && info.highest == 1_000_000_000);
    });
}
