//! The list of benchmarks and their dispatch, for `bulwark-node benchmark`.

use crate::*;
use alloc::{string::String, vec::Vec};
use polkadot_sdk::{
    frame_benchmarking::{define_benchmarks, BenchmarkBatch, BenchmarkConfig, BenchmarkList},
    frame_support::traits::StorageInfo,
    *,
};

define_benchmarks!(
    [pallet_price_oracle, PriceOracle]
    [pallet_markets, Markets]
    [pallet_circuit_breaker, CircuitBreaker]
    [pallet_backstop, Backstop]
    [pallet_insurance, Insurance]
    [pallet_lending, Lending]
    [pallet_margin, Margin]
    [pallet_order_book, OrderBook]
    [pallet_liquidation, Liquidation]
);

/// What can be benchmarked, and the storage it touches.
pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    use frame_benchmarking::BenchmarkList;
    use frame_support::traits::StorageInfoTrait;
    let mut list = Vec::<BenchmarkList>::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

/// Runs one benchmark.
pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    use frame_support::traits::WhitelistedStorageKeys;
    let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    let mut batches = Vec::<BenchmarkBatch>::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}
