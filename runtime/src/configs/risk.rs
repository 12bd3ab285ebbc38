//! The risk pallets and how they see each other.

use crate::{
    clock::SlotClock, currency::BLW, lanes::LIQUIDATION_PRIORITY, weights, AccountId, Assets,
    Authorship, Balances, CircuitBreaker, Insurance, Liquidation, Margin, Markets, OrderBook,
    PriceOracle, Runtime, RuntimeCall, RuntimeHoldReason, Timestamp,
};
use bulwark_primitives::{AssetId, Moment, Price, SLOT_MILLIS};
use bulwark_traits::{AssetUse, MarketRegistry};
use polkadot_sdk::{
    frame_support::{
        parameter_types,
        traits::{tokens::imbalance::ResolveTo, ConstU128, ConstU32, ConstU64, Contains, Get},
        weights::Weight,
        PalletId,
    },
    frame_system::EnsureRoot,
    sp_runtime::traits::AccountIdConversion,
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
    /// The insurance fund's reserve of native tokens: an account without a key. The fund itself is
    /// in the settlement asset, and there is no market yet to turn one into the other.
    pub InsuranceReserve: AccountId = PalletId(*b"blw/insr").into_account_truncating();
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
    type WeightInfo = FeedWeight;
    type MaxHasDispatchedSize = MaxFeeders;
    type MaxFeedValues = MaxAssets;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

/// Weights of the SDK's oracle. Those it ships were measured without other feeders, whose values each
/// feed reads; these are measured with as many as there can be.
#[derive(Debug)]
pub struct FeedWeight;

impl pallet_oracle::WeightInfo for FeedWeight {
    fn feed_values(values: u32) -> Weight {
        <<Runtime as pallet_price_oracle::Config>::WeightInfo as pallet_price_oracle::WeightInfo>::feed_values(values)
    }

    fn on_finalize() -> Weight {
        <Runtime as frame_system::Config>::DbWeight::get().writes(1)
    }
}

/// Keeps feeds out that would store what nobody reads, wherever they are nested; the transaction
/// lanes refuse those that come on their own before they reach a block.
#[derive(Debug)]
pub struct SoundFeeds;

impl Contains<RuntimeCall> for SoundFeeds {
    fn contains(call: &RuntimeCall) -> bool {
        match call {
            RuntimeCall::Oracle(pallet_oracle::Call::feed_values { values }) => {
                PriceOracle::is_sound_feed(values)
            }
            _ => true,
        }
    }
}

/// Whether a market or collateral needs the price of an asset.
#[derive(Debug)]
pub struct MarketUse;

impl AssetUse for MarketUse {
    fn is_used(asset: AssetId) -> bool {
        <Markets as MarketRegistry>::collateral(asset).is_some()
            || <Markets as MarketRegistry>::market_ids()
                .into_iter()
                .filter_map(<Markets as MarketRegistry>::market)
                .any(|params| params.index_asset == asset)
    }
}

/// How long a feeder that left can still be slashed: a week.
const FEEDER_UNBONDING: Moment = 7 * 24 * 3_600_000;

impl pallet_price_oracle::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type AdminOrigin = EnsureRoot<AccountId>;
    type Feeds = pallet_price_oracle::OracleFeeds<Runtime>;
    type Submit = pallet_price_oracle::worker::SignedFeed<Runtime>;
    type Clock = SlotClock;
    type Settlement = SettlementAsset;
    type Slash = ResolveTo<InsuranceReserve, Balances>;
    type Hourly = ();
    type AssetUse = MarketUse;
    type MinFeederBond = ConstU128<{ 10_000 * BLW }>;
    type UnbondingPeriod = ConstU64<FEEDER_UNBONDING>;
    type OpenSeats = ConstU32<5>;
    type MaxFeeders = MaxFeeders;
    type MaxAssets = MaxAssets;
    type WeightInfo = weights::pallet_price_oracle::WeightInfo<Runtime>;
}

impl pallet_markets::Config for Runtime {
    type AdminOrigin = EnsureRoot<AccountId>;
    type MaxMarkets = MaxMarkets;
    type MaxCollaterals = MaxHoldings;
    type WeightInfo = weights::pallet_markets::WeightInfo<Runtime>;
}

impl pallet_circuit_breaker::Config for Runtime {
    type Prices = PriceOracle;
    type Registry = Markets;
    type Clock = SlotClock;
    type AdminOrigin = EnsureRoot<AccountId>;
    type HaltOrigin = EnsureRoot<AccountId>;
    type MaxMarkets = MaxMarkets;
    type WeightInfo = weights::pallet_circuit_breaker::WeightInfo<Runtime>;
}

/// Blocks of a day.
#[allow(clippy::as_conversions)] // 43,200 fits a u32.
const DAYS: u32 = (24 * 3_600_000 / SLOT_MILLIS) as u32;

impl pallet_insurance::Config for Runtime {
    type Custody = Margin;
    type Registry = Markets;
    type Losses = Liquidation;
    type LossWindow = ConstU32<DAYS>;
    type Cooldown = ConstU32<{ 14 * DAYS }>;
    type ClaimWindow = ConstU32<{ 2 * DAYS }>;
    type LossGate = ConstU32<{ DAYS / 24 }>;
    type WeightInfo = weights::pallet_insurance::WeightInfo<Runtime>;
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
    type WeightInfo = weights::observed::Observed<weights::pallet_margin::WeightInfo<Runtime>>;
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
    type WeightInfo = weights::observed::Observed<weights::pallet_order_book::WeightInfo<Runtime>>;
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
    type WeightInfo = weights::pallet_liquidation::WeightInfo<Runtime>;
}
