//! What `OracleApi` answers.

use crate::{AccountId, Balance, PriceOracle, Runtime};
use alloc::vec::Vec;
use bulwark_primitives::AssetId;
use bulwark_runtime_api::{
    ExpectedMoveInfo, FeederInfo, FeederScore, HourInfo, PriceInfo, SlowPriceInfo, TwapInfo,
};
use bulwark_traits::PriceSource;
use pallet_price_oracle::{Registration, Registrations, ScoreSettings, Snapshot};

/// Most feeders that one query answers.
const MAX_FEEDERS: usize = 1_024;

fn info(snapshot: Snapshot) -> PriceInfo {
    PriceInfo {
        price: snapshot.price,
        spread: snapshot.spread,
        feeds: snapshot.feeds,
        at: snapshot.at,
        age: snapshot.age,
        median: snapshot.median,
        bounded: snapshot.bounded,
    }
}

/// Price of an asset in this block.
pub fn price(asset: AssetId) -> Option<PriceInfo> {
    PriceOracle::snapshot(asset).map(info)
}

/// Prices of all listed assets.
pub fn prices() -> Vec<(AssetId, PriceInfo)> {
    PriceOracle::snapshots()
        .into_iter()
        .map(|(asset, snapshot)| (asset, info(snapshot)))
        .collect()
}

/// Time-weighted means of an asset.
pub fn twap(asset: AssetId) -> Option<TwapInfo> {
    PriceOracle::means(asset).map(|means| TwapInfo {
        short: means.short,
        long: means.long,
        at: means.at,
    })
}

/// Slow price of an asset.
pub fn slow_price(asset: AssetId) -> Option<SlowPriceInfo> {
    PriceOracle::means(asset).map(|means| SlowPriceInfo {
        slow: means.slow,
        delayed: means.delayed,
        range: <PriceOracle as PriceSource>::range(asset),
    })
}

/// The running hour of an asset.
pub fn hour_range(asset: AssetId) -> Option<HourInfo> {
    PriceOracle::means(asset).map(|means| HourInfo {
        start: means.hour.start,
        open: means.hour.open,
        high: means.hour.high,
        low: means.hour.low,
        close: means.hour.close,
    })
}

/// How far an asset may go within the hour.
pub fn expected_move(asset: AssetId) -> Option<ExpectedMoveInfo> {
    PriceOracle::expected_move(asset).map(|expected| ExpectedMoveInfo {
        expected_move: expected.forecast.expected_move,
        multiplier: expected.forecast.multiplier,
        margin_move: expected.forecast.margin_move,
        level: expected.forecast.level,
        slow_move: expected.slow,
        hour: expected.hour,
        hours: expected.hours,
    })
}

/// The last snapshots of an asset, newest first.
pub fn history(asset: AssetId, limit: u32) -> Vec<PriceInfo> {
    PriceOracle::history(asset, limit)
        .into_iter()
        .map(info)
        .collect()
}

/// Everybody who registered.
pub fn feeders() -> Vec<FeederInfo<AccountId, Balance>> {
    let window = ScoreSettings::<Runtime>::get().window;
    Registrations::<Runtime>::iter()
        .take(MAX_FEEDERS)
        .map(|(who, registration)| feeder(who, registration, window))
        .collect()
}

fn feeder(
    who: AccountId,
    registration: Registration<AccountId, Balance>,
    window: u8,
) -> FeederInfo<AccountId, Balance> {
    let record = registration.record;
    let (missed, outside) = record.counts(window);
    FeederInfo {
        who,
        hot_key: registration.hot_key,
        bond: registration.bond,
        status: registration.status,
        score: FeederScore {
            rounds: record.rounds.min(window).into(),
            missed,
            outside,
            honest: record.honest.into(),
            offences: record.offences.into(),
        },
    }
}
