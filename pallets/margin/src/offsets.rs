//! Offsets between an account's opposite positions, by the registry's matrix.

use crate::{types::Account, valuation::Valued, Config, Pallet};
use alloc::vec::Vec;
use bulwark_primitives::{AssetId, Correlation, Factor, Leg, Quantity, Rate, Size, Usd};
use bulwark_risk_math::{
    offset::{
        freed_rate, is_hedged, maintenance_share, mean_correlation, offset, offset_price,
        offset_quantity, OffsetLeg,
    },
    MathError, PositionInput,
};
use bulwark_traits::{Correlations, MarketRegistry};

/// The positions of an account that has opposite ones.
pub(crate) struct Hedge {
    matrix: Correlations,
    are_long: Vec<bool>,
    places: Vec<Option<usize>>,
    shares: Vec<Rate>,
}

impl Hedge {
    /// `None` when nothing can be offset. The matrix is read only when there are opposite positions.
    pub(crate) fn of<T: Config>(positions: &[(Size, AssetId)]) -> Option<Self> {
        let are_long: Vec<bool> = positions.iter().map(|(size, _)| size.is_long()).collect();
        if !is_hedged(&are_long) {
            return None;
        }
        let matrix = T::Registry::correlations();
        if matrix.assets.is_empty() {
            return None;
        }
        let assets = || positions.iter().map(|(_, asset)| *asset);
        Some(Self {
            places: matrix.places(assets()),
            shares: assets().map(|asset| matrix.share_of(asset)).collect(),
            are_long,
            matrix,
        })
    }

    fn correlation(&self, first: usize, second: usize) -> Correlation {
        self.matrix.of_places(&self.places, first, second)
    }

    fn share(&self, place: usize) -> Rate {
        self.shares.get(place).copied().unwrap_or_default()
    }

    fn mean(&self, place: usize) -> Result<Rate, MathError> {
        mean_correlation(&self.are_long, place, |i, j| self.correlation(i, j))
    }

    /// Offset of initial margin: of what no resting order can close, at the lower price.
    fn initial<'a>(
        &self,
        inputs: impl Iterator<Item = &'a PositionInput>,
    ) -> Result<Usd, MathError> {
        let leg = |(place, input): (usize, &PositionInput)| {
            let is_long = input.size.is_long();
            let closing = match is_long {
                true => input.orders.ask_quantity,
                false => input.orders.bid_quantity,
            };
            let rate = input.initial_margin.min(Rate::ONE);
            Ok(OffsetLeg {
                is_long,
                quantity: input
                    .size
                    .quantity()
                    .checked_sub(closing)
                    .unwrap_or_default(),
                per_unit: offset_price(input.range().0, rate, self.share(place))?,
            })
        };
        let legs: Vec<_> = inputs
            .enumerate()
            .map(leg)
            .collect::<Result<_, MathError>>()?;
        offset(&legs, |i, j| self.correlation(i, j))
    }

    /// Offset of maintenance margin, of the integers that are the effective prices of the due queue.
    fn maintenance<'a>(
        &self,
        inputs: impl Iterator<Item = &'a PositionInput>,
    ) -> Result<Usd, MathError> {
        let leg = |(place, input): (usize, &PositionInput)| {
            let share = maintenance_share(self.share(place));
            Ok(OffsetLeg {
                is_long: input.size.is_long(),
                quantity: input.size.quantity(),
                per_unit: offset_price(input.mark, input.maintenance_margin, share)?,
            })
        };
        let legs: Vec<_> = inputs
            .enumerate()
            .map(leg)
            .collect::<Result<_, MathError>>()?;
        offset(&legs, |i, j| self.correlation(i, j))
    }

    /// What of a position's maintenance margin a part of it frees at least when it is closed.
    pub(crate) fn freed(&self, place: usize, rate: Rate) -> Result<Rate, MathError> {
        freed_rate(
            rate,
            maintenance_share(self.share(place)),
            self.mean(place)?,
        )
    }
}

/// The positions that are not empty, as [`Hedge::of`] wants them.
pub(crate) fn open<'a, 'b>(valued: &'b [Valued<'a>]) -> Vec<&'b Valued<'a>> {
    valued.iter().filter(|one| one.input.size.0 != 0).collect()
}

/// The hedge of valued positions.
pub(crate) fn hedge_of<T: Config>(open: &[&Valued<'_>]) -> Option<Hedge> {
    let positions: Vec<_> = open
        .iter()
        .map(|one| (one.input.size, one.index_asset))
        .collect();
    Hedge::of::<T>(&positions)
}

/// Offsets of initial and maintenance margin.
pub(crate) fn offsets_of<T: Config>(valued: &[Valued<'_>]) -> Result<(Usd, Usd), MathError> {
    let open = open(valued);
    let Some(hedge) = hedge_of::<T>(&open) else {
        return Ok((Usd::ZERO, Usd::ZERO));
    };
    let inputs = || open.iter().map(|one| &one.input);
    Ok((hedge.initial(inputs())?, hedge.maintenance(inputs())?))
}

impl<T: Config> Pallet<T> {
    /// The legs of the maintenance offset: one for each position that has a part in it.
    pub(crate) fn legs_of_offset(account: &Account<T>) -> Vec<Leg> {
        // A market that the registry does not know has no health, and so no offset.
        let positions: Vec<_> = account
            .positions
            .iter()
            .filter(|position| position.size.0 != 0)
            .filter_map(|position| {
                let params = T::Registry::market(position.market)?;
                Some((position.size, params.index_asset, position.market))
            })
            .collect();
        let sides: Vec<_> = positions
            .iter()
            .map(|(size, asset, _)| (*size, *asset))
            .collect();
        let Some(hedge) = Hedge::of::<T>(&sides) else {
            return Vec::new();
        };
        positions
            .iter()
            .enumerate()
            .filter(|(place, _)| !maintenance_share(hedge.share(*place)).is_zero())
            .map(|(place, (size, _, market))| Leg {
                factor: Factor::Offset(*market),
                amount: hedge
                    .mean(place)
                    .and_then(|mean| offset_quantity(size.quantity(), mean))
                    // The most there can be, which makes the account due instead of hiding the leg.
                    .unwrap_or(Quantity::MAX),
            })
            .filter(|leg| !leg.amount.is_zero())
            .collect()
    }
}
