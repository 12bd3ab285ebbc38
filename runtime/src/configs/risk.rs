//! The risk pallets and how they see each other.

use crate::{
    clock::SlotClock, currency::BLW, lanes::LIQUIDATION_PRIORITY, AccountId, Assets, Authorship,
    Balances, CircuitBreaker, Insurance, Liquidation, Margin, Markets, OrderBook, PriceOracle,
    Runtime, RuntimeHoldReason, Timestamp,
};
use bulwark_primitives::{AssetId, Price};
use bulwark_traits::MarketRegistry;
use polkadot_sdk::{
    frame_support::{
        parameter_types,
        traits::{ConstU128, ConstU32, ConstU64, Get},
        weights::Weight,
        PalletId,
    },
    frame_system::EnsureRoot,
    *,
};

/// Most feeders, and so most values that a snapshot is the median of.
type MaxFeeders = ConstU32<32>;
/// Most markets.
type MaxMarkets = ConstU32<64>;
/// Most assets with a price.
type MaxAssets = ConstU32<64>;
/// Most positions, and most collateral assets, of one sub-account.
type MaxHoldings = ConstU32<32>;

/// The asset that profit is counted in.
#[derive(Debug)]
pub struct SettlementAsset;

impl Get<AssetId> for SettlementAsset {
    fn get() -> AssetId {
        <Markets as MarketRegistry>::settlement_asset()
    }
}

parameter_types! {
    pub const OraclePalletId: PalletId = PalletId(*b"blw/orcl");
    pub const MarginPalletId: PalletId = PalletId(*b"blw/marg");
    /// Step 3 may use half of the block. What does not fit stays due. One account with
    /// 64 holdings and 32 fills has to fit; the pallet's integrity test says so.
    pub LiquidationStepWeight: Weight =
        <Runtime as frame_system::Config>::BlockWeights::get().max_block.saturating_div(2);
}

impl pallet_oracle::Config for Runtime {
    type OnNewData = ();
    type CombineData = pallet_price_oracle::NoAggregate;
    type Time = Timestamp;
    type OracleKey = AssetId;
    type OracleValue = Price;
    type PalletId = OraclePalletId;
    type Members = PriceOracle;
    type WeightInfo = pallet_oracle::weights::SubstrateWeight<Runtime>;
    type MaxHasDispatchedSize = MaxFeeders;
    type MaxFeedValues = MaxAssets;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

impl pallet_price_oracle::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type AdminOrigin = EnsureRoot<AccountId>;
    type Feeds = pallet_price_oracle::OracleFeeds<Runtime>;
    type Submit = pallet_price_oracle::worker::SignedFeed<Runtime>;
    type Clock = SlotClock;
    type Settlement = SettlementAsset;
    type FeederBond = ConstU128<{ 10_000 * BLW }>;
    type MaxFeeders = MaxFeeders;
    type MaxAssets = MaxAssets;
    type WeightInfo = ();
}

impl pallet_markets::Config for Runtime {
    type AdminOrigin = EnsureRoot<AccountId>;
    type MaxMarkets = MaxMarkets;
    type MaxCollaterals = MaxHoldings;
    type WeightInfo = ();
}

impl pallet_circuit_breaker::Config for Runtime {
    type Prices = PriceOracle;
    type Registry = Markets;
    type Clock = SlotClock;
    type AdminOrigin = EnsureRoot<AccountId>;
    type HaltOrigin = EnsureRoot<AccountId>;
    type MaxMarkets = MaxMarkets;
    type WeightInfo = ();
}

impl pallet_insurance::Config for Runtime {
    type Custody = Margin;
    type WeightInfo = ();
}

impl pallet_margin::Config for Runtime {
    type Assets = Assets;
    type Prices = PriceOracle;
    type Registry = Markets;
    type Guard = CircuitBreaker;
    type Observer = Liquidation;
    type Fund = Insurance;
    type PalletId = MarginPalletId;
    type MaxPositions = MaxHoldings;
    type MaxCollateral = MaxHoldings;
    type WeightInfo = ();
}

impl pallet_order_book::Config for Runtime {
    type Registry = Markets;
    type Guard = CircuitBreaker;
    type Margin = Margin;
    #[cfg(feature = "runtime-benchmarks")]
    type Prices = PriceOracle;
    type MaxFills = ConstU32<32>;
    type MaxRemovals = ConstU32<32>;
    type MaxOrdersPerAccount = ConstU32<64>;
    type WeightInfo = ();
}

/// The author of the block, who earns the liquidator's share of what step 3 closes.
#[derive(Debug)]
pub struct BlockAuthor;

impl Get<Option<AccountId>> for BlockAuthor {
    fn get() -> Option<AccountId> {
        Authorship::author()
    }
}

impl pallet_liquidation::Config for Runtime {
    type Prices = PriceOracle;
    type Registry = Markets;
    type Guard = CircuitBreaker;
    type Ledger = Margin;
    type Venue = OrderBook;
    type Fund = Insurance;
    type Author = BlockAuthor;
    type StepWeight = LiquidationStepWeight;
    type MaxFillsPerClosing = ConstU32<32>;
    // As many as an account can hold: its positions and its collateral assets.
    type MaxLegs = ConstU32<64>;
    type LiquidationPriority = ConstU64<LIQUIDATION_PRIORITY>;
    type WeightInfo = ();
}
