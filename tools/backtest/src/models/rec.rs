//! The chain's model: the very functions of `bulwark-risk-math`.

use crate::data::{Asset, Hour, WARM_UP};
use bulwark_primitives::RATE_SCALE;
use bulwark_risk_math::volatility::{rec, HourInput, Rec, RecParams, RecState, VolatilityModel};
use price_replay::utc;

/// Margins of every hour; with or without the tracker.
pub fn margins(asset: &Asset, tracked: bool) -> Result<Vec<f64>, String> {
    let params = RecParams::default();
    let warm_up: Vec<HourInput> = asset.hours.iter().take(WARM_UP).map(|h| h.input).collect();
    let fail = |hour: &Hour, error| format!("{}, {}: {error}", asset.name, utc::format(hour.time));
    let Some(first) = asset.hours.first() else {
        return Ok(Vec::new());
    };
    let mut state: RecState = rec::mean_range(&warm_up, &params)
        .and_then(|range| Rec::start(range, &params))
        .map_err(|error| fail(first, error))?;
    let mut margins = Vec::with_capacity(asset.hours.len());
    for hour in &asset.hours {
        let forecast =
            Rec::forecast(&state, hour.input.hour, &params).map_err(|error| fail(hour, error))?;
        let rate = if tracked {
            forecast.margin_move
        } else {
            forecast.expected_move
        };
        margins.push(rate.0 as f64 / RATE_SCALE as f64);
        state = Rec::update(&state, &hour.input, &params).map_err(|error| fail(hour, error))?;
    }
    Ok(margins)
}
