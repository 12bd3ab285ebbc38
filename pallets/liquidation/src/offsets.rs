//! What closing a part of a position frees, when its account's opposite positions offset its margin.

use crate::Config;
use alloc::vec::Vec;
use bulwark_primitives::{AssetId, MarketParams, Rate, Size};
use bulwark_risk_math::offset::{freed_rate, is_hedged, maintenance_share, mean_correlation};
use bulwark_traits::MarketRegistry;

/// How much of its margin a position may be offset by, at most: what closing it does not free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offset {
    /// The share of its asset.
    share: Rate,
    /// Its mean correlation with the opposite positions; zero without.
    mean: Rate,
}

impl Offset {
    /// The market's parameters with the rates that a closing frees at least. With them a closing closes
    /// enough, and neither its price nor its fee takes more than it frees (invariant 6). Rates that do
    /// not fit are nothing: then the whole position is closed, at mark.
    pub(crate) fn freed(&self, params: MarketParams) -> MarketParams {
        let freed = |rate, share| freed_rate(rate, share, self.mean).unwrap_or_default();
        MarketParams {
            initial_margin: freed(params.initial_margin, self.share),
            maintenance_margin: freed(params.maintenance_margin, maintenance_share(self.share)),
            ..params
        }
    }
}

/// The offsets of some positions of one account: sizes and index assets. The registry is asked only when there
/// are opposite ones.
pub(crate) fn of<T: Config>(positions: &[(Size, AssetId)]) -> Vec<Offset> {
    let are_long: Vec<bool> = positions.iter().map(|(size, _)| size.is_long()).collect();
    if !is_hedged(&are_long) {
        return positions.iter().map(|_| Offset::default()).collect();
    }
    let matrix = T::Registry::correlations();
    let places = matrix.places(positions.iter().map(|(_, asset)| *asset));
    positions
        .iter()
        .enumerate()
        .map(|(place, (_, asset))| {
            let correlation = |i, j| matrix.of_places(&places, i, j);
            Offset {
                share: matrix.share_of(*asset),
                // A mean that cannot be computed is the largest: then a closing is taken to free the least.
                mean: mean_correlation(&are_long, place, correlation).unwrap_or(Rate::ONE),
            }
        })
        .collect()
}
