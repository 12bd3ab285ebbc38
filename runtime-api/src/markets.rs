//! Parameters of markets and collateral, and what is known of each of them.

use alloc::{string::String, vec::Vec};
use bulwark_primitives::{AssetId, CollateralParams, Correlation, MarketId, MarketParams, Rate};
use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// What a governed number may be and how it changes. Values are as they are stored: `unit` counts
/// them after division by `10^decimals`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ParameterInfo {
    /// Its path in the parameters.
    pub name: String,
    /// What it does.
    pub about: String,
    /// What it counts.
    pub unit: String,
    /// Decimals with which it is stored.
    pub decimals: u8,
    /// Lowest value.
    pub lowest: u128,
    /// Highest value.
    pub highest: u128,
    /// What else has to hold; may be empty.
    pub rule: String,
    /// How far one change may go.
    pub largest_step: StepInfo,
    /// Whether it moves from block to block on its way to a new value.
    pub ramps: bool,
    /// How a change comes into force.
    pub change: String,
}

/// How far one change may go from the value in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum StepInfo {
    /// Within the bounds.
    #[codec(index = 0)]
    Any,
    /// By so much, up or down.
    #[codec(index = 1)]
    By(u128),
    /// To the double or the half.
    #[codec(index = 2)]
    Double,
    /// To the double, or down to any value.
    #[codec(index = 3)]
    DoubleUp,
}

/// Every governed parameter.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ParameterSchema {
    /// Rises when a parameter is added, removed or means something else.
    pub version: u16,
    /// Of a market.
    pub market: Vec<ParameterInfo>,
    /// Of a collateral asset.
    pub collateral: Vec<ParameterInfo>,
    /// Of how changes come into force.
    pub schedule: Vec<ParameterInfo>,
    /// Of the backstop vault.
    pub vault: Vec<ParameterInfo>,
    /// Of cover.
    pub cover: Vec<ParameterInfo>,
    /// Of the limits on outflow.
    pub outflow: Vec<ParameterInfo>,
}

/// A market with its name.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct MarketInfo {
    /// Its id.
    pub market: MarketId,
    /// Its name, ASCII.
    pub symbol: Vec<u8>,
    /// What holds in this block.
    pub params: MarketParams,
}

/// How changes come into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ScheduleInfo {
    /// Blocks that a loosening waits.
    pub wait: u32,
    /// Blocks that a ramp takes.
    pub period: u32,
}

/// How assets move together, and what of margins opposite positions may offset.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CorrelationInfo {
    /// The assets, ascending, with the share of initial margin that may be offset; of maintenance margin
    /// it is half.
    pub assets: Vec<(AssetId, Rate)>,
    /// Their correlation matrix below its diagonal, row by row.
    pub below: Vec<Correlation>,
}

sp_api::decl_runtime_apis! {
    /// The registry of markets and collateral.
    pub trait MarketsApi {
        /// Every governed parameter with unit, bounds, largest step and how it changes.
        fn parameters() -> ParameterSchema;
        /// How changes that are decided now come into force.
        fn schedule() -> ScheduleInfo;
        /// Every market with what holds in this block, by id.
        fn markets() -> Vec<MarketInfo>;
        /// Every collateral asset with what holds in this block, by id.
        fn collaterals() -> Vec<(AssetId, CollateralParams)>;
        /// What will hold of a market in block `block`, as far as it is decided by now.
        fn market_at(market: MarketId, block: u32) -> Option<MarketParams>;
        /// What will hold of a collateral asset in block `block`, as far as it is decided by now.
        fn collateral_at(asset: AssetId, block: u32) -> Option<CollateralParams>;
        /// The correlation matrix and the offset shares in block `block`, as far as they are decided by now.
        fn correlations_at(block: u32) -> CorrelationInfo;
    }
}
