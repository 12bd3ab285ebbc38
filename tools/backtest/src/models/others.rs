//! Two simple models: constants, and a weighted mean of squares.

use crate::data::{Asset, WARM_UP};

/// The deepest assets, with 5 % in the static tiers.
const DEEP: [&str; 2] = ["BTC", "ETH"];

/// The same margin always.
pub fn tier(asset: &Asset) -> Vec<f64> {
    let margin = if DEEP.contains(&asset.name.as_str()) {
        0.05
    } else {
        0.1
    };
    vec![margin; asset.hours.len()]
}

/// Standard deviation of the next hour's return: `s^2 = decay * s^2 + (1 - decay) * r^2`, from the
/// mean square of the warm-up on.
pub fn ewma(asset: &Asset, decay: f64) -> Vec<f64> {
    let warm_up = &asset.hours[..WARM_UP.min(asset.hours.len())];
    let squares: f64 = warm_up.iter().map(|hour| hour.log_return.powi(2)).sum();
    let mut variance = squares / warm_up.len().max(1) as f64;
    asset
        .hours
        .iter()
        .map(|hour| {
            let forecast = variance.sqrt();
            variance = decay * variance + (1.0 - decay) * hour.log_return.powi(2);
            forecast
        })
        .collect()
}
