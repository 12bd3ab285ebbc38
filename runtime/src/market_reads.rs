//! What `MarketsApi` answers.

use crate::{
    parameters::{COVER, OUTFLOW, VAULT},
    Runtime,
};
use alloc::vec::Vec;
use bulwark_runtime_api::markets::{
    CorrelationInfo, MarketInfo, ParameterInfo, ParameterSchema, ScheduleInfo, StepInfo,
};
use pallet_markets::schema::{Parameter, Step, COLLATERAL, MARKET, SCHEDULE, VERSION};

/// Every governed parameter.
pub fn parameters() -> ParameterSchema {
    ParameterSchema {
        version: VERSION,
        market: infos(MARKET),
        collateral: infos(COLLATERAL),
        schedule: infos(SCHEDULE),
        vault: infos(VAULT),
        cover: infos(COVER),
        outflow: infos(OUTFLOW),
    }
}

fn infos<P>(table: &[Parameter<P>]) -> Vec<ParameterInfo> {
    table.iter().map(info).collect()
}

fn info<P>(parameter: &Parameter<P>) -> ParameterInfo {
    ParameterInfo {
        name: parameter.name.into(),
        about: parameter.about.into(),
        unit: parameter.unit.name().into(),
        decimals: parameter.unit.decimals(),
        lowest: parameter.lowest,
        highest: parameter.highest,
        rule: parameter.rule.into(),
        largest_step: match parameter.step {
            Step::Any => StepInfo::Any,
            Step::By(most) => StepInfo::By(most),
            Step::Double => StepInfo::Double,
            Step::DoubleUp => StepInfo::DoubleUp,
        },
        ramps: parameter.course.ramps(),
        change: parameter.course.describe().into(),
    }
}

/// How changes that are decided now come into force.
pub fn schedule() -> ScheduleInfo {
    let schedule = pallet_markets::RampSchedule::<Runtime>::get();
    ScheduleInfo {
        wait: schedule.wait,
        period: schedule.period,
    }
}

/// The correlation matrix and the offset shares in a block.
pub fn correlations_at(block: u32) -> CorrelationInfo {
    let correlations = crate::Markets::correlations_at(block);
    CorrelationInfo {
        assets: correlations
            .assets
            .iter()
            .map(|one| (one.asset, one.share))
            .collect(),
        below: correlations.below.into_inner(),
    }
}

/// Every market.
pub fn markets() -> Vec<MarketInfo> {
    crate::Markets::list_markets()
        .into_iter()
        .map(|(market, symbol, params)| MarketInfo {
            market,
            symbol: symbol.into_inner(),
            params,
        })
        .collect()
}
