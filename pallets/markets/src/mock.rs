//! A runtime with nothing but the registry.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use crate as pallet_markets;
use bulwark_primitives::{AssetId, CollateralParams, MarketId, MarketParams, Rate, Tier};
use bulwark_traits::Exposure;
use frame_support::{derive_impl, parameter_types, traits::ConstU32};
use frame_system::EnsureRoot;
use sp_runtime::BuildStorage;

pub const USDX: AssetId = 1;
pub const BTC: AssetId = 2;
pub const BTC_USD: MarketId = MarketId(1);

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Markets: pallet_markets,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
}

parameter_types! {
    /// Markets with open interest.
    pub static Exposed: Vec<MarketId> = Vec::new();
}

impl Exposure for Exposed {
    fn has_positions(market: MarketId) -> bool {
        Self::get().contains(&market)
    }
}

impl pallet_markets::Config for Test {
    type AdminOrigin = EnsureRoot<u64>;
    type Exposure = Exposed;
    type MaxMarkets = ConstU32<4>;
    type MaxCollaterals = ConstU32<4>;
    type WeightInfo = ();
}

pub fn market_params() -> MarketParams {
    MarketParams {
        index_asset: BTC,
        ..bulwark_traits::mock::market_params()
    }
}

pub fn settlement_params() -> CollateralParams {
    CollateralParams {
        deposit_cap: 1_000_000_000_000_000,
        scale_start: 1_000_000_000_000_000,
        ..bulwark_traits::mock::settlement_params()
    }
}

pub fn btc_params() -> CollateralParams {
    CollateralParams {
        tier: Tier::A,
        decimals: 8,
        initial_factor: Rate::percent(90),
        maintenance_factor: Rate::percent(95),
        deposit_cap: 1_000_000_000_000,
        min_deposit: 10_000,
        scale_start: 1_000_000_000_000,
    }
}

pub fn genesis() -> crate::GenesisConfig<Test> {
    crate::GenesisConfig {
        settlement_asset: USDX,
        collaterals: vec![(USDX, settlement_params()), (BTC, btc_params())],
        markets: vec![(BTC_USD, "BTC-USD".into(), market_params())],
        ..Default::default()
    }
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    genesis().assimilate_storage(&mut storage).unwrap();
    let mut ext = sp_io::TestExternalities::from(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}
