//! The first registry.

use crate::{mock::*, SettlementAsset};
use bulwark_primitives::Rate;
use bulwark_traits::MarketRegistry;
use frame_support::assert_ok;
use sp_runtime::BuildStorage;

#[test]
fn genesis_should_register_everything_when_valid() {
    new_test_ext().execute_with(|| {
        assert_eq!(SettlementAsset::<Test>::get(), USDX);
        assert_eq!(<Markets as MarketRegistry>::settlement_asset(), USDX);
        assert_eq!(
            <Markets as MarketRegistry>::market(BTC_USD),
            Some(market_params())
        );
        assert_eq!(
            <Markets as MarketRegistry>::collateral(BTC),
            Some(btc_params())
        );
        assert_eq!(Markets::market_params(BTC_USD), Some(market_params()));
        assert_eq!(Markets::list_markets()[0].1.as_slice(), b"BTC-USD");
        assert_ok!(Markets::do_try_state());
    });
}

#[test]
#[should_panic(expected = "genesis market")]
fn genesis_should_panic_when_a_parameter_is_out_of_bounds() {
    let mut config = genesis();
    config.markets[0].2.initial_margin = Rate::percent(1);
    let _ = config.build_storage();
}

#[test]
#[should_panic(expected = "settlement asset")]
fn genesis_should_panic_when_the_settlement_asset_is_missing() {
    let mut config = genesis();
    config.collaterals.remove(0);
    let _ = config.build_storage();
}

#[test]
fn genesis_should_survive_json_when_numbers_are_large() {
    let json = serde_json::to_string(&genesis()).unwrap();
    let config: crate::GenesisConfig<Test> = serde_json::from_str(&json).unwrap();
    assert_eq!(config.markets, genesis().markets);
    assert_eq!(config.collaterals, genesis().collaterals);
}
