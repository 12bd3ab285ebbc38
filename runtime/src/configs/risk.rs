//! The risk pallets and how they see each other.

use super::pools::SettlementPools;
use crate::{
    clock::SlotClock, currency::BLW, lanes::LIQUIDATION_PRIORITY, weights, AccountId, Assets,
    Authorship, Backstop, Balances, CircuitBreaker, Insurance, Lending, Liquidation, Margin,
    Markets, OrderBook, PriceOracle, Runtime, RuntimeCall, RuntimeHoldReason, Timestamp,
};
use bulwark_primitives::{AssetId, MarketId, Moment, Price, SubAccountIndex, SLOT_MILLIS};
use bulwark_traits::{AssetUse, Exposure, MarketRegistry, TradingCalls};
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
    pub const BackstopPalletId: PalletId = PalletId(*b"blw/back");
    /// The insurance fund's reserve of native tokens: an account without a key. The fund itself is
    /// in the settlement asset, and there is no market to turn one into the other.
    pub InsuranceReserve: AccountId = PalletId(*b"blw/insr").into_account_truncating();
    /// Step 3 may use three fifths of the block. What does not fit stays due. One account with 64 holdings
    /// and all that its loss may take from others has to fit; the pallet's integrity test says so.
    pub LiquidationStepWeight: Weight =
        <Runtime as frame_system::Config>::BlockWeights::get()
            .max_block
            .saturating_mul(3)
            .saturating_div(5);
    /// What the book may do by itself in a block: stops and what has expired. What does not fit is due
    /// in the next block.
    pub BookStepWeight: Weight =
        <Runtime as frame_system::Config>::BlockWeights::get().max_block.saturating_div(3);
}

impl pallet_oracle::Config for Runtime {
    type OnNewData = ();
    type CombineData = pallet_price_oracle::NoAggregate;
    type Time = Timestamp;
    type OracleKey = AssetId;
    type OracleValue = Price;
    type PalletId = OraclePalletId;
    type Members = pallet_price_oracle::FeedRights<Runtime>;
    type WeightInfo = FeedWeight;
    type MaxHasDispatchedSize = MaxFeeders;
    type MaxFeedValues = MaxAssets;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

/// Weights of the SDK's oracle as this runtime configures it, the look at a feed before it included:
/// measured with as many other feeders as there can be.
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
    type Moves = Markets;
    type AssetUse = MarketUse;
    type MinFeederBond = ConstU128<{ 10_000 * BLW }>;
    type UnbondingPeriod = ConstU64<FEEDER_UNBONDING>;
    type OpenSeats = ConstU32<5>;
    type MaxFeeders = MaxFeeders;
    type MaxAssets = MaxAssets;
    type WeightInfo = weights::told::Told<weights::pallet_price_oracle::WeightInfo<Runtime>>;
}

/// Whether a market has open interest.
#[derive(Debug)]
pub struct MarketExposure;

impl Exposure for MarketExposure {
    fn has_positions(market: MarketId) -> bool {
        let (long, short) = crate::reads::open_interest(market);
        !long.is_zero() || !short.is_zero()
    }
}

impl pallet_markets::Config for Runtime {
    type AdminOrigin = EnsureRoot<AccountId>;
    type Exposure = MarketExposure;
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
    type AdminOrigin = EnsureRoot<AccountId>;
    type CoverDay = ConstU32<DAYS>;
    // Two days longer than any policy: the waiting time, and what is left of the last day.
    type CoverCooldown = ConstU32<{ (pallet_insurance::book::MAX_DAYS + 2) * DAYS }>;
    type WeightInfo = weights::pallet_insurance::WeightInfo<Runtime>;
}

/// Most markets in which the vault has positions at once: what buying and paying its shares costs.
type MaxBackstopMarkets = ConstU32<16>;

impl pallet_backstop::Config for Runtime {
    type Ledger = Margin;
    type Venue = OrderBook;
    type Prices = PriceOracle;
    type Registry = Markets;
    type Guard = CircuitBreaker;
    type OpenLosses = Liquidation;
    type AdminOrigin = EnsureRoot<AccountId>;
    type PalletId = BackstopPalletId;
    type Day = ConstU32<DAYS>;
    type Cooldown = ConstU32<{ 4 * DAYS }>;
    type ClaimWindow = ConstU32<{ 2 * DAYS }>;
    type ChangeInterval = ConstU32<DAYS>;
    type MaxMarkets = MaxBackstopMarkets;
    type WeightInfo = weights::observed::Observed<weights::pallet_backstop::WeightInfo<Runtime>>;
}

/// Longest time between two blocks that is charged interest: a longer gap is an outage.
const MAX_INTEREST_STEP: Moment = 60_000;
/// The interest curve may change once a day.
const CURVE_INTERVAL: Moment = 24 * 3_600_000;

impl pallet_lending::Config for Runtime {
    type Custody = Margin;
    type Debts = Margin;
    type Fund = Insurance;
    type Registry = Markets;
    type Guard = CircuitBreaker;
    type Clock = SlotClock;
    type AdminOrigin = EnsureRoot<AccountId>;
    type MaxStep = ConstU64<MAX_INTEREST_STEP>;
    type ChangeInterval = ConstU64<CURVE_INTERVAL>;
    type MaxMarkets = MaxMarkets;
    type WeightInfo = weights::pallet_lending::WeightInfo<Runtime>;
}

/// Calls that a delegate may make: those of the order book that trade for one sub-account.
#[derive(Debug)]
pub struct OrderCalls;

impl TradingCalls<RuntimeCall> for OrderCalls {
    fn sub_account(call: &RuntimeCall) -> Option<SubAccountIndex> {
        use pallet_order_book::Call;
        // Everything that is not named here is refused: a new call is not delegated by accident.
        match call {
            RuntimeCall::OrderBook(
                Call::place_order { sub_account, .. }
                | Call::amend_order { sub_account, .. }
                | Call::cancel_order { sub_account, .. }
                | Call::cancel_all { sub_account, .. }
                | Call::submit_order { sub_account, .. }
                | Call::cancel_by_client_id { sub_account, .. }
                | Call::place_stop { sub_account, .. }
                | Call::cancel_stop { sub_account, .. }
                | Call::cancel_all_stops { sub_account, .. }
                | Call::heartbeat { sub_account, .. }
                | Call::batch { sub_account, .. },
            ) => Some(*sub_account),
            _ => None,
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn example(sub_account: SubAccountIndex) -> Option<RuntimeCall> {
        Some(RuntimeCall::OrderBook(
            pallet_order_book::Call::cancel_all {
                sub_account,
                market: None,
            },
        ))
    }
}

impl pallet_margin::Config for Runtime {
    type AdminOrigin = EnsureRoot<AccountId>;
    type Assets = Assets;
    type Prices = PriceOracle;
    type Registry = Markets;
    type Guard = CircuitBreaker;
    type Observer = Liquidation;
    type Clock = SlotClock;
    type Impact = OrderBook;
    type Trading = OrderCalls;
    type Fund = Insurance;
    type Cover = Insurance;
    type Pool = Lending;
    type Spot = SettlementPools;
    type PalletId = MarginPalletId;
    type MaxPositions = MaxHoldings;
    type MaxCollateral = MaxHoldings;
    type WeightInfo = weights::observed::Observed<weights::pallet_margin::WeightInfo<Runtime>>;
}

/// What liquidation does for one side of a fill of an auction.
#[derive(Debug)]
pub struct ForcedFillWeight;

impl Get<Weight> for ForcedFillWeight {
    fn get() -> Weight {
        use pallet_liquidation::WeightInfo as _;
        weights::pallet_liquidation::WeightInfo::<Runtime>::forced_fill()
    }
}

impl pallet_order_book::Config for Runtime {
    type Registry = Markets;
    type Guard = CircuitBreaker;
    type Auctions = CircuitBreaker;
    type Forced = Liquidation;
    type ForcedWeight = ForcedFillWeight;
    type Margin = Margin;
    type Trader = Margin;
    type Prices = PriceOracle;
    type Clock = SlotClock;
    type AdminOrigin = EnsureRoot<AccountId>;
    // So many that a batch of 64 orders that may fill is let into a block, by the measured weights.
    type MaxFills = ConstU32<24>;
    type MaxRemovals = ConstU32<24>;
    type MaxOrdersPerAccount = ConstU32<1_000>;
    type FreeActionsPerBlock = ConstU32<256>;
    type MaxStopsPerAccount = ConstU32<32>;
    type PollWeight = BookStepWeight;
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
    type Auctions = CircuitBreaker;
    type Ledger = Margin;
    type Venue = OrderBook;
    type Fund = Insurance;
    type Backstop = Backstop;
    type Author = BlockAuthor;
    type StepWeight = LiquidationStepWeight;
    // So many that a `liquidate` fits into the room that users cannot fill.
    type MaxFillsPerClosing = ConstU32<16>;
    // As many as an account can hold: its positions, a size leg for each, its collateral assets, and
    // its debt. Offset legs are of accounts with half as many positions at most, so they fit too.
    type MaxLegs = ConstU32<97>;
    type LiquidationPriority = ConstU64<LIQUIDATION_PRIORITY>;
    type WeightInfo = weights::pallet_liquidation::WeightInfo<Runtime>;
}
